"""Command and response APDUs (ISO 7816-4), short and extended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from devices.ports import DeviceFault, FaultCode

#: One exchange with the chip: raw command APDU in, raw response with its status word out; raises DeviceFault.
Transmit = Callable[[bytes], bytes]

OK = 0x9000
END_OF_FILE = 0x6282
NOT_FOUND = 0x6A82
SHORT_LIMIT = 256
#: First byte of the status "more is ready for GET RESPONSE", and the instruction that fetches it.
MORE, GET_RESPONSE = 0x61, 0xC0
#: A bare refusal of the length.
WRONG_LENGTH = b"\x67\x00"


@dataclass(frozen=True)
class Command:
    """One command; `ne` is how many bytes are expected at most (1-65536), None where no answer data is.

    `wide` asks for extended length fields although short ones would do: what protects the answer takes room too.
    """

    ins: int
    p1: int = 0
    p2: int = 0
    data: bytes = field(default=b"", repr=False)
    ne: int | None = None
    cla: int = 0
    wide: bool = False

    @property
    def extended(self) -> bool:
        """True when short length fields cannot say it."""
        return self.wide or len(self.data) >= SHORT_LIMIT or (self.ne or 0) > SHORT_LIMIT

    def encode(self) -> bytes:
        """The raw APDU."""
        width = 2 if self.extended else 1
        head = bytes([self.cla, self.ins, self.p1, self.p2]) + (b"\0" if self.extended else b"")
        lc = len(self.data).to_bytes(width, "big") + self.data if self.data else b""
        return head + lc + encoded_ne(self.ne, width)


@dataclass(frozen=True)
class Response:
    """One response: data and status word."""

    data: bytes = field(repr=False)
    sw: int

    @property
    def ok(self) -> bool:
        """True for 9000."""
        return self.sw == OK


def is_extended(apdu: bytes) -> bool:
    """True for a raw command with length fields of two bytes."""
    return len(apdu) > 5 and apdu[4] == 0


def encoded_ne(ne: int | None, width: int) -> bytes:
    """Le of `width` bytes, where all zeros mean the most."""
    return b"" if ne is None else (ne % (1 << 8 * width)).to_bytes(width, "big")


def decode(raw: bytes) -> Response:
    """Split a raw response; PROTOCOL when it has no status word."""
    if len(raw) < 2 or len(raw) > 65_538:
        raise DeviceFault(FaultCode.PROTOCOL, f"the chip answered {len(raw)} bytes")
    return Response(raw[:-2], int.from_bytes(raw[-2:], "big"))


def whole(transmit: Transmit, apdu: bytes, most: int = 65_536) -> bytes:
    """The raw answer to a raw command, with the pieces that the chip keeps back for GET RESPONSE (61xx), as one.

    A protected answer comes in pieces below its protection. PROTOCOL for more than `most` bytes, or a piece of none.
    """
    answer, data = transmit(apdu), b""
    while answer[-2:-1] == bytes([MORE]):
        data += answer[:-2]
        answer = transmit(Command(GET_RESPONSE, ne=answer[-1] or SHORT_LIMIT).encode())
        if len(answer) < 3 or len(data) + len(answer) > most:
            raise DeviceFault(FaultCode.PROTOCOL, "an answer in pieces that has no end")
    return data + answer


def send(transmit: Transmit, command: Command, most: int = 65_536) -> Response:
    """One plain exchange, its answer whole."""
    return decode(whole(transmit, command.encode(), most))
