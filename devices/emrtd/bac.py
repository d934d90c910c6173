"""Basic access control (ICAO 9303-11 §4.3): the key of the printed page opens a 3DES session."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from devices.emrtd.apdu import Command, Response
from devices.emrtd.cipher import FOR_ENC, FOR_MAC, MAC_BYTES, TRIPLE_DES
from devices.emrtd.mrz import check_digit
from devices.emrtd.secure import Channel
from devices.identity import AccessKey
from devices.ports import DeviceFault, FaultCode

GET_CHALLENGE, EXTERNAL_AUTHENTICATE = 0x84, 0x82
#: Status words of a chip that does not take the key: warnings with a counter, and everything about security.
REFUSALS = frozenset({0x63, 0x69})

Ask = Callable[[Command], Response]
Random = Callable[[int], bytes]


def mrz_information(key: AccessKey) -> bytes:
    """Number, birth and expiry, each with its check digit; the number filled up to nine."""
    number = key.number.ljust(9, "<")
    return "".join(part + check_digit(part) for part in (number, key.birth, key.expiry)).encode("ascii")


def key_seed(key: AccessKey) -> bytes:
    """The 16 bytes from which both document keys come."""
    return hashlib.sha1(mrz_information(key), usedforsecurity=False).digest()[:16]


def open_bac(ask: Ask, key: AccessKey, random: Random) -> Channel:
    """Prove to each other that both know the page; ACCESS_DENIED for another page, MEDIA_UNKNOWN without BAC."""
    challenge = ask(Command(GET_CHALLENGE, ne=8))
    if not challenge.ok:
        why = f"the chip does not open by BAC, nor by a kind of PACE that is known here ({challenge.sw:04X})"
        raise DeviceFault(FaultCode.MEDIA_UNKNOWN, why)
    if len(challenge.data) != 8:
        raise DeviceFault(FaultCode.PROTOCOL, f"GET CHALLENGE answered {len(challenge.data)} bytes")
    enc, mac = (TRIPLE_DES.derive(key_seed(key), counter) for counter in (FOR_ENC, FOR_MAC))
    ours, secret = random(8), random(16)
    sealed = TRIPLE_DES.encrypt(enc, ours + challenge.data + secret)
    answer = ask(Command(EXTERNAL_AUTHENTICATE, data=sealed + TRIPLE_DES.mac(mac, sealed), ne=40))
    theirs = _proof(answer, enc, mac)
    if theirs[:16] != challenge.data + ours:
        raise DeviceFault(FaultCode.PROTOCOL, "the chip answered another challenge")
    return session(secret, theirs[16:], challenge.data, ours)


def session(reader_secret: bytes, chip_secret: bytes, chip_random: bytes, reader_random: bytes) -> Channel:
    """The session that both sides' shares make."""
    seed = bytes(left ^ right for left, right in zip(reader_secret, chip_secret, strict=True))
    counter = int.from_bytes(chip_random[4:] + reader_random[4:], "big")
    return Channel(TRIPLE_DES, TRIPLE_DES.derive(seed, FOR_ENC), TRIPLE_DES.derive(seed, FOR_MAC), counter)


def _proof(answer: Response, enc: bytes, mac: bytes) -> bytes:
    """What the chip says: our challenge, its own, its share of the secret."""
    if answer.sw >> 8 in REFUSALS:
        raise DeviceFault(FaultCode.ACCESS_DENIED, f"the chip does not open with this MRZ ({answer.sw:04X})")
    sealed, code = answer.data[:-MAC_BYTES], answer.data[-MAC_BYTES:]
    if not answer.ok or len(sealed) != 32 or not hmac.compare_digest(TRIPLE_DES.mac(mac, sealed), code):
        raise DeviceFault(FaultCode.PROTOCOL, f"EXTERNAL AUTHENTICATE answered {answer.sw:04X} with a wrong proof")
    return TRIPLE_DES.decrypt(enc, sealed)
