"""A ZPL II label printer at the other end of the wire: answers ~HQES, ~HS and its label counter, prints ^GF graphics.

Its faults are those of devices.bench.printer. A command that it does not know is kept in `errors`.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from devices.bench.printer import Page, PrinterPeer
from devices.ports import Picture

#: One thing the printer can hear: an immediate command, a getvar, or a whole format.
HEARD = re.compile(rb'\s*(~HQES|~HS|~JA|! U1 getvar "[a-z._]+"\r\n|\^XA.*?\^XZ)', re.DOTALL)
#: Cancels all formats, one that is still coming in too.
CANCEL = b"~JA"
COUNTER = b'! U1 getvar "odometer.total_label_count"\r\n'
#: Commands of a format that set nothing which this printer draws.
SILENT = (b"JZ", b"FS", b"LH", b"PQ")


class ZplPeer(PrinterPeer):
    """4-inch printer; `labels` is its life-long label counter, None for a model that keeps none."""

    def __init__(self, dpi: int = 203, labels: int | None = 4711, **more: Any) -> None:
        super().__init__(dpi, **more)
        self.labels = labels
        self._bytes = bytearray()
        self._formats: list[bytes] = []

    async def hear(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        """Immediate commands are answered as they come, also while a label prints; formats queue."""
        self._bytes += data
        if CANCEL in self._bytes and "keeps_jobs" not in self._ordered:
            self._formats.clear()
            del self._bytes[: self._bytes.rindex(CANCEL)]
        while found := HEARD.match(self._bytes):
            command = bytes(found[1])
            del self._bytes[: found.end()]
            await self._obey(command, writer)
        if self._bytes.strip() and not self._may_grow():
            self.errors.append(f"unknown bytes {bytes(self._bytes[:12])!r}")
            self._bytes.clear()

    def _may_grow(self) -> bool:
        """True when the buffer can be the beginning of something known."""
        start = bytes(self._bytes).lstrip()[:3]
        return any(known.startswith(start) for known in (b"~HQ", b"~HS", b"~JA", b"! U", b"^XA"))

    async def _obey(self, command: bytes, writer: asyncio.StreamWriter) -> None:
        if command.startswith(b"^XA"):
            self._formats.append(command)
        elif command != CANCEL:
            answer = self._answer(command)
            await self.reply(writer, answer, answer[: len(answer) // 2])

    def _answer(self, command: bytes) -> bytes:
        if command == b"~HQES":
            return self._errors()
        if command == b"~HS":
            return self._host_status()
        known = command == COUNTER and self.labels is not None
        return f'"{self.labels if known else "?"}"'.encode()

    def _errors(self) -> bytes:
        bits = {
            0x1: self.out, 0x4: self.cover, 0x8: self.cutter, 0x10: self.hot, 0x4000: self.jammed,
            0x10000: self.offline,
        }  # fmt: skip
        error = sum(bit for bit, on in bits.items() if on)
        warning = 0x8 * ("paper_low" in self._ordered)
        lines = [
            "  PRINTER STATUS",
            f"   ERRORS:   {int(error > 0)} 00000000 {error:08X}",
            f"   WARNINGS: {int(warning > 0)} 00000000 {warning:08X}",
        ]
        return ("\x02\r\n" + "\r\n".join(lines) + "\r\n\x03\r\n").encode()

    def _host_status(self) -> bytes:
        waiting = len(self._formats)
        first = f"030,{self.out:d},{self.offline:d},1367,{waiting:03d},0,0,{bool(self._bytes):d},000,0,0,{self.hot:d}"
        second = f"001,0,{self.cover:d},0,0,2,4,0,{waiting:08d},1,000"
        return "".join(f"\x02{line}\x03\r\n" for line in (first, second, "1234,0")).encode()

    def forget(self) -> None:
        """Lose what was taken in."""
        self._bytes.clear()
        self._formats.clear()

    async def work(self) -> None:
        """Print the next format, once the printer is able."""
        if not self._formats:
            await self.news()
            return
        await self.until_able()
        await asyncio.sleep(self.page_s * (3 if "slow" in self._ordered else 1))
        self.strike()
        await self.until_able()
        if self._formats:
            job = self._formats.pop(0)
            self._print(job)

    def _print(self, job: bytes) -> None:
        """Draw one format; the counter moves only with a label that came out."""
        picture = self._draw(job)
        if picture:
            if self.labels is not None:
                self.labels += 1
            self.finish(Page(picture, job))

    def _draw(self, job: bytes) -> Picture | None:
        """The graphic of a format: one ^GFA at the origin is what this printer can draw."""
        numbers: dict[bytes, int] = {}
        picture = None
        for name, rest in re.findall(rb"\^([A-Z][A-Z0-9@])([^^]*)", job[3:-3]):
            if name in (b"PW", b"LL"):
                numbers[name] = int(rest)
            elif name == b"GF":
                picture = self._graphic(rest, numbers)
            elif (name == b"FO" and rest != b"0,0") or name not in (*SILENT, b"FO"):
                self.errors.append(f"unknown command ^{name.decode()}{rest[:12].decode(errors='replace')}")
        return picture

    def _graphic(self, rest: bytes, numbers: dict[bytes, int]) -> Picture | None:
        kind, sent, total, row, data = rest.split(b",", 4)
        rows = bytes.fromhex(data.decode("ascii"))
        width, height = numbers.get(b"PW", 0), numbers.get(b"LL", 0)
        right = len(rows) == int(sent) == int(total) == int(row) * height and int(row) == (width + 7) // 8
        if kind != b"A" or not right:
            self.errors.append("a ^GF whose counts do not agree")
            return None
        return Picture(width, height, self.dpi, rows)
