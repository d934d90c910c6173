"""The driver of a continuous format against its peer on a pty."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path

import pytest

from devices.bench.scale_stream import StreamScalePeer
from devices.bench.world import Parcel, World
from devices.ports import DeviceFault, FaultCode
from devices.scale import parse as mt_sics
from devices.scale_stream import StreamScale, parse
from tests.devices.scales import tared_and_cleared

REPLY_S = 0.4
FRAME = "ST,GS,+0002.345kg"


@asynccontextmanager
async def table(tmp_path: Path) -> AsyncIterator[tuple[World, StreamScalePeer, StreamScale]]:
    world = World(seed=1)
    peer = StreamScalePeer(world, tmp_path / "scale.tty", seed=1, slow_s=0.15)
    scale = StreamScale("scale", await peer.start(), "D000000002", reply_s=REPLY_S, simulated=True)
    await scale.open()
    try:
        yield world, peer, scale
    finally:
        await scale.close()
        await peer.stop()


def test_a_parcel_is_weighed_once_it_is_still_and_its_frame_kept(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (world, _, scale):
            assert (await scale.stable_weight(1)).grams == 0
            world.put(Parcel(340, 250, 180, 2405))
            assert (await scale.load()).stable is False
            weight = await scale.stable_weight(3)
            assert (weight.grams, weight.decimal, weight.serial) == (2405, "2.405", "D000000002")
            assert weight.raw == "ST,GS,+0002.405kg"
            world.take()
            assert (await scale.stable_weight(3)).grams == 0

    asyncio.run(story())


def test_frames_that_lay_in_the_buffer_are_never_an_answer(tmp_path: Path) -> None:
    """For two seconds nobody reads: twenty frames of an empty pan wait when the parcel is already there."""

    async def story() -> None:
        async with table(tmp_path) as (world, _, scale):
            await asyncio.sleep(1.0)
            world.put(Parcel(340, 250, 180, 2405))
            await asyncio.sleep(1.0)
            assert (await scale.load()).grams == 2405

    asyncio.run(story())


def test_zero_is_believed_only_when_the_stream_shows_it(tmp_path: Path) -> None:
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
            world.put(Parcel(340, 250, 180, 5000))
            await scale.stable_weight(3)
            with pytest.raises(DeviceFault, match="overload"):
                await scale.zero()

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
        ("short_frame", FaultCode.PROTOCOL),
        ("pounds", FaultCode.PROTOCOL),
    ],
)
def test_a_faulty_scale_gives_no_weight(tmp_path: Path, fault: str, code: FaultCode) -> None:
    async def story() -> None:
        async with table(tmp_path) as (world, peer, scale):
            world.put(Parcel(340, 250, 180, 2405))
            await scale.stable_weight(3)
            peer.order(fault)
            await asyncio.sleep(0.15)
            begun = time.monotonic()
            with pytest.raises(DeviceFault) as caught:
                await scale.stable_weight(1.0)
            assert caught.value.code is code
            assert time.monotonic() - begun < 1.0 + 4 * REPLY_S

    asyncio.run(story())


def test_a_slow_stream_is_waited_for_and_a_replugged_one_found_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (_, peer, scale):
            peer.order("slow")
            assert (await scale.stable_weight(2)).grams == 0
            peer.order("unplug")
            with pytest.raises(DeviceFault, match="disconnected"):
                await scale.probe()
            peer.order("unplug", on=False)
            await scale.open()
            assert not (await scale.probe()).faults

    asyncio.run(story())


def test_a_probe_shows_overload_and_tare_and_not_the_last_good_reading(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (_, peer, scale):
            assert dict((await scale.probe()).values)["load"] == "0.000 kg"
            for fault, code in (("overload", FaultCode.OVERLOAD), ("tared", FaultCode.TARED)):
                peer.order(fault)
                await asyncio.sleep(0.15)
                observed = await scale.probe()
                assert observed.faults == {code}
                assert "load" not in dict(observed.values)
                assert (await scale.load()).grams is None
                peer.order(fault, on=False)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("frame", "grams"),
    [(FRAME, 2345), ("US,GS,-0000.040kg", -40), ("ST,GS,+  1.500kg", 1500), ("ST,GS,   245.6 g", 246),
     ("ST,GS,+00012.78 g", 13), ("ST,GS,+0000.000kg", 0)],
)  # fmt: skip
def test_the_frames_of_the_class_become_whole_grams(frame: str, grams: int) -> None:
    reading = parse(frame, len(frame))
    assert reading is not None
    assert reading.grams == grams
    assert reading.stable is frame.startswith("ST")


@pytest.mark.parametrize(
    "frame",
    ["ST,GS,+0002.345lb", "ST,GS,0002,345kg", "XX,GS,+0002.345kg", "ST,XX,+0002.345kg", "ST,GS,+0002.345", "ES", "",
     "ST,GS,*0002.345kg", "ST,GS,+00 2.345kg", "ST,GS,+0002.345kgx", "ST,GS,+0002.34٥kg"],
)  # fmt: skip
def test_frames_that_are_not_plain_are_refused(frame: str) -> None:
    assert parse(frame, len(frame)) is None
    assert parse(FRAME, 18) is None


def examples(seed: int, count: int) -> int:
    """Spoilt frames and noise through both scales' parsers; how many were taken as a weight. A campaign calls this.

    What is taken is a frame to the letter, worked out here another way: sign, digits, unit and flag where they belong.
    """
    chance, taken = random.Random(seed), 0
    for _ in range(count):
        frame = list(chance.choice((FRAME, "S S      2.405 kg", "S D     -3.2 g", "US,GS,-0000.040kg")))
        for _ in range(chance.choice((0, 1, 1, 2, 4))):
            frame[chance.randrange(len(frame))] = chr(chance.choice((chance.randrange(256), 0x665, 0xB2, 0xFF13)))
        text = "".join(frame[: chance.choice((len(frame), len(frame), chance.randint(0, 20)))])
        for reading in (parse(text, 17), mt_sics(text)):
            if reading is not None and reading.grams is not None:
                taken += 1
                assert reading.grams == worked_out(text)
                assert reading.stable is text.startswith(("ST,GS,", "S S "))
    return taken


def worked_out(text: str) -> int:
    """Grams of a frame of either kind by cutting it up from behind; ValueError for anything else."""
    assert text.isascii()
    body = text[6:] if text[:6] in ("ST,GS,", "US,GS,") else text[4:]
    body, factor = (body[:-2], 1000) if body.rstrip().endswith("kg") else (body.rstrip()[:-1], 1)
    body = body.replace(" ", "").removeprefix("+")
    thousandths = Fraction(body) * factor
    return int(abs(thousandths) + Fraction(1, 2)) * (-1 if thousandths < 0 else 1)


def test_a_sample_of_the_fuzz_campaign() -> None:
    assert examples(6, 4000) > 400


def test_a_scale_without_the_number_of_its_plate_is_refused() -> None:
    with pytest.raises(ValueError, match="serial_number = '': write the instrument's own"):
        StreamScale("scale", "none", "")


def test_a_tare_is_shown_and_nothing_is_charged_until_it_is_cleared(tmp_path: Path) -> None:
    async def story() -> None:
        async with table(tmp_path) as (world, _, scale):
            await tared_and_cleared(world, scale, "in force")

    asyncio.run(story())
