"""A scripted customer before the real screens of a running branch, and the pictures it leaves."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from kiosk.ui.camera import PERIOD_MS, Look, PreviewFile
from kiosk.ui.guest import Guest
from kiosk.ui.messages import View
from kiosk.ui.screen import Screen

#: The printers whose newest page a tour keeps, and the file's name.
PAGES = (("receipt_printer", "receipt.png"), ("label_printer", "label.png"))

#: How long a picture waits for the first fresh frame of the table's camera, seconds.
FRESH_WITHIN_S = 3.0


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

    def picture(view: View) -> None:
        if view.preview:
            refreshed(shown, look)
        shown.grab(out / f"{len(guest.screens):02d}-{view.screen.replace('/', '-')}.png")

    guest.seen = picture
    guest.send_a_parcel()
    for printer, name in PAGES:
        act("page", printer=printer, index=-1, path=str((out / name).absolute()))
    shown.close()


def refreshed(shown: Screen, look: Look) -> None:
    """Wait until the live picture is of now: newer than this moment, and painted; not for ever, the step may pass."""
    before, step, end = look(), shown.current(), time.monotonic() + FRESH_WITHIN_S
    while time.monotonic() < end and shown.current() == step:
        shown.settle()
        now = look()
        if now is not None and (before is None or now.number > before.number):
            break
    painted = time.monotonic() + 2 * PERIOD_MS / 1000
    while time.monotonic() < painted and shown.current() == step:
        shown.settle()


def shrink(pictures: Iterable[Path], folder: Path) -> None:
    """The same pictures at half their size in 64 colours, in place of those of an earlier tour."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("[0-9][0-9]-*.png"):
        old.unlink()
    for path in sorted(pictures):
        with Image.open(path) as picture:
            small = picture.convert("RGB").resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
            small.quantize(64).save(folder / path.name, optimize=True)
