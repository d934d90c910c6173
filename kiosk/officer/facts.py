"""The officer on call: what happens (facts) and what is asked (commands). Pure.

A request's id is `<visit>-o<n>` and takes one answer. The queue entry holds stable words and won, never a person.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from kiosk.facts import Command, Fact


@dataclass(frozen=True)
class CallOfficer(Command):
    """Place a call (`asked`: purpose, holder, help) -> OfficerSaid, then watch with WatchOfficer."""

    request: str
    service: str
    asked: str
    won: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class WatchOfficer(Command):
    """Look at the queue until something changes -> OfficerSaid, OfficerAnswered or AnswerDoubted; ask it anew then.

    `seen` is what was last heard: `<state>|<place>|<text>`.
    """

    request: str
    seen: str = ""
    passive: ClassVar[bool] = True


@dataclass(frozen=True)
class WithdrawCall(Command):
    """The customer no longer waits; posts nothing."""

    request: str


@dataclass(frozen=True)
class OfficerCalled(Fact):
    """A visitor waits for an officer; goes out on the feed, and so tells not how a document's check ended."""

    request: str
    service: str
    asked: str
    won: int = 0
    notes: tuple[str, ...] = ()

    @property
    def call(self) -> str:
        """Names the call to those outside, and neither visit nor visitor."""
        return outside(self.request)


@dataclass(frozen=True)
class OfficerSaid(Fact):
    """The desk's word: `waiting`, `taken`, `withdrawn`, `unknown` or `no_answer`; place in the queue; a plain line."""

    request: str
    state: str
    place: int = 0
    text: str = ""

    @property
    def seen(self) -> str:
        """For the next WatchOfficer."""
        return f"{self.state}|{self.place}|{self.text}"


@dataclass(frozen=True)
class OfficerAnswered(Fact):
    """A believed answer (devices.counter.OfficerAnswer) of this officer, good until `expires` (ISO, UTC)."""

    request: str
    answer: str
    officer: str
    expires: str

    @property
    def call(self) -> str:
        """As OfficerCalled has it."""
        return outside(self.request)


@dataclass(frozen=True)
class AnswerDoubted(Fact):
    """An answer came that counts as none, and why: signature, format, request, expired, not_yet, live,
    or again, for a call that was answered before."""

    request: str
    why: str


def outside(request: str) -> str:
    """A request's name on the feed: 16 hex digits of its digest."""
    return hashlib.sha256(request.encode()).hexdigest()[:16]


def told_outside(notes: tuple[str, ...]) -> tuple[str, ...]:
    """What the feed may say of a call: how a document's check ended is for the officer alone."""
    return tuple("document:seen" if note.startswith("document:") else note for note in notes)


FACTS: tuple[type[Fact], ...] = (OfficerCalled, OfficerSaid, OfficerAnswered, AnswerDoubted)
