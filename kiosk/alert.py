"""What the risk guard tells and what becomes of it: facts, what only a person can settle, and when the next is called.

Pure. An alarm holds metres, seconds and classes, never a picture; ids count from 1 in one run of a camera and say
nothing about who somebody is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kiosk.facts import Fact


@dataclass(frozen=True)
class AlarmRaised(Fact):
    """The guard tells of a danger, or of a camera that does not tell the truth; `boot` and `n` are its own number.

    urgency: advisory, warning or critical; seen_at: UTC, ISO 8601; probability 0..1; what does not apply is None.
    """

    alarm: str
    camera: str
    kind: str
    urgency: str
    seen_at: str
    ids: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    separation_m: float | None = None
    ttc_s: float | None = None
    probability: float | None = None
    zone: str = ""
    evidence: str = ""
    boot: str = ""
    n: int = 0


@dataclass(frozen=True)
class AlarmEscalated(Fact):
    """Nobody took it up in time: this contact of the configuration is called now."""

    alarm: str
    contact: str


@dataclass(frozen=True)
class AlarmAcknowledged(Fact):
    """This person of the staff has seen to it."""

    alarm: str
    staff: str


@dataclass(frozen=True)
class EvidenceKept(Fact):
    """A clip is on disk, sealed: bytes and SHA-256 (hex) of the box; no bytes: it could not be kept."""

    evidence: str
    camera: str
    frames: int
    size: int
    sha256: str
    boot: str = ""
    n: int = 0


@dataclass(frozen=True)
class EvidenceOpened(Fact):
    """This person of the staff was handed the clip, and why."""

    evidence: str
    staff: str
    why: str


@dataclass(frozen=True)
class EvidenceErased(Fact):
    """The clip is gone: its days were over (`retention`)."""

    evidence: str
    why: str


FACTS: tuple[type[Fact], ...] = (
    AlarmRaised, AlarmEscalated, AlarmAcknowledged, EvidenceKept, EvidenceOpened, EvidenceErased,
)  # fmt: skip

#: The staff task of each kind of alarm; kinds that are not here are told and not called for.
REASONS: Mapping[str, str] = {
    "person_down": "guard_person_down", "collision": "guard_collision", "zone_intrusion": "guard_intrusion",
    "exit_blocked": "guard_exit", "vision_stalled": "guard_camera", "camera_lost": "guard_camera",
    "camera_frozen": "guard_camera", "camera_dark": "guard_camera", "camera_covered": "guard_camera",
    "camera_sprayed": "guard_camera", "camera_defocused": "guard_camera", "camera_moved": "guard_camera",
    "camera_misfit": "guard_camera",
}  # fmt: skip
#: What the call desk has recorded once a person has taken a call up.
TAKEN = ("answered", "on_the_way", "closed")


def reason(raised: AlarmRaised) -> str:
    """The task that this alarm is for a person, or nothing: a warning that has passed needs nobody."""
    if raised.kind == "collision" and raised.urgency != "critical":
        return ""
    return REASONS.get(raised.kind, "")


def presses(raised: AlarmRaised) -> bool:
    """Whether somebody has to take it up at once: a person who lies, or anything critical."""
    return raised.kind == "person_down" or raised.urgency == "critical"


@dataclass
class Matter:
    """One thing for a person: the first alarm of it, its task, since when, how many contacts were called and when."""

    raised: AlarmRaised
    since: float
    task: str = ""
    contacts: int = 0
    called: float = 0.0
    pressing: bool = False


@dataclass
class Book:
    """Matters that no staff have acknowledged; alarms of one kind at one camera are one matter. Monotonic seconds."""

    open: dict[tuple[str, str], Matter] = field(default_factory=dict)

    def hear(self, fact: Fact | None, now: float) -> None:
        """An alarm was raised, or acknowledged."""
        match fact:
            case AlarmRaised() as raised if reason(raised):
                matter = self.open.setdefault((reason(raised), raised.camera), Matter(raised, now, called=now))
                if presses(raised) and not matter.pressing:
                    matter.pressing, matter.called = True, now
            case AlarmAcknowledged(alarm):
                self.open = {key: each for key, each in self.open.items() if each.raised.alarm != alarm}

    def of_task(self, task: str) -> Matter | None:
        """The matter that this staff task stands for."""
        return next((each for each in self.open.values() if each.task == task), None)

    def due(
        self, now: float, calls: Mapping[str, str], contacts: Sequence[str], within_s: float
    ) -> list[AlarmEscalated]:  # fmt: skip
        """Whom to call next for what pressing matter nobody has taken up in time; after the last, the first again."""
        found = []
        for each in self.open.values():
            if each.pressing and contacts and calls.get(each.task) not in TAKEN and now - each.called >= within_s:
                found.append(AlarmEscalated(each.raised.alarm, contacts[each.contacts % len(contacts)]))
                each.contacts, each.called = each.contacts + 1, now
        return found

    def notice(self, calls: Mapping[str, str], cameras: Sequence[str]) -> dict[str, Any] | None:
        """What whoever stands at the screen should know: the kind, and what has really become of the call."""
        for each in self.open.values():
            if each.pressing and each.raised.camera in cameras:
                return {"kind": each.raised.kind, "state": calls.get(each.task, "calling")}
        return None


class Quiet:
    """Stands beside the desk where a branch has no guard."""

    async def heard(self, fact: Fact) -> None:
        """A fact of the branch is on disk."""

    def notice(self) -> dict[str, Any] | None:
        """What the screen shows of it."""
        return None

    def signs(self) -> frozenset[str]:
        """What is seen just now of whoever stands at the screen; nobody looks."""
        return frozenset()
