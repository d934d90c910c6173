"""Acts on what the risk guard tells: facts, lamps and siren, and calls that go on until a person takes them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from devices.guarding import BEGINNING, Alarm, Guard, Kept, News, Urgency
from devices.ports import DeviceFault, Lamp, StaffCall
from kiosk import alert as a
from kiosk import care as c
from kiosk import facts as f
from kiosk.calls import Calls
from kiosk.config import GuardTable
from kiosk.flow import Post, Posted

log = logging.getLogger(__name__)
#: Seconds: one wait for news, until a guard that does not answer is told of, and how long one warning sounds.
WAIT_S, SILENT_S, AGAIN_S, SOUNDS_S = 20.0, 3.0, 0.5, 5.0
CALL_S = 5.0


@dataclass(frozen=True)
class Rules:
    """Who is called and how long is waited: contacts in their order, cameras that look at the lobby, seconds."""

    contacts: tuple[str, ...] = ()
    lobby: tuple[str, ...] = ()
    acknowledge_s: float = 60.0
    siren_s: float = 180.0
    signs: bool = False  # whether what the lobby's cameras see of a customer may be asked for


def rules(table: GuardTable) -> Rules:
    """Those of the configuration."""
    contacts = tuple(each.id for each in table.contacts)
    return Rules(contacts, table.lobby, table.acknowledge_s, table.siren_s, table.signs)


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
    _loud_until: float = 0.0
    _answered: float = field(default_factory=time.monotonic)
    _told_staff: bool | None = None
    _greeted: str = ""

    def take_up(self, facts: Sequence[f.Fact | None]) -> None:
        """What was raised and acknowledged before the last stop; tasks are those of the desk."""
        for fact in facts:
            self.book.hear(fact, time.monotonic())
            if isinstance(fact, a.AlarmRaised | a.EvidenceKept) and fact.boot:
                self.place = (fact.boot, fact.n)
        for matter in self.book.open.values():
            matter.task = self._task_of(matter.raised)

    async def run(self) -> None:
        """Listen, and watch the clock; for ever."""
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
                self._seen = frozenset()
                await asyncio.sleep(AGAIN_S)

    async def _news(self) -> None:
        news = await self.guard.news(self.place, WAIT_S if self._greeted else 0.0)
        if news.after[0] != self._greeted:
            await self.guard.seal_for(self.public)
            self._greeted, self._told_staff = news.after[0], None
        self._answered, self.silent = time.monotonic(), False
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
            if now - self._answered > SILENT_S + WAIT_S and not self.silent:
                self._fallen_silent()
            for fact in self.book.due(now, self.calls.states, self.rules.contacts, self.rules.acknowledge_s):
                self.post(Posted("", fact))
            if self.inside() != self._told_staff and not self.silent:
                with contextlib.suppress(DeviceFault):
                    await self.guard.staff(self.inside())
                    self._told_staff = self.inside()

    def _fallen_silent(self) -> None:
        """A guard that does not answer guards nothing: the relay drops, and a person is called."""
        self.silent = True
        seen = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.post(Posted("", a.AlarmRaised(secrets.token_hex(6), "guard", "vision_stalled", "warning", seen)))
        self.hurry.set()

    # What is acted on, once it is written down

    async def heard(self, fact: f.Fact) -> None:
        """A fact of the branch is on disk."""
        self.book.hear(fact, time.monotonic())
        match fact:
            case a.AlarmRaised() as raised:
                await self._raised(raised)
            case a.AlarmEscalated(alarm, contact):
                self._call(alarm, contact)
            case a.AlarmAcknowledged():
                self._loud_until = 0.0
                self.background(self._acknowledge)

    async def _raised(self, raised: a.AlarmRaised) -> None:
        lasts = {"warning": SOUNDS_S, "critical": self.rules.siren_s}.get(raised.urgency, 0.0)
        if lasts and not raised.kind.startswith(("camera_", "vision_")):
            self._loud_until = max(self._loud_until, time.monotonic() + lasts)
        self.hurry.set()
        if why := a.reason(raised):
            await self.calls.raise_task(why, raised.camera)
            self.book.open[why, raised.camera].task = self._task_of(raised)

    def _task_of(self, raised: a.AlarmRaised) -> str:
        wanted = a.reason(raised), raised.camera
        return next((task for task, one in self.calls.tasks.items() if (one.reason, one.number) == wanted), "")

    def _call(self, alarm: str, contact: str) -> None:
        """The next contact; a desk that cannot be reached is asked again with the next turn."""
        matter = next((each for each in self.book.open.values() if each.raised.alarm == alarm), None)
        if matter is None:
            return
        task, why = matter.task or alarm, a.reason(matter.raised)

        async def call() -> None:
            try:
                await self.staff_call.call(task, why, CALL_S, contact)
            except DeviceFault as fault:
                log.warning("contact %s was not called: %s", contact, fault.code)

        self.background(call)

    async def _acknowledge(self) -> None:
        try:
            await self.guard.acknowledge()
        except DeviceFault as fault:
            log.warning("the guard was not told of an acknowledgement: %s", fault.code)

    async def learn(self, _: str, asked: c.LearnCamera) -> f.Fact:
        """A camera that staff have turned or cleaned is looked through anew; until it is learned it tells no turn."""
        try:
            await self.guard.commission(asked.camera)
        except DeviceFault as fault:
            return c.SelfTested("guard", "commission", False, fault.code, fault.detail[:200], asked.staff, "commission")
        return c.SelfTested("guard", "commission", True, detail=asked.camera, staff=asked.staff, why="commission")

    def settling(self, hand: Callable[[str, Any], Awaitable[f.Fact | None]]) -> Callable[
        [str, Any], Awaitable[f.Fact | None]]:  # fmt: skip
        """Settling a task of the guard is acknowledging it, by the person who settles it."""
        async def settle(visit: str, asked: c.SettleTask) -> f.Fact | None:
            matter = self.book.of_task(asked.task)
            if matter is not None:
                self.post(Posted("", a.AlarmAcknowledged(matter.raised.alarm, asked.staff)))
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
        if time.monotonic() < self._loud_until:
            lit.add(Lamp.SIREN)
        return frozenset(lit)

    def alarmed(self) -> bool:
        """Whether the alarm relay drops: something critical stands, or the guard cannot see."""
        return self.silent or self.faulty or Urgency.CRITICAL in self.standing.values()

    def notice(self) -> dict[str, Any] | None:
        """What whoever stands at the screen should know."""
        return self.book.notice(self.calls.states, self.rules.lobby)

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
