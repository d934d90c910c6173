"""Each of two views by itself: a parcel that moved between their frames is told by its turn."""
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from tests.benchmarks.measuring.drawn import drawn
from tests.vision.table import BOX, box_frames, frames, measurer, rig
from vision.measure.alone import turn_mm, turned
from vision.measure.boxes import colours_of
from vision.measure.corners import Seen
from vision.scene.table import TableScene


@lru_cache(maxsize=2)
def seen(degrees: float) -> tuple[Seen, Seen]:
    """BOX by the left camera, and by the right one after it turned by so much."""
    after = frames(TableScene(replace(BOX, yaw_deg=BOX.yaw_deg + degrees), 0)) if degrees else box_frames()
    found = measurer().measure({"left": box_frames()["left"], "right": after["right"]}).seen
    assert found is not None
    return found["left"], found["right"]


def test_a_quarter_turn_is_none_and_the_rest_counts_at_the_corners() -> None:
    box = np.array([10.0, -20, 0.4, 400, 300, 200])
    assert turn_mm(box, box) == 0
    assert turn_mm(box, box + np.array([0, 0, np.pi / 2, 0, 0, 0])) == pytest.approx(0, abs=1e-9)
    for degrees in (1.0, -1.0, 89.0, 181.0):
        assert turn_mm(box, box + np.array([5, 5, np.radians(degrees), 0, 0, 0])) == pytest.approx(np.radians(1) * 250)


@pytest.mark.parametrize(("degrees", "told"), [(0.0, False), (1.5, True)])
def test_a_box_that_turned_between_the_frames_is_told(degrees: float, told: bool) -> None:
    views = seen(degrees)
    assert turned(views, colours_of(views)) is told


def test_one_view_cannot_contradict_itself() -> None:
    views = seen(1.5)[:1]
    assert not turned(views, colours_of(views))


def test_what_is_no_box_by_itself_has_no_say() -> None:
    left, right = seen(1.5)
    blank = replace(right, picture=np.full_like(right.picture, 90))
    assert not turned((left, blank), colours_of((left, blank)))


def test_a_box_that_moved_between_the_frames_is_refused_though_one_fit_bears_both() -> None:
    """8 mm and 1.6 degrees: edges of both frames lie near one box that is 10 mm too wide."""
    scene = drawn(25, rig()).scene
    assert scene.parcel is not None
    moved = replace(scene.parcel, x_mm=scene.parcel.x_mm + 7.1, y_mm=scene.parcel.y_mm - 3.7,
                    yaw_deg=scene.parcel.yaw_deg - 1.64)  # fmt: skip
    left, right = frames(scene)["left"], frames(replace(scene, parcel=moved))["right"]
    assert measurer().measure({"left": left, "right": right}).answer.reason == "disagreement"
