"""A bank counter that stands in a thread of its own, so that a real screen, or a client of the link, may use it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from devices.ports import Device
from kiosk.facts import Fact
from kiosk.journal import Entry
from tests.kiosk.bank.site import Counter, Site, site
from tests.kiosk.crew import House

T = TypeVar("T")
#: Open fields that differ from one visit to the next: ids, keys, times, references.
OWN = {
    "visit", "key", "request", "reference", "number", "job", "serial", "sealed", "mark", "card_mark", "payee_mark",
    "at", "at_ms", "until", "due",
    "when", "size", "way", "left_s", "wider_s", "body", "signature", "offer_sha256",
}  # fmt: skip
#: What ticks beside a visit, and may fall on either side of what a customer does.
BESIDE = {"Lifted", "Placed"}
#: What is asked at once and may come in any order.
TOGETHER = {"ProfileTold", "BalanceTold", "EntriesTold", "HoldKnown"}
Told = list[tuple[str, Mapping[str, Any]]]


class Standing:
    """`with Standing(folder) as stands:` peers, drivers and a core. What is done to a peer is done in their loop."""

    def __init__(self, folder: Path, **more: Device) -> None:
        self.folder, self._more = folder, more
        self._there, self._failed = threading.Event(), list[BaseException]()
        self._place: Site
        self._running: House
        self._thread = threading.Thread(target=self._go)

    def __enter__(self) -> Standing:
        self._thread.start()
        assert self._there.wait(60)
        if self._failed:
            raise self._failed[0]
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(60)

    @property
    def link(self) -> Path:
        """Where a screen connects."""
        return self.folder / "link.sock"

    @property
    def counter(self) -> Counter:
        """The other end of every wire; to be looked at. Acts go through `act`."""
        return self._place.counter

    def act(self, do: Callable[..., T], *args: Any, **more: Any) -> T:
        """Do something to a peer, in its own loop."""

        async def done() -> T:
            return do(*args, **more)

        return self._wait(done())

    def restart(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """The core ends and begins anew over the same folder; something may happen while it is away."""

        async def again() -> None:
            await self._core.aclose()
            meanwhile()
            await self._open()

        self._wait(again())

    def written(self) -> list[Entry]:
        """The whole journal."""
        return self._wait(self._running.written())

    def facts(self, *kinds: type[Fact]) -> list[Any]:
        """Every fact of these kinds in the journal."""
        return [entry.fact for entry in self.written() if isinstance(entry.fact, kinds)]

    def told(self) -> Told:
        """What the journal says of its visits, without what is a visit's own."""
        lines = [entry for entry in self.written() if entry.visit and entry.kind not in BESIDE]
        told = [(each.kind, {name: value for name, value in each.open.items() if name not in OWN}) for each in lines]
        runs = [(together, list(run)) for together, run in groupby(told, lambda line: line[0] in TOGETHER)]
        return [line for together, run in runs for line in (sorted(run, key=str) if together else run)]

    def signs(self) -> frozenset[str]:
        """What the core knows just now of whoever stands before the lobby's camera."""
        return self._running.core._desk.situation().signs

    def _wait(self, work: Awaitable[T]) -> T:
        async def done() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(60)

    def _go(self) -> None:
        try:
            asyncio.run(self._stand())
        except BaseException as error:  # the thread that waits is told
            self._failed.append(error)
            self._there.set()

    async def _stand(self) -> None:
        self._loop, self._over, self._core = asyncio.get_running_loop(), asyncio.Event(), AsyncExitStack()
        async with site(self.folder, self._more) as self._place:
            await self._open()
            self._there.set()
            await self._over.wait()
            await self._core.aclose()

    async def _open(self) -> None:
        self._running = await self._core.enter_async_context(self._place.open())
