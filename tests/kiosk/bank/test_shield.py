"""Every rule of the shield at its threshold, one below, one above; who is stopped, and that age alone is nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.services.bank import records
from kiosk.services.bank.case import APP, CALL, HARD, OUT, PREPAY, SIGNS, TOLD, Act, Action, Answer, Book, Case, Credit
from kiosk.services.bank.frauds import read_book
from kiosk.services.bank.shield import RULES, assess

BOOK = read_book(Path("config/fraud.toml"))
PLAIN = Case(Act.TRANSFER, won=50_000, balance_won=900_000)


def fired(rule: str, case: Case, answers: tuple[Answer, ...] = (), book: Book = BOOK) -> list[Action]:
    """What this rule asks for."""
    return [finding.action for finding in assess(case, answers, book).findings if finding.rule == rule]


def no(*questions: str, ms: int = 6000) -> tuple[Answer, ...]:
    return tuple(Answer(question, False, ms) for question in questions)


def around(threshold: int, make: Callable[[int], Case]) -> tuple[Case, Case, Case]:
    """One below, at, one above."""
    return make(threshold - 1), make(threshold), make(threshold + 1)


def large(act: Act, **known: Any) -> Callable[[int], Case]:
    return lambda won: Case(act, won=won, balance_won=10**9, **known)


S, A, F, H = Action.STOP, Action.ASK, Action.OFFICER, Action.HOLD
BOUNDARIES: list[tuple[str, tuple[Case, Case, Case], tuple[list[Action], list[Action], list[Action]]]] = [
    # the sum that came in
    ("F1", around(1_000_000, lambda won: Case(Act.TRANSFER, 1, won, credits=(Credit(won, 0),))), ([], [S], [S])),
    # how long ago, seconds
    ("F1", around(1800, lambda s: Case(Act.BILL, 1, 10**6, credits=(Credit(10**6, s),))), ([S], [], [])),
    # what is left beside what is held
    ("F1", around(500_000, lambda won: Case(Act.CASH_OUT, won, 1_500_000, credits=(Credit(10**6, 60),))),
     ([], [], [S])),
    ("F2", around(5_000_000, large(Act.CASH_OUT)), ([], [A], [A])),
    ("F3", around(10_000_000, large(Act.CASH_OUT)), ([], [S], [S])),
    ("F3", around(10_000_000, large(Act.TRANSFER)), ([], [S], [S])),
    ("F4", around(60, lambda age: Case(Act.TRANSFER, 10**6, 10**7, age=age)), ([], [A], [A])),
    ("F4", around(1_000_000, large(Act.TRANSFER, age=60)), ([], [A], [A])),
    ("F5", (Case(Act.BREAKING, wants_cash=True, no_reason=True),
            Case(Act.BREAKING, wants_cash=True, no_reason=True, upset=True),
            Case(Act.BREAKING, wants_cash=True, no_reason=True, upset=True, alarm=True)), ([], [F], [F])),
    ("F6", around(500_000, large(Act.DEPOSIT)), ([], [], [S])),
    ("F6", around(2_900_000, lambda won: Case(Act.DEPOSIT, 100_000, payee_day_won=won)), ([], [], [S])),
    ("F7", around(1, lambda n: Case(Act.TRANSFER, 1, 1, transfers_here=n)), ([Action.OFFER], [], [])),
    ("F8", around(1_000_000, large(Act.TRANSFER, designates=True)), ([], [], [F])),
    ("F8", around(900_000, lambda won: Case(Act.TRANSFER, 100_000, 10**7, day_won=won, designates=True)),
     ([], [], [F])),
    ("F9", around(65, lambda age: Case(Act.LOAN, age=age, trusted=True)), ([], [Action.NOTIFY], [Action.NOTIFY])),
    ("F10", (Case(Act.LOAN, block="clear"), Case(Act.LOAN, block="set"), Case(Act.LOAN, block="unknown")),
     ([], [S], [S])),
    ("F11", (PLAIN, replace(PLAIN, signs=frozenset(SIGNS[:1])), replace(PLAIN, signs=frozenset(SIGNS[:2]))),
     ([], [A], [A])),
    ("F11", (replace(PLAIN, alarm=True), replace(PLAIN, alarm=True, signs=frozenset(SIGNS[:1])),
             replace(PLAIN, alarm=True, signs=frozenset(SIGNS[:2]))), ([], [F], [F])),
    ("F12", around(365, lambda days: Case(Act.TRANSFER, 700_001, 10**7, idle_days=days)), ([], [F], [F])),
    ("F12", around(700_000, large(Act.TRANSFER, idle_days=365)), ([], [], [F])),
    ("F12", around(600_000, lambda won: Case(Act.TRANSFER, 100_000, 10**7, day_won=won, idle_days=400)), ([], [], [F])),
    ("F14", (replace(PLAIN, payee_listed=False), replace(PLAIN, payee_listed=True),
             replace(PLAIN, payee_listed=True, payee_known=False)), ([], [F], [F])),
    ("O1", around(2, lambda before: Case(Act.CASH_OUT, 1, 1, cash_outs_24h=before)), ([], [A], [A])),
    ("O2", around(1_000_000, large(Act.TRANSFER, payee_known=False)), ([], [A], [A])),
    ("O2", around(900_000, lambda won: Case(Act.BILL, 100_000, 10**7, payee_known=False, new_won=won)), ([], [A], [A])),
    # by every way out, and bills as transfers unless the bank confirms their issuer
    *((rule, around(threshold, large(act, **known)), said) for act in (Act.DELAYED, Act.BILL)
      for rule, threshold, known, said in (
        ("F2", 5_000_000, {}, ([], [A], [A])), ("F3", 10_000_000, {}, ([], [S], [S])),
        ("F4", 1_000_000, {"age": 60}, ([], [A], [A])), ("O2", 1_000_000, {"payee_known": False}, ([], [A], [A])),
        ("F8", 1_000_000, {"designates": True}, ([], [], [F])), ("F12", 700_000, {"idle_days": 365}, ([], [], [F])),
    )),
    *((rule, around(threshold, large(Act.BILL, payee_biller=True, payee_known=False, **known)), ([], [], []))
      for rule, threshold, known in (("F4", 1_000_000, {"age": 60}), ("F8", 1_000_000, {"designates": True}),
                                     ("F12", 700_000, {"idle_days": 365}), ("O2", 1_000_000, {}),
                                     ("O9", 10_000_000, {"day_won": 9_000_000}))),
    # what nobody knows
    ("F12", around(700_000, large(Act.TRANSFER, idle_days=None)), ([], [], [A])),
    ("F14", (replace(PLAIN, payee_listed=False), replace(PLAIN, payee_listed=None),
             replace(PLAIN, payee_listed=None, payee_known=False)), ([], [A], [F])),
    ("F1", (PLAIN, replace(PLAIN, entries_whole=False), replace(PLAIN, entries_whole=False, won=1)), ([], [F], [F])),
    # seconds left of a wait: none was, one has passed, one runs
    ("O8", (PLAIN, replace(PLAIN, held_s=0), replace(PLAIN, held_s=1)), ([], [F], [H])),
    ("O9", around(5_000_000, lambda won: Case(Act.TRANSFER, won - 100, 10**8, day_won=100)), ([], [A], [A])),
    ("O9", around(10_000_000, lambda won: Case(Act.TRANSFER, won - 100, 10**8, day_cash_won=100)), ([A], [F], [F])),
    ("O9", around(10_000_000, large(Act.TRANSFER, day_won=100)), ([F], [], [])),  # from there on F3 speaks
]  # fmt: skip


@pytest.mark.parametrize(("rule", "cases", "expected"), BOUNDARIES)
def test_a_rule_at_its_threshold(
    rule: str, cases: tuple[Case, ...], expected: tuple[list[Action], ...]
) -> None:
    assert tuple(fired(rule, case) for case in cases) == expected


def test_the_age_cap_ships_off_and_asks_at_its_threshold_where_it_is_switched_on() -> None:
    old = around(75, lambda age: Case(Act.TRANSFER, 300_001, 10**7, age=age))
    assert [fired("F13", case) for case in old] == [[], [], []]
    on = Book("t", {**BOOK.rules, "F13": replace(BOOK.rules["F13"], on=True)})
    assert [fired("F13", case, book=on) for case in old] == [[], [A], [A]]
    sums = around(300_000, large(Act.TRANSFER, age=75))
    assert [fired("F13", case, book=on) for case in sums] == [[], [], [A]]


@pytest.mark.parametrize(("rule", "question"), [("O3", CALL), ("O4", APP), ("O6", TOLD), ("O6", PREPAY)])
def test_a_yes_holds_and_a_no_does_not(rule: str, question: str) -> None:
    assert fired(rule, PLAIN) == []
    assert fired(rule, PLAIN, (Answer(question, False, 9000),)) == []
    assert fired(rule, PLAIN, (Answer(question, True, 9000),)) == [H]


@pytest.mark.parametrize(("ms", "expected"), [(2999, [H]), (3000, []), (3001, [])])
def test_coached_answers_are_all_no_and_each_faster_than_reading(ms: int, expected: list[Action]) -> None:
    assert fired("O5", PLAIN, no(TOLD, CALL, ms=ms)) == expected
    assert fired("O5", PLAIN, no(TOLD, ms=ms)) == []  # one quick answer is nothing
    assert fired("O5", PLAIN, (*no(TOLD, ms=ms), Answer(CALL, True, ms))) == []
    assert fired("O5", PLAIN, (*no(TOLD, ms=ms), *no(CALL, ms=3000))) == []


@pytest.mark.parametrize(("left", "action"), [(None, H), (1800, H), (1, H), (0, F)])
def test_a_hold_that_has_passed_is_not_begun_again_an_officer_comes(left: int | None, action: Action) -> None:
    case = replace(PLAIN, held_s=left)
    assert fired("O3", case, (Answer(CALL, True, 5000),)) == [action]
    assert assess(case, (Answer(CALL, True, 5000),), BOOK).wait_s == (1800 if left is None else left)


@pytest.mark.parametrize("act", list(Act))
def test_age_and_sex_alone_ask_nothing(act: Act) -> None:
    for age, sex in product((None, *range(121)), ("", "M", "F")):
        case = Case(act, won=10_000, balance_won=10**6, age=age, sex=sex)
        told = {finding.rule for finding in assess(case, (), BOOK).findings}
        assert told <= {"O7"}, (age, sex)  # whoever borrows is asked, whoever they are
        assert (told == {"O7"}) == (act is Act.LOAN)


def cases() -> st.SearchStrategy[Case]:
    won = st.integers(0, 20_000_000)
    credit = st.builds(Credit, won, st.integers(0, 4000))
    return st.builds(
        Case, st.sampled_from(Act), won=won, balance_won=won, day_won=won,
        credits=st.lists(credit, max_size=3).map(tuple),
        day_cash_won=won, new_won=won, entries_whole=st.booleans(), payee_biller=st.booleans(),
        age=st.none() | st.integers(0, 120), sex=st.sampled_from(("", "M", "F")), cash_outs_24h=st.integers(0, 5),
        transfers_here=st.integers(0, 3), idle_days=st.none() | st.integers(0, 800), payee_known=st.booleans(),
        payee_own=st.booleans(), payee_listed=st.none() | st.booleans(), payee_day_won=won, delays=st.booleans(),
        designates=st.booleans(), trusted=st.booleans(), block=st.sampled_from(("clear", "set", "unknown")),
        alarm=st.none() | st.booleans(), signs=st.frozensets(st.sampled_from(SIGNS)), wants_cash=st.booleans(),
        no_reason=st.booleans(), upset=st.booleans(), held_s=st.none() | st.integers(0, 1800),
    )  # fmt: skip


ANSWERS = st.lists(st.builds(Answer, st.sampled_from((TOLD, CALL, APP, PREPAY)), st.booleans(), st.integers(0, 9000)),
                   max_size=4, unique_by=lambda answer: answer.question).map(tuple)  # fmt: skip


@given(cases(), ANSWERS)
def test_only_law_and_practice_stop_and_every_decision_can_be_made_again(
    case: Case, answers: tuple[Answer, ...]
) -> None:
    said = assess(case, answers, BOOK)
    assert {finding.rule for finding in said.findings if finding.action == Action.STOP} <= HARD
    assert said == assess(case, answers, BOOK)
    record = records.Record(case, answers, BOOK, (records.Shown("shield.told", "ko", "0" * 16),),
                            records.Override("officer-1", "approve_purpose", "r-1"))  # fmt: skip
    text = records.dump(record)
    assert records.agrees(text)
    assert records.load(text)[0] == record


@given(cases(), ANSWERS)
def test_whoever_is_older_or_of_another_sex_is_never_stopped_for_it(case: Case, answers: tuple[Answer, ...]) -> None:
    """Age may ask a question or tell a trusted person; it stops nobody and holds nobody."""
    known = {f for f in assess(replace(case, age=None, sex=""), answers, BOOK).findings if f.action >= Action.HOLD}
    assert {f for f in assess(case, answers, BOOK).findings if f.action >= Action.HOLD} == known


def test_a_changed_outcome_is_noticed() -> None:
    text = records.dump(records.Record(PLAIN, (), BOOK, ()))
    assert records.agrees(text)
    assert not records.agrees(text.replace('"won":50000', '"won":50000000'))


def test_an_officer_lifts_the_question_of_purpose_and_no_other_stop() -> None:
    much = Case(Act.TRANSFER, 10_000_000, 10**9)
    assert assess(much, (), BOOK).stopped
    assert assess(much, (), BOOK).moves_by_officer
    fresh = replace(much, credits=(Credit(10**9, 60),))
    assert not assess(fresh, (), BOOK).moves_by_officer


def test_money_moves_only_once_nothing_is_left_to_ask() -> None:
    case = Case(Act.TRANSFER, 1_500_000, 10**7, payee_known=False)
    said = assess(case, (), BOOK)
    assert (said.moves, said.questions) == (False, (TOLD, CALL, APP))
    assert assess(case, no(*said.questions), BOOK).moves


@pytest.mark.parametrize("act", list(Act))
def test_whoever_borrows_is_asked_and_nobody_else(act: Act) -> None:
    assert fired("O7", Case(act)) == ([A] if act is Act.LOAN else [])


def test_every_rule_of_the_code_has_a_boundary_here() -> None:
    tested = {rule for rule, _, _ in BOUNDARIES} | {"F13", "O3", "O4", "O5", "O6", "O7"}
    assert tested == set(RULES)


@pytest.mark.parametrize("rule", ["F1", "F2", "F3", "F11", "O3", "O4", "O5", "O6", "O9"])
def test_no_way_out_of_an_account_leads_past_a_rule(rule: str) -> None:
    assert BOOK.rules[rule].acts - {Act.LOAN} == OUT


@pytest.mark.parametrize("rule", ["F4", "F8", "F12", "F14", "O2", "O8"])
def test_no_order_leads_past_a_rule_of_transfers(rule: str) -> None:
    assert BOOK.rules[rule].acts >= {Act.TRANSFER, Act.DELAYED, Act.BILL}


@pytest.mark.parametrize(
    ("age", "sex", "fourth"),
    [(45, "", "prepay"), (45, "M", "prepay"), (45, "F", "secret"), (65, "", "family"), (65, "F", "family"),
     (65, "M", "secret"), (39, "", "secret"), (None, "", "secret")],
)  # fmt: skip
def test_large_sums_are_asked_about_as_people_of_that_age_are_preyed_on(age: int | None, sex: str, fourth: str) -> None:
    """A bank need not tell anybody's sex; then age alone chooses the words."""
    said = assess(Case(Act.TRANSFER, 5_000_000, 10**9, age=age, sex=sex), (), BOOK)
    assert fourth in said.questions
    assert len(said.questions) == 4


def test_while_a_wait_runs_nothing_is_asked() -> None:
    case = Case(Act.TRANSFER, 5_000_000, 10**9, held_s=60)
    assert assess(case, (), BOOK).questions == ()
    assert assess(replace(case, held_s=0), (), BOOK).questions
