"""One visit to a chip (ICAO 9303-10, -11): open it, read its files, ask whether it is the one that was issued.

Everything here blocks; the reader runs it in a thread of its own. Every failure is a DeviceFault; no message of it
holds a byte of the document.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from devices.emrtd import clone
from devices.emrtd.apdu import (
    END_OF_FILE,
    NOT_FOUND,
    SHORT_LIMIT,
    WRONG_LENGTH,
    Command,
    Response,
    Transmit,
    decode,
    is_extended,
    whole,
)
from devices.emrtd.bac import Random, open_bac
from devices.emrtd.ec import Curve
from devices.emrtd.infos import PaceInfo, chip_keys, offers_chip_key, pace_offers
from devices.emrtd.lds import (
    DATA_GROUPS,
    EF_ATR,
    EF_CARD_ACCESS,
    EF_COM,
    EF_SOD,
    announced,
    answer_limit,
    signed_groups,
)
from devices.emrtd.pace import Scalar, open_pace
from devices.emrtd.secure import Channel, SecureError
from devices.emrtd.tlv import TlvError, build, header, only
from devices.identity import AccessKey, CloneCheck
from devices.ports import DeviceFault, FaultCode

SELECT, READ_BINARY, READ_BINARY_ODD = 0xA4, 0xB0, 0xB1
APPLICATION = bytes.fromhex("A0000002471001")
HEAD_BYTES = 8
#: What the odd READ BINARY may wrap around its data.
ENVELOPE = 8
#: The largest answer asked for, whatever the chip could give.
ANSWER_LIMIT = 8_192
FILE_LIMIT, CARD_ACCESS_LIMIT = 131_072, 4_096
SHORT_OFFSETS = 0x8000
CAN = re.compile(r"[0-9]{6}")
MRZ_PART = re.compile(r"[A-Z0-9<]+")

#: Told after every chunk: which file, bytes read, bytes in all.
Progress = Callable[[int, int, int], None]


class ShortOnly(DeviceFault):
    """An APDU of extended length did not get through to the chip, or was refused: begin again with short ones."""


@dataclass(frozen=True)
class Files:
    """What was read: EF.COM, EF.SOD, the data groups by their number, and what EF.CardAccess showed beforehand."""

    com: bytes = field(repr=False)
    sod: bytes = field(repr=False)
    groups: Mapping[int, bytes] = field(repr=False)
    card_access: bytes = field(default=b"", repr=False)


def fresh_scalar(curve: Curve) -> int:
    """A secret for one session, from 1 to n - 1."""
    return secrets.randbelow(curve.n - 1) + 1


def nothing(fid: int, done: int, size: int) -> None:
    """Progress that nobody watches."""


class Chip:
    """An eMRTD chip behind `transmit`. `extended` says whether the reader can carry APDUs beyond 256 bytes."""

    def __init__(
        self,
        transmit: Transmit,
        extended: bool = True,
        random: Random = secrets.token_bytes,
        scalar: Scalar = fresh_scalar,
    ) -> None:
        self._transmit, self._extended = transmit, extended
        self._random, self._scalar = random, scalar
        self._channel: Channel | None = None
        self._limit = SHORT_LIMIT
        self._shown = b""

    def open_access(self, key: AccessKey) -> str:
        """Open the chip: "pace" or "bac". ACCESS_DENIED for a wrong key, MEDIA_UNKNOWN where this is no eMRTD."""
        _check(key)
        self._channel, self._limit, self._shown = None, SHORT_LIMIT, b""
        if self._open_pace(key):
            self._select_application()
            return "pace"
        self._select_application()
        if not key.number:
            raise DeviceFault(FaultCode.ACCESS_DENIED, "this chip does not open with a CAN; give the MRZ")
        self._channel = open_bac(self._ask, key, self._random)
        return "bac"

    def files(self, progress: Progress = nothing) -> Files:
        """EF.COM, EF.SOD and those of DG1, DG2, DG11, DG14, DG15 that either of the two announces."""
        com, sod = self._file(EF_COM, progress), self._file(EF_SOD, progress)
        if com is None:
            raise DeviceFault(FaultCode.PROTOCOL, "the chip has no EF.COM")
        wanted = _announced(com, sod or b"")
        read = {number: self._file(DATA_GROUPS[number], progress) for number in sorted(wanted & set(DATA_GROUPS))}
        groups = {number: data for number, data in read.items() if data is not None}
        return Files(com, sod or b"", groups, self._shown)

    def authenticate(self, files: Files) -> CloneCheck:
        """Chip authentication where DG14 has a key this reader knows, else active authentication with DG15.

        FAILED too where EF.SOD lists either group and the chip does not give it out. NOT_OFFERED where there is
        neither, or only kinds that this reader does not know. NOT_CARRIED where no signature came through, in one
        answer or in pieces.
        """
        if {14, 15} & signed_groups(files.sod) - set(files.groups):
            return CloneCheck.FAILED
        try:
            return self._by_chip_key(files) or self._by_active_key(files) or CloneCheck.NOT_OFFERED
        except TlvError:
            return CloneCheck.FAILED

    def _by_chip_key(self, files: Files) -> CloneCheck | None:
        if 14 not in files.groups or not offers_chip_key(files.groups[14]):
            return None
        keys = chip_keys(files.groups[14])
        if not keys:
            return None
        channel = clone.chip_authentication(self._ask, keys[0], self._scalar)
        if channel is None:
            return CloneCheck.FAILED
        self._channel = channel
        return CloneCheck.PASSED if self._speaks(files.com) else CloneCheck.FAILED

    def _by_active_key(self, files: Files) -> CloneCheck | None:
        if 15 not in files.groups:
            return None
        try:
            key = clone.active_key(files.groups[15])
        except clone.KeyUnknown:
            return None
        fits = self._channel is None or clone.signature_bytes(key) <= self._channel.room(SHORT_LIMIT)
        most = SHORT_LIMIT if fits or not self._extended else 65_536
        return clone.active_authentication(self._ask, key, self._random(8), most, fits or self._extended)

    def _speaks(self, com: bytes) -> bool:
        """True when the chip answers in the new session: only the issued chip can derive its keys."""
        try:
            return self._file(EF_COM, nothing) == com
        except DeviceFault as fault:
            if fault.code is FaultCode.PROTOCOL:
                return False
            raise

    def _open_pace(self, key: AccessKey) -> bool:
        """Run PACE where EF.CardAccess offers a kind this reader knows; a chip without a whole one is opened by BAC."""
        offers = self._offers()
        self._limit = self._answer_limit() if self._extended else SHORT_LIMIT
        if not offers:
            return False
        alike = sum(offer.protocol == offers[0].protocol for offer in offers)
        try:
            self._channel = open_pace(self._ask, offers[0], key, self._scalar, alike > 1)
        except DeviceFault as fault:
            if fault.code is not FaultCode.UNSUPPORTED:
                raise
        return self._channel is not None

    def _offers(self) -> tuple[PaceInfo, ...]:
        self._ask(Command(SELECT, 0, 0x0C, b"\x3f\x00"))
        with suppress(TlvError):
            self._shown = self._card_access()
            return pace_offers(self._shown)
        return ()

    def _card_access(self) -> bytes:
        """EF.CardAccess without what the chip may fill it up with; TlvError where it is missing or broken."""
        data = self._short_file(EF_CARD_ACCESS)
        _, start, length = header(data)
        while len(data) < min(start + length, CARD_ACCESS_LIMIT):
            piece = self._ask(_read(len(data), min(SHORT_LIMIT, start + length - len(data)))).data
            if not piece:
                break
            data += piece
        return data[: start + length]

    def _answer_limit(self) -> int:
        with suppress(TlvError):
            return max(SHORT_LIMIT, min(answer_limit(self._short_file(EF_ATR)), ANSWER_LIMIT))
        return SHORT_LIMIT

    def _short_file(self, fid: int) -> bytes:
        """A file of the master file by its short identifier, in one answer; empty where there is none."""
        answer = self._ask(Command(READ_BINARY, 0x80 | fid & 0x1F, 0, ne=256))
        return answer.data if answer.ok or answer.sw == END_OF_FILE else b""

    def _select_application(self) -> None:
        answer = self._ask(Command(SELECT, 4, 0x0C, APPLICATION))
        if not answer.ok:
            raise DeviceFault(FaultCode.MEDIA_UNKNOWN, f"no eMRTD application ({answer.sw:04X})")

    def _file(self, fid: int, progress: Progress) -> bytes | None:
        """A whole file; None where the chip has none of that name."""
        answer = self._ask(Command(SELECT, 2, 0x0C, fid.to_bytes(2, "big")))
        if answer.sw == NOT_FOUND:
            return None
        if not answer.ok:
            raise DeviceFault(FaultCode.PROTOCOL, f"SELECT of file {fid:04X} answered {answer.sw:04X}")
        data = bytearray(self._chunk(fid, 0, HEAD_BYTES))
        size = _size(fid, bytes(data))
        while len(data) < size:
            data += self._chunk(fid, len(data), min(self._most(), size - len(data)))
            progress(fid, len(data), size)
        return bytes(data[:size])

    def _chunk(self, fid: int, offset: int, size: int) -> bytes:
        """What the chip gives of `size` bytes from `offset`; at least one byte, at most an envelope's worth more."""
        wide = self._channel is not None and size + ENVELOPE > self._channel.room(SHORT_LIMIT)
        answer = self._ask(replace(_read(offset, size), wide=wide))
        data = _unwrapped(answer) if offset >= SHORT_OFFSETS else answer.data
        if not (answer.ok or answer.sw == END_OF_FILE) or not 0 < len(data) <= size + ENVELOPE:
            raise DeviceFault(FaultCode.PROTOCOL, f"file {fid:04X} ends at {offset} ({answer.sw:04X})")
        return data

    def _most(self) -> int:
        """How many bytes of a file fit one answer, whichever instruction reads them."""
        return self._limit if self._channel is None else self._channel.room(self._limit) - ENVELOPE

    def _ask(self, command: Command) -> Response:
        """One exchange, in the session where there is one."""
        if self._channel is None:
            return decode(self._carry(command.encode()))
        try:
            return self._channel.unwrap(self._carry(self._channel.wrap(command)))
        except SecureError as error:
            raise DeviceFault(FaultCode.PROTOCOL, f"secure messaging: {error}") from error


    def _carry(self, apdu: bytes) -> bytes:
        """The chip's raw answer; ShortOnly where what breaks down or is refused is of extended length."""
        if not is_extended(apdu):
            return whole(self._transmit, apdu)
        try:
            answer = whole(self._transmit, apdu)
        except DeviceFault as fault:
            if fault.code is not FaultCode.PROTOCOL:
                raise
            raise ShortOnly(fault.code, fault.detail) from fault
        if answer == WRONG_LENGTH:
            raise ShortOnly(FaultCode.PROTOCOL, "the chip or its reader takes no command of extended length")
        return answer


def _check(key: AccessKey) -> None:
    """Refuse a key that no document could have; says which part, never what stands there."""
    if key.can and not CAN.fullmatch(key.can):
        raise DeviceFault(FaultCode.ACCESS_DENIED, "a CAN has six digits")
    parts = (key.number, key.birth, key.expiry)
    if not (key.can and not any(parts)) and not all(MRZ_PART.fullmatch(part) for part in parts):
        raise DeviceFault(FaultCode.ACCESS_DENIED, "the key lacks number, birth or expiry as the MRZ prints them")


def _announced(com: bytes, sod: bytes) -> frozenset[int]:
    try:
        return announced(com) | signed_groups(sod)
    except TlvError as error:
        raise DeviceFault(FaultCode.PROTOCOL, f"EF.COM: {error}") from error


def _size(fid: int, head: bytes) -> int:
    try:
        _, start, length = header(head)
    except TlvError as error:
        raise DeviceFault(FaultCode.PROTOCOL, f"file {fid:04X}: {error}") from error
    if start + length > FILE_LIMIT:
        raise DeviceFault(FaultCode.PROTOCOL, f"file {fid:04X} claims {start + length} bytes")
    return start + length


def _read(offset: int, size: int) -> Command:
    if offset < SHORT_OFFSETS:
        return Command(READ_BINARY, offset >> 8, offset & 0xFF, ne=size)
    return Command(READ_BINARY_ODD, 0, 0, build(0x54, offset.to_bytes(3, "big")), ne=size + ENVELOPE)


def _unwrapped(answer: Response) -> bytes:
    try:
        return only(answer.data, 0x53).value
    except TlvError as error:
        raise DeviceFault(FaultCode.PROTOCOL, f"READ BINARY: {error}") from error
