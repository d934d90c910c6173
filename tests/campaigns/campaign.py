"""Runs cases one after another on one branch, a fresh one now and then, and keeps what was found."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from tests.campaigns.results import Results
from tests.campaigns.site import Site

Json = dict[str, Any]
Run = tuple[str, Callable[[Site], Json]]
FRESH_AFTER = 25


def work(results: Results, runs: Iterable[Run], say: Callable[[str], object]) -> None:
    """Every run that has no result yet."""
    todo = (run for run in runs if run[0] not in results.rows)
    ended = False
    while not ended:
        ended = _batch(results, todo, say)


def _batch(results: Results, todo: Iterable[Run], say: Callable[[str], object]) -> bool:
    """Some runs on one fresh branch; True when none was left."""
    site: Site | None = None
    try:
        for count, (name, run) in enumerate(todo, 1):
            site = site or Site().__enter__()
            row = attempt(name, run, site)
            results.add(row)
            say(f"{name}: {'; '.join(row['problems']) or ', '.join(row['outcome']) or 'well'} ({row['seconds']:.0f} s)")
            if count == FRESH_AFTER or row.get("broken"):
                return False
    finally:
        if site is not None:
            site.__exit__()
    return True


def attempt(name: str, run: Callable[[Site], Json], site: Site) -> Json:
    """One run; a run that breaks is a result too, and its branch is not used again."""
    started = time.monotonic()
    try:
        return run(site)
    except Exception as error:
        problem = f"the campaign itself broke: {type(error).__name__}: {error}"
        seconds = round(time.monotonic() - started, 1)
        return {"case": name, "outcome": [], "problems": [problem], "seconds": seconds, "broken": True}


def report(name: str, results: Results, n: int, unit: str) -> bool:
    """Print n and the outcome of one campaign; True when nothing was wrong."""
    sys.stdout.write(f"{name}: n = {n} {unit}, {len(results.rows)} cases, code {results.code}: {results.outcomes()}\n")
    for row in results.bad:
        sys.stdout.write(f"  {row['case']}: {'; '.join(row['problems'])}\n")
    return not results.bad
