"""What must hold after every visit, however it went: money, label, parcel, chain. Pure over what was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kiosk import facts as f
from kiosk.journal import Entry

Json = dict[str, Any]
ENDS = (
    "accepted", "reversed", "not_paid", "cancelled", "idle", "refused", "label_owed", "left_paid", "reversal_owed",
    "settled",
)  # fmt: skip


@dataclass(frozen=True)
class Ended:
    """How one visit ended: outcome ('' = never closed), won kept by the terminal, reasons of staff tasks meanwhile."""

    visit: str
    outcome: str
    kept_won: int
    tasks: tuple[str, ...]
    problems: tuple[str, ...]


def ends(entries: Sequence[Entry], book: Sequence[Json], pages: Sequence[str]) -> list[Ended]:
    """Every visit that these entries tell of; `pages` are the numbers on the labels printed meanwhile."""
    tasks = tuple(e.fact.reason for e in entries if isinstance(e.fact, f.StaffTaskRaised))
    visits = [e.visit for e in entries if e.kind == "VisitStarted"]
    return [_ended(visit, [e.fact for e in entries if e.visit == visit], book, tasks, pages) for visit in visits]


def _ended(
    visit: str, facts: Sequence[f.Fact | None], book: Sequence[Json], tasks: tuple[str, ...], pages: Sequence[str]
) -> Ended:
    outcome = next((fact.outcome for fact in facts if isinstance(fact, f.VisitClosed)), "")
    rows = [row for row in book if str(row["key"]).rpartition("-")[0] == visit]
    kept = balance(rows)
    problems = [*doubled(rows), *_owed(outcome, kept, facts, tasks), *_labels(facts, pages)]
    if not outcome:
        problems.append("the visit was never closed")
    elif outcome not in ENDS:
        problems.append(f"unknown outcome {outcome}")
    return Ended(visit, outcome, kept, tasks, tuple(problems))


def balance(rows: Sequence[Json]) -> int:
    """Won taken and not given back."""
    return sum(row["won"] * signed(row) for row in rows)


def signed(row: Json) -> int:
    """1 for an approved payment, -1 for a reversal, else 0."""
    return -1 if row["entry"] == "reversal" else int(row["state"] == "approved")


def doubled(rows: Sequence[Json]) -> list[str]:
    """Two approvals of one visit that stood at the same time, or more given back than taken."""
    standing, found = 0, []
    for row in rows:
        standing += signed(row)
        if standing not in (0, 1):
            found.append(f"{standing} approvals stood at once, at entry {row['number']}")
    return found


def _owed(outcome: str, kept: int, facts: Sequence[f.Fact | None], tasks: tuple[str, ...]) -> list[str]:
    """Accepted only with payment, label, scan and hatch; paid without that only with a task for staff."""
    if outcome == "accepted":
        kinds = {type(fact) for fact in facts}
        present = any(isinstance(fact, f.HatchClosed) and fact.present for fact in facts)
        lacking = [k.__name__ for k in (f.Paid, f.NumberIssued, f.LabelScanned) if k not in kinds]
        lacking += ([] if present else ["a parcel seen in the hatch"]) + ([] if kept else ["money"])
        return [f"accepted without {', '.join(lacking)}"] if lacking else []
    return [f"{kept} won kept, {outcome or 'open'}, and no task for staff"] if kept and not tasks else []


def _labels(facts: Sequence[f.Fact | None], pages: Sequence[str]) -> list[str]:
    """Every page bears the one number issued to this visit."""
    issued = {fact.number for fact in facts if isinstance(fact, f.NumberIssued)}
    if len(issued) > 1:
        return [f"{len(issued)} numbers issued"]
    wrong = [page for page in pages if page not in issued]
    return [f"a label bears {wrong[0]}, issued were {sorted(issued)}"] if wrong else []


def defects(said: str) -> list[str]:
    """Lines of the processes' own words that only a defect writes."""
    return [line for line in said.splitlines() if line.startswith("Traceback") or "could not finish" in line]


def told(entries: Sequence[Entry]) -> list[str]:
    """The journal in short, from the money on: kinds, and what a device said of itself."""
    kinds = [f"{e.kind}:{e.fact.device}:{e.fact.code}" if isinstance(e.fact, f.Faulted) else e.kind for e in entries]
    first = next((place for place, kind in enumerate(kinds) if kind == "PriceAgreed"), 0)
    return [kind for kind in kinds[first:] if kind != "StaffAnswered"]
