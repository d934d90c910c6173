"""What every screen carries: palette, sheets, staff call, idle warning, waiting page, modes, home."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage

from kiosk import front
from kiosk.flow import Availability, Reason
from kiosk.ui import focus
from kiosk.ui.screen import Screen
from kiosk.ui.speech import Silent
from tests.ui.pictures import MODES, SCREENS
from tests.ui.test_battery import everything, targets, texts, writing
from tests.ui.views import DESK, view

PLEDGE = ("send_parcel/Pledge", {"items": ["pledge.cash"]}, ("confirm", "back", "cancel"))


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    """One screen for all."""
    made = Screen(SCREENS, motion=0, mouth=Silent(lambda text: None))
    made.open()
    yield made
    made.close()


def show(screen: Screen, **chrome: Any) -> None:
    """The pledge with this chrome, on a fresh page."""
    screen.scene.warnings.clear()
    screen.scene.window.setProperty("sheet", "")
    screen.show(view(*PLEDGE, screen.painted_seq + 2, **chrome))
    screen.settle()
    screen.sent.clear()


def read(screen: Screen) -> str:
    """All that stands on the screen and can be reached."""
    return " ".join(str(item.property("text")) for item in texts(screen.scene.root))


def luminance(colour: QColor) -> float:
    """Relative luminance of WCAG 2."""
    red, green, blue = colour.redF(), colour.greenF(), colour.blueF()
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2."""
    high, low = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_contrast(screen: Screen, palette: str) -> None:
    """Every pair of the palette keeps its least contrast; a text never less than 4.5, a line never less than 3."""
    colours = screen.scene.theme.property(palette).toVariant()
    pairs = screen.scene.theme.property("pairs").toVariant()
    assert len(pairs) >= 8
    for pair in pairs:
        assert pair["least"] >= (3 if pair["over"] in ("line", "accent", "info") else 4.5)
        for ground in pair["ground"]:
            assert contrast(colours[pair["over"]], colours[ground]) >= pair["least"], (pair["over"], ground)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("state", ["none", "calling", "answered", "on_the_way", "no_answer"])
def test_staff_sheet(screen: Screen, state: str, language: str, mode: str) -> None:
    """Says what is recorded and nothing more; telephone and emergency numbers always; fits in every mode."""
    show(screen, language=language, access=MODES[mode], staff={"state": state, **DESK})
    screen.tap("call-staff")
    said = read(screen)
    assert "02-1588-1300" in said
    assert "112" in said
    assert "119" in said
    coming = {"ko": "오고 있", "en": "on the way"}[language]
    assert (coming in said) == (state == "on_the_way")
    assert [*sheet_targets(screen, mode), *writing(screen), *screen.scene.warnings] == []
    if state in ("none", "no_answer"):
        screen.tap("call")
        assert screen.sent[-1] == ("call_staff", {})
    screen.tap("close")
    assert "112" not in read(screen)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("state", ["calling", "answered", "on_the_way", "no_answer"])
@pytest.mark.parametrize("kind", ["person_down", "collision"])
def test_alarm_sheet(screen: Screen, kind: str, state: str, language: str, mode: str) -> None:
    """Comes up by itself, never claims help that has not answered, tells whom to call, goes when it is closed."""
    show(screen, language=language, access=MODES[mode], alarm={"kind": kind, "state": state, "matter": "a1"})
    said = read(screen)
    assert "119" in said
    coming = {"ko": "오고 있", "en": "on the way"}[language]
    assert (coming in said) == (state == "on_the_way")
    assert ({"ko": "받았습니다", "en": "have answered"}[language] in said) == (state == "answered")
    assert [*sheet_targets(screen, mode), *writing(screen), *screen.scene.warnings] == []
    screen.tap("close")
    assert "112" not in read(screen)
    show(screen, language=language, access=MODES[mode])


def test_another_danger_of_the_same_kind_opens_the_sheet_anew(screen: Screen) -> None:
    """Whoever closed the first has not seen the second; what only changes its state stays closed."""
    first = {"kind": "person_down", "state": "calling", "matter": "a1"}
    show(screen, alarm=first)
    screen.tap("close")
    show(screen, alarm={**first, "state": "answered"})
    assert "119" not in read(screen)
    show(screen, alarm={**first, "matter": "a2"})
    assert "119" in read(screen)
    show(screen)


def sheet_targets(screen: Screen, mode: str) -> list[str]:
    """As on every screen; a sheet need not carry the staff call."""
    return [what for what in targets(screen, mode == "low") if what != "no staff call"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_access_sheet(screen: Screen, language: str, mode: str) -> None:
    """With the voice on, the voice cell opens the switches; each sends its own intent."""
    show(screen, language=language, access={**MODES[mode], "voice": True})
    screen.tap("access-more" if mode == "large" else "access-voice")
    assert sheet_targets(screen, mode) + list(writing(screen)) + screen.scene.warnings == []
    screen.tap("sheet-contrast")
    assert screen.sent[-1] == ("access", {"mode": "contrast", "on": mode != "dark"})
    screen.tap("sheet-repeat")
    assert screen.sent[-1] == ("repeat", {})
    screen.tap("close")


@pytest.mark.parametrize("mode", MODES)
def test_who_listens_may_cover_the_page(screen: Screen, mode: str) -> None:
    """Nothing of the page can be seen or pressed by touch; the keypad goes on; it ends with visit or voice."""
    access = {**MODES[mode], "voice": True}
    show(screen, access=access, privacy=True)
    seen = painted(screen)
    screen.tap("access-more" if mode == "large" else "access-voice")
    assert sheet_targets(screen, mode) + list(writing(screen)) + screen.scene.warnings == []
    screen.tap("sheet-curtain")
    covered = painted(screen)
    assert covered != seen
    place = ("send_parcel/Place", {"again": False}, ("confirm", "cancel"))
    screen.show(view(*place, screen.painted_seq + 2, access=access, privacy=True))
    assert painted(screen) == covered  # whatever is under it looks alike
    assert "primary" in screen.hand.named("primary")
    show(screen, access=MODES[mode], privacy=True)
    assert painted(screen) != covered
    show(screen, access=access, privacy=False)
    show(screen, access=access, privacy=True)
    assert painted(screen) != covered


def painted(screen: Screen) -> QImage:
    """The middle of the window, as anybody can see it."""
    screen.settle()
    return screen.scene.window.grabWindow().copy(0, 260, 1080, 1200)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_idle_warning(screen: Screen, language: str, mode: str) -> None:
    """The warning fits in every mode, names the seconds, and extends."""
    show(screen, language=language, access=MODES[mode], idle={"limit_s": 60, "warn": True, "left_s": 20})
    assert re.search(r"\b(20|1\d)", read(screen))
    assert sheet_targets(screen, mode) + list(writing(screen)) + screen.scene.warnings == []
    screen.tap("stay")
    assert screen.sent[0] == ("stay", {})


def test_language_and_modes(screen: Screen) -> None:
    """The bar's cells send what they say."""
    show(screen)
    screen.tap("access-language")
    screen.tap("access-large")
    screen.tap("access-low")
    sent = [intent for intent in screen.sent if intent[0] != "stay"]
    assert sent == [
        ("language", {"tag": "en"}),
        ("access", {"mode": "large", "on": True}),
        ("access", {"mode": "low", "on": True}),
    ]


def test_waiting_page(screen: Screen) -> None:
    """Without the core: one calm page in both languages, nothing to press."""
    show(screen)
    screen.scene.set("connected", False)
    screen.settle()
    assert focus.stops(screen.scene.root) == []
    assert "잠시만 기다려 주세요" in read(screen)
    assert "One moment, please" in read(screen)
    screen.scene.set("connected", True)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_marks(screen: Screen, language: str, mode: str) -> None:
    """The strip says simulated and unverified in every mode, each while it is so."""
    simulated, rates = {"ko": ("연습용 기계", "요금은 예시"), "en": ("Practice machine", "sample rates")}[language]
    for demo, sham in ((True, True), (True, False), (False, True), (False, False)):
        show(screen, language=language, access=MODES[mode], demo=demo, simulated=sham)
        said = read(screen)
        assert (rates in said, simulated in said) == (demo, sham)
        assert [what for what in writing(screen) if rates in what or simulated in what] == []


CLOSED = Availability("unavailable", (Reason("label_printer", "consumable_out"), Reason("table", "left")))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_home_tells_what_cannot_be_had_and_why(screen: Screen, language: str, mode: str) -> None:
    """While other services go on, a parcel's sender finds a tile that is no plate, its reason, and whom to ask."""
    asked = front.home({"send_parcel": CLOSED, "bank": Availability("degraded")}, DESK["telephone"])
    screen.show(view(asked.screen, dict(asked.values), asked.offers, screen.painted_seq + 2, language=language,
                     access=MODES[mode]))  # fmt: skip
    screen.settle()
    stops = [item.objectName() for item in focus.stops(screen.scene.root)]
    assert ("service-send_parcel" in stops, "service-bank" in stops) == (False, True)
    said = read(screen)
    assert {"ko": "지금은 안 됩니다", "en": "Not now"}[language] in said
    assert DESK["telephone"] in said
    assert mode == "large" or {"ko": "라벨 프린터", "en": "Label printer"}[language] in said
    assert ("lacking.send_parcel" in [line.id for line in asked.speech]) is True
    screen.tap("service-bank")
    assert screen.sent[-1] == ("choose", {"service": "bank"})


def test_the_resting_screen_says_what_cannot_be_had(screen: Screen) -> None:
    """Whether all is open, what can be done, what cannot and whom to ask; all of it closed is another screen."""
    rest = front.attract({"send_parcel": CLOSED, "bank": Availability("available")}, DESK["telephone"])
    screen.show(view(rest.screen, dict(rest.values), rest.offers, screen.painted_seq + 2))
    screen.settle()
    said = read(screen)
    assert "일부만 이용할 수 있습니다" in said
    assert "지금은 소포를 보낼 수 없습니다" in said
    assert DESK["telephone"] in said
    assert front.attract({"send_parcel": CLOSED}, DESK["telephone"]).screen == "home/Closed"


def test_within_a_step_nothing_typed_is_lost(screen: Screen) -> None:
    """A new view of the same step, a mode or a language leaves what was typed."""
    values, offers = {"who": "receiver", "text": "", "max": 30}, ("set_name", "back", "cancel")
    shown = view("send_parcel/Name", values, offers, screen.painted_seq + 2)
    screen.show(shown)
    for key in ("key-ㅎ", "key-ㅗ", "key-ㅇ"):
        screen.tap(key)
    large = shown.chrome.model_copy(update={"access": shown.chrome.access.model_copy(update={"large": True})})
    screen.show(shown.model_copy(update={"seq": shown.seq + 1, "chrome": large}))
    screen.settle()
    assert screen.hand.find("typed").property("text") == "홍"


def test_old_pages_are_gone(screen: Screen) -> None:
    """A hundred pages leave nothing behind: not an item, and less than 20 MB of memory in all."""
    show(screen)
    items, before = sum(1 for _ in everything(screen.scene.root)), resident_mb()
    for _ in range(100):
        show(screen)
    assert sum(1 for _ in everything(screen.scene.root)) == items
    assert resident_mb() - before < 20


def resident_mb() -> float:
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
