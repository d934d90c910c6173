"""What can be measured without a branch: a flow step, a commit."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, event

from kiosk import facts as f
from kiosk.config import load
from kiosk.journal import Journal
from kiosk.services.send_parcel import draft as d
from kiosk.services.send_parcel import flow
from kiosk.services.send_parcel.books import read_tariff
from kiosk.vault import Vault
from tests.benchmarks.figures import Figure, spread

HOUSE = Path(__file__).parents[2]
ADDRESS = ("sejong-209", "세종대로 209", "서울 종로구", "정부서울청사", "03171")
STORY: tuple[f.Fact, ...] = (
    f.Placed(2400), f.Weighed(2400, "2.400"), f.Measured(341.0, 251.0, 181.0, (3.0, 3.0, 3.0)), d.SizeAccepted(),
    *(fact for who in ("receiver", "sender") for fact in
      (d.Addressed(who, *ADDRESS), d.Detailed(who, "3층"), d.Named(who, "홍길동"), d.Phoned(who, "01012345678"))),
    d.ContentsDeclared("book"), d.Pledged(), d.SpeedChosen("next_day", "2026-07-07"), d.InsuredFor(0),
    d.PriceAgreed(4000, 4000), f.ProvenReady(), f.Paid("v1-1", 4000, "A1"), f.NumberIssued("6899900000001"),
    f.LabelPrinted("v1-L1"), f.LabelScanned("6899900000001", 2403), f.HatchOpened(), f.Lifted(),
    f.HatchClosed(True, 10, 0), d.ReceiptWanted(True), f.ReceiptPrinted("v1-P"), f.Confirmed(),
)  # fmt: skip


def flow_step(rounds: int = 400) -> list[Figure]:
    """A pure step of the flow, over a whole visit: microseconds of this thread's own processor time."""
    book = read_tariff(load(HOUSE / "config" / "branch.toml").path("tariffs/domestic_parcel.toml"))
    times: list[float] = []
    for _ in range(rounds):
        at = flow.begin(f.VisitStarted("send_parcel", "ko", "v1"))
        for fact in STORY:
            begun = time.thread_time_ns()
            at = flow.step(at, fact, book)
            times.append((time.thread_time_ns() - begun) / 1000)
        assert at.draft.outcome == "accepted"
    return [spread("flow step (pure)", times, "µs", "20 µs")]


def commits(rounds: int = 10) -> list[Figure]:
    """Journal entries of a whole visit, each on disk; beside it a plain sqlite3 row with synchronous = FULL."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "branch.db", Vault(b"k" * 32), (*f.FACTS, *d.FACTS))
        per_event = commits_per_event(journal)
        ours = [timed(journal.append, f"v{visit}", fact) for visit in range(rounds) for fact in STORY]
        journal.close()
        plain = plain_rows(Path(folder) / "plain.db", len(ours))
    beside = spread("", plain, "ms").text
    ratio = f"{sum(ours) / sum(plain):.1f} times the plain row"
    return [
        Figure("commits per journal entry", f"{per_event:.2f}", len(STORY), "1"),
        spread("journal entry, on disk", ours, "ms", "", f"plain sqlite3 row, FULL: {beside}; {ratio}"),
    ]


def timed(do: Callable[..., object], *args: object) -> float:
    """Milliseconds of one call."""
    begun = time.perf_counter()
    do(*args)
    return (time.perf_counter() - begun) * 1000


def commits_per_event(journal: Journal) -> float:
    """Transactions that the store really committed, over the entries of one visit, as SQLAlchemy saw them."""
    seen: list[object] = []

    def count(connection: object) -> None:
        seen.append(connection)

    event.listen(Engine, "commit", count)
    for fact in STORY:
        journal.append("count", fact)
    event.remove(Engine, "commit", count)
    return len(seen) / len(STORY)


def plain_rows(path: Path, count: int) -> list[float]:
    """The same number of rows of the same size with nothing but sqlite3, WAL, synchronous = FULL; ms each."""
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("CREATE TABLE row (seq INTEGER PRIMARY KEY, body)")
    times = [timed(store.execute, "INSERT INTO row (body) VALUES (?)", (b"x" * 400,)) for _ in range(count)]
    store.close()
    return times
