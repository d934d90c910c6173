"""What can be measured of the bank counter: the rules of the fraud shield, a transfer, an intent and its view."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from devices.banking import Account, Order, OrderKind
from kiosk.facts import IdledOut
from kiosk.flow import Posted
from kiosk.services.bank.frauds import read_book
from kiosk.services.bank.shield import assess
from tests.benchmarks.figures import Figure, spread
from tests.campaigns.cases import scripts
from tests.kiosk.bank import walk
from tests.kiosk.bank.hands import hands
from tests.kiosk.bank.site import Site, site
from tests.kiosk.bank.stage import Standing
from tests.kiosk.crew import Guest

HOUSE = Path(__file__).parents[2]


def shield_rules(rounds: int = 20) -> list[Figure]:
    """All rules over one case with its answers: microseconds of this thread's own processor time."""
    book, people = read_book(HOUSE / "config" / "fraud.toml"), scripts(100)
    asked = [(each.case, tuple(each.answer(q, n) for n, q in enumerate(("told", "call", "app")))) for each in people]
    times: list[float] = []
    for _ in range(rounds):
        for case, answers in asked:
            begun = time.thread_time_ns()
            assess(case, answers, book)
            times.append((time.thread_time_ns() - begun) / 1000)
    return [spread("fraud shield, all rules (pure)", times, "µs", "200 µs")]


def counter(rounds: int = 60) -> list[Figure]:
    """A core with a whole counter in this process: transfers over the real driver and wire; intents over the link."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_counter(Path(folder), rounds))


async def _counter(folder: Path, rounds: int) -> list[Figure]:
    async with site(folder) as place, place.open() as running:
        views = await _intents(running.guest, rounds)
        wiped = await _wipes(running.guest, rounds // 6)
        orders = await _transfers(place, rounds)
    return [
        spread("bank: intent to view, over the link", views, "ms", "p95 100 ms"),
        spread("bank: end of a visit to the wiped screen", wiped, "ms", "1000 ms"),
        spread("bank: transfer, driver to peer and back", orders, "ms", "50 ms"),
    ]


def painted(rounds: int = 20) -> list[Figure]:
    """The real screen over the same core: from the end of a visit, with money on the screen, to the resting screen."""
    QCoreApplication.instance() or QGuiApplication([])
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder, Standing(Path(folder)) as stands:
        core = stands._running.core
        with hands("touch", stands.link) as someone:
            for _ in range(rounds):
                walk.begins_transfer(stands, someone, walk.KNOWN, 1000)
                someone.sees("Confirm")
                begun = time.perf_counter()
                stands.act(core.post, Posted(core._desk.front_id, IdledOut()))
                someone.sees("Attract")
                times.append((time.perf_counter() - begun) * 1000)
    return [spread("bank: end of a visit to the resting screen, painted", times, "ms", "1000 ms")]


async def _enters(guest: Guest) -> None:
    """From the resting screen to the shelf of loans."""
    await guest.sees("Attract")
    guest.does("start")
    await guest.sees("Home")
    guest.does("choose", service="bank")
    await guest.sees("Start")
    guest.does("choose_kind", kind="loan")


async def _intents(guest: Guest, rounds: int) -> list[float]:
    """Between two screens of the shelf, back and forth; milliseconds until the next view has come."""
    await _enters(guest)
    await guest.sees("Products")
    times: list[float] = []
    there, back = ("choose_product", "Product"), ("back", "Products")
    for intent, screen in (there, back) * rounds:
        begun = time.perf_counter()
        guest.does(intent, id="hanbit-living")
        while guest.screen != screen:  # noqa: ASYNC110  # the loop is what is measured
            await asyncio.sleep(0)
        times.append((time.perf_counter() - begun) * 1000)
    return times


async def _wipes(guest: Guest, rounds: int) -> list[float]:
    """Cancelled in the middle of something, again and again; milliseconds until the resting screen has come."""
    times: list[float] = []
    for _ in range(rounds):
        begun = time.perf_counter()
        guest.does("cancel")
        while guest.screen != "Attract":  # noqa: ASYNC110  # the loop is what is measured
            await asyncio.sleep(0)
        times.append((time.perf_counter() - begun) * 1000)
        await _enters(guest)
        await guest.sees("Products")
    return times


async def _transfers(place: Site, rounds: int) -> list[float]:
    """One thousand won, again and again, each an order of its own that is on both disks."""
    host, pad = place.crew.bank_host, place.crew.pin_pad
    assert host is not None
    assert pad is not None
    place.counter.inserts_card()
    card = await pad.credential("bench", 20.0)
    order = Order(OrderKind.TRANSFER, Account("991", "99900200000002"), 1000)
    times: list[float] = []
    for number in range(rounds):
        begun = time.perf_counter()
        outcome = await host.transfer(f"bench-{number}", card, order, 5.0)
        times.append((time.perf_counter() - begun) * 1000)
        assert outcome.won == 1000
    return times
