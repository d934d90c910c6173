"""Walks every state that a service's flow can reach: what the four walk tests of each service stand on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from kiosk.facts import Fact
from kiosk.flow import At

Place = At[Any, Any]


@dataclass
class Walk:
    """States by key, and every move: (from, fact, to)."""

    states: dict[Hashable, Place] = field(default_factory=dict)
    moves: list[tuple[Place, Fact, Place]] = field(default_factory=list)


def walk(
    begin: Place, step: Callable[[Place, Fact], Place], facts: Iterable[Fact], key: Callable[[Place], Hashable]
) -> Walk:
    """Breadth first over every fact at every state; states with equal keys count as one."""
    found, queue, kinds = Walk({key(begin): begin}), deque([begin]), tuple(facts)
    while queue:
        at = queue.popleft()
        for fact in kinds:
            after = step(at, fact)
            found.moves.append((at, fact, after))
            if key(after) not in found.states:
                found.states[key(after)] = after
                queue.append(after)
    return found
