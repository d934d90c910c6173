"""The badge of staff: the card authentication key of a PIV card (NIST SP 800-73-4, key 9E), proved without a PIN.

Any PIV card or token with an elliptic-curve key in slot 9E will do. The key, not the card's serial number, is what the
register of staff names, because a serial number can be copied.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.emrtd import tlv
from devices.emrtd.apdu import NOT_FOUND, Command, Response, Transmit, send
from devices.ports import DeviceFault, FaultCode

AID = bytes.fromhex("A000000308000010000100")
CARD_AUTHENTICATION = bytes.fromhex("5FC101")
KEY_9E = 0x9E
#: Curve -> algorithm identifier (SP 800-78-4) and hash whose digest the card signs.
ALGORITHMS: dict[str, tuple[int, type[hashes.SHA256 | hashes.SHA384]]] = {
    "secp256r1": (0x11, hashes.SHA256), "secp384r1": (0x14, hashes.SHA384),
}  # fmt: skip
#: Answers of one object are taken up to this many bytes.
MAX_OBJECT = 8_192


def badge(transmit: Transmit) -> str:
    """SHA-256 (hex) of the public key that this badge proved to hold; MEDIA_UNKNOWN where it is no such badge."""
    _ask(transmit, Command(0xA4, 0x04, 0x00, AID, 256))
    key = _public_key(_object(transmit))
    algorithm, kind = ALGORITHMS.get(key.curve.name, (0, hashes.SHA256))
    if not algorithm:
        raise DeviceFault(FaultCode.MEDIA_UNKNOWN, f"a badge with a key on {key.curve.name}")
    digest = hashlib.new(kind.name, secrets.token_bytes(32)).digest()
    proof = _prove(transmit, algorithm, digest)
    try:
        key.verify(proof, digest, ec.ECDSA(utils.Prehashed(kind())))
    except InvalidSignature:
        raise DeviceFault(FaultCode.ACCESS_DENIED, "the badge does not hold its own key") from None
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def _object(transmit: Transmit) -> bytes:
    """The DER certificate of slot 9E."""
    answer = _ask(transmit, Command(0xCB, 0x3F, 0xFF, tlv.build(0x5C, CARD_AUTHENTICATION), 256))
    try:
        return tlv.only(answer.data, 0x53).child(0x70).value
    except tlv.TlvError as error:
        raise DeviceFault(FaultCode.PROTOCOL, f"card authentication object: {error}") from None


def _public_key(der: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = x509.load_der_x509_certificate(der).public_key()
    except UnsupportedAlgorithm:
        raise DeviceFault(FaultCode.MEDIA_UNKNOWN, "a badge with a key of a kind that is not known") from None
    except (ValueError, x509.InvalidVersion, UserWarning):  # of some that RFC 5280 forbids the library only warns
        raise DeviceFault(FaultCode.PROTOCOL, "the badge's certificate cannot be read") from None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise DeviceFault(FaultCode.MEDIA_UNKNOWN, "a badge without an elliptic-curve key in slot 9E")
    return key


def _prove(transmit: Transmit, algorithm: int, digest: bytes) -> bytes:
    """The badge's signature of our digest."""
    asked = tlv.build(0x7C, tlv.build(0x82), tlv.build(0x81, digest))
    answer = _ask(transmit, Command(0x87, algorithm, KEY_9E, asked, 256))
    try:
        return tlv.only(answer.data, 0x7C).child(0x82).value
    except tlv.TlvError as error:
        raise DeviceFault(FaultCode.PROTOCOL, f"dynamic authentication: {error}") from None


def _ask(transmit: Transmit, command: Command) -> Response:
    """The whole answer; MEDIA_UNKNOWN where the card knows no such thing, PROTOCOL for any other refusal."""
    answer = send(transmit, command, MAX_OBJECT)
    if answer.ok:
        return answer
    if answer.sw in (NOT_FOUND, 0x6D00, 0x6E00, 0x6A81, 0x6A86):
        raise DeviceFault(FaultCode.MEDIA_UNKNOWN, f"not a badge ({answer.sw:04X})")
    raise DeviceFault(FaultCode.PROTOCOL, f"the badge answered {answer.sw:04X}")
