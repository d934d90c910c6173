"""The money of one order: sent once, asked for while in doubt, taken back at last. Pure. Never a second payment.

The key is on disk (with ProvenReady) before the order goes out. Silence leads to enquiries with growing pauses, then to
a reversal, also after a power cut and after the customer has gone. What comes late, twice or out of turn moves nothing.
"""

from __future__ import annotations

from typing import TypeAlias

from devices.banking import Account, Decline, Order, OrderKind
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.flow import At
from kiosk.services.bank import draft as d
from kiosk.services.bank import looked
from kiosk.services.bank.draft import Draft, Paid, Step

Counter: TypeAlias = At[Step, Draft]
#: Enquiries before the order is taken back instead.
ENQUIRIES = 4
#: An order is with the bank, and nobody knows its end.
AIR = (Step.SENDING, Step.UNSURE, Step.UNSURE_AWAY)
WORDS = (b.OrderDone, b.OrderScheduled, b.OrderDeclined, b.OrderUnknown, b.OrderReversed)
#: Declines that say that the bank never had the order.
NEVER = ("not_found",)


def send(at: Counter) -> Counter:
    """Open a new attempt: only from where the one before is settled."""
    attempt = at.draft.attempt + 1
    key = f"{at.draft.visit}-{attempt}"
    order = _order(at.draft)
    return at.to(
        Step.SENDING, b.SendOrder(key, order), attempt=attempt, order_key=key, order_won=order.won,
        tries=0, reversing=False, kept=False, due="", reference="", slip="",
    )  # fmt: skip


def _order(known: Draft) -> Order:
    """What is to be moved, as the bank is asked."""
    payee, name = Account(known.payee_bank, known.payee_number), known.payee.name if known.payee else ""
    if known.bill is not None:
        return Order(OrderKind.BILL, payee, known.won, name, bill=known.bill.number)
    return Order(OrderKind(known.order_kind or "transfer"), payee, known.won, name)


def money(at: Counter, fact: f.Fact) -> Counter | None:
    """What the bank's word on an order, or its silence, leads to."""
    if isinstance(fact, WORDS) and (at.step not in AIR or fact.key != at.draft.order_key):
        return _out_of_turn(at, fact)
    if at.step in AIR:
        return (_taking_back(at, fact) if at.draft.reversing else _sent(at, fact)) or _customer(at, fact)
    return _after(at, fact)


def _out_of_turn(
    at: Counter, fact: b.OrderDone | b.OrderScheduled | b.OrderDeclined | b.OrderUnknown | b.OrderReversed
) -> Counter:
    """A word that nobody waits for moves nothing; one that contradicts what is known calls a person, once."""
    known = dict(at.draft.settled).get(fact.key)
    says = {b.OrderDone: "sent", b.OrderScheduled: "sent", b.OrderDeclined: "not_sent", b.OrderReversed: "taken_back"}
    agrees = known == says.get(type(fact), known) and known is not None
    if agrees or fact.key in at.draft.strange:
        return at.stay()
    won = at.draft.order_won if fact.key == at.draft.order_key else 0
    return at.stay(f.CallStaff("bank_differs", fact.key, won), strange=(*at.draft.strange, fact.key))


def _sent(at: Counter, fact: f.Fact) -> Counter | None:
    """An order is with the bank."""
    match fact:
        case b.OrderDone(_, won, reference) | b.OrderScheduled(_, won, reference):
            due = fact.due if isinstance(fact, b.OrderScheduled) else ""
            if won != at.draft.order_won:
                return _unknown(at) if at.draft.kept else _other_sum(at, won)
            return _settle(at, Step.SENT, "sent", reference=reference, due=due)
        case b.OrderReversed(_, _, reference):
            return _settle(at, Step.TAKEN_BACK, "taken_back", reference=reference)
        case b.OrderDeclined(_, why, limit) if at.draft.order_key not in at.draft.strange:
            return _not_sent(at, why, limit)
        case b.OrderUnknown() | b.OrderDeclined() | f.Faulted("bank_host"):
            return _unknown(at)
        case f.Resumed():
            step = Step.UNSURE if at.step == Step.SENDING else at.step
            return at.to(step, b.EnquireOrder(at.draft.order_key, at.draft.order_won, 0), resumed=True)
    return None


def _other_sum(at: Counter, won: int) -> Counter:
    """The bank booked another sum than was ordered: it goes back, and a person looks at it."""
    call = f.CallStaff("bank_differs", at.draft.order_key, won)
    booked = (*at.draft.strange, at.draft.order_key)
    return at.to(_air(at), b.ReverseOrder(at.draft.order_key, won, 0), call, reversing=True, tries=0, strange=booked)


def _air(at: Counter) -> Step:
    return Step.UNSURE_AWAY if at.step == Step.UNSURE_AWAY else Step.UNSURE


def _unknown(at: Counter) -> Counter:
    """Ask again, with growing pauses; after enough silence take it back instead. Never send again."""
    key, won, tries = at.draft.order_key, at.draft.order_won, at.draft.tries + 1
    call = (f.CallStaff("order_unsure", key, won),) if tries == 1 else ()
    if tries <= ENQUIRIES or at.draft.kept:
        return at.to(_air(at), b.EnquireOrder(key, won, tries), *call, tries=tries)
    return at.to(_air(at), b.ReverseOrder(key, won, 0), tries=0, reversing=True)


def _taking_back(at: Counter, fact: f.Fact) -> Counter | None:
    """A reversal is with the bank."""
    key, won, tries = at.draft.order_key, at.draft.order_won, at.draft.tries + 1
    match fact:
        case b.OrderReversed(_, _, reference):
            return _settle(at, Step.TAKEN_BACK, "taken_back", reference=reference)
        case b.OrderDeclined(_, why, limit) if why in NEVER and key not in at.draft.strange:
            return _not_sent(at, why, limit)
        case b.OrderDeclined():  # the bank will not take it back: it stands, as soon as an enquiry says so
            return at.stay(b.EnquireOrder(key, won, 0), reversing=False, kept=True, tries=0)
        case b.OrderDone() | b.OrderScheduled():
            return at.stay(b.ReverseOrder(key, won, 0))
        case b.OrderUnknown() | f.Faulted("bank_host"):
            call = (f.CallStaff("reversal_unsure", key, won),) if tries == 1 else ()
            return at.stay(b.ReverseOrder(key, won, tries), *call, tries=tries)
        case f.Resumed():
            return at.stay(b.EnquireOrder(key, won, 0), resumed=True)
    return None


def _settle(at: Counter, step: Step, word: str, **known: object) -> Counter:
    """The end of an order: on the screen while somebody stands there, else the visit is over."""
    settled = (*at.draft.settled, (at.draft.order_key, word))
    paid = (*at.draft.paid, _paid(at.draft)) if word == "sent" else at.draft.paid
    ended = {"settled": settled, "paid": paid, "reversing": False, "tries": 0, "slip": "", **known}
    if at.step == Step.UNSURE_AWAY:
        return at.to(Step.OVER, b.ForgetCard(), outcome=word, **ended)
    return at.to(step, **ended)


def _paid(known: Draft) -> Paid:
    """What the shield remembers of an order in this visit."""
    new, trusted = (known.case.new_payee, known.case.trusted_payee) if known.case else (True, False)
    delayed, bill = known.order_kind == "delayed", known.bill is not None
    return Paid(looked.account(known), known.order_won, new, trusted, delayed, bill)


def _not_sent(at: Counter, why: str, limit: int | None) -> Counter:
    """Nothing was moved, and why; a limit is named."""
    named = why if why in set(Decline) else "other"
    after = _settle(at, Step.ACCOUNT, "not_sent")
    if after.step == Step.OVER:
        return after
    if at.draft.resumed:  # the card was forgotten with the stop
        return after.to(Step.OVER, outcome="not_sent")
    if why == "no_card":
        return anew(after)
    told = "bank.declined.limit" if limit is not None else f"bank.declined.{named}"
    return after.to(Step.ACCOUNT, notice=told, notice_won=limit)


def anew(at: Counter) -> Counter:
    """Card and PIN are kept for a time and no longer: without them the bank was not even asked."""
    card = b.ForgetCard(), b.AskCard(at.draft.key)
    return at.to(Step.CARD, *card, asked=at.draft.asked + 1, card="", notice="bank.declined.no_card")


def _customer(at: Counter, fact: f.Fact) -> Counter | None:
    """What the customer may still do while an order is in the air."""
    match at.step, fact:
        case Step.UNSURE, (d.DoubtLeft() | f.IdledOut()):
            slip = (f.PrintReceipt(f"{at.draft.visit}-C{at.draft.attempt}", "claim"),)
            return at.to(Step.UNSURE_AWAY, *(slip if isinstance(fact, d.DoubtLeft) else ()))
        case _, f.StaffSettled(("order_unsure" | "reversal_unsure"), number) if number == at.draft.order_key:
            return at.to(Step.OVER, b.ForgetCard(), outcome="settled", reversing=False)
    return at.stay()


def _after(at: Counter, fact: f.Fact) -> Counter | None:
    """The end is on the screen: a receipt, if wanted, and goodbye."""
    if at.step not in (Step.SENT, Step.TAKEN_BACK):
        return None
    match fact:
        case d.SlipAsked() if at.draft.slip == "":
            job = f"{at.draft.visit}-R{at.draft.attempt}"
            what = "transfer" if at.step == Step.SENT else "taken_back"
            return at.stay(f.PrintReceipt(job, what), slip="printing")
        case f.ReceiptPrinted():
            return at.stay(slip="printed")
        case f.Faulted("receipt_printer"):
            return at.stay(slip="failed")
        case f.Resumed():
            return at.stay(slip="failed" if at.draft.slip == "printing" else at.draft.slip, resumed=True)
        case f.Confirmed() | f.IdledOut() | f.Cancelled():
            return at.to(Step.OVER, b.ForgetCard(), outcome=at.draft.settled_now)
    return at.stay()
