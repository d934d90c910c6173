"""The words in every language, for screen, paper and voice alike: message ids in, sentences out.

Catalogues are kiosk/locale/<language>/*.po. A placeholder may say how its value is written: {total:won}, {mass:kg},
{side:cm}, {day:date}, {phone:phone}, {number:number}, {name:box}; a plain {name} stands as it is. For the ear:
{reference:spelled}, {account:tail} (its last four), {name:masked}.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
FALLBACK = "ko"
_WEEKDAYS = {
    "ko": ("월", "화", "수", "목", "금", "토", "일"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_STAR = {"ko": "별표", "en": "star"}  # what stands for a hidden letter
_log = logging.getLogger(__name__)


class Words:
    """The sentences of one language. strict: a missing id or value raises KeyError; else Korean, then the id itself."""

    def __init__(self, language: str, strict: bool = False, folder: Path = LOCALE) -> None:
        self.language = language
        self._strict = strict
        self._own = catalogue(language, folder)
        self._korean = self._own if language == FALLBACK else catalogue(FALLBACK, folder)
        self._missed: set[str] = set()

    def say(self, id: str, /, **args: Any) -> str:
        """The sentence of this id with its values."""
        return self.tell(id, args)

    def tell(self, id: str, args: Mapping[str, Any]) -> str:
        """The sentence of this id with its values, given as a mapping."""
        text = self._own.get(id)
        if text is None:
            text = self._missing(id)
        return _Writer(self.language, self._strict).vformat(text, (), args)

    def has(self, id: str) -> bool:
        """Whether this language has the id."""
        return id in self._own

    def _missing(self, id: str) -> str:
        if self._strict:
            raise KeyError(id)
        if id not in self._missed:
            self._missed.add(id)
            _log.warning("no words for %r in %s", id, self.language)
        return self._korean.get(id) or id.replace("{", "{{").replace("}", "}}")


class _Writer(Formatter):
    """str.format with the formats of the branch; outside tests a missing value stands as its name in braces."""

    def __init__(self, language: str, strict: bool) -> None:
        self._language = language
        self._strict = strict

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        if self._strict or key in kwargs:
            return kwargs[str(key)]
        return f"{{{key}}}"

    def format_field(self, value: Any, format_spec: str) -> str:
        try:
            return write(value, format_spec, self._language)
        except (TypeError, ValueError):
            if self._strict:
                raise
            return str(value)


def write(value: Any, kind: str, language: str) -> str:
    """A value as it is written, or said: won, kg (from g), cm (from mm), date (date or ISO text), phone, …, as is."""
    match kind:
        case "won":
            return won(int(value), language)
        case "kg":
            return kg(int(value))
        case "cm":
            return cm(value)
        case "date":
            return day(value if isinstance(value, date) else date.fromisoformat(value), language)
        case "phone":
            return phone(str(value))
        case "number":
            return number(str(value))
        case "box":
            return box(str(value), language)
        case "spelled":
            return spelled(str(value))
        case "tail":
            return spelled(str(value)[-4:])
        case "masked":
            return " ".join(str(value).replace("*", f" {_STAR[language if language in _STAR else FALLBACK]} ").split())
        case _:
            return format(value, kind)


def catalogue(language: str, folder: Path = LOCALE) -> dict[str, str]:
    """Every message of a language, id -> text; an untranslated or fuzzy one is not there. No such language: empty."""
    found: dict[str, str] = {}
    for path in sorted((folder / language).glob("*.po")):
        found |= _messages(path, path.stat().st_mtime_ns)
    return found


@cache
def _messages(path: Path, _: int) -> Mapping[str, str]:
    """The messages of one file as it stood at that time (ns); every service asks for the same ones."""
    with path.open("rb") as file:
        messages = read_po(file, abort_invalid=True)
    return {str(each.id): str(each.string) for each in messages if each.id and each.string and not each.fuzzy}


def languages(folder: Path = LOCALE) -> tuple[str, ...]:
    """The languages with a full catalogue, Korean first."""
    wanted = catalogue(FALLBACK, folder).keys()
    others = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name != FALLBACK)
    return (FALLBACK, *(tag for tag in others if wanted <= catalogue(tag, folder).keys()))


def won(amount: int, language: str = FALLBACK) -> str:
    """Won with thousands: 5,000원, 5,000 won."""
    return f"{amount:,}원" if language == FALLBACK else f"{amount:,} won"


def kg(grams: int) -> str:
    """Kilograms with one decimal; more where one would read as a whole kilogram that it is not: 2.3, 3.0, 3.01 kg."""
    tenths = (grams + 50) // 100
    if tenths % 10 == 0 and grams != tenths * 100:
        return f"{grams // 1000}.{grams % 1000:03d}".rstrip("0") + " kg"
    return f"{tenths // 10}.{tenths % 10} kg"


def cm(mm: float) -> str:
    """Whole centimetres from millimetres, halves upward."""
    return f"{(round(mm) + 5) // 10} cm"


def day(when: date, language: str = FALLBACK) -> str:
    """7월 3일 목요일, Thursday 3 July."""
    if language == FALLBACK:
        return f"{when.month}월 {when.day}일 {_WEEKDAYS['ko'][when.weekday()]}요일"
    return f"{_WEEKDAYS['en'][when.weekday()]} {when.day} {_MONTHS[when.month - 1]}"


def box(name: str, language: str = FALLBACK) -> str:
    """A standard box by its printed number: 2-1호, No. 2-1."""
    return name if language == FALLBACK else f"No. {name.removesuffix('호')}"


def phone_parts(digits: str) -> tuple[str, ...]:
    """The groups of a Korean number: 010 1234 5678, 02 123 4567, 1588 1300, 0504 1234 5678."""
    if len(digits) <= 8:
        return tuple(part for part in (digits[:-4], digits[-4:]) if part)
    area = 2 if digits.startswith("02") else 4 if digits.startswith("050") else 3
    return digits[:area], digits[area:-4], digits[-4:]


def phone(digits: str) -> str:
    """A telephone number with hyphens."""
    return "-".join(phone_parts(digits))


def spelled(text: str) -> str:
    """Sign by sign, a pause where it is parted: HB-2026-01 -> H B, 2 0 2 6, 0 1."""
    return ", ".join(" ".join(part) for part in text.split("-") if part)


def number(digits: str) -> str:
    """A registered number as printed, 5-4-4."""
    return f"{digits[:5]} {digits[5:9]} {digits[9:]}"
