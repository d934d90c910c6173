"""One TCP connection to a device: a deadline on everything, one exchange at a time, dropped when in doubt."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from devices.ports import DeviceFault, FaultCode
from devices.record import listening
from devices.tls import PinnedContext, refused

#: After these an old answer might still arrive, so the connection is not used again.
DISTRUST = frozenset({FaultCode.NO_RESPONSE, FaultCode.PROTOCOL, FaultCode.DISCONNECTED, FaultCode.OUTCOME_UNKNOWN})
CONNECT_S = 2.0


class Deadline:
    """A point in monotonic time, `timeout_s` seconds from now."""

    def __init__(self, timeout_s: float) -> None:
        self._at = time.monotonic() + timeout_s

    @property
    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._at - time.monotonic())


class Wire:
    """A TCP client connection, `host`:`port`; with `tls_pin` (devices/tls.py) over TLS to the holder of that key."""

    def __init__(self, host: str, port: int, tls_pin: str = "") -> None:
        self.host = host
        self.port = port
        self._tls = PinnedContext(tls_pin) if tls_pin else None
        self._tap = listening()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._one = asyncio.Lock()

    async def open(self) -> None:
        """Connect within CONNECT_S, or DeviceFault DISCONNECTED / NOT_PAIRED; does nothing when connected."""
        if self._streams is not None:
            return
        try:
            async with asyncio.timeout(CONNECT_S):
                self._streams = await asyncio.open_connection(self.host, self.port, ssl=self._tls)
        except (OSError, TimeoutError) as error:
            if self._tls and (fault := refused(error)):
                raise fault from None
            raise DeviceFault(FaultCode.DISCONNECTED, f"{self.host}:{self.port} {error or 'does not answer'}") from None

    async def close(self) -> None:
        """Drop the connection; never raises."""
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].close()
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(CONNECT_S):
                    await streams[1].wait_closed()

    @asynccontextmanager
    async def turn(self, timeout_s: float) -> AsyncIterator[None]:
        """Have the wire alone, connected: DeviceFault BUSY after `timeout_s`; dropped on leaving with doubt."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._one.acquire()
        except TimeoutError:
            raise DeviceFault(FaultCode.BUSY, "another exchange is running") from None
        try:
            await self.open()
            yield
        except DeviceFault as fault:
            if fault.code in DISTRUST:
                await self.close()
            raise
        except BaseException:
            await self.close()
            raise
        finally:
            self._one.release()

    async def send(self, data: bytes, timeout_s: float) -> None:
        """Hand over all bytes, or DeviceFault NO_RESPONSE (the device takes no more) / DISCONNECTED."""
        _, writer = self._connected()
        try:
            async with asyncio.timeout(timeout_s):
                self._tap.sent(data)
                writer.write(data)
                await writer.drain()
        except TimeoutError:
            raise DeviceFault(FaultCode.NO_RESPONSE, "takes no more bytes") from None
        except OSError as error:
            raise DeviceFault(FaultCode.DISCONNECTED, str(error)) from None

    async def receive(self, size: int, timeout_s: float) -> bytes:
        """Exactly `size` bytes, or DeviceFault NO_RESPONSE (a single byte may still come) / PROTOCOL / DISCONNECTED."""
        reader, _ = self._connected()
        try:
            async with asyncio.timeout(timeout_s):
                return self._taken(await reader.readexactly(size))
        except TimeoutError:
            raise (await self._silence(reader) if size > 1 else DeviceFault(FaultCode.NO_RESPONSE)) from None
        except (OSError, asyncio.IncompleteReadError):
            raise DeviceFault(FaultCode.DISCONNECTED, "the connection was closed") from None

    async def receive_until(self, end: bytes, timeout_s: float) -> bytes:
        """Bytes up to and with `end`, or DeviceFault NO_RESPONSE / PROTOCOL (no end) / DISCONNECTED."""
        reader, _ = self._connected()
        try:
            async with asyncio.timeout(timeout_s):
                return self._taken(await reader.readuntil(end))
        except TimeoutError:
            raise await self._silence(reader) from None
        except asyncio.LimitOverrunError:
            raise DeviceFault(FaultCode.PROTOCOL, "an answer without an end") from None
        except (OSError, asyncio.IncompleteReadError):
            raise DeviceFault(FaultCode.DISCONNECTED, "the connection was closed") from None

    def _taken(self, data: bytes) -> bytes:
        self._tap.got(data)
        return data

    async def _silence(self, reader: asyncio.StreamReader) -> DeviceFault:
        """Why an answer did not come: nothing at all, or bytes that are not one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0.01):
                if (await reader.read(256)).strip():
                    return DeviceFault(FaultCode.PROTOCOL, "bytes that are no whole answer")
        return DeviceFault(FaultCode.NO_RESPONSE, "no answer in time")

    def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            raise DeviceFault(FaultCode.DISCONNECTED, "not connected")
        return self._streams
