"""The bank counter's stories by touch, by keypad with nothing but the voice, and over the link: one journal each.

Real drivers, real wires, the real screens; the bank's own books are audited to the won.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from PySide6.QtCore import QCoreApplication

from devices.bench.bank import CARDS, HOLDERS
from devices.bench.counter_web import sealing_key
from kiosk.banking import facts as b
from kiosk.intake import facts as i
from kiosk.intake.scribe import PURPOSE
from kiosk.sealing import open_with
from kiosk.services.bank import records
from tests.kiosk.bank import walk
from tests.kiosk.bank.hands import STROKES, WAYS, Hands, hands
from tests.kiosk.bank.stage import Standing, Told
from tests.kiosk.bank.walk import KNOWN, LOST, ME, PHONE, STRANGER

Story: TypeAlias = Callable[[Standing, Hands], None]
#: What nobody may ever hear.
SECRETS = (ME, KNOWN, STRANGER, PHONE, "9000002000001", "900000", "홍새벽", "나가상", CARDS[0].pin, CARDS[0].pan)
RICH = next(each for each in HOLDERS if each.number == "99900300000003")


@pytest.fixture(scope="module", autouse=True)
def application(qapp: QCoreApplication) -> QCoreApplication:
    """Made before the first screen asks for one."""
    return qapp


def in_every_way(folder: Path, story: Story) -> None:
    """The story told three times, each at a branch of its own; every journal says the same."""
    told: dict[str, Told] = {}
    for way in WAYS:
        (folder / way).mkdir()
        with Standing(folder / way) as stands:
            with hands(way, stands.link, SECRETS) as someone:
                story(stands, someone)
            told[way] = stands.told()
    assert told["touch"] == told["link"]
    assert told["keypad"] == told["link"]
    assert told["link"]


@pytest.mark.timeout(240)
def test_a_loan_is_applied_for_and_the_bank_s_reference_number_is_on_the_receipt(tmp_path: Path) -> None:
    in_every_way(tmp_path, loan)


def loan(stands: Standing, someone: Hands) -> None:
    """Product, disclosures, pre-check, identity, form, papers, signature, reference number."""
    walk.to_identity(someone)
    assert walk.shows_an_id(someone)["state"] == "checked"
    walk.proves_by_card(stands, someone)
    walk.answers(someone)
    walk.fills_in(stands, someone)
    reference = someone.sees("Received")["values"]["reference"]
    walk.takes_the_slip(someone)
    the_bank_has_it_and_nobody_else(stands, reference)
    assert len(stands._place.peers.receipts.pages) == 1


def the_bank_has_it_and_nobody_else(stands: Standing, reference: str) -> None:
    """One hand-in, which opens with the bank's key alone; the journal holds none of it in the clear."""
    (row,) = [each for each in stands.counter.intake.book.entries if each["entry"] == "hand_in"]
    assert row["reference"] == reference
    key: X25519PrivateKey = sealing_key("bank 990")
    told = json.loads(open_with(key, PURPOSE, base64.b64decode(row["sealed"])))
    assert (told["won"], told["months"], told["phone"]) == (walk.WISH, 36, PHONE)
    assert told["missing"] == ["employment"]
    assert told["identity"].endswith("|account|홍새벽")
    assert told["signature"].startswith(("hand:", "name:"))
    assert len(told["papers"]["income"]) > 1000
    store = b"".join(path.read_bytes() for path in stands.folder.glob("branch.db*"))
    for secret in (PHONE, "홍새벽", "9000002000001", STROKES[0], ME):
        assert secret.encode() not in store
        assert secret not in repr([vars(each) for each in stands.facts(i.ApplicationSealed, i.Signed)])


@pytest.mark.timeout(240)
def test_money_that_just_came_in_is_held_and_what_to_do_is_said(tmp_path: Path) -> None:
    in_every_way(tmp_path, held)


def held(stands: Standing, someone: Hands) -> None:
    """F1: a transfer of 1,500,000 won came in a moment ago; it cannot go out again for half an hour."""
    bank = stands.counter.bank
    stands.act(bank.order, "x-1", RICH, ME, 1_500_000, "TO")
    before = bank.total()
    walk.begins_transfer(stands, someone, KNOWN, 3_500_000)
    view = someone.sees("Stop")
    assert (view["values"]["part"], view["values"]["reason"]) == (1, "shield.F1")
    assert view["values"]["won"] == 3_000_000
    assert "officer" not in view["offers"]
    someone.does("confirm")
    someone.sees("Stop", so=lambda now: now["part"] == 2)
    someone.does("confirm")
    someone.sees("Attract")
    (judged,) = stands.facts(i.Judged)
    assert records.agrees(judged.record)
    assert stands.facts(b.OrderDone, b.OrderUnknown) == []
    assert bank.balance(ME) == 4_500_000
    assert bank.total() == before


@pytest.mark.timeout(240)
def test_a_scam_is_stopped_and_coming_back_does_not_end_the_wait(tmp_path: Path) -> None:
    in_every_way(tmp_path, scam)


def scam(stands: Standing, someone: Hands) -> None:
    """On the phone, a stranger's account: a pause, insisting leads to the wait; the second time nothing is admitted,
    and the wait goes on, also for another payee who is new."""
    for visit, payee in ((1, STRANGER), (2, STRANGER), (3, "99900700000007")):
        walk.begins_transfer(stands, someone, payee, 2_000_000)
        if visit == 1:
            walk.answers(someone, "call")
        assert someone.sees("Pause")["values"]["reasons"] == ["shield.O3" if visit == 1 else "shield.O8"]
        someone.does("insist")
        wait = someone.sees("Pause", so=lambda now: now["part"] == 2)["values"]["minutes"]
        assert wait == 30 if visit == 1 else 1 <= wait <= 30
        if visit == 2:
            blocks(someone)
        someone.does("confirm")
        someone.sees("Attract")
    (kept,) = stands.facts(i.HoldKept)
    assert STRANGER not in repr(kept)
    assert stands.counter.bank.balance(ME) == 3_000_000
    assert [records.agrees(each.record) for each in stands.facts(i.Judged)] == [True] * 3
    assert stands.counter.bank.blocks(ME) == ["lending"]
    assert [each.block for each in stands.facts(b.BlockSet)] == ["lending"]


def blocks(someone: Hands) -> None:
    """Where the wait is told, the customer has new loans blocked; done is what the bank itself shows."""
    someone.does("block")
    someone.sees("Block")
    someone.does("choose_block", block="lending")
    someone.sees("BlockSure")
    someone.does("confirm")
    someone.sees("Blocked")


@pytest.mark.timeout(240)
def test_a_lost_id_gets_no_further_than_not_proven(tmp_path: Path) -> None:
    in_every_way(tmp_path, lost)


def lost(stands: Standing, someone: Hands) -> None:
    """The operator says that it was reported lost; the customer learns no more than that it was not checked."""
    walk.to_identity(someone)
    result = walk.shows_an_id(someone, LOST)
    assert (result["state"], result["tries_left"]) == ("not_checked", 2)
    someone.does("confirm")
    someone.sees("Unproven")
    someone.does("confirm")
    someone.sees("Attract")
    assert stands.counter.intake.book.entries == []


@pytest.mark.timeout(240)
def test_an_appointment_is_made(tmp_path: Path) -> None:
    in_every_way(tmp_path, appointment)


def appointment(stands: Standing, someone: Hands) -> None:
    """No identity is asked for; the telephone number goes out sealed."""
    walk.enters(someone, "loan")
    someone.sees("Products")
    someone.does("choose_product", id="hanbit-living")
    someone.sees("Product")
    someone.does("appoint")
    someone.sees("How")
    someone.does("choose_how", how="phone")
    slots = someone.sees("When")["values"]["slots"]
    someone.does("choose_when", when=slots[0])
    someone.sees("Phone")
    someone.does("set_phone", digits="01512345678")
    assert someone.refusal() == "error.phone"
    someone.does("set_phone", digits=PHONE)
    assert someone.sees("Received")["values"]["reference"].startswith("990-")
    walk.takes_the_slip(someone)
    (row,) = stands.counter.intake.book.entries
    assert (row["kind"], row["bank"], row["product"]) == ("appointments", "990", "hanbit-living")
    assert PHONE not in repr(row)
