"""What the teller makes of what a host says, over either wire: whole lists, and nothing where nothing was said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from devices.bank_rest import RestBankHost
from devices.banking import BankHost
from devices.bench.bank import Bank
from devices.bench.bank_switch import SwitchPeer
from devices.bench.bank_web import CLIENT, ORGANISATION, BankWebPeer, secret_file
from kiosk.banking import facts as b
from kiosk.banking.teller import Teller, Times
from kiosk.facts import Fact
from tests.devices import banks
from tests.devices.banks import PAYEE, PAYER

RICH = "99900300000003"
Play = Callable[["Counter"], Coroutine[Any, Any, None]]


class Crew:
    """A host and nothing else."""

    bank_desk = pin_pad = None

    def __init__(self, host: BankHost) -> None:
        self.bank_host = host

    def check(self, name: str) -> None:
        """It answers."""


class Counter:
    """A teller with a card, before a host and the bank behind it; `peer` is whatever answers."""

    def __init__(self, host: BankHost, bank: Bank, peer: Any) -> None:
        self.bank, self.peer = bank, peer
        self._teller = Teller(Crew(host), lambda posted: None, {})  # type: ignore[arg-type]  # as much as is asked for
        self._teller._cards["v1"] = banks.card()

    async def does(self, command: Any) -> Any:
        """What comes of it."""
        fact: Fact | None = await self._teller.hands[type(command)]("v1", command)
        return fact


async def by_iso(folder: Path, play: Play) -> None:
    async with banks.switch(folder) as line, banks.signed_on(line) as host:
        await play(Counter(host, line.bank, line.peer))


async def by_rest(folder: Path, play: Play) -> None:
    bank = Bank(folder / "bank.jsonl")
    peer = BankWebPeer(bank)
    url = f"http://127.0.0.1:{await peer.start()}"
    host = RestBankHost("bank_host", url, ORGANISATION, CLIENT, str(secret_file(folder)), str(folder / "trace.jsonl"),
                        simulated=True)  # fmt: skip
    try:
        await host.open()
        await play(Counter(host, bank, peer))
    finally:
        await peer.stop()


WIRES = pytest.mark.parametrize("wire", [by_iso, by_rest])
Wire = Callable[[Path, Play], Coroutine[Any, Any, None]]


@WIRES
def test_what_came_in_a_moment_ago_is_seen_behind_many_small_orders(wire: Wire, tmp_path: Path) -> None:
    """Ten to a message over one wire, twenty over the other: the list goes on until it is old enough, or at its end."""

    async def play(counter: Counter) -> None:
        bank = counter.bank
        bank.order("o-0", bank.holders[RICH], PAYER, 1_200_000, "TO")
        for n in range(1, 34):
            bank.order(f"o-{n}", bank.holders[PAYER], PAYEE, 1, "TO")
        since = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        told = await counter.does(b.AskEntries("v1-q1", 20, since))
        assert (len(told.entries), told.whole) == (34, True)
        assert told.entries[-1][1:3] == ("transfer_in", 1_200_000)
        assert len({entry[3] for entry in told.entries}) == 34
        few = await counter.does(b.AskEntries("v1-q2", 5))
        assert len(few.entries) == 5

    asyncio.run(wire(tmp_path, play))


@WIRES
def test_a_list_without_an_end_is_never_called_whole(wire: Wire, tmp_path: Path) -> None:
    async def play(counter: Counter) -> None:
        bank = counter.bank
        for n in range(201):
            bank.order(f"o-{n}", bank.holders[PAYER], PAYEE, 1, "TO")
        since = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        told = await counter.does(b.AskEntries("v1-q1", 10, since))
        assert (len(told.entries), told.whole) == (200, False)

    asyncio.run(wire(tmp_path, play))


def without(peer: Any, *fields: str) -> None:
    """A host that says nothing of these, in profile and payee."""
    if isinstance(peer, SwitchPeer):
        said, whose = peer.profile, peer._payee
        peer.profile = lambda holder: {k: v for k, v in said(holder).items() if k not in fields}  # type: ignore[method-assign]
        peer._payee = lambda number, holder: _less(whose(number, holder), fields)  # type: ignore[method-assign]
    else:
        asked = peer._question
        peer._question = lambda *each: {k: v for k, v in asked(*each).items() if k not in fields}


def _less(said: tuple[str, dict[str, str], dict[str, str]], fields: tuple[str, ...]) -> Any:
    return said[0], {tag: value for tag, value in said[1].items() if tag not in fields}, said[2]


@WIRES
def test_what_a_host_does_not_say_is_unknown(wire: Wire, tmp_path: Path) -> None:
    async def play(counter: Counter) -> None:
        profile = await counter.does(b.AskProfile("v1-q1"))
        assert (profile.blocks, profile.last_machine_transfer, profile.scheduled_won) == ((), "2026-11-02", 0)
        counter.bank.order("d-1", counter.bank.holders[PAYER], PAYEE, 70_000, "DL")
        assert (await counter.does(b.AskProfile("v1-q1"))).scheduled_won == 70_000
        counter.bank.change(PAYER, last_machine="never")
        assert (await counter.does(b.AskProfile("v1-q1"))).last_machine_transfer == "never"
        payee = await counter.does(b.AskPayee("v1-q2", banks.order().payee))
        assert (payee.reported, payee.paid_before, payee.suspected, payee.biller) == (False, False, False, False)
        without(counter.peer, "BL", "FD", "LT", "SW", "RP", "PB", "BI", "blocks", "last_machine_transfer",
                "scheduled_amt", "reported", "paid_before", "suspected", "biller")  # fmt: skip
        profile = await counter.does(b.AskProfile("v1-q3"))
        assert (profile.blocks, profile.last_machine_transfer, profile.scheduled_won) == (None, "", None)
        payee = await counter.does(b.AskPayee("v1-q4", banks.order().payee))
        assert (payee.reported, payee.paid_before, payee.suspected, payee.biller) == (None, None, None, False)

    asyncio.run(wire(tmp_path, play))


@WIRES
def test_a_block_that_nobody_knows_makes_all_of_them_unknown(wire: Wire, tmp_path: Path) -> None:
    async def play(counter: Counter) -> None:
        counter.bank.set_block(PAYER, "crypto")
        assert (await counter.does(b.AskProfile("v1-q1"))).blocks is None

    asyncio.run(wire(tmp_path, play))


def test_a_card_is_kept_while_it_is_used_and_forgotten_after(tmp_path: Path) -> None:
    async def play() -> None:
        async with banks.switch(tmp_path) as line, banks.signed_on(line) as host:
            teller = Teller(Crew(host), lambda posted: None, {}, Times(keep_card=0.05))  # type: ignore[arg-type]
            ask = teller.hands[b.AskBalance]
            teller._keep("v1", banks.card())
            ends = teller._ends["v1"].when()
            assert isinstance(await ask("v1", b.AskBalance("v1-q1")), b.BalanceTold)
            assert teller._ends["v1"].when() > ends
            await asyncio.sleep(0.2)
            assert await ask("v1", b.AskBalance("v1-q2")) == b.BankDeclined("AskBalance", "no_card")
            assert not teller._ends

    asyncio.run(play())
