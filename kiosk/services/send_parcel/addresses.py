"""Finds an address in a book of public buildings by road, number, building, initial consonants or province. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from kiosk.flow import Refusal

QUERY_MAX = 50
#: Short and full names of the provinces, by the first two digits of their postcodes.
PROVINCES: tuple[tuple[str, str, int, int], ...] = (
    ("서울", "서울특별시", 1, 9),
    ("경기", "경기도", 10, 20),
    ("인천", "인천광역시", 21, 23),
    ("강원", "강원특별자치도", 24, 26),
    ("충북", "충청북도", 27, 29),
    ("세종", "세종특별자치시", 30, 30),
    ("충남", "충청남도", 31, 33),
    ("대전", "대전광역시", 34, 35),
    ("경북", "경상북도", 36, 40),
    ("대구", "대구광역시", 41, 43),
    ("울산", "울산광역시", 44, 45),
    ("부산", "부산광역시", 46, 49),
    ("경남", "경상남도", 50, 53),
    ("전북", "전북특별자치도", 54, 56),
    ("전남", "전라남도", 57, 60),
    ("광주", "광주광역시", 61, 62),
    ("제주", "제주특별자치도", 63, 63),
)
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_SEPARATORS = re.compile(r"[\s,.\-·]+")
_FULL = {full: short for short, full, _, _ in PROVINCES} | {"강원도": "강원", "전라북도": "전북", "서울시": "서울"}
_PROVINCE = re.compile(f"({'|'.join(_FULL)})(?!청)")
_HALL = re.compile("(?:특별자치|특별|광역)([시도]청)")


@dataclass(frozen=True)
class Address:
    """One place: road with number, area (province and district), building, five-digit postcode, Latin spelling."""

    id: str
    road: str
    area: str
    building: str
    postcode: str
    latin: str = ""

    @cached_property
    def texts(self) -> tuple[str, str, str, str]:
        """Road, building, area and Latin spelling as they are compared."""
        return fold(self.road), fold(self.building), fold(self.area), fold(self.latin)

    @cached_property
    def initials(self) -> tuple[str, str, str, str]:
        """The initial consonants of road, building and area; Latin has none."""
        road, building, area, _ = self.texts
        return initials(road), initials(building), initials(area), ""


@dataclass(frozen=True)
class AddressBook:
    """All places that can be found."""

    addresses: tuple[Address, ...]
    by_id: dict[str, Address] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {each.id: each for each in self.addresses})

    def find(self, id: str) -> Address:
        """The address of this id, or Refusal."""
        found = self.by_id.get(id)
        if found is None:
            raise Refusal("error.address")
        return found


def province(postcode: str) -> str:
    """The short name of the province whose range holds this postcode, or an empty string."""
    head = int(postcode[:2])
    return next((short for short, _, first, last in PROVINCES if first <= head <= last), "")


def check_query(text: str) -> str:
    """A search text of at most 50 visible characters, NFC; else Refusal."""
    plain = unicodedata.normalize("NFC", text[: QUERY_MAX * 4])
    if len(plain) > QUERY_MAX or any(unicodedata.category(char)[0] == "C" for char in plain):
        raise Refusal("error.search", max=QUERY_MAX)
    return plain


def search(query: str, book: AddressBook, limit: int = 9) -> tuple[Address, ...]:
    """The best places for this text, best first; nothing for an empty text; Refusal for one that cannot be searched."""
    tokens = tuple(fold(part) for part in check_query(query).split())
    whole = "".join(tokens)
    if not whole:
        return ()
    ranked = [(score, index) for index, each in enumerate(book.addresses) if (score := _score(each, whole, tokens))]
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    return tuple(book.addresses[index] for _, index in ranked[:limit])


def fold(text: str) -> str:
    """Text as it is compared: lower case, no separators, provinces short, city halls without the rank of the city."""
    text = _HALL.sub(r"\1", _PROVINCE.sub(lambda found: _FULL[found[1]], text))
    return _SEPARATORS.sub("", text.casefold())


def initials(text: str) -> str:
    """Every syllable as its initial consonant; other characters stay."""
    return "".join(_initial(char) for char in text)


def _initial(char: str) -> str:
    code = ord(char) - 0xAC00
    return _INITIALS[code // 588] if 0 <= code < 11172 else char


def _score(each: Address, whole: str, tokens: tuple[str, ...]) -> int:
    """0 = does not fit. The whole text in one field ranks above its parts spread over several."""
    fields = each.initials if any(char in _INITIALS for char in whole) else each.texts
    road, building, area, latin = fields
    weights = ((road, 60), (building, 50), (area + road, 40), (latin, 30), (area, 20))
    best = max(_fit(whole, text, weight) for text, weight in weights)
    if best == 0 and all(any(token in text for text in fields) for token in tokens):
        return 10
    return best


def _fit(part: str, text: str, weight: int) -> int:
    """The whole field, its beginning, or anywhere inside."""
    if part == text:
        return weight + 8
    if text.startswith(part):
        return weight + 4
    return weight if part in text else 0
