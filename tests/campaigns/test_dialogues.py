"""A sample of the dialogues: that they are as published, that they repeat exactly, and that waits cannot be sat out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from kiosk.services.bank.caution import Desk
from kiosk.services.bank.frauds import read_book
from kiosk.services.bank.proving import Shown
from kiosk.services.bank.shelves import read_shelf
from tests.campaigns import visits
from tests.campaigns.cases import led, scripts, talk
from tests.campaigns.dialogues import alone, counter, figures, without

BOOK = read_book(Path("config/fraud.toml"))
DESK = Desk(read_shelf(Path("config/banks")), BOOK, Shown())
PLAYS = {"at the counter": counter, "rules alone": alone}


def published(title: str) -> tuple[str, float, float]:
    """Rules, recall and false stops of a table of docs/bank.md."""
    text = Path("docs/bank.md").read_text(encoding="utf-8")
    head = rf"^{title}: n = 1000 .* rules (\S+), seed \d+\nrecall (\S+); false stops per 1,000 ordinary (\d+)"
    found = re.search(head, text, re.MULTILINE)
    assert found is not None
    return found[1], float(found[2]), float(found[3])


@pytest.mark.parametrize("title", list(PLAYS))
def test_a_sample_of_dialogues_agrees_with_what_is_published(title: str) -> None:
    """The published run is 1,000 of each; a quarter of it differs by chance alone (three standard deviations)."""
    rules, recall, stops = published(title)
    assert rules == BOOK.version, "the rules have changed: run `python -m tests.campaigns dialogues` and publish it"
    said = figures(PLAYS[title](250)(BOOK))
    assert abs(said.recall - recall) < 3 * (recall * (1 - recall) / 250) ** 0.5
    assert abs(said.false_stops - stops) < 3 * (stops * (1000 - stops) / 250) ** 0.5


def test_the_same_seed_makes_the_same_dialogue() -> None:
    assert [talk(led(number), BOOK) for number in range(50)] == [talk(led(number), BOOK) for number in range(50)]
    first, second = ([visits.visit(visits.led(number), DESK) for number in range(20)] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("title", list(PLAYS))
def test_a_shield_without_rules_interrupts_nobody(title: str) -> None:
    book = BOOK
    for rule in BOOK.rules:
        book = without(book, rule)
    assert not any(ending.interrupted for ending in PLAYS[title](50)(book))


def test_whoever_was_told_to_say_no_and_rehearsed_it_is_caught_by_the_speed() -> None:
    """Every one whom our own rule of coached answers interrupts alone would have gone through without it."""
    held = [each for each in scripts(300) if each.led and talk(each, BOOK).by == {"O5"}]
    assert held
    assert not any(talk(each, without(BOOK, "O5")).interrupted for each in held)


@pytest.mark.parametrize("after_s", [60, 1700, 1801, 80_000])
def test_nobody_who_was_told_to_wait_gets_it_through_by_coming_again_and_denying_everything(after_s: int) -> None:
    """While the wait runs and for a day after it."""
    assert len(told_to_wait()) > 20
    assert not [each for each in told_to_wait() if visits.comes_again(each, DESK, after_s)]


@cache
def told_to_wait() -> list[visits.Visitor]:
    """People being led who were held by what they answered."""
    led_here = [each for each in map(visits.led, range(80)) if each.orders]
    return [each for each in led_here if visits.visit(each, DESK).by & {"O3", "O4", "O5", "O6"}]


def test_a_sum_in_parts_does_not_get_through_where_the_whole_would_not() -> None:
    """Whoever sends ten millions or more in a day, in whatever parts, and denies everything, meets an officer."""
    parts = [each for each in map(visits.led, range(1000)) if each.name == "in parts"]
    large = [each for each in parts if sum(order.won for order in each.orders) >= 10_000_000]
    assert len(large) > 20
    assert all(visits.visit(each, DESK).interrupted for each in large)
