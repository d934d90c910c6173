from pathlib import Path

import numpy as np
import pytest

from tests.vision.table import rig
from vision.measure.camera import Floats
from vision.measure.net import CHANNELS, KINDS
from vision.scene import mesh
from vision.scene.mesh import Sheet, Wear
from vision.scene.table import ParcelModel, TableScene, mounted, render
from vision.training import store
from vision.training.recipe import Sample, sample

KIND_NAMES = ("box", "tube", "polybag", "irregular")


def bodies() -> list[ParcelModel]:
    return [ParcelModel(320, 210, 140, 20, -30, 40, kind, seed=10, wear=Wear(12, 8, 5, 0.5, seed))
            for kind in KIND_NAMES for seed in range(4)]


def inward(sheet: Sheet, middle: Floats) -> int:
    """Triangles of a sheet that turn their outer side to the middle of the body."""
    p = sheet.points
    corners = [(p[:-1, :-1], p[:-1, 1:], p[1:, 1:]), (p[:-1, :-1], p[1:, 1:], p[1:, :-1])]
    found = 0
    for a, b, c in corners:
        normal, outward = np.cross(c - a, b - a), (a + b + c) / 3 - middle
        found += int(((normal * outward).sum(axis=-1) < -1.0).sum())
    return found


@pytest.mark.parametrize("shape", [mesh._bucket, mesh._wedge, mesh._lump])
def test_odd_things_turn_their_skin_outward(shape: object) -> None:
    assert callable(shape)
    sheets = [Sheet(s.points * 100, s.name) for s in shape(np.random.default_rng(3))]
    every = np.vstack([s.points.reshape(-1, 3) for s in sheets])
    assert sum(inward(s, (every.min(axis=0) + every.max(axis=0)) / 2) for s in sheets) == 0


@pytest.mark.parametrize("kind", ["box", "tube"])
def test_boxes_and_tubes_turn_their_skin_outward(kind: str) -> None:
    body = ParcelModel(320, 120, 120, kind=kind, wear=Wear(8, 0, 4, 0, 1))
    assert sum(inward(s, np.array([0, 0, 60.0])) for s in body.sheets()) == 0


def test_every_body_fills_its_box_and_stands_on_the_table() -> None:
    for body in bodies():
        length, width, height = body.truth_mm()
        least = body.points()[:, 2].min()
        assert 0 <= least <= 1.0
        if body.kind != "box":
            assert length * width < 320 * 210 * 1.01
            assert height == pytest.approx(140)
        if body.kind == "tube":
            assert (length, width, height) == pytest.approx((320, 210, 140), rel=0.01)


def test_a_carton_that_bulges_is_larger_and_one_without_wear_is_exact() -> None:
    bulged = ParcelModel(320, 210, 140, wear=Wear(bulge_mm=12)).truth_mm()
    assert all(2 < more - plain <= 24 for more, plain in zip(bulged, (320, 210, 140), strict=True))
    assert ParcelModel(210, 320, 140, yaw_deg=30).truth_mm() == (320, 210, 140)


def test_each_face_bulges_by_its_own_share() -> None:
    lid_only = ParcelModel(320, 210, 140, wear=Wear(bulge_mm=12, shares=(1, 0, 0, 0, 0))).truth_mm()
    assert lid_only == pytest.approx((320, 210, 152), abs=0.6)
    one_side = ParcelModel(320, 210, 140, wear=Wear(bulge_mm=12, shares=(0, 0, 1, 0, 0))).truth_mm()
    assert one_side == pytest.approx((332, 210, 140), abs=0.6)


def test_a_carton_out_of_square_stands_on_its_base() -> None:
    around = np.array([ParcelModel(320, 210, 140, wear=Wear(skew_mm=2.0, seed=seed)).truth_mm() for seed in range(40)])
    assert np.all(np.abs(around - (320, 210, 140)).max(axis=0) < 12)
    assert np.all(around.mean(axis=0) > (321, 211, 141))
    points = ParcelModel(320, 210, 140, wear=Wear(skew_mm=2.0)).points()
    assert (points[:, 2] < 1e-9).sum() >= 40


def test_curved_sheets_end_where_flat_faces_end() -> None:
    """A box drawn as sheets differs from the same box drawn as flat faces by no ring of pixels around it."""
    view = mounted(rig().camera("left"))
    seen = []
    for wear in (None, Wear()):
        body = ParcelModel(320, 210, 140, 20, -30, 40, seed=12, wear=wear)
        seen.append(render(TableScene(body, 0), rig(), "left", view).astype(int))
    apart = np.abs(seen[0] - seen[1]).max(axis=2)
    outline = view.project(ParcelModel(320, 210, 140, 20, -30, 40).corners())
    outside = np.ones(apart.shape, dtype=np.bool_)
    low, high = outline.min(axis=0).astype(int) - 1, outline.max(axis=0).astype(int) + 2
    outside[low[1]:high[1], low[0]:high[0]] = False
    assert (apart[outside] > 40).sum() == 0
    top = view.project(np.array([[x, y, 140.0] for x in (-60, 60) for y in (-60, 60)])).astype(int)
    assert all(apart[y, x] <= 60 for x, y in top)


def test_samples_are_the_same_every_time_and_name_their_kind() -> None:
    one, again = sample(7), sample(7)
    assert np.array_equal(one.picture, again.picture)
    assert np.array_equal(one.targets, again.targets)
    found = set()
    for number in range(60):
        targets = dict(zip(CHANNELS, sample(number).targets, strict=True))
        kinds = [kind for kind in KINDS if (targets[kind] > 127).any()]
        found.update(kinds)
        whole = targets["parcel"] > 200
        assert all(whole[targets[kind] > 200].all() for kind in kinds)
        if (targets["crowd"] > 127).any():
            found.add("crowd")
            assert np.array_equal(targets["crowd"], targets["parcel"])
    assert found == {*KINDS, "crowd"}


def test_stored_blocks_come_back_and_a_half_written_one_is_not_seen(tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BLOCK", 3)

    def numbered(number: int) -> Sample:
        return Sample(np.full((4, 6, 3), number, np.uint8), np.full((2, 1, 1), number, np.uint8))

    store.fill(tmp_path, 0, 2, numbered)
    store.write_block(tmp_path, 2, numbered)
    (tmp_path / "00002.targets.npy").unlink()
    shelf = store.Shelf(tmp_path)
    assert shelf.look_again() == 6
    taken = shelf.take(np.random.default_rng(1), 40)
    assert {int(picture[0, 0, 0]) for picture, _ in taken} == set(range(6))
    assert all(int(picture[0, 0, 0]) == int(targets[0, 0, 0]) for picture, targets in taken)
    store.fill(tmp_path, 0, 3, numbered)
    assert shelf.look_again() == 9
