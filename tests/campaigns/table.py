"""docs/faults.md from the results of the fault campaign; no dates or times, so that two of them can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from tests.campaigns.faults import ASKED

Json = dict[str, Any]
HEAD = """# What each fault does

Made by `make evidence` (`tests/campaigns/faults.py`); do not edit. Every fault of the bench's catalogue is ordered at
every step of send_parcel where its device is asked for something, at rest, and once while only questions are asked.
It stays until the visit is over; then it is mended (a hatch that failed to open is opened by hand), and the branch must
open again by itself.

Held in every line: the screen says done only to a parcel whose label was printed, read on it at unchanged weight, and
that was seen inside the hatch; no approved charge is left without that, the money back, or an open task for staff;
never two approvals at once; the journal's chain is whole.

*Customer*: screens and notices after the fault, in order; screens on which a machine works by itself are left out.
*Staff*: tasks raised. *Monitor*: what the status page says of the device while the fault lasts (– = nothing: the device
answers well until it is used), and of the service. *End*: how the visit is closed.
"""
STEP = {
    "rest": "nobody there", "place": "before the parcel lies there", "questions": "while questions are asked",
    "review": "at the price", "pay": "while paying", "stick": "before the label is on",
    "drop": "before the parcel is in", "done": "before the receipt", "stuck": "after a label that failed",
    "back": "before the money is given back",
    "elsewhere": "each fault in turn, while questions are asked",
}  # fmt: skip
ORDER = tuple(STEP)


def document(rows: Iterable[Json]) -> str:
    """The whole page."""
    ordered = sorted(rows, key=_place)
    always = set.intersection(*(set(row["services"]) for row in ordered))
    ordered = [{**row, "services": [word for word in row["services"] if word not in always]} for row in ordered]
    parts = [HEAD, *_always(always), _figures(ordered)]
    for device in dict.fromkeys(row["device"] for row in ordered):
        parts.append(_device(device, [row for row in ordered if row["device"] == device]))
    return "\n".join(parts)


def _always(words: set[str]) -> list[str]:
    """What the status page says in every case is said once: it belongs to the campaign's branch, not to a fault."""
    told = ", ".join(sorted(words))
    return [f"In every case the status page also says, of what this campaign's branch lacks: {told}.\n"] * bool(words)


def _place(row: Json) -> tuple[int, bool, str, int]:
    """Devices in the catalogue's order, faults by name, steps in the order of a visit; `all` last."""
    return list(ASKED).index(row["device"]), row["fault"] == "all", row["fault"], ORDER.index(row["step"])


def _figures(rows: Sequence[Json]) -> str:
    counted = Counter(outcome for row in rows for outcome in row["outcome"])
    ends = ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))
    bad = sum(bool(row["problems"]) for row in rows)
    faults = len({(row["device"], row["fault"]) for row in rows if row["fault"] != "all"})
    return f"n = {len(rows)} cases over {faults} faults; visits ended {ends}; something did not hold in {bad} cases.\n"


def _device(device: str, rows: Sequence[Json]) -> str:
    lines = [f"## {device}", "", "| fault | step | customer | staff | monitor | end |", "|---|---|---|---|---|---|"]
    last = ""
    for row in rows:
        lines.append(_line(row, "" if row["fault"] == last else f"**{row['fault']}**"))
        lines += [f"| | | **did not hold:** {problem} | | | |" for problem in row["problems"]]
        last = row["fault"]
    return "\n".join([*lines, ""])


def _line(row: Json, fault: str) -> str:
    monitor = ", ".join([*row["monitor"], *row["services"]])
    told = (" → ".join(row["seen"]), ", ".join(row["tasks"]), monitor, ", ".join(row["outcome"]))
    return f"| {fault} | {STEP[row['step']]} | {' | '.join(cell or '–' for cell in told)} |"
