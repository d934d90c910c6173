"""A bank's decision and an officer's answer are believed only when signature, subject and time are right."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices import agency, counter
from devices.agency import Decision, NotSigned, SignedMessage, Word, read_decision
from devices.counter import NotBelieved, OfficerAnswer, OfficerKey, read_answer

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
BANK, OFFICER, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
KEYS = {"004": BANK.public_key().public_bytes_raw()}
OFFICERS = {"o-1": OfficerKey("o-1", OFFICER.public_key().public_bytes_raw())}


def signed(key: Ed25519PrivateKey, said: Any) -> SignedMessage:
    body = json.dumps(said).encode()
    return SignedMessage(body, key.sign(body))


def decided(**changes: Any) -> dict[str, Any]:
    return {
        "purpose": agency.PURPOSE, "bank": "004", "reference": "KB-123456", "word": "approved",
        "at": NOW.isoformat(), **changes,
    }  # fmt: skip


def answered(**changes: Any) -> dict[str, Any]:
    return {
        "purpose": counter.PURPOSE, "branch": "K-0001", "request": "v-o1", "officer": "o-1",
        "answer": "approve purpose", "issued": (NOW - timedelta(seconds=5)).isoformat(),
        "expires": (NOW + timedelta(seconds=60)).isoformat(), **changes,
    }  # fmt: skip


def read(message: SignedMessage) -> counter.Answered:
    return read_answer(message, OFFICERS, "K-0001", "v-o1", NOW)


def test_the_banks_own_word_is_read() -> None:
    found = read_decision(signed(BANK, decided()), KEYS, "004", "KB-123456")
    assert (found.word, found.at, found.bank) == (Word.APPROVED, NOW, "004")


def test_a_decision_is_never_made_or_changed() -> None:
    with pytest.raises(TypeError):
        Decision(object(), "004", "KB-123456", Word.APPROVED, NOW)
    found = read_decision(signed(BANK, decided(word="refused")), KEYS, "004", "KB-123456")
    with pytest.raises(AttributeError):
        found.word = Word.APPROVED


@pytest.mark.parametrize(
    "message",
    [
        signed(OTHER, decided()), signed(BANK, decided(reference="KB-1")), signed(BANK, decided(bank="088")),
        signed(BANK, decided(purpose="officer-answer-1")), signed(BANK, decided(word="surely")),
        signed(BANK, decided(at="2026-11-30")), signed(BANK, [decided()]), signed(BANK, "approved"),
        signed(BANK, decided(fill="x" * agency.MESSAGE_LIMIT)), SignedMessage(b"", b""),
    ],
)  # fmt: skip
def test_another_word_is_no_decision(message: SignedMessage) -> None:
    with pytest.raises(NotSigned):
        read_decision(message, KEYS, "004", "KB-123456")


def test_an_officers_answer_is_read() -> None:
    assert read(signed(OFFICER, answered())).answer is OfficerAnswer.APPROVE_PURPOSE


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (signed(OTHER, answered()), "signature"), (signed(OFFICER, answered(officer="o-2")), "signature"),
        (signed(OFFICER, answered(request="v-o2")), "request"), (signed(OFFICER, answered(branch="K-2")), "request"),
        (signed(OFFICER, answered(purpose="bank-decision-1")), "request"),
        (signed(OFFICER, answered(answer="approve everything")), "format"),
        (signed(OFFICER, answered(expires=NOW.isoformat())), "expired"),
        (signed(OFFICER, answered(issued=(NOW + timedelta(seconds=1)).isoformat())), "not_yet"),
        (signed(OFFICER, answered(issued="2026-11-30T00:00:00+00:00", expires="2036-01-01T00:00:00+00:00")), "expired"),
        (signed(OFFICER, answered(expires="2026-12-01")), "format"), (SignedMessage(b"[", b""), "format"),
        (signed(OFFICER, answered(answer="holder matches")), "live"),
    ],
)  # fmt: skip
def test_another_answer_is_none(message: SignedMessage, why: str) -> None:
    with pytest.raises(NotBelieved) as told:
        read(message)
    assert told.value.why == why


def test_a_flipped_bit_anywhere_is_refused() -> None:
    dice = random.Random(6)
    for message in (signed(BANK, decided()), signed(OFFICER, answered())):
        whole = message.body + message.signature
        for _ in range(200):
            spoilt, at = bytearray(whole), dice.randrange(len(whole))
            spoilt[at] ^= 1 << dice.randrange(8)
            torn = SignedMessage(bytes(spoilt[:-64]), bytes(spoilt[-64:]))
            with pytest.raises(NotSigned):
                read_decision(torn, KEYS, "004", "KB-123456")
            with pytest.raises(NotBelieved):
                read(torn)
