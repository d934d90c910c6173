"""The branch's command line with one more service on its menu: the shared steps for the purpose `intake`, alone.

What it lays out for a printer is noted beside the run's other files: the words, and what they look like by hash.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import main
from devices.ports import Picture
from kiosk import menu, paper
from kiosk.config import Branch
from kiosk.flow import Service
from kiosk.services.identity.service import Identity
from tests.campaigns.planted_search import ink

shipped = menu.services


def services(branch: Branch, approved: bool) -> tuple[Service, ...]:
    """The shipped menu, and the plain check asked for as a bank would ask."""
    found = shipped(branch, approved)
    plain = next(each for each in found if isinstance(each, Identity))
    return (*found, replace(plain, name="intake_check", purpose="intake"))


class Noted(paper.Sheet):
    """A sheet that remembers its words, and notes them on the disk before its picture goes anywhere."""

    note = Path(os.environ.get("PAPER_NOTE", os.devnull))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._words: list[str] = []

    def put(self, x: float, base: float, text: str, *args: Any, **more: Any) -> None:
        """As drawn."""
        self._words.append(text)
        super().put(x, base, text, *args, **more)

    def code128(self, x: float, y: float, text: str, *args: Any, **more: Any) -> float:
        """As encoded."""
        self._words.append(text)
        return super().code128(x, y, text, *args, **more)

    def matrix(self, x: float, y: float, text: str, *args: Any, **more: Any) -> tuple[float, float]:
        """As encoded."""
        self._words.append(text)
        return super().matrix(x, y, text, *args, **more)

    def picture(self, height_mm: float | None = None) -> Picture:
        """The picture, its words noted."""
        made = super().picture(height_mm)
        printed = ink(~np.asarray(paper.to_image(made)))
        with self.note.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"ink": printed, "text": "\n".join(self._words)}, ensure_ascii=False) + "\n")
        return made


if __name__ == "__main__":
    menu.services = services
    vars(paper)["Sheet"] = Noted
    main.app()
