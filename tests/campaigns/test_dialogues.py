"""A sample of the dialogues: what the shield must reach on them, and that they repeat exactly."""

from __future__ import annotations

from pathlib import Path

from kiosk.services.bank.frauds import read_book
from tests.campaigns.dialogues import figures, led, play, scripts, talk, without

BOOK = read_book(Path("config/fraud.toml"))


def test_a_sample_of_dialogues_reaches_the_published_recall() -> None:
    """The published run (docs/bank.md) is 1,000 of each; its sample may be a little worse, not much."""
    said = figures(play(scripts(250), BOOK))
    assert said.recall > 0.65
    assert said.false_stops < 60


def test_the_same_seed_makes_the_same_dialogue() -> None:
    assert [talk(led(number), BOOK) for number in range(50)] == [talk(led(number), BOOK) for number in range(50)]


def test_a_shield_without_rules_interrupts_nobody() -> None:
    book = BOOK
    for rule in BOOK.rules:
        book = without(book, rule)
    assert not any(ending.interrupted for ending in play(scripts(50), book))


def test_whoever_was_told_to_say_no_and_rehearsed_it_is_caught_by_the_speed() -> None:
    """Every one whom our own rule of coached answers interrupts alone would have gone through without it."""
    alone = [each.script for each in play(scripts(300), BOOK) if each.script.led and each.by == {"O5"}]
    assert alone
    assert not any(ending.interrupted for ending in play(alone, without(BOOK, "O5")))
