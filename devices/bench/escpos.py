"""An ESC/POS receipt printer at the other end of the wire: answers DLE EOT and GS r, turns bytes into pages.

Its faults are those of devices.bench.printer, and "paper_out_at_cut": all rows of a slip are out, its cut is not; with
a presenter also "not_taken": slips hang there until it is taken back. A command that it does not know is kept in
`errors`.
"""

from __future__ import annotations

import asyncio
from typing import Any

from devices.bench.escpos_page import CLEAR, REAL_TIME, PageMaker, UnknownCommand, command_length
from devices.bench.printer import Page, PrinterPeer

HEARD = (CLEAR, *(b"\x10\x04" + bytes([kind]) for kind in REAL_TIME))


class EscPosPeer(PrinterPeer):
    """80 mm printer; `presenter_s` is the time after which a customer takes a slip, None for a printer without one."""

    FAULTS = (*PrinterPeer.FAULTS, "paper_out_at_cut")

    def __init__(
        self, width_dots: int = 576, dpi: int = 203, presenter_s: float | None = None, **more: Any
    ) -> None:
        super().__init__(dpi, **more)
        self.presenter_s = presenter_s
        self.slip = False
        self.waste = False
        if presenter_s is not None:
            self.FAULTS = (*self.FAULTS, "not_taken")
        self._paper = PageMaker(width_dots, dpi)
        self._bytes = bytearray()
        self._held = b""
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
            command = next((known for known in HEARD if data.startswith(known)), None)
            if command:
                await self._obey(command, writer)
            elif len(data) < len(CLEAR) and any(known.startswith(data) for known in HEARD):
                self._held = data
                return
            else:
                self._bytes += data[:1]
            data = data[len(command or b"\x10") :]

    async def _obey(self, command: bytes, writer: asyncio.StreamWriter) -> None:
        if command == CLEAR and "keeps_jobs" in self._ordered:
            return
        if command == CLEAR:
            self.forget()
            await self.reply(writer, b"\x37\x25\x00", b"")
        elif command[2] != 20:
            answer = bytes([self.status(command[2])])
            await self.reply(writer, answer, answer if command[2] <= 2 else b"")
        elif self.presenter_s is not None:
            answer = bytes([0x10, 0x0F, 0x20 * self.slip, 0, 0, 0])
            await self.reply(writer, answer, answer[:3])

    def status(self, kind: int) -> int:
        """The DLE EOT answer of this kind, 1..4."""
        low = "paper_low" in self._ordered
        bits = {
            1: 0x08 * self.stopped,
            2: 0x04 * self.cover + 0x20 * self.out + 0x40 * (self.jammed or self.cutter or self.hot),
            3: 0x04 * self.jammed + 0x08 * self.cutter + 0x40 * self.hot,
            4: 0x0C * (low or self.out) + 0x60 * self.out,
        }
        return 0x12 | bits[kind]

    def forget(self) -> None:
        """Receive and print buffers are empty; what was printed of a page hangs on until a cut takes it off."""
        self.waste = self.waste or self._paper.height > 0
        self._bytes.clear()
        self._paper.reset()
        self._job.clear()
        self._held = b""

    def order(self, fault: str, on: bool = True) -> None:
        """As of every printer; taking back `not_taken` is taking the slip."""
        super().order(fault, on)
        if fault == "not_taken" and not on:
            self.slip = False

    async def work(self) -> None:
        """Interpret one command once it is whole and the printer is able."""
        await self.until_able()
        command = self._next()
        if command is None:
            await self.news()
        elif command:
            await self._do(command)

    def _next(self) -> bytes | None:
        """The next whole command, taken from the buffer; None when there is none, b"" for an unknown byte skipped."""
        try:
            length = command_length(bytes(self._bytes[:16])) if self._bytes else None
        except UnknownCommand as error:
            self.errors.append(str(error))
            del self._bytes[:1]
            return b""
        if length is None or len(self._bytes) < length:
            return None
        taken = bytes(self._bytes[:length])
        del self._bytes[:length]
        return taken

    async def _do(self, command: bytes) -> None:
        if command == b"\x1b@":
            self._job.clear()
        self._job += command
        if command.startswith(b"\x1dV"):
            if self._paper.height:
                self.strike(("paper_out_at_cut",))
            await asyncio.sleep(self.page_s * (3 if "slow" in self._ordered else 1))
            await self.until_able()
        self._draw(command)
        if command.startswith((b"\x1dv", b"\x1d(")):
            self.strike()
        elif command.startswith(b"\x1dr") and self._writer:
            await self.reply(self._writer, b"\x03" if "paper_low" in self._ordered else b"\x00", b"")

    def _draw(self, command: bytes) -> None:
        """The page comes out, if this was its cut."""
        try:
            picture = self._paper.do(command)
        except UnknownCommand as error:
            self.errors.append(str(error))
            return
        if command.startswith(b"\x1dV"):
            self.errors += ["a page hangs on the waste of another"] if picture and self.waste else []
            self.waste = False
        if picture:
            self.finish(Page(picture, bytes(self._job)))
            self._present()

    def _present(self) -> None:
        if self.presenter_s is not None:
            self.slip = True
            self._spawn(self._take(self.presenter_s))

    async def _take(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        self.slip = self.slip and "not_taken" in self._ordered
