"""An ESC/POS receipt printer at the other end of the wire: answers DLE EOT and GS r, turns bytes into pages.

FAULTS = ("paper_out", "paper_low", "paper_out_mid_job", "cover_open", "jam", "mute", "mute_mid_job", "garbage",
"half_frame", "slow", "unplug", "unplug_mid_job"). A command that it does not know is kept in `errors`.
"""

from __future__ import annotations

import asyncio
import struct
from typing import Any

from devices.bench.printer import FAULTS, Page, PrinterPeer
from devices.ports import Picture

__all__ = ["FAULTS", "EscPosPeer"]

CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
REAL_TIME = (b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04", CLEAR)
#: Length in bytes of commands without data; GS v 0 is longer by its raster.
LENGTHS = {b"\x1b@": 2, b"\x1bd": 3, b"\x1bJ": 3, b"\x1ba": 3, b"\x1dV": 4, b"\x1dr": 3, b"\x1dv": 8}
LINE_DOTS = 30


class EscPosPeer(PrinterPeer):
    """80 mm printer; `width_dots` is the head's."""

    def __init__(self, width_dots: int = 576, dpi: int = 203, **more: Any) -> None:
        super().__init__(dpi, **more)
        self.width_dots = width_dots
        self._bytes = bytearray()
        self._held = b""
        self._rows = bytearray()
        self._job = bytearray()
        self._writer: asyncio.StreamWriter | None = None

    async def hear(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        """Real-time commands are obeyed at once, also inside other data, as printers do; the rest is buffered."""
        self._writer = writer
        data, self._held = self._held + data, b""
        while data:
            at = data.find(b"\x10")
            self._bytes += data if at < 0 else data[:at]
            if at < 0:
                return
            data = data[at:]
            command = next((known for known in REAL_TIME if data.startswith(known)), None)
            if command:
                await self._obey(command, writer)
            elif len(data) < len(CLEAR) and any(known.startswith(data) for known in REAL_TIME):
                self._held = data
                return
            else:
                self._bytes += data[:1]
            data = data[len(command or b"\x10") :]

    async def _obey(self, command: bytes, writer: asyncio.StreamWriter) -> None:
        if command == CLEAR:
            self.forget()
            await self.reply(writer, b"\x37\x25\x00", b"")
        else:
            answer = self.status(command[2])
            await self.reply(writer, bytes([answer]), bytes([answer]) if command[2] <= 2 else b"")

    def status(self, kind: int) -> int:
        """The DLE EOT answer of this kind, 1..4."""
        low = "paper_low" in self._ordered
        bits = {
            1: 0x08 * (self.out or self.cover or self.jammed),
            2: 0x04 * self.cover + 0x20 * self.out + 0x40 * self.jammed,
            3: 0x08 * self.jammed,
            4: 0x0C * (low or self.out) + 0x60 * self.out,
        }
        return 0x12 | bits[kind]

    def forget(self) -> None:
        """Receive and print buffers are empty; what was printed of the page is waste."""
        self._bytes.clear()
        self._rows.clear()
        self._job.clear()
        self._held = b""

    async def work(self) -> None:
        """Interpret one command once it is whole and the printer is able."""
        await self.until_able()
        command = self._next()
        if command is None:
            await self.news()
        elif command:
            self._job += command
            await self._do(command)

    def _next(self) -> bytes | None:
        """The next whole command, taken from the buffer; None when there is none, b"" for an unknown byte skipped."""
        head = bytes(self._bytes[:2])
        if head[:1] == b"\n":
            return self._take(1)
        length = LENGTHS.get(head)
        if length is None and (len(head) == 2 or head[:1] not in (b"\x1b", b"\x1d", b"")):
            self.errors.append(f"unknown command {head.hex(' ')}")
            self._take(1)
            return b""
        if length is None or len(self._bytes) < length:
            return None
        if head == b"\x1dv":
            width, height = struct.unpack("<HH", self._bytes[4:8])
            length += width * height
        return self._take(length) if len(self._bytes) >= length else None

    def _take(self, length: int) -> bytes:
        taken = bytes(self._bytes[:length])
        del self._bytes[:length]
        return taken

    async def _do(self, command: bytes) -> None:
        head = command[:2]
        if head == b"\x1b@":
            self._rows.clear()
            self._job[:] = command
        elif head == b"\x1dv":
            self._raster(command)
            self.strike()
        elif head == b"\x1dV":
            await self._cut()
        elif head == b"\x1dr" and self._writer:
            await self.reply(self._writer, b"\x03" if "paper_low" in self._ordered else b"\x00", b"")
        elif head in (b"\x1bd", b"\x1bJ") or command == b"\n":
            self._feed(command)

    def _raster(self, command: bytes) -> None:
        """GS v 0 in normal mode: each row filled up with white, or cut off, at the head's width."""
        row, _ = struct.unpack("<HH", command[4:8])
        head = (self.width_dots + 7) // 8
        if command[2:4] not in (b"0\x00", b"\x00\x00"):
            self.errors.append(f"raster mode {command[2:4].hex(' ')}")
        if row > head:
            self.errors.append(f"raster of {row * 8} dots on a head of {self.width_dots}")
        for start in range(8, len(command), row):
            self._rows += command[start : start + row][:head].ljust(head, b"\x00")

    def _feed(self, command: bytes) -> None:
        dots = {b"\n": LINE_DOTS, b"\x1bd": LINE_DOTS * command[-1], b"\x1bJ": command[-1]}[command[:2]]
        self._rows += bytes((self.width_dots + 7) // 8 * dots)

    async def _cut(self) -> None:
        """The page comes out, if nothing has stopped the printer meanwhile."""
        await asyncio.sleep(self.page_s * (3 if "slow" in self._ordered else 1))
        await self.until_able()
        height = len(self._rows) // ((self.width_dots + 7) // 8)
        if height:
            picture = Picture(self.width_dots, height, self.dpi, bytes(self._rows))
            self.finish(Page(picture, bytes(self._job)))
        self._rows.clear()
