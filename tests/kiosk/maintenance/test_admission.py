"""How often a PIN may be tried: the lock comes with the fifth, doubles, and no clock opens it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.admission import FIRST_LOCK, LONGEST_LOCK, TRIES, Tried, standing

THEN = datetime(2026, 7, 2, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def wrong(times: int, every: timedelta = SECOND) -> list[Tried]:
    return [Tried(THEN + every * n, False) for n in range(times)]


@pytest.mark.parametrize("times", range(TRIES))
def test_each_wrong_pin_leaves_one_try_less(times: int) -> None:
    now = standing(wrong(times), THEN + timedelta(minutes=1))
    assert (now.tries_left, now.locked_until) == (TRIES - times, None)


@pytest.mark.parametrize(
    ("times", "minutes"), [(5, 15), (6, 30), (7, 60), (8, 120), (9, 240), (10, 480), (11, 960), (12, 1440), (40, 1440)]
)
def test_the_lock_doubles_up_to_a_day(times: int, minutes: int) -> None:
    tries = wrong(times)
    until = tries[-1].at + timedelta(minutes=minutes)
    assert standing(tries, until - SECOND) == standing(tries, tries[-1].at)
    assert standing(tries, until - SECOND).locked_until == until
    assert (standing(tries, until).tries_left, standing(tries, until).locked_until) == (1, None)


def test_a_clock_set_back_opens_nothing() -> None:
    for back in (timedelta(minutes=1), timedelta(days=400), timedelta(days=4000)):
        now = standing(wrong(TRIES), THEN - back)
        assert now.tries_left == 0
        assert now.locked_until == wrong(TRIES)[-1].at + FIRST_LOCK


def test_an_admission_begins_anew() -> None:
    tries = [*wrong(4), Tried(THEN + timedelta(hours=1), True)]
    assert standing(tries, THEN + timedelta(hours=2)).tries_left == TRIES
    assert standing([*tries, *wrong(4)], THEN + timedelta(hours=2)).tries_left == 1


@given(st.lists(st.tuples(st.integers(0, 10**7), st.booleans()), max_size=60), st.integers(-(10**7), 2 * 10**7))
def test_never_more_than_five_wrong_in_a_row_are_free(tried: list[tuple[int, bool]], later: int) -> None:
    tries = [Tried(THEN + timedelta(seconds=at), admitted) for at, admitted in sorted(tried)]
    now = standing(tries, THEN + timedelta(seconds=later))
    row = len(tries) - max((at + 1 for at, one in enumerate(tries) if one.admitted), default=0)
    assert 0 <= now.tries_left <= max(1, TRIES - row)
    assert (now.locked_until is None) == (now.tries_left > 0)
    assert now.locked_until is None or now.locked_until - tries[-1].at <= LONGEST_LOCK
