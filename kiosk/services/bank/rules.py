"""Products, comparing them, what may be said before an application, and the limits of amounts. Pure.

Rates are hundredths of a per cent a year, money is integer won, terms are months. Nothing here says yes or no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from kiosk.flow import Refusal

KINDS = ("loan", "saving", "insurance")
#: The most products beside each other in a table.
COMPARED = 3
#: How an appointment may take place, and the hours of a day (local) at which one may begin.
HOWS = ("branch", "phone", "video")
HOURS = (10, 11, 14, 15)
DAYS_AHEAD = 5


class Advice(StrEnum):
    """All that the pre-check may say."""

    APPLY = "apply"
    PAPERS = "papers"
    OFFICER = "officer"


@dataclass(frozen=True)
class Tongues:
    """One text in both languages."""

    ko: str
    en: str

    def text(self, language: str) -> str:
        """In this language; Korean where there is no other."""
        return self.en if language == "en" else self.ko


@dataclass(frozen=True)
class Disclosure:
    """One point that must be understood by itself."""

    id: str
    title: Tongues
    body: Tongues


@dataclass(frozen=True)
class Question:
    """One question of the pre-check: the answer hoped for, and what another answer leads to."""

    id: str
    text: Tongues
    hoped: bool
    otherwise: Advice
    paper: str = ""


@dataclass(frozen=True)
class Bank:
    """A bank for which applications are taken."""

    code: str
    name: Tongues
    telephone: str
    demonstration: bool


@dataclass(frozen=True)
class Product:
    """One product as its file has it."""

    id: str
    bank: Bank
    kind: str
    name: Tongues
    rate_low: int
    rate_high: int
    rate_basis: Tongues
    least_won: int
    most_won: int
    months: tuple[int, ...]
    fees: tuple[Tongues, ...]
    documents: tuple[str, ...]
    disclosures: tuple[Disclosure, ...]
    questions: tuple[Question, ...]
    intake: bool
    valid_from: date
    source: str
    trust: str
    verified_on: date | None


@dataclass(frozen=True)
class Shelf:
    """Every product of the branch, and the banks by code."""

    products: tuple[Product, ...]
    banks: Mapping[str, Bank] = field(default_factory=dict)

    def find(self, id_: str) -> Product | None:
        """The product of this id."""
        return next((product for product in self.products if product.id == id_), None)

    def of(self, kind: str) -> tuple[Product, ...]:
        """The products of one kind, the lowest rate first for a loan, the highest for savings."""
        found = [product for product in self.products if product.kind == kind]
        return tuple(sorted(found, key=lambda each: each.rate_low if kind == "loan" else -each.rate_high))

    @property
    def verified(self) -> bool:
        """False while any figure is a demonstration or was never compared with its source."""
        return all(each.verified_on and not each.bank.demonstration for each in self.products)


@dataclass(frozen=True)
class Said:
    """What the pre-check comes to, and the papers to bring: those of the product and those an answer asks for."""

    advice: Advice
    papers: tuple[str, ...]


def advice(product: Product, answers: Mapping[str, bool]) -> Said:
    """Talk to an officer, bring these papers, or apply: never a yes or a no."""
    other = [each for each in product.questions if answers.get(each.id, each.hoped) != each.hoped]
    papers = (*product.documents, *(each.paper for each in other if each.paper))
    if any(each.otherwise is Advice.OFFICER for each in other):
        return Said(Advice.OFFICER, papers)
    return Said(Advice.PAPERS if other else Advice.APPLY, papers)


def check_wish(won: int, product: Product) -> int:
    """A sum that may be applied for; the refusal names the limit."""
    if won < product.least_won:
        raise Refusal("error.bank.least", won=product.least_won)
    if won > product.most_won:
        raise Refusal("error.bank.most", won=product.most_won)
    return won


def check_amount(won: int, available_won: int, limit_won: int | None, day_left_won: int | None) -> int:
    """A sum that may be sent; above balance or limit the refusal names which, and how much it is."""
    if won < 1:
        raise Refusal("error.bank.amount")
    if won > available_won:
        raise Refusal("error.bank.balance", won=available_won)
    if limit_won is not None and won > limit_won:
        raise Refusal("error.bank.limit", won=limit_won)
    if day_left_won is not None and won > day_left_won:
        raise Refusal("error.bank.day_limit", won=day_left_won)
    return won


def days(local: datetime, holidays: frozenset[date] = frozenset()) -> tuple[date, ...]:
    """The days on which an appointment may be had, from tomorrow: working days alone."""
    found: list[date] = []
    day = local.date()
    while len(found) < DAYS_AHEAD:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            found.append(day)
    return tuple(found)


def rate(hundredths: int) -> str:
    """4.25 from 425."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"
