"""`make evidence`: every campaign in full, resumed where it stopped; `python -m tests.campaigns kills` runs one.

Each campaign is shared out to `--workers` processes, each with a branch of its own; one visit mostly waits.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from tests.branch import HOUSE, bound
from tests.campaigns import (
    devices,
    dialogues,
    faults,
    fuzz,
    guided,
    kills,
    messages,
    parsers,
    planted,
    table,
    terminal,
)
from tests.campaigns.campaign import Run, report, work
from tests.campaigns.parser_cases import CASES
from tests.campaigns.results import Results

KILLS, EXAMPLES, WALKS, DIALOGUES, MESSAGES = 200, 200_000, 400, 1000, 100_000
DOCUMENT, DEVICE_FAULTS = HOUSE / "docs" / "faults.md", HOUSE / "docs" / "device-faults.md"


def say(line: str) -> None:
    """Progress, one line a case."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def fallen(results: Results) -> int:
    """Kills that really fell."""
    return sum(len(row.get("kills", ())) for row in results.rows.values())


def kill_runs(results: Results) -> list[Run]:
    """As many visits as `KILLS` kills take; those that fell beside their moment are made up for."""
    planned = sum(len(case.kills) for case in kills.cases_for(KILLS) if case.name in results.rows)
    wanted = KILLS + planned - fallen(results)
    return [(case.name, partial(kills.run, case=case)) for case in kills.cases_for(wanted)]


def fault_runs(results: Results) -> list[Run]:
    """Every fault at every step."""
    return [(case.name, partial(faults.run, case=case)) for case in faults.cases(faults.catalogue())]


PLANS: dict[str, Callable[[Results], list[Run]]] = {"kills": kill_runs, "faults": fault_runs}
#: Campaigns that need no branch.
ALONE = ("fuzz", "parsers", "guided", "terminal", "devices", "dialogues", "messages", "planted")


def share(name: str, folder: Path, part: int, parts: int) -> None:
    """One worker's share of a campaign."""
    results = Results(folder, name)
    work(results, islice(PLANS[name](results), part, None, parts), say)


def shared_out(name: str, folder: Path, workers: int) -> Results:
    """A whole campaign by several workers, until nothing is left to do."""
    results = Results(folder, name)
    while any(run[0] not in results.rows for run in PLANS[name](results)):
        words = [sys.executable, "-m", "tests.campaigns", name, "--out", str(folder), "--workers", str(workers)]
        children = [subprocess.Popen(bound([*words, "--part", str(part)]), cwd=HOUSE) for part in range(workers)]
        codes = [child.wait() for child in children]
        if any(codes):
            break
        results = Results(folder, name)
    return Results(folder, name)


def campaign(name: str, folder: Path, workers: int) -> bool:
    """Run and report one campaign; True when nothing was wrong."""
    if name == "fuzz":
        return fuzz.evidence(folder, EXAMPLES, say)
    if name == "parsers":
        return parsers.evidence(folder, EXAMPLES, say)
    if name == "guided":
        return guided.evidence(folder, [case.name for case in CASES], guided.RUNS, say)
    if name == "devices":
        return devices.evidence(folder, DEVICE_FAULTS, say)
    if name == "terminal":
        return terminal.evidence(folder, WALKS, say)
    if name == "messages":
        return messages.evidence(folder, MESSAGES, say)
    if name == "planted":
        return planted.evidence(folder, KILLS, say)
    if name == "dialogues":
        return dialogues.evidence(DIALOGUES)
    results = shared_out(name, folder, workers)
    if name == "faults":
        DOCUMENT.write_text(table.document(results.rows.values()), encoding="utf-8")
        return report(name, results, len(results.rows), "visits and looks")
    return report(name, results, fallen(results), "kills")


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns", description=__doc__)
    parser.add_argument("campaigns", nargs="*", help=f"{', '.join((*ALONE, *PLANS))}; all unless told")
    parser.add_argument("--out", type=Path, default=Path("out/evidence"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--part", type=int, default=-1, help=argparse.SUPPRESS)
    told = parser.parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that branches are taken down
    if told.part >= 0:
        share(told.campaigns[0], told.out, told.part, told.workers)
        return 0
    strange = set(told.campaigns) - {*PLANS, *ALONE}
    if strange:
        parser.error(f"{min(strange)} is no campaign; choose of {', '.join((*ALONE, *PLANS))}")
    well = [campaign(name, told.out.absolute(), told.workers) for name in told.campaigns or (*ALONE, *PLANS)]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
