"""How often documents may be tried: so often a visit, a number, a kiosk. Pure; the journal remembers.

A clock that was set back opens nothing: what seems to lie in the future counts as now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)


@dataclass(frozen=True)
class Tried:
    """One earlier try: when (UTC), and the keyed hash of its number."""

    at: datetime
    mark: str


@dataclass(frozen=True)
class Limits:
    """Tries of one number in 24 hours, and of the whole kiosk in one hour; a visit has three (flow.MOST_TRIES)."""

    a_number: int = 5
    an_hour: int = 40


def refused(tries: Sequence[Tried], mark: str, now: datetime, limits: Limits) -> tuple[str, datetime] | None:
    """`number` or `kiosk` and until when, where this number may not be tried now."""
    own = sorted(each.at for each in tries if each.mark == mark and each.at > now - DAY)
    if len(own) >= limits.a_number:
        return "number", own[-limits.a_number] + DAY
    hour = sorted(each.at for each in tries if each.at > now - HOUR)
    if len(hour) >= limits.an_hour:
        return "kiosk", hour[-limits.an_hour] + HOUR
    return None


def denied(denials: Sequence[Tried], mark: str, now: datetime) -> bool:
    """Whether an officer denied the bearer of this number within 24 hours: another visit does not begin afresh."""
    return any(each.mark == mark and each.at > now - DAY for each in denials)
