"""Reads config/fraud.toml into the shield's book. An unknown key or rule refuses to start, naming file and key."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from kiosk.config import ConfigError, Table, Text, read_table
from kiosk.services.bank import shield
from kiosk.services.bank.case import HARD, Act, Book, Rule

Day = Annotated[date | None, BeforeValidator(lambda value: None if value == "" else value)]
Figure = Annotated[int, Field(gt=0, le=10**12)]
#: The figures that each rule needs, and no other.
FIGURES = {
    "F1": ("won", "minutes"), "F2": ("won",), "F3": ("won",), "F4": ("age", "won"), "F5": ("count",),
    "F6": ("won", "day_won"), "F7": ("count", "hours"), "F8": ("day_won",), "F9": ("age",), "F10": (),
    "F11": ("count",), "F12": ("days", "won", "day_won"), "F13": ("age", "won"), "F14": (), "O1": ("count",),
    "O2": ("won",), "O3": (), "O4": (), "O5": ("count", "milliseconds"), "O6": (), "O7": (), "O8": (),
    "O9": ("won", "day_won"),
}  # fmt: skip
ALL_FIGURES = ("won", "day_won", "age", "minutes", "hours", "days", "count", "milliseconds")


class RuleTable(Table):
    """[rules.<id>]: one rule."""

    on: bool
    basis: Literal["law", "practice", "abroad", "ours"]
    acts: Annotated[tuple[Annotated[Act, Field(strict=False)], ...], Field(min_length=1, strict=False)]
    since: Day
    source: Text
    trust: Literal["OFF", "NEWS", "BLOG", "MEM", "OURS"]
    verified_on: Day
    won: Figure | None = None
    day_won: Figure | None = None
    age: Annotated[int, Field(gt=0, le=130)] | None = None
    minutes: Annotated[int, Field(gt=0, le=1440)] | None = None
    hours: Annotated[int, Field(gt=0, le=72)] | None = None
    days: Annotated[int, Field(gt=0, le=3650)] | None = None
    count: Annotated[int, Field(gt=0, le=100)] | None = None
    milliseconds: Annotated[int, Field(gt=0, le=60_000)] | None = None


class FraudTable(Table):
    """config/fraud.toml."""

    date: date
    hold_minutes: Annotated[int, Field(gt=0, le=1440)]
    sources: dict[str, Text]
    rules: dict[str, RuleTable]


def read_book(path: Path) -> Book:
    """The rules of this file, or ConfigError with one line."""
    table = read_table(path, FraudTable)
    for id_, said in table.rules.items():
        _check(path, id_, said, table)
    if missing := [id_ for id_ in shield.RULES if id_ not in table.rules]:
        raise ConfigError(f"{path}: rules.{missing[0]}: missing; add it, or switch it off with on = false")
    rules = {id_: _rule(id_, table.rules[id_]) for id_ in shield.RULES}
    return Book(f"{table.date.isoformat()}/{version(table)}", rules, table.hold_minutes * 60)


def verified(path: Path) -> bool:
    """Whether every rule that is on was compared with its official source."""
    return all(rule.verified_on for rule in read_table(path, FraudTable).rules.values() if rule.on)


def version(table: FraudTable) -> str:
    """Eight hex digits that change with any figure."""
    text = json.dumps(table.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _check(path: Path, id_: str, said: RuleTable, table: FraudTable) -> None:
    """One rule against what its code takes."""
    if id_ not in shield.RULES:
        raise ConfigError(f"{path}: rules.{id_}: unknown rule; known here: {', '.join(shield.RULES)}")
    if said.source not in table.sources:
        raise ConfigError(f'{path}: rules.{id_}.source = "{said.source}": not named under [sources]; add it there')
    if id_ in HARD and not said.on:
        raise ConfigError(f"{path}: rules.{id_}.on = false: law or practice asks for this rule; write true")
    given = {name: value for name, value in said.model_dump().items() if name in ALL_FIGURES and value is not None}
    for name in FIGURES[id_]:
        if name not in given:
            raise ConfigError(f"{path}: rules.{id_}.{name}: missing; add it")
    if strays := sorted(given.keys() - set(FIGURES[id_])):
        takes = ", ".join(FIGURES[id_]) or "no figure"
        raise ConfigError(f"{path}: rules.{id_}.{strays[0]} = {given[strays[0]]}: {id_} takes {takes}; remove it")


def _rule(id_: str, said: RuleTable) -> Rule:
    figures: dict[str, Any] = {
        "won": said.won, "day_won": said.day_won, "age": said.age, "days": said.days, "count": said.count,
        "ms": said.milliseconds, "seconds": (said.minutes or 0) * 60 + (said.hours or 0) * 3600,
    }  # fmt: skip
    kept = {name: value for name, value in figures.items() if value}
    return Rule(id_, said.on, said.basis, frozenset(said.acts), **kept)
