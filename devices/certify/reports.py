"""Devices, probes and reports as tables for people and as JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import typer

from devices.certify.suite import KINDS
from devices.certify.terms import Report, Result, Verdict
from devices.certify.where import parameters
from devices.ports import Status

#: Options that say where a device is, in the order of a row.
PLACES = ("url", "at", "host", "port", "socket", "reader")


def drivers() -> list[dict[str, str]]:
    """Every driver of the catalogue: kind, word, options (`=` where one may be left out is not shown)."""
    return [
        {"kind": kind, "driver": word, "options": ", ".join(parameters(driver))}
        for kind, each in KINDS.items()
        for word, driver in each.drivers.items()
    ]


def transport(options: Mapping[str, object]) -> str:
    """Where a device is."""
    return ":".join(str(options[key]) for key in PLACES if key in options) or "?"


def exclusive(options: Mapping[str, object]) -> bool:
    """Whether only one process can hold this line: a serial port, by its path."""
    return any(isinstance(options.get(key), str) and str(options[key]).startswith("/") for key in ("port", "at"))


def probe(name: str, status: Status, words: Callable[[str], tuple[str, str]]) -> dict[str, Any]:
    """One device as it was found; `age_s` is None where it did not answer."""
    now = datetime.now(UTC)
    return {
        "name": name, "state": status.state.value, "usable": status.usable, "simulated": status.simulated,
        "faults": [dict(zip(("code", "fault", "remedy"), (code.value, *words(code)), strict=True))
                   for code in sorted(status.faults)],
        "detail": status.detail, "values": dict(status.values),
        "age_s": round((now - status.observed_at).total_seconds(), 1) if status.observed_at else None,
    }  # fmt: skip


def row(found: Mapping[str, Any]) -> dict[str, str]:
    """A probe for people."""
    return {
        "name": found["name"], "state": found["state"], "usable": yes(found["usable"]),
        "simulated": yes(found["simulated"]),
        "faults": "; ".join(f"{each['fault']} ({each['remedy']})" for each in found["faults"]),
        "detail": found["detail"], "values": ", ".join(f"{key} {value}" for key, value in found["values"].items()),
        "age": "never" if found["age_s"] is None else f"{found['age_s']:.1f} s",
    }  # fmt: skip


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows under their headings, in columns; empty columns are left out."""
    if not rows:
        return "this branch names no devices; start the bench (main.py run) or write [devices.*] into branch.toml"
    heads = [head for head in rows[0] if any(row[head] for row in rows)]
    wide = {head: max(len(head), *(len(row[head]) for row in rows)) for head in heads}
    lines = [{head: head for head in heads}, *rows]
    return "\n".join("  ".join(line[head].ljust(wide[head]) for head in heads).rstrip() for line in lines)


def yes(true: object) -> str:
    """A flag for people."""
    return "yes" if true is True else "no"


def line(result: Result) -> None:
    """One rule as soon as it is known."""
    seen = f"\n{'':16}{result.seen}" if result.seen else ""
    typer.echo(f"{result.verdict:<14}  {result.rule}: {result.sentence} ({result.seconds:.1f} s){seen}")


def silent(_: Result) -> None:
    """The whole report comes at the end."""


def summary(report: Report) -> str:
    """The grade and what it rests on."""
    counted = Counter(result.verdict for result in report.results)
    parts = ", ".join(f"{counted[verdict]} {verdict.lower()}" for verdict in Verdict if counted[verdict])
    told = " (simulated)" if report.simulated else ""
    return f"\n{report.kind} {report.driver} at {report.at}{told}: {report.grade}; {parts}; {report.seconds:.1f} s"


def as_json(report: Report) -> dict[str, object]:
    """The whole report."""
    return {
        "report": 1, "kind": report.kind, "driver": report.driver, "at": report.at, "simulated": report.simulated,
        "grade": report.grade, "seconds": report.seconds, "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "rules": [asdict(result) for result in report.results],
    }  # fmt: skip
