"""ESC/POS bytes to pages: a renderer that stops at the first command it does not know, so that nothing is lost unseen.

It knows ESC @, ESC a, ESC d, ESC J, ESC 2, ESC 3, LF, GS v 0, GS ( L (store and print), GS V, GS r and the real-time
commands DLE EOT and DLE DC4 8. Text is no picture: it is refused, because printers turn Hangul in it into "?".
"""

from __future__ import annotations

import struct
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from devices.ports import Picture

Dots: TypeAlias = npt.NDArray[np.uint8]

LINE_DOTS = 30
#: A page longer than this is a runaway (2.5 m at 203 dpi).
LONGEST_DOTS = 20_000
#: DLE DC4 8: forget what was received.
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
#: What DLE EOT can be asked.
REAL_TIME = (1, 2, 3, 4, 20)
#: Length in bytes of a command, by how it begins.
LENGTHS = {
    b"\n": 1, b"\x1b@": 2, b"\x1b2": 2, b"\x1b3": 3, b"\x1bd": 3, b"\x1bJ": 3, b"\x1ba": 3, b"\x1dr": 3, b"\x10\x04": 3,
    CLEAR: len(CLEAR), b"\x1dV\x00": 3, b"\x1dV\x01": 3, b"\x1dV0": 3, b"\x1dV1": 3, b"\x1dVA": 4, b"\x1dVB": 4,
}  # fmt: skip
RASTER, GRAPHICS = b"\x1dv0", b"\x1d(L"
STARTS = (*LENGTHS, RASTER, GRAPHICS)


class UnknownCommand(ValueError):
    """Bytes that this printer does not know; one sentence without the data."""


def command_length(data: bytes) -> int | None:
    """Length of the command with which the data begins, None while it is too short to tell; UnknownCommand."""
    if data.startswith(RASTER) and len(data) >= 8:
        row, height = struct.unpack_from("<HH", data, 4)
        return 8 + int(row) * int(height)
    if data.startswith(GRAPHICS) and len(data) >= 5:
        return 5 + int(struct.unpack_from("<H", data, 3)[0])
    known = next((length for start, length in LENGTHS.items() if data.startswith(start)), None)
    if known is None and not any(start.startswith(data) or data.startswith(start) for start in STARTS):
        raise UnknownCommand(f"unknown command {data[:3].hex(' ')}")
    return known


class PageMaker:
    """The paper under the head: `do` one whole command after the other; a cut gives the page."""

    def __init__(self, width_dots: int, dpi: int) -> None:
        self.width_dots = width_dots
        self.dpi = dpi
        self.reset()

    def reset(self) -> None:
        """ESC @, and power-up: nothing on the paper, left-aligned."""
        self.height = 0
        self._strips: list[Dots] = []
        self._stored: Dots | None = None
        self._align = 0
        self._line = LINE_DOTS

    def do(self, command: bytes) -> Picture | None:
        """Obey; the page, if this was its cut. UnknownCommand for values that the command does not take."""
        match command[:1], command[1:2]:
            case b"\n", _:
                self._feed(self._line)
            case b"\x1b", b"@":
                self.reset()
            case b"\x1b", kind:
                self._escape(kind, command[-1])
            case b"\x1d", b"v":
                self._put(raster(command))
            case b"\x1d", b"(":
                self._graphics(command)
            case b"\x10", b"\x04" if command[2] not in REAL_TIME:
                raise UnknownCommand(f"DLE EOT does not take {command[2]}")
            case b"\x1d", b"V":
                return self._cut(command[3] if len(command) == 4 else 0)
        return None

    def _escape(self, kind: bytes, value: int) -> None:
        match kind:
            case b"d":
                self._feed(self._line * value)
            case b"J":
                self._feed(value)
            case b"a" if value & ~0x30 in (0, 1, 2):
                self._align = value & 3
            case b"2":
                self._line = LINE_DOTS
            case b"3":
                self._line = value
            case _:
                raise UnknownCommand(f"ESC {kind.decode('latin-1')} does not take {value}")

    def _graphics(self, command: bytes) -> None:
        """GS ( L: fn 112 stores a monochrome raster, fn 2 or 50 prints what is stored."""
        if len(command) == 7 and command[5:] in (b"0\x02", b"02"):
            if self._stored is not None:
                self._put(self._stored)
        elif len(command) > 15 and command[5:8] == b"0p0" and command[10:11] == b"1":
            width, height = struct.unpack_from("<HH", command, 11)
            dots = unpacked(command[15:], (width + 7) // 8, height, command[8], command[9])
            self._stored = dots[:, : width * command[8]]
        else:
            raise UnknownCommand(f"GS ( L {command[5:7].hex(' ')} with {len(command)} bytes")

    def _put(self, dots: Dots) -> None:
        """Lay a picture on the paper where the alignment says."""
        if dots.shape[1] > (self.width_dots + 7) // 8 * 8:
            raise UnknownCommand(f"raster of {dots.shape[1]} dots on a head of {self.width_dots}")
        left = max(0, self.width_dots - dots.shape[1]) * self._align // 2
        strip, seen = self._feed(len(dots)), dots[:, : self.width_dots - left]
        strip[:, left : left + seen.shape[1]] = seen

    def _feed(self, rows: int) -> Dots:
        """White rows, to be drawn on."""
        self.height += rows
        if self.height > LONGEST_DOTS:
            raise UnknownCommand(f"a page of more than {LONGEST_DOTS} rows")
        self._strips.append(np.zeros((rows, self.width_dots), np.uint8))
        return self._strips[-1]

    def _cut(self, feed: int) -> Picture | None:
        self._feed(feed)
        height, strips = self.height, self._strips
        self.height, self._strips = 0, []
        if not height:
            return None
        return Picture(self.width_dots, height, self.dpi, np.packbits(np.concatenate(strips), axis=1).tobytes())


def raster(command: bytes) -> Dots:
    """The dots of a GS v 0, 1 = black; modes 1, 2 and 3 double width, height, both."""
    mode = command[3] & ~0x30
    row, height = struct.unpack_from("<HH", command, 4)
    if command[3] not in (0, 1, 2, 3, 0x30, 0x31, 0x32, 0x33) or not row or not height:
        raise UnknownCommand(f"GS v 0 does not take mode {command[3]}, {row} bytes by {height} rows")
    return unpacked(command[8:], row, height, 1 + mode % 2, 1 + mode // 2)


def unpacked(data: bytes, row: int, height: int, across: int, down: int) -> Dots:
    """Packed rows as an array of 0 and 1, each dot repeated; UnknownCommand when the counts do not agree."""
    if len(data) != row * height or not data or across not in (1, 2) or down not in (1, 2):
        raise UnknownCommand(f"{len(data)} bytes of raster for {height} rows of {row}, scale {across} by {down}")
    dots = np.unpackbits(np.frombuffer(data, np.uint8).reshape(height, row), axis=1)
    return np.repeat(np.repeat(dots, down, axis=0), across, axis=1)


def render(data: bytes, width_dots: int = 576, dpi: int = 203) -> list[Picture]:
    """The pages of a whole stream; UnknownCommand at the first byte that is none, and for a command cut off."""
    maker, pages, at = PageMaker(width_dots, dpi), list[Picture](), 0
    while at < len(data):
        length = command_length(data[at : at + 16])
        if length is None or at + length > len(data):
            raise UnknownCommand(f"the stream ends inside {data[at : at + 3].hex(' ')}")
        page = maker.do(data[at : at + length])
        pages += [page] if page else []
        at += length
    return pages
