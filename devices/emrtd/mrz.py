"""The machine-readable zone of ICAO 9303-3: TD3 (9303-4), TD1 (9303-5) and TD2 (9303-6), every check digit verified.

No message of this file holds a character of the zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from devices.emrtd.tlv import TlvError, only
from devices.identity import AccessKey, Mrz

WEIGHTS = (7, 3, 1)
ALPHABET = re.compile(r"[A-Z0-9<]*")
#: Dates of birth may have unknown parts, written as fillers.
BIRTH = re.compile(r"\d{6}|\d{4}<<|\d{2}<<<<|<{6}")
EXPIRY = re.compile(r"\d{6}")
SEXES = {"M": "M", "F": "F", "<": ""}
DG1_TAG, MRZ_TAG = 0x61, 0x5F1F


class MrzError(ValueError):
    """The zone cannot be used; the message says which part and what to do, never what stands there."""


@dataclass(frozen=True)
class Layout:
    """Where the fields of one format lie in the zone written as one string: (start, stop), counted from 0."""

    lines: int
    width: int
    number: tuple[int, int]
    optional: tuple[int, int]
    birth: int
    sex: int
    expiry: int
    nationality: int
    names: tuple[int, int]
    composite: tuple[tuple[int, int], ...]


#: By the number of characters.
LAYOUTS = {
    90: Layout(3, 30, (5, 14), (15, 30), 30, 37, 38, 45, (60, 90), ((5, 30), (30, 37), (38, 45), (48, 59))),
    72: Layout(2, 36, (36, 45), (64, 71), 49, 56, 57, 46, (5, 36), ((36, 46), (49, 56), (57, 71))),
    88: Layout(2, 44, (44, 53), (72, 86), 57, 64, 65, 54, (5, 44), ((44, 54), (57, 64), (65, 87))),
}
COMPOSITE_AT = {90: 59, 72: 71, 88: 87}


def parse(text: str) -> Mrz:
    """The zone as typed or read: lines or one string, blanks and small letters tolerated; MrzError otherwise."""
    zone = "".join(text.split()).upper() if len(text) <= 1000 else text
    layout = LAYOUTS.get(len(zone))
    if layout is None:
        raise MrzError(
            f"the MRZ has {len(zone)} characters; type 2 lines of 44 or 36, or 3 lines of 30, with < for each filler"
        )
    if ALPHABET.fullmatch(zone) is None:
        raise MrzError("the MRZ holds a character that no MRZ has; only A to Z, 0 to 9 and < are used")
    if zone[0] == "V":
        raise MrzError("this is the MRZ of a visa, which has no chip; use the one of the passport or card")
    return _fields(zone, layout)


def from_dg1(dg1: bytes) -> Mrz:
    """The zone in EF.DG1 (9303-10: 5F1F inside 61); MrzError for anything else."""
    try:
        raw = only(dg1, DG1_TAG).child(MRZ_TAG).value
    except TlvError as error:
        raise MrzError(f"DG1: {error}") from None
    if not raw.isascii() or len(raw) not in LAYOUTS:
        raise MrzError("DG1 does not hold an MRZ of 88, 72 or 90 characters")
    return parse(raw.decode("ascii"))


def access_key(mrz: Mrz) -> AccessKey:
    """What opens the chip by this zone; the number stands without its trailing fillers."""
    return AccessKey(mrz.number, mrz.birth, mrz.expiry)


def check_digit(field: str) -> str:
    """9303-3 4.9: weights 7, 3, 1; digits count as they are, A to Z as 10 to 35, fillers as 0; modulo 10."""
    return str(sum(_value(character) * WEIGHTS[at % 3] for at, character in enumerate(field)) % 10)


def birth_date(mrz: Mrz, today: date) -> date | None:
    """The date of birth: the latest century that does not lie in the future; None where a part is unknown."""
    if not mrz.birth.isdigit():
        return None
    return next((born for century in (2000, 1900) if (born := _date(mrz.birth, century)) and born <= today), None)


def expiry_date(mrz: Mrz, today: date) -> date | None:
    """The date of expiry: the century that puts it within 50 years of today; None where that is no calendar date."""
    near = [day for century in (1900, 2000, 2100) if (day := _date(mrz.expiry, century))]
    return min(near, key=lambda day: abs(day - today), default=None)


def _value(character: str) -> int:
    return 0 if character == "<" else int(character, 36)


def _fields(zone: str, layout: Layout) -> Mrz:
    number = _number(zone, layout)
    birth = _checked(zone, layout, layout.birth, "date of birth")
    expiry = _checked(zone, layout, layout.expiry, "date of expiry")
    if len(zone) == 88:
        _check_personal_number(zone, layout)
    _check_composite(zone, layout)
    if BIRTH.fullmatch(birth) is None or (birth.isdigit() and not _is_day(birth)):
        raise MrzError("the date of birth in the MRZ is no date; compare it with the document")
    if EXPIRY.fullmatch(expiry) is None or not _is_day(expiry):
        raise MrzError("the date of expiry in the MRZ is no date; compare it with the document")
    surname, _, given = zone[slice(*layout.names)].partition("<<")
    nationality = zone[layout.nationality : layout.nationality + 3]
    return Mrz(
        zone[:2].rstrip("<"), zone[2:5].rstrip("<"), number, birth, expiry, _sex(zone[layout.sex]),
        nationality.rstrip("<"), _name(surname), _name(given),
    )  # fmt: skip


def _number(zone: str, layout: Layout) -> str:
    """The document number. In TD1 and TD2 a long one has a filler as check digit and goes on in the optional data."""
    start, stop = layout.number
    field, digit = zone[start:stop], zone[stop]
    if digit == "<" and len(zone) != 88:
        rest = zone[slice(*layout.optional)].partition("<")[0]
        field, digit = field + rest[:-1], rest[-1:]
    if digit != check_digit(field) or not field.strip("<"):
        raise _wrong("document number", layout, start, stop)
    return field.rstrip("<")


def _checked(zone: str, layout: Layout, start: int, what: str) -> str:
    if check_digit(zone[start : start + 6]) != zone[start + 6]:
        raise _wrong(what, layout, start, start + 6)
    return zone[start : start + 6]


def _check_personal_number(zone: str, layout: Layout) -> None:
    start, stop = layout.optional
    field, digit = zone[start:stop], zone[stop]
    if digit != check_digit(field) and not (digit == "<" and not field.strip("<")):
        raise _wrong("personal number", layout, start, stop)


def _check_composite(zone: str, layout: Layout) -> None:
    at = COMPOSITE_AT[len(zone)]
    if check_digit("".join(zone[start:stop] for start, stop in layout.composite)) != zone[at]:
        line, column = divmod(at, layout.width)
        raise MrzError(
            f"the overall check digit of the MRZ is wrong (line {line + 1}, character {column + 1}); "
            "compare the whole line with the document"
        )


def _wrong(what: str, layout: Layout, start: int, stop: int) -> MrzError:
    line, column = divmod(start, layout.width)
    return MrzError(
        f"the check digit of the {what} is wrong; "
        f"compare line {line + 1}, characters {column + 1} to {stop % layout.width + 1}, with the document"
    )


def _sex(character: str) -> str:
    if character not in SEXES:
        raise MrzError("the sex in the MRZ is none of M, F and <; compare it with the document")
    return SEXES[character]


def _name(field: str) -> str:
    return " ".join(part for part in field.split("<") if part)


def _is_day(text: str) -> bool:
    return _date(text, 2000) is not None or _date(text, 1900) is not None


def _date(text: str, century: int) -> date | None:
    try:
        return date(century + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None
