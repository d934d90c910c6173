"""Clone checks by themselves: signatures with message recovery, keys of every form, keys that are none."""

from secrets import token_bytes

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.bench.chip_access import sign_challenge
from devices.emrtd.clone import KeyUnknown, active_key, verified
from devices.emrtd.ec import BRAINPOOLP320R1, P256, Curve
from devices.emrtd.infos import CHIP_ECDH, CHIP_KEY_ECDH, EC_PUBLIC_KEY, chip_keys, offers_chip_key
from devices.emrtd.tlv import TlvError, build
from tests.devices.emrtd.documents import INTEGER, OCTETS, OID, SEQUENCE, SET, dg14, public, rsa_key

CHALLENGE = bytes(range(8))
NIST = ec.derive_private_key(4711, ec.SECP256R1())


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha512"])
def test_message_recovery_with_every_trailer(digest: str) -> None:
    key = rsa_key()
    for _ in range(4):
        signature = sign_challenge(key, CHALLENGE, token_bytes, digest)
        assert verified(key.public_key(), CHALLENGE, signature)
        assert not verified(key.public_key(), CHALLENGE[::-1], signature)


def raw_rsa(block: bytes) -> bytes:
    numbers = rsa_key().private_numbers()
    return pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(256, "big")


@pytest.mark.parametrize(
    "block",
    [
        bytes(256),
        b"\x6a" + bytes(253) + b"\x34\xcc",
        b"\x6a" + bytes(253) + b"\x99\xcc",
        b"\x6b" + b"\xbb" * 253 + b"\x34\xcc",
        b"\x00" + bytes(254) + b"\xbc",
        b"\x6b" + b"\xbb" * 240 + b"\xba" + bytes(13) + b"\xbc",
    ],
    ids=["zeros", "no hash", "no such hash", "padding alone", "no header", "hash too short"],
)
def test_blocks_that_sign_nothing(block: bytes) -> None:
    assert not verified(rsa_key().public_key(), CHALLENGE, raw_rsa(block))


def test_signatures_of_the_wrong_length_or_size() -> None:
    key, numbers = rsa_key(), rsa_key().private_numbers().public_numbers
    good = sign_challenge(key, CHALLENGE, token_bytes)
    for bad in (b"", good[1:], b"\0" + good, numbers.n.to_bytes(256, "big"), b"\xff" * 256):
        assert not verified(key.public_key(), CHALLENGE, bad)
    plain = sign_challenge(NIST, CHALLENGE, token_bytes)
    assert verified(NIST.public_key(), CHALLENGE, plain)
    for bad in (b"", plain[:-1], plain + b"\0\0", bytes(64), b"\xff" * 64):
        assert not verified(NIST.public_key(), CHALLENGE, bad)


def test_keys_that_are_none() -> None:
    info = (
        ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    for data in (b"", b"\x30\x00", info, public(NIST)[:-1]):
        with pytest.raises(KeyUnknown):
            active_key(build(0x6F, data))
    with pytest.raises(TlvError):
        active_key(b"\x30\x00")


def explicit(curve: Curve, public_point: bytes, tampered: int = 0) -> bytes:
    """DG14 with the curve written out (RFC 3279 ECParameters)."""

    def number(value: int) -> bytes:
        return build(INTEGER, b"\0", curve.octets(value))

    field = build(SEQUENCE, build(OID, bytes.fromhex("2A8648CE3D0101")), number(curve.p))
    coefficients = build(
        SEQUENCE, build(OCTETS, curve.octets(curve.a)), build(OCTETS, curve.octets(curve.b + tampered))
    )
    base = build(OCTETS, curve.encode(curve.generator))
    parameters = build(
        SEQUENCE, build(INTEGER, b"\1"), field, coefficients, base, number(curve.n), build(INTEGER, b"\1")
    )
    key = build(SEQUENCE, build(SEQUENCE, build(OID, EC_PUBLIC_KEY), parameters), build(3, b"\0", public_point))
    return build(0x6E, build(SET, build(SEQUENCE, build(OID, CHIP_KEY_ECDH), key)))


@pytest.mark.parametrize("curve", [P256, BRAINPOOLP320R1])
def test_a_curve_written_out_is_known_by_its_parameters(curve: Curve) -> None:
    point = curve.multiply(99, curve.generator)
    (key,) = chip_keys(explicit(curve, curve.encode(point)))
    assert (key.curve, key.public, key.protocol) == (curve, point, CHIP_ECDH + b"\x01")


def test_a_curve_of_nobody_is_offered_but_not_used() -> None:
    data = explicit(P256, P256.encode(P256.generator), tampered=1)
    assert offers_chip_key(data)
    assert chip_keys(data) == ()


def test_a_key_off_its_curve_is_refused() -> None:
    with pytest.raises(TlvError, match="public key"):
        chip_keys(explicit(P256, b"\x04" + bytes(64)))


def test_each_key_finds_its_own_suite() -> None:
    (key,) = chip_keys(dg14(NIST, 4, b"\x02"))
    assert (key.protocol[-1], key.key_id) == (4, b"\x02")
    (key,) = chip_keys(dg14(NIST, 4, listed=False))
    assert key.protocol[-1] == 1


def infos(*parts: bytes) -> bytes:
    return build(0x6E, build(SET, *parts))


def offered(arc: int, key_id: bytes) -> bytes:
    reference = build(INTEGER, key_id) if key_id else b""
    return build(SEQUENCE, build(OID, CHIP_ECDH + bytes([arc])), build(INTEGER, b"\x01"), reference)


def chip_key(key: ec.EllipticCurvePrivateKey, key_id: bytes) -> bytes:
    return build(SEQUENCE, build(OID, CHIP_KEY_ECDH), public(key), build(INTEGER, key_id))


@pytest.mark.parametrize("arcs", [(1, 4), (4, 1), (4, 9), (9, 4)])
def test_of_several_suites_of_one_key_the_strongest_known_is_taken(arcs: tuple[int, int]) -> None:
    dg14 = infos(*(offered(arc, b"\x01") for arc in arcs), chip_key(NIST, b"\x01"))
    assert [key.protocol[-1] for key in chip_keys(dg14)] == [4]


def test_the_strongest_key_comes_first() -> None:
    large = ec.derive_private_key(4712, ec.SECP521R1())
    keys = (chip_key(NIST, b"\x01"), chip_key(large, b"\x02"), chip_key(NIST, b"\x03"))
    for order in (keys, keys[::-1]):
        found = chip_keys(infos(offered(1, b"\x02"), offered(3, b"\x01"), offered(2, b"\x03"), *order))
        assert [key.key_id for key in found] == [b"\x01", b"\x03", b"\x02"]
    same = infos(offered(2, b"\x01"), offered(2, b"\x02"), *keys[:2])
    assert chip_keys(same)[0].key_id == b"\x02", "of one suite the longer curve"
