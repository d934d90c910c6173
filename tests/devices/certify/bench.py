"""Certifying a driver against its peer on the bench, whole or in part."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable
from pathlib import Path
from typing import Any, TypeVar

from devices.bench.attendants import attendant
from devices.certify.suite import KINDS, Subject, certify
from devices.certify.terms import Report
from devices.ports import Device

T = TypeVar("T")
#: Suites that run at once: they mostly wait, but for loops that are held up their deadlines are real.
AT_ONCE = 8
#: Every driver that has a peer on the bench; the ID reader's needs a pcscd and has a test of its own.
DRIVERS = [(kind, word) for kind, each in KINDS.items() for word in each.drivers if kind != "id_reader"]


async def against_bench(
    kind: str, word: str, only: Collection[str] = (), wrap: Callable[[Device], Device] | None = None,
    deadline_s: float = 6.0, change: Callable[[Any], None] | None = None,
) -> Report:  # fmt: skip
    """The report of a driver against its peer; with `wrap` of a spoilt driver, with `change` against a lying peer."""
    with tempfile.TemporaryDirectory() as folder:
        hands = attendant(kind, word, Path(folder))
        if change is not None:
            change(hands.peer)
        options = {**await hands.start(), "simulated": True}
        try:
            subject = Subject(kind, word, options, "the bench")
            return await certify(subject, hands, only=only, wrap=wrap, deadline_s=deadline_s)
        finally:
            await hands.stop()


def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All of it, in one loop, some at once."""
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

    async def all_of_it() -> list[T]:
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(each: Awaitable[T]) -> T:
            async with turns:
                return await each

        return await asyncio.gather(*(one(each) for each in work))

    return asyncio.run(all_of_it())
