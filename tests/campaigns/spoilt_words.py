"""Visits that ask for a bank's decision or an officer's answer and are told something else: over the real drivers and
wires, through teller and bell, into the flow and onto its screen.

Shown is only the newest word that the bank has signed about this reference; an officer's answer moves a visit only if
it was signed for this very call, is fresh, and comes once.
"""

from __future__ import annotations

import base64
import json
import random
from collections import Counter as Count
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices import agency, counter
from devices.agency import SignedMessage, Word
from devices.agency_desk import BankDesk
from devices.bench.counter_web import IntakePeer, OfficerPeer, Waiting
from devices.counter import OfficerAnswer, OfficerDesk, OfficerKey
from devices.officer_desk import OfficerQueue
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.banking.decisions import Blank
from kiosk.banking.teller import Teller
from kiosk.flow import Item
from kiosk.intake import facts as i
from kiosk.officer import facts as o
from kiosk.officer.bell import Bell
from kiosk.officer.bell import Times as Looks
from kiosk.services.bank import draft as d
from kiosk.services.bank import flow
from kiosk.services.bank.caution import Desk, assessment
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.flow import Counter
from kiosk.services.bank.service import Bank
from tests.campaigns.spoiling import forged
from tests.campaigns.spoilt_money import PATIENT, Crew
from tests.kiosk.bank.test_views import situation

BRANCH = "K-0001"
BANK, OFFICER, NOBODY = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
BANK_KEYS = {"990": BANK.public_key().public_bytes_raw()}
OFFICERS = {"o-1": OfficerKey("o-1", OFFICER.public_key().public_bytes_raw(), live=True)}


def signed(key: Ed25519PrivateKey, said: Any) -> SignedMessage:
    """A message as its signer sends it."""
    body = json.dumps(said).encode()
    return SignedMessage(body, key.sign(body))


def decided(reference: str, word: str, at: datetime, bank: str = "990", purpose: str = agency.PURPOSE) -> SignedMessage:
    """A bank's decision."""
    said = {"purpose": purpose, "bank": bank, "reference": reference, "word": word, "at": at.isoformat()}
    return signed(BANK, said)


def answered(request: str, word: str, issued: datetime, lasts_s: float = 60.0, **other: str) -> SignedMessage:
    """An officer's answer."""
    return signed(OFFICER, {
        "purpose": counter.PURPOSE, "branch": BRANCH, "request": request, "officer": "o-1", "answer": word,
        "issued": issued.isoformat(), "expires": (issued + timedelta(seconds=lasts_s)).isoformat(), **other,
    })  # fmt: skip


def as_json(message: SignedMessage) -> dict[str, str]:
    """As it travels."""
    return {each: base64.b64encode(getattr(message, each)).decode() for each in ("body", "signature")}


@dataclass
class Remembers(Blank):
    """The newest time that was read of each reference, as the journal has it."""

    newest: dict[str, datetime] = field(default_factory=dict)

    async def decided(self, bank: str, reference: str) -> datetime | None:
        return self.newest.get(reference)

    async def references(self, newest: int) -> Sequence[datetime]:
        return ()


class Intake(IntakePeer):
    """The banks' intake, which answers with what it is given."""

    says: SignedMessage

    def _decision(self, bank: str, reference: str) -> tuple[int, Any]:
        return 200, as_json(self.says)


@dataclass
class Decisions:
    """Visits that ask what became of an application, which was refused after it had been approved."""

    seed: int
    service: Bank
    wrong: list[str] = field(default_factory=list)
    every: Count[str] = field(default_factory=Count)

    async def go(self, folder: Path, count: int) -> Count[str]:
        """One reference after another until so many spoilt words were told."""
        dice, memory, peer = random.Random(self.seed), Remembers(), Intake(folder / "intake.jsonl")
        desk = BankDesk("bank_desk", f"http://127.0.0.1:{await peer.start()}")
        teller = Teller(Crew(None, bank_desk=desk), self._heard, BANK_KEYS, PATIENT, memory)
        office = replace(self.service.office, keys=BANK_KEYS)
        bank, number = replace(self.service, office=office), 0
        try:
            while self.every.total() < count:
                number += 1
                await self._asks(dice, teller, memory, peer, bank, f"990-{self.seed:06d}-{number}")
        finally:
            await peer.stop()
        return self.every

    def _heard(self, item: Item) -> None:
        """Doubts; each is an event of its own."""

    async def _asks(
        self, dice: random.Random, teller: Teller, memory: Remembers, peer: Intake, bank: Bank, reference: str
    ) -> None:
        """The true word once, then what is none."""
        when = datetime.now(UTC) - timedelta(days=1)
        true = decided(reference, Word.REFUSED, when)
        peer.says, memory.newest[reference] = true, when
        if await self._shown(teller, bank, reference) != "refused":
            self.wrong.append("the bank's true word was not shown")
        for _ in range(8):
            how, message = self._other(dice, reference, true, when)
            peer.says = message
            self.every[how] += message != true
            if message != true and (shown := await self._shown(teller, bank, reference)):
                self.wrong.append(f"{how}: {shown} was shown")

    def _other(
        self, dice: random.Random, reference: str, true: SignedMessage, when: datetime
    ) -> tuple[str, SignedMessage]:
        """How, and a message that is not the bank's newest word on this reference."""
        older = decided(reference, Word.APPROVED, when - timedelta(hours=dice.randint(1, 900)))
        others = {
            "older": older, "other reference": decided(f"{reference}9", Word.APPROVED, when),
            "future": decided(reference, Word.APPROVED, datetime.now(UTC) + timedelta(hours=dice.randint(1, 900))),
            "other purpose": decided(reference, Word.APPROVED, when, purpose="bank-offer-1"),
            "other bank": decided(reference, Word.APPROVED, when, bank="991"),
            "no time zone": decided(reference, Word.APPROVED, when.replace(tzinfo=None)),
            "no word": decided(reference, "yes", when),
            "other key": signed(NOBODY, json.loads(decided(reference, Word.APPROVED, when).body)),
        }  # fmt: skip
        how = dice.choice((*others, "forged", "forged", "forged", "forged"))
        return how, others[how] if how in others else forged(dice, true, list(others.values()))

    async def _shown(self, teller: Teller, bank: Bank, reference: str) -> str:
        """What the screen says after this visit has asked."""
        at = Counter(Step.REFERENCE, Draft(visit=f"v{reference}", business="status"))
        at = flow.step(at, d.StatusAsked("990", reference), bank.office.desk)
        (command,) = at.todo
        fact = await teller.hands[type(command)](at.draft.visit, command)
        assert fact is not None
        at = flow.step(at, fact, bank.office.desk)
        said = bank.view(at, situation()).values.get("word", "") if at.step == Step.DECISION else ""
        if isinstance(fact, b.DecisionRead) and not said:
            self.wrong.append("a decision was read that cannot be shown")
        return str(said)


class Queue(OfficerPeer):
    """The officers' queue, which answers every look with what it is given."""

    says: SignedMessage

    def _told(self, call: Waiting) -> Any:
        return {**super()._told(call), "state": "answered", "place": 0, "answer": as_json(self.says)}


@dataclass
class Officers:
    """The officers' desk alone."""

    officer: OfficerDesk | None

    def check(self, name: str) -> None:
        """It answers."""


@dataclass
class Answers:
    """Visits that were paused and have called an officer; `paused` is where they stand."""

    seed: int
    service: Bank
    paused: Counter
    wrong: list[str] = field(default_factory=list)
    every: Count[str] = field(default_factory=Count)

    async def go(self, _: Path, count: int) -> Count[str]:
        """One visit after another until so many spoilt answers were told."""
        dice, peer, number = random.Random(self.seed), Queue(BRANCH), 0
        async with AsyncExitStack() as stack:
            stack.push_async_callback(peer.stop)
            queue = OfficerQueue("officer", f"http://127.0.0.1:{await peer.start()}", BRANCH)
            bell = Bell(Officers(queue), self._heard, BRANCH, OFFICERS, Looks(ask=60.0, look=0.0, ahead=0.0))
            while self.every.total() < count:
                number += 1
                await self._calls(dice, bell, peer, f"v{self.seed}x{number}")
        return self.every

    def _heard(self, item: Item) -> None:
        """Calls are told the branch."""

    async def _calls(self, dice: random.Random, bell: Bell, peer: Queue, visit: str) -> None:
        """Call after call that is answered with what is no answer to it; then the true one, twice."""
        at, used = Counter(self.paused.step, replace_visit(self.paused.draft, visit)), list[SignedMessage]()
        for _ in range(8):
            request = f"{visit}-o{at.draft.officers + 1}"
            true = answered(request, dice.choice(tuple(OfficerAnswer)), datetime.now(UTC) - timedelta(seconds=1))
            how, peer.says = self._other(dice, request, true, used)
            used.append(true)
            self.every[how] += peer.says != true
            after = await self._told(bell, at, visit)
            still = after.step in (self.paused.step, Step.OFFICER) and after.draft.override is None
            if peer.says != true and not still:
                self.wrong.append(f"{how}: moved to {after.step}")
            at = Counter(self.paused.step, replace(at.draft, officers=after.draft.officers))
        await self._once(bell, peer, at, visit)

    async def _once(self, bell: Bell, peer: Queue, at: Counter, visit: str) -> None:
        """The true answer moves the visit, and heard again it does nothing."""
        request = f"{visit}-o{at.draft.officers + 1}"
        peer.says = answered(request, OfficerAnswer.APPROVE_PURPOSE, datetime.now(UTC))
        moved = await self._told(bell, at, visit)
        if moved.step == at.step:
            self.wrong.append("a true answer moved nothing")
        word = o.OfficerAnswered(request, OfficerAnswer.APPROVE_PURPOSE.value, "o-1", "")
        again = flow.step(moved, word, self.service.office.desk)
        self.every["heard twice"] += 1
        if (again.step, again.draft, again.todo) != (moved.step, moved.draft, ()):
            self.wrong.append("an answer that was heard twice did something")

    async def _told(self, bell: Bell, at: Counter, visit: str) -> Counter:
        """Where the visit stands once the queue has answered its call."""
        desk = self.service.office.desk
        at = flow.step(at, d.OfficerAsked(), desk)
        call = next(each for each in at.todo if isinstance(each, o.CallOfficer))
        placed = await bell.hands[o.CallOfficer](visit, call)
        assert placed is not None
        at = flow.step(at, placed, desk)
        watch = next(each for each in at.todo if isinstance(each, o.WatchOfficer))
        fact = await bell.hands[o.WatchOfficer](visit, watch)
        assert fact is not None
        return flow.step(at, fact, desk)

    def _other(
        self, dice: random.Random, request: str, true: SignedMessage, used: list[SignedMessage]
    ) -> tuple[str, SignedMessage]:
        """How, and an answer that is not this call's."""
        word, now = OfficerAnswer.APPROVE_PURPOSE, datetime.now(UTC)
        others = {
            "other call": answered(f"{request}0", word, now), "late": answered(request, word, now - timedelta(hours=1)),
            "early": answered(request, word, now + timedelta(hours=1)),
            "long": answered(request, word, now - timedelta(hours=1), 9e4),
            "other branch": answered(request, word, now, branch="K-0002"),
            "other purpose": answered(request, word, now, purpose="bank-decision-1"),
            "other officer": answered(request, word, now, officer="o-2"),
            "other key": signed(NOBODY, json.loads(true.body)),
            "no answer": answered(request, "approved", now),
            **({"true of before": dice.choice(used)} if used else {}),
        }  # fmt: skip
        how = dice.choice((*others, "forged", "forged", "forged", "forged"))
        return how, others[how] if how in others else forged(dice, true, list(others.values()))


def paused(desk: Desk) -> Counter:
    """A visit that a rule has paused: a stranger's account, a large sum, and somebody on the telephone."""
    to, won = "12345678901234", 1_200_000
    at = flow.begin(f.VisitStarted("bank", "ko", "v0"))
    for fact in (
        d.KindChosen("account"), b.CardGiven("990", "9410-12**-****-3456"), d.BusinessChosen("transfer"),
        d.PayeeBankChosen("990"), d.PayeeNumberGiven(to), b.PayeeTold("990", to, "김가상", False, paid_before=False),
        d.AmountGiven(won, datetime.now(UTC).isoformat()), b.ProfileTold(45, blocks=(), last_machine_transfer="never"),
        b.BalanceTold(9_000_000, 9_000_000), b.EntriesTold(()), i.HoldKnown(), d.Begun(0),
    ):  # fmt: skip
        at = flow.step(at, fact, desk)
    while at.step == Step.ASK:
        question = assessment(at, desk).questions[0]
        at = flow.step(at, d.Answered(question, question == "call", at.draft.since_ms + 9000), desk)
    if at.step != Step.PAUSE:
        raise RuntimeError(f"nothing was paused: {at.step}")
    return at


def replace_visit(known: Draft, visit: str) -> Draft:
    """The same, of another visit that has called nobody yet."""
    return replace(known, visit=visit, officers=0, officer=None, override=None)
