"""A scripted customer who uses a real screen, by touch or by keypad alone: for the tour and for stories.

What hands do at the table, the terminal and the hatch is handed in as `act(name, **values)`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.ui.hangul import keys_of
from kiosk.ui.messages import View
from kiosk.ui.screen import Screen

Act = Callable[..., Any]
PARCEL: Mapping[str, Any] = {
    "length_mm": 340, "width_mm": 250, "height_mm": 180, "grams": 2400, "kind": "box", "yaw_deg": 12,
}  # fmt: skip
PEOPLE = {
    "receiver": ("세종대로209", "정부청사", "홍길동", "01012345678"),
    "sender": ("중앙로", "민원실", "김철수", "0212345678"),
}
LOST_AFTER_S = 60.0
PAGES = 12


def takes_parcels(view: View) -> bool:
    """Whether parcels are among what the resting screen offers."""
    return "send_parcel" in [each["name"] for each in view.values.get("services", []) if each["available"]]


@dataclass
class Guest:
    """One customer. `seen` hears of every screen before it is acted on, and of a form once more when it is filled."""

    screen: Screen
    act: Act
    keypad: bool = False
    seen: Callable[[View], None] = lambda view: None
    parcel: Mapping[str, Any] = field(default_factory=lambda: dict(PARCEL))
    screens: list[str] = field(default_factory=list)

    def send_a_parcel(self) -> list[str]:
        """From the resting screen back to it; the names of the screens on the way."""
        self.screen.wait("home/Attract", LOST_AFTER_S, takes_parcels)
        self.screens.clear()
        while True:
            view = self._next()
            name = view.screen
            self.seen(view)
            if name == "home/Attract" and len(self.screens) > 1:
                return self.screens
            self._do(name.rpartition("/")[2], view.values)
            self._left(view)

    def press(self, name: str) -> None:
        """Act on the item of this name, turning the pages of a screen that has more than one."""
        for _ in range(PAGES):
            self.screen.settle()
            here = self.screen.hand.named(name)
            said = len(self._asked_for())
            self._act_on(name if name in here else "turn" if "turn" in self.screen.hand.named("turn") else "primary")
            if name in here and (name != "primary" or len(self._asked_for()) > said):
                return
        raise LookupError(f"{name} is on no page of this screen")

    def _asked_for(self) -> list[str]:
        """What was asked for so far, signs of life apart; turning a page asks for nothing."""
        return [name for name, _ in self.screen.sent if name != "stay"]

    def _act_on(self, name: str) -> None:
        """Touch it, or walk there with the keypad and press Enter."""
        if not self.keypad:
            self.screen.tap(name)
            return
        for _ in range(80):
            focused = self.screen.scene.window.activeFocusItem()
            if focused is not None and focused.objectName() == name:
                self.screen.key("Return")
                return
            self.screen.key("Tab")
        raise LookupError(f"{name} cannot be reached by keypad")

    def type(self, text: str) -> None:
        """Key by key: on the drawn keyboard, or on the keypad's own keys."""
        for key in keys_of(text):
            if self.keypad:
                self.screen.key(key)
            else:
                self._tap_key(key)

    def _tap_key(self, key: str) -> None:
        """A letter or a figure of the drawn keyboard, turned over where needed."""
        try:
            self.screen.tap(f"key-{key}")
        except LookupError:
            self.screen.tap("key-digits" if key.isdigit() else "key-hangul")
            self.screen.tap(f"key-{key}")

    def _next(self) -> View:
        """The view that is painted now; one that passes before it is painted is not waited for."""
        end = time.monotonic() + LOST_AFTER_S
        while time.monotonic() < end:
            self.screen.settle()
            view = self.screen.current()
            if view is not None and self.screen.painted_seq >= view.seq:
                self.screens.append(view.screen)
                return view
            time.sleep(0.002)
        raise TimeoutError(f"nothing was painted; {self.screens[-1:]} was the last")

    def _left(self, view: View) -> None:
        """Wait until another step is shown; a machine's step may take its time."""
        end = time.monotonic() + LOST_AFTER_S
        while time.monotonic() < end:
            self.screen.settle()
            now = self.screen.current()
            if now is not None and (now.screen, now.step_seq) != (view.screen, view.step_seq):
                return
            time.sleep(0.005)
        raise TimeoutError(f"{view.screen} was never left")

    def _do(self, name: str, values: Mapping[str, Any]) -> None:
        """What this screen asks for."""
        match name:
            case "Home":
                self.press("service-send_parcel")
            case "Place":
                self.act("put", **self.parcel)
            case "ChooseSize":
                self.press(f"choice-{values['tiers'][-1]['id']}")
            case "Address" | "Detail" | "Name" | "Phone":
                self._enter(name, values)
            case "Contents":
                self.press("choice-book")
            case "Speed":
                there = [f"choice-{each['speed']}" for each in values["choices"] if each["available"]]
                self.press(there[0] if len(there) > 1 else "primary")
            case "Insure":
                self.press("choice-0")
            case "Done":
                self.press("done-paper")
            case _:
                self._machine(name)

    def _machine(self, name: str) -> None:
        """Steps at the terminal, the table and the hatch; everything else has one wide action."""
        acts = {"Pay": "approve", "Stick": "stick", "Drop": "drop"}
        if name in acts:
            self._patiently(acts[name])
        elif name != "Working":
            self.press("primary")

    def _patiently(self, act: str) -> None:
        """The terminal may need a moment before it asks."""
        for _ in range(100):
            try:
                self.act(act)
            except RuntimeError:
                self.screen.settle()
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(f"{act} was not possible")

    def _enter(self, name: str, values: Mapping[str, Any]) -> None:
        place, detail, person, phone = PEOPLE[values["who"]]
        if name == "Address":
            self._find(place)
        elif name == "Phone":
            self.type(phone)
        else:
            self.type(detail if name == "Detail" else person)
        filled = self.screen.current()
        if filled is not None:
            self.seen(filled)
        self.press("primary")

    def _find(self, place: str) -> None:
        """Type until the search has answered the whole word, then take its first result."""
        self.type(place)
        self._until_answered()
        if not self.screen.hand.named("choice-"):
            self.press("listing")  # at 200 % the results stand in place of the keyboard
        self.press(self.screen.hand.named("choice-")[0])

    def _until_answered(self) -> None:
        """A search asked while typing is answered in its order; the last answer is the one that is shown."""
        _, text, n = self.screen.asked[-1]
        end = time.monotonic() + LOST_AFTER_S
        while (self.screen.scene.link.property("answer") or {}).get("n") != n:
            if time.monotonic() > end:
                raise TimeoutError(f"no answer to the search for {text}")
            self.screen.settle()
            time.sleep(0.005)
        self.screen.settle()
