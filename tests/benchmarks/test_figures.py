"""A figure that misses its target is marked in the table of figures."""

from __future__ import annotations

import pytest

from tests.benchmarks.figures import Figure, spread, table


@pytest.mark.parametrize(
    ("figure", "missed"),
    [
        (spread("loss", [1.0, 1.2, 2.5], "s", "2 s"), True), (spread("loss", [1.0, 1.2, 2.0], "s", "2 s"), False),
        (spread("view", [50.0] * 90 + [130.0] * 4, "ms", "p95 100 ms"), False),
        (spread("view", [50.0] * 9 + [130.0] * 9, "ms", "p95 100 ms"), True),
        (spread("step", [5.0] * 990 + [300.0] * 10, "µs", "20 µs"), False),
        (Figure("rest", "3.4 % of a core", 9, "3 %"), True), (Figure("rest", "2.9 % of a core", 9, "3 %"), False),
        (Figure("memory", "569 MB", 4, "600 MB"), False), (Figure("chip", "no daemon, 3 were sought", 0), False),
        (Figure("chip", "not measured", 0, "50 ms"), False),
    ],
)  # fmt: skip
def test_a_miss_is_marked(figure: Figure, missed: bool) -> None:
    assert figure.missed is missed
    assert ("MISSED" in table([figure])[1]) is missed
