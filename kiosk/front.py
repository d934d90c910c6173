"""What the branch itself shows: the way in, what is closed and why, and the frame around every screen. Pure."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from devices.ports import CallState, Status
from kiosk.flow import Availability, Intent, Json, Line, Reason, Refusal, View

ACCESS = ("large", "contrast", "low", "voice")
ALWAYS = ("language", "access", "call_staff", "stay", "repeat")
WARN_S = 20


@dataclass(frozen=True)
class Branch:
    """What every screen and paper says of this office."""

    id: str
    name_ko: str
    name_en: str
    telephone: str
    hours: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ("ko", "en")
    demo: bool = False


@dataclass(frozen=True)
class Preferences:
    """How this customer wants the screen; forgotten when they leave, never recorded."""

    language: str = "ko"
    access: tuple[str, ...] = ()

    def switched(self, mode: str, on: bool) -> Preferences:
        """One access mode on or off."""
        rest = tuple(m for m in self.access if m != mode)
        return replace(self, access=(*rest, mode) if on else rest)


def wishes_after(intent: Intent, wishes: Preferences, languages: tuple[str, ...]) -> Preferences:
    """How an intent that is always there changes the preferences; Refusal where it makes no sense."""
    match intent.name, intent.args:
        case "language", {"tag": str(tag)} if tag in languages:
            return Preferences(tag, wishes.access)
        case "access", {"mode": str(mode), "on": bool(on)} if mode in ACCESS:
            return wishes.switched(mode, on)
        case (("stay" | "repeat" | "call_staff"), _):
            return wishes
    raise Refusal("malformed")


@dataclass
class Idle:
    """The customer's clock: seconds of silence allowed here (None = no limit). Assisted modes get twice the time."""

    limit_s: int | None = None
    since: float = field(default_factory=time.monotonic)

    def restart(self, limit_s: int | None, assisted: bool) -> None:
        """Somebody acted, or a new step began."""
        self.limit_s = limit_s * 2 if limit_s is not None and assisted else limit_s
        self.since = time.monotonic()

    def left_s(self) -> int | None:
        """Whole seconds left, or None where there is no limit."""
        return None if self.limit_s is None else max(0, round(self.limit_s - (time.monotonic() - self.since)))

    def warning(self) -> bool:
        """True in the last seconds before the visit is given up."""
        left = self.left_s()
        return left is not None and left <= WARN_S

    def over(self) -> bool:
        """True once nobody has answered."""
        return self.left_s() == 0


#: Seconds that a load may lie on the table without a visit before staff are called.
LEFT_AFTER_S = 20.0
UNCLAIMED_AFTER_S = 180.0


@dataclass
class Table:
    """What lies on the scale: grams (None = nothing), since when, whether it is left over, whether staff were called.

    Until the first look after a start the table is `unknown`: what lies there then is nobody's who comes now.
    """

    grams: int | None = None
    since: float = 0.0
    leftover: bool = False
    reported: bool = False
    unknown: bool = False

    def overdue(self, now: float) -> bool:
        """A load that nobody claims."""
        wait = LEFT_AFTER_S if self.leftover else UNCLAIMED_AFTER_S
        return self.grams is not None and not self.reported and now - self.since > wait


#: What suspends only services that need this device: a parcel left on the table, and registered numbers.
CONCERNS = {"table": "scale", "numbers": "label_printer"}


def concerning(needs: tuple[str, ...], reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The branch's own reasons, as far as they touch a service with these needs."""
    return tuple(reason for reason in reasons if reason.device not in CONCERNS or CONCERNS[reason.device] in needs)


def attract(services: Mapping[str, Availability], telephone: str) -> View:
    """The resting screen: what can be done here now, and what cannot."""
    return _open("Attract", services, telephone, "start", idle_s=None)


def home(services: Mapping[str, Availability], telephone: str) -> View:
    """The choice of services; what is not there now is told, with its reason, and cannot be chosen."""
    return _open("Home", services, telephone, "choose", "cancel", idle_s=60)


def _open(
    name: str, services: Mapping[str, Availability], telephone: str, *offers: str, idle_s: int | None
) -> View:
    """A screen of every service while one of them can be started; else the closed branch."""
    shown = tiles(services)
    if not any(tile["available"] for tile in shown):
        return closed(services, telephone)
    lacking = [Line(f"lacking.{tile['name']}") for tile in shown if not tile["available"]]
    ask = [Line("lacking.speech", {"telephone": telephone})] if lacking else []
    speech = (Line(f"{name.lower()}.speech"), *lacking, *ask)
    return View(f"home/{name}", {"services": shown}, offers, speech, idle_s=idle_s)


def closed(services: Mapping[str, Availability], telephone: str) -> View:
    """Nothing can be started now, and why."""
    reasons = sorted({(r.device, r.code) for a in services.values() for r in a.reasons})
    values = {"reasons": [{"device": device, "code": code} for device, code in reasons]}
    return View("home/Closed", values, (), (Line("closed.speech", {"telephone": telephone}),), idle_s=None)


def tiles(services: Mapping[str, Availability]) -> list[Json]:
    """One entry per service: name, whether it can be started, and the device or part that is the first reason."""
    return [
        {"name": name, "available": a.state != "unavailable", "reason": a.reasons[0].device if a.reasons else None}
        for name, a in services.items()
    ]


def staff_state(calls: Mapping[str, str]) -> str:
    """The furthest that any open call of this customer has really come."""
    order = (CallState.ON_THE_WAY, CallState.ANSWERED, CallState.CALLING, CallState.NO_ANSWER)
    return next((str(state) for state in order if state in calls.values()), "none")


def chrome(
    branch: Branch,
    wishes: Preferences,
    idle: Idle,
    calls: Mapping[str, str],
    devices: Mapping[str, Status],
    privacy: bool,
    waiting: bool = False,
) -> Json:
    """The frame around every screen, as docs/link.md has it."""
    return {
        "language": wishes.language,
        "languages": list(branch.languages),
        "access": {mode: mode in wishes.access for mode in ACCESS},
        "staff": {
            "state": staff_state(calls), "telephone": branch.telephone, "hours": branch.hours.get(wishes.language, ""),
            "waiting": waiting,
        },
        "idle": {"limit_s": idle.limit_s, "warn": idle.warning(), "left_s": idle.left_s()},
        "demo": branch.demo,
        "simulated": any(status.simulated for status in devices.values()),
        "branch": {"id": branch.id, "name_ko": branch.name_ko, "name_en": branch.name_en},
        "privacy": privacy,
        "alarm": None,
    }


def frame(view: View, seq: int, step_seq: int, around: Json) -> Json:
    """A whole `view` message."""
    return {
        "type": "view", "seq": seq, "step_seq": step_seq, "screen": view.screen, "title": view.title,
        "position": list(view.position), "values": dict(view.values), "offers": list(view.offers),
        "speech": [_line(line) for line in view.speech], "notice": _line(view.notice) if view.notice else None,
        "preview": view.preview, "chrome": around,
    }  # fmt: skip


def without_clock(message: Json) -> Json:
    """The message as far as a change of it is worth sending: seconds tick by themselves on the screen."""
    around = dict(message["chrome"])
    idle = around["idle"]
    around["idle"] = (idle["limit_s"], idle["warn"])
    return {**message, "chrome": around}


def _line(line: Line) -> Json:
    return {"id": line.id, "args": dict(line.args), **({"private": True} if line.private else {})}
