"""The shared steps of showing a document, shortened for walks: one fact proves the holder, one does not, back leaves.

The real steps (kiosk/identification) are walked by their own tests, and stand in the stories.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kiosk import facts as f
from kiosk.flow import At, Intent, Situation, View
from kiosk.identification import facts as n
from kiosk.proof import Document, Factor, Proof


class Step(StrEnum):
    """Asked, or done."""

    ASKED = "asked"
    DONE = "done"


@dataclass(frozen=True)
class Draft:
    """What it came to."""

    result: Any = None


PROVEN = Proof("resident_card", Document.VERIFIED, frozenset({Factor.OFFICER_LIVE}))
STOLEN = Proof("resident_card", Document.VERIFIED)


class Short:
    """A caution.Prover."""

    def begin(
        self, visit: str, before: At[Step, Draft] | None = None, calls: int = 0, purpose: str = "intake"
    ) -> At[Step, Draft]:
        return At(Step.ASKED, Draft())

    def step(self, at: At[Step, Draft], fact: f.Fact) -> At[Step, Draft]:
        match fact:
            case n.DocumentChecked(_, "verified", "with_officer"):
                return at.to(Step.DONE, result=PROVEN)
            case n.DocumentChecked():
                return at.to(Step.DONE, result=STOLEN)
            case f.Back() | f.Cancelled():
                return at.to(Step.DONE, result="cancelled")
            case f.IdledOut():
                return at.to(Step.DONE, result="idle")
        return at.stay()

    def place(self, at: At[Step, Draft]) -> str:
        return str(at.step)

    def name(self, at: At[Step, Draft]) -> str:
        return "홍길동"

    def holder(self, at: At[Step, Draft]) -> tuple[tuple[str, ...], str]:
        return ("홍길동",), "1990-01-01"

    def agreed(self, at: At[Step, Draft]) -> tuple[str, ...]:
        return ("contact",)

    def calls(self, at: At[Step, Draft]) -> int:
        return 0

    def view(self, at: At[Step, Draft], now: Situation) -> View:
        return View("identity/Asked", offers=("back",))

    def hear(self, at: At[Step, Draft], intent: Intent, now: Situation) -> f.Fact:
        return f.Back()

    def result(self, at: At[Step, Draft]) -> Any:
        return at.draft.result
