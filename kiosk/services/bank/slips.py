"""The papers of the bank counter, laid out from plain values for a roll of 80 mm. Pure; words are handed in.

Names and account numbers are masked; money is integer won, times are local.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from devices.ports import Picture
from kiosk.paper import Column

WIDTH_DOTS, DPI = 576, 203


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
class SlipText:
    """One slip. `what`: received, transfer, taken_back, claim, leaflet. `rows`: (message id, value as it stands)."""

    office: Office
    what: str
    at: datetime
    head: str
    big: tuple[str, str]  # message id and value of what must be found again
    rows: tuple[tuple[str, str], ...]
    simulated: bool = False


def slip(text: SlipText, first: Say, second: Say) -> Picture:
    """Title, what it is about, its rows, what the branch may and may not promise, whom to ask."""
    column = Column(WIDTH_DOTS, DPI)
    column.gap(1.5)
    if text.simulated:
        column.banner(first("paper.test.paper"))
        column.gap(2.5)
    column.heading(text.office.name[0], text.office.name[1], 4.0, 2.8)
    column.gap(1.6)
    title = f"paper.bank.{text.what}"
    column.heading(first(title), second(title), 6.4, 3.4)
    column.rule(0.8)
    column.pair(first(text.big[0]), second(text.big[0]), text.big[1], 5.6, True)
    column.rule(dash=1.0)
    column.pair(first("paper.when"), second("paper.when"), f"{text.at:%Y-%m-%d %H:%M}")
    for id_, value in text.rows:
        column.pair(first(id_), second(id_), value)
    column.rule(dash=1.0)
    _note(column, f"{title}.note", first, second)
    return _foot(column, text, first, second)


def _note(column: Column, id_: str, first: Say, second: Say) -> None:
    column.text(first(id_), 3.0)
    column.text(second(id_), 2.4)


def _foot(column: Column, text: SlipText, first: Say, second: Say) -> Picture:
    """Whom to ask, where to call against fraud, the journal's last digits, and the test mark at the tear."""
    column.rule(dash=1.0)
    column.pair(first("paper.telephone"), second("paper.telephone"), text.office.telephone)
    column.pair(first("paper.hours"), second("paper.hours"), text.office.hours[0])
    column.pair(first("paper.bank.fraud"), second("paper.bank.fraud"), "112 · 1332")
    if text.head:
        column.pair(first("paper.head"), second("paper.head"), text.head[-8:])
    if text.simulated:
        column.gap(1.5)
        column.banner(first("paper.test.paper"))
    return column.picture(4.0)
