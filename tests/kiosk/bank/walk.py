"""The walk through the bank counter, once for every story and every pair of hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from devices.agency import Word
from devices.bench.bank import HOLDERS
from devices.bench.counter_web import Lying
from devices.bench.verification import Entry
from tests.kiosk.bank.hands import Hands
from tests.kiosk.bank.stage import Standing

ME, KNOWN, STRANGER, REPORTED = "99900100000001", "99900200000002", "99900600000006", "99900400000004"
SUSPECTED = "99900700000007"
HONEST, LOST = ("홍새벽", "9000002000001", "20210304"), ("나가상", "9000001000002", "20191120")
#: Somebody whose document tells a day of birth.
BORN = ("홍새벽", "9008152000001", "20210304")
#: Where the questions of the shield lead to.
ANSWERED = ("Pause", "Stop", "Confirm", "Wish", "Clause", "Contract")
PHONE, WISH = "01012345678", 10_000_000


def enters(hands: Hands, kind: str) -> None:
    """From the resting screen to one kind of business at the bank."""
    hands.sees("Attract")
    hands.does("start")
    hands.sees("Home")
    hands.does("choose", service="bank")
    hands.sees("Start")
    hands.does("choose_kind", kind=kind)


def begins_transfer(stands: Standing, hands: Hands, payee: str, won: int, what: str = "transfer") -> None:
    """Card, PIN, payee and sum."""
    enters(hands, "account")
    hands.sees("Card")
    stands.act(stands.counter.inserts_card)
    hands.sees("Account")
    hands.does("choose_business", what=what)
    hands.sees("PayeeBank")
    hands.does("choose_bank", bank=next(each.bank for each in HOLDERS if each.number == payee))
    hands.sees("PayeeNumber")
    hands.does("set_account", digits=payee)
    hands.sees("Amount")
    hands.does("set_amount", won=won)


def answers(hands: Hands, *yes: str) -> None:
    """Every question of the shield, yes to these."""
    hands.sees("AskFirst")
    hands.does("begin")
    asked = 0
    while True:
        fresh = lambda now: "question" not in now or now["at"] > asked  # noqa: B023, E731  # waited for at once
        view = hands.sees("Ask", *ANSWERED, so=fresh)
        if not view["screen"].endswith("/Ask"):
            return
        asked, question = view["values"]["at"], view["values"]["question"]
        hands.does("answer", question=question, yes=question in yes)


def to_identity(hands: Hands) -> None:
    """From the resting screen through a loan's disclosures and pre-check to the document."""
    enters(hands, "loan")
    hands.sees("Products")
    hands.does("choose_product", id="hanbit-living")
    hands.sees("Product")
    hands.does("apply")
    n, of = 0, 1
    while n < of:
        n += 1
        values = hands.sees("Disclose", so=lambda now: now["at"] == n)["values"]  # noqa: B023  # waited for at once
        of = values["of"]
        hands.does("understood", id=values["id"])
    for question, yes in (("adult", True), ("income", True), ("arrears", False)):
        hands.sees("Eligible", so=lambda now: now["id"] == question)  # noqa: B023  # waited for at once
        hands.does("reply", id=question, yes=yes)
    assert hands.sees("Advice")["values"]["advice"] == "apply"
    hands.does("confirm")


def shows_an_id(
    hands: Hands, person: tuple[str, str, str] = HONEST, kind: str = "resident_card",
    lays: Callable[[], object] = lambda: None,
) -> dict[str, Any]:  # fmt: skip
    """Consent, what stands on the document, typed, and the check; `lays`: a chip on the reader. The result's values."""
    hands.does("consent", optional=hands.sees("Consent")["values"]["optional"])
    hands.sees("Choose")
    hands.does("choose_document", kind=kind)
    hands.sees("Glass")
    hands.does("type")
    fields = ("name", "number", "issued") if kind in ("resident_card", "licence") else ("number", "birth", "expiry")
    for name, text in zip(fields, person, strict=True):
        hands.sees("Field", so=lambda now: now["field"] == name)  # noqa: B023  # waited for at once
        hands.does("set_field", text=text)
    hands.sees("Confirm")
    hands.does("confirm")
    if fields[0] == "number":
        hands.sees("Lay")
        lays()
    values: dict[str, Any] = hands.sees("Result")["values"]
    return values


def proves_by_card(stands: Standing, hands: Hands) -> None:
    """Card and PIN of an account in the document's name."""
    hands.does("prove", way="card")
    hands.sees("Card")
    stands.act(stands.counter.inserts_card)
    hands.sees("Result", so=lambda now: now["state"] == "proven")
    hands.does("confirm")


def fills_in(stands: Standing, hands: Hands) -> None:
    """Sum, term, telephone, one paper photographed and one put off, the signature, and off it goes."""
    hands.sees("Wish")
    hands.does("set_wish", won=WISH)
    hands.sees("Months")
    hands.does("choose_term", months=36)
    hands.sees("Phone")
    hands.does("set_phone", digits=PHONE)
    hands.sees("Papers")
    stands.act(stands.counter.glass.lay, Lying())
    hands.does("confirm")
    hands.sees("Papers", so=lambda now: now["at"] == 2)
    hands.does("later", paper="employment")
    hands.sees("Sign")
    hands.signs()
    hands.sees("Review")
    hands.does("confirm")


def is_offered(stands: Standing, name: str = BORN[0], birth: str = "1990-08-15") -> str:
    """An application that the bank had from elsewhere is approved, and a contract offered; its reference."""
    intake, key = stands.counter.intake, f"earlier-{len(stands.counter.intake.book.entries)}"
    asked = {"key": key, "bank": "990", "product": "hanbit-living", "sealed": "AA=="}
    _, told = stands.act(intake._take, "applications", asked)
    stands.act(intake.decide, told["reference"], Word.APPROVED)
    stands.act(intake.contracts.issue, told["reference"], name, birth)
    return str(told["reference"])


def to_contract(stands: Standing, hands: Hands, reference: str) -> None:
    """From the resting screen to the bank's word on an application, and to the contract that it offers."""
    stands.act(stands.counter.register.register.update, {("resident_card", BORN[1]): Entry(BORN[0], "2021-03-04")})
    enters(hands, "status")
    hands.sees("Reference")
    hands.does("set_reference", bank="990", text=reference)
    hands.sees("Decision")
    hands.does("contract")


def is_the_signer(stands: Standing, hands: Hands) -> None:
    """From the contract through document, card and the shield's questions, to its first clause."""
    hands.sees("Contract")
    hands.does("confirm")
    assert shows_an_id(hands, BORN)["state"] == "checked"
    proves_by_card(stands, hands)
    answers(hands)


def reads(hands: Hands) -> None:
    """Every clause, each confirmed by itself."""
    for n in range(1, hands.sees("Clause")["values"]["of"] + 1):
        clause = hands.sees("Clause", so=lambda now: now["at"] == n)  # noqa: B023  # waited for at once
        hands.does("understood", id=clause["values"]["id"])


def takes_the_slip(hands: Hands) -> None:
    """The receipt on paper, and goodbye."""
    hands.does("slip")
    hands.sees("Received", "Sent", "Signed", so=lambda now: now["slip"] == "printed")
    hands.does("confirm")
    hands.sees("Attract")
