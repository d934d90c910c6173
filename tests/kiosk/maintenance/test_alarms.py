"""A forced locker, one left open, power that is gone: the guard's relay, a task, the call desk; over a restart too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices import doors
from devices.bench.badge import Badge
from devices.ports import DeviceState, FaultCode, Status
from kiosk import alarms
from kiosk.words import Words
from tests.kiosk.feed_branch import until
from tests.kiosk.maintenance.site import Site, cabinet, member, played
from tests.kiosk.maintenance.test_story import comes_in, opens, rests, says

BADGE = Badge("a technician")


def status(*faults: FaultCode) -> Status:
    return Status(DeviceState.OFFLINE, datetime.now(UTC), faults=frozenset(faults))


@pytest.mark.parametrize(
    ("faults", "tasks", "alarm"),
    [
        ([FaultCode.DOOR_FORCED], [], True), ([FaultCode.DOOR_OPEN], [], True), ([FaultCode.NO_RESPONSE], [], True),
        ([FaultCode.STALE_DATA], [], False), ([FaultCode.JAM], [], False), ([], [], False),
        ([], ["locker_forced"], True), ([], ["locker_left_open", "customer_call"], False),
    ],
)  # fmt: skip
def test_what_raises_the_alarm_and_what_holds_it(faults: list[FaultCode], tasks: list[str], alarm: bool) -> None:
    assert alarms.alarmed({"locker": status(*faults), "scale": status(FaultCode.NO_RESPONSE)}, tasks) is alarm


def test_the_tower_without_power_is_a_task_and_its_relay_has_dropped_by_itself() -> None:
    assert alarms.reasons("signal_tower", [FaultCode.NO_POWER]) == ["power_lost"]
    assert alarms.reasons("scale", [FaultCode.NO_POWER]) == []


def reasons(site: Site) -> set[str]:
    return {task.reason for task in site.house.core._desk.calls.tasks.values()}


async def raised(site: Site, reason: str, alarm: bool = True) -> None:
    """The task is open, the call desk knows of it, and the relay has dropped (or not)."""
    await until(lambda: reason in reasons(site) and site.tower.alarm is alarm, 20)
    task = next(task for task in site.house.core._desk.calls.tasks.values() if task.reason == reason)
    await until(lambda: task.task in site.house.peers.desk.calls, 10)


@played
async def test_a_forced_door_is_an_alarm_until_a_person_has_settled_it(tmp_path: Path) -> None:
    async with cabinet(tmp_path) as there:
        async with there.open(tmp_path, [member(BADGE)]) as site:
            await rests(site)
            assert not site.tower.alarm
            site.wall.release(5)
            await raised(site, "locker_forced")
            site.wall.close(5)
        async with there.open(tmp_path, [member(BADGE)]) as site:
            await rests(site)
            await raised(site, "locker_forced")
            await comes_in(site)
            (task,) = (await opens(site, "tasks"))["tasks"]
            site.house.guest.does("settle", task=task["task"], how="done")
            await says(site, lambda values: values.get("tasks") == [])
            await until(lambda: not site.tower.alarm, 10)


@played
async def test_a_door_left_open_and_a_wall_or_tower_without_power(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "ATTENDED_S", 1.0)
    async with cabinet(tmp_path) as there, there.open(tmp_path, [member(BADGE)]) as site:
        await rests(site)
        await site.house.core._crew.locker.open_door(3, 5)  # type: ignore[union-attr]  # the cabinet has one
        await raised(site, "locker_left_open")
        site.wall.close(3)
        await until(lambda: not site.tower.alarm, 10)
        site.locker.order("unplug", True)
        await raised(site, "locker_unwatched")
        site.locker.order("unplug", False)
        await until(lambda: not site.tower.alarm, 20)
        site.tower.order("no_power", True)
        await raised(site, "power_lost")
        site.tower.order("no_power", False)
        await until(lambda: not site.tower.alarm, 20)
        assert reasons(site) == {"locker_left_open", "locker_unwatched", "power_lost"}


def test_a_measurer_that_cannot_begin_is_a_task_and_no_alarm() -> None:
    assert alarms.tasks("measurer", ["disconnected", "misconfigured"]) == ["measurer_unready"]
    assert alarms.tasks("locker", ["door_forced"]) == ["locker_forced"]
    assert alarms.reasons("measurer", ["misconfigured"]) == []
    assert all(Words(language).has("task.measurer_unready") for language in ("ko", "en"))
