"""A scale that sends `ST,GS,+0002.345kg` ten times a second and takes `Z`, `T` and `CT`; it shows the world's load."""

from __future__ import annotations

import asyncio
from pathlib import Path

from devices.bench.scale import CAPACITY_GRAMS, Pan
from devices.bench.world import World

PERIOD_S = 0.1


class StreamScalePeer(Pan):
    """Nobody has to ask; faults beyond those of every scale: frames cut short by a wrong setting, another unit."""

    FAULTS = (*Pan.FAULTS, "short_frame", "pounds")

    def __init__(self, world: World, link: Path, seed: int = 0, slow_s: float = 0.6) -> None:
        super().__init__(world, link, seed, slow_s)
        self._heard = bytearray()

    async def start(self) -> str:
        """Make the pty and begin to send; returns the path of its link."""
        path = await super().start()
        self.spawn(self._stream())
        return path

    def cut(self) -> None:
        """Forget half a command."""
        self._heard.clear()

    def heard(self, data: bytes) -> None:
        """`Z` sets zero, `T` tares, `CT` clears, silently where it cannot; anything else is ignored."""
        self._heard += data
        while b"\r\n" in self._heard:
            command, _, rest = bytes(self._heard).partition(b"\r\n")
            self._heard[:] = rest
            if command in (b"Z", b"T", b"CT"):
                {b"Z": self.set_zero, b"T": self.set_tare, b"CT": self.clear_tare}[command]()

    async def _stream(self) -> None:
        while True:
            await self.reply(self._frame().encode("ascii") + b"\r\n", b"\r\n")
            await asyncio.sleep(PERIOD_S)

    def _frame(self) -> str:
        grams, still = self.on_pan()
        kind = "NT" if self.tare else "GS"
        if abs(grams) > CAPACITY_GRAMS:
            return f"OL,{kind},{'+' if grams > 0 else '-'}9999.999kg"
        unit = "lb" if "pounds" in self.ordered else "kg"
        frame = f"{'ST' if still else 'US'},{kind},{round(grams - self.tare) / 1000:+09.3f}{unit}"
        return frame[:-1] if "short_frame" in self.ordered else frame
