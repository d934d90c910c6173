"""What every scale driver shares: one reading as the instrument sent it, and the rules for charging by it. Pure.

A price comes only from a gross reading that the instrument itself flags as stable (UPOS, legal for trade): nothing is
averaged, smoothed or guessed, and the frame and its decimal text stay as received. A postal parcel is charged with
everything that lies on the pan: a tared instrument is refused, not computed back to gross (ADR 14).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from devices.ports import DeviceFault, FaultCode, Load, Weight

GRAMS_PER = {"g": Decimal(1), "kg": Decimal(1000)}
POLL_S = 0.12
TARED = "the scale is tared; clear its tare"


@dataclass(frozen=True)
class Reading:
    """One frame: decimal text (empty when out of range), its unit, whether still, and why it may not be charged by."""

    raw: str
    decimal: str = ""
    unit: str = "kg"
    stable: bool = False
    fault: FaultCode | None = None
    detail: str = ""
    tare: str = ""

    @property
    def grams(self) -> int | None:
        """Whole grams, halves away from zero; None when there is no gross weight in the frame."""
        if not self.decimal or self.fault is not None:
            return None
        return int((Decimal(self.decimal) * GRAMS_PER[self.unit]).quantize(Decimal(1), ROUND_HALF_UP))

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """What is worth showing of it."""
        if self.fault is FaultCode.TARED:
            net = (("net", f"{self.decimal} {self.unit}"),) if self.decimal else ()
            return (*net, ("tare", self.tare))
        if self.grams is None:
            return ()
        return ("load", f"{self.decimal} {self.unit}"), ("still", "yes" if self.stable else "no")

    @property
    def faults(self) -> frozenset[FaultCode]:
        """Its fault as a set."""
        return frozenset() if self.fault is None else frozenset({self.fault})


def tared(reading: Reading, tare: str) -> Reading:
    """The reading of an instrument with this tare in force ('' none): net, hence not to be charged by."""
    if not tare or reading.fault is not None:
        return reading
    return replace(reading, fault=FaultCode.TARED, detail=TARED, tare=tare)


def may_tare(reading: Reading) -> None:
    """DeviceFault unless something lies still on the pan."""
    if not reading.stable:
        raise DeviceFault(reading.fault or FaultCode.UNSTABLE, f"not still: {reading.raw!r}")
    if Decimal(reading.decimal) <= 0:
        raise DeviceFault(FaultCode.UNDERLOAD, "nothing lies on the pan")


Read = Callable[[], Awaitable[Reading]]


async def stable_weight(read: Read, serial_number: str, timeout_s: float) -> Weight:
    """The first reading flagged as stable; UNSTABLE, or what kept it from being one, at the deadline."""
    end = time.monotonic() + timeout_s
    fault = DeviceFault(FaultCode.UNSTABLE, f"not still within {timeout_s:.1f} s")
    while True:
        reading = await read()
        if reading.stable and reading.grams is not None:
            return Weight(reading.grams, reading.decimal, reading.raw, serial_number, datetime.now(UTC))
        fault = DeviceFault(reading.fault, reading.detail or reading.raw) if reading.fault else fault
        if time.monotonic() + POLL_S > end:
            raise fault
        await asyncio.sleep(POLL_S)


async def load(read: Read) -> Load:
    """The momentary load; grams is None when out of range, tared or silent."""
    try:
        reading = await read()
    except DeviceFault as fault:
        if fault.code is not FaultCode.NO_RESPONSE:
            raise
        return Load(None, False, datetime.now(UTC))
    return Load(reading.grams, reading.stable and reading.grams is not None, datetime.now(UTC))
