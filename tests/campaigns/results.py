"""What the campaigns have found so far: one JSON line per case, kept by the code it was found with."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from tests.branch import HOUSE

Json = dict[str, Any]
#: What a result depends on; the screen and the bench's window do not take part.
CODE = ("main.py", "config", "kiosk", "devices", "vision", "models", "tests/branch.py", "tests/campaigns")
APART = ("kiosk/ui/", "kiosk/page/", "kiosk/locale/", "devices/bench/window", "vision/training/")
ENDINGS = (".py", ".toml", ".onnx")


def code() -> str:
    """Twelve hex digits of SHA-256 over the names and contents of the code that takes part."""
    digest = hashlib.sha256()
    for path in sorted(path for root in CODE for path in [HOUSE / root, *(HOUSE / root).rglob("*")]):
        name = path.relative_to(HOUSE).as_posix()
        if path.is_file() and name.endswith(ENDINGS) and not name.startswith(APART) and "/screens/" not in name:
            digest.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:12]


class Results:
    """The lines of one campaign under `folder`; those of other code stay in the file and do not count."""

    def __init__(self, folder: Path, campaign: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path, self.code = folder / f"{campaign}.jsonl", code()
        self.rows = {row["case"]: row for row in self._read() if row["code"] == self.code}

    def _read(self) -> list[Json]:
        if not self._path.exists():
            return []
        lines = self._path.read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines[:-1]]

    def add(self, row: Json) -> None:
        """Keep one result."""
        self.rows[row["case"]] = row
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**row, "code": self.code}, ensure_ascii=False) + "\n")

    @property
    def bad(self) -> list[Json]:
        """Results with problems."""
        return [row for row in self.rows.values() if row["problems"]]

    def outcomes(self) -> str:
        """How often each outcome was met."""
        counted = Counter(outcome or "open" for row in self.rows.values() for outcome in row["outcome"] or ["no visit"])
        return ", ".join(f"{outcome} {count}" for outcome, count in counted.most_common())
