"""A scripted customer before the real screens of a running branch, and the pictures it leaves."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from kiosk.ui.camera import PreviewFile
from kiosk.ui.guest import Guest
from kiosk.ui.screen import Screen

#: The printers whose newest page a tour keeps, and the file's name.
PAGES = (("receipt_printer", "receipt.png"), ("label_printer", "label.png"))


@dataclass(frozen=True)
class Stage:
    """Where a tour plays: the folders of the services' screens, the run's folder, pixels per millimetre."""

    screens: Mapping[str, Path]
    run: Path
    px_per_mm: float


def walk_through(stage: Stage, act: Callable[..., Any], out: Path) -> None:
    """One parcel from the resting screen back to it, a picture of every screen and page; `act` moves the bench."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    look = PreviewFile(stage.run / "preview").newest
    shown = Screen(dict(stage.screens), stage.run / "link.sock", look=look, px_per_mm=stage.px_per_mm, motion=0)
    shown.open()
    guest = Guest(shown, act)
    guest.seen = lambda view: shown.grab(out / f"{len(guest.screens):02d}-{view.screen.replace('/', '-')}.png")
    guest.send_a_parcel()
    for printer, name in PAGES:
        act("page", printer=printer, index=-1, path=str((out / name).absolute()))
    shown.close()


def shrink(pictures: Iterable[Path], folder: Path) -> None:
    """The same pictures at half their size in 64 colours."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(pictures):
        with Image.open(path) as picture:
            small = picture.convert("RGB").resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
            small.quantize(64).save(folder / path.name, optimize=True)
