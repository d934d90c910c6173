"""A feed over a real journal, served over real HTTP, and a reader of its events."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from kiosk import facts as f
from kiosk.feed import Feed, Limits
from kiosk.journal import Entry, Journal
from kiosk.services.send_parcel.draft import FACTS as PARCEL
from kiosk.vault import Vault
from tests.kiosk import feed_docs


class Branch:
    """A feed over a real journal."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.folder = folder
        self.journal = Journal(folder / "branch.db", Vault(b"m" * 32), (*f.FACTS, *PARCEL))
        self.status: dict[str, Any] = feed_docs.status()
        self.feed = Feed("K-0001", lambda: self.status, self.newest, folder / "feed", limits)

    async def newest(self, after: int, kinds: Sequence[type[f.Fact]], newest: int) -> list[Entry]:
        return self.journal.of_kinds(*kinds, after=after, newest=newest)

    def append(self, visit: str, fact: f.Fact) -> int:
        """As the core does it: on disk, then told."""
        entry = self.journal.append(visit, fact)
        self.feed.entered(entry)
        return entry.seq

    @property
    def address(self) -> str:
        return (self.folder / "feed").read_text(encoding="utf-8").strip()

    @property
    def port(self) -> int:
        return int(self.address.rstrip("/").rpartition(":")[2])


@asynccontextmanager
async def serving(folder: Path, limits: Limits | None = None) -> AsyncIterator[tuple[Branch, httpx.AsyncClient]]:
    """A branch whose feed is served, and a client of it."""
    branch = Branch(folder, limits)
    branch.feed.bind("127.0.0.1", 0)
    task = asyncio.create_task(branch.feed.serve())
    try:
        async with httpx.AsyncClient(base_url=branch.address, timeout=30) as client:
            assert (await client.get("/icon.svg")).status_code == 200
            yield branch, client
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        branch.journal.close()
        (folder / "feed").unlink(missing_ok=True)


async def heard(client: httpx.AsyncClient, n: int, **headers: str) -> list[dict[str, Any]]:
    """The first n events of /events, each with its id and name."""
    found: list[dict[str, Any]] = []
    async with client.stream(
        "GET", "/events", headers={key.replace("_", "-"): v for key, v in headers.items()}
    ) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        event: dict[str, Any] = {}
        async for line in answer.aiter_lines():
            key, _, value = line.partition(": ")
            if key in ("id", "event", "data"):
                event[key] = value
            if not line and "data" in event:
                found.append({**event, "data": json.loads(event["data"])})
                event = {}
            if len(found) == n:
                return found
    raise AssertionError(f"the stream ended after {len(found)} of {n} events")


async def until(true: Callable[[], object], within_s: float = 30) -> None:
    """Wait until something holds."""
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)
