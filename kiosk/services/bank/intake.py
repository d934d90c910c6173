"""Looking round, and applying: product, disclosures, pre-check, identity, form, papers, signature, hand-off. Pure.

The branch takes an application and approves nothing. Until it is handed in, a restart forgets it all.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from devices.agency import Application, Appointment
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.flow import At
from kiosk.intake import facts as i
from kiosk.proof import Factor, Proof
from kiosk.services.bank import caution, rules
from kiosk.services.bank import draft as d
from kiosk.services.bank.caution import Desk, Prover
from kiosk.services.bank.draft import Draft, Step

Counter: TypeAlias = At[Step, Draft]
#: Enquiries after a hand-off in silence, before a person is called and the customer may go.
ENQUIRIES = 4
#: Reference numbers that may be asked for in one visit.
MOST_REFERENCES = 3

#: Words after which an earlier hand-off may still arrive.
UNCERTAIN = ("not_found", "unavailable")


def browse(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Enquire and compare: nobody is asked who they are."""
    match at.step, fact:
        case Step.START, d.KindChosen("account"):
            return at.to(Step.CARD, b.AskCard(at.draft.key), business="account", asked=at.draft.asked + 1)
        case Step.START, d.KindChosen("status"):
            return at.to(Step.REFERENCE, business="status")
        case Step.START, d.KindChosen(kind) if desk.shelf.of(kind):
            return at.to(Step.PRODUCTS, kind=kind)
        case Step.PRODUCTS, d.CompareAsked():
            return at.to(Step.COMPARE)
        case (Step.PRODUCTS | Step.COMPARE), d.ProductChosen(id_) if desk.shelf.find(id_):
            return at.to(Step.PRODUCT, product=id_)
        case (Step.PRODUCT | Step.ADVICE | Step.UNPROVEN), d.AppointAsked() if desk.shelf.find(at.draft.product):
            return at.to(Step.HOW, business="appoint")
        case Step.PRODUCT, d.ApplyAsked() if _product(at, desk).intake:
            return at.to(Step.DISCLOSE, business="intake", point=0, replies=())
        case (Step.PRODUCTS | Step.REFERENCE | Step.DECISION), f.Back():
            return at.to(Step.START, business="", decided=None)
        case (Step.COMPARE | Step.PRODUCT), f.Back():
            return at.to(Step.PRODUCTS)
    return None


def _product(at: Counter, desk: Desk) -> rules.Product:
    """The product that was chosen from the shelf."""
    found = desk.shelf.find(at.draft.product)
    return found or desk.shelf.products[0]


def told(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Disclosures one by one, the pre-check, and what it says."""
    product = _product(at, desk)
    match at.step, fact:
        case Step.DISCLOSE, d.Understood(id_) if id_ == product.disclosures[at.draft.point].id:
            following = at.draft.point + 1
            if following < len(product.disclosures):
                return at.stay(point=following)
            return at.to(Step.ELIGIBLE if product.questions else Step.ADVICE)
        case Step.DISCLOSE, f.Back():
            return at.stay(point=at.draft.point - 1) if at.draft.point else at.to(Step.PRODUCT, business="")
        case Step.ELIGIBLE, d.Replied(id_, yes) if id_ == product.questions[len(at.draft.replies)].id:
            replies = (*at.draft.replies, (id_, yes))
            return at.to(Step.ADVICE if len(replies) == len(product.questions) else Step.ELIGIBLE, replies=replies)
        case Step.ELIGIBLE, f.Back() if at.draft.replies:
            return at.stay(replies=at.draft.replies[:-1])
        case Step.ELIGIBLE, f.Back():
            return at.to(Step.DISCLOSE)
        case Step.ADVICE, f.Back():
            return at.to(Step.ELIGIBLE if product.questions else Step.DISCLOSE, replies=at.draft.replies[:-1])
        case Step.ADVICE, f.Confirmed() if desk.prover is not None and may_apply(at, desk):
            inner = desk.prover.begin(at.draft.visit, at.draft.identity, at.draft.officers)
            return at.to(Step.IDENTITY, *inner.todo, identity=inner)
    return None


def may_apply(at: Counter, desk: Desk) -> bool:
    """Unless the pre-check says to talk to an officer first, or nobody can be proven here."""
    said = rules.advice(_product(at, desk), dict(at.draft.replies))
    return said.advice is not rules.Advice.OFFICER and desk.prover is not None


def identity(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """The shared steps of showing a document; without a proven holder nothing goes on from here."""
    match at.step, fact:
        case Step.IDENTITY, b.CardGiven(bank, card):
            at = at.stay(card=card, card_bank=bank)
        case Step.UNPROVEN, f.Back():
            return at.to(_before_identity(at))
        case Step.UNPROVEN, f.Confirmed():
            return at.to(Step.OVER, b.ForgetCard(), outcome="not_proven")
        case _ if at.step != Step.IDENTITY:
            return None
    return _shown(at, fact, desk.prover) if desk.prover is not None else None


def _shown(at: Counter, fact: f.Fact, prover: Prover) -> Counter:
    """One of the shared steps."""
    inner = prover.step(at.draft.identity, fact)
    result = prover.result(inner)
    at = at.stay(officers=max(at.draft.officers, prover.calls(inner)))
    if result is None:
        return at.stay(*inner.todo, identity=inner)
    if isinstance(result, Proof):
        names, birth = prover.holder(inner)
        who = {"proof": result, "name": prover.name(inner), "names": names, "birth": birth}
        may_call = "contact" in prover.agreed(inner)
        return _proven(at.stay(identity=inner, may_call=may_call, phone="", **who), inner.todo)
    if isinstance(fact, f.Back):
        return at.to(_before_identity(at), *inner.todo, identity=inner, card="")
    return at.to(Step.OVER, *inner.todo, b.ForgetCard(), outcome=result, identity=None)


def _before_identity(at: Counter) -> Step:
    """Where a document was asked for."""
    return Step.CONTRACT if at.draft.business == "contract" else Step.ADVICE


def _proven(at: Counter, todo: tuple[f.Command, ...]) -> Counter:
    """Only a proven holder goes on; then the bank is asked for the customer's safety block (F10), by card and PIN."""
    if at.draft.proof is None or not at.draft.proof.suffices:
        return at.to(Step.UNPROVEN, *todo)
    if Factor.ACCOUNT in at.draft.proof.factors:
        return look(at, *todo)
    return at.to(Step.CARD, *todo, b.AskCard(at.draft.key), asked=at.draft.asked + 1, card="")


def whose(at: Counter) -> Counter:
    """Another's account tells another's block: the bank compares its holder with the document first."""
    asked = b.CompareName(at.draft.key, at.draft.names, at.draft.birth)
    return at.to(Step.WHOSE, asked, asked=at.draft.asked + 1)


def compared(at: Counter, fact: f.Fact) -> Counter | None:
    """The bank's word on whose account card and PIN have opened; nothing but a plain yes goes on."""
    match at.step, fact:
        case Step.WHOSE, b.NameCompared(True):
            return look(at)
        case Step.WHOSE, b.NameCompared(unclear=unclear):
            return _not_theirs(at, "bank.notice.names_unclear" if unclear else "bank.notice.other_holder")
        case Step.WHOSE, b.BankDeclined(_, "wrong_pin"):
            again = b.ForgetCard(), b.AskCard(at.draft.key)
            return at.to(Step.CARD, *again, asked=at.draft.asked + 1, card="", notice="bank.declined.wrong_pin")
        case Step.WHOSE, b.BankDeclined(_, why):
            return _not_theirs(at, f"bank.declined.{why}")
        case Step.WHOSE, f.Faulted("bank_host" | "branch"):
            return _not_theirs(at, "bank.notice.no_bank")
    return None


def _not_theirs(at: Counter, notice: str) -> Counter:
    return at.to(Step.UNPROVEN, b.ForgetCard(), card="", notice=notice)


def look(at: Counter, *todo: f.Command) -> Counter:
    """Ask for the profile, whose blocks and age the shield wants, and whether a wait binds this card."""
    asked, hold = b.AskProfile(at.draft.key), i.LookHold(at.draft.card, at.draft.product)
    fresh: dict[str, object] = dict.fromkeys(("profile", "hold", "case", "override"))
    fresh |= {"holding": False, "looked": False, "answers": (), "since_ms": -1, "leaflet": "", "override_until": ""}
    return at.to(Step.LOOKING, *todo, asked, hold, asked=at.draft.asked + 1, **fresh)


def form(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Sum, term, telephone, papers, signature."""
    product = _product(at, desk)
    match at.step, fact:
        case Step.WISH, d.Wished(won):
            return at.to(Step.MONTHS, wish_won=won)
        case Step.MONTHS, d.TermChosen(months):
            at = at.stay(months=months)
            return at.to(Step.PHONE) if at.draft.may_call else _papers(at, product)
        case Step.PHONE, d.PhoneGiven(digits):
            return _after_phone(at.stay(phone=digits), product)
        case (Step.MONTHS | Step.PHONE | Step.PAPERS | Step.SIGN | Step.REVIEW), f.Back():
            return at.to(_back(at))
        case Step.PAPERS, f.Confirmed() if paper(at, product):
            return at.to(Step.TAKING, i.Photograph(paper(at, product)))
        case Step.PAPERS, d.PaperLater(name) if name == paper(at, product):
            return _papers(at.stay(later=(*at.draft.later, name)), product)
        case Step.TAKING, i.PaperTaken(name):
            return _papers(at.stay(taken=(*at.draft.taken, name)), product)
        case Step.TAKING, f.Faulted(_, code):
            known = code if code in ("no_media", "camera_dark", "unstable") else "other"
            return at.to(Step.PAPERS, notice=f"bank.notice.paper.{known}")
        case Step.SIGN, i.Signed(way, strokes):
            return at.to(Step.REVIEW, signed=way, strokes=strokes)
        case Step.REVIEW, i.HandAgreed(when):
            return caution.expired(at, when, desk) or _seal(at, product)
    return None


def _after_phone(at: Counter, product: rules.Product) -> Counter:
    return _seal(at, product) if at.draft.business == "appoint" else _papers(at, product)


def paper(at: Counter, product: rules.Product) -> str:
    """The paper that comes next; empty when all were photographed or put off."""
    wanted = rules.advice(product, dict(at.draft.replies)).papers
    return next((name for name in wanted if name not in (*at.draft.taken, *at.draft.later)), "")


def _papers(at: Counter, product: rules.Product) -> Counter:
    return at.to(Step.PAPERS if paper(at, product) else Step.SIGN)


def _back(at: Counter) -> Step:
    """One question back; who did not agree to calls was not asked for a telephone."""
    if at.step == Step.PHONE:
        return Step.WHEN if at.draft.business == "appoint" else Step.MONTHS
    before = Step.PHONE if at.draft.may_call else Step.MONTHS
    return {Step.MONTHS: Step.WISH, Step.PAPERS: before, Step.SIGN: before}.get(at.step, Step.SIGN)


def appointment(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """How, when, and where the bank may call."""
    match at.step, fact:
        case Step.HOW, d.HowChosen(how):
            return at.to(Step.WHEN, how=how)
        case Step.WHEN, d.WhenChosen(when):
            return at.to(Step.PHONE, when=when)
        case Step.WHEN, f.Back():
            return at.to(Step.HOW)
        case Step.HOW, f.Back():
            return at.to(Step.PRODUCT, business="")
    return None


def _seal(at: Counter, product: rules.Product) -> Counter:
    """Everything personal goes under the bank's key; a new hand-off has a new key."""
    known = at.stay(hands=at.draft.hands + 1, sealed="").draft
    sealing = i.SealApplication(
        known.hand_key, product.bank.code, product.id, known.wish_won, known.months, known.phone,
        f"{known.signed}:{known.strokes}" if known.signed else "", _identity(known), known.later,
    )  # fmt: skip
    return at.to(Step.SEALING, sealing, hands=known.hands, sealed="", tries=0)


def _identity(known: Draft) -> str:
    """What the bank is told of the holder: the document's kind, what proved its holder, and the name."""
    if known.proof is None:
        return ""
    return f"{known.proof.kind}|{','.join(sorted(known.proof.factors))}|{known.name}"


def handed(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Sealed, handed to the bank, received under its reference number; silence is asked about, never a yes."""
    key = at.draft.hand_key
    match at.step, fact:
        case Step.SEALING, i.ApplicationSealed(sealed_key, sealed) if sealed_key == key:
            return _hand_in(at.stay(sealed=sealed), _product(at, desk))
        case Step.SEALING, f.Faulted():
            return at.to(_entry(at), notice="bank.notice.no_desk")
        case (Step.HANDING | Step.DOUBT), b.HandedIn(about, reference) if about == key:
            return at.to(Step.RECEIVED, i.DropPapers(), reference=reference, tries=0)
        case Step.DOUBT, b.HandInDeclined(about, why) if about == key and why in UNCERTAIN:
            return _again(at, why, desk)
        case (Step.HANDING | Step.DOUBT), b.HandInDeclined(about) if about == key:
            return _refused(at)
        case (Step.HANDING | Step.DOUBT), (b.HandInUnknown() | f.Faulted("bank_desk")):
            return _silence(at)
        case (Step.HANDING | Step.DOUBT), f.Resumed():
            return at.to(Step.DOUBT, b.EnquireHandIn(key, 0), resumed=True)
        case Step.DOUBT, (d.DoubtLeft() | f.IdledOut()):
            slip = (f.PrintReceipt(f"{at.draft.visit}-H{at.draft.hands}", "handed"),) * isinstance(fact, d.DoubtLeft)
            return at.to(Step.OVER, *slip, f.CallStaff("intake_unsure", key), b.ForgetCard(), outcome="intake_unsure")
    return None


def _entry(at: Counter) -> Step:
    """Where the hand-off was asked for."""
    return Step.PHONE if at.draft.business == "appoint" else Step.REVIEW


def _hand_in(at: Counter, product: rules.Product) -> Counter:
    return at.to(Step.HANDING, _handing(at.draft, product))


def _handing(known: Draft, product: rules.Product) -> f.Command:
    sealed = bytes.fromhex(known.sealed)
    if known.business == "appoint":
        when = datetime.fromisoformat(known.when)
        return b.Appoint(known.hand_key, Appointment(product.bank.code, product.id, when, known.how, sealed))
    return b.HandIn(known.hand_key, Application(product.bank.code, product.id, sealed))


def _again(at: Counter, why: str, desk: Desk) -> Counter:
    """What the bank does not have yet may still be on its way: the same goes out under the same key, never another."""
    silent, product = _silence(at), desk.shelf.find(at.draft.product)
    if why != "not_found" or product is None:
        return silent
    todo = tuple(each for each in silent.todo if not isinstance(each, b.EnquireHandIn))
    return at.to(Step.DOUBT, *todo, _handing(at.draft, product), tries=silent.draft.tries)


def _refused(at: Counter) -> Counter:
    """The bank will not have it: try again, or another time; after a restart there is nothing left to try with."""
    if at.draft.resumed:
        return at.to(Step.OVER, b.ForgetCard(), outcome="not_received")
    return at.to(_entry(at), notice="bank.notice.no_intake")


def _silence(at: Counter) -> Counter:
    """Ask what became of it, with growing pauses; a person is called once it lasts."""
    tries = at.draft.tries + 1
    call = (f.CallStaff("intake_unsure", at.draft.hand_key),) if tries == ENQUIRIES else ()
    return at.to(Step.DOUBT, b.EnquireHandIn(at.draft.hand_key, tries), *call, tries=tries)


def received(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """The bank has it: its reference number, on the screen and on paper."""
    if at.step != Step.RECEIVED:
        return None
    match fact:
        case d.SlipAsked() if at.draft.slip == "":
            return at.stay(f.PrintReceipt(f"{at.draft.visit}-I{at.draft.hands}", "received"), slip="printing")
        case f.ReceiptPrinted():
            return at.stay(slip="printed")
        case f.Faulted("receipt_printer"):
            return at.stay(slip="failed")
        case f.Resumed():
            return at.stay(slip="failed" if at.draft.slip == "printing" else at.draft.slip, resumed=True)
        case f.Confirmed() | f.IdledOut() | f.Cancelled():
            return at.to(Step.OVER, b.ForgetCard(), i.DropPapers(), outcome="received")
    return at.stay()


def status(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """What became of an application: the bank's signed word, or none yet."""
    match at.step, fact:
        case Step.REFERENCE, d.StatusAsked() if at.draft.references >= MOST_REFERENCES:
            return at.stay(notice="bank.notice.status_often")
        case Step.REFERENCE, d.StatusAsked(bank, reference):
            known = {"payee_bank": bank, "reference": reference, "decided": None}
            return at.to(Step.DECIDING, b.AskDecision(bank, reference), references=at.draft.references + 1, **known)
        case Step.DECIDING, b.DecisionRead(bank, reference) if (bank, reference) == (
            at.draft.payee_bank, at.draft.reference,
        ):  # fmt: skip
            return at.to(Step.DECISION, decided=fact)
        case Step.DECIDING, b.DecisionMissing():
            return at.to(Step.DECISION, notice="bank.notice.no_decision")
        case Step.DECIDING, b.DecisionRefused():
            return at.to(Step.REFERENCE, notice="bank.notice.status_often")
        case Step.DECIDING, b.DecisionDoubted():
            return at.to(Step.REFERENCE, notice="bank.notice.decision_doubted")
        case Step.DECIDING, f.Faulted("bank_desk" | "branch"):
            return at.to(Step.REFERENCE, notice="bank.notice.no_desk")
        case Step.DECISION, f.Confirmed():
            return at.to(Step.OVER, outcome="asked")
    return None
