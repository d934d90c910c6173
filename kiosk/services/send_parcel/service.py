"""Ties the flow of send_parcel to its screens, its paper and its books."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from devices.ports import Picture
from kiosk import facts as f
from kiosk.config import Branch
from kiosk.facts import Command, Fact
from kiosk.flow import At, Intent, Json, Situation, View
from kiosk.services.send_parcel import books, draft, flow, intents, rules, slips, views
from kiosk.services.send_parcel.addresses import AddressBook, search
from kiosk.services.send_parcel.draft import Draft, Person, Step
from kiosk.words import Words


@dataclass(frozen=True)
class Papers:
    """What every paper of this branch says, and in which two languages."""

    office: slips.Office
    korean: Words
    english: Words


@dataclass(frozen=True)
class SendParcel:
    """The service as the desk knows it (kiosk.flow.Service)."""

    office: views.Office
    places: AddressBook
    papers: Papers
    same_weight_g: int
    name: str = "send_parcel"
    facts: tuple[type[Fact], ...] = draft.FACTS
    needs: tuple[str, ...] = ("scale", "scanner", "payment", "label_printer", "hatch")
    wants: tuple[str, ...] = ("measurer", "receipt_printer", "staff_call")

    @property
    def verified(self) -> bool:
        """Whether every row of the tariff was compared with the official one."""
        return self.office.book.verified

    def begin(self, started: f.VisitStarted) -> At[Any, Any]:
        """An empty draft."""
        return flow.begin(started, self.same_weight_g)

    def step(self, at: At[Any, Any], fact: Fact) -> At[Any, Any]:
        """The flow."""
        return flow.step(at, fact, self.office.book)

    def view(self, at: At[Any, Any], now: Situation) -> View:
        """The view of this step."""
        return views.view(at, now, self.office)

    def hear(self, at: At[Any, Any], intent: Intent, now: Situation) -> Fact:
        """What this intent means here."""
        return intents.meaning(at, intent, now, self.office, self.places)

    def ask(self, at: At[Any, Any], question: str, text: str) -> tuple[Json, ...]:
        """The address search, while an address is being asked for."""
        if question != "address" or at.step not in (Step.TO_ADDRESS, Step.FROM_ADDRESS):
            return ()
        keys = ("id", "road", "area", "building", "postcode")
        return tuple({key: vars(place)[key] for key in keys} for place in search(text, self.places))

    def dress(self, at: At[Any, Any], command: Command, now: Situation) -> Command:
        """Lay out what prints."""
        match command:
            case f.PrintLabel():
                return replace(command, picture=self._label(at.draft, now))
            case f.PrintReceipt(_, what):
                return replace(command, picture=self._slip(at.draft, now, what))
        return command

    def ended(self, at: At[Any, Any]) -> str | None:
        """The outcome once it is over."""
        return at.draft.outcome or "over" if at.step == Step.OVER else None

    def behind(self, at: At[Any, Any]) -> bool:
        """What goes on without the customer."""
        return at.step in (Step.UNSURE_AWAY, Step.REVERSING_AWAY, Step.DROP_AWAY)

    def _label(self, known: Draft, now: Situation) -> Picture:
        text = slips.LabelText(
            self.papers.office, known.number, now.local, known.paid_won, party(known.sender), party(known.receiver),
            known.contents or "other", known.grams or 0, size(known, self.office.book), known.speed or rules.NEXT_DAY,
            known.insured_won or 0, simulated(now),
        )  # fmt: skip
        return slips.label(text, self.papers.korean.say, self.papers.english.say)

    def _slip(self, known: Draft, now: Situation, what: str) -> Picture:
        say = (self.papers.korean.say, self.papers.english.say)
        if what == "receipt":
            return slips.receipt(self._receipt(known, now), *say)
        if what == "reversal":
            return slips.reversal(self._reversal(known, now), *say)
        return slips.claim(self._claim(known, now), *say)

    def _receipt(self, known: Draft, now: Situation) -> slips.ReceiptText:
        price = known.price or draft.PriceAgreed(known.paid_won, known.paid_won)
        fees = (
            ("price.base", price.base_won),
            ("price.insurance", price.insurance_won),
            ("price.island", price.island_won),
        )
        limit = rules.compensation(known.speed or rules.NEXT_DAY, known.insured_won or 0, self.office.book)
        return slips.ReceiptText(
            self.papers.office, known.number, now.local, tuple((id_, won) for id_, won in fees if won), known.paid_won,
            known.card, known.approval, known.paid_key, known.grams or 0, size(known, self.office.book), limit,
            price.tariff, price.verified, now.head, known.receiver.postcode, known.arrives, simulated(now),
        )  # fmt: skip

    def _claim(self, known: Draft, now: Situation) -> slips.ClaimText:
        return slips.ClaimText(
            self.papers.office,
            now.local,
            known.paid_key,
            known.paid_won,
            known.why,
            known.number,
            now.head,
            simulated(now),
        )

    def _reversal(self, known: Draft, now: Situation) -> slips.ReversalText:
        return slips.ReversalText(
            self.papers.office,
            now.local,
            known.paid_won,
            known.approval,
            known.paid_key,
            known.card,
            now.head,
            simulated(now),
        )


def party(person: Person) -> slips.Party:
    """A person as the label needs them."""
    road = f"{person.road} ({person.building})" if person.building else person.road
    return slips.Party(person.name or "", person.phone or "", person.postcode, person.area, road, person.detail or "")


def size(known: Draft, book: rules.TariffBook) -> slips.Size:
    """The charged size as paper shows it: the very sides that the screen showed."""
    charged = views.charged(known, book)
    sides = (charged.length_mm, charged.width_mm, charged.height_mm) if charged else None
    return slips.Size(known.sum_mm or 0, sides, known.flagged)


def simulated(now: Situation) -> bool:
    """True while any device is a simulator."""
    return any(status.simulated for status in now.devices.values())


def open_service(branch: Branch, approved: bool) -> SendParcel:
    """The service of this branch, its tariff and addresses read from the files that the configuration names."""
    own, who = branch.send_parcel, branch.branch
    hours = {"ko": who.hours_ko, "en": who.hours_en}
    book = books.read_tariff(branch.path(own.tariff))
    office = views.Office(
        who.telephone, hours, rules.agreed_until(own.next_day_cut_off), own.holidays, book, approved,
        own.idle_s, own.idle_s * 2, own.pay_waits_s,
    )  # fmt: skip
    papers = Papers(
        slips.Office((who.name_ko, who.name_en), who.telephone, (who.hours_ko, who.hours_en)), Words("ko"), Words("en")
    )
    return SendParcel(office, books.read_addresses(branch.path(own.addresses)), papers, own.same_weight_g)
