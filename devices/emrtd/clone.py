"""Is this the chip that was issued, or a copy of its files? Active and chip authentication (ICAO 9303-11 §6.1-6.2)."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from devices.emrtd.apdu import Command, Response
from devices.emrtd.asn1 import PUBLIC_KEY, Asn1Error, screen
from devices.emrtd.bac import Ask
from devices.emrtd.infos import ChipKey
from devices.emrtd.pace import DYNAMIC_DATA, GENERAL_AUTHENTICATE, MSE, Scalar, session
from devices.emrtd.secure import Channel
from devices.emrtd.signatures import AlgorithmUnknown, public_key
from devices.emrtd.tlv import build, only
from devices.identity import CloneCheck
from devices.ports import DeviceFault, FaultCode

INTERNAL_AUTHENTICATE = 0x88
DG15_TAG = 0x6F
#: Trailers of ISO 9796-2 that name their hash; BC is SHA-1 without a name.
TRAILERS = {0x33CC: "sha1", 0x34CC: "sha256", 0x35CC: "sha512", 0x36CC: "sha384", 0x38CC: "sha224"}
#: What a plain ECDSA signature (TR-03111) may have been made over; the message is ours, so each is as good as named.
HASHES = (hashes.SHA256(), hashes.SHA384(), hashes.SHA512(), hashes.SHA224(), hashes.SHA1())  # noqa: S303  # as issued
RSA_BITS, RSA_EXPONENT_BITS = 4_096, 64

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


class KeyUnknown(ValueError):
    """A public key of a kind that this reader cannot use."""


def active_key(dg15: bytes) -> PublicKey:
    """The key of DG15; KeyUnknown where it is no RSA or EC key, TlvError for a broken file."""
    info = only(dg15, DG15_TAG).value
    try:
        screen(info, PUBLIC_KEY)
        key = load_der_public_key(info)
    except Asn1Error:
        raise KeyUnknown("DG15 holds a key of absurd build") from None
    except (ValueError, UnsupportedAlgorithm):
        key = _written_out(info)
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise KeyUnknown("DG15 holds neither an RSA nor an EC key")
    if isinstance(key, rsa.RSAPublicKey) and not _sensible(key):
        raise KeyUnknown("DG15 holds an RSA key of absurd size")
    return key


def _written_out(info: bytes) -> PublicKey:
    """A key whose curve's parameters are all written out, as many issuers do."""
    try:
        return public_key(info)
    except AlgorithmUnknown as error:
        raise KeyUnknown("DG15 holds no key that this reader can use") from error


def active_authentication(ask: Ask, key: PublicKey, challenge: bytes, most: int, carried: bool = True) -> CloneCheck:
    """Let the chip sign eight fresh bytes. `carried`: its answer is sure to come through, so that none is a refusal."""
    try:
        answer = ask(Command(INTERNAL_AUTHENTICATE, data=challenge, ne=most))
    except DeviceFault as fault:
        if carried or fault.code is not FaultCode.PROTOCOL:
            raise
        return CloneCheck.NOT_CARRIED
    if not (answer.ok or carried):
        return CloneCheck.NOT_CARRIED
    return CloneCheck.PASSED if answer.ok and verified(key, challenge, answer.data) else CloneCheck.FAILED


def signature_bytes(key: PublicKey) -> int:
    """How long the chip's signature will be."""
    size = (key.key_size + 7) // 8
    return size if isinstance(key, rsa.RSAPublicKey) else 2 * size


def verified(key: PublicKey, challenge: bytes, signature: bytes) -> bool:
    """True for the chip's own signature over the challenge."""
    if isinstance(key, rsa.RSAPublicKey):
        return _recovered(key.public_numbers(), key.key_size, challenge, signature)
    return _ecdsa(key, challenge, signature)


def chip_authentication(ask: Ask, key: ChipKey, scalar: Scalar) -> Channel | None:
    """Version 1, ECDH: the new session that only the issued chip can speak; None when the chip refuses."""
    secret = scalar(key.curve)
    ours = key.curve.encode(key.curve.multiply(secret, key.curve.generator))
    answers = _handed_over(ask, key, ours)
    if not all(answer.ok for answer in answers):
        return None
    return session(key.suite, key.curve.octets(key.curve.multiply(secret, key.public)[0]))


def _handed_over(ask: Ask, key: ChipKey, ours: bytes) -> list[Response]:
    """3DES takes the key with MSE:Set KAT, AES with GENERAL AUTHENTICATE."""
    key_id = build(0x84, key.key_id) if key.key_id else b""
    if key.protocol[-1] == 1:
        return [ask(Command(MSE, 0x41, 0xA6, build(0x91, ours) + key_id))]
    chosen = ask(Command(MSE, 0x41, 0xA4, build(0x80, key.protocol) + key_id))
    if not chosen.ok:
        return [chosen]
    return [ask(Command(GENERAL_AUTHENTICATE, data=build(DYNAMIC_DATA, build(0x80, ours)), ne=256))]


def _recovered(key: rsa.RSAPublicNumbers, bits: int, challenge: bytes, signature: bytes) -> bool:
    """ISO 9796-2 scheme 1: the signature gives back header, message part, hash, trailer."""
    size = (bits + 7) // 8
    value = int.from_bytes(signature, "big")
    if len(signature) != size or value >= key.n:
        return False
    opened = pow(value, key.e, key.n)
    opened = opened if opened & 0xF == 0xC else key.n - opened
    return _matches(opened.to_bytes(size, "big"), challenge)


def _matches(block: bytes, challenge: bytes) -> bool:
    name, trailer = ("sha1", 1) if block[-1] == 0xBC else (TRAILERS.get(int.from_bytes(block[-2:], "big"), ""), 2)
    start = _message_start(block)
    if not name or start is None:
        return False
    end = len(block) - trailer - hashlib.new(name).digest_size
    if end < start:
        return False
    digest = hashlib.new(name, block[start:end] + challenge).digest()
    return hmac.compare_digest(digest, block[end : len(block) - trailer])


def _message_start(block: bytes) -> int | None:
    """Where the recovered part begins: after 6A, or after 6B, any number of BB, and BA. None for another header."""
    if block[0] == 0x6A:
        return 1
    rest = block[1:].lstrip(b"\xbb")
    return len(block) - len(rest) + 1 if block[0] == 0x6B and rest[:1] == b"\xba" else None


def _ecdsa(key: ec.EllipticCurvePublicKey, challenge: bytes, signature: bytes) -> bool:
    """A plain signature, r and s side by side, over the challenge."""
    half = len(signature) // 2
    if len(signature) % 2 or not 0 < half <= (key.key_size + 7) // 8:
        return False
    r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    return any(_signed(key, encode_dss_signature(r, s), challenge, digest) for digest in HASHES)


def _signed(key: ec.EllipticCurvePublicKey, signature: bytes, challenge: bytes, digest: hashes.HashAlgorithm) -> bool:
    try:
        key.verify(signature, challenge, ec.ECDSA(digest))
    except InvalidSignature:
        return False
    return True


def _sensible(key: rsa.RSAPublicKey) -> bool:
    return key.key_size <= RSA_BITS and key.public_numbers().e.bit_length() <= RSA_EXPONENT_BITS
