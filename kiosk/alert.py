"""What the risk guard tells and what becomes of it: facts, what only a person can settle, and when the next is called.

Pure. An alarm holds metres, seconds and classes, never a picture; ids count from 1 in one run of a camera and say
nothing about who somebody is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from kiosk.facts import Fact, StaffAnswered, StaffTaskClosed, StaffTaskRaised


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
TAKEN = ("answered", "on_the_way")
#: Seconds after that in which the same kind at the same camera is what that person knows of; later it is new.
KNOWN_S = 60.0
#: Who has seen to it where the call desk alone has closed its call.
CALL_DESK = "call_desk"


def reason(raised: AlarmRaised) -> str:
    """The task that this alarm is for a person, or nothing: a warning that has passed needs nobody."""
    if raised.kind == "collision" and raised.urgency != "critical":
        return ""
    return REASONS.get(raised.kind, "")


def presses(raised: AlarmRaised) -> bool:
    """Whether somebody has to take it up at once: a person who lies, or anything critical."""
    return raised.kind == "person_down" or raised.urgency == "critical"


def of_camera(kind: str) -> bool:
    """Whether it is about a camera or its process: that makes no noise, and lasts until it is mended."""
    return kind.startswith(("camera_", "vision_"))


def number(raised: AlarmRaised, zone: tzinfo) -> str:
    """How staff tell one matter's task from another's: the camera and when, in the branch's time."""
    return f"{raised.camera} {seen(raised).astimezone(zone):%m-%d %H:%M:%S}"


def seen(raised: AlarmRaised) -> datetime:
    """When it was seen, UTC."""
    return datetime.fromisoformat(raised.seen_at)


@dataclass
class Matter:
    """One thing for a person: its first alarm, its task, what the call desk has recorded, who was called and when.

    since, called, taken: monotonic seconds; newest: the last alarm of it; by: who has closed its task.
    """

    raised: AlarmRaised
    since: float
    newest: AlarmRaised
    task: str = ""
    contacts: int = 0
    called: float = 0.0
    pressing: bool = False
    state: str = "calling"
    taken: float | None = None
    by: str = ""
    closed: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Its kind of task and its camera."""
        return reason(self.raised), self.raised.camera

    def answered(self, state: str, now: float) -> None:
        """The call desk has recorded this."""
        self.state = state
        self.taken = None if state not in TAKEN else now if self.taken is None else self.taken

    def knows(self, raised: AlarmRaised, now: float) -> bool:
        """Whether this alarm is what somebody is called for already, or has just been told of."""
        if self.closed:
            return False
        return self.taken is None or of_camera(raised.kind) or now - self.taken < KNOWN_S

    def told(self, raised: AlarmRaised, now: float) -> None:
        """One more alarm of it."""
        self.newest = raised
        if presses(raised) and not self.pressing:
            self.pressing, self.called = True, now


@dataclass
class Book:
    """Matters that nobody has acknowledged, by their first alarm, oldest first.

    Alarms of one kind at one camera are one matter until a person has taken it up. Monotonic seconds; folding the
    journal gives the same book.
    """

    open: dict[str, Matter] = field(default_factory=dict)

    def hear(self, fact: Fact | None, now: float) -> None:
        """Something was written down."""
        match fact:
            case AlarmRaised() as raised if reason(raised):
                self._raised(raised, now)
            case StaffTaskRaised() as task:
                self._tasked(task)
            case StaffAnswered(task, state) if matter := self.of_task(task):
                matter.answered(state, now)
            case StaffTaskClosed(task) if matter := self.of_task(task):
                matter.closed, matter.by = True, matter.by or CALL_DESK
            case AlarmEscalated(alarm) if matter := self.open.get(alarm):
                matter.contacts, matter.called = matter.contacts + 1, now
            case AlarmAcknowledged(alarm):
                self.open.pop(alarm, None)

    def _raised(self, raised: AlarmRaised, now: float) -> None:
        matter = self.of_alarm(raised)
        if matter is None or not matter.knows(raised, now):
            matter = self.open[raised.alarm] = Matter(raised, now, raised, called=now)
        matter.told(raised, now)

    def _tasked(self, task: StaffTaskRaised) -> None:
        """A task belongs to the newest matter of its reason and camera that has none."""
        if self.of_task(task.task) is None:
            for each in reversed(self.open.values()):
                if each.key == (task.reason, task.number.partition(" ")[0]) and not each.task:
                    each.task = task.task
                    return

    def of_alarm(self, raised: AlarmRaised) -> Matter | None:
        """The newest matter that this alarm may belong to."""
        key = reason(raised), raised.camera
        return next((each for each in reversed(self.open.values()) if each.key == key), None)

    def of_task(self, task: str) -> Matter | None:
        """The matter that this staff task stands for."""
        return next((each for each in self.open.values() if each.task == task), None)

    def span(self, alarm: str, now: float) -> tuple[Matter, float | None, float] | None:
        """The matter, and between which UTC seconds what was raised at its camera belongs to it and to no other."""
        matter = self.open.get(alarm)
        if matter is None:
            return None
        same = [each for each in self.open.values() if each.key == matter.key]
        here = same.index(matter)
        since = seen(matter.raised).timestamp() - 0.001 if here else None
        later = same[here + 1:here + 2]
        latest = seen(later[0].raised).timestamp() if later else max(now, seen(matter.newest).timestamp() + 0.002)
        return matter, since, latest - 0.001

    def due(self, now: float, contacts: Sequence[str], within_s: float) -> list[AlarmEscalated]:
        """Whom to call next for what pressing matter nobody has taken up in time; after the last, the first again."""
        found = []
        for each in self.open.values():
            waits = each.pressing and not each.closed and each.taken is None
            if waits and contacts and now - each.called >= within_s:
                found.append(AlarmEscalated(each.raised.alarm, contacts[each.contacts % len(contacts)]))
                each.called = now
        return found

    def notice(self, cameras: Sequence[str]) -> dict[str, Any] | None:
        """What whoever stands at the screen should know: the kind, and what has really become of the call.

        Of several matters the newest that nobody has taken up; nothing of one that is closed.
        """
        near = [each for each in self.open.values()
                if each.pressing and not each.closed and each.raised.camera in cameras]
        first = max(reversed(near), key=lambda each: each.taken is None, default=None)
        if first is None:
            return None
        return {"kind": first.raised.kind, "state": first.state, "matter": first.raised.alarm}


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
