"""Rules for payment terminals: one key is one charge, and what is not known is called unknown."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable

from devices.certify.bed import LOST, Bed, Ended, Rule, ended, expect, hold, refused
from devices.certify.terms import Act, Question, Trouble
from devices.ports import DeviceFault, FaultCode, PaymentOutcome, PaymentState, PaymentTerminal

WON = 1000
#: Seconds for a customer at the terminal.
CUSTOMER_S = 30.0
SHORT_S = 0.8
#: More digits than brand and last four have.
CARD_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){6,}")


def key() -> str:
    """A key that was never used."""
    return f"certify-{uuid.uuid4().hex[:10]}"


async def taken(bed: Bed[PaymentTerminal]) -> int:
    """Won in the terminal's own book."""
    return int(await bed.tell(Question.TAKEN_WON))


async def paid(bed: Bed[PaymentTerminal], terminal: PaymentTerminal, mine: str, act: Act) -> PaymentOutcome:
    """A charge with which the customer does this."""
    charge = asyncio.create_task(terminal.pay(mine, WON, CUSTOMER_S))
    await under_way(terminal, mine, charge)
    if not charge.done():
        await bed.do(act, mine)
    return await charge


async def under_way(terminal: PaymentTerminal, mine: str, charge: asyncio.Task[PaymentOutcome]) -> None:
    """Wait until the terminal knows of the charge."""
    for _ in range(20):
        await asyncio.sleep(0.05)
        if charge.done() or (await terminal.enquire(mine, 3.0)).state is not PaymentState.NOT_FOUND:
            return


async def approves(bed: Bed[PaymentTerminal]) -> None:
    """A card is held to the terminal."""
    before, mine = await taken(bed), key()
    async with bed.opened() as terminal:
        outcome = await paid(bed, terminal, mine, Act.APPROVE)
    hold(outcome.state is PaymentState.APPROVED, f"the customer paid, the driver says {outcome.state}")
    hold((outcome.key, outcome.won) == (mine, WON), f"approved {outcome.won} won under {outcome.key}")
    hold(bool(outcome.approval and outcome.reference), "approved without approval code or reference")
    hold(await taken(bed) == before + WON, "the terminal's book does not hold the charge")


async def declines(bed: Bed[PaymentTerminal]) -> None:
    """The customer, or the bank, does not."""
    before = await taken(bed)
    async with bed.opened() as terminal:
        outcome = await paid(bed, terminal, key(), Act.DECLINE)
    hold(outcome.state in (PaymentState.DECLINED, PaymentState.CANCELLED), f"declined, but {outcome.state}")
    hold(await taken(bed) == before, "a declined charge was taken")


async def one_key(bed: Bed[PaymentTerminal]) -> None:
    """The same key again."""
    async with bed.opened() as terminal:
        mine = key()
        first = await paid(bed, terminal, mine, Act.APPROVE)
        before = await taken(bed)
        second = await paid(bed, terminal, mine, Act.APPROVE)
    same = (first.state, first.won, first.approval) == (second.state, second.won, second.approval)
    hold(same, f"{first.state} {first.approval}, then {second.state} {second.approval}")
    hold(await taken(bed) == before, "one key was charged twice")


async def cut_off(bed: Bed[PaymentTerminal], name: str) -> Ended:
    """A charge whose answer never comes, and the enquiry afterwards, each by its name."""
    found: list[Ended] = []

    async def experiment() -> Ended:
        async with bed.opened() as terminal:
            mine = key()
            async with bed.trouble(Trouble.MUTE_AFTER):
                charge = asyncio.create_task(ended(terminal.pay(mine, WON, SHORT_S + 0.7)))
                await asyncio.sleep(0.3)
                await bed.do(Act.APPROVE, mine)
                found.append(await charge)
            return await ended(terminal.enquire(mine, 3.0))

    enquired = await bed.once("enquired", experiment)
    silent = await bed.once("silent", lambda: given(found[0]))
    return silent if name == "silent" else enquired


async def given(end: Ended) -> Ended:
    """What is known already."""
    return end


async def unknown(bed: Bed[PaymentTerminal]) -> None:
    """Silence after the charge was sent."""
    expect(await cut_off(bed, "silent"), (FaultCode.OUTCOME_UNKNOWN,), "the terminal fell silent after the charge")


async def enquiry(bed: Bed[PaymentTerminal]) -> None:
    """What became of it."""
    end = await cut_off(bed, "enquired")
    if not isinstance(end.value, PaymentOutcome):
        raise end.fault or end.defect or DeviceFault(FaultCode.INTERNAL, "the enquiry gave no outcome")
    told = (end.value.state, end.value.won)
    hold(told == (PaymentState.APPROVED, WON), f"the charge was approved, the enquiry says {told}")


async def enquiry_own(bed: Bed[PaymentTerminal]) -> None:
    """The one that was paid, after another that was not."""
    async with bed.opened() as terminal:
        mine, other = key(), key()
        await paid(bed, terminal, mine, Act.APPROVE)
        await paid(bed, terminal, other, Act.DECLINE)
        first, second = [(await terminal.enquire(each, 3.0)).state for each in (mine, other)]
    hold(first is PaymentState.APPROVED, f"the charge before the last was approved, the enquiry says {first}")
    hold(second in (PaymentState.DECLINED, PaymentState.CANCELLED), f"the last was declined, the enquiry says {second}")


async def never_sent(bed: Bed[PaymentTerminal]) -> None:
    """A key that the terminal has never seen."""
    async with bed.opened() as terminal:
        outcome = await terminal.enquire(key(), 3.0)
    hold(outcome.state is PaymentState.NOT_FOUND, f"a charge that never was is {outcome.state}")


async def reversed_once(bed: Bed[PaymentTerminal]) -> None:
    """The same charge given back twice."""
    async with bed.opened() as terminal:
        mine = key()
        before = await taken(bed)
        await paid(bed, terminal, mine, Act.APPROVE)
        states = [(await terminal.reverse(mine, WON, 5.0)).state for _ in range(2)]
        hold((await terminal.enquire(mine, 3.0)).state is PaymentState.REVERSED, "the enquiry knows of no reversal")
    hold(states == [PaymentState.REVERSED] * 2, f"two reversals came to {', '.join(states)}")
    hold(await taken(bed) == before, f"after charge and reversal the book differs by {await taken(bed) - before} won")


async def wrong_amount(bed: Bed[PaymentTerminal]) -> None:
    """More than asked is authorised."""
    async with bed.opened() as terminal, bed.trouble(Trouble.WRONG_AMOUNT):
        end = await ended(paid(bed, terminal, key(), Act.APPROVE))
    expect(end, (FaultCode.OUTCOME_UNKNOWN,), "another amount than asked was authorised")


async def other_currency(bed: Bed[PaymentTerminal]) -> None:
    """So many dollars."""
    async with bed.opened() as terminal, bed.trouble(Trouble.OTHER_CURRENCY):
        end = await ended(paid(bed, terminal, key(), Act.APPROVE))
    expect(end, (FaultCode.OUTCOME_UNKNOWN,), "another currency than won was authorised")


async def aborts(bed: Bed[PaymentTerminal]) -> None:
    """The branch gives up before the customer acts."""
    async with bed.opened() as terminal:
        mine = key()
        charge = asyncio.create_task(ended(terminal.pay(mine, WON, CUSTOMER_S)))
        await asyncio.sleep(0.3)
        await terminal.abort(mine, 3.0)
        outcome = (await charge).value
    state = outcome.state if isinstance(outcome, PaymentOutcome) else None
    hold(state is PaymentState.CANCELLED, f"an aborted charge came to {state}")


async def no_card(bed: Bed[PaymentTerminal]) -> None:
    """Card data stays in the terminal."""
    async with bed.opened() as terminal:
        for act in (Act.APPROVE, Act.DECLINE):
            outcome = await paid(bed, terminal, key(), act)
            hold(not CARD_NUMBER.search(f"{outcome.card} {outcome.reason}"), "a card number came out of the driver")


async def words_hold_nothing(bed: Bed[PaymentTerminal]) -> None:
    """A terminal that puts the card's number where a word of its protocol belongs."""
    async with bed.opened() as terminal, bed.trouble(Trouble.CARD_IN_WORDS):
        mine = key()
        charge = asyncio.create_task(ended(terminal.pay(mine, WON, CUSTOMER_S)))
        await asyncio.sleep(0.3)
        await bed.do(Act.DECLINE, mine)
        end = await charge
    told = end.value.reason if isinstance(end.value, PaymentOutcome) else str(end.fault or end.defect)
    hold(not CARD_NUMBER.search(told), "a card number came out of the driver as a word of the terminal")


async def cut_before(bed: Bed[PaymentTerminal]) -> None:
    """Money calls on a cut line."""
    async with bed.opened() as terminal, bed.trouble(Trouble.UNPLUG):
        calls: tuple[Callable[[], Awaitable[object]], ...] = (
            lambda: terminal.pay(key(), WON, SHORT_S),
            lambda: terminal.reverse(key(), WON, SHORT_S),
        )
        for call in calls:
            await refused(call(), (*LOST, FaultCode.OUTCOME_UNKNOWN), "the line was cut before")


RULES: tuple[Rule[PaymentTerminal], ...] = (
    Rule("payment.approves", "What the customer pays is approved, with amount, code and book entry.", approves),
    Rule("payment.declines", "What is declined is not approved, and takes nothing.", declines),
    Rule("payment.one-key", "The same key has the same outcome and is charged once.", one_key),
    Rule("payment.unknown", "Silence after a charge was sent is an unknown outcome, no refusal.", unknown),
    Rule("payment.enquiry", "An enquiry finds a charge whose answer was lost.", enquiry),
    Rule("payment.enquiry-own", "An enquiry tells of the charge asked about, whichever was the last.", enquiry_own),
    Rule("payment.never-sent", "An enquiry for a charge that never was finds none.", never_sent),
    Rule("payment.reversed-once", "Reversing twice is one reversal.", reversed_once),
    Rule("payment.wrong-amount", "Another amount than asked is never approved.", wrong_amount),
    Rule("payment.other-currency", "Another currency than won is never approved.", other_currency),
    Rule("payment.aborts", "A charge that is given up ends as cancelled.", aborts),
    Rule("payment.no-card", "No card number leaves the driver.", no_card),
    Rule("payment.words-hold-nothing", "No word of the terminal carries a card number out.", words_hold_nothing),
    Rule("payment.cut-before", "On a cut line no money call succeeds.", cut_before),
)  # fmt: skip
