"""`python -m tests.ui.pictures OUT [part of a name …]`: a PNG of every example view, to look at."""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.ui.screen import Screen
from kiosk.ui.speech import Silent
from tests.ui.views import FOUND, examples, view

SCREENS = {"send_parcel": Path("kiosk/services/send_parcel/screens")}
MODES = {"": {}, "large": {"large": True}, "dark": {"contrast": True}, "low": {"low": True}}


def shoot(out: Path, wanted: list[str], modes: list[str], languages: list[str]) -> int:
    """Pictures of the views whose name contains one of `wanted` (all when empty). Returns how many."""
    screen = Screen(SCREENS, motion=0, mouth=Silent(lambda text: None))
    screen.open()
    seq = 0
    for name, page, values, offers in examples():
        if wanted and not any(part in name for part in wanted):
            continue
        for mode in modes:
            for language in languages:
                seq += 1
                screen.show(view(page, values, offers, seq, language=language, access=MODES[mode]))
                screen.settle()
                if name == "address":
                    type_address(screen)
                screen.grab(out / "-".join(part for part in (name, mode, language) if part).__add__(".png"))
    screen.close()
    return seq


def type_address(screen: Screen) -> None:
    """Types a road and answers as the core would."""
    for key in "ㅅㅔㅈㅗㅇ":
        screen.tap(f"key-{key}")
    screen.scene.answer(screen.asked[-1][2], FOUND)
    screen.settle()


def main(out: str, *words: str) -> None:
    """`+large` chooses a mode, `@en` a language; other words are parts of names."""
    modes = [word[1:].replace("plain", "") for word in words if word.startswith("+")] or [""]
    languages = [word[1:] for word in words if word.startswith("@")] or ["ko"]
    wanted = [word for word in words if word[0] not in "+@"]
    sys.stdout.write(f"{shoot(Path(out), wanted, modes, languages)} pictures in {out}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
