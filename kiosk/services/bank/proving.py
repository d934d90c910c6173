"""Showing a document on the way to an application: the shared steps of kiosk/identification, as the flow asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kiosk import facts as f
from kiosk.flow import Intent, Situation, View
from kiosk.identification import flow, views
from kiosk.identification.consents import wording
from kiosk.identification.views import Wording
from kiosk.proof import Proof


@dataclass(frozen=True)
class Shown:
    """A caution.Prover over the real steps."""

    wording: Wording = field(default_factory=wording)

    def begin(self, visit: str, before: Any = None, calls: int = 0, purpose: str = "intake") -> Any:
        """At the consent; tries, calls and what spoke against the holder stay those of the visit."""
        return flow.begin(visit, purpose, "bank", calls) if before is None else flow.again(before, calls, purpose)

    def step(self, at: Any, fact: f.Fact) -> Any:
        """Where a fact leads."""
        return flow.step(at, fact)

    def result(self, at: Any) -> Any:
        """The proof; why it was left (`cancelled`, `idle`, `ended`) where it was; else None."""
        proof: Proof | None = flow.result(at)
        return at.draft.left or None if proof is None else proof

    def place(self, at: Any) -> str:
        """What tells its screens apart."""
        return flow.place(at)

    def name(self, at: Any) -> str:
        """The name on the checked document; lives in memory alone."""
        return str(at.draft.confirmed_name)

    def holder(self, at: Any) -> tuple[tuple[str, ...], str]:
        """As the comparison with an account asks for them; in memory alone."""
        known = at.draft.fields if at.draft.proof.checked else {}
        return tuple(known[each] for each in ("name", "latin") if known.get(each)), known.get("birth", "")

    def agreed(self, at: Any) -> tuple[str, ...]:
        """The optional parts of the consent that were taken."""
        agreed: tuple[str, ...] = at.draft.agreed
        return agreed

    def calls(self, at: Any) -> int:
        """How many officers were called, so that no call's id is used twice."""
        return int(at.draft.calls)

    def view(self, at: Any, now: Situation) -> View:
        """The view of this step."""
        return views.view(at, now, self.wording)

    def hear(self, at: Any, intent: Intent, now: Situation) -> f.Fact:
        """What an intent means there."""
        return views.hear(at, intent, now, self.wording)
