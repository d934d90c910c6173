"""Once a day the terminal's book and the journal are held against each other."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from devices.bench.terminal import TerminalPeer
from devices.payment import NexoTerminal
from devices.ports import DeviceFault, Totals
from devices.supervisor import Supervisor
from kiosk import facts as f
from kiosk import reckoning
from kiosk.care import Reconciled
from kiosk.flow import Item, Posted
from kiosk.reckoning import Reckoner, due_in, reckon
from tests.kiosk.feed_branch import until

PAID, BACK = f.Paid("v-1", 5000), f.Reversed("v-1", 5000)


@pytest.mark.parametrize(
    ("totals", "known", "agrees", "difference"),
    [
        (Totals(0, 0, 0, 0), [], True, 0),
        (Totals(1, 5000, 0, 0), [PAID, PAID], True, 0),
        (Totals(1, 5000, 1, 5000), [PAID, BACK], True, 0),
        (Totals(1, 5000, 1, 5000), [BACK], True, 0),
        (Totals(1, 5000, 0, 0), [], False, 5000),
        (Totals(1, 5000, 0, 0), [PAID, BACK], False, 5000),
        (Totals(0, 0, 0, 0), [PAID], False, -5000),
        (Totals(2, 10000, 1, 5000), [PAID], False, 0),
    ],
)
def test_two_books(totals: Totals, known: list[f.Fact], agrees: bool, difference: int) -> None:
    found = reckon(totals, known)
    assert (found.agrees, found.difference_won) == (agrees, difference)


def test_the_next_closing_is_after_the_branchs_own_midnight() -> None:
    now = datetime(2026, 6, 30, 14, 50, tzinfo=UTC).astimezone(ZoneInfo("Asia/Seoul"))  # 23:50 there
    assert due_in(now) == 15 * 60


class Book:
    """What the journal knows, said by the test."""

    def __init__(self, *known: f.Fact) -> None:
        self.known = known

    async def money(self) -> tuple[f.Fact, ...]:
        """As said."""
        return self.known


@pytest.mark.parametrize(("known", "told"), [((f.Paid("v-1", 5000),), []), ((), [5000])])
def test_a_charge_that_the_journal_never_heard_of_becomes_a_task(
    tmp_path: Path, known: tuple[f.Fact, ...], told: list[int]
) -> None:
    async def story() -> None:
        peer = TerminalPeer(tmp_path / "book.jsonl")
        terminal = NexoTerminal("payment", f"http://127.0.0.1:{await peer.start()}")
        await terminal.open()
        charge = asyncio.create_task(terminal.pay("v-1", 5000, 10.0))
        await until(lambda: peer.act(True))
        await charge
        posted: list[Item] = []
        differences: list[int] = []
        busy = [True, True, False]

        async def differs(won: int) -> None:
            differences.append(won)
            assert waits.closing

        waits = Reckoner(
            terminal, Book(*known), posted.append, lambda: len(busy) > 1 and busy.pop(0), differs, lambda: None
        )
        await waits.once()
        assert not waits.closing
        (item,) = posted
        assert isinstance(item, Posted)
        assert isinstance(item.fact, Reconciled)
        assert item.fact.charged_won == 5000
        assert differences == told
        assert (await terminal.reconcile(5.0)).charges == 0  # the period was closed
        await terminal.close()
        await peer.stop()

    asyncio.run(story())


def test_a_terminal_that_is_not_paired_closes_no_period(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reckoning, "AGAIN_S", 0.05)

    async def story() -> None:
        peer = TerminalPeer(tmp_path / "book.jsonl")
        terminal = NexoTerminal("payment", f"http://127.0.0.1:{await peer.start()}")
        keeper = Supervisor([terminal], barred={"payment": "an open line"})
        refused, posted = list[str](), list[Item]()

        async def differs(_: int) -> None:
            """Nobody is told anything."""

        def check() -> None:
            try:
                keeper.check("payment")
            except DeviceFault as fault:
                refused.append(fault.code)
                raise

        closing = asyncio.create_task(Reckoner(terminal, Book(), posted.append, lambda: False, differs, check).once())
        await until(lambda: len(refused) > 2 or closing.done())
        assert (posted, closing.done()) == ([], False)
        closing.cancel()
        await asyncio.wait([closing])
        await peer.stop()

    asyncio.run(story())
