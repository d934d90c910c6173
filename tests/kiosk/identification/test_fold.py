"""A journal without secrets leads the showing of a document the same way: after a stop nothing is forgotten."""

from __future__ import annotations

import random
from typing import Any

import pytest

from devices.counter import OfficerAnswer
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.identification import facts as i
from kiosk.identification import flow
from kiosk.identification.flow import At_, Step
from kiosk.officer import facts as o
from kiosk.proof import Document, Factor, Holder
from tests.kiosk.identification.test_flow import FACTS, at_result
from tests.kiosk.marks import stripped

SHOWN: tuple[f.Fact, ...] = (
    i.ConsentGiven("intake", "1", "00"), i.DocumentChosen("licence"), i.ReadAsked(True),
    i.FieldsProposed(("name", "issued"), "홍새벽", issued="2018-07-15"), i.FieldGiven("number", "990000000001"),
    i.FieldAsked("name"), i.FieldGiven("name", "홍새벽"), f.Confirmed(), i.AttemptCounted("aa"),
    i.DocumentChecked("licence", Document.VERIFIED, "match", "홍새벽"),
)  # fmt: skip


CHIP: tuple[f.Fact, ...] = (
    i.ConsentGiven("intake", "1", "00"), i.DocumentChosen("passport"), i.ReadAsked(False),
    i.FieldGiven("number", "M12345678"), i.FieldGiven("birth", "1990-08-15"), i.FieldGiven("expiry", "2034-04-15"),
    f.Confirmed(), i.AttemptCounted("bb"), i.DocumentSeen("present"),
    i.DocumentChecked("passport", Document.VERIFIED, "genuine", "홍새벽", "HONG SAEBYEOK"),
)  # fmt: skip


def known(at: At_) -> Any:
    """Everything but what the fields say."""
    k = at.draft
    return (at.step, k.kind, set(k.fields), k.asking, k.tries, k.calls, k.cards, k.proof, k.held, k.refused, k.sealed,
            k.agreed, k.left)  # fmt: skip


def both(facts: tuple[f.Fact, ...], purpose: str = "intake") -> tuple[At_, At_]:
    """The visit as it goes, and as its journal tells it."""
    live = told = flow.begin("v", purpose)
    for fact in facts:
        live, told = flow.step(live, fact), flow.step(told, stripped(fact))
        assert known(live) == known(told), fact
    return live, told


@pytest.mark.parametrize("purpose", flow.PURPOSES)
def test_a_document_that_was_checked_is_checked_in_the_journal_too(purpose: str) -> None:
    live, told = both(SHOWN, purpose)
    assert live.step is (Step.SEALING if purpose == "commission" else Step.RESULT)
    assert told.draft.proof.checked
    assert (live.draft.fields["name"], told.draft.fields["name"]) == ("홍새벽", "")


def test_every_road_is_the_same_in_the_journal() -> None:
    dice, steps = random.Random(61), set[Step]()
    for _ in range(700):
        purpose = dice.choice(flow.PURPOSES)
        way = (*dice.choice((SHOWN, CHIP)), i.HolderAsked(dice.choice(("officer", "card"))), b.CardGiven("990", "9"))
        live, told = both(way[: dice.randrange(len(way) + 1)], purpose)
        for _ in range(40):
            fact = dice.choice(FACTS)
            live, told = flow.step(live, fact), flow.step(told, stripped(fact))
            assert known(live) == known(told), fact
            steps.add(live.step)
    assert steps == set(Step)


def test_tries_calls_and_denials_outlive_a_stop() -> None:
    denied = (i.HolderAsked("officer"), o.OfficerAnswered("v-o1", OfficerAnswer.HOLDER_DIFFERS, "officer-1", ""))
    _, told = both((*SHOWN, *denied, f.Resumed()))
    assert (told.step, told.draft.tries, told.draft.calls) == (Step.CONSENT, 1, 1)
    assert told.draft.proof.denied == {Factor.OFFICER_LIVE}
    _, called = both((*SHOWN, i.HolderAsked("officer"), f.Resumed(), *SHOWN, i.HolderAsked("officer")))
    assert called.draft.request == "v-o2"
    late = flow.step(called, o.OfficerAnswered("v-o1", OfficerAnswer.HOLDER_MATCHES, "officer-1", ""))
    assert late.draft.proof.holder is Holder.NOT_PROVEN


def test_what_spoke_against_the_holder_never_leaves_a_visit() -> None:
    dice, denials = random.Random(62), 0
    for _ in range(500):
        at = flow.step(at_result(Document.VERIFIED), i.HolderAsked("officer"))
        differs = o.OfficerAnswered("v-o1", OfficerAnswer.HOLDER_DIFFERS, "officer-1", "")
        for fact in (differs, *dice.choices(FACTS, k=40)):
            before, at = at, flow.step(at, fact)
            assert at.draft.proof.denied >= before.draft.proof.denied
        denials += bool(at.draft.proof.denied)
    assert denials > 50
    limited = both((*SHOWN, i.HolderAsked("card"), b.CardGiven("990", "9"), b.NameCompared(False), f.Resumed(),
                    *SHOWN[:8], i.AttemptRefused("number", "")))[0]  # fmt: skip
    assert limited.draft.refused is not None
    assert limited.draft.proof.denied == {Factor.ACCOUNT}


def test_an_answer_that_is_doubted_ends_the_call() -> None:
    called = flow.step(at_result(Document.VERIFIED), i.HolderAsked("officer"))
    doubted = flow.step(called, o.AnswerDoubted("v-o1", "signature"))
    assert (doubted.step, doubted.todo) == (Step.RESULT, (o.WithdrawCall("v-o1"),))


def test_whom_an_officer_denied_is_denied_in_another_visit_too() -> None:
    counted = SHOWN.index(i.AttemptCounted("aa"))
    again = (*SHOWN[:counted], i.AttemptCounted("aa", denied=True), *SHOWN[counted + 1 :])
    live, _ = both(again)
    assert (live.draft.proof.checked, live.draft.proof.holder) == (True, Holder.DIFFERS)
    assert not flow.may_prove(live.draft)
