"""Showing an ID on its own: the shared steps, then the printed confirmation of a commissioned check. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from kiosk import facts as f
from kiosk.flow import At as Place
from kiosk.flow import changed
from kiosk.identification import flow as shared
from kiosk.identification.flow import At_, Draft


class Step(StrEnum):
    """Where the customer stands."""

    SHOW = "show"
    PRINT = "print"
    END = "end"
    OVER = "over"


@dataclass(frozen=True)
class Shown:
    """The shared place, whether the confirmation came out, how the visit ended."""

    inner: At_ = field(default_factory=lambda: shared.begin(""))
    printed: bool | None = None
    outcome: str = ""

    @property
    def known(self) -> Draft:
        """What the shared steps know."""
        return self.inner.draft


At: TypeAlias = Place[Step, Shown]


def begin(visit: str, purpose: str, authority: str = "") -> At:
    """At the consent; `authority`: for whom a commissioned check is sealed."""
    inner = shared.begin(visit, purpose, authority=authority)
    return Place(Step.SHOW, Shown(inner), within=shared.place(inner))


def step(at: At, fact: f.Fact) -> At:
    """Where this fact leads."""
    at = Place(at.step, at.draft, within=at.within)
    match at.step, fact:
        case Step.SHOW, _:
            return _shown(at, fact)
        case Step.PRINT, f.ReceiptPrinted():
            return at.to(Step.END, printed=True)
        case Step.PRINT, (f.Faulted() | f.Resumed()):
            return at.to(Step.END, printed=False)
        case Step.END, (f.Confirmed() | f.IdledOut() | f.Cancelled() | f.Resumed()):
            return at.to(Step.OVER)
    return at


def _shown(at: At, fact: f.Fact) -> At:
    inner = shared.step(at.draft.inner, fact)
    match inner.step:
        case shared.Step.LEFT:
            return at.to(Step.OVER, *inner.todo, inner=inner, outcome=inner.draft.left)
        case shared.Step.DONE:
            return _done(at, inner)
    return Place(Step.SHOW, changed(at.draft, inner=inner), inner.todo, shared.place(inner))


def _done(at: At, inner: At_) -> At:
    """A commissioned check that was sealed gets the paper that was asked for; every other visit is over."""
    proof, known = inner.draft.proof, inner.draft
    outcome = "checked" if proof.checked else "not_checked"
    if known.purpose == "commission" and known.sealed and "print" in known.agreed:
        paper = f.PrintReceipt(f"{known.visit}-i", "confirmation")
        return at.to(Step.PRINT, *inner.todo, paper, inner=inner, outcome=outcome)
    return at.to(Step.OVER, *inner.todo, inner=inner, outcome=outcome)
