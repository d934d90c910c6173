"""A made-up bank behind either peer: people, cards, accounts, and books that are on the disk before anything is said.

Money only ever moves between its accounts, so the sum over all of them never changes. An order has one outcome for
ever; it is known by its order number, however often and by whichever road it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from devices.banking import Decline, Found, NameCheck
from devices.bench import epp
from devices.bench.book import Book

DELAY_H = 3
PIN_TRIES = 3


@dataclass(frozen=True)
class Holder:
    """An account and what the bank knows of its holder. Nobody's name, nobody's number."""

    bank: str
    number: str
    name: str
    opening_won: int
    latin: str = ""
    birth: str = ""
    age: int = 45
    limit_won: int = 5_000_000
    day_won: int = 10_000_000
    registered: tuple[str, ...] = ()
    delayed: bool = False
    designated: bool = False
    trusted: bool = False
    reported: bool = False
    suspected: bool = False  # the bank's own fraud detection speaks of whoever pays it
    blocked: bool = False
    biller: bool = False
    last_machine: str = "2026-11-02"


@dataclass(frozen=True)
class Card:
    """A bank card: its number, PIN and account."""

    pan: str = field(repr=False)
    pin: str = field(repr=False)
    account: str


HOLDERS = (
    Holder("990", "99900100000001", "홍새벽", 3_000_000, "HONGSAEBYEOK", "1990-08-15", age=36,
           registered=("99900200000002",)),
    Holder("991", "99900200000002", "김가상", 500_000),
    Holder("990", "99900300000003", "나가상", 12_000_000, age=72, trusted=True, delayed=True),
    Holder("990", "99900400000004", "다짐이", 0, reported=True),
    Holder("071", "99900500000005", "라마바", 900_000, last_machine="2024-01-05"),
    Holder("991", "99900600000006", "한글전기", 0, biller=True),
    Holder("991", "99900700000007", "사바아", 0, suspected=True),
)
CARDS = (
    Card("9999990000000018", "135790", "99900100000001"),
    Card("9999990000000026", "246802", "99900300000003"),
    Card("9999990000000034", "864202", "99900500000005"),
)


@dataclass(frozen=True)
class Said:
    """The bank's answer to an order: state (`A`, `S`, `D`, `R`), won, reference, due, why not, the limit meant."""

    state: str
    won: int
    reference: str = ""
    due: str = ""
    why: Decline | None = None
    limit_won: int | None = None


class Bank:
    """All partner banks of the bench in one ledger."""

    def __init__(self, path: Path) -> None:
        self.book = Book(path)
        self.holders = {each.number: each for each in HOLDERS}
        self._cards = {each.pan: each for each in CARDS}
        self._wrong: dict[str, int] = {}
        self.notices: list[tuple[str, str]] = []

    # Who asks

    def compared(self, holder: Holder, name: str, birth: str) -> NameCheck:
        """Letter by letter with what is on file, as banks do; a name in letters that the file has not is unknown."""
        kept = holder.latin if name.isascii() else holder.name
        return NameCheck(_found(kept, name), _found(holder.birth, birth))

    def opened(self, sealed: bytes, block: bytes, ksn: str) -> Holder | Decline:
        """The account that this card and PIN open."""
        card = self._cards.get(epp.open_card(sealed, ksn))
        if card is None:
            return Decline.CARD_NOT_ACCEPTED
        if self._wrong.get(card.pan, 0) >= PIN_TRIES:
            return Decline.PIN_TRIES_EXCEEDED
        if epp.pin_in(block, card.pan, ksn) != card.pin:
            self._wrong[card.pan] = self._wrong.get(card.pan, 0) + 1
            return Decline.WRONG_PIN
        self._wrong.pop(card.pan, None)
        holder = self.holders[card.account]
        return Decline.ACCOUNT_BLOCKED if holder.blocked else holder

    # What is on the books

    def balance(self, number: str) -> int:
        """Won on an account: what it was opened with, and every entry since."""
        return self.holders[number].opening_won + sum(won for _, _, won, _ in self.moves(number))

    def total(self) -> int:
        """Won on all accounts together; it never changes."""
        return sum(self.balance(number) for number in self.holders)

    def moves(self, number: str) -> Iterator[tuple[str, str, int, str]]:
        """Every movement of an account, oldest first: time, kind, won, the other's name."""
        for row in self.book.entries:
            if row["entry"] not in ("order", "reversal") or row.get("state", "A") != "A":
                continue
            sign = -1 if row["entry"] == "reversal" else 1
            if row["payer"] == number:
                yield row["at"], row["kind"], -sign * row["won"], self._name(row["payee"])
            if row["payee"] == number:
                yield row["at"], "TI", sign * row["won"], self._name(row["payer"])

    def statement(self, number: str, count: int, skip: int = 0) -> list[str]:
        """`YYYYMMDDhhmmss|kind|won|balance|note`, newest first, but for the newest `skip`."""
        balance, lines = self.holders[number].opening_won, list[str]()
        for at, kind, won, note in self.moves(number):
            balance += won
            when = datetime.fromisoformat(at).astimezone(UTC)
            lines.append(f"{when:%Y%m%d%H%M%S}|{kind}|{won}|{balance}|{note[:8]}")
        return lines[::-1][skip : skip + count]

    def _name(self, number: str) -> str:
        return self.holders[number].name if number in self.holders else ""

    def today(self, number: str) -> int:
        """Won sent today (UTC)."""
        day = datetime.now(UTC).date().isoformat()
        return sum(-won for at, _, won, _ in self.moves(number) if won < 0 and at.startswith(day))

    def scheduled(self, number: str) -> int:
        """Won of delayed transfers that are still under way."""
        now = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        return sum(row["won"] for row in self.book.entries if row["entry"] == "order" and row["payer"] == number
                   and row["state"] == "S" and row["due"] > now
                   and self.book.reversal_of(row["reference"]) is None)  # fmt: skip

    def paid_before(self, payer: str, payee: str) -> bool:
        """Whether this payer has first paid that payee more than a day ago."""
        yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        return any(row["entry"] == "order" and (row["payer"], row["payee"]) == (payer, payee)
                   and row["state"] == "A" and row["at"] < yesterday for row in self.book.entries)  # fmt: skip

    # Orders

    def order(self, number: str, payer: Holder, payee: str, won: int, kind: str) -> Said:
        """Book an order once; its number again is its outcome again."""
        known = self.book.find("order", number)
        if known is not None:
            return self._told(known)
        why, limit = self._refusal(payer, payee, won)
        state = "D" if why else "S" if kind == "DL" else "A"
        due = (datetime.now(UTC) + timedelta(hours=DELAY_H)).strftime("%Y%m%d%H%M%S") if state == "S" else ""
        return self._told(self.book.write(
            "order", service_id=number, key=number, payer=payer.number, payee=payee, won=won, state=state, due=due,
            kind="BP" if kind == "BP" else "TO", why=why.value if why else "", limit=limit,
            reference=f"B{len(self.book.entries) + 1:011d}",
        ))  # fmt: skip

    def _refusal(self, payer: Holder, payee: str, won: int) -> tuple[Decline | None, int | None]:
        """Why an order cannot be booked, and the limit that is meant."""
        to, left = self.holders.get(payee), payer.day_won - self.today(payer.number)
        has = self.balance(payer.number)
        cases = (
            (to is None, Decline.NO_SUCH_ACCOUNT, None),
            (to is not None and to.reported, Decline.REPORTED_ACCOUNT, None),
            (won > payer.limit_won, Decline.OVER_LIMIT, payer.limit_won), (won > left, Decline.OVER_LIMIT, left),
            (won > has, Decline.INSUFFICIENT_FUNDS, has),
        )  # fmt: skip
        return next(((why, limit) for holds, why, limit in cases if holds), (None, None))

    def find(self, number: str) -> Said | None:
        """What became of an order, its reversal included."""
        row = self.book.find("order", number)
        return None if row is None else self._told(row)

    def _told(self, row: dict[str, Any]) -> Said:
        back = self.book.reversal_of(row["reference"])
        if back is not None:
            return Said("R", row["won"], back["reference"])
        why = Decline(row["why"]) if row["why"] else None
        return Said(row["state"], row["won"], row["reference"], row["due"], why, row["limit"])

    def reverse(self, number: str, won: int) -> Said | None:
        """Take an order back once; None where none of this number and amount was booked, and none will be any more."""
        row = self.book.find("order", number)
        if row is None:
            self._void(number, won)
        if row is None or row["won"] != won or row["state"] == "D":
            return None
        if self.book.reversal_of(row["reference"]) is None:
            self.book.write(
                "reversal", service_id=f"{number}R", key=number, payer=row["payer"], payee=row["payee"],
                won=row["won"], state=row["state"], kind=row["kind"], original=row["reference"],
                reference=f"R{len(self.book.entries) + 1:011d}",
            )  # fmt: skip
        return self._told(row)

    def _void(self, number: str, won: int) -> None:
        """An order that was taken back before it came: when it comes, it is declined."""
        self.book.write(
            "order", service_id=number, key=number, payer="", payee="", won=won, state="D", due="", kind="TO",
            why=Decline.OTHER.value, limit=None, reference=f"V{len(self.book.entries) + 1:011d}",
        )  # fmt: skip

    def set_block(self, number: str, word: str) -> None:
        """A safety block; nobody lifts one here."""
        if word not in self.blocks(number):
            self.book.write("block", service_id=f"{number}:{word}", key=number, word=word)

    def blocks(self, number: str) -> list[str]:
        """The blocks of an account."""
        return [row["word"] for row in self.book.entries if row["entry"] == "block" and row["key"] == number]

    def change(self, number: str, **changes: Any) -> None:
        """Another holder's data, for a test."""
        self.holders[number] = replace(self.holders[number], **changes)


def _found(kept: str, asked: str) -> Found:
    if not kept or not asked:
        return Found.UNKNOWN
    return Found.SAME if kept == asked else Found.DIFFERS
