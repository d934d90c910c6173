"""What happens between a visit and its bank (facts) and what the bank can be asked (commands). Pure.

Card and PIN never become a fact: the teller (kiosk/banking/teller.py) holds them, sealed for the bank, until ForgetCard
or the end of the visit. After a restart they are gone, and only enquiry and reversal, which need none, go on.
Keys are `<visit>-<attempt>`. Money is integer won; times are ISO 8601 in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from devices.agency import Application, Appointment
from devices.banking import Account, Block, Order
from kiosk.facts import Command, Fact
from kiosk.marks import personal

# What is asked before money moves


@dataclass(frozen=True)
class AskCard(Command):
    """Wait for card and PIN on the PIN pad -> CardGiven or CardTrouble; the pad itself shows that keys are heard."""

    key: str
    passive: ClassVar[bool] = True


@dataclass(frozen=True)
class ForgetCard(Command):
    """Drop card and PIN from memory; posts nothing."""


@dataclass(frozen=True)
class AskBalance(Command):
    """-> BalanceTold, BankDeclined or Faulted(bank_host)."""

    key: str


@dataclass(frozen=True)
class AskEntries(Command):
    """-> EntriesTold, BankDeclined or Faulted(bank_host). `since` (ISO, UTC): as many as reach back to there."""

    key: str
    count: int = 10
    since: str = ""


@dataclass(frozen=True)
class AskProfile(Command):
    """-> ProfileTold, BankDeclined or Faulted(bank_host)."""

    key: str


@dataclass(frozen=True)
class AskPayee(Command):
    """To whom does this account belong -> PayeeTold, BankDeclined or Faulted(bank_host)."""

    key: str
    account: Account


@dataclass(frozen=True)
class CompareName(Command):
    """Does card and PIN's account belong to the document's holder -> NameCompared, BankDeclined or Faulted(bank_host).

    `names`: the holder's name in every writing that the document has; `birth`: ISO 8601, '' where it tells none.
    """

    key: str
    names: tuple[str, ...] = field(default=(), repr=False)
    birth: str = field(default="", repr=False)


@dataclass(frozen=True)
class SetBlock(Command):
    """Set a safety block -> BlockSet, BankDeclined or Faulted(bank_host)."""

    key: str
    block: Block


@dataclass(frozen=True)
class TellTrusted(Command):
    """Have the bank notify the trusted person on file (`transfer`, `loan`) -> TrustedTold, BankDeclined or Faulted."""

    key: str
    what: str


@dataclass(frozen=True)
class CardGiven(Fact):
    """Card and PIN are in: the issuing institution, and the masked card."""

    bank: str
    card: str = personal()


@dataclass(frozen=True)
class CardTrouble(Fact):
    """No credential came: the PIN pad's fault code (`time_out`, `canceled`, `media_removed`, …)."""

    code: str


@dataclass(frozen=True)
class BankDeclined(Fact):
    """The bank answered a question with a no (devices.banking.Decline); `asked` is the command's name."""

    asked: str
    why: str
    limit_won: int | None = None


@dataclass(frozen=True)
class BalanceTold(Fact):
    """Won on the account, and won that may be moved now."""

    won: int = personal(0)
    available_won: int = personal(0)


@dataclass(frozen=True)
class EntriesTold(Fact):
    """Newest first: (time, EntryKind, won, balance won, note). `whole`: none is missing since the time asked for."""

    entries: tuple[tuple[str, str, int, int, str], ...] = personal(())
    whole: bool = False


@dataclass(frozen=True)
class ProfileTold(Fact):
    """devices.banking.Profile; None, and '' for the last transfer at a machine, where the bank does not say.

    `last_machine_transfer`: the last one before this day, or `never`.
    """

    age: int | None = personal(None)
    transfer_limit_won: int | None = None
    day_left_won: int | None = None
    delayed_transfers: bool = False
    designated_payees: bool = False
    trusted_person: bool = False
    blocks: tuple[str, ...] | None = None
    last_machine_transfer: str = ""
    scheduled_won: int | None = None


@dataclass(frozen=True)
class PayeeTold(Fact):
    """devices.banking.Payee."""

    bank: str
    number: str = personal()
    name: str = personal()
    reported: bool | None = None
    registered: bool = False
    paid_before: bool | None = None
    suspected: bool | None = None
    biller: bool = False


@dataclass(frozen=True)
class NameCompared(Fact):
    """The bank's word: card and PIN's account belongs to somebody of the document's name, or not; `unclear`: the two
    cannot be compared, and nothing was proven either way."""

    matches: bool
    unclear: bool = False


@dataclass(frozen=True)
class BlockSet(Fact):
    """The bank has set this safety block."""

    block: str


@dataclass(frozen=True)
class TrustedTold(Fact):
    """The bank has taken on the notice to the trusted person."""

    what: str


# Money


@dataclass(frozen=True)
class SendOrder(Command):
    """Move money once under this key -> OrderDone, OrderScheduled, OrderDeclined or OrderUnknown."""

    key: str
    order: Order


@dataclass(frozen=True)
class EnquireOrder(Command):
    """Ask how this key ended, after a pause that grows with `tries` -> as SendOrder, or OrderReversed."""

    key: str
    won: int
    tries: int = 0


@dataclass(frozen=True)
class ReverseOrder(Command):
    """Take this order back, after a pause that grows with `tries` -> OrderReversed, OrderDeclined or OrderUnknown."""

    key: str
    won: int
    tries: int = 0


@dataclass(frozen=True)
class OrderDone(Fact):
    """The bank has booked it."""

    key: str
    won: int
    reference: str = ""


@dataclass(frozen=True)
class OrderScheduled(Fact):
    """The bank has taken on a delayed transfer; it arrives at `due` (ISO, UTC) and can be called back until then."""

    key: str
    won: int
    reference: str = ""
    due: str = ""


@dataclass(frozen=True)
class OrderDeclined(Fact):
    """The bank says that nothing was moved under this key: a Decline, `not_found` or `unavailable`."""

    key: str
    why: str = ""
    limit_won: int | None = None


@dataclass(frozen=True)
class OrderUnknown(Fact):
    """Neither the bank nor an enquiry could say how this order, or its reversal, ended; tries so far."""

    key: str
    tries: int = 1


@dataclass(frozen=True)
class OrderReversed(Fact):
    """The bank confirmed that this order was taken back."""

    key: str
    won: int
    reference: str = ""


# Intake


@dataclass(frozen=True)
class HandIn(Command):
    """Hand an application to its bank -> HandedIn, HandInDeclined or HandInUnknown."""

    key: str
    application: Application


@dataclass(frozen=True)
class Appoint(Command):
    """Ask for an appointment -> HandedIn, HandInDeclined or HandInUnknown."""

    key: str
    appointment: Appointment


@dataclass(frozen=True)
class EnquireHandIn(Command):
    """Ask what became of a key, after a pause that grows with `tries` -> HandedIn, HandInDeclined or HandInUnknown."""

    key: str
    tries: int = 0


@dataclass(frozen=True)
class AskDecision(Command):
    """Ask for the bank's signed word -> DecisionRead, DecisionDoubted, DecisionRefused, DecisionMissing or
    Faulted(bank_desk)."""

    bank: str
    reference: str


@dataclass(frozen=True)
class HandedIn(Fact):
    """The bank has it, under this reference number."""

    key: str
    reference: str


@dataclass(frozen=True)
class HandInDeclined(Fact):
    """The bank does not have it: `not_found` (it may still be on its way) or why it takes none now."""

    key: str
    why: str = ""


@dataclass(frozen=True)
class HandInUnknown(Fact):
    """Nobody can say yet whether the bank has it; tries so far."""

    key: str
    tries: int = 1


@dataclass(frozen=True)
class DecisionRead(Fact):
    """A bank-signed word on a reference: body and signature (hex) as they came, so that it can be checked again.

    A flow shows a decision only through devices.agency.read_decision over these two; `word` and `at` (ISO 8601) are for
    people who search, and so that an older word is never believed after a newer one.
    """

    bank: str
    reference: str
    word: str
    body: str = ""
    signature: str = ""
    at: str = ""


@dataclass(frozen=True)
class DecisionDoubted(Fact):
    """Something came that is no decision of the bank's; it changed nothing."""

    bank: str
    reference: str
    why: str = ""


@dataclass(frozen=True)
class DecisionRefused(Fact):
    """The bank was not asked: this kiosk has asked for too many references in an hour."""

    bank: str
    reference: str


@dataclass(frozen=True)
class DecisionMissing(Fact):
    """The bank has not decided yet."""

    bank: str
    reference: str


@dataclass(frozen=True)
class HostDoubted(Fact):
    """A reply of this device was put aside; nothing came of it.

    Why: `wrong_code`, `malformed`, `not_asked_for`; where a bank signs, `wrongly_signed`, `not_yet`, `replayed`.
    """

    device: str
    why: str


FACTS: tuple[type[Fact], ...] = (
    CardGiven, CardTrouble, BankDeclined, BalanceTold, EntriesTold, ProfileTold, PayeeTold, NameCompared,
    BlockSet, TrustedTold, OrderDone, OrderScheduled, OrderDeclined, OrderUnknown, OrderReversed, HandedIn,
    HandInDeclined, HandInUnknown, DecisionRead, DecisionDoubted, DecisionRefused, DecisionMissing,
    HostDoubted,
)  # fmt: skip
