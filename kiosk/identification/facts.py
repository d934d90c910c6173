"""What happens when a document is shown (facts), and what is asked (commands). Pure.

Names, numbers and dates are secret fields: they live in memory and are never written. After a stop the visit begins
again at the choice of the document; what stays on disk is that it was tried, under a keyed hash, and how it ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from kiosk.facts import Command, Fact
from kiosk.marks import secret


@dataclass(frozen=True)
class ConsentGiven(Fact):
    """The customer agreed to this wording: id, version, language and SHA-256 of the text shown, the optional parts
    taken."""

    consent: str
    version: str
    sha256: str
    optional: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class DocumentChosen(Fact):
    """devices.counter.DocumentKind."""

    kind: str


@dataclass(frozen=True)
class ReadAsked(Fact):
    """The customer laid the document on the glass and has it read; `False`: types instead."""

    yes: bool = True


@dataclass(frozen=True)
class FieldAsked(Fact):
    """The customer goes back to one field to type it anew."""

    field: str


@dataclass(frozen=True)
class HolderAsked(Fact):
    """How the customer wants to prove to be the holder: `officer` or `card`."""

    way: str


@dataclass(frozen=True)
class FieldsProposed(Fact):
    """The camera's proposal; which fields it read is kept, what they say is not."""

    read: tuple[str, ...] = ()
    name: str = secret()
    number: str = secret()
    issued: str = secret()
    birth: str = secret()
    expiry: str = secret()


@dataclass(frozen=True)
class NothingRead(Fact):
    """The camera read nothing that helps; typing goes on. Its fault code."""

    code: str = ""


@dataclass(frozen=True)
class FieldGiven(Fact):
    """The customer typed one field."""

    field: str
    text: str = secret()


@dataclass(frozen=True)
class AttemptCounted(Fact):
    """One more try of this number: keyed hash of kind and number. Written before anybody is asked. `denied`: within
    the last day an officer saw somebody with it who was not its holder."""

    mark: str
    denied: bool = False


@dataclass(frozen=True)
class AttemptRefused(Fact):
    """Too many tries: `number` or `kiosk`, and until when (ISO, UTC). Nobody was asked."""

    why: str
    until: str = ""


@dataclass(frozen=True)
class DocumentChecked(Fact):
    """How the check ended (kiosk.proof.Document), and the word it rests on: the chip's verdict and findings, the
    operator's answer, or a fault code. The customer is told none of it. `latin`: the name as the chip's MRZ spells
    it."""

    kind: str
    document: str
    rests_on: str = ""
    name: str = secret()
    latin: str = secret()


@dataclass(frozen=True)
class IdentitySealed(Fact):
    """What the commissioner of this check needs, sealed to its key (hex); unreadable here."""

    recipient: str
    sealed: str = field(default="", repr=False)


@dataclass(frozen=True)
class ProposeFields(Command):
    """Let the document camera read -> FieldsProposed or NothingRead."""

    kind: str


@dataclass(frozen=True)
class CountAttempt(Command):
    """May this number be tried now -> AttemptCounted or AttemptRefused."""

    kind: str
    number: str = field(default="", repr=False)


@dataclass(frozen=True)
class CheckDocument(Command):
    """Read the chip that lies there, or ask the operator -> DocumentChecked, whatever happens."""

    kind: str
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    issued: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    expiry: str = field(default="", repr=False)


@dataclass(frozen=True)
class SealIdentity(Command):
    """Seal the identity to the centre's key for the one who commissioned the check -> IdentitySealed or Faulted."""

    recipient: str
    kind: str
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    issued: str = field(default="", repr=False)


@dataclass(frozen=True)
class WatchDocument(Command):
    """Wait until a card lies on the reader, or does not -> DocumentSeen."""

    seen: str = ""
    passive: ClassVar[bool] = True


@dataclass(frozen=True)
class DocumentSeen(Fact):
    """What lies on the reader: devices.identity.CardState."""

    state: str


FACTS: tuple[type[Fact], ...] = (
    ConsentGiven, DocumentChosen, ReadAsked, FieldAsked, HolderAsked, FieldsProposed, NothingRead, FieldGiven,
    AttemptCounted, AttemptRefused, DocumentChecked, IdentitySealed, DocumentSeen,
)  # fmt: skip
