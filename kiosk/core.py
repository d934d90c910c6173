"""Puts the ring together and runs it: one queue, one listener; devices, journal, link and feed around it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from devices import agency, banking, counter, guarding, identity, ports
from devices.supervisor import Supervisor
from kiosk import alert as a
from kiosk import care as c
from kiosk import facts as f
from kiosk import front, mishap
from kiosk.alarms import alarmed
from kiosk.banking.teller import Teller, for_visits
from kiosk.beacon import Beacon, lamps
from kiosk.carer import Carer, Member
from kiosk.clerk import Clerk
from kiosk.config import Branch
from kiosk.desk import Desk
from kiosk.evidence import Evidence, days
from kiosk.feed import Feed
from kiosk.flow import Item, Service
from kiosk.gauging import Gauger, Tasks
from kiosk.hands import Hands, Patience
from kiosk.identification.checker import Checker
from kiosk.identification.limits import Limits
from kiosk.intake.scribe import Scribe
from kiosk.journal import Entry, Journal, StoreFailed
from kiosk.link import Link
from kiosk.officer.bell import Bell
from kiosk.reckoning import Reckoner
from kiosk.vault import Vault
from kiosk.warden import TOLD, Warden, rules
from kiosk.watch import Badges, Watch
from vision.serve import serve

log = logging.getLogger(__name__)
#: Seconds until a watcher that failed begins anew.
ANEW_S = 2.0


@dataclass
class Crew:
    """The devices of the branch and the one who keeps them open; None where the branch has no such device."""

    scale: ports.Scale
    measurer: ports.Measurer
    scanner: ports.CodeScanner
    label_printer: ports.Printer
    receipt_printer: ports.Printer
    payment: ports.PaymentTerminal
    hatch: ports.Hatch
    staff_call: ports.StaffCall
    supervisor: Supervisor
    id_reader: identity.IdReader | None = None
    id_check: identity.IdCheck | None = None
    locker: ports.Locker | None = None
    signal_tower: ports.SignalTower | None = None
    code_reader: ports.CodeScanner | None = None
    bank_host: banking.BankHost | None = None
    bank_desk: agency.AgencyDesk | None = None
    pin_pad: counter.PinPad | None = None
    document_camera: counter.DocumentCamera | None = None
    officer: counter.OfficerDesk | None = None
    guard: guarding.Guard | None = None

    async def ready(self, name: str) -> ports.Status:
        """One real probe now."""
        return await self.supervisor.ready(name)

    def check(self, name: str) -> None:
        """DeviceFault at once where a device is known not to answer, or is not paired."""
        self.supervisor.check(name)


def register(branch: Branch) -> tuple[Member, ...]:
    """The staff of this branch."""
    return tuple(Member(each.id, each.role, each.card, each.pin) for each in branch.staff)


def officers(branch: Branch) -> Mapping[str, counter.OfficerKey]:
    """The officers whom this branch believes."""
    return {each.id: counter.OfficerKey(each.id, bytes.fromhex(each.key), each.live) for each in branch.officers}


@dataclass(frozen=True)
class Places:
    """The store, the socket of the screens, and the file in which the feed's address is written."""

    store: Path
    link: Path
    feed: Path


async def lasting(run: Callable[[], Awaitable[None]]) -> None:
    """Run what should never end; a defect takes out one watcher for ANEW_S seconds, never the branch."""
    while True:
        try:
            await run()
        except StoreFailed:
            raise
        except Exception as error:
            log.error("a watcher of the branch failed; it begins anew: %s", mishap.where(error))
        await asyncio.sleep(ANEW_S)


class Core:
    """The ring of one branch. `run` ends when it is cancelled, or when the store takes no more facts."""

    def __init__(
        self, branch: Branch, crew: Crew, services: tuple[Service, ...], vault: Vault, places: Places,
        patience: Patience, care: Service | None = None,
    ) -> None:  # fmt: skip
        self._branch = branch
        self._demo = demo = any(not service.verified for service in services)
        self._crew = crew
        self._queue: asyncio.Queue[Item] = asyncio.Queue()
        who = branch.branch
        kinds = (*f.FACTS, *c.FACTS, *a.FACTS, *(kind for service in services for kind in service.facts))
        self._feed = Feed(branch.branch.id, self._status, self._newest, places.feed)
        self._clerk = Clerk(lambda: Journal(places.store, vault, kinds), self._feed.entered, branch.branch.zone)
        self._hands = Hands(crew, self._clerk, self.post, patience)
        self._carer = Carer(crew, self._clerk, register(branch), self.post)
        keys = {code: bytes.fromhex(b.sign_key) for code, b in branch.banks.items()}
        self._teller = Teller(crew, self.post, keys, for_visits(branch.send_parcel.idle_s), self._clerk)
        self._bell = Bell(crew, self.post, branch.branch.id, officers(branch))
        self._checker = Checker(
            crew, self._clerk, vault.derive("identity tries"), bytes.fromhex(branch.centre.seal_key),
            Limits(branch.identity.tries_a_number, branch.identity.tries_an_hour), today=self._clerk.today,
        )  # fmt: skip
        self._scribe = Scribe(crew, self._clerk, branch.banks, vault.derive("holds"))
        self._link = Link(places.link, self.post)
        self._watch = Watch(crew.scale, branch.send_parcel.minimum_load_g, self.post, self._ask_calls)
        self._desk = Desk(
            services, self._clerk, self._hands, self._link.show, crew.supervisor.statuses,
            front.Branch(
                who.id, who.name_ko, who.name_en, who.telephone, {"ko": who.hours_ko, "en": who.hours_en}, demo=demo,
            ),
            branch.branch.zone, care=care,
        )  # fmt: skip
        self._equip(branch, crew)
        self._guard(branch, crew, vault, places)
        self._reckoner = Reckoner(
            crew.payment, self._clerk, self.post, lambda: bool(self._desk.visits), self._differs,
            lambda: crew.check("payment"),
        )  # fmt: skip
        self._desk.held = lambda: self._reckoner.closing
        self._badges = Badges(crew.id_reader, self.post) if crew.id_reader and care else None

    def _equip(self, branch: Branch, crew: Crew) -> None:
        """The hands beside those of a parcel."""
        tasks = Tasks(lambda: self._desk.calls.tasks, self._desk.calls.raise_task, self._carer.settled)
        self._gauger = Gauger(crew.measurer, self._clerk, tasks, branch.upkeep)
        others = (self._carer, self._teller, self._bell, self._checker, self._scribe, self._gauger)
        self._hands.more = {kind: hand for each in others for kind, hand in each.hands.items()}
        self._hands.forgetters = (self._teller.forget, self._scribe.forget)
        self._hands.knocked, self._hands.distrusted = self._gauger.knocked, self._gauger.distrusted

    def _guard(self, branch: Branch, crew: Crew, vault: Vault, places: Places) -> None:
        """Who listens to the guard, who keeps its evidence, and what shows its alarms."""
        self._warden = self._appoint(branch, crew, vault)
        self._evidence = self._keep(branch, vault, places)
        self._beacon = self._light(crew)

    def _appoint(self, branch: Branch, crew: Crew, vault: Vault) -> Warden | None:
        """Whoever listens to the guard, where the branch has one."""
        if crew.guard is None:
            return None
        warden = self._desk.guard = Warden(
            crew.guard, self._desk.calls, crew.staff_call, self.post, rules(branch.guard, branch.branch.zone),
            vault.evidence_key(), self._staff_inside, self._hands.also,
        )  # fmt: skip
        self._hands.more = {**self._hands.more, c.LearnCamera: warden.learn,
                            c.SettleTask: warden.settling(self._carer.hands[c.SettleTask])}
        return warden

    def _keep(self, branch: Branch, vault: Vault, places: Places) -> Evidence:
        """The clips of this branch; they may be older than its guard."""
        self._socket = places.link.with_name("evidence.sock")
        folder, check = places.store.parent / "guard", self._carer.hands[c.CheckPin]
        return Evidence(folder, vault.derive("evidence"), self._clerk, register(branch), check, days(branch.guard))

    def _staff_inside(self) -> bool:
        front_id = self._desk.front_id
        return bool(front_id) and self._desk.visits[front_id].service is self._desk.care

    def _light(self, crew: Crew) -> Beacon | None:
        if crew.signal_tower is None:
            return None
        return Beacon(crew.signal_tower, self._lamps, self._warden.hurry if self._warden else None)

    def post(self, item: Item) -> None:
        """The one road: anything that happened, from any coroutine of this loop."""
        self._queue.put_nowait(item)

    def _ask_calls(self) -> None:
        self._desk.calls.ask_again()
        self._hands.also(self._carer.tell_desk)

    def _lamps(self) -> tuple[frozenset[ports.Lamp], bool]:
        tasks = self._desk.calls.tasks.values()
        alarm = alarmed(self._crew.supervisor.statuses(), [task.reason for task in tasks])
        lit = lamps(self._desk.available(), len(tasks))
        return (lit | self._warden.lamps(), alarm or self._warden.alarmed()) if self._warden else (lit, alarm)

    async def _differs(self, won: int) -> None:
        """The terminal's book and the journal do not agree."""
        await self._desk.calls.raise_task("money_differs", datetime.now(UTC).date().isoformat(), won)

    async def run(self) -> None:
        """Open the store, take up what a stop left open, then listen for ever."""
        self._feed.bind(self._branch.feed.host, self._branch.feed.port)
        await self._clerk.open()
        await self._lease()
        self._crew.supervisor.on_change(self._watch.device_changed)
        await self._crew.supervisor.start()
        await self._recover()
        await self._link.open()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._feed.serve())
                gauger = self._gauger if self._desk.care is not None else None
                for one in (self._watch, self._badges, self._beacon, self._warden, self._teller, gauger):
                    if one is not None:
                        group.create_task(lasting(one.run))
                group.create_task(lasting(lambda: self._reckoner.run(self._branch.branch.zone)))
                group.create_task(lasting(self._forget))
                group.create_task(lasting(lambda: serve(self._evidence, self._socket)))
        finally:
            await self._shut()

    async def _forget(self) -> None:
        """Once a day, and at the start: the personal data of visits closed long enough ago."""
        while True:
            before = datetime.now(UTC) - timedelta(days=self._branch.branch.keep_personal_days)
            await self._clerk.ask(self._clerk.journal.erase_due, before)
            await asyncio.sleep(86_400)

    async def _lease(self) -> None:
        for block in self._branch.numbers.lease:
            args = (block.id, int(block.first), int(block.last), block.expires.isoformat())
            await self._clerk.ask(self._clerk.journal.lease, *args)
        self._desk.numbers_left = await self._clerk.left()

    async def _recover(self) -> None:
        """Write down the start, take up open tasks and open visits."""
        await self._clerk.append("", f.BranchStarted(self._branch.branch.version, self._clerk.head()))
        journal = self._clerk.journal
        for entry in await self._clerk.ask(journal.of_kinds, f.StaffTaskRaised, f.StaffTaskClosed):
            self._desk.calls.take_up(entry.fact)
        for entry in await self._clerk.ask(journal.of_kinds, c.TaskSettled, c.DeskTold):
            self._carer.take_up(entry.fact)
        if self._warden is not None:
            self._warden.take_up(await self._clerk.ask(journal.of_kinds, *TOLD))
        services: Mapping[str, Service] = {each.name: each for each in (*self._desk.menu, self._desk.care) if each}
        for visit in await self._clerk.ask(journal.open_visits):
            entries = await self._clerk.ask(journal.entries, 0, visit)
            try:
                await self._desk.resume(visit, entries, services)
            except StoreFailed:
                raise
            except Exception as error:
                log.error("a visit could not be taken up again: %s", mishap.where(error))
                await self._desk.calls.raise_task("visit_unreadable", visit)

    async def _listen(self) -> None:
        """One listener, in order; a defect closes nothing, it is logged and the next event is heard."""
        while True:
            item = await self._queue.get()
            try:
                await self._desk.hear(item)
            except StoreFailed:
                raise  # the store did not take a fact: a new start enquires; going on would forget it
            except Exception as error:
                log.error("the desk could not finish an event: %s", mishap.where(error))
                await self._desk.calls.raise_task("desk_defect")
            self._desk.numbers_left = await self._clerk.left()

    async def _newest(self, after: int, kinds: Sequence[type[f.Fact]], newest: int) -> list[Entry]:
        """The newest entries of these kinds after a sequence number, for the feed."""
        return await self._clerk.ask(self._clerk.journal.of_kinds, *kinds, after=after, newest=newest)

    def _status(self) -> dict[str, object]:
        """The sum of everyone's status, for the feed."""
        return {
            "branch": self._branch.branch.id,
            "name_ko": self._branch.branch.name_ko,
            "name_en": self._branch.branch.name_en,
            "demo": self._demo,
            "environment": self._branch.branch.environment,
            "version": self._branch.branch.version,
            "devices": self._crew.supervisor.statuses(),
            "services": self._desk.available(),
            "tasks": self._desk.calls.tasks,
            "calls": self._desk.calls.states,
            "counts": self._desk.counts,
            "visits_open": len(self._desk.visits),
            "numbers_left": self._desk.numbers_left,
            "head": self._clerk.journal.signed_head(),
        }

    async def _shut(self) -> None:
        await self._link.close()
        await self._hands.close()
        await self._crew.supervisor.stop()
        await self._clerk.close()
