"""The pictures: drawn as their sources say, in colours of the palettes only, found by name in QML."""

import re

import pytest
from PySide6.QtCore import QCoreApplication, QSize, QSizeF, QtMsgType, QUrl, qInstallMessageHandler
from PySide6.QtGui import QColor, QImage
from PySide6.QtQml import QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickItem, QQuickWindow
from pytestqt.qtbot import QtBot

from kiosk.ui import drawing
from kiosk.ui.pictures import scenes

TINY = {"svg", "g", "path", "rect", "circle", "ellipse"}
FILES = sorted(path.stem for path in drawing.PICTURES.glob("*.svg"))
ICONS = [name for name in FILES if name not in scenes.SCENES]
WANTED = [
    "envelope", "box", "locker", "letter", "bank", "certificate", "person", "house", "truck", "shield",
    "shield-check", "clock", "bell", "big-text", "contrast", "low-reach", "voice", "voice-off", "globe",
    "chevron-left", "chevron-right", "check", "close", "search", "backspace", "warning", "printer", "card",
    "phone", "receipt", "scale", "hand", "repeat", "info", "dot", "book", "clothes", "food", "cosmetics",
    "documents", "household", "electronics", "other", "no-cash", "no-animals", "no-flammable", "no-battery",
    "no-glass", "no-heavy", "speed-fast", "speed-normal", "coin", "pencil", "hatch", "ruler", "done", "money",
    "back", "shirt", "document", "device", "cash", "animal", "fire", "battery", "glass", "weight", "attract",
    "home-parcel", "place-parcel", "measuring", "refused-parcel", "choose-size", "pay-terminal",
    "unsure-payment", "working-print", "stick-label", "printer-trouble", "hatch-open", "hatch-closed",
    "done-parcel", "take-receipt", "claim-slip", "money-back", "take-back", "bell-staff", "wait", "insure",
    "pledge", "address", "speed", "contents", "measured-parcel", "drop-parcel", "receipts", "working-measure",
    "working-ready", "working-open", "working-receipt", "working-reverse", "hatch-trouble", "phone-desk",
]


def inked(image: QImage) -> set[tuple[int, int]]:
    """Every fourth pixel that is not transparent."""
    across, down = range(0, image.width(), 4), range(0, image.height(), 4)
    return {(x, y) for x in across for y in down if image.pixelColor(x, y).alpha() > 0}


def shades(image: QImage) -> set[str]:
    """The opaque colours that fill more than one sampled pixel in two hundred."""
    found = [image.pixelColor(x, y) for x, y in inked(image)]
    opaque = [colour.name().upper() for colour in found if colour.alpha() == 255]
    return {name for name in set(opaque) if opaque.count(name) > len(opaque) / 200}


@pytest.mark.parametrize("name", WANTED)
def test_every_wanted_name_is_drawn_in_both_palettes(qapp: QCoreApplication, name: str) -> None:
    light, high = drawing.picture(name, 200, False), drawing.picture(name, 200, True)
    assert inked(light)
    assert light.size() == high.size()
    assert light != high


@pytest.mark.parametrize("name", FILES)
def test_a_picture_holds_only_flat_shapes_in_colours_of_both_palettes(name: str) -> None:
    text = drawing.source(name)
    assert set(re.findall(r"<(\w+)", text)) <= TINY
    painted = re.findall(r'(?:fill|stroke)="([^"]+)"', text)
    assert {paint for paint in painted if paint != "none"} <= {f"@{token}" for token in drawing.LIGHT}
    assert "@" not in drawing.coloured(text, drawing.LIGHT) + drawing.coloured(text, drawing.HIGH)


def test_both_palettes_answer_the_same_tokens_and_no_picture_is_red() -> None:
    assert drawing.LIGHT.keys() == drawing.HIGH.keys()
    for colour in map(QColor, [*drawing.LIGHT.values(), *drawing.HIGH.values()]):
        saturated = colour.hsvSaturationF() > 0.6 and colour.valueF() > 0.5
        assert not (saturated and not 20 < colour.hsvHue() < 340), colour.name()


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_lies_within_its_grid_and_no_line_is_cut(qapp: QCoreApplication, name: str) -> None:
    assert 'viewBox="0 0 96 96"' in drawing.source(name)
    image = drawing.picture(name, 192, False)
    edge = range(192)
    border = [(x, y) for x in edge for y in edge if {x, y} & {0, 191}]
    assert not [spot for spot in border if image.pixelColor(*spot).alpha() > 40]


@pytest.mark.parametrize("name", scenes.SCENES)
def test_a_scene_is_what_its_drawing_makes_and_fills_its_box(qapp: QCoreApplication, name: str) -> None:
    assert drawing.source(name) == scenes.svg(name)
    spots = inked(drawing.picture(name, 600, False))
    left, right = min(x for x, _ in spots), max(x for x, _ in spots)
    assert left <= 12
    assert right >= 600 - 24


def test_no_scene_lies_beside_its_drawing() -> None:
    assert {name for name in FILES if 'id="arrow"' in drawing.source(name)} <= set(scenes.SCENES)
    assert set(scenes.SCENES) <= set(FILES)


@pytest.mark.parametrize("name", ["place-parcel", "take-back", "home-parcel", "measured-parcel", "stick-label"])
def test_the_light_never_changes_side(qapp: QCoreApplication, name: str) -> None:
    image = drawing.picture(name, 800, False)
    assert {drawing.LIGHT[f"kraft{side}"] for side in ("Top", "Mid", "Dark")} <= shades(image)


def test_high_contrast_draws_dark_faces_with_white_lines_and_cyan_arrows(qapp: QCoreApplication) -> None:
    image = drawing.picture("place-parcel", 800, True)
    assert {"#FFFFFF", "#00E5FF", drawing.HIGH["kraftTop"]} <= shades(image)
    assert drawing.LIGHT["kraftTop"] not in shades(image)


def test_nothing_but_the_arrow_moves(qapp: QCoreApplication) -> None:
    drawn = drawing.Picture("place-parcel", False)
    arrow = drawn.arrow(QSize(600, 700))
    assert arrow
    assert shades(arrow) == {drawing.LIGHT["blue"]}
    assert drawn.push.y() > 0 == drawn.push.x()
    assert drawing.Picture("measuring", False).arrow(QSize(600, 700)) is None


def test_an_unknown_name_is_one_sentence() -> None:
    with pytest.raises(drawing.Unknown, match="No picture is called 'parcle'"):
        drawing.source("parcle")
    with pytest.raises(drawing.Unknown):
        drawing.source("../drawing")


def test_second_names_lead_to_files() -> None:
    assert set(drawing.ALSO.values()) <= set(FILES)
    assert not set(drawing.ALSO) & set(FILES)


@pytest.mark.parametrize(("align", "x", "y"), [
    ("bottom", 50.0, 100.0), ("center", 50.0, 50.0), ("top", 50.0, 0.0), ("left", 0.0, 100.0),
    ("center right", 100.0, 50.0),
])
def test_a_picture_stands_where_align_says(align: str, x: float, y: float) -> None:
    tall = drawing.placed(QSizeF(10, 10), QSizeF(300, 200), align)
    assert (tall.x(), tall.width()) == (x, 200.0)
    wide = drawing.placed(QSizeF(20, 10), QSizeF(200, 200), align)
    assert (wide.y(), wide.height()) == (y, 100.0)


QML = b"""
import QtQuick
import PostKiosk
Drawing { name: "%s"; width: 400; height: 500; align: "bottom" }
"""


@pytest.fixture
def engine(qapp: QCoreApplication) -> QQmlEngine:
    drawing.register()
    return QQmlEngine()


def shown(engine: QQmlEngine, name: bytes) -> QQuickItem:
    component = QQmlComponent(engine)
    component.setData(QML % name, QUrl())
    item = component.create()
    assert isinstance(item, QQuickItem), component.errorString()
    return item


def test_qml_shows_a_picture_and_its_arrow_moves(qtbot: QtBot, engine: QQmlEngine) -> None:
    item = shown(engine, b"place-parcel")
    view = QQuickWindow()
    item.setParentItem(view.contentItem())
    view.resize(400, 500)
    view.show()
    still = view.grabWindow()
    assert drawing.LIGHT["blue"] in shades(still)
    item.setProperty("push", 1.0)
    moved = view.grabWindow()
    assert moved != still
    item.setProperty("push", 0.0)
    item.setProperty("contrast", True)
    assert drawing.HIGH["blue"] in shades(view.grabWindow())
    view.close()


def test_qml_is_warned_of_an_unknown_name(engine: QQmlEngine) -> None:
    said: list[str] = []
    before = qInstallMessageHandler(lambda kind, _, text: said.append(text) if kind == QtMsgType.QtWarningMsg else None)
    shown(engine, b"parcle")
    qInstallMessageHandler(before)
    assert [text for text in said if "'parcle'" in text]


def test_every_name_that_a_screen_writes_is_drawn() -> None:
    kiosk = drawing.PICTURES.parents[1]
    lines = [line for path in kiosk.rglob("*.qml") for line in path.read_text("utf-8").splitlines()]
    asked = [line for line in lines if re.match(r"\s*(?:property string )?(?:icon|picture|name): ", line)]
    assert asked
    said = [re.sub(r'(=== |\()"[^"]*"', "", line) for line in asked]
    assert {word for line in said for word in re.findall(r'"([a-z-]+)"', line)} <= set(drawing.names())
