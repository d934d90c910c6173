"""Rules for code scanners: a code is a value for whoever asked, and nothing in it can press a key."""

from __future__ import annotations

import time

from devices.certify.bed import Bed, Rule, hold
from devices.certify.terms import Act, Trouble
from devices.ports import Code, CodeScanner

CODE = "6899900000001"
LONGEST = 128
SEES_S = 5.0
SHORT_S = 0.4


async def show(bed: Bed[CodeScanner], scanner: CodeScanner, text: str, within_s: float) -> list[Code]:
    """What comes of a code that is held up (or lies there) and taken away again."""
    await bed.do(Act.SHOW_CODE, text)
    try:
        end, codes = time.monotonic() + within_s, list[Code]()
        while not codes and time.monotonic() < end:
            codes += await scanner.scan(max(SHORT_S, end - time.monotonic()))
        return codes
    finally:
        await bed.do(Act.HIDE_CODE)


async def arrives(bed: Bed[CodeScanner]) -> None:
    """What was shown."""
    async with bed.opened() as scanner:
        codes = await show(bed, scanner, CODE, SEES_S)
    texts = {code.text for code in codes}
    hold(texts == {CODE}, f"the code {CODE} was shown, {len(texts)} other texts or none came")
    hold(all(code.symbology and code.source for code in codes), "a code came without symbology or source")


async def nothing(bed: Bed[CodeScanner]) -> None:
    """Nothing was shown."""
    async with bed.opened() as scanner:
        begun = time.monotonic()
        codes = await scanner.scan(SHORT_S)
        took = time.monotonic() - begun
    hold(codes == (), f"nothing was shown and {len(codes)} codes came")
    hold(took <= SHORT_S + 1.0, f"nothing was shown, and the answer took {took:.1f} s")


async def no_controls(bed: Bed[CodeScanner]) -> None:
    """Keys, escapes and bells in a code."""
    async with bed.opened() as scanner, bed.trouble(Trouble.CONTROL_CHARS):
        codes = await show(bed, scanner, CODE, 1.0)
    hold(all(code.text.isprintable() for code in codes), "control characters came through")


async def not_too_long(bed: Bed[CodeScanner]) -> None:
    """More than any payload of the branch."""
    async with bed.opened() as scanner:
        codes = await show(bed, scanner, CODE * 12, 1.0)
    hold(all(len(code.text) <= LONGEST for code in codes), f"a code of more than {LONGEST} characters came through")


async def not_twice(bed: Bed[CodeScanner]) -> None:
    """A code that was taken and is gone."""
    async with bed.opened() as scanner:
        first = await show(bed, scanner, CODE, SEES_S)
        second = await scanner.scan(SHORT_S)
    hold(bool(first), f"the code {CODE} was shown and did not come")
    hold(second == (), "a code that was taken and is gone answered a second question")


RULES: tuple[Rule[CodeScanner], ...] = (
    Rule("codes.arrives", "The code that is shown arrives, whole and alone.", arrives),
    Rule("codes.nothing", "Without a code the answer is empty, and in time.", nothing),
    Rule("codes.no-controls", "Control characters never come through.", no_controls),
    Rule("codes.not-too-long", "More than 128 characters never come through.", not_too_long),
    Rule("codes.not-twice", "A code that was taken and is gone answers no later question.", not_twice),
)
