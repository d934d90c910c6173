"""Screens of staff: a PIN is neither shown nor spoken, live values keep the focus, a page asks for what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from kiosk.ui import focus
from kiosk.ui.screen import Screen
from kiosk.ui.speech import Silent
from tests.ui.pictures import MODES, SCREENS
from tests.ui.staff_views import ILL, LOCKER, OVERVIEW, PAPER, PIN, STAFF, TASKS, WELL, device
from tests.ui.test_battery import targets, texts, writing
from tests.ui.views import DESK, examples, view

Json = dict[str, Any]
DIGITS = "482915"


@pytest.fixture(scope="module")
def spoken() -> list[str]:
    """Everything that was said aloud."""
    return []


@pytest.fixture(scope="module")
def screen(spoken: list[str]) -> Iterator[Screen]:
    """One screen for all."""
    made = Screen(SCREENS, motion=0, mouth=Silent(spoken.append))
    made.open()
    yield made
    made.close()


def show(screen: Screen, name: str, values: Json, offers: tuple[str, ...], step: bool = True, **chrome: Any) -> None:
    """A page of the mode; `step` False: the same step with newer values."""
    seq = screen.painted_seq + 1
    shown = view(f"maintenance/{name}", values, offers, max(seq, 1), **{"privacy": True, **chrome})
    now = screen.current()
    screen.show(shown if step or now is None else shown.model_copy(update={"step_seq": now.step_seq}))
    screen.settle()


def read(screen: Screen) -> str:
    """All that stands on the screen, and all that a reader of screens is told."""
    items = focus.items(screen.scene.root)
    faces = [face for item in items if (face := QAccessible.queryAccessibleInterface(item))]
    names = [face.text(QAccessible.Text.Name) for face in faces]
    return " ".join([*(str(item.property("text")) for item in texts(screen.scene.root)), *names])


def focused(screen: Screen) -> QQuickItem:
    """What has the focus."""
    item = screen.scene.window.activeFocusItem()
    assert item is not None
    return item


def test_a_pin_is_neither_shown_nor_spoken(screen: Screen, spoken: list[str]) -> None:
    show(screen, "Pin", PIN, ("pin", "cancel"), access={"voice": True})
    for digit in DIGITS[:3]:
        screen.key(digit)
    for digit in DIGITS[3:]:
        while focused(screen).objectName() != f"key-{digit}":
            screen.key("Tab")
        screen.key("Return")
    assert "●" * len(DIGITS) in read(screen)
    assert DIGITS not in read(screen)
    assert not [said for said in spoken if any(digit in said for digit in DIGITS)]
    screen.sent.clear()
    screen.tap("primary")
    assert [sent for sent in screen.sent if sent[0] != "stay"] == [("pin", {"digits": DIGITS})]


def test_a_locked_or_unknown_badge_is_asked_for_nothing(screen: Screen) -> None:
    for values in ({"refused": "locked", "tries_left": 0, "until": "2026-07-02T16:05"}, {**PIN, "refused": "unknown"}):
        show(screen, "Pin", values, ("pin", "cancel"))
        names = {item.objectName() for item in focus.stops(screen.scene.root)}
        assert "secondary" in names
        assert not {"primary", "key-1"} & names


def test_live_values_change_in_place_and_keep_the_focus(screen: Screen) -> None:
    offers = ("open", "cancel")
    show(screen, "Overview", {**OVERVIEW, "devices": WELL[:6]}, offers)
    while focused(screen).objectName() != f"row-{WELL[3]['name']}":
        screen.key("Tab")
    there = focused(screen)
    show(screen, "Overview", {**OVERVIEW, "devices": [{**each, "age_s": 9} for each in WELL[:6]]}, offers, step=False)
    assert focused(screen) is there
    assert "9초 전" in read(screen)
    show(screen, "Overview", {**OVERVIEW, "devices": [*ILL[:1], *WELL[:5]]}, offers, step=False)
    assert "종이가 없음" in read(screen)
    assert focused(screen) is there


def asks(screen: Screen, *taps: str) -> list[tuple[str, Json]]:
    """What the screen asks for after these taps, signs of life apart."""
    screen.sent.clear()
    for name in taps:
        screen.tap(name)
    return [sent for sent in screen.sent if sent[0] != "stay"]


def test_a_page_asks_for_what_it_says(screen: Screen) -> None:
    show(screen, "Overview", OVERVIEW, ("open", "cancel"))
    assert asks(screen, "row-scale") == [("open", {"page": "device", "device": "scale"})]
    assert asks(screen, "key-tasks", "key-faults") == [("open", {"page": "tasks"}), ("open", {"page": "faults"})]
    paper = ("open", {"page": "paper", "device": "receipt_printer"})
    assert asks(screen, "key-paper", "key-paper-receipt_printer") == [paper]
    assert asks(screen, "primary") == [("cancel", {})]
    show(screen, "Locker", LOCKER, ("open_door", "back"))
    assert asks(screen, "door-7", "key-inspection") == [("open_door", {"door": 7, "reason": "inspection"})]
    show(screen, "Tasks", {"tasks": TASKS, "how": ["done", "refunded", "false_alarm"]}, ("settle", "back"))
    assert asks(screen, "row-0a1b2c3d", "key-refunded") == [("settle", {"task": "0a1b2c3d", "how": "refunded"})]
    show(screen, "Device", {"device": device("scale"), "tare": True}, ("confirm", "tare", "back"))
    assert asks(screen, "key-tare") == [("tare", {"clear": False})]
    assert asks(screen, "key-clear_tare") == [("tare", {"clear": True})]
    show(screen, "Device", {"device": device("guard"), "learns": ["dock", "lobby"]}, ("confirm", "commission", "back"))
    assert asks(screen, "key-lobby") == [("commission", {"camera": "lobby"})]
    show(screen, "Paper", {**PAPER, "part": 2, "code": ""}, ("readable", "back"))
    assert asks(screen, "key-no", "primary") == [("readable", {"yes": False}), ("readable", {"yes": True})]


def test_nothing_can_be_pressed_while_a_device_is_at_work(screen: Screen) -> None:
    for name, page, values, offers in [case for case in STAFF if case[1] == "Working"]:
        show(screen, page, values, offers)
        stops = {item.objectName() for item in focus.stops(screen.scene.root)}
        assert {stop for stop in stops if not stop.startswith(("access-", "call-staff"))} == set(), name


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode or "plain")
def test_a_customer_is_told_quietly_that_staff_wait(screen: Screen, mode: str, language: str) -> None:
    name, page, values, offers = next(case for case in examples() if case[0] == "contents")
    staff = {"state": "calling", **DESK, "waiting": True}
    seq = screen.painted_seq + 1
    screen.show(view(page, values, offers, seq, staff=staff, language=language, access=MODES[mode]))
    screen.settle()
    assert {"ko": "직원 대기", "en": "Waiting"}[language] in read(screen), name
    assert [*targets(screen, mode == "low"), *writing(screen)] == []
