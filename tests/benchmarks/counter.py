"""What can be measured of the bank counter: every rule of the fraud shield over one case."""

from __future__ import annotations

import time
from pathlib import Path

from kiosk.services.bank.frauds import read_book
from kiosk.services.bank.shield import assess
from tests.benchmarks.figures import Figure, spread
from tests.campaigns.dialogues import scripts

HOUSE = Path(__file__).parents[2]


def shield_rules(rounds: int = 20) -> list[Figure]:
    """All rules over one case with its answers: microseconds of this thread's own processor time."""
    book, people = read_book(HOUSE / "config" / "fraud.toml"), scripts(100)
    asked = [(each.case, tuple(each.answer(q, n) for n, q in enumerate(("told", "call", "app")))) for each in people]
    times: list[float] = []
    for _ in range(rounds):
        for case, answers in asked:
            begun = time.thread_time_ns()
            assess(case, answers, book)
            times.append((time.thread_time_ns() - begun) / 1000)
    return [spread("fraud shield, all rules (pure)", times, "µs", "200 µs")]
