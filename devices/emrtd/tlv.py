"""BER-TLV as chips speak it (ISO 7816-4, X.690 definite lengths), with hard limits. Bad input raises TlvError only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_BYTES = 262_144
MAX_ELEMENTS = 1_024
MAX_DEPTH = 16
TAG_BYTES = 3
LENGTH_BYTES = 4


class TlvError(ValueError):
    """What was read is not the TLV it should be; the text holds tags and lengths, never values."""


@dataclass(frozen=True, slots=True)
class Node:
    """One element: tag as an integer (0x7F49), value bytes, depth in the tree it was taken from."""

    tag: int
    value: bytes = field(repr=False)
    depth: int = 0

    def children(self) -> tuple[Node, ...]:
        """The elements inside this one, which must fill it exactly."""
        return parse(self.value, self.depth + 1)

    def child(self, tag: int) -> Node:
        """The first element inside with this tag; TlvError when there is none."""
        return pick(self.children(), tag)


def header(data: bytes, at: int = 0) -> tuple[int, int, int]:
    """Tag, where the value starts, and its length; only the header has to be there."""
    tag, at = _tag(data, at)
    length, at = _length(data, at)
    return tag, at, length


def parse(data: bytes, depth: int = 0) -> tuple[Node, ...]:
    """Every element of one level; they must fill `data` exactly."""
    if len(data) > MAX_BYTES or depth > MAX_DEPTH:
        raise TlvError(f"{len(data)} bytes at depth {depth}: too much")
    return tuple(_nodes(data, depth))


def only(data: bytes, tag: int) -> Node:
    """The one element that `data` must be."""
    nodes = parse(data)
    if len(nodes) != 1 or nodes[0].tag != tag:
        raise TlvError(f"expected one element {tag:X}, found {len(nodes)}")
    return nodes[0]


def pick(nodes: tuple[Node, ...], tag: int) -> Node:
    """The first of these elements with this tag; TlvError when there is none."""
    for node in nodes:
        if node.tag == tag:
            return node
    raise TlvError(f"no element {tag:X}")


def build(tag: int, *parts: bytes) -> bytes:
    """One element with the shortest definite length."""
    value = b"".join(parts)
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big") + _encoded_length(len(value)) + value


def _encoded_length(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def _nodes(data: bytes, depth: int) -> Iterator[Node]:
    at = count = 0
    while at < len(data):
        tag, start, length = header(data, at)
        at = start + length
        count += 1
        if at > len(data) or count > MAX_ELEMENTS:
            raise TlvError(f"element {tag:X} of {length} bytes does not fit")
        yield Node(tag, data[start:at], depth)


def _octet(data: bytes, at: int) -> int:
    if at >= len(data):
        raise TlvError("ends inside a header")
    return data[at]


def _tag(data: bytes, at: int) -> tuple[int, int]:
    tag = _octet(data, at)
    if tag & 0x1F != 0x1F:
        return tag, at + 1
    for further in range(at + 1, at + TAG_BYTES):
        tag = tag << 8 | _octet(data, further)
        if not tag & 0x80:
            return tag, further + 1
    raise TlvError(f"a tag of more than {TAG_BYTES} bytes")


def _length(data: bytes, at: int) -> tuple[int, int]:
    first = _octet(data, at)
    if first < 0x80:
        return first, at + 1
    octets = first & 0x7F
    if not 1 <= octets <= LENGTH_BYTES:
        raise TlvError(f"a length of {octets} bytes")
    length = 0
    for further in range(at + 1, at + 1 + octets):
        length = length << 8 | _octet(data, further)
    if length > MAX_BYTES:
        raise TlvError(f"a length of {length}")
    return length, at + 1 + octets
