"""Rows on disk as they are found: a long benchmark goes on where it stopped, and anew when its code has changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
FOLDER = Path("out/bench-guard")


def fingerprint(*places: str) -> str:
    """Of these files, and of every source in these folders."""
    made = sha256()
    for place in (ROOT / each for each in places):
        for path in sorted(place.rglob("*.py")) or [place]:
            made.update(path.read_bytes())
    return made.hexdigest()[:12]


class Kept:
    """One file of rows, `{"key": …, "row": …}` a line, of one benchmark by one state of the code."""

    def __init__(self, name: str, *places: str, under: Path = FOLDER) -> None:
        self.path = under / f"{name}-{fingerprint(*places)}.jsonl"
        self.rows: dict[str, Any] = {}
        for line in self.path.read_text("utf-8").splitlines() if self.path.exists() else ():
            with suppress(ValueError, KeyError, TypeError):  # a line that a stop tore
                row = json.loads(line)
                self.rows[row["key"]] = row["row"]

    def all(self, keys: Iterable[str], work: Callable[[str], Any]) -> list[Any]:
        """The row of every key, found now where it is not kept."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for key in (wanted := list(keys)):
            if key not in self.rows:
                self.rows[key] = work(key)
                with self.path.open("a", encoding="utf-8") as file:
                    file.write("\n" + json.dumps({"key": key, "row": self.rows[key]}))
        return [self.rows[key] for key in wanted]


def published(page: Path, name: str, lines: Iterable[str]) -> None:
    """Put lines between `<!-- name -->` and `<!-- /name -->` of a page."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    text = page.read_text("utf-8")
    head, marked, rest = text.partition(begin)
    if not marked or end not in rest:
        raise ValueError(f"{page} has no place for {name}; put {begin.strip()} and {end} there.")
    page.write_text(head + begin + "\n".join(lines) + "\n" + rest[rest.index(end):], "utf-8")
