"""Rules for readers of documents: what lies there is said as it is, and a reading is whole or a named fault."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from devices.certify.bed import Bed, Rule, hold, refused, until
from devices.certify.terms import Act, Question, Trouble
from devices.identity import AccessKey, CardState, IdDocument, IdReader, Verdict
from devices.ports import FaultCode

READS_S = 20.0
SEEN_S = 2.0
WRONG = AccessKey(number="X00000000", birth="000101", expiry="300101")


async def key_of(bed: Bed[IdReader]) -> AccessKey:
    """What opens the card that is used for the test: `number birth expiry` of its MRZ, or its CAN."""
    words = (await bed.tell(Question.CARD_KEY)).split()
    return AccessKey(*words) if len(words) == 3 else AccessKey(can="".join(words))


@asynccontextmanager
async def laid(bed: Bed[IdReader]) -> AsyncIterator[IdReader]:
    """A reader with the test's card on it."""
    async with bed.opened() as reader:
        await bed.do(Act.LAY_CARD)
        try:
            await shows(reader, CardState.PRESENT)
            yield reader
        finally:
            await bed.do(Act.TAKE_CARD)


async def shows(reader: IdReader, state: CardState) -> None:
    """Violation unless the reader shows that state in time."""

    async def now() -> bool:
        return reader.card() is state

    await until(now, SEEN_S, f"the reader shows {reader.card()} instead of {state} after {SEEN_S:.0f} s")


async def no_card(bed: Bed[IdReader]) -> None:
    """An empty reader."""
    async with bed.opened() as reader:
        await refused(reader.read(WRONG, 2.0), (FaultCode.NO_MEDIA,), "nothing lies on the reader")
        hold(reader.card() is CardState.ABSENT, f"nothing lies there, the reader shows {reader.card()}")


async def card_is_seen(bed: Bed[IdReader]) -> None:
    """Laid down and taken."""
    async with laid(bed) as reader:
        await bed.do(Act.TAKE_CARD)
        await shows(reader, CardState.ABSENT)


async def reads(bed: Bed[IdReader]) -> None:
    """A whole document, judged."""
    key = await key_of(bed)
    async with laid(bed) as reader:
        document = await reader.read(key, READS_S)
    hold(isinstance(document, IdDocument) and isinstance(document.verdict, Verdict), "the reading has no verdict")
    hold(document.verdict is not Verdict.ALTERED, "the test's card is called altered")
    hold(bool(document.mrz.number) and bool(document.groups), "a reading without number or data groups")


async def judged(bed: Bed[IdReader], card: Trouble) -> Verdict:
    """What the reader calls a card that is ordered to be laid in the test card's place."""
    async with bed.trouble(card):
        key = await key_of(bed)
        async with laid(bed) as reader:
            return (await reader.read(key, READS_S)).verdict


async def altered(bed: Bed[IdReader]) -> None:
    """Content that its issuer did not sign."""
    word = await judged(bed, Trouble.ALTERED_CARD)
    hold(word is Verdict.ALTERED, f"a card whose content was changed is called {word}")


async def copied(bed: Bed[IdReader]) -> None:
    """All files of a card, and none of its secrets."""
    word = await judged(bed, Trouble.COPIED_CARD)
    hold(word is Verdict.ALTERED, f"a copied card is called {word}")


async def unproven(bed: Bed[IdReader]) -> None:
    """A copy that claims to be unable to prove itself."""
    word = await judged(bed, Trouble.UNPROVEN_CARD)
    hold(word in (Verdict.ALTERED, Verdict.NOT_CHECKABLE), f"a card that gave no proof of its key is called {word}")


async def stranger(bed: Bed[IdReader]) -> None:
    """An issuer that the operator does not believe."""
    word = await judged(bed, Trouble.STRANGE_CARD)
    hold(word is Verdict.UNKNOWN_ISSUER, f"a card of an issuer that is not in the trust folder is called {word}")


async def noise(bed: Bed[IdReader]) -> None:
    """Bytes without sense in place of answers."""
    key, codes = await key_of(bed), (FaultCode.PROTOCOL, FaultCode.MEDIA_UNKNOWN)
    async with laid(bed) as reader, bed.trouble(Trouble.NONSENSE):
        await refused(reader.read(key, READS_S), codes, "the card answers with noise")


async def wrong_key(bed: Bed[IdReader]) -> None:
    """A key of another document."""
    async with laid(bed) as reader:
        await refused(reader.read(WRONG, READS_S), (FaultCode.ACCESS_DENIED,), "a wrong key")


async def removed(bed: Bed[IdReader]) -> None:
    """Taken in the middle of a reading."""
    key = await key_of(bed)
    async with laid(bed) as reader, bed.trouble(Trouble.PULLED):
        codes = (FaultCode.MEDIA_REMOVED,)
        await refused(reader.read(key, READS_S), codes, "the card was taken in the middle of the reading")


async def two_cards(bed: Bed[IdReader]) -> None:
    """Two at once."""
    async with laid(bed) as reader, bed.trouble(Trouble.TWO_CARDS):
        await shows(reader, CardState.COLLISION)
        await refused(reader.read(WRONG, READS_S), (FaultCode.MEDIA_COLLISION,), "two cards lie there")


async def keeps_nothing(bed: Bed[IdReader]) -> None:
    """What a person sees of a reading in a log."""
    key = await key_of(bed)
    async with laid(bed) as reader:
        document = await reader.read(key, READS_S)
        shown = f"{document!r} {reader!r} {vars(reader)!r} {await reader.probe()!r}"
    hold(document.mrz.number not in shown, "the document's number stays in the reader, or shows in a repr")


RULES: tuple[Rule[IdReader], ...] = (
    Rule("id_reader.no-card", "Without a card a reading is refused by that name.", no_card),
    Rule("id_reader.card-is-seen", "A card is seen to come and to go within two seconds.", card_is_seen),
    Rule("id_reader.reads", "A document is read whole and judged by a verdict.", reads),
    Rule("id_reader.altered", "A card whose content was changed is called altered.", altered),
    Rule("id_reader.copy", "A copied card that is asked for proof is called altered.", copied),
    Rule("id_reader.unproven", "A card that has a key and gives no proof of it is never called genuine.", unproven),
    Rule("id_reader.stranger", "A card of an issuer that is not believed is called of unknown issuer.", stranger),
    Rule("id_reader.noise", "Noise of the card is a fault, never a reading.", noise),
    Rule("id_reader.wrong-key", "A wrong key is denied access.", wrong_key),
    Rule("id_reader.removed", "A card taken in the middle of a reading is told.", removed),
    Rule("id_reader.two-cards", "Two cards at once are told.", two_cards),
    Rule("id_reader.keeps-nothing", "Nothing of a document stays in the reader or shows in a log.", keeps_nothing),
)
