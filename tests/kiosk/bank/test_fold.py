"""An application in its journal: after a stop the bank is asked about it, never given a second one under its key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from devices.counter import OfficerAnswer
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.identification import facts as n
from kiosk.intake import facts as i
from kiosk.officer import facts as o
from kiosk.proof import Document
from kiosk.services.bank import draft as d
from kiosk.services.bank import flow
from kiosk.services.bank.case import Act, Case
from kiosk.services.bank.caution import Desk
from kiosk.services.bank.draft import Step
from kiosk.services.bank.flow import Counter
from kiosk.services.bank.frauds import read_book
from kiosk.services.bank.proving import Shown
from kiosk.services.bank.shelves import read_shelf
from kiosk.services.bank.shield import assess
from tests.kiosk.marks import stripped

DESK = Desk(read_shelf(Path("config/banks")), read_book(Path("config/fraud.toml")), Shown())
PRODUCT = next(each for each in DESK.shelf.products if each.id == "hanbit-living")
TO_IDENTITY: tuple[f.Fact, ...] = (
    d.KindChosen("loan"), d.ProductChosen(PRODUCT.id), d.ApplyAsked(),
    *(d.Understood(each.id, "ko", "0" * 64) for each in PRODUCT.disclosures),
    *(d.Replied(each.id, each.id != "arrears") for each in PRODUCT.questions), f.Confirmed(),
)  # fmt: skip
SHOWN: tuple[f.Fact, ...] = (
    n.ConsentGiven("intake", "1", "00", ("contact",)), n.DocumentChosen("passport"), n.ReadAsked(False),
    n.FieldGiven("number", "M12345678"), n.FieldGiven("birth", "1990-08-15"), n.FieldGiven("expiry", "2034-04-15"),
    f.Confirmed(), n.AttemptCounted("aa"), n.DocumentSeen("present"),
    n.DocumentChecked("passport", Document.VERIFIED, "genuine", "홍새벽", "HONG SAEBYEOK"),
)  # fmt: skip
PROVEN: tuple[f.Fact, ...] = (
    n.HolderAsked("card"), b.CardGiven("990", "9410-12**-****-3456"), b.NameCompared(True), f.Confirmed(),
)  # fmt: skip
ASKED = assess(Case(Act.LOAN, block="clear", age=36), (), DESK.book).questions
APPLIED: tuple[f.Fact, ...] = (
    b.ProfileTold(36, blocks=()), i.HoldKnown(), d.Begun(0),
    *(d.Answered(each, False, 9000 * at) for at, each in enumerate(ASKED, 1)),
    d.Wished(1_000_000), d.TermChosen(36), d.PhoneGiven("01012345678"),
    *(d.PaperLater(name) for name in ("income", "employment")), i.Signed("hand", "1,1 2,2"), i.HandAgreed(),
    i.ApplicationSealed("v1-h1", "00"),
)  # fmt: skip
WHOLE = (*TO_IDENTITY, *SHOWN, *PROVEN, *APPLIED)


def known(at: Counter) -> Any:
    """What must not be forgotten."""
    k = at.draft
    inner = k.identity.draft if k.identity is not None else None
    shown = (inner.tries, inner.calls, inner.proof, inner.held) if inner is not None else None
    return at.step, at.within, k.hands, k.attempt, k.officers, k.proof, k.sealed, k.reference, shown


def both(*facts: f.Fact) -> tuple[Counter, Counter]:
    """The visit as it goes, and as its journal tells it."""
    live = told = flow.begin(f.VisitStarted("bank", "ko", "v1"))
    for fact in facts:
        live, told = flow.step(live, fact, DESK), flow.step(told, stripped(fact), DESK)
        assert known(live) == known(told), fact
    return live, told


def test_an_application_in_the_air_is_asked_about_after_a_stop() -> None:
    live, told = both(*WHOLE)
    assert live.step == Step.HANDING
    resumed = flow.step(told, f.Resumed(), DESK)
    assert (resumed.step, resumed.todo) == (Step.DOUBT, (b.EnquireHandIn("v1-h1", 0),))
    received = flow.step(resumed, b.HandedIn("v1-h1", "990-000001"), DESK)
    assert (received.step, received.draft.reference) == (Step.RECEIVED, "990-000001")


def test_a_received_application_keeps_its_reference_over_a_stop() -> None:
    _, told = both(*WHOLE, b.HandedIn("v1-h1", "990-000001"))
    resumed = flow.step(told, f.Resumed(), DESK)
    assert (resumed.step, resumed.draft.reference) == (Step.RECEIVED, "990-000001")


def test_a_second_application_of_a_visit_has_a_key_of_its_own_after_a_stop() -> None:
    _, told = both(*WHOLE, b.HandInDeclined("v1-h1", "closed_now"), f.Resumed(), *WHOLE[:-1])
    assert told.step == Step.SEALING
    assert told.draft.hand_key == "v1-h2"


@pytest.mark.parametrize("stop", range(len(WHOLE)))
def test_wherever_a_stop_comes_an_officer_is_never_called_by_a_used_id(stop: int) -> None:
    """Called once, then a stop anywhere: the next call of the visit has the next number."""
    calls: tuple[f.Fact, ...] = (n.HolderAsked("officer"), o.OfficerSaid("v1-o1", "waiting", 1), f.Back())
    before = (*TO_IDENTITY, *SHOWN, *calls)
    _, told = both(*before, *WHOLE[len(before) - len(calls):][:stop], f.Resumed())  # fmt: skip
    if told.step != Step.START:
        return
    again = told
    for fact in (*TO_IDENTITY, *SHOWN, n.HolderAsked("officer")):
        again = flow.step(again, stripped(fact), DESK)
    (call,) = [each for each in again.todo if isinstance(each, o.CallOfficer)]
    assert call.request == "v1-o2"
    late = o.OfficerAnswered("v1-o1", OfficerAnswer.HOLDER_MATCHES, "officer-1", "")
    assert not flow.step(again, late, DESK).draft.identity.draft.proof.suffices


def test_an_officer_called_by_the_shield_leaves_no_used_id_to_the_showing_of_a_document() -> None:
    told = flow.step(flow.begin(f.VisitStarted("bank", "ko", "v1")), o.OfficerSaid("v1-o3", "waiting", 1), DESK)
    for fact in (*TO_IDENTITY, *SHOWN, n.HolderAsked("officer")):
        told = flow.step(told, fact, DESK)
    assert [each.request for each in told.todo if isinstance(each, o.CallOfficer)] == ["v1-o4"]
