"""The fields of a document: which are asked for, their grammar, and how they may be shown. Pure.

Each bad entry has a sentence of its own (`error.id.*`). The check digit of a resident number only warns: numbers issued
since October 2020 have random tails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from devices.counter import DocumentKind
from kiosk.banking.names import written
from kiosk.flow import Refusal

CHIPS = (DocumentKind.PASSPORT, DocumentKind.RESIDENCE_PERMIT)
#: What is asked for each document, in order. The chip's three open it; the names on a chip need not be typed.
ASKED: dict[str, tuple[str, ...]] = {
    DocumentKind.PASSPORT: ("number", "birth", "expiry"), DocumentKind.RESIDENCE_PERMIT: ("number", "birth", "expiry"),
    DocumentKind.RESIDENT_CARD: ("name", "number", "issued"), DocumentKind.LICENCE: ("name", "number", "issued"),
}  # fmt: skip
#: Digits of a number; a document with a chip has letters too.
DIGITS = {DocumentKind.RESIDENT_CARD: 13, DocumentKind.LICENCE: 12}
MOST = {"name": 40, "number": 13, "issued": 8, "birth": 8, "expiry": 8}
NAME = re.compile(r"[가-힣A-Za-z][가-힣A-Za-z .'-]{0,38}[가-힣A-Za-z.]")
CHIP_NUMBER = re.compile(r"[A-Z0-9]{5,9}")
#: Of a resident number's seventh digit; 1900 for the others.
CENTURY = {"0": 1800, "9": 1800, "3": 2000, "4": 2000, "7": 2000, "8": 2000}
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def checked(kind: str, field: str, text: str, today: date) -> str:
    """The field as it is used from here on; Refusal with the sentence for what is wrong with it."""
    match field:
        case "name":
            return _name(text)
        case "number":
            return _number(kind, text, today)
        case "issued" | "birth" | "expiry":
            return _day(field, text, today)
    raise Refusal("malformed")


def _name(text: str) -> str:
    name = written(text)
    if NAME.fullmatch(name) is None:
        raise Refusal("error.id.name")
    return name


def _number(kind: str, text: str, today: date) -> str:
    bare = re.sub(r"[\s-]", "", text).upper()
    if kind in CHIPS:
        if CHIP_NUMBER.fullmatch(bare) is None:
            raise Refusal("error.id.chip_number")
        return bare
    length = DIGITS.get(DocumentKind(kind), 0)
    if not (bare.isascii() and bare.isdigit()) or len(bare) != length:
        raise Refusal("error.id.resident" if kind == DocumentKind.RESIDENT_CARD else "error.id.licence")
    if kind == DocumentKind.RESIDENT_CARD and not _resident_day(bare, today):
        raise Refusal("error.id.resident_day")
    return bare


def _resident_day(number: str, today: date) -> bool:
    """Whether the first seven digits are a day that was, and a digit of sex and century. Month and day 00 belong to
    nobody; made-up numbers have them."""
    month, day = int(number[2:4]), int(number[4:6])
    if not (month and day):
        return month <= 12 and day <= 31
    try:
        return date(CENTURY.get(number[6], 1900) + int(number[:2]), month, day) <= today
    except ValueError:
        return False


def _day(field: str, text: str, today: date) -> str:
    """YYYYMMDD as ISO 8601; an issue or birth lies in the past, an expiry not before 1990."""
    bare = re.sub(r"[\s./-]", "", text)
    try:
        if len(bare) != 8 or not bare.isascii():
            raise ValueError
        when = date(int(bare[:4]), int(bare[4:6]), int(bare[6:8]))
    except ValueError:
        raise Refusal("error.id.date") from None
    if field in ("issued", "birth") and not date(1900, 1, 1) <= when <= today:
        raise Refusal("error.id.past")
    if field == "expiry" and not date(1990, 1, 1) <= when <= date(today.year + 30, 12, 31):
        raise Refusal("error.id.expiry")
    return when.isoformat()


def birth(kind: str, fields: Mapping[str, str]) -> str:
    """The day of birth that a document tells, ISO 8601: typed for a chip, inside a resident number; '' in a licence.

    The seventh digit of a resident number is sex and century; a number whose day is none (month 00) tells no birth.
    """
    number = fields.get("number", "")
    if kind != DocumentKind.RESIDENT_CARD or len(number) != 13:
        return fields.get("birth", "") if kind in CHIPS else ""
    try:
        return date(CENTURY.get(number[6], 1900) + int(number[:2]), int(number[2:4]), int(number[4:6])).isoformat()
    except ValueError:
        return ""


def odd_tail(kind: str, number: str) -> bool:
    """Whether the last digit of a resident number is not the old check digit: a reason to look again, never to refuse.

    Foreigners' numbers (seventh digit 5 to 8) have the sum plus two.
    """
    if kind != DocumentKind.RESIDENT_CARD or len(number) != 13 or not number.isdigit():
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False))
    plain = (11 - total % 11) % 10
    return int(number[12]) != ((plain + 2) % 10 if number[6] in "5678" else plain)


def six(iso: str) -> str:
    """A day as the machine-readable zone has it: YYMMDD."""
    return iso[2:].replace("-", "")


def masked_name(name: str) -> str:
    """홍*동; of two letters the first, of four and more the first and the last."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_number(kind: str, number: str) -> str:
    """900101-1******; of other documents the last three."""
    if kind == DocumentKind.RESIDENT_CARD and len(number) == 13:
        return f"{number[:6]}-{number[6]}******"
    return "*" * max(0, len(number) - 3) + number[-3:] if number else ""


def masked_day(field: str, iso: str) -> str:
    """An issue date in full, a birth or expiry as its year."""
    return iso if field == "issued" or not iso else f"{iso[:4]}-**-**"


def masked_account(number: str) -> str:
    """The last four."""
    return "*" * max(0, len(number) - 4) + number[-4:]


def masked(kind: str, field: str, text: str) -> str:
    """A field as a screen or paper may show it."""
    if field == "name":
        return masked_name(text)
    return masked_number(kind, text) if field == "number" else masked_day(field, text)
