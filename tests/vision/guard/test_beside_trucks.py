"""People beside trucks are people: nobody is taken for a driver for standing or lying close to a truck."""
from math import pi
from random import Random

import pytest

from tests.vision.guard.test_risk import START, log, moving, plane, told
from vision.guard.records import Frame, Kind, Level, Seen
from vision.guard.risk import Guard
from vision.guard.zones import ZoneKind


def kinds(events: list) -> list[tuple[str, Level]]:  # type: ignore[type-arg]  # events of the rules
    return [(event.kind, event.level) for event in events if event.kind != "collision"]


DOWN = [("person_down", Level.WARNING), ("person_down", Level.CRITICAL)]


@pytest.mark.parametrize(("kind", "y"), [
    (Kind.FORKLIFT, 0.575 + 0.25), (Kind.FORKLIFT, 0.0), (Kind.PALLET_TRUCK, 0.275 + 1.0)])
def test_who_lies_beside_or_under_a_truck_is_told_of(kind: Kind, y: float) -> None:
    """Beside a forklift, under its forks, and where an operator would stand."""
    x = 1.0 if y == 0 else 0.0
    standing, lying = moving(1, kind, 0.0, 0.0, heading=0.0), moving(2, Kind.PERSON_DOWN, x, y)
    assert kinds(told(log([standing, lying], 20))) == DOWN


def test_who_is_struck_and_lies_at_the_forks_is_told_of_as_lying() -> None:
    def truck(t: float) -> Seen:
        return Seen(1, Kind.FORKLIFT, min(-1.4, -8 + 2.0 * t), 0.0, 0.05, 0.0)

    def struck(t: float) -> Seen:
        return Seen(2, Kind.PERSON if t < 3.4 else Kind.PERSON_DOWN, 0.1, 0.1, 0.05)
    assert kinds(told(log([truck, struck], 24))) == DOWN


def test_a_driver_who_climbs_off_and_collapses_beside_the_truck_is_told_of() -> None:
    def truck(t: float) -> Seen:
        return Seen(1, Kind.FORKLIFT, min(0.0, -8 + 2.0 * t), 0.0, 0.05, 0.0)

    def driver(t: float) -> Seen:
        if t < 7:
            return Seen(2, Kind.PERSON, truck(t).x - 0.5, min(0.9, 0.5 * max(0.0, t - 5)), 0.05)
        return Seen(2, Kind.PERSON_DOWN, -0.5, 0.9, 0.05)
    assert kinds(told(log([truck, driver], 25))) == DOWN


@pytest.mark.parametrize("heading", [pi / 2, None])
def test_who_works_beside_a_parked_truck_is_run_over_by_another_and_intrudes_like_anybody(heading: float | None
                                                                                          ) -> None:
    """The truck stands along y, its heading told or not; they stand 0.3 m from its long side."""
    parked = moving(1, Kind.FORKLIFT, 0.0, 0.0, heading=heading)
    beside = moving(2, Kind.PERSON, -0.575 - 0.3, 0.3)
    coming = moving(3, Kind.FORKLIFT, -0.9, -9.0, vy=2.0, heading=pi / 2)
    assert Level.CRITICAL in [event.level for event in told(log([parked, beside, coming], 5))]
    inside = moving(2, Kind.PERSON, 1.0, 1.0)
    there = moving(1, Kind.FORKLIFT, 1.0 + 0.575 + 0.3, 1.0, heading=heading)
    assert ("zone_intrusion", Level.WARNING) in kinds(told(log([there, inside], 3), plane(ZoneKind.DANGER)))


def test_a_parked_truck_that_backs_into_who_stands_behind_it_is_critical() -> None:
    def truck(t: float) -> Seen:
        return Seen(1, Kind.FORKLIFT, -0.5 * max(0.0, t - 4) ** 2, 0.0, 0.05, 0.0)
    behind = moving(2, Kind.PERSON, -1.3 - 0.35, 0.0)
    assert Level.CRITICAL in [event.level for event in told(log([truck, behind], 5))]


def test_a_track_that_leaps_hundreds_of_metres_breaks_nothing() -> None:
    for seed in (49, 97, 166, 16, 128, 174):
        rng, guard = Random(seed), Guard(plane())
        for n in range(80):
            far = rng.choice([0.0, 0.0, 0.0, rng.uniform(-3000, 3000)])
            guard.step(Frame(START + n / 10, (
                Seen(1, Kind.FORKLIFT, 0.1 * n + far, rng.gauss(0, 0.1), 0.02, rng.uniform(-3, 3)),
                Seen(2, Kind.PERSON, 3.0, far, 0.02))))
        assert all(abs(value) < 1e4 for motion in guard.motions.of.values() for value in (motion.x, motion.vx))
