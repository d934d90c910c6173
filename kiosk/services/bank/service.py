"""Ties the flow of the bank counter to its screens, its paper, its products and its rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from devices.ports import Picture
from kiosk import facts as f
from kiosk.config import Branch
from kiosk.facts import Command, Fact
from kiosk.flow import At, Intent, Json, Situation, View
from kiosk.intake import facts as i
from kiosk.services.bank import (
    account_views,
    caution_views,
    contract_views,
    draft,
    flow,
    frauds,
    intents,
    shelves,
    slips,
    views,
)
from kiosk.services.bank.caution import Desk, Prover
from kiosk.services.bank.draft import Draft, Step
from kiosk.tables import CounterTable
from kiosk.words import Words

#: Devices of the counter; a branch wants those that its configuration names.
DEVICES = ("bank_host", "bank_desk", "pin_pad", "document_camera", "officer", "receipt_printer")
#: Facts that a prover may bring; they are the journal's too.
BEHIND = (Step.UNSURE_AWAY,)


@dataclass(frozen=True)
class Bank:
    """The service as the desk knows it (kiosk.flow.Service)."""

    office: views.Office
    paper: slips.Office
    words: Mapping[str, Words]
    verified: bool
    wants: tuple[str, ...]
    facts: tuple[type[Fact], ...] = draft.FACTS
    name: str = "bank"
    needs: tuple[str, ...] = ()

    def begin(self, started: f.VisitStarted) -> At[Any, Any]:
        """The choice of what to do."""
        return flow.begin(started)

    def step(self, at: At[Any, Any], fact: Fact) -> At[Any, Any]:
        """The flow."""
        return flow.step(at, fact, self.office.desk)

    def view(self, at: At[Any, Any], now: Situation) -> View:
        """The view of this step; while a document is shown, that of the shared steps."""
        if at.step == Step.IDENTITY and self.office.desk.prover is not None:
            return self.office.desk.prover.view(at.draft.identity, now)
        return account_views.view(at, now, self.office)

    def hear(self, at: At[Any, Any], intent: Intent, now: Situation) -> Fact:
        """What this intent means here."""
        if at.step == Step.IDENTITY and self.office.desk.prover is not None:
            return self.office.desk.prover.hear(at.draft.identity, intent, now)
        return intents.meaning(at, intent, now, self.office)

    def ask(self, at: At[Any, Any], question: str, text: str) -> tuple[Json, ...]:
        """Nothing is looked up here."""
        return ()

    def dress(self, at: At[Any, Any], command: Command, now: Situation) -> Command:
        """Lay out what prints; put the words that were shown into what the shield writes down."""
        match command:
            case f.PrintReceipt(_, what):
                return replace(command, picture=self._slip(at.draft, now, what))
            case i.NoteJudgement(record):
                return replace(command, record=self._with_texts(at, record, now, now.language))
        return command

    def ended(self, at: At[Any, Any]) -> str | None:
        """The outcome once it is over."""
        return at.draft.outcome or "over" if at.step == Step.OVER else None

    def behind(self, at: At[Any, Any]) -> bool:
        """An order in doubt goes on without the customer."""
        return at.step in BEHIND

    def _with_texts(self, at: At[Any, Any], record: str, now: Situation, language: str) -> str:
        """The record with every text of its questions and reasons as it was shown, by id and hash."""
        words = self.words[language if language in self.words else "ko"]
        texts = caution_views.texts(at, now, self.office)
        shown = [{"id": line.id, "language": words.language, "sha256": _hash(words.tell(line.id, line.args))}
                 for line in texts]  # fmt: skip
        return json.dumps({**json.loads(record), "shown": shown}, sort_keys=True, separators=(",", ":"))

    def _slip(self, known: Draft, now: Situation, what: str) -> Picture:
        text = slips.SlipText(
            self.paper, what, now.local, now.head, self._big(known, what), self._rows(known, now, what),
            any(status.simulated for status in now.devices.values()),
        )  # fmt: skip
        return slips.slip(text, self.words["ko"].say, self.words["en"].say)

    def _big(self, known: Draft, what: str) -> tuple[str, str]:
        """What must be found again: the bank's reference number, the sum, or where to call."""
        if what == "leaflet":
            return "paper.bank.fraud", "112 · 1332"
        if what == "received":
            return "paper.bank.reference", known.reference
        if what in ("handed", "signing"):
            return "paper.bank.hand", known.hand_key
        if what == "signed":
            found = contract_views.receipt(known, self.office.keys)
            return "paper.bank.contract", found.number if found else ""
        return "paper.bank.sum", self.words["ko"].say("paper.won", won=known.order_won)

    def _rows(self, known: Draft, now: Situation, what: str) -> tuple[tuple[str, str], ...]:
        """The rest, masked."""
        if what == "leaflet":
            return ()
        if what in ("received", "handed"):
            found = self.office.desk.shelf.find(known.product)
            named = found.name.ko if found else ""
            when = (("paper.bank.meeting", known.when.replace("T", " ")),) if known.when else ()
            later = (("paper.bank.later", ", ".join(self.words["ko"].say(f"bank.paper.{p}") for p in known.later)),)
            return (("paper.bank.product", named), *when, *(later if known.later else ()))
        if what in ("signed", "signing"):
            bank = self.office.desk.shelf.banks.get(known.payee_bank)
            return (("paper.bank.with", bank.name.ko if bank else ""), ("paper.bank.reference", known.reference))
        at = At(Step.SENT, known)
        to = account_views.payee(at, now, self.office)
        due: tuple[tuple[str, str], ...] = ()
        if known.due:
            until = views.until(known.due[:19], now).replace("T", " ")
            due = (("paper.bank.due", until), ("paper.bank.undo", account_views.bank_telephone(known, self.office)))
        return (
            ("paper.bank.payee", f"{to['name']} {to['bank']}"), ("paper.bank.account", to["account"]), *due,
            ("paper.bank.reference", known.reference or known.order_key), ("paper.bank.card", known.card),
        )  # fmt: skip


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def open_service(branch: Branch, own: CounterTable, prover: Prover | None = None) -> Bank:
    """The service of this branch, products and rules read from the files that the configuration names."""
    who = branch.branch
    shelf = shelves.read_shelf(branch.path(own.products), branch.production)
    desk = Desk(shelf, frauds.read_book(branch.path(own.fraud)), prover, own.contract_signing)
    hours = {"ko": who.hours_ko, "en": who.hours_en}
    keys = {code: bytes.fromhex(bank.sign_key) for code, bank in branch.banks.items()}
    office = views.Office(who.telephone, hours, desk, branch.send_parcel.holidays, keys, branch.send_parcel.idle_s)
    wants = tuple(name for name in DEVICES if name in branch.devices)
    verified = shelf.verified and frauds.verified(branch.path(own.fraud))
    paper = slips.Office((who.name_ko, who.name_en), who.telephone, (who.hours_ko, who.hours_en))
    return Bank(office, paper, {"ko": Words("ko"), "en": Words("en")}, verified, wants)
