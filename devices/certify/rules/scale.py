"""Rules for scales: a price only from a reading that the instrument itself flags as stable (UPOS)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from devices.certify.bed import Bed, Ended, Rule, hold, refused
from devices.certify.terms import Act, Trouble
from devices.ports import FaultCode, Scale, Weight

#: What is put on the pan, grams; a person may take anything from half of it to twice as much.
LOAD_G = 2000
SETTLES_S = 4.0
SHORT_S = 0.5


@asynccontextmanager
async def loaded(bed: Bed[Scale]) -> AsyncIterator[tuple[Scale, Weight]]:
    """An open scale with a load, and its stable weight."""
    async with bed.opened() as scale:
        await bed.do(Act.PUT_LOAD, str(LOAD_G))
        try:
            yield scale, await scale.stable_weight(SETTLES_S)
        finally:
            await bed.do(Act.TAKE_LOAD)


async def weighed(bed: Bed[Scale]) -> tuple[Weight, str]:
    """One weight with a load on the pan, and the serial number that a probe shows."""

    async def experiment() -> Ended:
        async with loaded(bed) as (scale, weight):
            return Ended(0.0, (weight, dict((await scale.probe()).values).get("serial", "")))

    return cast(tuple[Weight, str], (await bed.once("weighed", experiment)).value)


async def follows_the_load(bed: Bed[Scale]) -> None:
    """Empty, loaded, empty."""
    async with bed.opened() as scale:
        empty = await scale.stable_weight(SETTLES_S)
    async with loaded(bed) as (scale, weight):
        added = weight.grams - empty.grams
        hold(LOAD_G / 2 <= added <= LOAD_G * 2, f"{added} g were added to the pan, says the scale")
        hold((await scale.load()).grams is not None, "the momentary load of a still pan is None")
    async with bed.opened() as scale:
        left = (await scale.stable_weight(SETTLES_S)).grams - empty.grams
        hold(abs(left) <= LOAD_G / 100, f"{left} g stay on the empty pan")


async def stable_only(bed: Bed[Scale]) -> None:
    """A pan that moves."""
    async with loaded(bed) as (scale, _), bed.trouble(Trouble.MOVING):
        await refused(scale.stable_weight(SHORT_S), (FaultCode.UNSTABLE,), "the pan moves")


async def moving_is_told(bed: Bed[Scale]) -> None:
    """The momentary load of a pan that moves."""
    async with loaded(bed) as (scale, _), bed.trouble(Trouble.MOVING):
        hold(not (await scale.load()).stable, "a moving load is called stable")


async def zero_only_still(bed: Bed[Scale]) -> None:
    """Zero while the pan moves."""
    async with bed.opened() as scale, bed.trouble(Trouble.MOVING):
        await refused(scale.zero(), (FaultCode.UNSTABLE, FaultCode.OVERLOAD, FaultCode.UNDERLOAD), "zero while moving")


async def tared_is_refused(bed: Bed[Scale]) -> None:
    """Something lies there as tare; then the tare is cleared."""
    async with loaded(bed) as (scale, weight):
        await scale.tare()
        await refused(scale.stable_weight(SHORT_S), (FaultCode.TARED,), "with a tare in force")
        hold((await scale.load()).grams is None, "with a tare in force there is a momentary load")
        seen = await scale.probe()
        hold(FaultCode.TARED in seen.faults, "the probe does not tell of the tare")
        hold(bool(dict(seen.values).get("tare")), "the probe does not show the tare")
        await scale.clear_tare()
        after = (await scale.stable_weight(SETTLES_S)).grams
        hold(abs(after - weight.grams) <= LOAD_G / 100, f"{weight.grams} g before the tare, {after} g after it")


async def tare_only_still(bed: Bed[Scale]) -> None:
    """Tare while the pan moves."""
    async with loaded(bed) as (scale, _), bed.trouble(Trouble.MOVING):
        await refused(scale.tare(), (FaultCode.UNSTABLE,), "tare while moving")


async def overload_is_told(bed: Bed[Scale]) -> None:
    """Too much on the pan."""
    await off_range(bed, Trouble.OVERLOAD, FaultCode.OVERLOAD)


async def underload_is_told(bed: Bed[Scale]) -> None:
    """Less than nothing on the pan."""
    await off_range(bed, Trouble.UNDERLOAD, FaultCode.UNDERLOAD)


async def off_range(bed: Bed[Scale], trouble: Trouble, code: FaultCode) -> None:
    """No weight, no load, and a probe that says why."""
    async with bed.opened() as scale, bed.trouble(trouble):
        await refused(scale.stable_weight(SHORT_S), (code,), f"with {trouble}")
        hold((await scale.load()).grams is None, f"with {trouble} there is a momentary load")
        hold(code in (await scale.probe()).faults, f"the probe does not tell of the {trouble}")


async def grams_are_the_decimal(bed: Bed[Scale]) -> None:
    """Integer grams and the text on the display are one weight."""
    weight, _ = await weighed(bed)
    unit = re.search(r"[0-9] *(k?g)\b", weight.raw)
    hold(unit is not None and type(weight.grams) is int, f"no unit in {weight.raw!r}")
    factor = 1000 if unit and unit[1] == "kg" else 1
    meant = int((Decimal(weight.decimal) * factor).quantize(Decimal(1), ROUND_HALF_UP))
    hold(meant == weight.grams, f"{weight.decimal} {unit and unit[1]} became {weight.grams} g")


async def raw_is_kept(bed: Bed[Scale]) -> None:
    """The frame as received goes with the weight."""
    weight, _ = await weighed(bed)
    hold(weight.raw.isprintable() and weight.decimal.lstrip("-") in weight.raw, f"raw frame {weight.raw!r}")


async def serial_is_kept(bed: Bed[Scale]) -> None:
    """Which instrument weighed."""
    weight, shown = await weighed(bed)
    hold(bool(weight.serial) and weight.serial == shown, f"serial {weight.serial!r}, the probe shows {shown!r}")


async def weight_is_fresh(bed: Bed[Scale]) -> None:
    """When it was weighed."""
    async with loaded(bed) as (scale, _):
        begun = datetime.now(UTC)
        at = (await scale.stable_weight(SETTLES_S)).observed_at
        hold(at.tzinfo is not None, "the time of the weight has no time zone")
        hold(begun - timedelta(milliseconds=50) <= at <= datetime.now(UTC), f"asked at {begun}, weighed at {at}")


RULES: tuple[Rule[Scale], ...] = (
    Rule("scale.follows-the-load", "The weight follows what is put on the pan and taken off.", follows_the_load),
    Rule("scale.stable-only", "A weight to charge by comes from a stable reading only.", stable_only),
    Rule("scale.moving-is-told", "The momentary load of a moving pan is not called stable.", moving_is_told),
    Rule("scale.zero-only-still", "Zero is set on a still pan only.", zero_only_still),
    Rule("scale.tared-is-refused", "With a tare in force nothing is charged; the tare is shown, and cleared when told.",
         tared_is_refused),
    Rule("scale.tare-only-still", "A tare is taken from a still pan only.", tare_only_still),
    Rule("scale.overload-is-told", "Overload gives no weight and is told by name.", overload_is_told),
    Rule("scale.underload-is-told", "Underload gives no weight and is told by name.", underload_is_told),
    Rule("scale.grams-are-the-decimal", "Integer grams equal the decimal text of the instrument.",
         grams_are_the_decimal),
    Rule("scale.raw-is-kept", "The raw frame is kept with the weight.", raw_is_kept),
    Rule("scale.serial-is-kept", "The instrument's serial number is kept with the weight.", serial_is_kept),
    Rule("scale.weight-is-fresh", "A weight was taken after it was asked for, in UTC.", weight_is_fresh),
)  # fmt: skip
