"""The recorded track log (one JSON object a line) and the events the rules answer with; seconds, metres, radians."""
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import isfinite

Id = int | str

#: What a log may tell of an object beside the rest.
FARTHEST_M, MOST_SIGMA_M = 100_000.0, 1000.0
TOLD = ("heading_rad", "high_m", "wide_m")
#: Seconds; the year 9998, after which no calendar answers.
LAST_T = 253_370_000_000.0


class RecordError(ValueError):
    """A track log cannot be used; the text is one sentence with the line number."""


class Kind(StrEnum):
    """Classes the detector knows."""
    PERSON = "person"
    PERSON_DOWN = "person_down"
    FORKLIFT = "forklift"
    PALLET_TRUCK = "pallet_truck"
    ROLL_CAGE = "roll_cage"
    PARCEL = "parcel"


PEOPLE = frozenset({Kind.PERSON, Kind.PERSON_DOWN})
TRUCKS = frozenset({Kind.FORKLIFT, Kind.PALLET_TRUCK})


class Level(IntEnum):
    """How urgent: NONE is no alarm."""
    NONE = 0
    ADVISORY = 1
    WARNING = 2
    CRITICAL = 3


@dataclass(frozen=True)
class Seen:
    """One object measured in one frame: centre of its whole footprint, forks included; heading points to the forks.

    high_m, wide_m: how high above the floor and how wide it looks, where the camera tells it. spread_m2: the covariance
    (xx, xy, yy) of the place, where it is known better than by sigma_m, one figure for all round.
    """
    id: Id
    kind: Kind
    x: float
    y: float
    sigma_m: float
    heading_rad: float | None = None
    high_m: float | None = None
    wide_m: float | None = None
    spread_m2: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Frame:
    """What was seen at t, seconds since 1970 UTC."""
    t: float
    objects: tuple[Seen, ...]


@dataclass(frozen=True)
class Event:
    """One alarm of the rules; what does not apply is None."""
    t: float
    kind: str
    level: Level
    ids: tuple[Id, ...] = ()
    classes: tuple[str, ...] = ()
    separation_m: float | None = None
    ttc_s: float | None = None
    probability: float | None = None
    zone: str | None = None

    def line(self) -> str:
        """The event as one JSON line without its newline; the same event is always the same bytes."""
        return json.dumps({
            "t": round(self.t, 3), "kind": self.kind, "level": self.level.name,
            "ids": list(self.ids), "classes": list(self.classes), "separation_m": _rounded(self.separation_m),
            "ttc_s": _rounded(self.ttc_s), "probability": _rounded(self.probability), "zone": self.zone,
        }, ensure_ascii=False)


def read_log(lines: Iterable[str]) -> Iterator[Frame]:
    """Frames of a track log in order; RecordError names the first line that is wrong."""
    before: float | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        frame = _frame(line, f"Line {number} of the track log")
        if before is not None and frame.t <= before:
            raise RecordError(f"Line {number} of the track log goes back in time ({frame.t:g} after {before:g});"
                              " sort the lines by t.")
        before = frame.t
        yield frame


def frame_line(frame: Frame) -> str:
    """A frame as one line of the track log without its newline."""
    return json.dumps({"t": frame.t, "objects": [_object(seen) for seen in frame.objects]}, ensure_ascii=False)


def _object(seen: Seen) -> dict[str, object]:
    values: dict[str, object] = {
        "id": seen.id, "class": seen.kind.value, "x": seen.x, "y": seen.y, "sigma_m": seen.sigma_m}
    spread = None if seen.spread_m2 is None else list(seen.spread_m2)
    more = zip((*TOLD, "spread_m2"), (seen.heading_rad, seen.high_m, seen.wide_m, spread), strict=True)
    return values | {name: value for name, value in more if value is not None}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3) + 0.0


def _frame(line: str, where: str) -> Frame:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        raise RecordError(f"{where} is not JSON; write one object a line.") from None
    if not isinstance(document, dict) or not isinstance(document.get("objects"), list):
        raise RecordError(f'{where} needs "t" and a list "objects".')
    objects = tuple(_seen(item, f"{where}, object {n}") for n, item in enumerate(document["objects"], 1))
    ids = [seen.id for seen in objects]
    if len(set(ids)) < len(ids):
        raise RecordError(f"{where} holds one id twice; an id stands for one object in a frame.")
    t = _number(document, "t", where)
    if not 0 <= t <= LAST_T:
        raise RecordError(f"{where} has t = {t:g}; it is seconds since 1970 UTC.")
    return Frame(t, objects)


def _seen(item: object, where: str) -> Seen:
    if not isinstance(item, dict):
        raise RecordError(f"{where} is not an object with id, class, x, y and sigma_m.")
    number = item.get("id")
    if not isinstance(number, (int, str)) or isinstance(number, bool):
        raise RecordError(f"{where} needs an id that is a whole number or a text.")
    sigma = _near(item, "sigma_m", where, MOST_SIGMA_M)
    if sigma < 0:
        raise RecordError(f"{where} has a negative sigma_m; it is a standard deviation in metres.")
    x, y = (_near(item, key, where, FARTHEST_M) for key in ("x", "y"))
    told = {name: None if item.get(name) is None else _number(item, name, where) for name in TOLD}
    return Seen(number, _kind(item.get("class"), where), x, y, sigma, **told, spread_m2=_spread(item, where))


def _spread(item: dict[str, object], where: str) -> tuple[float, float, float] | None:
    """A covariance that is one, or none."""
    told = item.get("spread_m2")
    if told is None:
        return None
    if not isinstance(told, list) or len(told) != 3:
        raise RecordError(f"{where} has a spread_m2 that is not a list of xx, xy and yy in square metres.")
    xx, xy, yy = (_near({"spread_m2": value}, "spread_m2", where, MOST_SIGMA_M ** 2) for value in told)
    if xx < 0 or yy < 0 or xy * xy > xx * yy + 1e-12:
        raise RecordError(f"{where} has a spread_m2 that is no covariance; xy * xy is at most xx * yy.")
    return xx, xy, yy


def _kind(word: object, where: str) -> Kind:
    if not isinstance(word, str) or word not in [kind.value for kind in Kind]:
        raise RecordError(f"{where} has an unknown class; use one of {', '.join(Kind)}.")
    return Kind(word)


def _near(item: dict[str, object], key: str, where: str, most: float) -> float:
    """A number no larger than that: beyond it sums of squares lose the decimetres that the rules are about."""
    value = _number(item, key, where)
    if abs(value) > most:
        raise RecordError(f"{where} has {key} = {value:g}, more than {most:g}; measure from a corner of the floor.")
    return value


def _number(item: dict[str, object], key: str, where: str) -> float:
    value = item.get(key)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise RecordError(f"{where} needs a number {key}.")
    if abs(value) > 1e12 or not isfinite(value):
        raise RecordError(f"{where} has {key} = {value if isinstance(value, float) else 'a huge number'};"
                          " it must be finite.")
    return float(value)
