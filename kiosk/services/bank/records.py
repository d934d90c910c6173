"""One decision of the shield, whole enough to be made again: inputs, rules, texts shown, answers, override. Pure."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from kiosk.services.bank.case import Act, Answer, Assessment, Book, Case, Credit, Rule
from kiosk.services.bank.shield import assess


@dataclass(frozen=True)
class Shown:
    """A text that the customer saw, with its values: message id, language, first 16 hex digits of its SHA-256."""

    id: str
    language: str
    sha256: str


@dataclass(frozen=True)
class Override:
    """Who went against what the rules asked for, what they decided, and under which reference."""

    by: str
    decision: str
    reference: str = ""


@dataclass(frozen=True)
class Record:
    """Everything that a decision was made from, and what came of it."""

    case: Case
    answers: tuple[Answer, ...]
    book: Book
    shown: tuple[Shown, ...]
    override: Override | None = None
    choice: str = ""  # `delayed`: the customer took the delay that was offered

    @property
    def assessment(self) -> Assessment:
        """What the rules say, worked out anew."""
        return assess(self.case, self.answers, self.book)


def dump(record: Record) -> str:
    """As one line of JSON, with the outcome beside its inputs."""
    body = {**_plain(record), "outcome": _plain(record.assessment)}
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def load(text: str) -> tuple[Record, Any]:
    """The record of such a line, and the outcome as it was written down."""
    body = json.loads(text)
    said, rules = body["case"], body["book"]["rules"]
    credits_ = tuple(Credit(**each) for each in said["credits"])
    case = Case(**{**said, "act": Act(said["act"]), "credits": credits_, "signs": frozenset(said["signs"])})
    book = Book(
        body["book"]["version"],
        {id_: Rule(**{**rule, "acts": frozenset(Act(act) for act in rule["acts"])}) for id_, rule in rules.items()},
        body["book"]["hold_s"],
    )
    answers = tuple(Answer(**each) for each in body["answers"])
    override = Override(**body["override"]) if body["override"] else None
    return Record(case, answers, book, _shown(body), override, body.get("choice", "")), body["outcome"]


def _shown(body: dict[str, Any]) -> tuple[Shown, ...]:
    return tuple(Shown(**each) for each in body["shown"])


def agrees(text: str) -> bool:
    """Whether the rules, asked again, say what was written down."""
    record, outcome = load(text)
    return bool(_plain(record.assessment) == outcome)


def _plain(value: Any) -> Any:
    """Dataclasses, sets and tuples as JSON has them."""
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(vars(value)[field.name]) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(str(each) for each in value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value
