"""What is asked of the risk guard: news of what it sees, in metres and never in pictures. A contract, like ports."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from devices.ports import Device, DeviceFault, FaultCode

WORD = re.compile(r"[\w.:-]{1,40}")
HEX = re.compile(r"[0-9a-f]{1,64}")
CLASSES = ("person", "person_down", "forklift", "pallet_truck", "roll_cage", "parcel")


class Urgency(StrEnum):
    """How urgent an alarm is; what stands when there is none is NONE."""

    NONE = "none"
    ADVISORY = "advisory"
    WARNING = "warning"
    CRITICAL = "critical"


#: The rules' kinds, those of a camera, and a camera's process that has fallen silent.
KINDS = (
    "collision", "zone_intrusion", "person_down", "exit_blocked", "object_abandoned", "speeding", "camera_lost",
    "camera_slow", "camera_frozen", "camera_dark", "camera_covered", "camera_sprayed", "camera_defocused",
    "camera_moved", "camera_misfit", "vision_stalled",
)  # fmt: skip


#: What may be told of whoever stands before a camera of the lobby; it holds for seconds and is never kept.
SIGNS = ("phone_at_ear", "sunglasses", "headwear", "second_face")


@dataclass(frozen=True)
class Alarm:
    """One alarm, numbered: UTC and monotonic seconds, metres, seconds, 0..1; what does not apply is None or empty.

    `evidence` names the clip that will be kept of it.
    """

    camera: str
    kind: str
    urgency: Urgency
    t: float
    at: float
    n: int = 0
    ids: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    separation_m: float | None = None
    ttc_s: float | None = None
    probability: float | None = None
    zone: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Kept:
    """A clip of evidence is on disk, sealed: its id, camera, number of frames, bytes and SHA-256 (hex)."""

    evidence: str
    camera: str
    frames: int
    size: int
    sha256: str
    n: int = 0


@dataclass(frozen=True)
class News:
    """What came since the last look, oldest first; what stands now at each camera; where to go on from.

    `signs`: what is seen just now of whoever stands there, by camera; no event, and nothing to keep.
    """

    alarms: tuple[Alarm | Kept, ...]
    standing: Mapping[str, Urgency]
    faults: Mapping[str, tuple[str, ...]]
    after: tuple[str, int]
    signs: Mapping[str, frozenset[str]] = field(default_factory=dict)


#: Where to begin: everything the guard still remembers of this start of it.
BEGINNING = ("", 0)


class Guard(Device, Protocol):
    """Cameras, detector and rules behind a process of its own."""

    async def news(self, after: tuple[str, int], wait_s: float) -> News:
        """What is new after that place, as soon as there is any, or after wait_s without."""

    async def acknowledge(self, camera: str, kind: str, since: float | None, until: float) -> None:
        """Somebody has seen to what became critical there between these UTC seconds; what still holds stays raised."""

    async def staff(self, present: bool) -> None:
        """Whether staff are at work: then restricted zones raise nothing."""

    async def seal_for(self, public: bytes) -> None:
        """Close evidence for the holder of this X25519 key (32 bytes); until then none is kept."""

    async def commission(self, camera: str) -> None:
        """The camera stands right and sees well: learn anew what that looks like."""


def news_of(answer: Mapping[str, Any]) -> News:
    """The guard's answer, every figure checked; KeyError, TypeError, ValueError or PROTOCOL when it makes no sense."""
    standing = {name(word): Urgency(each.lower()) for word, each in answer["standing"].items()}
    faults = {name(word): tuple(_known(each) for each in found) for word, found in answer["faults"].items()}
    place = (_text(HEX, answer["boot"]), whole(answer["n"]))
    signs = {name(word): frozenset(map(_sign, found)) for word, found in answer.get("signs", {}).items()}
    return News(tuple(told(one) for one in answer["events"]), standing, faults, place, signs)


def told(one: dict[str, Any]) -> Alarm | Kept:
    """One piece of news; ValueError, KeyError or TypeError when it makes no sense."""
    camera = name(one["camera"])
    if one["kind"] == "evidence_kept":
        if one.get("trouble"):
            return Kept(_text(HEX, one["evidence"]), camera, 0, 0, "", whole(one["n"]))
        return Kept(_text(HEX, one["evidence"]), camera, whole(one["frames"]), whole(one["bytes"]),
                    _text(HEX, one["sha256"]), whole(one["n"]))
    separation, ttc, probability = (
        None if one[key] is None else number(one[key]) for key in ("separation_m", "ttc_s", "probability")
    )  # fmt: skip
    return Alarm(
        camera, _known(one["kind"]), Urgency(one["level"].lower()), number(one["t"]), number(one["at"]),
        whole(one["n"]),
        tuple(_text(WORD, str(each)) for each in one["ids"]), tuple(_class(each) for each in one["classes"]),
        separation, ttc, probability, plain(one["zone"]),
        _text(HEX, one["evidence"]) if one["evidence"] else "",
    )  # fmt: skip


def name(word: Any) -> str:
    """A camera's name; PROTOCOL when it is none."""
    if not isinstance(word, str) or not WORD.fullmatch(word):
        raise DeviceFault(FaultCode.PROTOCOL, "a camera without a plain name")
    return word


def number(value: Any) -> float:
    """A finite number; ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no number")
    return float(value)


def whole(value: Any) -> int:
    """A whole number from 0 on; ValueError."""
    if type(value) is not int or value < 0:
        raise ValueError("no whole number")
    return value


def _text(form: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError("no such text")
    return value


def _known(kind: Any) -> str:
    if kind not in KINDS:
        raise ValueError("no such kind")
    return str(kind)


def _sign(word: Any) -> str:
    if word not in SIGNS:
        raise ValueError("no such sign")
    return str(word)


def _class(word: Any) -> str:
    if word not in CLASSES:
        raise ValueError("no such class")
    return str(word)


def plain(value: Any) -> str:
    """A name as short text without controls, empty where it is none."""
    return value if isinstance(value, str) and len(value) <= 60 and value.isprintable() else ""
