"""Bodies fitted to outlines and print, on masks drawn from the truth: the geometry alone, without the net."""
from functools import lru_cache

import cv2
import numpy as np
import pytest

from tests.vision.table import Picture, frames, rig
from vision.measure.answer import Tuning
from vision.measure.boxes import colours_of
from vision.measure.camera import Floats, canonical_view
from vision.measure.corners import Seen, cell_view, near_zone
from vision.measure.cuboid import box_points
from vision.measure.edges import Gray
from vision.measure.net import CELL, CHANNELS, NET_PX, TALL_MM
from vision.measure.outline import fit_outline
from vision.measure.shapes import BOX, bag
from vision.measure.soft import measure_bag, measure_tube
from vision.measure.stereo import Face, swell_of
from vision.scene import draw
from vision.scene.mesh import Wear
from vision.scene.table import ParcelModel, TableScene, mounted

ZONE = (700.0, 700.0)


def mask_of(view_name: str, bodies: list[ParcelModel]) -> tuple[Floats, Seen]:
    raw = mounted(rig().camera(view_name))
    view = canonical_view(raw, ZONE, TALL_MM, NET_PX)
    mask = np.zeros((NET_PX[1], NET_PX[0]), np.uint8)
    for body in bodies:
        mask[draw.polygon(mask.shape, view.project(body.points()))] = 255
    cells = np.asarray(cv2.resize(mask, (NET_PX[0] // CELL, NET_PX[1] // CELL), interpolation=cv2.INTER_AREA), float)
    maps = {c: cells / 255 if c == "parcel" else np.zeros_like(cells) for c in CHANNELS}
    return cells / 255, Seen(raw, np.zeros((1080, 1920, 3), np.uint8), cell_view(view), maps)


def seen_of(body: ParcelModel, table: int = 6) -> list[Seen]:
    pictures = frames(TableScene(body, table))
    return [Seen(s.raw, pictures[name], s.cells, s.maps) for name in ("left", "right")
            for _, s in [mask_of(name, [body])]]


@lru_cache(maxsize=8)
def tube(seed: int) -> tuple[ParcelModel, list[Seen]]:
    rng = np.random.default_rng([5, seed])
    thick = float(rng.uniform(60, 130))
    body = ParcelModel(float(rng.uniform(250, 480)), thick, thick, 30, -40, float(rng.uniform(0, 180)), "tube",
                       seed=10 * seed + 6, wear=Wear(seed=seed))
    return body, seen_of(body)


def planes(picture: Picture) -> list[Gray]:
    return [np.asarray(plane, np.float32) for plane in cv2.split(picture)]


def errors(box: Floats, truth: tuple[float, float, float]) -> Floats:
    return np.asarray(np.array([max(box[3:5]), min(box[3:5]), box[5]]) - truth)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_tube_is_measured_to_three_millimetres(seed: int) -> None:
    body, seen = tube(seed)
    found = measure_tube(seen, colours_of(seen), ZONE, Tuning())
    assert found is not None
    assert (found.kind, found.reason) == ("tube", None)
    assert np.abs(errors(found.box, body.truth_mm())).max() < 3.0


def test_one_view_of_a_tube_is_less_sure() -> None:
    body, seen = tube(0)
    both, lone = (measure_tube(s, colours_of(s), ZONE, Tuning()) for s in (seen, seen[:1]))
    assert both is not None
    assert lone is not None
    assert np.all(lone.half_mm >= 1.5 * both.half_mm)
    assert np.abs(errors(lone.box, body.truth_mm())).max() < 15


def test_the_outline_of_a_box_tells_the_box_that_its_corners_tell() -> None:
    body = ParcelModel(340, 250, 210, 10, -20, 25)
    seen = [mask_of(name, [body])[1] for name in ("left", "right")]
    found = fit_outline(seen, BOX)
    assert found is not None
    assert np.abs(errors(found.box(), (340, 250, 210))).max() < 12
    assert found.rms() < 2


def test_the_sides_of_a_bag_come_from_its_outline_and_its_height_only_from_what_is_known() -> None:
    body = ParcelModel(360, 260, 80, 10, -20, 25, "polybag", wear=Wear(seed=3))
    seen = [mask_of(name, [body])[1] for name in ("left", "right")]
    blind, told = fit_outline(seen, bag(None)), fit_outline(seen, bag(80.0))
    assert blind is not None
    assert told is not None
    assert np.abs(errors(told.box(), body.truth_mm())[:2]).max() < 15
    assert told.size_mm()[2] == pytest.approx(80, abs=5)
    assert blind.spread_mm()[2] > 2 * told.spread_mm()[2] or abs(blind.size_mm()[2] - 80) > 5


def test_a_bag_whose_top_cannot_be_seen_is_refused_and_never_guessed() -> None:
    """Blank pictures hold no print: the height rests on habit alone, and that is no answer."""
    body = ParcelModel(360, 260, 80, 10, -20, 25, "polybag", wear=Wear(seed=3))
    seen = [mask_of(name, [body])[1] for name in ("left", "right")]
    found = measure_bag(seen, colours_of(seen), None, ZONE, Tuning())
    assert found is not None
    assert found.reason == "unknown_shape"


def lid_of(box: Floats) -> Face:
    return Face(box_points(box)[4:], np.array([0.0, 0.0, 1.0]))


@pytest.mark.parametrize("bulge", [0.0, 8.0, 14.0])
def test_the_print_on_a_lid_tells_how_far_it_swells(bulge: float) -> None:
    body = ParcelModel(330, 240, 150, 10, -20, 25, seed=16, wear=Wear(bulge_mm=bulge, seed=4))
    pictures = frames(TableScene(body, 6))
    views = [(planes(pictures[name]), mounted(rig().camera(name))) for name in ("left", "right")]
    box = np.array([10, -20, np.radians(25), 330, 240, 150.0])
    swell = swell_of(views, lid_of(box))
    assert swell is not None
    assert swell.rim_mm + swell.dome_mm == pytest.approx(body.truth_mm()[2] - 150, abs=2.0)


def test_a_blank_lid_and_a_lone_view_tell_nothing() -> None:
    view, blank = mounted(rig().camera("left")), planes(np.full((1080, 1920, 3), 90, np.uint8))
    box = np.array([10, -20, np.radians(25), 330, 240, 150.0])
    assert swell_of([(blank, view), (blank, mounted(rig().camera("right")))], lid_of(box)) is None
    assert swell_of([(blank, view)], lid_of(box)) is None


def test_what_stands_behind_the_table_is_no_parcel() -> None:
    """A second thing wholly off the zone is wiped from every map; the parcel on the zone stays."""
    on, off = ParcelModel(300, 200, 150, 0, 0, 20), ParcelModel(200, 150, 100, 0, -640, 0)
    cells, both = mask_of("left", [on, off])
    alone = mask_of("left", [on])[0]
    kept = near_zone({**both.maps, "crowd": cells}, both.cells, ZONE)
    assert cells.sum() > 1.1 * alone.sum()
    assert np.abs(kept["parcel"] - alone).max() < 0.6
    assert kept["parcel"].sum() == pytest.approx(alone.sum(), rel=0.02)
    assert np.array_equal(kept["parcel"], kept["crowd"])
