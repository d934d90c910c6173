"""The journal's one writer thread, asked from the event loop: what core, desk and hands remember is asked of it."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from devices.counter import OfficerAnswer
from kiosk import alert as a
from kiosk import care as c
from kiosk import facts as f
from kiosk.admission import Tried
from kiosk.banking import facts as b
from kiosk.identification.facts import AttemptCounted
from kiosk.identification.limits import Tried as TriedNumber
from kiosk.intake import facts as i
from kiosk.journal import Entry, Journal
from kiosk.officer.facts import OfficerAnswered

P = ParamSpec("P")
T = TypeVar("T")


class Clerk:
    """The journal's one writer thread, asked from the event loop."""

    def __init__(self, open_journal: Callable[[], Journal], entered: Callable[[Entry], None], zone: ZoneInfo) -> None:
        self._zone = zone
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._open = open_journal
        self._entered = entered
        self._journal: Journal | None = None

    async def open(self) -> Journal:
        """Open the store in its own thread."""
        self._journal = await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        return self._journal

    async def ask(self, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one call on the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, functools.partial(what, *args, **kwargs))

    @property
    def journal(self) -> Journal:
        """The open journal."""
        if self._journal is None:
            raise RuntimeError("the journal is not open")
        return self._journal

    async def append(self, visit: str, fact: f.Fact) -> Entry:
        """On disk when this returns; then the feed hears of it."""
        entry = await self.ask(self.journal.append, visit, fact)
        self._entered(entry)
        return entry

    def head(self) -> str:
        """The chain's head, hex."""
        return self.journal.head.hash.hex()

    async def left(self) -> int:
        """Numbers that may still be issued today."""
        return await self.ask(self.journal.numbers_left, self._today())

    async def issue(self, visit: str) -> str | None:
        """This visit's number."""
        return await self.ask(self.journal.issue_number, visit, self._today())

    async def begun(self, visit: str) -> datetime | None:
        """When this visit began (UTC)."""
        first = await self.ask(self.journal.entries, visit=visit, limit=1)
        return first[0].at if first else None

    async def decided(self, bank: str, reference: str) -> datetime | None:
        """The time of the newest decision that was read on this reference."""
        read = [entry.open for entry in await self.ask(self.journal.of_kinds, b.DecisionRead, newest=5_000)]
        times = [each["at"] for each in read if (each["bank"], each["reference"]) == (bank, reference)]
        return max((datetime.fromisoformat(at) for at in times if at), default=None)

    async def references(self, newest: int) -> Sequence[datetime]:
        """When the banks were asked for decisions, oldest first."""
        kinds = (b.DecisionRead, b.DecisionMissing, b.DecisionDoubted)
        return [entry.at for entry in await self.ask(self.journal.of_kinds, *kinds, newest=newest)]

    async def tries(self, card: str) -> Sequence[Tried]:
        """Admissions and wrong PINs of a badge, oldest first: all of them, so that no other badge's push them out."""
        entries = await self.ask(self.journal.of_kinds, c.StaffAdmitted, c.StaffRefused)
        return [Tried(entry.at, admitted) for entry in entries if (admitted := _admitted(entry, card)) is not None]

    async def attempts(self) -> Sequence[TriedNumber]:
        """The newest tries of documents, oldest first; more than a day can hold."""
        entries = await self.ask(self.journal.of_kinds, AttemptCounted, newest=12_000)
        return [TriedNumber(entry.at, entry.open["mark"]) for entry in entries]

    async def denials(self) -> Sequence[TriedNumber]:
        """When an officer found that somebody is not the holder, and the number tried last before in that visit."""
        entries = await self.ask(self.journal.of_kinds, AttemptCounted, OfficerAnswered, newest=12_000)
        last, found = dict[str, str](), list[TriedNumber]()
        for entry in entries:
            if entry.kind == AttemptCounted.__name__:
                last[entry.visit] = entry.open["mark"]
            elif entry.open["answer"] == OfficerAnswer.HOLDER_DIFFERS and entry.visit in last:
                found.append(TriedNumber(entry.at, last[entry.visit]))
        return found

    async def holds(self) -> Sequence[i.HoldKept]:
        """The newest holds of the fraud shield, oldest first; those before them have passed long ago."""
        entries = await self.ask(self.journal.of_kinds, i.HoldKept, newest=1000)
        return [entry.fact for entry in entries if isinstance(entry.fact, i.HoldKept)]

    async def checked(self) -> datetime | None:
        """When the box of known size was measured rightly last, or this store began."""
        passed = [e.at for e in await self.ask(self.journal.of_kinds, c.ReferenceChecked) if e.open["passed"]]
        began = await self.ask(self.journal.entries, limit=1)
        return passed[-1] if passed else began[0].at if began else None

    async def last_check(self) -> c.CheckRecalled:
        """The newest measure of the box of known size, right or not."""
        kept = await self.ask(self.journal.of_kinds, c.ReferenceChecked, newest=1)
        return c.CheckRecalled(kept[-1].at.isoformat(), kept[-1].open["passed"]) if kept else c.CheckRecalled()

    async def money(self) -> Sequence[f.Fact]:
        """What was paid and given back since the terminal's period was closed last."""
        closed = await self.ask(self.journal.of_kinds, c.Reconciled, newest=1)
        after = closed[-1].seq if closed else 0
        entries = await self.ask(self.journal.of_kinds, f.Paid, f.Reversed, after=after)
        kinds = {kind.__name__: kind for kind in (f.Paid, f.Reversed)}
        return [kinds[entry.kind](entry.open["key"], entry.open["won"]) for entry in entries]

    async def kept(self) -> Sequence[Entry]:
        """Every clip of evidence kept and erased."""
        return await self.ask(self.journal.of_kinds, a.EvidenceKept, a.EvidenceErased)

    def today(self) -> date:
        """The branch's own date."""
        return datetime.now(self._zone).date()

    def _today(self) -> str:
        """Leases end at the branch's midnight."""
        return self.today().isoformat()

    async def close(self) -> None:
        """Let go of the store."""
        if self._journal is not None:
            await self.ask(self._journal.close)
        self._thread.shutdown()


def _admitted(entry: Entry, card: str) -> bool | None:
    """Whether this entry admitted the badge; None where it says nothing of it or refused it for another reason."""
    match entry.fact:
        case c.StaffAdmitted(_, shown) if shown == card:
            return True
        case c.StaffRefused(shown, "wrong_pin") if shown == card:
            return False
    return None
