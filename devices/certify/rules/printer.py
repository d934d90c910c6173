"""Rules for receipt and label printers: done means that the printer has said so; a job prints once."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Iterator

from devices.certify.bed import Bed, Ended, Rule, ended, expect, hold, refused
from devices.certify.terms import Question, Trouble
from devices.ports import FaultCode, Picture, Printed, Printer

JOB_S = 8.0
#: Long enough for a status answer, short enough to wait for.
MUTE_JOB_S = 2.5
#: By when a page comes out that its printer has kept.
LATE_S = 3.0
#: The syllables of "한글", sixteen dots square each, drawn for this suite.
SYLLABLES = (
    "....##....##...." "################", ".########.##...." ".............##.", "..........##...." ".............##.",
    "...####...####.." ".............##.", "..##..##..##...." ".............##.", "..##..##..##...." ".............##.",
    "...####...##...." "................", "................" "################", "..##............" "................",
    "..##............" "..############..", "..##............" "............##..", "..##............" "..############..",
    "..############.." "..##............", "................" "..##............", "................" "..############..",
    "................" "................",
)  # fmt: skip
SCALE = 6


def picture(printer: Printer) -> Picture:
    """A page with Hangul, and below it every byte value, among them those that read like commands."""
    width = min(printer.width_dots, SCALE * 32) // 8 * 8
    rows = [row for line in SYLLABLES for row in [packed(line)[: width // 8]] * SCALE]
    every = bytes(range(256)) + bytes(width // 8)
    rows += [every[at : at + width // 8] for at in range(0, 256, width // 8)]
    return Picture(width, len(rows), printer.dpi, b"".join(rows))


def packed(line: str) -> bytes:
    """A line of the drawing, enlarged."""
    bits = "".join(("1" if dot == "#" else "0") * SCALE for dot in line)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def job() -> str:
    """A job id that was never used."""
    return f"certify-{uuid.uuid4().hex[:12]}"


async def pages(bed: Bed[Printer]) -> int:
    """How many pages have come out."""
    return int(await bed.tell(Question.PAGES))


async def prints(bed: Bed[Printer]) -> None:
    """One page for one job."""
    before, mine = await pages(bed), job()
    async with bed.opened() as printer:
        done = await printer.print(mine, picture(printer), JOB_S)
    out = await pages(bed) - before
    hold(isinstance(done, Printed) and done.job == mine, f"the evidence is {done!r:.80}")
    hold(out == 1, f"{out} pages came out for one job")


async def once(bed: Bed[Printer]) -> None:
    """The same job twice."""
    async with bed.opened() as printer:
        mine = job()
        await printer.print(mine, picture(printer), JOB_S)
        before = await pages(bed)
        hold((await printer.print(mine, picture(printer), JOB_S)).job == mine, "the repeated job has another id")
        hold(await pages(bed) == before, "a finished job was printed a second time")


async def again(bed: Bed[Printer]) -> None:
    """Somebody has asked for it."""
    async with bed.opened() as printer:
        mine = job()
        await printer.print(mine, picture(printer), JOB_S)
        before = await pages(bed)
        await printer.print(mine, picture(printer), JOB_S, True)
        hold(await pages(bed) == before + 1, "a repetition that was asked for did not come out")


async def no_paper(bed: Bed[Printer]) -> None:
    """Without paper from the beginning."""
    async with bed.opened() as printer, bed.trouble(Trouble.PAPER_OUT):
        await refused(printer.print(job(), picture(printer), JOB_S), (FaultCode.CONSUMABLE_OUT,), "without paper")
        hold(FaultCode.CONSUMABLE_OUT in (await printer.probe()).faults, "a probe does not tell that paper is out")


async def paper_ends(bed: Bed[Printer]) -> None:
    """Paper that ends in the middle."""
    async with bed.opened() as printer, bed.trouble(Trouble.PAPER_OUT_MID_JOB):
        codes = (FaultCode.CONSUMABLE_OUT, FaultCode.OUTCOME_UNKNOWN)
        await refused(printer.print(job(), picture(printer), JOB_S), codes, "the paper ended within the job")


async def cancelled_stays_away(bed: Bed[Printer]) -> None:
    """The paper ends within a job, and is put back."""
    before, mine = await pages(bed), job()
    async with bed.opened() as printer:
        async with bed.trouble(Trouble.PAPER_OUT_MID_JOB):
            end = await ended(printer.print(mine, picture(printer), JOB_S))
        await asyncio.sleep(LATE_S)
        out = await pages(bed) - before
        if end.fault is not None and end.fault.code is not FaultCode.OUTCOME_UNKNOWN:
            hold(out == 0, f"told as not printed ({end.fault.code}), and {out} pages came out by themselves")
        else:
            await refused(printer.print(mine, picture(printer), JOB_S), (FaultCode.DUPLICATE_JOB,), "a job in doubt")
            hold(await pages(bed) - before <= 1, "a job in doubt came out more than once")


async def cover(bed: Bed[Printer]) -> None:
    """An open cover."""
    async with bed.opened() as printer, bed.trouble(Trouble.COVER_OPEN):
        hold(FaultCode.COVER_OPEN in (await printer.probe()).faults, "a probe does not tell of the open cover")
        await refused(printer.print(job(), picture(printer), JOB_S), (FaultCode.COVER_OPEN,), "with an open cover")


async def low(bed: Bed[Printer]) -> None:
    """Paper near its end."""
    async with bed.opened() as printer, bed.trouble(Trouble.PAPER_LOW):
        hold(FaultCode.CONSUMABLE_LOW in (await printer.probe()).faults, "a probe does not tell that paper is low")


async def silenced(bed: Bed[Printer]) -> tuple[Ended, Ended]:
    """A printer that falls silent in the middle of a job, and the same job once it speaks again."""
    found: list[Ended] = []

    async def experiment() -> Ended:
        async with bed.opened() as printer:
            mine = job()
            async with bed.trouble(Trouble.MUTE_MID_JOB):
                found.append(await ended(printer.print(mine, picture(printer), MUTE_JOB_S)))
            return await ended(printer.print(mine, picture(printer), JOB_S))

    repeated = await bed.once("repeated", experiment)
    return await bed.once("silenced", lambda: given(found[0])), repeated


async def given(end: Ended) -> Ended:
    """What is known already."""
    return end


async def done_after_evidence(bed: Bed[Printer]) -> None:
    """Sent is not printed."""
    expect((await silenced(bed))[0], (FaultCode.OUTCOME_UNKNOWN,), "the printer fell silent within the job")


async def doubt_asks(bed: Bed[Printer]) -> None:
    """A job whose outcome is unknown."""
    expect((await silenced(bed))[1], (FaultCode.DUPLICATE_JOB,), "a job in doubt was sent again")


async def raster(bed: Bed[Printer]) -> None:
    """Dot for dot; one dot in a hundred may differ (a driver may break up what reads like a command)."""
    async with bed.opened() as printer:
        sent = picture(printer)
        await printer.print(job(), sent, JOB_S)
    page = await bed.tell(Question.PAGE)
    if page in ("yes", "no"):
        hold(page == "yes", "the page does not show the two syllables, whole and black on white")
        return
    wrong = sum((a ^ b).bit_count() for a, b in itertools.zip_longest(rows(page, sent), sent.rows, fillvalue=0))
    hold(wrong <= sent.width * sent.height / 100, f"{wrong} dots of {sent.width * sent.height} arrived wrong")


def rows(page: str, like: Picture) -> Iterator[int]:
    """The bytes of a page told as `width height hex`, cut to the picture that was sent."""
    width, _, dots = page.split(" ")
    row, data = (int(width) + 7) // 8, bytes.fromhex(dots)
    for at in range(0, row * like.height, row):
        yield from data[at : at + like.width // 8].ljust(like.width // 8, b"\0")


async def too_wide(bed: Bed[Printer]) -> None:
    """Wider than the head."""
    before = await pages(bed)
    async with bed.opened() as printer:
        wide = Picture(printer.width_dots + 8, 8, printer.dpi, bytes((printer.width_dots + 8) // 8 * 8))
        await refused(printer.print(job(), wide, JOB_S), (FaultCode.MISCONFIGURED,), "a picture wider than the head")
    hold(await pages(bed) == before, "a picture that was refused came out")


RULES: tuple[Rule[Printer], ...] = (
    Rule("printer.prints", "A job comes out once, and its evidence carries its id.", prints),
    Rule("printer.once", "A finished job that is sent again is not printed again.", once),
    Rule("printer.again", "A repetition that somebody asked for is printed.", again),
    Rule("printer.no-paper", "Without paper a job is refused by that name, never done.", no_paper),
    Rule("printer.paper-ends", "A job in which the paper ends is never done.", paper_ends),
    Rule("printer.cancelled-stays-away", "What was told as not printed does not come out later.", cancelled_stays_away),
    Rule("printer.cover", "An open cover is told, and refuses jobs.", cover),
    Rule("printer.low", "Paper near its end is told.", low),
    Rule("printer.done-after-evidence", "A job is done only after the printer's own word; silence is unknown.",
         done_after_evidence),
    Rule("printer.doubt-asks", "A job whose outcome is unknown is not sent again unasked.", doubt_asks),
    Rule("printer.raster", "Hangul and bytes that read like commands arrive dot for dot.", raster),
    Rule("printer.too-wide", "A picture wider than the head is refused and nothing comes out.", too_wide),
)  # fmt: skip
