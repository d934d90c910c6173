"""Every state of sending a parcel: nothing unreachable, no dead end, no forgotten money, no second charge."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from pathlib import Path

import pytest

from kiosk import facts as f
from kiosk.services.send_parcel import draft as d
from kiosk.services.send_parcel import flow, money
from kiosk.services.send_parcel.books import read_tariff
from kiosk.services.send_parcel.draft import Draft, Step
from kiosk.services.send_parcel.flow import Parcel
from tests.kiosk.walk import Walk, walk

BOOK = read_tariff(Path(__file__).parents[3] / "config" / "tariffs" / "domestic_parcel.toml")
KEY, NUMBER = "v1-1", "6899900000001"
MEASURED = f.Measured(341.0, 251.0, 181.0, (3.0, 3.0, 3.0))
FACTS: tuple[f.Fact, ...] = (
    f.Back(), f.Cancelled(), f.Confirmed(), f.Retried(), f.IdledOut(), f.Resumed(), f.Placed(2400), f.Lifted(),
    f.Weighed(2400, "2.400"), f.Weighed(31_000, "31.000"), MEASURED, f.Measured(1500.0, 900.0, 900.0),
    f.MeasureRefused("dark"), f.ProvenReady(), f.NotReady("hatch", "disconnected"), f.Paid(KEY, 4000, "A1"),
    f.NotPaid(KEY, "declined"), f.PaymentUnknown(KEY), f.Reversed(KEY, 4000), f.Paid("v1-9", 4000),
    f.NumberIssued(NUMBER), f.LabelPrinted("v1-L1"), f.LabelScanned(NUMBER, 2403), f.LabelScanned(NUMBER, 900),
    f.LabelScanned("1" * 13, 2403), f.LabelAside(NUMBER),
    f.ReceiptPrinted("v1-P"), f.HatchOpened(), f.HatchOpened(empty=False), f.HatchClosed(True, 10, 0),
    f.HatchClosed(True, 10, 2400), f.HatchClosed(True, 10, None), f.HatchClosed(False, 10, 0),
    *(f.Faulted(name, "jam", "") for name in
      ("scale", "measurer", "payment", "label_printer", "receipt_printer", "scanner", "hatch", "numbers")),
    d.SizeAccepted(), d.SizeDisputed(), d.SizeChosen(3, 1000),
    *(fact for who in ("receiver", "sender") for fact in
      (d.Addressed(who, "a", "r", "g", "b", "03171"), d.Detailed(who, ""), d.Named(who, "홍길동"),
       d.Phoned(who, "01012345678"))),
    d.ContentsDeclared("book"), d.Pledged(), d.ForbiddenInside(), d.SpeedChosen("next_day"), d.InsuredFor(0),
    d.EditAsked("receiver"), d.EditAsked("speed"), d.PriceAgreed(4000, 4000), d.LeaveAsked(), d.ReversalAsked(),
    d.CameOut(), d.ReceiptWanted(True), d.ReceiptWanted(False),
)  # fmt: skip
GONE = (Step.OVER,)
MONEY_KNOWN_GONE = (f.Reversed, f.NotPaid)


def key(at: Parcel) -> Hashable:
    """States that differ only in counts beyond what matters, or in texts, are one."""
    k = at.draft
    before_money = at.step in (Step.PLACE, Step.MEASURE, *flow.PREPARING)
    if before_money:
        return (at.step, flow.missing(k), k.size_by, k.grams is None, k.paid_won > 0, bool(k.paid_key))
    return (
        at.step, k.leaving, bool(k.approval), k.paid_won > 0, k.reversing, bool(k.number),
        min(k.tries, money.ENQUIRIES + 1), min(k.label_tries, 2), k.slip, k.receipt, k.why, k.outcome, k.resumed,
        k.refusal,
    )  # fmt: skip


@cache
def walked() -> Walk:
    """The whole reachable state space, with the attempt pinned so that one key stands for all."""
    return walk(flow.begin(f.VisitStarted("send_parcel", "ko", "v1")), one_attempt, FACTS, key)


def one_attempt(at: Parcel, fact: f.Fact) -> Parcel:
    """The flow; every further attempt is looked at as if it were the first."""
    after = flow.step(at, fact, BOOK)
    if after.draft.attempt > 1:
        known = {**vars(after.draft), "attempt": 1, "paid_key": KEY}
        after = type(after)(after.step, Draft(**known), tuple(_first(c) for c in after.todo))
    return after


def _first(command: f.Command) -> f.Command:
    return f.Charge(KEY, command.won) if isinstance(command, f.Charge) else command


def test_every_step_is_reached() -> None:
    assert {at.step for at in walked().states.values()} == set(Step)


def test_every_state_has_a_way_out() -> None:
    left = {key(before) for before, _, after in walked().moves if key(after) != key(before)}
    stuck = {at.step for k, at in walked().states.items() if k not in left} - set(GONE)
    assert stuck == set()


def test_from_every_state_the_visit_can_end() -> None:
    back: dict[Hashable, set[Hashable]] = {}
    for before, _, after in walked().moves:
        back.setdefault(key(after), set()).add(key(before))
    ends = {k for k, at in walked().states.items() if at.step == Step.OVER}
    while more := {k for end in ends for k in back.get(end, set())} - ends:
        ends |= more
    assert {walked().states[k].step for k in set(walked().states) - ends} == set()


def test_no_event_forgets_a_payment() -> None:
    """Once approved, money stands in the draft until the terminal says that it was given back, or never taken."""
    for before, fact, after in walked().moves:
        if before.draft.approval and before.draft.paid_won and not after.draft.paid_won:
            assert isinstance(fact, MONEY_KNOWN_GONE), (before.step, fact, after.step)


def test_a_charge_is_opened_only_from_proof_of_readiness() -> None:
    for before, fact, after in walked().moves:
        if any(isinstance(command, f.Charge) for command in after.todo):
            assert (before.step, type(fact)) == (Step.READY, f.ProvenReady)


def test_no_charge_while_an_earlier_one_is_open() -> None:
    """A new attempt is opened only once the one before is known to be unpaid or given back."""
    for before, _, after in walked().moves:
        if any(isinstance(command, f.Charge) for command in after.todo):
            assert not before.draft.paid_won, before


def test_a_late_approval_is_heard_everywhere() -> None:
    """After cancel, idle, fault or back an approval leads to a label, to a reversal, or is known already."""
    for before, fact, after in walked().moves:
        if fact != f.Paid(KEY, 4000, "A1") or before.draft.paid_key != KEY:
            continue
        asked = any(isinstance(c, f.ReversePayment | f.IssueNumber) for c in after.todo) or after.step == Step.STUCK
        assert asked or before.draft.approval or before.draft.reversing, (before.step, before.draft)


def test_paid_and_over_means_accepted_or_a_staff_task_or_money_back() -> None:
    for before, fact, after in walked().moves:
        if after.step != Step.OVER or before.step == Step.OVER or not after.draft.paid_won:
            continue
        outcome = after.draft.outcome
        called = any(isinstance(c, f.CallStaff) for c in after.todo)
        assert outcome in ("accepted", "reversed", "not_paid") or called or outcome == "label_owed", (before.step, fact)


@pytest.mark.parametrize(
    "step", [Step.LABEL, Step.OPEN, Step.DROP, Step.RECEIPT, Step.PAY, Step.REVERSING, Step.DROP_AWAY]
)
def test_after_a_restart_nothing_is_actuated(step: Step) -> None:
    """Only enquiries follow a restart: no charge, no reversal, no print, no door."""
    resumed = [after for before, fact, after in walked().moves if before.step == step and isinstance(fact, f.Resumed)]
    assert resumed
    actuating = (f.Charge, f.ReversePayment, f.PrintLabel, f.PrintReceipt, f.OpenHatch, f.WatchHatch)
    assert not [c for after in resumed for c in after.todo if isinstance(c, actuating)]


def test_the_hatch_opens_only_on_the_right_label_at_unchanged_weight_or_when_someone_asks() -> None:
    for before, fact, after in walked().moves:
        if any(isinstance(command, f.OpenHatch) for command in after.todo):
            scanned = fact == f.LabelScanned(NUMBER, 2403) and before.step == Step.STICK
            assert scanned or (before.step == Step.REOPEN and isinstance(fact, f.Retried))


def test_accepted_only_with_a_parcel_seen_inside_and_an_empty_table() -> None:
    for before, fact, after in walked().moves:
        if after.step == Step.DONE and before.step not in (Step.DONE, Step.RECEIPT):
            assert isinstance(fact, f.HatchClosed), (before.step, fact)
            assert fact.present
            assert (fact.grams or 0) <= 20


def after(*facts: f.Fact) -> Parcel:
    """Where these facts lead from the review on."""
    at = full()
    for fact in (d.PriceAgreed(4000, 4000), f.ProvenReady(), *facts):
        at = flow.step(at, fact, BOOK)
    return at


@pytest.mark.parametrize("taken", [400, 40_000])
def test_another_amount_than_the_agreed_one_is_given_back(taken: int) -> None:
    at = after(f.PaymentUnknown(KEY), f.Paid(KEY, taken, "A1"))
    assert (at.step, at.todo) == (Step.REVERSING, (f.ReversePayment(KEY, taken),))


def test_a_terminal_that_forgets_an_approved_charge_does_not_make_it_unpaid() -> None:
    """Not back to the review, where a second charge could be opened: a slip, and a person."""
    failed = f.Faulted("label_printer", "jam")
    at = after(f.Paid(KEY, 4000, "A1"), f.NumberIssued(NUMBER), failed, f.Retried(), failed, d.ReversalAsked())
    at = flow.step(at, f.NotPaid(KEY, "not_found"), BOOK)
    call = f.CallStaff("reversal_unsure", KEY, 4000)
    assert (at.step, at.todo) == (Step.CLAIM, (f.PrintReceipt("v1-C", "claim"), call))
    at = flow.step(at, f.Confirmed(), BOOK)
    assert (at.step, at.draft.outcome, at.todo) == (Step.OVER, "reversal_owed", (call,))


def test_an_approval_without_a_code_is_an_approval() -> None:
    failed = f.Faulted("label_printer", "jam")
    at = after(f.Paid(KEY, 4000), f.NumberIssued(NUMBER), failed, d.LeaveAsked(), f.Resumed())
    assert (at.step, at.draft.paid_won, at.todo) == (Step.CLAIM, 4000, ())


def test_a_charge_that_the_terminal_never_saw_is_not_called_declined() -> None:
    at = after(f.PaymentUnknown(KEY), f.NotPaid(KEY, "not_found"))
    assert (at.step, at.draft.notice) == (Step.REVIEW, "notice.cancelled_payment")


def test_what_lies_in_a_hatch_that_this_visit_did_not_see_open_is_not_accepted() -> None:
    """Stopped before the bolt moved: the parcel inside may be the one of the visit before."""
    scanned = (f.Paid(KEY, 4000, "A1"), f.NumberIssued(NUMBER), f.LabelPrinted("L"), f.LabelScanned(NUMBER, 2400))
    for grams in (0, None):
        at = after(*scanned, f.Resumed(), f.HatchClosed(True, 10, grams))
        assert (at.step, at.draft.resumed, at.todo) == (Step.STUCK, True, ())


def test_a_door_that_opens_on_a_chamber_not_seen_empty_never_leads_to_accepted() -> None:
    """Stuck from the visit before, or put in before anyone looked: a person settles it."""
    scanned = (f.Paid(KEY, 4000, "A1"), f.NumberIssued(NUMBER), f.LabelPrinted("L"), f.LabelScanned(NUMBER, 2400))
    at = after(*scanned, f.HatchOpened(empty=False))
    assert (at.step, at.draft.stuck_code) == (Step.REOPEN, "jam")
    assert at.todo == (f.WatchHatch(), f.CallStaff("hatch_fault", NUMBER))
    assert flow.step(at, f.HatchClosed(True, 10, 0), BOOK).step == Step.REOPEN
    at = after(*scanned, f.Faulted("hatch", "door_open"))
    assert (at.step, at.todo) == (Step.OPEN, (f.LookHatch(),))
    assert flow.step(at, f.HatchClosed(True, 10, 0), BOOK).step == Step.STUCK
    assert flow.step(at, f.HatchOpened(), BOOK).step == Step.DROP


def test_a_forbidden_thing_inside_is_refused_and_costs_nothing() -> None:
    at = flow.step(full(), d.EditAsked("contents"), BOOK)
    for fact in (d.ContentsDeclared("food"), d.ForbiddenInside()):
        at = flow.step(at, fact, BOOK)
    assert (at.step, at.draft.refusal, at.draft.paid_won, at.todo) == (Step.REFUSED, "E_PROHIBITED", 0, ())
    at = flow.step(at, f.Confirmed(), BOOK)
    assert (at.step, flow.step(at, f.Lifted(), BOOK).draft.outcome) == (Step.TAKE_BACK, "refused")


def test_a_receipt_that_does_not_come_out_is_a_task_once() -> None:
    accepted = (f.LabelScanned(NUMBER, 2400), f.HatchOpened(), f.HatchClosed(True, 10, 0), d.ReceiptWanted(True))
    at = after(f.Paid(KEY, 4000, "A1"), f.NumberIssued(NUMBER), f.LabelPrinted("L"), *accepted)
    at = flow.step(at, f.Faulted("receipt_printer", "jam"), BOOK)
    assert (at.step, at.draft.receipt, at.todo) == (Step.END, "failed", (f.CallStaff("receipt_owed", NUMBER),))
    assert flow.step(at, f.Faulted("receipt_printer", "jam"), BOOK).todo == ()


def test_a_claim_says_where_the_parcel_is() -> None:
    """On the table or in the hand it is taken along; behind a door that proved nothing it stays."""
    paid = (f.Paid(KEY, 4000, "A1"), f.NumberIssued(NUMBER))
    scanned = (*paid, f.LabelPrinted("L"), f.LabelScanned(NUMBER, 2400))
    assert not after(*paid, f.Faulted("label_printer", "jam"), d.LeaveAsked()).draft.maybe_inside
    assert after(*scanned, f.HatchOpened(empty=False), d.LeaveAsked()).draft.maybe_inside
    assert after(*scanned, f.Resumed(), f.HatchClosed(True, 10, 0), d.LeaveAsked()).draft.maybe_inside
    assert not after(*scanned, f.HatchOpened(), f.HatchClosed(False, 10, 2400), d.LeaveAsked()).draft.maybe_inside


def test_an_edit_comes_back_to_the_review() -> None:
    at = full()
    at = flow.step(at, d.EditAsked("receiver"), BOOK)
    assert at.step == Step.TO_NAME
    at = flow.step(at, d.Named("receiver", "이영희"), BOOK)
    at = flow.step(at, d.Phoned("receiver", "01087654321"), BOOK)
    assert (at.step, at.draft.receiver.name, at.draft.sender.name) == (Step.REVIEW, "이영희", "홍길동")


def full() -> Parcel:
    """A draft with every question answered."""
    at = flow.begin(f.VisitStarted("send_parcel", "ko", "v1"))
    story: tuple[f.Fact, ...] = (
        f.Placed(2400), f.Weighed(2400, "2.400"), MEASURED, d.SizeAccepted(),
        *(fact for who in ("receiver", "sender") for fact in
          (d.Addressed(who, "a", "r", "g", "b", "03171"), d.Detailed(who, ""), d.Named(who, "홍길동"),
           d.Phoned(who, "01012345678"))),
        d.ContentsDeclared("book"), d.Pledged(), d.SpeedChosen("next_day"), d.InsuredFor(0),
    )  # fmt: skip
    for fact in story:
        at = flow.step(at, fact, BOOK)
    assert at.step == Step.REVIEW
    return at


def test_a_late_approval_given_back_after_a_restart_prints_nothing_by_itself() -> None:
    """Found by the fuzz: the slip of a reversal that nobody stands there for."""
    back = (f.PaymentUnknown(KEY), f.Reversed(KEY, 4000), f.Confirmed())
    at = after(*back, f.Resumed(), f.Paid(KEY, 4000, "A2"), f.PaymentUnknown(KEY), f.Reversed(KEY, 4000))
    assert (at.step, at.todo) == (Step.REVERSED, ())
