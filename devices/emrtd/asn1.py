"""Bounds on what a chip or a file may say, held before any ASN.1 library sees it.

DER as X.690 has it: definite lengths in the fewest bytes, each element inside its parent, a depth, a count and a size
that are known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from devices.emrtd.tlv import TlvError

CONSTRUCTED = 0x20
SEQUENCE, SET, INTEGER, OID, BIT_STRING, EXPLICIT = 0x30, 0x31, 0x02, 0x06, 0x03, 0xA0
#: The longest that is taken, in bytes: an integer of RSA with 8192 bits, an identifier of a dozen big arcs. Both grow
#: into numbers whose reading takes the square of their length.
LONGEST = {INTEGER: 1032, OID: 64}
#: What the ASN.1 library is known to raise on bytes that are no instance of what it was told to read.
LIBRARY_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, NotImplementedError)


class Asn1Error(TlvError):
    """Bytes that are not what their standard says; the message holds none of them."""


@dataclass(frozen=True)
class Bounds:
    """The most bytes, elements and levels that are looked at."""

    size: int
    elements: int
    depth: int = 24


CHIP_FILE, PUBLIC_KEY = Bounds(64 * 1024, 2048), Bounds(4096, 256)
TRUST_FILE = Bounds(4 * 1024 * 1024, 1_000_000)


class Element(NamedTuple):
    """One tag-length-value: tag as a number (5F1F is 0x5F1F), where it begins, its contents, where it ends."""

    tag: int
    begin: int
    start: int
    stop: int
    constructed: bool


def screen(data: bytes, bounds: Bounds = CHIP_FILE) -> None:
    """Asn1Error unless this is exactly one DER element within the bounds; nothing is copied."""
    if len(data) > bounds.size:
        raise Asn1Error(f"{len(data)} bytes where at most {bounds.size} are taken")
    ends, position = [len(data)], 0
    for _ in range(bounds.elements):
        found = element(data, position, ends[-1])
        position = found.start if found.constructed else found.stop
        if found.constructed:
            ends.append(found.stop)
        if len(ends) > bounds.depth:
            raise Asn1Error(f"elements nested more than {bounds.depth} deep")
        while ends and position == ends[-1]:
            ends.pop()
        if len(ends) < 2:
            break
    if ends:
        raise Asn1Error("more than one element, or too many of them")


def shaped(data: bytes, *tags: int) -> None:
    """Asn1Error unless this is one SEQUENCE of elements of just these tags, whatever is inside them."""
    whole = element(data, 0, len(data))
    inside = elements(data, whole.start, whole.stop, len(tags)) if whole.constructed else []
    if (whole.tag, whole.stop) != (SEQUENCE, len(data)) or tuple(each.tag for each in inside) != tags:
        raise Asn1Error("other elements than its standard names")


def element(data: bytes, position: int, end: int) -> Element:
    """The element that begins there and lies before `end`."""
    tag, at = _tag(data, position, end)
    start, length = _length(data, at, end)
    if length > end - start:
        raise Asn1Error("a length that goes beyond its parent")
    if start - at > 1 and length < (0x80 if start - at == 2 else 1 << 8 * (start - at - 2)):
        raise Asn1Error("a length in more bytes than DER allows")
    if length > LONGEST.get(tag, length):
        raise Asn1Error("an absurdly long number or identifier")
    return Element(tag, position, start, start + length, bool(data[position] & CONSTRUCTED))


def _length(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Where the contents begin, and their length."""
    if at >= end:
        raise Asn1Error("an element without a length")
    size = data[at] - 0x80
    if size < 0:
        return at + 1, data[at]
    if not 1 <= size <= 4 or at + size >= end:
        raise Asn1Error("an indefinite or absurd length")
    return at + 1 + size, int.from_bytes(data[at + 1 : at + 1 + size], "big")


def _tag(data: bytes, position: int, end: int) -> tuple[int, int]:
    """The tag as a number, and where its length begins; tags have at most three bytes."""
    if position >= end:
        raise Asn1Error("an element where none is left")
    tag = data[position]
    if tag & 0x1F != 0x1F:
        return tag, position + 1
    for at in range(position + 1, min(position + 3, end)):
        tag = tag << 8 | data[at]
        if not data[at] & 0x80:
            return tag, at + 1
    raise Asn1Error("a tag that is too long")


def elements(data: bytes, start: int, stop: int, most: int = 4096) -> list[Element]:
    """The elements side by side between two places."""
    found: list[Element] = []
    while start < stop:
        found.append(element(data, start, stop))
        start = found[-1].stop
        if len(found) > most:
            raise Asn1Error("too many elements")
    return found


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Whatever the ASN.1 library stumbles over becomes one Asn1Error without a byte of the input."""
    try:
        yield
    except Asn1Error:
        raise
    except LIBRARY_ERRORS:
        raise Asn1Error(f"{what} is not built as its standard says") from None
