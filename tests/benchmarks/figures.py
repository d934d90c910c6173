"""A measured figure, and how it is printed."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, n times; target and beside are words."""

    name: str
    text: str
    n: int
    target: str = ""
    beside: str = ""


def quantile(times: Sequence[float], share: float) -> float:
    """The value below which this share of the measured ones lies (nearest rank)."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def spread(name: str, times: Sequence[float], unit: str, target: str = "", beside: str = "") -> Figure:
    """Median, 95th percentile and the worst."""
    middle, high, worst = statistics.median(times), quantile(times, 0.95), max(times)
    return Figure(name, f"p50 {middle:.1f}  p95 {high:.1f}  max {worst:.1f} {unit}", len(times), target, beside)


def table(figures: Sequence[Figure]) -> list[str]:
    """Lines of equal columns."""
    rows = [("figure", "measured", "n", "target", "beside")]
    rows += [(each.name, each.text, str(each.n), each.target, each.beside) for each in figures]
    wide = [max(len(row[column]) for row in rows) for column in range(5)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows]


def machine() -> str:
    """Cores and load, because figures mean nothing without them."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{len(os.sched_getaffinity(0))} cores, load {load}"


Part = Callable[[], list[Figure]]
