"""A measured figure, and how it is printed."""

from __future__ import annotations

import os
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: From so many on the worst says more of the machine than of the thing.
HUNDREDS = 100


@dataclass(frozen=True)
class Figure:
    """What was measured, n times; target and beside are words."""

    name: str
    text: str
    n: int
    target: str = ""
    beside: str = ""

    @property
    def missed(self) -> bool:
        """Whether the value lies beyond the target: of many the one that the target names, else the worst, of hundreds
        the 95th percentile."""
        wanted, found = numbers(self.target), numbers(self.text)
        which = "p95" if "p95" in self.target or self.n >= HUNDREDS else "max"
        return bool(wanted and found) and found.get(which, found.get("", 0.0)) > max(wanted.values())


def quantile(times: Sequence[float], share: float) -> float:
    """The value below which this share of the measured ones lies (nearest rank)."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def spread(name: str, times: Sequence[float], unit: str, target: str = "", beside: str = "") -> Figure:
    """Median, 95th percentile and the worst."""
    middle, high, worst = statistics.median(times), quantile(times, 0.95), max(times)
    return Figure(name, f"p50 {middle:.1f}  p95 {high:.1f}  max {worst:.1f} {unit}", len(times), target, beside)


def numbers(text: str) -> dict[str, float]:
    """Every number of a text by the word before it, '' where there is none."""
    return {word: float(value) for word, value in re.findall(r"(?:(\w+) )?(\d+(?:\.\d+)?)", text)}


def table(figures: Sequence[Figure]) -> list[str]:
    """Lines of equal columns."""
    rows = [("figure", "measured", "n", "target", "", "beside")]
    rows += [
        (each.name, each.text, str(each.n), each.target, "MISSED" * each.missed, each.beside) for each in figures
    ]
    wide = [max(len(row[column]) for row in rows) for column in range(6)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows]


def machine() -> str:
    """Cores and load, because figures mean nothing without them."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{len(os.sched_getaffinity(0))} cores, load {load}"


Part = Callable[[], list[Figure]]
