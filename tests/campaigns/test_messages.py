"""A fixed sample of the campaign of mutated, replayed and forged messages; `make evidence` runs 100,000."""

from __future__ import annotations

import random

from devices.agency import read_decision
from tests.campaigns import messages


def test_no_spoilt_message_changes_a_state() -> None:
    row = messages.play(7, 300)
    assert row["problems"] == []
    assert row["messages"] == 300
    assert len(row["met"]) >= 6


def test_the_harness_has_teeth() -> None:
    """A true message is read: what the campaign counts as forged is really another one."""
    dice, true = random.Random(1), messages.signed(messages.BANK, messages.decided(1))
    keys = {"990": messages.BANK.public_key().public_bytes_raw()}
    assert read_decision(true, keys, "990", "990-000001").word == "approved"
    other = messages.signed(messages.BANK, messages.decided(2))
    forged = [messages.forged(dice, true, other) for _ in range(200)]
    assert sum(each != true for each in forged) > 190
