"""Noise for everything of the chip that faces the outside, and what has to hold under it: only the named error.

`CASES` names each check with the strategies of its arguments; tests take a fixed sample, a campaign any number.
"""

from collections.abc import Callable
from contextlib import suppress
from secrets import token_bytes
from typing import Any

from hypothesis import strategies as st

from devices.bench.card import APPLICATION, Card
from devices.emrtd import clone
from devices.emrtd.apdu import Command, send
from devices.emrtd.bac import open_bac
from devices.emrtd.cipher import SUITES
from devices.emrtd.infos import (
    CHIP_ECDH,
    CHIP_KEY_ECDH,
    PACE_ECDH_GM,
    chip_keys,
    offers_chip_key,
    pace_info,
    pace_offers,
)
from devices.emrtd.lds import announced, answer_limit, signed_groups
from devices.emrtd.secure import Channel, SecureError
from devices.emrtd.session import Chip
from devices.emrtd.tlv import Node, TlvError, build, parse
from devices.identity import AccessKey
from devices.ports import DeviceFault
from tests.devices.emrtd.documents import CAN, PAGE, com, dg14, document, public, rsa_key, sod
from tests.devices.emrtd.test_chip import NIST

TAGS = st.sampled_from([2, 3, 4, 6, 0x30, 0x31, 0x53, 0x5C, 0x60, 0x6E, 0x77, 0x7C, 0x80, 0x99, 0xA0, 0x7F66])
OIDS = st.sampled_from([PACE_ECDH_GM + b"\x02", CHIP_ECDH + b"\x02", CHIP_ECDH, CHIP_KEY_ECDH, b"", b"\x2a"])
LEAVES = st.builds(build, TAGS, st.binary(max_size=12) | OIDS) | st.binary(max_size=6)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(lambda tag, parts: build(tag, *parts), TAGS, st.lists(inner, max_size=4)),
    max_leaves=9,
)
GOOD = [build(0x31, pace_info(PACE_ECDH_GM + b"\x02", 13)), dg14(NIST, 2), com(1, 2, 14), sod(1, 2, 15)]


def damaged(whole: bytes, at: int, by: int, cut: int) -> bytes:
    """One byte changed, and the end cut off or lengthened."""
    changed = bytearray(whole)
    if changed:
        changed[at % len(changed)] ^= by
    return bytes(changed[: len(changed) - cut] if cut >= 0 else changed + bytes(-cut))


DAMAGED = st.builds(
    damaged, st.sampled_from(GOOD), st.integers(0, 5000), st.integers(0, 255), st.sampled_from([0, 0, 0, 1, 9, -1])
)


def walk(node: Node) -> None:
    for child in node.children():
        with suppress(TlvError):
            walk(child)


def elements(data: bytes) -> None:
    with suppress(TlvError):
        for node in parse(data):
            with suppress(TlvError):
                walk(node)


def what_a_chip_says_of_itself(data: bytes) -> None:
    readings: list[Callable[[bytes], object]] = [pace_offers, chip_keys, offers_chip_key, announced, answer_limit]
    for reading in readings:
        with suppress(TlvError):
            reading(data)
    signed_groups(data)


def keys_of_active_authentication(data: bytes, at: int, by: int) -> None:
    whole = build(0x6F, public(rsa_key(1024)))
    for file in (data, build(0x6F, data), damaged(whole, at, by, 0)):
        with suppress(TlvError, clone.KeyUnknown):
            clone.verified(clone.active_key(file), bytes(8), data)


def protected_answers(data: bytes, suite: int) -> None:
    channel = Channel(SUITES[suite], SUITES[suite].derive(b"k", 1), SUITES[suite].derive(b"k", 2))
    with suppress(SecureError, DeviceFault):
        assert channel.unwrap(data + b"\x90\x00").data is None


APDUS = st.binary(max_size=300) | st.builds(
    lambda ins, p1, p2, data, ne, cla: Command(ins, p1, p2, data, ne, cla).encode(),
    st.sampled_from([0xA4, 0xB0, 0xB1, 0x84, 0x82, 0x22, 0x86, 0x88]),
    st.sampled_from([0, 2, 4, 0x0C, 0x41, 0x9C, 0xC1]) | st.integers(0, 255),
    st.sampled_from([0, 0x0C, 0xA4, 0xA6]) | st.integers(0, 255),
    st.binary(max_size=20) | TREES | st.sampled_from([bytes.fromhex("A0000002471001"), b"\x01\x1e"]),
    st.sampled_from([None, 8, 256, 65_536]),
    st.sampled_from([0, 0x0C, 0x10]),
)


def the_card_answers_whatever_it_is_told_and_gives_nothing_away(apdus: list[bytes], access: str) -> None:
    card = Card(document(200, chip=NIST, active=NIST), access)
    for apdu in apdus:
        answer = card.respond(apdu)
        assert 2 <= len(answer) <= 65_538
        assert b"X1234567" not in answer


def an_opened_card_answers_whatever_it_is_told(apdus: list[bytes]) -> None:
    card = Card(document(200, chip=NIST, active=NIST), "bac")
    select = Command(0xA4, 4, 0x0C, APPLICATION)
    assert send(card.respond, select).ok
    session = open_bac(lambda command: send(card.respond, command), PAGE, token_bytes)
    for apdu in apdus:
        inner = Command(apdu[1], apdu[2], apdu[3], apdu[5:40], 256) if len(apdu) > 5 else Command(0xB0, ne=256)
        with suppress(SecureError):
            session.unwrap(card.respond(session.wrap(inner)))


def a_reader_meets_any_answer_at_any_command(when: int, how: str, noise: bytes, key: AccessKey, access: str) -> None:
    card = Card(document(200, chip=NIST), access)
    left = iter(range(when))

    def transmit(apdu: bytes) -> bytes:
        answer = card.respond(apdu)
        return answer if next(left, None) is not None else spoilt(answer, how, noise)

    with suppress(DeviceFault):
        chip = Chip(transmit)
        chip.open_access(key)
        chip.authenticate(chip.files())


def spoilt(answer: bytes, how: str, noise: bytes) -> bytes:
    if how == "flip":
        return damaged(answer, len(noise) * 7, noise[0] if noise else 1, 0)
    if how == "cut":
        return answer[: -len(noise)] if len(noise) else b""
    return noise if how == "swap" else noise + b"\x90\x00"


CASES: dict[str, tuple[tuple[st.SearchStrategy[Any], ...], Callable[..., None]]] = {
    "elements": ((st.binary(max_size=200) | TREES | DAMAGED,), elements),
    "what a chip says of itself": ((st.binary(max_size=200) | TREES | DAMAGED,), what_a_chip_says_of_itself),
    "keys of active authentication": (
        (
            st.binary(max_size=120) | TREES,
            st.integers(0, 400),
            st.integers(1, 255),
        ),
        keys_of_active_authentication,
    ),
    "protected answers": (
        (
            st.binary(max_size=200) | TREES,
            st.sampled_from(sorted(SUITES)),
        ),
        protected_answers,
    ),
    "the card answers whatever it is told and gives nothing away": (
        (
            st.lists(APDUS, max_size=6),
            st.sampled_from(["bac", "pace", "both"]),
        ),
        the_card_answers_whatever_it_is_told_and_gives_nothing_away,
    ),
    "an opened card answers whatever it is told": (
        (st.lists(APDUS, max_size=4),),
        an_opened_card_answers_whatever_it_is_told,
    ),
    "a reader meets any answer at any command": (
        (
            st.integers(0, 40),
            st.sampled_from(["flip", "cut", "swap", "tree"]),
            st.binary(min_size=1, max_size=40) | TREES,
            st.sampled_from([PAGE, CAN]),
            st.sampled_from(["bac", "pace", "both"]),
        ),
        a_reader_meets_any_answer_at_any_command,
    ),
}
