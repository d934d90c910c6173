"""When the name on a document is the name of an account. Pure.

A Korean name is compared as it is written: composed (NFKC), without blanks, so that a chip's "홍 새벽" is the bank's
"홍새벽". A name in Latin letters is compared as the machine-readable zone spells it (ICAO 9303-3, table 6), letters
alone. It is the weaker evidence, because there are many spellings of one name and many names of one spelling: it proves
only together with the day of birth, and where it differs it speaks against nobody. A day of birth that differs does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from devices.banking import Found, NameCheck

#: Characters of a name that is asked about; a longer one is no name of an account.
MOST = 60
HANGUL, LATIN = re.compile(r"[가-힣]{2,}"), re.compile(r"[A-Z]{2,}")
#: What an MRZ spells with two letters; of other letters the mark falls away (ICAO 9303-3, table 6).
SPELT = str.maketrans({
    "Ä": "AE", "Æ": "AE", "Å": "AA", "Ö": "OE", "Ø": "OE", "Œ": "OE", "Ü": "UE", "ẞ": "SS", "Þ": "TH", "Ð": "D",
    "Đ": "D", "Ł": "L", "Ħ": "H", "Ŧ": "T", "Ŋ": "N",
})  # fmt: skip


def written(name: str) -> str:
    """The name as it is kept and shown: composed, fillers as blanks, single blanks, none between Korean syllables."""
    text = " ".join(unicodedata.normalize("NFKC", name).replace("<", " ").split())
    return re.sub(r"(?<=[가-힣]) (?=[가-힣])", "", text)


def form(name: str) -> str:
    """What is asked about: Korean syllables or capitals of an MRZ, nothing else; '' for any other writing."""
    letters = re.sub(r"[\s.,'’`´ʼ·‧・<-]", "", written(name)).upper()
    if HANGUL.fullmatch(letters):
        return letters if len(letters) <= MOST else ""
    bare = unicodedata.normalize("NFD", letters.translate(SPELT))
    plain = "".join(each for each in bare if unicodedata.category(each) != "Mn")
    return plain if LATIN.fullmatch(plain) and len(plain) <= MOST else ""


def forms(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once that can be asked about, Korean ones first: the bank's first plain word on one of them counts."""
    found = dict.fromkeys(form(name) for name in names)
    return tuple(sorted((each for each in found if each), key=lambda each: not HANGUL.fullmatch(each)))


def judged(asked: str, said: NameCheck) -> bool | None:
    """Whether the account is the document's holder's by the bank's word on one form; None where nobody can tell."""
    if said.birth is Found.DIFFERS:
        return False
    if HANGUL.fullmatch(asked):
        return None if said.name is Found.UNKNOWN else said.name is Found.SAME
    return True if said.name is Found.SAME and said.birth is Found.SAME else None
