"""Clips that a stop kept from being told: none is lost, none outlives its days, and what is no clip of ours goes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kiosk import alert as a
from kiosk.clerk import Clerk
from kiosk.evidence import Days, Evidence
from kiosk.journal import Journal
from tests.kiosk.maintenance.site import played
from tests.kiosk.store import VAULT
from vision.guard.clip import packed
from vision.guard.seal import public_of, seal

PRIVATE = VAULT.derive("evidence")
NAME = "ab" * 8


class Keeping:
    """The evidence of one folder, over a real journal."""

    def __init__(self, folder: Path) -> None:
        kinds = (*a.FACTS,)
        self.clips = folder / "guard"
        self.clips.mkdir()
        self.clerk = Clerk(lambda: Journal(folder / "branch.db", VAULT, kinds), lambda _: None, ZoneInfo("Asia/Seoul"))
        self.evidence = Evidence(self.clips, PRIVATE, self.clerk, (), nobody, Days(30, 7, ("lobby",)))

    def put(self, name: str, box: bytes, days_ago: float = 0.1, suffix: str = "sealed") -> Path:
        """A file in the folder, that old."""
        path = self.clips / f"{name}.{suffix}"
        path.write_bytes(box)
        at = (datetime.now(UTC) - timedelta(days=days_ago)).timestamp()
        os.utime(path, (at, at))
        return path

    async def rows(self) -> Sequence[Any]:
        """What the journal says of clips."""
        return [entry.fact for entry in await self.clerk.kept()]


async def nobody(visit: str, asked: Any) -> None:
    """Nobody opens anything here."""


def clip(name: str = NAME, camera: str = "dock", public: bytes = public_of(PRIVATE)) -> bytes:
    return seal(public, name, packed(camera, [(1.0, b"J"), (1.2, b"J")]))


@played
async def test_a_clip_that_the_journal_does_not_know_becomes_a_row_once(tmp_path: Path) -> None:
    one, box = Keeping(tmp_path), clip()
    with closing(await one.clerk.open()):
        one.put(NAME, box)
        now = datetime.now(UTC)
        assert await one.evidence.adopt(now) == 1
        row = a.EvidenceKept(NAME, "dock", 2, len(box), hashlib.sha256(box).hexdigest())
        assert await one.rows() == [row]
        assert [each["evidence"] for each in await one.evidence.clips()] == [NAME]
        assert await one.evidence.adopt(now) == 0
        await one.clerk.close()


@played
async def test_one_whose_days_were_over_when_it_was_found_is_erased_with_a_row(tmp_path: Path) -> None:
    one = Keeping(tmp_path)
    with closing(await one.clerk.open()):
        lobby = one.put("cd" * 8, clip("cd" * 8, "lobby"), days_ago=8)
        dock = one.put(NAME, clip(), days_ago=8)
        await one.evidence.adopt(datetime.now(UTC))
        assert await one.evidence.erase_due(datetime.now(UTC)) == 1
        assert (lobby.exists(), dock.exists()) == (False, True)
        assert (await one.rows())[-1] == a.EvidenceErased("cd" * 8, "retention")
        assert await one.evidence.erase_due(datetime.now(UTC) + timedelta(days=23)) == 1
        assert not dock.exists()
        await one.clerk.close()


@played
async def test_half_written_and_foreign_files_go_and_what_is_being_written_stays(tmp_path: Path) -> None:
    one = Keeping(tmp_path)
    with closing(await one.clerk.open()):
        half, foreign = one.put("01", b"UBSEAL1", suffix="part"), one.put("02", clip("02", public=public_of(b"k" * 32)))
        fresh, writing = one.put("03", clip("03"), 0.0), one.put("04", b"U", 0.0, "part")
        reference = one.put("dock", b"what the camera saw", 99, "npz")
        assert await one.evidence.adopt(datetime.now(UTC)) == 0
        there = [path.exists() for path in (half, foreign, fresh, writing, reference)]
        assert there == [False, False, True, True, True]
        assert await one.rows() == [a.EvidenceErased("02", "unreadable")]
        await one.clerk.close()


@played
async def test_a_clip_that_was_told_as_lost_and_is_there_after_all_is_taken_up(tmp_path: Path) -> None:
    one = Keeping(tmp_path)
    with closing(await one.clerk.open()):
        await one.clerk.append("", a.EvidenceKept(NAME, "dock", 0, 0, ""))
        one.put(NAME, clip())
        assert await one.evidence.adopt(datetime.now(UTC)) == 1
        assert [each["evidence"] for each in await one.evidence.clips()] == [NAME]
        await one.clerk.close()
