"""What is known of one parcel while it is being sent: steps, facts that the customer makes, the draft. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.facts import Fact
from kiosk.marks import personal


class Step(StrEnum):
    """Where a customer stands. Each step shows one screen."""

    PLACE = "place"
    MEASURE = "measure"
    SIZE = "size"
    CHOOSE_SIZE = "choose_size"
    REFUSED = "refused"
    TO_ADDRESS = "to_address"
    TO_DETAIL = "to_detail"
    TO_NAME = "to_name"
    TO_PHONE = "to_phone"
    FROM_ADDRESS = "from_address"
    FROM_DETAIL = "from_detail"
    FROM_NAME = "from_name"
    FROM_PHONE = "from_phone"
    CONTENTS = "contents"
    PLEDGE = "pledge"
    SPEED = "speed"
    INSURE = "insure"
    REVIEW = "review"
    READY = "ready"
    PAY = "pay"
    UNSURE = "unsure"
    LABEL = "label"
    STUCK = "stuck"
    REVERSING = "reversing"
    REVERSED = "reversed"
    CLAIM = "claim"
    STICK = "stick"
    OPEN = "open"
    DROP = "drop"
    REOPEN = "reopen"
    DONE = "done"
    RECEIPT = "receipt"
    END = "end"
    TAKE_BACK = "take_back"
    UNSURE_AWAY = "unsure_away"
    REVERSING_AWAY = "reversing_away"
    DROP_AWAY = "drop_away"
    OVER = "over"


@dataclass(frozen=True)
class SizeAccepted(Fact):
    """The customer agreed with the measured size."""


@dataclass(frozen=True)
class SizeDisputed(Fact):
    """The customer will choose a size instead of the measured one."""


@dataclass(frozen=True)
class SizeChosen(Fact):
    """The customer chose a size tier by hand; the parcel is flagged. Sum of sides in millimetres."""

    tier: int
    sum_mm: int


@dataclass(frozen=True)
class Addressed(Fact):
    """An address was chosen from the search; `who` is receiver or sender. The postcode came with it."""

    who: str
    id: str = personal()
    road: str = personal()
    area: str = personal()
    building: str = personal()
    postcode: str = personal()


@dataclass(frozen=True)
class Detailed(Fact):
    """Flat, floor, company: the rest of the address; may be empty."""

    who: str
    text: str = personal()


@dataclass(frozen=True)
class Named(Fact):
    """A name was entered."""

    who: str
    name: str = personal()


@dataclass(frozen=True)
class Phoned(Fact):
    """A telephone number was entered, digits only."""

    who: str
    digits: str = personal()


@dataclass(frozen=True)
class ContentsDeclared(Fact):
    """What is inside, by code."""

    code: str


@dataclass(frozen=True)
class Pledged(Fact):
    """The customer declared that nothing forbidden is inside."""


@dataclass(frozen=True)
class ForbiddenInside(Fact):
    """The customer said that something forbidden is inside."""


@dataclass(frozen=True)
class SpeedChosen(Fact):
    """next_day or ordinary; `arrives` is an ISO date or empty; only an insurable one is asked about insurance."""

    speed: str
    arrives: str = ""
    insurable: bool = True


@dataclass(frozen=True)
class InsuredFor(Fact):
    """Declared value in won; 0 = not insured."""

    won: int


@dataclass(frozen=True)
class EditAsked(Fact):
    """The customer wants to change one thing on the review."""

    what: str


@dataclass(frozen=True)
class PriceAgreed(Fact):
    """The customer agreed to this total. Amounts in won; tariff is the date of the rows used."""

    total_won: int
    base_won: int
    insurance_won: int = 0
    island_won: int = 0
    tier: int = 0
    tariff: str = ""
    verified: bool = False


@dataclass(frozen=True)
class LeaveAsked(Fact):
    """The customer will settle it later with a claim slip."""


@dataclass(frozen=True)
class ReversalAsked(Fact):
    """The customer wants the money back instead of waiting for a label."""


@dataclass(frozen=True)
class CameOut(Fact):
    """Someone present says that the label did come out."""


@dataclass(frozen=True)
class ReceiptWanted(Fact):
    """Whether the customer wants the receipt on paper."""

    paper: bool


FACTS: tuple[type[Fact], ...] = (
    SizeAccepted, SizeDisputed, SizeChosen, Addressed, Detailed, Named, Phoned, ContentsDeclared, Pledged,
    ForbiddenInside, SpeedChosen, InsuredFor, EditAsked, PriceAgreed, LeaveAsked, ReversalAsked, CameOut, ReceiptWanted,
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Receiver or sender, as far as known; None = not asked yet."""

    id: str | None = None
    road: str = ""
    area: str = ""
    building: str = ""
    postcode: str = ""
    detail: str | None = None
    name: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Draft:
    """One parcel on its way. Lengths in millimetres, masses in grams, money in won."""

    visit: str = ""
    same_weight_g: int = 20
    grams: int | None = None
    decimal: str = ""
    measured: tuple[float, float, float] | None = None
    uncertainty: tuple[float, float, float] = (0.0, 0.0, 0.0)
    sum_mm: int | None = None
    box: str | None = None
    size_by: str = ""
    size_reason: str = ""
    size_agreed: bool = False
    lifted_from: bool = False
    refusal: str = ""
    receiver: Person = field(default_factory=Person)
    sender: Person = field(default_factory=Person)
    contents: str | None = None
    pledged: bool = False
    speed: str | None = None
    arrives: str = ""
    insured_won: int | None = None
    price: PriceAgreed | None = None
    attempt: int = 0
    leaving: str = ""
    paid_key: str = ""
    paid_won: int = 0
    approval: str = ""
    card: str = ""
    reference: str = ""
    tries: int = 0
    reversing: bool = False
    number: str = ""
    label_tries: int = 0
    stuck_code: str = ""
    slip: str = ""
    receipt: str = ""
    bin_percent: int = 0
    notice: str = ""
    why: str = ""
    outcome: str = ""
    resumed: bool = False
    maybe_inside: bool = False  # the hatch holds a parcel that nothing proves to be this one

    @property
    def key(self) -> str:
        """The charge key of the current attempt: `<visit>-<attempt>`."""
        return f"{self.visit}-{self.attempt}"

    @property
    def flagged(self) -> bool:
        """True when the size that was charged is the customer's word, not the camera's."""
        return self.size_by == "customer"
