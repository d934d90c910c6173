"""The bank counter's stories over the link: real drivers, real wires, the bank's own books audited to the won."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from devices.agency import Word
from devices.bench.bank import HOLDERS
from devices.bench.counter_web import Lying, sealing_key
from devices.counter import OfficerAnswer
from kiosk.banking import facts as b
from kiosk.intake import facts as i
from kiosk.intake.scribe import PURPOSE
from kiosk.sealing import open_with
from kiosk.services.bank import records
from tests.kiosk.bank.site import Site, enters, site
from tests.kiosk.crew import Guest, House
from tests.kiosk.feed_branch import until
from tests.kiosk.maintenance.site import played

ME, KNOWN, STRANGER, REPORTED = "99900100000001", "99900200000002", "99900600000006", "99900400000004"
STROKES = ["100,100 200,300 300,200 400,500", "600,100 700,300 800,200 900,500"]


async def facts(running: House, *kinds: type) -> list[Any]:
    """Every fact of these kinds in the journal."""
    return [entry.fact for entry in await running.written() if isinstance(entry.fact, kinds)]


async def begins_transfer(place: Site, guest: Guest, payee: str, won: int, what: str = "transfer") -> None:
    """Card, PIN, payee and sum."""
    await enters(guest, "account")
    await guest.sees("Card")
    place.counter.inserts_card()
    await guest.sees("Account")
    guest.does("choose_business", what=what)
    await guest.sees("PayeeBank")
    guest.does("choose_bank", bank=next(each.bank for each in HOLDERS if each.number == payee))
    await guest.sees("PayeeNumber")
    guest.does("set_account", digits=payee)
    await guest.sees("Amount")
    guest.does("set_amount", won=won)


async def answers(guest: Guest, *yes: str) -> None:
    """Every question of the shield, yes to these."""
    if (await guest.sees("AskFirst", "Confirm", "Wish"))["screen"].endswith("AskFirst"):
        guest.does("begin")
        await guest.sees("Ask")
        while guest.screen == "Ask":
            question, seq = guest.view["values"]["question"], guest.view["seq"]
            await asyncio.sleep(3.05)  # as long as an honest reader takes at least
            guest.does("answer", question=question, yes=question in yes)
            await until(lambda: guest.view["seq"] > seq)  # noqa: B023  # waited for at once


async def shown_an_id(place: Site, guest: Guest, name: str = "홍새벽", number: str = "9000002000001") -> None:
    """Consent, the four answers, and the check."""
    await guest.sees("Consent")
    guest.does("consent", optional=[])
    await guest.sees("Choose")
    guest.does("choose_document", kind="resident_card")
    await guest.sees("Glass")
    guest.does("type")
    for field, text in (("name", name), ("number", number), ("issued", "20210304")):
        await until(lambda: guest.screen == "Field" and guest.view["values"]["field"] == field, 20)  # noqa: B023  # at once
        guest.does("set_field", text=text)
    await guest.sees("Confirm")
    guest.does("confirm")
    await guest.sees("Result")


async def to_identity(guest: Guest) -> None:
    """From the resting screen through a loan's disclosures and pre-check to the document."""
    await enters(guest, "loan")
    await guest.sees("Products")
    guest.does("choose_product", id="hanbit-living")
    await guest.sees("Product")
    guest.does("apply")
    for n in range(6):
        await until(lambda: guest.screen == "Disclose" and guest.view["values"]["at"] == n + 1, 20)  # noqa: B023  # at once
        guest.does("understood", id=guest.view["values"]["id"])
    for question, yes in (("adult", True), ("income", True), ("arrears", False)):
        await until(lambda: guest.screen == "Eligible" and guest.view["values"]["id"] == question, 20)  # noqa: B023  # at once
        guest.does("reply", id=question, yes=yes)
    assert (await guest.sees("Advice"))["values"]["advice"] == "apply"
    guest.does("confirm")


@played
async def test_a_loan_is_applied_for_and_the_bank_s_reference_number_is_on_the_receipt(tmp_path: Path) -> None:
    async with site(tmp_path) as place, place.open() as running:
        guest = running.guest
        await to_identity(guest)
        await shown_an_id(place, guest)
        guest.does("prove", way="card")
        place.counter.inserts_card()
        await until(lambda: guest.screen == "Result" and guest.view["values"]["state"] == "proven", 30)
        guest.does("confirm")
        await answers(guest)
        await guest.sees("Wish")
        guest.does("set_wish", won=100)
        assert await guest.refusal() == "error.bank.least"
        guest.does("set_wish", won=10_000_000)
        await guest.sees("Months")
        guest.does("choose_term", months=36)
        await guest.sees("Phone")
        guest.does("set_phone", digits="01012345678")
        await guest.sees("Papers")
        place.counter.glass.lay(Lying())
        guest.does("confirm")
        await until(lambda: guest.screen == "Papers" and guest.view["values"]["at"] == 2, 30)
        guest.does("later", paper="employment")
        await guest.sees("Sign")
        guest.does("sign", strokes=STROKES)
        await guest.sees("Review")
        guest.does("confirm")
        reference = (await guest.sees("Received"))["values"]["reference"]
        await _the_bank_has_it_and_nobody_else(place, running, reference)
        guest.does("slip")
        await until(lambda: guest.view["values"].get("slip") == "printed", 30)
        guest.does("confirm")
        assert (await guest.sees("Attract"))["values"].keys() == {"services"}


async def _the_bank_has_it_and_nobody_else(place: Site, running: House, reference: str) -> None:
    """One hand-in, which opens with the bank's key alone; the journal holds none of it in the clear."""
    (row,) = [each for each in place.counter.intake.book.entries if each["entry"] == "hand_in"]
    assert row["reference"] == reference
    key: X25519PrivateKey = sealing_key("bank 990")
    told = json.loads(open_with(key, PURPOSE, base64.b64decode(row["sealed"])))
    assert (told["won"], told["months"], told["phone"]) == (10_000_000, 36, "01012345678")
    assert told["missing"] == ["employment"]
    assert told["identity"].endswith("|account|홍새벽")
    assert told["signature"] == "hand:" + ";".join(STROKES)
    assert len(told["papers"]["income"]) > 1000
    store = b"".join(path.read_bytes() for path in place.folder.glob("branch.db*"))
    for secret in ("01012345678", "홍새벽", "9000002000001", STROKES[0], ME):
        assert secret.encode() not in store
        assert secret not in repr([vars(entry) for entry in await facts(running, i.ApplicationSealed, i.Signed)])


@played
async def test_money_that_just_came_in_is_held_and_what_to_do_is_said(tmp_path: Path) -> None:
    """F1: a transfer of 1,500,000 won came in a moment ago; it cannot go out again for half an hour."""
    async with site(tmp_path) as place, place.open() as running:
        rich = next(each for each in HOLDERS if each.number == "99900300000003")
        place.counter.bank.order("x-1", rich, ME, 1_500_000, "TO")
        guest, before = running.guest, place.counter.bank.total()
        await begins_transfer(place, guest, KNOWN, 3_500_000)
        view = await guest.sees("Stop")
        assert (view["values"]["part"], view["values"]["reason"]) == (1, "shield.F1")
        assert view["values"]["won"] == 3_000_000
        assert "officer" not in view["offers"]
        guest.does("confirm")
        await until(lambda: guest.view["values"].get("part") == 2)
        guest.does("confirm")
        await guest.sees("Attract")
        (judged,) = await facts(running, i.Judged)
        assert records.agrees(judged.record)
        assert await facts(running, b.OrderDone, b.OrderUnknown) == []
        assert place.counter.bank.balance(ME) == 4_500_000
        assert place.counter.bank.total() == before


@played
async def test_a_scam_is_stopped_and_coming_back_does_not_end_the_wait(tmp_path: Path) -> None:
    """On the phone, a stranger's account: a pause, insisting leads to the wait; the second time the wait goes on."""
    async with site(tmp_path) as place, place.open() as running:
        guest = running.guest
        await begins_transfer(place, guest, STRANGER, 2_000_000)
        await answers_to_pause(guest, "call")
        assert guest.view["values"]["reasons"] == ["shield.O3"]
        guest.does("insist")
        await until(lambda: guest.view["values"].get("part") == 2)
        assert guest.view["values"]["minutes"] == 30
        guest.does("confirm")
        await guest.sees("Attract")
        (held,) = await facts(running, i.HoldKept)
        assert STRANGER not in repr(held)
        await begins_transfer(place, guest, STRANGER, 2_000_000)
        await answers_to_pause(guest, "call")
        guest.does("insist")
        await until(lambda: guest.view["values"].get("part") == 2)
        assert 1 <= guest.view["values"]["minutes"] <= 30
        assert len(await facts(running, i.HoldKept)) == 1
        assert place.counter.bank.balance(ME) == 3_000_000
        assert [records.agrees(each.record) for each in await facts(running, i.Judged)] == [True, True]


async def overriding(running: House) -> list[records.Override]:
    """Who went against the rules, as the shield's decisions have it; they are written beside the screen."""
    for _ in range(100):
        noted = [records.load(each.record)[0].override for each in await facts(running, i.Judged)]
        if found := [each for each in noted if each is not None]:
            return found
        await asyncio.sleep(0.1)
    return []


async def answers_to_pause(guest: Guest, *yes: str) -> None:
    """Every question, until the shield pauses."""
    await guest.sees("AskFirst")
    guest.does("begin")
    await guest.sees("Ask")
    while guest.screen == "Ask":
        question, seq = guest.view["values"]["question"], guest.view["seq"]
        guest.does("answer", question=question, yes=question in yes)
        await until(lambda: guest.view["seq"] > seq)  # noqa: B023  # waited for at once
    await guest.sees("Pause")


@played
async def test_an_officer_s_signed_word_lets_it_go_on_and_a_forged_one_does_not(tmp_path: Path) -> None:
    async with site(tmp_path) as place, place.open() as running:
        guest, officers = running.guest, place.counter.officers
        await begins_transfer(place, guest, STRANGER, 1_200_000)
        await answers_to_pause(guest, "app")
        guest.does("officer")
        await guest.sees("Officer")
        officers.order("wrongly_signed", True)
        await until(lambda: officers.newest() is not None)
        officers.answer(OfficerAnswer.APPROVE_PURPOSE)
        assert (await guest.sees("Pause"))["notice"]["id"] == "bank.notice.doubted"
        officers.order("wrongly_signed", False)
        guest.does("officer")
        await guest.sees("Officer")
        await until(lambda: officers.newest() is not None)
        officers.answer(OfficerAnswer.APPROVE_PURPOSE)
        await guest.sees("Confirm")
        overrides = await overriding(running)
        assert [(each.by, each.decision) for each in overrides] == [("officer-1", "approve purpose")]
        guest.does("agree", won=1_200_000, delayed=False)
        assert (await guest.sees("Sent"))["values"]["won"] == 1_200_000
        assert place.counter.bank.balance(ME) == 1_800_000


@played
async def test_a_lost_id_gets_no_further_than_not_proven(tmp_path: Path) -> None:
    async with site(tmp_path) as place, place.open() as running:
        guest = running.guest
        await to_identity(guest)
        await shown_an_id(place, guest, "나가상", "9000001000002")
        assert guest.view["values"]["state"] == "not_checked"
        guest.does("confirm")
        await guest.sees("Unproven")
        guest.does("confirm")
        await guest.sees("Attract")
        assert place.counter.intake.book.entries == []


@played
async def test_a_stolen_card_without_its_holder_gets_no_further_than_not_proven(tmp_path: Path) -> None:
    """A genuine document, checked; no officer, no account: not one step on."""
    async with site(tmp_path) as place, place.open() as running:
        guest = running.guest
        await to_identity(guest)
        await shown_an_id(place, guest)
        assert guest.view["values"]["state"] == "checked"
        guest.does("confirm")
        await guest.sees("Unproven")
        assert place.counter.intake.book.entries == []


@played
async def test_the_host_dies_mid_transfer_and_after_a_restart_both_books_agree(tmp_path: Path) -> None:
    async with site(tmp_path) as place:
        async with place.open() as running:
            await begins_transfer(place, running.guest, KNOWN, 400_000)
            await running.guest.sees("Confirm")
            place.counter.switch.order("dies_mid_transfer", True)
            running.guest.does("agree", won=400_000, delayed=False)
            await running.guest.sees("Unsure")
        place.counter.switch.order("dies_mid_transfer", False)
        async with place.open() as running:
            await until(lambda: running.guest.screen in ("Sent", "TakenBack", "Attract"), 60)
            told = await facts(running, b.OrderDone, b.OrderReversed, b.OrderDeclined)
            sent = [each for each in told if isinstance(each, b.OrderDone)]
            left = 3_000_000 - sum(each.won for each in sent)
            assert len({each.key for each in told}) == 1
            assert place.counter.bank.balance(ME) == left
            orders = [row for row in place.counter.bank.book.entries if row["entry"] == "order" and row["state"] == "A"]
            assert len(orders) <= 1
            assert len(await facts(running, b.OrderUnknown)) >= 1


@played
async def test_a_reply_that_is_late_doubled_or_foreign_moves_nothing_and_is_one_event(tmp_path: Path) -> None:
    async with site(tmp_path) as place, place.open() as running:
        guest = running.guest
        place.counter.switch.order("duplicate_reply", True)
        await begins_transfer(place, guest, KNOWN, 300_000)
        await guest.sees("Confirm")
        guest.does("agree", won=300_000, delayed=False)
        await guest.sees("Sent")
        assert place.counter.bank.balance(ME) == 2_700_000
        assert len(await facts(running, b.OrderDone)) == 1


@played
async def test_above_the_limit_the_limit_is_named_and_nothing_is_sent(tmp_path: Path) -> None:
    async with site(tmp_path) as place, place.open() as running:
        guest = running.guest
        await begins_transfer(place, guest, KNOWN, 3_000_001)
        await until(lambda: guest.screen == "Amount" and guest.view["notice"] is not None, 20)
        assert guest.view["notice"] == {"id": "error.bank.balance", "args": {"won": 3_000_000}}
        assert place.counter.bank.balance(ME) == 3_000_000


@played
async def test_what_the_bank_decided_is_shown_by_its_signature_alone(tmp_path: Path) -> None:
    async with site(tmp_path) as place, place.open() as running:
        guest, intake = running.guest, place.counter.intake
        intake.book.write("hand_in", service_id="k", key="k", kind="applications", bank="990", product="p", sealed="",
                          when="", reference="990-000001")  # fmt: skip
        intake.decide("990-000001", Word.APPROVED)
        intake.order("wrongly_signed", True)
        await enters(guest, "status")
        await guest.sees("Reference")
        guest.does("set_reference", bank="990", text="990-000001")
        await until(lambda: guest.screen == "Reference" and guest.view["notice"] is not None, 20)
        assert guest.view["notice"]["id"] == "bank.notice.decision_doubted"
        intake.order("wrongly_signed", False)
        guest.does("set_reference", bank="990", text="990-000001")
        assert (await guest.sees("Decision"))["values"]["word"] == "approved"
