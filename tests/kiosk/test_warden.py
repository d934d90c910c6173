"""From the guard's socket to lamps, siren, journal, calls and screen: real drivers, real peers, a real core."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from devices.bench.badge import Badge
from devices.bench.guard import GuardPeer
from devices.bench.signal_tower import SignalTowerPeer
from devices.guard import WorkerGuard
from devices.ports import CallState, Device
from devices.signal_tower import ModbusTower
from devices.supervisor import Pace, Supervisor
from devices.worker import Worker
from kiosk import alert as a
from kiosk import care as c
from kiosk import facts as f
from kiosk.config import Branch, ContactTable, GuardTable
from kiosk.vault import Vault
from kiosk.warden import Rules, Warden
from tests.kiosk.crew import House, Peers, bench, configured, house
from tests.kiosk.feed_branch import until
from tests.kiosk.maintenance.site import PIN, STAFF, WRONG, member, played
from vision.guard.clip import packed
from vision.guard.seal import public_of, seal

BADGE = Badge()


@dataclass
class Yard:
    """A branch with a guard and a tower."""

    home: House
    peers: Peers
    guard: GuardPeer
    tower: SignalTowerPeer

    async def facts(self, kind: type[Any]) -> list[Any]:
        return [entry.fact for entry in await self.home.written() if isinstance(entry.fact, kind)]

    async def there(self, kind: type[Any], count: int = 1) -> list[Any]:
        for _ in range(200):
            if len(found := await self.facts(kind)) >= count:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{kind.__name__} is not in the journal")

    @property
    def lit(self) -> tuple[bool, ...]:
        """Green, amber, red, siren."""
        return tuple(self.tower.lit)


def guarded(acknowledge_s: float) -> Branch:
    contacts = (ContactTable(id="dock-manager"), ContactTable(id="duty-officer"))
    table = GuardTable(lobby=("lobby",), contacts=contacts).model_copy(update={"acknowledge_s": acknowledge_s})
    return configured().model_copy(update={"guard": table, "staff": (member(BADGE),)})


@asynccontextmanager
async def yard(folder: Path, acknowledge_s: float = 60.0) -> AsyncIterator[Yard]:
    guard, tower = GuardPeer(folder / "guard.sock"), SignalTowerPeer()
    driver = WorkerGuard("guard", await guard.start(), simulated=True)
    lamps = ModbusTower("signal_tower", await tower.start(), simulated=True)
    try:
        async with bench(folder, start=False) as (peers, crew):
            every: list[Device] = [
                crew.scale, crew.payment, crew.hatch, crew.staff_call, crew.label_printer, crew.receipt_printer,
                crew.measurer, crew.scanner, driver, lamps,
            ]  # fmt: skip
            keeper = Supervisor(every, Pace(period_s=0.3, first_pause_s=0.1, longest_pause_s=0.3), 1)
            whole = replace(crew, supervisor=keeper, guard=driver, signal_tower=lamps)
            async with house(folder, whole, peers, guarded(acknowledge_s)) as home:
                await until(lambda: bool(guard.key), 20)
                await until(lambda: all(each.usable for each in keeper.statuses().values()), 20)
                yield Yard(home, peers, guard, tower)
    finally:
        await guard.stop()
        await tower.stop()


@played
async def test_a_warning_lights_and_sounds_and_passes_without_calling_anybody(tmp_path: Path) -> None:
    async with yard(tmp_path) as one:
        evidence = one.guard.alarm("collision", "WARNING", separation_m=1.42, ttc_s=1.9, probability=0.83)
        (raised,) = await one.there(a.AlarmRaised)
        assert (raised.kind, raised.urgency, raised.separation_m) == ("collision", "warning", 1.42)
        assert raised.evidence == evidence
        assert one.guard.key == Vault(b"m" * 32).evidence_key().hex()
        await until(lambda: one.lit[1] and one.lit[3], 5)
        assert not one.tower.alarm
        one.guard.see("lobby", "phone_at_ear")  # nobody asked for it: `signs` is off
        one.guard.calm()
        await until(lambda: not one.lit[1] and not one.lit[3], 15)
        assert one.home.core._desk.situation().signs == frozenset()
        assert one.peers.desk.calls == {}


@played
async def test_a_person_down_in_the_lobby_is_called_for_until_somebody_answers(tmp_path: Path) -> None:
    async with yard(tmp_path, acknowledge_s=0.5) as one:
        one.peers.desk.order("no_answer")
        one.guard.alarm("person_down", "CRITICAL", camera="lobby")
        await one.there(a.AlarmEscalated, 2)
        (call,) = one.peers.desk.calls.values()
        assert call.reason == "guard_person_down"
        await until(lambda: one.peers.desk.calls[call.task].contacts[:2] == ("dock-manager", "duty-officer"), 5)
        await until(lambda: one.lit[2] and one.lit[3] and one.tower.alarm, 5)
        alarm = one.home.guest.view["chrome"]["alarm"]
        assert alarm["kind"] == "person_down"
        assert alarm["state"] in ("calling", "no_answer")
        one.peers.desk.answer("", CallState.ON_THE_WAY)
        await until(lambda: one.home.guest.view["chrome"]["alarm"]["state"] == "on_the_way", 10)
        before = len(await one.facts(a.AlarmEscalated))
        await asyncio.sleep(2.2)
        assert len(await one.facts(a.AlarmEscalated)) == before


@played
async def test_staff_who_settle_it_have_acknowledged_it(tmp_path: Path) -> None:
    async with yard(tmp_path) as one:
        one.guard.alarm("collision", "CRITICAL", camera="lobby")
        await until(lambda: one.home.guest.view.get("chrome", {}).get("alarm") is not None, 10)
        core = one.home.core
        (task,) = core._desk.calls.tasks
        core._hands.do("", c.SettleTask(task, "done", STAFF))
        (seen,) = await one.there(a.AlarmAcknowledged)
        assert seen.staff == STAFF
        await until(lambda: [each["kind"] for each in one.guard.acknowledged] == ["collision"], 5)
        await until(lambda: one.home.guest.view["chrome"]["alarm"] is None, 5)
        await until(lambda: not one.lit[3], 5)


@played
async def test_settling_one_matter_puts_out_no_other_camera_s_alarm(tmp_path: Path) -> None:
    async with yard(tmp_path) as one:
        one.guard.alarm("collision", "CRITICAL", camera="dock")
        one.guard.alarm("person_down", "CRITICAL", camera="lobby")
        await one.there(a.AlarmRaised, 2)
        core = one.home.core
        await until(lambda: len(core._desk.calls.tasks) == 2 and one.tower.alarm and one.lit[3], 10)
        dock = next(task for task in core._desk.calls.tasks.values() if task.reason == "guard_collision")
        one.guard.order("mute")  # the guard is away just now: it is told as soon as it is back
        core._hands.do("", c.SettleTask(dock.task, "false_alarm", STAFF))
        await one.there(a.AlarmAcknowledged)
        await asyncio.sleep(1.2)
        one.guard.order("mute", False)
        await until(lambda: len(one.guard.acknowledged) == 1, 10)
        (released,) = one.guard.acknowledged
        assert (released["camera"], released["kind"], released["since"]) == ("dock", "collision", None)
        assert one.guard.standing == {"dock": "NONE", "lobby": "CRITICAL"}
        await asyncio.sleep(1.0)
        assert one.lit[2:] == (True, True)
        assert one.tower.alarm
        assert one.home.guest.view["chrome"]["alarm"]["kind"] == "person_down"
        gone = time.monotonic()
        await one.guard.stop()
        kinds = [told.kind for told in await one.there(a.AlarmRaised, 3)]
        assert kinds == ["collision", "person_down", "vision_stalled"]
        assert time.monotonic() - gone < 8  # and not when a wait for news is over


@played
async def test_a_second_fall_after_an_answer_is_a_new_call_and_a_closed_call_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(a, "KNOWN_S", 0.0)
    async with yard(tmp_path, acknowledge_s=0.5) as one:
        one.guard.alarm("person_down", "CRITICAL", camera="lobby")
        await until(lambda: len(one.peers.desk.calls) == 1, 10)
        one.peers.desk.answer("", CallState.ANSWERED)
        one.home.core._ask_calls()
        await until(lambda: one.home.guest.view["chrome"]["alarm"]["state"] == "answered", 10)
        one.guard.alarm("person_down", "CRITICAL", camera="lobby", t=time.time() + 1)
        await until(lambda: len(one.peers.desk.calls) == 2, 10)
        await until(lambda: one.home.guest.view["chrome"]["alarm"]["state"] == "calling", 5)
        first, second = one.peers.desk.calls
        again = (await one.facts(a.AlarmRaised))[1].alarm
        while (await one.there(a.AlarmEscalated))[-1].alarm != again:  # noqa: ASYNC110 - the journal is polled
            await asyncio.sleep(0.05)
        await until(lambda: bool(one.peers.desk.calls[second].contacts), 5)  # or its call would come after the end
        for task in (first, second):
            one.peers.desk.answer(task, CallState.CLOSED)
        one.home.core._ask_calls()
        seen = await one.there(a.AlarmAcknowledged, 2)
        assert {each.staff for each in seen} == {a.CALL_DESK}
        await until(lambda: one.home.guest.view["chrome"]["alarm"] is None, 5)
        await until(lambda: len(one.guard.acknowledged) == 2 and not one.lit[3], 5)
        calls = len(await one.facts(a.AlarmEscalated))
        await asyncio.sleep(1.2)
        assert len(await one.facts(a.AlarmEscalated)) == calls
        assert one.home.core._desk.calls.tasks == {}


@played
async def test_a_camera_that_lies_drops_the_relay_and_calls_once(tmp_path: Path) -> None:
    async with yard(tmp_path) as one:
        one.guard.faults_of["dock"] = ["camera_covered"]
        one.guard.alarm("camera_covered", "WARNING")
        await until(lambda: one.tower.alarm and one.lit[1] and not one.lit[3], 10)
        one.guard.alarm("camera_moved", "WARNING")
        await one.there(a.AlarmRaised, 2)
        await until(lambda: [call.reason for call in one.peers.desk.calls.values()] == ["guard_camera"], 5)
        assert one.home.guest.view["chrome"]["staff"]["state"] == "none"  # whoever stands here has called nobody
        one.guard.faults_of = {"dock": [], "lobby": ["camera_misfit"]}
        one.guard.alarm("camera_misfit", "WARNING", camera="lobby")
        await until(lambda: len(one.peers.desk.calls) == 2, 10)
        assert one.tower.alarm
        one.guard.faults_of["lobby"] = []
        one.guard.calm()
        await until(lambda: not one.tower.alarm, 10)


@played
async def test_a_camera_is_learned_anew_by_the_person_who_says_so(tmp_path: Path) -> None:
    async with yard(tmp_path) as one:
        one.home.core._hands.do("", c.LearnCamera("dock", STAFF))
        (came,) = await one.there(c.SelfTested)
        assert (came.test, came.passed, came.detail, came.staff) == ("commission", True, "dock", STAFF)
        assert came.why == "commission"
        assert one.guard.commissioned == ["dock"]
        one.guard.order("error")
        one.home.core._hands.do("", c.LearnCamera("dock", STAFF))
        assert [one.passed for one in await one.there(c.SelfTested, 2)] == [True, False]


@played
async def test_a_core_that_comes_back_goes_on_where_it_stood(tmp_path: Path) -> None:
    async with yard(tmp_path, acknowledge_s=0.5) as one:
        one.guard.alarm("person_down", "WARNING", camera="lobby")
        before = await one.there(a.AlarmEscalated)
    async with yard(tmp_path, acknowledge_s=0.5) as again:
        await until(lambda: (again.home.guest.view.get("chrome") or {}).get("alarm") is not None, 10)
        assert len(await again.facts(a.AlarmRaised)) == 1
        called = await again.there(a.AlarmEscalated, len(before) + 1)
        assert [each.contact for each in called[:3]] == ["dock-manager", "duty-officer", "dock-manager"][:len(called)]
        again.guard.alarm("speeding", "ADVISORY")
        assert [one.kind for one in await again.there(a.AlarmRaised, 2)] == ["person_down", "speeding"]


@dataclass(frozen=True)
class Entry:
    """One entry of a journal."""

    at: datetime
    fact: Any


def taken_up(*told: tuple[float, Any]) -> tuple[Warden, list[Any]]:
    """A warden that comes up after these facts, each so many seconds ago, and what it posts."""
    posted: list[Any] = []
    nobody: Any = None
    warden = Warden(nobody, nobody, nobody, posted.append, Rules(("dock-manager", "duty-officer")), b"", lambda: False,
                    nobody)
    warden.take_up([Entry(datetime.now(UTC) - timedelta(seconds=ago), fact) for ago, fact in told])
    return warden, [each.fact for each in posted]


RAISED = a.AlarmRaised("a1", "lobby", "person_down", "critical", "2026-07-02T05:41:07.000+00:00", boot="b1", n=7)
TASKED = f.StaffTaskRaised("t1", "guard_person_down", "lobby 07-02 14:41:07")


def test_a_warden_that_comes_back_knows_the_contact_and_the_minute_it_was_at() -> None:
    called = a.AlarmEscalated("a1", "dock-manager")
    warden, posted = taken_up((100, RAISED), (99.9, TASKED), (40, called))
    assert (posted, warden.place) == ([], ("b1", 7))
    now = time.monotonic()
    assert warden.book.due(now + 19, warden.rules.contacts, 60.0) == []
    (due,) = warden.book.due(now + 20.1, warden.rules.contacts, 60.0)
    assert due == a.AlarmEscalated("a1", "duty-officer")
    late, _ = taken_up((100, RAISED), (99.9, TASKED), (70, called))  # its minute was over while it was away
    assert late.book.due(now + 1, late.rules.contacts, 60.0) == [due]


def test_what_was_answered_before_a_stop_is_not_called_for_after_it() -> None:
    warden, _ = taken_up((900, RAISED), (899, TASKED), (880, f.StaffAnswered("t1", "on_the_way")))
    assert warden.book.due(time.monotonic() + 1e4, warden.rules.contacts, 60.0) == []
    assert warden.book.notice(("lobby",)) == {"kind": "person_down", "state": "on_the_way", "matter": "a1"}


def test_what_was_closed_and_not_acknowledged_before_a_stop_is_acknowledged_by_whoever_closed_it() -> None:
    closed = f.StaffTaskClosed("t1")
    assert taken_up((9, RAISED), (8, TASKED), (7, closed))[1] == [a.AlarmAcknowledged("a1", a.CALL_DESK)]
    settled = c.TaskSettled("t1", "done", STAFF)
    assert taken_up((9, RAISED), (8, TASKED), (7, settled), (7, closed))[1] == [a.AlarmAcknowledged("a1", STAFF)]
    seen = a.AlarmAcknowledged("a1", STAFF)
    assert taken_up((9, RAISED), (8, TASKED), (7, settled), (7, closed), (7, seen))[1] == []


@played
async def test_evidence_is_opened_by_staff_alone_and_the_access_is_written_down_first(tmp_path: Path) -> None:
    async with yard(tmp_path) as one:
        name, public = "ab" * 8, public_of(Vault(b"m" * 32).derive("evidence"))
        box = seal(public, name, packed("dock", [(1.0, b"J")]))
        (tmp_path / "guard").mkdir()
        (tmp_path / "guard" / f"{name}.sealed").write_bytes(box)
        one.guard.tell({"kind": "evidence_kept", "camera": "dock", "evidence": name, "frames": 1, "bytes": len(box),
                        "sha256": "0" * 64})
        await one.there(a.EvidenceKept)
        client = Worker(str(tmp_path / "evidence.sock"))
        await client.open()
        assert [clip["evidence"] for clip in (await client.ask("list", 5))["clips"]] == [name]
        ask: dict[str, Any] = {"evidence": name, "staff": STAFF, "pin": PIN, "why": "claim 12"}
        refusals = (({"pin": WRONG}, "PIN is wrong"), ({"staff": "X"}, "Only staff"), ({"why": " "}, "why must"),
                    ({"evidence": "../../keys"}, "no clip"))
        for wrong, says in refusals:
            with pytest.raises(Exception, match=says):
                await client.ask("open", 10, **(ask | wrong))
        assert await one.facts(a.EvidenceOpened) == []
        assert (await client.ask("open", 10, **ask))["frames"] == [[1.0, "Sg=="]]
        assert await one.facts(a.EvidenceOpened) == [a.EvidenceOpened(name, STAFF, "claim 12")]
        await client.close()
        assert await one.home.core._evidence.erase_due(datetime.now(UTC) + timedelta(days=29)) == 0
        assert await one.home.core._evidence.erase_due(datetime.now(UTC) + timedelta(days=31)) == 1
        assert not (tmp_path / "guard" / f"{name}.sealed").exists()
        assert await one.facts(a.EvidenceErased) == [a.EvidenceErased(name, "retention")]
        assert oct(os.stat(tmp_path / "evidence.sock").st_mode & 0o777) == "0o600"
