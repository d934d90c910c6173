"""What every customer flow is made of: a place in a visit, a view of it, and the shape of a service. Pure.

A flow is a function (At, Fact) -> At. No clock, thread, Qt or disk inside; time enters as facts, devices as commands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from devices.ports import TOLERABLE, Status
from kiosk.facts import Command, DeviceChanged, Fact, StaffTaskRaised, VisitStarted
from kiosk.servicemap import to_bring

Json: TypeAlias = dict[str, Any]
S = TypeVar("S", bound=StrEnum)
D = TypeVar("D")


def changed(record: D, **changes: Any) -> D:
    """dataclasses.replace for a frozen record without __post_init__, in a fraction of its time; names a stray."""
    known = vars(record)
    if strays := changes.keys() - known.keys():
        raise TypeError(f"{type(record).__name__} has no {', '.join(sorted(strays))}")
    copy: D = object.__new__(type(record))
    vars(copy).update(known, **changes)
    return copy


@dataclass(frozen=True)
class At(Generic[S, D]):
    """Where a visit stands: the step, what is known so far, and the commands that this step asks for.

    `within` tells places apart that share a step: where a flow inside this one stands, which field is asked for.
    """

    step: S
    draft: D
    todo: tuple[Command, ...] = ()
    within: str = ""

    @property
    def place(self) -> tuple[S, str]:
        """What the desk compares: another place is another screen, with a clock of its own."""
        return self.step, self.within

    def to(self, step: S, *todo: Command, **changes: Any) -> At[S, D]:
        """Another step (or the same anew), with commands and changes to the draft."""
        return At(step, changed(self.draft, **changes), todo)

    def stay(self, *todo: Command, **changes: Any) -> At[S, D]:
        """The same step, with commands and changes to the draft."""
        return self.to(self.step, *todo, **changes)


@dataclass(frozen=True)
class Line:
    """A message id with its values; sentences are made by the words. `private`: said through earphones alone."""

    id: str
    args: Mapping[str, Any] = field(default_factory=dict)
    private: bool = False


@dataclass(frozen=True)
class View:
    """What the screen is asked to show: a screen name, JSON values, the intents it may send back, what is spoken."""

    screen: str
    values: Mapping[str, Any] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    speech: tuple[Line, ...] = ()
    title: str = ""
    position: tuple[int, int] = (0, 0)
    notice: Line | None = None
    idle_s: int | None = 60
    preview: bool = False
    private: bool = True  # False: nothing of a customer is on it, so that all of it may be spoken aloud


@dataclass(frozen=True)
class Intent:
    """What the customer asked for on the screen, as it came over the link, not yet believed."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """An intent whose content cannot be accepted; the id names a sentence that tells the customer what to do."""

    def __init__(self, message: str, **args: Any) -> None:
        super().__init__(message)
        self.line = Line(message, args)


@dataclass(frozen=True)
class Situation:
    """What a service may know of the moment: UTC and local time, language, devices by name, journal head (hex).

    `tasks` are those that wait for a person, `changes` the last changes of devices with their times (UTC).
    """

    now: datetime
    local: datetime
    language: str
    devices: Mapping[str, Status]
    visit: str = ""
    head: str = ""
    tasks: tuple[StaffTaskRaised, ...] = ()
    changes: tuple[tuple[datetime, DeviceChanged], ...] = ()
    signs: frozenset[str] = frozenset()  # what the lobby's camera sees just now of the customer; in memory alone


class Service(Protocol):
    """One service of the branch: its flow, its views, its paper. Stateless; everything it needs is handed to it."""

    @property
    def name(self) -> str:
        """Its folder's name."""

    @property
    def facts(self) -> tuple[type[Fact], ...]:
        """The facts that only this service knows."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Devices without which it cannot be had."""

    @property
    def wants(self) -> tuple[str, ...]:
        """Devices without which it is degraded."""

    @property
    def verified(self) -> bool:
        """False while a figure it charges by was never compared with its official source."""

    def begin(self, started: VisitStarted) -> At[Any, Any]:
        """The first place of a visit."""

    def step(self, at: At[Any, Any], fact: Fact) -> At[Any, Any]:
        """The flow: where this fact leads. Pure."""

    def view(self, at: At[Any, Any], now: Situation) -> View:
        """What the customer sees here."""

    def hear(self, at: At[Any, Any], intent: Intent, now: Situation) -> Fact:
        """The fact that an offered intent means, or Refusal."""

    def ask(self, at: At[Any, Any], question: str, text: str) -> tuple[Json, ...]:
        """Answer a look-up of the current screen (address search); nothing is recorded. Unknown question: empty."""

    def dress(self, at: At[Any, Any], command: Command, now: Situation) -> Command:
        """The command with its paper laid out, where it prints."""

    def ended(self, at: At[Any, Any]) -> str | None:
        """The visit's outcome once it is over, else None."""

    def behind(self, at: At[Any, Any]) -> bool:
        """True when the customer has gone and the rest goes on without the screen."""


@dataclass(frozen=True)
class Posted:
    """One fact on its way to the desk; visit is empty for what belongs to the branch."""

    visit: str
    fact: Fact


Reply: TypeAlias = Callable[[Json], None]


@dataclass(frozen=True)
class Said:
    """An intent from a client of the link, with the `seq` of the view that was on its screen."""

    intent: Intent
    seq: int
    reply: Reply


@dataclass(frozen=True)
class Asked:
    """A look-up from a client of the link."""

    question: str
    n: int
    text: str
    reply: Reply


@dataclass(frozen=True)
class Ticked:
    """Something on the screen may have aged: show it anew. Recorded nowhere."""


Item: TypeAlias = Posted | Said | Asked | Ticked
Post: TypeAlias = Callable[[Item], None]


@dataclass(frozen=True)
class Reason:
    """Why a service, or part of it, is not to be had: the device (or `table`, `numbers`) and its fault or state."""

    device: str
    code: str


@dataclass(frozen=True)
class Availability:
    """available, degraded (a wanted device is missing) or unavailable (a needed one is).

    `bring`: things that a person should bring (kiosk/servicemap.py), also for what is low and not yet out.
    """

    state: str
    reasons: tuple[Reason, ...] = ()
    bring: tuple[str, ...] = ()


def availability(service: Service, devices: Mapping[str, Status], suspended: tuple[Reason, ...]) -> Availability:
    """What can be said of a service now; a device that nobody has heard from is not there."""
    lacking = suspended + tuple(_reason(name, devices) for name in service.needs if not _usable(name, devices))
    weak = tuple(_reason(name, devices) for name in service.wants if not _usable(name, devices))
    low = [(name, code) for name in (*service.needs, *service.wants) for code in _tolerated(name, devices)]
    bring = to_bring([*((reason.device, reason.code) for reason in lacking + weak), *low])
    if lacking:
        return Availability("unavailable", lacking, bring)
    return Availability("degraded" if weak else "available", weak, bring)


def _tolerated(name: str, devices: Mapping[str, Status]) -> list[str]:
    """Faults with which a device still serves."""
    return sorted(devices[name].faults & TOLERABLE) if name in devices else []


def _usable(name: str, devices: Mapping[str, Status]) -> bool:
    return name in devices and devices[name].usable


def _reason(name: str, devices: Mapping[str, Status]) -> Reason:
    """The device's worst fault, or its state where it reports none."""
    if name not in devices:
        return Reason(name, "noDevice")
    status = devices[name]
    return Reason(name, min(status.faults - TOLERABLE, default=status.state))
