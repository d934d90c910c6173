"""What is asked of a bank for which the branch takes applications: hand-off, appointment, its decision. Pure.

The branch examines and approves nothing. A Decision exists only as the reading of a message whose Ed25519 signature is
that of the bank's key in branch.toml, about a reference that this branch was given: `read_decision` is its only maker.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from devices.ports import Device, DeviceFault, FaultCode

#: What every decision message says of itself, so that a signature for another purpose is none for this.
PURPOSE = "bank-decision-1"
MESSAGE_LIMIT = 4096


@dataclass(frozen=True)
class Application:
    """What is handed to the bank: institution code, product id, and everything personal sealed to the bank's key."""

    bank: str
    product: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class Appointment:
    """A wish for a talk with the bank: when (local, to the minute), `branch`, `phone` or `video`, sealed contact."""

    bank: str
    product: str
    when: datetime
    how: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class SignedContract:
    """A customer's signature under an offer: the offer's SHA-256 (hex), and the rest sealed to the bank."""

    bank: str
    reference: str
    offer_sha256: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class Received:
    """The bank has it: its reference number (A-Z, 0-9, dash; 6 to 24), and when (UTC)."""

    key: str
    reference: str
    at: datetime


@dataclass(frozen=True)
class SignedMessage:
    """A message as it came, and the 64 bytes that are to be its Ed25519 signature. Not yet believed."""

    body: bytes = field(repr=False)
    signature: bytes = field(repr=False)


class Word(StrEnum):
    """What a bank may have decided on an application."""

    EXAMINING = "examining"
    APPROVED = "approved"
    REFUSED = "refused"
    MORE_PAPERS = "more_papers"


class NotSigned(Exception):
    """A message that is no decision of the bank's; the text says why and holds nothing personal."""


_MAKER = object()


class Decision:
    """The bank's own signed word on one application. Only `read_decision` makes one."""

    __slots__ = ("at", "bank", "reference", "word")

    def __init__(self, maker: object, bank: str, reference: str, word: Word, at: datetime) -> None:
        if maker is not _MAKER:
            raise TypeError("a decision is read from a message that the bank has signed, never made")
        for name, value in (("bank", bank), ("reference", reference), ("word", word), ("at", at)):
            object.__setattr__(self, name, value)

    bank: str
    reference: str
    word: Word
    at: datetime

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a decision is not changed; {name} was signed")

    def __repr__(self) -> str:
        return f"Decision({self.bank}, {self.reference}, {self.word})"


def read_decision(message: SignedMessage, keys: Mapping[str, bytes], bank: str, reference: str) -> Decision:
    """The decision on this reference by this bank; NotSigned for anything else. `keys`: raw public key by bank."""
    said = believed(message, keys, bank, reference, PURPOSE)
    return Decision(_MAKER, bank, reference, *_word(said))


def believed(
    message: SignedMessage, keys: Mapping[str, bytes], bank: str, reference: str, purpose: str,
    most: int = MESSAGE_LIMIT,
) -> dict[str, Any]:  # fmt: skip
    """What this bank has signed for this purpose about this reference; NotSigned for anything else."""
    if bank not in keys:
        raise NotSigned("no key of this bank stands in branch.toml")
    try:
        Ed25519PublicKey.from_public_bytes(keys[bank]).verify(message.signature, message.body)
    except (InvalidSignature, ValueError):
        raise NotSigned("the signature is not the bank's") from None
    said = _object(message.body, most)
    if said.get("purpose") != purpose or said.get("bank") != bank or said.get("reference") != reference:
        raise NotSigned("signed by the bank, but about something else")
    return said


def _object(body: bytes, most: int) -> dict[str, Any]:
    """The body as a JSON object of bounded size."""
    if len(body) > most:
        raise NotSigned("longer than such a message is")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise NotSigned("no JSON object") from None
    if not isinstance(said, dict):
        raise NotSigned("no JSON object")
    return said


def _word(said: Mapping[str, Any]) -> tuple[Word, datetime]:
    try:
        at = datetime.fromisoformat(said["at"])
        word = Word(said["word"])
    except (KeyError, TypeError, ValueError):
        raise NotSigned("neither word nor time of a decision") from None
    if at.tzinfo is None:
        raise NotSigned("a time without its zone")
    return word, at


class AgencyDesk(Device, Protocol):
    """The banks' intake over one operator's link. Same key, same reference; after a silence OUTCOME_UNKNOWN, then
    `enquire`. A bank that takes no applications now raises Declined."""

    async def hand_in(self, key: str, application: Application, timeout_s: float) -> Received:
        """Hand an application to its bank."""

    async def appoint(self, key: str, appointment: Appointment, timeout_s: float) -> Received:
        """Ask for an appointment."""

    async def enquire(self, key: str, timeout_s: float) -> Received | None:
        """What became of a key; None: the bank never had it."""

    async def decision(self, bank: str, reference: str, timeout_s: float) -> SignedMessage | None:
        """The bank's signed word on a reference as it came, unchecked; None where there is none yet."""

    async def offer(self, bank: str, reference: str, timeout_s: float) -> SignedMessage | None:
        """The bank's offer of a contract (devices/contract.py) as it came, unchecked; None where there is none."""

    async def sign(self, key: str, signed: SignedContract, timeout_s: float) -> SignedMessage:
        """Hand a signature over; the bank's receipt as it came, unchecked. Same key, same receipt; Declined for a no,
        after a silence OUTCOME_UNKNOWN, then `receipt`."""

    async def receipt(self, key: str, timeout_s: float) -> SignedMessage | None:
        """The receipt of a key again, unchecked; None: the bank never had it."""


def signed_message(said: Any, most: int = 8192) -> SignedMessage:
    """`{"body", "signature"}` in base64; PROTOCOL for anything else."""
    try:
        body, signature = (base64.b64decode(said[each], validate=True) for each in ("body", "signature"))
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise DeviceFault(FaultCode.PROTOCOL, "no signed message") from None
    if len(body) > most or len(signature) != 64:
        raise DeviceFault(FaultCode.PROTOCOL, "no signed message")
    return SignedMessage(body, signature)
