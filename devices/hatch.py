"""The intake hatch: a Modbus TCP input/output board.

Register map: coil 0 = release the bolt (1) or throw it (0) · discrete inputs 0 = door closed, 1 = bolt locked,
2 = parcel present · input register 0 = bin level in percent.

No sensor shows that a bolt sticks until it is told to move. So a hatch that failed to open stays DOOR_STUCK for as long
as this process lives, until the door is seen open: by the next command, or by staff with their key.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

from devices.modbus import ModbusBoard
from devices.ports import DeviceFault, FaultCode, HatchState, Observation

POLL_S = 0.12
#: How long the door may stand open, or closed and unlocked, after a release before it is a fault of its own.
ATTENDED_S = 120.0


class ModbusHatch:
    """A door that opens only when told, and only counts as open, closed or locked when its sensors say so."""

    def __init__(
        self, name: str, host: str, port: int = 502, unit: int = 1, full_percent: int = 95, reply_s: float = 1.0,
        simulated: bool = False,
    ) -> None:  # fmt: skip
        self.name = name
        self._board = ModbusBoard(name, f"tcp://{f'[{host}]' if ':' in host else host}:{port}", unit, reply_s)
        self._full, self._simulated = full_percent, simulated
        self._turn = asyncio.Lock()
        self._released_at = -ATTENDED_S
        self._jammed = self._unopened = self._unbolted = False

    async def open(self) -> None:
        """Connect; moves nothing."""
        await self._board.open()

    async def close(self) -> None:
        """Let go of the connection; moves nothing."""
        await self._board.close()

    async def probe(self) -> Observation:
        """Every sensor; what failed to move, a door or bolt left open, a full bin, a parcel that stays are faults."""
        state = await self.look()
        self._jammed = self._jammed and state.present
        faults = {FaultCode.JAM} if self._jammed else set[FaultCode]()
        if state.bin_percent >= self._full:
            faults.add(FaultCode.BIN_FULL)
        if self._unopened or self._unbolted:
            faults.add(FaultCode.DOOR_STUCK)
        if time.monotonic() - self._released_at > ATTENDED_S and not (state.closed and state.locked):
            faults.add(FaultCode.DOOR_STUCK if state.closed else FaultCode.DOOR_OPEN)
        values = {"door": "closed" if state.closed else "open", "bolt": "locked" if state.locked else "released",
                  "parcel": "yes" if state.present else "no", "bin": f"{state.bin_percent} %"}  # fmt: skip
        detail = "it failed to open and was not seen open since" if self._unopened else ""
        return Observation(frozenset(faults), tuple(values.items()), detail, self._simulated)

    async def look(self) -> HatchState:
        """Read every sensor in one turn."""
        async with self._turn:
            closed, locked, present = await self._board.inputs(0, 3)
            (level,) = await self._board.levels(0, 1)
        if not 0 <= level <= 100:
            raise DeviceFault(FaultCode.PROTOCOL, f"a bin level of {level} %")
        self._unopened, self._unbolted = self._unopened and closed, self._unbolted and not locked
        return HatchState(closed, locked, present, level, datetime.now(UTC))

    async def unlock(self, timeout_s: float) -> HatchState:
        """Release the bolt until the door is seen open; otherwise throw it again and say DOOR_STUCK."""
        before = await self.look()
        if before.bin_percent >= self._full:
            raise DeviceFault(FaultCode.BIN_FULL, f"bin at {before.bin_percent} %")
        if not before.closed:
            raise DeviceFault(FaultCode.DOOR_OPEN, "the door is already open")
        self._released_at = time.monotonic()
        await self._move(True)
        state = await self._until(lambda now: not now.closed, timeout_s)
        if state.closed:
            self._unopened = True
            await self._move(False)
            stuck = "the bolt did not move" if state.locked else "the bolt is released, the door did not open"
            raise DeviceFault(FaultCode.DOOR_STUCK, stuck)
        self._jammed = state.present  # the chamber empties before the door moves
        return state

    async def lock(self, timeout_s: float) -> HatchState:
        """Throw the bolt on a closed door."""
        before = await self.look()
        if not before.closed:
            raise DeviceFault(FaultCode.DOOR_OPEN, "the door is open")
        await self._move(False)
        state = await self._until(lambda now: now.locked or not now.closed, timeout_s)
        if not (state.closed and state.locked):
            self._unbolted = state.closed
            code = FaultCode.DOOR_STUCK if state.closed else FaultCode.DOOR_OPEN
            raise DeviceFault(code, "the bolt did not lock")
        self._released_at = -ATTENDED_S
        return state

    async def _until(self, reached: Callable[[HatchState], bool], timeout_s: float) -> HatchState:
        """The first state that is as wanted, or the last one before the deadline."""
        end = time.monotonic() + timeout_s
        state = await self._after_move()
        while not reached(state) and time.monotonic() + POLL_S < end:
            await asyncio.sleep(POLL_S)
            state = await self._after_move()
        return state

    async def _after_move(self) -> HatchState:
        try:
            return await self.look()
        except DeviceFault as fault:
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"the board fell silent after a command: {fault}") from fault

    async def _move(self, release: bool) -> None:
        async with self._turn:
            try:
                await self._board.switch(0, release)
            except DeviceFault as fault:
                if self._board.closed:
                    raise
                raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"command to the bolt: {fault}") from fault
