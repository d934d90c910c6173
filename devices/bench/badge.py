"""A PIV card as staff carry it: its application, the certificate of slot 9E, and the proof of its key. Simulated."""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from argon2 import PasswordHasher
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from devices.bench.peer import Peer
from devices.emrtd import tlv
from devices.piv import AID, CARD_AUTHENTICATION, KEY_9E

SHORT = 256
#: The PIN of the bench's badge, which everybody may know: production refuses its entry.
PIN = "135790"
GONE, WRONG, CONDITIONS = b"\x6a\x82", b"\x6d\x00", b"\x69\x85"


class Badge(Peer):
    """One badge; the seed decides its key, so that a register can name it before it is made. No key is a real one's."""

    FAULTS = ("wrong_card", "wrong_key", "garbage")
    atr = bytes.fromhex("3B80800101")

    def __init__(self, seed: str = "badge", ordered: AbstractSet[str] = frozenset()) -> None:
        super().__init__()
        self._key = private_key(seed)
        self._liar = private_key(seed + " copied")
        self.ordered |= ordered
        self._certificate = certificate(self._key)
        self._selected = False
        self._rest = b""

    @property
    def card(self) -> str:
        """What the register names: SHA-256 of the public key, hex."""
        spki = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(spki).hexdigest()

    def reset(self) -> None:
        """Power went."""
        self._selected, self._rest = False, b""

    def respond(self, apdu: bytes) -> bytes:
        """The answer to one command APDU."""
        if "garbage" in self.ordered:
            return b"\x00"
        ins, data = apdu[1] if len(apdu) > 3 else 0, _data(apdu)
        if ins == 0xA4:
            self._selected = data == AID and "wrong_card" not in self.ordered
            return self._in_parts(tlv.build(0x61, tlv.build(0x4F, AID[5:]))) if self._selected else GONE
        if not self._selected:
            return CONDITIONS
        return self._application(ins, apdu, data)

    def _application(self, ins: int, apdu: bytes, data: bytes) -> bytes:
        match ins:
            case 0xC0:
                return self._in_parts(self._rest)
            case 0xCB if data == tlv.build(0x5C, CARD_AUTHENTICATION):
                return self._in_parts(tlv.build(0x53, tlv.build(0x70, self._certificate), tlv.build(0x71, b"\0")))
            case 0xCB:
                return GONE
            case 0x87 if apdu[2:4] == bytes([0x11, KEY_9E]):
                return self._prove(data)
        return WRONG

    def _prove(self, data: bytes) -> bytes:
        try:
            challenge = tlv.only(data, 0x7C).child(0x81).value
        except tlv.TlvError:
            return b"\x6a\x80"
        if len(challenge) != hashes.SHA256.digest_size:
            return b"\x6a\x80"
        key = self._liar if "wrong_key" in self.ordered else self._key
        proof = key.sign(challenge, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
        return self._in_parts(tlv.build(0x7C, tlv.build(0x82, proof)))

    def _in_parts(self, answer: bytes) -> bytes:
        """As much as a short answer holds; the rest is asked for by GET RESPONSE."""
        part, self._rest = answer[:SHORT], answer[SHORT:]
        return part + (bytes([0x61, min(len(self._rest), 0xFF)]) if self._rest else b"\x90\x00")


#: The badges of the bench: the seed of each key, the person's id, the role.
TECHNICIAN, OFFICER = ("badge", "bench", "technician"), ("officer", "bench-officer", "officer")


def staff() -> list[dict[str, object]]:
    """The [[staff]] entries of the bench's badges."""
    pin = PasswordHasher().hash(PIN)
    return [
        {"id": id, "role": role, "card": Badge(seed).card, "pin": pin, "demonstration": True}
        for seed, id, role in (TECHNICIAN, OFFICER)
    ]


def private_key(seed: str) -> ec.EllipticCurvePrivateKey:
    """A P-256 key made from a text."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big") >> 1
    return ec.derive_private_key(number or 1, ec.SECP256R1())


def certificate(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A self-signed certificate around the key, DER."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bench badge")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1)
    made = made.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2046, 1, 1, tzinfo=UTC))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _data(apdu: bytes) -> bytes:
    """The data field of a short command, or nothing."""
    return apdu[5 : 5 + apdu[4]] if len(apdu) > 5 and len(apdu) >= 5 + apdu[4] else b""
