"""What a branch has proven of a person: the document and its holder, kept apart. Pure.

A genuine document is not its holder. `holder` follows from the factors alone and cannot be set: a verified document
and nothing else leaves it not proven, and whatever needs a proven holder stops there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Document(StrEnum):
    """What the check of a document came to."""

    VERIFIED = "verified"
    MISMATCH = "mismatch"
    LOST = "reported lost"
    UNKNOWN = "unknown"
    NOT_CHECKED = "could not check"


class Holder(StrEnum):
    """Whether the person in front is the one the document names."""

    PROVEN = "proven"
    NOT_PROVEN = "not proven"
    DIFFERS = "differs"


class Factor(StrEnum):
    """What can tie a person to a document: an officer's live comparison, or card and PIN of an account whose holder's
    name the bank finds the same."""

    OFFICER_LIVE = "officer_live"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Proof:
    """One visit's proof. `denied`: factors that were tried and spoke against the holder."""

    kind: str = ""
    document: Document = Document.NOT_CHECKED
    factors: frozenset[Factor] = frozenset()
    denied: frozenset[Factor] = frozenset()

    @property
    def holder(self) -> Holder:
        """One factor against is stronger than any for; none for a document that was not verified."""
        if self.denied:
            return Holder.DIFFERS
        return Holder.PROVEN if self.factors and self.document is Document.VERIFIED else Holder.NOT_PROVEN

    @property
    def checked(self) -> bool:
        """All that the customer learns: no oracle for stolen numbers."""
        return self.document is Document.VERIFIED

    @property
    def suffices(self) -> bool:
        """Whether intake and account services may go on."""
        return self.holder is Holder.PROVEN

    def compared(self, factor: Factor, matches: bool) -> Proof:
        """With the word of one more factor; what a factor has denied, the same factor cannot grant."""
        if not matches:
            return replace(self, denied=self.denied | {factor}, factors=self.factors - {factor})
        return self if factor in self.denied else replace(self, factors=self.factors | {factor})
