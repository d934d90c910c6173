"""What customers and scanners may enter, and how much of it is shown. Without effects.

Every check returns the clean text or raises Refusal with the id of a sentence that tells the customer what to do.
"""

from __future__ import annotations

import re
import unicodedata

from kiosk.flow import Refusal
from kiosk.paper import undrawable
from kiosk.words import phone_parts

NAME_MAX = 20
DETAIL_MAX = 60
#: How many characters without a glyph a refusal names: as many as fit its line.
GLYPHS_NAMED = 4
_PHONE = re.compile(
    r"010\d{8}|01[16789]\d{7,8}|02\d{7,8}|0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])\d{7,8}|0[78]0\d{7,8}|050\d{8,9}"
)
_NUMBER = re.compile(r"\d{13}", re.ASCII)
_NAME = re.compile(r"[^\W\d_](?:[^\W_]|\d|[ .,'’()&·-])*")
_DETAIL = re.compile(r"(?:[^\W_]|[ .,'’()&·#/-])*")


def clean(text: str, longest: int, error: str) -> str:
    """NFC, single spaces, trimmed; refuses control, bidi, zero-width, private and unassigned characters, and length."""
    plain = re.sub(" +", " ", unicodedata.normalize("NFC", text[: 4 * longest + 1])).strip(" ")
    if len(plain) > longest or len(text) > 4 * longest or any(_unseen(char) for char in plain):
        raise Refusal(error, max=longest)
    return plain


def check_name(text: str) -> str:
    """A person's or company's name, 1 to 20 characters, begins with a letter."""
    plain = clean(text, NAME_MAX, "error.name")
    if not _NAME.fullmatch(plain):
        raise Refusal("error.name", max=NAME_MAX)
    return printable(plain)


def check_detail(text: str) -> str:
    """Flat, floor, company; 0 to 60 characters: letters, digits and the signs of addresses."""
    plain = clean(text, DETAIL_MAX, "error.detail")
    if not _DETAIL.fullmatch(plain):
        raise Refusal("error.detail", max=DETAIL_MAX)
    return printable(plain)


def printable(text: str) -> str:
    """The text, if label and receipt have a glyph for every character of it; the Refusal names what they lack."""
    if missing := undrawable(text):
        raise Refusal("error.glyphs", characters=missing[:GLYPHS_NAMED])
    return text


def check_phone(digits: str) -> str:
    """A Korean telephone number, digits only; hyphens and spaces are taken out."""
    plain = digits[:40].replace("-", "").replace(" ", "")
    if not plain.isascii() or not _PHONE.fullmatch(plain):
        raise Refusal("error.phone")
    return plain


def check_number(text: str) -> str:
    """A registered number: thirteen ASCII digits. No check digit: none is published and samples fit no common one."""
    if not _NUMBER.fullmatch(text):
        raise Refusal("error.number")
    return text


def _unseen(char: str) -> bool:
    """Control, format (bidi, zero-width), surrogate, private, unassigned, separators other than the plain space."""
    category = unicodedata.category(char)
    return category[0] == "C" or category in ("Zl", "Zp") or (category == "Zs" and char != " ") or char in _FILLERS


#: Letters that show nothing: Hangul fillers.
_FILLERS = "\u115f\u1160\u3164\uffa0"


def mask_name(name: str) -> str:
    """홍길동 -> 홍*동, 홍길 -> 홍*; longer names keep first and last."""
    if len(name) == 1:
        return "*"
    if len(name) == 2:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_phone(digits: str) -> str:
    """01012345678 -> 010-****-5678: the middle group is hidden, in eight digits the first."""
    parts = phone_parts(digits)
    hidden = len(parts) - 2
    return "-".join("*" * len(part) if index == hidden else part for index, part in enumerate(parts))


def mask_road(road: str) -> str:
    """세종대로 209 -> 세종대로 ***: everything after the name of the road is hidden."""
    return f"{road.split(' ', 1)[0]} ***"
