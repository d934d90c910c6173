"""An MT-SICS scale on a pseudo-terminal: S, SI, Z, T, TA, TAC, I4; what it shows is the world's load."""

from __future__ import annotations

import asyncio
from pathlib import Path

from devices.bench.pty import PtyPeer
from devices.bench.world import World

CAPACITY_GRAMS = 60_000
SERIAL_NUMBER = "B000000001"
STABLE_WAIT_S = 3.0
#: What somebody has tared with the instrument's own key, grams: a tray.
TRAY_GRAMS = 350


class Pan(PtyPeer):
    """The weighing cell of either scale: the world's load less the zero that was set; the tare that is in force."""

    FAULTS: tuple[str, ...] = (
        "mute", "garbage", "half_frame", "slow", "unplug", "moving", "overload", "underload", "tared",
    )  # fmt: skip

    def __init__(self, world: World, link: Path, seed: int = 0, slow_s: float = 0.6) -> None:
        super().__init__(link, seed, slow_s)
        self._world = world
        self._zero, self._tare = 0.0, 0.0

    @property
    def tare(self) -> float:
        """Grams that are taken off what is shown."""
        return TRAY_GRAMS if "tared" in self.ordered else self._tare

    def on_pan(self) -> tuple[float, bool]:
        """Grams now, and whether they are still."""
        grams, still = self._world.load()
        if "overload" in self.ordered:
            return CAPACITY_GRAMS + 1.0, True
        if "underload" in self.ordered:
            return -CAPACITY_GRAMS - 1.0, True
        if "moving" in self.ordered:
            return grams + self._random.uniform(-80, 80), False
        return grams - self._zero, still

    def set_zero(self) -> str:
        """`A` done, `I` moving, `+` or `-` out of the zero range."""
        grams, still = self.on_pan()
        if abs(grams) > CAPACITY_GRAMS * 0.02:
            return "+" if grams > 0 else "-"
        if still:
            self._zero += grams
            self.clear_tare()
        return "A" if still else "I"

    def set_tare(self) -> str:
        """`S` done, `I` moving, `+` or `-` out of range."""
        grams, still = self.on_pan()
        if not 0 <= grams <= CAPACITY_GRAMS:
            return "+" if grams > 0 else "-"
        self._tare = grams if still else self._tare
        return "S" if still else "I"

    def clear_tare(self) -> None:
        """Gross again, whoever had tared it."""
        self.ordered.discard("tared")
        self._tare = 0.0


class ScalePeer(Pan):
    """Answers one line with one line."""

    def __init__(self, world: World, link: Path, seed: int = 0, slow_s: float = 0.6) -> None:
        super().__init__(world, link, seed, slow_s)
        self._line = bytearray()

    def cut(self) -> None:
        """Forget half a command."""
        self._line.clear()

    def heard(self, data: bytes) -> None:
        """Answer every whole line."""
        self._line += data
        while b"\r\n" in self._line:
            command, _, rest = bytes(self._line).partition(b"\r\n")
            self._line[:] = rest
            self.spawn(self._answer(command.decode("ascii", "replace")))

    async def _answer(self, command: str) -> None:
        await self.reply((await self._said(command)).encode("ascii") + b"\r\n", b"\r\n")

    async def _said(self, command: str) -> str:
        """The reply line to a command."""
        match command:
            case "SI":
                return self._reading()
            case "S":
                return await self._stable()
            case "Z":
                return f"Z {self.set_zero()}"
            case "T":
                done = self.set_tare()
                return f"T S {shown(self.tare)}" if done == "S" else f"T {done}"
            case "TA":
                return f"TA A {shown(self.tare)}"
            case "TAC":
                self.clear_tare()
                return "TAC A"
            case "I4":
                return f'I4 A "{SERIAL_NUMBER}"'
            case _:
                return "ES"

    def _reading(self) -> str:
        grams, still = self.on_pan()
        if abs(grams) > CAPACITY_GRAMS:
            return "S +" if grams > 0 else "S -"
        return f"S {'S' if still else 'D'} {shown(grams - self.tare)}"

    async def _stable(self) -> str:
        for _ in range(int(STABLE_WAIT_S / 0.1)):
            reading = self._reading()
            if not reading.startswith("S D"):
                return reading
            await asyncio.sleep(0.1)
        return "S I"


def shown(grams: float) -> str:
    """A weight as the display shows it."""
    return f"{round(grams) / 1000:10.3f} kg"
