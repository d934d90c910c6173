"""Everything that can happen (facts, in the past tense) and everything that can be asked (commands, imperative).

Facts are what the journal keeps: fields are only ever added, with defaults. Integer won and grams; millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from devices.ports import Picture
from kiosk.marks import personal


@dataclass(frozen=True)
class Fact:
    """Something that has happened."""


@dataclass(frozen=True)
class Command:
    """Something that a device, or the desk itself, is asked to do. Passive ones are dropped when the step changes."""

    passive: ClassVar[bool] = False


@dataclass(frozen=True)
class VisitStarted(Fact):
    """A customer chose a service; language is a BCP 47 tag."""

    service: str
    language: str = "ko"
    visit: str = ""


@dataclass(frozen=True)
class Back(Fact):
    """The customer went one step back."""


@dataclass(frozen=True)
class Cancelled(Fact):
    """The customer gave up."""


@dataclass(frozen=True)
class Confirmed(Fact):
    """The customer pressed the one wide action of a step that asks nothing else."""


@dataclass(frozen=True)
class Retried(Fact):
    """The customer, present, asked to do the machine's part once more: measure, print, open."""


@dataclass(frozen=True)
class IdledOut(Fact):
    """Nobody answered the idle warning."""


@dataclass(frozen=True)
class Resumed(Fact):
    """The branch came back after a stop with this visit open; nothing may be actuated for it yet."""


@dataclass(frozen=True)
class VisitClosed(Fact):
    """The visit is over; its key may be destroyed after the retention period."""

    outcome: str = ""


@dataclass(frozen=True)
class Placed(Fact):
    """Load appeared on a scale that had been seen empty."""

    grams: int


@dataclass(frozen=True)
class Lifted(Fact):
    """The scale became empty."""


@dataclass(frozen=True)
class Weighed(Fact):
    """A stable weight, with the raw frame and the instrument's serial number."""

    grams: int
    decimal: str = ""
    raw: str = ""
    serial: str = ""


@dataclass(frozen=True)
class Measured(Fact):
    """The measurer's answer, millimetres; uncertainty is the 95 % half-width of length, width, height."""

    length_mm: float
    width_mm: float
    height_mm: float
    uncertainty_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    kind: str = "box"
    rig_residual_px: float | None = None
    cameras: int = 2


@dataclass(frozen=True)
class MeasureRefused(Fact):
    """The measurer would not answer, and why."""

    reason: str


@dataclass(frozen=True)
class ProvenReady(Fact):
    """Every device that the rest of the visit needs answered just now."""


@dataclass(frozen=True)
class NotReady(Fact):
    """A device that the rest of the visit needs is not proven ready; nothing was charged."""

    device: str
    code: str


@dataclass(frozen=True)
class Paid(Fact):
    """The terminal approved this charge."""

    key: str
    won: int
    approval: str = ""
    reference: str = ""
    card: str = personal()


@dataclass(frozen=True)
class NotPaid(Fact):
    """The terminal says that nothing was taken under this key."""

    key: str
    reason: str = ""


@dataclass(frozen=True)
class PaymentUnknown(Fact):
    """Neither the terminal nor an enquiry could say how this charge, or its reversal, ended; tries so far."""

    key: str
    tries: int = 1


@dataclass(frozen=True)
class Reversed(Fact):
    """The terminal confirmed that this charge was given back."""

    key: str
    won: int
    reference: str = ""


@dataclass(frozen=True)
class NumberIssued(Fact):
    """A registered number from the leased block, bound to this visit for ever."""

    number: str


@dataclass(frozen=True)
class LabelPrinted(Fact):
    """The label printer ended the job and says so."""

    job: str
    paper: str = ""


@dataclass(frozen=True)
class LabelScanned(Fact):
    """A code was read on the parcel while the scale showed this stable weight."""

    number: str
    grams: int


@dataclass(frozen=True)
class LabelAside(Fact):
    """A label lies in the cameras' sight, and nothing proves that it is on the parcel."""

    number: str


@dataclass(frozen=True)
class ReceiptPrinted(Fact):
    """The receipt printer ended the job and says so."""

    job: str
    paper: str = ""


@dataclass(frozen=True)
class HatchOpened(Fact):
    """The door sensor changed to open; `empty`: the chamber behind it was then seen empty."""

    empty: bool = True


@dataclass(frozen=True)
class HatchClosed(Fact):
    """Door closed, bolt locked; whether a parcel is seen inside; bin level in percent; grams on the scale."""

    present: bool
    bin_percent: int = 0
    grams: int | None = None


@dataclass(frozen=True)
class Faulted(Fact):
    """A device did not do what a command asked; `doing` is the command's name."""

    device: str
    code: str
    doing: str = ""


@dataclass(frozen=True)
class DeviceChanged(Fact):
    """A device's state or faults changed; belongs to no visit."""

    device: str
    state: str
    faults: tuple[str, ...] = ()
    simulated: bool = False


@dataclass(frozen=True)
class StaffTaskRaised(Fact):
    """Something only a person can settle; stays open until StaffTaskClosed."""

    task: str
    reason: str
    number: str = ""
    won: int = 0


@dataclass(frozen=True)
class StaffAnswered(Fact):
    """What the call desk has recorded for a task: calling, answered, on_the_way, no_answer."""

    task: str
    state: str


@dataclass(frozen=True)
class StaffTaskClosed(Fact):
    """A person has settled the task."""

    task: str


@dataclass(frozen=True)
class StaffSettled(Fact):
    """A person has settled this matter of a visit that is still open; number is that of the task."""

    reason: str
    number: str


@dataclass(frozen=True)
class ParcelLeftBehind(Fact):
    """Load stayed on the scale after the visit was over; intake is suspended until it is lifted."""

    grams: int


@dataclass(frozen=True)
class BranchStarted(Fact):
    """The core process came up: version and the journal head found (hex)."""

    version: str
    head: str = ""


FACTS: tuple[type[Fact], ...] = (
    VisitStarted, Back, Cancelled, Confirmed, Retried, IdledOut, Resumed, VisitClosed, Placed, Lifted, Weighed,
    Measured, MeasureRefused, ProvenReady, NotReady, Paid, NotPaid, PaymentUnknown, Reversed, NumberIssued,
    LabelPrinted, LabelScanned, LabelAside, ReceiptPrinted, HatchOpened, HatchClosed, Faulted, DeviceChanged,
    StaffTaskRaised, StaffAnswered, StaffTaskClosed, StaffSettled, ParcelLeftBehind, BranchStarted,
)  # fmt: skip


@dataclass(frozen=True)
class Weigh(Command):
    """Wait for a stable weight -> Weighed or Faulted(scale)."""


@dataclass(frozen=True)
class Measure(Command):
    """Ask the measurer -> Measured, MeasureRefused or Faulted(measurer)."""


@dataclass(frozen=True)
class CheckReady(Command):
    """Ask each of these devices now -> ProvenReady or NotReady. `numbers` asks the leased block."""

    devices: tuple[str, ...]


@dataclass(frozen=True)
class Charge(Command):
    """Charge under this key -> Paid, NotPaid or PaymentUnknown."""

    key: str
    won: int


@dataclass(frozen=True)
class EnquirePayment(Command):
    """Ask how this key ended, after a pause that grows with `tries` -> Paid, NotPaid, Reversed or PaymentUnknown."""

    key: str
    won: int
    tries: int = 0


@dataclass(frozen=True)
class AbortPayment(Command):
    """Ask the terminal to give up a charge in progress; posts nothing of its own."""

    key: str


@dataclass(frozen=True)
class ReversePayment(Command):
    """Give back this charge, after a pause that grows with `tries` -> Reversed, NotPaid or PaymentUnknown."""

    key: str
    won: int
    tries: int = 0


@dataclass(frozen=True)
class IssueNumber(Command):
    """Take this visit's number from the leased block -> NumberIssued or Faulted(numbers). Same visit, same number."""


@dataclass(frozen=True)
class PrintLabel(Command):
    """Print the label of this number, once unless someone present asks `again` -> LabelPrinted or Faulted."""

    job: str
    number: str
    picture: Picture | None = None
    again: bool = False


@dataclass(frozen=True)
class WatchLabel(Command):
    """Look for a code on the parcel at rest -> LabelScanned, or LabelAside while it is seen elsewhere for long."""

    number: str
    passive: ClassVar[bool] = True


@dataclass(frozen=True)
class OpenHatch(Command):
    """Unlock the hatch -> HatchOpened or Faulted(hatch)."""


@dataclass(frozen=True)
class WatchHatch(Command):
    """Wait until the door is closed, lock it, look inside -> HatchClosed or Faulted(hatch)."""

    passive: ClassVar[bool] = True


@dataclass(frozen=True)
class LookHatch(Command):
    """Read the hatch's sensors, moving nothing -> HatchClosed, HatchOpened or Faulted(hatch)."""


@dataclass(frozen=True)
class PrintReceipt(Command):
    """Print a receipt, a claim slip or a reversal slip (`what`) -> ReceiptPrinted or Faulted(receipt_printer)."""

    job: str
    what: str
    picture: Picture | None = None


@dataclass(frozen=True)
class CallStaff(Command):
    """Raise a staff task (the desk writes StaffTaskRaised first) and call -> StaffAnswered."""

    reason: str
    number: str = ""
    won: int = 0
