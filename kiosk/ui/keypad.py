"""Keys of the tactile keypad and signs of life, seen before the window sees them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickItem

from kiosk.ui import focus
from kiosk.ui.scene import Scene

TOUCHES = (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin)
PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
#: How an audio keypad reports its earphone outlet: a plug in, and out again.
PLUGS = {Qt.Key.Key_F15: True, Qt.Key.Key_F16: False}


class Keypad(QObject):
    """Moves the focus, goes back on Escape, hands letters and figures to the field that is open."""

    def __init__(
        self, scene: Scene, alive: Callable[[], bool], plugged: Callable[[bool], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._scene = scene
        self._alive = alive
        self._plugged = plugged

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """True = the event goes no further."""
        if event.type() in TOUCHES:
            self._scene.set("keypad", False)
            return self._alive()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in PLUGS:
                self._alive()
                self._plugged(PLUGS[Qt.Key(event.key())])
                return True
            self._scene.set("keypad", True)
            return self._alive() or self._press(event)
        return False

    def _press(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        current = self._scene.window.activeFocusItem()
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            focus.step(self._scene.root, current, key == Qt.Key.Key_Tab)
        elif key in focus.WAYS:
            focus.move(self._scene.root, current, key)
        elif key == Qt.Key.Key_Escape:
            self._scene.call("escaped")
        elif key == Qt.Key.Key_F1:
            self._scene.call("again")
        elif key == Qt.Key.Key_Backspace:
            self._scene.type("\b")
        elif key in PRESSES:
            return self._entered(event, current)
        elif event.text().isprintable() and event.text():
            self._scene.type(event.text())
        else:
            return False
        return True

    def _entered(self, event: QKeyEvent, current: QQuickItem | None) -> bool:
        """Enter presses what has the focus; where nothing has it, the wide action. Space presses, and is a letter."""
        if current in focus.stops(self._scene.root):
            return False
        if event.key() == Qt.Key.Key_Space:
            self._scene.type(" ")
        elif not event.isAutoRepeat():
            self._scene.call("entered")
        return True
