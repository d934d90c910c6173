"""Rules for links to a bank's host: one key is one order, and what is not known is called unknown."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from devices.banking import Account, BankHost, Credential, HostOutcome, HostState, Order, OrderKind
from devices.certify.bed import LOST, Bed, Ended, Rule, ended, expect, hold, refused
from devices.certify.terms import Question, Trouble
from devices.ports import DeviceFault, FaultCode

WON = 1000
ASKS_S, SHORT_S = 5.0, 0.8


def key() -> str:
    """A key that was never used."""
    return f"certify-{uuid.uuid4().hex[:10]}"


async def means(bed: Bed[BankHost]) -> tuple[Credential, Order]:
    """A test card as a PIN pad has sealed it, and an order to the account that whoever is there names."""
    bank, masked, card, block, ksn, to_bank, to = (await bed.tell(Question.BANK_CARD)).split(";")
    credential = Credential(bank, masked, bytes.fromhex(card), bytes.fromhex(block), ksn)
    return credential, Order(OrderKind.TRANSFER, Account(to_bank, to), WON)


async def moved(bed: Bed[BankHost]) -> int:
    """Won that the bank's own book has moved from the test account, reversals taken off."""
    return int(await bed.tell(Question.TAKEN_WON))


async def transfers(bed: Bed[BankHost]) -> None:
    """Money goes out."""
    card, order = await means(bed)
    before, mine = await moved(bed), key()
    async with bed.opened() as host:
        said = await host.transfer(mine, card, order, ASKS_S)
    hold(said.state is HostState.APPROVED, f"a transfer that the bank has booked is {said.state}")
    hold((said.key, said.won) == (mine, WON), f"booked {said.won} won under {said.key}")
    hold(bool(said.reference), "booked without a reference")
    hold(await moved(bed) == before + WON, "the bank's book does not hold the transfer")


async def one_key(bed: Bed[BankHost]) -> None:
    """The same key again."""
    card, order = await means(bed)
    async with bed.opened() as host:
        mine = key()
        first, before = await host.transfer(mine, card, order, ASKS_S), await moved(bed)
        second = await host.transfer(mine, card, order, ASKS_S)
    hold((first.state, first.reference) == (second.state, second.reference), f"{first.state}, then {second.state}")
    hold(await moved(bed) == before, "one key moved money twice")


async def cut_off(bed: Bed[BankHost]) -> tuple[Ended, Ended]:
    """A transfer whose answer never comes, and what an enquiry finds."""
    card, order = await means(bed)
    async with bed.opened() as host:
        mine = key()
        async with bed.trouble(Trouble.MUTE_AFTER):
            silent = await ended(host.transfer(mine, card, order, SHORT_S))
        return silent, await ended(host.enquire(mine, ASKS_S))


async def unknown(bed: Bed[BankHost]) -> None:
    """Silence after the order was sent."""
    expect((await cut_off(bed))[0], (FaultCode.OUTCOME_UNKNOWN,), "the bank fell silent after the order")


async def enquiry(bed: Bed[BankHost]) -> None:
    """What became of it."""
    end = (await cut_off(bed))[1]
    if not isinstance(end.value, HostOutcome):
        raise end.fault or end.defect or DeviceFault(FaultCode.INTERNAL, "the enquiry gave no outcome")
    told = (end.value.state, end.value.won)
    hold(told == (HostState.APPROVED, WON), f"the transfer was booked, the enquiry says {told}")


async def never_sent(bed: Bed[BankHost]) -> None:
    """A key that the bank has never seen."""
    async with bed.opened() as host:
        said = await host.enquire(key(), ASKS_S, datetime.now(UTC))
    hold(said.state is HostState.NOT_FOUND, f"an order that never was is {said.state}")


async def reversed_once(bed: Bed[BankHost]) -> None:
    """The same order taken back twice."""
    card, order = await means(bed)
    async with bed.opened() as host:
        mine, before = key(), await moved(bed)
        await host.transfer(mine, card, order, ASKS_S)
        states = [(await host.reverse(mine, WON, ASKS_S)).state for _ in range(2)]
        found = (await host.enquire(mine, ASKS_S)).state
    hold(states == [HostState.REVERSED] * 2, f"two reversals came to {', '.join(states)}")
    hold(found is HostState.REVERSED, f"a reversed order is {found}")
    hold(await moved(bed) == before, f"after order and reversal the book differs by {await moved(bed) - before} won")


async def wrong_amount(bed: Bed[BankHost]) -> None:
    """The reply speaks of more than was asked."""
    card, order = await means(bed)
    async with bed.opened() as host, bed.trouble(Trouble.WRONG_AMOUNT):
        end = await ended(host.transfer(key(), card, order, ASKS_S))
    expect(end, (FaultCode.OUTCOME_UNKNOWN,), "a reply about another amount than was asked")


async def cut_before(bed: Bed[BankHost]) -> None:
    """An order on a cut line."""
    card, order = await means(bed)
    before = await moved(bed)
    async with bed.opened() as host, bed.trouble(Trouble.UNPLUG):
        call = host.transfer(key(), card, order, SHORT_S)
        await refused(call, (*LOST, FaultCode.OUTCOME_UNKNOWN, FaultCode.NOT_LOGGED_IN), "the line was cut before")
    hold(await moved(bed) == before, "an order on a cut line was booked")


RULES: tuple[Rule[BankHost], ...] = (
    Rule("bank_host.transfers", "What the bank books is approved, with amount, reference and book entry.", transfers),
    Rule("bank_host.one-key", "The same key has the same outcome and moves money once.", one_key),
    Rule("bank_host.unknown", "Silence after an order was sent is an unknown outcome, no refusal.", unknown),
    Rule("bank_host.enquiry", "An enquiry finds an order whose answer was lost.", enquiry),
    Rule("bank_host.never-sent", "An enquiry for an order that never was finds none.", never_sent),
    Rule("bank_host.reversed-once", "Taking back twice is one reversal.", reversed_once),
    Rule("bank_host.wrong-amount", "Another amount than asked is never approved.", wrong_amount),
    Rule("bank_host.cut-before", "On a cut line no order succeeds, and none is booked.", cut_before),
)
