"""Absurd ASN.1 is refused before anything is computed from it: within 10 ms and 10 MB."""

import time
import tracemalloc
from collections.abc import Callable

import pytest

from devices.emrtd.asn1 import CHIP_FILE, Asn1Error, screen
from devices.emrtd.cms import read_signed
from devices.emrtd.groups import GroupError, full_name, portrait
from devices.emrtd.lds import EF_SOD
from devices.emrtd.mrz import MrzError, from_dg1
from devices.emrtd.sod import LDS_SECURITY_OBJECT, read_sod
from devices.emrtd.tlv import build
from tests.devices.emrtd.utopia import passport


def nested(levels: int, tag: int = 0x30) -> bytes:
    content = b""
    for _ in range(levels):
        content = build(tag, content)
    return content


ABSURD = {
    "4 GiB": b"\x30\x84\xff\xff\xff\xff" + bytes(100),
    "a length of 126 bytes": b"\x30\xfe" + b"\xff" * 126,
    "indefinite": b"\x30\x80" * 30_000,
    "nested": nested(2000),
    "nested in context tags": nested(2000, 0xA0),
    "wide": build(0x30, b"\x05\x00" * 30_000),
    "many sets": build(0x30, b"\x31\x00" * 30_000),
    "a long identifier": build(0x30, build(0x06, b"\xff" * 60_000 + b"\x01")),
    "a long number": build(0x30, build(0x02, b"\x7f" * 60_000)),
    "too large": build(0x30, bytes(70_000)),
    "ten megabytes": bytes(10_000_000),
    "a tag without end": b"\x3f" + b"\xff" * 60_000,
    "a child beyond its parent": b"\x30\x04\x04\x82\xff\xff",
}


def named(dg11: bytes) -> str:
    """The name of DG11; none at all counts as refused."""
    name = full_name(dg11)
    if not name:
        raise GroupError("DG11: no name")
    return name


def fate(call: Callable[[], object]) -> tuple[float, int]:
    """Milliseconds of this thread (the best of five) and bytes at the most that the refusal took."""
    times = []
    for _ in range(5):
        begun = time.thread_time()
        with pytest.raises((Asn1Error, GroupError, MrzError)):
            call()
        times.append(1000 * (time.thread_time() - begun))
    tracemalloc.start()
    with pytest.raises((Asn1Error, GroupError, MrzError)):
        call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return min(times), peak


@pytest.mark.parametrize("content", ABSURD.values(), ids=ABSURD)
@pytest.mark.parametrize(
    "reader",
    [
        lambda raw: read_signed(raw, LDS_SECURITY_OBJECT, CHIP_FILE),
        lambda raw: read_sod(build(0x77, raw)),
        lambda raw: from_dg1(build(0x61, raw)),
        lambda raw: portrait(build(0x75, raw)),
        lambda raw: named(build(0x6B, raw)),
    ],
    ids=["CMS", "SOD", "DG1", "DG2", "DG11"],
)
def test_absurd_lengths_are_refused_within_10_ms_and_10_mb(content: bytes, reader: Callable[[bytes], object]) -> None:
    milliseconds, peak = fate(lambda: reader(content))
    assert milliseconds < 10
    assert peak < 10 * 2**20


def test_a_real_security_object_passes_quickly() -> None:
    raw = passport().files[EF_SOD][4:]
    begun = time.thread_time()
    for _ in range(20):
        screen(raw)
    assert (time.thread_time() - begun) / 20 < 0.005


@pytest.mark.parametrize(
    "content",
    [b"", b"\x30", b"\x30\x81", b"\x30\x81\x05" + bytes(5), b"\x30\x00\x30\x00", b"\x30\x82\x00\x80" + bytes(128),
     b"\x1f\x81", b"\x04\x05ab"],
)  # fmt: skip
def test_what_is_not_one_der_element_is_refused(content: bytes) -> None:
    with pytest.raises(Asn1Error):
        screen(content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (nested(24), "nested more than 24 deep"),
        (build(0x30, bytes(65_536)), "65541 bytes where at most 65536 are taken"),
        (build(0x30, b"\x05\x00" * 2048), "too many"),
        (build(0x30, build(0x06, b"\x2a" * 65)), "absurdly long number or identifier"),
        (build(0x30, build(0x02, b"\x7f" * 1033)), "absurdly long number or identifier"),
        (b"\x30\x81\x05" + bytes(5), "more bytes than DER allows"),
        (b"\x30\x05\x04\x04ab", "beyond its parent"),
    ],
)
def test_each_bound_says_which_it_is(content: bytes, says: str) -> None:
    with pytest.raises(Asn1Error, match=says):
        screen(content)


@pytest.mark.parametrize("content", [b"\x30\x00", b"\x04\x02ab", b"\x30\x04\x04\x02ab", b"\x5f\x1f\x01a", nested(20)])
def test_what_is_one_der_element_passes(content: bytes) -> None:
    screen(content)
