"""What a chip does while it is being opened and asked whether it is genuine (ICAO 9303-11): the other end of each."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from devices.bench.chip_channel import ChipChannel
from devices.emrtd.bac import key_seed
from devices.emrtd.cipher import FOR_ENC, FOR_MAC, SUITES, TRIPLE_DES, Suite
from devices.emrtd.ec import CURVES, Curve, Point, PointError
from devices.emrtd.infos import PaceInfo
from devices.emrtd.pace import map_generator, password_key, token
from devices.emrtd.tlv import TlvError, build, only
from devices.identity import AccessKey

Random = Callable[[int], bytes]
ActiveKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
#: The curves under the names that the cryptography package gives them.
BY_NAME = {re.sub(r"NIST P-(\d+)", r"secp\1r1", curve.name): curve for curve in CURVES.values()}


class Refused(Exception):
    """The chip says no; `sw` is the status word."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


def scalar(curve: Curve, random: Random) -> int:
    """A secret from 1 to n - 1."""
    return int.from_bytes(random(curve.size + 8), "big") % (curve.n - 1) + 1


def channel(suite: Suite, secret: bytes, counter: int = 0) -> ChipChannel:
    """The chip's side of a new session."""
    return ChipChannel(suite, suite.derive(secret, FOR_ENC), suite.derive(secret, FOR_MAC), counter)


def answer_bac(key: AccessKey, challenge: bytes, said: bytes, random: Random) -> tuple[bytes, ChipChannel]:
    """EXTERNAL AUTHENTICATE: the chip's proof and the new session; Refused for another page."""
    enc, mac = (TRIPLE_DES.derive(key_seed(key), counter) for counter in (FOR_ENC, FOR_MAC))
    if len(said) != 40 or not hmac.compare_digest(TRIPLE_DES.mac(mac, said[:32]), said[32:]):
        raise Refused(0x6300)
    clear = TRIPLE_DES.decrypt(enc, said[:32])
    theirs, echoed, share = clear[:8], clear[8:16], clear[16:]
    if not challenge or echoed != challenge:
        raise Refused(0x6300)
    own = random(16)
    sealed = TRIPLE_DES.encrypt(enc, challenge + theirs + own)
    seed = bytes(left ^ right for left, right in zip(share, own, strict=True))
    opened = channel(TRIPLE_DES, seed, int.from_bytes(challenge[4:] + theirs[4:], "big"))
    return sealed + TRIPLE_DES.mac(mac, sealed), opened


class PaceRun:
    """One run of PACE on the chip's side; `opened` holds the session once the reader has proved itself."""

    def __init__(self, info: PaceInfo, key: AccessKey, random: Random) -> None:
        self._info, self._key, self._random = info, key, random
        self._nonce = b""
        self._generator: Point | None = None
        self._theirs: Point = info.curve.generator
        self._own: Point = info.curve.generator
        self._agreed: ChipChannel | None = None
        self.opened: ChipChannel | None = None

    def step(self, said: bytes) -> bytes:
        """One GENERAL AUTHENTICATE; Refused when it is out of turn or wrong."""
        try:
            parts = only(said, 0x7C).children()
            tag, value = (parts[0].tag, parts[0].value) if parts else (0, b"")
            return build(0x7C, self._answer(tag, value))
        except (TlvError, PointError):
            raise Refused(0x6A80) from None

    def _answer(self, tag: int, value: bytes) -> bytes:
        if tag == 0:
            return build(0x80, self._challenge())
        if tag == 0x81 and self._nonce:
            return build(0x82, self._map(value))
        if tag == 0x83 and self._generator is not None:
            return build(0x84, self._agree(value, self._generator))
        if tag == 0x85 and self._agreed is not None:
            return build(0x86, self._prove(value, self._agreed))
        raise Refused(0x6985)

    def _challenge(self) -> bytes:
        self._nonce = self._random(16)
        suite = self._info.suite
        return suite.encrypt(password_key(suite, self._key), self._nonce)

    def _map(self, value: bytes) -> bytes:
        curve = self._info.curve
        theirs, secret = curve.decode(value), scalar(curve, self._random)
        self._generator = map_generator(curve, self._nonce, curve.multiply(secret, theirs))
        return curve.encode(curve.multiply(secret, curve.generator))

    def _agree(self, value: bytes, generator: Point) -> bytes:
        curve, secret = self._info.curve, scalar(self._info.curve, self._random)
        self._theirs, self._own = curve.decode(value), curve.multiply(secret, generator)
        self._agreed = channel(self._info.suite, curve.octets(curve.multiply(secret, self._theirs)[0]))
        return curve.encode(self._own)

    def _prove(self, value: bytes, agreed: ChipChannel) -> bytes:
        if not hmac.compare_digest(token(self._info, agreed.mac, self._own), value):
            raise Refused(0x6300)
        self.opened = agreed
        return token(self._info, agreed.mac, self._theirs)


def agree_chip_key(key: ec.EllipticCurvePrivateKey, arc: int, theirs: bytes, cloned: bool) -> ChipChannel:
    """Chip authentication: the session of the chip's own key with the reader's; a copy has another key."""
    curve = BY_NAME[key.curve.name]
    secret = key.private_numbers().private_value
    try:
        shared = curve.multiply(secret + 1 if cloned else secret, curve.decode(theirs))
    except PointError:
        raise Refused(0x6A80) from None
    if arc not in SUITES:
        raise Refused(0x6A80)
    return channel(SUITES[arc], curve.octets(shared[0]))


def sign_challenge(key: ActiveKey, challenge: bytes, random: Random, digest: str = "sha256") -> bytes:
    """Active authentication: ISO 9796-2 scheme 1 for RSA, r and s side by side for ECDSA."""
    if isinstance(key, rsa.RSAPrivateKey):
        return _iso9796(key, challenge, random, digest)
    r, s = decode_dss_signature(key.sign(challenge, ec.ECDSA(hashes.SHA256())))
    size = (key.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


TRAILERS: Mapping[str, bytes] = {"sha1": b"\xbc", "sha224": b"\x38\xcc", "sha256": b"\x34\xcc", "sha512": b"\x35\xcc"}


def _iso9796(key: rsa.RSAPrivateKey, challenge: bytes, random: Random, digest: str) -> bytes:
    size, trailer = key.key_size // 8, TRAILERS[digest]
    recovered = random(size - 1 - hashlib.new(digest).digest_size - len(trailer))
    block = b"\x6a" + recovered + hashlib.new(digest, recovered + challenge).digest() + trailer
    numbers = key.private_numbers()
    signed = pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n)
    return min(signed, numbers.public_numbers.n - signed).to_bytes(size, "big")
