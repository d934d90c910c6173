"""From pixels to events: what is painted on the floor is tracked, judged and told, by the rules the simulator tries."""
from collections.abc import Callable
from math import pi
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.vision.guard.painted import Painted, Picture, backdrop, floor, paint
from vision.guard.eye import Clock, Eye, Sight
from vision.guard.floor import FloorError
from vision.guard.gate import Gate
from vision.guard.health import Fault
from vision.guard.lens import Lens, load_reference, save_reference
from vision.guard.picture import reference
from vision.guard.records import Kind, Level

GROUND = backdrop()
UTC = 1_780_000_000.0


def watch(eye: Eye, seconds: float, picture: Callable[[float], Picture], start: float = 0.0
          ) -> list[tuple[float, Sight]]:
    """Ten frames a second from that moment; `picture` is called with the seconds since."""
    return [(start + n / 10, eye.see(picture(n / 10), start + n / 10, UTC + start + n / 10, start + n / 10))
            for n in range(round(seconds * 10))]


def quiet(n: float) -> Picture:
    return paint(floor(), [], GROUND, round(n * 10))


def meeting(s: float) -> Picture:
    """A truck comes down the middle at 1.5 m/s, somebody walks across 1.4 m/s; they meet after three seconds."""
    return paint(floor(), [(Kind.FORKLIFT, (3.0, 8.5 - 1.5 * s)), (Kind.PERSON, (3.0 - 1.4 * (3 - s), 3.6))], GROUND,
                 round(s * 10))


def test_a_truck_and_a_person_who_will_meet_are_warned_of_ahead() -> None:
    eye = Eye(floor(), Painted(), 0.0)
    events = [(t, event) for t, sight in watch(eye, 3.0, meeting) for event in sight.events if
              event.kind == "collision"]
    assert events
    first = next(t for t, event in events if event.level >= Level.WARNING)
    assert first < 2.0
    assert set(events[0][1].classes) == {"forklift", "person"}
    assert eye.standing() >= Level.WARNING


def test_somebody_who_lies_is_told_after_five_seconds() -> None:
    def fallen(s: float) -> Picture:
        return paint(floor(), [(Kind.PERSON_DOWN, (2.0, 6.0))], GROUND, round(s * 10))

    told = [(t, event) for t, sight in watch(Eye(floor(), Painted(), 0.0), 7.0, fallen) for event in sight.events]
    assert [event.kind for _, event in told if event.kind != "zone_intrusion"] == ["person_down"]
    assert next(t for t, event in told if event.kind == "person_down") == pytest.approx(5.2, abs=0.5)


def test_a_camera_of_another_size_is_refused_in_one_sentence() -> None:
    small = np.asarray(cv2.resize(GROUND, (320, 180)), np.uint8)
    with pytest.raises(FloorError, match="is 320 x 180 pixels but"):
        Eye(floor(), Painted(), 0.0).see(small, 0.0, UTC, 0.0)
    eye = Eye(floor(), Painted(), 0.0)
    watch(eye, 1.0, quiet)
    with pytest.raises(FloorError, match="is 320 x 180 pixels but"):
        eye.see(small, 1.0, UTC + 1.0, 1.0)
    assert watch(eye, 1.0, meeting, 1.1)[-1][1].detections


def test_a_covered_lens_is_told_and_nothing_is_detected_in_it() -> None:
    eye = Eye(floor(), Painted(), 0.0)
    watch(eye, 4.0, quiet)
    seen = watch(eye, 5.0, lambda s: np.full_like(GROUND, 30 + round(s * 10) % 2), 4.0)
    assert [event.kind for _, sight in seen for event in sight.events] == ["camera_covered"]
    assert not seen[-1][1].looked
    assert eye.standing() is Level.WARNING


def test_a_lost_camera_is_told_by_the_clock_alone() -> None:
    eye = Eye(floor(), Painted(), 0.0)
    watch(eye, 1.0, quiet)
    told = [eye.miss(1.0 + n / 10, UTC + 1 + n / 10) for n in range(40)]
    assert [event.kind for sight in told for event in sight.events] == ["camera_lost"]


def test_an_empty_floor_is_looked_at_twice_a_second_and_a_stir_wakes_at_once() -> None:
    eye = Eye(floor(), Painted(), 0.0)
    seen = watch(eye, 36.0, quiet)
    late = [sight.looked for t, sight in seen if t >= 32]
    assert 7 <= sum(late) <= 9
    assert all(sight.looked for t, sight in seen if t < 30)
    woken = watch(eye, 1.0, meeting, 36.0)
    assert all(sight.looked for _, sight in woken)


def test_the_gate_counts_from_the_last_person() -> None:
    gate = Gate()
    looks = 0
    for n in range(600):
        t = n / 10
        if gate.due(t, stirred=False):
            looks += 1
            gate.looked(t, occupied=t < 10)
    assert looks == pytest.approx(400 + 20 * 2, abs=3)


def test_a_reference_is_learned_without_whoever_walks_through_and_survives_the_disk(tmp_path: Path) -> None:
    lens, alone = Lens(10.0, 0.0), Lens(10.0, 0.0)
    for n in range(40):
        walker = paint(floor(), [(Kind.PERSON, (0.5 + n / 8, 5.0))], GROUND, n)
        lens.see(walker, n / 10, n / 10)
        alone.see(quiet(n / 10), n / 10, n / 10)
    assert lens.learned
    assert lens.reference is not None
    assert alone.reference is not None
    with_walker = np.mean(lens.reference.edges != alone.reference.edges)
    assert with_walker < np.mean(reference(walker).edges != reference(quiet(3.9)).edges)
    path = tmp_path / "dock.npz"
    save_reference(path, lens.reference)
    kept = load_reference(path)
    assert kept is not None
    assert np.array_equal(kept.edges, lens.reference.edges)
    assert load_reference(path.with_name("none.npz")) is None
    path.write_bytes(b"no archive")
    assert load_reference(path) is None


def test_a_camera_turned_away_while_nobody_watched_is_told_at_the_next_start() -> None:
    eye = Eye(floor(), Painted(), 0.0, reference=reference(GROUND))
    other = backdrop(7)
    seen = watch(eye, 5.0, lambda s: paint(floor(), [], other, round(s * 10)))
    assert [event.kind for _, sight in seen for event in sight.events] == [Fault.MOVED.value]


def test_the_clock_only_rises_and_says_when_it_was_set() -> None:
    clock = Clock(1000.0)
    assert clock.utc(5.0) == 1005.0
    assert not clock.jumped(10.0, 1012.0)
    assert clock.jumped(10.0, 1010.0 + 3600)
    assert clock.jumped(10.0, 1010.0 - pi * 100)
