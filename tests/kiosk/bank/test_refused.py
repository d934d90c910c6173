"""What the bank counter does not believe, and where it goes no further: real drivers, real wires, over the link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.agency import Word
from devices.counter import OfficerAnswer, QueueState
from kiosk.banking import facts as b
from kiosk.intake import facts as i
from kiosk.services.bank import records
from tests.branch import until
from tests.kiosk.bank import walk
from tests.kiosk.bank.hands import Hands, hands
from tests.kiosk.bank.stage import Standing
from tests.kiosk.bank.walk import KNOWN, ME, STRANGER


@pytest.fixture
def stands(tmp_path: Path) -> Iterator[Standing]:
    with Standing(tmp_path) as counter:
        yield counter


@pytest.fixture
def guest(stands: Standing) -> Iterator[Hands]:
    with hands("link", stands.link) as someone:
        yield someone


def an_officer_answers(stands: Standing, guest: Hands, answer: OfficerAnswer) -> None:
    """Call one, and have them answer this call."""
    guest.does("officer")
    guest.sees("Officer")
    until(lambda: stands.act(stands.counter.officers.newest) is not None, 20, "the call is in the queue")
    stands.act(stands.counter.officers.answer, answer)


def test_an_officer_s_signed_word_lets_it_go_on_and_a_forged_one_does_not(stands: Standing, guest: Hands) -> None:
    officers = stands.counter.officers
    walk.begins_transfer(stands, guest, STRANGER, 1_200_000)
    walk.answers(guest, "app")
    stands.act(officers.order, "wrongly_signed", True)
    an_officer_answers(stands, guest, OfficerAnswer.APPROVE_PURPOSE)
    notice = guest.sees("Pause")["notice"]
    assert notice["id"] == "bank.notice.doubted"
    stands.act(officers.order, "wrongly_signed", False)
    an_officer_answers(stands, guest, OfficerAnswer.APPROVE_PURPOSE)
    guest.sees("Confirm")
    until(lambda: bool(overrides(stands)), 10, "it is written who went against the rules")
    assert [(each.by, each.decision) for each in overrides(stands)] == [("officer-1", "approve purpose")]
    guest.does("agree", won=1_200_000, delayed=False)
    assert guest.sees("Sent")["values"]["won"] == 1_200_000
    assert stands.counter.bank.balance(ME) == 1_800_000


@pytest.mark.timeout(240)
def test_a_wait_and_the_officers_queue_know_of_a_restart(stands: Standing) -> None:
    """Somebody admits it and calls an officer, then the core stops: the call is withdrawn, the wait is kept."""
    with hands("link", stands.link) as guest:
        walk.begins_transfer(stands, guest, STRANGER, 1_200_000)
        walk.answers(guest, "app")
        guest.does("officer")
        guest.sees("Officer")
        until(lambda: stands.act(stands.counter.officers.newest) is not None, 20, "the call is in the queue")
    call = stands.act(stands.counter.officers.newest)
    assert call is not None
    stands.restart()
    until(lambda: call.state is QueueState.WITHDRAWN, 20, "nobody waits for an officer")
    with hands("link", stands.link) as guest:
        guest.sees("Start")
        guest.does("cancel")
        walk.begins_transfer(stands, guest, STRANGER, 50_000)
        assert guest.sees("Pause")["values"]["reasons"] == ["shield.O8"]
    assert len(stands.facts(i.HoldKept)) == 1


def overrides(stands: Standing) -> list[records.Override]:
    """Who went against the rules, as the shield's decisions have it; they are written beside the screen."""
    noted = [records.load(each.record)[0].override for each in stands.facts(i.Judged)]
    return [each for each in noted if each is not None]


def test_questions_that_somebody_walks_away_from_are_in_the_journal(stands: Standing, guest: Hands) -> None:
    walk.begins_transfer(stands, guest, STRANGER, 1_200_000)
    guest.sees("AskFirst")
    guest.does("begin")
    question = guest.sees("Ask")["values"]["question"]
    guest.does("answer", question=question, yes=False)
    guest.sees("Ask", so=lambda now: now["at"] == 2)
    guest.does("cancel")
    guest.sees("Attract")
    until(lambda: bool(stands.facts(i.Judged)), 10, "it is written how far they came")
    (judged,) = stands.facts(i.Judged)
    said, outcome = records.load(judged.record)
    assert [each.question for each in said.answers] == [question]
    assert outcome["questions"]
    assert records.agrees(judged.record)


def test_a_stolen_card_without_its_holder_gets_no_further_than_not_proven(stands: Standing, guest: Hands) -> None:
    """A genuine document, checked; no officer, no account: not one step on."""
    walk.to_identity(guest)
    assert walk.shows_an_id(guest)["state"] == "checked"
    guest.does("confirm")
    guest.sees("Unproven")
    assert stands.counter.intake.book.entries == []


def test_another_s_card_says_nothing_of_the_holder_s_safety_block(stands: Standing, guest: Hands) -> None:
    """The holder, whose block is set, is proven by an officer and puts in somebody else's card."""
    stands.act(stands.counter.bank.set_block, ME, "lending")
    walk.to_identity(guest)
    walk.shows_an_id(guest)
    guest.does("prove", way="officer")
    guest.sees("Officer")
    until(lambda: stands.act(stands.counter.officers.newest) is not None, 20, "the call is in the queue")
    stands.act(stands.counter.officers.answer, OfficerAnswer.HOLDER_MATCHES)
    guest.sees("Result", so=lambda now: now["state"] == "proven")
    guest.does("confirm")
    guest.sees("Card")
    stands.act(stands.counter.inserts_card, 1)
    assert guest.sees("Unproven", noticed=True)["notice"]["id"] == "bank.notice.other_holder"
    assert stands.facts(b.ProfileTold) == []


def test_above_the_limit_the_limit_is_named_and_nothing_is_sent(stands: Standing, guest: Hands) -> None:
    walk.begins_transfer(stands, guest, KNOWN, 3_000_001)
    view = guest.sees("Amount", noticed=True)
    assert view["notice"] == {"id": "error.bank.balance", "args": {"won": 3_000_000}, "private": True}
    assert stands.counter.bank.balance(ME) == 3_000_000


def test_what_the_bank_decided_is_shown_by_its_signature_and_its_newest_word_alone(
    stands: Standing, guest: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = stands.counter.intake
    row = {"service_id": "k", "key": "k", "kind": "applications", "bank": "990", "product": "p", "sealed": "",
           "when": "", "reference": "990-000001"}  # fmt: skip
    stands.act(lambda: intake.book.write("hand_in", **row))
    stands.act(intake.decide, "990-000001", Word.APPROVED)
    stands.act(intake.order, "wrongly_signed", True)
    walk.enters(guest, "status")
    guest.sees("Reference")
    guest.does("set_reference", bank="990", text="990-000001")
    assert guest.sees("Reference", noticed=True)["notice"]["id"] == "bank.notice.decision_doubted"
    (doubt,) = stands.facts(b.HostDoubted)
    assert (doubt.device, doubt.why) == ("bank_desk", "wrongly_signed")
    stands.act(intake.order, "wrongly_signed", False)
    guest.does("set_reference", bank="990", text="990-000001")
    assert guest.sees("Decision")["values"]["word"] == "approved"
    old = stands.act(intake._decision, "990", "990-000001")
    stands.act(intake.decide, "990-000001", Word.REFUSED)
    guest.does("back")
    guest.sees("Start")
    guest.does("choose_kind", kind="status")
    guest.sees("Reference")
    guest.does("set_reference", bank="990", text="990-000001")
    assert guest.sees("Decision", so=lambda now: now["word"] != "approved")["values"]["word"] == "refused"
    guest.does("confirm")
    monkeypatch.setattr(intake, "_decision", lambda *_: old)  # signed by the bank, and no longer true
    walk.enters(guest, "status")
    guest.sees("Reference")
    guest.does("set_reference", bank="990", text="990-000001")
    assert guest.sees("Reference", noticed=True)["notice"]["id"] == "bank.notice.decision_doubted"
    assert [each.why for each in stands.facts(b.HostDoubted)] == ["wrongly_signed", "replayed"]
