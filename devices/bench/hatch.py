"""The hatch's input/output board: a Modbus TCP server whose inputs are the world's and whose coil moves its bolt."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import cast

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from devices.bench.peer import Peer
from devices.bench.world import World

READ_INPUTS, READ_LEVEL, WRITE_COIL = 2, 4, 5
MOVE_S = 0.15


class HatchPeer(Peer):
    """Bolt and door take `MOVE_S` seconds each to move."""

    FAULTS = ("unplug", "door_stuck", "door_left_open", "bolt_stuck", "bin_full", "no_parcel_sensor", "parcel_stuck")

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self._server: ModbusTcpServer | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self) -> int:
        """Listen on 127.0.0.1; returns the port."""
        bits, words = DataType.BITS, DataType.REGISTERS
        blocks = (
            [SimData(0, count=1, values=False, datatype=bits)], [SimData(0, count=3, values=False, datatype=bits)],
            [SimData(0, count=1, values=0, datatype=words)], [SimData(0, count=1, values=0, datatype=words)],
        )  # fmt: skip
        device = SimDevice(1, blocks, action=self._serve)
        self._server = ModbusTcpServer(device, address=("127.0.0.1", self.port))
        await self._server.serve_forever(background=True)
        listener = cast(asyncio.Server, self._server.transport)  # pymodbus keeps the asyncio server under this name
        self.port = int(listener.sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Close everything."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._shut()

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Pull the plug, or put it back."""
        if fault == "unplug":
            self._spawn(self._plug(on))

    def leave_open(self) -> bool:
        """Whether the customer leaves the door open after putting the parcel in."""
        return "door_left_open" in self.ordered

    async def _plug(self, pulled: bool) -> None:
        await self._shut()
        if not pulled:
            await self.start()

    async def _shut(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            await server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus leaves it unannotated

    async def _serve(
        self, code: int, start: int, address: int, count: int, registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:  # fmt: skip
        """Called by the server before each read and write."""
        if code == READ_INPUTS:
            self._show(registers)
        elif code == READ_LEVEL:
            registers[0] = 100 if "bin_full" in self.ordered else self._world.bin_percent
        elif code == WRITE_COIL and values:
            self._spawn(self._move(bool(values[0])))
        return None

    def _show(self, registers: list[int]) -> None:
        """The three inputs, packed into the register that holds them; a stuck parcel is one of an earlier visit."""
        inside = self._world.inside is not None or "parcel_stuck" in self.ordered
        present = inside and "no_parcel_sensor" not in self.ordered
        registers[0] = self._world.closed | self._world.locked << 1 | present << 2

    async def _move(self, release: bool) -> None:
        await asyncio.sleep(MOVE_S)
        if "bolt_stuck" in self.ordered:
            return
        if release:
            self._world.release_bolt(opens="door_stuck" not in self.ordered)
        else:
            self._world.throw_bolt()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
