"""Mutated, replayed and forged messages of the bank's host and of officers: none changes a state.

Host replies go over a real line to the ISO 8583 driver and through the teller: nothing but the bank's own word on this
very order becomes an outcome. Decisions and officers' answers are held against their signatures, subjects and times.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices import agency, counter
from devices import iso8583 as m
from devices.agency import AgencyDesk, NotSigned, SignedMessage, read_decision
from devices.bank_iso import IsoBankHost
from devices.banking import BankHost
from devices.bench.bank import Bank
from devices.bench.bank_switch import SwitchPeer, made_up_key
from devices.counter import NotBelieved, OfficerKey, read_answer
from kiosk.banking import facts as b
from kiosk.banking.teller import Teller, Times
from kiosk.facts import Fact
from kiosk.flow import Item
from tests.campaigns.results import Results
from tests.devices.banks import PAYER, card, order

PART = 1_000
#: Of every hundred messages so many are of this kind.
SHARES = {"host": 40, "decision": 30, "answer": 30}
NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
BANK, OFFICER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))


@dataclass
class Crew:
    """A host and nothing else."""

    bank_host: BankHost | None
    bank_desk: AgencyDesk | None = None
    pin_pad: counter.PinPad | None = None

    def check(self, name: str) -> None:
        """Nothing is known to be out of order."""


class Mutant(SwitchPeer):
    """A switch that books as it should and sends what `spoil` makes of its reply."""

    def __init__(self, bank: Bank, key: bytes, spoil: Callable[[bytes], list[bytes]]) -> None:
        super().__init__(bank, key)
        self.spoil, self.honest = spoil, False

    async def _say(self, reply: m.Fields, fields: m.Fields, writer: asyncio.StreamWriter) -> None:
        """Everything at once, then the line is cut, so that nobody waits for more."""
        if fields["t"] == "0800" or self.honest:
            return await super()._say(reply, fields, writer)
        for message in self.spoil(m.pack(reply, self._key)):
            writer.write(message)
        await writer.drain()
        writer.close()


def spoilt(dice: random.Random, message: bytes, old: list[bytes]) -> tuple[str, bytes]:
    """What becomes of a message: flipped, cut, stretched, of another key, an old one, noise."""
    how = dice.choice(("flip", "flip", "cut", "stretch", "other_key", "replay", "noise", "edit"))
    body = bytearray(message)
    match how:
        case "flip":
            for _ in range(dice.randint(1, 4)):
                body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
        case "cut":
            del body[dice.randrange(1, len(body)) :]
        case "stretch":
            body[dice.randrange(len(body)) : 0] = dice.randbytes(dice.randint(1, 40))
        case "edit":
            at = dice.randrange(2, len(body))
            body[at : at + 4] = bytes(str(dice.randrange(10**4)).zfill(4), "ascii")
        case "other_key":
            inner = bytes(body[2 : -m.MAC_BYTES])
            body = bytearray(body[:2] + inner + m.mac(bytes(32), inner))
        case "replay" if old:
            body = bytearray(dice.choice(old))
        case _:
            body = bytearray(dice.randbytes(dice.randint(0, 80)))
    return how, bytes(body)


@dataclass
class Hosts:
    """So many orders answered by a mutant; `wrong` are facts that should never have been."""

    seed: int
    wrong: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    async def go(self, folder: Path, count: int) -> None:
        """One order after another."""
        dice, old = random.Random(self.seed), list[bytes]()
        key, file = made_up_key(folder)
        bank = Bank(folder / "bank.jsonl")
        sent = list[bytes]()

        def spoil(true: bytes) -> list[bytes]:
            how, message = spoilt(dice, true, old)
            self.met[how] += 1
            old.append(true)
            del old[:-20]
            sent[:] = [true, message]
            return [message]

        mutant = Mutant(bank, key, spoil)
        host = IsoBankHost("bank_host", "127.0.0.1", await mutant.start(), str(file), str(folder / "t.jsonl"))
        told = list[Item]()
        teller = Teller(Crew(host), told.append, {}, Times(order=0.5, ask=0.5, back_off=0.0))
        teller._cards["v"] = card()
        await host.open()
        try:
            keys = [f"v-{self.seed}-{number}" for number in range(count)]
            for each in keys:
                self._judge(await teller.hands[b.SendOrder]("v", b.SendOrder(each, order(1))), sent)
            mutant.honest = True
            await host.close()
            await host.open()
            ends = [await teller.hands[b.EnquireOrder]("v", b.EnquireOrder(each, 1)) for each in keys]
            self._audit(bank, ends)
        finally:
            await host.close()
            await mutant.stop()

    def _judge(self, fact: Fact | None, sent: list[bytes]) -> None:
        """An outcome is only believed of the true reply, whole."""
        true = len(sent) == 2 and sent[0] == sent[1]
        if not isinstance(fact, b.OrderUnknown) and not (true and isinstance(fact, b.OrderDone | b.OrderDeclined)):
            self.wrong.append(f"{type(fact).__name__} of a spoilt reply")


    def _audit(self, bank: Bank, ends: list[Fact | None]) -> None:
        """In the end both books say the same, to the won."""
        done = sum(isinstance(each, b.OrderDone) for each in ends)
        if not all(isinstance(each, b.OrderDone | b.OrderDeclined) for each in ends):
            self.wrong.append("an order was never resolved")
        if bank.balance(PAYER) != bank.holders[PAYER].opening_won - done:
            self.wrong.append(f"the bank's book and the branch's differ: {done} orders done")


def signed(key: Ed25519PrivateKey, said: Any) -> SignedMessage:
    """A message as its signer sends it."""
    body = json.dumps(said).encode()
    return SignedMessage(body, key.sign(body))


def decided(number: int) -> dict[str, Any]:
    """A bank's decision on another reference for each number."""
    return {"purpose": agency.PURPOSE, "bank": "990", "reference": f"990-{number:06d}", "word": "approved",
            "at": NOW.isoformat()}  # fmt: skip


def answered(number: int) -> dict[str, Any]:
    """An officer's answer to another request for each number."""
    return {
        "purpose": counter.PURPOSE, "branch": "K-0001", "request": f"v{number}-o1", "officer": "o-1",
        "answer": "approve purpose", "issued": NOW.isoformat(), "expires": (NOW + timedelta(seconds=60)).isoformat(),
    }  # fmt: skip


def forged(dice: random.Random, true: SignedMessage, other: SignedMessage) -> SignedMessage:
    """A message that is not the true one."""
    how, body = spoilt(dice, true.body, [other.body])
    match how:
        case "replay":
            return other
        case "other_key":
            return SignedMessage(true.body, OFFICER.sign(true.body) if true.body else b"")
        case "cut":
            return SignedMessage(true.body, true.signature[: len(true.signature) - dice.randint(1, 64)])
    return SignedMessage(body, other.signature if dice.random() < 0.3 else true.signature)


def decisions(seed: int, count: int) -> Iterator[str]:
    """What was read out of a forged decision."""
    dice, keys = random.Random(seed), {"990": BANK.public_key().public_bytes_raw()}
    for number in range(count):
        true, other = signed(BANK, decided(number)), signed(BANK, decided(number + 1))
        message = forged(dice, true, other)
        if message == true:
            continue
        try:
            yield f"a forged decision was read: {read_decision(message, keys, '990', f'990-{number:06d}')}"
        except NotSigned:
            continue


def answers(seed: int, count: int) -> Iterator[str]:
    """What was read out of a forged, replayed or late answer."""
    dice = random.Random(seed)
    officers = {"o-1": OfficerKey("o-1", BANK.public_key().public_bytes_raw())}
    for number in range(count):
        true, other = signed(BANK, answered(number)), signed(BANK, answered(number + 1))
        message, when = forged(dice, true, other), NOW + timedelta(seconds=dice.choice((1, 1, 61, -1)))
        if message == true and when == NOW + timedelta(seconds=1):
            continue
        try:
            found = read_answer(message, officers, "K-0001", f"v{number}-o1", when)
        except NotBelieved:
            continue
        yield f"a forged answer was believed: {found.answer}"


def play(seed: int, count: int) -> dict[str, Any]:
    """A part of the campaign: `count` messages in their shares."""
    hosts = Hosts(seed)
    each = {kind: count * share // 100 for kind, share in SHARES.items()}
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(hosts.go(Path(folder), each["host"]))
    problems = [*hosts.wrong, *decisions(seed, each["decision"]), *answers(seed, each["answer"])]
    return {"case": str(seed), "messages": sum(each.values()), "met": dict(hosts.met), "problems": problems}


def evidence(folder: Path, count: int, say: Callable[[str], None]) -> bool:
    """The campaign in full, resumed where it stopped; True when nothing was wrong."""
    results = Results(folder, "messages")
    logging.getLogger("kiosk.banking.teller").setLevel(logging.ERROR)  # each doubt is meant here
    for seed in range(count // PART):
        if str(seed) not in results.rows:
            results.add(play(seed, PART))
            say(f"messages {seed + 1}/{count // PART}")
    problems = [problem for row in results.rows.values() for problem in row["problems"]]
    say(f"messages: {sum(row['messages'] for row in results.rows.values())} mutated, replayed and forged messages, "
        f"{len(problems)} changed a state")  # fmt: skip
    for problem in problems[:20]:
        say(f"  {problem}")
    return not problems

