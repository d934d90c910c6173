"""A printer driver against its peer, once for every fault that the peer knows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from devices.bench.escpos import EscPosPeer
from devices.bench.printer import FAULTS
from devices.bench.zpl import ZplPeer
from devices.label_printer import LabelPrinter
from devices.ports import DeviceFault, FaultCode, Observation, PaperState, Picture, Printed
from devices.receipt_printer import ReceiptPrinter

Peer: TypeAlias = EscPosPeer | ZplPeer
Driver: TypeAlias = ReceiptPrinter | LabelPrinter
Make: TypeAlias = Callable[[int], tuple[Peer, Callable[[int], Driver]]]
#: What a job under this fault must come to; None where it must be printed.
REFUSED = {
    "paper_out": FaultCode.CONSUMABLE_OUT,
    "paper_out_mid_job": FaultCode.CONSUMABLE_OUT,
    "cover_open": FaultCode.COVER_OPEN,
    "jam": FaultCode.JAM,
    "mute": FaultCode.NO_RESPONSE,
    "mute_mid_job": FaultCode.OUTCOME_UNKNOWN,
    "garbage": FaultCode.PROTOCOL,
    "half_frame": FaultCode.PROTOCOL,
    "unplug": FaultCode.DISCONNECTED,
    "unplug_mid_job": FaultCode.OUTCOME_UNKNOWN,
    "cutter_jam": FaultCode.CUTTER_STUCK,
    "head_hot": FaultCode.OVERHEATED,
    "offline": FaultCode.PAUSED,
    "paper_low": None,
    "keeps_jobs": None,
    "slow": None,
}
#: What a probe says after a job under this fault; a code alone where nothing could be read.
SEEN: dict[str, FaultCode | frozenset[FaultCode]] = {
    "paper_out": frozenset({FaultCode.CONSUMABLE_OUT}),
    "paper_out_mid_job": frozenset({FaultCode.CONSUMABLE_OUT}),
    "paper_low": frozenset({FaultCode.CONSUMABLE_LOW}),
    "cover_open": frozenset({FaultCode.COVER_OPEN}),
    "jam": frozenset({FaultCode.JAM}),
    "cutter_jam": frozenset({FaultCode.CUTTER_STUCK}),
    "head_hot": frozenset({FaultCode.OVERHEATED}),
    "offline": frozenset({FaultCode.PAUSED}),
    "slow": frozenset(),
    "keeps_jobs": frozenset(),
    "mute": FaultCode.NO_RESPONSE,
    "mute_mid_job": FaultCode.NO_RESPONSE,
    "garbage": FaultCode.PROTOCOL,
    "half_frame": FaultCode.PROTOCOL,
    "unplug": FaultCode.DISCONNECTED,
    "unplug_mid_job": FaultCode.DISCONNECTED,
}
TIMEOUT_S = 3.0


@dataclass(frozen=True)
class Trial:
    """What a job came to under a fault, what came out then, and both again once the fault was gone."""

    result: Printed | FaultCode
    pages: tuple[Picture, ...]
    seen: Observation | FaultCode
    again: Printed | FaultCode
    pages_again: tuple[Picture, ...]
    errors: tuple[str, ...]


def noise(width: int, height: int, seed: int = 1) -> Picture:
    """A picture in which every byte value occurs, those of real-time commands too."""
    return Picture(width, height, 203, random.Random(seed).randbytes((width + 7) // 8 * height))


async def send_half(port: int, job: bytes) -> None:
    """A connection that breaks in the middle of a job."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(job[: len(job) // 2])
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def attempt(driver: Driver, job: str, picture: Picture, timeout_s: float = TIMEOUT_S) -> Printed | FaultCode:
    """The job's outcome as a value."""
    try:
        return await driver.print(job, picture, timeout_s)
    except DeviceFault as fault:
        return fault.code


async def probe(driver: Driver) -> Observation | FaultCode:
    """The probe's outcome as a value."""
    try:
        return await driver.probe()
    except DeviceFault as fault:
        return fault.code


async def trial(make: Make, picture: Picture, fault: str | None) -> Trial:
    """Print under a fault, look, mend it, print again."""
    peer, drive = make(7)
    driver = drive(await peer.start())
    try:
        if fault:
            peer.order(fault)
        result = await attempt(driver, "job-1", picture)
        pages = tuple(page.picture for page in peer.pages)
        seen = await probe(driver)
        if fault:
            peer.order(fault, on=False)
        await asyncio.sleep(0.1)
        again = await attempt(driver, "job-2", picture)
        return Trial(result, pages, seen, again, tuple(page.picture for page in peer.pages), tuple(peer.errors))
    finally:
        await driver.close()
        await peer.stop()


def trials(make: Make, picture: Picture) -> dict[str, Trial]:
    """Every fault at once, and "none"."""

    async def all_of_them() -> list[Trial]:
        return await asyncio.gather(*(trial(make, picture, fault) for fault in (None, *FAULTS)))

    return dict(zip(("none", *FAULTS), asyncio.run(all_of_them()), strict=True))


def assert_outcome(fault: str, tried: Trial) -> None:
    """The right fault, never a false "printed", never a second page of a job, and all well once mended."""
    wanted = REFUSED[fault]
    if wanted is None:
        paper = PaperState.LOW if fault == "paper_low" else PaperState.FULL
        assert tried.result == Printed("job-1", paper)
    else:
        assert tried.result is wanted
    came_out = 1 if wanted is None or fault == "mute_mid_job" else 0
    assert len(tried.pages) == came_out
    assert tried.again == Printed("job-2", PaperState.FULL)
    assert len(tried.pages_again) == came_out + 1
    assert tried.errors == ()
    assert (tried.seen.faults if isinstance(tried.seen, Observation) else tried.seen) == SEEN[fault]
