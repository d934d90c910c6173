"""The physical place of the bench: a table with at most one parcel, an intake hatch with a bin, a customer's hand.

One act has all its consequences: a parcel put on the table loads the scale (with settling noise) and is seen by the
cameras; a label stuck on it is seen and weighed; a parcel dropped into the open hatch is gone from the table.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from devices.bench.printer import Page

KINDS = ("box", "tube", "polybag")
LABEL_GRAMS = 3
SETTLE_S = 0.7
BIN_STEP = 3


class Cannot(Exception):
    """An act that the state of the place does not allow; the text is one sentence for whoever asked."""


@dataclass(frozen=True, eq=False)
class Parcel:
    """A parcel: mm, grams, place (mm from the middle of the table), turn (degrees); `seed` is its paper, -1 any."""

    length_mm: float
    width_mm: float
    height_mm: float
    grams: int
    kind: str = "box"
    x_mm: float = 0.0
    y_mm: float = 0.0
    yaw_deg: float = 0.0
    seed: int = -1
    label: Page | None = None

    def __post_init__(self) -> None:
        for side in (self.length_mm, self.width_mm, self.height_mm):
            if not (math.isfinite(side) and 1 <= side <= 2000):
                raise Cannot(f"a side of {side} mm is no parcel; give 1 to 2000 mm")
        if not 1 <= self.grams <= 200_000:
            raise Cannot(f"{self.grams} g is no parcel; give 1 to 200000 g")
        if self.kind not in KINDS:
            raise Cannot(f"'{self.kind}' is no kind of parcel; use one of {', '.join(KINDS)}")


class World:
    """The state of the place; `watchers` are called after each change.

    `version` counts changes; `seen` is the version that the cameras show, None in a place without cameras. Light is
    quicker than a scale: no load is still before the cameras show it.
    """

    def __init__(self, seed: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self.parcel: Parcel | None = None
        self.hand = False
        self.board: int | None = None
        self.closed = True
        self.locked = True
        self.inside: Parcel | None = None
        self.bin_percent = 10
        self.taken_in = 0
        self.watchers: list[Callable[[], None]] = []
        self.version = 0
        self.seen: int | None = None
        self._clock = clock
        self._touched, self._lain = -math.inf, 0
        self._random = random.Random(seed)

    def put(self, parcel: Parcel) -> None:
        """Lay a parcel on the empty table."""
        if self.parcel is not None:
            raise Cannot("a parcel lies on the table already; take it first")
        any_paper = self._random.randrange(1 << 16)
        self._lay(replace(parcel, seed=any_paper) if parcel.seed < 0 else parcel)

    def take(self) -> None:
        """Take the parcel away."""
        if self.parcel is None:
            raise Cannot("there is no parcel on the table to take")
        self._lay(None)

    def stick(self, page: Page | None) -> None:
        """Stick a printed label on the parcel's top face."""
        if self.parcel is None or page is None:
            raise Cannot("sticking needs a parcel on the table and a printed label")
        self._lay(replace(self.parcel, label=page, grams=self.parcel.grams + LABEL_GRAMS))

    def drop(self, leave_open: bool = False) -> None:
        """Put the table's parcel into the open hatch and close the door."""
        if self.parcel is None or self.closed:
            raise Cannot("dropping needs a parcel on the table and an open hatch")
        self.inside = self.parcel
        self.closed = not leave_open
        self._lay(None)

    def close_door(self) -> None:
        """Push the hatch's door shut."""
        self.closed = True
        self.changed()

    def wave(self, on: bool) -> None:
        """Hold a hand over the table, or take it back."""
        self.hand = on
        self.changed()

    def show_board(self, pose: int | None) -> None:
        """Hold the calibration board over the table in one of its poses, or put it away."""
        self.board = pose
        self.changed()

    def release_bolt(self, opens: bool = True) -> None:
        """The bolt lets go: what lay inside falls into the bin, and the door springs open unless it is stuck."""
        if self.inside is not None and self.closed:
            self.inside, self.taken_in = None, self.taken_in + 1
            self.bin_percent = min(100, self.bin_percent + BIN_STEP)
        self.locked = False
        self.closed = self.closed and not opens
        self.changed()

    def throw_bolt(self) -> None:
        """The bolt locks if the door is closed."""
        self.locked = self.closed
        self.changed()

    def load(self) -> tuple[float, bool]:
        """Grams on the scale and whether they are still; after a change they swing for `SETTLE_S` seconds."""
        grams = float(self.parcel.grams if self.parcel else 0)
        left = 1 - (self._clock() - self._touched) / SETTLE_S
        if left <= 0 and self.shown and not self.hand:
            return grams, True
        swing = max(left, 0.1) * max(grams, 50) * 0.2
        return grams + self._random.uniform(-swing, swing), False

    @property
    def shown(self) -> bool:
        """Whether the cameras show what lies on the table."""
        return self.seen is None or self.seen >= self._lain

    def changed(self) -> None:
        """Tell every watcher."""
        self.version += 1
        for watcher in self.watchers:
            watcher()

    def _lay(self, parcel: Parcel | None) -> None:
        self.parcel, self._touched, self._lain = parcel, self._clock(), self.version + 1
        self.changed()

    def as_json(self) -> dict[str, object]:
        """The whole place as JSON values."""
        return {
            "parcel": describe(self.parcel), "hand": self.hand, "board": self.board,
            "shown": self.shown, "taken_in": self.taken_in,
            "hatch": {"closed": self.closed, "locked": self.locked, "inside": describe(self.inside),
                      "bin_percent": self.bin_percent},
        }  # fmt: skip


def describe(parcel: Parcel | None) -> dict[str, object] | None:
    """A parcel as JSON values."""
    if parcel is None:
        return None
    return {
        "length_mm": parcel.length_mm, "width_mm": parcel.width_mm, "height_mm": parcel.height_mm,
        "grams": parcel.grams, "kind": parcel.kind, "x_mm": parcel.x_mm, "y_mm": parcel.y_mm,
        "yaw_deg": parcel.yaw_deg, "label": parcel.label is not None,
    }  # fmt: skip
