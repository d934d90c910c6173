"""Every state of the maintenance mode: nothing unreachable, no dead end, a device at work ends by its own word only."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any

import pytest

from kiosk import care as c
from kiosk import facts as f
from kiosk.services.maintenance import flow
from kiosk.services.maintenance.flow import AT_WORK, At, Step
from tests.kiosk.walk import Walk, walk

CARD, WHO = "ab" * 32, "T-07"
SHOWN, READY = c.BoardSeen("left", 3, (1, 0), "move"), c.BoardSeen("left", 12, (1, 1), "ready", True)
FACTS: tuple[f.Fact, ...] = (
    f.Back(), f.Cancelled(), f.Confirmed(), f.Retried(), f.IdledOut(), f.Resumed(), f.Placed(2400), f.Lifted(),
    f.Faulted("branch", "internal"), c.BadgeShown(CARD), c.PinGiven("135790"), c.StaffAdmitted(WHO, CARD),
    c.StaffRefused(CARD, "wrong_pin", 4), c.StaffRefused(CARD, "locked", 0, "2026-07-02T01:00:00+00:00"),
    *(c.PageOpened(page, "label_printer" if page in ("device", "paper") else "") for page in flow.PAGES),
    c.TareAsked(), c.TareAsked(clear=True), c.PageOpened("device", "scale"),
    c.LearningAsked("dock"), c.PageOpened("device", "guard"),
    c.DoorAsked(7, "inspection"), c.DoorOpened(7, "inspection", WHO), c.DoorOpened(7, "inspection", WHO, "door_stuck"),
    c.SettlementGiven("t1", "done"), c.TaskSettled("t1", "done", WHO), c.ReadabilityGiven(True),
    c.ReadabilityGiven(False), c.SelfTested("label_printer", "strip", True),
    c.SelfTested("label_printer", "strip", False, "jam"), c.PaperLoaded("label_printer", "out", "consumable_out"),
    c.PaperLoaded("label_printer", "full"), c.PaperExchanged("label_printer", WHO), c.CameraChosen("left"), SHOWN,
    READY, c.LensFound("left", WHO, True, 0.2, 12), c.ReferenceChecked(WHO, True, (1.0, 2.0, 3.0), (1.0, 2.0, 3.0)),
    c.CheckRecalled("2026-07-01T23:00:00+00:00", True),
)  # fmt: skip
#: What ends the waiting of each step at which a device works.
OWN_WORD: dict[Step, tuple[type[f.Fact], ...]] = {
    Step.CHECKING: (c.StaffAdmitted, c.StaffRefused), Step.TESTING: (c.SelfTested,), Step.PRINTING: (c.SelfTested,),
    Step.OPENING: (c.DoorOpened,), Step.SETTLING: (c.TaskSettled, c.PaperExchanged),
    Step.SOLVING: (c.LensFound,), Step.GAUGING: (c.ReferenceChecked,),
}  # fmt: skip
INSIDE = frozenset(Step) - flow.DOORSTEP - {Step.LEFT}


def key(at: At) -> Hashable:
    """Where somebody stands, and what is known there."""
    k = at.draft
    return (at.step, bool(k.staff), k.device, k.refused, k.tested, k.paper, k.door, k.exchanged, k.why, k.board, k.lens,
            k.gauged, k.recalled)  # fmt: skip


@cache
def walked() -> Walk:
    return walk(flow.begin(CARD), flow.step, FACTS, key)


def moves() -> list[tuple[Any, f.Fact, Any]]:
    return [move for move in walked().moves if move[0].step is not Step.LEFT]


def test_every_step_is_reached() -> None:
    assert {at.step for at in walked().states.values()} == set(Step)


def test_from_every_step_the_mode_can_be_left() -> None:
    ways: dict[Hashable, set[Hashable]] = {}
    for at, _, after in moves():
        ways.setdefault(key(after), set()).add(key(at))
    reached = {key(at) for at in walked().states.values() if at.step is Step.LEFT}
    queue = list(reached)
    while queue:
        for before in ways.get(queue.pop(), set()) - reached:
            reached.add(before)
            queue.append(before)
    assert set(walked().states) == reached


def test_a_device_at_work_ends_by_its_own_word_or_a_fault_alone() -> None:
    assert set(OWN_WORD) == AT_WORK
    for at, fact, after in moves():
        if at.step in AT_WORK and after.step is not at.step:
            assert isinstance(fact, (*OWN_WORD[at.step], f.Faulted, f.Resumed)), (at.step, fact, after.step)
    for step in AT_WORK:
        left = {type(fact) for at, fact, after in moves() if at.step is step and after.step is not step}
        assert left >= {f.Faulted, f.Resumed}


def test_nobody_comes_in_but_by_being_admitted() -> None:
    for at, fact, after in moves():
        if at.step not in INSIDE and after.step in INSIDE:
            assert at.step is Step.CHECKING
            assert fact == c.StaffAdmitted(WHO, CARD)
    assert all(at.draft.staff == WHO for at in walked().states.values() if at.step in INSIDE)


def test_every_act_names_who() -> None:
    acts = [command for _, _, after in moves() for command in after.todo if not isinstance(command, c.CheckPin)]
    assert {type(act) for act in acts} == {
        c.SelfTest, c.SetTare, c.WatchPaper, c.PrintStrip, c.NoteExchange, c.OpenDoor, c.SettleTask,
        c.WatchBoard, c.SolveLens, c.CheckReference, c.LearnCamera, c.RecallCheck,
    }  # fmt: skip
    assert {vars(act).get("staff", WHO) for act in acts} == {WHO}


def test_paper_is_exchanged_only_after_the_sensors_and_the_eye_agree() -> None:
    for at, fact, after in moves():
        if any(isinstance(command, c.PrintStrip) for command in after.todo):
            assert at.draft.paper is not None
            assert at.draft.paper.code == ""
        if any(isinstance(command, c.NoteExchange) for command in after.todo):
            assert (at.step, fact) == (Step.STRIP, c.ReadabilityGiven(True))
            assert at.draft.tested is not None
            assert at.draft.tested.passed


def test_a_lens_is_solved_only_from_a_board_that_has_been_everywhere() -> None:
    for at, fact, after in moves():
        if any(isinstance(command, c.SolveLens) for command in after.todo):
            assert (at.step, fact) == (Step.BOARD, f.Confirmed())
            assert at.draft.board is not None
            assert at.draft.board.ready


def test_every_look_at_the_board_is_followed_by_the_next() -> None:
    looks = [after for at, fact, after in moves() if at.step is Step.BOARD and fact in (SHOWN, READY)]
    assert looks
    assert all(isinstance(after.todo[0], c.WatchBoard) and after.todo[0].seen == after.draft.board for after in looks)


@pytest.mark.parametrize("step", sorted(INSIDE - AT_WORK))
def test_silence_and_a_restart_leave_every_page(step: Step) -> None:
    for at in walked().states.values():
        if at.step is step:
            assert flow.step(at, f.IdledOut()).draft.why == "idle"
            assert flow.step(at, f.Resumed()).step is Step.LEFT
