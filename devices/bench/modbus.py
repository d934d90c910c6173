"""A Modbus board, TCP on 127.0.0.1 or RTU on a pseudo-terminal: coils and discrete inputs that a peer keeps itself."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from devices.bench.peer import Peer

READ_COILS, READ_INPUTS, WRITE_COIL, WRITE_COILS = 1, 2, 5, 15
#: Longer than any driver waits.
MUTE_S = 5.0


class ModbusPeer(Peer):
    """`coils` are what the outputs really are; `wrote` and `sensed` are what the machine behind the board does."""

    FAULTS: tuple[str, ...] = ("mute", "slow", "unplug", "error_reply")

    def __init__(self, coils: int, inputs: int, slow_s: float = 0.3) -> None:
        super().__init__()
        self.coils = [False] * coils
        self._inputs, self._slow_s = inputs, slow_s
        self._server: ModbusTcpServer | ModbusSerialServer | None = None
        self._bridge: list[int] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self) -> str:
        """Listen on 127.0.0.1; returns `tcp://host:port`."""
        server = ModbusTcpServer(self._device(), address=("127.0.0.1", self.port))
        self._server = server
        await server.serve_forever(background=True)
        listener = cast(asyncio.Server, server.transport)  # pymodbus keeps the asyncio server under this name
        self.port = int(listener.sockets[0].getsockname()[1])
        return f"tcp://127.0.0.1:{self.port}"

    async def start_rtu(self, link: Path) -> str:
        """Listen on a serial line, two pseudo-terminals back to back; returns the path of its link."""
        self._server = ModbusSerialServer(self._device(), port=self._bridged(link), baudrate=9600)
        await self._server.serve_forever(background=True)
        return str(link)

    def _bridged(self, link: Path) -> str:
        """Lay the line; the server's end of it."""
        (own, served), (other, asked) = os.openpty(), os.openpty()
        for end in (served, asked):
            tty.setraw(end)
        self._bridge = [own, served, other, asked]
        asyncio.get_running_loop().add_reader(own, pass_on, own, other)
        asyncio.get_running_loop().add_reader(other, pass_on, other, own)
        link.symlink_to(os.ttyname(asked))
        return os.ttyname(served)

    async def stop(self) -> None:
        """Close everything."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._shut()
        for end in self._bridge:
            asyncio.get_running_loop().remove_reader(end)
            os.close(end)
        self._bridge = []

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Pull the plug, or put it back."""
        if fault == "unplug":
            self.spawn(self._plug(on))

    def wrote(self, start: int, values: Sequence[bool]) -> None:
        """Called when coils are to be set; sets them."""
        self.coils[start : start + len(values)] = values

    def sensed(self) -> Sequence[bool]:
        """What the discrete inputs are now."""
        return [False] * self._inputs

    def read_back(self) -> Sequence[bool]:
        """What the board says its coils are."""
        return self.coils

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside the line, until `stop`."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _device(self) -> SimDevice:
        bits, words = DataType.BITS, DataType.REGISTERS
        blocks = (
            [SimData(0, count=len(self.coils), values=False, datatype=bits)],
            [SimData(0, count=self._inputs, values=False, datatype=bits)],
            [SimData(0, count=1, values=0, datatype=words)], [SimData(0, count=1, values=0, datatype=words)],
        )  # fmt: skip
        return SimDevice(1, blocks, action=self._serve)

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
        """Called by the server before each read and write; `registers` is the whole block."""
        if "mute" in self.ordered or "slow" in self.ordered:
            await asyncio.sleep(MUTE_S if "mute" in self.ordered else self._slow_s)
        if "error_reply" in self.ordered:
            return ExcCodes.DEVICE_FAILURE
        if code == READ_COILS:
            fill(registers, self.read_back())
        elif code == READ_INPUTS:
            fill(registers, self.sensed())
        elif code in (WRITE_COIL, WRITE_COILS) and values:
            self.wrote(address, [bool(value) for value in values])
        return None


def fill(registers: list[int], bits: Sequence[bool]) -> None:
    """Sixteen bits to the register, the lowest first."""
    for at in range(len(registers)):
        registers[at] = sum(bool(on) << place for place, on in enumerate(bits[16 * at : 16 * at + 16]))


def pass_on(source: int, target: int) -> None:
    """Bytes from one end of a line to the other."""
    with suppress(OSError):
        os.write(target, os.read(source, 512))
