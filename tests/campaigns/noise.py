"""Seeded noise: whatever may stand in place of a right message, most of it close to one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from copy import copy
from random import Random
from typing import Any

#: What breaks length fields, separators and numbers.
EDGES = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\x81\x00", b"\x82\xff\xff", b"\x84\x7f\xff\xff\xff", b"\x30\x80")
SIGNS = ("", " ", "-", "+", ".", ",", "0", "9" * 40, "\x00", "\u202e", "٣", "é", "<", "kg", "\r\n", "½", "A" * 200)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 0.5, "", "Success", "Failure", "Cancel", "NotFound", "InProgress", "KRW", "￦",
    "4" * 19, "4111 1111 1111 1111", "\u202e", "x" * 300, [], {}, [[]], ["a"], {"Response": 1},
)  # fmt: skip
DEEP = b"[" * 20_000
ABSURD = (
    b"", b"\xff\xfe", b"{", b"nul", DEEP, b'{"a":' * 5_000, b"1e99999999999999999999", b"9" * 5_000, b"NaN",
    b'"\\ud800"',
)  # fmt: skip
LONGEST_NOISE = 300


def spoilt(chance: Random, samples: Sequence[bytes]) -> bytes:
    """One in eight is noise throughout; the others are a right message, changed in one to three places."""
    if chance.random() < 0.125:
        return chance.randbytes(chance.randrange(LONGEST_NOISE))
    data = bytearray(chance.choice(samples))
    for _ in range(chance.choice((1, 1, 1, 1, 2, 3))):
        chance.choice(CHANGES)(chance, data)
    return bytes(data)


def flip(chance: Random, data: bytearray) -> None:
    """One bit."""
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def put(chance: Random, data: bytearray) -> None:
    """One byte becomes another."""
    if data:
        data[chance.randrange(len(data))] = chance.randrange(256)


def edge(chance: Random, data: bytearray) -> None:
    """Something that a length may stumble over, in place of what stood there or beside it."""
    at, what = chance.randint(0, len(data)), chance.choice(EDGES)
    data[at : at + chance.choice((0, 1, len(what)))] = what


def cut(chance: Random, data: bytearray) -> None:
    """A piece is missing; one time in three it is the end."""
    at = chance.randint(0, len(data))
    del data[at : len(data) if chance.random() < 0.33 else at + chance.randint(1, 20)]


def double(chance: Random, data: bytearray) -> None:
    """A piece stands there twice."""
    at = chance.randint(0, len(data))
    data[at:at] = data[at : at + chance.randint(1, 40)]


def swap(chance: Random, data: bytearray) -> None:
    """Two pieces change places."""
    one, other = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    data[one:] = data[other:] + data[one:other]


def lengthen(chance: Random, data: bytearray) -> None:
    """Something behind the end."""
    data += chance.randbytes(chance.randrange(1, 30))


CHANGES: tuple[Callable[[Random, bytearray], None], ...] = (flip, flip, put, put, edge, cut, double, swap, lengthen)


def miswritten(chance: Random, samples: Sequence[str]) -> str:
    """A text with characters changed, missing, doubled or foreign; one in ten is noise throughout."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(60)).decode("latin-1")
    text = chance.choice(samples)
    if chance.random() < 0.3:
        text = re.sub("[0-9]", lambda _: str(chance.randrange(10)), text)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randint(0, len(text))
        what = chance.choice(SIGNS) if chance.random() < 0.4 else chr(chance.randrange(32, 127))
        text = text[:at] + what + text[at + chance.choice((0, 1, 1, 2)) :]
    return text


def answer(chance: Random, samples: Sequence[str]) -> bytes:
    """A JSON answer whose values, keys or bytes are other than they should be."""
    if chance.random() < 0.02:
        return chance.choice(ABSURD)
    if chance.random() < 0.3:
        return spoilt(chance, [chance.choice(samples).encode()])
    whole = json.loads(chance.choice(samples))
    for _ in range(chance.randint(1, 3)):
        distort(chance, whole)
    return json.dumps(whole).encode()


def distort(chance: Random, value: Any) -> None:
    """Somewhere below, a value is another, or gone."""
    while isinstance(value, dict | list) and value:
        key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
        below = value[key]
        if not isinstance(below, dict | list) or not below or chance.random() < 0.2:
            if chance.random() < 0.2:
                del value[key]
            else:
                value[key] = copy(chance.choice(VALUES))
            return
        value = below

