"""The four papers of this service, laid out from plain values. Pure; the words of two languages are handed in.

The label is made for portrait stock of 111 × 171 mm on a 104 mm head; the other papers for a roll of 80 mm.
Money is integer won, masses grams, lengths millimetres, times local.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from devices.ports import Picture
from kiosk.paper import Align, Column, Sheet

LABEL_MM = (111.0, 171.0)
#: Side of the 2-D code that the table cameras read, and the narrowest bar of the Code 128 that people's scanners read.
TABLE_CODE_MM = 50.0
BAR_MM = 0.5
EDGE = 2.5


class Say(Protocol):
    """The sentence of an id with its values, in one language."""

    def __call__(self, id: str, /, **args: object) -> str:
        """kiosk.words.Words.say."""


@dataclass(frozen=True)
class Office:
    """Who stands behind the paper; name and hours in both languages."""

    name: tuple[str, str]
    telephone: str
    hours: tuple[str, str]


@dataclass(frozen=True)
class Party:
    """Sender or receiver with the whole address: area, road and building, and what the customer added."""

    name: str
    phone: str
    postcode: str
    area: str
    road: str
    detail: str = ""


@dataclass(frozen=True)
class Size:
    """The size that was charged: its sides where they are known, their sum, and whether the customer chose it."""

    sum_mm: int
    sides_mm: tuple[int, int, int] | None = None
    chosen: bool = False


@dataclass(frozen=True)
class LabelText:
    """What stands on the label, printed at `at`, before anything is accepted. `contents` is its code."""

    office: Office
    number: str
    at: datetime
    won: int
    sender: Party
    receiver: Party
    contents: str
    grams: int
    size: Size
    speed: str = "ordinary"
    insured_won: int = 0
    simulated: bool = False


@dataclass(frozen=True)
class ReceiptText:
    """What stands on the receipt. `fees` are (message id, won); `tariff` and `arrives` are ISO dates."""

    office: Office
    number: str
    at: datetime
    fees: tuple[tuple[str, int], ...]
    total_won: int
    card: str
    approval: str
    key: str
    grams: int
    size: Size
    limit_won: int
    tariff: str
    tariff_verified: bool
    head: str
    receiver_postcode: str = ""
    arrives: str = ""
    simulated: bool = False


@dataclass(frozen=True)
class ClaimText:
    """A claim slip. `why` is label_owed, payment_unsure or reversing; `number` is empty until one was issued."""

    office: Office
    at: datetime
    key: str
    won: int
    why: str
    number: str = ""
    head: str = ""
    simulated: bool = False


@dataclass(frozen=True)
class ReversalText:
    """A reversal slip: what was given back, and under which approval."""

    office: Office
    at: datetime
    won: int
    approval: str
    key: str
    card: str = ""
    head: str = ""
    simulated: bool = False


def label(text: LabelText, first: Say, second: Say, width_dots: int = 832, dpi: int = 203) -> Picture:
    """The parcel's label: header, sender, receiver, Code 128, table code and facts."""
    sheet = Sheet(min(width_dots, round(LABEL_MM[0] * dpi / 25.4)), round(LABEL_MM[1] * dpi / 25.4), dpi)
    _header(sheet, text, first, second)
    _sender(sheet, text.sender, first, second)
    _receiver(sheet, text.receiver, first, second)
    _number(sheet, text.number, text.simulated, first)
    sheet.matrix(7.0, 114.0, text.number, TABLE_CODE_MM, "DataMatrix")
    _facts(sheet, text, first, second)
    return sheet.picture()


def _header(sheet: Sheet, text: LabelText, first: Say, second: Say) -> None:
    kind, right = f"paper.label.title.{text.speed}", sheet.width_mm - EDGE
    title = first(kind)
    sheet.put(EDGE, 9.2, title, 8.0, True)
    if second(kind) != title:
        sheet.put(EDGE + sheet.width(title, 8.0, True) + 2.5, 9.2, second(kind), 3.4)
    if text.speed == "next_day":
        sheet.put(right, 9.2, first("paper.speed.next_day"), 6.0, True, "right")
    sheet.fill(EDGE, 12.4, sheet.width_mm - 2 * EDGE, 0.8)


def _sender(sheet: Sheet, sender: Party, first: Say, second: Say) -> None:
    left, base, em = 20.0, 18.6, 3.8
    width = sheet.width_mm - left - EDGE
    sheet.put(EDGE, base, first("paper.label.from"), 3.4)
    if second("paper.label.from") != first("paper.label.from"):
        sheet.put(EDGE, base + 4.0, second("paper.label.from"), 2.7)
    sheet.put(sheet.width_mm - EDGE, base, phone(sender.phone, first), em, False, "right")
    sheet.fit(left, base, sender.name, 4.2, width - 34.0, True)
    small, lines = sheet.shrink(f"({sender.postcode}) {_address(sender)}", (em, 3.2, 2.6, 2.1), width, 13.0)
    sheet.block(left, base + 1.6, lines, small)
    sheet.rule(EDGE, 34.0, sheet.width_mm - 2 * EDGE)


def _receiver(sheet: Sheet, receiver: Party, first: Say, second: Say) -> None:
    width = sheet.width_mm - 2 * EDGE
    _caption(sheet, EDGE, 39.4, first("paper.label.to"), second("paper.label.to"))
    sheet.put(sheet.width_mm - EDGE, 47.6, receiver.postcode, 14.0, True, "right")
    em, lines = sheet.shrink(receiver.name, (7.4, 5.6, 4.4, 3.6, 2.8), width - 46.0, 9.8)
    sheet.block(EDGE, 41.2, lines, em, True)
    em, lines = sheet.shrink(_address(receiver), (5.6, 4.6, 3.8, 3.2, 2.6), width, 21.0)
    end = sheet.block(EDGE, 52.0, lines, em, True)
    sheet.put(EDGE, end + 5.2, phone(receiver.phone, first), 5.0)
    sheet.fill(EDGE, 80.4, width, 0.8)


def _address(party: Party) -> str:
    return f"{party.area} {party.road} {party.detail}".strip()


def _number(sheet: Sheet, number: str, simulated: bool, first: Say) -> None:
    """Code 128 and the number below it; the test mark stands outside the code's quiet zones."""
    middle = sheet.width_mm / 2
    drawn = sheet.code128(middle, 83.4, number, 14.0, BAR_MM, "centre")
    sheet.put(middle, 104.2, first("paper.number.value", number=number), 6.4, True, "centre")
    room = (sheet.width_mm - drawn) / 2 - EDGE - 12 * BAR_MM
    for left in (EDGE, sheet.width_mm - EDGE - room) if simulated else ():
        sheet.fill(left, 83.4, room, 21.0)
        sheet.block(left + room / 2, 87.9, first("paper.test").split(), 4.2, True, "centre", 255)
    sheet.rule(EDGE, 106.6, sheet.width_mm - 2 * EDGE)


def _facts(sheet: Sheet, text: LabelText, first: Say, second: Say) -> None:
    """What the counter would write by hand, right of the table code."""
    left, y = 65.0, 112.0
    rows = (
        ("paper.label.printed", f"{text.at:%Y-%m-%d %H:%M}"),
        ("paper.label.office", text.office.name[0]),
        ("paper.label.won", first("paper.won", won=text.won)),
        ("paper.weight", weight(text.grams)),
        ("paper.size", size(text.size, first)),
        ("paper.contents", first(f"contents.{text.contents}")),
        ("paper.insured", first("paper.won", won=text.insured_won) if text.insured_won else first("paper.none")),
    )
    for id, value in rows:
        _caption(sheet, left, y, first(id), second(id), 2.5)
        sheet.fit(left, y + 4.4, value, 3.6, sheet.width_mm - EDGE - left, True)
        y += 8.2


def _caption(sheet: Sheet, x: float, base: float, first: str, second: str, em: float = 3.4) -> None:
    """A word and, smaller beside it, the same in the second language."""
    sheet.put(x, base, first, em)
    if second != first:
        sheet.put(x + sheet.width(first, em) + em * 0.35, base, second, em * 0.78)


def receipt(text: ReceiptText, first: Say, second: Say, width_dots: int = 576, dpi: int = 203) -> Picture:
    """The receipt of an accepted parcel."""
    column = _head(width_dots, dpi, text.office, "paper.receipt", text.simulated, first, second)
    _both(column, "paper.at", f"{text.at:%Y-%m-%d %H:%M}", first, second)
    column.rule(0.5)
    column.titles(first("paper.number"), second("paper.number"), 3.3, 2.6, "centre")
    column.text(first("paper.number.value", number=text.number), 7.0, True, "centre")
    column.gap(1.0)
    column.code128(text.number, 11.0)
    column.rule(around=3.0)
    _parcel(column, text, first, second)
    column.rule(dash=1.0)
    for word, won in text.fees:
        _both(column, word, first("paper.won", won=won), first, second)
    column.gap(0.8)
    column.pair(first("paper.total"), second("paper.total"), first("paper.won", won=text.total_won), 5.6, True)
    _note(column, "paper.vat", first, second, "right")
    column.rule(dash=1.0)
    _payment(column, text.card, text.approval, text.key, first, second)
    column.rule(dash=1.0)
    _terms(column, text, first, second)
    return _foot(column, text.office, text.head, text.simulated, first, second)


def _parcel(column: Column, text: ReceiptText, first: Say, second: Say) -> None:
    if text.receiver_postcode:
        _both(column, "paper.to_postcode", text.receiver_postcode, first, second)
    _both(column, "paper.weight", weight(text.grams), first, second)
    _both(column, "paper.size", size(text.size, first), first, second)
    if text.size.chosen:
        _note(column, "paper.size.chosen", first, second, "right")
    if text.arrives:
        _both(column, "paper.arrives", first("paper.day", day=text.arrives), first, second)


def _payment(column: Column, card: str, approval: str, key: str, first: Say, second: Say) -> None:
    """Card, approval and key, as far as they are known."""
    for id, value in (("paper.card", card), ("paper.approval", approval), ("paper.key", key)):
        if value:
            _both(column, id, value, first, second)


def _terms(column: Column, text: ReceiptText, first: Say, second: Say) -> None:
    _both(column, "paper.limit", first("paper.won", won=text.limit_won), first, second)
    if text.tariff:
        _both(column, "paper.tariff", text.tariff, first, second)
    if not text.tariff_verified:
        column.gap(1.2)
        column.banner(first("paper.demo"), 3.8)
        column.gap(0.8)
        _note(column, "paper.demo.note", first, second)
    column.gap(1.2)
    _note(column, "paper.refund", first, second)


def claim(text: ClaimText, first: Say, second: Say, width_dots: int = 576, dpi: int = 203) -> Picture:
    """What the customer holds when something is still owed."""
    column = _head(width_dots, dpi, text.office, "paper.claim", text.simulated, first, second)
    column.titles(first(f"paper.claim.{text.why}"), second(f"paper.claim.{text.why}"), 4.4, 3.0)
    column.rule(0.5)
    shown = first("paper.number.value", number=text.number) if text.number else text.key
    word = "paper.number" if text.number else "paper.key"
    column.titles(first(word), second(word), 3.3, 2.6, "centre")
    column.text(shown, 7.0, True, "centre")
    column.rule(dash=1.0)
    column.pair(first("paper.claim.won"), second("paper.claim.won"), first("paper.won", won=text.won), 5.6, True)
    column.rule(dash=1.0)
    _both(column, "paper.when", f"{text.at:%Y-%m-%d %H:%M}", first, second)
    if text.number:
        _both(column, "paper.key", text.key, first, second)
    column.rule(dash=1.0)
    _note(column, "paper.claim.next", first, second)
    return _foot(column, text.office, text.head, text.simulated, first, second)


def reversal(text: ReversalText, first: Say, second: Say, width_dots: int = 576, dpi: int = 203) -> Picture:
    """Proof that the money was given back."""
    column = _head(width_dots, dpi, text.office, "paper.reversal", text.simulated, first, second)
    column.titles(first("paper.reversal.done"), second("paper.reversal.done"), 4.4, 3.0)
    column.rule(0.5)
    column.pair(first("paper.reversal.won"), second("paper.reversal.won"), first("paper.won", won=text.won), 5.6, True)
    column.rule(dash=1.0)
    _both(column, "paper.when", f"{text.at:%Y-%m-%d %H:%M}", first, second)
    _payment(column, text.card, text.approval, text.key, first, second)
    column.rule(dash=1.0)
    _note(column, "paper.reversal.note", first, second)
    return _foot(column, text.office, text.head, text.simulated, first, second)


def _head(
    width_dots: int, dpi: int, office: Office, title: str, simulated: bool, first: Say, second: Say
) -> Column:
    """Test banner, office, title."""
    column = Column(width_dots, dpi)
    column.gap(1.5)
    if simulated:
        column.banner(first("paper.test.paper"))
        column.gap(2.5)
    column.heading(office.name[0], office.name[1], 4.0, 2.8)
    column.gap(1.6)
    column.heading(first(title), second(title), 7.6, 3.6)
    column.rule(0.8)
    return column


def _foot(column: Column, office: Office, head: str, simulated: bool, first: Say, second: Say) -> Picture:
    """Where to ask, the journal's last digits, and the test mark once more at the tear."""
    column.rule(dash=1.0)
    _both(column, "paper.telephone", office.telephone, first, second)
    _both(column, "paper.hours", office.hours[0], first, second)
    if head:
        _both(column, "paper.head", head[-8:], first, second)
    if simulated:
        column.gap(1.5)
        column.banner(first("paper.test.paper"))
    return column.picture(4.0)


def _both(column: Column, id: str, value: str, first: Say, second: Say) -> None:
    column.pair(first(id), second(id), value)


def _note(column: Column, id: str, first: Say, second: Say, align: Align = "left") -> None:
    column.text(first(id), 3.0, False, align)
    if second(id) != first(id):
        column.text(second(id), 2.4, False, align)


def phone(text: str, first: Say) -> str:
    """A telephone number with hyphens, however it was typed."""
    return first("paper.phone", phone="".join(filter(str.isdigit, text)))


def weight(grams: int) -> str:
    """Kilograms to the gram."""
    return f"{grams // 1000}.{grams % 1000:03d} kg"


def size(measured: Size, first: Say) -> str:
    """The three sides, or where only that is known their sum."""
    if measured.sides_mm:
        return " × ".join(str(side) for side in measured.sides_mm) + " mm"
    return first("paper.size.sum", sum=measured.sum_mm)
