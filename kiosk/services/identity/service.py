"""Ties the showing of an ID to its screens and its paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from devices.ports import Picture
from kiosk import facts as f
from kiosk import paper
from kiosk.banking.facts import FACTS as BANKING
from kiosk.facts import Command, Fact
from kiosk.flow import At, Intent, Json, Line, Refusal, Situation, View
from kiosk.identification import fields, views
from kiosk.identification.consents import wording
from kiosk.identification.facts import FACTS as IDENTIFICATION
from kiosk.identification.views import Wording
from kiosk.officer.facts import FACTS as OFFICER
from kiosk.services.identity import flow
from kiosk.services.identity.flow import Step
from kiosk.words import Words

WIDTH_DOTS, DPI = 576, 203


@dataclass(frozen=True)
class Identity:
    """The service as the desk knows it (kiosk.flow.Service); one for each purpose."""

    office: tuple[str, str, str]
    wording: Wording
    korean: Words
    english: Words
    name: str = "identity"
    purpose: str = "check"
    authority: str = ""
    facts: tuple[type[Fact], ...] = (*IDENTIFICATION, *OFFICER, *BANKING)
    needs: tuple[str, ...] = ("id_check",)
    wants: tuple[str, ...] = ("id_reader", "document_camera", "officer", "staff_call")
    verified: bool = True

    def begin(self, started: f.VisitStarted) -> At[Any, Any]:
        """At the consent."""
        return flow.begin(started.visit, self.purpose, self.authority)

    def step(self, at: At[Any, Any], fact: Fact) -> At[Any, Any]:
        """The flow."""
        return flow.step(at, fact)

    def view(self, at: At[Any, Any], now: Situation) -> View:
        """The view of this step."""
        match at.step:
            case Step.SHOW:
                return views.view(at.draft.inner, now, self.wording)
            case Step.PRINT:
                values: Json = {"what": "print"}
                return _view("Working", values, (), None)
        return _view("End", {"printed": at.draft.printed is True, "purpose": self.purpose}, ("confirm",), 60)

    def hear(self, at: At[Any, Any], intent: Intent, now: Situation) -> Fact:
        """What this intent means here."""
        if at.step is Step.SHOW:
            return views.hear(at.draft.inner, intent, now, self.wording)
        if intent.name == "confirm":
            return f.Confirmed()
        raise Refusal("malformed")

    def ask(self, at: At[Any, Any], question: str, text: str) -> tuple[Json, ...]:
        """Nothing is looked up here."""
        return ()

    def dress(self, at: At[Any, Any], command: Command, now: Situation) -> Command:
        """Lay out the confirmation."""
        if isinstance(command, f.PrintReceipt):
            return replace(command, picture=self._confirmation(at.draft, now))
        return command

    def _confirmation(self, shown: flow.Shown, now: Situation) -> Picture:
        """What was checked, when, for whom, and the chain's head; the name masked, no number."""
        ko, en = self.korean.say, self.english.say
        slip = paper.Column(WIDTH_DOTS, DPI)
        if any(status.simulated for status in now.devices.values()):
            slip.banner(ko("id.paper.simulated"))
            slip.gap(2)
        slip.heading(ko("id.paper.title"), en("id.paper.title"), 6.0, 3.2)
        slip.rule(0.5)
        name = fields.masked(shown.known.proof.kind, "name", shown.known.confirmed_name)
        kind = f"id.kind.{shown.known.proof.kind}"
        for word, value in (
            ("id.paper.at", f"{now.local:%Y-%m-%d %H:%M}"), ("id.paper.kind", ko(kind)), ("id.paper.name", name),
            ("id.paper.result", ko("id.paper.checked")), ("id.paper.reference", shown.known.visit),
        ):  # fmt: skip
            slip.pair(ko(word), en(word), value)
        slip.rule(dash=1.0)
        for say, em in ((ko, 3.3), (en, 2.8)):
            slip.text(say("id.paper.means"), em)
        slip.rule(dash=1.0)
        slip.text(f"{self.office[0]} · {self.office[2]}", 3.0, align="centre")
        slip.text(now.head[-8:], 3.0, align="centre")
        return slip.picture(tail=4)

    def ended(self, at: At[Any, Any]) -> str | None:
        """The outcome once it is over."""
        return (at.draft.outcome or "over") if at.step is Step.OVER else None

    def behind(self, at: At[Any, Any]) -> bool:
        """Never: somebody stands in front."""
        return False


def _view(screen: str, values: Json, offers: tuple[str, ...], idle_s: int | None) -> View:
    said = Line(f"id.{screen.lower()}.speech", {key: value for key, value in values.items() if isinstance(value, str)})
    return View(f"identity/{screen}", values, offers, (said,), "id.title", (5, 5), None, idle_s)


def open_services(office: tuple[str, str, str], authority: str, names: Mapping[str, str]) -> tuple[Identity, ...]:
    """The plain showing of an ID, and the check for an authority where one has commissioned it.

    `office`: the branch's name in Korean and English, and its telephone; `authority`: its code, '' where there is none,
    and its name by language.
    """
    plain = Identity(office, wording(names), Words("ko"), Words("en"))
    check = replace(plain, name="resident_check", purpose="commission", authority=authority)
    return (plain, check) if authority else (plain,)
