"""The ESC/POS driver against a peer on the wire: the whole picture, every fault, and what no answer means."""

from __future__ import annotations

import asyncio
import functools

import pytest

from devices.bench.escpos import EscPosPeer
from devices.bench.printer import FAULTS
from devices.escpos_status import observe
from devices.ports import DeviceFault, FaultCode, Observation, PaperState, Picture, Printed
from devices.receipt_printer import CLEAR, ReceiptPrinter, encode, strips
from tests.devices import printers

PICTURE = printers.noise(576, 300)


@pytest.fixture(scope="module")
def trials() -> dict[str, printers.Trial]:
    return printers.trials(
        lambda seed: (EscPosPeer(seed=seed), functools.partial(ReceiptPrinter, "receipt", "127.0.0.1", simulated=True)),
        PICTURE,
    )


def shown(picture: Picture) -> bytes:
    return b"".join(command[8:] for command in strips(picture))


def test_the_page_is_the_picture_with_white_at_the_cut(trials: dict[str, printers.Trial]) -> None:
    page = trials["none"].pages[0]
    assert page.rows.startswith(shown(PICTURE))
    assert not any(page.rows[len(PICTURE.rows) :])
    assert (page.width, page.height > PICTURE.height) == (576, True)
    assert trials["none"].errors == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_its_outcome(trials: dict[str, printers.Trial], fault: str) -> None:
    printers.assert_outcome(fault, trials[fault])


def test_a_probe_tells_paper_and_simulation(trials: dict[str, printers.Trial]) -> None:
    low = trials["paper_low"].seen
    assert low == Observation(frozenset({FaultCode.CONSUMABLE_LOW}), (("paper", "low"),), simulated=True)
    assert trials["mute"].seen is FaultCode.NO_RESPONSE


def test_a_real_time_command_in_the_picture_costs_one_dot() -> None:
    picture = Picture(32, 1, 203, b"\x10\x04\x10\x14")
    assert shown(picture) == b"\x18\x04\x18\x14"
    assert shown(Picture(32, 1, 203, b"\x10\x06\x04\x10")) == b"\x10\x06\x04\x10"


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        ("12 12 12 12", set()),
        ("1a 36 12 72", {FaultCode.COVER_OPEN, FaultCode.CONSUMABLE_OUT}),
        ("1a 12 12 12", {FaultCode.PAUSED}),
        ("1a 12 12 1e", {FaultCode.PAUSED, FaultCode.CONSUMABLE_LOW}),
        ("1a 1a 12 12", {FaultCode.BUSY}),
        ("1a 52 16 12", {FaultCode.JAM}),
        ("1a 52 1a 12", {FaultCode.CUTTER_STUCK}),
        ("1a 52 52 12", {FaultCode.OVERHEATED}),
        ("1a 52 12 12", {FaultCode.INTERNAL}),
        ("1a 52 32 12", {FaultCode.INTERNAL}),
    ],
)
def test_status_bits(answers: str, faults: set[FaultCode]) -> None:
    assert observe(bytes.fromhex(answers)).faults == faults


@pytest.mark.parametrize("answers", ["", "12 12 12", "12 12 12 00", "ff 12 12 12", "92 12 12 12"])
def test_bits_that_are_no_status_are_refused(answers: str) -> None:
    with pytest.raises(DeviceFault) as raised:
        observe(bytes.fromhex(answers))
    assert raised.value.code is FaultCode.PROTOCOL


def test_a_picture_wider_than_the_head_is_refused() -> None:
    with pytest.raises(DeviceFault) as raised:
        encode(printers.noise(640, 8), 576)
    assert raised.value.code is FaultCode.MISCONFIGURED


def test_half_a_job_from_before_spoils_nothing() -> None:
    async def after_half() -> tuple[object, ...]:
        peer = EscPosPeer()
        driver = ReceiptPrinter("receipt", "127.0.0.1", await peer.start())
        await printers.send_half(peer.port, encode(PICTURE, 576))
        result = await printers.attempt(driver, "job", PICTURE)
        await driver.close()
        await peer.stop()
        return result, [page.picture.rows.startswith(shown(PICTURE)) for page in peer.pages], peer.errors

    assert asyncio.run(after_half()) == (Printed("job", PaperState.FULL), [True], [])


def test_the_peer_records_what_it_does_not_know() -> None:
    async def text() -> list[str]:
        peer = EscPosPeer()
        _, writer = await asyncio.open_connection("127.0.0.1", await peer.start())
        writer.write(b"\x1b@hello")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()
        await peer.stop()
        return peer.errors

    assert len(asyncio.run(text())) == 5


def test_a_probe_waits_for_its_turn_and_two_jobs_do_not_mix() -> None:
    async def both() -> tuple[object, ...]:
        peer = EscPosPeer(page_s=0.3)
        driver = ReceiptPrinter("receipt", "127.0.0.1", await peer.start())
        jobs = (driver.print("a", PICTURE, 5.0), driver.print("b", PICTURE, 5.0), driver.probe())
        results = await asyncio.gather(*jobs, return_exceptions=True)
        await driver.close()
        await peer.stop()
        return *results[:2], len(peer.pages), peer.connections

    assert asyncio.run(both()) == (Printed("a", PaperState.FULL), Printed("b", PaperState.FULL), 2, 1)


def test_a_page_on_the_waste_of_another_is_seen_by_the_peer() -> None:
    async def raw() -> list[str]:
        peer = EscPosPeer()
        await printers.send_half(await peer.start(), encode(PICTURE, 576))
        await asyncio.sleep(0.1)
        _, writer = await asyncio.open_connection("127.0.0.1", peer.port)
        writer.write(CLEAR + encode(PICTURE, 576))
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()
        await peer.stop()
        return peer.errors

    assert asyncio.run(raw()) == ["a page hangs on the waste of another"]
