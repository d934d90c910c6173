"""Once a day the terminal closes its period, and its totals are held against the journal, won by won."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from devices.ports import DeviceFault, PaymentTerminal, Totals
from kiosk import facts as f
from kiosk.care import Reconciled
from kiosk.flow import Post, Posted

log = logging.getLogger(__name__)
#: Seconds: for the terminal's answer, between two tries, and between two looks whether a visit is open.
ANSWER_S, AGAIN_S, LOOK_S = 30.0, 600.0, 1.0
#: When the period is closed, after local midnight.
AFTER = timedelta(minutes=5)


class Memory(Protocol):
    """What the journal knows of money since the last reckoning."""

    async def money(self) -> Sequence[f.Fact]:
        """Paid and Reversed facts since the last Reconciled."""


def reckon(totals: Totals, known: Sequence[f.Fact]) -> Reconciled:
    """The terminal's totals beside the journal's. A charge heard of twice is one charge."""
    paid = {fact.key: fact.won for fact in known if isinstance(fact, f.Paid)}
    back = {fact.key: fact.won for fact in known if isinstance(fact, f.Reversed)}
    paid = {**back, **paid}  # what was given back had been taken, even where the journal heard of it only then
    return Reconciled(
        totals.charges, totals.charged_won, totals.reversals, totals.reversed_won,
        len(paid), sum(paid.values()), len(back), sum(back.values()), totals.reference,
    )  # fmt: skip


def due_in(now: datetime) -> float:
    """Seconds from this local time to the next closing."""
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
    return (midnight + AFTER - now).total_seconds()


class Reckoner:
    """Closes the terminal's period when no visit is open, and says where the two books differ.

    `check` raises DeviceFault where the terminal is known not to answer, or is not paired.
    """

    def __init__(
        self, terminal: PaymentTerminal, memory: Memory, post: Post, busy: Callable[[], bool],
        differs: Callable[[int], Awaitable[None]], check: Callable[[], None],
    ) -> None:  # fmt: skip
        self._terminal, self._memory, self._post = terminal, memory, post
        self._busy, self._differs, self._check = busy, differs, check
        self.closing = False

    async def run(self, zone: ZoneInfo) -> None:
        """Every night, for ever."""
        while True:
            await asyncio.sleep(due_in(datetime.now(zone)))
            await self.once()

    async def once(self) -> None:
        """One closing; a terminal that does not answer is asked again."""
        while True:
            while self._busy():  # noqa: ASYNC110 - visits end in many ways, and nobody waits for this
                await asyncio.sleep(LOOK_S)
            self.closing = True  # no visit begins now: its charge would stand in one book and not in the other
            try:
                return await self._close()
            except DeviceFault as fault:
                log.warning("the terminal's period is not closed: %s", fault)
            finally:
                self.closing = False
            await asyncio.sleep(AGAIN_S)

    async def _close(self) -> None:
        self._check()
        totals = await self._terminal.reconcile(ANSWER_S)
        found = reckon(totals, await self._memory.money())
        self._post(Posted("", found))
        if not found.agrees:
            await self._differs(abs(found.difference_won))
