"""The ESC/POS renderer: what python-escpos writes comes out dot by dot, and every unknown byte stops it."""

from __future__ import annotations

import itertools
import random
import struct
from collections.abc import Callable

import numpy as np
import pytest
from escpos.printer import Dummy  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.bench.escpos_page import CLEAR, LENGTHS, LONGEST_DOTS, UnknownCommand, render
from devices.escpos_status import observe
from devices.ports import DeviceFault, FaultCode, Picture
from devices.presenter import slip_waits
from devices.receipt_printer import encode
from kiosk.paper import to_image
from tests.devices.printers import noise

PICTURE = noise(256, 40, seed=3)
CUT = b"\x1dVB\x00"


def dots(picture: Picture) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    row = (picture.width + 7) // 8
    return np.unpackbits(np.frombuffer(picture.rows, np.uint8).reshape(picture.height, row), axis=1)[:, : picture.width]


def raster(row: int, height: int, data: bytes, mode: int = 0) -> bytes:
    return b"\x1dv0" + bytes([mode]) + struct.pack("<HH", row, height) + data


@pytest.mark.parametrize("way", ["bitImageRaster", "graphics"])
def test_an_image_of_python_escpos_comes_out_dot_by_dot(way: str) -> None:
    printer = Dummy()
    printer.image(to_image(PICTURE), impl=way)
    (page,) = render(printer.output + CUT)
    assert (dots(page)[:40, :256] == dots(PICTURE)).all()
    assert not dots(page)[:, 256:].any()


def test_the_drivers_job_is_one_page() -> None:
    (page,) = render(encode(PICTURE, 576))
    assert page.width == 576
    assert (dots(page)[:40, :256] >= dots(PICTURE)).all()


@pytest.mark.parametrize(("align", "left"), [(b"\x00", 0), (b"1", 288 - 4), (b"\x02", 576 - 8)])
def test_alignment(align: bytes, left: int) -> None:
    (page,) = render(b"\x1b@\x1ba" + align + raster(1, 1, b"\xff") + CUT)
    assert dots(page)[0].nonzero()[0].tolist() == list(range(left, left + 8))


@pytest.mark.parametrize(("mode", "size"), [(0, (1, 8)), (1, (1, 16)), (2, (2, 8)), (0x33, (2, 16))])
def test_a_raster_can_be_doubled(mode: int, size: tuple[int, int]) -> None:
    (page,) = render(raster(1, 1, b"\xff", mode) + CUT)
    assert (page.height, dots(page)[0].sum()) == size


def test_feeds_and_cuts() -> None:
    first, second, third = b"\n\x1bd\x02\x1bJ\x05\x1dV\x00", b"\x1b3\x0a\n\x1dVB\x07", b"\x1b2\n\x1dV1\x1dV0"
    pages = render(first + second + third + b"\x10\x04\x01" + CLEAR + b"\x1dr\x01")
    assert [page.height for page in pages] == [30 + 60 + 5, 10 + 7, 30]


@pytest.mark.parametrize("byte", sorted(set(range(256)) - {0x0A, 0x10, 0x1B, 0x1D}))
def test_text_and_every_other_single_byte_is_unknown(byte: int) -> None:
    with pytest.raises(UnknownCommand):
        render(b"\x1b@" + bytes([byte]) + b"\n")


@pytest.mark.parametrize("lead", [0x10, 0x1B, 0x1D])
def test_every_unknown_opcode_stops_it(lead: int) -> None:
    known = {start[1] for start in (*LENGTHS, b"\x1dv0", b"\x1d(L") if start[0] == lead and len(start) > 1}
    for second in set(range(256)) - known:
        with pytest.raises(UnknownCommand):
            render(bytes([lead, second]) + b"\n" * 20)


@pytest.mark.parametrize(
    "data",
    [
        b"\x1d(k\x03\x001Q0", b"\x1d(L\x02\x000\x40", b"\x1dv1\x00\x01\x00\x01\x00\xff", b"\x1dV\x05", b"\x1ba\x07",
        b"\x10\x04\x09", b"\x10\x14\x07\x01", b"\x1dv0\x09\x01\x00\x01\x00\xff", b"\x1dv0\x00\x00\x00\x01\x00",
        b"\x1dv0\x00\x01\x00", b"\x1dv0\x00\x01\x00\x02\x00\xff", b"\x1b", b"\x1d(L\xff\xff0p",
        b"\x1d(L\x0b\x000p0\x01\x011\x10\x00\x01\x00\xff", raster(73, 1, b"\xff" * 73), b"\x1bd\xff" * 40,
    ],
)  # fmt: skip
def test_wrong_values_and_half_commands_stop_it(data: bytes) -> None:
    with pytest.raises(UnknownCommand):
        render(data)


def test_a_page_without_end_is_refused() -> None:
    with pytest.raises(UnknownCommand, match=str(LONGEST_DOTS)):
        render(b"\x1bJ\xff" * 100)


def streams(seed: int) -> bytes:
    """A stream of right commands, noise between some of them."""
    made = random.Random(seed)
    parts = [b"\n", b"\x1b@", b"\x1bJ\x09", b"\x1ba1", CUT, b"\x10\x04\x01", raster(2, 3, made.randbytes(6)), CLEAR]
    chosen = [made.choice(parts) for _ in range(made.randrange(1, 12))]
    if made.random() < 0.7:
        chosen.insert(made.randrange(len(chosen) + 1), made.randbytes(made.randrange(1, 9)))
    return b"".join(chosen)


def rendered(data: bytes) -> list[Picture] | str:
    """The pages, or the sentence of the refusal; any other exception is a failure."""
    try:
        return render(data)
    except UnknownCommand as refused:
        return str(refused)


def test_noise_between_commands_ends_in_pages_or_in_a_refusal() -> None:
    outcomes = [rendered(streams(seed)) for seed in range(4000)]
    sentences = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert 400 < len(sentences) < 3600
    assert max(len(sentence) for sentence in sentences) < 120


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_in_pages_or_in_a_refusal(data: bytes) -> None:
    outcome = rendered(data)
    assert isinstance(outcome, str) or all(page.height for page in outcome)


# The driver's reading of status bytes


def test_every_status_of_four_right_bytes_is_read() -> None:
    right = [byte for byte in range(256) if byte & 0x93 == 0x12]
    for answers in itertools.product(right, repeat=4):
        seen = observe(bytes(answers))
        stopped = bool(seen.faults - {FaultCode.CONSUMABLE_LOW})
        wrong = answers[0] & 0x08 or answers[1] & 0x6C or answers[2] & 0x6C or answers[3] & 0x60
        assert stopped == bool(wrong), bytes(answers).hex(" ")


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.binary(max_size=8))
def test_any_other_status_is_a_protocol_fault(answers: bytes) -> None:
    right = len(answers) == 4 and all(byte & 0x93 == 0x12 for byte in answers)
    assert told(observe, answers) == ("read" if right else FaultCode.PROTOCOL)
    assert told(slip_waits, answers) == ("read" if answers[:2] == b"\x10\x0f" and len(answers) == 6 else "protocol")


def told(read: Callable[[bytes], object], answers: bytes) -> str:
    """"read", or the code of the fault."""
    try:
        read(answers)
    except DeviceFault as fault:
        return fault.code
    return "read"
