"""EF.SOD (ICAO 9303-10 4.6.2): the document security object, whose signature covers a hash of every data group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest

from devices.emrtd.asn1 import CHIP_FILE, INTEGER, SEQUENCE, Asn1Error, screen
from devices.emrtd.cms import Signed, read_signed
from devices.emrtd.signatures import digest
from devices.emrtd.tlv import Node, TlvError, only, parse

SOD_TAG = 0x77
LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
GROUPS = range(1, 17)
OCTETS, OID = 0x04, 0x06
#: Contents of the hash algorithms' object identifiers.
HASH_IDS = {
    "2b0e03021a": "sha1",
    "608648016503040204": "sha224",
    "608648016503040201": "sha256",
    "608648016503040202": "sha384",
    "608648016503040203": "sha512",
}


@dataclass(frozen=True)
class SecurityObject:
    """The hashes by group number, the hash's name ('' = one this reader does not know), and who signed them."""

    hash_name: str
    hashes: Mapping[int, bytes] = field(repr=False)
    signed: Signed


def read_sod(raw: bytes) -> SecurityObject:
    """The content of EF.SOD; Asn1Error for anything else, AlgorithmUnknown where its signature cannot be computed."""
    if len(raw) > CHIP_FILE.size:
        raise Asn1Error(f"{len(raw)} bytes where at most {CHIP_FILE.size} are taken")
    signed = read_signed(_unwrapped(raw), LDS_SECURITY_OBJECT, CHIP_FILE)
    screen(signed.content)
    try:
        name, hashes = _hashes(signed.content)
    except TlvError:
        raise Asn1Error("the LDS security object is not built as its standard says") from None
    return SecurityObject(name, hashes, signed)


def changed_groups(security: SecurityObject, groups: Mapping[int, bytes]) -> tuple[int, ...]:
    """The groups that were read and are not what was signed; AlgorithmUnknown for an unknown hash."""
    return tuple(
        number
        for number, content in sorted(groups.items())
        if not compare_digest(security.hashes.get(number, b""), digest(security.hash_name, content))
    )


def _unwrapped(raw: bytes) -> bytes:
    try:
        return only(raw, SOD_TAG).value
    except TlvError:
        raise Asn1Error("not exactly one template 77") from None


def _hashes(content: bytes) -> tuple[str, dict[int, bytes]]:
    """LDSSecurityObject ::= SEQUENCE {version 0 or 1, hashAlgorithm, dataGroupHashValues, ldsVersionInfo if 1}."""
    parts = only(content, SEQUENCE).children()
    _expect(parts, INTEGER, SEQUENCE, SEQUENCE)
    version, algorithm, values = parts[:3]
    known = (version.value, len(parts)) in ((b"\0", 3), (b"\1", 4))
    if not known:
        raise Asn1Error("an LDS security object of an unknown version")
    identifier = algorithm.child(OID).value.hex()
    pairs = [_pair(each) for each in values.children()]
    hashes = dict(pairs)
    if not 2 <= len(pairs) <= 16 or len(hashes) != len(pairs) or not set(hashes) <= set(GROUPS):
        raise Asn1Error("hashes of too many or unknown groups")
    return HASH_IDS.get(identifier, ""), hashes


def _pair(node: Node) -> tuple[int, bytes]:
    parts = parse(node.value)
    _expect(parts, INTEGER, OCTETS)
    return int.from_bytes(parts[0].value, "big"), parts[1].value


def _expect(parts: tuple[Node, ...], *tags: int) -> None:
    if tuple(part.tag for part in parts[: len(tags)]) != tags:
        raise Asn1Error("elements in another order")
