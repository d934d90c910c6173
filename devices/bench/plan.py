"""A seeded fault plan: faults of every peer, one after another, each for a while. Same seed, same faults in order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Order = Callable[[str, str, bool], None]


@dataclass(frozen=True)
class Turn:
    """One fault of one peer: after how many seconds of peace, and for how many seconds."""

    device: str
    fault: str
    after_s: float
    lasts_s: float


def turns(seed: int, faults: Mapping[str, tuple[str, ...]], every_s: float, lasts_s: float) -> Iterator[Turn]:
    """An endless plan; pauses and durations vary by half around the given means."""
    dice = random.Random(seed)
    choices = sorted((device, fault) for device, known in faults.items() for fault in known)
    while True:
        device, fault = dice.choice(choices)
        yield Turn(device, fault, every_s * dice.uniform(0.5, 1.5), lasts_s * dice.uniform(0.5, 1.5))


async def carry_out(plan: Iterator[Turn], order: Order) -> None:
    """Order each fault on and off again, until cancelled; the last one is always taken back."""
    for turn in plan:
        await asyncio.sleep(turn.after_s)
        order(turn.device, turn.fault, True)
        try:
            await asyncio.sleep(turn.lasts_s)
        finally:
            order(turn.device, turn.fault, False)
