"""A customer's hand for tests and the tour: touches items by name, presses keys."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtQuick import QQuickItem

from kiosk.ui import focus
from kiosk.ui.scene import Scene

LEFT, NO = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
NONE = Qt.KeyboardModifier.NoModifier


class Hand:
    """Acts on one window."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def find(self, name: str) -> QQuickItem:
        """The visible, enabled item of this objectName; LookupError names those that are there."""
        here = [item for item in focus.items(self._scene.root) if item.objectName() and item.isEnabled()]
        for item in here:
            if item.objectName() == name:
                return item
        raise LookupError(f"{name} is not on the screen; there are {', '.join(item.objectName() for item in here)}")

    def named(self, beginning: str) -> list[str]:
        """The names on the screen that begin so, in reading order."""
        names = [item.objectName() for item in focus.items(self._scene.root) if item.isEnabled()]
        return [name for name in names if name.startswith(beginning)]

    def tap(self, name: str) -> None:
        """Touch it in its middle."""
        self.touch(focus.place(self.find(name)).center())

    def touch(self, point: QPointF) -> None:
        """Touch this point of the window."""
        for kind, held in (
            (QEvent.Type.MouseButtonPress, LEFT),
            (QEvent.Type.MouseButtonRelease, NO),
        ):
            event = QMouseEvent(kind, point, point, LEFT, held, NONE)
            QCoreApplication.sendEvent(self._scene.window, event)

    def key(self, name: str) -> None:
        """Press and release a key: its Qt name (Tab, Return, Left, Escape), or one letter or figure."""
        if len(name) == 1:
            code, text = (ord(name.upper()) if name.isascii() else 0), name
        else:
            code, text = Qt.Key[f"Key_{name}"].value, "\b" if name == "Backspace" else ""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self._scene.window, QKeyEvent(kind, code, NONE, text))
