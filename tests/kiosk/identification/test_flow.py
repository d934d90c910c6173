"""Every step is reached, every step has a way out, and no road leads to a proven holder but a factor that agreed."""

from __future__ import annotations

import random
from collections import deque

import pytest

from devices.counter import DocumentKind, OfficerAnswer
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.flow import changed
from kiosk.identification import facts as i
from kiosk.identification import flow
from kiosk.identification.flow import At_, Step
from kiosk.officer import facts as o
from kiosk.proof import Document, Factor, Holder, Proof
from kiosk.services.bank.proving import Shown

REQUESTS = [f"v-o{n}" for n in range(5)]
FACTS: list[f.Fact] = [
    f.Resumed(), f.Cancelled(), f.IdledOut(), f.Back(), f.Confirmed(), f.Retried(), f.Faulted("officer", "offline"),
    f.Faulted("id_check", "no_response"), i.ConsentGiven("check", "1", "00"), i.ReadAsked(True), i.ReadAsked(False),
    i.FieldsProposed(("name", "number"), "홍새벽", "9000002000001"), i.NothingRead("no_media"), i.FieldAsked("number"),
    i.HolderAsked("officer"), i.HolderAsked("card"), i.AttemptCounted("aa"), i.AttemptRefused("number", ""),
    i.DocumentSeen("present"), i.DocumentSeen("collision"), i.IdentitySealed("commission", "00"),
    b.CardGiven("990", "9"), b.CardTrouble("canceled"), b.NameCompared(True), b.NameCompared(False),
    b.NameCompared(False, unclear=True),
    b.BankDeclined("CompareName", "wrong_pin"),
    *(i.DocumentChosen(kind) for kind in DocumentKind),
    *(i.FieldGiven(name, "20200101") for name in ("name", "number", "issued", "birth", "expiry")),
    *(i.DocumentChecked("resident_card", word, "") for word in Document),
    *(o.OfficerAnswered("v-o1", word, "officer-1", "") for word in OfficerAnswer),
    o.OfficerAnswered("v-o9", OfficerAnswer.HOLDER_MATCHES, "officer-1", ""), o.AnswerDoubted("v-o1", "signature"),
    o.OfficerSaid("v-o1", "waiting", 1), o.OfficerSaid("v-o1", "taken"),
]  # fmt: skip


def walk(purpose: str, most: int = 12_000) -> dict[Step, At_]:
    """The places that can be reached, breadth first, by step and what matters of the draft."""
    first = flow.begin("v", purpose)
    seen, queue, steps = {key(first)}, deque([first]), {first.step: first}
    while queue and len(seen) < most:
        at = queue.popleft()
        for fact in FACTS:
            after = flow.step(at, fact)
            if key(after) not in seen and after.draft.calls <= 1 and after.draft.cards <= 1:
                seen.add(key(after))
                steps.setdefault(after.step, after)
                queue.append(after)
    return steps


def key(at: At_) -> tuple[object, ...]:
    known = at.draft
    return (
        at.step, known.kind, tuple(sorted(known.fields)), known.asking, min(known.tries, 3), known.proof, known.calls,
        known.cards, known.refused is None, known.held,
    )  # fmt: skip


@pytest.mark.parametrize("purpose", flow.PURPOSES)
def test_every_step_is_reached_and_has_a_way_out(purpose: str) -> None:
    steps = walk(purpose)
    expected = set(Step) - (set() if purpose == "commission" else {Step.SEALING})
    assert set(steps) >= expected
    for at in steps.values():
        if at.step in flow.OVER:
            continue
        ways = [flow.step(at, fact).step for fact in FACTS]
        assert any(each is not at.step for each in ways), at.step


def test_only_a_factor_proves_a_holder() -> None:
    dice, proven = random.Random(6), 0
    for visit in range(4_000):
        at = at_result(dice.choice(list(Document)))
        for _ in range(40):
            fact = dice.choice(FACTS)
            before, at = at, flow.step(at, fact)
            if at.draft.proof.holder is Holder.PROVEN and before.draft.proof.holder is not Holder.PROVEN:
                proven += 1
                by_officer = isinstance(fact, o.OfficerAnswered) and fact.answer == OfficerAnswer.HOLDER_MATCHES
                by_bank = isinstance(fact, b.NameCompared) and fact.matches
                assert before.draft.proof.document is Document.VERIFIED, visit
                assert (by_officer and before.step is Step.OFFICER) or (by_bank and before.step is Step.COMPARING)
    assert at_result(Document.VERIFIED).draft.proof.holder is Holder.NOT_PROVEN
    assert proven > 5


def at_result(document: Document, purpose: str = "intake") -> At_:
    at = flow.begin("v", purpose)
    for fact in (
        i.ConsentGiven(purpose, "1", "00"), i.DocumentChosen("resident_card"), i.ReadAsked(False),
        i.FieldGiven("name", "홍새벽"), i.FieldGiven("number", "9000002000001"), i.FieldGiven("issued", "2021-03-04"),
        f.Confirmed(), i.AttemptCounted("aa"), i.DocumentChecked("resident_card", document, "", "홍새벽"),
    ):  # fmt: skip
        at = flow.step(at, fact)
    return at


def test_a_thief_with_a_genuine_stolen_card_stops_at_not_proven() -> None:
    thief = at_result(Document.VERIFIED)
    for fact in FACTS:
        if isinstance(fact, b.NameCompared | o.OfficerAnswered):
            assert flow.step(thief, fact).draft.proof.holder is Holder.NOT_PROVEN
    done = flow.step(thief, f.Confirmed())
    found = flow.result(done)
    assert found is not None
    assert (found.checked, found.suffices) == (True, False)


def test_the_officer_or_the_account_prove_and_either_denies() -> None:
    called = flow.step(at_result(Document.VERIFIED), i.HolderAsked("officer"))
    assert flow.step(called, o.OfficerAnswered("v-o1", "holder matches", "officer-1", "")).draft.proof.suffices
    denied = flow.step(called, o.OfficerAnswered("v-o1", "holder differs", "officer-1", ""))
    assert denied.draft.proof.denied == {Factor.OFFICER_LIVE}
    again = flow.step(flow.step(denied, f.Resumed()), i.ConsentGiven("intake", "1", "00"))
    assert again.draft.proof.holder is Holder.DIFFERS
    card = flow.step(at_result(Document.VERIFIED), i.HolderAsked("card"))
    asked = flow.step(card, b.CardGiven("990", "9999"))
    assert asked.todo == (b.CompareName("v-c1", ("홍새벽",), ""),)
    assert flow.step(asked, b.NameCompared(True)).draft.proof.suffices
    unclear = flow.step(asked, b.NameCompared(False, unclear=True))
    assert (unclear.draft.proof.holder, unclear.draft.notice) == (Holder.NOT_PROVEN, "id.notice.names_unclear")
    assert flow.may_prove(unclear.draft)
    assert not flow.may_prove(flow.step(asked, b.NameCompared(False)).draft)
    refused = flow.step(asked, b.BankDeclined("CompareName", "wrong_pin"))
    assert (refused.draft.proof.holder, refused.draft.notice) == (Holder.NOT_PROVEN, "id.notice.card_refused")


def test_a_chip_is_asked_about_by_both_its_names_and_the_day_of_birth() -> None:
    at = flow.begin("v", "intake")
    for fact in (
        i.ConsentGiven("intake", "1", "00"), i.DocumentChosen("passport"), i.ReadAsked(False),
        i.FieldGiven("number", "M12345678"), i.FieldGiven("birth", "1990-08-15"), i.FieldGiven("expiry", "2034-04-15"),
        f.Confirmed(), i.AttemptCounted("aa"), i.DocumentSeen("present"),
        i.DocumentChecked("passport", Document.VERIFIED, "genuine", "홍새벽", "HONG SAEBYEOK"),
        i.HolderAsked("card"), b.CardGiven("990", "9999"),
    ):  # fmt: skip
        at = flow.step(at, fact)
    assert at.todo == (b.CompareName("v-c1", ("홍새벽", "HONG SAEBYEOK"), "1990-08-15"),)
    assert "M12345678" not in str(at.draft.fields)


@pytest.mark.parametrize("document", [each for each in Document if each is not Document.VERIFIED])
def test_an_officer_cannot_prove_the_holder_of_a_document_that_was_not_checked(document: Document) -> None:
    called = flow.step(at_result(document), i.HolderAsked("officer"))
    answered = flow.step(called, o.OfficerAnswered("v-o1", "holder matches", "officer-1", ""))
    assert answered.draft.proof.holder is Holder.NOT_PROVEN


def test_three_tries_a_visit_also_across_a_restart() -> None:
    at = at_result(Document.MISMATCH)
    for _ in range(5):
        if not flow.may_try(at.draft):
            break
        at = flow.step(flow.step(at, f.Retried()), f.Resumed())
        for fact in (
            i.ConsentGiven("intake", "1", "00"), i.DocumentChosen("licence"), i.ReadAsked(False),
            i.FieldGiven("name", "홍새벽"), i.FieldGiven("number", "990000000001"),
            i.FieldGiven("issued", "2021-03-04"), f.Confirmed(), i.AttemptCounted("bb"),
            i.DocumentChecked("licence", Document.UNKNOWN),
        ):  # fmt: skip
            at = flow.step(at, fact)
    assert at.draft.tries == 3
    assert flow.step(at, f.Retried()).step is Step.RESULT


def test_nothing_secret_outlives_leaving_or_a_restart() -> None:
    for fact in (f.Cancelled(), f.IdledOut(), f.Resumed()):
        after = flow.step(at_result(Document.VERIFIED), fact)
        assert after.draft.fields == {}
        assert "홍새벽" not in repr(after)
    assert "홍새벽" not in repr(at_result(Document.VERIFIED))


def test_three_tries_are_those_of_the_visit_however_often_it_is_begun_anew() -> None:
    """Leaving the shared steps and coming back opens no further try, no used id of a call, and forgets no denial."""
    denied = Proof("licence", Document.MISMATCH, denied=frozenset({Factor.ACCOUNT}))
    tried = At_(flow.Step.DONE, flow.Draft("v1", "bank", "intake", "licence", tries=3, calls=2, cards=1, proof=denied))
    after = Shown().begin("v1", tried)
    assert after.step is flow.Step.CONSENT
    assert (after.draft.tries, after.draft.calls, after.draft.cards) == (3, 2, 1)
    assert after.draft.proof.denied == {Factor.ACCOUNT}
    assert not flow.may_try(after.draft)
    once_more = flow.step(At_(Step.CONFIRM, changed(after.draft, kind="licence")), f.Confirmed())
    assert (once_more.step, once_more.todo) == (Step.RESULT, ())
    assert once_more.draft.refused == i.AttemptRefused("visit")
