"""A fixed sample of the campaign of mutated, replayed and forged messages; `make evidence` runs 100,000."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from devices.banking import HostOutcome, HostState
from devices.contract import read_receipt
from devices.counter import read_answer
from devices.ports import FaultCode
from kiosk.banking import teller
from tests.campaigns import messages, spoilt_words


def test_no_spoilt_message_changes_a_state() -> None:
    row = messages.play(7, 300)
    assert row["problems"] == []
    assert row["messages"] >= 300
    met = {kind: [how for how, number in row["met"].items() if how.startswith(f"{kind}: ") and number] for kind in
           messages.SHARES}  # fmt: skip
    assert all(len(ways) >= 5 for ways in met.values()), met


def wrong(kind: str, folder: Path) -> list[str]:
    """What some visits of one kind find."""
    visits = messages.made(kind, 3)
    asyncio.run(visits.go(folder, 60))
    found: list[str] = visits.wrong
    return found


def any_code(patch: pytest.MonkeyPatch) -> None:
    """The driver that takes any message code."""
    patch.setattr("devices.iso8583.hmac", SimpleNamespace(compare_digest=lambda *_: True, digest=hmac.digest))


def any_word(patch: pytest.MonkeyPatch) -> None:
    """The driver to which whatever names the order is a yes."""
    patch.setattr("devices.bank_rest._outcome", lambda key, said: HostOutcome(key, HostState.APPROVED, 1, "B1"))


def broken_is_unsent(patch: pytest.MonkeyPatch) -> None:
    """The teller for whom what broke on the way never went out."""
    patch.setattr(teller, "UNSENT", {*teller.UNSENT, FaultCode.PROTOCOL, FaultCode.OUTCOME_UNKNOWN})


def any_age(patch: pytest.MonkeyPatch) -> None:
    """The branch that remembers no decision."""

    async def nothing(*_: object) -> None:
        return None

    patch.setattr(spoilt_words.Remembers, "decided", nothing)


def any_call(patch: pytest.MonkeyPatch) -> None:
    """The bell to which every signed answer is one to this call."""

    def believed(message: Any, officers: Any, branch: str, request: str, now: datetime) -> Any:
        named = re.search(rb"v\d+x\d+-o\d+", message.body)
        return read_answer(message, officers, branch, named[0].decode() if named else request, now)

    patch.setattr("kiosk.officer.bell.read_answer", believed)


def any_receipt(patch: pytest.MonkeyPatch) -> None:
    """The notary to whom a receipt of anything is one of this signature."""

    def believed(message: Any, keys: Any, signed: Any) -> Any:
        try:
            said = json.loads(message.body)
        except ValueError:
            said = {}
        return read_receipt(message, keys, {**signed, **{each: said[each] for each in signed if each in said}})

    patch.setattr("kiosk.banking.notary.read_receipt", believed)


@pytest.mark.parametrize(
    ("kind", "credulous"),
    [
        ("iso", any_code), ("rest", any_word), ("tls", broken_is_unsent), ("decision", any_age),
        ("contract", any_receipt), ("answer", any_call),
    ],
)  # fmt: skip
def test_the_harness_has_teeth(kind: str, credulous: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A branch that believes too much is found out; one that is as it should be is not."""
    (tmp_path / "well").mkdir()
    assert wrong(kind, tmp_path / "well") == []
    credulous(monkeypatch)
    assert wrong(kind, tmp_path)
