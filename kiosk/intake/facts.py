"""What happens while an application is put together (facts), and what is asked for it (commands). Pure.

Photographs and signatures live in memory until they are sealed to the bank's key; what is kept of them is ciphertext.
A hold is kept under keyed hashes of card and payee, so that it can be found again and never read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from kiosk.facts import Command, Fact
from kiosk.marks import personal, secret


@dataclass(frozen=True)
class Photograph(Command):
    """Photograph the paper that lies there -> PaperTaken or Faulted(document_camera)."""

    paper: str


@dataclass(frozen=True)
class DropPapers(Command):
    """Forget every photograph of this visit; posts nothing."""


@dataclass(frozen=True)
class SealApplication(Command):
    """Seal what was entered, signed and photographed to the bank's key -> ApplicationSealed or Faulted(bank_desk)."""

    key: str
    bank: str
    product: str
    won: int = 0
    months: int = 0
    phone: str = field(default="", repr=False)
    signature: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class SealContract(Command):
    """Seal a signature under an offer to the bank's key -> ContractSealed or Faulted(bank_desk)."""

    key: str
    bank: str
    reference: str
    offer_sha256: str
    clauses: tuple[tuple[str, str], ...]  # id and SHA-256 of each that was confirmed
    signature: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)


@dataclass(frozen=True)
class NoteJudgement(Command):
    """Write down a decision of the fraud shield, whole -> Judged."""

    record: str = field(default="", repr=False)


@dataclass(frozen=True)
class LookHold(Command):
    """Is a hold kept for this card and payee -> HoldKnown."""

    card: str = field(default="", repr=False)
    payee: str = field(default="", repr=False)


@dataclass(frozen=True)
class KeepHold(Command):
    """Keep a hold of so many seconds for this card, and for this payee with it -> HoldKept.

    `for_all`: whoever else pays this payee waits too; not so where many honest people do, as with a bill's issuer.
    """

    seconds: int
    card: str = field(default="", repr=False)
    payee: str = field(default="", repr=False)
    for_all: bool = True


@dataclass(frozen=True)
class WatchBill(Command):
    """Wait for a bill's code under the code reader -> BillRead; another code -> BillRefused."""

    passive: ClassVar[bool] = True


@dataclass(frozen=True)
class PaperTaken(Fact):
    """A paper was photographed; how large the picture is, bytes."""

    paper: str
    size: int


@dataclass(frozen=True)
class ApplicationSealed(Fact):
    """What goes to the bank under this key: ciphertext for the bank alone, hex."""

    key: str
    sealed: str = field(default="", repr=False)


@dataclass(frozen=True)
class ContractSealed(Fact):
    """A signature and the offer's SHA-256 under this key: ciphertext for the bank alone, hex."""

    key: str
    sealed: str = field(default="", repr=False)


@dataclass(frozen=True)
class Judged(Fact):
    """One decision of the fraud shield as kiosk/services/bank/records.py writes it."""

    record: str = personal()


@dataclass(frozen=True)
class HoldKnown(Fact):
    """A hold for this card and payee: seconds left, 0 once it has passed, None where there is none.

    `wider_s`: the same of any hold of this card, and of one that runs for this payee.
    """

    left_s: int | None = None
    wider_s: int | None = None


@dataclass(frozen=True)
class HandAgreed(Fact):
    """What stands on the last screen may go to the bank; when that was said (ISO, UTC)."""

    at: str = ""


@dataclass(frozen=True)
class HoldKept(Fact):
    """A hold stands: keyed hash of card and payee, until when (ISO, UTC), and keyed hashes of either alone, the
    payee's empty where it binds nobody else."""

    mark: str
    until: str
    card_mark: str = ""
    payee_mark: str = ""


@dataclass(frozen=True)
class BillRead(Fact):
    """A bill's code: the issuer's account, won, and the bill's number."""

    bank: str
    won: int
    account: str = personal()
    number: str = personal()


@dataclass(frozen=True)
class BillRefused(Fact):
    """A code that is no bill, or one whose check digit is wrong."""

    why: str


@dataclass(frozen=True)
class Signed(Fact):
    """The customer signed: strokes as `x,y x,y;…` in tenths of a millimetre, or `by name` where the hand cannot."""

    way: str
    strokes: str = secret()


FACTS: tuple[type[Fact], ...] = (
    PaperTaken, ApplicationSealed, ContractSealed, Judged, HoldKnown, HoldKept, BillRead,
    BillRefused, Signed, HandAgreed,
)  # fmt: skip
