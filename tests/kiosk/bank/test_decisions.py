"""What is believed of a bank's signed word besides its signature: its time, and how often a kiosk may ask."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.agency import PURPOSE, SignedMessage
from kiosk.banking import facts as b
from kiosk.banking.decisions import AN_HOUR, HOUR, Blank, Decisions
from kiosk.flow import Item, Posted
from kiosk.services.bank import draft as d
from kiosk.services.bank import flow, intake
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.flow import Counter
from tests.kiosk.bank.test_flow import DESK

BANK = Ed25519PrivateKey.from_private_bytes(b"b" * 32)
ASKED = b.AskDecision("990", "HB-2026-000001")
NOW = datetime.now(UTC)


@dataclass
class Desk:
    """A bank's desk that answers with this message."""

    message: SignedMessage | None
    asked: int = 0

    async def decision(self, *_: object) -> SignedMessage | None:
        self.asked += 1
        return self.message


@dataclass
class Remembers(Blank):
    """What was read before, and when was asked."""

    newest: datetime | None = None
    times: list[datetime] = field(default_factory=list)

    async def decided(self, bank: str, reference: str) -> datetime | None:
        return self.newest

    async def references(self, newest: int) -> Sequence[datetime]:
        return self.times[-newest:]


def signed(at: datetime, word: str = "approved") -> SignedMessage:
    said = {"purpose": PURPOSE, "bank": "990", "reference": ASKED.reference, "word": word, "at": at.isoformat()}
    body = json.dumps(said).encode()
    return SignedMessage(body, BANK.sign(body))


def heard(desk: Desk, memory: Blank) -> tuple[Any, list[str]]:
    """The fact that comes of it, and the doubts that the branch is told."""
    told = list[Item]()
    decisions = Decisions(told.append, {"990": BANK.public_key().public_bytes_raw()}, memory)
    fact = asyncio.run(decisions.ask(desk, ASKED, 1.0))  # type: ignore[arg-type]  # the one call that is made
    return fact, [each.fact.why for each in told if isinstance(each, Posted) and isinstance(each.fact, b.HostDoubted)]


def test_a_word_older_than_what_the_bank_said_last_is_doubted_once() -> None:
    before = NOW - timedelta(days=1)
    for age, doubts in ((timedelta(), []), (timedelta(seconds=1), []), (-timedelta(seconds=1), ["replayed"])):
        fact, why = heard(Desk(signed(before + age)), Remembers(before))
        assert (why, isinstance(fact, b.DecisionRead)) == (doubts, not doubts)


def test_a_word_of_the_future_is_doubted_once() -> None:
    for ahead, doubts in ((timedelta(minutes=4), []), (timedelta(minutes=6), ["not_yet"])):
        fact, why = heard(Desk(signed(datetime.now(UTC) + ahead)), Blank())
        assert (why, isinstance(fact, b.DecisionRead)) == (doubts, not doubts)


def test_a_kiosk_asks_so_often_an_hour_and_no_more() -> None:
    last_hour = [NOW - timedelta(minutes=1)] * AN_HOUR
    for times, asked in ((last_hour[1:], 1), (last_hour, 0), ([*last_hour[1:], NOW + timedelta(days=9)], 0),
                         ([NOW - HOUR - timedelta(minutes=1), *last_hour[1:]], 1)):  # fmt: skip
        desk = Desk(signed(NOW))
        fact, _ = heard(desk, Remembers(None, times))
        assert desk.asked == asked
        assert isinstance(fact, b.DecisionRead if asked else b.DecisionRefused)


def test_a_visit_asks_for_three_references() -> None:
    at = Counter(Step.REFERENCE, Draft(visit="v1", business="status"))
    for number in range(intake.MOST_REFERENCES):
        at = flow.step(at, d.StatusAsked("990", f"HB-{number}"), DESK)
        assert at.todo == (b.AskDecision("990", f"HB-{number}"),)
        at = flow.step(at, b.DecisionDoubted("990", f"HB-{number}"), DESK)
    at = flow.step(at, d.StatusAsked("990", "HB-9"), DESK)
    assert (at.step, at.todo, at.draft.notice) == (Step.REFERENCE, (), "bank.notice.status_often")
