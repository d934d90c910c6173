"""The Modbus locker's driver against its peer, over TCP and over a serial line."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devices.bench.locker import Wall
from devices.bench.locker_board import LockerBoardPeer
from devices.locker_modbus import ModbusLocker
from devices.modbus import ModbusBoard
from devices.ports import DeviceFault, FaultCode
from tests.kiosk.feed_branch import until


@asynccontextmanager
async def wall(
    rtu: Path | None = None, sensors: bool = True, open_loop: bool = False
) -> AsyncIterator[tuple[Wall, LockerBoardPeer, ModbusLocker]]:
    real = Wall(24)
    peer = LockerBoardPeer(real, slow_s=0.15)
    at = await (peer.start_rtu(rtu / "locker.tty") if rtu else peer.start())
    locker = ModbusLocker("locker", at, 24, 1, sensors, open_loop, simulated=True)
    await locker.open()
    try:
        yield real, peer, locker
    finally:
        await locker.close()
        await peer.stop()


@pytest.mark.parametrize("rtu", [False, True])
def test_a_door_counts_as_open_only_when_its_sensors_say_so(tmp_path: Path, rtu: bool) -> None:
    async def story() -> None:
        async with wall(tmp_path if rtu else None) as (real, peer, locker):
            opened = await locker.open_door(20, 3)
            assert (opened.door, opened.locked, opened.closed) == (20, False, False)
            assert real.open == [20]
            assert not any(peer.coils)
            assert dict((await locker.probe()).values) == {"doors": "24", "open": "20"}
            with pytest.raises(DeviceFault, match="door_open: door 20 is already open"):
                await locker.open_door(20, 1)
            real.close(20)
            assert (await locker.look())[19].locked

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("jammed", FaultCode.DOOR_STUCK),
        ("leaf_stuck", FaultCode.DOOR_STUCK),
        ("sensor_stuck", FaultCode.DOOR_STUCK),
        ("wrong_door", FaultCode.DOOR_OPEN),
        ("mute", FaultCode.NO_RESPONSE),
        ("error_reply", FaultCode.PROTOCOL),
        ("unplug", FaultCode.DISCONNECTED),
    ],
)
def test_a_faulty_wall_never_says_that_a_door_has_opened(fault: str, code: FaultCode) -> None:
    async def story() -> None:
        async with wall() as (_, peer, locker):
            peer.order(fault)
            await asyncio.sleep(0.05)
            with pytest.raises(DeviceFault) as caught:
                await locker.open_door(7, 0.8)
            assert caught.value.code is code

    asyncio.run(story())


@pytest.mark.parametrize("fault", ["unplug", "error_reply"])
def test_a_board_that_is_lost_after_the_command_leaves_the_outcome_unknown(fault: str) -> None:
    async def story() -> None:
        async with wall() as (_, peer, locker):
            peer.order("jammed")
            opening = asyncio.create_task(locker.open_door(7, 2))
            await asyncio.sleep(0.15)
            peer.order(fault)
            with pytest.raises(DeviceFault, match="outcome_unknown"):
                await opening

    asyncio.run(story())


def test_a_lock_that_stays_energised_is_told_before_it_burns() -> None:
    async def story() -> None:
        async with wall() as (_, peer, locker):
            peer.order("relay_stuck")
            await locker.open_door(3, 2)
            assert (await locker.probe()).faults == {FaultCode.JAM}

    asyncio.run(story())


KILLED = """
import asyncio, sys
from devices import locker_modbus
locker_modbus.PULSE_S = 60.0
async def story() -> None:
    locker = locker_modbus.ModbusLocker("locker", sys.argv[1], 24)
    await locker.open()
    await locker.open_door(7, 60.0)
asyncio.run(story())
"""


def test_a_lock_whose_branch_was_killed_in_the_middle_of_its_pulse_is_let_go_of_at_the_next_open() -> None:
    async def story() -> None:
        async with wall() as (real, peer, locker):
            branch = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, f"tcp://127.0.0.1:{peer.port}")
            await until(lambda: peer.coils[6], 20)
            branch.kill()
            await branch.wait()
            await until(lambda: real.open == [7], 5)
            assert (await locker.probe()).faults >= {FaultCode.JAM}
            await locker.close()
            await locker.open()
            assert not any(peer.coils)
            assert (real.open, real.locked.count(False)) == ([7], 1)
            assert FaultCode.JAM not in (await locker.probe()).faults

    asyncio.run(story())


def test_opening_the_driver_lets_go_of_nothing_that_a_contact_holds_and_of_no_pulse_of_its_own() -> None:
    async def story() -> None:
        async with wall() as (real, peer, locker):
            opening = asyncio.create_task(locker.open_door(3, 2))
            await until(lambda: peer.coils[2], 5)
            await locker.open()
            assert peer.coils[2]
            await opening
            assert real.open == [3]
            peer.order("relay_stuck")
            await locker.open_door(4, 2)
            await locker.open()
            assert (await locker.probe()).faults == {FaultCode.JAM}

    asyncio.run(story())


def test_a_slow_board_is_waited_for_and_a_replugged_one_found_again() -> None:
    async def story() -> None:
        async with wall() as (real, peer, locker):
            peer.order("slow")
            await locker.open_door(1, 3)
            peer.order("slow", on=False)
            peer.order("unplug")
            await asyncio.sleep(0.05)
            for ask in (locker.probe, locker.open):
                with pytest.raises(DeviceFault, match="disconnected"):
                    await ask()
            peer.order("unplug", on=False)
            await asyncio.sleep(0.05)
            await locker.open()
            assert real.open == [1]
            peer.order("door_left_open")
            assert dict((await locker.probe()).values)["open"] == "1"

    asyncio.run(story())


def test_a_wall_without_feedback_never_says_open_or_closed() -> None:
    async def story() -> None:
        async with wall(sensors=False, open_loop=True) as (real, _, locker):
            with pytest.raises(DeviceFault, match="no_sensor: door 5: commanded"):
                await locker.open_door(5, 1)
            assert real.open == [5]
            assert await locker.look() == ()
            observed = await locker.probe()
            assert observed.faults == {FaultCode.NO_SENSOR}
            assert dict(observed.values)["open"] == "unknown"

    asyncio.run(story())


def test_doors_and_boards_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="doors = 0: write 1 to 128"):
        ModbusLocker("locker", "tcp://10.0.0.1:502", 0)
    with pytest.raises(DeviceFault, match="misconfigured: door 9"):
        asyncio.run(ModbusLocker("locker", "tcp://10.0.0.1:502", 8).open_door(9, 1))
    for at in ("", "10.0.0.1", "tcp://", "tcp://h:0", "tcp://h:x", "http://h", "ttyUSB0", "tcp://["):
        with pytest.raises(ValueError, match="is no Modbus board; write tcp://host:port"):
            ModbusBoard("x", at)


def test_a_port_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    for at in (str(tmp_path / "none"), "tcp://127.0.0.1:9"):
        with pytest.raises(DeviceFault, match="disconnected: cannot connect"):
            asyncio.run(ModbusBoard("x", at).open())
