from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
import pytest

from tests.vision.table import BOX, Picture, frames, measurer
from vision.measure.camera import Floats
from vision.measure.codes import Code, Spot
from vision.measure.corners import Seen
from vision.measure.cuboid import box_points
from vision.measure.lying import Table
from vision.measure.measure import Outcome
from vision.measure.scan import Scanner, Sights
from vision.scene.label import drawn_label
from vision.scene.table import ParcelModel, TableScene

NUMBER = "6890123456785"
LABEL = drawn_label(NUMBER)


@lru_cache(maxsize=1)
def measured() -> Outcome:
    """BOX without a label, measured."""
    return measurer().measure(frames(TableScene(BOX, 0)))


def known() -> Floats:
    box = measured().box
    assert box is not None
    return box


def scanned(seen: Mapping[str, Picture], box: bool = True) -> dict[str, bool]:
    """The numbers read in these frames, each whether it lies on the parcel; with BOX measured before, or nothing."""
    scanner = Scanner(measurer())
    if box:
        scanner.remember(measured())
    return {code.text: code.on_parcel for code in scanner.scan(seen, NUMBER)}


@pytest.mark.parametrize(("height", "yaw"), [(60.0, 20.0), (400.0, 200.0)])
def test_a_label_is_read_on_top_of_the_measured_parcel(height: float, yaw: float) -> None:
    scene = TableScene(ParcelModel(320, 260, height, 20, 30, 15, seed=10, label=drawn_label(NUMBER, yaw_deg=yaw)), 0)
    seen, scanner = frames(scene), Scanner(measurer())
    scanner.remember(measurer().measure(seen))
    assert {code.text: code.on_parcel for code in scanner.scan(seen, NUMBER)} == {NUMBER: True}


def test_a_label_is_read_after_the_parcel_was_moved_and_turned() -> None:
    before = ParcelModel(320, 260, 200, 20, 30, 15, seed=10)
    scanner = Scanner(measurer())
    scanner.remember(measurer().measure(frames(TableScene(before, 0))))
    after = replace(before, x_mm=-90, y_mm=-60, yaw_deg=130, label=drawn_label(NUMBER, yaw_deg=70))
    found = scanner.scan(frames(TableScene(after, 0)), NUMBER)
    assert [(code.text, code.format, code.on_parcel) for code in found] == [(NUMBER, "DataMatrix", True)]


def test_a_label_is_read_without_any_measure_before() -> None:
    scene = TableScene(ParcelModel(320, 260, 120, 0, 0, 60, seed=10, label=LABEL), 0)
    assert scanned(frames(scene), box=False) == {NUMBER: True}


def test_no_label_no_code() -> None:
    assert Scanner(measurer()).scan(frames(TableScene(ParcelModel(320, 260, 120, seed=20), 0)), NUMBER) == []


@pytest.mark.parametrize(("x", "y", "box"), [(-250.0, -150.0, True), (230.0, -200.0, False)])
def test_a_label_that_lies_beside_the_parcel_is_read_and_does_not_count(x: float, y: float, box: bool) -> None:
    beside = ParcelModel(LABEL.width_mm, LABEL.height_mm, 0.5, x, y, seed=3, label=LABEL)
    assert scanned(frames(TableScene(BOX, 0, second=beside)), box) == {NUMBER: False}


def sights() -> Mapping[str, Seen]:
    seen = measured().seen
    assert seen is not None
    return seen


def spots(middle: Floats, cameras: tuple[str, ...] = ("left", "right")) -> list[Spot]:
    """A level code of 40 mm about that point (3,) mm, where these cameras have it."""
    corners = middle + np.array([[-20, 20, 0], [20, 20, 0], [20, -20, 0], [-20, -20, 0.0]])
    return [Spot(Code(NUMBER, "DataMatrix", name), sights()[name].raw.project(corners)) for name in cameras]


def counts(found: list[Spot], box: Floats | None) -> bool:
    return all(code.on_parcel for code in Table(sights(), box).judged(found))


@pytest.mark.parametrize("box", [True, False])
def test_two_cameras_tell_a_code_on_the_parcel_from_one_that_is_held_over_it_or_lies_under_it(box: bool) -> None:
    top = box_points(known())[4:].mean(axis=0)
    given = known() if box else None
    assert counts(spots(top), given)
    assert counts(spots(top + np.array([0, 0, 15.0])), given)  # it curls
    assert not counts(spots(top + np.array([0, 0, 120.0])), known())
    assert not counts(spots(np.array([10.0, -20.0, 0.0])), given)
    assert not counts(spots(np.array([0.0, -280.0, 0.0])), given)


def test_a_parcel_that_was_measured_and_is_not_there_any_more_proves_nothing() -> None:
    away = known() + np.array([250.0, 0, 0, 0, 0, 0])
    assert not Table(sights(), away).holds()
    assert not counts(spots(box_points(away)[4:].mean(axis=0)), away)
    assert Table(sights(), known()).holds()


def held_before_the_left_camera() -> dict[str, Picture]:
    """BOX without a label, and a code that the left picture alone shows before its top."""
    seen = {name: picture.copy() for name, picture in frames(TableScene(BOX, 0)).items()}
    width, height = LABEL.gray.shape[::-1]
    corners = box_points(known())[[7, 6, 5, 4]] * 0.6 + box_points(known())[4:].mean(axis=0) * 0.4
    there = Sights(measurer(), seen).views["left"].project(corners).astype(np.float32)
    to = cv2.getPerspectiveTransform(np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32), there)
    size = seen["left"].shape[1::-1]
    paper = cv2.warpPerspective(LABEL.gray, to, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full_like(LABEL.gray, 255), to, size)
    seen["left"][mask > 127] = paper[mask > 127, None]
    return seen


def test_a_code_that_one_camera_reads_where_the_other_sees_none_does_not_count() -> None:
    seen = held_before_the_left_camera()
    assert scanned(seen) == {NUMBER: False}
    del seen["right"]  # a lost camera: the outline is all that can be asked
    assert scanned(seen) == {NUMBER: True}
