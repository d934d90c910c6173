"""Drawn parcels as files, and main.py's verbs called as its operator does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import pytest

import main
from tests.vision.table import RIG_FILE, Picture


@dataclass(frozen=True)
class Said:
    """How a verb ended and what it said."""

    code: int
    out: str
    err: str

    def refused(self) -> str:
        """The one line on standard error of a mistake."""
        assert self.code == 2, self
        assert "Traceback" not in self.err
        (line,) = self.err.splitlines()
        return line

    def answers(self) -> list[dict[str, object]]:
        """The JSON lines of an answer; nothing else may be said."""
        assert (self.code, self.err) == (0, ""), self
        return [json.loads(line) for line in self.out.splitlines()]


class Shell:
    """Calls `main.py measure` in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capfd = monkeypatch, capfd

    def measure(self, *words: str | Path, rig: Path = RIG_FILE) -> Said:
        """What it says and how it ends."""
        self.monkeypatch.setattr("sys.argv", ["main.py", "measure", "--rig", str(rig), *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main.main()
        out, err = self.capfd.readouterr()
        return Said(int(ended.value.code or 0), out, err)


def write(folder: Path, frames: Mapping[str, Picture], stem: str = "") -> dict[str, str]:
    """Each camera's frame as a PNG; camera name to file name."""
    names = {name: f"{stem}{name}.png" for name in frames}
    for name, frame in frames.items():
        assert cv2.imwrite(str(folder / names[name]), frame, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return names


def line(**changes: object) -> str:
    """A line of scenes.jsonl that is right but for the changes; a value of `...` leaves its key out."""
    good: dict[str, object] = {"id": "a", "images": {"left": "left.png", "right": "right.png"},
                               "truth_mm": [340, 250, 210], "expect": "answer"}  # fmt: skip
    return json.dumps({key: value for key, value in {**good, **changes}.items() if value is not ...})
