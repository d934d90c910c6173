"""The Modbus hatch driver against its peer."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from devices import hatch as driver
from devices.bench.hatch import HatchPeer
from devices.bench.world import Parcel, World
from devices.hatch import ModbusHatch
from devices.ports import DeviceFault, FaultCode


@asynccontextmanager
async def door() -> AsyncIterator[tuple[World, HatchPeer, ModbusHatch]]:
    world = World()
    peer = HatchPeer(world)
    hatch = ModbusHatch("hatch", "127.0.0.1", await peer.start(), reply_s=0.5, simulated=True)
    await hatch.open()
    try:
        yield world, peer, hatch
    finally:
        await hatch.close()
        await peer.stop()


def test_a_parcel_goes_in_and_into_the_bin() -> None:
    async def story() -> None:
        async with door() as (world, _, hatch):
            before = await hatch.look()
            assert (before.closed, before.locked, before.present) == (True, True, False)
            world.put(Parcel(340, 250, 180, 2400))
            assert not (await hatch.unlock(2)).closed
            world.drop()
            after = await hatch.lock(2)
            assert (after.closed, after.locked, after.present) == (True, True, True)
            assert not (await hatch.unlock(2)).present
            assert world.taken_in == 1

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("door_stuck", FaultCode.DOOR_STUCK),
        ("bolt_stuck", FaultCode.DOOR_STUCK),
        ("bin_full", FaultCode.BIN_FULL),
        ("unplug", FaultCode.DISCONNECTED),
    ],
)
def test_an_unlock_succeeds_only_when_the_door_is_seen_open(fault: str, code: FaultCode) -> None:
    async def story() -> None:
        async with door() as (world, peer, hatch):
            peer.order(fault)
            await asyncio.sleep(0.05)
            begun = time.monotonic()
            with pytest.raises(DeviceFault) as caught:
                await hatch.unlock(0.8)
            assert caught.value.code is code
            assert time.monotonic() - begun < 1.5
            await asyncio.sleep(0.3)
            assert world.closed
            assert world.locked

    asyncio.run(story())


@pytest.mark.parametrize("fault", ["door_stuck", "bolt_stuck"])
def test_a_hatch_that_failed_to_open_is_stuck_until_it_is_seen_open(fault: str) -> None:
    async def story() -> None:
        async with door() as (world, peer, hatch):
            peer.order(fault)
            with pytest.raises(DeviceFault, match="door_stuck"):
                await hatch.unlock(0.6)
            peer.order(fault, on=False)
            assert (await hatch.probe()).faults == {FaultCode.DOOR_STUCK}
            await hatch.lock(1)
            await hatch.close()
            await hatch.open()
            again = await hatch.probe()
            assert again.faults == {FaultCode.DOOR_STUCK}
            assert again.detail == "it failed to open and was not seen open since"
            await hatch.unlock(2)
            assert not (await hatch.probe()).faults
            world.close_door()
            await hatch.lock(2)
            assert not (await hatch.probe()).faults

    asyncio.run(story())


def test_a_hatch_that_failed_to_lock_is_stuck_until_it_is_seen_locked() -> None:
    async def story() -> None:
        async with door() as (world, peer, hatch):
            await hatch.unlock(2)
            world.close_door()
            peer.order("bolt_stuck")
            with pytest.raises(DeviceFault, match="door_stuck"):
                await hatch.lock(0.6)
            assert (await hatch.probe()).faults == {FaultCode.DOOR_STUCK}
            peer.order("bolt_stuck", on=False)
            await hatch.lock(2)
            assert not (await hatch.probe()).faults

    asyncio.run(story())


def test_a_door_left_open_is_not_locked() -> None:
    async def story() -> None:
        async with door() as (world, peer, hatch):
            peer.order("door_left_open")
            world.put(Parcel(340, 250, 180, 2400))
            await hatch.unlock(2)
            world.drop(peer.leave_open())
            with pytest.raises(DeviceFault, match="door_open"):
                await hatch.lock(1)
            with pytest.raises(DeviceFault, match="door_open"):
                await hatch.unlock(1)
            world.close_door()
            assert (await hatch.lock(1)).locked

    asyncio.run(story())


def test_a_bolt_that_does_not_lock_is_told() -> None:
    async def story() -> None:
        async with door() as (world, peer, hatch):
            await hatch.unlock(2)
            world.close_door()
            peer.order("bolt_stuck")
            with pytest.raises(DeviceFault, match="door_stuck"):
                await hatch.lock(0.6)

    asyncio.run(story())


def test_without_the_parcel_sensor_no_parcel_is_claimed() -> None:
    async def story() -> None:
        async with door() as (world, peer, hatch):
            peer.order("no_parcel_sensor")
            world.put(Parcel(340, 250, 180, 2400))
            await hatch.unlock(2)
            world.drop()
            assert not (await hatch.lock(2)).present

    asyncio.run(story())


def test_a_parcel_of_the_visit_before_that_stays_in_the_chamber_is_a_jam_until_it_is_gone() -> None:
    async def story() -> None:
        async with door() as (world, peer, hatch):
            peer.order("parcel_stuck")
            assert not (await hatch.probe()).faults  # closed, it may be the last one, which falls when the bolt moves
            assert (await hatch.unlock(2)).present
            assert (await hatch.probe()).faults == {FaultCode.JAM}
            world.close_door()
            assert (await hatch.lock(2)).present
            assert (await hatch.probe()).faults == {FaultCode.JAM}
            peer.order("parcel_stuck", on=False)
            assert not (await hatch.probe()).faults

    asyncio.run(story())


def test_a_board_that_falls_silent_after_the_command_leaves_the_outcome_unknown() -> None:
    async def story() -> None:
        async with door() as (_, peer, hatch):
            peer.order("door_stuck")
            opening = asyncio.create_task(hatch.unlock(2))
            await asyncio.sleep(0.25)
            peer.order("unplug")
            with pytest.raises(DeviceFault, match="outcome_unknown"):
                await opening

    asyncio.run(story())


def test_opening_the_driver_moves_nothing() -> None:
    async def story() -> None:
        async with door() as (world, _, hatch):
            await hatch.unlock(2)
            await hatch.close()
            await hatch.open()
            await asyncio.sleep(0.3)
            assert not world.closed
            world.closed = True
            await hatch.close()
            await hatch.open()
            await asyncio.sleep(0.3)
            assert not world.locked

    asyncio.run(story())


def test_a_probe_tells_of_an_open_door_only_when_nobody_attends_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with door() as (world, peer, hatch):
            assert not (await hatch.probe()).faults
            await hatch.unlock(2)
            assert not (await hatch.probe()).faults
            monkeypatch.setattr(driver, "ATTENDED_S", 0.0)
            assert (await hatch.probe()).faults == {FaultCode.DOOR_OPEN}
            world.close_door()
            assert (await hatch.probe()).faults == {FaultCode.DOOR_STUCK}
            peer.order("bin_full")
            assert FaultCode.BIN_FULL in (await hatch.probe()).faults

    asyncio.run(story())
