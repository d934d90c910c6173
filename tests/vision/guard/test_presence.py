"""Rules that watch places, under what trackers and detectors really do: errors, other ids, missed frames."""
import random

import pytest

from tests.vision.guard.test_risk import START, Path, log, moving, plane, told
from vision.guard.records import Event, Frame, Kind, Level, Seen
from vision.guard.zones import ZoneKind


def heard(events: list[Event]) -> list[tuple[float, str]]:
    return [(round(event.t - START, 1), event.level.name) for event in events]


def every(second: int, path: Path) -> Path:
    """Seen in every so manieth frame at ten a second alone."""
    return lambda t: None if round(10 * t) % second else path(t)


@pytest.mark.parametrize("speed", [0.1, 0.15, 0.19])
def test_who_lies_and_crawls_a_little_is_down(speed: float) -> None:
    events = told(log([moving(2, Kind.PERSON_DOWN, 0.0, 0.0, vx=speed)], 30))
    assert heard(events) == [(5.2, "WARNING"), (15.2, "CRITICAL")]


@pytest.mark.parametrize("speed", [0.3, 0.4])
def test_who_moves_on_faster_than_that_is_not_but_stays_so_once_down(speed: float) -> None:
    assert told(log([moving(2, Kind.PERSON_DOWN, 0.0, 0.0, vx=speed)], 30)) == []
    lies_then_creeps = log([lambda t: Seen(2, Kind.PERSON_DOWN, max(0.0, 0.3 * (t - 8)), 0.0, 0.05)], 20)
    assert heard(told(lies_then_creeps)) == [(5.2, "WARNING"), (15.2, "CRITICAL")]


@pytest.mark.parametrize("seed", range(4))
def test_one_who_lies_is_told_once_a_level_however_badly_the_place_is_known(seed: int) -> None:
    errors = random.Random(seed)

    def wandering(t: float) -> Seen | None:
        x, y, missed = errors.gauss(0, 0.4), errors.gauss(0, 0.4), errors.random() < 0.2
        return None if missed else Seen(2, Kind.PERSON_DOWN, x, y, 0.4)
    (first, warning), (second, critical) = heard(told(log([wandering], 40)))
    assert (warning, critical) == ("WARNING", "CRITICAL")
    assert 5 <= first <= 9
    assert 15 <= second <= 20


def test_one_whom_the_tracker_follows_twice_is_one_and_two_who_lie_apart_are_two() -> None:
    def pair(apart: float) -> list[Path]:
        return [moving(2, Kind.PERSON_DOWN, 0.0, 0.0), moving(3, Kind.PERSON_DOWN, apart, 0.0)]
    assert [event.level for event in told(log(pair(0.35), 20))] == [Level.WARNING, Level.CRITICAL]
    assert [event.ids for event in told(log(pair(2.0), 20))] == [(2,), (3,), (2,), (3,)]


def test_an_id_is_no_place() -> None:
    """A lying person at (1, 1), told of; then somebody else's id 1 goes on as another: nobody is told of anew."""
    walker = log([moving(5, Kind.PERSON_DOWN, 1.0, 1.0),
                  lambda t: Seen(1 if t < 10 else 9, Kind.PERSON, 8.0, 8.0, 0.05)], 30)
    assert heard(told(walker)) == [(5.2, "WARNING"), (15.2, "CRITICAL")]


def forks(x: float, heading: float | None) -> list[Frame]:
    return log([moving(1, Kind.FORKLIFT, x, 1.5, heading=heading)], 70, fps=2)


def test_forks_in_an_exit_block_it_and_a_tail_towards_it_does_not() -> None:
    floor = plane(ZoneKind.EXIT)
    event, = told(forks(-1.0, 0.0), floor)
    assert (event.kind, event.ids, event.zone) == ("exit_blocked", (1,), "square")
    assert told(forks(-1.4, 0.0), floor) == []
    assert told(forks(-1.0, 1.57), floor) == []


def test_a_truck_tells_by_its_way_where_its_forks_are() -> None:
    driven = log([lambda t: Seen(1, Kind.FORKLIFT, min(-1.0, -9 + t), 1.5, 0.05)], 80, fps=5)
    assert [event.kind for event in told(driven, plane(ZoneKind.EXIT))] == ["exit_blocked"]


def test_what_is_pushed_about_in_an_exit_blocks_it_and_trucks_that_pass_through_do_not() -> None:
    floor = plane(ZoneKind.EXIT)
    nudged = log([lambda t: Seen(2, Kind.ROLL_CAGE, 1.0 + 1.5 * (t // 20 % 2), 1.0, 0.05)], 75, fps=5)
    event, = told(nudged, floor)
    assert event.t - START == pytest.approx(61, abs=5)
    passing = log([lambda t: Seen(int(t // 5), Kind.FORKLIFT, -6.0 + 2 * (t % 5), 1.5, 0.05, 0.0)], 90, fps=5)
    assert told(passing, floor) == []


@pytest.mark.parametrize("second", [2, 4])
def test_somebody_in_a_zone_is_told_though_most_frames_miss_them(second: int) -> None:
    event, = told(log([every(second, moving(2, Kind.PERSON, 1.0, 1.0))], 10), plane(ZoneKind.DANGER))
    assert event.kind == "zone_intrusion"
    assert event.t - START <= 1.2


def test_a_ghost_of_a_few_frames_is_no_intruder_for_as_long_as_it_is_remembered() -> None:
    def ghost(t: float) -> Seen | None:
        return Seen(2, Kind.PERSON, 1.0, 1.0, 0.05) if t < 0.45 else None
    assert told(log([ghost], 5), plane(ZoneKind.DANGER)) == []


def test_a_truck_that_speeds_is_told_though_every_second_frame_misses_it() -> None:
    fast = every(2, moving(1, Kind.FORKLIFT, -9, 0, 3.0, heading=0.0))
    assert [event.kind for event in told(log([fast], 5), plane(limit=2.2))] == ["speeding"]


@pytest.mark.parametrize("gap", [0.0, 1.0, 4.0])
def test_an_owner_under_another_id_still_tends_the_parcel_until_they_leave(gap: float) -> None:
    def owner(leaves: float) -> Path:
        def path(t: float) -> Seen | None:
            away = max(0.0, t - leaves)
            return None if 20 <= t < 20 + gap else Seen(3 if t < 20 else 9, Kind.PERSON, 6.5 + away, 6.0, 0.05)
        return path
    parcel = moving(2, Kind.PARCEL, 6.0, 6.0)
    assert told(log([parcel, owner(999)], 160, fps=2)) == []
    event, = told(log([parcel, owner(30)], 160, fps=2))
    assert (event.kind, event.ids) == ("object_abandoned", (2,))
    assert event.t - START == pytest.approx(151.5, abs=1.5)
