"""A branch at rest with every device attached: what its core costs, and how soon it sees that a device has gone."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import httpx

from tests.benchmarks.figures import Figure, spread
from tests.benchmarks.whole import pids
from tests.branch import Branch, Customer, Json

REST_S, ROUNDS = 30.0, 3
#: The devices of the bench whose cable can be pulled, and what the branch calls them.
CABLES = {
    "scale": "scale", "payment": "payment", "label_printer": "label_printer", "receipt_printer": "receipt_printer",
    "hatch": "hatch", "staff_call": "staff_call", "locker": "locker", "signal_tower": "signal_tower",
    "code_reader": "code_reader",
}  # fmt: skip


def devices() -> list[Figure]:
    """Core's share of one processor over `REST_S`; every cable pulled and plugged; every device gone mute."""
    with Branch() as running, running.bench() as bench:
        customer = Customer(running.run / "link.sock")
        customer.sees("Attract", within_s=60)
        time.sleep(5)
        core = pids(running.run)["core"]
        count = len(status(running)["devices"])
        share = busy(core, REST_S)
        seen: list[float] = []
        for _ in range(ROUNDS):
            for device, name in CABLES.items():
                bench.do("fault", device=device, name="unplug", on=True)
                seen.append(until_state(running, name, well=False))
                bench.do("fault", device=device, name="unplug", on=False)
                until_state(running, name, well=True)
        mute = [seconds for _ in range(ROUNDS) for seconds in silenced(running)]
        customer.close()
    return [
        Figure("core at rest, all devices", f"{100 * share:.1f} % of a core", count, "3 %", f"over {REST_S:.0f} s"),
        spread("unplugged device seen by the core", seen, "s", "2 s"),
        spread("mute device seen by the core", mute, "s", "2 s"),
    ]


def silenced(running: Branch) -> list[float]:
    """The bench stopped: every line stays open and nobody answers. Seconds until the core sees each device lost."""
    bench = pids(running.run, "bench")["bench"]
    os.kill(bench, signal.SIGSTOP)
    try:
        begun, seen = time.monotonic(), dict[str, float]()
        while len(seen) < len(CABLES):
            found = status(running)["devices"]
            lost = [name for name in CABLES.values() if found[name]["state"] not in ("online", "deviceBusy")]
            seen = {name: seen.get(name, time.monotonic() - begun) for name in lost}
            assert time.monotonic() - begun < 60, f"not seen lost: {set(CABLES.values()) - set(seen)}"
            time.sleep(0.02)
    finally:
        os.kill(bench, signal.SIGCONT)
    for name in CABLES.values():
        until_state(running, name, well=True)
    return list(seen.values())


def busy(pid: int, for_s: float) -> float:
    """Share of one processor that a process used."""
    begun, used = time.monotonic(), ticks(pid)
    time.sleep(for_s)
    return (ticks(pid) - used) / os.sysconf("SC_CLK_TCK") / (time.monotonic() - begun)


def ticks(pid: int) -> int:
    """User and system time of a process and its threads, clock ticks (proc(5), stat fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def status(running: Branch) -> Json:
    """The status page's JSON."""
    url = (running.run / "feed").read_text(encoding="utf-8").strip()
    found: Json = httpx.get(f"{url}status.json", timeout=5, trust_env=False).json()
    return found


def until_state(running: Branch, name: str, well: bool, within_s: float = 60.0) -> float:
    """Seconds until the core calls the device well, or not."""
    begun = time.monotonic()
    while (status(running)["devices"][name]["state"] in ("online", "deviceBusy")) is not well:
        assert time.monotonic() - begun < within_s, f"{name} did not become {'well' if well else 'lost'}"
        time.sleep(0.02)
    return time.monotonic() - begun
