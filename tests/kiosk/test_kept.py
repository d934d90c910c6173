"""What earlier releases wrote is replayed by this one; what this one writes tells the whole story of a parcel."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from kiosk import facts as f
from kiosk.journal import Journal
from kiosk.menu import services
from kiosk.services.send_parcel.draft import Step
from tests.kiosk.crew import bench, configured, house
from tests.kiosk.keep_journal import KEPT, KINDS, accepted, plain
from tests.kiosk.store import VAULT, opened

#: What an undisturbed parcel writes between its price and its end.
COURSE = (
    "PriceAgreed", "ProvenReady", "Paid", "NumberIssued", "LabelPrinted", "LabelScanned", "HatchOpened", "HatchClosed",
    "ReceiptPrinted", "VisitClosed",
)  # fmt: skip


@pytest.mark.parametrize("kept", sorted(KEPT.glob("*.db")), ids=lambda path: path.stem)
def test_a_kept_journal_is_replayed(kept: Path, tmp_path: Path) -> None:
    shutil.copy(kept, tmp_path / "branch.db")
    service = next(each for each in services(configured(), False) if each.name == "send_parcel")
    with opened(tmp_path / "branch.db", VAULT, KINDS) as journal:
        journal.verify()
        entries = journal.entries()
        written = kept.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
        for entry, line in zip(entries, written, strict=True):
            known, then = plain(entry), json.loads(line)
            assert then["fact"].items() <= known["fact"].items()
            assert known | {"fact": then["fact"]} == then
        started, *facts = [entry.fact for entry in entries if entry.visit]
        assert isinstance(started, f.VisitStarted)
        at = service.begin(started)
        for fact in facts[:-1]:
            assert fact is not None
            at = service.step(at, fact)
        assert (at.step, service.ended(at)) == (Step.OVER, "accepted")
        assert journal.append("", f.BranchStarted("later")).seq == len(entries) + 1
        journal.verify()


def test_there_is_a_kept_journal_of_this_release() -> None:
    assert (KEPT / f"{configured().branch.version}.db").exists(), "run python -m tests.kiosk.keep_journal"


def test_a_parcel_goes_through_and_the_journal_tells_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with bench(tmp_path, start=False) as (peers, crew), house(tmp_path, crew, peers) as one:
            await accepted(one)
            assert peers.terminal.book.taken() > 0
            assert peers.world.taken_in + (peers.world.inside is not None) == 1
            assert (len(peers.labels.pages), len(peers.receipts.pages)) == (1, 1)
            assert one.core._desk.counts == {"accepted": 1}
            assert one.core._desk.calls.tasks == {}

    asyncio.run(story())
    journal = Journal(tmp_path / "branch.db", VAULT, KINDS)
    kinds = [entry.kind for entry in journal.entries() if entry.kind in COURSE]
    journal.verify()
    journal.close()
    assert tuple(kinds) == COURSE
