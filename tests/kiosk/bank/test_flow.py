"""Every state of the bank counter: nothing unreachable, no dead end, no forgotten order, no second payment."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kiosk import facts as f
from kiosk.banking import contracts as c
from kiosk.banking import facts as b
from kiosk.identification import facts as n
from kiosk.intake import facts as i
from kiosk.officer import facts as o
from kiosk.services.bank import blocks, contract, flow, intake, orders, views
from kiosk.services.bank import draft as d
from kiosk.services.bank.caution import Desk
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.flow import Counter
from kiosk.services.bank.frauds import read_book
from kiosk.services.bank.shelves import read_shelf
from kiosk.services.bank.shield import assess
from tests.kiosk.bank.contracts import CLAUSES, REFERENCE, SEALED, offer, read, receipt, receipted
from tests.kiosk.bank.prover import Short
from tests.kiosk.walk import Walk, walk

DESK = Desk(read_shelf(Path("config/banks")), read_book(Path("config/fraud.toml")), Short(), contracts=True)
KEY, HAND, CALL, NOW = "v1-1", "v1-h1", "v1-o1", "2026-07-06T01:00:00+00:00"
CREDIT = ("2026-07-06T00:50:00+00:00", "transfer_in", 2_000_000, 2_100_000, "")
PAYEE = b.PayeeTold("990", "12345678901234", "김영수", reported=False, paid_before=True)
FACTS: tuple[f.Fact, ...] = (
    f.Back(), f.Cancelled(), f.Confirmed(), f.IdledOut(), f.Resumed(), f.ProvenReady(),
    f.NotReady("bank_host", "no_response"), f.ReceiptPrinted("v1-R1"),
    *(f.Faulted(name, "no_media", "") for name in
      ("bank_host", "bank_desk", "pin_pad", "document_camera", "officer", "receipt_printer", "code_reader")),
    f.StaffSettled("order_unsure", KEY), f.StaffSettled("reversal_unsure", KEY),
    d.KindChosen("loan"), d.KindChosen("insurance"), d.KindChosen("account"), d.KindChosen("status"),
    d.ProductChosen("hanbit-sunshine"), d.ProductChosen("post-accident"), d.CompareAsked(), d.ApplyAsked(),
    d.AppointAsked(),
    *(d.Understood(id_, "ko", "0" * 64)
      for id_ in ("agent", "rate", "overdue", "early", "withdraw", "rate_cut", "no_brokerage", "record")),
    d.Replied("adult", True), d.Replied("adult", False), d.Replied("small_income", True),
    n.DocumentChecked("resident_card", "verified", "with_officer"), n.DocumentChecked("resident_card", "verified"),
    b.CardGiven("990", "9410-12**-****-3456"), b.CardTrouble("time_out"),
    b.ProfileTold(45, blocks=()), b.ProfileTold(70, blocks=("lending",)),
    b.ProfileTold(70, trusted_person=True, blocks=()),
    b.ProfileTold(45, delayed_transfers=True, blocks=()), b.NameCompared(True), b.NameCompared(False),
    b.TrustedTold("loan"),
    b.BalanceTold(9_000_000, 9_000_000), b.BalanceTold(2_100_000, 100_000),
    b.EntriesTold((), True), b.EntriesTold((CREDIT,), True),
    b.BankDeclined("AskBalance", "no_card"), b.OrderDeclined(KEY, "no_card"),
    b.BankDeclined("AskPayee", "no_such_account"), b.BankDeclined("AskBalance", "wrong_pin"),
    d.Begun(0), *(d.Answered(q, yes, 9000) for q in ("told", "call", "app") for yes in (True, False)),
    d.OfficerAsked(), d.Insisted(),
    o.OfficerSaid(CALL, "waiting", 1), *(o.OfficerAnswered(CALL, said, "officer-1", NOW) for said in
                                         ("approve purpose", "hold", "end visit")), o.AnswerDoubted(CALL, "signature"),
    d.Wished(1_000_000), d.TermChosen(36), d.PhoneGiven("01012345678"), i.PaperTaken("income", 1000),
    d.PaperLater("income"), i.Signed("hand", "1,1 2,2"), i.HandAgreed(), i.ApplicationSealed(HAND, "00"),
    b.HandedIn(HAND, "HB-2026-000001"), b.HandInDeclined(HAND, "not_found"), b.HandInUnknown(HAND), d.DoubtLeft(),
    d.SlipAsked(), d.HowChosen("phone"), d.WhenChosen("2026-07-07T10:00"), d.StatusAsked("990", "HB-2026-000001"),
    b.DecisionRead("990", "HB-2026-000001", "approved", "{}", "00"), b.DecisionMissing("990", "HB-2026-000001"),
    b.DecisionDoubted("990", "HB-2026-000001", "signature"), b.DecisionRefused("990", "HB-2026-000001"),
    c.ContractAsked(), read(offer()), c.OfferMissing("990", REFERENCE), c.OfferDoubted("990", REFERENCE, "signature"),
    *(c.ClauseAgreed(each["id"], "0" * 64) for each in CLAUSES), c.SignerCompared("v1-q9", "same"),
    c.SignerCompared("v1-q9", "differs"), i.ContractSealed(HAND, SEALED), receipted(receipt()),
    c.ContractDeclined(HAND, "other"), c.ContractDeclined(HAND, "not_found"), c.ContractUnknown(HAND),
    *(d.BusinessChosen(what) for what in ("balance", "entries", "transfer", "bill", "block")),
    d.BlockAsked(), d.BlockChosen("lending"), b.BlockSet("lending"), b.BankDeclined("SetBlock", "no_card"),
    d.PayeeBankChosen("990"), d.PayeeNumberGiven("12345678901234"), PAYEE,
    b.PayeeTold("990", "12345678901234", "김영수", reported=True),
    i.BillRead("990", 30_000, "12345678901234", "B1"),
    i.BillRefused("check"), d.AmountGiven(300_000, NOW), i.HoldKnown(), i.HoldKnown(0), d.OrderAgreed(300_000),
    d.OrderAgreed(300_000, True),
    b.OrderDone(KEY, 300_000, "R1"), b.OrderDone(KEY, 999, "R1"), b.OrderScheduled(KEY, 300_000, "R1", NOW),
    b.OrderDeclined(KEY, "over_limit", 100_000), b.OrderDeclined(KEY, "not_found"), b.OrderUnknown(KEY),
    b.OrderReversed(KEY, 300_000), b.OrderDone("v1-9", 300_000),
)  # fmt: skip
#: Steps of a contract before anything is handed over.
CONTRACT = (Step.OFFERING, Step.CONTRACT, Step.CLAUSE, Step.COMPARING, Step.CONTRACT_SIGN, Step.CONTRACT_SURE)
MONEY_KNOWN = (b.OrderDone, b.OrderScheduled, b.OrderDeclined, b.OrderReversed, f.StaffSettled)


def key(at: Counter) -> Hashable:
    """States that differ only in texts, in counts beyond what matters, or in what was entered are one."""
    k, strange = at.draft, bool(at.draft.strange)
    if at.step == Step.OVER:
        return at.step, k.outcome
    if at.step in orders.AIR:
        return at.step, min(k.tries, orders.ENQUIRIES + 1), k.reversing, k.kept, k.resumed, strange
    if (at.step in flow.DONE and at.step != Step.STOP_NOW) or at.step in (*flow.UNSEALED, Step.HANDING, Step.DOUBT,
                                                                          *contract.AIR):  # fmt: skip
        return at.step, k.business, k.slip, k.resumed, min(k.tries, 5), k.settled_now
    about = (at.step, k.business, k.product in ("hanbit-sunshine", ""), bool(k.card), strange and at.step == Step.START)
    if at.step in (Step.DISCLOSE, Step.ELIGIBLE, Step.ADVICE):
        return *about, k.point, k.replies
    if at.step == Step.LOOKING:
        return *about, k.what, k.profile, k.balance, k.entries, k.hold, k.payee
    if k.case is not None and at.step in (Step.ASK_FIRST, Step.ASK, Step.STOP_WHY, Step.PAUSE, Step.PAUSE_WAIT,
                                          Step.OFFICER, Step.CONFIRM, Step.READY):  # fmt: skip
        looked = (len(k.case.credits), k.case.payee_listed, k.case.block, k.case.held_s, k.case.trusted)
        return *about, k.what, k.order_kind, looked, tuple((a.question, a.yes) for a in k.answers), bool(k.override)
    if at.step in CONTRACT:
        return *about, len(k.clauses), bool(k.offer)
    if at.step in (Step.REFERENCE, Step.DECIDING, Step.DECISION):
        return *about, min(k.references, intake.MOST_REFERENCES)
    if at.step in blocks.STEPS:
        return *about, k.block_from, k.block
    return *about, k.what, k.payee is None, k.bill is None


def one_attempt(at: Counter, fact: f.Fact) -> Counter:
    """The flow; every further attempt, call and hand-off is looked at as if it were the first."""
    after = flow.step(at, fact, DESK)
    k = after.draft
    if k.attempt > 1 or k.officers > 1 or k.hands > 1 or k.asked > 1:
        known = {**vars(k), "attempt": min(k.attempt, 1), "officers": min(k.officers, 1), "hands": min(k.hands, 1)}
        known |= {"asked": 1, "order_key": KEY if k.order_key else "", "settled": ()} if k.attempt > 1 else {"asked": 1}
        after = type(after)(after.step, Draft(**known), after.todo)
    return after


@cache
def walked() -> Walk:
    return walk(flow.begin(f.VisitStarted("bank", "ko", "v1")), one_attempt, FACTS, key)


def test_every_step_is_reached() -> None:
    assert {at.step for at in walked().states.values()} == set(Step)


def test_every_state_has_a_way_out() -> None:
    left = {key(before) for before, _, after in walked().moves if key(after) != key(before)}
    assert {at.step for k, at in walked().states.items() if k not in left} - {Step.OVER} == set()


def test_from_every_state_the_visit_can_end() -> None:
    back: dict[Hashable, set[Hashable]] = {}
    for before, _, after in walked().moves:
        back.setdefault(key(after), set()).add(key(before))
    ends = {k for k, at in walked().states.items() if at.step == Step.OVER}
    while more := {k for end in ends for k in back.get(end, set())} - ends:
        ends |= more
    assert {walked().states[k].step for k in set(walked().states) - ends} == set()


def test_no_event_forgets_an_order() -> None:
    """While an order is in the air only the bank's word, or a person's, takes it out."""
    for before, fact, after in walked().moves:
        if before.step in orders.AIR and after.step not in orders.AIR:
            assert isinstance(fact, MONEY_KNOWN), (before.step, fact, after.step)
            assert after.draft.settled_now or after.draft.outcome == "settled"


def test_an_order_goes_out_once_from_proof_of_readiness_and_never_while_another_is_open() -> None:
    sent = 0
    for before, fact, after in walked().moves:
        if any(isinstance(command, b.SendOrder) for command in after.todo):
            sent += 1
            assert (before.step, type(fact)) == (Step.READY, f.ProvenReady)
            assert after.draft.attempt == 1 or before.draft.settled_now or before.draft.order_key == ""
    assert sent
    assert not [c for before, _, after in walked().moves for c in after.todo
                if isinstance(c, b.SendOrder) and before.step in orders.AIR]  # fmt: skip


def test_a_late_word_of_the_bank_changes_no_money_state_and_calls_a_person_once() -> None:
    """After cancel, idle, fault, back or the end: nothing is sent, nothing is taken back; what contradicts is told."""
    strange = b.OrderDone("v1-9", 300_000)
    for before, fact, after in walked().moves:
        if fact != strange:
            continue
        assert (after.step, after.draft.settled, after.draft.reversing) == (
            before.step, before.draft.settled, before.draft.reversing,
        )  # fmt: skip
        assert not [c for c in after.todo if isinstance(c, b.SendOrder | b.ReverseOrder)]
        called = [c for c in after.todo if isinstance(c, f.CallStaff)]
        assert len(called) == (0 if "v1-9" in before.draft.strange else 1), before.step


@pytest.mark.parametrize("step", [Step.SENDING, Step.UNSURE, Step.UNSURE_AWAY, Step.HANDING, Step.DOUBT, Step.SENT,
                                  Step.CONTRACT_HANDING, Step.CONTRACT_DOUBT, Step.SIGNED])
def test_after_a_restart_only_enquiries_follow(step: Step) -> None:
    resumed = [after for before, fact, after in walked().moves if before.step == step and isinstance(fact, f.Resumed)]
    assert resumed
    actuating = (b.SendOrder, b.ReverseOrder, b.HandIn, b.Appoint, c.HandContract, f.PrintReceipt)
    assert not [c for after in resumed for c in after.todo if isinstance(c, actuating)]


def test_after_a_restart_no_machine_is_waited_for_that_was_not_set_going_again() -> None:
    """What worked when the power went will never answer: each screen without an offer has asked anew."""
    resumed = [after for _, fact, after in walked().moves if isinstance(fact, f.Resumed)]
    assert {after.step for after in resumed if after.step in views.WORKING and not after.todo} == set()


def test_whoever_is_asked_for_a_bill_is_before_a_reader_that_looks() -> None:
    """Also on the way back from the sum: a code that nobody watches for is never read."""
    coming = [after for before, _, after in walked().moves if after.step == Step.BILL and before.step != Step.BILL]
    assert coming
    assert [after for after in coming if not any(isinstance(each, i.WatchBill) for each in after.todo)] == []


def test_what_may_be_on_its_way_to_the_bank_is_given_up_by_its_own_no_alone() -> None:
    """Silence and *not there yet* lead to the same under the same key: no second hand-off can be opened beside it."""
    air, uncertain = {Step.DOUBT, Step.CONTRACT_DOUBT}, {"not_found", "unavailable", "stale"}
    again = 0
    for before, fact, after in walked().moves:
        if before.step in air and isinstance(fact, b.HandInDeclined | c.ContractDeclined) and fact.why in uncertain:
            kept = [(at.step, at.draft.hands, at.draft.sealed) for at in (before, after)]
            assert kept[0] == kept[1]
            keys = [each.key for each in after.todo if isinstance(each, b.HandIn | b.Appoint | c.HandContract)]
            again += keys == [before.draft.hand_key]
        elif before.step in air and after.step not in {*air, Step.OVER, Step.RECEIVED, Step.SIGNED}:
            assert isinstance(fact, b.HandInDeclined | c.ContractDeclined)
    assert again


def test_no_defect_of_the_branch_itself_is_waited_for_in_silence() -> None:
    """What was asked for ends in a fault of the branch: whoever waits is told, at once. Money is asked about anyway."""
    safe = {*orders.AIR, *contract.AIR, Step.HANDING, Step.DOUBT}
    working = {*views.WORKING, Step.OFFERING, Step.COMPARING, Step.CONTRACT_SEALING} - safe
    waits = [at for at in walked().states.values() if at.step in working]
    assert {at.step for at in waits} == working
    for at in waits:
        assert flow.step(at, f.Faulted("branch", "internal", ""), DESK).step != at.step, at.step


def test_a_restart_while_a_block_is_being_set_says_that_nobody_knows() -> None:
    at = next(at for at in walked().states.values() if at.step == Step.BLOCKING)
    assert flow.step(at, f.Resumed(), DESK).draft.notice == "bank.notice.block.unsure"
    start = next(at for at in walked().states.values() if at.step == Step.ACCOUNT)
    assert flow.step(start, f.Resumed(), DESK).draft.notice == "bank.notice.restarted"


def test_a_restart_before_anything_was_sent_forgets_the_customer() -> None:
    underway = {*flow.UNDER_WAY, *flow.DONE, Step.OVER} - {*flow.UNSEALED}
    for before, fact, after in walked().moves:
        if isinstance(fact, f.Resumed) and before.step not in underway:
            assert after.step == Step.START
            assert (after.draft.card, after.draft.phone, after.draft.proof, after.draft.payee) == ("", "", None, None)
            assert (after.draft.offer, after.draft.clauses) == (None, ())


def test_a_block_is_done_only_by_the_bank_s_own_word_and_offered_where_a_card_was_given() -> None:
    done = [(before, fact) for before, fact, after in walked().moves
            if after.step == Step.BLOCKED and before.step != Step.BLOCKED]  # fmt: skip
    assert {(before.step, type(fact)) for before, fact in done} == {(Step.BLOCKING, b.ProfileTold)}
    assert all("lending" in (fact.blocks or ()) for _, fact in done if isinstance(fact, b.ProfileTold))
    asked = [(before, after) for before, fact, after in walked().moves
             if isinstance(fact, d.BlockAsked) and after.step == Step.BLOCK and before.step != Step.BLOCK]  # fmt: skip
    assert {before.step for before, _ in asked} == set(blocks.AFTER)
    assert all(after.draft.card for _, after in asked)


def test_a_visit_that_was_stopped_ends_as_stopped_also_from_its_block() -> None:
    ends = {(before.draft.block_from, after.draft.outcome) for before, fact, after in walked().moves
            if before.step in blocks.STEPS and after.step == Step.OVER}  # fmt: skip
    assert ends == {("stop_now", "stopped"), ("pause_wait", "held"), ("account", "idle"), ("account", "cancelled")}


def test_what_leads_nowhere_takes_no_notice_off_the_screen() -> None:
    noticed = Counter(Step.PAUSE, Draft(notice="bank.notice.doubted"))
    late = o.OfficerSaid("v1-o7", "withdrawn")
    assert flow.step(noticed, late, DESK).draft.notice == "bank.notice.doubted"
    assert flow.step(noticed, d.Insisted(), DESK).draft.notice == ""


def test_a_signature_goes_out_for_every_clause_of_a_proven_signer_and_only_the_bank_s_receipt_ends_it() -> None:
    handed = 0
    for before, fact, after in walked().moves:
        if any(isinstance(command, i.SealContract) for command in after.todo):
            assert after.draft.proof is not None
            assert after.draft.proof.suffices
            assert [clause for clause, _ in after.draft.clauses] == [each["id"] for each in CLAUSES]
            assert after.draft.case is not None
            assert after.draft.case.block == "clear"
        if any(isinstance(command, c.HandContract) for command in after.todo):
            handed += 1
            fresh = (before.step, type(fact)) == (Step.CONTRACT_SEALING, i.ContractSealed)
            assert fresh or (before.step, fact) == (Step.CONTRACT_DOUBT, c.ContractDeclined(HAND, "not_found"))
        if after.step == Step.SIGNED and before.step != Step.SIGNED:
            assert (before.step in contract.AIR, type(fact)) == (True, c.ReceiptRead)
        if after.step == Step.CLAUSE and before.step not in (Step.CLAUSE, Step.CONTRACT_SIGN):
            assert (before.step, fact) == (Step.COMPARING, c.SignerCompared("v1-q9", "same"))
        if after.step == Step.CONTRACT_SIGN and before.step not in (Step.CONTRACT_SIGN, Step.CONTRACT_SURE):
            assert (before.step, len(after.draft.clauses)) == (Step.CLAUSE, len(CLAUSES))
    assert handed


def test_without_the_flag_nothing_of_a_contract_is_heard() -> None:
    off = replace(DESK, contracts=False)
    decided = Counter(Step.DECISION, Draft(visit="v1", payee_bank="990", reference=REFERENCE))
    assert flow.step(decided, c.ContractAsked(), off).step == Step.DECISION
    assert flow.step(decided, c.ContractAsked(), DESK).step == Step.OFFERING


def test_nothing_is_applied_for_without_a_proven_holder_and_a_clear_block() -> None:
    """A stolen card gets no further than `holder: not proven`; a set block no further than the stop."""
    for _, _, after in walked().moves:
        if after.step in (Step.WISH, Step.SIGN, Step.REVIEW, Step.HANDING) and after.draft.business == "intake":
            assert after.draft.proof is not None
            assert after.draft.proof.suffices
            assert after.draft.case is not None
            assert after.draft.case.block == "clear"


def test_no_money_moves_past_the_shield() -> None:
    """Whoever may confirm an order was let through by the rules, or by an officer."""
    for _, _, after in walked().moves:
        if after.step in (Step.CONFIRM, Step.READY, Step.SENDING) and after.draft.business == "account":
            case = after.draft.case
            assert case is not None
            said = assess(case, after.draft.answers, DESK.book)
            assert said.moves or (after.draft.override is not None and said.moves_by_officer), after.step
