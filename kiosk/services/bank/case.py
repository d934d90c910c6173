"""What the fraud shield looks at (a case and its answers), by which figures, and what it says. Pure.

Money in won, times in seconds unless they say otherwise. Nothing here holds a name or an account number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum


class Act(StrEnum):
    """What the customer wants to do."""

    TRANSFER = "transfer"
    DELAYED = "delayed"
    BILL = "bill"
    CASH_OUT = "cash_out"
    DEPOSIT = "deposit"  # without card or passbook, into somebody's account
    LOAN = "loan"
    OPENING = "opening"  # an account opened without meeting anybody
    BREAKING = "breaking"  # a term deposit ended early


class Action(IntEnum):
    """What a rule asks for, the mildest first. From HOLD on the money does not move at once."""

    NOTICE = 1
    OFFER = 2
    NOTIFY = 3
    ASK = 4
    HOLD = 5
    OFFICER = 6
    STOP = 7


#: The only rules that may stop: law or industry practice (facts: data-security.md, section 5).
HARD = frozenset({"F1", "F3", "F6", "F10"})
#: What moves money out of an account of the customer.
OUT = frozenset({Act.TRANSFER, Act.DELAYED, Act.BILL, Act.CASH_OUT})
#: Signs that somebody hides or is being led (F11); what the lobby camera may report, never stored as pictures.
SIGNS = ("phone_at_ear", "sunglasses", "headwear", "second_face")
TOLD, CALL, APP, PREPAY, FAMILY, SECRET = "told", "call", "app", "prepay", "family", "secret"
#: Stops that an officer may lift who has confirmed the purpose: they ask for just that.
LIFTED = frozenset({"F3"})
#: Stops of a sum that is too large: a smaller one is not stopped.
SUMS = frozenset({"F1", "F3", "F6"})


@dataclass(frozen=True)
class Credit:
    """One transfer that came in, won, and how many seconds ago."""

    won: int
    seconds_ago: int


@dataclass(frozen=True)
class Case:
    """All that the rules look at. Money in won; None = nobody knows. Holds no name and no account number."""

    act: Act
    won: int = 0
    balance_won: int = 0
    day_won: int = 0  # sent within a day before this, transfers and bills, as far as it went to others
    day_cash_won: int = 0  # drawn in cash within a day
    new_won: int = 0  # sent within a day to this payee, or in this visit to any whom nobody paid before
    credits: tuple[Credit, ...] = ()
    entries_whole: bool = True  # nothing of the last day is missing from what the bank told of the account
    age: int | None = None
    sex: str = ""  # "M", "F" or unknown; chooses wording alone
    cash_outs_24h: int = 0  # before this one
    transfers_here: int = 1  # transfers that were sent before in this visit
    idle_days: int | None = 0  # from the last transfer at a machine to today; None = the bank does not say
    payee_known: bool = True  # paid before, more than a day ago
    payee_own: bool = False  # the customer's own, or one registered with the bank
    payee_biller: bool = False  # one that the bank confirms as an issuer of bills
    payee_listed: bool | None = False  # on the shared list (F14)
    payee_day_won: int = 0  # what the payee got without card or passbook today
    delays: bool = False  # F7 is agreed with the bank
    designates: bool = False  # F8 is agreed with the bank
    trusted: bool = False  # F9: a trusted person is named
    block: str = "clear"  # F10: clear, set, or unknown
    alarm: bool | None = False  # the bank's own fraud detection speaks
    signs: frozenset[str] = frozenset()
    wants_cash: bool = False
    no_reason: bool = False
    upset: bool = False
    held_s: int | None = None  # a hold that binds this: seconds left, 0 = it has passed, None = there was none

    @property
    def trusted_payee(self) -> bool:
        """The customer's own or registered account, or a bill of an issuer that the bank confirms."""
        return self.payee_own or (self.act == Act.BILL and self.payee_biller)

    @property
    def new_payee(self) -> bool:
        """Money to somebody whom the customer has not paid before."""
        return not self.payee_known and not self.trusted_payee

    def with_hold(self, left_s: int | None) -> Case:
        """The same under a hold with so many seconds left."""
        return replace(self, held_s=left_s)

    @property
    def day_out_won(self) -> int:
        """Everything that left within a day, this order with it."""
        return self.day_won + self.day_cash_won + self.won


@dataclass(frozen=True)
class Answer:
    """One answer: yes or no, and how long it took, milliseconds."""

    question: str
    yes: bool
    ms: int


@dataclass(frozen=True)
class Rule:
    """One line of config/fraud.toml. `basis` is law, practice, abroad or ours; a figure that a rule lacks is 0."""

    id: str
    on: bool
    basis: str
    acts: frozenset[Act]
    won: int = 0
    day_won: int = 0
    age: int = 0
    seconds: int = 0
    days: int = 0
    count: int = 0
    ms: int = 0


@dataclass(frozen=True)
class Book:
    """The rules in force, by id, and the version of the file that they were read from."""

    version: str
    rules: Mapping[str, Rule]
    hold_s: int = 1800


@dataclass(frozen=True)
class Finding:
    """What one rule says: the action, the id of the sentence that tells why, a limit in won, a wait in seconds."""

    rule: str
    action: Action
    text: str
    won: int = 0
    seconds: int = 0


@dataclass(frozen=True)
class Assessment:
    """What all rules together say, and the questions that are still to be asked."""

    version: str
    findings: tuple[Finding, ...] = ()
    questions: tuple[str, ...] = field(default=())

    @property
    def worst(self) -> int:
        """The strongest action asked for; 0 where nothing speaks."""
        return max((finding.action for finding in self.findings), default=0)

    @property
    def stopped(self) -> bool:
        """A hard stop: law or practice forbids it here and now."""
        return self.worst == Action.STOP

    @property
    def moves(self) -> bool:
        """Whether the money may move now: nothing stops, holds, waits for an officer or is still to be asked."""
        return self.worst < Action.HOLD and not self.questions

    @property
    def wait_s(self) -> int:
        """How long to wait, seconds: the longest of what the rules ask for."""
        return max((finding.seconds for finding in self.findings if finding.action >= Action.HOLD), default=0)

    @property
    def moves_by_officer(self) -> bool:
        """Whether an officer who confirms the purpose may let it go on: no stop but those that ask for just this."""
        return all(finding.action < Action.STOP or finding.rule in LIFTED for finding in self.findings)

    @property
    def most_won(self) -> int:
        """The sum that no stop forbids, won; 0 where one forbids every sum."""
        stops = [finding for finding in self.findings if finding.action == Action.STOP]
        return min((finding.won if finding.rule in SUMS else 0 for finding in stops), default=0)

    def asks(self, action: Action) -> bool:
        """Whether any rule asks for just this."""
        return any(finding.action == action for finding in self.findings)
