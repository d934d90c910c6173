"""`python -m tests.ui.pictures OUT [part of a name …]`: a PNG of every example view, to look at.

`python -m tests.ui.pictures --docs FOLDER`: small ones of the screens for when something goes otherwise;
`--bank FOLDER`: of every screen of the bank counter; `--manners FOLDER`: in other modes and in English.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image

from kiosk.ui.screen import Screen
from kiosk.ui.speech import Silent
from tests.ui.views import FOUND, examples, view

SCREENS = {path.parent.name: path for path in sorted(Path("kiosk/services").glob("*/screens"))}
MODES = {"": {}, "large": {"large": True}, "dark": {"contrast": True}, "low": {"low": True}}
BOTH = {"large-dark": {"large": True, "contrast": True}, "large-low": {"large": True, "low": True}}


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
                screen.show(view(page, values, offers, seq, language=language, access=(MODES | BOTH)[mode]))
                screen.settle()
                if name == "address":
                    type_address(screen)
                screen.grab(out / "-".join(part for part in (name, mode, language) if part).__add__(".png"))
    screen.close()
    return seq


#: The views of a visit that goes otherwise than the tour's.
OTHERWISE = (
    "attract-lacking", "home-lacking", "closed", "size-box",
    "choose-size-fault", "refused-e-size-sum", "refused-e-prohibited", "unsure",
    "unsure-reversing", "stuck", "stuck-twice", "stuck-again", "reopen-empty", "reopen-door-stuck", "reversed-printed",
    "claim-printed", "claim-failed", "done-bare", "end-failed", "take-back-cancelled", "staff-pin", "staff-overview",
    "staff-device-failed", "staff-paper-out", "staff-paper-strip", "staff-locker-stuck", "staff-tasks", "staff-faults",
    "staff-working-hatch", "staff-rig", "staff-board-tilt", "insure", "speed-late",
    "id-consent", "id-glass", "id-confirm", "id-lay", "id-result-checked",
)  # fmt: skip
#: The same screens for other eyes, ears and hands: views, and the modes and languages in which they are shown.
MANNERS = (
    (("home", "drop", "size", "review"), "", "en"),
    (("home", "drop", "size", "pay"), "large", "ko"),
    (("home", "contents", "size", "stick"), "dark", "ko"),
    (("home", "contents", "address", "review"), "low", "ko"),
)


#: What a screen of the counter shows besides: what to do now, the wait, and what an officer says of it.
BESIDES = (
    "bank-stop-now-block", "bank-pause-wait", "bank-pause-wait-held", "bank-pause-no-officer", "bank-officer-taken",
)  # fmt: skip


def bank_views() -> tuple[str, ...]:
    """One view of every screen of the bank counter, the first of each, and what some show besides."""
    first: dict[str, str] = {}
    for name, page, _, _ in examples():
        if page.startswith("bank/"):
            first.setdefault(page, name)
    return (*first.values(), *BESIDES)


def shoot_small(docs: Path, names: tuple[str, ...] = OTHERWISE, mode: str = "", language: str = "ko") -> int:
    """These views at half their size in 160 colours, named by mode and language unless plain and Korean. How many."""
    docs.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        shoot(Path(folder), list(names), [mode], [language])
        for name in names:
            full = "-".join(part for part in (name, mode, language) if part)
            with Image.open(Path(folder) / f"{full}.png") as picture:
                size = (picture.width // 2, picture.height // 2)
                small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
            small.quantize(160).save(docs / f"{full.removesuffix('-ko')}.png", optimize=True)
    return len(names)


def type_address(screen: Screen) -> None:
    """Types a road and answers as the core would."""
    for key in "ㅅㅔㅈㅗㅇ":
        screen.tap(f"key-{key}")
    screen.scene.answer(screen.asked[-1][2], FOUND)
    screen.settle()


def main(out: str, *words: str) -> None:
    """`+large` chooses a mode, `@en` a language; other words are parts of names."""
    if out.startswith("-") and (out not in ("--bank", "--docs", "--manners") or not words):
        sys.exit(__doc__)
    if out == "--bank":
        sys.stdout.write(f"{shoot_small(Path(words[0]), bank_views())} pictures in {words[0]}\n")
        return
    if out == "--manners":
        made = sum(shoot_small(Path(words[0]), *manner) for manner in MANNERS)
        sys.stdout.write(f"{made} pictures in {words[0]}\n")
        return
    if out == "--docs":
        sys.stdout.write(f"{shoot_small(Path(words[0]))} pictures in {words[0]}\n")
        return
    modes = [word[1:].replace("plain", "") for word in words if word.startswith("+")] or [""]
    languages = [word[1:] for word in words if word.startswith("@")] or ["ko"]
    wanted = [word for word in words if word[0] not in "+@"]
    sys.stdout.write(f"{shoot(Path(out), wanted, modes, languages)} pictures in {out}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
