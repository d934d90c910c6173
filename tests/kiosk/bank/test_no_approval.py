"""The branch approves nothing: `approved` is only ever the reading of a message that the bank has signed."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from devices import agency
from devices.agency import Decision, NotSigned, SignedMessage, Word, read_decision
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.services.bank import views
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.flow import Counter
from tests.kiosk.bank.test_flow import walked
from tests.kiosk.bank.test_views import service, situation

BANK = Ed25519PrivateKey.from_private_bytes(b"b" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
KEYS = {"990": BANK.public_key().public_bytes_raw()}
REFERENCE = "HB-2026-000001"
SAID = {
    "purpose": agency.PURPOSE, "bank": "990", "reference": REFERENCE, "word": "approved",
    "at": "2026-07-08T01:00:00+00:00",
}  # fmt: skip


def message(key: Ed25519PrivateKey = BANK, **changed: Any) -> SignedMessage:
    body = json.dumps({**SAID, **changed}).encode()
    return SignedMessage(body, key.sign(body))


def decided(signed: SignedMessage, bank: str = "990", reference: str = REFERENCE) -> Counter:
    """A visit that was told of this message."""
    told = b.DecisionRead(bank, reference, "approved", signed.body.hex(), signed.signature.hex())
    return Counter(Step.DECISION, Draft(visit="v1", payee_bank=bank, reference=reference, decided=told))


def word(at: Counter) -> str:
    """The word that the screen would show."""
    office = replace(service().office, keys=KEYS)
    return str(views.BUILDERS[at.step](at, situation(), office).values["word"])


def test_a_decision_is_made_by_nobody_else() -> None:
    with pytest.raises(TypeError, match="never made"):
        Decision(object(), "990", REFERENCE, Word.APPROVED, datetime(2026, 7, 8, tzinfo=UTC))
    real = read_decision(message(), KEYS, "990", REFERENCE)
    with pytest.raises(AttributeError):
        real.word = Word.REFUSED


def test_only_the_bank_s_own_word_is_shown() -> None:
    assert word(decided(message())) == "approved"
    for forged in (
        message(OTHER), SignedMessage(message().body, b"\0" * 64), message(purpose="bank-offer-1"), message(bank="991"),
        message(reference="HB-2026-000002"), message(word="yes"), message(at="2026-07-08T01:00:00"),
    ):  # fmt: skip
        assert word(decided(forged)) == ""


def test_a_signed_word_replayed_for_another_application_is_none() -> None:
    assert word(decided(message(), reference="HB-2026-000002")) == ""
    assert word(decided(message(), bank="991")) == ""


@given(st.binary(max_size=300), st.binary(min_size=64, max_size=64), st.integers(0, 10**6))
def test_no_changed_bit_leaves_it_approved(body: bytes, signature: bytes, at: int) -> None:
    real = message()
    for signed in (SignedMessage(body, signature), SignedMessage(_flipped(real.body, at), real.signature),
                   SignedMessage(real.body, _flipped(real.signature, at))):  # fmt: skip
        with pytest.raises(NotSigned):
            read_decision(signed, KEYS, "990", REFERENCE)


def _flipped(raw: bytes, at: int) -> bytes:
    place = at % (len(raw) * 8)
    changed = bytearray(raw)
    changed[place // 8] ^= 1 << (place % 8)
    return bytes(changed)


def test_no_state_of_the_flow_shows_approved_without_a_signed_message() -> None:
    """The walk hears a DecisionRead whose signature is no signature: no view of any state says approved."""
    heard = [at for at in walked().states.values() if at.draft.decided is not None]
    assert heard
    for at in walked().states.values():
        if at.step != Step.OVER:
            assert service().view(at, situation()).values.get("word", "") != "approved"
            assert "approved" not in json.dumps(dict(service().view(at, situation()).values))


def test_no_module_of_the_branch_makes_a_decision_or_writes_the_word() -> None:
    """`Decision(` and `Word.APPROVED` are written in devices/agency.py alone."""
    for path in [*Path("kiosk").rglob("*.py"), *Path("devices").glob("*.py")]:
        if path.name == "agency.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Decision"
            assert not made, path
            assert not (isinstance(node, ast.Attribute) and ast.unparse(node) == "Word.APPROVED"), path


def test_a_receipt_says_that_it_is_no_approval() -> None:
    words = service().words
    assert "승인이 아닙니다" in words["ko"].say("paper.bank.received.note")
    assert "no approval" in words["en"].say("paper.bank.received.note")
    assert isinstance(f.PrintReceipt("v1-I1", "received"), f.Command)
