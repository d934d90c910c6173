"""Every screen by the tactile keypad alone: each stop is reached, Enter presses it, Escape goes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtQuick import QQuickItem

from kiosk.ui import focus
from kiosk.ui.scene import Keys
from kiosk.ui.screen import Screen
from kiosk.ui.speech import Silent
from tests.ui.pictures import SCREENS, type_address
from tests.ui.views import Json, examples, view

STEP = ("back", "cancel")


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    """One screen for all."""
    made = Screen(SCREENS, motion=0, mouth=Silent(lambda text: None))
    made.open()
    yield made
    made.close()


def show(screen: Screen, name: str, page: str, values: Json, offers: tuple[str, ...], **chrome: object) -> None:
    """A fresh page."""
    screen.show(view(page, values, offers, screen.painted_seq + 2, **chrome))
    screen.settle()
    if name == "address":
        type_address(screen)
    screen.sent.clear()


def focused(screen: Screen) -> QQuickItem:
    """What has the focus."""
    item = screen.scene.window.activeFocusItem()
    assert item is not None
    return item


@pytest.mark.parametrize(("name", "page", "values", "offers"), examples(), ids=[case[0] for case in examples()])
def test_tab_reaches_all(screen: Screen, name: str, page: str, values: Json, offers: tuple[str, ...]) -> None:
    """Tab goes round everything that can be pressed, in reading order, and shows a ring."""
    show(screen, name, page, values, offers)
    stops = focus.stops(screen.scene.root)
    reached = []
    for _ in stops:
        screen.hand.key("Tab")
        reached.append(focused(screen))
        assert focused(screen).property("ringed") is True
    assert reached == stops


@pytest.mark.parametrize("name", ["home", "size", "address", "phone", "contents", "review", "stuck-again"])
def test_arrows_reach_all(screen: Screen, name: str) -> None:
    """Arrows alone lead to everything, too."""
    case = next(case for case in examples() if case[0] == name)
    show(screen, *case)
    stops = focus.stops(screen.scene.root)
    places = [focus.place(item) for item in stops]
    seen, edge = {0}, [0]
    while edge:
        at = edge.pop()
        for key in focus.WAYS:
            to = by_arrow(places, at, key)
            if to not in seen:
                seen.add(to)
                edge.append(to)
    assert seen == set(range(len(stops)))


def by_arrow(places: list[QRectF], at: int, key: Qt.Key) -> int:
    """Where an arrow leads, as the screen does it."""
    others = [index for index in range(len(places)) if index != at]
    found = focus.nearest(places[at], [places[index] for index in others], focus.WAYS[key])
    if found is not None:
        return others[found]
    return (at + (1 if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) else -1)) % len(places)


def test_enter_presses_and_escape_goes_back(screen: Screen) -> None:
    """Enter on the wide action sends its intent; Escape sends back."""
    show(screen, "pledge", "send_parcel/Pledge", {"items": ["pledge.cash"]}, ("confirm", *STEP))
    while focused(screen).objectName() != "primary":
        screen.key("Tab")
    screen.key("Return")
    assert ("confirm", {}) in screen.sent
    screen.key("Escape")
    assert screen.sent[-1] == ("back", {})


def test_enter_is_the_wide_action_while_nothing_has_the_focus(screen: Screen) -> None:
    """What the voice names: no walk to the button is needed. A step begins without a focus."""
    show(screen, "pledge", "send_parcel/Pledge", {"items": ["pledge.cash"]}, ("confirm", *STEP))
    assert screen.scene.keys() == Keys(str(screen.hand.find("primary").property("label")), "", "이전")
    screen.key("Return")
    assert [name for name, _ in screen.sent if name != "stay"] == ["confirm"]
    show(screen, "phone", "send_parcel/Phone", {"who": "receiver", "digits": ""}, ("set_phone", *STEP))
    assert (screen.scene.keys().enter, screen.scene.keys().choosing) == ("", False)
    assert screen.scene.keys().later
    screen.key("Return")
    for key in "01012345678":
        screen.key(key)
    screen.key("Return")
    assert [name for name, _ in screen.sent if name != "stay"] == ["set_phone"]


def test_typed_letters_and_figures(screen: Screen) -> None:
    """A pad with figures types into the open field; erasing takes one away."""
    show(screen, "phone", "send_parcel/Phone", {"who": "receiver", "digits": ""}, ("set_phone", *STEP))
    for key in "01012345678":
        screen.key(key)
    screen.key("Backspace")
    assert screen.hand.find("typed").property("text") == "010-123-4567"


def test_a_key_only_ends_the_idle_warning(screen: Screen) -> None:
    """Any key extends, and does nothing else: not even Escape goes back."""
    idle = {"limit_s": 60, "warn": True, "left_s": 20}
    show(screen, "pledge", "send_parcel/Pledge", {"items": ["pledge.cash"]}, ("confirm", *STEP), idle=idle)
    for key in ("Escape", "Return", "7"):
        screen.key(key)
    assert {name for name, _ in screen.sent} == {"stay"}


def test_every_screen_of_every_service_has_a_case() -> None:
    """A new screen without an example view fails here."""
    for service, folder in SCREENS.items():
        pages = {path.stem for path in folder.glob("*.qml")}
        assert pages == {screen.partition("/")[2] for _, screen, *_ in examples() if screen.startswith(service)}
