"""The terminal's own book: what was charged and given back, one JSON object per line, on the disk before it is said."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Book:
    """Append-only; entries are `payment` (approved, declined or cancelled), `reversal` and `reconciliation`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.entries = list[dict[str, Any]]()
        self._first: dict[tuple[str, str], dict[str, Any]] = {}
        self._back: dict[str, dict[str, Any]] = {}
        for row in read(path):
            self._keep(row)

    def _keep(self, row: dict[str, Any]) -> None:
        self.entries.append(row)
        self._first.setdefault((row["entry"], row["service_id"]), row)
        if row["entry"] == "reversal":
            self._back.setdefault(row["original"], row)

    def find(self, entry: str, service_id: str) -> dict[str, Any] | None:
        """The entry of this kind under this ServiceID."""
        return self._first.get((entry, service_id))

    def reversal_of(self, reference: str) -> dict[str, Any] | None:
        """The reversal of the payment with this POI reference."""
        return self._back.get(reference)

    def write(self, entry: str, **fields: object) -> dict[str, Any]:
        """Add one entry; it is on the disk when this returns."""
        number = len(self.entries) + 1
        row = {"number": number, "at": datetime.now(UTC).isoformat(), "entry": entry, **fields}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._keep(row)
        return row

    def close_period(self, service_id: str) -> dict[str, Any]:
        """Close the period: an entry with what was charged and given back since the last one."""
        ends = [place for place, row in enumerate(self.entries) if row["entry"] == "reconciliation"]
        rows = self.entries[ends[-1] + 1 :] if ends else self.entries
        charged, back = charges(rows), [row["won"] for row in rows if row["entry"] == "reversal"]
        return self.write(
            "reconciliation", service_id=service_id, key="", won=0, state="closed", reference=f"{len(ends) + 1:06d}",
            charges=len(charged), charged_won=sum(charged), reversals=len(back), reversed_won=sum(back),
        )  # fmt: skip

    def taken(self) -> int:
        """Won taken and not given back."""
        returned: int = sum(row["won"] for row in self.entries if row["entry"] == "reversal")
        return sum(charges(self.entries)) - returned


def charges(rows: list[dict[str, Any]]) -> list[int]:
    """The won of every approved payment."""
    return [int(row["won"]) for row in rows if row["entry"] == "payment" and row["state"] == "approved"]


def read(path: Path) -> list[dict[str, Any]]:
    """The entries of a book; a torn last line was never said to anyone and is left out."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    if lines[-1]:
        path.write_text("\n".join([*lines[:-1], ""]), encoding="utf-8")
    return [json.loads(line) for line in lines[:-1]]
