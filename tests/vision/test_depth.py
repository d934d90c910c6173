import os
import struct
import time
import zlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.measure.depth import DepthError, seen_from_above
from vision.measure.depthfile import Overhead, check_depths, read_depths
from vision.measure.pictures import PictureError
from vision.measure.rig import DepthCamera
from vision.scene.depth import render_depth
from vision.scene.mesh import Wear
from vision.scene.table import ParcelModel, TableScene

ZONE = (700.0, 700.0)
ABOVE = DepthCamera("above", "file:x.png", (320, 240), (280.0, 280.0, 159.5, 119.5), (np.pi, 0.0, 0.0), (0, 0, 1400.0))


@pytest.mark.parametrize(("kind", "size", "most_mm"), [
    ("box", (320, 210, 140), 8), ("tube", (380, 90, 90), 8), ("irregular", (260, 200, 150), 15)])
def test_what_stands_out_is_boxed(kind: str, size: tuple[int, int, int], most_mm: float) -> None:
    for seed in range(2):
        parcel = ParcelModel(*size, 40 * seed - 40, 30, 35 + 20 * seed, kind, wear=Wear(seed=seed))
        found = seen_from_above(render_depth(TableScene(parcel, seed), ABOVE, bias_mm=4.0), ABOVE, ZONE)
        assert found is not None
        assert found.things == 1
        sides = sorted(found.box[3:5], reverse=True)
        assert np.abs(np.array([*sides, found.height_mm]) - parcel.truth_mm()).max() < most_mm


def test_a_bag_has_the_height_that_two_cameras_cannot_see() -> None:
    for seed in range(4):
        parcel = ParcelModel(330, 240, 60, 20, 10, 30, "polybag", wear=Wear(seed=seed))
        found = seen_from_above(render_depth(TableScene(parcel, seed), ABOVE), ABOVE, ZONE)
        assert found is not None
        assert found.height_mm == pytest.approx(60, abs=8)


def test_nothing_and_two_things_are_told_apart() -> None:
    one, other = ParcelModel(200, 150, 90, -200, 100), ParcelModel(180, 120, 60, 150, -100)
    assert seen_from_above(render_depth(TableScene(None, 1), ABOVE), ABOVE, ZONE) is None
    both = seen_from_above(render_depth(TableScene(one, 1, second=other), ABOVE), ABOVE, ZONE)
    assert both is not None
    assert both.things == 2


def test_a_camera_that_was_knocked_or_sees_no_table_is_refused() -> None:
    depths = render_depth(TableScene(ParcelModel(200, 150, 90), 1), ABOVE)
    knocked = replace(ABOVE, turn_rad=(np.pi - 0.05, 0.0, 0.0))
    with pytest.raises(DepthError, match="moved"):
        seen_from_above(depths, knocked, ZONE)
    with pytest.raises(DepthError, match="too little of the table"):
        seen_from_above(np.zeros_like(depths), ABOVE, ZONE)


def test_depth_files_come_back_in_millimetres_and_old_ones_count_as_none(tmp_path: Path) -> None:
    depths = np.round(render_depth(TableScene(ParcelModel(200, 150, 90), 1), ABOVE))
    assert cv2.imwrite(str(tmp_path / "a.png"), depths.astype(np.uint16))
    np.save(tmp_path / "a.npy", depths)
    for name in ("a.png", "a.npy"):
        assert np.array_equal(read_depths(tmp_path / name, ABOVE), depths)
    live = replace(ABOVE, source=f"file:{tmp_path / 'a.png'}")
    found = Overhead(live).newest()
    assert found is not None
    assert np.array_equal(found, depths)
    assert Overhead(replace(live, source=f"file:{tmp_path / 'gone.png'}")).newest() is None
    assert Overhead(None).newest() is None
    assert Overhead(None).state() is None


def test_a_depth_camera_that_gives_nothing_that_serves_is_told_and_why(tmp_path: Path) -> None:
    depths = np.round(render_depth(TableScene(ParcelModel(200, 150, 90), 1), ABOVE)).astype(np.uint16)
    path = tmp_path / "a.png"
    above = Overhead(replace(ABOVE, source=f"file:{path}"))

    def told() -> tuple[str, str]:
        state = above.state() or {}
        assert state["name"] == "above"
        return state["state"], state["why"]

    assert told()[0] == "lost"
    assert cv2.imwrite(str(path), depths)
    assert told() == ("ok", "")
    above.measured(DepthError("It was moved."))
    assert told() == ("moved", "It was moved.")
    above.measured(None)
    os.utime(path, (time.time() - 5,) * 2)
    assert told() == ("lost", "The depth camera above gives no new picture; check its cable and its driver.")
    assert cv2.imwrite(str(path), depths[:100])
    assert told() == ("misfit", "The depth camera above writes no picture of 320 x 240 depths in mm.")
    path.write_bytes(path.read_bytes()[:500])
    assert above.newest() is None
    assert told()[0] == "misfit"


def zeros(shape: tuple[int, int]) -> bytes:
    """A 16-bit grey PNG of that size, black."""
    width, height = shape
    head = struct.pack(">IIBBBBB", width, height, 16, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts)


def test_a_depth_file_that_claims_to_be_huge_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(zeros((30_000, 30_000)))
    with (tmp_path / "a.npy").open("wb") as file:
        head = {"descr": "<f4", "fortran_order": False, "shape": (300_000, 300_000)}
        np.lib.format.write_array_header_1_0(file, head)
    for name, side in (("a.png", 30_000), ("a.npy", 300_000)):
        for check in (check_depths, read_depths):
            with pytest.raises(PictureError, match=f"has {side} x {side} pixels"):
                check(tmp_path / name, ABOVE)


def test_a_depth_file_that_ends_early_is_one_sentence(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((240, 320), np.float32))
    (tmp_path / "a.npy").write_bytes((tmp_path / "a.npy").read_bytes()[:-100])
    with pytest.raises(PictureError, match="no array of depths"):
        read_depths(tmp_path / "a.npy", ABOVE)
    with pytest.raises(PictureError, match="is no file"):
        read_depths(tmp_path, ABOVE)


@pytest.mark.parametrize(("name", "body", "says"), [
    ("a.png", b"", "no 16-bit grey PNG"), ("a.png", b"\x89PNG\r\n", "no 16-bit grey PNG"),
    ("a.npy", b"no array", "no array of depths"), ("b.png", None, "does not exist")])
def test_a_bad_depth_file_is_one_sentence(tmp_path: Path, name: str, body: bytes | None, says: str) -> None:
    if body is not None:
        (tmp_path / name).write_bytes(body)
    with pytest.raises(PictureError) as caught:
        read_depths(tmp_path / name, ABOVE)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_depth_file_of_another_size_or_kind_is_one_sentence(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((3, 4), np.float32))
    np.save(tmp_path / "b.npy", np.zeros((3, 4), np.complex64))
    with pytest.raises(PictureError, match=r"4 x 3 pixels, the depth camera in the rig 320 x 240"):
        read_depths(tmp_path / "a.npy", ABOVE)
    with pytest.raises(PictureError, match="no array of depths"):
        read_depths(tmp_path / "b.npy", ABOVE)
