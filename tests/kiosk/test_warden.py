"""From the guard's socket to lamps, siren, journal, calls and screen: real drivers, real peers, a real core."""

from __future__ import annotations

import asyncio
import os
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
from kiosk.config import Branch, ContactTable, GuardTable
from kiosk.vault import Vault
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
        await until(lambda: one.home.guest.view["chrome"]["alarm"] is not None, 10)
        core = one.home.core
        (task,) = core._desk.calls.tasks
        core._hands.do("", c.SettleTask(task, "done", STAFF))
        (seen,) = await one.there(a.AlarmAcknowledged)
        assert seen.staff == STAFF
        await until(lambda: one.guard.acknowledged == 1, 5)
        await until(lambda: one.home.guest.view["chrome"]["alarm"] is None, 5)
        await until(lambda: not one.lit[3], 5)


@played
async def test_a_camera_that_lies_drops_the_relay_and_calls_once(tmp_path: Path) -> None:
    async with yard(tmp_path) as one:
        one.guard.faults_of["dock"] = ["camera_covered"]
        one.guard.alarm("camera_covered", "WARNING")
        await until(lambda: one.tower.alarm and one.lit[1] and not one.lit[3], 10)
        one.guard.alarm("camera_moved", "WARNING")
        await one.there(a.AlarmRaised, 2)
        assert [call.reason for call in one.peers.desk.calls.values()] == ["guard_camera"]
        one.guard.faults_of["dock"] = []
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
    async with yard(tmp_path) as one:
        one.guard.alarm("person_down", "WARNING", camera="lobby")
        await one.there(a.AlarmRaised)
    async with yard(tmp_path) as again:
        await until(lambda: (again.home.guest.view.get("chrome") or {}).get("alarm") is not None, 10)
        assert len(await again.facts(a.AlarmRaised)) == 1
        again.guard.alarm("speeding", "ADVISORY")
        assert [one.kind for one in await again.there(a.AlarmRaised, 2)] == ["person_down", "speeding"]


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
