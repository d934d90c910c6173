"""The adapter on answers written by hand: each output format, the letterbox, and what it refuses."""
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from vision.guard.detect import FOOT_RISE, Detector, cells, checked, letterboxed, overlaps
from vision.guard.place import sightings
from vision.guard.records import Kind
from vision.guard.viewpoint import Viewpoint, homography
from vision.model import Line, Model, ModelError, read_line

NET = (416, 256)
WIDE = np.zeros((720, 1280, 3), np.uint8)
"""1280 x 720 lies in the net's picture at 0.325, from row 11 on."""


@dataclass
class Answering:
    """A session that gives one answer to everything and keeps what it was shown."""
    answer: npt.NDArray[np.float32]
    shown: npt.NDArray[np.float32] | None = None

    def get_inputs(self) -> list["Answering"]:
        return [self]

    name = "picture"

    def run(self, _: None, feed: dict[str, npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        self.shown = feed["picture"]
        return [self.answer]


def line(output: str, classes: tuple[str, ...] = tuple(Kind), shape: tuple[int, ...] = (1, 3, 256, 416)) -> Line:
    return Line("guard_fp32", "guard_fp32.onnx", "", shape, classes, "AGPL-3.0-or-later", output)


def detector(output: str, answer: npt.NDArray[np.float32]) -> Detector:
    return Detector(Model(line(output), Answering(answer)))


def own(rows: dict[int, tuple[list[float], Kind, float]]) -> npt.NDArray[np.float32]:
    """An answer of format `own` with (points in strides, kind, logit) at some cells."""
    answer = np.full((1, 14, len(cells(NET)[0])), -9.0, np.float32)
    for cell, (points, kind, logit) in rows.items():
        answer[0, :8, cell] = points
        answer[0, 8 + list(Kind).index(kind), cell] = logit
    return answer


def test_own_boxes_feet_and_noses_come_back_in_picture_pixels() -> None:
    cell = 52 * 10 + 20  # row 10, column 20 of stride 8: centre 164, 84
    found = detector("own", own({cell: ([1, 2, 3, 4, 0.5, 3.5, -2, 3], Kind.FORKLIFT, 2.0)})).detect(WIDE)
    assert [one.kind for one in found] == [Kind.FORKLIFT]
    assert found[0].score == pytest.approx(1 / (1 + np.exp(-2.0)))
    net = np.array([[164 - 8, 84 - 16], [164 + 24, 84 + 32], [164 + 4, 84 + 28], [164 - 16, 84 + 24]], float)
    said = np.array([found[0].box[:2], found[0].box[2:], found[0].foot, found[0].nose])
    assert said == pytest.approx((net - (0, 11)) / 0.325, abs=1e-3)


def test_own_cells_of_every_stride_lie_where_the_net_puts_them() -> None:
    first16, first32 = 52 * 32, 52 * 32 + 26 * 16
    for cell, stride in ((0, 8), (first16, 16), (first32, 32)):
        box = detector("own", own({cell + 1: ([0.5, 0.25, 0.5, 0.5, 0, 0, 0, 0], Kind.PERSON, 3)})).detect(
            np.zeros((256, 416, 3), np.uint8))[0].box
        assert box == pytest.approx((stride, 0.25 * stride, 2 * stride, stride))


def test_a_person_has_no_nose_and_a_box_ends_with_the_picture() -> None:
    found = detector("own", own({3: ([9, 9, 1, 1, 0, 0, 1, 1], Kind.PERSON, 1.0)})).detect(WIDE)
    assert found[0].nose is None
    assert found[0].box[:2] == (0.0, 0.0)


def test_yolo_boxes_are_centres_and_sizes_and_get_a_foot_by_rule() -> None:
    answer = np.zeros((1, 10, 5), np.float32)
    answer[0, :4, 2] = 208, 128, 26, 65
    answer[0, 4, 2] = 0.75
    found = detector("yolo", answer).detect(WIDE)
    assert [(one.kind, one.score) for one in found] == [(Kind.PERSON, 0.75)]
    assert found[0].box == pytest.approx((600, 260, 680, 460))
    assert found[0].foot == pytest.approx((640, 460 - FOOT_RISE[Kind.PERSON] * 200))
    assert found[0].nose is None


def test_end_to_end_rows_are_corners_score_and_class() -> None:
    rows = np.zeros((1, 300, 6), np.float32)
    rows[0, 7] = 195, 95.5, 221, 160.5, 0.6, 2
    rows[0, 8] = 195, 95.5, 221, 160.5, 0.05, 3
    found = detector("yolo-end2end", rows).detect(WIDE)
    assert [(one.kind, round(one.score, 3)) for one in found] == [(Kind.FORKLIFT, 0.6)]
    assert found[0].box == pytest.approx((600, 260, 680, 460))


def test_one_place_holds_one_person_but_a_driver_stays_in_his_truck() -> None:
    same = [4.0, 4, 4, 4, 0, 0, 0, 0]
    found = detector("own", own({5000 % 1664: (same, Kind.PERSON, 2.0), 5000 % 1664 + 1: (same, Kind.PERSON_DOWN, 1.0),
                                 900: (same, Kind.FORKLIFT, 1.5), 901: (same, Kind.PALLET_TRUCK, 1.9),
                                 902: (same, Kind.PERSON, 0.5)})).detect(WIDE)
    assert [one.kind for one in found] == [Kind.PERSON, Kind.PALLET_TRUCK, Kind.PERSON]


def test_what_scores_less_than_the_least_is_not_told() -> None:
    row = [1.0, 1, 1, 1, 0, 0, 0, 0]
    answer = own({800: (row, Kind.PARCEL, -2.1), 100: (row, Kind.PARCEL, -2.3)})
    assert [one.score for one in detector("own", answer).detect(WIDE)] == [pytest.approx(0.109, abs=1e-3)]
    assert detector("own", own({})).detect(WIDE) == []


@pytest.mark.parametrize(("size", "scale", "left", "top"), [
    ((1280, 720), 0.325, 0, 11), ((640, 480), 256 / 480, 37, 0), ((416, 256), 1.0, 0, 0), ((40, 20), 10.4, 0, 24)])
def test_a_picture_of_any_size_lies_whole_in_the_letterbox(
        size: tuple[int, int], scale: float, left: int, top: int) -> None:
    canvas, box = letterboxed(np.full((size[1], size[0], 3), 200, np.uint8), NET)
    assert box.scale == pytest.approx(scale)
    assert (box.left, box.top) == (left, top)
    bright = np.argwhere(canvas[..., 0] == 200)
    corners = box.back(np.array([bright.min(axis=0)[::-1], bright.max(axis=0)[::-1] + 1], float))
    assert corners == pytest.approx(np.array([[0, 0], size]), abs=0.6 / scale)
    assert (canvas[..., 0] != 200).sum() == (canvas == 114).all(axis=2).sum()


@pytest.mark.parametrize(("output", "order"), [("own", [1.0, 0.0, 0.0]), ("yolo", [0.0, 0.0, 1.0])])
def test_the_net_is_shown_the_picture_between_0_and_1_in_its_order_of_colours(output: str, order: list[float]) -> None:
    session = Answering(own({}) if output == "own" else np.zeros((1, 10, 5), np.float32))
    blue = np.zeros((256, 416, 3), np.uint8)
    blue[..., 0] = 255
    Detector(Model(line(output), session)).detect(blue)
    assert session.shown is not None
    assert session.shown.shape == (1, 3, 256, 416)
    assert session.shown.max(axis=(0, 2, 3)).tolist() == order


@pytest.mark.parametrize(("wrong", "says"), [
    (line("yolo-v5"), "format 'yolo-v5'"), (line("own", ("person", "cat")), "tells of person, cat"),
    (line("own", shape=(1, 3, 250, 416)), "in 32s"), (line("own", shape=(1, 416)), "in 32s")])
def test_a_net_the_guard_cannot_read_is_refused(wrong: Line, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        checked(Model(wrong, None))


def test_the_manifest_may_name_a_format(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.toml"
    manifest.write_text('[[models]]\nname = "a"\nfile = "a.onnx"\nsha256 = "0"\ninput = [1]\nclasses = []\n'
                        'licence = "x"\nformat = "own"\n')
    assert read_line(manifest, "a").format == "own"


def test_overlap_is_intersection_over_union() -> None:
    box = np.array([0.0, 0, 2, 2])
    assert overlaps(box, np.array([[0, 0, 2, 2], [1, 0, 3, 2], [5, 5, 6, 6]])) == pytest.approx([1, 1 / 3, 0])


def test_detections_become_sightings_in_metres() -> None:
    matrix, _ = homography([(0, 720), (1280, 720), (1000, 200), (280, 200)], [(0, 0), (8, 0), (8, 12), (0, 12)])
    view = Viewpoint("dock", "", (1280, 720), tuple(tuple(float(v) for v in row) for row in matrix), 0.03)
    foot = view.pixel((4, 5))
    assert foot is not None
    off = (np.array(foot) * 0.325 + (0, 11) - (212, 132)) / 8
    found = detector("own", own({52 * 16 + 26: ([5, 5, 5, 5, *off, 0, 0], Kind.FORKLIFT, 2),
                                 3: ([1, 1, 1, 1, 0, -40, 0, 0], Kind.PERSON, 2)})).detect(WIDE)
    assert len(found) == 2
    seen = sightings(found, view)
    assert [one.kind for one in seen] == [Kind.FORKLIFT]  # the other foot is above the horizon
    assert (seen[0].x, seen[0].y) == pytest.approx((4, 5), abs=1e-3)
    assert seen[0].covariance[0] > 0.03 ** 2
    assert seen[0].heading_rad is None
