"""The MT-SICS driver against its peer on a pty."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from devices.bench.scale import ScalePeer
from devices.bench.world import Parcel, World
from devices.ports import DeviceFault, FaultCode
from devices.scale import READING, MtSicsScale, parse
from devices.weighing import GRAMS_PER
from tests.devices.scales import tared_and_cleared

REPLY_S = 0.3


@asynccontextmanager
async def table(tmp_path: Path) -> AsyncIterator[tuple[World, ScalePeer, MtSicsScale]]:
    world = World(seed=1)
    peer = ScalePeer(world, tmp_path / "scale.tty", seed=1, slow_s=0.15)
    scale = MtSicsScale("scale", await peer.start(), reply_s=REPLY_S, simulated=True)
    await scale.open()
    try:
        yield world, peer, scale
    finally:
        await scale.close()
        await peer.stop()


def test_a_parcel_is_weighed_once_it_is_still(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (world, _, scale):
            assert (await scale.stable_weight(1)).grams == 0
            world.put(Parcel(340, 250, 180, 2405))
            assert (await scale.load()).stable is False
            weight = await scale.stable_weight(3)
            assert (weight.grams, weight.decimal, weight.serial) == (2405, "2.405", "B000000001")
            assert weight.raw == "S S      2.405 kg"
            world.take()
            assert (await scale.stable_weight(3)).grams == 0

    asyncio.run(story())


def test_zero_is_set_on_a_still_pan_only(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (world, _, scale):
            world.put(Parcel(100, 100, 50, 40))
            with pytest.raises(DeviceFault, match="unstable"):
                await scale.zero()
            await scale.stable_weight(3)
            await scale.zero()
            assert (await scale.load()).grams == 0
            world.take()
            assert (await scale.stable_weight(3)).grams == -40

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("mute", FaultCode.NO_RESPONSE),
        ("garbage", FaultCode.PROTOCOL),
        ("half_frame", FaultCode.PROTOCOL),
        ("unplug", FaultCode.DISCONNECTED),
        ("moving", FaultCode.UNSTABLE),
        ("overload", FaultCode.OVERLOAD),
        ("underload", FaultCode.UNDERLOAD),
        ("tared", FaultCode.TARED),
    ],
)
def test_a_faulty_scale_gives_no_weight(tmp_path: Path, fault: str, code: FaultCode) -> None:
    async def story() -> None:
        async with table(tmp_path) as (world, peer, scale):
            world.put(Parcel(340, 250, 180, 2405))
            await scale.stable_weight(3)
            peer.order(fault)
            begun = time.monotonic()
            with pytest.raises(DeviceFault) as caught:
                await scale.stable_weight(1.0)
            assert caught.value.code is code
            assert time.monotonic() - begun < 1.0 + 3 * REPLY_S

    asyncio.run(story())


def test_a_slow_scale_is_waited_for(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (_, peer, scale):
            peer.order("slow")
            assert (await scale.stable_weight(2)).grams == 0

    asyncio.run(story())


def test_a_probe_shows_overload_and_not_the_last_good_reading(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (_, peer, scale):
            assert dict((await scale.probe()).values)["load"] == "0.000 kg"
            peer.order("overload")
            observed = await scale.probe()
            assert observed.faults == {FaultCode.OVERLOAD}
            assert "load" not in dict(observed.values)
            assert observed.simulated
            assert (await scale.load()).grams is None

    asyncio.run(story())


def test_a_reply_that_comes_too_late_is_never_taken_for_the_next(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (world, peer, scale):
            peer._slow_s = 2 * REPLY_S
            peer.order("slow")
            with pytest.raises(DeviceFault, match="no_response"):
                await scale.stable_weight(1)
            peer.order("slow", on=False)
            world.put(Parcel(340, 250, 180, 2405))
            with pytest.raises(DeviceFault, match="disconnected"):
                await scale.stable_weight(1)
            await asyncio.sleep(2 * REPLY_S)
            await scale.open()
            assert (await scale.stable_weight(3)).grams == 2405

    asyncio.run(story())


def test_a_replugged_scale_is_found_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (_, peer, scale):
            peer.order("unplug")
            with pytest.raises(DeviceFault, match="disconnected"):
                await scale.probe()
            with pytest.raises(DeviceFault, match="disconnected"):
                await scale.open()
            peer.order("unplug", on=False)
            await scale.open()
            assert not (await scale.probe()).faults

    asyncio.run(story())


@pytest.mark.parametrize(
    ("frame", "grams"),
    [("S S      2.405 kg", 2405), ("S S     -3.2 g", -3), ("S D 0.0005 kg", 1), ("S S 2405 g", 2405)],
)
def test_frames_become_whole_grams_without_floats(frame: str, grams: int) -> None:
    assert parse(frame).grams == grams
    assert all(isinstance(factor, Decimal) for factor in GRAMS_PER.values())


@pytest.mark.parametrize("frame", ["S S 2.405 lb", "S S 2,405 kg", "S S kg", "S S 1e3 kg", "S S 2.405 kg x", "ES"])
def test_frames_that_are_not_plain_are_refused(frame: str) -> None:
    assert READING.fullmatch(frame) is None


def test_a_tare_is_shown_and_nothing_is_charged_until_it_is_cleared(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (world, _, scale):
            await tared_and_cleared(world, scale, "2.405 kg")

    asyncio.run(story())


def test_a_tare_set_at_the_instrument_itself_is_seen_at_once_by_who_would_charge(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (world, peer, scale):
            world.put(Parcel(340, 250, 180, 2405))
            await scale.stable_weight(3)
            peer.order("tared")
            with pytest.raises(DeviceFault, match="tared"):
                await scale.stable_weight(0.2)
            await scale.close()
            await scale.open()
            assert (await scale.load()).grams is None

    asyncio.run(story())


def test_an_instrument_that_cannot_say_its_tare_is_not_charged_by(tmp_path: Path) -> None:
    class Old(ScalePeer):
        async def _said(self, command: str) -> str:
            return "ES" if command == "TA" else await super()._said(command)

    async def story() -> None:
        peer = Old(World(), tmp_path / "scale.tty")
        scale = MtSicsScale("scale", await peer.start(), reply_s=REPLY_S)
        with pytest.raises(DeviceFault, match="unsupported"):
            await scale.open()
        await scale.close()
        await peer.stop()

    asyncio.run(story())
