"""The SecurityInfos of EF.CardAccess and DG14 (ICAO 9303-11 §9.2): which protocols a chip offers, with which keys."""

from __future__ import annotations

from dataclasses import dataclass, field

from devices.emrtd.cipher import SUITES, Suite
from devices.emrtd.ec import CURVES, Curve, PointError
from devices.emrtd.tlv import Node, TlvError, build, only, pick

SEQUENCE, SET, INTEGER, OID, BIT_STRING, OCTET_STRING = 0x30, 0x31, 0x02, 0x06, 0x03, 0x04
DG14_TAG = 0x6E
BSI = bytes.fromhex("04007F000702")  # 0.4.0.127.0.7.2, the arc of TR-03110
PACE = BSI + bytes.fromhex("0204")
PACE_ECDH_GM = BSI + bytes.fromhex("020402")
CHIP_ECDH = BSI + bytes.fromhex("020302")
CHIP_KEY_ECDH = BSI + bytes.fromhex("020102")
#: Last arcs of the suites that are known here.
KNOWN = frozenset(bytes([arc]) for arc in SUITES)
EC_PUBLIC_KEY = bytes.fromhex("2A8648CE3D0201")
NAMED_CURVES = {
    bytes.fromhex("2A8648CE3D030101"): 8,
    bytes.fromhex("2B2403030208010103"): 9,
    bytes.fromhex("2B81040021"): 10,
    bytes.fromhex("2B2403030208010105"): 11,
    bytes.fromhex("2A8648CE3D030107"): 12,
    bytes.fromhex("2B2403030208010107"): 13,
    bytes.fromhex("2B2403030208010109"): 14,
    bytes.fromhex("2B81040022"): 15,
    bytes.fromhex("2B240303020801010B"): 16,
    bytes.fromhex("2B240303020801010D"): 17,
    bytes.fromhex("2B81040023"): 18,
}


@dataclass(frozen=True)
class PaceInfo:
    """One offer of PACE with ECDH and generic mapping: protocol as encoded, suite, standard curve."""

    protocol: bytes
    suite: Suite
    parameter: int
    curve: Curve


@dataclass(frozen=True)
class ChipKey:
    """A chip's public key for chip authentication, with the suite that the session changes to."""

    protocol: bytes
    suite: Suite
    curve: Curve
    public: tuple[int, int] = field(repr=False)
    key_id: bytes = b""


def pace_offers(card_access: bytes) -> tuple[PaceInfo, ...]:
    """The offers of EF.CardAccess that this reader knows, strongest suite first; TlvError for a broken file."""
    return known_pace(only(card_access, SET))


def known_pace(infos: Node) -> tuple[PaceInfo, ...]:
    """The PACE of a SecurityInfos that this reader knows, strongest suite first; TlvError for a broken one."""
    offers = (_pace(info.children()) for info in infos.children())
    return tuple(sorted((offer for offer in offers if offer), key=lambda offer: offer.protocol, reverse=True))


def pace_infos(infos: Node) -> frozenset[bytes]:
    """Every PACEInfo of a SecurityInfos, of whatever kind, and its domain parameters; TlvError for a broken one."""
    return frozenset(info.value for info in infos.children() if info.child(OID).value.startswith(PACE))


def chip_keys(dg14: bytes) -> tuple[ChipKey, ...]:
    """The ECDH keys of DG14 that this reader can use, the strongest first; TlvError for a broken file."""
    infos = [info.children() for info in only(dg14, DG14_TAG).child(SET).children()]
    suites = _suites(infos)
    keys = (_chip_key(parts, suites) for parts in infos if pick(parts, OID).value == CHIP_KEY_ECDH)
    return tuple(sorted((key for key in keys if key), key=_strength, reverse=True))


def _suites(infos: list[tuple[Node, ...]]) -> dict[bytes, bytes]:
    """The protocol of each key id: the strongest known where several are offered."""
    suites: dict[bytes, bytes] = {}
    for protocol, key_id in ((parts[0].value, _key_id(parts)) for parts in infos if _arc(parts) == CHIP_ECDH):
        suites[key_id] = max(suites.get(key_id, b""), protocol, key=lambda each: (each[-1:] in KNOWN, each))
    return suites


def _strength(key: ChipKey) -> tuple[int, int]:
    return key.protocol[-1], key.curve.size


def offers_chip_key(dg14: bytes) -> bool:
    """True when DG14 holds any chip authentication key, known kind or not; TlvError for a broken file."""
    infos = only(dg14, DG14_TAG).child(SET).children()
    return any(info.child(OID).value[:-1] == CHIP_KEY_ECDH[:-1] for info in infos)


def integer(node: Node) -> int:
    """A small or large non-negative INTEGER."""
    if node.tag != INTEGER or not node.value:
        raise TlvError("expected an INTEGER")
    return int.from_bytes(node.value, "big")


def _arc(parts: tuple[Node, ...]) -> bytes:
    return pick(parts[:1], OID).value[:-1]


def _pace(parts: tuple[Node, ...]) -> PaceInfo | None:
    protocol = pick(parts[:1], OID).value
    if protocol[:-1] != PACE_ECDH_GM or protocol[-1] not in SUITES or len(parts) < 3 or integer(parts[1]) != 2:
        return None
    curve = CURVES.get(parameter := integer(parts[2]))
    return PaceInfo(protocol, SUITES[protocol[-1]], parameter, curve) if curve else None


def _key_id(parts: tuple[Node, ...]) -> bytes:
    return parts[2].value if len(parts) > 2 and parts[2].tag == INTEGER else b""


def _chip_key(parts: tuple[Node, ...], suites: dict[bytes, bytes]) -> ChipKey | None:
    """Without a matching ChipAuthenticationInfo the suite is 3DES (9303-11 §9.2.5)."""
    key_id = _key_id(parts)
    protocol = suites.get(key_id) or suites.get(b"") or CHIP_ECDH + b"\x01"
    if len(parts) < 2 or protocol[-1] not in SUITES:
        return None
    algorithm = parts[1].child(SEQUENCE)
    curve = _curve(algorithm)
    bits = parts[1].child(BIT_STRING)
    return ChipKey(protocol, SUITES[protocol[-1]], curve, _public(curve, bits), key_id) if curve else None


def _public(curve: Curve, bits: Node) -> tuple[int, int]:
    try:
        return curve.decode(bits.value[1:])
    except PointError as error:
        raise TlvError(f"the chip's public key: {error}") from error


def _curve(algorithm: Node) -> Curve | None:
    """The standard curve that is named, or whose explicit parameters are given; None for any other."""
    parts = algorithm.children()
    if len(parts) != 2 or parts[0].value != EC_PUBLIC_KEY:
        return None
    if parts[1].tag == OID:
        return CURVES.get(NAMED_CURVES.get(parts[1].value, -1))
    return next((curve for curve in CURVES.values() if _is_explicit(curve, parts[1])), None)


def _is_explicit(curve: Curve, parameters: Node) -> bool:
    """True when these ECParameters (RFC 3279) are the curve's; seed and cofactor say nothing more."""
    parts = parameters.children()
    if len(parts) < 5 or [part.tag for part in parts[1:5]] != [SEQUENCE, SEQUENCE, OCTET_STRING, INTEGER]:
        return False
    field_parts, coefficients = parts[1].children(), parts[2].children()
    if len(field_parts) != 2 or len(coefficients) < 2:
        return False
    numbers = [int.from_bytes(part.value, "big") for part in (field_parts[1], *coefficients[:2], parts[4])]
    return numbers == [curve.p, curve.a, curve.b, curve.n] and parts[3].value == curve.encode(curve.generator)


def pace_info(protocol: bytes, parameter: int) -> bytes:
    """One PACEInfo of version 2, encoded."""
    return build(SEQUENCE, build(OID, protocol), build(INTEGER, b"\x02"), build(INTEGER, bytes([parameter])))
