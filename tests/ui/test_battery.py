"""Every screen, in every mode and language, against what a first-class kiosk owes its customers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible, QFontMetricsF
from PySide6.QtQuick import QQuickItem

from kiosk.ui import focus
from kiosk.ui.screen import Screen
from kiosk.ui.speech import Silent
from tests.ui.pictures import BOTH, MODES, SCREENS, type_address
from tests.ui.views import Json, examples, view

PX = 3.21
TARGET_MM, GAP_MM, GLYPH_MM = 20.0, 2.5, 12.0
#: Screens of staff hold more and are read at arm's length by people at work: text may be smaller, targets may not.
STAFF_GLYPH_MM = 8.0
WINDOW = QRectF(0, 0, 1080, 1920)
LOW_LINE = 1920 * 0.55
CASES = examples()
ROLES = {QAccessible.Role.Button}


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    """One screen for all; each view makes its page anew."""
    made = Screen(SCREENS, motion=0, mouth=Silent(lambda text: None), px_per_mm=PX)
    made.open()
    yield made
    made.close()


def texts(root: QQuickItem) -> list[QQuickItem]:
    """Every visible text that is not empty."""
    return [item for item in focus.items(root) if item.inherits("QQuickText") and item.property("text")]


def drawn(item: QQuickItem) -> QRectF:
    """Where the glyphs of a text lie in the window."""
    left = {4: (item.width() - item.property("contentWidth")) / 2, 2: item.width() - item.property("contentWidth")}
    x = left.get(item.property("side") or 0, 0.0)
    leading = item.property("lineHeight") - item.property("px")
    wide, high = item.property("contentWidth"), item.property("contentHeight") - leading
    return item.mapRectToScene(QRectF(x, (item.height() - high) / 2, wide, high))


def clipper(item: QQuickItem) -> QRectF:
    """The part of the window that clipping ancestors leave."""
    room = QRectF(WINDOW)
    up: QQuickItem | None = item.parentItem()
    while up is not None:
        if up.clip():
            room = room.intersected(focus.place(up))
        up = up.parentItem()
    return room


def glyph_mm(item: QQuickItem, digits: bool) -> float:
    """Height of the least that the text holds: a syllable, a digit if they count, a capital where neither is."""
    metrics, words = QFontMetricsF(item.property("font")), str(item.property("text"))
    hangul = any("\u3130" <= letter <= "\u318f" or "\uac00" <= letter <= "\ud7a3" for letter in words)
    shapes = ["한"] * hangul + ["0"] * (digits and any(letter.isdigit() for letter in words))
    return min(metrics.tightBoundingRect(shape).height() for shape in shapes or ["H"]) / PX


def gap(one: QRectF, other: QRectF) -> float:
    """Distance of two rectangles in pixels; negative where they overlap."""
    aside = max(one.left() - other.right(), other.left() - one.right())
    above = max(one.top() - other.bottom(), other.top() - one.bottom())
    return max(aside, above)


def targets(screen: Screen, low: bool) -> Iterator[str]:
    """What is wrong with what can be pressed."""
    stops = focus.stops(screen.scene.root)
    places = [(item.objectName() or str(item.property("label")), focus.place(item)) for item in stops]
    for item, (name, place) in zip(stops, places, strict=True):
        face = QAccessible.queryAccessibleInterface(item)
        if not face.text(QAccessible.Text.Name).strip() or face.role() not in ROLES:
            yield f"{name}: no name or no role"
        if min(place.width(), place.height()) < TARGET_MM * PX - 0.5:
            yield f"{name}: {place.width() / PX:.1f} x {place.height() / PX:.1f} mm is too small"
        if not WINDOW.contains(place.adjusted(1, 1, -1, -1)):
            yield f"{name}: outside the window"
        if low and place.top() < LOW_LINE - 0.5:
            yield f"{name}: {place.top():.0f} is above the low line"
    for (name, one), (second, other) in combinations(places, 2):
        if gap(one, other) < GAP_MM * PX - 0.3:
            yield f"{name} and {second}: {gap(one, other) / PX:.1f} mm apart"
    if "call-staff" not in [item.objectName() for item in stops]:
        yield "no staff call"


def writing(screen: Screen) -> Iterator[str]:
    """What is wrong with what can be read."""
    found = [(item, drawn(item)) for item in texts(screen.scene.root)]
    shown = screen.current()
    staff = shown is not None and shown.screen.startswith("maintenance/")
    least = STAFF_GLYPH_MM if staff else GLYPH_MM
    for item, place in found:
        words = str(item.property("text"))
        if glyph_mm(item, digits=not staff) < least:
            yield f"{words!r}: glyphs of {glyph_mm(item, digits=not staff):.1f} mm"
        if item.property("truncated") or place.width() > item.width() + 2 or place.height() > item.height() + 2:
            yield f"{words!r}: cut off"
        room = clipper(item)
        if not room.adjusted(-1, -1, 1, 1).contains(place) and item.objectName() != "typed":
            yield f"{words!r}: outside {room}"
    for (one, first), (other, second) in combinations(found, 2):
        both = first.intersected(second)
        if both.width() > 4 and both.height() > first.height() * 0.25:
            yield f"{one.property('text')!r} lies over {other.property('text')!r}"
    yield from covered(screen, found)


def covered(screen: Screen, found: list[tuple[QQuickItem, QRectF]]) -> Iterator[str]:
    """Texts that a plate lies over, or that leave their plate."""
    for plate in focus.stops(screen.scene.root):
        place = focus.place(plate)
        for item, rect in found:
            inside = plate.isAncestorOf(item)
            if inside and not place.adjusted(-1, -1, 1, 1).contains(rect):
                yield f"{item.property('text')!r} leaves its plate"
            if not inside and place.intersected(rect).height() > 6 and place.intersected(rect).width() > 6:
                yield f"{item.property('text')!r} lies under {plate.objectName()}"


def pages(screen: Screen) -> Iterator[int]:
    """Turns every page of information by its own button."""
    page = screen.scene.window.property("current")
    info = next(item for item in everything(page) if item.objectName() == "information")
    placed = 0
    for number in range(20):
        placed += info.property("placed") if info.isVisible() else 0
        yield number
        if page.property("lastPage"):
            assert placed == info.property("total"), f"{placed} of {info.property('total')} blocks were shown"
            return
        screen.tap("primary")
    raise AssertionError("pages without end")


def everything(root: QQuickItem) -> Iterator[QQuickItem]:
    """Every item below, seen or not."""
    for child in root.childItems():
        yield child
        yield from everything(child)


def complaints(screen: Screen, low: bool) -> list[str]:
    """Everything that is wrong on every page of the view that is shown."""
    return [f"page {page + 1}: {what}" for page in pages(screen) for what in (*targets(screen, low), *writing(screen))]


#: High contrast changes colours and outlines, not where words stand: what English does there is seen in plain.
MANNERS = [(mode, language) for mode in MODES for language in ("ko", "en") if (mode, language) != ("dark", "en")]


@pytest.mark.parametrize(("mode", "language"), MANNERS, ids=[f"{mode or 'plain'}-{tag}" for mode, tag in MANNERS])
@pytest.mark.parametrize(("name", "page", "values", "offers"), CASES, ids=[case[0] for case in CASES])
def test_screen(
    screen: Screen, name: str, page: str, values: Json, offers: tuple[str, ...], mode: str, language: str
) -> None:
    """Names, roles, targets, gaps, glyphs, nothing cut, nothing covered, staff call, low reach, no warning."""
    assert wrongs(screen, (name, page, values, offers), MODES[mode], language) == []


#: One screen of every kind of layout, for two modes at once.
KINDS = ("attract", "home", "home-lacking", "closed", "place", "size", "choose-size", "address", "name", "phone",
         "contents", "pledge", "speed-late", "review", "pay", "stuck-twice", "stick", "done")  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("modes", BOTH)
@pytest.mark.parametrize("case", [case for case in CASES if case[0] in KINDS], ids=lambda case: case[0])
def test_two_modes_at_once(
    screen: Screen, case: tuple[str, str, Json, tuple[str, ...]], modes: str, language: str
) -> None:
    """Who needs large letters may need contrast or low reach as well."""
    assert wrongs(screen, case, BOTH[modes], language) == []


def wrongs(screen: Screen, case: tuple[str, str, Json, tuple[str, ...]], access: Json, language: str) -> list[str]:
    """Everything that is wrong with this view in these modes and this language."""
    name, page, values, offers = case
    screen.scene.warnings.clear()
    seq = screen.painted_seq + 1
    screen.show(view(page, values, offers, max(seq, 1), language=language, access=access))
    screen.settle()
    if name == "address":
        type_address(screen)
    return complaints(screen, "low" in access) + screen.scene.warnings


@pytest.mark.parametrize("mode", MODES)
def test_a_clause_is_shown_in_the_bank_s_own_lines(screen: Screen, mode: str) -> None:
    """Each of its lines begins a line, over all pages; what is broken for the width alone can be put together again."""
    (name, page, values, offers) = next(case for case in CASES if case[0].endswith("clause-long"))
    screen.show(view(page, values, offers, screen.painted_seq + 2, access=MODES[mode]))
    screen.settle()
    lines = list[str]()
    for _ in pages(screen):
        lines += [line for item in texts(screen.scene.root) if (joined := item.property("joined")) is not None
                  for line in item.property("text").split("\n") if joined in (True, False)]  # fmt: skip
    begun = [line for line in values["body"].split("\n") if not any(line.startswith(each) for each in lines)]
    assert (name, begun, " ".join(lines)) == (name, [], values["body"].replace("\n", " "))
