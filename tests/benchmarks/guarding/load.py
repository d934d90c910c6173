"""From glass to alarm with a clock in the picture, and what a camera costs: the real processes on the bench's dock."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from devices.bench.dock import BITS, DockPeer, clock_of
from devices.bench.signal_tower import SignalTowerPeer
from devices.ports import Lamp
from devices.signal_tower import ModbusTower
from devices.worker import Worker
from vision.guard.clip import opened
from vision.guard.evidence import AFTER_S, LONGEST_S
from vision.guard.seal import public_of
from vision.guard.worker import Guarding
from vision.serve import serve

#: Seconds of an empty floor between two meetings, so that everybody comes anew.
QUIET_S = 6.0
#: Kept frames, about a second to either side, whose clock may stand in for the deciding one's.
NEAR = 10
PRIVATE = X25519PrivateKey.generate().private_bytes_raw()
Json = dict[str, Any]


@asynccontextmanager
async def guarded(models: Path, cameras: int, folder: Path) -> AsyncIterator[tuple[DockPeer, Worker, Path]]:
    """The drawn dock, that many cameras on it, and a client of their guard."""
    dock = DockPeer()
    await dock.start()
    argvs = {}
    for n in range(cameras):
        dock.write_floor(folder / f"{n}.toml")
        text = (folder / f"{n}.toml").read_text().replace('name = "dock"', f'name = "dock{n}"')
        (folder / f"{n}.toml").write_text(text)
        argvs[f"dock{n}"] = [sys.executable, "-m", "tests.benchmarks.guarding.unmasked", str(folder / f"{n}.toml"),
                             str(models), str(folder), ""]
    task = asyncio.create_task(serve(Guarding(argvs), folder / "g.sock", ready := asyncio.Event()))
    client = Worker(str(folder / "g.sock"))
    try:
        await ready.wait()
        await client.open()
        while not await well(client):  # noqa: ASYNC110 - processes are polled
            await asyncio.sleep(0.3)
        yield dock, client, folder
    finally:
        await client.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await dock.stop()


async def well(client: Worker) -> bool:
    """Whether every camera sees and knows its place."""
    return all(one["state"] == "ok" and one["commissioned"] for one in (await status(client)).values())


async def status(client: Worker) -> dict[str, Json]:
    """Every camera's figures."""
    found: dict[str, Json] = (await client.ask("status", 5.0))["cameras"]
    return found


async def figures(models: Path, meetings: int, cameras: int) -> list[str]:
    """All of it as lines."""
    lines = await glasses(models, meetings)
    for count in (1, cameras):
        with tempfile.TemporaryDirectory(prefix="load-") as name:
            async with guarded(models, count, Path(name)) as (dock, client, _):
                lines.append(await costs(dock, client, f"{count} cameras" if count > 1 else "one camera"))
    return lines


async def glasses(models: Path, meetings: int) -> list[str]:
    """From the clock in the picture to the relay."""
    with tempfile.TemporaryDirectory(prefix="glass-") as name:
        async with guarded(models, 1, Path(name)) as (dock, client, folder):
            return await latency(dock, client, folder, meetings)


async def costs(dock: DockPeer, client: Worker, what: str, seconds: float = 20.0) -> str:
    """Processor share and memory of each camera's process while somebody lies there, so that no frame is left out."""
    dock.play("person_lies_down")
    while not dock.playing:  # noqa: ASYNC110 - the play has no event
        await asyncio.sleep(0.1)
    await asyncio.sleep(3)
    before, begun = await status(client), time.monotonic()
    await asyncio.sleep(seconds)
    after, took = await status(client), time.monotonic() - begun
    share = [100 * (after[name]["cpu_s"] - before[name]["cpu_s"]) / took for name in after]
    looks = [(after[name]["looked"] - before[name]["looked"]) / took for name in after]
    memory = [after[name]["rss_mb"] for name in after]
    return (f"{what}: {np.mean(share):.1f} % of a processor each ({', '.join(f'{one:.1f}' for one in share)}),"
            f" {np.mean(looks):.1f} looks a second, {np.mean(memory):.0f} MB resident each")


async def latency(dock: DockPeer, client: Worker, folder: Path, meetings: int) -> list[str]:
    """A lamp board that is set when the alarm comes; the picture's own clock is read in the evidence."""
    await asyncio.to_thread(dock.house.scene, "forklift_meets_person")
    tower = SignalTowerPeer()
    board = ModbusTower("signal_tower", await tower.start())
    await board.open()
    await client.ask("key", 2.0, public=public_of(PRIVATE).hex())
    tried = [await meeting(dock, client, board) for _ in range(meetings)]
    alarms = [one for one in tried if one is not None]
    end, boxes = time.monotonic() + LONGEST_S + AFTER_S + 5, [folder / f"{one['evidence']}.sealed" for one, _ in alarms]
    while time.monotonic() < end and not all(box.exists() for box in boxes):  # noqa: ASYNC110 - files are polled
        await asyncio.sleep(0.5)
    await board.close()
    await tower.stop()
    return told(folder, alarms, meetings)


async def meeting(dock: DockPeer, client: Worker, board: ModbusTower) -> tuple[Json, float] | None:
    """Somebody and a truck meet on a floor that was quiet: the alarm, and when the lamps had it; None without one."""
    while dock.playing:  # noqa: ASYNC110 - the play has no event
        await asyncio.sleep(0.1)
    await asyncio.sleep(QUIET_S)
    news = await client.ask("events", 5.0, after=0, boot="", wait_s=0.0)
    while news["events"]:
        news = await client.ask("events", 5.0, after=news["n"], boot=news["boot"], wait_s=0.0)
    dock.play("forklift_meets_person")
    end = time.monotonic() + 40
    while time.monotonic() < end:
        news = await client.ask("events", 30.0, after=news["n"], boot=news["boot"], wait_s=5.0)
        found = [one for one in news["events"] if one["kind"] == "collision" and one["evidence"]]
        if found:
            await board.show(frozenset({Lamp.RED, Lamp.SIREN}), True, 2.0)
            at = time.monotonic()
            await board.show(frozenset({Lamp.GREEN}), False, 2.0)
            return found[0], at
    return None


def told(folder: Path, alarms: list[tuple[Json, float]], meetings: int) -> list[str]:
    """What it came to."""
    took = [one for one in (glass(folder, event, at) for event, at in alarms) if one is not None]
    read = [(at - float(event["at"])) * 1000 for event, at in alarms]
    lines = [f"{len(alarms)} of {meetings} meetings raised an alarm with evidence, the clock was read in {len(took)}"]
    for what, values in (("glass to alarm (clock in the picture → relay board has read back)", took),
                         ("frame read to relay", read)):
        if values:
            lines.append(f"{what}: p50 {np.median(values):.0f}, p95 {np.quantile(values, 0.95):.0f}, worst"
                         f" {max(values):.0f} ms, n {len(values)}")
    return lines


def glass(folder: Path, event: Json, at: float) -> float | None:
    """Milliseconds from when the deciding frame was shown until `at`, by the clock of the nearest kept frame that tells
    it."""
    path = folder / f"{event['evidence']}.sealed"
    if not path.exists():
        return None
    _, frames = opened(path.read_bytes(), event["evidence"], PRIVATE)
    for t, jpeg in sorted(frames, key=lambda frame: abs(frame[0] - event["t"]))[:NEAR]:
        clock = clock_of(np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8))
        if clock is not None:
            delay = (at * 1000 - clock) % (1 << BITS) - (event["t"] - t) * 1000
            return delay if 0 <= delay < 10_000 else None
    return None
