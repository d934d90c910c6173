"""The ZPL driver against a peer on the wire: the whole label, every fault, and the counter as evidence."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.bench.printer import FAULTS
from devices.bench.zpl import ZplPeer
from devices.label_printer import LabelPrinter, encode
from devices.ports import DeviceFault, FaultCode, Observation, PaperState, Printed
from devices.zpl_status import errors_of, host_status
from tests.devices import printers

PICTURE = printers.noise(832, 400)


@pytest.fixture(scope="module")
def trials() -> dict[str, printers.Trial]:
    return printers.trials(
        lambda seed: (ZplPeer(seed=seed), functools.partial(LabelPrinter, "label", "127.0.0.1", simulated=True)),
        PICTURE,
    )


def test_the_label_is_the_picture(trials: dict[str, printers.Trial]) -> None:
    assert trials["none"].pages == (PICTURE,)
    assert trials["none"].errors == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_its_outcome(trials: dict[str, printers.Trial], fault: str) -> None:
    printers.assert_outcome(fault, trials[fault])


def test_a_probe_tells_paper_labels_and_simulation(trials: dict[str, printers.Trial]) -> None:
    low = trials["paper_low"].seen
    values = (("paper", "low"), ("labels", "4712"))
    assert low == Observation(frozenset({FaultCode.CONSUMABLE_LOW}), values, simulated=True)


async def printed_by(peer: ZplPeer) -> object:
    driver = LabelPrinter("label", "127.0.0.1", await peer.start())
    try:
        return await printers.attempt(driver, "job", PICTURE, 1.0)
    finally:
        await driver.close()
        await peer.stop()


def test_without_a_counter_nothing_is_called_printed() -> None:
    peer = ZplPeer(labels=None)
    assert asyncio.run(printed_by(peer)) is FaultCode.UNSUPPORTED
    assert peer.pages == []


def test_a_label_later_than_the_deadline_is_unknown() -> None:
    assert asyncio.run(printed_by(ZplPeer(page_s=2.0))) is FaultCode.OUTCOME_UNKNOWN


@pytest.mark.parametrize(
    ("mask", "fault"),
    [
        ("00000001", FaultCode.CONSUMABLE_OUT),
        ("00000002", FaultCode.CONSUMABLE_OUT),
        ("00000004", FaultCode.COVER_OPEN),
        ("00000008", FaultCode.CUTTER_STUCK),
        ("00000010", FaultCode.OVERHEATED),
        ("00000080", FaultCode.INTERNAL),
        ("00001000", FaultCode.JAM),
        ("00010000", FaultCode.PAUSED),
        ("00080000", FaultCode.MISCONFIGURED),
    ],
)
def test_error_masks(mask: str, fault: FaultCode) -> None:
    assert errors_of(f" PRINTER STATUS\r\n ERRORS: 1 00000000 {mask}\r\n WARNINGS: 0 00000000 00000000\r\n") == {fault}


def told(read: Callable[[], set[FaultCode]]) -> set[FaultCode]:
    """The faults that were read; an answer that cannot be read is PROTOCOL, any other exception a failure."""
    try:
        return read()
    except DeviceFault as fault:
        return {fault.code}


LETTERS = st.text(alphabet="0123456789ABCDEFERRORSWARNINGS:,\r\n ", max_size=90)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(LETTERS, st.lists(st.text(",01", max_size=40), max_size=4))
def test_any_answer_is_read_or_refused(frame: str, strings: list[str]) -> None:
    assert told(lambda: errors_of(frame)) == {FaultCode.PROTOCOL}
    right = [string.count(",") for string in strings] == [11, 10, 1]
    assert right or told(lambda: host_status(strings)) == {FaultCode.PROTOCOL}


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF))
def test_every_mask_is_read(error: int, warning: int) -> None:
    answer = f" ERRORS: 1 00000000 {error:08X}\r\n WARNINGS: 1 00000000 {warning:08X}\r\n"
    faults = errors_of(answer) - {FaultCode.CONSUMABLE_LOW}
    assert bool(faults) == bool(error)
    assert (FaultCode.CONSUMABLE_LOW in errors_of(answer)) == bool(warning & 0x8)


def test_an_answer_without_masks_is_no_good_news() -> None:
    with pytest.raises(DeviceFault) as raised:
        errors_of("PRINTER STATUS OK")
    assert raised.value.code is FaultCode.PROTOCOL


FINE = ["030,0,0,1367,000,0,0,0,000,0,0,0", "001,0,0,0,0,2,4,0,00000000,1,000", "1234,0"]


@pytest.mark.parametrize(
    ("first", "second", "faults"),
    [
        (FINE[0], FINE[1], set()),
        ("030,1,0,1367,000,0,0,0,000,0,0,0", FINE[1], {FaultCode.CONSUMABLE_OUT}),
        ("030,0,1,1367,000,0,0,0,000,0,0,0", FINE[1], {FaultCode.PAUSED}),
        ("030,0,0,1367,000,0,0,0,000,0,0,1", FINE[1], {FaultCode.OVERHEATED}),
        (FINE[0], "001,0,1,1,0,2,4,0,00000000,1,000", {FaultCode.COVER_OPEN, FaultCode.CONSUMABLE_OUT}),
    ],
)
def test_host_status(first: str, second: str, faults: set[FaultCode]) -> None:
    assert host_status([first, second, FINE[2]]) == faults


@pytest.mark.parametrize("first", ["030,0", "030,0,?,1367,000,0,0,0,000,0,0,0", "030,0,0,1367,000,0,0,0,000,0,0,"])
def test_host_status_of_the_wrong_shape_is_refused(first: str) -> None:
    with pytest.raises(DeviceFault) as raised:
        host_status([first, FINE[1], FINE[2]])
    assert raised.value.code is FaultCode.PROTOCOL


def test_a_picture_wider_than_the_head_is_refused() -> None:
    with pytest.raises(DeviceFault) as raised:
        encode(printers.noise(840, 8), 832)
    assert raised.value.code is FaultCode.MISCONFIGURED


def test_a_label_is_not_printed_again_after_an_error_by_the_printer_itself() -> None:
    assert encode(PICTURE, 832).startswith(b"^XA^JZN^PW832^LL400^FO0,0^GFA,41600,41600,104,")


def test_half_a_job_from_before_spoils_nothing() -> None:
    async def after_half() -> tuple[object, ...]:
        peer = ZplPeer()
        driver = LabelPrinter("label", "127.0.0.1", await peer.start())
        await printers.send_half(peer.port, encode(PICTURE, 832))
        result = await printers.attempt(driver, "job", PICTURE)
        await driver.close()
        await peer.stop()
        return result, [page.picture for page in peer.pages], peer.errors

    assert asyncio.run(after_half()) == (Printed("job", PaperState.FULL), [PICTURE], [])


def test_the_peer_records_what_it_does_not_know() -> None:
    async def text() -> list[str]:
        peer = ZplPeer()
        _, writer = await asyncio.open_connection("127.0.0.1", await peer.start())
        writer.write(b"^XA^FO10,10^A0N,30^FDhello^FS^XZ hello")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()
        await peer.stop()
        return peer.errors

    assert len(asyncio.run(text())) == 4
