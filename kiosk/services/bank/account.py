"""Account services of partner banks: card and PIN on the PIN pad, balance, entries, and the way to an order. Pure."""

from __future__ import annotations

from typing import TypeAlias

from devices.banking import Account
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.flow import At
from kiosk.intake import facts as i
from kiosk.services.bank import caution, intake, looked, orders
from kiosk.services.bank import draft as d
from kiosk.services.bank.caution import Desk
from kiosk.services.bank.draft import Draft, Step

Counter: TypeAlias = At[Step, Draft]
#: How many entries are looked at and shown.
ENTRIES = 20
#: Nothing of the order before is left when the next one begins.
FRESH: dict[str, object] = {
    "what": "", "payee": None, "payee_bank": "", "payee_number": "", "bill": None, "won": 0, "at": "", "case": None,
    "answers": (), "since_ms": -1, "override": None, "override_until": "", "leaflet": "",
    "hold": None, "holding": False, "looked": False, "order_kind": "", "officer": None,
}  # fmt: skip


def card(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Card and PIN, on the pad alone."""
    match at.step, fact:
        case Step.CARD, b.CardGiven(bank, masked):
            at = at.stay(card=masked, card_bank=bank)
            return at.to(Step.ACCOUNT) if at.draft.business == "account" else intake.whose(at)
        case Step.CARD, (b.CardTrouble(code) | f.Faulted("pin_pad", code)):
            known = code if code in ("time_out", "canceled", "media_unknown") else "other"
            return _without_card(at, f"bank.notice.card.{known}")
        case Step.CARD, f.Back():
            return _without_card(at, "")
    return None


def _without_card(at: Counter, notice: str) -> Counter:
    """Back to where the card was asked for."""
    if at.draft.business == "account":
        return at.to(Step.START, b.ForgetCard(), business="", notice=notice)
    return at.to(Step.UNPROVEN, b.ForgetCard(), notice=notice)


def account(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Balance, entries, and the beginnings of an order."""
    match at.step, fact:
        case Step.ACCOUNT, d.BusinessChosen("balance"):
            return _ask(at, b.AskBalance(at.draft.key), "balance")
        case Step.ACCOUNT, d.BusinessChosen("entries"):
            return _ask(at, b.AskEntries(at.draft.key, ENTRIES), "entries")
        case Step.ACCOUNT, d.BusinessChosen("bill"):
            return at.to(Step.BILL, i.WatchBill(), **{**FRESH, "what": "bill"})
        case Step.ACCOUNT, d.BusinessChosen(what) if what in ("transfer", "delayed"):
            return at.to(Step.PAYEE_BANK, **{**FRESH, "what": what})
        case (Step.BALANCE | Step.ENTRIES), (f.Confirmed() | f.Back()):
            return at.to(Step.ACCOUNT)
        case Step.ASKING, b.BalanceTold() if at.draft.what == "balance":
            return at.to(Step.BALANCE, balance=fact)
        case Step.ASKING, b.EntriesTold() if at.draft.what == "entries":
            return at.to(Step.ENTRIES, entries=fact)
        case Step.ASKING, b.PayeeTold(bank, number) if (bank, number) == (at.draft.payee_bank, at.draft.payee_number):
            return at.to(Step.AMOUNT, payee=fact)
        case Step.ASKING, b.BankDeclined(_, "no_card"):
            return orders.anew(at)
        case Step.ASKING, b.BankDeclined(asked, why, limit):
            mistyped = asked == "AskPayee" and why == "no_such_account" and at.draft.bill is None
            step = Step.PAYEE_NUMBER if mistyped else Step.ACCOUNT
            return at.to(step, notice=f"bank.declined.{why}", notice_won=limit)
        case Step.ASKING, f.Faulted("bank_host" | "branch"):
            return at.to(Step.ACCOUNT, notice="bank.notice.no_bank")
    return _payee(at, fact)


def _ask(at: Counter, asked: f.Command, what: str) -> Counter:
    """One question to the bank, with nothing left of an order before."""
    return at.to(Step.ASKING, asked, **{**FRESH, "what": what, "asked": at.draft.asked + 1})


def _payee(at: Counter, fact: f.Fact) -> Counter | None:
    """To whom, and how much."""
    match at.step, fact:
        case Step.PAYEE_BANK, d.PayeeBankChosen(bank):
            return at.to(Step.PAYEE_NUMBER, payee_bank=bank)
        case Step.PAYEE_NUMBER, d.PayeeNumberGiven(number):
            ask = b.AskPayee(at.draft.key, Account(at.draft.payee_bank, number))
            return at.to(Step.ASKING, ask, asked=at.draft.asked + 1, payee_number=number)
        case Step.BILL, i.BillRead():
            return _bill(at, fact)
        case Step.BILL, i.BillRefused():
            return at.stay(i.WatchBill(), notice="bank.notice.no_bill")
        case Step.BILL, f.Faulted():
            return at.to(Step.ACCOUNT, notice="bank.notice.no_reader")
        case Step.AMOUNT, d.AmountGiven(won, when, signs):
            return _look(at.stay(won=won, at=when, signs=tuple(filter(None, signs.split(",")))))
        case (Step.PAYEE_BANK | Step.PAYEE_NUMBER | Step.BILL | Step.AMOUNT | Step.CONFIRM), f.Back():
            to = _back(at)
            return at.to(to, *((i.WatchBill(),) if to == Step.BILL else ()))
    return None


def _bill(at: Counter, fact: i.BillRead) -> Counter:
    """Who the issuer is, the bank says, not the code."""
    ask = b.AskPayee(at.draft.key, Account(fact.bank, fact.account))
    known = {"bill": fact, "won": fact.won, "payee_bank": fact.bank, "payee_number": fact.account}
    return at.to(Step.ASKING, ask, asked=at.draft.asked + 1, **known)


def _back(at: Counter) -> Step:
    """One question back; whoever goes back from the last one begins with the sum, and is looked at anew."""
    if at.step == Step.AMOUNT:
        return Step.BILL if at.draft.what == "bill" else Step.PAYEE_NUMBER
    return {Step.PAYEE_NUMBER: Step.PAYEE_BANK, Step.CONFIRM: Step.AMOUNT}.get(at.step, Step.ACCOUNT)


def _look(at: Counter) -> Counter:
    """Ask the bank and the branch's own memory for what the shield wants to know."""
    known, n = at.draft, at.draft.asked
    keys = [f"{known.visit}-q{n + 1 + step}" for step in range(3)]
    return at.to(
        Step.LOOKING, b.AskProfile(keys[0]), b.AskBalance(keys[1]),
        b.AskEntries(keys[2], ENTRIES, looked.since(known.at)), i.LookHold(known.card, looked.account(known)),
        asked=n + 3, profile=None, balance=None, entries=None, hold=None, looked=False,
        holding=False, case=None, answers=(), since_ms=-1, override=None, override_until="", leaflet="",
    )  # fmt: skip


def _ready(at: Counter, delayed: bool, desk: Desk) -> Counter:
    """Is the bank there; that the customer took the offered delay is written down."""
    later = delayed and at.draft.what == "transfer"
    note = (i.NoteJudgement(caution.record(at, desk, at.draft.override, "delayed")),) if later else ()
    kind = "delayed" if later else at.draft.order_kind
    return at.to(Step.READY, f.CheckReady(("bank_host",)), *note, order_kind=kind)


def agreed(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """The order as it will be sent, and the proof that the bank answers now."""
    match at.step, fact:
        case Step.CONFIRM, d.OrderAgreed(won, _, when) if won == at.draft.won:
            return caution.expired(at, when, desk) or _ready(at, fact.delayed, desk)
        case Step.READY, (f.NotReady() | f.Faulted("branch")):
            return at.to(Step.CONFIRM, notice="bank.notice.no_bank")
        case Step.READY, f.ProvenReady():
            return orders.send(at)
        case Step.READY, f.Back():
            return at.to(Step.CONFIRM)
    return None
