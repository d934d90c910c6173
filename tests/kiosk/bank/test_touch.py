"""The bank counter at the real screen: by touch, and by keypad alone with the voice on; nothing personal is spoken."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from kiosk.ui.guest import Guest
from kiosk.ui.screen import Screen
from kiosk.ui.speech import Silent
from tests.kiosk.bank.site import Counter, site
from tests.ui.pictures import SCREENS

PHONE = "01012345678"


@pytest.fixture(scope="module", autouse=True)
def application(qapp: QCoreApplication) -> QCoreApplication:
    """Made before the first screen asks for one."""
    return qapp


@contextmanager
def branch(folder: Path) -> Iterator[Counter]:
    """A core with its counter, in a loop and a thread of its own."""
    there, over = threading.Event(), threading.Event()
    found: list[Counter] = []

    async def run() -> None:
        async with site(folder) as place, place.open():
            found.append(place.counter)
            there.set()
            while not over.is_set():  # noqa: ASYNC110  # the test's thread says when
                await asyncio.sleep(0.05)

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    try:
        assert there.wait(60)
        yield found[0]
    finally:
        over.set()
        thread.join(60)


def goes(screen: Screen, guest: Guest, name: str, *steps: str) -> None:
    """Wait for a screen, then act on these items in turn."""
    screen.wait(name, 60)
    for step in steps:
        guest.press(step)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("keypad", [False, True], ids=["touch", "keypad and voice"])
def test_an_appointment_is_made_at_the_screen(tmp_path: Path, keypad: bool) -> None:
    said: list[str] = []
    with branch(tmp_path) as counter:
        screen = Screen(SCREENS, tmp_path / "link.sock", motion=0, mouth=Silent(said.append))
        screen.open()
        guest = Guest(screen, lambda *_, **__: None, keypad=keypad)
        try:
            screen.wait("home/Attract", 60)
            if keypad:
                screen._want("access", {"mode": "voice", "on": True})
            makes_an_appointment(screen, guest)
        finally:
            screen.close()
        (row,) = counter.intake.book.entries
        assert (row["kind"], row["bank"], row["product"]) == ("appointments", "990", "hanbit-living")
        assert PHONE not in repr(row)
    assert len(said) > 8 if keypad else not said
    assert not [line for line in said if PHONE in line or "5678" in line]


def makes_an_appointment(screen: Screen, guest: Guest) -> None:
    """From the resting screen back to it."""
    goes(screen, guest, "home/Attract", "primary")
    goes(screen, guest, "home/Home", "service-bank")
    goes(screen, guest, "bank/Start", "choice-loan")
    goes(screen, guest, "bank/Products", "choice-hanbit-living")
    goes(screen, guest, "bank/Product", "do-appoint")
    goes(screen, guest, "bank/How", "choice-phone")
    view = screen.wait("bank/When", 60)
    guest.press(f"choice-{view.values['slots'][0]}")
    screen.wait("bank/Phone", 60)
    screen.settle()
    guest.type(PHONE)
    guest.press("primary")
    view = screen.wait("bank/Received", 60)
    assert view.values["reference"].startswith("990-")
    guest.press("do-slip")
    guest.press("primary")
    screen.wait("home/Attract", 60)
