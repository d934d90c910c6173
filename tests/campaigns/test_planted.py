"""A fixed sample of the search for planted secrets; `make evidence` makes 200 visits, each with a kill."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.campaigns import planted


@pytest.mark.branch
@pytest.mark.xdist_group("branch")
@pytest.mark.timeout(300)
def test_nothing_planted_is_left_behind_by_a_killed_core() -> None:
    every = list[str]()
    with planted.Planted() as branch, branch.bench() as bench:
        rows = [planted.run(branch, bench, seed, every) for seed in (1, 2, 5)]
        limits = Path(f"/proc/{branch.pid('core')}/limits").read_text(encoding="utf-8")
    assert [row["problems"] for row in rows] == [[], [], []]
    assert sum(row["kills"] for row in rows) >= 2
    assert [line.split()[4:6] for line in limits.splitlines() if "core file" in line] == [["0", "0"]]


def test_the_search_has_teeth(tmp_path: Path) -> None:
    """However a secret is spelt, it is found."""
    needles = planted.spelt(planted.Person(random.Random(1)).resident)
    for place, needle in enumerate(needles):
        (tmp_path / f"log{place}").write_bytes(b"\x00before " + needle + b" after")
    hits = [path for path in tmp_path.iterdir() if any(each in path.read_bytes() for each in needles)]
    assert len(hits) == len(needles) >= 6

