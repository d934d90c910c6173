"""Rules for the banks' intake: one key is one hand-in, silence is no receipt, a decision arrives as it was signed."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from devices.agency import (
    AgencyDesk,
    Application,
    Appointment,
    Decision,
    NotSigned,
    Received,
    SignedContract,
    SignedMessage,
    read_decision,
)
from devices.banking import Declined
from devices.certify.bed import LOST, Bed, Ended, Rule, ended, expect, hold, refused
from devices.certify.terms import Act, Question, Trouble, Violation
from devices.contract import Offer, read_offer, read_receipt
from devices.ports import FaultCode

ASKS_S, SHORT_S = 5.0, 0.8
#: Stands for what was sealed to the bank's key; nobody can open it.
SEALED = bytes(range(64))


def key() -> str:
    """A key that was never used."""
    return f"certify-{uuid.uuid4().hex[:10]}"


async def signs(bed: Bed[AgencyDesk]) -> tuple[str, str, bytes]:
    """A test bank: its code, one of its products, the key that it signs with."""
    bank, product, public = (await bed.tell(Question.BANK_SIGNS)).split(";")
    return bank, product, bytes.fromhex(public)


async def paper(bed: Bed[AgencyDesk]) -> Application:
    """An application that says nothing."""
    bank, product, _ = await signs(bed)
    return Application(bank, product, SEALED)


async def booked(bed: Bed[AgencyDesk]) -> int:
    """What the intake's own book holds."""
    return int(await bed.tell(Question.HANDED_IN))


async def received(bed: Bed[AgencyDesk]) -> None:
    """Handed in, and found."""
    asked, before, mine = await paper(bed), await booked(bed), key()
    async with bed.opened() as desk:
        said = await desk.hand_in(mine, asked, ASKS_S)
    hold(said.key == mine and bool(said.reference), f"handed in, received under {said.key!r} as {said.reference!r}")
    hold(await booked(bed) == before + 1, "received, but not in the intake's book")


async def one_key(bed: Bed[AgencyDesk]) -> None:
    """The same key again."""
    asked, mine = await paper(bed), key()
    async with bed.opened() as desk:
        first, before = await desk.hand_in(mine, asked, ASKS_S), await booked(bed)
        second = await desk.hand_in(mine, asked, ASKS_S)
    hold(first.reference == second.reference, f"one key is {first.reference} and {second.reference}")
    hold(await booked(bed) == before, "one key was handed in twice")


async def appointed(bed: Bed[AgencyDesk]) -> None:
    """A wish for a talk."""
    bank, product, _ = await signs(bed)
    before, mine = await booked(bed), key()
    wish = Appointment(bank, product, datetime.now(UTC) + timedelta(days=3), "phone", SEALED)
    async with bed.opened() as desk:
        said = await desk.appoint(mine, wish, ASKS_S)
    hold(said.key == mine and bool(said.reference), f"appointed under {said.key!r} as {said.reference!r}")
    hold(await booked(bed) == before + 1, "appointed, but not in the intake's book")


async def cut_off(bed: Bed[AgencyDesk]) -> tuple[Ended, Ended]:
    """A hand-in whose receipt never comes, and what an enquiry finds."""
    asked, mine = await paper(bed), key()
    async with bed.opened() as desk:
        async with bed.trouble(Trouble.MUTE_AFTER):
            silent = await ended(desk.hand_in(mine, asked, SHORT_S))
        return silent, await ended(desk.enquire(mine, ASKS_S))


async def unknown(bed: Bed[AgencyDesk]) -> None:
    """Silence after it was handed in."""
    expect((await cut_off(bed))[0], (FaultCode.OUTCOME_UNKNOWN,), "the desk fell silent after the hand-in")


async def enquiry(bed: Bed[AgencyDesk]) -> None:
    """What became of it."""
    found = (await cut_off(bed))[1]
    hold(isinstance(found.value, Received), f"the desk has it, the enquiry says {found.value or found.fault}")


async def never_sent(bed: Bed[AgencyDesk]) -> None:
    """A key that the desk has never seen."""
    async with bed.opened() as desk:
        found = await desk.enquire(key(), ASKS_S)
    hold(found is None, f"what was never handed in has the reference {found.reference if found else ''}")


async def foreign_reply(bed: Bed[AgencyDesk]) -> None:
    """The receipt of somebody else."""
    asked = await paper(bed)
    async with bed.opened() as desk, bed.trouble(Trouble.FOREIGN_REPLY):
        end = await ended(desk.hand_in(key(), asked, ASKS_S))
    expect(end, (FaultCode.OUTCOME_UNKNOWN,), "the receipt of another key came")


async def cut_before(bed: Bed[AgencyDesk]) -> None:
    """A hand-in on a cut line."""
    asked, before = await paper(bed), await booked(bed)
    async with bed.opened() as desk, bed.trouble(Trouble.UNPLUG):
        call = desk.hand_in(key(), asked, SHORT_S)
        await refused(call, (*LOST, FaultCode.OUTCOME_UNKNOWN), "the line was cut before")
    hold(await booked(bed) == before, "what was handed in on a cut line is in the book")


async def closed(bed: Bed[AgencyDesk]) -> None:
    """Seen before a customer begins."""
    async with bed.opened() as desk, bed.trouble(Trouble.CLOSED):
        await refused(desk.probe(), (FaultCode.NO_ACQUIRER,), "the intake is closed")


async def decided(bed: Bed[AgencyDesk]) -> None:
    """The bank's examiner has decided; its signature covers what arrives."""
    asked = await paper(bed)
    bank, _, public = await signs(bed)
    async with bed.opened() as desk:
        reference = (await desk.hand_in(key(), asked, ASKS_S)).reference
        await bed.do(Act.DECIDE, reference)
        message = await desk.decision(bank, reference, ASKS_S)
    if message is None:
        raise Violation("the bank has decided, and no decision came")
    try:
        said: Decision = read_decision(message, {bank: public}, bank, reference)
    except NotSigned as why:
        raise Violation(f"the bank's decision is not believed: {why}") from None
    hold(said.reference == reference, f"a decision about {said.reference}")


async def undecided(bed: Bed[AgencyDesk]) -> None:
    """Handed in a moment ago."""
    asked = await paper(bed)
    async with bed.opened() as desk:
        reference = (await desk.hand_in(key(), asked, ASKS_S)).reference
        message = await desk.decision(asked.bank, reference, ASKS_S)
    hold(message is None, "nobody has decided, and a decision came")


async def offered(bed: Bed[AgencyDesk], desk: AgencyDesk) -> tuple[Offer, SignedContract]:
    """A contract that the bank offers, and a signature under it."""
    bank, _, public = await signs(bed)
    reference = (await desk.hand_in(key(), await paper(bed), ASKS_S)).reference
    await bed.do(Act.OFFER, reference)
    message = await desk.offer(bank, reference, ASKS_S)
    if message is None:
        raise Violation("the bank has offered, and no offer came")
    try:
        offer = read_offer(message, {bank: public}, bank, reference, datetime.now(UTC))
    except NotSigned as why:
        raise Violation(f"the bank's offer is not believed: {why}") from None
    return offer, SignedContract(bank, reference, offer.sha256, SEALED)


async def believed(bed: Bed[AgencyDesk], mine: str, signed: SignedContract, message: SignedMessage) -> str:
    """The contract number of a receipt of just this signature."""
    bank, _, public = await signs(bed)
    about = {
        "key": mine, "bank": signed.bank, "reference": signed.reference, "offer_sha256": signed.offer_sha256,
        "sealed_sha256": hashlib.sha256(signed.sealed).hexdigest(),
    }  # fmt: skip
    try:
        return read_receipt(message, {bank: public}, about).number
    except NotSigned as why:
        raise Violation(f"the bank's receipt is not believed: {why}") from None


async def an_offer(bed: Bed[AgencyDesk]) -> None:
    """Offered a moment ago; its signature covers what arrives."""
    async with bed.opened() as desk:
        offer, _ = await offered(bed, desk)
    hold(bool(offer.clauses), "an offer without clauses")


async def no_offer(bed: Bed[AgencyDesk]) -> None:
    """Nothing was offered."""
    asked = await paper(bed)
    async with bed.opened() as desk:
        reference = (await desk.hand_in(key(), asked, ASKS_S)).reference
        message = await desk.offer(asked.bank, reference, ASKS_S)
    hold(message is None, "nobody has offered, and an offer came")


async def receipted(bed: Bed[AgencyDesk]) -> None:
    """A signature handed over twice under its key."""
    mine = key()
    async with bed.opened() as desk:
        _, signed = await offered(bed, desk)
        first = await believed(bed, mine, signed, await desk.sign(mine, signed, ASKS_S))
        second = await believed(bed, mine, signed, await desk.sign(mine, signed, ASKS_S))
    hold(first == second, f"one signature is {first} and {second}")


async def other_words(bed: Bed[AgencyDesk]) -> None:
    """A signature under words that the bank did not offer."""
    async with bed.opened() as desk:
        _, signed = await offered(bed, desk)
        end = await ended(desk.sign(key(), replace(signed, offer_sha256="0" * 64), ASKS_S))
    hold(isinstance(end.defect, Declined), f"a signature under other words ended as {end.value or end.fault}")


async def receipt_lost(bed: Bed[AgencyDesk]) -> None:
    """The bank has it, and its receipt never comes."""
    mine = key()
    async with bed.opened() as desk:
        _, signed = await offered(bed, desk)
        async with bed.trouble(Trouble.MUTE_AFTER):
            silent = await ended(desk.sign(mine, signed, SHORT_S))
        expect(silent, (FaultCode.OUTCOME_UNKNOWN,), "the desk fell silent after a signature")
        found = await desk.receipt(mine, ASKS_S)
        if found is None:
            raise Violation("the desk has the signature, the enquiry finds none")
        await believed(bed, mine, signed, found)


async def never_signed(bed: Bed[AgencyDesk]) -> None:
    """A key that the desk has never seen."""
    async with bed.opened() as desk:
        found = await desk.receipt(key(), ASKS_S)
    hold(found is None, "what was never signed has a receipt")


RULES: tuple[Rule[AgencyDesk], ...] = (
    Rule("bank_desk.received", "What is handed in is received under its key, with a reference, and in the book.",
         received),
    Rule("bank_desk.one-key", "The same key is the same reference and one hand-in.", one_key),
    Rule("bank_desk.appointed", "A wish for an appointment has a reference and is in the book.", appointed),
    Rule("bank_desk.unknown", "Silence after a hand-in is an unknown outcome, no refusal.", unknown),
    Rule("bank_desk.enquiry", "An enquiry finds a hand-in whose receipt was lost.", enquiry),
    Rule("bank_desk.never-sent", "An enquiry for what was never handed in finds nothing.", never_sent),
    Rule("bank_desk.foreign-reply", "A receipt of another key is never taken for one's own.", foreign_reply),
    Rule("bank_desk.cut-before", "On a cut line nothing is received, and nothing booked.", cut_before),
    Rule("bank_desk.closed", "An intake that takes nothing now says so when it is probed.", closed),
    Rule("bank_desk.decided", "A decision arrives byte for byte as the bank signed it.", decided),
    Rule("bank_desk.undecided", "Where nobody has decided there is no decision.", undecided),
    Rule("bank_desk.offered", "A contract arrives byte for byte as the bank signed it.", an_offer),
    Rule("bank_desk.not-offered", "Where nobody has offered there is no contract.", no_offer),
    Rule("bank_desk.receipted", "A signature handed over again is one contract, and its receipt names it.", receipted),
    Rule("bank_desk.other-words", "A signature under words that the bank did not offer is declined.", other_words),
    Rule("bank_desk.receipt-lost", "Silence after a signature is unknown; its receipt is found again.", receipt_lost),
    Rule("bank_desk.never-signed", "What was never signed has no receipt.", never_signed),
)  # fmt: skip
