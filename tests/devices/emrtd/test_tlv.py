"""BER-TLV, whole and broken."""

import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import pytest

from devices.emrtd.infos import chip_keys, pace_offers
from devices.emrtd.lds import announced, answer_limit, length_information, signed_groups
from devices.emrtd.tlv import MAX_DEPTH, TlvError, build, header, only, parse
from tests.devices.emrtd.documents import com, sod


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_535, 65_536])
@pytest.mark.parametrize("tag", [0x04, 0x5C, 0x7F49, 0x5F1F, 0xDF8101])
def test_what_is_built_is_read_back(size: int, tag: int) -> None:
    value = bytes(size)
    element = build(tag, value)
    assert (only(element, tag).value, header(element)[2]) == (value, size)
    assert [node.tag for node in parse(element + element)] == [tag, tag]


@pytest.mark.parametrize(
    "broken",
    ["30", "3080", "30820001", "3081", "1F", "1FFF", "1FFFFFFF00", "3005000000", "3085000000000100", "30FF", "5F1F02"],
)
def test_broken_elements_are_refused(broken: str) -> None:
    with pytest.raises(TlvError):
        parse(bytes.fromhex(broken))


def test_an_element_of_another_kind_is_refused() -> None:
    for data in (b"", build(0x04, b"a"), build(0x30) * 2):
        with pytest.raises(TlvError, match="expected one element 30"):
            only(data, 0x30)
    with pytest.raises(TlvError, match="no element 31"):
        only(build(0x30, build(0x04)), 0x30).child(0x31)


def test_depth_and_number_of_elements_are_bounded() -> None:
    deep = b""
    for _ in range(MAX_DEPTH + 4):
        deep = build(0x30, deep)
    (node,) = parse(deep)
    for _ in range(MAX_DEPTH):
        (node,) = node.children()
    with pytest.raises(TlvError, match="depth"):
        node.children()
    with pytest.raises(TlvError):
        parse(b"\x04\x00" * 100_000)


ABSURD = [bytes([0x80 | size]) + b"\x7f" * size for size in range(3, 127)] + [b"\x84\xff\xff\xff\xff"]
READINGS: list[Callable[[bytes], object]] = [parse, pace_offers, chip_keys, announced, answer_limit]


@pytest.mark.parametrize("read", READINGS)
def test_absurd_lengths_are_refused_without_taking_memory(read: Callable[[bytes], object]) -> None:
    tracemalloc.start()
    try:
        for length in ABSURD:
            for tag in (b"\x30", b"\x31", b"\x6e", b"\x77", b"\x60", b"\x7f\x66"):
                with pytest.raises(TlvError):
                    read(tag + length + bytes(100))
                with suppress(TlvError):
                    read(build(0x31, build(0x30, tag + length + bytes(100))))
                assert not signed_groups(tag + length + bytes(100))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_the_groups_that_a_document_names() -> None:
    assert announced(com(1, 2, 14)) == {1, 2, 14}
    assert signed_groups(sod(1, 2, 15)) == {1, 2, 15}
    assert signed_groups(b"") == signed_groups(b"\x77\x00") == frozenset()


def test_the_longest_answer_that_a_chip_tells() -> None:
    assert answer_limit(length_information(1_000, 4_096)) == 4_096
    assert answer_limit(b"") == answer_limit(build(0x7F66)) == answer_limit(build(0x43, b"\1")) == 256
