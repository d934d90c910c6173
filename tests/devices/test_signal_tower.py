"""The signal tower's driver against its peer: what is shown is what is read back, and silence is an alarm."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from devices.bench.signal_tower import SignalTowerPeer
from devices.ports import DeviceFault, FaultCode, Lamp
from devices.signal_tower import ModbusTower
from devices.supervisor import Pace, Supervisor

GREEN, RED = frozenset({Lamp.GREEN}), frozenset({Lamp.RED, Lamp.SIREN})
WATCHDOG_S = 1.0


@asynccontextmanager
async def tower() -> AsyncIterator[tuple[SignalTowerPeer, ModbusTower]]:
    peer = SignalTowerPeer(WATCHDOG_S, slow_s=0.15)
    driver = ModbusTower("signal_tower", await peer.start(), 1, True, True, simulated=True)
    await driver.open()
    try:
        yield peer, driver
    finally:
        await driver.close()
        await peer.stop()


def test_a_board_that_was_never_told_is_an_alarm_and_opening_the_driver_changes_nothing() -> None:
    async def story() -> None:
        async with tower() as (peer, driver):
            observed = await driver.probe()
            assert dict(observed.values) == {"shows": "alarm", "alarm": "yes"}
            assert not observed.faults
            assert peer.alarm
            await driver.show(GREEN, False, 2)
            await driver.close()
            await driver.open()
            assert peer.lit == (True, False, False, False)
            assert not peer.alarm

    asyncio.run(story())


def test_what_is_shown_can_be_seen_and_heard() -> None:
    async def story() -> None:
        async with tower() as (peer, driver):
            await driver.show(GREEN, False, 2)
            assert (peer.lit, peer.alarm) == ((True, False, False, False), False)
            await driver.show(RED, True, 2)
            assert (peer.lit, peer.alarm) == ((False, False, True, True), True)
            assert dict((await driver.probe()).values) == {"shows": "red, siren, alarm", "alarm": "yes"}

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("relay_stuck", FaultCode.PROTOCOL),
        ("no_power", FaultCode.NO_POWER),
        ("mute", FaultCode.NO_RESPONSE),
        ("error_reply", FaultCode.PROTOCOL),
        ("unplug", FaultCode.DISCONNECTED),
    ],
)
def test_nothing_counts_as_shown_that_the_board_does_not_read_back(fault: str, code: FaultCode) -> None:
    async def story() -> None:
        async with tower() as (peer, driver):
            await driver.show(GREEN, False, 2)
            peer.order(fault)
            await asyncio.sleep(0.05)
            with pytest.raises(DeviceFault) as caught:
                await driver.show(RED, True, 1.5)
            assert caught.value.code is code
            if fault in ("relay_stuck", "no_power"):
                assert code in (await driver.probe()).faults

    asyncio.run(story())


def test_a_slow_board_is_waited_for_within_the_deadline() -> None:
    async def story() -> None:
        async with tower() as (peer, driver):
            peer.order("slow")
            await driver.show(GREEN, False, 3)
            with pytest.raises(DeviceFault, match="no_response"):
                await driver.show(RED, False, 0.2)

    asyncio.run(story())


def test_while_the_branch_lives_the_relay_holds_and_when_it_dies_the_relay_drops() -> None:
    async def story() -> None:
        async with tower() as (peer, driver):
            supervisor = Supervisor([driver], Pace(period_s=0.2, fresh_s=5.0, deadline_s=3.0), seed=1)
            await supervisor.start()
            assert (await supervisor.ready("signal_tower")).usable
            await driver.show(GREEN, False, 2)
            await asyncio.sleep(2.5 * WATCHDOG_S)
            assert (peer.alarm, any(peer.lit)) == (False, True)
            await supervisor.stop()
            assert (peer.alarm, any(peer.lit)) == (False, True)
            await asyncio.sleep(1.3 * WATCHDOG_S)
            assert (peer.alarm, any(peer.lit)) == (True, False)

    asyncio.run(story())


def test_a_relay_that_dropped_while_nobody_looked_is_seen_at_the_next_look() -> None:
    async def story() -> None:
        async with tower() as (_, driver):
            await driver.show(GREEN, False, 2)
            await asyncio.sleep(1.3 * WATCHDOG_S)
            observed = await driver.probe()
            assert observed.faults == {FaultCode.PROTOCOL}
            assert observed.detail == "shows alarm, not what was asked"
            await driver.show(GREEN, False, 2)
            assert not (await driver.probe()).faults

    asyncio.run(story())


def test_two_who_show_at_once_and_one_who_looks_do_not_mix() -> None:
    """The branch shows its lamps while staff try them: neither reads back what the other asked for."""

    async def story() -> None:
        async with tower() as (peer, driver):
            peer.order("slow")
            both = (driver.show(GREEN, False, 8), driver.show(RED, True, 8))
            *_, seen = await asyncio.gather(*both, driver.probe())
            assert (seen.faults, peer.lit) == (frozenset(), (False, False, True, True))

    asyncio.run(story())
