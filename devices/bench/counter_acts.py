"""What people do at the bank counter of the bench: card and PIN, a paper on the glass, officers, a bank's examiner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from devices.agency import Word
from devices.bench.bank import CARDS, Holder
from devices.bench.bench import Bench
from devices.bench.counter_web import Lying
from devices.bench.verification import Entry
from devices.bench.world import Cannot
from devices.counter import OfficerAnswer

Request = Mapping[str, Any]
ACTS = (
    "bank_card", "press", "lay_paper", "lift_paper", "officer_take", "officer_answer", "decide", "register",
    "open_account", "offer", "contract_fault",
)  # fmt: skip


def obey(bench: Bench, request: Request) -> None:
    """Do one of ACTS; Cannot says in one sentence why not."""
    match request.get("do"):
        case "bank_card":
            bench.pin_pad.lay(card(request))
        case "press":
            bench.pin_pad.press(str(request.get("keys", "")))
        case "lay_paper":
            bench.glass.lay(lying(request))
        case "lift_paper":
            bench.glass.lay(None)
        case "officer_take":
            if not bench.officers.take(str(request.get("text", ""))):
                raise Cannot("nobody waits for an officer")
        case "officer_answer":
            answer(bench, request)
        case "register":
            entered(bench, request)
        case "open_account":
            opened(bench, request)
        case "offer":
            offer(bench, request)
        case "contract_fault":
            bench.intake.contracts.order(str(request.get("fault")), request.get("on") is not False)
        case _:
            decide(bench, request)


def card(request: Request) -> int:
    """The number of a made-up card, from 0."""
    number = request.get("card", 0)
    if not isinstance(number, int) or not 0 <= number < len(CARDS):
        raise Cannot(f"card must be 0 to {len(CARDS) - 1}")
    return number


def lying(request: Request) -> Lying:
    """A paper, or a document with its printed fields."""
    fields = request.get("fields", {})
    if not isinstance(fields, dict):
        raise Cannot("fields must be an object of names and texts")
    return Lying(str(request.get("kind", "paper")), tuple((str(key), str(text)) for key, text in fields.items()))


def entered(bench: Bench, request: Request) -> None:
    """Somebody more stands in the operator's register of made-up people."""
    kind, number, name, issued = (str(request.get(key, "")) for key in ("kind", "number", "name", "issued"))
    bench.register.register[kind, number] = Entry(name, issued, request.get("lost") is True)


def opened(bench: Bench, request: Request) -> None:
    """Somebody more has an empty account at one of the made-up banks."""
    bank, number, name = (str(request.get(key, "")) for key in ("bank", "number", "name"))
    if not (number.isascii() and number.isdigit() and 10 <= len(number) <= 16) or number in bench.bank.holders:
        raise Cannot("number must be 10 to 16 digits that are no account yet")
    bench.bank.holders[number] = Holder(bank, number, name, 0)


def answer(bench: Bench, request: Request) -> None:
    """The officer answers the newest call."""
    word = request.get("answer")
    if word not in tuple(OfficerAnswer):
        raise Cannot(f"'{str(word)[:40]}' is no answer; use one of {', '.join(OfficerAnswer)}")
    if not bench.officers.answer(OfficerAnswer(word)):
        raise Cannot("nobody waits for an officer")


def decide(bench: Bench, request: Request) -> None:
    """A bank decides on an application that it has."""
    reference, word = str(request.get("reference")), request.get("word")
    if word not in tuple(Word):
        raise Cannot(f"'{str(word)[:40]}' is no decision; use one of {', '.join(Word)}")
    if all(row.get("reference") != reference for row in bench.intake.book.entries):
        raise Cannot("no bank has this reference")
    bench.intake.decide(reference, Word(word))


def offer(bench: Bench, request: Request) -> None:
    """A bank offers a contract for an application that it has, to be signed by this person."""
    reference, name, birth = (str(request.get(each, "")) for each in ("reference", "name", "birth"))
    if all(row.get("reference") != reference for row in bench.intake.book.entries):
        raise Cannot("no bank has this reference")
    try:
        bench.intake.contracts.issue(reference, name, date.fromisoformat(birth).isoformat())
    except ValueError:
        raise Cannot("birth must be a date like 1990-01-31") from None
