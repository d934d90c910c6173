"""The screen process: shows the view it is sent, sends back what the customer asks for, owns nothing."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from kiosk.ui import scene
from kiosk.ui.bridge import Bridge, Say
from kiosk.ui.camera import Frame, Look, Preview
from kiosk.ui.hand import Hand
from kiosk.ui.keypad import Keypad
from kiosk.ui.messages import Answer, Down, Refused, View
from kiosk.ui.speech import Announcer, Voice, voice
from kiosk.ui.wire import Wire
from kiosk.words import Words

log = logging.getLogger(__name__)
PX_PER_MM = 3.21
STAY_S = 5.0


def speaker() -> Say:
    """Words of every language, each catalogue read once."""
    read: dict[str, Words] = {}

    def say(language: str, id: str, args: Mapping[str, Any]) -> str:
        if language not in read:
            read[language] = Words(language)
        return read[language].tell(id, args)

    return say


def dark() -> Frame | None:
    """No camera."""
    return None


class Screen(QObject):
    """One screen, in a process of its own or inside a test. Without a link, show() feeds it and `sent` collects."""

    def __init__(
        self,
        screens: Mapping[str, Path],
        link: Path | None = None,
        *,
        look: Look = dark,
        px_per_mm: float = PX_PER_MM,
        say: Say | None = None,
        mouth: Voice | None = None,
        motion: int = 240,
    ) -> None:
        self.app = scene.application()
        super().__init__()
        words = say or speaker()
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[tuple[str, str, int]] = []
        self.painted_seq = -1
        self.frames = 0
        self.times_ms: list[float] = []
        self.on_first_frame: Callable[[], None] | None = None
        self._bridge, self._preview = Bridge(words, self), Preview(look, self)
        self.scene = scene.Scene(self._bridge, self._preview, screens, px_per_mm)
        self.scene.motion(motion)
        self.announcer = Announcer(words, mouth or voice(self), self.scene.keys)
        self.hand = Hand(self.scene)
        self._view: View | None = None
        self._parted: View | None = None  # what was shown when the core went away
        self._asked_at: float | None = None
        self._named = ""  # what has the focus, as it was said
        self._stayed = 0.0
        self._wire = Wire(link, self) if link else None
        self._join()

    def _join(self) -> None:
        self._bridge.wanted.connect(self._want)
        self._bridge.asked.connect(self._ask)
        self.scene.window.frameSwapped.connect(self._swapped)
        self.scene.window.activeFocusItemChanged.connect(self._focused)
        self._after_key = QTimer(self, singleShot=True, interval=0)
        self._after_key.timeout.connect(self._keys_changed)
        self._keypad = Keypad(self.scene, self._alive, self._plugged, self)
        self.scene.window.installEventFilter(self._keypad)
        if self._wire:
            self._wire.arrived.connect(self._arrived)
            self._wire.linked.connect(self._linked)
        else:
            self.scene.set("connected", True)

    def open(self, full: bool = False) -> None:
        """Show the window and, where there is a link, connect."""
        self.scene.fit(full)
        if self._wire:
            self._wire.open()

    def current(self) -> View | None:
        """The view that is shown."""
        return self._view

    def show(self, view: View) -> None:
        """Show a view; a screen that has no page is logged and covered."""
        try:
            page = self.scene.page(view.screen)
        except LookupError as missing:
            log.error("%s", missing)
            self.scene.set("connected", False)
            return
        self._view = view
        self.scene.set("connected", True)
        self.scene.show(view.model_dump(mode="json"), page)
        self.announcer.view(view)
        self.scene.window.update()

    def close(self) -> None:
        """Hang up, fall silent, close."""
        if self._wire:
            self._wire.close()
        self.announcer.hush()
        self.scene.window.removeEventFilter(self._keypad)
        self.scene.close()

    # --- for tests and the tour: the customer's hand

    def grab(self, path: Path) -> None:
        """A picture of what is on the screen."""
        self.settle()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.scene.window.grabWindow().save(str(path))

    def tap(self, name: str) -> None:
        """Touch the item of this objectName in its middle."""
        self.settle()
        self.hand.tap(name)
        self.settle()

    def key(self, key: str) -> None:
        """Press a key of the tactile keypad: Tab, Left, Return, Escape … or one letter."""
        self.hand.key(key)
        self.settle()

    def settle(self) -> None:
        """Let everything that is due happen: events, layout, two frames."""
        for _ in range(2):
            before, end = self.frames, time.monotonic() + 0.5
            for _ in range(3):
                self.app.processEvents()
            self.scene.window.update()
            while self.frames == before and time.monotonic() < end:
                time.sleep(0.001)  # a frame is due in a few milliseconds; whoever shares the processor has them
                self.app.processEvents()
        self._bury()

    def _bury(self) -> None:
        """Old pages go at once; outside exec() Qt would keep them."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def wait(self, screen: str, timeout_s: float = 10.0, true: Callable[[View], bool] = lambda view: True) -> View:
        """Until this screen is shown and painted, and this is true of it; TimeoutError after that long."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            self.app.processEvents()
            self._bury()
            view = self._view
            if view and view.screen == screen and self.painted_seq >= view.seq and true(view):
                return view
            time.sleep(0.002)
        raise TimeoutError(f"{screen} was not painted in {timeout_s} s; {self._view and self._view.screen} is shown")

    # --- what happens

    def _arrived(self, message: Down) -> None:
        match message:
            case View():
                self.show(message)
                self._restore(message)
            case Answer(n=n, items=items):
                self.scene.answer(n, items)
            case Refused(reason=reason, args=args) if "." in reason:
                self.scene.set("refusal", {"id": reason, "args": args})
                if self._view:
                    self.announcer.refuse(message, self._view)
            case Refused(intent=intent, reason=reason):
                log.info("refused %s: %s", intent, reason)

    def _linked(self, there: bool) -> None:
        if not there:
            self._parted = self._parted or self._view
        if not there or self._view is None:
            self.scene.set("connected", False)

    def _restore(self, view: View) -> None:
        """The core records no wishes: after its restart, whoever still stands here hears and reads on as before."""
        before, self._parted = self._parted, None
        if before is None or not (before.chrome.privacy and view.chrome.privacy):
            return
        if before.chrome.language != view.chrome.language:
            self._want("language", {"tag": before.chrome.language})
        now = view.chrome.access.model_dump()
        for mode, on in before.chrome.access.model_dump().items():
            if on and not now[mode]:
                self._want("access", {"mode": mode, "on": True})

    def _want(self, name: str, args: dict[str, Any]) -> None:
        self.sent.append((name, args))
        if name == "repeat":
            if self._view:
                self.announcer.repeat(self._view)
            return
        self._asked_at = time.perf_counter()
        seq = self._view.seq if self._view else 0
        if self._wire:
            self._wire.send({"type": "intent", "name": name, "seq": seq, "args": args})

    def _ask(self, what: str, text: str, n: int) -> None:
        self.asked.append((what, text, n))
        if self._wire:
            self._wire.send({"type": "ask", "ask": what, "n": n, "text": text})

    def _alive(self) -> bool:
        """A sign of life; True when it only ended the idle warning."""
        self.announcer.hush()
        warned = self._view is not None and self._view.chrome.idle.warn
        self._after_key.start()
        if self._view and (warned or time.monotonic() - self._stayed > STAY_S):
            self._stayed = time.monotonic()
            self._want("stay", {})
        return warned

    def _plugged(self, there: bool) -> None:
        """Earphones went in or out; whoever plugs them in wants to hear."""
        self.announcer.plugged(there, self._view)
        if there and self._view and not self._view.chrome.access.voice:
            self._want("access", {"mode": "voice", "on": True})

    def _focused(self) -> None:
        item = self.scene.window.activeFocusItem()
        self._named = str(item.property("label") or "") if item and item.activeFocusOnTab() else ""
        if self._view and item and self._named:
            self.announcer.focus(self._named, bool(item.property("personal")), self._view)

    def _keys_changed(self) -> None:
        """A page was turned, or enough was entered: Enter does something else now; or what was pressed has another
        name now, because it is chosen."""
        item = self.scene.window.activeFocusItem()
        if self._named and item and item.property("label") != self._named:
            self._focused()
        if self._view:
            self.announcer.keys(self._view)

    def _swapped(self) -> None:
        self.frames += 1
        if self._view is None or self.painted_seq == self._view.seq:
            return
        first = self.painted_seq < 0
        self.painted_seq = self._view.seq
        if self._asked_at is not None:
            self.times_ms.append((time.perf_counter() - self._asked_at) * 1000)
            self._asked_at = None
        if first and self.on_first_frame:
            self.on_first_frame()


def lived_s() -> float:
    """Seconds since the kernel started this process (proc(5), stat field 22)."""
    fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")


def run(
    link: Path,
    screens: Mapping[str, Path],
    look: Look = dark,
    px_per_mm: float = PX_PER_MM,
    full: bool = False,
    earphones: str = "",
) -> int:
    """The screen process until its window is closed; logs one line when the first view is painted. Exit code."""
    shown = Screen(screens, link, look=look, px_per_mm=px_per_mm)
    if earphones:
        shown.announcer.outlet(voice(shown, earphones))
    shown.on_first_frame = lambda: log.info("first frame after %.0f ms", lived_s() * 1000)
    shown.open(full)
    code = shown.app.exec()
    shown.close()
    return code
