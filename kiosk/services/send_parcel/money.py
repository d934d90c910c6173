"""The money of one parcel: charge, doubt, enquiry, reversal. Pure. Never two charges, never a forgotten one."""

from __future__ import annotations

from typing import TypeAlias

from kiosk import facts as f
from kiosk.flow import At
from kiosk.services.send_parcel import draft as d
from kiosk.services.send_parcel.draft import Draft, Step
from kiosk.services.send_parcel.parcel import is_it_there

Parcel: TypeAlias = At[Step, Draft]

#: Enquiries before the charge is given back instead.
ENQUIRIES = 4
ASKED = (Step.PAY, Step.UNSURE)
AWAY = (Step.UNSURE_AWAY, Step.REVERSING_AWAY, Step.OVER)


def take(at: Parcel) -> Parcel:
    """Open a new attempt: only from where the one before is known to be unpaid."""
    attempt = at.draft.attempt + 1
    key, won = f"{at.draft.visit}-{attempt}", at.draft.price.total_won if at.draft.price else 0
    return at.to(
        Step.PAY, f.Charge(key, won), attempt=attempt, paid_key=key, paid_won=won, leaving="", tries=0, reversing=False,
        resumed=False, approval="", card="", reference="",
    )  # fmt: skip


def money(at: Parcel, fact: f.Fact) -> Parcel | None:
    """What the terminal's word, or its silence, leads to."""
    if isinstance(fact, f.Paid | f.NotPaid | f.PaymentUnknown | f.Reversed) and fact.key != at.draft.paid_key:
        return at
    return _asked(at, fact) or _giving_back(at, fact) or _late(at, fact) or _customer(at, fact)


def _asked(at: Parcel, fact: f.Fact) -> Parcel | None:
    """A charge is with the terminal."""
    if at.step not in ASKED or at.draft.reversing:
        return None
    match fact:
        case f.Paid():
            return _paid(at, fact)
        case f.NotPaid(_, reason):
            return _not_paid(at, reason)
        case f.Reversed():
            return _given_back(at, fact)
        case f.PaymentUnknown() | f.Faulted("payment"):
            return _unknown(at)
        case f.Resumed():
            return at.to(Step.UNSURE, f.EnquirePayment(at.draft.paid_key, at.draft.paid_won, 0), resumed=True)
    return None


def _paid(at: Parcel, fact: f.Paid) -> Parcel:
    """Approved: a label is owed, or the money back if the customer had given up or another amount was taken."""
    mark = fact.approval or fact.reference or fact.key  # not every acquirer gives an approval code
    known = {"approval": mark, "card": fact.card, "reference": fact.reference, "paid_won": fact.won}
    if at.draft.leaving == "idle":
        return at.to(Step.REVERSING_AWAY, f.ReversePayment(fact.key, fact.won), reversing=True, **known)
    if at.draft.leaving or fact.won != at.draft.paid_won:
        return at.to(Step.REVERSING, f.ReversePayment(fact.key, fact.won), reversing=True, tries=0, **known)
    if at.draft.resumed:
        return is_it_there(at.stay(**known))
    return at.to(Step.LABEL, f.IssueNumber(), **known)


def _not_paid(at: Parcel, reason: str) -> Parcel:
    """Nothing was taken: back to the price, or away."""
    if at.draft.leaving == "idle":
        return at.to(Step.OVER, outcome="idle", paid_won=0)
    told = {} if at.draft.leaving else {"declined": "notice.declined", "unavailable": "notice.not_ready.payment"}
    notice = told.get(reason, "notice.cancelled_payment")
    return at.to(Step.REVIEW, leaving="", reversing=False, tries=0, paid_won=0, notice=notice)


def _unknown(at: Parcel) -> Parcel:
    """Ask again, with growing pauses; after enough silence give the money back instead. Never charge again."""
    tries, key, won = at.draft.tries + 1, at.draft.paid_key, at.draft.paid_won
    call = (f.CallStaff("payment_unsure", key, won),) if tries == 1 else ()
    if tries <= ENQUIRIES:
        return at.to(Step.UNSURE, f.EnquirePayment(key, won, tries), *call, tries=tries)
    return at.to(Step.UNSURE, f.AbortPayment(key), f.ReversePayment(key, won, 0), tries=0, reversing=True)


def _giving_back(at: Parcel, fact: f.Fact) -> Parcel | None:
    """A reversal is with the terminal, in front of the customer or after they left."""
    if not at.draft.reversing or at.step in (Step.REVERSED, Step.OVER, Step.TAKE_BACK):
        return None
    key, won, tries = at.draft.paid_key, at.draft.paid_won, at.draft.tries + 1
    match fact:
        case f.Reversed():
            return _given_back(at, fact)
        case f.NotPaid() if not at.draft.approval:
            return at.to(Step.OVER, outcome="not_paid") if at.step in AWAY else _stopped(at)
        case f.Paid():
            return at.stay(f.ReversePayment(key, won, 0))
        case f.NotPaid():
            return _forgotten(at)
        case f.PaymentUnknown() | f.Faulted("payment"):
            call = (f.CallStaff("reversal_unsure", key, won),) if tries == 1 else ()
            return at.stay(f.ReversePayment(key, won, tries), *call, tries=tries)
        case f.StaffSettled("reversal_unsure", number) if number == key:
            return at.to(Step.OVER, outcome="settled", reversing=False)
        case f.Resumed():
            return _asked_anew(at)
    return None


def _forgotten(at: Parcel) -> Parcel:
    """The terminal no longer knows what it approved: nothing may be charged anew, a person gives the money back."""
    call = f.CallStaff("reversal_unsure", at.draft.paid_key, at.draft.paid_won)
    if at.step in AWAY:
        return at.to(Step.OVER, call, outcome="reversal_owed", reversing=False)
    if at.step == Step.CLAIM:
        return at.stay(call, reversing=False)
    owed = {"why": "payment_unsure", "reversing": False}
    if at.draft.resumed:
        return at.to(Step.CLAIM, call, slip="failed", **owed)
    return at.to(Step.CLAIM, f.PrintReceipt(f"{at.draft.visit}-C", "claim"), call, slip="printing", **owed)


def _asked_anew(at: Parcel) -> Parcel:
    """After a restart: how did it end? A slip that was printing then counts as not printed."""
    enquiry = f.EnquirePayment(at.draft.paid_key, at.draft.paid_won, 0)
    return at.stay(enquiry, resumed=True, slip="failed" if at.draft.slip else "")


def _stopped(at: Parcel) -> Parcel:
    """It turned out that nothing had been taken."""
    if at.step == Step.CLAIM:
        return at.stay(reversing=False, paid_won=0)
    return at.to(Step.REVIEW, reversing=False, leaving="", tries=0, paid_won=0, notice="notice.cancelled_payment")


def _given_back(at: Parcel, fact: f.Reversed) -> Parcel:
    """The terminal confirmed the reversal: prove it on paper, on the screen alone after a restart, or close behind."""
    if at.step in AWAY:
        return at.to(Step.OVER, outcome="reversed", reversing=False)
    known = {"reversing": False, "leaving": "", "reference": fact.reference}
    if at.draft.resumed:
        return at.to(Step.REVERSED, slip="failed", **known)
    return at.to(Step.REVERSED, f.PrintReceipt(f"{at.draft.visit}-R", "reversal"), slip="printing", **known)


def _late(at: Parcel, fact: f.Fact) -> Parcel | None:
    """An approval that comes when nothing is owed any more is given back at once."""
    match at.step, fact:
        case Step.UNSURE_AWAY, (f.Paid() | f.PaymentUnknown() | f.Faulted("payment")):
            return at.to(Step.REVERSING_AWAY, _reverse(at), reversing=True, tries=0)
        case Step.UNSURE_AWAY, f.NotPaid():
            return at.to(Step.OVER, outcome="not_paid")
        case ((Step.UNSURE_AWAY | Step.CLAIM), f.Resumed()) if _in_doubt(at):
            return _asked_anew(at)
        case Step.CLAIM, (f.Paid() | f.PaymentUnknown() | f.Faulted("payment")) if _in_doubt(at):
            return at.stay(_reverse(at), reversing=True, tries=0)
        case Step.CLAIM, f.NotPaid() if _in_doubt(at):
            return at.stay(paid_won=0)
        case ((Step.CLAIM | Step.UNSURE_AWAY), f.Reversed()) if _in_doubt(at):
            return _given_back(at, fact)
        case Step.OVER, f.Paid(_, won) if at.draft.outcome in ("idle", "cancelled", "not_paid", "reversed"):
            return at.to(
                Step.REVERSING_AWAY, f.ReversePayment(at.draft.paid_key, won), reversing=True, paid_won=won, outcome=""
            )
        case Step.CLAIM, f.Paid(_, won) if not at.draft.approval:
            return at.stay(f.ReversePayment(at.draft.paid_key, won), reversing=True, paid_won=won)
        case _, f.Paid(_, won) if not at.draft.approval:
            return at.to(Step.REVERSING, f.ReversePayment(at.draft.paid_key, won), reversing=True, paid_won=won)
    return None


def _in_doubt(at: Parcel) -> bool:
    """A charge whose outcome nobody knows yet, and which the customer has walked away from."""
    return not at.draft.approval and at.draft.paid_won > 0


def _reverse(at: Parcel) -> f.ReversePayment:
    return f.ReversePayment(at.draft.paid_key, at.draft.paid_won, 0)


def _customer(at: Parcel, fact: f.Fact) -> Parcel | None:
    """What the customer may still do while money is in the air, and how slips end."""
    match at.step, fact:
        case Step.PAY, (f.Cancelled() | f.Back()):
            return at.stay(f.AbortPayment(at.draft.paid_key), leaving="cancelled")
        case Step.PAY, f.IdledOut():
            return at.stay(f.AbortPayment(at.draft.paid_key), leaving="idle")
        case Step.UNSURE, f.IdledOut():
            return at.to(Step.REVERSING_AWAY if at.draft.reversing else Step.UNSURE_AWAY, *_give_up(at))
        case Step.REVERSING, f.IdledOut():
            return at.to(Step.REVERSING_AWAY)
        case ((Step.UNSURE | Step.REVERSING | Step.STUCK | Step.STICK | Step.REOPEN), d.LeaveAsked()):
            return _claim(at)
        case Step.STUCK, f.IdledOut():
            owed = f.CallStaff("label_owed", at.draft.number or at.draft.paid_key, at.draft.paid_won)
            return at.to(Step.OVER, owed, outcome="label_owed")
        case Step.STUCK, d.ReversalAsked() if at.draft.label_tries > 1:
            return at.to(Step.REVERSING, _reverse(at), reversing=True, tries=0)
        case ((Step.CLAIM | Step.REVERSED), (f.ReceiptPrinted() | f.Faulted("receipt_printer") | f.Resumed())):
            resumed = at.draft.resumed or isinstance(fact, f.Resumed)
            return at.stay(slip="printed" if isinstance(fact, f.ReceiptPrinted) else "failed", resumed=resumed)
        case Step.CLAIM, (f.Confirmed() | f.IdledOut()):
            return _claimed(at)
        case Step.REVERSED, f.Confirmed():
            return at.to(Step.TAKE_BACK, why="reversed")
        case Step.REVERSED, f.IdledOut():
            return at.to(Step.OVER, outcome="reversed")
    return None


def _claim(at: Parcel) -> Parcel:
    """The customer leaves with a slip; money in doubt goes on behind, a label owed becomes a staff task."""
    slip = f.PrintReceipt(f"{at.draft.visit}-C", "claim")
    owed = "label_owed" if at.step in (Step.STUCK, Step.STICK, Step.REOPEN) else "payment_unsure"
    why = "reversing" if at.draft.reversing else owed
    call = f.CallStaff(owed, at.draft.number or at.draft.paid_key, at.draft.paid_won)
    return at.to(Step.CLAIM, slip, call, *_give_up(at), slip="printing", why=why)


def _give_up(at: Parcel) -> tuple[f.Command, ...]:
    """Nobody will hold a card to the terminal any more: a charge that still waits there is called off."""
    return (f.AbortPayment(at.draft.paid_key),) if _in_doubt(at) and not at.draft.reversing else ()


def _claimed(at: Parcel) -> Parcel:
    """The slip was shown; what is still open goes on without a screen."""
    if at.draft.reversing:
        return at.to(Step.REVERSING_AWAY)
    if at.draft.why == "label_owed":
        return at.to(Step.OVER, outcome="label_owed")
    if at.draft.paid_won == 0:
        return at.to(Step.OVER, outcome="not_paid")
    if at.draft.approval:
        call = f.CallStaff("reversal_unsure", at.draft.paid_key, at.draft.paid_won)
        return at.to(Step.OVER, call, outcome="reversal_owed")
    return at.to(Step.UNSURE_AWAY)
