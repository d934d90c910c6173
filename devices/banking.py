"""What is asked of a bank's host for account services: balance, entries, payee, transfer, enquiry, reversal. Pure.

Money is integer won. `key` is `<visit>-<attempt>`: the same key is the same order and has one outcome. An order whose
outcome nobody can tell raises OUTCOME_UNKNOWN; it is asked for with `enquire` and taken back with `reverse`, and never
sent again. The bank authenticates its customer by a Credential of a certified PIN pad; nothing of it can be read here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from devices.ports import Device


@dataclass(frozen=True)
class Account:
    """An account: institution code (3 digits) and number (digits only)."""

    bank: str
    number: str = field(repr=False)


@dataclass(frozen=True)
class Credential:
    """Card and PIN as the PIN pad sealed them for the bank: ciphertext under the key of this serial number (KSN).

    `masked` is what may be shown of the card; `bank` the institution that issued it. Lives in memory only.
    """

    bank: str
    masked: str
    card: bytes = field(repr=False)
    pin_block: bytes = field(repr=False)
    ksn: str = field(default="", repr=False)


class HostState(StrEnum):
    """The bank's word on one order. SCHEDULED: a delayed transfer was taken on and can still be called back."""

    APPROVED = "approved"
    SCHEDULED = "scheduled"
    DECLINED = "declined"
    IN_PROGRESS = "in_progress"
    REVERSED = "reversed"
    NOT_FOUND = "not_found"


class Decline(StrEnum):
    """Why the bank declined; whatever a bank says beyond these is OTHER."""

    INSUFFICIENT_FUNDS = "insufficient_funds"
    OVER_LIMIT = "over_limit"
    WRONG_PIN = "wrong_pin"
    PIN_TRIES_EXCEEDED = "pin_tries_exceeded"
    CARD_NOT_ACCEPTED = "card_not_accepted"
    ACCOUNT_BLOCKED = "account_blocked"
    NO_SUCH_ACCOUNT = "no_such_account"
    REPORTED_ACCOUNT = "reported_account"
    HELD = "held"
    CLOSED_NOW = "closed_now"
    OTHER = "other"


class Declined(Exception):
    """The bank answered a question with a no; nothing was moved."""

    def __init__(self, why: Decline, limit_won: int | None = None) -> None:
        super().__init__(str(why))
        self.why, self.limit_won = why, limit_won


@dataclass(frozen=True)
class Balance:
    """Won on the account, and how much of it may be moved now at a machine."""

    won: int
    available_won: int
    observed_at: datetime


class EntryKind(StrEnum):
    """How money came or went."""

    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    CASH_IN = "cash_in"
    CASH_OUT = "cash_out"
    BILL = "bill"
    OTHER = "other"


@dataclass(frozen=True)
class Booked:
    """One line of an account: when (UTC), how, won (negative: went out), the balance after it, the bank's own note."""

    at: datetime
    kind: EntryKind
    won: int
    balance_won: int
    note: str = field(default="", repr=False)


@dataclass(frozen=True)
class Payee:
    """What the bank says of an account that is to be paid; None where the host does not say.

    `reported`: on the shared list of fraud reports. `registered`: chosen beforehand by the payer. `paid_before`: the
    payer first paid it more than a day ago. `suspected`: the bank's own fraud detection speaks against paying it now.
    `biller`: an issuer of bills for whom the bank collects.
    """

    account: Account
    name: str = field(repr=False)
    reported: bool | None = None
    registered: bool = False
    paid_before: bool | None = None
    suspected: bool | None = None
    biller: bool = False


class Found(StrEnum):
    """How something compares with what the bank has on file; `unknown`: it has nothing to compare with."""

    SAME = "same"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class NameCheck:
    """The bank's word on the name and the day of birth of an account's holder."""

    name: Found
    birth: Found = Found.UNKNOWN


class Block(StrEnum):
    """Safety blocks of a customer; they can be set here, and lifted only face to face."""

    LENDING = "lending"
    REMOTE_ACCOUNTS = "remote_accounts"
    OPEN_BANKING = "open_banking"


#: A last transfer that never was, and the word for it on the wire.
NEVER, NEVER_WORD = date.min, "never"
#: No blocks are set, on the wire; an empty word says nothing.
NO_BLOCKS = "none"


@dataclass(frozen=True)
class Profile:
    """What the bank tells of its customer for the customer's own safety; age in years, None where it does not say.

    `last_machine_transfer`: the last one before this day, NEVER where there was none. `scheduled_won`: delayed ones
    that were taken on and are not among the entries yet.
    """

    age: int | None = field(default=None, repr=False)
    transfer_limit_won: int | None = None
    day_left_won: int | None = None
    delayed_transfers: bool = False
    designated_payees: bool = False
    trusted_person: bool = False
    blocks: frozenset[Block] | None = None
    last_machine_transfer: date | None = None
    scheduled_won: int | None = None


class OrderKind(StrEnum):
    """What is ordered: now, at least three hours later, or a bill."""

    TRANSFER = "transfer"
    DELAYED = "delayed"
    BILL = "bill"


@dataclass(frozen=True)
class Order:
    """Money to be moved. A bill has a payee too: the account that the bill's issuer has named; `bill` is its number."""

    kind: OrderKind
    payee: Account
    won: int
    payee_name: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    bill: str = field(default="", repr=False)


@dataclass(frozen=True)
class HostOutcome:
    """What the bank says of one key: state, won, its reference, when a delayed transfer arrives (UTC), why not."""

    key: str
    state: HostState
    won: int
    reference: str = ""
    due: datetime | None = None
    why: Decline | None = None
    limit_won: int | None = None


class BankHost(Device, Protocol):
    """One link to the switch of all partner banks. Questions answer or raise Declined; DeviceFault where nothing came.

    `transfer` raises OUTCOME_UNKNOWN after a silence, and after any answer that is neither a yes nor one of the noes
    that the interface lists: a bank may have booked and its word been lost behind the switch. DISCONNECTED and
    NOT_PAIRED mean that it was never sent.
    """

    def doubts(self) -> tuple[str, ...]:
        """Why replies were put aside since this was last asked (`wrong_code`, `malformed`, `not_asked_for`)."""

    async def balance(self, key: str, card: Credential, timeout_s: float) -> Balance:
        """What is on the account of this card."""

    async def entries(
        self, key: str, card: Credential, count: int, timeout_s: float, skip: int = 0
    ) -> tuple[Booked, ...]:
        """The last entries but for the newest `skip` (to 999), newest first, at most `count` (1 to 20); a host may give
        fewer at a time, and gives none where there are no more."""

    async def profile(self, key: str, card: Credential, timeout_s: float) -> Profile:
        """What the bank tells for the customer's safety."""

    async def payee(self, key: str, card: Credential, account: Account, timeout_s: float) -> Payee:
        """To whom this account belongs; Declined NO_SUCH_ACCOUNT."""

    async def real_name(self, key: str, card: Credential, name: str, birth: str, timeout_s: float) -> NameCheck:
        """Whether the account that card and PIN opened belongs to a person of this name, in Korean syllables or in
        capitals without blanks, and born on this day (ISO 8601; '' where it is not known): a real-name factor."""

    async def transfer(self, key: str, card: Credential, order: Order, timeout_s: float) -> HostOutcome:
        """Move money once under this key."""

    async def enquire(self, key: str, timeout_s: float, since: datetime | None = None) -> HostOutcome:
        """How this key ended, its reversal included; needs no card.

        `since`: it cannot have been ordered earlier. A link that needs its own record to ask by, and whose record is
        younger than that or of unknown age, raises OUTCOME_UNKNOWN: what it does not know may have been sent.
        """

    async def reverse(self, key: str, won: int, timeout_s: float, since: datetime | None = None) -> HostOutcome:
        """Take back the order of this key; taking back twice is one reversal. What never came is NOT_FOUND; `since` as
        for an enquiry."""

    async def set_block(self, key: str, card: Credential, block: Block, timeout_s: float) -> None:
        """Set a safety block; there is no call that lifts one."""

    async def tell_trusted(self, key: str, card: Credential, what: str, timeout_s: float) -> None:
        """Have the bank notify the trusted person it has on file; `what` is `transfer` or `loan`."""
