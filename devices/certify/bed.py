"""What a rule works with: drivers made anew, the line to order troubles on, hands at the other end, a judge's words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from devices.certify.terms import Act, Hands, Question, Tormentor, Trouble, Violation
from devices.ports import Device, DeviceFault, FaultCode
from devices.supervisor import Pace

D_co = TypeVar("D_co", bound=Device, covariant=True)
D_contra = TypeVar("D_contra", bound=Device, contravariant=True)
#: Troubles that a relay in the line brings about by itself.
OF_THE_LINE = frozenset({Trouble.MUTE, Trouble.GARBAGE, Trouble.UNPLUG})
#: What silence or a lost line may be called.
LOST = (FaultCode.NO_RESPONSE, FaultCode.DISCONNECTED, FaultCode.NO_SERVICE)


@dataclass
class Ended:
    """How a call ended: its value or its fault, and seconds."""

    seconds: float
    value: object = None
    fault: DeviceFault | None = None
    defect: Exception | None = None


@dataclass
class Bed(Generic[D_co]):
    """The device under test. `line` is a relay in its wire; without one the hands have to pull cables.

    `traces` are the questions whose answers tell that a device of this kind has acted.
    """

    make: Callable[[], D_co]
    hands: Hands
    line: Tormentor | None = None
    simulated: bool = False
    deadline_s: float = Pace.deadline_s
    traces: tuple[Question, ...] = ()
    _known: dict[str, Ended] = field(default_factory=dict)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[D_co]:
        """A driver of its own, open, closed at the end whatever happens."""
        device = self.make()
        try:
            await device.open()
            yield device
        finally:
            await device.close()

    @asynccontextmanager
    async def trouble(self, fault: Trouble) -> AsyncIterator[None]:
        """The other end (or the line) in trouble, and well again afterwards."""
        end = self.line if self.line is not None and fault in OF_THE_LINE else self.hands
        await end.order(fault, True)
        try:
            yield
        finally:
            await end.order(fault, False)

    async def do(self, act: Act, value: str = "") -> None:
        """An act at the other end."""
        await self.hands.do(act, value)

    async def tell(self, question: Question) -> str:
        """A question to the other end."""
        return await self.hands.tell(question)

    async def once(self, name: str, experiment: Callable[[], Awaitable[Ended]]) -> Ended:
        """The outcome of an experiment that several rules judge; carried out for the first of them."""
        if name not in self._known:
            self._known[name] = await experiment()
        return self._known[name]


@dataclass(frozen=True)
class Rule(Generic[D_contra]):
    """One sentence that holds for every good driver of a kind, and the check that finds out."""

    id: str
    sentence: str
    check: Callable[[Bed[D_contra]], Awaitable[None]]


async def ended(call: Awaitable[object]) -> Ended:
    """How a call ends, whatever it ends with."""
    begun = time.monotonic()
    try:
        value = await call
    except DeviceFault as fault:
        return Ended(time.monotonic() - begun, fault=fault)
    except Exception as error:  # an exception of another kind is a finding, not an end of the suite
        return Ended(time.monotonic() - begun, defect=error)
    return Ended(time.monotonic() - begun, value)


def expect(end: Ended, codes: Sequence[FaultCode], when: str) -> DeviceFault:
    """The fault with which a call ended, one of these; Violation for a value, another fault or another exception."""
    if end.defect is not None:
        raise Violation(f"{when}: {type(end.defect).__name__} came out of the driver: {str(end.defect)[:120]}")
    if end.fault is None:
        raise Violation(f"{when}: the call succeeded with {str(end.value)[:120]}")
    if codes and end.fault.code not in codes:
        raise Violation(f"{when}: {end.fault.code} instead of {' or '.join(codes)}")
    return end.fault


async def refused(call: Awaitable[object], codes: Sequence[FaultCode], when: str) -> DeviceFault:
    """`expect` for a call that is made now."""
    return expect(await ended(call), codes, when)


def hold(true: bool, otherwise: str) -> None:
    """Violation unless it is true."""
    if not true:
        raise Violation(otherwise)


async def until(true: Callable[[], Awaitable[bool]], within_s: float, otherwise: str) -> None:
    """Violation unless it becomes true in time."""
    end = time.monotonic() + within_s
    while not await true():
        hold(time.monotonic() < end, otherwise)
        await asyncio.sleep(0.05)
