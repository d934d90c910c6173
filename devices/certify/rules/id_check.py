"""Rules for the operator's verification back-end: four answers, and not a word of the question in any fault."""

from __future__ import annotations

from datetime import date, timedelta

from devices.certify.bed import Bed, Rule, ended, hold, refused
from devices.certify.terms import Question, Trouble
from devices.identity import IdAnswer, IdCheck
from devices.ports import FaultCode

ASKS_S = 5.0
SHORT_S = 1.0
#: Nobody's: no resident number begins with month 00.
NOBODY = ("resident_card", "나아무", "9000009999999")


async def unknown_number(bed: Bed[IdCheck]) -> None:
    """A number that was never issued."""
    async with bed.opened() as desk:
        said = await desk.verify(*NOBODY, date(2020, 1, 1), ASKS_S)
    hold(said is IdAnswer.NO_SUCH_NUMBER, f"a number that was never issued: {said}")


async def registered(bed: Bed[IdCheck]) -> tuple[str, str, str, date]:
    """A card of the test register: `kind;name;number;YYYY-MM-DD`."""
    kind, name, number, issued = (await bed.tell(Question.REGISTERED)).split(";")
    return kind, name, number, date.fromisoformat(issued)


async def match(bed: Bed[IdCheck]) -> None:
    """As issued."""
    card = await registered(bed)
    async with bed.opened() as desk:
        said = await desk.verify(*card, ASKS_S)
    hold(said is IdAnswer.MATCH, f"a card as issued: {said}")


async def issue_date(bed: Bed[IdCheck]) -> None:
    """Issued on another day."""
    kind, name, number, issued = await registered(bed)
    async with bed.opened() as desk:
        said = await desk.verify(kind, name, number, issued + timedelta(days=1), ASKS_S)
    hold(said is IdAnswer.ISSUE_DATE_DIFFERS, f"another date of issue: {said}")


async def other_kinds(bed: Bed[IdCheck]) -> None:
    """A passport is read by its chip."""
    async with bed.opened() as desk:
        call = desk.verify("passport", *NOBODY[1:], date(2020, 1, 1), ASKS_S)
        await refused(call, (FaultCode.UNSUPPORTED,), "a passport was to be verified")


async def faults_hold_nothing(bed: Bed[IdCheck]) -> None:
    """Silence, noise, a cut line: no answer, and no person in the fault."""
    for trouble in (Trouble.MUTE, Trouble.GARBAGE, Trouble.UNPLUG):
        async with bed.opened() as desk, bed.trouble(trouble):
            end = await ended(desk.verify(*NOBODY, date(2020, 1, 1), SHORT_S))
        hold(end.fault is not None, f"with {trouble} the answer was {end.value or end.defect!r}")
        text = f"{end.fault} {end.fault.__cause__!r}" if end.fault else ""
        hold(not any(word in text for word in NOBODY[1:]), f"with {trouble} the fault names the person")


RULES: tuple[Rule[IdCheck], ...] = (
    Rule("id_check.unknown-number", "A number that was never issued is no such number.", unknown_number),
    Rule("id_check.match", "A card as issued is a match.", match),
    Rule("id_check.issue-date", "Another date of issue is told.", issue_date),
    Rule("id_check.other-kinds", "Other kinds of card are refused.", other_kinds),
    Rule("id_check.faults-hold-nothing", "Without an answer there is a fault, and it names nobody.",
         faults_hold_nothing),
)  # fmt: skip
