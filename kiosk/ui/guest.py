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


@dataclass
class Guest:
    """One customer. `seen` hears of every screen before it is acted on."""

    screen: Screen
    act: Act
    keypad: bool = False
    seen: Callable[[View], None] = lambda view: None
    parcel: Mapping[str, Any] = field(default_factory=lambda: dict(PARCEL))
    screens: list[str] = field(default_factory=list)

    def send_a_parcel(self) -> list[str]:
        """From the resting screen back to it; the names of the screens on the way."""
        self._until("home/Attract", first=True)
        while True:
            view = self._next()
            name = view.screen
            self.seen(view)
            if name == "home/Attract" and len(self.screens) > 1:
                return self.screens
            self._do(name.rpartition("/")[2], view.values)
            self._left(view)

    def press(self, name: str) -> None:
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

    def _until(self, name: str, first: bool = False) -> None:
        self.screen.wait(name, LOST_AFTER_S)
        if first:
            self.screens.clear()

    def _next(self) -> View:
        """The view that is painted now, once it is not the one just left."""
        view = self.screen.current()
        if view is None:
            raise LookupError("nothing is shown")
        self.screen.wait(view.screen, LOST_AFTER_S)
        self.screens.append(view.screen)
        return view

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
                self.press(f"choice-{next(c['speed'] for c in values['choices'] if c['available'])}")
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
        self.press("primary")

    def _find(self, place: str) -> None:
        """Type until the search answers, then take its first result."""
        self.type(place)
        end = time.monotonic() + LOST_AFTER_S
        while not (found := self.screen.hand.named("choice-")):
            if time.monotonic() > end:
                raise TimeoutError(f"no address for {place}")
            self.screen.settle()
        self.press(found[0])
