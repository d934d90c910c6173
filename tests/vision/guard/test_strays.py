"""Whom the rules take for real: what a detector makes up, who is carried, who leads a pallet truck from the start."""
import numpy as np
import pytest

from tests.vision.guard.test_risk import START, log, moving, told, truck
from vision.guard.records import Frame, Kind, Level, Seen


def between(since: float, until: float, x: float, y: float, vx: float = 0.0, vy: float = 0.0) -> list[Frame]:
    """A truck at 2 m/s along x, and somebody who is only seen between two moments."""
    walker = moving(7, Kind.PERSON, x, y, vx, vy)
    return log([truck(-9, 2.0), lambda t: walker(t) if since <= t < until else None], until)


def test_somebody_who_appears_in_the_open_and_stands_is_waited_for_and_then_warned_of() -> None:
    assert told(between(2.0, 2.75, 0.5, 0.0)) == []
    first = next(event for event in told(between(2.0, 4.0, 0.5, 0.0)) if event.level >= Level.WARNING)
    assert first.t - START == pytest.approx(2.9, abs=0.15)


def test_somebody_who_walks_in_is_warned_of_sooner() -> None:
    first = next(event for event in told(between(2.0, 4.0, 0.5, -4.0, vy=1.2)) if event.level >= Level.WARNING)
    assert first.t - START <= 2.75


def test_a_driver_whom_the_tracker_loses_to_a_ghost_is_still_no_victim() -> None:
    def driver(t: float) -> Seen:
        return Seen(2 if t < 2 else 3, Kind.PERSON, -9.5 + 2.0 * t, 0.1, 0.05)

    def ghost(t: float) -> Seen | None:
        return Seen(3, Kind.PERSON, -4.0, 0.0, 0.1) if 0.8 < t < 2.0 else None
    assert told(log([truck(-9, 2.0), driver, ghost], 6)) == []


@pytest.mark.parametrize("seed", range(4))
def test_an_operator_who_comes_in_with_a_pallet_truck_is_its_own_though_no_speed_is_known_yet(seed: int) -> None:
    rng = np.random.default_rng(seed)

    def shaky(number: int, kind: Kind, x: float, sigma: float) -> list[Seen]:
        off = rng.normal(0, sigma, (60, 2))
        return [Seen(number, kind, x + 0.12 * n + dx, dy, sigma) for n, (dx, dy) in enumerate(off.tolist())]
    pallet, operator = shaky(1, Kind.PALLET_TRUCK, 0.0, 0.3), shaky(2, Kind.PERSON, -1.3, 0.21)
    assert told([Frame(START + n / 10, pair) for n, pair in enumerate(zip(pallet, operator, strict=True))]) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_truck_that_stands_beside_somebody_for_minutes_does_not_seem_to_start(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frames = [Frame(START + n / 10, (
        Seen(1, Kind.FORKLIFT, rng.normal(0, 0.15), rng.normal(0, 0.15), 0.15),
        Seen(2, Kind.PERSON, rng.normal(0, 0.1), 1.3 + rng.normal(0, 0.1), 0.1))) for n in range(900)]
    assert [event for event in told(frames) if event.level >= Level.WARNING] == []


def test_ghosts_that_follow_one_another_are_nobody_and_who_walks_in_and_blinks_is_somebody() -> None:
    """Seen thrice, gone for half a second, seen thrice again a step further: in the way of a truck."""
    def twice(t: float) -> Seen | None:
        ghost = 0.5 < t < 0.85 or 1.4 < t < 1.75
        return Seen(2 if t < 1 else 3, Kind.PERSON, 0.0, 0.2 * t, 0.1) if ghost else None

    def walker(t: float) -> Seen | None:
        return None if round(t * 10) % 3 == 0 else Seen(2, Kind.PERSON, 0.0, -2.4 + 1.2 * t, 0.05)
    assert [event for event in told(log([truck(-5.5, 2.0), twice], 1.9)) if event.level >= Level.WARNING] == []
    assert [event for event in told(log([truck(-5.5, 2.0), walker], 1.9)) if event.level >= Level.WARNING] != []
