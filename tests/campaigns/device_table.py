"""docs/device-faults.md from the results of the device campaign; times are rounded to what a reader can use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from devices.ports import FaultCode

Json = dict[str, Any]
HEAD = """# What each device fault comes to

Made by `python -m tests.campaigns devices`; do not edit. Each fault of each bench peer stands against its driver
alone, twice: under the supervisor at its own pace, and at the driver's own command.

*Status*: what the staff page and the feed say (– = the device answers well until it is used). *Seen*, *well*: seconds
until then, and until it is well again after the fault is taken back. *Command*: what its command said, a fault code or
an honest answer. *Later*: the same job or an enquiry once the fault is over. *False done*: success that was claimed and
did not happen at the other end; never is the only word allowed here. *Services*: what becomes of those that ask for
this device while everything else is well; *bring*: for whoever comes.
"""
COLUMNS = ("fault", "status", "seen", "command", "later", "well", "false done", "services", "bring")
#: Seconds that are all the same to a reader.
STEPS = (1, 2, 5, 10, 20, 40)


def document(rows: Sequence[Json]) -> str:
    """The whole page."""
    bad = sum(bool(row["problems"]) for row in rows)
    false = sum(bool(row.get("said_false") or row.get("later_false")) for row in rows)
    shown = sum(row.get("seen_s") is not None for row in rows)
    figures = f"n = {len(rows)} faults; {shown} are seen by the status alone, the others at the command; "
    figures += f"false done: {false}; something did not hold in {bad}.\n"
    parts = [HEAD, figures]
    for title in dict.fromkeys((row["device"], row["driver"]) for row in rows):
        parts.append(section(title, [row for row in rows if (row["device"], row["driver"]) == title]))
    return "\n".join(parts)


def section(title: tuple[str, str], rows: Sequence[Json]) -> str:
    """One device with one driver."""
    head = [f"## {title[0]} ({title[1]})", "", f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS)]
    return "\n".join([*head, *(line(row) for row in rows), ""])


def line(row: Json) -> str:
    """One fault."""
    seen = row.get("seen_s")
    status = ", ".join([row.get("state", ""), *row.get("faults", ()), *opened(row)]) if seen is not None else "–"
    services = ", ".join(f"{name} {state}" for name, state in row.get("services", {}).items()) or "–"
    never = "never" if not (row.get("said_false") or row.get("later_false")) else "**YES**"
    cells = (
        f"**{row['fault']}**", status, within(seen), said(row), row.get("later") or "–",
        within(row.get("well_s") if seen is not None else None), never, services,
        ", ".join(row.get("bring", ())) or "–",
    )  # fmt: skip
    broken = "".join(f"\n| | **did not hold:** {problem} | | | | | | | |" for problem in row["problems"])
    return f"| {' | '.join(cells)} |{broken}"


def opened(row: Json) -> list[str]:
    """Doors that the status says stand open."""
    return [f"door {row['open']} open"] if row.get("open", "none") not in ("", "none") else []


def said(row: Json) -> str:
    """What the command said, and what of it the status shows afterwards that it had not shown before."""
    words = str(row.get("said", ""))
    new = set(row.get("after", ())) - set(row.get("faults", ()))
    return words + (f"; then status {', '.join(sorted(new))}" if new and words not in set(FaultCode) else "")


def within(seconds: float | None) -> str:
    """The next round number of seconds."""
    if seconds is None:
        return "–"
    return f"≤ {next((step for step in STEPS if seconds <= step), 60)} s"
