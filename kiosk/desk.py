"""Hears an event, writes it down, asks the flow, shows, commands: the one place where things are decided.

One listener, in order. A fact is on disk before anything acts on it. Visits whose customer has gone go on behind.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from devices.ports import Status
from kiosk import facts as f
from kiosk import front, mishap
from kiosk.alert import Quiet
from kiosk.calls import Calls
from kiosk.care import BadgeShown
from kiosk.flow import (
    Asked,
    At,
    Availability,
    Intent,
    Item,
    Json,
    Posted,
    Reason,
    Refusal,
    Said,
    Service,
    Situation,
    Ticked,
    View,
    availability,
)
from kiosk.hands import Hands
from kiosk.journal import Entry

log = logging.getLogger(__name__)
#: Seconds that a badge shown while a customer is in front is remembered.
BADGE_WAITS_S = 300.0


class Ledger(Protocol):
    """The journal, asked from the event loop."""

    async def append(self, visit: str, fact: f.Fact) -> Entry:
        """On disk when this returns."""

    def head(self) -> str:
        """The chain's head, hex."""


@dataclass
class Visit:
    """One customer's business: its service and where it stands."""

    id: str
    service: Service
    at: At[Any, Any]


@dataclass
class Desk:
    """All state of the branch that is not in a device or on disk."""

    menu: tuple[Service, ...]
    ledger: Ledger
    hands: Hands
    show: Callable[[Json], None]
    devices: Callable[[], Mapping[str, Status]]
    branch: front.Branch
    zone: ZoneInfo
    numbers_left: int = 0
    visits: dict[str, Visit] = field(default_factory=dict)
    front_id: str = ""
    at_home: bool = False
    wishes: front.Preferences = field(default_factory=front.Preferences)
    idle: front.Idle = field(default_factory=front.Idle)
    calls: Calls = field(init=False)
    table: front.Table = field(default_factory=lambda: front.Table(unknown=True))
    care: Service | None = None
    held: Callable[[], bool] = lambda: False
    guard: Quiet = field(default_factory=Quiet)
    badge: tuple[str, float] | None = None
    changes: deque[tuple[datetime, f.DeviceChanged]] = field(default_factory=lambda: deque(maxlen=20))
    previewing: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    seq: int = 0
    step_seq: int = 0
    shown: Json = field(default_factory=dict)
    _refused: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.calls = Calls(self.ledger, self.hands)

    # Hearing

    async def hear(self, item: Item) -> None:
        """One event, to its end."""
        match item:
            case Posted(visit, fact):
                await self._fact(visit, fact)
            case Said():
                await self._said(item)
            case Asked():
                self._asked(item)
            case Ticked():
                await self._ticked()
        self._refresh()

    async def _fact(self, visit: str, fact: f.Fact) -> None:
        """A fact of a visit goes to its flow; a fact of the table goes to the customer in front; others are kept."""
        if isinstance(fact, f.Placed | f.Lifted):
            await self._table(fact)
        elif visit in self.visits:
            await self._step(self.visits[visit], fact)
        elif visit:
            await self._stray(visit, fact)
        else:
            await self._branch_fact(fact)

    async def _table(self, fact: f.Placed | f.Lifted) -> None:
        """What happens on the table belongs to whoever stands in front."""
        grams = fact.grams if isinstance(fact, f.Placed) else None
        unknown = self.table.unknown and grams is not None and not self.front_id
        self.table = front.Table(grams, time.monotonic(), unknown)
        if self.front_id:
            await self._step(self.visits[self.front_id], fact)
        else:
            await self.ledger.append("", fact)

    async def _unclaimed(self) -> None:
        """A parcel without a visit suspends intake and becomes a staff task."""
        if not self.front_id and self.table.overdue(time.monotonic()):
            self.table.leftover = self.table.reported = True
            await self.ledger.append("", f.ParcelLeftBehind(self.table.grams or 0))
            await self.calls.raise_task("parcel_left_behind")

    async def _stray(self, visit: str, fact: f.Fact) -> None:
        """A late outcome for a visit that is closed: kept, and money is handed to a person."""
        await self.ledger.append(visit, fact)
        if isinstance(fact, f.Paid):
            await self.calls.raise_task("late_payment", fact.key, fact.won)

    async def _branch_fact(self, fact: f.Fact) -> None:
        if isinstance(fact, f.StaffTaskClosed) and fact.task in self.calls.tasks:
            await self._settled(self.calls.tasks[fact.task])
        if self.calls.hear(fact):
            await self.ledger.append("", fact)
        await self.guard.heard(fact)
        if isinstance(fact, f.DeviceChanged):
            self.changes.append((datetime.now(UTC), fact))
            await self.calls.alarm(fact)
        if isinstance(fact, BadgeShown) and self.care is not None:
            self.badge = (fact.card, time.monotonic())
            await self._admit()

    async def _admit(self) -> None:
        """Staff with a badge come in once the customer in front has finished; a badge is not waited for longer."""
        if self.badge is None or self.care is None:
            return
        card, since = self.badge
        inside = bool(self.front_id) and self.visits[self.front_id].service is self.care
        if time.monotonic() - since > BADGE_WAITS_S:
            self.badge = None
        elif inside or not (self.front_id or self.at_home):
            self.badge = None
            if not inside:
                await self._open(self.care)
            await self._step(self.visits[self.front_id], BadgeShown(card))
            self.restart_idle()

    async def _settled(self, task: f.StaffTaskRaised) -> None:
        """Money of an open visit: its flow hears of it before the task is closed, so that it never asks on for ever."""
        visit = self.visits.get(task.number.rpartition("-")[0])
        if visit is not None:
            await self._step(visit, f.StaffSettled(task.reason, task.number))

    async def _step(self, visit: Visit, fact: f.Fact) -> None:
        """Write it down, ask the flow, act."""
        await self.ledger.append(visit.id, fact)
        before = visit.at.place
        visit.at = visit.service.step(visit.at, fact)
        if isinstance(fact, f.Paid) and (visit.at.place, visit.at.todo) == (before, ()):
            await self.calls.raise_task("late_payment", fact.key, fact.won, visit.id == self.front_id)  # of no use here
        if visit.at.place != before:
            self.hands.drop_passive(visit.id)
        self._began(visit, before)
        for command in visit.at.todo:
            await self._command(visit, command)
        await self._ending(visit)

    async def _command(self, visit: Visit, command: f.Command) -> None:
        if isinstance(command, f.CallStaff):
            await self.calls.raise_task(command.reason, command.number, command.won, visit.id == self.front_id)
            return
        try:
            command = visit.service.dress(visit.at, command, self.situation(visit.id))
        except Exception as error:  # what cannot be laid out ends, undrawn, as a fault of its printer
            log.error("%s could not be laid out: %s", type(command).__name__, mishap.where(error))
        self.hands.do(visit.id, command)

    def _began(self, visit: Visit, before: object) -> None:
        """A new step gets a new clock; an old one keeps it."""
        if visit.id == self.front_id and visit.at.place != before:
            self.step_seq = self.seq + 1
            self.restart_idle()

    async def _ending(self, visit: Visit) -> None:
        """Close what is over; free the screen from what goes on behind."""
        outcome = visit.service.ended(visit.at)
        if outcome is not None:
            await self.ledger.append(visit.id, f.VisitClosed(outcome))
            self.counts[outcome] = self.counts.get(outcome, 0) + 1
            self.hands.forget(visit.id)
            del self.visits[visit.id]
        if visit.id == self.front_id and (outcome is not None or visit.service.behind(visit.at)):
            self._to_attract()

    def _to_attract(self) -> None:
        """The next customer finds nothing of the last one."""
        self.front_id, self.at_home = "", False
        self.wishes = front.Preferences()
        self.calls.mine = set()
        self.table = replace(self.table, leftover=self.table.grams is not None, since=time.monotonic())
        self.step_seq = self.seq + 1
        self.restart_idle()

    # Saying

    async def _said(self, said: Said) -> None:
        """An intent: believed only if the step that was on the screen still offers it."""
        name = said.intent.name
        why = self._not_accepted(said)
        if why:
            self._refuse(said, why)
            return
        self.restart_idle()
        try:
            if name in front.ALWAYS:
                await self._always(said.intent)
            elif self.front_id:
                visit = self.visits[self.front_id]
                await self._step(visit, visit.service.hear(visit.at, said.intent, self.situation(visit.id)))
            else:
                await self._home(said.intent)
        except Refusal as refusal:
            said.reply({"type": "refused", "intent": name, "reason": refusal.line.id, "args": dict(refusal.line.args)})

    def _not_accepted(self, said: Said) -> str:
        if said.intent.name in front.ALWAYS:
            return ""
        current = self.step_seq <= said.seq <= self.seq
        return "stale" if not current else "" if said.intent.name in self.view().offers else "not_offered"

    def _refuse(self, said: Said, why: str) -> None:
        """Answered every time, logged once per step."""
        said.reply({"type": "refused", "intent": said.intent.name[:40], "reason": why, "args": {}})
        key = (self.step_seq, said.intent.name[:40])
        if key not in self._refused:
            self._refused = {one for one in self._refused if one[0] == self.step_seq}
            self._refused.add(key)
            log.warning("intent %r refused: %s", key[1], why)

    async def _always(self, intent: Intent) -> None:
        self.wishes = front.wishes_after(intent, self.wishes, self.branch.languages)
        if intent.name == "call_staff":
            await self.calls.customer_calls()

    async def _home(self, intent: Intent) -> None:
        match intent.name, intent.args:
            case "start", _:
                self.at_home, self.step_seq = True, self.seq + 1
            case "cancel", _:
                self._to_attract()
            case "choose", {"service": str(name)}:
                await self._begin(name)
            case _:
                raise Refusal("malformed")
        self.restart_idle()

    async def _begin(self, name: str) -> None:
        """Open a visit, if its service is to be had now."""
        service = next((s for s in self.menu if s.name == name), None)
        if service is None or self.available()[name].state == "unavailable":
            raise Refusal("not_offered")
        await self._open(service)
        if self.table.grams is not None:
            await self._step(self.visits[self.front_id], f.Placed(self.table.grams))

    async def _open(self, service: Service) -> None:
        """A visit in front."""
        visit_id = secrets.token_hex(6)
        started = f.VisitStarted(service.name, self.wishes.language, visit_id)
        await self.ledger.append(visit_id, started)
        self.visits[visit_id] = Visit(visit_id, service, service.begin(started))
        self.front_id, self.at_home, self.step_seq = visit_id, False, self.seq + 1

    def _asked(self, asked: Asked) -> None:
        """A look-up changes nothing."""
        items: tuple[Json, ...] = ()
        if self.front_id:
            visit = self.visits[self.front_id]
            try:
                items = visit.service.ask(visit.at, asked.question, asked.text)
            except Refusal as refusal:
                asked.reply({"type": "refused", "intent": asked.question, "reason": refusal.line.id, "args": {}})
                return
        asked.reply({"type": "answer", "ask": asked.question, "n": asked.n, "items": list(items)})

    async def _ticked(self) -> None:
        """The idle clock ran out, perhaps; a load lies there without a visit, perhaps."""
        await self._unclaimed()
        await self._admit()
        if not self.idle.over():
            return
        if self.front_id:
            self.restart_idle()
            await self._step(self.visits[self.front_id], f.IdledOut())
        else:
            self._to_attract()

    # Showing

    def situation(self, visit: str = "") -> Situation:
        """What a service may know of the moment."""
        now = datetime.now(UTC)
        return Situation(
            now, now.astimezone(self.zone), self.wishes.language, self.devices(), visit, self.ledger.head(),
            tuple(self.calls.tasks.values()), tuple(self.changes), self.guard.signs(),
        )  # fmt: skip

    def available(self) -> dict[str, Availability]:
        """What can be said of every service now."""
        held, there = self.suspended(), self.devices()
        return {s.name: availability(s, there, front.concerning(s.needs, held)) for s in self.menu}

    def suspended(self) -> tuple[Reason, ...]:
        """Reasons of the branch itself: a parcel left on the table, no numbers."""
        inside = bool(self.front_id) and self.visits[self.front_id].service is self.care
        reasons = (
            (self.table.leftover and not self.front_id, Reason("table", "parcel_left_behind")),
            (inside, Reason("branch", "maintenance")),
            (self.held(), Reason("branch", "reckoning")),
            (self.numbers_left <= 0, Reason("numbers", "consumable_out")),
        )
        return tuple(reason for holds, reason in reasons if holds)

    def view(self) -> View:
        """What belongs on the screen now."""
        if self.front_id:
            visit = self.visits[self.front_id]
            return visit.service.view(visit.at, self.situation(visit.id))
        return (front.home if self.at_home else front.attract)(self.available(), self.branch.telephone)

    def restart_idle(self) -> None:
        """Somebody is there."""
        self.idle.restart(self.view().idle_s, bool({"large", "voice", "low"} & set(self.wishes.access)))

    def _refresh(self) -> None:
        """Send the view if anything on it changed."""
        view = self.view()
        if view.preview != self.previewing:
            self.previewing = view.preview
            self.hands.preview(view.preview)
        around = front.chrome(
            self.branch, self.wishes, self.idle, self.calls.in_front(), self.devices(),
            bool(self.front_id) and view.private, self.badge is not None) | {"alarm": self.guard.notice()}  # fmt: skip
        message = front.frame(view, 0, 0, around)
        quiet = front.without_clock(message)
        if quiet == self.shown.get("quiet"):
            return
        self.seq += 1
        self.shown = {"quiet": quiet, "message": front.frame(view, self.seq, min(self.step_seq, self.seq), around)}
        self.show(self.shown["message"])

    async def resume(self, visit_id: str, entries: list[Entry], services: Mapping[str, Service]) -> None:
        """Fold a visit that a stop left open, place the calls of its last fact, tell its flow that we are back."""
        facts = [entry.fact for entry in entries if entry.fact is not None]
        started = facts[0]
        if not isinstance(started, f.VisitStarted) or started.service not in services:
            await self.calls.raise_task("visit_unreadable")
            return
        service = services[started.service]
        at = service.begin(started)
        for fact in facts[1:]:
            at = service.step(at, fact)
        visit = self.visits[visit_id] = Visit(visit_id, service, at)
        for command in at.todo:
            if isinstance(command, f.CallStaff):
                await self._command(visit, command)
        if not self.front_id and not service.behind(at) and service.ended(at) is None:
            self.front_id, self.wishes = visit_id, front.Preferences(started.language)
        await self._step(visit, f.Resumed())
