"""What the customer is told: only what can be had is promised, and a lost reader is not waited for in silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from devices.ports import DeviceState, Status
from kiosk import facts as f
from kiosk.flow import Situation, View, changed
from kiosk.identification import facts as i
from kiosk.identification import flow, views
from kiosk.identification.consents import wording
from kiosk.identification.flow import At_
from kiosk.officer import facts as o
from kiosk.proof import Document
from kiosk.words import Words, catalogue
from tests.kiosk.identification.test_flow import at_result

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
THERE = ("id_check", "id_reader", "document_camera", "officer", "pin_pad", "bank_host")


def shown(at: At_, *without: str) -> View:
    """The view where these devices are out of order."""
    devices: Mapping[str, Status] = {
        name: Status(DeviceState.OFFLINE if name in without else DeviceState.ONLINE, NOW, NOW) for name in THERE
    }
    return views.view(at, Situation(NOW, NOW, "ko", devices), wording())


@pytest.mark.parametrize(
    ("tries", "without", "next_"),
    [(1, (), "both"), (1, ("officer",), "again"), (3, (), "officer"), (3, ("officer",), "neither")],
)
def test_whose_document_was_not_checked_is_told_what_there_is(tries: int, without: tuple[str, ...], next_: str) -> None:
    at = at_result(Document.LOST, "check")
    at = At_(at.step, changed(at.draft, tries=tries))
    view = shown(at, *without)
    assert view.values["next"] == next_
    assert ("retry" in view.offers) == (next_ in ("both", "again"))
    assert ("prove" in view.offers) == (next_ in ("both", "officer"))
    assert [line.id for line in view.speech] == ["id.result.not_checked", f"id.result.not_checked.{next_}"]
    assert {line.id for line in view.speech} <= catalogue("ko").keys()


def at_the_reader() -> At_:
    """A passport is asked onto the reader."""
    at = flow.begin("v", "check")
    for fact in (
        i.ConsentGiven("check", "1", "00"), i.DocumentChosen("passport"), i.ReadAsked(False),
        i.FieldGiven("number", "M12345678"), i.FieldGiven("birth", "1990-08-15"), i.FieldGiven("expiry", "2034-04-15"),
        f.Confirmed(), i.AttemptCounted("aa"),
    ):  # fmt: skip
        at = flow.step(at, fact)
    return at


def test_a_reader_that_is_lost_while_a_document_is_asked_for_is_told() -> None:
    assert shown(at_the_reader()).notice is None
    lost = shown(at_the_reader(), "id_reader")
    assert lost.notice is not None
    assert lost.notice.id == "id.notice.reader_lost"
    assert "back" in lost.offers


@pytest.mark.parametrize(("state", "notice"), [("collision", "two_cards"), ("mute", "mute"), ("absent", "")])
def test_what_lies_there_and_cannot_be_read_is_told(state: str, notice: str) -> None:
    at = flow.step(at_the_reader(), i.DocumentSeen(state))
    assert at.draft.notice == (f"id.notice.{notice}" if notice else "")
    assert at.todo == (i.WatchDocument(state),)


def test_holder_is_asked_for_only_where_something_rests_on_it() -> None:
    intake, plain = shown(at_result(Document.VERIFIED)), shown(at_result(Document.VERIFIED, "check"))
    assert intake.values["ways"] == ["officer", "card"]
    assert "id.result.holder" in [line.id for line in intake.speech]
    assert plain.values["ways"] == []
    alone = shown(at_result(Document.VERIFIED), "officer", "pin_pad")
    assert (alone.values["ways"], [line.id for line in alone.speech]) == ([], ["id.result.checked.speech"])


def heard(view: View, alone: bool, language: str = "ko") -> str:
    """What is said of a view, through earphones alone or aloud."""
    return " ".join(Words(language).tell(line.id, line.args) for line in view.speech if alone or not line.private)


def typed(kind: str, *fields: tuple[str, str]) -> At_:
    """A document whose fields were typed, before it is asked whether they are right."""
    at = flow.begin("v", "check")
    for fact in (i.ConsentGiven("check", "1", "00"), i.DocumentChosen(kind), i.ReadAsked(False)):
        at = flow.step(at, fact)
    for name, text in fields:
        at = flow.step(at, i.FieldGiven(name, text))
    return at


@pytest.mark.parametrize(
    ("kind", "fields", "ear"),
    [("resident_card", (("name", "홍새벽"), ("number", "9008152000001"), ("issued", "2021-03-04")),
      ("홍 별표 벽", "9 0 0 8 1 5, 2", "2 0 2 1, 0 3, 0 4")),
     ("passport", (("number", "M12345678"), ("birth", "1990-08-15"), ("expiry", "2034-04-15")),
      ("6 7 8", "1990년", "2034년"))],
)  # fmt: skip
def test_who_cannot_see_hears_what_is_to_be_confirmed_through_earphones_alone(
    kind: str, fields: tuple[tuple[str, str], ...], ear: tuple[str, ...]
) -> None:
    """As much as the screen shows, and no more: what is hidden there is hidden here."""
    view = shown(typed(kind, *fields))
    assert view.screen == "identity/Confirm"
    assert [each for each in ear if each not in heard(view, alone=True)] == []
    assert [each for each in ear if each in heard(view, alone=False)] == []
    digits = "".join(letter for letter in heard(view, alone=True) if letter.isdigit())
    assert "9008152000001" not in digits
    assert "12345678" not in digits


def test_that_a_camera_has_read_it_and_that_a_digit_is_odd_is_said_too() -> None:
    at = typed("resident_card", ("name", "홍새벽"), ("number", "9008152000001"), ("issued", "2021-03-04"))
    read = At_(at.step, changed(at.draft, read=("name",)))
    assert [line.id for line in shown(read).speech if not line.private] == [
        "id.confirm.read", "id.confirm.doubt", "id.confirm.speech"]  # fmt: skip


def test_what_an_officer_writes_is_said_to_one_person_and_the_place_in_the_queue_to_all() -> None:
    at = at_result(Document.VERIFIED)
    said = o.OfficerSaid(at.draft.request, "waiting", 2, "곧 갑니다")
    view = shown(At_(flow.Step.OFFICER, changed(at.draft, said=said)))
    assert "곧 갑니다" in heard(view, alone=True)
    assert "곧 갑니다" not in heard(view, alone=False)
    assert "2번째" in heard(view, alone=False)


@pytest.mark.parametrize(("until", "said"), [("2026-11-30T05:00:00+00:00", "05:00"), ("", "세 번")])
def test_until_when_nothing_is_checked_is_said(until: str, said: str) -> None:
    at = at_result(Document.NOT_CHECKED)
    limited = At_(at.step, changed(at.draft, refused=i.AttemptRefused("number", until)))
    assert said in heard(shown(limited), alone=False)


@pytest.mark.parametrize("tag", ["ko", "en"])
def test_a_contract_asks_for_nothing_that_decides_nothing_there(tag: str) -> None:
    """Nobody is called about a contract; what is kept of a number is said wherever one is asked for."""
    told = wording()[tag]
    assert (told["contract"].optional, told["intake"].optional) == ((), ("contact",))
    for purpose in ("check", "intake", "contract"):
        assert "keep" in told[purpose].required
    again = flow.again(flow.begin("v", "intake", "bank"), 0, "contract")
    assert views.view(again, Situation(NOW, NOW, tag, {}), wording()).values["consent"] == "contract"
