"""An ID is shown at a branch in this process, every device behind a real wire."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from devices.bench.bank import CARDS
from devices.bench.counter_web import Lying, sealing_key
from devices.counter import OfficerAnswer
from kiosk.identification.consents import wording
from kiosk.identification.facts import AttemptCounted, AttemptRefused, ConsentGiven, DocumentChecked, IdentitySealed
from kiosk.identification.flow import Step
from kiosk.officer.facts import AnswerDoubted, OfficerAnswered, OfficerCalled
from kiosk.proof import Holder
from kiosk.sealing import open_with
from tests.kiosk.crew import House
from tests.kiosk.feed_branch import until
from tests.kiosk.identification.counter_house import (
    HONEST,
    STOLEN,
    Counter,
    checked,
    opened,
    retype,
    to_confirm,
)

Play = Callable[[Counter, House], Awaitable[None]]


def run(folder: Path, play: Play, **identity: Any) -> None:
    async def whole() -> None:
        async with opened(folder, **identity) as (peers, running):
            await play(peers, running)

    asyncio.run(whole())


async def facts(running: House, *kinds: type) -> list[Any]:
    return [entry.fact for entry in await running.written() if isinstance(entry.fact, kinds)]


def test_a_card_that_is_not_reported_lost_is_checked_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    async def play(peers: Counter, running: House) -> None:
        await to_confirm(running.guest, HONEST)
        rows = {row["field"]: row["text"] for row in running.guest.view["values"]["rows"]}
        assert rows == {"name": "홍*벽", "number": "900000-2******", "issued": "2021-03-04"}
        assert (await checked(running.guest))["state"] == "checked"
        running.guest.does("confirm")
        begun = time.monotonic()
        await running.guest.sees("Attract")
        assert time.monotonic() - begun < 1.0
        (consent,) = await facts(running, ConsentGiven)
        shown = wording()["ko"]["check"]
        assert (consent.version, consent.language, consent.sha256) == (shown.version, "ko", shown.sha256)
        journal = repr(await running.written())
        assert "홍새벽" not in journal
        assert "9000002000001" not in journal

    run(tmp_path, play)


def test_the_customer_learns_no_more_of_a_lost_card_than_of_an_unknown_one(tmp_path: Path) -> None:
    async def play(peers: Counter, running: House) -> None:
        seen, words = [], []
        for person in (STOLEN, ("resident_card", "없는이", "9000009000009", "20200101"),
                       (*HONEST[:3], "20210305")):  # fmt: skip
            await to_confirm(running.guest, person)
            values = await checked(running.guest)
            seen.append({**values, "speech": running.guest.view["speech"], "offers": running.guest.view["offers"]})
            words.append((await facts(running, DocumentChecked))[-1].document)
            running.guest.does("confirm")
        assert seen[0] == seen[1] == seen[2]
        assert seen[0]["state"] == "not_checked"
        assert words == ["reported lost", "unknown", "mismatch"]

    run(tmp_path, play)


def test_three_tries_a_visit_and_five_a_number(tmp_path: Path) -> None:
    async def play(peers: Counter, running: House) -> None:
        await to_confirm(running.guest, STOLEN)
        for left in (2, 1, 0):
            values = await checked(running.guest)
            assert values["tries_left"] == left
            assert ("retry" in running.guest.view["offers"]) == (left > 0)
            if left:
                running.guest.does("retry")
                await retype(running.guest, STOLEN[0], STOLEN[1:])
        running.guest.does("confirm")
        asked = peers.register.asked
        await to_confirm(running.guest, STOLEN)
        assert (await checked(running.guest))["state"] == "limited"
        assert peers.register.asked == asked
        assert len(await facts(running, AttemptCounted)) == 3
        assert (await facts(running, AttemptRefused))[0].why == "number"

    run(tmp_path, play, tries_a_number=3)


def test_the_count_of_a_number_survives_a_restart(tmp_path: Path) -> None:
    async def first(peers: Counter, running: House) -> None:
        await to_confirm(running.guest, STOLEN)
        await checked(running.guest)

    async def second(peers: Counter, running: House) -> None:
        await running.guest.sees("Consent")  # the visit is taken up at its beginning
        await retype(running.guest, STOLEN[0], STOLEN[1:])
        assert (await checked(running.guest))["state"] == "limited"

    run(tmp_path, first, tries_a_number=1)
    run(tmp_path, second, tries_a_number=1)


def test_the_operator_that_does_not_answer_has_checked_nothing(tmp_path: Path) -> None:
    async def play(peers: Counter, running: House) -> None:
        await to_confirm(running.guest, HONEST)
        peers.register.order("garbage")
        assert (await checked(running.guest))["state"] == "not_checked"
        assert (await facts(running, DocumentChecked))[0].document == "could not check"

    run(tmp_path, play)


def test_what_the_camera_reads_is_a_proposal(tmp_path: Path) -> None:
    async def play(peers: Counter, running: House) -> None:
        printed = (("name", "홍새벽"), ("number", "900000-2000001"), ("issued", "2021.03.04"))
        peers.glass.lay(Lying("resident_card", printed))
        guest = running.guest
        await guest.sees("Attract")
        guest.does("start")
        await guest.sees("Home")
        guest.does("choose", service="identity")
        await guest.sees("Consent")
        guest.does("consent", optional=[])
        await guest.sees("Choose")
        guest.does("choose_document", kind="resident_card")
        await guest.sees("Glass")
        peers.glass.order("unsure")
        guest.does("read")
        await until(lambda: (guest.view.get("notice") or {}).get("id") == "id.notice.not_read", 20)
        peers.glass.order("unsure", False)
        peers.glass.order("misread")
        guest.does("read")
        await guest.sees("Confirm")
        assert guest.view["values"]["read"] == ["name", "number", "issued"]
        guest.does("edit", field="number")
        await guest.sees("Field")
        guest.does("set_field", text="9000002000001")
        await guest.sees("Confirm")
        assert (await checked(guest))["state"] == "checked"

    run(tmp_path, play)


def test_an_officer_is_called_and_only_a_signed_answer_to_this_call_counts(tmp_path: Path) -> None:
    async def play(peers: Counter, running: House) -> None:
        guest = running.guest
        await to_confirm(guest, STOLEN)
        await checked(guest)
        for fault in ("wrongly_signed", "expired", "foreign_reply"):
            guest.does("prove", way="officer")
            await guest.sees("Officer")
            await until(lambda: peers.officers.newest() is not None, 20)
            assert peers.officers.take("잠시만 기다려 주세요")
            await until(lambda: guest.view["values"].get("text") == "잠시만 기다려 주세요", 20)
            peers.officers.order(fault)
            assert peers.officers.answer(OfficerAnswer.END_VISIT)
            await guest.sees("Result")
            peers.officers.order(fault, False)
        notes = [dict(call.body)["notes"] for call in peers.officers.queue.values()]
        assert all("document:reported lost" in each for each in notes)
        told = [each.notes for each in await facts(running, OfficerCalled)]
        assert {note for notes in told for note in notes if note.startswith("document:")} == {"document:seen"}
        guest.does("prove", way="officer")
        await guest.sees("Officer")
        await until(lambda: peers.officers.newest() is not None, 20)
        assert peers.officers.answer(OfficerAnswer.END_VISIT)
        await guest.sees("Attract")
        assert [each.why for each in await facts(running, AnswerDoubted)] == ["signature", "expired", "request"]
        (answered,) = await facts(running, OfficerAnswered)
        assert (answered.answer, answered.officer) == ("end visit", "officer-1")

    run(tmp_path, play)


def test_whom_an_officer_denied_is_denied_in_the_next_visit_too(tmp_path: Path) -> None:
    async def denied(peers: Counter, running: House) -> None:
        guest = running.guest
        await to_confirm(guest, STOLEN)
        await checked(guest)
        guest.does("prove", way="officer")
        await guest.sees("Officer")
        await until(lambda: peers.officers.newest() is not None, 20)
        assert peers.officers.answer(OfficerAnswer.HOLDER_DIFFERS)
        assert (await guest.sees("Result"))["values"]["state"] == "differs"
        guest.does("confirm")
        await guest.sees("Attract")

    async def again(peers: Counter, running: House) -> None:
        await to_confirm(running.guest, STOLEN)
        assert (await checked(running.guest))["state"] == "differs"
        running.guest.does("confirm")
        await to_confirm(running.guest, HONEST)
        assert (await checked(running.guest))["state"] == "checked"

    run(tmp_path, denied)
    run(tmp_path, again)


def test_a_commissioned_check_is_sealed_to_the_centre_and_printed(tmp_path: Path) -> None:
    async def play(peers: Counter, running: House) -> None:
        guest = running.guest
        await guest.sees("Attract")
        guest.does("start")
        await guest.sees("Home")
        guest.does("choose", service="resident_check")
        await retype(guest, HONEST[0], HONEST[1:], ("print",))
        assert (await checked(guest))["sent"]
        guest.does("confirm")
        await guest.sees("End")
        (sealed,) = await facts(running, IdentitySealed)
        said = opened_by(sealing_key("centre"), sealed.sealed)
        assert (said["number"], said["recipient"]) == (HONEST[2], "welfare")
        assert "9000002000001" not in repr(await running.written())
        assert len(running.peers.receipts.pages) == 1

    run(tmp_path, play, **WELFARE)


WELFARE = {"commissioner": "welfare", "commissioner_ko": "보기복지관", "commissioner_en": "Example Welfare Office"}


def opened_by(key: X25519PrivateKey, sealed: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(open_with(key, "identity-1", bytes.fromhex(sealed)))
    return said


def test_a_thief_gets_no_further_than_holder_not_proven(tmp_path: Path) -> None:
    """The card is genuine and not yet reported; the thief has also a bank card of their own."""

    async def play(peers: Counter, running: House) -> None:
        guest = running.guest
        desk = running.core._desk
        await to_confirm(guest, HONEST)
        await checked(guest)
        visit = desk.visits[desk.front_id]
        assert visit.at.draft.inner.step is Step.RESULT
        assert visit.at.draft.known.proof.holder is Holder.NOT_PROVEN
        guest.does("prove", way="card")
        guest.does("confirm", holder="proven")
        peers.pad.lay(1)
        peers.pad.press(CARDS[1].pin + "#")
        await guest.sees("Attract")
        assert all(entry.kind != "NameCompared" or not entry.open["matches"] for entry in await running.written())

    run(tmp_path, play)
