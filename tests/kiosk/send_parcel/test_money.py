"""The money of one parcel, where the terminal, or a person, says something unusual."""

from __future__ import annotations

import pytest

from kiosk import facts as f
from kiosk.services.send_parcel import flow
from kiosk.services.send_parcel.draft import Step
from tests.kiosk.send_parcel.test_flow import BOOK, KEY, after


def test_a_terminal_that_cannot_serve_is_not_answered_with_another_card() -> None:
    at = after(f.NotPaid(KEY, "unavailable"))
    assert (at.step, at.draft.notice, at.draft.paid_won) == (Step.REVIEW, "notice.not_ready.payment", 0)


@pytest.mark.parametrize("number", ["v1-2", "6899900000001"])
def test_a_task_of_something_else_settles_no_reversal(number: str) -> None:
    at = after(*(f.PaymentUnknown(KEY) for _ in range(6)))
    assert at.draft.reversing
    assert flow.step(at, f.StaffSettled("reversal_unsure", number), BOOK).draft.reversing
    assert flow.step(at, f.StaffSettled("payment_unsure", KEY), BOOK).draft.reversing
    assert flow.step(at, f.StaffSettled("reversal_unsure", KEY), BOOK).step == Step.OVER
