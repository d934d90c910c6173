"""Signing a contract with the bank: its offer, who signs, each clause, the signature, the bank's receipt. Pure.

Behind `contract_signing` alone. No step decides: the text is the bank's, signed by it, and *signed* is its receipt.
What it says is shown to nobody but whom it names: a reference number alone opens nothing.
Until the signature is handed over a restart begins anew; after that it only asks.
"""

from __future__ import annotations

from typing import TypeAlias

from devices.agency import SignedContract
from kiosk import facts as f
from kiosk.banking import contracts as c
from kiosk.banking import facts as b
from kiosk.flow import At
from kiosk.intake import facts as i
from kiosk.services.bank import caution
from kiosk.services.bank import draft as d
from kiosk.services.bank.caution import NOTHING, Desk
from kiosk.services.bank.draft import Draft, Step

Counter: TypeAlias = At[Step, Draft]
#: Enquiries after a hand-off in silence, before a person is called and the customer may go.
ENQUIRIES = 4
#: Words after which an earlier hand-off may still arrive.
UNCERTAIN = ("not_found", "unavailable", "stale")
#: A signature is with the bank, and nobody knows whether it has it.
AIR = (Step.CONTRACT_HANDING, Step.CONTRACT_DOUBT)


def contract(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """From the bank's decision to the proof of who reads; then, once that is whom the offer names, its clauses."""
    match at.step, fact:
        case Step.DECISION, c.ContractAsked() if desk.contracts and desk.prover is not None:
            return at.to(Step.OFFERING, c.AskOffer(at.draft.payee_bank, at.draft.reference), offer=None, clauses=())
        case Step.OFFERING, c.OfferRead(bank, reference) if (bank, reference) == _about(at):
            found = desk.shelf.find(fact.product)
            kind = found.kind if found else "loan"  # what the shelf does not know is looked at as a loan
            return at.to(Step.CONTRACT, offer=fact, wish_won=fact.won, product=fact.product, kind=kind)
        case Step.OFFERING, c.OfferMissing():
            return at.to(Step.DECISION, notice="bank.notice.contract.none")
        case Step.OFFERING, c.OfferDoubted():
            return at.to(Step.DECISION, notice="bank.notice.contract.doubted")
        case Step.OFFERING, f.Faulted("bank_desk" | "branch"):
            return at.to(Step.DECISION, notice="bank.notice.no_desk")
        case Step.CONTRACT, f.Confirmed() if desk.prover is not None:
            inner = desk.prover.begin(at.draft.visit, at.draft.identity, at.draft.officers, "contract")
            return at.to(Step.IDENTITY, *inner.todo, business="contract", identity=inner, clauses=())
        case Step.CONTRACT, f.Back():
            return at.to(Step.DECISION, business="status", offer=None)
        case Step.CLAUSE, _:
            return _clause(at, fact)
    return None


def _about(at: Counter) -> tuple[str, str]:
    return at.draft.payee_bank, at.draft.reference


def _clause(at: Counter, fact: f.Fact) -> Counter | None:
    """One after the other, none left out; then the signature."""
    offer, done = at.draft.offer, len(at.draft.clauses)
    match fact:
        case c.ClauseAgreed(clause, sha256) if offer is not None and clause == offer.clauses[done]:
            agreed = (*at.draft.clauses, (clause, sha256))
            return at.to(Step.CONTRACT_SIGN if len(agreed) == len(offer.clauses) else Step.CLAUSE, clauses=agreed)
        case f.Back() if done:
            return at.stay(clauses=at.draft.clauses[:-1])
    return None


def signing(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Whom the offer names goes on to its words; the signature is looked at once more before it goes."""
    match at.step, fact:
        case Step.COMPARING, c.SignerCompared(_, "same"):
            return at.to(Step.CLAUSE, clauses=())
        case Step.COMPARING, c.SignerCompared(_, found):
            return at.to(Step.CONTRACT, notice=f"bank.notice.contract.{found}", business="status", clauses=())
        case Step.COMPARING, f.Faulted("branch"):
            return at.to(Step.CONTRACT, notice="bank.notice.no_desk", business="status", clauses=())
        case Step.CONTRACT_SIGN, i.Signed(way, strokes):
            return at.to(Step.CONTRACT_SURE, signed=way, strokes=strokes)
        case Step.CONTRACT_SIGN, f.Back():
            return at.to(Step.CLAUSE, clauses=at.draft.clauses[:-1])
        case Step.CONTRACT_SURE, f.Back():
            return at.to(Step.CONTRACT_SIGN)
        case Step.CONTRACT_SURE, i.HandAgreed(when):
            return caution.expired(at, when, desk) or _seal(at)
    return None


def _seal(at: Counter) -> Counter:
    """The signature and which bytes were signed, for the bank alone; a new hand-off has a new key."""
    known = at.stay(hands=at.draft.hands + 1, sealed="").draft
    offer = known.offer or NOTHING
    kind, factors = (known.proof.kind, ",".join(sorted(known.proof.factors))) if known.proof else ("", "")
    sealing = i.SealContract(
        known.hand_key, offer.bank, offer.reference, offer.offer_sha256, known.clauses,
        f"{known.signed}:{known.strokes}", f"{kind}|{factors}|{known.name}",
    )  # fmt: skip
    return at.to(Step.CONTRACT_SEALING, sealing, hands=known.hands, sealed="", tries=0, receipt=None)


def handed(at: Counter, fact: f.Fact) -> Counter | None:
    """Sealed, handed over, receipted; silence is asked about, never a yes."""
    key = at.draft.hand_key
    match at.step, fact:
        case Step.CONTRACT_SEALING, i.ContractSealed(about, sealed) if about == key:
            known = at.stay(sealed=sealed).draft
            until = known.offer.until if known.offer else ""
            return at.to(Step.CONTRACT_HANDING, c.HandContract(key, signature(known), until), sealed=sealed)
        case Step.CONTRACT_SEALING, f.Faulted():
            return at.to(Step.CONTRACT_SURE, notice="bank.notice.no_desk")
        case (Step.CONTRACT_HANDING | Step.CONTRACT_DOUBT), _:
            return _in_the_air(at, fact, key)
        case Step.SIGNED, _:
            return _signed(at, fact)
    return None


def signature(known: Draft) -> SignedContract:
    """What was handed over, or is asked about."""
    offer = known.offer or NOTHING
    return SignedContract(offer.bank, offer.reference, offer.offer_sha256, bytes.fromhex(known.sealed))


def _in_the_air(at: Counter, fact: f.Fact, key: str) -> Counter | None:
    match fact:
        case c.ReceiptRead(about) if about == key:
            return at.to(Step.SIGNED, receipt=fact, tries=0, slip="")
        case c.ContractDeclined(about, why) if about == key and at.step == Step.CONTRACT_DOUBT and why in UNCERTAIN:
            return _again(at, why)
        case c.ContractDeclined(about, why) if about == key:
            return _refused(at, why)
        case c.ContractUnknown() | f.Faulted("bank_desk"):
            return _silence(at)
        case f.Resumed():
            return at.to(Step.CONTRACT_DOUBT, c.EnquireContract(key, signature(at.draft), 0), resumed=True)
        case d.DoubtLeft() | f.IdledOut() if at.step == Step.CONTRACT_DOUBT:
            slip = (f.PrintReceipt(f"{at.draft.visit}-H{at.draft.hands}", "signing"),) * isinstance(fact, d.DoubtLeft)
            unsure = f.CallStaff("contract_unsure", key)
            return at.to(Step.OVER, unsure, *slip, b.ForgetCard(), outcome="contract_unsure")
    return None


def _silence(at: Counter) -> Counter:
    """Ask what became of it, with growing pauses; a person is called once it lasts."""
    tries, key = at.draft.tries + 1, at.draft.hand_key
    call = (f.CallStaff("contract_unsure", key),) if tries == ENQUIRIES else ()
    return at.to(Step.CONTRACT_DOUBT, c.EnquireContract(key, signature(at.draft), tries), *call, tries=tries)


def _again(at: Counter, why: str) -> Counter:
    """What the bank does not have yet may still be on its way: the same goes out under the same key, never another."""
    silent = _silence(at)
    if why != "not_found":
        return silent
    todo = tuple(each for each in silent.todo if not isinstance(each, c.EnquireContract))
    handing = c.HandContract(at.draft.hand_key, signature(at.draft), at.draft.offer.until if at.draft.offer else "")
    return at.to(Step.CONTRACT_DOUBT, *todo, handing, tries=silent.draft.tries)


def _refused(at: Counter, why: str) -> Counter:
    """Nothing is signed: the contract from its beginning; after a restart there is nobody to begin with."""
    if at.draft.resumed:
        return at.to(Step.OVER, b.ForgetCard(), outcome="not_signed")
    told = why if why in ("stale", "unavailable") else "refused"
    return at.to(Step.CONTRACT, notice=f"bank.notice.contract.{told}", business="status", clauses=())


def _signed(at: Counter, fact: f.Fact) -> Counter:
    """The bank has it: its contract number, on the screen and on paper."""
    match fact:
        case d.SlipAsked() if at.draft.slip == "":
            return at.stay(f.PrintReceipt(f"{at.draft.visit}-K{at.draft.hands}", "signed"), slip="printing")
        case f.ReceiptPrinted():
            return at.stay(slip="printed")
        case f.Faulted("receipt_printer"):
            return at.stay(slip="failed")
        case f.Resumed():
            return at.stay(slip="failed" if at.draft.slip == "printing" else at.draft.slip, resumed=True)
        case f.Confirmed() | f.IdledOut() | f.Cancelled():
            return at.to(Step.OVER, b.ForgetCard(), outcome="signed")
    return at.stay()
