"""What staff do at the branch: facts and commands of the maintenance mode. Pure.

Entering mirrors VendorMode of XFS4IoT: it is requested by a badge, becomes active when the customer in front has
finished, and ends by itself when nobody acts. Every act names the person (`staff`, an id of staff.toml) and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from devices.ports import Picture
from kiosk.facts import Command, Fact
from kiosk.marks import secret


@dataclass(frozen=True)
class BadgeShown(Fact):
    """A badge proved its key on the reader: SHA-256 of its public key, hex. Belongs to no visit."""

    card: str


@dataclass(frozen=True)
class PinGiven(Fact):
    """Somebody typed a PIN; the PIN itself is kept nowhere."""

    pin: str = secret()


@dataclass(frozen=True)
class StaffAdmitted(Fact):
    """Badge and PIN belong together: the mode is entered by this person."""

    staff: str
    card: str
    role: str = "technician"


@dataclass(frozen=True)
class StaffRefused(Fact):
    """Badge or PIN was not accepted: `unknown`, `wrong_pin` or `locked`; tries left, and the end of a lock (UTC)."""

    card: str
    why: str
    tries_left: int = 0
    until: str = ""


@dataclass(frozen=True)
class PageOpened(Fact):
    """Staff went to a page of the mode: `overview`, `device`, `paper`, `locker`, `tasks`, `faults`, `rig`."""

    page: str
    device: str = ""


@dataclass(frozen=True)
class DoorAsked(Fact):
    """Staff asked for a locker door, and why."""

    door: int
    reason: str


@dataclass(frozen=True)
class TareAsked(Fact):
    """Staff asked for what lies on the scale to become its tare, or for its tare to be cleared."""

    clear: bool = False


@dataclass(frozen=True)
class LearningAsked(Fact):
    """Staff say that this camera of the guard stands right and sees well, so that what it sees is learned anew."""

    camera: str


@dataclass(frozen=True)
class SettlementGiven(Fact):
    """Staff say how an open task was settled."""

    task: str
    how: str


@dataclass(frozen=True)
class ReadabilityGiven(Fact):
    """Staff looked at the test strip and say whether it can be read."""

    readable: bool


@dataclass(frozen=True)
class SelfTested(Fact):
    """This person tried a device, and why (`self_test`, `paper`, `tare`, `commission`): what was tried, whether it
    passed, the fault if not.

    `detail` is the device's own word, never what a code or card says.
    """

    device: str
    test: str
    passed: bool
    code: str = ""
    detail: str = ""
    staff: str = ""
    why: str = "self_test"


@dataclass(frozen=True)
class PaperLoaded(Fact):
    """First step of an exchange: the printer's own sensors say that the cover is closed on new paper, or what else."""

    device: str
    paper: str
    code: str = ""


@dataclass(frozen=True)
class PaperExchanged(Fact):
    """Second step: the test strip came out and this person could read it."""

    device: str
    staff: str


@dataclass(frozen=True)
class DoorOpened(Fact):
    """A locker door was opened by staff and its sensor changed; or the fault that kept it shut."""

    door: int
    reason: str
    staff: str = ""
    code: str = ""


@dataclass(frozen=True)
class TaskSettled(Fact):
    """A person says how an open staff task was settled: `done`, `refunded` or `false_alarm`."""

    task: str
    how: str
    staff: str = ""


@dataclass(frozen=True)
class DeskTold(Fact):
    """The call desk has taken the word that this task is settled; until then it is owed, over every restart."""

    task: str


@dataclass(frozen=True)
class Reconciled(Fact):
    """The terminal closed its period: number and won of charges and reversals in its book, then in the journal."""

    charges: int
    charged_won: int
    reversals: int
    reversed_won: int
    known_charges: int
    known_charged_won: int
    known_reversals: int
    known_reversed_won: int
    reference: str = ""

    @property
    def agrees(self) -> bool:
        """Whether both books say the same."""
        terminal = (self.charges, self.charged_won, self.reversals, self.reversed_won)
        return terminal == (
            self.known_charges, self.known_charged_won, self.known_reversals, self.known_reversed_won,
        )  # fmt: skip

    @property
    def difference_won(self) -> int:
        """What the terminal holds more than the journal knows of."""
        return self.charged_won - self.reversed_won - self.known_charged_won + self.known_reversed_won


@dataclass(frozen=True)
class CameraChosen(Fact):
    """Staff hold the calibration board before this table camera."""

    camera: str


@dataclass(frozen=True)
class BoardSeen(Fact):
    """The calibration board seen through a camera: views kept, corners per cell of the picture (8 across, 5 down, by
    row), what to do next (`show`, `move`, `tilt`, `fill`, `ready`, or `lost`), and whether the lens may be solved."""

    camera: str
    views: int = 0
    cells: tuple[int, ...] = ()
    hint: str = "show"
    ready: bool = False


@dataclass(frozen=True)
class LensFound(Fact):
    """A camera was calibrated by this person and measures with its new lens; or `why` not: `few`, `spread`, `odd`
    or `loose` views, or the code of a fault. Residual in pixels."""

    camera: str
    staff: str
    solved: bool
    residual_px: float = 0.0
    views: int = 0
    why: str = ""


@dataclass(frozen=True)
class ReferenceChecked(Fact):
    """The box of known size was measured: true and measured length, width, height, stated half-widths, mm; or why not.

    Kept as evidence that the whole measurer was right on that day, or was not: how many cameras saw the box, and which
    of the rig's did not.
    """

    staff: str
    passed: bool
    true_mm: tuple[float, ...]
    measured_mm: tuple[float, ...] = ()
    uncertainty_mm: tuple[float, ...] = ()
    rig_residual_px: float | None = None
    why: str = ""
    cameras: int = 0
    blind: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckRecalled(Fact):
    """The newest check that the journal holds: when (UTC, ISO; empty without any) and whether it passed."""

    at: str = ""
    passed: bool = False


FACTS: tuple[type[Fact], ...] = (
    BadgeShown, PinGiven, StaffAdmitted, StaffRefused, PageOpened, DoorAsked, SettlementGiven, ReadabilityGiven,
    SelfTested, PaperLoaded, PaperExchanged, DoorOpened, TaskSettled, Reconciled, TareAsked, LearningAsked,
    DeskTold,
    CameraChosen, BoardSeen, LensFound, ReferenceChecked, CheckRecalled,
)  # fmt: skip

#: Why staff may open a locker door.
DOOR_REASONS = ("customer_waiting", "inspection")
#: How a task may have been settled.
SETTLEMENTS = ("done", "refunded", "false_alarm")
#: What a role may do beyond looking, loading paper and settling tasks without money: who mends machines holds nobody's
#: money or parcel, and who answers for those leaves the instruments alone.
RIGHTS: Mapping[str, frozenset[str]] = {
    "technician": frozenset({"test", "tare", "inspection"}),
    "officer": frozenset({"customer_waiting", "inspection", "money"}),
}


def may(role: str, right: str) -> bool:
    """Whether a person of this role may do this."""
    return right in RIGHTS.get(role, frozenset())


@dataclass(frozen=True)
class CheckPin(Command):
    """Hold this PIN against the badge's entry -> StaffAdmitted or StaffRefused. Locked badges are not even tried."""

    card: str
    pin: str = secret()


@dataclass(frozen=True)
class SelfTest(Command):
    """Try a device's own function -> SelfTested. A printer prints the strip that the service has laid out."""

    device: str
    picture: Picture | None = None
    staff: str = ""


@dataclass(frozen=True)
class SetTare(Command):
    """Tare the scale with what lies on it, or clear its tare -> SelfTested (`tare`, `clear_tare`)."""

    clear: bool
    staff: str = ""


@dataclass(frozen=True)
class LearnCamera(Command):
    """Have the guard learn anew what this camera sees -> SelfTested (`commission`)."""

    camera: str
    staff: str = ""


@dataclass(frozen=True)
class WatchPaper(Command):
    """Wait until the printer's sensors say something else than the code `seen` -> PaperLoaded."""

    device: str
    seen: str = "not looked yet"
    passive: ClassVar[bool] = True


@dataclass(frozen=True)
class PrintStrip(Command):
    """Print a short test strip on the new paper -> SelfTested."""

    device: str
    picture: Picture | None = None
    staff: str = ""


@dataclass(frozen=True)
class NoteExchange(Command):
    """Write down who exchanged the paper -> PaperExchanged."""

    device: str
    staff: str


@dataclass(frozen=True)
class OpenDoor(Command):
    """Open a locker door for this reason -> DoorOpened."""

    door: int
    reason: str
    staff: str


@dataclass(frozen=True)
class SettleTask(Command):
    """Close an open task, at the call desk too -> TaskSettled and StaffTaskClosed."""

    task: str
    how: str
    staff: str


@dataclass(frozen=True)
class WatchBoard(Command):
    """Look at the board until the guide says something else than `seen` -> BoardSeen."""

    camera: str
    seen: BoardSeen | None = None
    passive: ClassVar[bool] = True


@dataclass(frozen=True)
class SolveLens(Command):
    """Calibrate a camera from the views of its guide -> LensFound."""

    camera: str
    staff: str


@dataclass(frozen=True)
class CheckReference(Command):
    """Measure the box of known size that lies on the table -> ReferenceChecked."""

    staff: str


@dataclass(frozen=True)
class RecallCheck(Command):
    """Look up the newest check -> CheckRecalled."""

    passive: ClassVar[bool] = True
