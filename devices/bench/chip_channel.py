"""The chip's side of the wire: command APDUs taken apart, secure messaging as a chip keeps it (ICAO 9303-11 §9.8)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace

from devices.emrtd.cipher import Suite, pad, unpad
from devices.emrtd.tlv import Node, TlvError, build, parse

SW_LENGTH, SW_DATA_MISSING, SW_DATA_WRONG = 0x6700, 0x6987, 0x6988


@dataclass(frozen=True)
class Request:
    """One command as the chip sees it; `ne` is the most it may answer, 0 where no answer data is asked for."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    ne: int = 0

    @property
    def secure(self) -> bool:
        """True when the class byte announces secure messaging."""
        return self.cla & 0x0C == 0x0C


class ChannelLost(Exception):
    """The chip drops its session; `sw` is what it says, unprotected."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


def taken_apart(raw: bytes) -> Request | None:
    """The command of a raw APDU, short or extended (ISO 7816-3 cases 1 to 4); None when its lengths do not add up."""
    if len(raw) < 4:
        return None
    head, body = Request(*raw[:4]), raw[4:]
    if len(body) > 2 and body[0] == 0:
        return _with_body(head, body[1:], 2)
    return _with_body(head, body, 1) if body else head


def _with_body(head: Request, body: bytes, width: int) -> Request | None:
    if len(body) == width:
        return replace(head, ne=_ne(body, width))
    size = int.from_bytes(body[:width], "big")
    data, rest = body[width : width + size], body[width + size :]
    if not size or len(data) != size or len(rest) not in (0, width):
        return None
    return replace(head, data=data, ne=_ne(rest, width) if rest else 0)


def _ne(octets: bytes, width: int) -> int:
    return int.from_bytes(octets, "big") or 1 << 8 * width


@dataclass
class ChipChannel:
    """The chip's session keys and its send sequence counter."""

    suite: Suite
    enc: bytes
    mac: bytes
    counter: int = 0

    def open(self, request: Request) -> Request:
        """The command inside a protected one; ChannelLost when anything about it is wrong."""
        self.counter += 1
        found = _objects(request.data)
        if 0x8E not in found:
            raise ChannelLost(SW_DATA_MISSING)
        head = pad(bytes([request.cla, request.ins, request.p1, request.p2]), self.suite.block)
        vouched = head + request.data[: -len(found[0x8E]) - 2]
        if not hmac.compare_digest(self._code(vouched), found[0x8E]):
            raise ChannelLost(SW_DATA_WRONG)
        le = found.get(0x97, b"")
        return replace(request, data=self._clear(found), ne=_ne(le, len(le)) if le else 0)

    def close(self, data: bytes, sw: int, odd: bool) -> bytes:
        """The protected answer, with its status word."""
        self.counter += 1
        body = build(0x99, sw.to_bytes(2, "big"))
        if data:
            sealed = self.suite.encrypt(self.enc, pad(data, self.suite.block), self.suite.iv(self.enc, self.counter))
            body = (build(0x85, sealed) if odd else build(0x87, b"\x01", sealed)) + body
        return body + build(0x8E, self._code(body)) + sw.to_bytes(2, "big")

    def _clear(self, found: dict[int, bytes]) -> bytes:
        sealed = found[0x87][1:] if 0x87 in found else found.get(0x85, b"")
        if not sealed:
            return b""
        if len(sealed) % self.suite.block:
            raise ChannelLost(SW_DATA_WRONG)
        try:
            return unpad(self.suite.decrypt(self.enc, sealed, self.suite.iv(self.enc, self.counter)))
        except ValueError:
            raise ChannelLost(SW_DATA_WRONG) from None

    def _code(self, data: bytes) -> bytes:
        return self.suite.message_mac(self.mac, self.counter.to_bytes(self.suite.block, "big") + data)


def _objects(data: bytes) -> dict[int, bytes]:
    try:
        nodes: tuple[Node, ...] = parse(data)
    except TlvError:
        raise ChannelLost(SW_DATA_WRONG) from None
    return {node.tag: node.value for node in nodes}
