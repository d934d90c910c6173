"""A customer who reads English at 200 % in high contrast sends a parcel by touch; the first card is declined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QRectF

from devices.bench.client import BenchClient
from kiosk.ui import focus
from kiosk.ui.guest import Guest
from kiosk.ui.messages import View
from kiosk.ui.screen import Screen
from tests.branch import Branch
from tests.stories.stage import kinds, screen_at, visits


@dataclass
class Reader(Guest):
    """Asks for big text, contrast and English before anything else; tries a second card after the first."""

    cards: int = 0

    def _do(self, name: str, values: Mapping[str, Any]) -> None:
        if name == "Attract":
            self.prefer()
        if name == "Pay":
            self.cards += 1
            self.card(refused=self.cards == 1)
            return
        super()._do(name, values)

    def card(self, refused: bool) -> None:
        """Hold a card to the terminal; its bank may say no."""
        self.act("fault", device="payment", name="decline", on=refused)
        if not refused:
            self._patiently("approve")
            return
        self.until(lambda view: view.screen == "send_parcel/Review")
        self.act("fault", device="payment", name="decline", on=False)

    def prefer(self) -> None:
        """On the access bar, and in the sheet that it folds into once the text is big."""
        self.press("language-en")
        self.until(lambda view: view.chrome.language == "en")
        self.press("access-contrast")
        self.until(lambda view: view.chrome.access.contrast)
        self.press("access-large")
        self.until(lambda view: view.chrome.access.large)

    def until(self, holds: Callable[[View], bool]) -> View:
        """Until the view that is shown is so."""
        for _ in range(2000):
            self.screen.settle()
            view = self.screen.current()
            if view is not None and holds(view):
                return self.screen.wait(view.screen)
        raise TimeoutError("the screen never became so")


def outside(screen: Screen) -> list[str]:
    """What can be pressed and stands outside the window, by name."""
    window = QRectF(-1, -1, screen.scene.window.width() + 2, screen.scene.window.height() + 2)
    stops = [item for item in focus.stops(screen.scene.root) if not window.contains(focus.place(item))]
    return [item.objectName() or str(item.property("label")) for item in stops]


@pytest.mark.branch
@pytest.mark.timeout(200)
def test_english_at_200_percent_after_a_declined_card(branch: Branch, bench: BenchClient) -> None:
    before = len(visits(branch.journal()))
    with screen_at(branch) as screen:
        strayed: dict[str, list[str]] = {}
        notices: list[str] = []

        def seen(view: View) -> None:
            if found := outside(screen):
                strayed[view.screen] = found
            notices.append(view.notice.id if view.notice else "")
            assert view.screen == "home/Attract" or (view.chrome.language, view.chrome.access.large) == ("en", True)

        guest = Reader(screen, bench.do, seen=seen)
        guest.send_a_parcel()
        assert screen.scene.warnings == []
    assert strayed == {}
    assert "notice.declined" in notices
    (visit,) = visits(branch.journal())[before:]
    assert [kind for kind in kinds(visit) if kind in ("PriceAgreed", "NotPaid", "Paid")] == [
        "PriceAgreed", "NotPaid", "PriceAgreed", "Paid",
    ]  # fmt: skip
    assert visit[0]["fact"]["language"] == "en"
    assert sum(line["kind"] == "LabelPrinted" for line in visit) == 1
