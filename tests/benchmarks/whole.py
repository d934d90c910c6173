"""What only a whole branch of processes can show: first frame, round trips, measures, memory."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from devices.bench.client import BenchClient
from devices.measurer import WorkerMeasurer
from kiosk.processes import SETTLED_S, Child
from kiosk.ui.screen import Screen
from tests.benchmarks.figures import Figure, spread
from tests.branch import BOX, HOUSE, Branch, Customer, bound, until
from tests.stories.stage import screen_at

STARTS, KILLS, TRIPS, MEASURES = 5, 5, 120, 20
#: How long the guard has watched when memory is read, seconds.
WATCHED_S = 30
#: `main.py screen` with its log open: it says when its first view is painted.
PROBE = """
import logging, runpy, sys
logging.basicConfig(level=logging.INFO, stream=sys.stderr)
runpy.run_path("main.py", run_name="__main__")
"""


def branch() -> list[Figure]:
    """One branch for all of them, at rest and through a visit."""
    with Branch() as running, running.bench() as bench:
        customer = Customer(running.run / "link.sock")
        customer.rests(within_s=60)
        first = [first_frame(running) for _ in range(STARTS + 1)][1:]
        back = killed_screen(running)
        with screen_at(running) as screen:
            screen.wait("home/Attract", 60)
            trips = round_trips(screen)
            measures = asyncio.run(measure(running.run, bench, MEASURES))
        customer.close()
    return [
        spread("first frame after start, warm", first, "s", "1 s"),
        spread("killed screen back with its view", back, "s", "1 s"),
        spread("intent to next view painted", trips, "ms", "p95 100 ms"),
        spread("measure after settle", measures, "s", "p95 1 s"),
        resident(),
    ]


def first_frame(running: Branch) -> float:
    """Seconds from starting the screen process to its word that the first view is painted."""
    words = ["screen", "--run-dir", str(running.run), "--state", str(running.state), "--no-full"]
    begun = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", PROBE, *words], cwd=HOUSE, stderr=subprocess.PIPE) as shown:
        assert shown.stderr is not None
        said = next((line for line in shown.stderr if b"first frame" in line), b"")
        took = time.perf_counter() - begun
        shown.kill()
    assert said, "the screen ended without a first frame"
    return took


def killed_screen(running: Branch) -> list[float]:
    """Seconds from killing the screen process to the next one's first painted view, under the branch's own keeper."""
    log = running.run / "screen.log"
    words = ["screen", "--run-dir", str(running.run), "--state", str(running.state), "--no-full"]
    script = f'exec "$@" 2>>"{log}"'
    child = Child("screen", ["/bin/sh", "-c", script, "sh", sys.executable, "-c", PROBE, *words])
    return asyncio.run(kill_and_time(child, log))


async def kill_and_time(child: Child, log: Path) -> list[float]:
    """One life after another, each long enough to be a settled one."""
    keeping = asyncio.create_task(child.keep())
    times = []
    for lives in range(1, KILLS + 2):
        begun = time.perf_counter()
        await asyncio.to_thread(painted, log, lives)
        times.append(time.perf_counter() - begun)
        await asyncio.sleep(SETTLED_S + 1)
        assert child.process is not None
        child.process.kill()
    keeping.cancel()
    await child.stop()
    return times[1:]


def painted(log: Path, times: int) -> None:
    """Until the log tells of so many first frames."""
    while not log.exists() or log.read_bytes().count(b"first frame") < times:
        time.sleep(0.005)


def round_trips(screen: Screen) -> list[float]:
    """Touches on the real screen, through the core and its journal, to the next painted view; ms."""
    moves = (("home/Attract", "primary", "home/Home"), ("home/Home", "service-send_parcel", "send_parcel/Place"),
             ("send_parcel/Place", "secondary", "home/Attract"))  # fmt: skip
    screen.times_ms.clear()
    while len(screen.times_ms) < TRIPS:
        for here, name, there in moves:
            screen.wait(here, 30)
            screen.tap(name)
            screen.wait(there, 30)
    return list(screen.times_ms)


async def measure(run: Path, bench: BenchClient, many: int) -> list[float]:
    """Seconds of each of so many measures of a parcel at rest, through the worker's socket."""
    bench.do("put", **BOX)
    await asyncio.sleep(3)
    device = WorkerMeasurer("measurer", str(run / "measurer.sock"))
    await device.open()
    times = []
    for _ in range(many):
        begun = time.perf_counter()
        await device.measure(20)
        times.append(time.perf_counter() - begun)
    await device.close()
    bench.do("take")
    return times


def resident() -> Figure:
    """Proportional set sizes (shared pages divided) of every process that `make run` starts, the bench's apart; MB."""
    with tempfile.TemporaryDirectory(prefix="b-", dir="/tmp") as folder:
        run = Path(folder)
        (run / "local.toml").write_text("[feed]\nport = 0\n", encoding="utf-8")
        env = {**os.environ, "DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
        argv = [sys.executable, "main.py", "run", "--run-dir", folder, "--state", str(run / "var")]
        with subprocess.Popen(bound(argv), cwd=HOUSE, env=env) as keeper:
            try:
                sizes = in_use(run, keeper.pid)
            finally:
                keeper.terminate()
    parts = ", ".join(f"{name} {mb:.0f}" for name, mb in sizes)
    return Figure("branch resident (PSS)", f"{sum(mb for _, mb in sizes):.0f} MB", len(sizes), "600 MB", parts)


def in_use(run: Path, keeper: int) -> list[tuple[str, float]]:
    """Names and sizes of the branch's processes once it has measured and its guard has watched for a while."""
    until((run / "link.sock").exists, 120, "the core is up")
    until((run / "bench.sock").exists, 60, "the bench is up")
    with BenchClient(run / "bench.sock") as bench:
        asyncio.run(measure(run, bench, 3))
    time.sleep(WATCHED_S)
    return [(name, pss_mb(pid)) for name, pid in family(keeper)]


def family(keeper: int) -> list[tuple[str, int]]:
    """A process and all that descend from it but the bench's: a verb of main.py or a module, with its id."""
    found, parents = [("supervisor", keeper)], {keeper}
    for process in sorted(int(each.name) for each in Path("/proc").glob("[0-9]*")):
        try:
            parent = int((Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[1])
            words = (Path("/proc") / str(process) / "cmdline").read_bytes().decode(errors="replace").split("\0")
            name = words[2].rpartition(".")[2]
        except (OSError, IndexError):
            continue
        if parent in parents and not name.startswith("bench"):
            parents.add(process)
            found.append((name, process))
    return found


def pids(run: Path, *names: str) -> dict[str, int]:
    """These processes of this run."""
    wanted = [name.encode() for name in names]
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(run).encode() in words and words[2] in wanted:
            found[words[2].decode()] = int(process.name)
    return found


def pss_mb(pid: int) -> float:
    """Proportional set size of one process."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    (kilobytes,) = re.findall(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(kilobytes) / 1024
