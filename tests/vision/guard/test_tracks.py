from math import hypot
from random import Random

import numpy as np
import pytest

from vision.guard.records import Frame, Kind
from vision.guard.tracks import Sighting, Tracker, foot_covariance, predicted

NOISE = (0.01, 0.0, 0.01)


def sighting(x: float, y: float, kind: Kind = Kind.PERSON, score: float = 0.9) -> Sighting:
    return Sighting(kind, score, x, y, NOISE)


def test_two_who_cross_keep_their_ids_through_noise_misses_and_faint_sightings() -> None:
    rng, tracker = Random(4), Tracker()
    ids: list[tuple[int, str]] = []
    for n in range(80):
        paths = {"a": (-4 + 0.1 * n, 0.35), "b": (4 - 0.1 * n, -0.35)}
        seen = [sighting(x + rng.gauss(0, 0.08), y + rng.gauss(0, 0.08), score=0.3 if rng.random() < 0.3 else 0.9)
                for x, y in paths.values() if rng.random() > 0.15]
        for one in tracker.step(n / 10, seen).objects:
            ids.append((int(one.id), min(paths, key=lambda name: hypot(one.x - paths[name][0], one.y - paths[name][1]))
                        if abs(n - 40) > 8 else ""))
    assert {pair for pair in ids if pair[1]} == {(1, "a"), (2, "b")} or {p for p in ids if p[1]} == {(1, "b"), (2, "a")}


def test_a_faint_sighting_keeps_a_track_but_begins_none() -> None:
    tracker = Tracker()
    assert [len(tracker.step(n / 10, [sighting(0, 0, score=0.3)]).objects) for n in range(5)] == [0] * 5
    frames = [tracker.step(1 + n / 10, [sighting(0, 0, score=0.9 if n < 3 else 0.2)]) for n in range(20)]
    assert [one.id for frame in frames[1:] for one in frame.objects] == [1] * 19


def test_a_single_ghost_is_never_told() -> None:
    tracker = Tracker()
    frames = [tracker.step(n / 10, [sighting(n, 5)] if n == 3 else []) for n in range(10)]
    assert all(frame.objects == () for frame in frames)


def test_the_class_is_voted_and_a_person_does_not_become_a_truck() -> None:
    tracker, frame = Tracker(), Frame(0.0, ())
    for n in range(20):
        kind = Kind.PERSON_DOWN if n in {5, 11} else Kind.PERSON
        frame = tracker.step(n / 10, [sighting(0, 0, kind), sighting(0.1, 0, Kind.FORKLIFT)])
        if n:
            assert {one.kind for one in frame.objects} == {Kind.PERSON, Kind.FORKLIFT}
    for n in range(20, 40):
        frame = tracker.step(n / 10, [sighting(0, 0, Kind.PERSON_DOWN)])
    assert [one.kind for one in frame.objects] == [Kind.PERSON_DOWN]


def test_a_lost_track_is_dropped_and_its_id_is_not_given_again() -> None:
    tracker = Tracker()
    for n in range(5):
        tracker.step(n / 10, [sighting(0, 0)])
    tracker.step(4.0, [])
    tracker.step(4.1, [sighting(0, 0)])
    assert [one.id for one in tracker.step(4.2, [sighting(0, 0)]).objects] == [2]


def test_the_filter_is_the_textbooks_constant_velocity() -> None:
    state, covariance = predicted(np.array([1.0, 2.0, 3.0, -1.0]), np.eye(4), 0.5, 2.0)
    assert state == pytest.approx([2.5, 1.5, 3.0, -1.0])
    assert covariance[0, 0] == pytest.approx(1 + 0.25 + 4 * 0.5 ** 4 / 4)
    assert covariance[0, 2] == pytest.approx(0.5 + 4 * 0.5 ** 3 / 2)
    assert covariance[0, 1] == 0


def test_the_foot_points_covariance_points_along_the_line_of_sight() -> None:
    xx, xy, yy = foot_covariance(10.0, 0.0, 4.0, 900.0, 4.0)
    assert xx ** 0.5 == pytest.approx(0.129, abs=0.001)
    assert xy == pytest.approx(0.0)
    assert yy < xx / 5


def test_time_that_stands_still_is_refused() -> None:
    tracker = Tracker()
    tracker.step(1.0, [])
    with pytest.raises(ValueError, match="not later"):
        tracker.step(1.0, [])
