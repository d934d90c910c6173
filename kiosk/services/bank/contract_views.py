"""What the customer sees of a contract: the bank's own words, who signs, and the bank's receipt. Pure.

Offer and receipt are read here from the bank's signed messages and nothing else; without one to believe there is no
text to confirm and nothing is shown as signed. All of it is the customer's own: said through earphones alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from devices.agency import NotSigned, SignedMessage
from devices.contract import Offer, Receipt, read_offer, read_receipt
from kiosk.banking.contracts import about
from kiosk.flow import Json, Line, Situation, View
from kiosk.services.bank import contract
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.views import Builder, Counter, Office, ear, screen

READ, SIGN, DONE = ("bank.step.contract", (1, 3)), ("bank.step.sign", (2, 3)), ("bank.step.hand", (3, 3))


def offer(known: Draft, keys: Mapping[str, bytes], when: datetime | None = None) -> Offer | None:
    """The bank's offer, read from its signed message; None where there is none to believe, or it has lapsed `when`."""
    if known.offer is None:
        return None
    try:
        message = SignedMessage(bytes.fromhex(known.offer.body), bytes.fromhex(known.offer.signature))
        return read_offer(message, keys, known.payee_bank, known.reference, when)
    except (NotSigned, ValueError):
        return None


def receipt(known: Draft, keys: Mapping[str, bytes]) -> Receipt | None:
    """The bank's receipt of just this signature; None where there is none to believe."""
    if known.receipt is None:
        return None
    try:
        message = SignedMessage(bytes.fromhex(known.receipt.body), bytes.fromhex(known.receipt.signature))
        return read_receipt(message, keys, about(known.hand_key, contract.signature(known)))
    except (NotSigned, ValueError):
        return None


def _named(at: Counter, office: Office, language: str) -> Json:
    bank = office.desk.shelf.banks.get(at.draft.payee_bank)
    return {
        "bank": bank.name.text(language) if bank else at.draft.payee_bank, "reference": at.draft.reference,
        "telephone": bank.telephone if bank else office.telephone,
    }  # fmt: skip


def _contract(at: Counter, now: Situation, office: Office) -> View:
    """That there is an offer; what it says comes after the document. Without a text to believe there is no way on."""
    found = offer(at.draft, office.keys, now.now)
    until = found.until.astimezone(now.local.tzinfo).strftime("%Y-%m-%dT%H:%M") if found else ""
    values = {
        **_named(at, office, now.language), "n": len(found.clauses) if found else 0, "until": until,
    }  # fmt: skip
    own = (ear("contract", **{each: values[each] for each in ("bank", "n")}),
           ear("contract.until", day=until[:10], clock=until[11:]),
           ear("reference", reference=at.draft.reference)) if found else ()  # fmt: skip
    told = {"telephone": values["telephone"]}
    script = Line("bank.contract.speech") if found else Line("bank.contract.none", told)
    return screen("Contract", *READ, values, *(("confirm",) if found else ()), "back", "cancel",
                  idle_s=office.idle_s * 3, speech=(script, *own))  # fmt: skip


def _clause(at: Counter, now: Situation, office: Office) -> View:
    """One clause, whole, in the words that the bank signed."""
    found, here = offer(at.draft, office.keys), len(at.draft.clauses)
    if found is None or here >= len(found.clauses):
        return _contract(at, now, office)
    each = found.clauses[here]
    values = {"id": each.id, "title": each.title, "body": each.body, "at": here + 1, "of": len(found.clauses)}
    said = (Line("bank.clause.speech", {"n": here + 1, "of": len(found.clauses)}),
            ear("clause", title=each.title, body=each.body))  # fmt: skip
    offers = "understood", *(("back",) if here else ()), "cancel"
    return screen("Clause", *READ, values, *offers, idle_s=office.idle_s * 5, speech=said)


def _sign(at: Counter, now: Situation, office: Office) -> View:
    return screen("Sign", *SIGN, {}, "sign", "sign_name", "back", "cancel", idle_s=office.idle_s * 3,
                  speech=(Line("bank.sign.speech"),))  # fmt: skip


def _sure(at: Counter, now: Situation, office: Office) -> View:
    found = offer(at.draft, office.keys)
    values = {
        **_named(at, office, now.language), "product": found.product_name if found else "",
        "won": found.won if found else 0, "n": len(at.draft.clauses), "signed": at.draft.signed,
    }  # fmt: skip
    own = ear("contract.sure", **{each: values[each] for each in ("bank", "product", "won", "n")})
    return screen("ContractSure", *SIGN, values, "confirm", "back", "cancel", idle_s=office.idle_s * 3,
                  speech=(Line("bank.contractSure.speech"), own))  # fmt: skip


def _working(at: Counter, now: Situation, office: Office) -> View:
    """The bank or the branch is at work; nothing is shown as done."""
    what = {Step.OFFERING: "deciding", Step.COMPARING: "looking"}.get(at.step, "handing")
    idle_s = office.idle_s * 2 if what != "handing" else None
    return screen("Working", *(DONE if what == "handing" else READ), {"what": what}, idle_s=idle_s,
                  speech=(Line(f"bank.working.{what}.speech"),))  # fmt: skip


def _doubt(at: Counter, now: Situation, office: Office) -> View:
    """Whom to ask, and under which number: the bank, whose contract it is.

    A receipt that nobody can believe any more offers the way out alone.
    """
    values = {"key": at.draft.hand_key, **_named(at, office, now.language)}
    own = ear("doubt", key=values["key"], telephone=values["telephone"])
    return screen("ContractDoubt", *DONE, values, "confirm" if at.step == Step.SIGNED else "leave",
                  idle_s=office.idle_s * 3, speech=(Line("bank.contractDoubt.speech"), own))  # fmt: skip


def _signed(at: Counter, now: Situation, office: Office) -> View:
    """The bank's receipt; a message that cannot be believed any more leaves it in doubt."""
    found = receipt(at.draft, office.keys)
    if found is None:
        return _doubt(at, now, office)
    printer, slip = now.devices.get("receipt_printer"), at.draft.slip
    can = bool(printer and printer.usable) and slip == ""
    values = {**_named(at, office, now.language), "number": found.number, "slip": slip}
    script = Line(f"bank.slip.{slip}" if slip else "bank.signed.speech")
    return screen("Signed", *DONE, values, *(("slip",) if can else ()), "confirm", idle_s=office.idle_s * 2,
                  speech=(script, ear("contract.number", number=found.number)))  # fmt: skip


BUILDERS: Mapping[Step, Builder] = {
    Step.CONTRACT: _contract, Step.CLAUSE: _clause, Step.CONTRACT_SIGN: _sign, Step.CONTRACT_SURE: _sure,
    Step.CONTRACT_DOUBT: _doubt, Step.SIGNED: _signed,
    **dict.fromkeys((Step.OFFERING, Step.COMPARING, Step.CONTRACT_SEALING, Step.CONTRACT_HANDING), _working),
}  # fmt: skip
