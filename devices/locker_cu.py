"""A locker wall of KR-CU boards on one RS-485 line (frames: devices/krcu.py)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import serial  # type: ignore[import-untyped]  # pyserial ships no type information

from devices import doors, krcu
from devices.krcu import PROFILES, BoardState, FrameError
from devices.ports import DeviceFault, DoorState, FaultCode, Observation
from devices.serial_line import Reader, SerialLine, nothing

REPLY_S = 0.4


class CuLocker:
    """Doors count from 1, board by board. `door_sensors`: the second sensor of each lock is wired to its leaf.

    `open_loop`: the boards give no feedback; then no door is ever called open or closed, and `open_door` ends as
    NO_SENSOR after its command.
    """

    def __init__(
        self, name: str, port: str, boards: int = 1, profile: str = "cu16", door_sensors: bool = False,
        open_loop: bool = False, simulated: bool = False,
    ) -> None:  # fmt: skip
        if profile not in PROFILES:
            raise ValueError(f"profile = '{profile}' is no kind of KR-CU board; use one of {', '.join(PROFILES)}")
        self._profile = PROFILES[profile]
        if not 1 <= boards <= krcu.WHOLE_BUS:
            raise ValueError(f"boards = {boards}: write 1 to {krcu.WHOLE_BUS}")
        if door_sensors and not self._profile.sensor_bytes:
            raise ValueError(f"door_sensors: boards of profile '{profile}' have none; leave it out")
        self.name, self.doors = name, boards * self._profile.locks
        self._boards, self._door_sensors = boards, door_sensors
        self._open_loop, self._simulated = open_loop, simulated
        self._line = SerialLine(name, port, self._profile.baud, REPLY_S)
        self._turn, self._leave = asyncio.Lock(), doors.Leave()

    async def open(self) -> None:
        """Open the port; moves nothing."""
        await self._line.open()

    async def close(self) -> None:
        """Let go of the port; moves nothing."""
        await self._line.close()

    async def probe(self) -> Observation:
        """Every lock's state; DOOR_FORCED, DOOR_OPEN (left open); NO_SENSOR, for ever, without feedback."""
        if self._open_loop:
            await self._line.ask(b"", nothing)
            values = (("doors", str(self.doors)), ("open", "unknown"))
            return Observation(frozenset({FaultCode.NO_SENSOR}), values, "no feedback", self._simulated)
        found = await self.look()
        faults, detail = self._leave.judge(found)
        return Observation(faults, doors.shown(found), detail, self._simulated)

    async def look(self) -> tuple[DoorState, ...]:
        """Every door's sensors; no door at all where the boards give no feedback."""
        if self._open_loop:
            return ()
        found = await self._states()
        locked = tuple(lock for state in found for lock in state.locked)
        return doors.states(locked, tuple(leaf for state in found for leaf in state.sensed if self._door_sensors))

    async def open_door(self, door: int, timeout_s: float) -> DoorState:
        """Unlock one door and return once it is seen open; faults of doors.open_one, NO_SENSOR without feedback."""
        doors.check(door, self.doors)
        async with self._turn:
            self._leave.asked(door)
            if not self._open_loop:
                return await doors.open_one(door, self.look, lambda: self._unlock(door), timeout_s)
            await self._unlock(door)
            raise DeviceFault(FaultCode.NO_SENSOR, f"door {door}: commanded; whether it opened nobody can tell")

    async def _unlock(self, door: int) -> None:
        board, lock = divmod(door - 1, self._profile.locks)
        await self._line.ask(krcu.encode(self._profile, board, lock, self._profile.unlock), nothing)

    async def _states(self) -> Sequence[BoardState]:
        """Every board's state, asked for one by one or all at once."""
        try:
            if self._profile.bus is None:
                return [await self._board(board) for board in range(self._boards)]
            asked = krcu.encode(self._profile, krcu.WHOLE_BUS, 0, self._profile.bus)
            answer = await self._line.ask(asked, exactly(krcu.answer_bytes(self._profile, self._boards)))
            return krcu.decode_bus(self._profile, answer, self._boards)
        except FrameError as error:
            raise self._line.broken(str(error)) from error

    async def _board(self, board: int) -> BoardState:
        asked = krcu.encode(self._profile, board, 0, self._profile.status)
        return krcu.decode(self._profile, await self._line.ask(asked, exactly(krcu.answer_bytes(self._profile))), board)


def exactly(count: int) -> Reader:
    """Reads so many bytes; NO_RESPONSE for silence, PROTOCOL for fewer."""

    def read(line: serial.Serial) -> bytes:
        got: bytes = line.read(count)
        if not got:
            raise DeviceFault(FaultCode.NO_RESPONSE, f"silent for {line.timeout:.1f} s")
        if len(got) < count:
            raise DeviceFault(FaultCode.PROTOCOL, f"{len(got)} of {count} bytes")
        return got

    return read
