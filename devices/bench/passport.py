"""Made-up electronic documents of Utopia (ICAO 9303-10): every file as it lies on the chip, and what is wrong with it.

Nobody of that name exists; the face is a drawing.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from devices.bench.authority import LDS_SECURITY_OBJECT, Authority, Holder, public_bytes
from devices.emrtd.lds import EF_CARD_ACCESS, EF_COM, EF_SOD, GROUP_TAGS
from devices.emrtd.mrz import check_digit
from devices.emrtd.tlv import build
from devices.identity import AccessKey

ACTIVE_KEY = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
#: Object identifiers as DER contents: bsi-de protocols (BSI TR-03110) and those of ICAO 9303-11.
PACE_ECDH_GM_AES128 = bytes.fromhex("04007f00070202040202")
CA_ECDH_AES128 = bytes.fromhex("04007f00070202030202")
CA_PUBLIC_KEY = bytes.fromhex("04007f000702020102")
ACTIVE_AUTHENTICATION = bytes.fromhex("678108010105")
ECDSA_PLAIN_SHA256 = bytes.fromhex("04007f00070101040103")
HASH_IDS = {
    "sha1": "2b0e03021a",
    "sha224": "608648016503040204",
    "sha256": "608648016503040201",
    "sha384": "608648016503040202",
    "sha512": "608648016503040203",
}
BRAINPOOL_P256R1 = 13
FIRST_GROUP = 0x0100


class Variant(StrEnum):
    """What is wrong with a document."""

    GENUINE = "genuine"
    ALTERED_DG1 = "altered_dg1"
    ALTERED_DG2 = "altered_dg2"
    UNKNOWN_CSCA = "unknown_csca"
    FORGED_DS = "forged_ds"
    EXPIRED_DS = "expired_ds"
    REVOKED_DS = "revoked_ds"
    BROKEN_SIGNATURE = "broken_signature"
    NO_SOD = "no_sod"
    HIDDEN_KEYS = "hidden_keys"
    OTHER_STATE = "other_state"


@dataclass(frozen=True)
class Person:
    """The made-up holder; dates as in the MRZ (YYMMDD)."""

    surname: str = "HONG"
    given_names: str = "SAEBYEOK"
    full_name: str = "홍<<새벽"
    number: str = "L898902C3"
    birth: str = "900815"
    sex: str = "F"
    expiry: str = "340415"
    state: str = "UTO"


@dataclass(frozen=True)
class Passport:
    """Files by their identifier (EF.COM 011E, EF.SOD 011D, DGn 01nn, EF.CardAccess 011C), and the chip's secrets."""

    files: Mapping[int, bytes] = field(repr=False)
    key: AccessKey
    can: str
    aa_key: ACTIVE_KEY | None = field(repr=False)
    ca_key: ec.EllipticCurvePrivateKey | None = field(repr=False)

    def groups(self) -> dict[int, bytes]:
        """The data groups by number."""
        return {file - FIRST_GROUP: content for file, content in self.files.items() if file <= FIRST_GROUP + 16}


def issue(  # noqa: PLR0913, PLR0917  # each is a way in which documents differ
    authority: Authority, variant: Variant = Variant.GENUINE, person: Person | None = None, td1: bool = False,
    aa: str = "ec", pace: bool = True, seed: int = 0, ca: bool = True,
) -> Passport:  # fmt: skip
    """A document under this authority; `aa` is the key of active authentication (ec, rsa or '' for none), `pace` and
    `ca` say whether the chip offers PACE and chip authentication."""
    holder = person or Person(state="XXU" if variant is Variant.OTHER_STATE else "UTO")
    chance = random.Random(authority.seed * 1000 + seed)
    secret = chance.getrandbits(200) + 1
    ca_key = ec.derive_private_key(secret, ec.BrainpoolP256R1()) if ca else None
    aa_key = _active_key(aa, chance)
    infos = [*([_pace_info()] if pace else []), *_security_infos(ca_key, aa_key)]
    groups = _groups(holder, td1, aa_key, infos, chance)
    sod = _sod(authority, variant, groups, seed)
    _alter(variant, groups, holder)
    files = {FIRST_GROUP + number: content for number, content in groups.items()}
    files |= {EF_COM: com(tuple(groups))} | ({EF_CARD_ACCESS: build(0x31, _pace_info())} if pace else {})
    files |= {} if variant is Variant.NO_SOD else {EF_SOD: sod}
    key = AccessKey(holder.number, holder.birth, holder.expiry)
    return Passport(files, key, f"{chance.randrange(10**6):06d}", aa_key, ca_key)


def mrz_td3(person: Person) -> str:
    """Two lines of 44 (ICAO 9303-4), written as one."""
    names = f"{person.surname}<<{person.given_names.replace(' ', '<')}"
    optional = "<" * 14
    number, birth, expiry = (_with_digit(text) for text in (person.number.ljust(9, "<"), person.birth, person.expiry))
    checked = number + birth + expiry + _with_digit(optional)
    line = f"{number}{person.state}{birth}{person.sex}{expiry}{_with_digit(optional)}{check_digit(checked)}"
    return f"P<{person.state}{names}".ljust(44, "<") + line


def mrz_td1(person: Person) -> str:
    """Three lines of 30 (ICAO 9303-5), written as one; a number over nine characters goes on in the optional data."""
    names = f"{person.surname}<<{person.given_names.replace(' ', '<')}"
    number = _with_digit(person.number.ljust(9, "<"))
    if len(person.number) > 9:
        number = f"{person.number[:9]}<{person.number[9:]}{check_digit(person.number)}<"
    first = f"I<{person.state}{number}".ljust(30, "<")
    birth, expiry = _with_digit(person.birth), _with_digit(person.expiry)
    second = f"{birth}{person.sex}{expiry}{person.state}{'<' * 11}"
    digit = check_digit(first[5:] + birth + expiry + "<" * 11)
    return first + second + digit + names.ljust(30, "<")


def com(groups: tuple[int, ...]) -> bytes:
    """EF.COM: LDS version 1.7, Unicode 4.0, the tags of the groups that are there."""
    listed = bytes(GROUP_TAGS[number] for number in groups)
    return build(0x60, build(0x5F01, b"0107"), build(0x5F36, b"040000"), build(0x5C, listed))


def dg2(image: bytes, width: int, height: int) -> bytes:
    """EF.DG2 with one facial record (ISO/IEC 19794-5:2005) without feature points."""
    details = bytes([1, 0]) + width.to_bytes(2, "big") + height.to_bytes(2, "big") + bytes(6)
    face = (20 + len(details) + len(image)).to_bytes(4, "big") + bytes(16) + details + image
    block = b"FAC\x00010\x00" + (14 + len(face)).to_bytes(4, "big") + b"\x00\x01" + face
    header = build(0xA1, build(0x80, b"\x01\x01"), build(0x87, b"\x01\x01"), build(0x88, b"\x00\x08"))
    return build(0x75, build(0x7F61, build(0x02, b"\x01"), build(0x7F60, header, build(0x5F2E, block))))


def face(chance: random.Random, width: int = 240, height: int = 320) -> bytes:
    """A drawing of a face as JPEG, about 15 kB; the grain makes it as heavy as a photograph."""
    picture = np.full((height, width, 3), (214, 206, 196), np.uint8)
    tone = tuple(chance.randrange(120, 220) for _ in range(3))
    cv2.ellipse(picture, (width // 2, height), (width // 2 - 10, height // 3), 0, 180, 360, (96, 84, 70), -1)
    cv2.ellipse(picture, (width // 2, height // 2 - 10), (70, 95), 0, 0, 360, tone, -1)
    cv2.ellipse(picture, (width // 2, height // 2 - 70), (76, 50), 0, 180, 360, (40, 36, 34), -1)
    for side in (-1, 1):
        cv2.circle(picture, (width // 2 + 27 * side, height // 2 - 25), 8, (30, 30, 30), -1)
    cv2.line(picture, (width // 2, height // 2 - 12), (width // 2 - 6, height // 2 + 16), (90, 90, 110), 3)
    cv2.ellipse(picture, (width // 2, height // 2 + 38), (26, 12), 0, 0, 180, (60, 50, 130), 3)
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0, 8, picture.shape)
    grained = np.clip(picture + grain, 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", grained, [cv2.IMWRITE_JPEG_QUALITY, 83])[1])


def _with_digit(text: str) -> str:
    return text + check_digit(text)


def _active_key(kind: str, chance: random.Random) -> ACTIVE_KEY | None:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.derive_private_key(chance.getrandbits(200) + 1, ec.SECP256R1()) if kind else None


def _groups(
    person: Person, td1: bool, aa_key: ACTIVE_KEY | None, infos: list[bytes], chance: random.Random
) -> dict[int, bytes]:  # fmt: skip
    zone = (mrz_td1 if td1 else mrz_td3)(person)
    groups = {
        1: build(0x61, build(0x5F1F, zone.encode("ascii"))),
        2: dg2(face(chance), 240, 320),
        11: build(0x6B, build(0x5C, b"\x5f\x0e"), build(0x5F0E, person.full_name.encode())),
        14: build(0x6E, build(0x31, *sorted(infos))),
    }
    return groups if aa_key is None else groups | {15: build(0x6F, public_bytes(aa_key))}


def _security_infos(ca_key: ec.EllipticCurvePrivateKey | None, aa_key: ACTIVE_KEY | None) -> list[bytes]:
    infos = [] if ca_key is None else [
        build(0x30, build(0x06, CA_PUBLIC_KEY), public_bytes(ca_key)),
        build(0x30, build(0x06, CA_ECDH_AES128), build(0x02, b"\x01")),
    ]  # fmt: skip
    if isinstance(aa_key, ec.EllipticCurvePrivateKey):
        version = build(0x02, b"\x01")
        infos.append(build(0x30, build(0x06, ACTIVE_AUTHENTICATION), version, build(0x06, ECDSA_PLAIN_SHA256)))
    return infos


def _pace_info() -> bytes:
    parameters = build(0x02, bytes([BRAINPOOL_P256R1]))
    return build(0x30, build(0x06, PACE_ECDH_GM_AES128), build(0x02, b"\x02"), parameters)


def _sod(authority: Authority, variant: Variant, groups: Mapping[int, bytes], seed: int) -> bytes:
    name = authority.scheme.hash_name
    hashes = [
        build(0x30, build(0x02, bytes([number])), build(0x04, hashlib.new(name, content).digest()))
        for number, content in sorted(groups.items())
    ]
    algorithm = build(0x30, build(0x06, bytes.fromhex(HASH_IDS[name])))
    content = build(0x30, build(0x02, b"\0"), algorithm, build(0x30, *hashes))
    sod = build(0x77, authority.signed_data(_signer(authority, variant, seed), LDS_SECURITY_OBJECT, content))
    return sod if variant is not Variant.BROKEN_SIGNATURE else sod[:-1] + bytes([sod[-1] ^ 1])


def _signer(authority: Authority, variant: Variant, seed: int) -> Holder:
    match variant:
        case Variant.EXPIRED_DS:
            return authority.signer(100 + seed, -900, -20)
        case Variant.REVOKED_DS:
            return authority.signer(authority.revoked_serial)
        case Variant.UNKNOWN_CSCA:
            return authority.stranger().signer(100 + seed)
        case Variant.FORGED_DS:
            named: dict[str, Any] = {"authority_key_identifier": {"key_identifier": authority.csca_key_id}}
            return authority.stranger().signer(100 + seed, **named)
        case _:
            return authority.signer(100 + seed)


def _alter(variant: Variant, groups: dict[int, bytes], person: Person) -> None:
    """Change what was signed: another name in the MRZ (which has no check digit), another pixel, hidden keys."""
    if variant is Variant.ALTERED_DG1:
        surname = person.surname.encode("ascii")
        groups[1] = groups[1].replace(surname, b"X" + surname[1:], 1)
    if variant is Variant.ALTERED_DG2:
        groups[2] = groups[2][:-400] + bytes([groups[2][-400] ^ 1]) + groups[2][-399:]
    if variant is Variant.HIDDEN_KEYS:
        for number in {14, 15} & set(groups):
            del groups[number]
