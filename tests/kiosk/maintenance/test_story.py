"""The maintenance mode with the real core, real drivers and real peers, from the badge to the journal."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from devices.bench.badge import Badge
from devices.bench.world import Parcel
from devices.ports import CallState
from kiosk import care as c
from kiosk import facts as f
from kiosk.services.maintenance import readings
from tests.kiosk.feed_branch import until
from tests.kiosk.maintenance.site import PIN, STAFF, WRONG, BadgeReader, Cabinet, Site, cabinet, member, played

Json = dict[str, Any]
BADGE = Badge("a technician")
#: What each device shows of itself.
TESTS = {
    "scale": "zero", "hatch": "door", "scanner": "codes", "signal_tower": "lamps", "label_printer": "strip",
    "receipt_printer": "strip", "payment": "probe", "staff_call": "probe", "measurer": "probe", "id_reader": "probe",
    "locker": "probe",
}  # fmt: skip


@asynccontextmanager
async def at_rest(folder: Path) -> AsyncIterator[Site]:
    """A branch that rests, every device of it answering."""
    async with cabinet(folder) as there, there.open(folder, [member(BADGE)]) as site:
        await rests(site)
        yield site


async def rests(site: Site) -> None:
    """Wait until the branch rests and every device has answered."""
    await until(lambda: all(each.usable for each in site.house.core._crew.supervisor.statuses().values()), 20)
    await site.house.guest.rests()


async def comes_in(site: Site, pin: str = PIN) -> Json:
    """Badge and PIN; the view that follows."""
    guest = site.house.guest
    site.shows_badge(BADGE)
    await guest.sees("Pin")
    site.shows_badge(None)
    guest.does("pin", digits=pin)
    await until(lambda: guest.view["values"].get("refused") or guest.screen == "Overview", 20)
    values: Json = guest.view["values"]
    return values


async def tries_pin(site: Site, pin: str) -> Json:
    """One more PIN; what is said of it."""
    guest, before = site.house.guest, site.house.guest.view["step_seq"]
    guest.does("pin", digits=pin)
    await until(lambda: guest.view["step_seq"] > before + 1 and guest.screen in ("Pin", "Overview"), 20)
    values: Json = guest.view["values"]
    return values


async def opens(site: Site, page: str, device: str = "") -> Json:
    """Go to a page."""
    site.house.guest.does("open", page=page, device=device)
    await site.house.guest.sees(page.capitalize())
    values: Json = site.house.guest.view["values"]
    return values


async def says(site: Site, true: Callable[[Json], object]) -> Json:
    """Wait until the values on the screen say so."""
    await until(lambda: true(site.house.guest.view["values"]), 30)
    values: Json = site.house.guest.view["values"]
    return values


async def facts(site: Site, *kinds: type[f.Fact]) -> list[f.Fact]:
    """What the journal holds of these kinds."""
    return [each.fact for each in await site.house.written() if isinstance(each.fact, kinds)]


@played
async def test_staff_wait_for_the_customer_and_do_their_work(tmp_path: Path) -> None:
    async with at_rest(tmp_path) as site:
        await the_customer_in_front_finishes_first(site)
        await a_wrong_pin_is_counted_and_the_right_one_lets_in(site)
        await the_feed_says_who_has_the_branch(site, tmp_path)
        await a_pulled_cable_is_seen_where_it_happens(site)
        await every_device_is_tried(site)
        await a_test_that_fails_says_what_to_do(site)
        await the_scale_is_tared_and_cleared(site)
        await paper_is_exchanged_in_two_steps(site)
        await a_door_is_opened_for_a_reason(site)
        await a_task_is_settled_here_and_at_the_call_desk(site)
        site.house.guest.does("cancel")
        await site.house.guest.rests()
        await the_journal_names_who_what_and_why(site)


async def the_customer_in_front_finishes_first(site: Site) -> None:
    guest = site.house.guest
    guest.does("start")
    await guest.sees("Home")
    guest.does("choose", service="send_parcel")
    await guest.sees("Place")
    guest.does("call_staff")
    assert guest.view["chrome"]["staff"]["waiting"] is False
    site.shows_badge(BADGE)
    await until(lambda: guest.view["chrome"]["staff"]["waiting"])
    await asyncio.sleep(1.5)  # a tick, at which a badge might push in
    assert guest.screen == "Place"
    guest.does("cancel")
    await guest.sees("Pin")
    assert guest.view["chrome"]["staff"] == {**guest.view["chrome"]["staff"], "waiting": False, "state": "none"}
    assert guest.view["chrome"]["idle"]["limit_s"] == 60
    site.shows_badge(None)


async def a_wrong_pin_is_counted_and_the_right_one_lets_in(site: Site) -> None:
    refused = await tries_pin(site, WRONG)
    assert (refused["refused"], refused["tries_left"], refused["until"]) == ("wrong_pin", 4, "")
    assert (await tries_pin(site, PIN))["staff"] == STAFF
    assert site.house.guest.screen == "Overview"
    assert site.house.guest.view["chrome"]["idle"]["limit_s"] == 180


async def the_feed_says_who_has_the_branch(site: Site, folder: Path) -> None:
    async with httpx.AsyncClient() as client:
        told = (await client.get((folder / "feed").read_text().strip().rstrip("/") + "/status.json")).json()
    assert told["services"]["send_parcel"]["state"] == "unavailable"
    assert {"device": "branch", "code": "maintenance"} in told["services"]["send_parcel"]["reasons"]
    assert STAFF not in str(told)


async def a_pulled_cable_is_seen_where_it_happens(site: Site) -> None:
    site.house.peers.scale.order("unplug", True)
    values = await says(site, lambda values: not values["devices"][0]["well"])
    assert (values["devices"][0]["name"], values["devices"][0]["simulated"]) == ("scale", True)
    assert values["devices"][0]["faults"]
    site.house.peers.scale.order("unplug", False)
    values = await says(site, lambda values: all(row["well"] for row in values["devices"]))
    assert {row["name"] for row in values["devices"]} == set(TESTS)
    assert all(row["age_s"] <= 5 for row in values["devices"])


async def tried(site: Site, device: str) -> Json:
    """One self-test to its end."""
    assert (await opens(site, "device", device))["tested"] is None
    site.house.guest.does("confirm")
    if device == "hatch":
        await somebody_closes_it(site)
    came: Json = (await says(site, lambda values: values.get("tested")))["tested"]
    site.house.guest.does("back")
    await site.house.guest.sees("Overview")
    return came


async def somebody_closes_it(site: Site) -> None:
    """While a device is at work nothing can be pressed; the hatch waits for a hand."""
    world = site.house.peers.world
    await until(lambda: not world.closed, 20)
    shown = await site.house.guest.sees("Working")
    assert (shown["offers"], shown["values"]) == ([], {"doing": "testing", "device": "hatch"})
    await asyncio.sleep(0.8)  # a hand is not faster
    world.close_door()


async def every_device_is_tried(site: Site) -> None:
    peers = site.house.peers
    peers.scanner.codes = ("6899900000001",)
    pages = (len(peers.labels.pages), len(peers.receipts.pages))
    for device, test in TESTS.items():
        came = await tried(site, device)
        assert (device, came["test"], came["passed"], came["code"]) == (device, test, True, "")
        assert "6899900000001" not in str(came)
    assert (len(peers.labels.pages), len(peers.receipts.pages)) == (pages[0] + 1, pages[1] + 1)
    assert (peers.world.closed, peers.world.locked) == (True, True)
    await until(lambda: site.tower.lit == (False, True, True, False), 20)  # closed while staff are inside, true again
    assert not site.tower.alarm


async def a_test_that_fails_says_what_to_do(site: Site) -> None:
    site.house.peers.scale.order("overload", True)
    came = await tried(site, "scale")
    assert (came["passed"], came["code"]) == (False, "overload")
    site.house.peers.scale.order("overload", False)
    site.house.peers.labels.order("paper_out")
    came = await tried(site, "label_printer")
    assert (came["passed"], came["code"]) == (False, "consumable_out")
    site.house.peers.labels.order("paper_out", False)
    await says(site, lambda values: all(row["well"] for row in values["devices"]))


async def the_scale_is_tared_and_cleared(site: Site) -> None:
    """A tray: seen by staff, and no parcel is weighed until the tare is gone."""
    guest, world = site.house.guest, site.house.peers.world
    world.put(Parcel(300, 200, 40, 350))
    await opens(site, "device", "scale")
    await says(site, lambda values: readings.row("load", "0.350 kg") in values["device"]["values"])
    guest.does("tare", clear=False)
    values = await says(site, lambda values: values.get("tested") and not values["device"]["well"])
    came = values["tested"]
    assert (came["test"], came["passed"], came["detail"]) == ("tare", True, "0.350 kg")
    assert values["device"]["faults"] == ["tared"]
    for row in readings.rows([("net", "0.000 kg"), ("tare", "0.350 kg")]):
        assert row in values["device"]["values"]
    guest.does("tare", clear=True)
    values = await says(site, lambda values: (values.get("tested") or {}).get("test") == "clear_tare")
    assert (values["tested"]["passed"], values["device"]["well"]) == (True, True)
    world.take()
    guest.does("back")
    await guest.sees("Overview")


async def paper_is_exchanged_in_two_steps(site: Site) -> None:
    guest, printer = site.house.guest, site.house.peers.labels
    printer.order("cover_open")
    printer.order("paper_out")
    await opens(site, "paper", "label_printer")
    await says(site, lambda values: values["code"] == "consumable_out")
    assert "confirm" not in guest.view["offers"]
    printer.order("paper_out", False)
    await says(site, lambda values: values["code"] == "cover_open")
    printer.order("cover_open", False)
    await says(site, lambda values: values["code"] == "")
    pages = len(printer.pages)
    guest.does("confirm")
    await until(lambda: guest.screen == "Paper" and guest.view["values"]["part"] == 2, 20)
    assert len(printer.pages) == pages + 1
    guest.does("readable", yes=False)
    await says(site, lambda values: values.get("part") == 1 and values["code"] == "")
    guest.does("confirm")
    await until(lambda: guest.screen == "Paper" and guest.view["values"]["part"] == 2, 20)
    guest.does("readable", yes=True)
    await guest.sees("Overview")
    assert guest.view["values"]["exchanged"] == "label_printer"


async def a_door_is_opened_for_a_reason(site: Site) -> None:
    await opens(site, "locker")
    site.house.guest.does("open_door", door=17, reason="inspection")
    site.house.guest.does("open_door", door=7, reason="curiosity")
    assert [await site.house.guest.refusal(n) for n in (1, 2)] == ["malformed", "malformed"]
    assert site.wall.open == []
    site.house.guest.does("open_door", door=7, reason="inspection")
    values = await says(site, lambda values: values.get("last"))
    assert (values["last"]["door"], values["last"]["code"], site.wall.open) == (7, "", [7])
    site.locker.order("jammed", True)
    await until(lambda: site.house.guest.screen == "Locker")
    site.house.guest.does("open_door", door=3, reason="customer_waiting")
    assert await site.house.guest.refusal(3) == "error.role"
    site.house.guest.does("open_door", door=3, reason="inspection")
    values = await says(site, lambda values: (values.get("last") or {}).get("door") == 3)
    assert (values["last"]["code"], site.wall.open) == ("door_stuck", [7])
    site.locker.order("jammed", False)
    site.house.guest.does("back")
    await site.house.guest.sees("Overview")


async def a_task_is_settled_here_and_at_the_call_desk(site: Site) -> None:
    (task,) = (await opens(site, "tasks"))["tasks"]
    assert (task["reason"], task["won"]) == ("customer_call", 0)
    desk = site.house.peers.desk
    desk.order("unplug", True)
    site.house.guest.does("settle", task=task["task"], how="false_alarm")
    await says(site, lambda values: values.get("tasks") == [])
    assert desk.calls[task["task"]].state is not CallState.CLOSED
    desk.order("unplug", False)
    await until(lambda: desk.calls[task["task"]].state is CallState.CLOSED, 30)
    assert desk.calls[task["task"]].how == "false_alarm"
    site.house.guest.does("back")
    await site.house.guest.sees("Overview")


async def the_journal_names_who_what_and_why(site: Site) -> None:
    tests = [each for each in await facts(site, c.SelfTested) if isinstance(each, c.SelfTested)]
    assert {each.staff for each in tests} == {STAFF}
    assert {each.device for each in tests if each.why == "self_test"} == set(TESTS)
    assert {each.test for each in tests if each.why == "tare"} == {"tare", "clear_tare"}
    assert [(each.device, each.passed) for each in tests if each.why == "paper"] == [("label_printer", True)] * 2
    assert await facts(site, c.PaperExchanged) == [c.PaperExchanged("label_printer", STAFF)]
    assert await facts(site, c.DoorOpened) == [
        c.DoorOpened(7, "inspection", STAFF), c.DoorOpened(3, "inspection", STAFF, "door_stuck"),
    ]  # fmt: skip
    (settled,) = await facts(site, c.TaskSettled)
    assert isinstance(settled, c.TaskSettled)
    assert (settled.how, settled.staff) == ("false_alarm", STAFF)
    assert (await facts(site, f.VisitClosed))[-1] == f.VisitClosed("left")
    site.house.core._clerk.journal.verify()


@played
async def test_five_wrong_pins_lock_the_badge_and_a_restart_does_not_open_it(tmp_path: Path) -> None:
    async with cabinet(tmp_path) as there:
        async with there.open(tmp_path, [member(BADGE)]) as site:
            await rests(site)
            left = [(await comes_in(site, WRONG))["tries_left"]]
            left += [(await tries_pin(site, WRONG))["tries_left"] for _ in range(4)]
            assert left == [4, 3, 2, 1, 0]
            until_then = site.house.guest.view["values"]["until"]
            assert until_then
        for pin in (WRONG, PIN):
            said = await after_a_restart(there, tmp_path, pin)
            assert (said["refused"], said["tries_left"], said["until"]) == ("locked", 0, until_then)


async def after_a_restart(there: Cabinet, folder: Path, pin: str) -> Json:
    """A new core over the same store: the branch rests, whatever was open; a PIN, and what is said of it."""
    async with there.open(folder, [member(BADGE)]) as site:
        await rests(site)
        return await comes_in(site, pin)


@played
async def test_a_badge_that_is_not_registered_opens_nothing(tmp_path: Path) -> None:
    async with cabinet(tmp_path) as there, there.open(tmp_path, [member(Badge("somebody else"))]) as site:
        await rests(site)
        assert (await comes_in(site))["refused"] == "unknown"
        assert site.house.guest.screen == "Pin"
        site.house.guest.does("open", page="overview")
        assert await site.house.guest.refusal() == "not_offered"


@played
async def test_a_copied_certificate_is_not_even_asked_for_a_pin(tmp_path: Path) -> None:
    reader = BadgeReader()
    async with cabinet(tmp_path, reader) as there, there.open(tmp_path, [member(BADGE)]) as site:
        await rests(site)
        site.shows_badge(Badge("a technician", {"wrong_key"}))
        await until(lambda: reader.sent, 10)
        await asyncio.sleep(1.5)
        assert site.house.guest.screen == "Attract"
        assert await facts(site, c.BadgeShown) == []


@played
async def test_nobody_touching_anything_leaves_the_mode(tmp_path: Path) -> None:
    async with at_rest(tmp_path) as site:
        await comes_in(site)
        site.house.core._desk.idle.since = time.monotonic() - 175.0
        await until(lambda: site.house.guest.view["chrome"]["idle"]["warn"], 5)
        await site.house.guest.rests()
        assert (await facts(site, f.VisitClosed))[-1] == f.VisitClosed("idle")


@played
async def test_a_restart_leaves_the_mode_and_moves_nothing(tmp_path: Path) -> None:
    async with cabinet(tmp_path) as there:
        async with there.open(tmp_path, [member(BADGE)]) as site:
            await rests(site)
            await comes_in(site)
            await opens(site, "paper", "label_printer")
            pages = len(site.house.peers.labels.pages)
        async with there.open(tmp_path, [member(BADGE)]) as site:
            await rests(site)
            assert (await facts(site, f.VisitClosed))[-1] == f.VisitClosed("restart")
            assert len(site.house.peers.labels.pages) == pages


def kept(folder: Path) -> list[Path]:
    """The files of the store and of the run."""
    return [path for path in folder.iterdir() if path.is_file()]


@played
async def test_a_pin_is_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    async with at_rest(tmp_path) as site:
        seen.append(str(await comes_in(site, WRONG)))
        seen.append(str(await tries_pin(site, PIN)))
        site.house.guest.does("pin", digits=PIN)  # where it is not offered: refused, and logged
        await site.house.guest.refusal()
        seen += [str(each) for each in await site.house.written()]
        seen += [str(site.house.guest.refused), str(site.house.guest.view), str(site.house.core._status())]
    seen += [repr(c.PinGiven(PIN)), repr(c.CheckPin("ab", PIN)), caplog.text]
    for pin in (PIN, WRONG):
        assert not [text for text in seen if pin in text]
        assert not [path for path in kept(tmp_path) if pin.encode() in path.read_bytes()]
