"""Three ways to use the bank counter: a finger, a tactile keypad with nothing but the voice to go by, and the link.

A story says what a customer does by the intent that comes of it; each way does it with its own means, and what the
screen really sent is held against what was meant.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent

from kiosk.ui import focus
from kiosk.ui.guest import Guest
from kiosk.ui.hangul import keys_of
from kiosk.ui.messages import View
from kiosk.ui.screen import Screen, speaker
from kiosk.ui.speech import Heard, Silent, script
from tests.branch import Customer, until
from tests.kiosk.bank.ear import owed
from tests.ui.pictures import SCREENS

Json = dict[str, Any]
WAYS = ("touch", "keypad", "link")
#: Intents whose argument is typed, and its name.
TYPED = {"set_field": "text", "set_reference": "text", "set_phone": "digits", "set_account": "digits",
         "set_amount": "won", "set_wish": "won"}  # fmt: skip
#: Intents that are a choice of a list, and the argument that names it.
CHOSEN = {
    "choose_kind": "kind", "choose_product": "id", "choose_document": "kind", "choose_term": "months", "edit": "field",
    "choose_business": "what", "choose_bank": "bank", "choose_how": "how", "choose_when": "when",
    "choose_block": "block",
}  # fmt: skip
STROKES = ["100,100 200,300 300,200 400,500", "600,100 700,300 800,200 900,500"]
LOST_AFTER_S = 40.0
SAY = speaker()
#: A window in which the same scene is painted with a sixteenth of the work.
SMALL = QRect(0, 0, 270, 480)


class Hands(Protocol):
    """Somebody at the counter."""

    def sees(self, *screens: str, so: Callable[[Json], bool] = ..., noticed: bool = False) -> Json:
        """The view, once it is one of these screens, its values are so, and a notice that is waited for is there."""

    def does(self, intent: str, **args: Any) -> None:
        """What this intent means, by the means of this way."""

    def refusal(self) -> str:
        """Why nothing came of the last thing done."""

    def signs(self) -> None:
        """A signature: drawn, or by name where the hand cannot."""

    def again(self) -> None:
        """The core was started anew."""


def anything(values: Json) -> bool:
    """Whatever they are."""
    return True


class Link:
    """A client of the link, without a screen."""

    def __init__(self, path: Path) -> None:
        self._customer = Customer(path)

    def sees(self, *screens: str, so: Callable[[Json], bool] = anything, noticed: bool = False) -> Json:
        """The view, once it is one of these screens and its values are so."""

        def there() -> bool:
            self._customer.read()
            if self._customer.screen not in screens or (noticed and self._customer.view["notice"] is None):
                return False
            return so(self._customer.view["values"])

        until(there, LOST_AFTER_S, f"the screen is {' or '.join(screens)}", said=lambda: self._customer.screen)
        return self._customer.view

    def does(self, intent: str, **args: Any) -> None:
        """Send it."""
        self._customer.does(intent, **args)

    def refusal(self) -> str:
        """The newest refusal's id."""
        until(lambda: bool(self._refused()), LOST_AFTER_S, "it is refused")
        return str(self._refused()[-1]["reason"])

    def _refused(self) -> list[Json]:
        self._customer.read()
        return [each for each in self._customer.answers if each["type"] == "refused"]

    def signs(self) -> None:
        """Strokes as a glass sends them."""
        self.does("sign", strokes=STROKES)

    def again(self) -> None:
        """Connect anew."""
        self._customer.again()

    def close(self) -> None:
        """Hang up."""
        self._customer.close()


class Touch:
    """A finger on the real screen."""

    keypad = False

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.guest = Guest(screen, lambda *_, **__: None, keypad=self.keypad)
        self.seen = list[str]()

    def sees(self, *screens: str, so: Callable[[Json], bool] = anything, noticed: bool = False) -> Json:
        """The view, once it is painted, one of these screens, and its values are so."""
        end = time.monotonic() + LOST_AFTER_S
        while time.monotonic() < end:
            self.screen.app.processEvents()
            view = self.screen.current()
            name = view.screen.rpartition("/")[2] if view else ""
            there = name in screens and view is not None and (view.notice is not None or not noticed)
            if view and there and so(view.values) and self.screen.painted_seq >= view.seq:
                self.screen.settle()
                self.arrives(view)
                return view.model_dump(mode="json")
            time.sleep(0.004)
        raise TimeoutError(f"{' or '.join(screens)} was not painted; {view and view.screen} is shown")

    def arrives(self, view: View) -> None:
        """A view is painted that is now looked at."""
        self.seen.append(view.screen)
        assert self.screen.scene.warnings == []

    def does(self, intent: str, **args: Any) -> None:
        """Find what does it on the screen, act on it, and see that it was sent just so."""
        before = len(self.sent())
        if intent == "set_reference":
            self.picks(f"choice-{args['bank']}")
        if intent in TYPED:
            self.clears()
            self.types(str(args[TYPED[intent]]))
            self.press("primary")
        else:
            for part in args.get("optional", ()):
                self.chooses(f"optional-{part}")
            self.press(self.named(intent, args))
        assert self.sent()[before:] == [(intent, args)], (intent, args)

    def picks(self, name: str) -> None:
        """A choice that only leads on within the page."""
        self.screen.tap(name)

    def types(self, text: str) -> None:
        """Key by key, on whatever is drawn."""
        if not text.isdigit():
            return self.guest.type(text)
        for figure in text:
            self.screen.hand.tap(f"key-{figure}")

    def clears(self) -> None:
        """What stands in the field goes."""
        if self.screen.hand.find("typed").property("text"):
            self.screen.tap("key-clear")

    def sent(self) -> list[tuple[str, Json]]:
        """What was asked for so far, signs of life apart."""
        return [each for each in self.screen.sent if each[0] != "stay"]

    def named(self, intent: str, args: Json) -> str:
        """The item that sends this intent: a choice, an answer, a button of the action row, or one beside it."""
        page = self.screen.scene.window.property("current")
        if intent == "choose":
            return f"service-{args['service']}"
        if intent in CHOSEN:
            return f"choice-{args[CHOSEN[intent]]}"
        if intent in ("reply", "answer"):
            return "answer-yes" if args["yes"] else "answer-no"
        if intent == "prove" and self.screen.hand.named(f"prove-{args['way']}"):
            return f"prove-{args['way']}"
        if page.property("primaryIntent") == intent:
            return "primary"
        if page.property("backIntent") == intent:
            return "secondary"
        return intent if intent == "type" else f"do-{intent.replace('_', '-')}"

    def chooses(self, name: str) -> None:
        """What is only kept until the wide action sends it."""
        self.screen.hand.tap(name)
        self.screen.settle()

    def press(self, name: str) -> None:
        """Act on the item of this name; on a page that has to be turned, as anybody would."""
        sent = len(self.sent())
        if name in self.screen.hand.named(name):
            self.screen.hand.tap(name)
        if len(self.sent()) == sent:
            self.guest.press(name)

    def refusal(self) -> str:
        """The sentence that the screen shows in refusing."""
        end = time.monotonic() + LOST_AFTER_S
        while (refused := self.screen.scene.link.property("refusal")) is None:
            assert time.monotonic() < end, "nothing was refused"
            self.screen.settle()
        return str(refused["id"])

    def signs(self) -> None:
        """Two strokes on the glass, then the wide action."""
        glass = focus.place(self.screen.hand.find("glass"))
        for left in (0.2, 0.6):
            self._drag([QPointF(glass.x() + glass.width() * (left + step / 40), glass.y() + glass.height() * height)
                        for step, height in enumerate((0.3, 0.7, 0.4, 0.6, 0.3))])  # fmt: skip
        self.press("primary")
        name, args = self.sent()[-1]
        assert (name, len(args["strokes"])) == ("sign", 2)

    def _drag(self, points: Sequence[QPointF]) -> None:
        held, free = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        window, none = self.screen.scene.window, Qt.KeyboardModifier.NoModifier
        kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(points) - 1)]
        for kind, point in zip(kinds, points, strict=True):
            button = held if kind == QEvent.Type.MouseButtonPress else free
            QCoreApplication.sendEvent(window, QMouseEvent(kind, point, point, button, held, none))
        end = QMouseEvent(QEvent.Type.MouseButtonRelease, points[-1], points[-1], held, free, none)
        QCoreApplication.sendEvent(window, end)
        self.screen.settle()

    def again(self) -> None:
        """The screen connects anew by itself."""


@dataclass
class Ears:
    """A voice (kiosk.ui.speech.Voice) that somebody listens to."""

    heard: list[str] = field(default_factory=list)

    def say(self, text: str, language: str) -> None:
        """Heard."""
        self.heard.append(text)

    def hush(self) -> None:
        """A key was pressed."""


class Keypad(Touch):
    """A tactile keypad and a voice. A key is pressed only if what was heard names it; figures are never heard."""

    keypad = True

    def __init__(self, screen: Screen, ears: Ears) -> None:
        super().__init__(screen)
        self.ears, self._from = ears, 0
        screen.announcer.outlet(ears)

    def listens(self) -> None:
        """Plug earphones in, at the resting screen: that turns the voice on."""
        self.screen.key("F15")
        self.screen.wait("home/Attract", LOST_AFTER_S, lambda view: view.chrome.access.voice)

    def sees(self, *screens: str, so: Callable[[Json], bool] = anything, noticed: bool = False) -> Json:
        """Hear it, too; at the resting screen the voice is off until it is asked for."""
        view = super().sees(*screens, so=so, noticed=noticed)
        if view["screen"] == "home/Attract" and not view["chrome"]["access"]["voice"]:
            self.listens()
        self._hears()
        return view

    def _hears(self) -> None:
        """The script of this view was said since it came, with its step, its notice and what the keys do."""
        view = self.screen.current()
        assert view is not None
        whole = script(view, SAY, Heard.ALONE)
        assert [each for each in owed(view.screen, view.values) if each not in whole] == []
        until(lambda: any(line.startswith(whole) for line in self._new()), 5, f"{view.screen} says {whole!r}",
              said=lambda: str(self._new()))  # fmt: skip

    def _new(self) -> list[str]:
        """What was heard since the last thing done."""
        self.screen.settle()
        return self.ears.heard[self._from :]

    def does(self, intent: str, **args: Any) -> None:
        """By what the voice has said; `told` is what it said last of the keys."""
        quiet = len(self.ears.heard)
        super().does(intent, **args)
        self._from = quiet
        if intent in TYPED and str(args[TYPED[intent]]).isdigit():
            assert not [line for line in self.ears.heard[quiet:] if str(args[TYPED[intent]]) in line]

    def press(self, name: str) -> None:
        """Enter or Escape where the script names what they do; else walk with Tab until the voice says the name."""
        self.screen.settle()
        for _ in range(12):
            sent = len(self.sent())
            self._press(name)
            if name != "primary" or len(self.sent()) > sent:
                return

    def chooses(self, name: str) -> None:
        """Walked to, pressed, and heard to be chosen."""
        self._walks(name)
        self.screen.settle()
        assert self.ears.heard[-1] == str(self.screen.hand.find(name).property("label"))

    def _press(self, name: str) -> None:
        keys = {"primary": ("Return", "enter", "later"), "secondary": ("Escape", "escape", "escape")}
        here = self.screen.hand.named(name)
        chosen = self.screen.scene.window.activeFocusItem() in focus.stops(self.screen.scene.root)
        if name not in keys or not here or chosen:  # Enter presses what was walked to
            return self._walks(name)
        key, *lines = keys[name]
        label = " ".join(str(self.screen.hand.find(name).property("label")).split())
        named = [SAY("ko", f"speech.keys.{line}", {"label": label}) for line in lines]
        assert any(line in self.told for line in named), f"{self.told!r} does not say {named}"
        assert focus.stops(self.screen.scene.root).count(self.screen.scene.window.activeFocusItem()) == 0
        self.screen.key(key)

    @property
    def told(self) -> str:
        """What the voice said last of what the keys do."""
        marks = [SAY("ko", f"speech.keys.{key}", {"label": ""})[:6] for key in ("enter", "later", "escape", "choose")]
        said = [line for line in self._new() if any(mark in line for mark in marks)]
        return said[-1] if said else ""

    def _walks(self, name: str) -> None:
        """Round the stops; turned pages are walked on."""
        while name not in self.screen.hand.named(name) and "turn" not in self.screen.hand.named("turn"):
            self._press("primary")  # what Enter does there was heard: the next page
            self.screen.settle()
        lead = [SAY("ko", f"speech.keys.{line}", {}) for line in ("choose", "more")]
        assert any(line in self.told for line in lead), f"{self.told!r} does not say that there is something to choose"
        for _ in range(12):
            wanted = name if name in self.screen.hand.named(name) else "turn"
            label = str(self.screen.hand.find(wanted).property("label"))
            for _ in range(80):
                self.screen.hand.key("Tab")
                item = self.screen.scene.window.activeFocusItem()
                if item is not None and item.objectName() == wanted:
                    break
            assert self.ears.heard[-1] == label, f"{wanted} is not said by its name: {self.ears.heard[-1]!r}"
            self.screen.key("Return")
            if wanted == name:
                return
        raise LookupError(f"{name} is on no page")

    def picks(self, name: str) -> None:
        """Found by its name."""
        self._walks(name)

    def types(self, text: str) -> None:
        """Key by key, on the keypad's own keys."""
        for key in keys_of(text):
            self.screen.hand.key(key)
        self.screen.settle()

    def clears(self) -> None:
        """Erased figure by figure."""
        for _ in str(self.screen.hand.find("typed").property("text")):
            self.screen.key("Backspace")

    def signs(self) -> None:
        """By name: nobody has to draw what they cannot see."""
        self.does("sign_name")


@contextmanager
def hands(way: str, link: Path, silent_about: tuple[str, ...] = ()) -> Iterator[Hands]:
    """Somebody who uses the counter in this way; whoever listens must never have heard these."""
    if way == "link":
        client = Link(link)
        try:
            yield client
        finally:
            client.close()
        return
    ears, loud = Ears(), Ears()
    screen = Screen(SCREENS, link, motion=0, mouth=loud if way == "keypad" else Silent(lambda text: None))
    screen.open()
    screen.scene.window.setGeometry(SMALL)
    try:
        if way == "touch":
            yield Touch(screen)
            return
        yield Keypad(screen, ears)
    finally:
        screen.close()
    assert [line for line in ears.heard for each in silent_about if each in line] == []
    assert loud.heard == []  # from the first word on
