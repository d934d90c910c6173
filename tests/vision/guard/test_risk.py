"""The rules on hand-written track logs; Thursday 2026-01-01 09:00 in Seoul is the log's zero."""
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from math import cos, pi, sin
from zoneinfo import ZoneInfo

import pytest

from vision.guard.alarms import Alarm
from vision.guard.collision import Threat
from vision.guard.latch import Release
from vision.guard.records import Event, Frame, Kind, Level, Seen
from vision.guard.risk import Guard, record, replay
from vision.guard.thresholds import Thresholds
from vision.guard.zones import Plane, Zone, ZoneKind, parse_period

START = 1_767_225_600.0
SQUARE = ((0.0, 0.0), (4.0, 0.0), (4.0, 3.0), (0.0, 3.0))
Path = Callable[[float], Seen | None]


def plane(kind: ZoneKind | None = None, hours: str | None = None, limit: float | None = None) -> Plane:
    active = () if hours is None else (parse_period(hours),)
    zones = () if kind is None else (Zone("square", kind, SQUARE, active),)
    return Plane(zones, ZoneInfo("Asia/Seoul"), limit)


def moving(number: int | str, kind: Kind, x: float, y: float, vx: float = 0.0, vy: float = 0.0,
           heading: float | None = None) -> Path:
    return lambda t: Seen(number, kind, x + vx * t, y + vy * t, 0.05, heading)


def log(paths: Iterable[Path], seconds: float, fps: float = 10.0, start: float = START) -> list[Frame]:
    chosen = list(paths)
    return [Frame(start + n / fps, tuple(seen for seen in (path(n / fps) for path in chosen) if seen is not None))
            for n in range(round(seconds * fps))]


def told(frames: Iterable[Frame], floor: Plane | None = None) -> list[Event]:
    guard = Guard(floor or plane())
    return [event for frame in frames for event in guard.step(frame)]


def truck(x: float, vx: float, number: int = 1) -> Path:
    return moving(number, Kind.FORKLIFT, x, 0.0, vx, heading=0.0)


def test_a_crossing_is_warned_of_well_before_the_danger() -> None:
    # The nose, 1.3 m ahead of the middle, comes within 0.5 m of the person's outline 4.7 s after the start.
    events = told(log([truck(-11.5, 2.0), moving(2, Kind.PERSON, 0.0, -4.7, vy=1.0)], 4.7))
    assert [event.level for event in events] == [Level.ADVISORY, Level.WARNING, Level.CRITICAL]
    assert {event.ids for event in events} == {(1, 2)}
    assert 4.4 - (events[1].t - START) >= 1.5
    assert events[1].probability is not None
    assert events[1].ttc_s == pytest.approx(2.3, abs=0.3)


def test_a_collision_names_the_zone_in_which_somebody_is_about_to_be_hit_or_hits() -> None:
    meeting = log([truck(-9.0, 2.0), moving(2, Kind.PERSON, 1.0, 2.0)], 4), log([truck(-11.5, 2.0), moving(
        2, Kind.PERSON, 0.0, -4.7, vy=1.0)], 4.7), log([truck(-9.0, 2.0), moving(2, Kind.PERSON, 1.0, 0.4)], 4)
    zones = [{event.zone for event in told(frames, plane(ZoneKind.EXIT)) if event.kind == "collision"}
             for frames in meeting]
    assert zones == [set(), {None}, {"square"}]


def test_passing_wide_parked_trucks_and_leaving_people_raise_nothing() -> None:
    assert told(log([truck(-10, 2.0), moving(2, Kind.PERSON, 5.0, 2.9, vx=-1.2)], 8)) == []
    assert told(log([truck(0, 0.0), moving(2, Kind.PERSON, -5.0, 1.0, vx=1.2)], 8)) == []
    assert told(log([truck(0, 1.0), moving(2, Kind.PERSON, -2.5, 0.0, vx=-1.0)], 8)) == []


def test_a_driver_aboard_is_nobody_in_danger_and_no_intruder() -> None:
    ride = log([truck(-6, 1.5), moving(2, Kind.PERSON, -6.5, 0.1, vx=1.5)], 8)
    assert told(ride, plane(ZoneKind.DANGER)) == []


def test_a_driver_who_mounts_a_parked_truck_and_drives_off_raises_nothing() -> None:
    def person(t: float) -> Seen:
        return Seen(2, Kind.PERSON, -0.5, max(0.1, 3 - t), 0.05)

    def lorry(t: float) -> Seen:
        return Seen(1, Kind.FORKLIFT, max(0.0, 0.7 * (t - 6)), 0.0, 0.05, 0.0)

    def aboard(t: float) -> Seen:
        return Seen(2, Kind.PERSON, lorry(t).x - 0.5, person(t).y, 0.05)
    assert told(log([lorry, aboard], 12)) == []


def test_a_person_run_over_is_not_taken_for_the_driver() -> None:
    events = told(log([truck(-8, 2.0), moving(2, Kind.PERSON, 0.0, 0.1)], 6))
    assert Level.CRITICAL in [event.level for event in events]


def test_a_truck_that_turns_towards_somebody_is_foreseen() -> None:
    """A quarter circle of 4 m radius at 1.5 m/s; straight on it would pass the person 4 m off."""
    def turning(t: float) -> Seen:
        angle = 1.5 * t / 4.0
        return Seen(1, Kind.FORKLIFT, 4 * sin(angle), 4 - 4 * cos(angle), 0.05, angle)
    events = told(log([turning, moving(2, Kind.PERSON, 4.0, 6.0)], 3.4))
    assert [event.level for event in events if event.level >= Level.WARNING][:1] == [Level.WARNING]


def test_the_rear_that_swings_out_is_foreseen() -> None:
    """The truck turns left on the spot; the person stands beside its right rear, where only the tail gets to."""
    def spinning(t: float) -> Seen:
        return Seen(1, Kind.FORKLIFT, 0.0, 0.0, 0.05, max(0.0, 0.6 * (t - 1)))
    beside = moving(2, Kind.PERSON, -0.6, -1.75)
    assert [event.kind for event in told(log([spinning, beside], 2.8))][:1] == ["collision"]
    assert told(log([moving(1, Kind.FORKLIFT, 0.0, 0.0, heading=0.0), beside], 5)) == []


def test_a_group_is_told_of_once_and_names_everybody() -> None:
    people = [moving(n, Kind.PERSON, 0.0, -0.8 + 0.4 * n, 0.0) for n in (2, 3, 4)]
    events = [event for event in told(log([truck(-9, 2.0), *people], 4)) if event.level is Level.CRITICAL]
    assert [event.ids[0] for event in events] == [1]
    assert sorted(str(one) for one in events[0].ids) == ["1", "2", "3", "4"]


def test_a_second_person_is_told_of_when_the_siren_for_the_first_is_over_and_a_critical_danger_at_once() -> None:
    """Both stand in the way of one slow truck, too far apart to be a group; the first steps aside."""
    def first(t: float) -> Seen:
        return Seen(2, Kind.PERSON, 0.0, min(4.0, max(0.0, 3 * (t - 4.5))), 0.05)
    slow = moving(1, Kind.FORKLIFT, -6.0, 0, 1.0, heading=0.0)
    frames = log([slow, first, moving(3, Kind.PERSON, 6.0, 0.0)], 10)
    events = [(event.ids[1], event.level, event.t - START) for event in told(frames) if event.level >= Level.WARNING]
    assert [(who, level) for who, level, _ in events] == [
        (2, Level.WARNING), (2, Level.CRITICAL), (3, Level.WARNING), (3, Level.CRITICAL)]
    assert events[2][2] - events[1][2] == pytest.approx(5.0, abs=0.15)
    near = told(log([slow, first, moving(3, Kind.PERSON, 3.6, 0.0)], 7))
    _, critical = [event for event in near if event.ids[1] == 3]
    assert critical.level is Level.CRITICAL
    assert critical.t - START == pytest.approx(6.0, abs=0.15)


def test_a_truck_that_creeps_up_to_somebody_who_stands_is_doubted_longer() -> None:
    threat = Threat(2.0, 2.2, 0.4, 0.4, 0.1, 0.0)
    assert threat.level(Thresholds()) is Level.WARNING
    assert threat.level(Thresholds(), calm=True) is Level.NONE
    assert replace(threat, warning_p=0.5).level(Thresholds(), calm=True) is Level.WARNING
    assert replace(threat, critical_p=0.4).level(Thresholds(), calm=True) is Level.CRITICAL


def test_a_pallet_trucks_operator_is_no_victim_but_a_bystander_is() -> None:
    pallet = moving(1, Kind.PALLET_TRUCK, -8, 0, 1.2, heading=0.0)
    events = told(log([pallet, moving(2, Kind.PERSON, -9.3, 0, 1.2), moving(3, Kind.PERSON, 0.0, 0.0)], 6))
    assert {event.ids[1] for event in events} == {3}


@pytest.mark.parametrize(("kind", "hours", "after"), [
    (ZoneKind.DANGER, None, 0.5), (ZoneKind.RESTRICTED, None, 1.0), (ZoneKind.RESTRICTED, "09:00-10:00", 1.0)])
def test_somebody_in_a_guarded_zone(kind: ZoneKind, hours: str | None, after: float) -> None:
    event, = told(log([moving(2, Kind.PERSON, 1.0, 1.0)], 5), plane(kind, hours))
    assert (event.kind, event.zone, event.level) == ("zone_intrusion", "square", Level.WARNING)
    assert event.t - START == pytest.approx(after + 0.2, abs=0.05)  # and three frames that agree


@pytest.mark.parametrize("floor", [
    plane(ZoneKind.RESTRICTED, "Mon-Fri 18:00-08:00"), plane(ZoneKind.EXIT), plane(ZoneKind.DEPOSIT), plane()])
def test_nobody_intrudes_outside_hours_or_where_people_may_be(floor: Plane) -> None:
    assert told(log([moving(2, Kind.PERSON, 1.0, 1.0)], 5), floor) == []


def test_lying_is_a_warning_after_five_seconds_and_critical_after_fifteen_whatever_the_id() -> None:
    def lying(t: float) -> Seen | None:
        return None if 7 < t < 9 else Seen(2 if t < 8 else 5, Kind.PERSON_DOWN, 1.0, 1.0, 0.05)
    first, second = told(log([lying], 30))
    assert (first.kind, first.level, second.level) == ("person_down", Level.WARNING, Level.CRITICAL)
    assert first.t - START == pytest.approx(5.2, abs=0.05)
    assert second.t - START == pytest.approx(15.2, abs=0.05)


def test_somebody_who_gets_up_or_crawls_is_not_down() -> None:
    assert told(log([lambda t: Seen(2, Kind.PERSON_DOWN if t < 4 else Kind.PERSON, 1.0, 1.0, 0.05)], 30)) == []
    assert told(log([moving(2, Kind.PERSON_DOWN, 1.0, 1.0, vx=0.4)], 30)) == []


def test_a_thing_in_the_exit_blocks_it_after_a_minute_and_a_person_does_not() -> None:
    cage = log([moving(2, Kind.ROLL_CAGE, 1.0, 1.0)], 70, fps=2)
    event, = told(cage, plane(ZoneKind.EXIT))
    assert (event.kind, event.zone) == ("exit_blocked", "square")
    assert event.t - START == pytest.approx(61, abs=0.6)
    assert told(log([moving(2, Kind.PERSON, 1.0, 1.0)], 70, fps=2), plane(ZoneKind.EXIT)) == []
    assert told(cage, plane(ZoneKind.DEPOSIT)) == []


def test_an_object_is_abandoned_once_its_owner_has_left_it_for_two_minutes() -> None:
    parcel = moving(2, Kind.PARCEL, 6.0, 6.0)
    leaving = moving(3, Kind.PERSON, 6.5, 6.0, vx=0.1)
    event, = told(log([parcel, leaving], 150, fps=2))
    assert (event.kind, event.level) == ("object_abandoned", Level.ADVISORY)
    assert 134 <= event.t - START <= 138  # 15 s until the owner is 2 m off
    assert told(log([parcel, moving(3, Kind.PERSON, 6.5, 6.0)], 150, fps=2)) == []
    assert told(log([moving(2, Kind.PARCEL, 1.0, 1.0)], 150, fps=2), plane(ZoneKind.DEPOSIT)) == []


def test_speeding_is_told_after_a_second_above_the_limit() -> None:
    assert [event.kind for event in told(log([truck(-9, 3.0)], 5), plane(limit=2.2))] == ["speeding"]
    assert told(log([truck(-9, 2.0)], 5), plane(limit=2.2)) == []


def test_critical_is_latched_until_acknowledged() -> None:
    guard = Guard(plane())
    for frame in log([truck(-8, 2.0), moving(2, Kind.PERSON, 0.0, 0.1)], 4):
        guard.step(frame)
    assert guard.standing() is Level.CRITICAL
    for frame in log([], 20, start=START + 10):
        guard.step(frame)
    assert guard.standing() is Level.CRITICAL
    guard.acknowledge(Release("person_down"))
    guard.acknowledge(Release("collision", until=START))
    assert guard.standing() is Level.CRITICAL
    guard.acknowledge(Release("collision", until=START + 4))
    assert guard.standing() is Level.NONE


def test_an_alarm_needs_three_of_four_frames_ends_after_a_second_and_is_told_once_in_ten() -> None:
    alarm = Alarm(Thresholds())
    news = []
    for n in range(300):
        level = Level.WARNING if n % 40 < 5 else Level.NONE
        if alarm.frame(level, n / 10):
            alarm.tell(alarm.level, n / 10)
            news.append(n)
    assert news[0] == 2
    assert all(later - earlier >= 100 for earlier, later in pairwise(news))
    flicker = Alarm(Thresholds())
    assert not any(flicker.frame(Level.WARNING if n % 2 else Level.NONE, n / 10) for n in range(100))
    assert flicker.level is Level.NONE


def test_an_urgent_alarm_needs_two_frames_and_an_unknown_subject_none_yet() -> None:
    alarm = Alarm(Thresholds())
    assert not alarm.frame(Level.CRITICAL, 0.0, urgent=True)
    assert alarm.frame(Level.CRITICAL, 0.1, urgent=True)
    ghost = Alarm(Thresholds())
    assert not any(ghost.frame(Level.CRITICAL, n / 10, known=False, urgent=True) for n in range(4))
    assert ghost.frame(Level.CRITICAL, 0.4)


def test_at_five_frames_a_second_two_that_agree_are_enough() -> None:
    alarm = Alarm(Thresholds())
    assert [alarm.frame(Level.WARNING, n / 5) for n in range(2)] == [False, True]


def test_another_trucks_driver_is_no_pedestrian() -> None:
    aboard = moving(3, Kind.PERSON, 0.0, -4.3, 0.0, 0.0)
    other = moving(4, Kind.FORKLIFT, 0.3, -4.3, 0.0, 0.0, heading=pi / 2)

    def driven(path: Path, vy: float) -> Path:
        return lambda t: replace(seen, y=seen.y + vy * t) if (seen := path(t)) else None
    events = told(log([truck(-12, 2.0), driven(aboard, 0.7), driven(other, 0.7)], 5))
    assert [event for event in events if event.kind == "collision" and event.level >= Level.WARNING] == []


def test_an_id_that_changes_on_the_way_is_warned_of_once() -> None:
    def walker(t: float) -> Seen:
        return Seen(2 if t < 3.05 else 7, Kind.PERSON, 0.0, -4.7 + t, 0.05)
    events = told(log([truck(-11.5, 2.0), walker], 4.4))
    assert [event.level for event in events] == [Level.ADVISORY, Level.WARNING, Level.CRITICAL]


def test_the_same_log_gives_the_same_bytes() -> None:
    frames = log([truck(-9, 2.0), moving(2, Kind.PERSON, 0.0, -4.0, vy=1.0), moving(3, Kind.PERSON_DOWN, 7, 7)], 20)
    lines = list(record(frames))
    first = "\n".join(replay(lines, plane()))
    assert first == "\n".join(replay(lines, plane()))
    assert first == "\n".join(event.line() for event in told(frames))
    assert first.count("\n") >= 3


def test_time_that_stands_still_is_refused() -> None:
    guard = Guard(plane())
    guard.step(Frame(START, ()))
    with pytest.raises(ValueError, match="not later"):
        guard.step(Frame(START, ()))


def test_a_truck_without_a_heading_takes_it_from_its_way() -> None:
    guard = Guard(plane())
    for frame in log([moving(1, Kind.FORKLIFT, 0, 0, vy=1.5)], 3):
        guard.step(frame)
    assert guard.motions.of[1].heading == pytest.approx(pi / 2, abs=0.1)


def test_staff_may_enter_a_restricted_zone_but_no_danger_zone() -> None:
    for kind, events in ((ZoneKind.RESTRICTED, 0), (ZoneKind.DANGER, 1)):
        guard = Guard(plane(kind), staff_present=True)
        frames = log([moving(2, Kind.PERSON, 1.0, 1.0)], 5)
        assert len([event for frame in frames for event in guard.step(frame)]) == events
