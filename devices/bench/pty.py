"""A device on a serial line: a pseudo-terminal reached by a link in the run directory."""

from __future__ import annotations

import asyncio
import os
import random
import tty
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path

from devices.bench.peer import Peer


class PtyPeer(Peer):
    """The link outlives an unplugged cable; `heard` is called with what the driver sends."""

    def __init__(self, link: Path, seed: int = 0, slow_s: float = 0.6) -> None:
        super().__init__()
        self.link, self._slow_s = link, slow_s
        self._random = random.Random(seed)
        self._ends: tuple[int, int] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Make the pty; returns the path of its link."""
        self._plug_in()
        return str(self.link)

    async def stop(self) -> None:
        """Take the pty away."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._pull_out()

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Pull or plug the cable; everything else is seen in the replies."""
        if fault == "unplug":
            (self._pull_out if on else self._plug_in)()

    def heard(self, data: bytes) -> None:
        """Called with what the driver has sent."""

    def cut(self) -> None:
        """Called when the cable is pulled: what was half heard is gone."""

    def send(self, data: bytes) -> None:
        """Put bytes on the line as they are; a full or unplugged line swallows them."""
        with suppress(OSError):
            os.write(self._ends[0], data) if self._ends else None

    async def reply(self, data: bytes, ending: bytes = b"") -> None:
        """Send after what is ordered: late, not at all, half of it, or noise in its place that ends alike."""
        if "slow" in self.ordered:
            await asyncio.sleep(self._slow_s)
        if "mute" in self.ordered:
            return
        if "garbage" in self.ordered:
            data = self._random.randbytes(max(4, len(data) - len(ending))) + ending
        self.send(data[: len(data) // 2] if "half_frame" in self.ordered else data)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside the line, until `stop`."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

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
        self.cut()

    def _hear(self, master: int) -> None:
        with suppress(OSError):
            self.heard(os.read(master, 256))
