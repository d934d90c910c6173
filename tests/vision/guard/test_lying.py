"""Who lies: by the height and width of a box over the floor, against cameras whose pose is known, and over time."""
import json
from math import nan

import numpy as np
import pytest

from tests.vision.guard.test_risk import START, log, told
from vision.guard.motion import lies
from vision.guard.records import Kind, Level, RecordError, Seen, frame_line, read_log
from vision.guard.stature import pose, stature
from vision.guard.viewpoint import Viewpoint, homography
from vision.scene.dock.eye import Eye, looking

SIZE = (832, 468)
FLAT = np.array([(-2.0, 4.0), (2.0, 4.0), (3.0, 9.0), (-3.0, 9.0), (0.0, 6.0)])


def hanging(pitch: float, roll: float = 0.0, yaw: float = np.pi / 2) -> Eye:
    return looking(np.array([0.0, 0.15, 4.2]), yaw, pitch, roll, 560.0, 0.0, SIZE)


def surveyed(eye: Eye, mirror: float = 1.0) -> Viewpoint:
    """The viewpoint a surveyor would make of it; mirror -1: with an x that grows to the left."""
    pixels = [eye.pixel(np.array([x, y, 0.0])) for x, y in FLAT]
    told, residual = homography([at for at in pixels if at], [(mirror * x, y) for x, y in FLAT])
    return Viewpoint("dock", "", SIZE, tuple(map(tuple, told)), residual)


@pytest.mark.parametrize("mirror", [1.0, -1.0])
@pytest.mark.parametrize(("pitch", "roll"), [(0.35, 0.0), (0.6, 0.0), (0.75, 0.0), (0.6, 0.03)])
def test_height_and_width_over_the_floor_are_those_of_the_camera_that_was_surveyed(
        pitch: float, roll: float, mirror: float) -> None:
    eye = hanging(pitch, roll)
    at = pose(surveyed(eye, mirror))
    corners = [eye.pixel(np.array(point)) for point in ((-0.8, 6.0, 0.0), (0.8, 6.0, 0.0), (0.0, 6.0, 1.75))]
    (left, _), (right, foot), (_, top) = (corner for corner in corners if corner)
    high, wide = stature(at, (left, top, right, foot), (0.0, 6.0), SIZE) or (nan, nan)
    assert high == pytest.approx(1.75, abs=0.06 if roll else 0.01)
    assert wide == pytest.approx(1.6, abs=0.02)


def test_a_box_that_the_picture_cuts_and_a_camera_without_a_pose_tell_no_stature() -> None:
    at = pose(surveyed(hanging(0.6)))
    assert stature(at, (100, 0.5, 200, 300), (0.0, 6.0), SIZE) is None
    assert stature(at, (100, 200, 200, 467.5), (0.0, 6.0), SIZE) is None
    assert stature(None, (100, 100, 200, 300), (0.0, 6.0), SIZE) is None
    square = homography([(100, 100), (700, 100), (700, 400), (100, 400)], [(0, 3), (6, 3), (6, 0), (0, 0)])[0]
    assert pose(Viewpoint("above", "", SIZE, tuple(map(tuple, square)), 0.03)) is None


@pytest.mark.parametrize(("kind", "high", "wide", "lying"), [
    (Kind.PERSON, 0.7, 1.4, True), (Kind.PERSON, 1.7, 0.7, False), (Kind.PERSON, 1.0, 0.8, False),
    (Kind.PERSON, 1.2, 1.6, False), (Kind.PERSON_DOWN, 0.7, 0.5, True), (Kind.PERSON_DOWN, 1.7, 0.7, False),
    (Kind.PERSON, None, None, False), (Kind.PERSON_DOWN, None, None, True), (Kind.PARCEL, 0.3, 0.6, False)])
def test_low_and_broad_looks_lying_and_upright_does_not_whatever_it_is_called(
        kind: Kind, high: float | None, wide: float | None, lying: bool) -> None:
    assert lies(Seen(1, kind, 0.0, 0.0, 0.05, None, high, wide)) is lying


def person(share: float) -> list[tuple[float, str, Level]]:
    """What is told of a still person of whom that share of the frames, evenly, looks low and broad."""
    def seen(t: float) -> Seen:
        low = round(10 * t) * share % 1 + share >= 1 - 1e-9
        return Seen(4, Kind.PERSON, 1.0, 1.0, 0.05, None, *((0.6, 1.5) if low else (1.7, 0.6)))
    return [(event.t - START, event.kind, event.level) for event in told(log([seen], 30))]


def test_a_low_broad_still_person_is_down_though_the_net_calls_it_a_person() -> None:
    first, second = person(0.8)
    assert first[1:] == ("person_down", Level.WARNING)
    assert second[1:] == ("person_down", Level.CRITICAL)
    assert 5 <= first[0] <= 7
    assert 15 <= second[0] <= 17


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3])
def test_somebody_who_bends_now_and_then_is_not_down(share: float) -> None:
    assert person(share) == []


def test_somebody_walks_falls_and_lies_and_gets_up_again() -> None:
    def falls(t: float) -> Seen:
        x = min(t, 4.0)
        size = (0.5, 1.6) if 4 < t < 20 else (1.7, 0.6)
        return Seen(2, Kind.PERSON, x, 1.0, 0.05, None, *size)
    first, second = told(log([falls], 40))
    assert first.t - START == pytest.approx(9.5, abs=0.5)
    assert (second.level, second.kind) == (Level.CRITICAL, "person_down")


def test_sizes_are_read_from_a_log_and_written_back_and_must_be_numbers() -> None:
    line = '{"t": 1.0, "objects": [{"id": 1, "class": "person", "x": 0, "y": 0, "sigma_m": 0.1, "high_m": 0.6}]}'
    frame, = read_log([line])
    assert frame.objects[0].high_m == 0.6
    assert json.loads(frame_line(frame))["objects"][0] == json.loads(line)["objects"][0]
    with pytest.raises(RecordError, match="object 1 has wide_m"):
        list(read_log([line.replace('"high_m": 0.6', '"wide_m": Infinity')]))
