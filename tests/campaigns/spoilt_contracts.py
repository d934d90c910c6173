"""A bank's offers of a contract and its receipts of a signature, told otherwise: over the real driver and wire, through
teller and notary.

An offer is read whole from the bank's own message on this application, while it stands; *signed* comes of a receipt of
just this signature under just this offer alone. Whatever else is told leaves it unknown.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter as Count
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from devices.agency import SignedContract, SignedMessage
from devices.agency_desk import BankDesk
from devices.bench.counter_web import IntakePeer
from devices.bench.web import Request
from kiosk.banking import contracts as c
from kiosk.banking.teller import Teller
from kiosk.flow import Item
from tests.campaigns.spoiling import forged
from tests.campaigns.spoilt_money import PATIENT, Crew
from tests.campaigns.spoilt_words import as_json
from tests.kiosk.bank.contracts import KEYS, OTHER, REFERENCE, offer, receipt

#: What is told of one contract before another is looked at.
EACH = 8


class Desk(IntakePeer):
    """The banks' desk, which answers every question about a contract with what it is given."""

    says: SignedMessage

    def reply(self, request: Request) -> tuple[int, Any]:
        """An offer, a receipt."""
        return 200, as_json(self.says)


@dataclass
class Contracts:
    """Signatures under offers, until so many spoilt messages were told."""

    seed: int
    wrong: list[str] = field(default_factory=list)
    every: Count[str] = field(default_factory=Count)

    async def go(self, folder: Path, count: int) -> Count[str]:
        """One contract after another."""
        dice, peer, number = random.Random(self.seed), Desk(folder / "intake.jsonl"), 0
        desk = BankDesk("bank_desk", f"http://127.0.0.1:{await peer.start()}")
        teller = Teller(Crew(None, bank_desk=desk), self._heard, KEYS, PATIENT)
        try:
            while self.every.total() < count:
                number += 1
                await self._offered(dice, teller, peer)
                await self._signed(dice, teller, peer, f"v{self.seed}x{number}-h1")
        finally:
            await peer.stop()
        return self.every

    def _heard(self, item: Item) -> None:
        """Doubts; each is an event of its own."""

    async def _offered(self, dice: random.Random, teller: Teller, peer: Desk) -> None:
        """The true offer once, then what is none."""
        later, asked = datetime.now(UTC) + timedelta(days=1), c.AskOffer("990", REFERENCE)
        true = offer(until=later.isoformat())
        others = {
            "other offer reference": offer(until=later.isoformat(), reference="HB-2026-000002"),
            "other offer bank": offer(until=later.isoformat(), bank="991"),
            "other offer purpose": offer(until=later.isoformat(), purpose="bank-decision-1"),
            "other offer key": offer(OTHER, until=later.isoformat()),
            "lapsed offer": offer(until=(datetime.now(UTC) - timedelta(seconds=dice.randint(1, 10**6))).isoformat()),
            "offer without clauses": offer(until=later.isoformat(), clauses=[]),
            "receipt for an offer": receipt(),
        }  # fmt: skip
        await self._told(dice, teller, peer, asked, true, others, c.OfferRead)

    async def _signed(self, dice: random.Random, teller: Teller, peer: Desk, key: str) -> None:
        """The true receipt once, then what is none."""
        sealed, of = dice.randbytes(64), hashlib.sha256(dice.randbytes(8)).hexdigest()
        mine: dict[str, Any] = {"key": key, "offer_sha256": of, "sealed_sha256": hashlib.sha256(sealed).hexdigest()}
        asked = c.EnquireContract(key, SignedContract("990", REFERENCE, of, sealed))
        others = {
            **{f"receipt of another {name}": receipt(**{**mine, name: f"{mine[name][:-1]}x"}) for name in mine},
            "other receipt reference": receipt(**mine, reference="HB-2026-000002"),
            "other receipt bank": receipt(**mine, bank="991"),
            "other receipt purpose": receipt(**mine, purpose="bank-offer-1"),
            "other receipt key": receipt(OTHER, **mine), "receipt without number": receipt(**mine, number=""),
            "receipt without zone": receipt(**mine, at="2026-07-08T02:00:00"), "offer for a receipt": offer(),
        }  # fmt: skip
        await self._told(dice, teller, peer, asked, receipt(**mine), others, c.ReceiptRead)

    async def _told(
        self, dice: random.Random, teller: Teller, peer: Desk, asked: Any, true: SignedMessage,
        others: dict[str, SignedMessage], read: type[Any],
    ) -> None:  # fmt: skip
        peer.says = true
        if not isinstance(await teller.hands[type(asked)]("v", asked), read):
            self.wrong.append(f"the bank's true word was not read: {read.__name__}")
        for _ in range(EACH):
            how = dice.choice((*others, *["forged"] * 4))
            peer.says = others[how] if how in others else forged(dice, true, list(others.values()))
            self.every[how] += peer.says != true
            if peer.says != true and isinstance(await teller.hands[type(asked)]("v", asked), read):
                self.wrong.append(f"{how}: {read.__name__} {json.loads(peer.says.body).get('purpose')}")
