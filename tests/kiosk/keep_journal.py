"""Keeps the journal of one parcel as this release writes it: `python -m tests.kiosk.keep_journal`.

Later releases must replay what is kept under tests/kiosk/kept: a store, and beside it what it says. Its customer is
made up, and its key is the tests' own.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from kiosk import facts as f
from kiosk.journal import Entry, Journal
from kiosk.services.send_parcel.draft import FACTS as PARCEL
from tests.kiosk.crew import House, bench, house
from tests.kiosk.feed_branch import until
from tests.kiosk.store import VAULT
from tests.kiosk.test_desk import to_review

KINDS = (*f.FACTS, *PARCEL)
KEPT = Path(__file__).parent / "kept"


def plain(entry: Entry) -> dict[str, Any]:
    """An entry with its personal fields in the clear."""
    fact = json.loads(json.dumps(vars(entry.fact))) if entry.fact else None
    return {"seq": entry.seq, "visit": entry.visit, "kind": entry.kind, "fact": fact, "hash": entry.hash.hex()}


async def accepted(one: House) -> None:
    """From the resting screen until the parcel is taken in and the customer has gone."""
    await to_review(one)
    one.peers.terminal.auto_s = 0.05
    one.guest.does("agree", won=one.guest.view["values"]["total_won"])
    number = (await one.guest.sees("Stick"))["values"]["number"]
    one.peers.world.stick(one.peers.labels.pages[-1])
    one.peers.scanner.codes = (number,)
    await one.guest.sees("Drop")
    await until(lambda: not one.peers.world.closed)
    one.peers.world.drop()
    one.peers.scanner.codes = ()
    await one.guest.sees("Done")
    one.guest.does("receipt", paper=True)
    await one.guest.sees("End")
    one.guest.does("confirm")
    await one.guest.rests()


async def parcel(place: Path) -> str:
    """One accepted parcel under this folder; returns the release that wrote it."""
    async with bench(place, start=False) as (peers, crew), house(place, crew, peers) as one:
        await accepted(one)
        return one.core._branch.branch.version


def keep(folder: Path) -> None:
    """The store of one accepted parcel as it lies on disk, and beside it what it says."""
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        version = asyncio.run(parcel(Path(place)))
        journal = Journal(Path(place) / "branch.db", VAULT, KINDS)
        journal.erase("")
        lines = [json.dumps(plain(entry), ensure_ascii=False) for entry in journal.entries()]
        journal.close()
        folder.mkdir(exist_ok=True)
        shutil.copy(Path(place) / "branch.db", folder / f"{version}.db")
        (folder / f"{version}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    keep(KEPT)
    sys.stdout.write(f"{KEPT}: written\n")
