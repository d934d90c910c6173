"""A wait is kept: whatever is said the next time, whoever said it, for whom it counts, and what it leaves open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devices.banking import Block
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.intake import facts as i
from kiosk.officer import facts as o
from kiosk.services.bank import caution, flow
from kiosk.services.bank import draft as d
from kiosk.services.bank.draft import Step
from tests.kiosk.bank.customer import BANK, BY_CARD, BY_OFFICER, CARD, PROFILE, Customer, World
from tests.kiosk.bank.test_evasion import BILLER, DESK, KNOWN, LOAN, STRANGER, UNTIL, on_the_phone, world
from tests.kiosk.marks import stripped


def another_card(place: World) -> World:
    """What is kept is another card's."""
    place.holds = [replace(each, mark="another card", card_mark="another card") for each in place.holds]
    return place


@pytest.mark.parametrize("payee", [STRANGER, "99900800000008"], ids=["the same payee", "another new payee"])
def test_a_wait_is_kept_whatever_is_said_the_second_time(payee: str) -> None:
    place = world()
    first = Customer(place, DESK)
    assert first.pays(STRANGER, 2_000_000, says=on_the_phone) == Step.PAUSE
    first.does(d.Insisted(), f.Confirmed())
    place.passes(600)
    again = Customer(place, DESK)
    assert again.pays(payee, 2_000_000) == Step.PAUSE
    assert again.at.draft.answers == ()  # it waits, whatever would be answered
    assert again.rules >= {"O8"}
    place.passes(1201)
    assert Customer(place, DESK).pays(payee, 2_000_000) == Step.PAUSE  # an officer looks
    place.passes(86_400)
    assert Customer(place, DESK).pays(payee, 2_000_000) == Step.CONFIRM


def test_a_wait_for_a_stranger_stands_not_against_a_payee_of_old() -> None:
    place = world()
    Customer(place, DESK).pays(STRANGER, 2_000_000, says=on_the_phone)
    assert Customer(place, DESK).pays(KNOWN, 300_000) == Step.CONFIRM


def test_while_a_wait_runs_another_card_does_not_reach_that_payee_either() -> None:
    place = world()
    Customer(place, DESK).pays(STRANGER, 2_000_000, says=on_the_phone)
    assert Customer(another_card(place), DESK).pays(STRANGER, 300_000) == Step.PAUSE
    place.passes(1801)
    assert Customer(place, DESK).pays(STRANGER, 300_000) == Step.CONFIRM


def test_whose_application_waits_keeps_nobody_else_from_that_product() -> None:
    place = world()
    first = Customer(place, DESK)
    assert first.applies(LOAN, BY_CARD, says=lambda question: (question == "told", 6000)) == Step.PAUSE
    assert Customer(place, DESK).applies(LOAN, BY_CARD) == Step.PAUSE
    assert place.holds
    assert Customer(another_card(place), DESK).applies(LOAN, BY_CARD) == Step.WISH


def test_whose_bill_waits_keeps_nobody_else_from_paying_theirs() -> None:
    place = world()
    assert Customer(place, DESK).pays(BILLER, 6_000_000, "bill", says=on_the_phone) == Step.PAUSE
    assert Customer(place, DESK).pays(BILLER, 6_000_000, "bill") == Step.PAUSE
    assert Customer(another_card(place), DESK).pays(BILLER, 50_000, "bill") == Step.CONFIRM


def test_an_officer_s_hold_binds_too() -> None:
    place = world(officer=(o.OfficerSaid("", "taken"), o.OfficerAnswered("", "hold", "officer-1", UNTIL)))
    first = Customer(place, DESK)
    first.pays(STRANGER, 2_000_000, says=on_the_phone)
    place.holds.clear()
    assert first.does(d.OfficerAsked()) == Step.PAUSE_WAIT
    assert Customer(place, DESK).pays(STRANGER, 2_000_000) == Step.PAUSE


def test_an_officer_s_hold_is_a_wait_like_any_other_and_no_other_officer_is_asked() -> None:
    """It is told with its end; who is to wait calls nobody else in this visit, and waits in the next one, too."""
    hold = (o.OfficerSaid("", "taken"), o.OfficerAnswered("", "hold", "officer-1", UNTIL))
    place = world(officer=hold)
    first = Customer(place, DESK)
    assert first.pays(KNOWN, 10_000_000) == Step.STOP_WHY
    assert first.does(d.OfficerAsked()) == Step.PAUSE_WAIT
    assert (first.at.draft.notice, caution.assessment(first.at, DESK).wait_s) == ("bank.notice.officer_held", 1800)
    assert first.does(d.OfficerAsked()) == Step.PAUSE_WAIT
    first.does(f.Resumed())
    assert first.pays(KNOWN, 10_000_000) == Step.STOP_WHY  # a restart does not ask another officer either
    first.does(d.OfficerAsked())
    assert sum(isinstance(each, o.CallOfficer) for each in place.asked) == 1
    place.passes(600)
    again = Customer(place, DESK)
    assert again.pays(KNOWN, 50_000) == Step.PAUSE
    assert caution.assessment(again.at, DESK).wait_s == 1200


@pytest.mark.parametrize(
    ("won", "left", "offered"), [(400_000, 300_000, True), (1_600_000, 300_000, False), (10_000_000, 10**9, True)],
    ids=["just came in", "more than there is", "an officer confirms"],
)  # fmt: skip
def test_who_is_stopped_by_the_sum_alone_may_choose_another(won: int, left: int, offered: bool) -> None:
    """The one who is stopped honestly goes on with less; nobody needs the police for that."""
    place = world(balance_won=left + (1_200_000 if won < 10_000_000 else 0))
    if won < 10_000_000:
        place.books(1_200_000, "transfer_in", ago_s=600)
    guest = Customer(place, DESK)
    guest.pays(KNOWN, won)
    assert (guest.at.step == Step.STOP_WHY) == offered
    if not offered:
        return
    assert guest.does(f.Back()) == Step.AMOUNT
    assert guest.does(d.AmountGiven(left if won < 10_000_000 else 1000, place.iso)) == Step.CONFIRM


def test_no_other_sum_is_offered_where_every_sum_is_stopped_or_the_bill_names_it() -> None:
    blocked = Customer(world(profile=replace(PROFILE, blocks=(Block.LENDING.value,))), DESK)
    assert blocked.applies(LOAN, BY_CARD) == Step.STOP_WHY
    assert blocked.does(f.Back()) == Step.STOP_WHY
    bill = Customer(world(), DESK)
    assert bill.pays(BILLER, 10_000_000, "bill") == Step.STOP_WHY
    assert bill.does(f.Back()) == Step.STOP_WHY
    place = world(balance_won=1_100_000)  # none of it was there before
    place.books(1_200_000, "transfer_in", ago_s=600)
    fresh = Customer(place, DESK)
    assert fresh.pays(KNOWN, 400_000) == Step.STOP_WHY
    assert fresh.does(f.Back()) == Step.STOP_WHY


def test_a_wait_of_this_card_binds_an_application_for_a_loan() -> None:
    place = world()
    Customer(place, DESK).pays(STRANGER, 2_000_000, says=on_the_phone)
    assert Customer(place, DESK).applies(LOAN, BY_CARD) == Step.PAUSE


@pytest.mark.parametrize("leaves", [f.Cancelled(), f.IdledOut(), f.Resumed()])
def test_who_admits_it_and_leaves_the_other_questions_has_admitted_it(leaves: f.Fact) -> None:
    """Yes to the first question, then away, and back with no to all of them."""
    place = world()
    guest = Customer(place, DESK)
    guest.does(d.KindChosen("account"), d.BusinessChosen("transfer"), d.PayeeBankChosen("991"),
               d.PayeeNumberGiven(STRANGER), d.AmountGiven(2_000_000, place.iso), d.Begun(0),
               d.Answered("told", True, 6000))  # fmt: skip
    assert guest.at.step == Step.ASK
    guest.does(leaves)
    assert len(place.holds) == 1
    assert Customer(place, DESK).pays(STRANGER, 2_000_000) == Step.PAUSE


def test_what_is_admitted_last_before_a_stop_is_kept_too() -> None:
    """The sum is stopped for another reason; with a smaller one the wait still stands."""
    place = world()
    guest = Customer(place, DESK)
    assert guest.pays(STRANGER, 10_000_000, says=lambda question: (question == "app", 6000)) == Step.STOP_WHY
    assert len(place.holds) == 1
    assert Customer(place, DESK).pays(STRANGER, 50_000) == Step.PAUSE


def journal(place: World) -> tuple[f.Fact, ...]:
    """An order to a stranger, to the first question, which is answered with yes; as far as the disk has it."""
    return (
        d.KindChosen("account"), b.CardGiven(BANK, CARD), d.BusinessChosen("transfer"), d.PayeeBankChosen("991"),
        d.PayeeNumberGiven(STRANGER), place.payee("991", STRANGER), d.AmountGiven(2_000_000, place.iso),
        place.profile, b.BalanceTold(10**9, 10**9), b.EntriesTold((), True), i.HoldKnown(), d.Begun(0),
        d.Answered("told", True, 6000),
    )  # fmt: skip


@pytest.mark.parametrize("written", [False, True], ids=["the power went before", "it was written down"])
def test_a_wait_that_was_not_written_down_yet_is_asked_for_after_a_restart(written: bool) -> None:
    """The yes is on the disk and is not taken back by a power cut."""
    place = world()
    at = flow.begin(f.VisitStarted("bank", "ko", "v1"))
    for fact in journal(place):
        at = flow.step(at, stripped(fact), DESK)
    (keep,) = [each for each in at.todo if isinstance(each, i.KeepHold)]
    if written:
        at = flow.step(at, i.HoldKept("m", place.iso), DESK)
    resumed = flow.step(at, f.Resumed(), DESK)
    assert [each for each in resumed.todo if isinstance(each, i.KeepHold)] == ([] if written else [keep])
    again = flow.step(resumed, f.Resumed(), DESK)  # and once more, as long as nothing of it was heard
    assert [each for each in again.todo if isinstance(each, i.KeepHold)] == ([] if written else [keep])
    place.hears(keep)
    assert Customer(place, DESK).pays(STRANGER, 2_000_000) == Step.PAUSE


def test_a_restart_takes_the_call_out_of_the_officers_queue() -> None:
    """Nobody waits for that answer any more: by the shield, and where a document is shown."""
    place = world()
    guest = Customer(place, DESK)
    guest.pays(KNOWN, 10_000_000)
    guest.does(d.OfficerAsked(), f.Resumed())
    assert o.WithdrawCall(guest.at.draft.request) in place.asked
    shown = Customer(world(), DESK)
    shown.applies(LOAN, BY_OFFICER[:-1])
    calls = [each.request for each in shown.world.asked if isinstance(each, o.CallOfficer)]
    assert shown.does(f.Resumed()) == Step.START
    assert [each.request for each in shown.world.asked if isinstance(each, o.WithdrawCall)] == calls


@pytest.mark.parametrize("when", ["a question", "the shield looks", "the order goes"])
def test_a_card_that_was_forgotten_meanwhile_is_asked_for_again(when: str) -> None:
    """Nothing was sent, and nobody is told that the bank said no: it was never asked."""
    place = world()
    guest = Customer(place, DESK)
    guest.does(d.KindChosen("account"))
    if when == "the order goes":
        assert guest.pays(KNOWN, 300_000) == Step.CONFIRM
    if when == "the shield looks":
        guest.does(d.BusinessChosen("transfer"), d.PayeeBankChosen("991"), d.PayeeNumberGiven(KNOWN))
    place.given.clear()
    place.cards = 0
    if when == "the order goes":
        guest.agrees()
    else:
        guest.does(d.AmountGiven(300_000, place.iso) if when == "the shield looks" else d.BusinessChosen("balance"))
    assert (guest.at.step, guest.at.draft.notice) == (Step.CARD, "bank.declined.no_card")
    assert place.sent == []
    guest.does(b.CardGiven(BANK, CARD))
    assert guest.pays(KNOWN, 300_000) == Step.CONFIRM


def test_a_wait_is_begun_once_however_much_is_admitted() -> None:
    place = world()
    guest = Customer(place, DESK)
    assert guest.pays(STRANGER, 2_000_000, says=lambda question: (True, 6000)) == Step.PAUSE
    assert len(place.holds) == 1
