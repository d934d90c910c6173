"""What is a matter for a person, who is called next and when, and what the screen may say of it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.alert import CALL_DESK, AlarmAcknowledged, AlarmRaised, Book, number, reason
from kiosk.facts import StaffAnswered, StaffTaskClosed, StaffTaskRaised


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
    tasked(book, "t1", kind)
    return book


def tasked(book: Book, task: str, kind: str = "person_down") -> None:
    book.hear(StaffTaskRaised(task, reason(raised(kind, "critical")), "dock 07-02 14:41:07"), 100.0)


def called(book: Book, now: float, *contacts: str) -> list[str]:
    """Who is called now, written down as the desk does."""
    facts = book.due(now, contacts or ("first", "second"), 60.0)
    for fact in facts:
        book.hear(fact, now)
    return [fact.contact for fact in facts]


def test_the_next_contact_is_called_every_minute_until_somebody_takes_it_up() -> None:
    book = pressing()
    assert called(book, 159.9) == []
    book.hear(StaffAnswered("t1", "no_answer"), 159.0)
    assert [one for t in (160.0, 200.0, 220.0, 280.0) for one in called(book, t)] == ["first", "second", "first"]
    book.hear(StaffAnswered("t1", "answered"), 390.0)
    assert called(book, 400.0) == []
    book.hear(StaffAnswered("t1", "no_answer"), 399.0)
    assert called(book, 400.0) == ["second"]
    book.hear(AlarmAcknowledged("a1", "T-07"), 401.0)
    assert called(book, 900.0) == []


def test_a_warning_of_a_camera_is_called_for_once_and_never_escalated() -> None:
    book = pressing("camera_covered")
    assert called(book, 1e6) == []


def test_the_same_matter_told_again_does_not_begin_anew_but_can_become_pressing() -> None:
    book = pressing("zone_intrusion")
    book.hear(raised("zone_intrusion", "warning", alarm="a2"), 130.0)
    assert list(book.open) == ["a1"]
    book.hear(raised("zone_intrusion", "critical", alarm="a3"), 150.0)
    assert book.due(209.0, ("first",), 60.0) == []
    assert [one.alarm for one in book.due(210.0, ("first",), 60.0)] == ["a1"]


@pytest.mark.parametrize("state", ["answered", "on_the_way"])
def test_a_second_fall_after_the_first_was_taken_up_is_called_for_and_shown_as_nobody_s_yet(state: str) -> None:
    book = pressing()
    book.hear(StaffAnswered("t1", state), 120.0)
    book.hear(raised("person_down", "critical", alarm="a2"), 130.0)  # the same fall, told as critical
    assert list(book.open) == ["a1"]
    book.hear(raised("person_down", "warning", alarm="a3"), 3 * 3600.0)
    tasked(book, "t2")
    assert book.notice(("dock",)) == {"kind": "person_down", "state": "calling", "matter": "a3"}
    assert called(book, 3 * 3600.0 + 60) == ["first"]
    assert book.open["a3"].contacts == 1
    book.hear(StaffAnswered("t2", "no_answer"), 3 * 3600.0 + 70)
    assert book.notice(("dock",)) == {"kind": "person_down", "state": "no_answer", "matter": "a3"}
    assert [one.task for one in book.open.values()] == ["t1", "t2"]


def test_what_the_call_desk_has_closed_is_over_and_the_next_is_new_at_once() -> None:
    book = pressing()
    book.hear(StaffAnswered("t1", "answered"), 110.0)
    book.hear(StaffTaskClosed("t1"), 111.0)
    assert book.notice(("dock",)) is None
    assert called(book, 1e5) == []
    assert (book.open["a1"].closed, book.open["a1"].by) == (True, CALL_DESK)
    book.hear(raised("person_down", "warning", alarm="a2"), 112.0)
    assert book.notice(("dock",)) == {"kind": "person_down", "state": "calling", "matter": "a2"}


def test_a_camera_somebody_sees_to_is_not_called_for_again_until_the_call_is_closed() -> None:
    book = pressing("camera_lost")
    book.hear(StaffAnswered("t1", "on_the_way"), 110.0)
    book.hear(raised("camera_covered", "warning", alarm="a2"), 5000.0)
    assert list(book.open) == ["a1"]
    book.hear(StaffTaskClosed("t1"), 5001.0)
    book.hear(raised("camera_misfit", "warning", alarm="a3"), 5002.0)
    assert list(book.open) == ["a1", "a3"]


def test_the_screen_says_what_is_recorded_of_the_call_and_only_for_its_own_cameras() -> None:
    book = pressing()
    assert book.notice(("dock",)) == {"kind": "person_down", "state": "calling", "matter": "a1"}
    book.hear(StaffAnswered("t1", "no_answer"), 101.0)
    assert book.notice(("dock",)) == {"kind": "person_down", "state": "no_answer", "matter": "a1"}
    book.hear(StaffAnswered("t1", "on_the_way"), 102.0)
    assert book.notice(("lobby",)) is None
    assert pressing("camera_dark").notice(("dock",)) is None


def test_of_two_matters_the_screen_shows_the_one_that_nobody_has_taken_up() -> None:
    book = pressing()
    book.hear(raised("collision", "critical", alarm="a2"), 200.0)
    tasked(book, "t2", "collision")
    book.hear(StaffAnswered("t2", "answered"), 210.0)
    assert book.notice(("dock",)) == {"kind": "person_down", "state": "calling", "matter": "a1"}
    book.hear(StaffAnswered("t1", "answered"), 220.0)
    assert book.notice(("dock",)) == {"kind": "collision", "state": "answered", "matter": "a2"}


def at(alarm: str, minute: int) -> AlarmRaised:
    return AlarmRaised(alarm, "dock", "collision", "critical", f"2026-07-02T05:{minute:02d}:07.250+00:00")


def test_what_is_acknowledged_with_a_matter_is_what_was_raised_from_it_to_the_next() -> None:
    book, hour = Book(), datetime(2026, 7, 2, 5, tzinfo=UTC).timestamp()
    book.hear(at("a1", 1), 60.0)
    tasked(book, "t1", "collision")
    book.hear(at("a2", 2), 120.0)
    book.hear(StaffAnswered("t1", "answered"), 130.0)
    book.hear(at("a3", 30), 1800.0)
    first, second = book.span("a1", hour + 3600), book.span("a3", hour + 3600)
    assert first is not None
    assert second is not None
    assert first[1] is None
    assert (first[2], *second[1:]) == pytest.approx((hour + 1807.249, hour + 1807.249, hour + 3600 - 0.001))
    book.hear(AlarmAcknowledged("a1", "T-07"), 3600.0)
    clock_set_back = book.span("a3", hour)
    assert clock_set_back is not None
    assert clock_set_back[1] is None
    assert clock_set_back[2] == pytest.approx(hour + 1807.251)
    assert book.span("a1", hour) is None


def test_staff_tell_one_task_from_another_by_the_branch_s_own_time() -> None:
    assert number(raised("person_down", "warning"), ZoneInfo("Asia/Seoul")) == "dock 07-02 14:41:07"
