"""What the ID reader sees of cards and of its daemon, through a real pcscd: nothing optimistic, nothing lost unseen."""

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from devices.id_reader import PcscIdReader
from devices.identity import AccessKey, CardState
from devices.ports import DeviceFault, DeviceState, FaultCode, Status
from devices.supervisor import Supervisor
from tests.pcsc import READER, Daemon, Slip

pytestmark = pytest.mark.branch
CYCLES = 4


def silent(_: bytes) -> bytes:
    return b"\x6d\x00"


@asynccontextmanager
async def opened(trust: str, reader: str = READER) -> AsyncIterator[PcscIdReader]:
    device = PcscIdReader("id_reader", reader, trust, simulated=True)
    await device.open()
    try:
        yield device
    finally:
        await device.close()


async def seen(device: PcscIdReader, state: CardState, within_s: float = 2.0) -> float:
    """Seconds until the reader shows that state."""
    begun = time.monotonic()
    while device.card() is not state:
        assert time.monotonic() - begun < within_s, f"{device.card()} instead of {state}"
        await asyncio.sleep(0.005)
    return time.monotonic() - begun


async def refused(device: PcscIdReader) -> FaultCode:
    with pytest.raises(DeviceFault) as fault:
        await device.read(AccessKey(can="123456"), 2)
    return fault.value.code


def test_every_insertion_and_removal_is_seen(daemon: Daemon, trust: str) -> None:
    async def story() -> None:
        async with opened(trust) as device:
            assert device.card() is CardState.ABSENT
            assert await refused(device) is FaultCode.NO_MEDIA
            for slot in (0, 1) * (CYCLES // 2):
                with Slip(daemon.port + slot, silent):
                    await seen(device, CardState.PRESENT)
                await seen(device, CardState.ABSENT)
            observed = await device.probe()
            assert (observed.faults, observed.simulated) == (frozenset(), True)
            assert dict(observed.values) == {"card": "absent", "slots": f"{READER} 00 00, {READER} 00 01"}

    asyncio.run(story())


def test_a_card_that_came_and_went_between_two_looks_leaves_a_trace(daemon: Daemon, trust: str) -> None:
    async def story() -> None:
        async with opened(trust) as device:
            before = device.sight
            with Slip(daemon.port, silent):
                time.sleep(0.6)  # noqa: ASYNC251  # the loop shall look at nothing meanwhile
            time.sleep(0.6)  # noqa: ASYNC251  # the same
            await asyncio.sleep(0)
            assert device.card() is CardState.ABSENT
            assert device.sight != before

    asyncio.run(story())


def test_a_reader_that_was_closed_shows_nothing_that_was_on_its_way(daemon: Daemon, trust: str) -> None:
    async def story() -> None:
        async with opened(trust) as device:
            with Slip(daemon.port, silent):
                time.sleep(1.0)  # noqa: ASYNC251  # the monitor has told, the loop has not listened yet
                await device.close()
                await asyncio.sleep(0)
                assert device.card() is CardState.ABSENT
                with pytest.raises(DeviceFault, match="the reader is not open"):
                    await device.probe()

    asyncio.run(story())


def test_two_cards_are_a_collision_until_one_is_taken_away(daemon: Daemon, trust: str) -> None:
    async def story() -> None:
        async with opened(trust) as device:
            with Slip(daemon.port, silent):
                with Slip(daemon.port + 1, silent):
                    await seen(device, CardState.COLLISION)
                    assert (await device.probe()).faults == {FaultCode.MEDIA_COLLISION}
                    assert await refused(device) is FaultCode.MEDIA_COLLISION
                await seen(device, CardState.PRESENT)
            await seen(device, CardState.ABSENT)

    asyncio.run(story())


def test_an_answer_to_reset_of_two_cards_at_once_is_a_collision(daemon: Daemon, trust: str) -> None:
    async def story() -> None:
        async with opened(trust) as device:
            with Slip(daemon.port, silent, atr=bytes.fromhex("3BFF1100")):
                await seen(device, CardState.COLLISION)
            await seen(device, CardState.ABSENT)

    asyncio.run(story())


def test_a_killed_daemon_is_a_removal_at_once_and_all_is_well_after_its_return(daemon: Daemon, trust: str) -> None:
    async def story() -> None:
        async with opened(trust) as device:
            with Slip(daemon.port, silent):
                await seen(device, CardState.PRESENT)
                daemon.kill()
                assert await seen(device, CardState.ABSENT) < 0.5
            with pytest.raises(DeviceFault, match="no_service"):
                await device.probe()
            assert await refused(device) is FaultCode.NO_SERVICE
            daemon.start()
            with Slip(daemon.port, silent):
                await seen(device, CardState.PRESENT, 3)

    asyncio.run(story())


def test_a_daemon_that_hangs_is_lost_within_two_seconds(daemon: Daemon, trust: str) -> None:
    async def story() -> None:
        async with opened(trust) as device:
            with Slip(daemon.port, silent):
                await seen(device, CardState.PRESENT)
                daemon.signal(signal.SIGSTOP)
                try:
                    await seen(device, CardState.ABSENT, 2)
                    assert await refused(device) is FaultCode.NO_SERVICE
                finally:
                    daemon.signal(signal.SIGCONT)
                await seen(device, CardState.PRESENT, 2)

    asyncio.run(story())


def test_the_supervisor_shows_the_loss_within_two_seconds_and_the_return(daemon: Daemon, trust: str) -> None:
    async def story() -> None:
        supervisor = Supervisor([PcscIdReader("id_reader", READER, trust, simulated=True)], seed=1)
        await supervisor.start()
        try:
            assert (await until(supervisor, DeviceState.ONLINE, 5)).simulated
            daemon.kill()
            lost = await until(supervisor, DeviceState.OFFLINE, 2)
            assert lost.faults == {FaultCode.NO_SERVICE}
            daemon.start()
            await until(supervisor, DeviceState.ONLINE, 15)
        finally:
            await supervisor.stop()

    asyncio.run(story())


async def until(supervisor: Supervisor, state: DeviceState, within_s: float) -> Status:
    end = time.monotonic() + within_s
    while (status := supervisor.status("id_reader")).state is not state:
        assert time.monotonic() < end, status
        await asyncio.sleep(0.02)
    return status


def test_a_reader_of_another_name_is_not_ours(daemon: Daemon, trust: str) -> None:
    async def story() -> None:
        async with opened(trust, "Elsewhere") as device:
            with Slip(daemon.port, silent):
                await asyncio.sleep(1)
                assert device.card() is CardState.ABSENT
            with pytest.raises(DeviceFault, match=f"begins with 'Elsewhere', there are {READER} 00 00, "):
                await device.probe()

    asyncio.run(story())


def test_the_monitor_ends_with_its_reader(daemon: Daemon, trust: str) -> None:
    def watching() -> list[str]:
        return [thread.name for thread in threading.enumerate() if thread.name == "pcsc-monitor"]

    async def story() -> None:
        async with opened(trust):
            assert watching()
        end = time.monotonic() + 2
        while watching():
            assert time.monotonic() < end
            await asyncio.sleep(0.02)

    asyncio.run(story())
