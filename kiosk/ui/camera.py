"""The live camera picture as an item that every renderer paints; a calm surface while there is none."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Property, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQml import qmlRegisterType
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from vision.preview import Preview as Picture
from vision.preview import PreviewReader

PERIOD_MS = 66
FRESH_S = 2.0


@dataclass(frozen=True)
class Frame:
    """One picture: rows of blue, green, red bytes; `number` grows with each new one."""

    width: int
    height: int
    number: int
    bgr: bytes


Look = Callable[[], Frame | None]
"""The newest frame, or None while there is none or it is stale."""


class PreviewFile:
    """Looks into the measurer's preview file; a picture older than two seconds is no picture."""

    def __init__(self, path: Path) -> None:
        self._reader = PreviewReader(path)
        self._kept: Frame | None = None
        self._at_s = 0.0

    def newest(self) -> Frame | None:
        """The newest frame, or None (kiosk.ui.camera.Look)."""
        found = self._reader.newest(self._kept.number if self._kept else 0)
        if found is not None:
            self._kept, self._at_s = Frame(found.width, found.height, found.number, _bgr(found)), found.at_s
        return self._kept if time.monotonic() - self._at_s < FRESH_S else None


def _bgr(found: Picture) -> bytes:
    """Four bytes a pixel as three: what QImage calls BGR888."""
    image = QImage(found.pixels, found.width, found.height, found.stride, QImage.Format.Format_RGB32)
    three = image.convertToFormat(QImage.Format.Format_BGR888)  # kept while its bytes are copied
    return bytes(three.constBits())


class Preview(QObject):
    """Hands the newest frame to whoever paints it."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def frame(self) -> Frame | None:
        """The newest frame."""
        return self._look()


class CameraPicture(QQuickPaintedItem):
    """Paints the newest frame, filling its box; looks for a new one some fifteen times a second while running."""

    runningChanged = Signal()
    stillChanged = Signal()
    sourceChanged = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._running, self._still, self._source = False, QColor("#5B616B"), QObject()
        self._frame: Frame | None = None
        self._timer = QTimer(self, interval=PERIOD_MS)
        self._timer.timeout.connect(self._look)
        self.windowChanged.connect(self._moved)

    def _moved(self, window: object) -> None:
        """Off the screen it holds no picture: its Python half may outlive its page."""
        if window is None:
            self._frame = None

    def paint(self, painter: QPainter) -> None:
        """The frame cropped to the box, or the calm surface."""
        box = QRectF(0, 0, self.width(), self.height())
        if self._frame is None:
            painter.fillRect(box, self._still)
            return
        made = self._frame
        image = QImage(made.bgr, made.width, made.height, made.width * 3, QImage.Format.Format_BGR888)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(box, image, cropped(made.width, made.height, box))

    def _look(self) -> None:
        frame = self._source.frame() if isinstance(self._source, Preview) else None
        if frame != self._frame:
            self._frame = frame
            self.update()

    def _get_running(self) -> bool:
        return self._running

    def _set_running(self, running: bool) -> None:
        if running == self._running:
            return
        self._running = running
        if running:
            self._look()
            self._timer.start()
        else:
            self._timer.stop()
            self._frame = None
            self.update()
        self.runningChanged.emit()

    def _get_still(self) -> QColor:
        return self._still

    def _set_still(self, still: QColor) -> None:
        self._still = still
        self.update()
        self.stillChanged.emit()

    def _get_source(self) -> QObject:
        return self._source

    def _set_source(self, source: QObject) -> None:
        self._source = source
        self._look()
        self.sourceChanged.emit()

    running = Property(bool, _get_running, _set_running, notify=runningChanged)
    still = Property(QColor, _get_still, _set_still, notify=stillChanged)
    source = Property(QObject, _get_source, _set_source, notify=sourceChanged)


def cropped(width: int, height: int, box: QRectF) -> QRectF:
    """The largest middle part of a picture that has the shape of the box."""
    if box.isEmpty():
        return QRectF(0, 0, width, height)
    size = box.size().scaled(width, height, Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF((width - size.width()) / 2, (height - size.height()) / 2, size.width(), size.height())


def register() -> None:
    """Make `CameraPicture` known to QML as a type of the module PostKiosk."""
    qmlRegisterType(CameraPicture, "PostKiosk", 1, 0, "CameraPicture")  # type: ignore[call-overload]  # stub asks bytes; Qt takes str
