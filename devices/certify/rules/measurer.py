"""Rules for measurers: a size with its uncertainty, or a refusal with its reason; never a guess."""

from __future__ import annotations

from devices.certify.bed import Bed, Rule, hold, refused
from devices.certify.terms import Act, Trouble
from devices.ports import FaultCode, Measurer
from devices.sizing import Size

MEASURES_S = 10.0


async def measured(bed: Bed[Measurer]) -> Size:
    """The size of the parcel that somebody lays on the table."""
    async with bed.opened() as measurer:
        await bed.do(Act.PUT_LOAD)
        try:
            return await measurer.measure(MEASURES_S)
        finally:
            await bed.do(Act.TAKE_LOAD)


async def size_has_uncertainty(bed: Bed[Measurer]) -> None:
    """A parcel lies there."""
    size = await measured(bed)
    sides = (size.length_mm, size.width_mm, size.height_mm)
    hold(size.answered, f"a parcel lies there and is refused: {size.reason}")
    hold(all(side is not None and 0 < side < 10_000 for side in sides), f"sides of {sides} mm")
    hold(size.uncertainty_mm is not None and min(size.uncertainty_mm) > 0, "a size without its uncertainty")
    hold(bool(size.kind), "a size without the kind of parcel")


async def nothing_is_refused(bed: Bed[Measurer]) -> None:
    """Nothing lies there."""
    async with bed.opened() as measurer:
        size = await measurer.measure(MEASURES_S)
    hold(not size.answered and bool(size.reason), "an empty table was measured, or refused without a reason")
    hold(size.length_mm is None, "a refusal carries a length")


async def nonsense(bed: Bed[Measurer]) -> None:
    """A length below zero."""
    async with bed.opened() as measurer, bed.trouble(Trouble.NONSENSE):
        await refused(measurer.measure(MEASURES_S), (FaultCode.PROTOCOL,), "the worker answers a length below zero")


async def dark(bed: Bed[Measurer]) -> None:
    """A covered lens."""
    async with bed.opened() as measurer, bed.trouble(Trouble.DARK):
        hold(FaultCode.CAMERA_DARK in (await measurer.probe()).faults, "a dark camera is not told")


async def lost(bed: Bed[Measurer]) -> None:
    """One camera's cable."""
    async with bed.opened() as measurer, bed.trouble(Trouble.ONE_CAMERA_LOST):
        hold(FaultCode.CAMERA_LOST in (await measurer.probe()).faults, "a lost camera is not told")


RULES: tuple[Rule[Measurer], ...] = (
    Rule("measurer.size-has-uncertainty", "A size has three sides, their uncertainty and a kind.",
         size_has_uncertainty),
    Rule("measurer.nothing-is-refused", "An empty table is refused, with a reason.", nothing_is_refused),
    Rule("measurer.nonsense", "A size that makes no sense is a fault, never a size.", nonsense),
    Rule("measurer.dark", "A dark camera is told.", dark),
    Rule("measurer.lost", "A lost camera is told.", lost),
)  # fmt: skip
