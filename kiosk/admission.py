"""Who of the staff may come in, and how often a wrong PIN may be typed. Pure; the journal remembers for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Wrong PINs in a row that lock a badge, and for how long; each further one doubles it.
TRIES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=15), timedelta(hours=24)


@dataclass(frozen=True)
class Tried:
    """One earlier try of a badge: when (UTC) and whether it was admitted."""

    at: datetime
    admitted: bool


@dataclass(frozen=True)
class Standing:
    """What a badge may do now: tries left before the next lock, and the end of a lock that holds (UTC)."""

    tries_left: int
    locked_until: datetime | None = None


def standing(tries: Sequence[Tried], now: datetime) -> Standing:
    """The standing after these tries, oldest first. A clock set back opens nothing: the lock counts from the try."""
    wrong = 0
    for one in tries:
        wrong = 0 if one.admitted else wrong + 1
    if wrong < TRIES:
        return Standing(TRIES - wrong)
    until = tries[-1].at + min(FIRST_LOCK * 2 ** min(wrong - TRIES, 20), LONGEST_LOCK)
    return Standing(0, until) if now < until else Standing(1)
