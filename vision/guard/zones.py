"""Zones of one floor and the hours in which they are guarded; metres, and local time of the floor's timezone."""
import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from vision.guard.footprint import Point, Polygon, inside, polygon_distance

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PERIOD = re.compile(r"(?:([A-Z][a-z]{2})(?:-([A-Z][a-z]{2}))? )?(\d\d):(\d\d)-(\d\d):(\d\d)")


class ZoneKind(StrEnum):
    """What a zone is for."""
    DANGER = "danger"
    EXIT = "exit"
    RESTRICTED = "restricted"
    DEPOSIT = "deposit"


@dataclass(frozen=True)
class Period:
    """Weekly hours: days it begins on (0 is Monday), minutes of the day; an end not after its start is next day's."""
    days: frozenset[int]
    start: int
    end: int

    def holds(self, moment: datetime) -> bool:
        """Whether local time lies in the period; the start belongs to it, the end does not."""
        minute, day = moment.hour * 60 + moment.minute, moment.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        return (day in self.days and minute >= self.start) or ((day - 1) % 7 in self.days and minute < self.end)


@dataclass(frozen=True)
class Zone:
    """A named polygon on the floor; without periods it is always active."""
    name: str
    kind: ZoneKind
    polygon_m: Polygon
    active: tuple[Period, ...] = ()

    def guarded(self, moment: datetime) -> bool:
        """Whether the zone is active at that local time."""
        return not self.active or any(period.holds(moment) for period in self.active)

    def holds(self, point: Point) -> bool:
        """Whether a foot point lies in the zone."""
        return inside(self.polygon_m, point)

    def reach(self, point: Point) -> float:
        """Metres from the point to the zone, 0 inside."""
        return polygon_distance(self.polygon_m, point)


@dataclass(frozen=True)
class Plane:
    """The guarded floor itself, whoever looks at it: zones, speed limit (m/s, None = no limit), timezone."""
    zones: tuple[Zone, ...]
    timezone: tzinfo
    speed_limit_mps: float | None = None

    def local(self, t: float) -> datetime:
        """Local time of seconds since 1970 UTC."""
        return datetime.fromtimestamp(t, self.timezone)

    def of(self, kind: ZoneKind) -> tuple[Zone, ...]:
        """The zones of one kind."""
        return tuple(zone for zone in self.zones if zone.kind is kind)


def parse_period(text: str) -> Period:
    """`Mon-Fri 18:00-08:00`, `Sat 00:00-24:00` or `22:00-06:00`; ValueError says in one sentence what is wrong."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise ValueError(f'{text!r} is not a period; write it like "Mon-Fri 18:00-08:00".')
    start, end = _minute(text, found[3], found[4]), _minute(text, found[5], found[6])
    if start in (end, 24 * 60):
        raise ValueError(f'{text!r} is empty; a whole day is "00:00-24:00".')
    return Period(_days(text, found[1], found[2]), start, end)


def _minute(text: str, hour: str, minute: str) -> int:
    value = int(hour) * 60 + int(minute)
    if int(minute) > 59 or value > 24 * 60:
        raise ValueError(f"{text!r} holds the time {hour}:{minute}, which no clock shows; use 00:00 to 24:00.")
    return value


def _days(text: str, first: str | None, last: str | None) -> frozenset[int]:
    if first is None:
        return frozenset(range(7))
    for day in (first, last or first):
        if day not in DAYS:
            raise ValueError(f"{text!r} holds the day {day!r}; use {', '.join(DAYS)}.")
    start, end = DAYS.index(first), DAYS.index(last or first)
    return frozenset((start + n) % 7 for n in range((end - start) % 7 + 1))
