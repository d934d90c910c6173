"""What is private is heard by one person alone: all of it through earphones, none of it through a loudspeaker."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from devices.banking import EntryKind
from kiosk import front
from kiosk.banking import facts as b
from kiosk.flow import View
from kiosk.services.bank.draft import Step
from kiosk.ui.messages import View as Message
from kiosk.ui.screen import speaker
from kiosk.ui.speech import Heard, script
from tests.kiosk.bank.ear import OWED, owed
from tests.kiosk.bank.test_views import service, shown, situation

SAY = speaker()
OFFICE = front.Branch("K-1", "무인우체국", "Unmanned", "02-0000-0000")


def said(view: View, heard: Heard, language: str) -> str:
    """The whole script of a view of this service, as the screen says it."""
    around = front.chrome(OFFICE, front.Preferences(language), front.Idle(), {}, {}, view.private)
    return script(Message.model_validate(front.frame(view, 1, 1, around)), SAY, heard)


def views() -> list[View]:
    """Every view of the walk that owes something to the ear; balance and entries as a bank tells them."""
    told = [view for _, view in shown() if view.screen.startswith("bank/")]
    at = next(at for at, _ in shown() if at.step == Step.BALANCE)
    rows = tuple((datetime(2026, 7, 1, tzinfo=UTC).isoformat(), kind.value, 7_111 + n, 81_000 + n, "")
                 for n, kind in enumerate(EntryKind))  # fmt: skip
    rich = replace(at.draft, balance=b.BalanceTold(3_141_000, 2_718_000), entries=b.EntriesTold(rows))
    told += [service().view(replace(at, step=step, draft=rich), situation()) for step in (Step.BALANCE, Step.ENTRIES)]
    return [view for view in told if owed(view.screen, dict(view.values))]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_through_earphones_everything_is_heard_that_is_needed_to_decide(language: str) -> None:
    seen = set[str]()
    for view in views():
        text = said(view, Heard.ALONE, language)
        assert [each for each in owed(view.screen, dict(view.values), language) if each not in text] == [], text
        seen.add(view.screen.rpartition("/")[2])
    assert seen >= {*OWED, "Entries"}


@pytest.mark.parametrize("heard", [Heard.ALOUD, Heard.UNPLUGGED])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_loudspeaker_says_none_of_it_and_where_it_is_to_be_had(heard: Heard, language: str) -> None:
    for view in views():
        text = said(view, heard, language)
        assert [each for each in owed(view.screen, dict(view.values), language) if each in text] == [], text
        assert text.endswith(SAY(language, f"speech.private.{heard}", {}))


def test_every_private_line_is_on_a_private_view() -> None:
    for _, view in shown():
        private = [line for line in (*view.speech, view.notice) if line is not None and line.private]
        assert view.private or not private, view.screen
