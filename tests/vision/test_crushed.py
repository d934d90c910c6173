"""Crushed cartons, and boxes that are not alone."""
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pytest

from tests.vision.table import BOX, Picture, frames, measurer, rig
from vision.measure.boxes import colours_of
from vision.measure.camera import Floats
from vision.measure.corners import Seen
from vision.measure.crushed import begin, blend_of, frames_of, habits, loosened, missed, slopes, strays
from vision.measure.cuboid import Sight, box_points, together
from vision.measure.gap import crowded, difference, stands_out
from vision.measure.solver import _linear
from vision.scene.mesh import Sheet, Wear
from vision.scene.table import ParcelModel, TableScene, mounted
from vision.training.cycles.shapes import Body, sheets, smallest_box, surface

SIDES = {"top": "top", "front": "side0", "right": "side1", "back": "side2", "left": "side3"}


@dataclass(frozen=True)
class Carton(ParcelModel):
    """The path-traced sets' carton, drawn by the rasteriser."""

    body: Body | None = None

    def flat(self) -> bool:
        return False

    def sheets(self) -> list[Sheet]:
        assert self.body is not None
        return [Sheet(each.points, SIDES[each.name]) for each in sheets(self.body) if each.name in SIDES]


def carton(seed: int, crush_mm: float) -> Carton:
    """A carton of 360 x 260 x 200 mm each of whose corners strays by crush_mm, its sides dented."""
    body = Body("box", (360, 260, 200), (10, -20), 25, seed, "tune", "woven", "card", crush_mm=crush_mm)
    return Carton(360, 260, 200, 10, -20, 25, seed=seed * 10 + 6, wear=Wear(), body=body)


def box_vector() -> Floats:
    return np.array([10.0, -20.0, np.radians(25), 360.0, 260.0, 200.0])


@pytest.mark.parametrize(("seed", "crush_mm"), [(1, 3.0), (5, 4.0)])
def test_a_crushed_carton_is_measured_by_the_box_around_it(seed: int, crush_mm: float) -> None:
    parcel = carton(seed, crush_mm)
    answer = measurer().measure(frames(TableScene(parcel, 8))).answer
    truth = smallest_box(surface(parcel.body))  # type: ignore[arg-type]  # this carton has one
    assert answer.kind == "box"
    assert answer.uncertainty_mm is not None
    off = np.abs(np.array([answer.length_mm, answer.width_mm, answer.height_mm], float) - truth)
    assert off.max() < 5, (truth, answer)
    assert np.all(off < answer.uncertainty_mm)


def test_slopes_by_rule_are_those_by_trial() -> None:
    view = mounted(rig().camera("left"))
    rng, share = np.random.default_rng(5), np.array([0.2, 0.5, 0.7])
    sights = [Sight(view, blend_of(edge, share), rng.uniform(500, 900, (3, 2)), np.tile([0.6, 0.8], (3, 1)), np.ones(3))
              for edge in ((4, 5), (0, 4), (7, 4))]
    vector = begin(box_vector()) + rng.normal(0, 2, 66)
    mean, sigma = habits(4.0)
    few = together(sights)
    left, slope = slopes(vector, few, mean, sigma)
    tried_left, tried = _linear(vector, partial(strays, sights=few, mean=mean, sigma=sigma), np.full(66, 1.0))
    assert left == pytest.approx(tried_left)
    assert slope == pytest.approx(tried, rel=1e-3, abs=2e-3)


def test_a_box_that_nothing_happened_to_stays_itself() -> None:
    assert frames_of(box_vector())[:8] == pytest.approx(box_points(box_vector()))


def test_loosened_a_whole_box_keeps_its_corners() -> None:
    outcome = measurer().measure(frames(TableScene(BOX, 0)))
    assert outcome.box is not None
    assert outcome.seen is not None
    seen = list(outcome.seen.values())
    found = loosened(seen, colours_of(seen), outcome.box)
    assert found.sound()
    seen_twice = np.abs(found.corners() - box_points(outcome.box))[4:]
    assert seen_twice.max() < 1.0


def pair(gap_mm: float) -> TableScene:
    """Two boxes of one height and depth in a line, that far apart."""
    one = ParcelModel(200, 160, 120, -100 - gap_mm / 2, 0, 0, seed=18)
    return TableScene(one, 8, second=replace(one, length_mm=180.0, x_mm=90 + gap_mm / 2, seed=27))


@pytest.mark.parametrize("gap_mm", [18.0, 60.0, 120.0])
def test_two_boxes_in_a_line_are_not_one(gap_mm: float) -> None:
    assert measurer().measure(frames(pair(gap_mm))).answer.reason == "two_objects"


def test_a_thing_beside_the_box_is_not_left_out() -> None:
    box = ParcelModel(400, 300, 200, 0, 0, 0, seed=56)
    scene = TableScene(box, 67, second=ParcelModel(120, 120, 120, 262, 0, 0, seed=97))
    assert measurer().measure(frames(scene)).answer.reason == "two_objects"


def test_print_and_shade_are_no_gap_but_a_strip_that_differs_is() -> None:
    rng = np.random.default_rng(3)
    lid = rng.uniform(60, 200, (80, 120, 3)).astype(np.float32)
    torn = lid.copy()
    torn[:, 50:60] = 20
    for other, gap in ((lid * np.float32(0.7), False), (torn, True)):
        unlike = difference(lid, other)
        assert any(stands_out(np.quantile(unlike, 0.2, axis=axis)) for axis in (0, 1)) is gap


def test_what_the_net_sees_beside_a_box_in_one_view_alone_must_be_larger() -> None:
    outcome = measurer().measure(frames(TableScene(BOX, 0)))
    assert outcome.seen is not None
    assert outcome.box is not None
    views, zone = list(outcome.seen.values()), measurer().rig.zone_mm
    for cells, other in (((0, 0), False), ((16, 0), False), ((0, 25), False), ((16, 4), True), ((36, 0), True)):
        seen = [spotted(view, count) for view, count in zip(views, cells, strict=True)]
        assert crowded(seen, zone, outcome.box) is other


def spotted(seen: Seen, cells: int) -> Seen:
    """The view with so many cells of parcel at the front corner of the zone."""
    x, y = np.round(seen.cells.project(np.array([[230.0, 230.0, 0.0]]))[0]).astype(int)
    mask, wide = seen.maps["parcel"].copy(), max(1, round(cells ** 0.5))
    rows, columns = np.divmod(np.arange(cells), wide)
    mask[y + rows - wide // 2, x + columns - wide // 2] = 0.95
    return replace(seen, maps=seen.maps | {"parcel": mask})


def lone(scene: TableScene, camera: str) -> dict[str, Picture]:
    return {camera: frames(scene)[camera]}


@pytest.mark.parametrize("camera", ["left", "right"])
def test_one_camera_alone_calls_no_tube_a_size(camera: str) -> None:
    tube = ParcelModel(400, 90, 90, 0, 0, 30, kind="tube", seed=16)
    assert not measurer().measure(lone(TableScene(tube, 8), camera)).answer.answered


def test_where_the_net_sees_no_corner_every_one_is_missed() -> None:
    outcome = measurer().measure(frames(TableScene(BOX, 0)))
    assert outcome.seen is not None
    assert outcome.box is not None
    for seen in outcome.seen.values():
        blind = replace(seen, maps={name: np.zeros_like(heat) for name, heat in seen.maps.items()})
        assert missed(seen, outcome.box, frames_of(outcome.box)) == 0
        assert missed(blind, outcome.box, frames_of(outcome.box)) == 7


def test_one_view_alone_calls_only_much_another_thing() -> None:
    outcome = measurer().measure(frames(TableScene(BOX, 0)))
    assert outcome.seen is not None
    assert outcome.box is not None
    view = next(iter(outcome.seen.values()))
    assert [crowded([spotted(view, cells)], measurer().rig.zone_mm, outcome.box) for cells in (16, 36)] == [False, True]
