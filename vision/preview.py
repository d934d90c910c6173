"""The preview file that measurer and screen share: small pictures in an mmapped file of the run directory.

Layout, little endian: magic "PVW1", width, height, stride, slots (u32 each), sequence (u64; 0 = nothing to show),
padding to 64 bytes; then 16 bytes per slot: number (u64; odd while it is being written), monotonic nanoseconds (u64);
pictures from byte 4096 on, stride x height each, four bytes per pixel: blue, green, red, 255.
Picture number n stands in slot n modulo slots. A reader that meets an odd or changed number reads again.
"""
import mmap
import os
import struct
import time
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"PVW1"
HEAD = struct.Struct("<4sIIIIQ")
SLOT = struct.Struct("<QQ")
COUNT = struct.Struct("<Q")
COUNT_AT = HEAD.size - COUNT.size
SLOTS_AT, PICTURES_AT, SLOTS = 64, 4096, 3


class PreviewError(ValueError):
    """The file is no preview file; one sentence."""


@dataclass(frozen=True)
class Preview:
    """One picture: pixels are height rows of stride bytes, blue green red 255; at_s is monotonic."""
    number: int
    width: int
    height: int
    stride: int
    at_s: float
    pixels: bytes


class PreviewWriter:
    """Makes the file (0600) and writes pictures into it; one writer."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        self.path, self.width, self.height, self.stride = path, width, height, width * 4
        self._number = 0
        beside = path.with_name(path.name + ".part")
        with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "r+b") as file:
            file.truncate(PICTURES_AT + SLOTS * self.stride * height)
            self._map = mmap.mmap(file.fileno(), 0)
        HEAD.pack_into(self._map, 0, MAGIC, width, height, self.stride, SLOTS, 0)
        beside.replace(path)

    def write(self, pixels: bytes | bytearray | memoryview) -> int:
        """Show a picture of height x stride bytes; returns its number."""
        view = memoryview(pixels).cast("B")
        if len(view) != self.stride * self.height:
            raise PreviewError(f"A preview of {self.width}x{self.height} needs {self.stride * self.height} bytes, "
                               f"not {len(view)}.")
        self._number += 1
        slot, start = self._number % SLOTS, self._start(self._number % SLOTS)
        self._slot(slot, self._number * 2 + 1)
        self._map[start:start + len(view)] = view
        self._slot(slot, self._number * 2)
        self._newest(self._number)
        return self._number

    def blank(self) -> None:
        """Show nothing and erase the pictures."""
        self._newest(0)
        for slot in range(SLOTS):
            self._slot(slot, 1)
            start = self._start(slot)
            self._map[start:start + self.stride * self.height] = bytes(self.stride * self.height)

    def close(self) -> None:
        """Blank and unmap."""
        self.blank()
        self._map.close()

    def _start(self, slot: int) -> int:
        return PICTURES_AT + slot * self.stride * self.height

    def _newest(self, number: int) -> None:
        """Only the sequence changes: pack_into clears what it writes first, and a reader may look just then."""
        COUNT.pack_into(self._map, COUNT_AT, number)

    def _slot(self, slot: int, number: int) -> None:
        SLOT.pack_into(self._map, SLOTS_AT + slot * SLOT.size, number, time.monotonic_ns())


class PreviewReader:
    """Reads the newest picture; opens the file when it appears and again when it is replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._map: mmap.mmap | None = None
        self._file = 0

    def newest(self, after: int = 0) -> Preview | None:
        """The newest picture when its number is not `after`, else None; PreviewError for a foreign file."""
        mapped = self._open()
        if mapped is None:
            return None
        magic, width, height, stride, slots, number = HEAD.unpack_from(mapped, 0)
        if magic != MAGIC or not 0 < slots <= 16 or len(mapped) < PICTURES_AT + slots * stride * height:
            raise PreviewError(f"{self.path} is no preview file; let the measurer make it again.")
        if number in (0, after):
            return None
        return self._copy(mapped, Preview(number, width, height, stride, 0.0, b""), slots)

    def close(self) -> None:
        """Unmap."""
        if self._map is not None:
            self._map.close()
        self._map, self._file = None, 0

    def _copy(self, mapped: mmap.mmap, what: Preview, slots: int) -> Preview | None:
        slot = what.number % slots
        start, at = PICTURES_AT + slot * what.stride * what.height, SLOTS_AT + slot * SLOT.size
        before, nanoseconds = SLOT.unpack_from(mapped, at)
        pixels = mapped[start:start + what.stride * what.height]
        if before != what.number * 2 or SLOT.unpack_from(mapped, at)[0] != before:
            return None
        return Preview(what.number, what.width, what.height, what.stride, nanoseconds / 1e9, pixels)

    def _open(self) -> mmap.mmap | None:
        try:
            there = os.stat(self.path)
            if there.st_ino != self._file and there.st_size >= PICTURES_AT:
                self.close()
                with self.path.open("rb") as file:
                    self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                self._file = there.st_ino
        except OSError:
            self.close()
        return self._map
