"""KR-CU frames, and the locker's driver against its peer on a pty."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devices import doors
from devices.bench.locker import CuLockerPeer, Wall
from devices.krcu import PROFILES, FrameError, decode, decode_bus, encode, sealed
from devices.locker_cu import CuLocker
from devices.ports import DeviceFault, FaultCode

CU16, BUS, LOW, CU48 = (PROFILES[name] for name in ("cu16", "cu16_bus", "cu16_board_low", "cu48"))


@asynccontextmanager
async def wall(
    tmp_path: Path, doors: int = 16, profile: str = "cu16", sensors: bool = True, open_loop: bool = False
) -> AsyncIterator[tuple[Wall, CuLockerPeer, CuLocker]]:
    real = Wall(doors)
    peer = CuLockerPeer(real, tmp_path / "locker.tty", seed=1, slow_s=0.15)
    boards = {16: 1, 32: 2, 48: 1}[doors]
    locker = CuLocker("locker", await peer.start(), boards, profile, sensors, open_loop, simulated=True)
    await locker.open()
    try:
        yield real, peer, locker
    finally:
        await locker.close()
        await peer.stop()


@pytest.mark.parametrize(
    ("frame", "wire"),
    [
        (encode(CU16, 0, 0, 0x30), "02 00 30 03 35"),
        (encode(CU16, 0, 0, 0x31), "02 00 31 03 36"),
        (encode(CU16, 1, 3, 0x31), "02 13 31 03 49"),
        (encode(LOW, 1, 3, 0x31), "02 31 31 03 67"),
        (encode(CU16, 15, 0, 0x32), "02 f0 32 03 27"),
        (encode(CU48, 0, 0, 0x60), "02 00 00 60 03 65"),
        (encode(CU48, 0, 0, 0x61), "02 00 00 61 03 66"),
    ],
)
def test_commands_are_what_boards_are_known_to_hear(frame: bytes, wire: str) -> None:
    assert frame.hex(" ") == wire


def test_a_board_tells_its_locks_from_the_lowest_bit_and_the_whole_bus_board_by_board() -> None:
    state = decode(CU16, bytes.fromhex("02 10 35 fb 7f 01 80 03") + b"\x45", 1)
    assert [at + 1 for at, locked in enumerate(state.locked) if not locked] == [3, 16]
    assert [at + 1 for at, sensed in enumerate(state.sensed) if sensed] == [1, 16]
    bus = sealed(bytes([2, 0xF0, 0x36, 0xFF, 0xFF, 0, 0, 0xFE, 0xFF, 0, 0, 3]))
    first, second = decode_bus(BUS, bus, 2)
    assert all(first.locked)
    assert second.locked.index(False) == 0
    second_generation = sealed(bytes([2, 0, 0, 0x75, *b"\xff\xff\xff\xff\xff\x7f", 3]))
    assert decode(CU48, second_generation, 0).locked.index(False) == 47
    assert decode(CU48, second_generation, 0).sensed == ()


def examples(seed: int, count: int) -> int:
    """Random and spoilt answers through the decoder; how many were believed. A campaign calls this.

    What is believed is a frame to the letter: its bytes are those that the state itself would be sent as.
    """
    chance, believed = random.Random(seed), 0
    for _ in range(count):
        profile, board = chance.choice((CU16, LOW, CU48)), chance.randrange(3)
        head = encode(profile, board, 0, profile.answer)[: profile.head_bytes]
        frame = bytearray(sealed(head + chance.randbytes(profile.state_bytes) + b"\x03"))
        for _ in range(chance.choice((0, 1, 1, 2, 5))):
            frame[chance.randrange(len(frame))] = chance.randrange(256)
        raw = bytes(frame) if chance.random() < 0.8 else chance.randbytes(chance.randint(0, 40))
        try:
            state = decode(profile, raw, board)
        except FrameError:
            continue
        sent = bytes(
            sum(on << at for at, on in enumerate(bits[start : start + 8]))
            for bits in (state.locked, state.sensed)
            for start in range(0, len(bits), 8)
        )
        assert raw == sealed(head + sent + b"\x03")
        believed += 1
    return believed


def test_a_sample_of_the_fuzz_campaign() -> None:
    assert 300 < examples(7, 4000) < 2000


def test_a_door_counts_as_open_only_when_its_sensors_say_so(tmp_path: Path) -> None:
    async def story() -> None:
        async with wall(tmp_path) as (real, _, locker):
            assert locker.doors == 16
            assert all(door.locked and door.closed for door in await locker.look())
            opened = await locker.open_door(3, 2)
            assert (opened.door, opened.locked, opened.closed) == (3, False, False)
            assert real.open == [3]
            assert dict((await locker.probe()).values) == {"doors": "16", "open": "3"}
            with pytest.raises(DeviceFault, match="door_open: door 3 is already open"):
                await locker.open_door(3, 1)
            real.close(3)
            assert (await locker.look())[2].locked

    asyncio.run(story())


def test_the_second_generation_has_no_leaf_sensor_and_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        async with wall(tmp_path, 48, "cu48", sensors=False) as (real, _, locker):
            opened = await locker.open_door(48, 2)
            assert (opened.locked, opened.closed) == (False, None)
            assert real.open == [48]

    asyncio.run(story())


@pytest.mark.parametrize("profile", ["cu16", "cu16_bus"])
def test_doors_count_on_from_board_to_board(tmp_path: Path, profile: str) -> None:
    async def story() -> None:
        async with wall(tmp_path, 32, profile) as (real, peer, locker):
            assert locker.doors == 32
            assert (await locker.open_door(20, 2)).door == 20
            assert real.open == [20]
            assert [door.door for door in await locker.look() if not door.locked] == [20]
            peer.order("wrong_address")
            with pytest.raises(DeviceFault, match="protocol: the answer of another"):
                await locker.look()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("jammed", FaultCode.DOOR_STUCK),
        ("leaf_stuck", FaultCode.DOOR_STUCK),
        ("sensor_stuck", FaultCode.DOOR_STUCK),
        ("wrong_door", FaultCode.DOOR_OPEN),
        ("mute", FaultCode.NO_RESPONSE),
        ("garbage", FaultCode.PROTOCOL),
        ("half_frame", FaultCode.PROTOCOL),
        ("wrong_sum", FaultCode.PROTOCOL),
        ("wrong_address", FaultCode.PROTOCOL),
        ("unplug", FaultCode.DISCONNECTED),
    ],
)
def test_a_faulty_wall_never_says_that_a_door_has_opened(tmp_path: Path, fault: str, code: FaultCode) -> None:
    async def story() -> None:
        async with wall(tmp_path) as (_, peer, locker):
            peer.order(fault)
            begun = time.monotonic()
            with pytest.raises(DeviceFault) as caught:
                await locker.open_door(7, 0.8)
            assert caught.value.code is code
            assert time.monotonic() - begun < 2.0

    asyncio.run(story())


def test_a_leaf_that_stays_shut_behind_an_open_lock_is_stuck_only_where_it_has_a_sensor(tmp_path: Path) -> None:
    async def story() -> None:
        async with wall(tmp_path, sensors=False) as (_, peer, locker):
            peer.order("leaf_stuck")
            assert (await locker.open_door(7, 0.8)).closed is None

    asyncio.run(story())


@pytest.mark.parametrize("fault", ["unplug", "mute", "wrong_sum"])
def test_a_board_that_is_lost_after_the_command_leaves_the_outcome_unknown(tmp_path: Path, fault: str) -> None:
    async def story() -> None:
        async with wall(tmp_path) as (real, peer, locker):
            peer.order("jammed")
            opening = asyncio.create_task(locker.open_door(7, 2))
            await asyncio.sleep(0.3)
            peer.order(fault)
            with pytest.raises(DeviceFault, match="outcome_unknown"):
                await opening
            assert real.open == []

    asyncio.run(story())


def test_a_slow_board_is_waited_for_and_a_replugged_one_found_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with wall(tmp_path) as (real, peer, locker):
            peer.order("slow")
            await locker.open_door(1, 3)
            peer.order("unplug")
            for ask in (locker.probe, locker.open):
                with pytest.raises(DeviceFault, match="disconnected"):
                    await ask()
            peer.order("unplug", on=False)
            await locker.open()
            assert real.open == [1]
            assert not (await locker.probe()).faults

    asyncio.run(story())


def test_a_wall_without_feedback_never_says_open_or_closed(tmp_path: Path) -> None:
    async def story() -> None:
        async with wall(tmp_path, sensors=False, open_loop=True) as (real, peer, locker):
            with pytest.raises(DeviceFault, match="no_sensor: door 5: commanded"):
                await locker.open_door(5, 1)
            await asyncio.sleep(0.3)
            assert real.open == [5]
            assert await locker.look() == ()
            observed = await locker.probe()
            assert observed.faults == {FaultCode.NO_SENSOR}
            assert dict(observed.values)["open"] == "unknown"
            peer.order("unplug")
            with pytest.raises(DeviceFault, match="disconnected"):
                await locker.open_door(6, 1)

    asyncio.run(story())


def test_opening_and_closing_the_driver_moves_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with wall(tmp_path) as (real, _, locker):
            for _ in range(3):
                await locker.close()
                await locker.open()
                await locker.probe()
            await asyncio.sleep(0.3)
            assert real.open == []

    asyncio.run(story())


def test_a_door_left_open_is_shown(tmp_path: Path) -> None:
    async def story() -> None:
        async with wall(tmp_path) as (_, peer, locker):
            peer.order("door_left_open")
            assert dict((await locker.probe()).values)["open"] == "1"

    asyncio.run(story())


def test_a_board_that_answers_the_unlocking_is_not_misheard(tmp_path: Path) -> None:
    """Its answer shows the lock as it was before it moved."""

    async def story() -> None:
        real = Wall()
        peer = CuLockerPeer(real, tmp_path / "locker.tty", talkative=True)
        locker = CuLocker("locker", await peer.start(), door_sensors=True)
        await locker.open()
        for door in range(1, 7):
            assert (await locker.open_door(door, 2)).closed is False
        await locker.close()
        await peer.stop()

    asyncio.run(story())


@pytest.mark.parametrize("door", [0, 17, -1])
def test_a_door_that_is_not_there_is_refused(door: int) -> None:
    with pytest.raises(DeviceFault, match=r"misconfigured: door .* this wall has doors 1 to 16"):
        asyncio.run(CuLocker("locker", "none").open_door(door, 1))


def test_options_that_no_board_can_have_are_refused() -> None:
    with pytest.raises(ValueError, match="profile = 'cu99' is no kind of KR-CU board; use one of cu16"):
        CuLocker("locker", "none", profile="cu99")
    with pytest.raises(ValueError, match="boards = 16: write 1 to 15"):
        CuLocker("locker", "none", boards=16)
    with pytest.raises(ValueError, match="door_sensors: boards of profile 'cu48' have none"):
        CuLocker("locker", "none", profile="cu48", door_sensors=True)


def test_a_door_that_nobody_asked_for_was_forced_and_one_that_was_may_stand_open_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with wall(tmp_path) as (place, _, locker):
            assert not (await locker.probe()).faults
            await locker.open_door(3, 3)
            assert not (await locker.probe()).faults
            place.release(7)
            forced = await locker.probe()
            assert (forced.faults, forced.detail) == (frozenset({FaultCode.DOOR_FORCED}), "door_forced: 7")
            monkeypatch.setattr(doors, "ATTENDED_S", 0.0)
            both = await locker.probe()
            assert (both.faults, both.detail) == (
                frozenset({FaultCode.DOOR_FORCED, FaultCode.DOOR_OPEN}), "door_forced: 7; door_open: 3",
            )  # fmt: skip
            place.close(3)
            place.close(7)
            assert not (await locker.probe()).faults

    asyncio.run(story())


def test_a_door_that_stood_open_before_the_first_look_was_left_open(tmp_path: Path) -> None:
    async def story() -> None:
        async with wall(tmp_path) as (place, _, locker):
            place.release(7)
            assert (await locker.probe()).faults == {FaultCode.DOOR_OPEN}

    asyncio.run(story())
