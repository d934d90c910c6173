"""Rules for the banks' intake: one key is one hand-in, silence is no receipt, a decision arrives as it was signed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from devices.agency import AgencyDesk, Application, Appointment, Decision, NotSigned, Received, read_decision
from devices.certify.bed import LOST, Bed, Ended, Rule, ended, expect, hold, refused
from devices.certify.terms import Act, Question, Trouble, Violation
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
)  # fmt: skip
