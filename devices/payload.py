"""What a scanned code may say: one named grammar per question that a screen asks. Pure.

A text is taken whole or not at all: nothing is trimmed, searched or typed anywhere. What is not of the grammar asked
for (an address on the web, a name, a command, a code of another kind) is None, and None is no answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

#: Longest payload let in from any scanner, bytes.
LONGEST = 128

S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
REGISTERED = re.compile(r"[0-9]{13}")
S10 = re.compile(r"[A-Z]{2}(?P<serial>[0-9]{8})(?P<check>[0-9])[A-Z]{2}")
#: Codes that the branch issues itself: a word, eight digits, two check digits of ISO/IEC 7064 MOD 97-10.
ISSUED = re.compile(r"(?P<word>[A-Z]{2})(?P<digits>[0-9]{10})")


class Grammar(StrEnum):
    """The questions to which a code can be the answer."""

    REGISTERED = "registered"  # a domestic registered number: 13 digits; no check digit is published
    S10 = "s10"  # an international item number, UPU S10
    PICKUP = "pickup"  # opens a locker: PU and ten digits
    NOTICE = "notice"  # the slip left at the door: NS and ten digits


WORDS = {Grammar.PICKUP: "PU", Grammar.NOTICE: "NS"}


@dataclass(frozen=True)
class Payload:
    """A text that is of its grammar to the last character; a pickup code is a key, so no value is ever shown."""

    grammar: Grammar
    value: str = field(repr=False)


def decode(raw: bytes) -> str | None:
    """The bytes of one code as text; None when empty, longer than LONGEST or not printable ASCII throughout."""
    if not 0 < len(raw) <= LONGEST or not raw.isascii():
        return None
    text = raw.decode("ascii")
    return text if text.isprintable() else None


def parse(text: str, grammar: Grammar) -> Payload | None:
    """The text as an answer to the question of this grammar, or None."""
    if len(text) > LONGEST:
        return None
    match grammar:
        case Grammar.REGISTERED:
            holds = REGISTERED.fullmatch(text) is not None
        case Grammar.S10:
            holds = is_s10(text)
        case Grammar.PICKUP | Grammar.NOTICE:
            holds = is_issued(text, WORDS[grammar])
    return Payload(grammar, text) if holds else None


def is_s10(text: str) -> bool:
    """Whether the text is an S10 identifier whose check digit is right."""
    found = S10.fullmatch(text)
    return found is not None and s10_check(found["serial"]) == int(found["check"])


def s10_check(serial: str) -> int:
    """The check digit of eight digits: weighted sum modulo 11 (UPU S10)."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(S10_WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def is_issued(text: str, word: str) -> bool:
    """Whether the text is a code of this branch's own making with this word."""
    found = ISSUED.fullmatch(text)
    return found is not None and found["word"] == word and int(found["digits"]) % 97 == 1


def issue(grammar: Grammar, digits: str) -> str:
    """The code of eight digits, check digits appended; ValueError for other digits or a grammar issued elsewhere."""
    if grammar not in WORDS or re.fullmatch(r"[0-9]{8}", digits) is None:
        raise ValueError(f"{grammar} cannot be issued; give pickup or notice and eight digits")
    return f"{WORDS[grammar]}{digits}{98 - int(digits) * 100 % 97:02d}"
