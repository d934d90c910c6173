"""What happens while a contract is signed with a bank (facts), and what the bank is asked for it (commands). Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from devices.agency import SignedContract
from kiosk.facts import Command, Fact
from kiosk.marks import personal


@dataclass(frozen=True)
class AskOffer(Command):
    """Ask for the bank's offer of a contract -> OfferRead, OfferMissing, OfferDoubted or Faulted(bank_desk)."""

    bank: str
    reference: str


@dataclass(frozen=True)
class HandContract(Command):
    """Hand a signature over, `until` (ISO) the offer lapses -> ReceiptRead, ContractDeclined or ContractUnknown."""

    key: str
    signed: SignedContract
    until: str


@dataclass(frozen=True)
class EnquireContract(Command):
    """Ask what became of a key, after a pause that grows with `tries` -> as HandContract."""

    key: str
    signed: SignedContract
    tries: int = 0


@dataclass(frozen=True)
class CompareSigner(Command):
    """Is the holder of the shown document whom an offer names -> SignerCompared. Names and birth stay in memory."""

    key: str
    names: tuple[str, ...] = field(default=(), repr=False)
    birth: str = field(default="", repr=False)
    signer: str = field(default="", repr=False)
    signer_birth: str = field(default="", repr=False)


@dataclass(frozen=True)
class SignerCompared(Fact):
    """Whether the holder of the document is whom the offer names: `same`, `differs`, or `unclear` without a birth."""

    key: str
    found: str


@dataclass(frozen=True)
class OfferRead(Fact):
    """A bank-signed offer: body and signature (hex) as they came; what stands beside them was read from the body.

    A screen shows an offer only through devices.contract.read_offer over these two.
    """

    bank: str
    reference: str
    offer_sha256: str
    product: str
    clauses: tuple[str, ...]
    until: str
    won: int = personal(0)
    signer: str = personal()
    birth: str = personal()
    body: str = personal()
    signature: str = ""


@dataclass(frozen=True)
class OfferMissing(Fact):
    """The bank offers no contract for this reference."""

    bank: str
    reference: str


@dataclass(frozen=True)
class OfferDoubted(Fact):
    """Something came that is no offer of the bank's, or one that has lapsed; it changed nothing."""

    bank: str
    reference: str
    why: str = ""


@dataclass(frozen=True)
class ReceiptRead(Fact):
    """The bank's signed receipt of the signature under this key: body and signature (hex) as they came.

    *Signed* is shown only through devices.contract.read_receipt over these two.
    """

    key: str
    body: str
    signature: str


@dataclass(frozen=True)
class ContractDeclined(Fact):
    """The bank does not have the signature: `not_found` (it may be on its way), `stale` (lapsed) or why."""

    key: str
    why: str = ""


@dataclass(frozen=True)
class ContractUnknown(Fact):
    """Nobody can say yet whether the bank has the signature; tries so far."""

    key: str
    tries: int = 1


@dataclass(frozen=True)
class ContractAsked(Fact):
    """The customer wants to see the contract that the bank offers."""


@dataclass(frozen=True)
class ClauseAgreed(Fact):
    """One clause was shown whole and confirmed by itself: its id and the SHA-256 of its words (devices/contract.py)."""

    clause: str
    sha256: str


def about(key: str, signed: SignedContract) -> dict[str, str]:
    """What a receipt must name to be that of this signature."""
    return {
        "key": key, "bank": signed.bank, "reference": signed.reference, "offer_sha256": signed.offer_sha256,
        "sealed_sha256": hashlib.sha256(signed.sealed).hexdigest(),
    }  # fmt: skip


FACTS: tuple[type[Fact], ...] = (
    ContractAsked, ClauseAgreed, OfferRead, OfferMissing, OfferDoubted, SignerCompared, ReceiptRead, ContractDeclined,
    ContractUnknown,
)  # fmt: skip
