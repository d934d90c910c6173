"""Random sequences of paying, aborting, enquiring, reversing and reconciling under faults, audited to the won.

One walk is one terminal with its own book. What the driver said is held against the book after every step; at the end,
with every fault mended, what it says of every key, and the totals of all periods, are the book's.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devices.bench.terminal import TerminalPeer
from devices.payment import NexoTerminal
from devices.ports import DeviceFault, FaultCode, PaymentOutcome, PaymentState, Totals
from tests.campaigns.results import Results

STEPS = 40
PART = 20
SHORT_S, LONG_S = 0.3, 3.0
#: Walks side by side: so few that a short deadline passes in an answer, not in a connection being made.
ABREAST = 4
DOES = ("pay", "pay", "pay", "again", "enquire", "reverse", "reverse", "abort", "reconcile", "restart")
#: What a driver may say after a step; anything else is a defect.
SAID = {FaultCode.OUTCOME_UNKNOWN, FaultCode.DISCONNECTED, FaultCode.NO_RESPONSE, FaultCode.PROTOCOL}
#: How the book calls what an enquiry says.
BOOKED = {
    "approved": {PaymentState.APPROVED, PaymentState.REVERSED}, "cancelled": {PaymentState.CANCELLED},
    "declined": {PaymentState.DECLINED, PaymentState.CANCELLED},
}  # fmt: skip


class Walk:
    """One terminal, its driver, and what the driver has said so far."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = random.Random(seed)
        self.peer = TerminalPeer(folder / "book.jsonl", seed, auto_s=0.01, customer_s=0.3, slow_s=0.05, late_s=0.5)
        self.keys: dict[str, int] = {}
        self.periods: list[Totals] = []
        self.unheard = False  # a period was closed, perhaps, and its totals are not known yet
        self.met: Counter[str] = Counter()
        self.port = 0

    async def go(self, steps: int) -> Counter[str]:
        """So many steps, then the audit."""
        self.port = await self.peer.start()
        self.terminal = await self._driver()
        try:
            for _ in range(steps):
                await self._step()
            await self._audit()
        finally:
            await self.terminal.close()
            await self.peer.stop()
        return self.met

    async def _driver(self) -> NexoTerminal:
        terminal = NexoTerminal("payment", f"http://127.0.0.1:{self.port}", reply_s=LONG_S)
        await terminal.open()
        return terminal

    async def _step(self) -> None:
        """One act under one fault, or none."""
        does, fault = self.chance.choice(DOES), self.chance.choice((None, None, *self.peer.FAULTS))
        self.peer.auto_s = self.chance.choice((0.01, 0.01, 0.1, None))
        if fault:
            self.peer.order(fault)
        try:
            self.met[await self._act(does)] += 1
        except DeviceFault as caught:
            if caught.code not in SAID:
                raise
            self.met[caught.code] += 1
        finally:
            if fault:
                self.peer.order(fault, on=False)
            self.met[fault or "well"] += 1
        await self._mended(fault)
        self._whole()

    async def _mended(self, fault: str | None) -> None:
        """The plug takes a moment; a terminal that has forgotten the login is logged in again, as by the supervisor."""
        await asyncio.sleep(0.05 if fault == "unplug" else 0)
        if not self.peer.logged_in:
            await self.terminal.open()

    async def _act(self, does: str) -> str:
        if does == "pay" or not self.keys:
            key = f"visit{len(self.keys):03}-1"
            self.keys[key] = self.chance.randrange(1, 100) * 100
            return self._held(await self.terminal.pay(key, self.keys[key], SHORT_S))
        key = self.chance.choice(tuple(self.keys))
        match does:
            case "again":
                said = await self.terminal.pay(key, self.keys[key], SHORT_S)
                return said.state if said.state is PaymentState.UNAVAILABLE else self._held(said)
            case "enquire":
                return self._held(await self.terminal.enquire(key, SHORT_S))
            case "reverse":
                won = self._charged(key) or self.keys[key]
                return self._held(await self.terminal.reverse(key, won, SHORT_S))
            case "abort":
                await self.terminal.abort(key, SHORT_S)
            case "reconcile":
                await self._reconcile(SHORT_S)
            case _ if not self.unheard:
                self.terminal = await self._driver()
        return does

    async def _reconcile(self, timeout_s: float) -> None:
        self.unheard = True
        self.periods.append(await self.terminal.reconcile(timeout_s))
        self.unheard = False

    def _rows(self, key: str, entry: str) -> list[dict[str, Any]]:
        return [row for row in self.peer.book.entries if row["key"] == key and row["entry"] == entry]

    def _charged(self, key: str) -> int:
        return sum(row["won"] for row in self._rows(key, "payment") if row["state"] == "approved")

    def _held(self, said: PaymentOutcome) -> str:
        """What was said of a key is what the book says, to the won."""
        paid, back = self._rows(said.key, "payment"), self._rows(said.key, "reversal")
        match said.state:
            case PaymentState.APPROVED:
                assert (self._charged(said.key), said.reference) == (said.won, paid[0]["reference"]), said
            case PaymentState.REVERSED:
                assert [row["won"] for row in back] == [said.won], said
            case PaymentState.DECLINED | PaymentState.CANCELLED | PaymentState.UNAVAILABLE | PaymentState.NOT_FOUND:
                assert self._charged(said.key) == 0, said
        return said.state

    def _whole(self) -> None:
        """No key is taken twice, none is given back twice, nothing is given back that was not taken."""
        for key in self.keys:
            paid, back = self._rows(key, "payment"), self._rows(key, "reversal")
            assert len(paid) <= 1, paid
            assert [row["won"] for row in back] in ([], [self._charged(key)]), (paid, back)

    async def _audit(self) -> None:
        """Every message has arrived, every customer has decided: driver and book agree on every key and in total."""
        await asyncio.sleep(1.2)
        assert self.peer.waiting is None
        kept = 0
        for key in self.keys:
            said = await self.terminal.enquire(key, LONG_S)
            self._held(said)
            states = [BOOKED[row["state"]] for row in self._rows(key, "payment")] or [{PaymentState.NOT_FOUND}]
            assert said.state in states[0], said
            kept += said.won if said.state is PaymentState.APPROVED else 0
        assert kept == self.peer.book.taken()
        if self.unheard:
            await self._reconcile(LONG_S)  # the totals of the period that nobody heard of
        await self._reconcile(LONG_S)
        self._totals()

    def _totals(self) -> None:
        rows = self.peer.book.entries
        taken = [row["won"] for row in rows if row["entry"] == "payment" and row["state"] == "approved"]
        back = [row["won"] for row in rows if row["entry"] == "reversal"]
        heard = self.periods
        assert len({period.reference for period in heard}) == len(heard)
        assert (sum(p.charges for p in heard), sum(p.charged_won for p in heard)) == (len(taken), sum(taken))
        assert (sum(p.reversals for p in heard), sum(p.reversed_won for p in heard)) == (len(back), sum(back))


async def walk(seed: int, steps: int = STEPS) -> Counter[str]:
    """One walk in a folder of its own: how often each outcome and fault was met; AssertionError where book differs."""
    with tempfile.TemporaryDirectory() as folder:
        return await Walk(seed, Path(folder)).go(steps)


async def walks(first: int, count: int) -> Counter[str]:
    """So many walks, some of them side by side."""
    met, last = Counter[str](), first + count
    for begin in range(first, last, ABREAST):
        for found in await asyncio.gather(*(walk(seed) for seed in range(begin, min(begin + ABREAST, last)))):
            met += found
    return met


def part(first: int, count: int) -> dict[str, Any]:
    """Walks `first` to `first + count` as one result."""
    problems, met = list[str](), Counter[str]()
    try:
        met = Counter({str(word): times for word, times in asyncio.run(walks(first, count)).items()})
    except (AssertionError, DeviceFault) as error:
        problems.append(f"{type(error).__name__}: {error}"[:300])
    return {"case": f"terminal-{first:06d}", "n": count, "outcome": sorted(met), "met": met, "problems": problems}


def evidence(folder: Path, count: int, say: Callable[[str], object]) -> bool:
    """So many walks in parts, resumed; True when driver and book agreed in all of them, under every fault."""
    results = Results(folder, "terminal")
    for first in range(0, count, PART):
        if f"terminal-{first:06d}" not in results.rows:
            row = part(first, PART)
            results.add(row)
            say(f"{row['case']}: {'; '.join(row['problems']) or 'well'}")
    met: Counter[str] = sum((Counter(row["met"]) for row in results.rows.values()), Counter())
    missed = sorted(set(TerminalPeer.FAULTS) - set(met))
    n = sum(row["n"] for row in results.rows.values())
    say(f"terminal: n = {n} walks of {STEPS} steps, code {results.code}: {dict(met.most_common())}")
    say(f"  faults never met: {', '.join(missed) or 'none'}; parts in which something broke: {len(results.bad)}")
    return not results.bad and not missed
