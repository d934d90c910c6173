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
from kiosk.proof import Document
from kiosk.words import catalogue
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
