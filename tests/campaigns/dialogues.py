"""Scripted dialogues with the fraud shield: ordinary customers and people being led, seeded, of every adult age.

`python -m tests.campaigns dialogues` prints recall, false stops per 1,000 ordinary customers, and what each rule does:
first as customers meet it, through the counter's flow (visits.py), then of the rules alone (cases.py).
The scripts are made up: they say how the rules act on these stories, not how often such stories happen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.services.bank.case import Book
from kiosk.services.bank.caution import Desk
from kiosk.services.bank.frauds import read_book
from kiosk.services.bank.proving import Shown
from kiosk.services.bank.shelves import read_shelf
from tests.campaigns import cases, visits
from tests.campaigns.cases import SEED, Ending

HOUSE = Path(__file__).parents[2]
AGES = ((19, 40), (40, 60), (60, 75), (75, 130))

Play = Callable[[Book], list[Ending]]


@dataclass(frozen=True)
class Figures:
    """What came of many dialogues."""

    honest: int
    led: int
    recall: float
    false_stops: float
    false_stops_ours: float
    asked: float


def figures(endings: Sequence[Ending]) -> Figures:
    """Recall over those being led; stops, stops by our own rules alone, and questions per 1,000 of the others."""
    good = [ending for ending in endings if not ending.who.led]
    bad = [ending for ending in endings if ending.who.led]
    stops = [ending for ending in good if ending.interrupted]
    ours = [ending for ending in stops if all(rule[0] == "O" for rule in ending.by)]
    return Figures(
        len(good), len(bad), sum(ending.interrupted for ending in bad) / max(1, len(bad)),
        1000 * len(stops) / max(1, len(good)), 1000 * len(ours) / max(1, len(good)),
        1000 * sum(ending.asked > 0 for ending in good) / max(1, len(good)),
    )  # fmt: skip


def without(book: Book, rule: str) -> Book:
    """The same rules, one of them switched off."""
    return Book(book.version, {**book.rules, rule: replace(book.rules[rule], on=False)}, book.hold_s)


def counter(n: int) -> Play:
    """Visitors of the counter, through its flow."""
    people, shelf, prover = visits.visitors(n), read_shelf(HOUSE / "config" / "banks"), Shown()
    return lambda book: [visits.visit(each, Desk(shelf, book, prover)) for each in people]


def alone(n: int) -> Play:
    """Cases before the rules, without a flow."""
    people = cases.scripts(n)
    return lambda book: [cases.talk(each, book) for each in people]


def table(title: str, play: Play, stories: Sequence[str], book: Book) -> Iterator[str]:
    """The lines of one table."""
    endings = play(book)
    all_in = figures(endings)
    yield f"{title}: n = {all_in.honest} ordinary + {all_in.led} being led, rules {book.version}, seed {SEED}"
    yield (f"recall {all_in.recall:.3f}; false stops per 1,000 ordinary {all_in.false_stops:.0f} "
           f"(by our own rules alone {all_in.false_stops_ours:.0f}); asked anything per 1,000 ordinary "
           f"{all_in.asked:.0f}")  # fmt: skip
    for name in stories:
        part = [ending for ending in endings if ending.who.led and ending.who.name == name]
        yield f"  {name}: {sum(e.interrupted for e in part)} of {len(part)} interrupted"
    for low, high in AGES:
        some = figures([e for e in endings if low <= (e.who.age or 0) < high])
        yield f"  from {low} years: recall {some.recall:.3f}, false stops per 1,000 {some.false_stops:.0f}"
    yield "  rule  spoke (led / ordinary)  stood against  recall it alone adds  false stops it alone makes"
    for rule in book.rules:
        if not any(rule in ending.spoke for ending in endings):
            continue
        less = figures(play(without(book, rule)))
        spoke = [sum(rule in e.spoke for e in endings if e.who.led is kind) for kind in (True, False)]
        against = [sum(rule in e.by for e in endings if e.who.led is kind) for kind in (True, False)]
        yield (f"  {rule:4}  {spoke[0]:4} / {spoke[1]:4}  {against[0]:4} / {against[1]:3}  "
               f"{all_in.recall - less.recall:+.3f}  {all_in.false_stops - less.false_stops:+.1f}")  # fmt: skip


def report(n: int) -> Iterator[str]:
    """The lines of the campaign."""
    book = read_book(HOUSE / "config" / "fraud.toml")
    yield from table("at the counter", counter(n), [name for name, _, _ in visits.LED], book)
    yield ""
    yield from table("rules alone", alone(n), [name for name, _, _ in cases.LED], book)


def evidence(n: int) -> bool:
    """The whole campaign, printed; True: its figures are published, none of them is a pass mark."""
    for line in report(n):
        sys.stdout.write(f"{line}\n")
    return True
