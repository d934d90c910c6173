"""Secure messaging: every answer that the keys do not vouch for is refused."""

from collections.abc import Callable

import pytest

from devices.bench.chip_channel import ChannelLost, ChipChannel, taken_apart
from devices.emrtd.apdu import Command
from devices.emrtd.cipher import SUITES, Suite, odd_parity, unpad
from devices.emrtd.secure import Channel, SecureError
from devices.emrtd.tlv import build

READ = Command(0xB0, 0, 0, ne=64)


def both(suite: Suite) -> tuple[Channel, ChipChannel]:
    enc, mac = suite.derive(b"made up", 1), suite.derive(b"made up", 2)
    return Channel(suite, enc, mac, 7), ChipChannel(suite, enc, mac, 7)


@pytest.fixture(params=SUITES.values(), ids=str)
def sides(request: pytest.FixtureRequest) -> tuple[Channel, ChipChannel]:
    return both(request.param)


def exchange(sides: tuple[Channel, ChipChannel], data: bytes = b"in the clear", sw: int = 0x9000) -> bytes:
    reader, chip = sides
    request = taken_apart(reader.wrap(READ))
    assert request is not None
    assert chip.open(request).ne == 64
    return chip.close(data, sw, odd=False)


def test_an_answer_comes_through(sides: tuple[Channel, ChipChannel]) -> None:
    for data in (b"", b"x", bytes(15), bytes(16), bytes(300)):
        assert sides[0].unwrap(exchange(sides, data)).data == data
    assert sides[0].unwrap(exchange(sides, b"end", 0x6282)).sw == 0x6282


def test_commands_of_every_shape_reach_the_chip(sides: tuple[Channel, ChipChannel]) -> None:
    for command in (
        Command(0xA4, 2, 0x0C, b"\x01\x1e"),
        Command(0xB1, 0, 0, build(0x54, b"\0\x80\0"), ne=300),
        Command(0x88, data=bytes(8), ne=65_536),
        Command(0x22, 0x41, 0xA6, bytes(300)),
        Command(0xB0, ne=256, wide=True),
    ):
        request = taken_apart(sides[0].wrap(command))
        assert request is not None
        inner = sides[1].open(request)
        assert (inner.ins, inner.p1, inner.p2, inner.data) == (command.ins, command.p1, command.p2, command.data)
        assert inner.ne == (command.ne or 0)
        assert sides[0].unwrap(sides[1].close(b"", 0x9000, odd=False)).ok


def test_every_flipped_bit_of_an_answer_is_seen(sides: tuple[Channel, ChipChannel]) -> None:
    answer = exchange(sides)
    counter = sides[0].counter
    for bit in range(8 * len(answer)):
        flipped = bytearray(answer)
        flipped[bit // 8] ^= 1 << bit % 8
        sides[0].counter = counter
        with pytest.raises(SecureError):
            sides[0].unwrap(bytes(flipped))


def test_an_answer_of_yesterday_is_no_answer(sides: tuple[Channel, ChipChannel]) -> None:
    old = exchange(sides)
    sides[0].unwrap(old)
    exchange(sides)
    with pytest.raises(SecureError, match="MAC"):
        sides[0].unwrap(old)


MANGLED: dict[str, Callable[[bytes], bytes]] = {
    "no protection at all": lambda answer: b"in the clear\x90\x00",
    "a bare success": lambda answer: b"\x90\x00",
    "a bare warning": lambda answer: b"\x62\x82",
    "no status": lambda answer: answer.replace(b"\x99\x02\x90\x00", b"", 1),
    "no MAC": lambda answer: answer[:-12] + answer[-2:],
    "another status": lambda answer: answer[:-2] + b"\x62\x82",
    "twice the data": lambda answer: answer[: 2 + answer[1]] + answer,
    "cut short": lambda answer: answer[:-5] + b"\x90\x00",
}


@pytest.mark.parametrize("mangle", MANGLED.values(), ids=MANGLED.keys())
def test_answers_that_are_not_whole_are_refused(
    sides: tuple[Channel, ChipChannel], mangle: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(SecureError):
        sides[0].unwrap(mangle(exchange(sides)))


def test_an_error_without_protection_passes_as_an_error(sides: tuple[Channel, ChipChannel]) -> None:
    exchange(sides)
    assert sides[0].unwrap(b"\x69\x88").sw == 0x6988


def test_the_chip_drops_a_command_that_was_touched(sides: tuple[Channel, ChipChannel]) -> None:
    raw = bytearray(sides[0].wrap(READ))
    raw[3] ^= 1
    request = taken_apart(bytes(raw))
    assert request is not None
    with pytest.raises(ChannelLost, match="6988"):
        sides[1].open(request)


def test_parity_and_padding() -> None:
    assert odd_parity(bytes(range(4))) == b"\x01\x01\x02\x02"
    assert all(octet.bit_count() % 2 for octet in odd_parity(bytes(range(256))))
    assert unpad(b"a\x80\0\0") == b"a"
    for bad in (b"", b"\0\0", b"a"):
        with pytest.raises(ValueError, match="padding"):
            unpad(bad)
