"""Secure messaging (ICAO 9303-11 §9.8): every command encrypted and authenticated, every answer checked."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from devices.emrtd.apdu import SHORT_LIMIT, Command, Response, decode, encoded_ne
from devices.emrtd.cipher import Suite, pad, unpad
from devices.emrtd.tlv import Node, TlvError, build, parse

DO_PLAIN, DO_ENCRYPTED, DO_LE, DO_STATUS, DO_MAC = 0x85, 0x87, 0x97, 0x99, 0x8E
#: What data objects, padding indicator, status and MAC take from an answer besides the padded data.
OVERHEAD = 24
SECURE = 0x0C


class SecureError(ValueError):
    """An answer that the session keys do not vouch for; the session is over."""


@dataclass
class Channel:
    """The reader's side of one session: keys and the send sequence counter."""

    suite: Suite
    enc: bytes = field(repr=False)
    mac: bytes = field(repr=False)
    counter: int = field(default=0, repr=False)

    def room(self, most: int) -> int:
        """How many bytes of data an answer of at most `most` bytes can carry."""
        return (most - OVERHEAD) // self.suite.block * self.suite.block - 1

    def wrap(self, command: Command) -> bytes:
        """The protected command, raw."""
        self._count()
        head = bytes([command.cla | SECURE, command.ins, command.p1, command.p2])
        body = self._data(command) + self._expected(command)
        code = self._code(pad(head, self.suite.block) + body)
        data = body + build(DO_MAC, code)
        ne = 65_536 if command.extended or len(data) >= SHORT_LIMIT else SHORT_LIMIT
        return Command(command.ins, command.p1, command.p2, data, ne, head[0]).encode()

    def unwrap(self, raw: bytes) -> Response:
        """The answer in the clear. Without protection only an error status passes; anything else is SecureError."""
        self._count()
        outer = decode(raw)
        if not outer.data:
            return _bare_error(outer)
        try:
            return self._checked(outer)
        except TlvError as error:
            raise SecureError(f"a protected answer that is no TLV: {error}") from error

    def _data(self, command: Command) -> bytes:
        if not command.data:
            return b""
        padded = pad(command.data, self.suite.block)
        sealed = self.suite.encrypt(self.enc, padded, self.suite.iv(self.enc, self.counter))
        return build(DO_PLAIN, sealed) if command.ins & 1 else build(DO_ENCRYPTED, b"\x01", sealed)

    def _expected(self, command: Command) -> bytes:
        if command.ne is None:
            return b""
        return build(DO_LE, encoded_ne(command.ne, 2 if command.ne > SHORT_LIMIT else 1))

    def _checked(self, outer: Response) -> Response:
        nodes = parse(outer.data)
        found = {node.tag: node for node in nodes}
        if len(found) != len(nodes) or not nodes or nodes[-1].tag != DO_MAC or DO_STATUS not in found:
            raise SecureError("a protected answer without its status or its MAC")
        vouched = outer.data[: len(outer.data) - len(nodes[-1].value) - 2]
        if not hmac.compare_digest(self._code(vouched), nodes[-1].value):
            raise SecureError("the MAC of an answer is wrong")
        if found[DO_STATUS].value != outer.sw.to_bytes(2, "big"):
            raise SecureError("the status word inside differs from the one outside")
        return Response(self._opened(found), outer.sw)

    def _opened(self, found: dict[int, Node]) -> bytes:
        sealed = b""
        if DO_ENCRYPTED in found:
            sealed = found[DO_ENCRYPTED].value
            if sealed[:1] != b"\x01":
                raise SecureError("an unknown padding indicator")
            sealed = sealed[1:]
        elif DO_PLAIN in found:
            sealed = found[DO_PLAIN].value
        if len(sealed) % self.suite.block:
            raise SecureError("encrypted data of a broken length")
        return self._decrypted(sealed) if sealed else b""

    def _decrypted(self, sealed: bytes) -> bytes:
        try:
            return unpad(self.suite.decrypt(self.enc, sealed, self.suite.iv(self.enc, self.counter)))
        except ValueError as error:
            raise SecureError("the padding of an answer is broken") from error

    def _code(self, data: bytes) -> bytes:
        return self.suite.message_mac(self.mac, self.counter.to_bytes(self.suite.block, "big") + data)

    def _count(self) -> None:
        self.counter = (self.counter + 1) % (1 << 8 * self.suite.block)


def _bare_error(outer: Response) -> Response:
    if outer.sw >> 8 in (0x90, 0x61, 0x62):
        raise SecureError("an unprotected answer in a protected session")
    return outer
