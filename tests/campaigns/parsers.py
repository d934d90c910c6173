"""Every parser that faces the outside, under seeded noise: only its own documented fault comes out, and nothing stays.

One example is one message. After each part the right messages must be read as they were before the noise; no example
may take `LONGEST_S` of the processor or let the process grow by `MOST_KIB` in a part.
"""

from __future__ import annotations

import resource
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tests.campaigns.parser_cases import CASES, Case
from tests.campaigns.results import Results

Json = dict[str, Any]
PART = 20_000
LONGEST_S = 0.5
MOST_KIB = 64 * 1024


def part(case: Case[Any], first: int, count: int) -> Json:
    """Examples `first` to `first + count` of one parser as one result; a warning counts as an exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return _part(case, first, count)


def _part(case: Case[Any], first: int, count: int) -> Json:
    problems, outcomes, slowest, started = list[str](), Counter[str](), 0.0, time.process_time()
    before, grown = [case.outcome(sample) for sample in case.right], peak_kib()
    for number in range(first, first + count):
        begun = time.process_time()
        try:
            outcomes[case.outcome(case.noise(Random(f"{case.name} {number}")))] += 1
        except Exception as error:  # whatever it is, it is what the campaign looks for
            problems.append(f"example {number}: {type(error).__name__}: {error}"[:300])
        took = time.process_time() - begun
        slowest = max(slowest, took)
        problems += [f"example {number}: {took:.2f} s of the processor"] if took > LONGEST_S else []
    grown = peak_kib() - grown
    problems += [f"grew by {grown} KiB"] if grown > MOST_KIB else []
    problems += ["the right messages are read otherwise"] if [case.outcome(s) for s in case.right] != before else []
    return {
        "case": f"{case.name}-{first:07d}", "parser": case.name, "n": count, "outcome": sorted(outcomes),
        "outcomes": outcomes, "problems": problems[:20], "slowest_ms": round(slowest * 1000, 1),
        "seconds": round(time.process_time() - started, 1),
    }  # fmt: skip


def peak_kib() -> int:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def evidence(folder: Path, examples: int, say: Callable[[str], object]) -> bool:
    """So many examples of every parser in parts, resumed; True when nothing else than its own faults came out."""
    results = Results(folder, "parsers")
    for case in CASES:
        for first in range(0, examples, PART):
            if f"{case.name}-{first:07d}" not in results.rows:
                row = part(case, first, min(PART, examples - first))
                results.add(row)
                say(f"{row['case']}: {'; '.join(row['problems']) or 'well'} ({row['seconds']:.0f} s)")
    for case in CASES:
        say(summary([row for row in results.rows.values() if row["parser"] == case.name]))
    n = sum(row["n"] for row in results.rows.values())
    say(f"parsers: n = {n}, code {results.code}; parts in which something broke: {len(results.bad)}")
    return not results.bad


def summary(rows: list[Json]) -> str:
    """One parser in one line: how many examples, how long, what came of them."""
    outcomes: Counter[str] = sum((Counter(row["outcomes"]) for row in rows), Counter())
    n, seconds = sum(row["n"] for row in rows), sum(row["seconds"] for row in rows)
    told = ", ".join(f"{word} {count}" for word, count in outcomes.most_common(6))
    slowest = max(row["slowest_ms"] for row in rows)
    return f"  {rows[0]['parser']}: n = {n}, {seconds:.0f} s, slowest {slowest} ms: {told}"
