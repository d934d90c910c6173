"""A branch at rest with every device attached: what its core costs, and how soon it sees that a device has gone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx

from tests.benchmarks.figures import Figure, spread
from tests.benchmarks.whole import pids
from tests.branch import Branch, Customer, Json

REST_S, ROUNDS = 30.0, 3
#: Seconds between two looks at the status: what is measured is the core's own time, and looking costs it something.
LOOK_S = 0.2
WELL = ("online", "deviceBusy")
#: The devices of the bench whose cable can be pulled, and what the branch calls them.
CABLES = {
    "scale": "scale", "payment": "payment", "label_printer": "label_printer", "receipt_printer": "receipt_printer",
    "hatch": "hatch", "staff_call": "staff_call", "locker": "locker", "signal_tower": "signal_tower",
    "code_reader": "code_reader",
}  # fmt: skip
#: Whatever speaks to the bench alone goes mute with it.
SILENT = {*CABLES.values(), "id_check", "bank_host", "bank_desk", "pin_pad", "document_camera", "officer"}


def devices() -> list[Figure]:
    """Core's share of one processor over `REST_S`; every cable pulled and plugged; every device gone mute."""
    with Branch() as running, running.bench() as bench:
        customer = Customer(running.run / "link.sock")
        customer.sees("Attract", within_s=60)
        time.sleep(5)
        core = pids(running.run, "core")["core"]
        count = len(status(running)["devices"])
        share = busy(core, REST_S)
        seen: list[float] = []
        for _ in range(ROUNDS):
            for device, name in CABLES.items():
                begun = datetime.now(UTC)
                bench.do("fault", device=device, name="unplug", on=True)
                until_state(running, name, well=False)
                seen.append(seen_after(status(running)["devices"][name], begun))
                bench.do("fault", device=device, name="unplug", on=False)
                until_state(running, name, well=True)
        rounds = [silenced(running) for _ in range(ROUNDS)]
        customer.close()
    mute, faulty = ([found for each in rounds for found in each[part].items()] for part in (0, 1))
    return [
        Figure("core at rest, all devices", f"{100 * share:.1f} % of a core", count, "3 %", f"over {REST_S:.0f} s"),
        spread("unplugged device seen by the core", seen, "s", "2 s"),
        spread("mute device seen by the core (doubted)", [s for _, s in mute], "s", "2 s", last(mute)),
        spread("mute device called lost, after three strikes", [s for _, s in faulty], "s", "", last(faulty)),
    ]


def last(seen: Sequence[tuple[str, float]]) -> str:
    """Which device was seen last."""
    return f"last the {max(seen, key=lambda each: each[1])[0]}"


def silenced(running: Branch) -> tuple[dict[str, float], dict[str, float]]:
    """The bench stopped: every line stays open and nobody answers. Seconds until the core doubts each device, that is
    counts on it no more, and until it calls the silence a fault."""
    bench = pids(running.run, "bench")["bench"]
    doubted, faulty = dict[str, float](), dict[str, float]()
    begun = datetime.now(UTC)
    os.kill(bench, signal.SIGSTOP)
    try:
        end = time.monotonic() + 60
        while len(faulty) < len(SILENT):
            for name, found in status(running)["devices"].items():
                if name in SILENT and found["state"] not in WELL:
                    doubted.setdefault(name, seen_after(found, begun))
                    if "stale_data" not in found["faults"]:
                        faulty.setdefault(name, seen_after(found, begun))
            assert time.monotonic() < end, f"not seen lost: {SILENT - set(faulty)}"
            time.sleep(LOOK_S)
    finally:
        os.kill(bench, signal.SIGCONT)
    for name in SILENT:
        until_state(running, name, well=True)
    return doubted, faulty


def seen_after(found: Json, begun: datetime) -> float:
    """Seconds from a moment to the core's own time of the state that it tells of now."""
    return (datetime.fromisoformat(found["since"]) - begun).total_seconds()


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


def until_state(running: Branch, name: str, well: bool, within_s: float = 60.0) -> None:
    """Wait until the core calls the device well, or not."""
    begun = time.monotonic()
    while (status(running)["devices"][name]["state"] in WELL) is not well:
        assert time.monotonic() - begun < within_s, f"{name} did not become {'well' if well else 'lost'}"
        time.sleep(LOOK_S)
