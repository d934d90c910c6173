"""All of a network printer but its language: jobs that print once, bracketed by status; what silence means; paper."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from devices.ports import TOLERABLE, DeviceFault, FaultCode, Observation, PaperState, Picture, Printed
from devices.tcp import Deadline, Wire

#: Seconds for one status answer; seconds that a probe waits for a job to end before it calls the printer busy.
REPLY_S = 2.0
TURN_S = 0.3
#: Jobs whose end is remembered.
KEPT = 4096
#: Faults that leave open whether a device did what it was told.
SILENCE = frozenset({FaultCode.NO_RESPONSE, FaultCode.PROTOCOL, FaultCode.DISCONNECTED})
#: What holds a job up without ending it: the printer goes on by itself, or when someone presses its key.
PASSING = frozenset({FaultCode.BUSY, FaultCode.PAUSED, FaultCode.OVERHEATED})
PAPER = {
    FaultCode.CONSUMABLE_OUT: PaperState.OUT,
    FaultCode.JAM: PaperState.JAMMED,
    FaultCode.CONSUMABLE_LOW: PaperState.LOW,
}


class Look(Protocol):
    """Asks a printer for its status, `first` being sent before the question; the wire is held by the caller."""

    async def __call__(self, first: bytes = b"") -> Observation:
        """One exchange; DeviceFault NO_RESPONSE / PROTOCOL / DISCONNECTED."""


#: Sends one job and waits for its evidence; it is given what was seen just before, and the deadline.
Run = Callable[[Observation, Deadline], Awaitable[Printed]]
#: Has the printer forget a job, and tells whether it came out all the same; any DeviceFault: nobody knows.
Cancel = Callable[[], Awaitable[bool]]


class Jobs:
    """How the jobs of this process ended: Printed, or None while and where nobody knows. Nothing outlives it."""

    def __init__(self) -> None:
        self._ends: dict[str, Printed | None] = {}

    def ended(self, job: str, again: bool) -> Printed | None:
        """What a finished job came to, None for one that is to be printed; DeviceFault DUPLICATE_JOB in doubt."""
        if again or job not in self._ends:
            return None
        printed = self._ends[job]
        if printed is None:
            raise DeviceFault(FaultCode.DUPLICATE_JOB, f"job {job} may have come out already")
        return printed

    @contextmanager
    def begun(self, job: str) -> Iterator[None]:
        """From the first byte on a job is in doubt, until it is `finished` or ends with a fault that is certain."""
        before = {job: self._ends.pop(job)} if job in self._ends else {}
        self._ends[job] = None
        try:
            yield
        except DeviceFault as fault:
            if fault.code is not FaultCode.OUTCOME_UNKNOWN:
                del self._ends[job]
                self._ends.update(before)
            raise

    def finished(self, printed: Printed) -> Printed:
        """Keep the evidence; the oldest is forgotten."""
        self._ends[printed.job] = printed
        while len(self._ends) > KEPT:
            del self._ends[next(iter(self._ends))]
        return printed


class Press:
    """One printer on the network, for the driver that speaks its language; `cancel` empties the printer's buffers."""

    def __init__(self, host: str, port: int, look: Look, cancel: bytes, tls_pin: str = "") -> None:
        self.wire = Wire(host, port, tls_pin)
        self._look = look
        self._cancel = cancel
        self._jobs = Jobs()

    async def probe(self) -> Observation:
        """What is wrong now; DeviceFault NO_RESPONSE / PROTOCOL / DISCONNECTED / BUSY."""
        async with self.wire.turn(TURN_S):
            return await self._look()

    async def print(self, job: str, again: bool, until: Deadline, run: Run) -> Printed:
        """Run a job once. A fault before its first byte refuses it; silence after that is OUTCOME_UNKNOWN."""
        if done := self._jobs.ended(job, again):
            return done
        async with self.wire.turn(until.left):
            if done := self._jobs.ended(job, again):
                return done
            seen = await self._look(self._cancel)
            refuse(seen, f"before job {job}")
            with self._jobs.begun(job):
                return self._jobs.finished(await self._run(seen, until, run))

    async def _run(self, seen: Observation, until: Deadline, run: Run) -> Printed:
        """Run; when the outcome stays unknown, the printer is told to forget the job, so that it cannot come later."""
        try:
            return await run(seen, until)
        except DeviceFault as fault:
            told = unknown(fault)
            if told.code is FaultCode.OUTCOME_UNKNOWN:
                with suppress(DeviceFault):
                    await self.wire.send(self._cancel, REPLY_S)
            raise told from fault

    async def stop_on(self, seen: Observation, job: str, cancel: Cancel) -> bool:
        """End a job that a fault has stopped, if one has: True where it came out before the printer forgot it.

        Else DeviceFault: the fault's code once the printer has confirmed that nothing will come out any more, and
        OUTCOME_UNKNOWN where it has not.
        """
        code = blocking(seen.faults - PASSING)
        if code is None:
            return False
        try:
            out = await cancel()
        except DeviceFault as fault:
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"{code} during job {job}; its cancel: {fault}") from fault
        if not out:
            await self.wire.close()
            raise DeviceFault(code, f"during job {job}")
        return True


def blocking(faults: frozenset[FaultCode]) -> FaultCode | None:
    """The first fault, in FaultCode's order, with which a printer cannot print."""
    return next((code for code in FaultCode if code in faults - TOLERABLE), None)


def refuse(seen: Observation, when: str) -> None:
    """DeviceFault for the first fault with which a printer cannot print."""
    code = blocking(seen.faults)
    if code is not None:
        raise DeviceFault(code, when)


def unknown(fault: DeviceFault) -> DeviceFault:
    """What a fault means once the first byte of a job is out: silence leaves the outcome unknown."""
    if fault.code in SILENCE:
        return DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"after the first byte of the job: {fault.detail or fault.code}")
    return fault


def paper_of(faults: frozenset[FaultCode]) -> PaperState:
    """XFS4IoT paper state of these faults: the worst wins."""
    return next((state for code, state in PAPER.items() if code in faults), PaperState.FULL)


def observation(faults: set[FaultCode], simulated: bool, *values: tuple[str, str]) -> Observation:
    """Faults with the paper state that staff and status page read, and further values; paper that is out is not low."""
    seen = frozenset(faults - {FaultCode.CONSUMABLE_LOW} if FaultCode.CONSUMABLE_OUT in faults else faults)
    return Observation(seen, (("paper", str(paper_of(seen))), *values), simulated=simulated)


def check_width(picture: Picture, width_dots: int) -> None:
    """DeviceFault MISCONFIGURED when the picture is wider than the print head."""
    if picture.width > width_dots:
        raise DeviceFault(FaultCode.MISCONFIGURED, f"picture of {picture.width} dots on a head of {width_dots}")
