"""Acts on what the risk guard tells: facts, lamps and siren, and calls that go on until a person takes them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any, Protocol

from devices.guarding import BEGINNING, Alarm, Guard, Kept, News, Urgency
from devices.ports import CallState, DeviceFault, Lamp, StaffCall
from kiosk import alert as a
from kiosk import care as c
from kiosk import facts as f
from kiosk.calls import Calls
from kiosk.config import GuardTable
from kiosk.flow import Post, Posted

log = logging.getLogger(__name__)
#: Seconds: one wait for news, until a guard that does not answer is told of, and until one that has yet to begin is.
WAIT_S, SILENT_S, START_S = 2.0, 3.0, 30.0
#: Seconds: between two tries, how long one warning sounds, and the longest that the call desk is waited for.
AGAIN_S, SOUNDS_S, CALL_S = 0.5, 5.0, 5.0
#: What the journal tells of matters that a stop left open.
TOLD = (a.AlarmRaised, a.AlarmEscalated, a.AlarmAcknowledged, a.EvidenceKept, f.StaffTaskRaised, f.StaffAnswered,
        c.TaskSettled, f.StaffTaskClosed)


class Written(Protocol):
    """One entry of the journal."""

    @property
    def at(self) -> datetime:
        """When it was written, UTC."""

    @property
    def fact(self) -> f.Fact | None:
        """What was written."""


@dataclass(frozen=True)
class Rules:
    """Who is called and how long is waited: contacts in their order, cameras that look at the lobby, seconds."""

    contacts: tuple[str, ...] = ()
    lobby: tuple[str, ...] = ()
    acknowledge_s: float = 60.0
    siren_s: float = 180.0
    signs: bool = False  # whether what the lobby's cameras see of a customer may be asked for
    zone: tzinfo = UTC  # in which staff read when something was


def rules(table: GuardTable, zone: tzinfo = UTC) -> Rules:
    """Those of the configuration."""
    contacts = tuple(each.id for each in table.contacts)
    return Rules(contacts, table.lobby, table.acknowledge_s, table.siren_s, table.signs, zone)


@dataclass
class Warden(a.Quiet):
    """Listens to one guard. What it decides, it posts: the desk writes it down, and only then it is acted on."""

    guard: Guard
    calls: Calls
    staff_call: StaffCall
    post: Post
    rules: Rules
    public: bytes
    inside: Callable[[], bool]
    background: Callable[[Callable[[], Awaitable[None]]], None]
    book: a.Book = field(default_factory=a.Book)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    place: tuple[str, int] = BEGINNING
    standing: dict[str, Urgency] = field(default_factory=dict)
    faulty: bool = False
    silent: bool = False
    _seen: frozenset[str] = frozenset()
    _loud: dict[tuple[str, str], float] = field(default_factory=dict)
    _releases: deque[tuple[str, str, float | None, float]] = field(default_factory=deque)
    _answered: float = field(default_factory=time.monotonic)
    _failed: float | None = None
    _told_staff: bool | None = None
    _greeted: str = ""

    def take_up(self, entries: Sequence[Written]) -> None:
        """What was told before the last stop, at its time; what was closed and not acknowledged is so now."""
        ahead, now = time.time() - time.monotonic(), time.monotonic()
        for entry in entries:
            fact = entry.fact
            if isinstance(fact, c.TaskSettled) and (matter := self.book.of_task(fact.task)):
                matter.by = fact.staff
            self.book.hear(fact, min(now, entry.at.timestamp() - ahead))
            if isinstance(fact, a.AlarmRaised | a.EvidenceKept) and fact.boot:
                self.place = (fact.boot, fact.n)
        for matter in self.book.open.values():
            if matter.closed:
                self.post(Posted("", a.AlarmAcknowledged(matter.raised.alarm, matter.by)))

    async def run(self) -> None:
        """Listen, and watch the clock; for ever. What a stop kept from becoming a task becomes one first."""
        for matter in [each for each in self.book.open.values() if not (each.task or each.closed)]:
            await self._task(matter)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._clock())

    # What the guard says

    async def _listen(self) -> None:
        while True:
            try:
                await self._news()
            except DeviceFault as fault:
                log.info("no news of the guard: %s", fault.code)
                self._seen, self._failed = frozenset(), self._failed or time.monotonic()
                await asyncio.sleep(AGAIN_S)

    async def _news(self) -> None:
        news = await self.guard.news(self.place, WAIT_S if self._greeted else 0.0)
        if news.after[0] != self._greeted:
            await self.guard.seal_for(self.public)
            if self._greeted:
                self._releases.clear()  # a guard that was started again holds nothing
            self._greeted, self._told_staff = news.after[0], None
        self._answered, self._failed, self.silent = time.monotonic(), None, False
        self.take(news)
        self.place = news.after

    def take(self, news: News) -> None:
        """Every piece of news becomes a fact; what stands is shown at once."""
        self.standing = dict(news.standing)
        if self.rules.signs:
            self._seen = frozenset().union(*(news.signs.get(camera, frozenset()) for camera in self.rules.lobby))
        self.faulty = any(set(found) - {"camera_slow"} for found in news.faults.values())
        for one in news.alarms:
            self.post(Posted("", fact_of(one, news.after[0])))
        self.hurry.set()

    async def _clock(self) -> None:
        """Once a second: a guard that is silent, staff who came or went, calls that nobody has taken."""
        while True:
            await asyncio.sleep(1.0)
            now = time.monotonic()
            if not self.silent and self._overdue(now):
                self._fallen_silent()
            for fact in self.book.due(now, self.rules.contacts, self.rules.acknowledge_s):
                self.background(partial(self._escalate, fact))
            await self._release()
            if self.inside() != self._told_staff and not self.silent:
                with contextlib.suppress(DeviceFault):
                    await self.guard.staff(self.inside())
                    self._told_staff = self.inside()

    def _overdue(self, now: float) -> bool:
        """Whether the guard should have answered long ago; one that is gone is not waited for."""
        if not self._greeted:
            return now - self._answered > START_S
        return now - self._answered > SILENT_S + WAIT_S or (
            self._failed is not None and now - self._failed > SILENT_S)

    async def _escalate(self, due: a.AlarmEscalated) -> None:
        """The next contact, unless the call desk has recorded meanwhile that a person has taken it up."""
        matter = self.book.open.get(due.alarm)
        if matter is not None and matter.task:
            with contextlib.suppress(DeviceFault):  # one that cannot be asked may still be called
                if await self.staff_call.state(matter.task, CALL_S) in (*a.TAKEN, CallState.CLOSED):
                    return
        self.post(Posted("", due))

    def _fallen_silent(self) -> None:
        """A guard that does not answer guards nothing: the relay drops, and a person is called."""
        self.silent = True
        seen = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.post(Posted("", a.AlarmRaised(secrets.token_hex(6), "guard", "vision_stalled", "warning", seen)))
        self.hurry.set()

    # What is acted on, once it is written down

    async def heard(self, fact: f.Fact) -> None:
        """A fact of the branch is on disk."""
        match fact:
            case f.StaffTaskClosed(task):
                self._closed(task)
            case a.AlarmAcknowledged(alarm):
                self._seen_to(alarm)
        self.book.hear(fact, time.monotonic())
        match fact:
            case a.AlarmRaised() as raised:
                await self._raised(raised)
            case a.AlarmEscalated(alarm, contact):
                self._call(alarm, contact)

    async def _raised(self, raised: a.AlarmRaised) -> None:
        lasts = {"warning": SOUNDS_S, "critical": self.rules.siren_s}.get(raised.urgency, 0.0)
        if lasts and not a.of_camera(raised.kind):
            about = raised.camera, raised.kind
            self._loud[about] = max(self._loud.get(about, 0.0), time.monotonic() + lasts)
        self.hurry.set()
        matter = self.book.of_alarm(raised)
        if a.reason(raised) and matter is not None and not matter.task:
            await self._task(matter)

    async def _task(self, matter: a.Matter) -> None:
        """A person is called for it; its task is the one of its camera and time."""
        why, number = a.reason(matter.raised), a.number(matter.raised, self.rules.zone)
        await self.calls.raise_task(why, number)
        for task in self.calls.tasks.values():
            if (task.reason, task.number) == (why, number):
                self.book.hear(task, time.monotonic())

    def _closed(self, task: str) -> None:
        """Whoever closes its task, here or at the call desk, has seen to the matter."""
        matter = self.book.of_task(task)
        if matter is not None and not matter.closed:
            self.post(Posted("", a.AlarmAcknowledged(matter.raised.alarm, matter.by or a.CALL_DESK)))

    def _seen_to(self, alarm: str) -> None:
        """This matter's siren and lamp go out, and no other's."""
        found = self.book.span(alarm, time.time())
        if found is None:
            return
        matter, since, until = found
        about = matter.raised.camera, matter.raised.kind
        if self.book.of_alarm(matter.raised) is matter:
            self._loud.pop(about, None)
        if matter.pressing:
            self._releases.append((*about, since, until))
        self.hurry.set()

    def _call(self, alarm: str, contact: str) -> None:
        """The next contact; a desk that cannot be reached is asked again with the next turn."""
        matter = self.book.open.get(alarm)
        if matter is None:
            return
        task, why = matter.task or alarm, a.reason(matter.raised)

        async def call() -> None:
            try:
                await self.staff_call.call(task, why, CALL_S, contact)
            except DeviceFault as fault:
                log.warning("contact %s was not called: %s", contact, fault.code)

        self.background(call)

    async def _release(self) -> None:
        """Tell the guard what was seen to; one that cannot be reached is told with the next turn."""
        while self._releases:
            try:
                await self.guard.acknowledge(*self._releases[0])
            except DeviceFault as fault:
                log.info("the guard is not told of an acknowledgement yet: %s", fault.code)
                return
            self._releases.popleft()

    async def learn(self, _: str, asked: c.LearnCamera) -> f.Fact:
        """A camera that staff have turned or cleaned is looked through anew; until it is learned it tells no turn."""
        try:
            await self.guard.commission(asked.camera)
        except DeviceFault as fault:
            return c.SelfTested("guard", "commission", False, fault.code, fault.detail[:200], asked.staff, "commission")
        return c.SelfTested("guard", "commission", True, detail=asked.camera, staff=asked.staff, why="commission")

    def settling(self, hand: Callable[[str, Any], Awaitable[f.Fact | None]]) -> Callable[
        [str, Any], Awaitable[f.Fact | None]]:  # fmt: skip
        """Settling a task of the guard is acknowledging it, by the person who settles it, once it is closed."""
        async def settle(visit: str, asked: c.SettleTask) -> f.Fact | None:
            if matter := self.book.of_task(asked.task):
                matter.by = asked.staff
            return await hand(visit, asked)

        return settle

    # What is shown

    def lamps(self) -> frozenset[Lamp]:
        """Amber while something stands, red while it is critical, and the siren as long as it should sound."""
        worst = max(self.standing.values(), key=list(Urgency).index, default=Urgency.NONE)
        lit = set[Lamp]()
        if worst is Urgency.CRITICAL:
            lit.add(Lamp.RED)
        elif worst is not Urgency.NONE or self.silent:
            lit.add(Lamp.AMBER)
        if time.monotonic() < max(self._loud.values(), default=0.0):
            lit.add(Lamp.SIREN)
        return frozenset(lit)

    def alarmed(self) -> bool:
        """Whether the alarm relay drops: something critical stands, or the guard cannot see."""
        return self.silent or self.faulty or Urgency.CRITICAL in self.standing.values()

    def notice(self) -> dict[str, Any] | None:
        """What whoever stands at the screen should know."""
        return self.book.notice(self.rules.lobby)

    def signs(self) -> frozenset[str]:
        """What the lobby's cameras see just now of whoever stands at the screen, where the branch wants to know.

        It is in memory alone, as long as it holds: no fact, no log, no feed.
        """
        return self._seen


def fact_of(one: Alarm | Kept, boot: str) -> f.Fact:
    """One piece of news as the journal keeps it."""
    if isinstance(one, Kept):
        return a.EvidenceKept(one.evidence, one.camera, one.frames, one.size, one.sha256, boot, one.n)
    seen = datetime.fromtimestamp(one.t, UTC).isoformat(timespec="milliseconds")
    return a.AlarmRaised(
        secrets.token_hex(6), one.camera, one.kind, one.urgency.value, seen, one.ids, one.classes, one.separation_m,
        one.ttc_s, one.probability, one.zone, one.evidence, boot, one.n,
    )  # fmt: skip
