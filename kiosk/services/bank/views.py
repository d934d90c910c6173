"""What the customer sees at each step of enquiry and intake: screen, values, offers, speech. Pure.

The shield is in caution_views.py, account services are in account_views.py. docs/link.md is the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from devices.agency import Decision, NotSigned, SignedMessage, read_decision
from kiosk.flow import At, Json, Line, Situation, View
from kiosk.services.bank import checks, intake, rules
from kiosk.services.bank.caution import Desk
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.rules import Product

Counter = At[Step, Draft]
#: Devices of account services; without one of them these are not offered.
ACCOUNT_NEEDS = ("pin_pad", "bank_host")
WORKING = {
    Step.LOOKING: "looking", Step.WHOSE: "looking", Step.TELLING: "telling", Step.TAKING: "taking",
    Step.SEALING: "handing", Step.HANDING: "handing", Step.DECIDING: "deciding", Step.ASKING: "asking",
    Step.READY: "asking", Step.SENDING: "sending", Step.BLOCKING: "asking",
}  # fmt: skip


@dataclass(frozen=True)
class Office:
    """What the views need of the branch: telephone, hours, idle times, holidays, and the banks' keys (raw Ed25519)."""

    telephone: str
    hours: Mapping[str, str]
    desk: Desk
    holidays: frozenset[date] = frozenset()
    keys: Mapping[str, bytes] = field(default_factory=dict)
    idle_s: int = 60


Builder = Callable[[Counter, Situation, Office], View]


def ear(id: str, **args: Any) -> Line:
    """What a seeing customer reads on a private screen, for earphones alone (kiosk/locale/*/bank_ear.po)."""
    return Line(f"bank.ear.{id}", args, private=True)


def screen(
    name: str, title: str, position: tuple[int, int], values: Mapping[str, Any], *offers: str, idle_s: int | None = 60,
    speech: tuple[Line, ...] = (), private: bool = True,
) -> View:  # fmt: skip
    """One view; its script is `bank.<screen>.speech` with the plain values unless another is given."""
    plain = {key: each for key, each in values.items() if isinstance(each, int | str) and not isinstance(each, bool)}
    spoken = speech or (Line(f"bank.{name[0].lower()}{name[1:]}.speech", plain),)
    return View(f"bank/{name}", values, offers, spoken, title, position, idle_s=idle_s, private=private)


LOOK, KNOW, WHO, FORM, HAND = (("bank.step.look", (1, 5)), ("bank.step.know", (2, 5)), ("bank.step.who", (3, 5)),
                               ("bank.step.form", (4, 5)), ("bank.step.hand", (5, 5)))  # fmt: skip
APPOINT, STATUS = ("bank.step.appoint", (0, 0)), ("bank.step.status", (0, 0))


def product(at: Counter, office: Office) -> Product:
    """The product that was chosen."""
    return office.desk.shelf.find(at.draft.product) or office.desk.shelf.products[0]


def shown(each: Product, language: str) -> Json:
    """One product as list, table and page show it."""
    return {
        "id": each.id, "name": each.name.text(language), "bank": each.bank.name.text(language), "kind": each.kind,
        "low": rules.rate(each.rate_low), "high": rules.rate(each.rate_high), "rated": each.rate_high > 0,
        "basis": each.rate_basis.text(language), "fees": [fee.text(language) for fee in each.fees],
        "least_won": each.least_won, "most_won": each.most_won, "months": list(each.months),
        "papers": list(each.documents), "intake": each.intake, "telephone": each.bank.telephone,
        "valid_from": each.valid_from.isoformat(), "demonstration": each.bank.demonstration,
    }  # fmt: skip


# Looking round


def account_services(now: Situation) -> bool:
    """Whether card and PIN can be asked for now: an encrypting PIN pad and the bank answer."""
    return all(name in now.devices and now.devices[name].usable for name in ACCOUNT_NEEDS)


def _start(at: Counter, now: Situation, office: Office) -> View:
    kinds = [kind for kind in rules.KINDS if office.desk.shelf.of(kind)]
    values = {"kinds": kinds, "account": account_services(now), "status": "bank_desk" in now.devices}
    return screen("Start", "", (0, 0), values, "choose_kind", "cancel", idle_s=office.idle_s, private=False)


def _products(at: Counter, now: Situation, office: Office) -> View:
    found = [shown(each, now.language) for each in office.desk.shelf.of(at.draft.kind)]
    offers = ("choose_product", *(("compare",) if len(found) > 1 else ()), "back", "cancel")
    values = {"kind": at.draft.kind, "products": found}
    return screen("Products", *LOOK, values, *offers, idle_s=office.idle_s * 2, private=False)


def _compare(at: Counter, now: Situation, office: Office) -> View:
    found = [shown(each, now.language) for each in office.desk.shelf.of(at.draft.kind)[: rules.COMPARED]]
    values = {"kind": at.draft.kind, "products": found}
    return screen("Compare", *LOOK, values, "choose_product", "back", "cancel", idle_s=office.idle_s * 3, private=False)


def _product(at: Counter, now: Situation, office: Office) -> View:
    each = product(at, office)
    offers = (*(("apply",) if each.intake else ()), "appoint", "back", "cancel")
    values = shown(each, now.language)
    plain = {word: values[word] for word in ("name", "bank", "low", "high", "least_won", "most_won", "basis")}
    script = Line("bank.product.speech" if values["rated"] else "bank.product.unrated.speech", plain)
    fees = (Line("bank.disclose.body", {"body": fee}) for fee in values["fees"])
    return screen("Product", *LOOK, values, *offers, idle_s=office.idle_s * 2, private=False,
                  speech=(script, *fees, *aloud(each.documents)))  # fmt: skip


def aloud(papers: Iterable[str]) -> tuple[Line, ...]:
    """Papers by their names."""
    return tuple(Line(f"bank.paper.{name}.speech") for name in papers)


def _disclose(at: Counter, now: Situation, office: Office) -> View:
    points, here = product(at, office).disclosures, at.draft.point
    point = points[here]
    values = {
        "id": point.id, "title": point.title.text(now.language), "body": point.body.text(now.language),
        "at": here + 1, "of": len(points),
        "points": [each.title.text(now.language).replace("\n", " ") for each in points],
    }  # fmt: skip
    said = Line("bank.disclose.speech", {"title": values["title"], "body": values["body"]})
    return screen("Disclose", *KNOW, values, "understood", "back", "cancel", idle_s=office.idle_s * 3, speech=(said,),
                  private=False)  # fmt: skip


def _eligible(at: Counter, now: Situation, office: Office) -> View:
    questions, here = product(at, office).questions, len(at.draft.replies)
    values = {
        "id": questions[here].id, "text": questions[here].text.text(now.language), "at": here + 1, "of": len(questions),
    }  # fmt: skip
    return screen("Eligible", *KNOW, values, "reply", "back", "cancel", idle_s=office.idle_s * 2, private=False)


def _advice(at: Counter, now: Situation, office: Office) -> View:
    each = product(at, office)
    said = rules.advice(each, dict(at.draft.replies))
    offers = (*(("confirm",) if intake.may_apply(at, office.desk) else ()), "appoint", "back", "cancel")
    values = {"advice": str(said.advice), "papers": list(said.papers), "bank": each.bank.name.text(now.language)}
    script = (Line(f"bank.advice.{said.advice}.speech"), *aloud(said.papers))
    return screen("Advice", *KNOW, values, *offers, idle_s=office.idle_s * 2, speech=script, private=False)


# Who is it


def _unproven(at: Counter, now: Situation, office: Office) -> View:
    bank = office.desk.shelf.banks.get(at.draft.payee_bank) if at.draft.business == "contract" else None
    values = {"telephone": (bank or product(at, office).bank).telephone}
    talks = ("appoint",) if office.desk.shelf.find(at.draft.product) else ()  # of a contract it may be sold no more
    return screen("Unproven", *WHO, values, "confirm", *talks, "back", idle_s=office.idle_s * 2)


def _card(at: Counter, now: Situation, office: Office) -> View:
    title = ("bank.step.card", (1, 3)) if at.draft.business == "account" else WHO
    return screen("Card", *title, {}, "back", "cancel", idle_s=office.idle_s * 2)


def working(at: Counter, now: Situation, office: Office) -> View:
    """The bank, the camera or the branch's own memory is at work; nothing is shown as done."""
    what = WORKING[at.step]
    account = at.draft.business == "account"
    if at.step == Step.BLOCKING:
        return screen("Working", "bank.step.block", (0, 0), {"what": what}, idle_s=None,
                      speech=(Line("bank.working.asking.speech"),))  # fmt: skip
    title = ("bank.step.send", (3, 3)) if account else HAND if what == "handing" else WHO if what == "looking" else FORM
    offers = ("back",) if at.step == Step.READY else ()
    script = Line(f"bank.working.{what}.speech")
    idle_s = None if at.step in (Step.SENDING, Step.HANDING, Step.SEALING) else office.idle_s * 2
    return screen("Working", *title, {"what": what}, *offers, idle_s=idle_s, speech=(script,))


# The form


def _wish(at: Counter, now: Situation, office: Office) -> View:
    each = product(at, office)
    values = {"least_won": each.least_won, "most_won": each.most_won, "won": at.draft.wish_won}
    return screen("Wish", *FORM, values, "set_wish", "cancel", idle_s=office.idle_s * 2)


def _months(at: Counter, now: Situation, office: Office) -> View:
    values = {"months": list(product(at, office).months), "chosen": at.draft.months or None}
    return screen("Months", *FORM, values, "choose_term", "back", "cancel", idle_s=office.idle_s)


def _phone(at: Counter, now: Situation, office: Office) -> View:
    return screen("Phone", *FORM, {"digits": at.draft.phone}, "set_phone", "back", "cancel", idle_s=office.idle_s * 2)


def _papers(at: Counter, now: Situation, office: Office) -> View:
    wanted = rules.advice(product(at, office), dict(at.draft.replies)).papers
    here = intake.paper(at, product(at, office))
    camera = "document_camera" in now.devices and now.devices["document_camera"].usable
    values = {"paper": here, "at": wanted.index(here) + 1, "of": len(wanted), "camera": camera}
    offers = (*(("confirm",) if camera else ()), "later", "back", "cancel")
    script = (*aloud((here,)), Line("bank.papers.speech" if camera else "bank.papers.no_camera"))
    return screen("Papers", *FORM, values, *offers, idle_s=office.idle_s * 2, speech=script)


def _sign(at: Counter, now: Situation, office: Office) -> View:
    return screen("Sign", *FORM, {}, "sign", "sign_name", "back", "cancel", idle_s=office.idle_s * 3)


def _papers_of(what: str, papers: tuple[str, ...]) -> list[Line]:
    """Papers that were photographed, or come later, for the ear."""
    return [ear(f"review.{what}"), *(replace(line, private=True) for line in aloud(papers))] if papers else []


def _review(at: Counter, now: Situation, office: Office) -> View:
    each, known = product(at, office), at.draft
    values = {
        "name": each.name.text(now.language), "bank": each.bank.name.text(now.language), "won": known.wish_won,
        "months": known.months, "phone": checks.mask_phone(known.phone), "taken": list(known.taken),
        "later": list(known.later), "signed": known.signed,
    }  # fmt: skip
    script = (
        Line("bank.review.speech"),
        ear("review", **{word: values[word] for word in ("name", "bank", "won", "months")}),
        *((ear("phone", phone=values["phone"]),) if known.phone else ()),
        *_papers_of("taken", known.taken), *_papers_of("later", known.later),
        *((ear(f"review.{known.signed}"),) if known.signed else ()),
    )  # fmt: skip
    return screen("Review", *HAND, values, "confirm", "back", "cancel", idle_s=office.idle_s * 2, speech=script)


def desk_of(office: Office, now: Situation) -> Json:
    """Whom to ask."""
    return {"telephone": office.telephone, "hours": office.hours.get(now.language, "")}


def _doubt(at: Counter, now: Situation, office: Office) -> View:
    values = {"key": at.draft.hand_key, **desk_of(office, now)}
    script = (Line("bank.doubt.speech"), ear("doubt", key=values["key"], telephone=values["telephone"]))
    return screen("Doubt", *HAND, values, "leave", idle_s=office.idle_s * 3, speech=script)


def _received(at: Counter, now: Situation, office: Office) -> View:
    each, known = product(at, office), at.draft
    printer = now.devices.get("receipt_printer")
    can = bool(printer and printer.usable) and known.slip == ""
    values = {
        "reference": known.reference, "what": known.business, "bank": each.bank.name.text(now.language),
        "when": known.when, "how": known.how, "slip": known.slip, "later": list(known.later),
    }  # fmt: skip
    script = Line(f"bank.slip.{known.slip}" if known.slip else f"bank.received.{known.business or 'intake'}.speech")
    day, _, clock = known.when.partition("T")
    meeting = (ear(f"meeting.{known.how}", day=day, clock=clock),) if known.when else ()
    return screen("Received", *HAND, values, *(("slip",) if can else ()), "confirm", idle_s=office.idle_s * 2,
                  speech=(script, ear("reference", reference=known.reference), *meeting))  # fmt: skip


# Appointment and status


def _how(at: Counter, now: Situation, office: Office) -> View:
    values = {"ways": list(rules.HOWS), "chosen": at.draft.how or None}
    return screen("How", *APPOINT, values, "choose_how", "back", "cancel", idle_s=office.idle_s)


def slots(now: Situation, office: Office) -> list[str]:
    """Every time that may be chosen, ISO to the minute in the branch's own time."""
    days = rules.days(now.local, office.holidays)
    return [f"{day.isoformat()}T{hour:02d}:00" for day in days for hour in rules.HOURS]


def _when(at: Counter, now: Situation, office: Office) -> View:
    values = {"slots": slots(now, office), "how": at.draft.how}
    return screen("When", *APPOINT, values, "choose_when", "back", "cancel", idle_s=office.idle_s * 2,
                  speech=(Line("bank.when.speech"),))  # fmt: skip


def banks(office: Office, language: str) -> list[Json]:
    """Every bank by code and name."""
    return [{"code": code, "name": bank.name.text(language)} for code, bank in office.desk.shelf.banks.items()]


def _reference(at: Counter, now: Situation, office: Office) -> View:
    values = {"banks": banks(office, now.language), "text": at.draft.reference}
    return screen("Reference", *STATUS, values, "set_reference", "back", "cancel", idle_s=office.idle_s * 2,
                  speech=(Line("bank.reference.speech"),))  # fmt: skip


def decision(known: Draft, keys: Mapping[str, bytes]) -> Decision | None:
    """The bank's own word, read from its signed message and nothing else; None where there is none to believe."""
    if known.decided is None:
        return None
    try:
        message = SignedMessage(bytes.fromhex(known.decided.body), bytes.fromhex(known.decided.signature))
        return read_decision(message, keys, known.payee_bank, known.reference)
    except (NotSigned, ValueError):
        return None


def _decision(at: Counter, now: Situation, office: Office) -> View:
    said, bank = decision(at.draft, office.keys), office.desk.shelf.banks.get(at.draft.payee_bank)
    values = {
        "word": str(said.word) if said else "", "reference": at.draft.reference,
        "at": said.at.astimezone(now.local.tzinfo).strftime("%Y-%m-%d") if said else "",
        "bank": bank.name.text(now.language) if bank else "", "telephone": bank.telephone if bank else office.telephone,
    }  # fmt: skip
    script = (
        Line(f"bank.decision.{'there' if said else 'none'}.speech"), ear("reference", reference=at.draft.reference),
        ear(f"decision.{values['word'] or 'none'}", **{key: values[key] for key in ("bank", "telephone", "at")}),
    )  # fmt: skip
    contract = ("contract",) if said is not None and office.desk.contracts else ()  # the bank says whether there is one
    offers = (*contract, "confirm", "back")
    return screen("Decision", *STATUS, values, *offers, idle_s=office.idle_s * 2, speech=script)


BUILDERS: Mapping[Step, Builder] = {
    Step.START: _start, Step.OVER: _start, Step.PRODUCTS: _products, Step.COMPARE: _compare, Step.PRODUCT: _product,
    Step.DISCLOSE: _disclose, Step.ELIGIBLE: _eligible, Step.ADVICE: _advice, Step.UNPROVEN: _unproven,
    Step.CARD: _card, Step.WISH: _wish, Step.MONTHS: _months, Step.PHONE: _phone, Step.PAPERS: _papers,
    Step.SIGN: _sign, Step.REVIEW: _review, Step.DOUBT: _doubt, Step.RECEIVED: _received, Step.HOW: _how,
    Step.WHEN: _when, Step.REFERENCE: _reference, Step.DECISION: _decision,
    **dict.fromkeys(WORKING, working),
}  # fmt: skip


def until(utc: str, now: Situation) -> str:
    """An ISO time (UTC) as the branch's clock shows it, date and minute."""
    if not utc:
        return ""
    return datetime.fromisoformat(utc).replace(tzinfo=UTC).astimezone(now.local.tzinfo).strftime("%Y-%m-%dT%H:%M")
