"""A fixed-seed sample of the terminal's campaign: eight random walks under every fault, audited to the won."""

import asyncio

from devices.bench.terminal import TerminalPeer
from devices.ports import PaymentState
from tests.campaigns.terminal import walks


def test_whatever_fails_the_driver_and_the_book_agree_to_the_won() -> None:
    met = asyncio.run(walks(0, 8))
    states = set(PaymentState) - {PaymentState.IN_PROGRESS}
    assert {*states, "outcome_unknown", "disconnected", "reconcile", "abort", "restart", "well"} <= set(met)
    assert set(TerminalPeer.FAULTS) <= set(met)
