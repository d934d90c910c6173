"""Feet are scored on the floor as the guard knows it: a plane through nine measured points, the lens's bend left in."""
import numpy as np
import pytest

from vision.guard.detect import Detection
from vision.guard.records import Kind
from vision.scene.dock.eye import Eye, looking
from vision.scene.dock.photo import Shot, Truth
from vision.training.guard.evaluate import foot_errors, surveyed
from vision.training.guard.score import Seen

PLACE = (1.0, 6.0)


def eye(k1: float, pitch: float = 0.6) -> Eye:
    return looking(np.array([0.0, 0.15, 3.5]), np.pi / 2, pitch, 0.0, 500.0, k1, (640, 360))


def error(there: Eye, aside_px: float) -> float:
    foot = there.pixel(np.array([*PLACE, 0.0]))
    assert foot is not None
    box = (foot[0] - 20, foot[1] - 100, foot[0] + 20, foot[1])
    one = Truth(Kind.PERSON, box, foot, None, PLACE, 0.0, False)
    told = Detection(Kind.PERSON, 0.9, box, (foot[0] + aside_px, foot[1]))
    shot = Shot(np.zeros((360, 640, 3), np.uint8), (one,), there, np.full((360, 640), -1, np.int16))
    (row,) = foot_errors([shot], [Seen([one], [told])])
    assert row.px == pytest.approx(aside_px)
    return row.m


def test_without_bend_the_plane_is_exact_and_a_foot_that_is_off_is_off_in_metres() -> None:
    assert error(eye(0.0), 0.0) < 1e-6
    assert error(eye(0.0), 10.0) == pytest.approx(0.14, abs=0.02)


def test_the_bend_of_a_lens_counts_as_an_error_of_place() -> None:
    assert 0.01 < error(eye(-0.1), 0.0) < 0.5


def test_a_camera_that_sees_too_little_floor_has_no_plane_and_no_rows() -> None:
    assert surveyed(eye(0.0)) is not None
    assert surveyed(eye(0.0, pitch=-0.5)) is None
