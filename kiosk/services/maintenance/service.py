"""Ties the maintenance mode to its screens and its test strip. Customers are never offered it: a badge opens it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from devices.ports import Picture
from kiosk import care as c
from kiosk import facts as f
from kiosk import paper
from kiosk.facts import Command, Fact
from kiosk.flow import At, Intent, Json, Refusal, Situation, View
from kiosk.services.maintenance import flow, views
from kiosk.services.maintenance.flow import Step
from kiosk.words import Words

#: What the code of a test strip says: no number of a parcel.
STRIP_CODE = "TEST"
#: Digits of a PIN.
PIN_LENGTH = range(6, 13)
PLAIN: dict[str, type[Fact]] = {"back": f.Back, "cancel": f.Cancelled, "confirm": f.Confirmed}


@dataclass(frozen=True)
class Maintenance:
    """The service as the desk knows it (kiosk.flow.Service). `printers`: width in dots and dots per inch by name;
    `cameras`: of the measuring table; `box_mm`: the box of known size."""

    korean: Words
    printers: dict[str, tuple[int, int]]
    doors: int = 0
    cameras: tuple[str, ...] = ()
    box_mm: tuple[float, ...] = ()
    name: str = "maintenance"
    facts: tuple[type[Fact], ...] = c.FACTS
    needs: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    verified: bool = True

    def begin(self, started: f.VisitStarted) -> At[Any, Any]:
        """At the PIN; the badge follows."""
        return flow.begin()

    def step(self, at: At[Any, Any], fact: Fact) -> At[Any, Any]:
        """The flow."""
        return flow.step(at, fact)

    def view(self, at: At[Any, Any], now: Situation) -> View:
        """The view of this step."""
        return views.view(at, now, views.Site(self.doors, self.cameras, self.box_mm))

    def hear(self, at: At[Any, Any], intent: Intent, now: Situation) -> Fact:
        """What this intent means here."""
        if intent.name in PLAIN:
            return PLAIN[intent.name]()
        role = at.draft.role
        match intent.name, intent.args:
            case "pin", {"digits": str(digits)} if digits.isascii() and digits.isdigit() and len(digits) in PIN_LENGTH:
                return c.PinGiven(digits)
            case "pin", {"digits": str()}:
                raise Refusal("error.pin")
            case "open", {"page": str(page), **rest} if page in flow.PAGES:
                return _page(page, str(rest.get("device", "")), now)
            case "calibrate", {"camera": str(camera)} if camera in self.cameras:
                return c.CameraChosen(camera)
            case "readable", {"yes": bool(yes)}:
                return c.ReadabilityGiven(yes)
            case "open_door", {"door": int(door), "reason": str(reason)} if not isinstance(door, bool):
                return self._door(door, reason, role)
            case "settle", {"task": str(task), "how": str(how)} if how in c.SETTLEMENTS:
                return _settlement(task, how, role, now)
            case "tare", {"clear": bool(clear)}:
                return c.TareAsked(clear)
            case "commission", {"camera": str(camera)} if camera in views.watched(now) and c.may(role, "test"):
                return c.LearningAsked(camera)
        raise Refusal("malformed")

    def _door(self, door: int, reason: str, role: str) -> Fact:
        if not 1 <= door <= self.doors or reason not in c.DOOR_REASONS:
            raise Refusal("malformed")
        if not c.may(role, reason):
            raise Refusal("error.role")
        return c.DoorAsked(door, reason)

    def ask(self, at: At[Any, Any], question: str, text: str) -> tuple[Json, ...]:
        """Nothing is looked up here."""
        return ()

    def dress(self, at: At[Any, Any], command: Command, now: Situation) -> Command:
        """The test strip of a printer."""
        match command:
            case c.SelfTest(device) | c.PrintStrip(device) if device in self.printers:
                return replace(command, picture=self._strip(device, now))
        return command

    def _strip(self, device: str, now: Situation) -> Picture:
        """A band over every dot of the head, name, time, Hangul, digits and a code: what eye and scanner can judge."""
        width, dpi = self.printers[device]
        slip = paper.Column(width, dpi)
        slip.banner(self.korean.say("maintenance.strip.paper"))
        slip.gap(2)
        slip.text(self.korean.say(f"device.{device}"), 5, bold=True)
        slip.text(f"{now.local:%Y-%m-%d %H:%M:%S}", 4)
        slip.text("가나다라마바사아자차카타파하", 4)
        slip.text("0123456789 ABCDEFG abcdefg", 4)
        slip.rule()
        slip.code128(STRIP_CODE)
        return slip.picture(tail=4)

    def ended(self, at: At[Any, Any]) -> str | None:
        """How it was left."""
        return (at.draft.why or "left") if at.step is Step.LEFT else None

    def behind(self, at: At[Any, Any]) -> bool:
        """Never: staff stand in front."""
        return False


def _page(page: str, device: str, now: Situation) -> Fact:
    """A page that exists, about a device that exists."""
    wanted = page in ("device", "paper")
    if (wanted and device not in now.devices) or (page == "paper" and device not in views.PRINTERS):
        raise Refusal("malformed")
    return c.PageOpened(page, device if wanted else "")


def _settlement(task: str, how: str, role: str, now: Situation) -> Fact:
    """Money is settled by an officer alone; a technician sees the task and cannot close it."""
    asked = next((each for each in now.tasks if each.task == task), None)
    if asked is None:
        raise Refusal("malformed")
    if (asked.won > 0 or how == "refunded") and not c.may(role, "money"):
        raise Refusal("error.role")
    return c.SettlementGiven(task, how)


def open_service(
    printers: dict[str, tuple[int, int]], doors: int, cameras: tuple[str, ...] = (), box_mm: tuple[float, ...] = ()
) -> Maintenance:
    """The mode of this branch."""
    return Maintenance(Words("ko"), printers, doors, cameras, box_mm)
