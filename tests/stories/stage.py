"""What the stories share: a real screen in front of a branch of processes, and how two journals are compared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from devices.bench.client import BenchClient
from kiosk.ui.camera import PreviewFile
from kiosk.ui.guest import Guest
from kiosk.ui.screen import Screen
from kiosk.ui.speech import Silent
from tests.branch import HOUSE, Branch

Json = dict[str, Any]
SCREENS = {name: HOUSE / "kiosk" / "services" / name / "screens" for name in ("send_parcel", "identity")}
#: Open fields that differ from one visit to the next: ids, proofs, and what a scale and a camera read.
OWN = {
    "visit", "key", "job", "number", "approval", "reference", "raw", "serial", "grams", "decimal", "length_mm",
    "width_mm", "height_mm", "uncertainty_mm", "rig_residual_px", "bin_percent",
}  # fmt: skip


@contextmanager
def screen_at(branch: Branch) -> Iterator[Screen]:
    """The real screen, linked to this branch, without a moving picture or a voice."""
    look = PreviewFile(branch.run / "preview").newest
    shown = Screen(SCREENS, branch.run / "link.sock", look=look, motion=0, mouth=Silent(lambda text: None))
    shown.open()
    try:
        yield shown
    finally:
        shown.close()


def visit_by(branch: Branch, bench: BenchClient, keypad: bool) -> list[str]:
    """One parcel sent at the real screen; the names of the screens on the way."""
    with screen_at(branch) as screen:
        return Guest(screen, bench.do, keypad=keypad).send_a_parcel()


def visits(journal: list[Json]) -> list[list[Json]]:
    """The entries of each visit, visits in the order in which they began."""
    begun = [line["visit"] for line in journal if line["kind"] == "VisitStarted"]
    return [[line for line in journal if line["visit"] == visit] for visit in begun]


def told(visit: list[Json]) -> list[tuple[str, Json]]:
    """What one visit's journal says, without what is its own.

    The scale's word that the table is empty races the door's; it is looked at apart.
    """
    return [
        (line["kind"], {key: value for key, value in line["fact"].items() if key not in OWN})
        for line in visit
        if line["kind"] != "Lifted"
    ]


def kinds(visit: list[Json]) -> list[str]:
    """The kinds of one visit's entries, in order."""
    return [line["kind"] for line in visit]
