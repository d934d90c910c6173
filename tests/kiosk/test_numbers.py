"""Leased numbers are given once, and a killed writer loses nothing that it acknowledged."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.journal import Journal, StoreRefused
from tests.kiosk.store import DAY, opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "branch.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with opened(path) as journal:
        yield journal


# Numbers


def test_a_visit_keeps_its_number_and_no_number_comes_twice(path: Path) -> None:
    with opened(path) as journal:
        journal.lease("one", 6899900000001, 6899900000003, "2030-01-01")
        first = journal.issue_number("a", DAY)
        assert first == "6899900000001"
        assert journal.issue_number("a", DAY) == first
    with opened(path) as journal:
        journal.lease("one", 6899900000001, 6899900000003, "2030-01-01")
        assert journal.issue_number("a", DAY) == first
        assert [journal.issue_number(visit, DAY) for visit in "bcd"] == ["6899900000002", "6899900000003", None]
        assert journal.numbers_left(DAY) == 0
        journal.lease("two", 42, 42, "2030-01-01")
        assert journal.issue_number("d", DAY) == "0000000000042"


def test_an_expired_lease_gives_nothing_more(journal: Journal) -> None:
    journal.lease("old", 1, 9, "2026-11-21")
    journal.lease("today", 10, 10, DAY)
    assert journal.numbers_left(DAY) == 1
    assert journal.issue_number("a", DAY) == "0000000000010"
    assert journal.issue_number("b", DAY) is None
    assert journal.issue_number("c", "2026-11-21") == "0000000000001"


@pytest.mark.parametrize(("name", "lo", "hi"), [("one", 1, 10), ("two", 9, 20), ("two", 3, 4), ("two", 0, 100)])
def test_numbers_that_were_leased_before_are_refused(journal: Journal, name: str, lo: int, hi: int) -> None:
    journal.lease("one", 1, 9, "2030-01-01")
    with pytest.raises(StoreRefused, match=r"0000000000001 to 0000000000009 already; give a new block its own id"):
        journal.lease(name, lo, hi, "2030-01-01")
    assert journal.numbers_left(DAY) == 9


# Power cuts

WRITER = """
import sys
from pathlib import Path
from kiosk import facts as f
from kiosk.journal import Journal
from kiosk.vault import Vault
journal = Journal(Path(sys.argv[1]), Vault(b"m" * 32), f.FACTS)
journal.lease("one", 1, 10**9, "2030-01-01")
while True:
    entry = journal.append("", f.Placed(journal.head.seq))
    number = journal.issue_number(f"v{entry.seq}", "2026-11-22")
    print(entry.seq, entry.hash.hex(), number, flush=True)
"""
KILLS = 20


def killed_writer(path: Path, after: int) -> list[list[str]]:
    """What a writer had acknowledged before it was killed."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        lines = [writer.stdout.readline() for _ in range(after)]
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
    return [line.split() for line in lines if line.endswith("\n")]


def test_a_killed_writer_loses_nothing_that_it_acknowledged(path: Path) -> None:
    acknowledged: list[list[str]] = []
    for kill in range(KILLS):
        acknowledged += killed_writer(path, 1 + kill % 7)
        with opened(path) as journal:
            journal.verify()
            kept = {str(entry.seq): entry.hash.hex() for entry in journal.entries()}
            issued = {seq: journal.issue_number(f"v{seq}", DAY) for seq, _, _ in acknowledged}
        assert [seq for seq, digest, _ in acknowledged if kept.get(seq) != digest] == []
        assert [seq for seq, _, number in acknowledged if issued[seq] != number] == []
    numbers = [number for _, _, number in acknowledged]
    assert len(numbers) == len(set(numbers)) >= KILLS
