"""The window and its QML: the application, the engine, the singletons, and the page of each screen."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Q_ARG, QCoreApplication, QEvent, QMetaObject, QObject, QRect, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine, QQmlError
from PySide6.QtQuick import QQuickItem, QQuickWindow, QSGRendererInterface

from kiosk.ui import camera, drawing, focus, fonts
from kiosk.ui.bridge import Bridge
from kiosk.ui.camera import Preview

log = logging.getLogger(__name__)
QML = Path(__file__).parent / "qml"
MODULE = "PostKiosk"
WIDTH, HEIGHT = 1080, 1920


#: The two buttons of every screen's action row.
ACTIONS = ("primary", "secondary")


@dataclass(frozen=True)
class Keys:
    """What Enter does now, what it does once something was entered, what Escape does; whether arrows choose."""

    enter: str = ""
    later: str = ""
    escape: str = ""
    choosing: bool = False


class NoScreen(Exception):
    """One line: why the screen cannot start."""


def application() -> QGuiApplication:
    """The one application; offscreen where there is no display, drawn by the processor everywhere."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if "QT_QUICK_BACKEND" not in os.environ:
        QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)
    return QGuiApplication(["kiosk"])


class Scene:
    """Main.qml with its singletons. `screens` holds the folder of each service's pages."""

    def __init__(self, bridge: Bridge, preview: Preview, screens: Mapping[str, Path], px_per_mm: float) -> None:
        # Qt 6.11's garbage collector now and then walks into freed stack of compiled loops; interpreted ones are safe.
        os.environ.setdefault("QV4_FORCE_INTERPRETER", "1")
        self._screens = {"home": QML / "home", **screens}
        self.warnings: list[str] = []
        fonts.load()
        drawing.register()
        camera.register()
        self._engine = QQmlApplicationEngine()
        self._engine.warnings.connect(self._warn)
        self._engine.addImportPath(str(QML))
        self._pictures = drawing.Pictures()
        self._engine.addImageProvider("pictures", self._pictures)
        self._link = self._singleton("Link")
        self._theme = self._singleton("Theme")
        self._link.setProperty("backend", bridge)
        self._link.setProperty("cameras", preview)
        self._theme.setProperty("pxPerMm", px_per_mm)
        self._engine.load(QUrl.fromLocalFile(str(QML / MODULE / "Main.qml")))
        self.window = self._root()

    def _singleton(self, name: str) -> QObject:
        found = self._engine.singletonInstance(MODULE, name)
        if not isinstance(found, QObject):
            raise NoScreen(f"{QML / MODULE / name}.qml does not load: {self._why()}")
        return found

    def _root(self) -> QQuickWindow:
        roots = self._engine.rootObjects()
        if not roots or not isinstance(roots[0], QQuickWindow):
            raise NoScreen(f"{QML / MODULE}/Main.qml does not load: {self._why()}")
        return roots[0]

    def _why(self) -> str:
        return self.warnings[0] if self.warnings else "the QML engine does not say why"

    def _warn(self, errors: list[QQmlError]) -> None:
        for error in errors:
            self.warnings.append(error.toString())
            log.warning("%s", error.toString())

    def page(self, screen: str) -> Path:
        """The QML file of `service/Screen`; LookupError when there is none."""
        service, _, name = screen.partition("/")
        path = self._screens.get(service, Path()) / f"{name}.qml"
        if service not in self._screens or not path.is_file():
            raise LookupError(f"no page for {screen}: {path} does not exist")
        return path

    def show(self, view: Mapping[str, Any], page: Path) -> None:
        """This view on this page."""
        self._link.setProperty("refusal", None)
        self._link.setProperty("page", QUrl.fromLocalFile(str(page)))
        self._link.setProperty("view", dict(view))

    def set(self, name: str, value: object) -> None:
        """A property of Link: connected, keypad, refusal."""
        self._link.setProperty(name, value)

    def call(self, signal: str) -> None:
        """A signal of Link without values: escaped, again."""
        QMetaObject.invokeMethod(self._link, signal)

    def type(self, text: str) -> None:
        """A letter or figure of the tactile keypad."""
        QMetaObject.invokeMethod(self._link, "type", Q_ARG("QVariant", text))

    def keys(self) -> Keys:
        """What the keypad does on the page that is shown, by the words that stand on it."""
        page = self.window.property("current")
        if not isinstance(page, QQuickItem):
            return Keys()
        names = [item.objectName() for item in focus.stops(page)]
        pad = any(name.startswith("key-") for name in names)
        choosing = any(name not in ACTIONS and not name.startswith("key-") for name in names)
        said = {word: str(page.property(f"{word}Text") or "") for word in ("enter", "later", "escape")}
        return Keys(said["enter"], said["later"] if pad else "", said["escape"], choosing)

    def answer(self, n: int, items: list[dict[str, Any]]) -> None:
        """What a look-up found."""
        self._link.setProperty("answer", {"n": n, "items": items})

    def motion(self, ms: int) -> None:
        """How long a page slides; 0 = not at all."""
        self._theme.setProperty("motion", ms)

    @property
    def link(self) -> QObject:
        """The QML singleton Link."""
        return self._link

    @property
    def theme(self) -> QObject:
        """The QML singleton Theme."""
        return self._theme

    @property
    def root(self) -> QQuickItem:
        """The item that everything lies in."""
        return self.window.contentItem()

    def fit(self, full: bool) -> None:
        """Fill the display, or stand on it as a portrait window; 1080 × 1920 where there is none."""
        if QGuiApplication.platformName() == "offscreen":
            self.window.setGeometry(QRect(0, 0, WIDTH, HEIGHT))
            self.window.show()
        elif full:
            self.window.showFullScreen()
        else:
            room = self.window.screen().availableGeometry()
            high = min(room.height() - 60, HEIGHT)
            self.window.setGeometry(QRect(room.x() + 20, room.y() + 30, high * WIDTH // HEIGHT, high))
            self.window.show()

    def close(self) -> None:
        """Close the window and forget the engine."""
        self.window.close()
        self._link.setProperty("backend", None)
        self._engine.deleteLater()
        QCoreApplication.sendPostedEvents(self._engine, QEvent.Type.DeferredDelete.value)
