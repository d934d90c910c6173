"""What an intent of the screen means at each step: a fact, or a refusal that tells the customer what to do."""

from __future__ import annotations

import hashlib

from devices.banking import Block
from kiosk import facts as f
from kiosk.banking import contracts as c
from kiosk.flow import Intent, Refusal, Situation
from kiosk.intake import facts as i
from kiosk.services.bank import account_views, checks, contract_views, rules, views
from kiosk.services.bank import draft as d
from kiosk.services.bank.draft import Step
from kiosk.services.bank.views import Counter, Office

PLAIN: dict[str, type[f.Fact]] = {
    "back": f.Back, "cancel": f.Cancelled, "confirm": f.Confirmed, "compare": d.CompareAsked, "apply": d.ApplyAsked,
    "appoint": d.AppointAsked, "officer": d.OfficerAsked, "insist": d.Insisted, "leave": d.DoubtLeft,
    "slip": d.SlipAsked, "block": d.BlockAsked, "contract": c.ContractAsked,
}  # fmt: skip

#: The last screens before something goes to the bank: an officer's word that lifted a wait still has to hold there.
LAST = (Step.REVIEW, Step.CONTRACT_SURE)


def meaning(at: Counter, intent: Intent, now: Situation, office: Office) -> f.Fact:
    """The fact that this intent means here; Refusal when its content cannot be accepted."""
    if intent.name == "confirm" and at.step in LAST:
        return i.HandAgreed(now.now.isoformat(timespec="seconds"))
    if intent.name in PLAIN:
        return PLAIN[intent.name]()
    found = (
        _looked(at, intent, now, office) or _shield(at, intent, now) or _form(at, intent, now, office)
        or _ordered(at, intent, now, office)
    )  # fmt: skip
    if found is None:
        raise Refusal("malformed")
    return found


def _looked(at: Counter, intent: Intent, now: Situation, office: Office) -> f.Fact | None:
    """Looking round, disclosures, pre-check."""
    match intent.name, intent.args:
        case "choose_kind", {"kind": "account"}:
            if not views.account_services(now):
                raise Refusal("bank.notice.no_account")
            return d.KindChosen("account")
        case "choose_kind", {"kind": str(kind)} if kind in (*rules.KINDS, "status"):
            return d.KindChosen(kind)
        case "choose_product", {"id": str(id_)} if id_ in {each.id for each in office.desk.shelf.of(at.draft.kind)}:
            return d.ProductChosen(id_)
        case "understood", {"id": str(id_)} if at.step == Step.CLAUSE:
            return _agreed(at, id_, office)
        case "understood", {"id": str(id_)}:
            return _understood(at, id_, now.language, office)
        case "reply", {"id": str(id_), "yes": bool(yes)} if id_ == _question(at, office):
            return d.Replied(id_, yes)
    return None


def _understood(at: Counter, id_: str, language: str, office: Office) -> f.Fact:
    """The words that were shown go into the journal by their hash."""
    point = views.product(at, office).disclosures[at.draft.point]
    if id_ != point.id:
        raise Refusal("malformed")
    text = f"{point.title.text(language)}\n{point.body.text(language)}"
    return d.Understood(id_, language, hashlib.sha256(text.encode()).hexdigest())


def _agreed(at: Counter, id_: str, office: Office) -> f.Fact:
    """The clause that is shown, by the hash of the words that the bank signed."""
    offer, here = contract_views.offer(at.draft, office.keys), len(at.draft.clauses)
    if offer is None or here >= len(offer.clauses) or id_ != offer.clauses[here].id:
        raise Refusal("malformed")
    return c.ClauseAgreed(id_, offer.clauses[here].sha256)


def _question(at: Counter, office: Office) -> str:
    return views.product(at, office).questions[len(at.draft.replies)].id


def _ms(now: Situation) -> int:
    return round(now.now.timestamp() * 1000)


def _shield(at: Counter, intent: Intent, now: Situation) -> f.Fact | None:
    """Answers, with the core's own clock."""
    match intent.name, intent.args:
        case "begin", _:
            return d.Begun(_ms(now))
        case "answer", {"question": str(question), "yes": bool(yes)}:
            return d.Answered(question, yes, _ms(now), ",".join(sorted(now.signs)))
    return None


def _form(at: Counter, intent: Intent, now: Situation, office: Office) -> f.Fact | None:
    """What is entered on the way to an application or an appointment."""
    match intent.name, intent.args:
        case "set_wish", {"won": int(won)}:
            return d.Wished(rules.check_wish(won, views.product(at, office)))
        case "choose_term", {"months": int(months)} if months in views.product(at, office).months:
            return d.TermChosen(months)
        case "set_phone", {"digits": str(digits)}:
            return d.PhoneGiven(checks.check_phone(digits))
        case "later", {"paper": str(paper)} if at.step == Step.PAPERS:
            return d.PaperLater(paper)
        case "sign", {"strokes": strokes}:
            return i.Signed("hand", checks.check_signature(strokes))
        case "sign_name", _:
            return i.Signed("name")
        case "choose_how", {"how": str(how)} if how in rules.HOWS:
            return d.HowChosen(how)
        case "choose_when", {"when": str(when)} if when in views.slots(now, office):
            return d.WhenChosen(when)
        case "set_reference", {"bank": str(bank), "text": str(text)} if bank in office.desk.shelf.banks:
            return d.StatusAsked(bank, checks.check_reference(text))
    return None


def _ordered(at: Counter, intent: Intent, now: Situation, office: Office) -> f.Fact | None:
    """Account services."""
    match intent.name, intent.args:
        case "choose_business", {"what": str(what)} if what in account_views.BUSINESS:
            return d.BusinessChosen(what)
        case "choose_block", {"block": str(word)} if word in tuple(Block):
            return d.BlockChosen(word)
        case "choose_bank", {"bank": str(bank)} if bank in office.desk.shelf.banks:
            return d.PayeeBankChosen(bank)
        case "set_account", {"digits": str(digits)}:
            return d.PayeeNumberGiven(checks.check_account(digits))
        case "set_amount", {"won": int(won)}:
            signs = ",".join(sorted(now.signs))
            return d.AmountGiven(_sum(at, won), now.now.isoformat(timespec="seconds"), signs)
        case "agree", {"won": int(won), "delayed": bool(delayed)}:
            if won != at.draft.won:
                raise Refusal("malformed")
            return d.OrderAgreed(won, delayed, now.now.isoformat(timespec="seconds"))
    return None


def _sum(at: Counter, won: int) -> int:
    """A sum within what the bank has told so far; that of a bill is the bill's own."""
    if isinstance(won, bool) or (at.draft.bill is not None and won != at.draft.bill.won):
        raise Refusal("malformed")
    return rules.check_amount(won, 10**12, None, None)
