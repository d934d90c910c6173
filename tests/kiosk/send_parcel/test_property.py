"""A fixed-seed sample of the fuzz campaign: two thousand visits of random intents and facts."""

from kiosk.services.send_parcel.draft import Step
from tests.campaigns import fuzz


def test_two_thousand_random_visits_break_nothing_and_meet_every_step() -> None:
    found = fuzz.part(0, 2_000)
    assert found["problems"] == []
    assert set(found["steps"]) == set(Step)
    assert {"accepted", "reversed", "label_owed", "left_paid", "idle", "cancelled"} <= set(found["outcome"])
