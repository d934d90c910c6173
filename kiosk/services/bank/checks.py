"""What customers may enter at the bank counter, and how much of it is shown. Without effects.

Every check returns the clean value or raises Refusal with the id of a sentence that tells the customer what to do.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from kiosk.flow import Refusal

NAME_MAX = 30
#: A hand's signature: strokes, points in all, and the size of the glass, tenths of a millimetre.
STROKES, POINTS, GLASS = 60, 3000, (2400, 1000)
_ACCOUNT = re.compile(r"\d{10,16}", re.ASCII)
_PHONE = re.compile(r"010\d{8}|01[16789]\d{7,8}|02\d{7,8}|0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])\d{7,8}|070\d{8}", re.ASCII)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’-])*")
_REFERENCE = re.compile(r"[A-Z0-9-]{6,24}", re.ASCII)
_RRN = re.compile(r"(\d{2})(\d{2})(\d{2})([1-8])\d{6}", re.ASCII)
_POINT = re.compile(r"\d{1,4},\d{1,4}", re.ASCII)
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_CENTURIES = {"1": 1900, "2": 1900, "3": 2000, "4": 2000, "5": 1900, "6": 1900, "7": 2000, "8": 2000}


def check_account(digits: str) -> str:
    """An account number: 10 to 16 digits; hyphens and spaces are taken out."""
    plain = digits[:60].replace("-", "").replace(" ", "")
    if not _ACCOUNT.fullmatch(plain):
        raise Refusal("error.bank.account")
    return plain


def check_phone(digits: str) -> str:
    """A Korean telephone number, digits only."""
    plain = digits[:40].replace("-", "").replace(" ", "")
    if not _PHONE.fullmatch(plain):
        raise Refusal("error.phone")
    return plain


def check_name(text: str) -> str:
    """A person's name: 2 to 30 letters, spaces between them."""
    plain = re.sub(" +", " ", unicodedata.normalize("NFC", text[:200])).strip(" ")
    if not 2 <= len(plain) <= NAME_MAX or not _NAME.fullmatch(plain):
        raise Refusal("error.bank.name", max=NAME_MAX)
    return plain


def check_date(digits: str, latest: date) -> date:
    """A date of eight digits that exists and is not later than `latest`."""
    try:
        if not re.fullmatch(r"\d{8}", digits, re.ASCII):
            raise ValueError
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise Refusal("error.bank.date") from None
    if day > latest or day.year < 1900:
        raise Refusal("error.bank.date")
    return day


def check_rrn(digits: str, latest: date) -> tuple[str, bool]:
    """A resident registration number of 13 digits whose date exists; and whether its old check digit fits.

    A wrong check digit warns and never refuses: numbers given out since October 2020 have random tails.
    """
    plain = digits[:40].replace("-", "").replace(" ", "")
    found = _RRN.fullmatch(plain)
    if not found:
        raise Refusal("error.bank.rrn")
    try:
        born = date(_CENTURIES[found[4]] + int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Refusal("error.bank.rrn") from None
    if born > latest:
        raise Refusal("error.bank.rrn")
    weighed = sum(int(digit) * weight for digit, weight in zip(plain[:12], _WEIGHTS, strict=True))
    return plain, (11 - weighed % 11) % 10 == int(plain[12])


def check_reference(text: str) -> str:
    """A bank's reference number, as it stands on the receipt."""
    plain = text[:60].strip().upper()
    if not _REFERENCE.fullmatch(plain):
        raise Refusal("error.bank.reference")
    return plain


def check_signature(strokes: object) -> str:
    """Strokes as the glass sends them, each `x,y x,y …`; empty, endless or out of the glass is refused."""
    if not isinstance(strokes, list) or not 1 <= len(strokes) <= STROKES:
        raise Refusal("error.bank.signature")
    points = [point for stroke in strokes if isinstance(stroke, str) for point in stroke.split(" ")]
    inside = all(_POINT.fullmatch(point) and _on_glass(point) for point in points)
    if not 8 <= len(points) <= POINTS or not inside or any(not isinstance(stroke, str) for stroke in strokes):
        raise Refusal("error.bank.signature")
    return ";".join(strokes)


def _on_glass(point: str) -> bool:
    x, y = map(int, point.split(","))
    return x <= GLASS[0] and y <= GLASS[1]


def mask_name(name: str) -> str:
    """홍길동 -> 홍*동, 홍길 -> 홍*; longer names keep first and last."""
    if len(name) < 3:
        return name[:1] + "*" if name else ""
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_account(digits: str) -> str:
    """Only the last four digits are shown."""
    return "*" * max(0, len(digits) - 4) + digits[-4:]


def mask_phone(digits: str) -> str:
    """01012345678 -> 010-****-5678."""
    head = 2 if digits.startswith("02") else 3
    return f"{digits[:head]}-{'*' * (len(digits) - head - 4)}-{digits[-4:]}"
