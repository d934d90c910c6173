"""An MT-SICS scale on a pseudo-terminal: S, SI, Z, I4; what it shows is the world's load."""

from __future__ import annotations

import asyncio
import os
import random
import tty
from contextlib import suppress
from pathlib import Path

from devices.bench.peer import Peer
from devices.bench.world import World

CAPACITY_GRAMS = 60_000
SERIAL_NUMBER = "B000000001"
STABLE_WAIT_S = 3.0


class ScalePeer(Peer):
    """The pty is reached by a link in the run directory, which outlives an unplugged cable."""

    FAULTS = ("mute", "garbage", "half_frame", "slow", "unplug", "moving", "overload")

    def __init__(self, world: World, link: Path, seed: int = 0, slow_s: float = 0.6) -> None:
        super().__init__()
        self._world, self.link, self._slow_s = world, link, slow_s
        self._random = random.Random(seed)
        self._ends: tuple[int, int] | None = None
        self._line = bytearray()
        self._zero = 0.0
        self._answering: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Make the pty; returns the path of its link."""
        self._plug_in()
        return str(self.link)

    async def stop(self) -> None:
        """Take the pty away."""
        for task in tuple(self._answering):
            task.cancel()
        self._pull_out()

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Pull or plug the cable; a swinging or overloaded pan is the same to the line."""
        if fault == "unplug":
            (self._pull_out if on else self._plug_in)()

    def _plug_in(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._ends = (master, slave)
        temporary = self.link.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(os.ttyname(slave))
        temporary.replace(self.link)
        asyncio.get_running_loop().add_reader(master, self._hear, master)

    def _pull_out(self) -> None:
        ends, self._ends = self._ends, None
        if ends is not None:
            asyncio.get_running_loop().remove_reader(ends[0])
            self.link.unlink(missing_ok=True)
            for end in ends:
                os.close(end)
        self._line.clear()

    def _hear(self, master: int) -> None:
        with suppress(OSError):
            self._line += os.read(master, 256)
        while b"\r\n" in self._line:
            command, _, rest = bytes(self._line).partition(b"\r\n")
            self._line[:] = rest
            task = asyncio.create_task(self._answer(command.decode("ascii", "replace")))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, command: str) -> None:
        if "mute" in self.ordered:
            return
        if "slow" in self.ordered:
            await asyncio.sleep(self._slow_s)
        reply = (await self.reply(command)).encode("ascii") + b"\r\n"
        if "garbage" in self.ordered:
            reply = self._random.randbytes(12) + b"\r\n"
        if "half_frame" in self.ordered:
            reply = reply[: len(reply) // 2]
        with suppress(OSError):
            os.write(self._ends[0], reply) if self._ends else None

    async def reply(self, command: str) -> str:
        """The reply line to a command."""
        match command:
            case "SI":
                return self._reading()
            case "S":
                return await self._stable()
            case "Z":
                return self._set_zero()
            case "I4":
                return f'I4 A "{SERIAL_NUMBER}"'
            case _:
                return "ES"

    def _load(self) -> tuple[float, bool]:
        grams, still = self._world.load()
        if "overload" in self.ordered:
            return CAPACITY_GRAMS + 1.0, True
        if "moving" in self.ordered:
            return grams + self._random.uniform(-80, 80), False
        return grams - self._zero, still

    def _reading(self) -> str:
        grams, still = self._load()
        if abs(grams) > CAPACITY_GRAMS:
            return "S +" if grams > 0 else "S -"
        return f"S {'S' if still else 'D'} {round(grams) / 1000:10.3f} kg"

    async def _stable(self) -> str:
        for _ in range(int(STABLE_WAIT_S / 0.1)):
            reading = self._reading()
            if not reading.startswith("S D"):
                return reading
            await asyncio.sleep(0.1)
        return "S I"

    def _set_zero(self) -> str:
        grams, still = self._load()
        if abs(grams) > CAPACITY_GRAMS * 0.02:
            return "Z +" if grams > 0 else "Z -"
        self._zero += grams if still else 0.0
        return "Z A" if still else "Z I"
