"""The desk inside its core: real journal, link, drivers and peers; what a step does not offer changes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from kiosk import facts as f
from kiosk.flow import Posted, Ticked
from kiosk.journal import Entry
from kiosk.report import Report
from tests.branch import PLACES
from tests.kiosk.crew import BOX, House, bench, house
from tests.kiosk.feed_branch import until

SECRETS = ("홍길동", "01012345678", "국세청", "김철수", "0212345678", "민원실")
Story = Callable[[House], Awaitable[None]]


def play(folder: Path, *stories: Story) -> None:
    """Each story with a core of its own over the same store and peers: between them the core was stopped."""

    async def run() -> None:
        async with bench(folder, start=False) as (peers, crew):
            for story in stories:
                async with house(folder, crew, peers) as one:
                    await story(one)

    asyncio.run(run())


async def at_table(one: House) -> None:
    """A visit has begun, after the first look at the table, so that no Lifted comes in between."""
    await one.guest.rests()
    await until(lambda: not one.core._desk.table.unknown)
    one.guest.does("start")
    await one.guest.sees("Home")
    one.guest.does("choose", service="send_parcel")
    await one.guest.sees("Place")


async def to_address(one: House) -> None:
    """Weighed and measured."""
    await at_table(one)
    one.peers.world.put(BOX)
    await one.guest.sees("Size")
    one.guest.does("confirm")
    await one.guest.sees("Address")


async def nothing(one: House) -> None:
    """Stop at no screen."""


async def person(one: House, who: str, at_each: Story = nothing) -> None:
    """Address, detail, name, telephone."""
    place, detail, name, phone = PLACES[who]
    await until(lambda: one.guest.screen == "Address" and one.guest.view["values"]["who"] == who)
    n = len(one.guest.answers) + 1
    one.guest.sends({"type": "ask", "ask": "address", "n": n, "text": place})
    await until(lambda: len(one.guest.answers) == n)
    one.guest.does("choose_address", id=one.guest.answers[-1]["items"][0]["id"])
    await one.guest.sees("Detail")
    await at_each(one)
    one.guest.does("set_detail", text=detail)
    await one.guest.sees("Name")
    await at_each(one)
    one.guest.does("set_name", text=name)
    await one.guest.sees("Phone")
    await at_each(one)
    one.guest.does("set_phone", digits=phone)


async def to_review(one: House, at_each: Story = nothing) -> None:
    """From the resting screen to the price."""
    await to_address(one)
    await at_each(one)
    await person(one, "receiver", at_each)
    await person(one, "sender")
    await one.guest.sees("Contents")
    await at_each(one)
    one.guest.does("choose_contents", code="book")
    await one.guest.sees("Pledge")
    one.guest.does("confirm")
    speeds = (await one.guest.sees("Speed"))["values"]["choices"]
    await at_each(one)
    one.guest.does("choose_speed", speed=next(each["speed"] for each in speeds if each["available"]))
    if (await one.guest.sees("Insure", "Review"))["screen"].endswith("/Insure"):
        await at_each(one)
        one.guest.does("set_insured", won=0)
    await one.guest.sees("Review")
    await at_each(one)


async def decided(one: House) -> list[Entry]:
    """The journal without what watch sees by itself."""
    return [entry for entry in await one.written() if entry.kind not in ("Lifted", "DeviceChanged")]


# What is not offered


def test_what_the_step_does_not_offer_changes_nothing_and_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(one: House) -> None:
        await at_table(one)
        before, view = await decided(one), one.guest.view
        for _ in range(3):
            one.guest.does("agree", won=5000)
            one.guest.does("nonsense")
        assert await one.guest.refusal(6) == "not_offered"
        assert await decided(one) == before
        assert one.guest.view == view

    with caplog.at_level(logging.WARNING):
        play(tmp_path, story)
    refused = [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]
    assert sorted(refused) == ["intent 'agree' refused: not_offered", "intent 'nonsense' refused: not_offered"]


def test_a_stale_or_future_intent_changes_nothing(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await one.guest.rests()
        stale = one.guest.view["seq"]
        await at_table(one)
        before = await decided(one)
        one.guest.does("cancel", seq=stale)
        assert await one.guest.refusal(1) == "stale"
        one.guest.does("cancel", seq=one.guest.view["seq"] + 1)
        assert await one.guest.refusal(2) == "stale"
        assert await decided(one) == before
        assert one.guest.screen == "Place"

    play(tmp_path, story)


def test_a_double_tap_is_one_step(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await to_address(one)
        await person(one, "receiver")
        await until(lambda: one.guest.view["values"].get("who") == "sender")
        confirmed = [entry.kind for entry in await one.written()].count("Addressed")
        seq = one.guest.view["seq"]
        for _ in range(3):
            one.guest.does("back", seq=seq)
        assert await one.guest.refusal(2) == "stale"
        kinds = [entry.kind for entry in await one.written()]
        assert (kinds.count("Back"), kinds.count("Addressed")) == (1, confirmed)

    play(tmp_path, story)


ODD: tuple[object, ...] = (
    {}, {"text": None}, {"text": "\u202e\x00" * 50}, {"text": "x" * 10_000}, {"text": ["홍"]}, {"digits": 1},
    {"digits": "०१२"}, {"won": True}, {"won": 1e308}, {"won": -5}, {"won": "5000"}, {"won": 10**15}, {"tier": "3"},
    {"tier": -1}, {"id": {}}, {"id": "../etc"}, {"code": 7}, {"code": "weapon"}, {"speed": []}, {"service": 0},
    {"service": "x"}, {"what": None}, {"tag": "xx"}, {"mode": "large", "on": "yes"}, {"mode": 1, "on": True},
    {"paper": "no"}, {"": ""},
)  # fmt: skip


def test_a_choice_that_names_no_service_is_answered(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await one.guest.rests()
        one.guest.does("start")
        await one.guest.sees("Home")
        one.guest.does("choose")
        assert await one.guest.refusal(1) == "malformed"
        one.guest.does("choose", service="ferry")
        assert await one.guest.refusal(2) == "not_offered"
        await poke(one)

    play(tmp_path, story)


async def poke(one: House) -> None:
    """What is always there and what this step offers, where it needs an argument, with every odd argument."""
    view = one.guest.view
    names = [name for name in view["offers"] if name.startswith(("set_", "choose_")) or name in ("agree", "edit")]
    for name in (*names, "choose", "language", "access", "agree"):
        for args in ODD:
            one.guest.sends({"type": "intent", "name": name, "seq": view["seq"], "args": args})
    marker = len(one.guest.answers) + 1
    one.guest.sends({"type": "ask", "ask": "nothing", "n": marker, "text": ""})
    await until(lambda: len(one.guest.answers) == marker)
    assert one.guest.view == view


def test_odd_arguments_of_offered_intents_are_refused_or_harmless(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await one.guest.rests()
        await poke(one)
        await to_review(one, poke)
        assert [e.kind for e in await one.written() if e.kind in ("StaffTaskRaised", "Paid", "ProvenReady")] == []

    play(tmp_path, story)


# Nobody sees the last customer


def test_the_next_customer_finds_nothing_of_the_last_one(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await to_review(one)
        assert any(secret in json.dumps(one.guest.view, ensure_ascii=False) for secret in ("홍", "국세청"))
        one.guest.does("language", tag="en")
        one.guest.does("access", mode="large", on=True)
        await until(lambda: one.guest.view["chrome"]["access"]["large"])
        one.guest.does("call_staff")
        await until(lambda: one.guest.view["chrome"]["staff"]["state"] == "calling")
        one.guest.does("cancel")
        await one.guest.sees("TakeBack")
        one.peers.world.take()
        await one.guest.rests()
        view = json.dumps(one.guest.view, ensure_ascii=False)
        assert [secret for secret in SECRETS if secret in view] == []
        chrome = one.guest.view["chrome"]
        assert (chrome["language"], chrome["staff"]["state"], chrome["privacy"]) == ("ko", "none", False)
        assert not any(chrome["access"].values())

    play(tmp_path, story)


def test_the_feed_of_a_running_core_is_whole_and_tells_nobody_who_was_here(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await to_review(one)
        address = (tmp_path / "feed").read_text(encoding="utf-8").strip()
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            report = Report.model_validate_json((await client.get("/status.json")).content)
            said = "".join([(await client.get(path)).text for path in ("/", "/status.json", "/metrics")])
        assert (report.visits_open, report.services["send_parcel"].state) == (1, "available")
        assert report.simulated
        assert set(report.devices) == set(one.core._crew.supervisor.statuses())
        assert [secret for secret in SECRETS if secret in said] == []

    play(tmp_path, story)


# Money and stops


def test_a_payment_that_comes_after_the_visit_is_handed_to_a_person(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await at_table(one)
        visit = next(iter(one.core._desk.visits))
        one.guest.does("cancel")
        await one.guest.rests()
        one.core.post(Posted(visit, f.Paid(f"{visit}-1", 5000)))
        await until(lambda: one.peers.desk.calls)
        (call,) = one.peers.desk.calls.values()
        assert call.reason == "late_payment"
        assert [entry.kind for entry in await one.written()][-2:] != []
        raised = next(e.fact for e in await one.written() if isinstance(e.fact, f.StaffTaskRaised))
        assert (raised.reason, raised.won) == ("late_payment", 5000)

    play(tmp_path, story)


def test_a_visit_goes_on_where_the_stop_found_it(tmp_path: Path) -> None:
    left: list[object] = []

    async def before(one: House) -> None:
        await to_address(one)
        await person(one, "receiver")
        await until(lambda: one.guest.view["values"].get("who") == "sender")
        left.append(one.guest.view["screen"])

    async def after(one: House) -> None:
        await one.guest.sees("Address")
        assert one.guest.view["screen"] == left[0]
        assert one.guest.view["values"]["who"] == "sender"
        kinds = [entry.kind for entry in await one.written()]
        assert kinds.count("VisitStarted") == 1
        assert kinds.count("BranchStarted") == 2
        assert kinds[kinds.index("Resumed") - 1] != "VisitClosed"

    play(tmp_path, before, after)


def test_an_open_task_is_called_again_after_a_stop(tmp_path: Path) -> None:
    async def before(one: House) -> None:
        await one.guest.rests()
        one.peers.desk.order("unplug")
        one.guest.does("call_staff")
        await until(lambda: "customer_call" in [t.reason for t in one.core._desk.calls.tasks.values()])
        await until(lambda: "no_answer" in one.core._desk.calls.states.values())

    async def after(one: House) -> None:
        one.peers.desk.order("unplug", on=False)
        await until(lambda: one.peers.desk.calls, 15)
        assert [call.reason for call in one.peers.desk.calls.values()] == ["customer_call"]

    play(tmp_path, before, after)


def test_a_load_that_nobody_claims_suspends_intake_until_it_is_gone(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await one.guest.rests()
        one.peers.world.put(BOX)
        await until(lambda: one.core._desk.table.grams)
        one.core._desk.table.since -= 100_000
        one.core.post(Ticked())
        await until(lambda: not one.guest.offers("send_parcel"))
        reasons = one.core._desk.available()["send_parcel"].reasons
        assert ("table", "parcel_left_behind") in [(reason.device, reason.code) for reason in reasons]
        await until(lambda: one.peers.desk.calls)
        one.peers.world.take()
        await one.guest.rests()

    play(tmp_path, story)


def test_a_label_that_cannot_be_laid_out_ends_as_a_fault(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await to_review(one)
        visit = one.core._desk.visits[one.core._desk.front_id]
        visit.service = replace(visit.service, papers=None)  # type: ignore[type-var]  # a defect on purpose
        one.guest.does("agree", won=one.guest.view["values"]["total_won"])
        await one.guest.sees("Pay")
        await until(lambda: one.peers.terminal.act(True))
        assert (await one.guest.sees("Stuck"))["values"]["code"] == "internal"

    play(tmp_path, story)


def test_a_store_that_takes_no_more_facts_ends_the_core(tmp_path: Path) -> None:
    """Going on would forget the fact; the next start finds out by enquiry."""

    async def story(one: House) -> None:
        await one.guest.rests()
        clerk, when = one.core._clerk, "BEFORE INSERT ON event WHEN NEW.kind = 'StaffTaskClosed'"
        full = f"CREATE TEMP TRIGGER full {when} BEGIN SELECT RAISE(ABORT, 'disk full'); END"

        def fill() -> None:  # on the writer's own thread, the connection given back there too
            with contextlib.closing(clerk.journal._engine.raw_connection()) as raw:
                raw.cursor().execute(full)

        await clerk.ask(fill)
        one.core.post(Posted("", f.StaffTaskClosed("t")))
        await until(one.task.done)
        assert "disk full" in repr(one.task.exception())

    play(tmp_path, story)


def test_a_defect_of_the_desk_is_a_task_and_the_next_event_is_heard(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(one: House) -> None:
        await one.guest.rests()
        one.core.post(Posted("", "no fact"))  # type: ignore[arg-type]  # a defect on purpose
        await until(lambda: "desk_defect" in [task.reason for task in one.core._desk.calls.tasks.values()])
        await at_table(one)

    play(tmp_path, story)
    assert "the desk could not finish an event" in caplog.text


def test_no_visit_begins_while_the_days_payments_are_added_up(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await one.guest.rests()
        one.core._reckoner.closing = True
        assert {"device": "branch", "code": "reckoning"} in (await one.guest.sees("Closed"))["values"]["reasons"]
        one.core._reckoner.closing = False
        await one.guest.rests()

    play(tmp_path, story)
