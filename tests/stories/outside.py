"""A counter for the bank's walks whose core is a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from devices.bench.bank import CARDS
from devices.bench.client import BenchClient
from tests.branch import Branch

T = TypeVar("T")


@dataclass
class Outside:
    """What the walk needs of a counter, of one whose core is a process of its own."""

    branch: Branch
    bench: BenchClient

    @property
    def counter(self) -> Outside:
        """The bench's."""
        return self

    def act(self, do: Callable[..., T], *args: Any) -> T:
        """Over the bench's control socket already."""
        return do(*args)

    def inserts_card(self) -> None:
        """Card and PIN on the pad."""
        self.bench.do("bank_card", card=0)
        self.bench.do("press", keys=CARDS[0].pin + "#")
