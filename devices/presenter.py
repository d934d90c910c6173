"""The mouth of a kiosk printer that holds a slip until it is taken, and says so.

DLE EOT 20 is answered with six bytes: 10 0F, paper, user, recoverable and unrecoverable errors; bit 5 of the paper byte
is "ticket present in output" (command references of Custom's VKP80 and KPM printers).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from devices.ports import DeviceFault, FaultCode, Observation
from devices.printing import REPLY_S
from devices.tcp import Deadline, Wire

ASK = b"\x10\x04\x14"
POLL_S = 0.3
#: Seconds in which a customer takes a slip; after them it is NOT_TAKEN.
TAKE_S = 12.0


class Presenter:
    """Watches one slip at a time; while it is being handed out, its presence is no fault."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._handing = False

    def hand_out(self) -> None:
        """A slip is on its way out: it may hang there for a while."""
        self._handing = True

    def leave(self) -> None:
        """The job did not end: whatever hangs there from now on is left behind."""
        self._handing = False

    async def look(self, seen: Observation) -> Observation:
        """What was seen, with the slip: one more exchange on a wire that the caller holds."""
        await self._wire.send(ASK, REPLY_S)
        waiting = slip_waits(await self._wire.receive(6, REPLY_S))
        faults = {FaultCode.NOT_TAKEN} if waiting and not self._handing else set()
        values = (*seen.values, ("slip", "waiting" if waiting else "none"))
        return replace(seen, faults=seen.faults | faults, values=values)

    async def taken(self, probe: Callable[[], Awaitable[Observation]], until: Deadline) -> bool | None:
        """Whether the slip is gone in time; None when the printer does not say. The wire is free between two looks."""
        patience = Deadline(min(TAKE_S, until.left))
        try:
            while True:
                waits = ("slip", "waiting") in (await probe()).values
                if not waits or not patience.left:
                    return not waits
                await asyncio.sleep(POLL_S)
        except DeviceFault:
            return None


def slip_waits(answer: bytes) -> bool:
    """Whether a full status tells of a slip in the mouth; DeviceFault PROTOCOL when it is no full status."""
    if len(answer) != 6 or answer[:2] != b"\x10\x0f":
        raise DeviceFault(FaultCode.PROTOCOL, f"status {answer.hex(' ')} is not DLE EOT 20")
    return bool(answer[2] & 0x20)
