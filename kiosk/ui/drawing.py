"""The pictures of the screens: `Drawing { name: "place-parcel"; contrast: Theme.contrast }` in QML.

Call `register()` once before the QML engine loads: it adds `Drawing` to the module PostKiosk. Pictures are
`pictures/*.svg`, whose colours are tokens (`@ink`, `@kraftTop`) that LIGHT or HIGH answers. A group with the
id `arrow` moves while `push` runs from 0 to 1.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import Property, QByteArray, QPointF, QRectF, QSize, QSizeF, Qt, Signal, qWarning
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQml import qmlRegisterType
from PySide6.QtQuick import QQuickImageProvider, QQuickItem, QQuickPaintedItem
from PySide6.QtSvg import QSvgRenderer

PICTURES = Path(__file__).parent / "pictures"
ARROW = re.compile(r'<g id="arrow" data-push="(\S+) (\S+)">.*?</g>', re.DOTALL)
TOKEN = re.compile(r"@(\w+)")

LIGHT: Mapping[str, str] = MappingProxyType({
    "ink": "#1B1E24", "mark": "#FFFFFF", "lit": "#FFFFFF", "paper": "#FFFFFF", "blue": "#0B57D0",
    "kraftTop": "#F0DBB8", "kraftMid": "#DDBD8B", "kraftDark": "#C39C66", "tape": "#B98A52", "tapeMid": "#A5773F",
    "steelTop": "#F8F9FB", "steelMid": "#DBE1E8", "steelDark": "#B6C1CD",
    "deviceTop": "#69737F", "deviceMid": "#474F5B", "deviceDark": "#343A44",
    "glassTop": "#CFE1F5", "glassMid": "#B3CCE6", "glassDark": "#95B4D3",
    "counterTop": "#FFFFFF", "counterMid": "#F2EEE6", "counterDark": "#DAD3C6",
    "amber": "#F7DD9E", "ok": "#1B6E3C", "okTint": "#BFE3CB", "skin": "#EFC7A4",
})
HIGH: Mapping[str, str] = MappingProxyType({
    "ink": "#FFFFFF", "mark": "#000000", "lit": "#FFFFFF", "paper": "#000000", "blue": "#00E5FF",
    "kraftTop": "#454545", "kraftMid": "#2B2B2B", "kraftDark": "#141414", "tape": "#000000", "tapeMid": "#000000",
    "steelTop": "#303030", "steelMid": "#1C1C1C", "steelDark": "#0A0A0A",
    "deviceTop": "#262626", "deviceMid": "#141414", "deviceDark": "#000000",
    "glassTop": "#003A42", "glassMid": "#002A30", "glassDark": "#001A1E",
    "counterTop": "#1C1C1C", "counterMid": "#101010", "counterDark": "#000000",
    "amber": "#3A3400", "ok": "#7CFF9B", "okTint": "#0B3318", "skin": "#3A3A3A",
})
ALSO: Mapping[str, str] = MappingProxyType({
    "animals": "animal", "back": "chevron-left", "device": "electronics", "document": "documents",
    "drop-parcel": "hatch-open", "edit": "pencil", "heavy": "weight", "money": "cash", "next": "chevron-right",
    "no-animal": "no-animals", "no-fire": "no-flammable", "no-weight": "no-heavy", "receipts": "take-receipt",
    "shirt": "clothes", "working-measure": "measuring", "working-reverse": "money-back",
})


class Unknown(LookupError):
    """No picture of that name."""


def names() -> list[str]:
    """Every name that may be drawn, second names included."""
    return sorted([*(path.stem for path in PICTURES.glob("*.svg")), *ALSO])


class Picture:
    """One picture in one palette; `size` in its own units, `push` the arrow's way in them."""

    def __init__(self, name: str, contrast: bool) -> None:
        text = coloured(source(name), HIGH if contrast else LIGHT)
        arrow = ARROW.search(text)
        self._still = renderer(ARROW.sub("", text))
        self._arrow = renderer(text[: text.index(">") + 1] + arrow[0] + "</svg>") if arrow else None
        self.push = QPointF(float(arrow[1]), float(arrow[2])) if arrow else QPointF()
        self.size = self._still.viewBoxF().size()

    def still(self, pixels: QSize) -> QImage:
        """All but the arrow, on transparent ground."""
        return painted(self._still, pixels)

    def arrow(self, pixels: QSize) -> QImage | None:
        """The arrow alone, in its place; None where there is none."""
        return painted(self._arrow, pixels) if self._arrow else None


class Drawing(QQuickPaintedItem):
    """A picture, as large as fits, standing at `align` ("bottom", "center", "top" and "left", "right")."""

    nameChanged = Signal()
    contrastChanged = Signal()
    alignChanged = Signal()
    pushChanged = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._name, self._contrast, self._align, self._push = "", False, "bottom", 0.0
        self._picture: Picture | None = None
        self._layers: tuple[QSize, QImage, QImage | None] | None = None
        self.windowChanged.connect(self._moved)

    def _moved(self, window: object) -> None:
        """Off the screen a drawing holds no pixels: its Python half may outlive its page."""
        if window is None:
            self._picture, self._layers = None, None
        elif self._picture is None:
            self._load()

    def paint(self, painter: QPainter) -> None:
        """Draw the layers, made anew only when the size in pixels changed."""
        if not self._picture:
            return
        box = placed(self._picture.size, QSizeF(self.width(), self.height()), self._align)
        still, arrow = self._at_size(self._picture, (box.size() * painter.deviceTransform().m11()).toSize())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(box, still)
        if arrow:
            way = self._picture.push * (self._push * box.width() / self._picture.size.width())
            painter.drawImage(box.translated(way), arrow)

    def _at_size(self, drawn: Picture, pixels: QSize) -> tuple[QImage, QImage | None]:
        if not self._layers or self._layers[0] != pixels:
            self._layers = pixels, drawn.still(pixels), drawn.arrow(pixels)
        return self._layers[1], self._layers[2]

    def _load(self) -> None:
        self._picture, self._layers = None, None
        try:
            self._picture = Picture(self._name, self._contrast) if self._name else None
        except Unknown as unknown:
            qWarning(str(unknown))
        size = self._picture.size if self._picture else QSizeF()
        self.setImplicitSize(size.width(), size.height())
        self.update()

    def _get_name(self) -> str:
        return self._name

    def _set_name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self._load()
            self.nameChanged.emit()

    def _get_contrast(self) -> bool:
        return self._contrast

    def _set_contrast(self, contrast: bool) -> None:
        if contrast != self._contrast:
            self._contrast = contrast
            self._load()
            self.contrastChanged.emit()

    def _get_align(self) -> str:
        return self._align

    def _set_align(self, align: str) -> None:
        if align != self._align:
            self._align = align
            self.update()
            self.alignChanged.emit()

    def _get_push(self) -> float:
        return self._push

    def _set_push(self, push: float) -> None:
        if push != self._push:
            self._push = push
            self.update()
            self.pushChanged.emit()

    def _get_ratio(self) -> float:
        return self._picture.size.width() / self._picture.size.height() if self._picture else 1.0

    name = Property(str, _get_name, _set_name, notify=nameChanged)
    contrast = Property(bool, _get_contrast, _set_contrast, notify=contrastChanged)
    align = Property(str, _get_align, _set_align, notify=alignChanged)
    push = Property(float, _get_push, _set_push, notify=pushChanged)
    ratio = Property(float, _get_ratio, notify=nameChanged)


def register() -> None:
    """Make `Drawing` known to QML as a type of the module PostKiosk."""
    qmlRegisterType(Drawing, "PostKiosk", 1, 0, "Drawing")  # type: ignore[call-overload]  # the stub says bytes, the binding takes str


class Pictures(QQuickImageProvider):
    """The same pictures for QML's own `Image`: `image://pictures/<name>/light` or `/dark`, as wide as asked."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:
        """The picture, or an empty one after a warning."""
        name, _, palette = id.partition("/")
        try:
            return picture(name, max(1, requestedSize.width()), palette == "dark")
        except Unknown as unknown:
            qWarning(str(unknown))
            return QImage()


def picture(name: str, px: int, contrast: bool) -> QImage:
    """The whole picture, `px` pixels wide, on transparent ground. Unknown if there is none."""
    drawn = Picture(name, contrast)
    pixels = QSize(px, max(1, round(px * drawn.size.height() / drawn.size.width())))
    image, arrow = drawn.still(pixels), drawn.arrow(pixels)
    if arrow:
        painter = QPainter(image)
        painter.drawImage(0, 0, arrow)
        painter.end()
    return image


def source(name: str) -> str:
    """The SVG of a name, its colours still tokens. Unknown if there is none."""
    path = PICTURES / f"{ALSO.get(name, name)}.svg"
    if not re.fullmatch(r"[a-z-]+", name) or not path.is_file():
        raise Unknown(f"No picture is called {name!r}: put one into kiosk/ui/pictures or use one of its names")
    return path.read_text("utf-8")


def coloured(text: str, palette: Mapping[str, str]) -> str:
    """The SVG with every token answered by the palette; KeyError names a token that it lacks."""
    return TOKEN.sub(lambda token: palette[token[1]], text)


def renderer(text: str) -> QSvgRenderer:
    """Qt's renderer of one SVG text."""
    made = QSvgRenderer(QByteArray(text.encode()))
    made.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return made


def painted(drawn: QSvgRenderer, pixels: QSize) -> QImage:
    """The SVG filling `pixels`, on transparent ground."""
    image = QImage(pixels.expandedTo(QSize(1, 1)), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawn.render(painter)
    painter.end()
    return image


def placed(size: QSizeF, room: QSizeF, align: str) -> QRectF:
    """Where a picture of that size lies, as large as the room allows."""
    fit = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    left = 0.0 if "left" in align else room.width() - fit.width()
    top = 0.0 if "top" in align else room.height() - fit.height()
    x = left if "left" in align or "right" in align else left / 2
    y = top / 2 if "center" in align else top
    return QRectF(QPointF(x, y), fit)
