"""What QML may ask of Python: words, figures, the composer; and what it sends up the link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.ui.hangul import compose, keys_of
from kiosk.words import day, phone

Say = Callable[[str, str, Mapping[str, Any]], str]
"""language, message id, values -> sentence"""


def whole(value: Any) -> Any:
    """QML knows only floating numbers: those without a fraction become integers, also inside lists and maps."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [whole(item) for item in value]
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    return value


class Bridge(QObject):
    """The one Python object that the QML singletons Link and Words speak to."""

    wanted = Signal(str, dict)
    asked = Signal(str, str, int)

    def __init__(self, say: Say, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._say = say

    @Slot(str, "QVariantMap", str, result=str)
    def say(self, id: str, args: dict[str, Any], language: str) -> str:
        """The sentence of a message id."""
        return self._say(language, id, whole(args))

    @Slot(str, "QVariantMap")
    def send(self, name: str, args: dict[str, Any]) -> None:
        """An intent of the customer."""
        self.wanted.emit(name, whole(args))

    @Slot(str, str, int)
    def ask(self, what: str, text: str, n: int) -> None:
        """A look-up."""
        self.asked.emit(what, text, n)

    @Slot(str, result=str)
    def compose(self, keys: str) -> str:
        """Jamo keys to text."""
        return compose(keys)

    @Slot(str, result=str)
    def keysOf(self, text: str) -> str:
        """Text to jamo keys."""
        return keys_of(text)

    @Slot(int, result=str)
    def number(self, value: int) -> str:
        """With commas."""
        return f"{value:,}"

    @Slot(str, str, result=str)
    def date(self, iso: str, language: str) -> str:
        """An ISO date as a person says it; what is not a date stands as it is."""
        try:
            return day(date.fromisoformat(iso), language)
        except ValueError:
            return iso

    @Slot(str, str, result=str)
    def clock(self, time: str, language: str) -> str:
        """HH:MM as a person says it; what is not a time stands as it is."""
        hours, colon, minutes = time.partition(":")
        if not (colon and hours.isdigit() and minutes.isdigit()):
            return time
        half = "pm" if int(hours) >= 12 else "am"
        id = f"clock.{half}.minutes" if int(minutes) else f"clock.{half}"
        return self._say(language, id, {"h": (int(hours) + 11) % 12 + 1, "m": minutes})

    @Slot(str, result=str)
    def phone(self, digits: str) -> str:
        """In its groups."""
        return phone(digits)
