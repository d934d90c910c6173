"""A locker wall of Modbus relay and input boards. Register map, door n from 1:

coil n-1 = its lock is energised · discrete input n-1 = its tongue is in the lock · discrete input `doors`+n-1 = its
leaf is shut (where `door_sensors`).
"""

from __future__ import annotations

import asyncio

from devices import doors
from devices.doors import Leave
from devices.modbus import ModbusBoard
from devices.ports import DeviceFault, DoorState, FaultCode, Observation

#: How long a lock is energised, seconds; longer burns its coil.
PULSE_S = 0.3


class ModbusLocker:
    """`open_loop`: no tongue is wired; then no door is ever called open or closed."""

    def __init__(
        self, name: str, at: str, doors: int, unit: int = 1, door_sensors: bool = False, open_loop: bool = False,
        simulated: bool = False,
    ) -> None:  # fmt: skip
        if not 1 <= doors <= 128:
            raise ValueError(f"doors = {doors}: write 1 to 128")
        self.name, self.doors = name, doors
        self._board = ModbusBoard(name, at, unit, 0.5)
        self._door_sensors, self._open_loop, self._simulated = door_sensors, open_loop, simulated
        self._turn, self._leave = asyncio.Lock(), Leave()

    async def open(self) -> None:
        """Connect; opens no door. Locks that an ended process left energised are let go of (ADR 9)."""
        await self._board.open()
        if not self._turn.locked():
            for at, energised in enumerate(await self._board.coils(0, self.doors)):
                if energised:
                    await self._board.write(at, [False])

    async def close(self) -> None:
        """Let go of the connection; moves nothing."""
        await self._board.close()

    async def probe(self) -> Observation:
        """Every lock's state; DOOR_FORCED, DOOR_OPEN (left open); NO_SENSOR, for ever, where nothing feeds back; JAM
        while a lock stays energised."""
        energised = any(await self._board.coils(0, self.doors)) and not self._turn.locked()
        faults = frozenset({FaultCode.JAM}) if energised else frozenset[FaultCode]()
        detail = "a lock stays energised" if energised else ""
        if self._open_loop:
            values = (("doors", str(self.doors)), ("open", "unknown"))
            return Observation(faults | {FaultCode.NO_SENSOR}, values, detail or "no feedback", self._simulated)
        found = await self.look()
        stands, which = self._leave.judge(found)
        return Observation(faults | stands, doors.shown(found), detail or which, self._simulated)

    async def look(self) -> tuple[DoorState, ...]:
        """Every door's sensors; no door at all where nothing feeds back."""
        if self._open_loop:
            return ()
        found = await self._board.inputs(0, self.doors * (1 + self._door_sensors))
        return doors.states(found[: self.doors], found[self.doors :])

    async def open_door(self, door: int, timeout_s: float) -> DoorState:
        """Unlock one door and return once it is seen open; faults of doors.open_one, NO_SENSOR without feedback."""
        doors.check(door, self.doors)
        async with self._turn:
            self._leave.asked(door)
            if not self._open_loop:
                return await doors.open_one(door, self.look, lambda: self._pulse(door), timeout_s)
            await self._pulse(door)
            raise DeviceFault(FaultCode.NO_SENSOR, f"door {door}: commanded; whether it opened nobody can tell")

    async def _pulse(self, door: int) -> None:
        """Energise the lock for a moment; whatever happens in it, the lock is let go of again."""
        try:
            await self._board.write(door - 1, [True])
            await asyncio.sleep(PULSE_S)
        finally:
            await self._board.write(door - 1, [False])
