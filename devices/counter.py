"""What is asked of the devices of a bank counter: PIN pad, document camera, officer on call. Pure.

A PIN is typed on a certified encrypting PIN pad and nowhere else: what comes back is ciphertext for the bank, and the
number of keys pressed. An officer's answer is believed only when its signature, its request and its time are right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from devices.agency import SignedMessage
from devices.banking import Credential
from devices.ports import Device


class PinPad(Device, Protocol):
    """A certified encrypting PIN pad with its card slot. Faults: TIME_OUT (nobody acted), CANCELED (the customer
    pressed cancel), MEDIA_REMOVED, MEDIA_UNKNOWN (no bank card), POTENTIAL_FRAUD states as ACCESS_DENIED."""

    async def credential(self, key: str, timeout_s: float, typed: Callable[[int], None] | None = None) -> Credential:
        """Wait for card and PIN; `typed` hears how many digits were pressed, never which."""

    async def cancel(self) -> None:
        """Give up waiting and give the card back."""


class DocumentKind(StrEnum):
    """What a customer may show. The first two have a chip that is read; the others are verified by the operator."""

    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence_permit"
    RESIDENT_CARD = "resident_card"
    LICENCE = "licence"


@dataclass(frozen=True)
class PrintedField:
    """One field as the camera read it: text, and how sure it is (0 to 1)."""

    text: str = field(repr=False)
    sure: float = 0.0


@dataclass(frozen=True)
class Proposal:
    """What seems to be printed on the document, by field name: `name`, `number`, `issued`, `birth`, `expiry`.

    A proposal, never a fact: the customer confirms or types.
    """

    fields: Mapping[str, PrintedField] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Photo:
    """A picture of a paper: JPEG bytes, in memory only."""

    jpeg: bytes = field(repr=False)
    width: int = 0
    height: int = 0


class DocumentCamera(Device, Protocol):
    """A camera over the counter's glass. Faults: NO_MEDIA (nothing lies there), CAMERA_DARK, UNSTABLE (it moves)."""

    async def propose(self, kind: DocumentKind, timeout_s: float) -> Proposal:
        """Read the printed fields of a document; what cannot be read is left out."""

    async def photograph(self, timeout_s: float) -> Photo:
        """One sharp picture of the paper that lies there."""


class OfficerAnswer(StrEnum):
    """What an officer may say. The last two need a live picture of the person: a key with `live = true`."""

    APPROVE_PURPOSE = "approve purpose"
    HOLD = "hold"
    END_VISIT = "end visit"
    HOLDER_MATCHES = "holder matches"
    HOLDER_DIFFERS = "holder differs"


NEEDS_LIVE = frozenset({OfficerAnswer.HOLDER_MATCHES, OfficerAnswer.HOLDER_DIFFERS})


class QueueState(StrEnum):
    """What has become of a call for an officer."""

    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class OfficerRequest:
    """A call: its id (`<visit>-o<n>`, never used twice), service, what is asked (`purpose`, `holder`, `help`), won.

    `notes` are stable words (`document:lost`, `rule:F3`), never personal data: the queue entry stands on the feed.
    """

    id: str
    service: str
    asked: str
    won: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfficerWord:
    """What the desk says of a request now: state, place in the queue (1 is next), a line for the customer, the answer.

    `text` is plain and at most 200 characters; it informs and decides nothing.
    """

    state: QueueState
    place: int = 0
    text: str = ""
    answer: SignedMessage | None = None


class OfficerDesk(Device, Protocol):
    """The operator's queue for officers."""

    async def request(self, request: OfficerRequest, timeout_s: float) -> OfficerWord:
        """Place a call; the same id twice is one call."""

    async def look(self, request: str, timeout_s: float) -> OfficerWord:
        """What has become of it."""

    async def withdraw(self, request: str, timeout_s: float) -> None:
        """The customer no longer waits."""


#: What every answer says of itself, so that a signature for another purpose is none for this.
PURPOSE = "officer-answer-1"
MESSAGE_LIMIT = 2048
#: No answer is good for longer than this many seconds, whatever it says.
LONGEST_S = 600.0


@dataclass(frozen=True)
class OfficerKey:
    """An officer of branch.toml: id, raw Ed25519 public key, whether their desk shows the person live."""

    id: str
    key: bytes
    live: bool = False


class NotBelieved(Exception):
    """An answer that counts as none; `why` is a stable word: signature, format, request, expired, not_yet, live."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Answered:
    """A believed answer: by whom, what, about which request, until when (UTC)."""

    officer: str
    answer: OfficerAnswer
    request: str
    expires: datetime


def read_answer(
    message: SignedMessage, officers: Mapping[str, OfficerKey], branch: str, request: str, now: datetime
) -> Answered:
    """The answer to this request of this branch, or NotBelieved. A request takes one answer; its id is never reused."""
    said = _object(message.body)
    officer = officers.get(str(said.get("officer")))
    if officer is None:
        raise NotBelieved("signature")
    try:
        Ed25519PublicKey.from_public_bytes(officer.key).verify(message.signature, message.body)
    except (InvalidSignature, ValueError):
        raise NotBelieved("signature") from None
    if (said.get("purpose"), said.get("branch"), said.get("request")) != (PURPOSE, branch, request):
        raise NotBelieved("request")
    answer, issued, expires = _said(said)
    if issued > now:
        raise NotBelieved("not_yet")
    if expires <= now or (now - issued).total_seconds() > LONGEST_S:
        raise NotBelieved("expired")
    if answer in NEEDS_LIVE and not officer.live:
        raise NotBelieved("live")
    return Answered(officer.id, answer, request, expires)


def _object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object of bounded size."""
    try:
        said = json.loads(body) if len(body) <= MESSAGE_LIMIT else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise NotBelieved("format")
    return said


def _said(said: Mapping[str, Any]) -> tuple[OfficerAnswer, datetime, datetime]:
    try:
        issued, expires = datetime.fromisoformat(said["issued"]), datetime.fromisoformat(said["expires"])
        answer = OfficerAnswer(said["answer"])
    except (KeyError, TypeError, ValueError):
        raise NotBelieved("format") from None
    if issued.tzinfo is None or expires.tzinfo is None:
        raise NotBelieved("format")
    return answer, issued, expires
