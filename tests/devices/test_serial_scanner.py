"""The serial scanner's driver against its peer on a pty."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devices.bench.scanner import ANSWER, ENQUIRY, ScannerPeer
from devices.ports import Code, DeviceFault, FaultCode
from devices.serial_scanner import KEPT, SerialScanner

NUMBER = "6899900000001"


@asynccontextmanager
async def counter(tmp_path: Path, enquiry: str = ENQUIRY) -> AsyncIterator[tuple[ScannerPeer, SerialScanner]]:
    peer = ScannerPeer(tmp_path / "scanner.tty", seed=1, slow_s=0.15)
    answer = ANSWER if enquiry else ""
    scanner = SerialScanner("code_reader", await peer.start(), 9600, enquiry, answer, fresh_s=0.5, simulated=True)
    scanner.reply_s = 0.4
    await scanner.open()
    try:
        yield peer, scanner
    finally:
        await scanner.close()
        await peer.stop()


def test_a_code_is_read_once_by_whoever_asks(tmp_path: Path) -> None:
    async def story() -> None:
        async with counter(tmp_path) as (peer, scanner):
            assert await scanner.scan(0.05) == ()
            waiting = asyncio.create_task(scanner.scan(2))
            await asyncio.sleep(0.05)
            peer.show(NUMBER)
            assert await waiting == (Code(NUMBER, "unknown", "code_reader"),)
            assert await scanner.scan(0.05) == ()
            peer.show("]C0" + NUMBER)
            assert await scanner.scan(1) == (Code(NUMBER, "Code128", "code_reader"),)

    asyncio.run(story())


def test_a_code_shown_before_the_question_is_no_answer_to_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with counter(tmp_path) as (peer, scanner):
            peer.show(NUMBER)
            await asyncio.sleep(0.8)
            assert await scanner.scan(0.05) == ()

    asyncio.run(story())


@pytest.mark.parametrize("fault", ["too_long", "control_chars", "wedge", "garbage", "half_frame", "mute"])
def test_a_spoilt_code_is_refused_whole_and_the_next_one_read(tmp_path: Path, fault: str) -> None:
    async def story() -> None:
        async with counter(tmp_path, "") as (peer, scanner):
            peer.order(fault)
            peer.show(NUMBER)
            assert await scanner.scan(0.4) == ()
            peer.order(fault, on=False)
            peer.show(NUMBER)
            assert await scanner.scan(1) == (Code(NUMBER, "unknown", "code_reader"),)
            refused = int(dict((await scanner.probe()).values)["refused"])
            assert refused >= (fault != "mute")

    asyncio.run(story())


def test_the_front_half_of_one_code_and_the_whole_of_the_next_are_not_one_code(tmp_path: Path) -> None:
    async def story() -> None:
        async with counter(tmp_path, "") as (peer, scanner):
            peer.send(NUMBER[:5].encode())
            await asyncio.sleep(0.4)
            peer.send(NUMBER[5:].encode() + b"\r\n")
            assert [code.text for code in await scanner.scan(1)] == [NUMBER[5:]]

    asyncio.run(story())


def test_a_flood_leaves_room_and_is_over_when_it_is_over(tmp_path: Path) -> None:
    async def story() -> None:
        async with counter(tmp_path) as (peer, scanner):
            peer.order("flood")
            await asyncio.sleep(0.3)
            assert 1 <= len(await scanner.scan(1)) <= KEPT
            peer.show(NUMBER)
            assert [code.text for code in await scanner.scan(1)] == [NUMBER]
            assert not (await scanner.probe()).faults

    asyncio.run(story())


def test_only_an_answer_proves_that_the_scanner_lives(tmp_path: Path) -> None:
    async def story() -> None:
        async with counter(tmp_path) as (peer, scanner):
            assert dict((await scanner.probe()).values)["proof"] == "answer"
            for fault in ("mute", "garbage", "half_frame"):
                peer.order(fault)
                with pytest.raises(DeviceFault, match="no_response"):
                    await scanner.probe()
                peer.order(fault, on=False)
            peer.order("slow")
            await scanner.probe()
        async with counter(tmp_path, "") as (peer, scanner):
            peer.order("mute")
            observed = await scanner.probe()
            assert dict(observed.values)["proof"] == "port only"
            assert observed.simulated

    asyncio.run(story())


@pytest.mark.parametrize("enquiry", ["", ENQUIRY])
def test_a_pulled_cable_ends_a_scan_at_once_and_a_replugged_one_is_found(tmp_path: Path, enquiry: str) -> None:
    async def story() -> None:
        async with counter(tmp_path, enquiry) as (peer, scanner):
            waiting = asyncio.create_task(scanner.scan(5))
            await asyncio.sleep(0.05)
            peer.order("unplug")
            with pytest.raises(DeviceFault) as caught:
                await asyncio.wait_for(waiting, 1)
            assert caught.value.code is FaultCode.DISCONNECTED
            for ask in (scanner.probe, scanner.open):
                with pytest.raises(DeviceFault, match="disconnected"):
                    await ask()
            peer.order("unplug", on=False)
            await scanner.open()
            peer.show(NUMBER)
            assert len(await scanner.scan(1)) == 1

    asyncio.run(story())


def test_whatever_bytes_come_only_plain_lines_become_codes(tmp_path: Path) -> None:
    """A hundred blocks of noise with a fixed seed."""

    async def story() -> None:
        async with counter(tmp_path, "") as (peer, scanner):
            chance = random.Random(5)
            for _ in range(100):
                peer.send(chance.randbytes(chance.randint(1, 300)) + chance.choice((b"\r\n", b"\r", b"", b"\n")))
                for code in await scanner.scan(0.005):
                    assert code.text.isascii()
                    assert code.text.isprintable()
                    assert len(code.text) <= 128
            peer.send(b"\r\n")
            await asyncio.sleep(0.1)
            await scanner.scan(0.01)
            peer.show(NUMBER)
            assert NUMBER in {code.text for code in await scanner.scan(1)}

    asyncio.run(story())


def test_half_an_enquiry_is_refused() -> None:
    with pytest.raises(ValueError, match="enquiry and answer go together"):
        SerialScanner("code_reader", "none", enquiry="VER?")
