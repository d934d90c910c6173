"""A made-up document for the tests of the chip: few files, real keys, no trust behind it."""

from __future__ import annotations

from functools import cache
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.bench.card import Contents
from devices.bench.chip_access import ActiveKey
from devices.emrtd.infos import CHIP_ECDH, CHIP_KEY_ECDH
from devices.emrtd.lds import EF_CARD_ACCESS, EF_COM, EF_SOD, GROUP_TAGS
from devices.emrtd.tlv import build
from devices.identity import AccessKey

PAGE = AccessKey("X1234567<", "900101", "350101")
WRONG_PAGE = AccessKey("X1234568<", "900101", "350101")
CAN = AccessKey(can="493827")
SEQUENCE, SET, INTEGER, OID, OCTETS = 0x30, 0x31, 0x02, 0x06, 0x04
LINES = "P<UTOMADE<UP<<EXAMPLE".ljust(44, "<") + "X1234567<7UTO9001014F3501014" + "<" * 14 + "08"


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def public(key: ActiveKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def dg14(key: ec.EllipticCurvePrivateKey, suite: int, key_id: bytes = b"", listed: bool = True) -> bytes:
    """Chip authentication with this key and suite (last arc)."""
    reference = build(INTEGER, key_id) if key_id else b""
    info = build(SEQUENCE, build(OID, CHIP_ECDH + bytes([suite])), build(INTEGER, b"\x01"), reference)
    public_info = build(SEQUENCE, build(OID, CHIP_KEY_ECDH), public(key), reference)
    return build(GROUP_TAGS[14], build(SET, info if listed else b"", public_info))


def sod(*numbers: int) -> bytes:
    """As much of EF.SOD as tells which groups it signs."""
    hashes = (build(SEQUENCE, build(INTEGER, bytes([number])), build(OCTETS, bytes(32))) for number in numbers)
    content = build(SEQUENCE, build(INTEGER, b"\0"), build(SEQUENCE), build(SEQUENCE, *hashes))
    encapsulated = build(SEQUENCE, build(OID, b"\x67\x81"), build(0xA0, build(OCTETS, content)))
    signed = build(SEQUENCE, build(INTEGER, b"\x03"), build(SET), encapsulated)
    return build(0x77, build(SEQUENCE, build(OID, b"\x2a"), build(0xA0, signed)))


def com(*numbers: int) -> bytes:
    tags = bytes(GROUP_TAGS[number] for number in numbers)
    return build(0x60, build(0x5F01, b"0107"), build(0x5F36, b"040000"), build(0x5C, tags))


def document(
    portrait: int = 2_000,
    active: ActiveKey | None = None,
    chip: ec.EllipticCurvePrivateKey | None = None,
    suite: int = 2,
    card_access: bytes = b"",
    key_id: bytes = b"",
) -> Contents:
    """Files of DG1, DG2 and whichever of DG14 and DG15 there are keys for."""
    groups = {1: build(0x61, build(0x5F1F, LINES.encode())), 2: build(0x75, Random(1).randbytes(portrait))}
    groups |= {14: dg14(chip, suite, key_id)} if chip else {}
    groups |= {15: build(0x6F, public(active))} if active else {}
    files = {0x0100 + number: data for number, data in groups.items()}
    files |= {EF_COM: com(*groups), EF_SOD: sod(*groups)}
    files |= {EF_CARD_ACCESS: card_access} if card_access else {}
    return Contents(files, PAGE, CAN.can, active, chip)
