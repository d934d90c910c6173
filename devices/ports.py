"""What is asked of each kind of device: states, faults, completions and one protocol per kind. Pure.

Words are those of XFS4IoT (device state, paper state, completion codes); scale semantics are those of UPOS.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from devices.sizing import Calibration, Guidance, Size


class DeviceState(StrEnum):
    """XFS4IoT device state. ONLINE only after a real reply that is still fresh."""

    STARTING = "starting"
    ONLINE = "online"
    DEVICE_BUSY = "deviceBusy"
    OFFLINE = "offline"
    NO_DEVICE = "noDevice"
    USER_ERROR = "userError"
    HARDWARE_ERROR = "hardwareError"
    POTENTIAL_FRAUD = "potentialFraud"


class PaperState(StrEnum):
    """XFS4IoT paper supply state; UNKNOWN where the printer does not answer."""

    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"


class FaultCode(StrEnum):
    """Stable names of what can be wrong with a device; texts for people live in the words."""

    NO_RESPONSE = "no_response"
    DISCONNECTED = "disconnected"
    PROTOCOL = "protocol"
    BUSY = "busy"
    UNSUPPORTED = "unsupported"
    CONSUMABLE_LOW = "consumable_low"
    CONSUMABLE_OUT = "consumable_out"
    COVER_OPEN = "cover_open"
    JAM = "jam"
    UNSTABLE = "unstable"
    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    TARED = "tared"
    STALE_DATA = "stale_data"
    OUTCOME_UNKNOWN = "outcome_unknown"
    MISCONFIGURED = "misconfigured"
    DOOR_OPEN = "door_open"
    DOOR_STUCK = "door_stuck"
    DOOR_FORCED = "door_forced"
    BIN_FULL = "bin_full"
    CAMERA_DARK = "camera_dark"
    CAMERA_LOST = "camera_lost"
    CAMERA_TAMPERED = "camera_tampered"
    TIME_OUT = "time_out"
    CANCELED = "canceled"
    NO_SERVICE = "no_service"
    NO_MEDIA = "no_media"
    MEDIA_REMOVED = "media_removed"
    MEDIA_COLLISION = "media_collision"
    MEDIA_UNKNOWN = "media_unknown"
    ACCESS_DENIED = "access_denied"
    NOT_LOGGED_IN = "not_logged_in"
    NO_ACQUIRER = "no_acquirer"
    NOT_PAIRED = "not_paired"
    NOT_TAKEN = "not_taken"
    PAUSED = "paused"
    OVERHEATED = "overheated"
    CUTTER_STUCK = "cutter_stuck"
    DUPLICATE_JOB = "duplicate_job"
    NO_SENSOR = "no_sensor"
    NO_POWER = "no_power"
    INTERNAL = "internal"


#: Faults that a device can carry and still serve; all others take it out of service.
TOLERABLE = frozenset({FaultCode.CONSUMABLE_LOW, FaultCode.CAMERA_LOST, FaultCode.UNSTABLE})


class DeviceFault(Exception):
    """A device did not do what it was asked; `code` is stable, `detail` is for staff and holds no personal data."""

    def __init__(self, code: FaultCode, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Status:
    """What is known of a device, since when, and when it last really answered (UTC); never optimistic."""

    state: DeviceState
    since: datetime
    observed_at: datetime | None = None
    faults: frozenset[FaultCode] = frozenset()
    detail: str = ""
    simulated: bool = False
    values: tuple[tuple[str, str], ...] = ()

    @property
    def usable(self) -> bool:
        """True when the device may be relied on now: online (or busy) and no fault beyond the tolerable ones."""
        return self.state in (DeviceState.ONLINE, DeviceState.DEVICE_BUSY) and self.faults <= TOLERABLE


def starting(simulated: bool = False) -> Status:
    """The status of a device that has not answered yet."""
    return Status(DeviceState.STARTING, datetime.now(UTC), simulated=simulated)


@dataclass(frozen=True)
class Observation:
    """The result of one real exchange: faults seen, values worth showing (name, text with unit)."""

    faults: frozenset[FaultCode] = frozenset()
    values: tuple[tuple[str, str], ...] = ()
    detail: str = ""
    simulated: bool = False


class Device(Protocol):
    """What the supervisor needs of every driver. All calls have a deadline of their own and raise DeviceFault."""

    name: str

    async def open(self) -> None:
        """Connect; actuates nothing."""

    async def close(self) -> None:
        """Let go of the transport; never raises."""

    async def probe(self) -> Observation:
        """One real status exchange."""


@dataclass(frozen=True)
class Weight:
    """One stable reading: integer grams, decimal text and raw frame as received, the instrument's serial number."""

    grams: int
    decimal: str
    raw: str
    serial: str
    observed_at: datetime


@dataclass(frozen=True)
class Load:
    """One immediate reading of the scale: integer grams (None = over- or underload), and whether it is still."""

    grams: int | None
    stable: bool
    observed_at: datetime


class Scale(Device, Protocol):
    """UPOS scale: price only from a stable reading."""

    async def stable_weight(self, timeout_s: float) -> Weight:
        """A stable gross weight, or DeviceFault UNSTABLE / OVERLOAD / UNDERLOAD / TARED / NO_RESPONSE."""

    async def load(self) -> Load:
        """The momentary gross load, None while tared; never waits for stability."""

    async def zero(self) -> None:
        """Set zero on the empty pan."""

    async def tare(self) -> str:
        """Take what lies still on the pan as tare; its weight in the instrument's words. Nothing is charged by a tared
        scale: it is TARED until the tare is cleared."""

    async def clear_tare(self) -> None:
        """Forget the tare; returns once the instrument shows gross again."""


class Measurer(Device, Protocol):
    """Two table cameras and a model behind a process of its own."""

    async def measure(self, timeout_s: float) -> Size:
        """Length, width, height of what lies on the table, or a refusal with its reason."""

    async def preview(self, on: bool) -> None:
        """Ask the measurer to write (or stop writing) the preview file."""

    async def guide(self, camera: str, begin: bool, timeout_s: float) -> Guidance:
        """Look at the calibration board through that camera, from the first view on or once more."""

    async def calibrate(self, camera: str, timeout_s: float) -> Calibration:
        """Solve for the lens from the views of the guide, and use it from now on."""

    async def settle(self, timeout_s: float) -> None:
        """The cameras stand where they belong: a knock is told from here on."""


@dataclass(frozen=True)
class Code:
    """One decoded symbol: text (at most 128 bytes of UTF-8, no control characters), symbology, who read it, and whether
    the table's cameras prove that it lies on the parcel."""

    text: str
    symbology: str
    source: str
    on_parcel: bool = False


class CodeScanner(Device, Protocol):
    """Reads the codes that can be seen now."""

    async def scan(self, timeout_s: float) -> tuple[Code, ...]:
        """Codes seen in the newest frames; empty when none."""


@dataclass(frozen=True)
class Picture:
    """A 1-bit image for a printer: rows of packed bits, most significant bit leftmost, 1 = black."""

    width: int
    height: int
    dpi: int
    rows: bytes = field(repr=False)


@dataclass(frozen=True)
class Printed:
    """Evidence of a finished job: its id, the paper state after it, and where a sensor says so whether it was taken."""

    job: str
    paper: PaperState
    taken: bool | None = None


class Printer(Device, Protocol):
    """Receipt or label printer. Status is asked before and after each job."""

    dpi: int
    width_dots: int

    async def print(self, job: str, picture: Picture, timeout_s: float, again: bool = False) -> Printed:
        """Print once; DeviceFault OUTCOME_UNKNOWN when the printer fell silent after the first byte of the job.

        A job that came out returns its Printed and prints nothing; one whose outcome is unknown is refused with
        DUPLICATE_JOB. `again` repeats both: someone present has asked for it. Ids are kept as long as the process.
        """


class PaymentState(StrEnum):
    """The terminal's word on one charge; UNAVAILABLE: it cannot serve, whatever the card; this message took nothing."""

    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    IN_PROGRESS = "in_progress"
    REVERSED = "reversed"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class PaymentOutcome:
    """What the terminal says of one charge key: amount in won, approval code, POI reference, masked card, reason."""

    key: str
    state: PaymentState
    won: int
    approval: str = ""
    reference: str = ""
    card: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Totals:
    """What the terminal has booked since its last reconciliation: number and won of charges and of reversals."""

    charges: int
    charged_won: int
    reversals: int
    reversed_won: int
    reference: str = ""


class PaymentTerminal(Device, Protocol):
    """nexo Sale-to-POI. `key` is the ServiceID: same key, same outcome. Unknown outcomes raise OUTCOME_UNKNOWN."""

    async def pay(self, key: str, won: int, timeout_s: float) -> PaymentOutcome:
        """Charge once under this key."""

    async def enquire(self, key: str, timeout_s: float) -> PaymentOutcome:
        """TransactionStatus of a key: approved, declined, cancelled, in_progress, reversed or not_found."""

    async def abort(self, key: str, timeout_s: float) -> None:
        """Ask the terminal to give up a charge in progress; the outcome still comes from pay or enquire."""

    async def reverse(self, key: str, won: int, timeout_s: float) -> PaymentOutcome:
        """Reverse the charge of this key; reversing twice is one reversal."""

    async def reconcile(self, timeout_s: float) -> Totals:
        """Close the terminal's period (nexo ReconciliationRequest) and return its totals."""


@dataclass(frozen=True)
class HatchState:
    """What the hatch's sensors say now: door closed, bolt locked, parcel present, bin level in percent."""

    closed: bool
    locked: bool
    present: bool
    bin_percent: int
    observed_at: datetime


class Hatch(Device, Protocol):
    """The intake door. A command is not an outcome: success is the sensor's change."""

    async def look(self) -> HatchState:
        """Read every sensor; actuates nothing."""

    async def unlock(self, timeout_s: float) -> HatchState:
        """Release the bolt, return once the door is seen open (`present`: stuck); DOOR_STUCK / BIN_FULL / DOOR_OPEN."""

    async def lock(self, timeout_s: float) -> HatchState:
        """Throw the bolt on a closed door and return once seen locked; DeviceFault DOOR_OPEN / DOOR_STUCK."""


class CallState(StrEnum):
    """What a call for staff has really come to; only a person's act moves it beyond CALLING."""

    CALLING = "calling"
    ANSWERED = "answered"
    ON_THE_WAY = "on_the_way"
    NO_ANSWER = "no_answer"
    CLOSED = "closed"


class StaffCall(Device, Protocol):
    """The operator's call desk."""

    async def call(self, task: str, reason: str, timeout_s: float, contact: str = "") -> CallState:
        """Place (or repeat) the call of this task id, to this contact where one is named; only what is recorded."""

    async def state(self, task: str, timeout_s: float) -> CallState:
        """What the desk has recorded for this task."""

    async def close_call(self, task: str, how: str, timeout_s: float) -> CallState:
        """Tell the desk that a person at the branch has settled this task, and how (`done`, `refunded`, …)."""


@dataclass(frozen=True)
class DoorState:
    """What the board says of one locker door: number (from 1), bolt locked, leaf closed (None = no sensor for it)."""

    door: int
    locked: bool
    closed: bool | None
    observed_at: datetime


class Locker(Device, Protocol):
    """A locker wall. A command is not an outcome: success is the sensor's change."""

    doors: int

    async def look(self) -> tuple[DoorState, ...]:
        """Every door's sensors; actuates nothing."""

    async def open_door(self, door: int, timeout_s: float) -> DoorState:
        """Unlock one door and return once its sensor is seen to change; DeviceFault DOOR_STUCK or NO_SENSOR."""


class Lamp(StrEnum):
    """The lights of a signal tower, and its siren."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    SIREN = "siren"


class SignalTower(Device, Protocol):
    """Lamps and the alarm relay. The relay is energised while all is well: loss of power is an alarm."""

    async def show(self, lamps: frozenset[Lamp], alarm: bool, timeout_s: float) -> None:
        """Set every lamp and the alarm relay; returns once the board reads back what was asked."""
