"""The branch approves nothing: `approved` is only ever the reading of a message that the bank has signed."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Callable
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
from kiosk.flow import changed
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
    ways: list[Callable[[Decision], object]] = [copy.copy, copy.deepcopy, lambda one: changed(one, word="refused")]
    for copied in ways:
        with pytest.raises((AttributeError, TypeError)):
            copied(real)


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
    """`Decision` and `Receipt` are words of annotations everywhere but where they are read; `Word` is not used."""
    house = [*Path("kiosk").rglob("*.py"), *Path("devices").glob("*.py"), *Path("devices/certify").rglob("*.py")]
    readers = [Path(f"{name.replace('.', '/')}.py") for name in KEPT]
    for path in (each for each in house if each not in readers):
        assert makers(path.read_text(encoding="utf-8")) == [], path


@pytest.mark.parametrize(
    "written",
    [
        "from devices.agency import Decision\nDecision(1)", "from devices import agency\nagency.Decision(1)",
        "from devices.agency import Decision as D\nD(1)", "import devices.agency as a\na.Decision(1)",
        "import devices.agency\nmake = devices.agency.Decision\nmake(1)",
        "from devices.agency import Decision\nobject.__new__(Decision)",
        "from devices.agency import Decision\nclass Mine(Decision): ...",
        "from devices.agency import Word as W\nsaid = W.APPROVED",
        "from devices import agency as a\na.Word('approved')", "from devices.agency import _MAKER",
        "from devices import agency\nagency._MAKER",
        "from devices.agency import *", "from devices import agency\ngetattr(agency, 'Decision')(1)",
        "from devices import agency\nvars(agency)['Decision'](1)",
        "from devices.contract import Receipt as R\nR(1)", "from devices import contract\ncontract.Receipt(1)",
    ],
)
def test_the_search_for_makers_knows_every_way_to_write_one(written: str) -> None:
    assert makers(written)


def test_reading_one_is_not_making_one() -> None:
    assert makers(
        "from devices.agency import Decision, read_decision\n"
        "def told(m: object) -> Decision | None:\n    said: Decision = read_decision(m)\n    return said"
    ) == []  # fmt: skip


#: What is nobody's but the reader's, by the module that reads.
KEPT = {
    "devices.agency": {"Decision", "Word", "_MAKER", "*"}, "devices.contract": {"Receipt", "_MAKER", "*"},
}  # fmt: skip


def makers(source: str) -> list[str]:
    """Where a module could make a decision or a receipt, or write the word of one: any use of their names, under
    whatever other name they were imported, but in annotations; and any use of a module that is no plain attribute."""
    tree = ast.parse(source)
    names, modules = _imported(tree)
    owners = {each.value for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    found = [name for name in names.values() if name in ("_MAKER", "*")]
    for node in set(ast.walk(tree)) - _annotated(tree) if names or modules else ():
        if isinstance(node, ast.Name | ast.Attribute):
            written = ast.unparse(node)
            module, _, last = written.rpartition(".")
            bare = written in modules and node not in owners
            found += [written] if written in names or bare or last in modules.get(module, ()) else []
    return found


def _imported(tree: ast.AST) -> tuple[dict[str, str], dict[str, set[str]]]:
    """What is imported of the readers, real names by the module's own; and its names for the whole of one of them."""
    names, modules = dict[str, str](), dict[str, set[str]]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in KEPT:
            names |= {each.asname or each.name: each.name for each in node.names if each.name in KEPT[node.module]}
        elif isinstance(node, ast.ImportFrom) and node.module == "devices":
            inside = [(each, f"devices.{each.name}") for each in node.names]
            modules |= {each.asname or each.name: KEPT[name] for each, name in inside if name in KEPT}
        elif isinstance(node, ast.Import):
            modules |= {each.asname or each.name: KEPT[each.name] for each in node.names if each.name in KEPT}
    return names, modules


def _annotated(tree: ast.AST) -> set[ast.AST]:
    """Every node that stands in an annotation."""
    notes = [getattr(node, "annotation", None) or getattr(node, "returns", None) for node in ast.walk(tree)]
    return {inner for note in notes if isinstance(note, ast.AST) for inner in ast.walk(note)}


def test_a_receipt_says_that_it_is_no_approval() -> None:
    words = service().words
    assert "승인이 아닙니다" in words["ko"].say("paper.bank.received.note")
    assert "no approval" in words["en"].say("paper.bank.received.note")
    assert isinstance(f.PrintReceipt("v1-I1", "received"), f.Command)
