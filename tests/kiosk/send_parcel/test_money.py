"""The money of one parcel, where the terminal, or a person, says something unusual."""

from __future__ import annotations

from kiosk import facts as f
from kiosk.services.send_parcel.draft import Step
from tests.kiosk.send_parcel.test_flow import KEY, after


def test_a_terminal_that_cannot_serve_is_not_answered_with_another_card() -> None:
    at = after(f.NotPaid(KEY, "unavailable"))
    assert (at.step, at.draft.notice, at.draft.paid_won) == (Step.REVIEW, "notice.not_ready.payment", 0)
