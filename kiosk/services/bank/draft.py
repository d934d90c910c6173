"""What is known of one visit to the bank counter: steps, facts that the customer makes, the draft. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kiosk.banking import contracts as c
from kiosk.banking import facts as b
from kiosk.facts import Fact
from kiosk.identification.facts import FACTS as IDENTIFICATION
from kiosk.intake import facts as i
from kiosk.marks import personal, secret
from kiosk.officer import facts as o
from kiosk.proof import Proof
from kiosk.services.bank.case import Answer, Case
from kiosk.services.bank.records import Override


class Step(StrEnum):
    """Where a customer stands. Each step shows one screen."""

    START = "start"
    PRODUCTS = "products"
    COMPARE = "compare"
    PRODUCT = "product"
    DISCLOSE = "disclose"
    ELIGIBLE = "eligible"
    ADVICE = "advice"
    IDENTITY = "identity"
    UNPROVEN = "unproven"
    CARD = "card"
    WHOSE = "whose"
    LOOKING = "looking"
    ASK_FIRST = "ask_first"
    ASK = "ask"
    STOP_WHY = "stop_why"
    STOP_NOW = "stop_now"
    PAUSE = "pause"
    PAUSE_WAIT = "pause_wait"
    OFFICER = "officer"
    TELLING = "telling"
    WISH = "wish"
    MONTHS = "months"
    PHONE = "phone"
    PAPERS = "papers"
    TAKING = "taking"
    SIGN = "sign"
    REVIEW = "review"
    SEALING = "sealing"
    HANDING = "handing"
    DOUBT = "doubt"
    RECEIVED = "received"
    HOW = "how"
    WHEN = "when"
    REFERENCE = "reference"
    DECIDING = "deciding"
    DECISION = "decision"
    ACCOUNT = "account"
    ASKING = "asking"
    BALANCE = "balance"
    ENTRIES = "entries"
    PAYEE_BANK = "payee_bank"
    PAYEE_NUMBER = "payee_number"
    BILL = "bill"
    AMOUNT = "amount"
    CONFIRM = "confirm"
    READY = "ready"
    SENDING = "sending"
    UNSURE = "unsure"
    SENT = "sent"
    TAKEN_BACK = "taken_back"
    UNSURE_AWAY = "unsure_away"
    BLOCK = "block"
    BLOCK_SURE = "block_sure"
    BLOCKING = "blocking"
    BLOCKED = "blocked"
    OFFERING = "offering"
    CONTRACT = "contract"
    CLAUSE = "clause"
    COMPARING = "comparing"
    CONTRACT_SIGN = "contract_sign"
    CONTRACT_SURE = "contract_sure"
    CONTRACT_SEALING = "contract_sealing"
    CONTRACT_HANDING = "contract_handing"
    CONTRACT_DOUBT = "contract_doubt"
    SIGNED = "signed"
    OVER = "over"


@dataclass(frozen=True)
class KindChosen(Fact):
    """What the customer came for: a kind of product, `account` or `status`."""

    kind: str


@dataclass(frozen=True)
class ProductChosen(Fact):
    """One product of the shelf."""

    product: str


@dataclass(frozen=True)
class CompareAsked(Fact):
    """The products of this kind beside each other."""


@dataclass(frozen=True)
class ApplyAsked(Fact):
    """The customer wants to apply for the product on the screen."""


@dataclass(frozen=True)
class AppointAsked(Fact):
    """The customer would rather talk to the bank."""


@dataclass(frozen=True)
class Understood(Fact):
    """One disclosure was shown and confirmed by itself: its id, the language, and the SHA-256 of the words shown."""

    disclosure: str
    language: str
    sha256: str


@dataclass(frozen=True)
class Replied(Fact):
    """An answer of the pre-check."""

    question: str
    yes: bool


@dataclass(frozen=True)
class Begun(Fact):
    """The customer is ready to be asked; the clock of the core, milliseconds."""

    at_ms: int


@dataclass(frozen=True)
class Answered(Fact):
    """An answer to a question of the shield, and when it was given, milliseconds."""

    question: str
    yes: bool
    at_ms: int
    signs: str = secret()  # as AmountGiven has them


@dataclass(frozen=True)
class OfficerAsked(Fact):
    """The customer wants to talk to an officer."""


@dataclass(frozen=True)
class Insisted(Fact):
    """The customer says that it is their own decision."""


@dataclass(frozen=True)
class Wished(Fact):
    """The sum that is applied for, won."""

    won: int


@dataclass(frozen=True)
class TermChosen(Fact):
    """For how many months."""

    months: int


@dataclass(frozen=True)
class PhoneGiven(Fact):
    """Where the bank may call, digits only."""

    digits: str = personal()


@dataclass(frozen=True)
class PaperLater(Fact):
    """This paper is brought to the bank later."""

    paper: str


@dataclass(frozen=True)
class HowChosen(Fact):
    """An appointment in the branch, by telephone or by video."""

    how: str


@dataclass(frozen=True)
class WhenChosen(Fact):
    """The branch's own time, ISO to the minute."""

    when: str


@dataclass(frozen=True)
class StatusAsked(Fact):
    """The customer asks what became of an application."""

    bank: str
    reference: str


@dataclass(frozen=True)
class BusinessChosen(Fact):
    """`balance`, `entries`, `transfer`, `delayed`, `bill` or `block`."""

    what: str


@dataclass(frozen=True)
class PayeeBankChosen(Fact):
    """The payee's bank, by code."""

    bank: str


@dataclass(frozen=True)
class PayeeNumberGiven(Fact):
    """The payee's account, digits only."""

    number: str = personal()


@dataclass(frozen=True)
class AmountGiven(Fact):
    """The sum to be sent, won, and when it was said (ISO, UTC): what came in lately is counted from there.

    `signs`: what the lobby camera saw meanwhile (case.SIGNS, commas between), for this decision and never written.
    """

    won: int
    at: str
    signs: str = secret()


@dataclass(frozen=True)
class OrderAgreed(Fact):
    """The customer agreed to send this sum, now or delayed, and when they did (ISO, UTC)."""

    won: int
    delayed: bool = False
    at: str = ""


@dataclass(frozen=True)
class BlockAsked(Fact):
    """The customer wants a safety block, on the screen that has just kept their money safe."""


@dataclass(frozen=True)
class BlockChosen(Fact):
    """Which safety block (devices.banking.Block)."""

    block: str


@dataclass(frozen=True)
class DoubtLeft(Fact):
    """The customer would not wait for what is in doubt."""


@dataclass(frozen=True)
class SlipAsked(Fact):
    """A receipt on paper is wanted."""


OWN: tuple[type[Fact], ...] = (
    KindChosen, ProductChosen, CompareAsked, ApplyAsked, AppointAsked, Understood, Replied, Begun, Answered,
    OfficerAsked, Insisted, Wished, TermChosen, PhoneGiven, PaperLater, HowChosen, WhenChosen, StatusAsked,
    BusinessChosen, PayeeBankChosen, PayeeNumberGiven, AmountGiven, OrderAgreed, DoubtLeft, SlipAsked,
    BlockAsked, BlockChosen,
)  # fmt: skip
FACTS: tuple[type[Fact], ...] = (*OWN, *b.FACTS, *c.FACTS, *i.FACTS, *o.FACTS, *IDENTIFICATION)


@dataclass(frozen=True)
class Paid:
    """An order of this visit that the bank took: to whom, won, whether they were new or trusted, and of what kind."""

    payee: str
    won: int
    new: bool
    trusted: bool
    delayed: bool = False
    bill: bool = False


@dataclass(frozen=True)
class Draft:
    """One visit to the bank counter. Money in won, times ISO in UTC or milliseconds."""

    visit: str = ""
    #: What it is about: `intake`, `appoint`, `account`, `status`, `contract`; empty while looking round.
    business: str = ""
    kind: str = ""
    product: str = ""
    point: int = 0
    replies: tuple[tuple[str, bool], ...] = ()
    identity: Any = None
    proof: Proof | None = None
    name: str = field(default="", repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)
    birth: str = field(default="", repr=False)
    card: str = ""
    card_bank: str = ""
    asked: int = 0
    profile: b.ProfileTold | None = None
    balance: b.BalanceTold | None = None
    entries: b.EntriesTold | None = None
    looked: bool = False
    idle_days: int | None = None
    hold: i.HoldKnown | None = None
    holding: bool = False
    keeping: tuple[i.KeepHold, ...] = ()
    signs: tuple[str, ...] = ()
    case: Case | None = None
    answers: tuple[Answer, ...] = ()
    since_ms: int = -1
    officers: int = 0
    officer: o.OfficerSaid | None = None
    officer_held: bool = False
    override: Override | None = None
    override_until: str = ""
    leaflet: str = ""
    wish_won: int = 0
    months: int = 0
    may_call: bool = False
    phone: str = ""
    taken: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    signed: str = ""
    strokes: str = field(default="", repr=False)
    how: str = ""
    when: str = ""
    hands: int = 0
    sealed: str = field(default="", repr=False)
    reference: str = ""
    decided: b.DecisionRead | None = None
    references: int = 0
    what: str = ""
    payee_bank: str = ""
    payee_number: str = ""
    payee: b.PayeeTold | None = None
    bill: i.BillRead | None = None
    won: int = 0
    at: str = ""
    attempt: int = 0
    order_key: str = ""
    order_won: int = 0
    order_kind: str = ""
    due: str = ""
    tries: int = 0
    reversing: bool = False
    offer: c.OfferRead | None = None
    clauses: tuple[tuple[str, str], ...] = ()
    receipt: c.ReceiptRead | None = None
    block: str = ""
    block_from: str = ""  # the step that a safety block was asked for on
    kept: bool = False  # the bank would not take it back: only its end is asked for
    settled: tuple[tuple[str, str], ...] = ()
    paid: tuple[Paid, ...] = ()
    strange: tuple[str, ...] = ()
    slip: str = ""
    notice: str = ""
    notice_won: int | None = None
    outcome: str = ""
    resumed: bool = False

    @property
    def key(self) -> str:
        """The key of the next question to the bank."""
        return f"{self.visit}-q{self.asked + 1}"

    @property
    def hand_key(self) -> str:
        """The key under which an application or appointment is handed in."""
        return f"{self.visit}-h{self.hands}"

    @property
    def request(self) -> str:
        """The id of the officer's call."""
        return f"{self.visit}-o{self.officers}"

    @property
    def settled_now(self) -> str:
        """How the current order ended; empty while nobody knows."""
        return dict(self.settled).get(self.order_key, "")
