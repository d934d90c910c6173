"""One Modbus board, TCP or RTU: a deadline on every request, one at a time, error replies as faults."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU

from devices.ports import DeviceFault, FaultCode
from devices.record import listening

Client = AsyncModbusTcpClient | AsyncModbusSerialClient
Request = Callable[[Client], Awaitable[ModbusPDU]]


class Overheard:
    """Listens to a client of pymodbus in whole frames; `tracing` are the client's own options for it."""

    def __init__(self) -> None:
        self._tap, self._frame = listening(), b""
        self.tracing: dict[str, Any] = {"trace_packet": self._packet, "trace_pdu": self._pdu}

    def _packet(self, sending: bool, data: bytes) -> bytes:
        """Bytes on their way, or all that came of a frame so far."""
        if sending:
            self._tap.sent(data)
        self._frame = data
        return data

    def _pdu(self, sending: bool, pdu: ModbusPDU) -> ModbusPDU:
        """An answer is whole."""
        if not sending:
            self._tap.got(self._frame)
        return pdu


class ModbusBoard:
    """`at` is `tcp://host:port` or the path of a serial port (RTU, 8N1 at `baud`); `unit` the board's address there."""

    def __init__(self, name: str, at: str, unit: int = 1, reply_s: float = 1.0, baud: int = 9600) -> None:
        check(at)
        self._name, self._at, self._unit, self._reply_s, self._baud = name, at, unit, reply_s, baud
        self._client: Client | None = None
        self._overheard = Overheard()
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Connect; writes nothing."""
        await self.close()
        client = self._made()
        if not await client.connect():
            client.close()
            raise DeviceFault(FaultCode.DISCONNECTED, f"cannot connect to {self._at}")
        self._client = client

    async def close(self) -> None:
        """Let go of the connection; writes nothing."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def inputs(self, start: int, count: int) -> tuple[bool, ...]:
        """Discrete inputs."""
        return self._bits(
            await self._ask(lambda board: board.read_discrete_inputs(start, count=count, device_id=self._unit)), count
        )

    async def coils(self, start: int, count: int) -> tuple[bool, ...]:
        """Coils as the board reads them back."""
        return self._bits(
            await self._ask(lambda board: board.read_coils(start, count=count, device_id=self._unit)), count
        )

    async def levels(self, start: int, count: int) -> tuple[int, ...]:
        """Input registers."""
        reply = await self._ask(lambda board: board.read_input_registers(start, count=count, device_id=self._unit))
        if len(reply.registers) != count:
            raise DeviceFault(FaultCode.PROTOCOL, f"{len(reply.registers)} registers instead of {count}")
        return tuple(reply.registers)

    async def switch(self, at: int, on: bool) -> None:
        """Set one coil, for boards that take them one by one alone."""
        await self._ask(lambda board: board.write_coil(at, on, device_id=self._unit))

    @property
    def closed(self) -> bool:
        """Whether nothing can have been sent, for want of a connection."""
        return self._client is None

    async def write(self, start: int, values: Sequence[bool]) -> None:
        """Set coils; that they were written is no proof of what they move."""
        await self._ask(lambda board: board.write_coils(start, list(values), device_id=self._unit))

    def _made(self) -> Client:
        url = urlsplit(self._at)
        if url.scheme == "tcp":
            return AsyncModbusTcpClient(
                url.hostname or "", port=url.port or 502, timeout=self._reply_s, retries=0, reconnect_delay=0,
                name=self._name, **self._overheard.tracing,
            )  # fmt: skip
        return AsyncModbusSerialClient(
            self._at, baudrate=self._baud, timeout=self._reply_s, retries=0, reconnect_delay=0, name=self._name,
            **self._overheard.tracing,
        )  # fmt: skip

    def _bits(self, reply: ModbusPDU, count: int) -> tuple[bool, ...]:
        if len(reply.bits) < count:
            raise DeviceFault(FaultCode.PROTOCOL, f"{len(reply.bits)} bits instead of {count}")
        return tuple(reply.bits[:count])

    async def _ask(self, request: Request) -> ModbusPDU:
        """One request under the deadline; error replies are values in this library and become PROTOCOL."""
        async with self._turn:
            board = self._client
            if board is None or not board.connected:
                raise DeviceFault(FaultCode.DISCONNECTED, "no connection to the board")
            before = cancellations()
            try:
                async with asyncio.timeout(2 * self._reply_s):
                    reply = await request(board)
            except (TimeoutError, ModbusException, OSError) as error:
                give_up(before)
                code = FaultCode.NO_RESPONSE if board.connected else FaultCode.DISCONNECTED
                raise DeviceFault(code, f"{type(error).__name__}: {error}") from error
            give_up(before)
        if reply.isError():
            raise DeviceFault(FaultCode.PROTOCOL, f"the board answers {reply}")
        return reply


def cancellations() -> int:
    """How often this task has been asked to end."""
    task = asyncio.current_task()
    return task.cancelling() if task is not None else 0


def give_up(before: int) -> None:
    """CancelledError where the task was asked to end since: the library's wait_for loses that when an answer comes."""
    if cancellations() > before:
        raise asyncio.CancelledError


def check(at: str) -> None:
    """ValueError for what is neither an address nor a port."""
    try:
        url = urlsplit(at)
        sound = at.startswith("/") or (url.scheme == "tcp" and bool(url.hostname) and url.port != 0)
    except ValueError:
        sound = False
    if not sound:
        raise ValueError(f"at = '{at}' is no Modbus board; write tcp://host:port or the path of a serial port")
