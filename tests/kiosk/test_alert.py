"""What is a matter for a person, who is called next and when, and what the screen may say of it."""

from __future__ import annotations

import pytest

from kiosk.alert import AlarmAcknowledged, AlarmRaised, Book, reason


def raised(kind: str, urgency: str, camera: str = "dock", alarm: str = "a1") -> AlarmRaised:
    return AlarmRaised(alarm, camera, kind, urgency, "2026-07-02T05:41:07+00:00")


@pytest.mark.parametrize(
    ("kind", "urgency", "task"),
    [
        ("collision", "warning", ""), ("collision", "critical", "guard_collision"), ("speeding", "advisory", ""),
        ("person_down", "warning", "guard_person_down"), ("camera_covered", "warning", "guard_camera"),
        ("camera_slow", "advisory", ""), ("zone_intrusion", "warning", "guard_intrusion"),
    ],
)  # fmt: skip
def test_what_needs_a_person(kind: str, urgency: str, task: str) -> None:
    assert reason(raised(kind, urgency)) == task


def pressing(kind: str = "person_down", urgency: str = "warning") -> Book:
    book = Book()
    book.hear(raised(kind, urgency), 100.0)
    next(iter(book.open.values())).task = "t1"
    return book


def test_the_next_contact_is_called_every_minute_until_somebody_takes_it_up() -> None:
    book, contacts = pressing(), ("first", "second")
    assert book.due(159.9, {"t1": "calling"}, contacts, 60.0) == []
    named = [one.contact for t in (160.0, 200.0, 220.0, 280.0) for one in
             book.due(t, {"t1": "no_answer"}, contacts, 60.0)]
    assert named == ["first", "second", "first"]
    assert book.due(400.0, {"t1": "answered"}, contacts, 60.0) == []
    assert [one.contact for one in book.due(400.0, {"t1": "no_answer"}, contacts, 60.0)] == ["second"]
    book.hear(AlarmAcknowledged("a1", "T-07"), 401.0)
    assert book.due(900.0, {}, contacts, 60.0) == []


def test_a_warning_of_a_camera_is_called_for_once_and_never_escalated() -> None:
    book = pressing("camera_covered")
    assert book.due(1e6, {}, ("first",), 60.0) == []


def test_the_same_matter_told_again_does_not_begin_anew_but_can_become_pressing() -> None:
    book = pressing("zone_intrusion")
    book.hear(raised("zone_intrusion", "warning", alarm="a2"), 130.0)
    assert len(book.open) == 1
    assert next(iter(book.open.values())).raised.alarm == "a1"
    book.hear(raised("zone_intrusion", "critical", alarm="a3"), 150.0)
    assert book.due(209.0, {}, ("first",), 60.0) == []
    assert [one.alarm for one in book.due(210.0, {}, ("first",), 60.0)] == ["a1"]


def test_the_screen_says_what_is_recorded_of_the_call_and_only_for_its_own_cameras() -> None:
    book = pressing()
    assert book.notice({}, ("dock",)) == {"kind": "person_down", "state": "calling"}
    assert book.notice({"t1": "no_answer"}, ("dock",)) == {"kind": "person_down", "state": "no_answer"}
    assert book.notice({"t1": "on_the_way"}, ("lobby",)) is None
    assert pressing("camera_dark").notice({}, ("dock",)) is None
