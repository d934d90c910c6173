"""A chip of a passport (ICAO 9303-10, -11) as the reader meets it: bytes in, bytes out; no transport.

Access by BAC, by PACE or by both; secure messaging; chip and active authentication with the document's own keys.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric import ec

from devices.bench.chip_access import ActiveKey, PaceRun, Random, Refused, agree_chip_key, answer_bac, sign_challenge
from devices.bench.chip_channel import SW_DATA_WRONG, SW_LENGTH, ChannelLost, ChipChannel, Request, taken_apart
from devices.bench.peer import Peer
from devices.emrtd.apdu import GET_RESPONSE, MORE
from devices.emrtd.infos import PACE_ECDH_GM, PaceInfo, pace_info, pace_offers
from devices.emrtd.lds import DATA_GROUPS, EF_ATR, EF_CARD_ACCESS, length_information
from devices.emrtd.tlv import TlvError, build, header, only, parse
from devices.identity import AccessKey

APPLICATION = bytes.fromhex("A0000002471001")
#: As a reader makes it up for a contactless chip (PC/SC part 3), the historical bytes saying MRTD PEER.
ATR = bytes.fromhex("3B8980014D525444205045455225")
OK, END_OF_FILE, NOT_ALLOWED, NOT_FOUND = 0x9000, 0x6282, 0x6982, 0x6A82
WRONG_DATA, OUT_OF_FILE, NO_SUCH_INS, CONDITIONS = 0x6A80, 0x6B00, 0x6D00, 0x6985
ANSWER_LIMIT = 4_096


@dataclass(frozen=True)
class Contents:
    """What is on the chip: files by identifier, what opens it, the private keys it never gives out."""

    files: Mapping[int, bytes] = field(repr=False)
    key: AccessKey
    can: str = field(default="", repr=False)
    aa_key: ActiveKey | None = field(default=None, repr=False)
    ca_key: ec.EllipticCurvePrivateKey | None = field(default=None, repr=False)


class Card(Peer):
    """One chip. `access` is bac, pace or both; `extended` says whether it takes and gives more than 256 bytes at once,
    `chains` whether it keeps what an answer does not hold for GET RESPONSE."""

    FAULTS = ("garbage", "half_frame", "wrong_mac", "wrong_card", "denies", "altered_dg", "cloned")

    def __init__(
        self, contents: Contents, access: str = "both", extended: bool = True, random: Random = secrets.token_bytes,
        chains: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        if access not in ("bac", "pace", "both"):
            raise ValueError(f"access is bac, pace or both, not '{access}'")
        self._contents, self._access, self._extended, self._random = contents, access, extended, random
        self._chains = chains
        self._root = self._root_files()
        self.reset()

    @property
    def atr(self) -> bytes:
        """What the chip answers to a reset."""
        return ATR

    def reset(self) -> None:
        """Power cycle: nothing selected, no session."""
        self._application = False
        self._file: bytes | None = None
        self._challenge = self._rest = b""
        self._pace: PaceRun | None = None
        self._chip_arc = 0
        self._channel: ChipChannel | None = None
        self._next: ChipChannel | None = None

    def respond(self, apdu: bytes) -> bytes:
        """The raw response to a raw command; never raises."""
        answer = self._answer(apdu)
        if "garbage" in self.ordered:
            return self._random(24)
        return answer[: len(answer) // 2] if "half_frame" in self.ordered else answer

    def _answer(self, apdu: bytes) -> bytes:
        request = taken_apart(apdu)
        if request is None or (not self._extended and len(apdu) > 261):
            return _status(SW_LENGTH)
        if request.ins == GET_RESPONSE and self._rest:
            return self._piece(self._rest, request.ne)
        self._rest = b""
        try:
            answer = self._secured(request) if request.secure else self._plain(request)
        except ChannelLost as lost:
            self._channel = None
            answer = _status(lost.sw)
        if self._next is not None:
            self._channel, self._next = self._next, None
        return answer

    def _plain(self, request: Request) -> bytes:
        """A plain command ends a session (9303-11 §9.8.5)."""
        self._channel = None
        data, sw = self._handle(request, secure=False)
        return data + _status(sw)

    def _secured(self, request: Request) -> bytes:
        channel = self._channel
        if channel is None:
            raise ChannelLost(SW_DATA_WRONG)
        inner = channel.open(request)
        data, sw = self._handle(inner, secure=True)
        answer = channel.close(data, sw, bool(request.ins & 1))
        answer = _with_wrong_mac(answer) if "wrong_mac" in self.ordered else answer
        room = min(request.ne or 256, ANSWER_LIMIT if self._extended else 256)
        if len(answer) - 2 > room and not self._chains:
            raise ChannelLost(SW_LENGTH)
        return self._piece(answer, room)

    def _piece(self, answer: bytes, room: int) -> bytes:
        """As much of an answer as one response holds; the rest waits for GET RESPONSE (ISO 7816-4)."""
        if len(answer) - 2 <= room:
            self._rest = b""
            return answer
        self._rest = answer[room:]
        return answer[:room] + bytes([MORE, min(len(self._rest) - 2, 256) % 256])

    def _handle(self, request: Request, secure: bool) -> tuple[bytes, int]:
        try:
            return self._act(request, secure)
        except Refused as refused:
            return b"", refused.sw
        except TlvError:
            return b"", WRONG_DATA

    def _act(self, request: Request, secure: bool) -> tuple[bytes, int]:
        match request.ins:
            case 0xA4:
                return b"", self._select(request, secure)
            case 0xB0 | 0xB1:
                return self._read(request, secure)
            case 0x84:
                return self._give_challenge(request)
            case 0x82:
                return self._mutual(request), OK
            case 0x22:
                return b"", self._set_environment(request, secure)
            case 0x86:
                return self._general(request, secure), OK
            case 0x88:
                return self._sign(request, secure), OK
        return b"", NO_SUCH_INS

    def _select(self, request: Request, secure: bool) -> int:
        self._file = None
        if request.p1 == 4:
            self._application = request.data == APPLICATION and "wrong_card" not in self.ordered
            return OK if self._application else NOT_FOUND
        if request.p1 == 0 and request.data in (b"", b"\x3f\x00"):
            self._application = False
            return OK
        self._file = self._found(int.from_bytes(request.data, "big"), secure)
        return OK

    def _found(self, fid: int, secure: bool) -> bytes:
        files = self._contents.files if self._application else self._root
        if fid not in files or (self._application and fid in (EF_CARD_ACCESS, EF_ATR)):
            raise Refused(NOT_FOUND)
        if self._application and not secure:
            raise Refused(NOT_ALLOWED)
        return _flipped(files[fid]) if "altered_dg" in self.ordered and fid == self._altered() else files[fid]

    def _altered(self) -> int:
        """The portrait where there is one, else the printed data."""
        return DATA_GROUPS[2] if DATA_GROUPS[2] in self._contents.files else DATA_GROUPS[1]

    def _read(self, request: Request, secure: bool) -> tuple[bytes, int]:
        offset = request.p1 << 8 | request.p2
        if request.ins == 0xB1:
            offset = int.from_bytes(only(request.data, 0x54).value, "big")
        elif request.p1 & 0x80:
            offset = request.p2
            self._file = self._found_by_short(request.p1 & 0x1F, secure)
        if self._file is None or (self._application and not secure):
            raise Refused(NOT_ALLOWED)
        if offset >= len(self._file):
            raise Refused(OUT_OF_FILE)
        return _slice(self._file, offset, request)

    def _found_by_short(self, short: int, secure: bool) -> bytes:
        files = self._contents.files if self._application else self._root
        return self._found(next((fid for fid in files if fid & 0x1F == short), 0), secure)

    def _give_challenge(self, request: Request) -> tuple[bytes, int]:
        if not self._application or self._access == "pace":
            raise Refused(CONDITIONS)
        if request.ne < 8:
            raise Refused(SW_LENGTH)
        self._challenge = self._random(8)
        return self._challenge, OK

    def _mutual(self, request: Request) -> bytes:
        challenge, self._challenge = self._challenge, b""
        if "denies" in self.ordered or not self._application or self._access == "pace":
            raise Refused(NOT_ALLOWED)
        proof, self._next = answer_bac(self._contents.key, challenge, request.data, self._random)
        return proof

    def _set_environment(self, request: Request, secure: bool) -> int:
        values = {node.tag: node.value for node in parse(request.data)}
        match (request.p1, request.p2):
            case (0xC1, 0xA4):
                self._pace = self._pace_run(values)
            case (0x41, 0xA4) if secure and self._contents.ca_key:
                self._chip_arc = values.get(0x80, b"\0")[-1]
            case (0x41, 0xA6) if secure and self._contents.ca_key:
                self._change_keys(self._contents.ca_key, 1, values.get(0x91, b""))
            case _:
                return WRONG_DATA
        return OK

    def _pace_run(self, values: Mapping[int, bytes]) -> PaceRun:
        wanted = values.get(0x84, b"")
        for offer in _offers(self._root.get(EF_CARD_ACCESS, b"")):
            if offer.protocol == values.get(0x80) and wanted in (b"", bytes([offer.parameter])):
                return PaceRun(offer, self._password(values.get(0x83, b"")), self._random)
        raise Refused(WRONG_DATA)

    def _password(self, reference: bytes) -> AccessKey:
        if reference == b"\x01":
            return replace(self._contents.key, can="")
        if reference == b"\x02" and self._contents.can:
            return AccessKey(can=self._contents.can)
        raise Refused(0x6A88)

    def _general(self, request: Request, secure: bool) -> bytes:
        if secure:
            return self._authenticate_chip(request)
        if self._pace is None:
            raise Refused(CONDITIONS)
        if "denies" in self.ordered and not request.cla & 0x10:
            raise Refused(0x6300)
        answer = self._pace.step(request.data)
        if self._pace.opened:
            self._next, self._pace = self._pace.opened, None
        return answer

    def _authenticate_chip(self, request: Request) -> bytes:
        if self._contents.ca_key is None or self._chip_arc < 2:
            raise Refused(CONDITIONS)
        self._change_keys(self._contents.ca_key, self._chip_arc, only(request.data, 0x7C).child(0x80).value)
        return build(0x7C)

    def _change_keys(self, key: ec.EllipticCurvePrivateKey, arc: int, theirs: bytes) -> None:
        self._next = agree_chip_key(key, arc, theirs, "cloned" in self.ordered)

    def _sign(self, request: Request, secure: bool) -> bytes:
        if not secure or self._contents.aa_key is None:
            raise Refused(NO_SUCH_INS if secure else NOT_ALLOWED)
        if len(request.data) != 8:
            raise Refused(SW_LENGTH)
        challenge = bytes(8) if "cloned" in self.ordered else request.data
        return sign_challenge(self._contents.aa_key, challenge, self._random)

    def _root_files(self) -> dict[int, bytes]:
        """What the master file shows before anything is opened."""
        offered = self._contents.files.get(EF_CARD_ACCESS, build(0x31, pace_info(PACE_ECDH_GM + b"\x02", 13)))
        files = {} if self._access == "bac" else {EF_CARD_ACCESS: offered}
        return files | ({EF_ATR: length_information(ANSWER_LIMIT, ANSWER_LIMIT)} if self._extended else {})


def _offers(card_access: bytes) -> tuple[PaceInfo, ...]:
    """What EF.CardAccess offers, whatever it is filled up with."""
    _, start, length = header(card_access)
    return pace_offers(card_access[: start + length])


def _slice(content: bytes, offset: int, request: Request) -> tuple[bytes, int]:
    """At most what was asked for; the odd instruction wraps it in a 53 that counts."""
    if request.ins == 0xB0:
        piece = content[offset : offset + request.ne]
        return piece, OK if len(piece) == request.ne or request.ne in (256, 65_536) else END_OF_FILE
    room = max(request.ne - (2 if request.ne <= 0x81 else 3 if request.ne <= 0x102 else 4), 1)
    piece = content[offset : offset + room]
    return build(0x53, piece), OK if len(piece) == room else END_OF_FILE


def _flipped(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


def _with_wrong_mac(answer: bytes) -> bytes:
    return answer[:-3] + bytes([answer[-3] ^ 1]) + answer[-2:]


def _status(sw: int) -> bytes:
    return sw.to_bytes(2, "big")
