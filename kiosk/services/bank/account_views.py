"""What the customer sees of account services: card, balance, entries, and an order from its payee to its end. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.flow import Json, Line, Situation, View
from kiosk.services.bank import caution, caution_views, checks, contract_views, views
from kiosk.services.bank.case import Action
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.views import Builder, Counter, Office, ear, screen

BUSINESS = ("balance", "entries", "transfer", "delayed", "bill", "block")
WHAT, SEND = ("bank.step.what", (2, 3)), ("bank.step.send", (3, 3))


def view(at: Counter, now: Situation, office: Office) -> View:
    """The view of this step, of whatever business."""
    made = ALL[at.step](at, now, office)
    told = at.draft.notice
    args = {"won": at.draft.notice_won} if at.draft.notice_won is not None else {}
    notice = Line(told, args, private=bool(args)) if told else None
    aloud = "insufficient_funds" if told == "error.bank.balance" else "over_limit"
    spoken = (Line(f"bank.declined.{aloud}"), *made.speech) if args else made.speech
    return View(made.screen, made.values, made.offers, spoken, made.title, made.position, notice, made.idle_s,
                private=made.private)  # fmt: skip


def bank_name(code: str, office: Office, language: str) -> str:
    """A bank by its code; the code itself where nobody knows it."""
    bank = office.desk.shelf.banks.get(code)
    return bank.name.text(language) if bank else code


def _account(at: Counter, now: Situation, office: Office) -> View:
    values = {
        "card": at.draft.card, "bank": bank_name(at.draft.card_bank, office, now.language),
        "business": [what for what in BUSINESS if what != "bill" or _reads_codes(now)],
    }  # fmt: skip
    script = (Line("bank.account.speech"), ear("card", bank=values["bank"], card=at.draft.card))
    return screen("Account", *WHAT, values, "choose_business", "cancel", idle_s=office.idle_s, speech=script)


def _reads_codes(now: Situation) -> bool:
    return "code_reader" in now.devices and now.devices["code_reader"].usable


def _balance(at: Counter, now: Situation, office: Office) -> View:
    told = at.draft.balance
    values = {"won": told.won if told else 0, "available_won": told.available_won if told else 0}
    return screen("Balance", *WHAT, values, "confirm", "cancel", idle_s=office.idle_s,
                  speech=(Line("bank.balance.speech"), ear("balance", **values)))  # fmt: skip


def _entries(at: Counter, now: Situation, office: Office) -> View:
    rows = at.draft.entries.entries if at.draft.entries else ()
    entries = [
        {"at": views.until(when[:19], now)[:10], "kind": kind, "won": won, "balance_won": balance}
        for when, kind, won, balance, _ in rows[:10]
    ]  # fmt: skip
    lines = [ear(f"entry.{row['kind']}", day=row["at"], won=row["won"], left=row["balance_won"]) for row in entries]
    return screen("Entries", *WHAT, {"entries": entries}, "confirm", "cancel", idle_s=office.idle_s * 2,
                  speech=(Line("bank.entries.speech"), *(lines or (ear("entries.none"),))))  # fmt: skip


def _payee_bank(at: Counter, now: Situation, office: Office) -> View:
    values = {"banks": views.banks(office, now.language), "chosen": at.draft.payee_bank or None}
    return screen("PayeeBank", *WHAT, values, "choose_bank", "back", "cancel", idle_s=office.idle_s)


def _payee_number(at: Counter, now: Situation, office: Office) -> View:
    values = {"bank": bank_name(at.draft.payee_bank, office, now.language), "digits": at.draft.payee_number}
    return screen("PayeeNumber", *WHAT, values, "set_account", "back", "cancel", idle_s=office.idle_s * 2,
                  speech=(Line("bank.payeeNumber.speech"),))  # fmt: skip


def _bill(at: Counter, now: Situation, office: Office) -> View:
    return screen("Bill", *WHAT, {}, "back", "cancel", idle_s=office.idle_s * 2)


def payee(at: Counter, now: Situation, office: Office) -> Json:
    """Whom the money goes to, masked: the bank's own word, or the bill's."""
    known = at.draft
    return {
        "name": checks.mask_name(known.payee.name) if known.payee else "",
        "account": checks.mask_account(known.payee_number), "bank": bank_name(known.payee_bank, office, now.language),
    }  # fmt: skip


def _whom(values: Json) -> Line:
    """The payee, masked, for the ear."""
    return ear("payee", name=values["name"], bank=values["bank"], account=values["account"])


def _amount(at: Counter, now: Situation, office: Office) -> View:
    values = {**payee(at, now, office), "won": at.draft.won, "bill": at.draft.bill is not None}
    bill = (ear("sum.bill", won=at.draft.won),) if values["bill"] else ()
    return screen("Amount", *WHAT, values, "set_amount", "back", "cancel", idle_s=office.idle_s * 2,
                  speech=(Line("bank.amount.speech"), _whom(values), *bill))  # fmt: skip


def _confirm(at: Counter, now: Situation, office: Office) -> View:
    offered = at.draft.order_kind == "transfer" and caution.assessment(at, office.desk).asks(Action.OFFER)
    values = {**payee(at, now, office), "won": at.draft.won, "kind": at.draft.order_kind, "delay": offered}
    script = Line(f"bank.confirm.{at.draft.order_kind}.speech")
    total = ear("sum.bill" if at.draft.order_kind == "bill" else "sum", won=at.draft.won)
    return screen("Confirm", *SEND, values, "agree", "back", "cancel", idle_s=office.idle_s * 2,
                  speech=(script, _whom(values), total))  # fmt: skip


def _unsure(at: Counter, now: Situation, office: Office) -> View:
    stage = "reversing" if at.draft.reversing else "enquiring"
    values = {"won": at.draft.order_won, "stage": stage, "key": at.draft.order_key, **views.desk_of(office, now)}
    own = ear("sum.unsure", won=at.draft.order_won), ear("doubt", key=values["key"], telephone=values["telephone"])
    return screen("Unsure", *SEND, values, "leave", idle_s=office.idle_s * 3,
                  speech=(Line(f"bank.unsure.{stage}.speech"), *own))  # fmt: skip


def bank_telephone(known: Draft, office: Office) -> str:
    """Where a delayed transfer can be called back: the bank of the card, else the branch."""
    bank = office.desk.shelf.banks.get(known.card_bank)
    return bank.telephone if bank else office.telephone


def _ended(at: Counter, now: Situation, office: Office) -> View:
    printer = now.devices.get("receipt_printer")
    can = bool(printer and printer.usable) and at.draft.slip == ""
    values = {
        **payee(at, now, office), "won": at.draft.order_won, "kind": at.draft.order_kind,
        "due": views.until(at.draft.due[:19], now), "reference": at.draft.reference, "slip": at.draft.slip,
        "telephone": bank_telephone(at.draft, office) if at.draft.due else "",
    }  # fmt: skip
    name = "Sent" if at.step == Step.SENT else "TakenBack"
    word = "takenBack" if name == "TakenBack" else "sent.delayed" if at.draft.due else "sent"
    script = Line(f"bank.slip.{at.draft.slip}" if at.draft.slip else f"bank.{word}.speech")
    day, _, clock = values["due"].partition("T")
    due = (ear("due", day=day, clock=clock), ear("undo", telephone=values["telephone"])) if day else ()
    number = (ear("order", reference=at.draft.reference),) if at.draft.reference else ()
    said = (script, ear("sum.ended", won=at.draft.order_won), _whom(values), *due, *number)
    return screen(name, *SEND, values, *(("slip",) if can else ()), "confirm", idle_s=office.idle_s, speech=said)


BUILDERS: Mapping[Step, Builder] = {
    Step.ACCOUNT: _account, Step.BALANCE: _balance, Step.ENTRIES: _entries, Step.PAYEE_BANK: _payee_bank,
    Step.PAYEE_NUMBER: _payee_number, Step.BILL: _bill, Step.AMOUNT: _amount, Step.CONFIRM: _confirm,
    Step.UNSURE: _unsure, Step.UNSURE_AWAY: _unsure, Step.SENT: _ended, Step.TAKEN_BACK: _ended,
}  # fmt: skip
ALL: Mapping[Step, Builder] = {
    **views.BUILDERS, **caution_views.BUILDERS, **contract_views.BUILDERS, **BUILDERS,
}  # fmt: skip
