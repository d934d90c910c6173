"""An officer's word in the shield: what it lifts, for how long, and what does not fit; and what is written down."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from devices.bench.bench import officer
from devices.bench.counter_web import OfficerPeer
from devices.counter import OfficerAnswer
from devices.officer_desk import OfficerQueue
from kiosk import facts as f
from kiosk.core import officers
from kiosk.flow import At, Intent
from kiosk.intake import facts as i
from kiosk.officer import facts as o
from kiosk.officer.bell import Bell, Times
from kiosk.services.bank import draft as d
from kiosk.services.bank import flow, records
from kiosk.services.bank.case import Answer
from kiosk.services.bank.draft import Draft, Step
from kiosk.tables import OfficerTable
from kiosk.words import Words
from tests.kiosk.bank.customer import BY_CARD, PROFILE, Customer, World
from tests.kiosk.bank.test_evasion import DESK, KNOWN, LOAN, STRANGER, on_the_phone, world
from tests.kiosk.bank.test_views import service, situation
from tests.kiosk.crew import configured

NOON = "2026-07-06T03:00:00+00:00"


def answered(answer: str, until: str = NOON) -> tuple[f.Fact, ...]:
    """An officer takes the call and says this."""
    return o.OfficerSaid("", "taken"), o.OfficerAnswered("", answer, "officer-1", until)


@pytest.mark.parametrize("answer", [OfficerAnswer.HOLDER_MATCHES, OfficerAnswer.HOLDER_DIFFERS])
def test_an_answer_that_does_not_fit_what_was_asked_changes_nothing_and_is_not_waited_for_again(answer: str) -> None:
    place = world(officer=answered(answer))
    guest = Customer(place, DESK)
    guest.pays(STRANGER, 2_000_000, says=on_the_phone)
    assert guest.does(d.OfficerAsked()) == Step.PAUSE
    assert guest.at.draft.notice == "bank.notice.other_answer"
    assert [each for each in guest.at.todo if isinstance(each, o.WatchOfficer)] == []
    assert records.load(place.judged[-1])[0].override is not None
    assert guest.at.draft.override is None


@pytest.mark.parametrize(
    ("after_s", "step"), [(1799, Step.SENT), (1800, Step.SENT), (1801, Step.STOP_WHY)]
)
def test_an_officer_s_word_is_good_until_its_end_also_on_the_last_screen(after_s: int, step: Step) -> None:
    place = world()
    guest = Customer(place, DESK)
    guest.pays(KNOWN, 10_000_000)
    place.officer = answered("approve purpose", place.now.replace(minute=place.now.minute + 30).isoformat())
    assert guest.does(d.OfficerAsked()) == Step.CONFIRM
    place.passes(after_s)
    assert guest.agrees() == step
    assert guest.at.draft.notice == ("bank.notice.expired" if step == Step.STOP_WHY else "")
    assert bool(place.sent) == (step == Step.SENT)


@pytest.mark.parametrize(
    ("after_s", "step"), [(1799, Step.SEALING), (1801, Step.PAUSE)]
)
def test_an_officer_s_word_on_an_application_ends_too_also_on_the_last_screen(after_s: int, step: Step) -> None:
    place = world()
    guest = Customer(place, DESK)
    assert guest.applies(LOAN, BY_CARD, says=lambda question: (question == "told", 6000)) == Step.PAUSE
    place.officer = answered("approve purpose", place.now.replace(minute=place.now.minute + 30).isoformat())
    assert guest.does(d.OfficerAsked()) == Step.WISH
    papers = (d.PaperLater(each) for each in ("income", "employment"))
    assert guest.does(d.Wished(1_000_000), d.TermChosen(36), *papers, i.Signed("name")) == Step.REVIEW
    place.passes(after_s)
    now = replace(situation(), now=place.now)
    agreed = service().hear(guest.at, Intent("confirm"), now)
    assert agreed == i.HandAgreed(place.iso)
    assert guest.does(agreed) == step
    assert guest.at.draft.notice == ("bank.notice.expired" if step == Step.PAUSE else "")


@pytest.mark.parametrize(("when", "step"), [(NOON, Step.CONTRACT_SEALING), ("2026-07-06T03:00:01+00:00", Step.PAUSE)])
def test_an_officer_s_word_on_a_contract_ends_too(when: str, step: Step) -> None:
    told = (Answer("told", True, 6000), Answer("app", False, 6000))
    lifted = records.Override("officer-1", "approve purpose")
    known = Draft(visit="v1", business="contract", kind="loan", profile=PROFILE, looked=True, answers=told,
                  override=lifted, override_until=NOON, signed="name")  # fmt: skip
    at = At(Step.CONTRACT_SURE, known)
    agreed = service().hear(at, Intent("confirm"), replace(situation(), now=datetime.fromisoformat(when)))
    assert flow.step(at, agreed, DESK).step == step


class Crew:
    """The officers' queue and nothing else."""

    def __init__(self, desk: OfficerQueue) -> None:
        self.officer = desk

    def check(self, name: str) -> None:
        """It answers."""


def watched(times: Times, looks: int = 1, ahead_s: float = 0.0) -> list[f.Fact | None]:
    """An officer approves, by a clock that is ahead so much, and the answer is looked for so often."""

    async def play() -> list[f.Fact | None]:
        peer = OfficerPeer("K0000001")
        desk = OfficerQueue("officer", f"http://127.0.0.1:{await peer.start()}", simulated=True)
        try:
            known = officers(configured().model_copy(update={"officers": (OfficerTable.model_validate(officer()),)}))
            crew: Any = Crew(desk)
            bell = Bell(crew, lambda posted: None, "K0000001", known, times)
            await bell.hands[o.CallOfficer]("v1", o.CallOfficer("v1-o1", "bank", "purpose"))
            peer.answer(OfficerAnswer.APPROVE_PURPOSE, ahead_s=ahead_s)
            watch = o.WatchOfficer("v1-o1", "waiting|1|")
            return [await bell.hands[o.WatchOfficer]("v1", watch) for _ in range(looks)]
        finally:
            await peer.stop()

    return asyncio.run(play())


def test_an_answer_that_comes_again_is_doubted() -> None:
    """The desk says the same signed word whenever it is asked; it is believed once."""
    first, second = watched(Times(look=0.01), looks=2)
    assert isinstance(first, o.OfficerAnswered), first
    assert second == o.AnswerDoubted("v1-o1", "again")


def test_an_officer_s_clock_may_be_ahead_a_little() -> None:
    """The answer counts as soon as its time has come; for one of another day nobody waits."""
    (soon,) = watched(Times(look=0.02, ahead=20.0), ahead_s=0.3)
    assert isinstance(soon, o.OfficerAnswered), soon
    (never,) = watched(Times(look=0.02, ahead=0.1), ahead_s=86_400)
    assert never == o.AnswerDoubted("v1-o1", "not_yet")


# What is written down


def dressed(at: At[Step, Draft], record: str) -> dict[str, object]:
    """The record as the service writes it, with the texts that were shown."""
    now = replace(situation(), now=datetime(2026, 7, 6, 1, 0, tzinfo=UTC))
    command = service().dress(at, i.NoteJudgement(record), now)
    assert isinstance(command, i.NoteJudgement)
    assert records.agrees(command.record)
    told: dict[str, object] = json.loads(command.record)
    return told


def sha(id_: str, **args: object) -> dict[str, str]:
    text = Words("ko").tell(id_, args)
    return {"id": id_, "language": "ko", "sha256": sha256(text.encode()).hexdigest()[:16]}


def test_questions_that_are_left_unanswered_are_written_down_as_far_as_they_came() -> None:
    place = world()
    guest = Customer(place, DESK)
    guest.does(d.KindChosen("account"), d.BusinessChosen("transfer"), d.PayeeBankChosen("991"),
               d.PayeeNumberGiven(STRANGER), d.AmountGiven(2_000_000, place.iso), d.Begun(0),
               d.Answered("told", False, 6000), f.Cancelled())  # fmt: skip
    assert guest.at.step == Step.OVER
    (record,) = place.judged
    said, outcome = records.load(record)
    assert [(each.question, each.ms) for each in said.answers] == [("told", 6000)]
    assert outcome["questions"] == ["call", "app"]
    shown = dressed(guest.at, record)["shown"]
    assert shown == [sha("shield.O2"), sha("bank.ask.told.question"), sha("bank.ask.told.hint"),
                     sha("bank.ask.call.question"), sha("bank.ask.call.hint")]  # fmt: skip


def test_the_texts_of_a_stop_are_kept_with_their_values() -> None:
    place = world(balance_won=1_500_000)
    place.books(1_200_000, "transfer_in", ago_s=600)
    guest = Customer(place, DESK)
    guest.pays(KNOWN, 400_000)
    shown = dressed(guest.at, place.judged[-1])["shown"]
    values = {"won": 300_000, "from": "10:20"}
    assert shown == [sha("shield.F1", **values), sha("shield.F1.detail", **values)]


def test_a_delay_that_the_customer_takes_is_in_the_record() -> None:
    place = world()
    guest = Customer(place, DESK)
    guest.pays(KNOWN, 50_000)
    assert dressed(guest.at, place.judged[-1])["shown"] == [sha("bank.confirm.delay")]
    guest.agrees(delayed=True)
    assert [records.load(each)[0].choice for each in place.judged] == ["", "delayed"]
    assert all(records.agrees(each) for each in place.judged)
    guest.at = guest.at.to(Step.ACCOUNT)
    guest.pays(KNOWN, 50_000)
    assert dressed(guest.at, place.judged[-1])["shown"] == []  # offered at the first transfer alone


def test_the_trusted_person_s_notice_is_in_the_texts() -> None:
    known = Draft(business="intake", kind="loan", profile=replace(PROFILE, age=70, trusted_person=True),
                  answers=(), looked=True)  # fmt: skip
    place = World()
    guest = Customer(place, DESK)
    guest.at = At(Step.LOOKING, known)
    guest.does(PROFILE, i.HoldKnown())
    guest.at = At(Step.LOOKING, known)
    guest.does(known.profile or PROFILE, i.HoldKnown())
    guest.replies(lambda question: (False, 6000))
    assert sha("shield.F9") in dressed(guest.at, place.judged[-1])["shown"]  # type: ignore[operator]  # a list


def test_whoever_is_asked_may_have_a_leaflet_on_paper() -> None:
    place = world()
    guest = Customer(place, DESK)
    guest.does(d.KindChosen("account"), d.BusinessChosen("transfer"), d.PayeeBankChosen("991"),
               d.PayeeNumberGiven(STRANGER), d.AmountGiven(2_000_000, place.iso))  # fmt: skip
    assert "slip" in service().view(guest.at, situation()).offers
    guest.does(d.SlipAsked())
    (job,) = [each for each in guest.at.todo if isinstance(each, f.PrintReceipt)]
    assert (job.what, guest.at.draft.leaflet) == ("leaflet", "printing")
    assert "slip" not in service().view(guest.at, situation()).offers
    guest.does(d.Begun(0), f.ReceiptPrinted(job.job))
    assert (guest.at.step, guest.at.draft.leaflet) == (Step.ASK, "printed")


def test_why_it_is_asked_is_said_and_what_nobody_knows_first() -> None:
    place = world(profile=replace(PROFILE, last_machine_transfer=""))
    guest = Customer(place, DESK)
    guest.does(d.KindChosen("account"), d.BusinessChosen("transfer"), d.PayeeBankChosen("991"),
               d.PayeeNumberGiven(STRANGER), d.AmountGiven(5_000_000, place.iso))  # fmt: skip
    view = service().view(guest.at, situation())
    assert view.values["reason"] == "shield.F12.unknown"
    assert view.speech[0].id == "shield.F12.unknown"
