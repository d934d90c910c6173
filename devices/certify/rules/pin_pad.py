"""Rules for encrypting PIN pads: card and PIN leave it sealed, masked and never alike; nobody waits for ever."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from devices.banking import Credential
from devices.certify.bed import LOST, Bed, Ended, Rule, ended, expect, hold, refused
from devices.certify.terms import Act, Question, Trouble, Violation
from devices.counter import PinPad
from devices.ports import FaultCode

#: How long a person at a real pad is waited for, and the bench, whose hands are quick.
WAITS_S, BENCH_S, SHORT_S = 20.0, 4.0, 0.8
#: An entry that was called off must have ended after this many seconds.
ENDS_S = 3.0
MASKED = re.compile(r"[0-9]{4,6}\*{4,9}[0-9]{4}")


def key() -> str:
    """An entry's key."""
    return f"certify-{uuid.uuid4().hex[:10]}"


def patience(bed: Bed[PinPad]) -> float:
    """Seconds until an entry that nobody answers is over."""
    return BENCH_S if bed.simulated else WAITS_S


@asynccontextmanager
async def entry(pad: PinPad, heard: list[int], waits_s: float) -> AsyncIterator[asyncio.Task[Ended]]:
    """An entry that waits for whoever stands there; it is called off at the end if it still does."""
    task = asyncio.create_task(ended(pad.credential(key(), waits_s, heard.append)))
    try:
        await asyncio.sleep(0.1)  # the pad has to know that it waits
        yield task
    finally:
        if not task.done():
            await pad.cancel()
        await asyncio.wait_for(task, ENDS_S)


async def given(bed: Bed[PinPad], pad: PinPad, heard: list[int]) -> Credential:
    """Card and PIN of the test card, as the pad seals them."""
    async with entry(pad, heard, patience(bed)) as task:
        await bed.do(Act.INSERT_CARD)
        await bed.do(Act.PRESS_PIN)
        end = await task
    if end.fault or end.defect or not isinstance(end.value, Credential):
        raise end.fault or end.defect or Violation("no card and PIN came of an entry")
    return end.value


async def secret(bed: Bed[PinPad]) -> tuple[str, str]:
    """Number and PIN of the test card."""
    number, pin = (await bed.tell(Question.TEST_CARD)).split(";")
    return number, pin


async def sealed(bed: Bed[PinPad]) -> None:
    """Neither number nor PIN can be read in what comes out."""
    number, pin = await secret(bed)
    async with bed.opened() as pad:
        said = await given(bed, pad, [])
    hold(MASKED.fullmatch(said.masked) is not None, f"a card that is not masked: {len(said.masked)} characters")
    out = said.card + said.pin_block + said.ksn.encode() + said.masked.encode()
    plain = [number.encode(), bytes.fromhex(number.ljust(len(number) + len(number) % 2, "0")), pin.encode()]
    block = bytes.fromhex(f"{len(pin):02X}{pin}" + "F" * (len(pin) % 2))  # as it stands in a clear block
    hold(not any(each in out for each in (*plain, block)), "the card's number or its PIN can be read")
    hold(len(said.pin_block) in (8, 16), f"a PIN block of {len(said.pin_block)} bytes")


async def never_alike(bed: Bed[PinPad]) -> None:
    """The same card and PIN twice: nothing of it can be used again."""
    async with bed.opened() as pad:
        first, second = await given(bed, pad, []), await given(bed, pad, [])
    alike = first.ksn == second.ksn or first.pin_block == second.pin_block or first.card == second.card
    hold(not alike, "two entries gave the same key number or the same block")


async def counts_keys(bed: Bed[PinPad]) -> None:
    """How many, never which."""
    _, pin = await secret(bed)
    heard = list[int]()
    async with bed.opened() as pad:
        await given(bed, pad, heard)
    hold(heard == list(range(1, len(pin) + 1)), f"{len(pin)} digits were typed, told were {heard}")


async def canceled(bed: Bed[PinPad]) -> None:
    """The customer presses cancel."""
    async with bed.opened() as pad, entry(pad, [], patience(bed)) as task:
        await bed.do(Act.INSERT_CARD)
        await bed.do(Act.PRESS_CANCEL)
        expect(await task, (FaultCode.CANCELED,), "the customer pressed cancel")


async def nobody(bed: Bed[PinPad]) -> None:
    """Nobody acts; the next entry is one like any."""
    async with bed.opened() as pad:
        await refused(pad.credential(key(), SHORT_S), (FaultCode.TIME_OUT,), "nobody gave a card")
        await pad.open()
        await given(bed, pad, [])


async def called_off(bed: Bed[PinPad]) -> None:
    """The branch gives up, as when the customer walks away."""
    async with bed.opened() as pad:
        task = asyncio.create_task(ended(pad.credential(key(), patience(bed))))
        await asyncio.sleep(0.2)
        await pad.cancel()
        try:
            end = await asyncio.wait_for(asyncio.shield(task), ENDS_S)
        except TimeoutError:
            await pad.close()
            raise Violation(f"an entry that was called off still waits after {ENDS_S} s") from None
        expect(end, (), "an entry was called off")
        await pad.open()
        await pad.probe()


async def tampered(bed: Bed[PinPad]) -> None:
    """A pad that was opened serves nobody."""
    async with bed.opened() as pad, bed.trouble(Trouble.TAMPERED):
        await refused(pad.probe(), (FaultCode.ACCESS_DENIED,), "the pad was tampered with")


async def wrong_card(bed: Bed[PinPad]) -> None:
    """A card of some other trade."""
    async with bed.opened() as pad, bed.trouble(Trouble.WRONG_CARD):
        await refused(pad.credential(key(), patience(bed)), (FaultCode.MEDIA_UNKNOWN,), "a card that is no bank card")


async def cut_within(bed: Bed[PinPad]) -> None:
    """The line goes while the customer types."""
    number, pin = await secret(bed)
    async with bed.opened() as pad, entry(pad, [], patience(bed)) as task, bed.trouble(Trouble.UNPLUG):
        end = await task
    fault = expect(end, (*LOST, FaultCode.PROTOCOL, FaultCode.CANCELED), "the line was cut during an entry")
    hold(not any(each in f"{fault} {fault.__cause__!r}" for each in (number, pin)), "the fault says what was typed")


RULES: tuple[Rule[PinPad], ...] = (
    Rule("pin_pad.sealed", "Card and PIN come out sealed and masked.", sealed),
    Rule("pin_pad.never-alike", "The same card and PIN never come out alike.", never_alike),
    Rule("pin_pad.counts-keys", "How many digits were pressed is told one by one.", counts_keys),
    Rule("pin_pad.canceled", "Cancel at the pad is told as cancel.", canceled),
    Rule("pin_pad.nobody", "Where nobody acts the entry ends in time, and the next one works.", nobody),
    Rule("pin_pad.called-off", "An entry that is called off ends soon, and the pad is there again.", called_off),
    Rule("pin_pad.tampered", "A pad that was tampered with serves nobody.", tampered),
    Rule("pin_pad.wrong-card", "A card that is no bank card is told.", wrong_card),
    Rule("pin_pad.cut-within", "A line that goes during an entry gives a fault that says nothing of it.", cut_within),
)
