"""Mutated, replayed and forged messages of a bank's host, a bank's examiner and officers: none changes a state.

All of them go through the real driver over a real wire, teller or bell, and the flow: orders and questions over ISO
8583 and over the open interface (`rest`: spoilt by whoever serves it; `tls`: its bytes changed on the line), decisions,
and officers' answers; offers and receipts of contracts as far as the fact that the flow would hear. What came out as it
went in does not count.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.config import load
from kiosk.services.bank.service import Bank, open_service
from kiosk.tables import CounterTable
from tests.campaigns.results import Results
from tests.campaigns.spoilt_contracts import Contracts
from tests.campaigns.spoilt_money import Visits
from tests.campaigns.spoilt_words import Answers, Decisions, paused
from tests.kiosk.bank.prover import Short

PART = 1_000
#: Of every hundred messages so many are of this kind.
SHARES = {"iso": 30, "rest": 20, "tls": 10, "decision": 15, "contract": 10, "answer": 15}


@cache
def service() -> Bank:
    """The bank counter as it is shipped."""
    return open_service(load(Path("config/branch.toml")), CounterTable(), Short())


def made(kind: str, seed: int) -> Any:
    """The visits of one kind."""
    if kind == "decision":
        return Decisions(seed, service())
    if kind == "contract":
        return Contracts(seed)
    if kind == "answer":
        return Answers(seed, service(), paused(service().office.desk))
    return Visits(kind, seed, service().office.desk)


def play(seed: int, count: int) -> dict[str, Any]:
    """A part of the campaign: `count` spoilt messages in their shares."""
    for name in ("kiosk.banking.teller", "kiosk.officer.bell"):
        logging.getLogger(name).setLevel(logging.ERROR)  # each doubt is meant here
    row: dict[str, Any] = {"case": str(seed), "messages": 0, "met": {}, "problems": []}
    for kind, share in SHARES.items():
        visits = made(kind, seed)
        with tempfile.TemporaryDirectory() as folder:
            every = asyncio.run(visits.go(Path(folder), count * share // 100))
        row["messages"] += every.total()
        row["met"] |= {f"{kind}: {how}": number for how, number in every.items()}
        row["problems"] += visits.wrong
    return row


def evidence(folder: Path, count: int, say: Callable[[str], None]) -> bool:
    """The campaign in full, resumed where it stopped; True when nothing was wrong."""
    results = Results(folder, "messages")
    for seed in range(count // PART):
        if str(seed) not in results.rows:
            results.add(play(seed, PART))
            say(f"messages {seed + 1}/{count // PART}")
    rows = results.rows.values()
    problems = [problem for row in rows for problem in row["problems"]]
    for kind in SHARES:
        met = [number for row in rows for how, number in row["met"].items() if how.startswith(f"{kind}: ")]
        say(f"  {kind}: {sum(met)}")
    say(f"messages: {sum(row['messages'] for row in rows)} mutated, replayed and forged messages, "
        f"{len(problems)} changed a state")  # fmt: skip
    for problem in problems[:20]:
        say(f"  {problem}")
    return not problems
