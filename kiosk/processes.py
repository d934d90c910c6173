"""Keeps the processes of a branch alive: start, wait, start again with growing pauses; a dead one is soon back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

#: Seconds: before a process is started again that had lived for long enough, and at most for one that keeps dying.
FIRST_PAUSE_S, SETTLED_S, LONGEST_PAUSE_S = 0.05, 5.0, 10.0
#: glibc keeps a heap of its own for every thread unless told; two are enough and spare the measurer a sixth.
FRUGAL = {"MALLOC_ARENA_MAX": "2"}


#: The processes of a branch; what else the hall does are commands.
NAMES = ("core", "measurer", "guard-process", "bench", "screen", "bench-window", "run", "tour")


class Refused(Exception):
    """One sentence for the operator; exit code 2."""


def made(option: str, folder: Path) -> Path:
    """A folder of a run, made where it is missing; Refused where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise Refused(f"{option} {folder}: no folder can be made there ({fault.strerror}); name another.") from fault
    return folder.absolute()


class Stopped(Exception):
    """A process of the branch ended on purpose."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name} ended with {code}")
        self.code = code


@dataclass
class Child:
    """One process of the branch, kept alive."""

    name: str
    argv: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    needs: Path | None = None
    process: asyncio.subprocess.Process | None = None

    async def keep(self) -> None:
        """Start, wait, start again with growing pauses; exit code 2 is a word for the operator and ends the branch."""
        pause = FIRST_PAUSE_S
        while True:
            await self._wait_for_need()
            started = asyncio.get_running_loop().time()
            self.process = await asyncio.create_subprocess_exec(*self.argv, env={**FRUGAL, **os.environ, **self.env})
            code = await self.process.wait()
            if code in (0, 2):
                raise Stopped(self.name, code)
            lived = asyncio.get_running_loop().time() - started
            pause = FIRST_PAUSE_S if lived > SETTLED_S else min(pause * 2, LONGEST_PAUSE_S)
            logging.getLogger("branch").warning("%s ended with %s, starting again in %.2f s", self.name, code, pause)
            await asyncio.sleep(pause)

    async def _wait_for_need(self) -> None:
        while self.needs is not None and not self.needs.exists():  # noqa: ASYNC110 - a file has no asyncio.Event
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Ask it to end, then make it."""
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), 5)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


async def supervise(children: list[Child]) -> int:
    """Keep every child until one ends on purpose or a signal comes; returns the exit code."""
    tasks = [asyncio.create_task(child.keep(), name=child.name) for child in children]
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, lambda: [task.cancel() for task in tasks])
    try:
        await asyncio.gather(*tasks)
    except Stopped as stopped:
        return stopped.code
    except asyncio.CancelledError:
        return 0
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for child in reversed(children):
            await child.stop()
    return 0


class Household:
    """The branch's processes for as long as the block lasts, without anyone starting them again."""

    def __init__(self, children: list[Child]) -> None:
        self._children = children
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Household:
        try:
            for child in self._children:
                if child.needs is not None:
                    self.wait_for(child.needs)
                self._running.append(subprocess.Popen(child.argv))
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait_for(self, path: Path, within_s: float = 90.0) -> None:
        """Until a process has made this file; one that ends first has told why, and ends this one with its code."""
        end = time.monotonic() + within_s
        while not path.exists():
            for code in [process.poll() for process in self._running]:
                if code is not None:
                    raise SystemExit(code if code > 0 else 1)
            if time.monotonic() > end:
                late = f"{path}: did not appear within {within_s:.0f} s"
                raise Refused(f"{late}; the lines above name the process at fault.")
            time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


async def until_told(run: Callable[[], Awaitable[None]]) -> None:
    """Run until SIGTERM or SIGINT."""
    task = asyncio.ensure_future(run())
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
