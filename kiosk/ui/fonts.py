"""The house's two type files, loaded and checked at start: without them every text would be boxes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

FOLDER = Path(__file__).parent / "fonts"
FAMILY = "Pretendard"


class NoFont(Exception):
    """One line: which file, and what to do."""


def load(folder: Path = FOLDER) -> None:
    """Load both weights; NoFont when one is missing, damaged or has no Hangul."""
    for name in ("Pretendard-Medium.otf", "Pretendard-Bold.otf"):
        if QFontDatabase.addApplicationFont(str(folder / name)) < 0:
            raise NoFont(f"{folder / name} is missing or damaged: restore it from the repository")
    if FAMILY not in QFontDatabase.families():
        raise NoFont(f"{folder} holds no font called {FAMILY}: restore it from the repository")
    if not QFontMetricsF(QFont(FAMILY, 40)).inFontUcs4(ord("한")):
        raise NoFont(f"the font in {folder} has no Hangul: restore it from the repository")
