"""Answers kept on disk as they are found, so that a measure of hours goes on where it stopped.

A row counts for the measurer, pictures and rig that it was found with, and for no other: what a change of the code, the
net or the rules made untrue is measured anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from vision.measure.measure import Answer, Measurer
from vision.measure.scenes import Scene
from vision.measure.table import Result

#: What measures and what draws; they and all that they use decide an answer, besides net, rig and pictures.
SOURCES = ("vision/measure/measure.py", "tests/benchmarks/measuring/drawn.py", "tests/benchmarks/measuring/pairs.py")
USED = re.compile(r"^from (vision[.\w]*) import", re.MULTILINE)


def maker(measurer: Measurer) -> str:
    """A fingerprint of the net, the rig and the code that measures and draws."""
    made = sha256(measurer.model.line.sha256.encode() + repr(measurer.rig).encode())
    for path in sources():
        made.update(path.read_bytes())
    return made.hexdigest()[:16]


def sources() -> list[Path]:
    """The files that decide an answer."""
    found, left = set[Path](), [Path(source) for source in SOURCES]
    while left:
        path = left.pop()
        if path not in found and path.exists():
            found.add(path)
            left += [Path(*name.split(".")).with_suffix(".py") for name in USED.findall(path.read_text("utf-8"))]
    return sorted(found)


def shown(images: Mapping[str, Path]) -> str:
    """A fingerprint of a scene's picture files; empty for one that is drawn."""
    made = sha256()
    for name in sorted(images):
        made.update(images[name].read_bytes())
    return made.hexdigest()[:16] if images else ""


@dataclass
class Kept:
    """A file of answers, one JSON object per line; without a file nothing outlasts the run."""

    path: Path | None
    rows: dict[tuple[str, ...], Mapping[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path is not None and self.path.exists():
            for row in _rows(self.path.read_bytes().splitlines()):
                self.rows[_key(row)] = row

    def find(self, by: str, name: str, scene: Scene) -> Result | None:
        """The answer that this maker gave to that scene of the set, if it is kept."""
        row = self.rows.get((by, name, scene.id, shown(scene.images)))
        return Result(scene, _answer(row)) if row else None

    def keep(self, by: str, name: str, result: Result) -> None:
        """Write an answer down at once."""
        scene = result.scene
        row = {"by": by, "set": name, "id": scene.id, "shown": shown(scene.images), "truth_mm": scene.truth_mm,
               "answerable": scene.answerable, "answer": result.answer.document()}  # fmt: skip
        self.rows[_key(row)] = row
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write("\n" * _torn(self.path) + json.dumps(row) + "\n")


def _rows(lines: Iterable[bytes]) -> Iterator[Mapping[str, object]]:
    """What can be read; a line that a stop tore is none."""
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and all(isinstance(row.get(each), str) for each in ("by", "set", "id", "shown")):
            yield row


def _torn(path: Path) -> bool:
    """Whether the file's last line was never finished."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 1))
        return file.read() not in (b"", b"\n")


def _key(row: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(row[each]) for each in ("by", "set", "id", "shown"))


def _answer(row: Mapping[str, object]) -> Answer:
    values = dict(row["answer"])  # type: ignore[call-overload]  # written by keep
    half = values.pop("uncertainty_mm")
    return Answer(**values, uncertainty_mm=tuple(half) if half else None)
