"""What was critical stays so until somebody acknowledges it, and costs nothing however much of it there is."""
import pytest

from vision.guard.alarms import Alarms
from vision.guard.latch import MOST, Latches, Release, release_of
from vision.guard.records import Level
from vision.guard.thresholds import Thresholds


def test_only_what_was_raised_of_that_kind_in_that_time_is_let_go() -> None:
    held = Latches()
    for kind, t in (("collision", 10.0), ("collision", 20.0), ("person_down", 15.0)):
        held.hold(kind, t)
    for release in (Release("collision", until=20.0), Release("collision", since=20.0, until=21.0)):
        held.release(release)
        assert held
    held.release(Release("person_down", since=15.0))
    assert not held


def test_an_acknowledgement_goes_over_the_wire_as_it_is() -> None:
    for release in (Release(), Release("collision", 1.5, 2.5), Release("person_down", until=3.0)):
        assert release_of(release.document()) == release
    for wrong in ({"kind": 3}, {"since": "now"}, {"until": None}):
        with pytest.raises(ValueError, match="kind is a word"):
            release_of(wrong)


def test_of_very_many_the_first_and_the_newest_are_remembered() -> None:
    held = Latches()
    for n in range(3 * MOST):
        held.hold("collision", float(n))
    held.release(Release("collision", since=1.0))
    assert held
    held.release(Release("collision", until=1.0))
    assert not held


def test_alarms_that_nobody_acknowledges_are_forgotten_but_for_that() -> None:
    """Each would cost a look at every frame for ever."""
    alarms, t = Alarms(Thresholds()), 0.0
    for pair in range(50):
        for _ in range(8):
            t += 0.1
            alarms.of(("collision", 1, pair)).frame(Level.CRITICAL, t)
            alarms.rest({("collision", 1, pair)}, t)
    while t < 80:
        t += 0.1
        alarms.rest(set(), t)
    assert len(alarms._of) == 0
    assert alarms.standing() is Level.CRITICAL
    alarms.acknowledge(Release("collision", until=t))
    assert alarms.standing() is Level.NONE


def news(alarms: Alarms, t: float, level: Level) -> bool:
    """Whether this frame of one pair is told, as the rules tell it."""
    alarm = alarms.of(("collision", 1, 2))
    told = alarm.frame(level, t)
    if told:
        alarm.tell(level, t)
    alarms.rest({("collision", 1, 2)}, t)
    return told


def test_what_comes_again_too_early_to_be_told_is_told_when_it_still_stands() -> None:
    alarms = Alarms(Thresholds())
    at = [n / 10 for n in range(300) if news(alarms, n / 10, Level.CRITICAL if n < 10 or n > 60 else Level.NONE)]
    assert at == [pytest.approx(0.2, abs=0.15), pytest.approx(10.3, abs=0.15)]
    passed = Alarms(Thresholds())  # a second approach that is over by then has been told by the first
    assert sum(news(passed, n / 10, Level.WARNING if n < 10 or 60 < n < 75 else Level.NONE) for n in range(300)) == 1


def test_what_comes_again_after_somebody_has_seen_to_it_is_told_at_once() -> None:
    alarms = Alarms(Thresholds())
    for n in range(60):
        news(alarms, n / 10, Level.CRITICAL if n < 10 else Level.NONE)
    alarms.acknowledge(Release("collision", until=3.0))
    at = [n / 10 for n in range(60, 300) if news(alarms, n / 10, Level.CRITICAL)]
    assert at == [pytest.approx(6.3, abs=0.15)]
    assert alarms.standing() is Level.CRITICAL


def test_somebody_who_lies_is_let_go_of_under_the_kind_that_was_told() -> None:
    alarms = Alarms(Thresholds())
    for n in range(10):
        alarms.of(("down", 1.0, 2.0)).frame(Level.CRITICAL, n / 10)
        alarms.rest({("down", 1.0, 2.0)}, n / 10)
    for n in range(10, 200):
        alarms.rest(set(), n / 10)
    alarms.acknowledge(Release("collision"))
    assert alarms.standing() is Level.CRITICAL
    alarms.acknowledge(Release("person_down"))
    assert alarms.standing() is Level.NONE
