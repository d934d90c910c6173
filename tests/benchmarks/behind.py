"""How soon the core sees what is lost behind a process that lives on: cameras, and the service of the ID reader."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial

from devices.bench import id_slot
from devices.bench.client import BenchClient
from tests.benchmarks.attached import LOOK_S, ROUNDS, WELL, last, seen_after, status
from tests.benchmarks.figures import Figure, spread
from tests.branch import Branch, Customer

#: A device of the bench, the fault ordered of it, and the device of the branch that is lost by it.
CAMERAS = (("cameras", "left_lost", "measurer"), ("cameras", "both_lost", "measurer"))
READER = (("id_reader", "service_lost", "id_reader"), ("id_reader", "service_hangs", "id_reader"))


class WithReader(Branch):
    """Its bench has the virtual ID reader where the machine has PC/SC."""

    def command_line(self, name: str) -> list[str]:
        """The bench is asked for the reader."""
        return [*super().command_line(name), *(["--id-reader"] if name == "bench" and not id_slot.missing() else [])]


def losses() -> list[Figure]:
    """Cameras cut behind the living measurer, the measurer hung, PC/SC killed and hung behind the living reader."""
    with WithReader() as running, running.bench() as bench:
        customer = Customer(running.run / "link.sock")
        customer.sees("Attract", within_s=60)
        orders = (*CAMERAS, *(READER if "id_reader" in status(running)["devices"] else ()))
        ways: list[tuple[str, str, Callable[[], AbstractContextManager[None]]]] = [
            (f"{name} by {fault}", name, partial(ordered, bench, device, fault)) for device, fault, name in orders
        ]
        ways.append(("measurer stopped", "measurer", partial(stopped, running)))
        seen = [(word, lost(running, name, way)) for _ in range(ROUNDS) for word, name, way in ways]
        customer.close()
    without = "" if "id_reader" in {name for _, _, name in orders} else f"; without the reader: {id_slot.missing()}"
    what = "lost behind a living process, seen by the core"
    return [spread(what, [s for _, s in seen], "s", "2 s", last(seen) + without)]


def lost(running: Branch, name: str, order: Callable[[], AbstractContextManager[None]]) -> float:
    """Seconds from the loss to the core's own time of seeing it; waits until all is well again."""
    until_whole(running, name, whole=True)
    begun = datetime.now(UTC)
    with order():
        until_whole(running, name, whole=False)
        found = seen_after(status(running)["devices"][name], begun)
    assert found > 0, f"{name} had been lost before"
    until_whole(running, name, whole=True)
    return found


def until_whole(running: Branch, name: str, whole: bool, within_s: float = 60.0) -> None:
    """Wait until the core calls the device well and without a fault, or not: of two cameras one may do."""
    begun = time.monotonic()
    while True:
        found = status(running)["devices"][name]
        if (found["state"] in WELL and not found["faults"]) is whole:
            return
        assert time.monotonic() - begun < within_s, f"{name} did not become {'well' if whole else 'lost'}: {found}"
        time.sleep(LOOK_S)


@contextmanager
def ordered(bench: BenchClient, device: str, fault: str) -> Iterator[None]:
    """A fault of the bench, for as long as it is asked for."""
    bench.do("fault", device=device, name=fault, on=True)
    try:
        yield
    finally:
        bench.do("fault", device=device, name=fault, on=False)


@contextmanager
def stopped(running: Branch) -> Iterator[None]:
    """The measurer's process hangs."""
    os.kill(running.pid("measurer"), signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(running.pid("measurer"), signal.SIGCONT)
