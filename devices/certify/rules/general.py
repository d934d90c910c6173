"""Rules for every driver: it opens, answers, ends in time, names what is wrong, and comes back; and nothing moves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, TypeVar

from devices.certify.bed import LOST, Bed, Ended, Rule, ended, expect, hold, refused
from devices.certify.terms import NeedsPerson, NotApplicable, Question, Trouble
from devices.ports import Device, DeviceFault, FaultCode, Observation

T = TypeVar("T")
#: Seconds until a lost device must be seen as lost.
LOSS_S = 2.0
#: Values that may differ from one probe to the next though nothing has moved.
RESTLESS = ("rig_residual_px", "still")


async def opens(bed: Bed[Device]) -> None:
    """Open, and probe."""
    device = bed.make()
    try:
        first = await ended(in_time(device.open(), bed.deadline_s))
        hold(first.seconds <= bed.deadline_s, f"opening took {first.seconds:.1f} s")
        if first.fault or first.defect:
            raise first.fault or first.defect or DeviceFault(FaultCode.INTERNAL)
        seen = await device.probe()
        hold(isinstance(seen, Observation), f"a probe gave {type(seen).__name__}")
    finally:
        await device.close()


async def in_time(call: Awaitable[T], within_s: float) -> T:
    """The call, given up a moment after its deadline."""
    async with asyncio.timeout(within_s + 0.5):
        return await call


async def moves_nothing(bed: Bed[Device]) -> None:
    """What the device says of itself, and what those at the other end can see, before and after opening."""
    traces = [await trace(bed, question) for question in bed.traces]
    async with bed.opened() as device:
        before = still(await device.probe())
    for _ in range(2):
        async with bed.opened() as device:
            hold(still(await device.probe()) == before, "after opening, the device is no longer as it was")
    hold([await trace(bed, question) for question in bed.traces] == traces, "opening had an effect that can be seen")


def still(seen: Observation) -> tuple[Any, ...]:
    """What may not change by itself."""
    return seen.faults, tuple(pair for pair in seen.values if pair[0] not in RESTLESS)


async def trace(bed: Bed[Device], question: Question) -> str:
    """What can be seen at the other end; nothing where nobody looks."""
    try:
        return await bed.tell(question)
    except (NeedsPerson, NotApplicable):  # whoever stands there need not know
        return ""


async def under(bed: Bed[Device], trouble: Trouble) -> Ended:
    """A probe of an open device in this trouble, and its closing."""

    async def experiment() -> Ended:
        async with bed.opened() as device:
            seen = await device.probe()
            if ("proof", "port only") in seen.values and trouble is not Trouble.UNPLUG:
                raise NotApplicable("the device answers no enquiry; its driver says that it proves its port only", True)
            async with bed.trouble(trouble):
                return await until_fault(device, bed.deadline_s)

    return await bed.once(trouble, experiment)


async def until_fault(device: Device, deadline_s: float) -> Ended:
    """The first fault of a probe, or the last value after LOSS_S; seconds from the beginning of the trouble."""
    begun = asyncio.get_running_loop().time()
    while True:
        end = await ended(in_time(device.probe(), deadline_s + LOSS_S))
        took = asyncio.get_running_loop().time() - begun
        if end.fault or end.defect or took >= LOSS_S:
            return replace(end, seconds=took)
        await asyncio.sleep(0.1)


async def silence_is_a_fault(bed: Bed[Device]) -> None:
    """No answer is repeated."""
    expect(await under(bed, Trouble.MUTE), (*LOST, FaultCode.PROTOCOL), "a silent device was probed")


async def deadline_is_kept(bed: Bed[Device]) -> None:
    """Silence does not hold a caller."""
    took = (await under(bed, Trouble.MUTE)).seconds
    hold(took <= bed.deadline_s, f"a silent device held the caller for {took:.1f} s")


async def noise_is_a_fault(bed: Bed[Device]) -> None:
    """Broken frames are told, or thrown away."""
    codes = (FaultCode.PROTOCOL, FaultCode.NOT_PAIRED, *LOST)  # noise in a TLS handshake proves no key
    expect(await under(bed, Trouble.GARBAGE), codes, "noise came in place of an answer")


async def loss_is_seen(bed: Bed[Device]) -> None:
    """A cut line is no slow answer."""
    end = await under(bed, Trouble.UNPLUG)
    expect(end, LOST, "the line was cut")
    hold(end.seconds <= LOSS_S, f"the cut line was seen after {end.seconds:.1f} s")


async def comes_back(bed: Bed[Device]) -> None:
    """The same driver, closed and opened again once the line is whole."""
    async with bed.opened() as device:
        async with bed.trouble(Trouble.UNPLUG):
            await ended(device.probe())
            await device.close()
            await refused(opened_and_probed(device), LOST, "opened on a cut line")
            await device.close()
        await asyncio.sleep(0.1)  # a listener needs a moment to be there again
        back = await ended(reopened(device, bed.deadline_s))
        hold(back.fault is None and back.defect is None, f"it did not come back: {back.fault or back.defect}")


async def opened_and_probed(device: Device) -> Observation:
    """Both must go well."""
    await device.open()
    return await device.probe()


async def reopened(device: Device, within_s: float) -> Observation:
    """Open as the supervisor does, again and again, and probe."""
    end = asyncio.get_running_loop().time() + within_s
    while True:
        try:
            return await opened_and_probed(device)
        except DeviceFault:
            if asyncio.get_running_loop().time() > end:
                raise
            await device.close()
            await asyncio.sleep(0.2)


async def close_is_quiet(bed: Bed[Device]) -> None:
    """Before opening, twice, and on a cut line."""
    device = bed.make()
    ends = [await ended(device.close())]
    async with bed.opened() as device:
        ends += [await ended(device.close()), await ended(device.close())]
    async with bed.opened() as device, bed.trouble(Trouble.UNPLUG):
        ends.append(await ended(device.close()))
    for end in ends:
        hold(end.fault is None and end.defect is None, f"closing raised {end.fault or end.defect!r}")
        hold(end.seconds <= bed.deadline_s, f"closing took {end.seconds:.1f} s")


async def closed_is_no_defect(bed: Bed[Device]) -> None:
    """A late call on a closed driver is answered or refused."""
    async with bed.opened() as device:
        await device.close()
        end = await ended(device.probe())
        hold(end.defect is None, f"a probe of a closed driver raised {end.defect!r}")
        hold(end.seconds <= bed.deadline_s, f"a probe of a closed driver took {end.seconds:.1f} s")


async def reopens(bed: Bed[Device]) -> None:
    """Closed and opened in turn."""
    async with bed.opened() as device:
        for _ in range(3):
            await device.close()
            await device.open()
        await device.probe()


async def one_at_a_time(bed: Bed[Device]) -> None:
    """Three probes at once."""
    async with bed.opened() as device:
        for end in await asyncio.gather(*(ended(device.probe()) for _ in range(3))):
            busy = end.fault is not None and end.fault.code is FaultCode.BUSY
            hold(end.defect is None and (busy or end.fault is None), f"calls at once: {end.fault or end.defect!r}")


async def simulation_is_told(bed: Bed[Device]) -> None:
    """The flag of the table is the flag of each observation."""
    async with bed.opened() as device:
        seen = await device.probe()
    told, known = seen.simulated, bed.simulated
    hold(told is known, f"the observation says simulated = {told}, the table says {known}")


async def values_are_plain(bed: Bed[Device]) -> None:
    """Names and values for people."""
    async with bed.opened() as device:
        seen = await device.probe()
    for text in (seen.detail, *(text for pair in seen.values for text in pair)):
        hold(isinstance(text, str) and len(text) <= 200 and text.isprintable(), f"{text!r:.80} is no plain short text")


RULES: tuple[Rule[Device], ...] = (
    Rule("general.opens", "The device opens and answers within the supervisor's deadline.", opens),
    Rule("general.moves-nothing", "Opening and closing move, print and charge nothing.", moves_nothing),
    Rule("general.silence-is-a-fault", "A silent device gives a fault, no old or invented answer.",
         silence_is_a_fault),
    Rule("general.deadline-is-kept", "A silent device holds a caller no longer than the deadline.", deadline_is_kept),
    Rule("general.noise-is-a-fault", "Noise in place of an answer gives a fault, never a value or another exception.",
         noise_is_a_fault),
    Rule("general.loss-is-seen", "A cut line is seen within two seconds.", loss_is_seen),
    Rule("general.comes-back", "Once the line is whole again the same driver can be opened and answers.", comes_back),
    Rule("general.close-is-quiet", "Closing never raises: before opening, twice, or on a cut line.", close_is_quiet),
    Rule("general.closed-is-no-defect", "A call on a closed driver is answered or refused, in time.",
         closed_is_no_defect),
    Rule("general.reopens", "A driver can be closed and opened again and again.", reopens),
    Rule("general.one-at-a-time", "Calls at once are each answered, or refused as busy.", one_at_a_time),
    Rule("general.simulation-is-told", "What is simulated says so in each observation, and nothing else does.",
         simulation_is_told),
    Rule("general.values-are-plain", "What a probe shows is short, plain text.", values_are_plain),
)  # fmt: skip
