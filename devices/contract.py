"""A bank's offer of a contract and its receipt of a signature: read from messages that it has signed. Pure.

The branch writes no word of a contract and decides nothing: an Offer is the reading of a message signed for this
purpose about a reference that the branch was given, and *signed* is a Receipt, which only `read_receipt` makes. A
decision, an offer and a receipt are signed for different purposes, so that none is ever taken for another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from devices.agency import NotSigned, SignedMessage, believed

OFFER, RECEIPT = "bank-contract-offer-1", "bank-contract-receipt-1"
#: Bytes of an offer; clauses, and characters of a title and of a clause: what a customer is asked to hear and confirm.
OFFER_LIMIT, CLAUSES, TITLE, BODY = 32_768, 40, 40, 1200
_ID, _NUMBER = re.compile(r"[a-z0-9_.-]{1,24}"), re.compile(r"[A-Z0-9][A-Z0-9-]{4,22}[A-Z0-9]")


@dataclass(frozen=True)
class Clause:
    """One clause as the bank wrote it."""

    id: str
    title: str
    body: str

    @property
    def sha256(self) -> str:
        """Of title and body, a line between them, UTF-8; hex."""
        return hashlib.sha256(f"{self.title}\n{self.body}".encode()).hexdigest()


@dataclass(frozen=True)
class Offer:
    """A contract offered: product, won, whose signature it wants (name, day of birth), its clauses, and until when.

    `sha256` is of the bytes as the bank signed them, hex.
    """

    bank: str
    reference: str
    product: str
    product_name: str
    won: int
    signer: str = field(repr=False)
    birth: date = field(repr=False)
    clauses: tuple[Clause, ...]
    until: datetime
    sha256: str


_MAKER = object()


class Receipt:
    """The bank's own signed word that it has the signature: its contract number. Only `read_receipt` makes one."""

    __slots__ = ("at", "bank", "number", "reference")

    def __init__(self, maker: object, bank: str, reference: str, number: str, at: datetime) -> None:
        if maker is not _MAKER:
            raise TypeError("a receipt is read from a message that the bank has signed, never made")
        for name, value in (("bank", bank), ("reference", reference), ("number", number), ("at", at)):
            object.__setattr__(self, name, value)

    bank: str
    reference: str
    number: str
    at: datetime

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a receipt is not changed; {name} was signed")

    def __repr__(self) -> str:
        return f"Receipt({self.bank}, {self.reference}, {self.number})"


def read_offer(
    message: SignedMessage, keys: Mapping[str, bytes], bank: str, reference: str, now: datetime | None = None
) -> Offer:
    """This bank's offer for this reference; NotSigned for anything else, and, at `now`, for one that has lapsed."""
    said = believed(message, keys, bank, reference, OFFER, OFFER_LIMIT)
    try:
        offer = Offer(
            bank, reference, _text(said, "product", 60), _text(said, "product_name", 60), _won(said),
            _text(said["signer"], "name", 60), date.fromisoformat(said["signer"]["birth"]), _clauses(said),
            _time(said, "until"), hashlib.sha256(message.body).hexdigest(),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise NotSigned("no offer that can be shown whole") from None
    if now is not None and offer.until <= now:
        raise NotSigned("the offer has lapsed")
    return offer


def read_receipt(message: SignedMessage, keys: Mapping[str, bytes], signed: Mapping[str, str]) -> Receipt:
    """The receipt of just this signature: `signed` has bank, reference, key, offer_sha256 and sealed_sha256."""
    said = believed(message, keys, signed["bank"], signed["reference"], RECEIPT)
    if any(said.get(each) != signed[each] for each in ("key", "offer_sha256", "sealed_sha256")):
        raise NotSigned("a receipt of another signature")
    try:
        at, number = _time(said, "at"), said["number"]
        if not isinstance(number, str) or not _NUMBER.fullmatch(number):
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise NotSigned("neither number nor time of a receipt") from None
    return Receipt(_MAKER, signed["bank"], signed["reference"], number, at)


def _text(said: Any, name: str, most: int) -> str:
    """A text without controls, line breaks apart; ValueError for anything else."""
    text = said[name]
    if not isinstance(text, str) or not text.strip() or len(text) > most:
        raise ValueError(name)
    if not all(line.isprintable() for line in text.split("\n")):
        raise ValueError(name)
    return text


def _won(said: Mapping[str, Any]) -> int:
    if type(said["won"]) is not int or not 0 <= said["won"] < 10**12:
        raise ValueError("won")
    return int(said["won"])


def _time(said: Mapping[str, Any], name: str) -> datetime:
    at = datetime.fromisoformat(said[name])
    if at.tzinfo is None:
        raise ValueError(name)
    return at


def _clauses(said: Mapping[str, Any]) -> tuple[Clause, ...]:
    """At least one, each with an id of its own."""
    rows = said["clauses"]
    found = tuple(Clause(row["id"], _text(row, "title", TITLE), _text(row, "body", BODY)) for row in rows)
    ids = {each.id for each in found if isinstance(each.id, str) and _ID.fullmatch(each.id)}
    if not 1 <= len(found) <= CLAUSES or len(ids) != len(found):
        raise ValueError("clauses")
    return found
