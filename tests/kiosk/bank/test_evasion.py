"""Ways around the shield, walked by the real flow with the real rules: none of them gets money past it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from devices.banking import Block
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.identification import facts as n
from kiosk.intake import facts as i
from kiosk.officer import facts as o
from kiosk.services.bank import draft as d
from kiosk.services.bank.caution import Desk
from kiosk.services.bank.draft import Step
from kiosk.services.bank.frauds import read_book
from kiosk.services.bank.proving import Shown
from kiosk.services.bank.shelves import read_shelf
from tests.kiosk.bank.customer import BANK, BY_CARD, BY_OFFICER, CARD, PROFILE, Customer, World, slowly_no

DESK = Desk(read_shelf(Path("config/banks")), read_book(Path("config/fraud.toml")), Shown())
STRANGER, KNOWN, BILLER = "99900700000007", "99900200000002", "99900600000006"
LOAN = "hanbit-living"
UNTIL = "2026-07-06T09:00:00+00:00"


def world(**known: object) -> World:
    """A bank that knows one payee of old, and one issuer of bills."""
    payees = {
        KNOWN: b.PayeeTold("", "", "김가상", reported=False, paid_before=True),
        BILLER: b.PayeeTold("", "", "한글전기", reported=False, paid_before=False, biller=True),
    }
    return World(payees=payees, **known)  # type: ignore[arg-type]  # fields by name


def on_the_phone(question: str) -> tuple[bool, int]:
    return question == "call", 6000


# F2, F3: by every way out


@pytest.mark.parametrize("what", ["transfer", "delayed", "bill"])
@pytest.mark.parametrize(("won", "step"), [(9_999_999, Step.CONFIRM), (10_000_000, Step.STOP_WHY),
                                           (10_000_001, Step.STOP_WHY)])  # fmt: skip
def test_from_ten_million_on_an_officer_confirms_whichever_way_it_leaves(what: str, won: int, step: Step) -> None:
    guest = Customer(world(), DESK)
    assert guest.pays(BILLER if what == "bill" else KNOWN, won, what) == step
    assert ("F3" in guest.rules) == (step == Step.STOP_WHY)


@pytest.mark.parametrize("what", ["transfer", "delayed", "bill"])
@pytest.mark.parametrize(("won", "asked"), [(4_999_999, 0), (5_000_000, 4), (5_000_001, 4)])
def test_from_five_million_on_it_is_asked_about_whichever_way_it_leaves(what: str, won: int, asked: int) -> None:
    guest = Customer(world(), DESK)
    assert guest.pays(BILLER if what == "bill" else KNOWN, won, what) == Step.CONFIRM
    assert len(guest.at.draft.answers) == asked


@pytest.mark.parametrize(("payee", "asked"), [(BILLER, False), (STRANGER, True)])
def test_a_bill_of_nobody_knows_whom_is_money_to_a_stranger(payee: str, asked: bool) -> None:
    """A code that a scammer sends has an account in it; only an issuer that the bank confirms is none to ask about."""
    guest = Customer(world(profile=replace(PROFILE, age=75)), DESK)
    guest.pays(payee, 1_500_000, "bill")
    assert bool(guest.at.draft.answers) == asked
    assert ({"F4", "O2"} <= guest.rules) == asked


# F10: whose block it is


@pytest.mark.parametrize(
    ("said", "step"),
    [(b.NameCompared(True), Step.WISH), (b.NameCompared(False), Step.UNPROVEN),
     (b.NameCompared(False, unclear=True), Step.UNPROVEN),
     (b.BankDeclined("CompareName", "card_not_accepted"), Step.UNPROVEN),
     (f.Faulted("bank_host", "no_response", "CompareName"), Step.UNPROVEN)],
)  # fmt: skip
def test_whoever_an_officer_has_proven_needs_a_card_of_their_own_account(said: f.Fact, step: Step) -> None:
    """Somebody with a block set brings another's card: that account's block is not theirs."""
    officer = (o.OfficerSaid("", "taken"), o.OfficerAnswered("", "holder matches", "officer-1", UNTIL))
    place = world(officer=officer, same_name=said)
    guest = Customer(place, DESK)
    assert guest.applies(LOAN, BY_OFFICER) == step
    (asked,) = [each for each in place.asked if isinstance(each, b.CompareName)]
    assert asked.names == ("홍새벽",)
    assert any(isinstance(each, b.AskProfile) for each in place.asked) == (step == Step.WISH)
    assert guest.at.draft.card == (CARD if step == Step.WISH else "")


def test_a_mistyped_pin_is_asked_for_again() -> None:
    """By the pad: the bank counts how often, and no try of a document is lost for it."""
    officer = (o.OfficerSaid("", "taken"), o.OfficerAnswered("", "holder matches", "officer-1", UNTIL))
    place = world(officer=officer, same_name=b.BankDeclined("CompareName", "wrong_pin"))
    place.cards = 1
    guest = Customer(place, DESK)
    assert guest.applies(LOAN, BY_OFFICER) == Step.CARD
    assert (guest.at.draft.card, guest.at.draft.notice) == ("", "bank.declined.wrong_pin")
    place.same_name = b.NameCompared(True)
    guest.does(b.CardGiven(BANK, CARD))
    assert guest.replies(slowly_no) == Step.WISH


def test_a_card_that_was_another_s_is_not_taken_for_the_holder_s_afterwards() -> None:
    """The comparison fails, then an officer proves the holder: card and PIN are asked for anew."""
    officer = (o.OfficerSaid("", "taken"), o.OfficerAnswered("", "holder matches", "officer-1", UNTIL))
    place = world(officer=officer, same_name=b.NameCompared(False, unclear=True))
    guest = Customer(place, DESK)
    guest.applies(LOAN, (*BY_CARD[:-1], n.HolderAsked("officer")))
    place.same_name = b.NameCompared(True)
    assert guest.replies(slowly_no) == Step.IDENTITY
    guest.does(f.Confirmed())
    assert guest.replies(slowly_no) == Step.WISH


# What the bank does not say


@pytest.mark.parametrize(("blocks", "step"), [((), Step.WISH), ((Block.LENDING.value,), Step.STOP_WHY),
                                              (None, Step.STOP_WHY)])  # fmt: skip
def test_a_bank_that_says_nothing_of_blocks_has_not_said_that_there_is_none(
    blocks: tuple[str, ...] | None, step: Step
) -> None:
    guest = Customer(world(profile=replace(PROFILE, blocks=blocks)), DESK)
    assert guest.applies(LOAN, BY_CARD) == step


@pytest.mark.parametrize(
    ("payee", "reported", "step"),
    [(STRANGER, False, Step.CONFIRM), (STRANGER, True, Step.PAUSE), (STRANGER, None, Step.PAUSE),
     (KNOWN, None, Step.CONFIRM)],
)  # fmt: skip
def test_a_bank_that_says_nothing_of_the_shared_list_has_not_said_that_the_payee_is_clear(
    payee: str, reported: bool | None, step: Step
) -> None:
    place = world()
    place.payees[payee] = replace(place.payee("991", payee), reported=reported)
    guest = Customer(place, DESK)
    assert guest.pays(payee, 50_000) == step
    assert bool(guest.at.draft.answers) == (payee == KNOWN)  # slowed down by questions, a stranger by an officer


@pytest.mark.parametrize(
    ("last", "won", "step", "asked"),
    [("2026-07-05", 700_001, Step.CONFIRM, 0), ("2025-07-07", 700_001, Step.CONFIRM, 0),
     ("2025-07-06", 700_001, Step.PAUSE, 0), ("2025-07-06", 700_000, Step.CONFIRM, 0),
     ("never", 700_001, Step.PAUSE, 0), ("", 700_001, Step.CONFIRM, 3), ("", 700_000, Step.CONFIRM, 0),
     ("2026-07-06", 700_001, Step.CONFIRM, 3)],
)  # fmt: skip
def test_an_account_of_which_nobody_knows_when_it_was_used_is_asked_about(
    last: str, won: int, step: Step, asked: int
) -> None:
    guest = Customer(world(profile=replace(PROFILE, last_machine_transfer=last)), DESK)
    assert guest.pays(KNOWN, won) == step
    assert len(guest.at.draft.answers) == asked


# F1: what came in


def test_ten_small_orders_do_not_push_the_large_one_out_of_sight() -> None:
    """The list is as whole as it can be had (test_teller.py); where it is not, an officer looks."""
    place = world(balance_won=1_500_000)
    place.books(1_200_000, "transfer_in", ago_s=60)
    for _ in range(10):
        place.books(-1, "transfer_out", ago_s=30)
    assert Customer(place, DESK).pays(KNOWN, 400_000) == Step.STOP_WHY
    place.rows, place.whole = place.rows[:10], False
    guest = Customer(place, DESK)
    assert guest.pays(KNOWN, 400_000) == Step.PAUSE
    assert "F1" in guest.rules


def test_money_that_came_by_a_way_that_nobody_knows_came_all_the_same() -> None:
    place = world(balance_won=1_500_000)
    place.books(1_200_000, "other", ago_s=60)
    assert Customer(place, DESK).pays(KNOWN, 400_000) == Step.STOP_WHY


# In parts


def test_a_sum_in_two_parts_is_looked_at_as_one() -> None:
    guest = Customer(world(), DESK)
    assert guest.pays(KNOWN, 9_990_000) == Step.CONFIRM
    guest.agrees()
    guest.does(f.Confirmed())
    later = Customer(guest.world, DESK)
    assert later.pays(KNOWN, 9_990_000) == Step.PAUSE
    assert "O9" in later.rules


def test_orders_that_are_still_under_way_are_parts_too() -> None:
    """Sent three hours later they are in no entry yet; the bank tells what it has taken on."""
    guest = Customer(world(), DESK)
    guest.pays(KNOWN, 9_990_000, "delayed")
    guest.agrees()
    guest.does(f.Confirmed())
    assert guest.world.rows == []
    later = Customer(guest.world, DESK)
    assert later.pays(KNOWN, 9_990_000, "delayed") == Step.PAUSE
    assert "O9" in later.rules


@pytest.mark.parametrize(("won", "step", "asked"), [
    (1_999_999, Step.CONFIRM, 0), (2_000_000, Step.CONFIRM, 3), (2_000_001, Step.CONFIRM, 3),
    (6_999_999, Step.CONFIRM, 4), (7_000_000, Step.PAUSE, 4), (7_000_001, Step.PAUSE, 4),
])  # fmt: skip
def test_a_day_s_parts_at_the_thresholds(won: int, step: Step, asked: int) -> None:
    place = world()
    place.books(-2_000_000, "transfer_out", ago_s=80_000)
    place.books(-1_000_000, "cash_out", ago_s=80_000)
    place.books(-9_000_000, "transfer_out", ago_s=86_400)  # a day ago, and no part of this one
    guest = Customer(place, DESK)
    assert guest.pays(KNOWN, won) == step
    assert len(guest.at.draft.answers) == asked


@pytest.mark.parametrize("delayed", [False, True])
def test_one_won_does_not_make_a_stranger_somebody_known(delayed: bool) -> None:
    """The first payment of a visit, be it small, leaves its payee new; parts to one count together."""
    guest = Customer(world(), DESK)
    guest.pays(STRANGER, 999_999, "delayed" if delayed else "transfer")
    assert guest.at.draft.answers == ()
    guest.agrees()
    guest.world.payees[STRANGER] = b.PayeeTold("", "", "마바사", reported=False, paid_before=True)
    again = Customer(guest.world, DESK)
    again.at = guest.at.to(Step.ACCOUNT)
    assert again.pays(STRANGER, 1) == Step.CONFIRM
    assert [each.question for each in again.at.draft.answers] == ["told", "call", "app"]


def test_a_small_order_does_not_wake_a_dormant_account() -> None:
    """Within the visit; between visits the bank tells the last transfer before this day."""
    guest = Customer(world(profile=replace(PROFILE, last_machine_transfer="2024-01-05")), DESK)
    assert guest.pays(KNOWN, 1000) == Step.CONFIRM
    guest.agrees()
    guest.world.profile = replace(guest.world.profile, last_machine_transfer="2026-07-06")
    guest.at = guest.at.to(Step.ACCOUNT)
    assert guest.pays(KNOWN, 699_001) == Step.PAUSE


def test_what_went_to_an_account_of_one_s_own_is_no_part_of_what_went_to_others() -> None:
    """As far as this visit knows; the entries do not say to whom the rest went."""
    place = world()
    place.payees[STRANGER] = b.PayeeTold("", "", "홍새벽", reported=False, registered=True, paid_before=False)
    guest = Customer(place, DESK)
    guest.pays(STRANGER, 9_000_000)
    guest.agrees()
    guest.at = guest.at.to(Step.ACCOUNT)
    assert guest.pays(KNOWN, 4_900_000) == Step.CONFIRM
    assert guest.at.draft.answers == ()


def test_the_customer_s_own_account_is_no_stranger_s() -> None:
    place = world()
    place.payees[STRANGER] = b.PayeeTold("", "", "홍새벽", reported=False, registered=True, paid_before=False)
    place.books(-4_000_000, "transfer_out", ago_s=60)
    guest = Customer(place, DESK)
    assert guest.pays(STRANGER, 4_900_000) == Step.CONFIRM
    assert guest.at.draft.answers == ()


# F9


def test_the_trusted_person_s_notice_is_waited_for_and_said() -> None:
    place = world(profile=replace(PROFILE, age=70, trusted_person=True))
    guest = Customer(place, DESK)
    assert guest.applies(LOAN, BY_CARD) == Step.WISH
    assert guest.at.draft.notice == "shield.F9"


@pytest.mark.parametrize("no", [
    b.BankDeclined("TellTrusted", "other"), f.Faulted("bank_host", "no_response", ""),
    f.Faulted("branch", "internal", ""),
])  # fmt: skip
def test_a_notice_that_the_bank_does_not_take_on_becomes_a_task_of_the_staff(no: f.Fact) -> None:
    place = world(profile=replace(PROFILE, age=70, trusted_person=True), told=no)
    guest = Customer(place, DESK)
    assert guest.applies(LOAN, BY_CARD) == Step.WISH
    assert guest.at.draft.notice == "bank.notice.trusted_untold"
    (call,) = [each for each in place.asked if isinstance(each, f.CallStaff)]
    assert call.reason == "trusted_untold"


def test_the_bank_of_the_card_is_the_one_that_is_asked() -> None:
    guest = Customer(world(), DESK)
    guest.does(d.KindChosen("account"))
    assert (guest.at.draft.card, guest.at.draft.card_bank) == (CARD, BANK)
    assert isinstance(guest.world.hears(i.LookHold(CARD, "x")), i.HoldKnown)
