"""The maintenance mode as a flow: badge, PIN, then pages. Pure: (At, Fact) -> At."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from kiosk import care as c
from kiosk import facts as f
from kiosk.flow import At as Place


class Step(StrEnum):
    """Where a person of the staff stands."""

    PIN = "pin"
    CHECKING = "checking"
    OVERVIEW = "overview"
    DEVICE = "device"
    TESTING = "testing"
    PAPER = "paper"
    STRIP = "strip"
    PRINTING = "printing"
    LOCKER = "locker"
    OPENING = "opening"
    TASKS = "tasks"
    SETTLING = "settling"
    FAULTS = "faults"
    RIG = "rig"
    BOARD = "board"
    SOLVING = "solving"
    GAUGING = "gauging"
    LEFT = "left"


#: The pages that may be opened from the overview, by the word of PageOpened.
PAGES = {
    page: Step(page) for page in ("overview", "device", "paper", "locker", "tasks", "faults", "rig")
}  # fmt: skip
#: Pages on which a device is at work: nobody leaves them before its word has come.
AT_WORK = frozenset(
    {Step.CHECKING, Step.TESTING, Step.PRINTING, Step.OPENING, Step.SETTLING, Step.SOLVING, Step.GAUGING}
)
DOORSTEP = frozenset({Step.PIN, Step.CHECKING})


@dataclass(frozen=True)
class Draft:
    """What is known: the badge, the person, the device of the page, and the last word of whatever was tried."""

    card: str = ""
    staff: str = ""
    role: str = ""
    device: str = ""
    refused: c.StaffRefused | None = None
    tested: c.SelfTested | None = None
    paper: c.PaperLoaded | None = None
    door: c.DoorOpened | None = None
    board: c.BoardSeen | None = None
    lens: c.LensFound | None = None
    gauged: c.ReferenceChecked | None = None
    recalled: c.CheckRecalled | None = None
    exchanged: bool = False
    why: str = ""


At: TypeAlias = Place[Step, Draft]


def begin(card: str = "") -> At:
    """At the PIN."""
    return Place(Step.PIN, Draft(card))


def step(at: At, fact: f.Fact) -> At:
    """Where this fact leads."""
    if at.step is Step.LEFT:
        return at.stay()
    match fact:
        case f.Resumed():
            return at.to(Step.LEFT, why="restart")
        case f.IdledOut() if at.step not in AT_WORK:
            return at.to(Step.LEFT, why="idle")
        case c.BadgeShown(card) if at.step is Step.PIN:
            return at.stay(card=card, refused=None)
    if at.step in DOORSTEP:
        return _doorstep(at, fact)
    return _working(at, fact) if at.step in AT_WORK else _page(at, fact)


def _doorstep(at: At, fact: f.Fact) -> At:
    match at.step, fact:
        case Step.PIN, c.PinGiven(pin):
            return at.to(Step.CHECKING, c.CheckPin(at.draft.card, pin), refused=None)
        case Step.PIN, f.Cancelled() | f.Back():
            return at.to(Step.LEFT, why="left")
        case Step.CHECKING, c.StaffAdmitted(staff, _, role):
            return at.to(Step.OVERVIEW, staff=staff, role=role)
        case Step.CHECKING, c.StaffRefused() as refused:
            return at.to(Step.PIN, refused=refused)
        case Step.CHECKING, f.Faulted():
            return at.to(Step.PIN)
    return at.stay()


def _page(at: At, fact: f.Fact) -> At:
    """On a page: go elsewhere, or ask for something."""
    match at.step, fact:
        case Step.OVERVIEW, f.Cancelled() | f.Back():
            return at.to(Step.LEFT, why="left")
        case (Step.RIG | Step.BOARD), _:
            return _rig(at, fact)
        case _, f.Back() | f.Cancelled():
            return at.to(Step.OVERVIEW, exchanged=False)
        case _, c.PageOpened(page, device) if page in PAGES:
            return _opened(at, PAGES[page], device)
        case Step.DEVICE, f.Confirmed():
            return at.to(Step.TESTING, c.SelfTest(at.draft.device, staff=at.draft.staff), tested=None)
        case Step.DEVICE, c.TareAsked(clear) if at.draft.device == "scale":
            return at.to(Step.TESTING, c.SetTare(clear, at.draft.staff), tested=None)
        case Step.DEVICE, c.LearningAsked(camera) if at.draft.device == "guard":
            return at.to(Step.TESTING, c.LearnCamera(camera, at.draft.staff), tested=None)
        case Step.LOCKER, c.DoorAsked(door, reason):
            return at.to(Step.OPENING, c.OpenDoor(door, reason, at.draft.staff), door=None)
        case Step.TASKS, c.SettlementGiven(task, how):
            return at.to(Step.SETTLING, c.SettleTask(task, how, at.draft.staff))
        case (Step.PAPER | Step.STRIP), _:
            return _exchange(at, fact)
    return at.stay()


def _opened(at: At, page: Step, device: str) -> At:
    """A page, with nothing of the last one on it."""
    watch: tuple[f.Command, ...] = {Step.PAPER: (c.WatchPaper(device),), Step.RIG: (c.RecallCheck(),)}.get(page, ())
    gone = {"tested": None, "paper": None, "door": None, "lens": None, "gauged": None, "recalled": None,
            "exchanged": False}
    return at.to(page, *watch, device=device, **gone)


def _rig(at: At, fact: f.Fact) -> At:
    """The measurer's cameras: calibrate one with the board, or measure the box of known size."""
    draft = at.draft
    match at.step, fact:
        case Step.RIG, f.Back() | f.Cancelled():
            return at.to(Step.OVERVIEW)
        case Step.RIG, c.CheckRecalled() as recalled:
            return at.stay(recalled=recalled)
        case Step.RIG, f.Confirmed():
            return at.to(Step.GAUGING, c.CheckReference(draft.staff), gauged=None)
        case Step.RIG, c.CameraChosen(camera):
            return at.to(Step.BOARD, c.WatchBoard(camera), device=camera, board=None, lens=None)
        case Step.BOARD, f.Back() | f.Cancelled():
            return at.to(Step.RIG, device="", board=None)
        case Step.BOARD, c.BoardSeen(camera) as seen if camera == draft.device:
            return at.stay(c.WatchBoard(camera, seen), board=seen)
        case Step.BOARD, f.Confirmed() if draft.board is not None and draft.board.ready:
            return at.to(Step.SOLVING, c.SolveLens(draft.device, draft.staff), board=None)
    return at.stay()


def _exchange(at: At, fact: f.Fact) -> At:
    """New paper in two steps: what the sensors say, then what the eye says of the strip."""
    device = at.draft.device
    match at.step, fact:
        case Step.PAPER, c.PaperLoaded() as paper:
            return at.stay(c.WatchPaper(device, paper.code), paper=paper)
        case Step.PAPER, f.Confirmed() if at.draft.paper is not None and not at.draft.paper.code:
            return at.to(Step.PRINTING, c.PrintStrip(device, staff=at.draft.staff), tested=None)
        case Step.STRIP, c.ReadabilityGiven(True):
            return at.to(Step.SETTLING, c.NoteExchange(device, at.draft.staff))
        case Step.STRIP, c.ReadabilityGiven(False):
            return _opened(at, Step.PAPER, device)
    return at.stay()


def _working(at: At, fact: f.Fact) -> At:
    """A device's own word ends the waiting; nothing else does."""
    match at.step, fact:
        case Step.TESTING, c.SelfTested() as tested:
            return at.to(Step.DEVICE, tested=tested)
        case Step.PRINTING, c.SelfTested() as tested:
            page = Step.STRIP if tested.passed else Step.PAPER
            watch = () if tested.passed else (c.WatchPaper(at.draft.device),)
            return at.to(page, *watch, tested=tested)
        case Step.SOLVING, c.LensFound() as lens:
            return at.to(Step.RIG, device="", lens=lens)
        case Step.GAUGING, c.ReferenceChecked() as gauged:
            return at.to(Step.RIG, gauged=gauged)
        case Step.OPENING, c.DoorOpened() as door:
            return at.to(Step.LOCKER, door=door)
        case Step.SETTLING, c.TaskSettled():
            return at.to(Step.TASKS)
        case Step.SETTLING, c.PaperExchanged():
            return at.to(Step.OVERVIEW, exchanged=True)
        case _, f.Faulted(device, code):
            return _failed(at, device, code)
    return at.stay()


def _failed(at: At, device: str, code: str) -> At:
    """What was asked for did not come about, and why."""
    match at.step:
        case Step.OPENING:
            return at.to(Step.LOCKER, door=c.DoorOpened(0, "", at.draft.staff, code))
        case Step.SOLVING:
            return at.to(Step.RIG, device="", lens=c.LensFound(at.draft.device, at.draft.staff, False, why=code))
        case Step.GAUGING:
            return at.to(Step.RIG, gauged=c.ReferenceChecked(at.draft.staff, False, (), why=code))
        case Step.SETTLING:
            return at.to(Step.TASKS if not at.draft.device else Step.OVERVIEW)
    tested = c.SelfTested(at.draft.device or device, "", False, code, staff=at.draft.staff)
    return at.to(Step.DEVICE if at.step is Step.TESTING else Step.PAPER, tested=tested)
