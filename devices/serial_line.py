"""One serial port in a thread of its own: 8N1, a deadline on everything, dropped when in doubt.

A reply that came late or broken could be taken for another's, so the line is let go of after every fault but BUSY;
the supervisor opens it again.
"""

from __future__ import annotations

import asyncio
import termios
import time
from collections.abc import Callable

import serial  # type: ignore[import-untyped]  # pyserial ships no type information

from devices.ports import DeviceFault, FaultCode
from devices.record import listening
from devices.wire import OneThread

Reader = Callable[[serial.Serial], bytes]


class SerialLine:
    """`port` at `baud`; each read is given up after `reply_s` seconds."""

    def __init__(self, name: str, port: str, baud: int, reply_s: float) -> None:
        self._name, self._port, self._baud, self.reply_s = name, port, baud, reply_s
        self._line: serial.Serial | None = None
        self._thread: OneThread | None = None
        self._turn = asyncio.Lock()
        self._tap = listening()

    async def open(self) -> None:
        """Open the port; nothing is sent. DISCONNECTED without it, MISCONFIGURED with options it cannot take."""
        await self.close()
        self._thread = OneThread(self._name)
        self._line = await self._thread.run(lambda: connect(self._port, self._baud, self.reply_s), 2 * self.reply_s)

    async def close(self) -> None:
        """Let go of the port and its thread."""
        if self._thread is not None:
            self._thread.stop()
        self._thread = None
        self.drop()

    async def ask(self, sent: bytes, read: Reader, fresh: bool = True) -> bytes:
        """Send (nothing when empty) and read what comes back; `fresh` forgets first what had come before."""
        async with self._turn:
            if self._thread is None:
                raise DeviceFault(FaultCode.DISCONNECTED, "the port is not open")
            return await self._thread.run(lambda: self._exchange(sent, read, fresh), 4 * self.reply_s)

    def drop(self) -> None:
        """Let go of the port; every call until the next `open` is DISCONNECTED."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def broken(self, detail: str) -> DeviceFault:
        """Drop the line because of what it carried; the fault to raise."""
        self.drop()
        return DeviceFault(FaultCode.PROTOCOL, detail)

    def _exchange(self, sent: bytes, read: Reader, fresh: bool) -> bytes:
        line = self._line
        if line is None:
            raise DeviceFault(FaultCode.DISCONNECTED, "the line was dropped")
        try:
            if fresh:
                line.reset_input_buffer()
            if sent:
                self._tap.sent(sent)
                line.write(sent)
            return self._taken(read(line))
        except (serial.SerialException, OSError, termios.error) as error:
            self.drop()
            raise DeviceFault(FaultCode.DISCONNECTED, str(error)) from error
        except DeviceFault:
            self.drop()
            raise

    def _taken(self, got: bytes) -> bytes:
        self._tap.got(got)
        return got


def connect(port: str, baud: int, timeout_s: float) -> serial.Serial:
    """An open port, 8N1; blocks. DISCONNECTED without it, MISCONFIGURED with options it cannot take."""
    try:
        return serial.Serial(port, baud, timeout=timeout_s, write_timeout=timeout_s)
    except (serial.SerialException, OSError, termios.error) as error:
        raise DeviceFault(FaultCode.DISCONNECTED, str(error)) from error
    except ValueError as error:
        raise DeviceFault(FaultCode.MISCONFIGURED, str(error)) from error


def text_line(limit: int) -> Reader:
    """Reads one line of at most `limit` bytes that ends in CR LF; NO_RESPONSE for silence, PROTOCOL for part of one."""

    def read(line: serial.Serial) -> bytes:
        got = first_line(line, b"\r\n", limit)
        if not got:
            raise DeviceFault(FaultCode.NO_RESPONSE, f"silent for {line.timeout:.1f} s")
        if not got.endswith(b"\r\n") or not got[:-2].isascii() or not got[:-2].decode("ascii").isprintable():
            raise DeviceFault(FaultCode.PROTOCOL, f"broken frame {got[:40]!r}")
        return got[:-2]

    return read


def first_line(line: serial.Serial, end: bytes, limit: int) -> bytes:
    """Bytes up to and with `end`, or what came in time, `limit` at most; what lies behind `end` is forgotten.

    In as few reads as the bytes come in: pyserial's own read_until takes them one by one.
    """
    got, until = bytearray(), time.monotonic() + (line.timeout or 0.0)
    while end not in got and len(got) < limit:
        came = line.read(max(1, min(line.in_waiting, limit - len(got))))
        got += came
        if not came or time.monotonic() > until:
            break
    head, found, _ = bytes(got).partition(end)
    return head + found


def nothing(line: serial.Serial) -> bytes:
    """Waits for no reply, only until all is sent."""
    line.flush()
    return b""
