"""Made-up people with made-up documents for the search for planted secrets; no number, name or account is anybody's."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from devices.bench.authority import Authority
from devices.bench.card import Card, Contents
from devices.bench.passport import Person as Holder
from devices.bench.passport import issue, mrz_td3

#: Family names of those who come, and of those who are paid: nobody who comes may be called like somebody whose name is
#: kept, or what is kept rightly would look like a find.
FAMILY, PAYEES = "홍나다라마", "바사아자차"
GIVEN = ("새벽", "가상", "한별", "보름", "누리", "아침")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def name(dice: random.Random, families: str = FAMILY) -> str:
    """Four syllables that are no name."""
    return dice.choice(families) + dice.choice(GIVEN) + dice.choice("가나다라마바사")


def digits(dice: random.Random, count: int) -> str:
    """So many digits."""
    return f"{dice.randrange(10**count):0{count}d}"


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist: national numbers with month 00, an account of bank 990, a passport of Utopia."""

    name: str
    resident: str
    licence: str
    issued: str
    phone: str
    payee: str
    payee_name: str
    strokes: tuple[str, ...]
    passport: Holder = field(repr=False)

    @property
    def birth(self) -> str:
        """The passport's day of birth as it is typed, YYYYMMDD."""
        return f"19{self.passport.birth}"

    @property
    def expiry(self) -> str:
        """The passport's last day as it is typed, YYYYMMDD."""
        return f"20{self.passport.expiry}"

    @property
    def lines(self) -> tuple[str, str]:
        """The two lines of the passport's machine-readable zone."""
        zone = mrz_td3(self.passport)
        return zone[:44], zone[44:]

    def secrets(self) -> list[str]:
        """What may stand nowhere."""
        hyphened = f"{self.resident[:6]}-{self.resident[6:]}"
        chip = [self.passport.number, self.passport.surname, *self.lines, self.lines[1][:28]]
        typed = [self.name, self.resident, hyphened, self.licence, self.phone, self.payee, self.payee_name]
        return [*typed, *self.strokes, *chip]

    def nowhere(self, errand: str) -> list[str]:
        """What may not even stand under a visit's key: all but the account that was paid, its owner, the telephone, and
        on that errand the national number that was typed where an account was asked for: it is kept as one."""
        kept = [self.payee, self.payee_name, self.phone, *([self.resident] if errand == "account" else [])]
        return [each for each in self.secrets() if each not in kept]

    def chip(self, authority: Authority) -> Card:
        """The passport as it lies on the reader."""
        made = issue(authority, person=self.passport)
        return Card(Contents(made.files, made.key, made.can, made.aa_key, made.ca_key))


def made_up(dice: random.Random) -> Person:
    """The person of these dice."""
    own, day = name(dice), f"{dice.randrange(100):02d}00{dice.randrange(32):02d}"
    strokes = tuple(
        " ".join(f"{dice.randrange(100, 2400)},{dice.randrange(100, 1000)}" for _ in range(6)) for _ in range(2)
    )
    surname = "".join(dice.choice(LETTERS) for _ in range(9))
    birth, expiry = f"{dice.randrange(50, 99)}0{dice.randrange(1, 10)}15", f"{dice.randrange(30, 45)}0715"
    passport = Holder(surname, "NOBODY", own, f"M{digits(dice, 8)}", birth, dice.choice("FM"), expiry)
    return Person(
        own, f"{day}{dice.choice('1234')}{digits(dice, 6)}", digits(dice, 12),
        f"{dice.randrange(2000, 2026)}{dice.randrange(1, 13):02d}{dice.randrange(1, 29):02d}",
        f"010{digits(dice, 8)}", f"9990{digits(dice, 10)}", name(dice, PAYEES), strokes, passport,
    )  # fmt: skip
