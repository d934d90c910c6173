"""What a step shows, against tariff and clock: prices that can be paid, sizes that agree from screen to paper."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from devices.sizing import REASONS
from kiosk import facts as f
from kiosk.config import load
from kiosk.flow import At, Intent, Refusal, Situation, View
from kiosk.services.send_parcel import rules, views
from kiosk.services.send_parcel import service as made
from kiosk.services.send_parcel.draft import Draft, Person, Step
from kiosk.services.send_parcel.service import SendParcel, open_service
from kiosk.words import Words
from tests.branch import HOUSE

MORNING = datetime(2026, 7, 6, 1, tzinfo=UTC)  # a Monday, ten o'clock in Seoul
EVENING = datetime(2026, 7, 6, 9, tzinfo=UTC)  # six o'clock, after the cut-off
CROOKED, BOX_5 = (342.4, 251.3, 178.2), (478.0, 383.0, 338.0)


@cache
def service(approved: bool = False) -> SendParcel:
    """The service of the shipped branch."""
    return open_service(load(HOUSE / "config" / "branch.toml"), approved)


def known(size: tuple[float, float, float] = CROOKED, **more: Any) -> Draft:
    """A parcel that was measured and weighed."""
    settled = rules.settle(*size, (4.0, 4.0, 4.0), service().office.book)
    person = Person("x", "세종대로 209", "서울 종로구", "", "03171", "", "김우정", "01000001234")
    return Draft("v1", receiver=person, sender=person, grams=2400, measured=size, uncertainty=(4.0, 4.0, 4.0),
                 sum_mm=settled.sum_mm, box=settled.box, **more)  # fmt: skip


def shown(step: Step, draft: Draft, at: datetime = MORNING, approved: bool = False) -> View:
    """This step's view."""
    now = Situation(at, at.astimezone(ZoneInfo("Asia/Seoul")), "ko", {}, "v1")
    return service(approved).view(At(step, draft), now)


@pytest.mark.parametrize("at", [MORNING, EVENING])
@pytest.mark.parametrize("chosen", [None, "next_day", "ordinary"])
def test_a_size_shows_only_a_price_that_can_be_paid(at: datetime, chosen: str | None) -> None:
    """The lowest of the speeds that can be had, said to be the lowest while another costs more."""
    draft = known(speed=chosen)
    offered = [each["speed"] for each in shown(Step.SPEED, draft, at).values["choices"] if each["available"]]
    to_pay = [chosen] if chosen in offered else offered
    prices = {shown(Step.REVIEW, known(speed=speed), at).values["total_won"] for speed in to_pay}
    size, tiers = shown(Step.SIZE, draft, at), shown(Step.CHOOSE_SIZE, draft, at).values["tiers"]
    for told in (size.values, size.values["tier"], tiers[0]):
        assert (told["base_won"], told["from"]) == (min(prices), len(prices) > 1)
    assert [line.id for line in size.speech] == ["size.from.speech" if len(prices) > 1 else "size.speech"]


def test_another_size_is_offered_only_while_the_cameras_is_a_proposal() -> None:
    """Until a type approval; then the camera's word stands and measuring again is the way on."""
    proposed, approved = shown(Step.SIZE, known()), shown(Step.SIZE, known(), approved=True)
    assert (proposed.values["proposal"], "other" in proposed.offers) == (True, True)
    assert (approved.values["proposal"], "other" in approved.offers) == (False, False)
    assert set(proposed.offers) - set(approved.offers) == {"other"}
    assert shown(Step.SIZE, known(BOX_5)).speech[0].id == "size.box.proposal"
    assert shown(Step.SIZE, known(BOX_5), approved=True).speech[0].id == "size.box"


@pytest.mark.parametrize("reason", [*REASONS, "distrusted"])
def test_why_a_parcel_was_not_measured_is_said_in_words_and_only_what_can_help_is_offered(reason: str) -> None:
    """Nobody in front can mend cameras or tags: there a size is chosen, and trying again is not offered."""
    measuring = At(Step.MEASURE, Draft("v1", grams=2400))
    at = service().step(measuring, f.MeasureRefused(reason))
    view = shown(at.step, at.draft)
    said = [f"choose_size.hint.{view.values['reason']}", *([at.draft.notice] if at.draft.notice else [])]
    assert all(Words(language).has(id) for id in said for language in ("ko", "en")), said
    assert ("retry" in view.offers, at.draft.notice) == (
        (False, "") if reason in ("moved", "distrusted") else (True, f"notice.measure_refused.{reason}"))


@pytest.mark.parametrize("size", [CROOKED, BOX_5])
def test_screen_and_paper_show_one_size(size: tuple[float, float, float]) -> None:
    """The sides of Size stand on label and receipt, and their sum on Review: of a snapped box the box's own."""
    draft = known(size, speed="ordinary")
    seen = shown(Step.SIZE, draft).values
    sides = seen["length_mm"], seen["width_mm"], seen["height_mm"]
    assert made.size(draft, service().office.book).sides_mm == sides
    assert shown(Step.REVIEW, draft).values["sum_cm"] == round(sum(sides) / 10)
    assert (sides == (480, 380, 340)) == (size == BOX_5)


def test_a_chosen_size_has_no_sides() -> None:
    """What the customer chose is a class, not three sides that a camera saw."""
    draft = known(size_by="customer", speed="ordinary")
    assert views.charged(draft, service().office.book) is None
    assert made.size(draft, service().office.book).sides_mm is None


def test_only_the_speeds_that_can_be_had_are_spoken_of() -> None:
    for at, script in ((MORNING, "speed.speech"), (EVENING, "speed.one.speech")):
        assert [line.id for line in shown(Step.SPEED, known(), at).speech] == [script]


def test_a_value_to_insure_is_a_number() -> None:
    now = Situation(MORNING, MORNING, "ko", {}, "v1")
    with pytest.raises(Refusal, match="malformed"):
        service().hear(At(Step.INSURE, known(speed="next_day")), Intent("set_insured", {"won": True}), now)
