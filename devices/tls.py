"""TLS to a peer whose key is pinned: the handshake fails unless the peer holds that very key. No authority is asked.

A pin is `sha256:` and the 64 hex digits of the SHA-256 of the certificate's SubjectPublicKeyInfo (RFC 7469 §2.4), so
that a certificate renewed over the same key keeps its pin:
openssl x509 -in peer.pem -pubkey -noout | openssl pkey -pubin -outform der | sha256sum
"""

from __future__ import annotations

import hashlib
import hmac
import re
import ssl

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.ports import DeviceFault, FaultCode

PIN = re.compile(r"sha256:([0-9a-f]{64})")


class OtherKey(ssl.SSLError):
    """The peer proved another key than the pinned one."""


class _Handshake(ssl.SSLObject):
    """A handshake that ends by comparing the key; nothing of the protocol above has been sent by then."""

    def do_handshake(self) -> None:
        """As the standard library does it, then the comparison."""
        super().do_handshake()
        context = self.context
        if not isinstance(context, PinnedContext) or not context.holds(self.getpeercert(True)):
            raise OtherKey("the peer's key is not the pinned one")


class PinnedContext(ssl.SSLContext):
    """A client context for one key, TLS 1.2 or later. A certificate's names and dates do not matter, its key does."""

    def __new__(cls, pin: str) -> PinnedContext:
        """ValueError for a pin of another form."""
        if PIN.fullmatch(pin) is None:
            raise ValueError(f"tls_pin = {pin!r}: write sha256: and 64 small hex digits of the peer's public key")
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self, pin: str) -> None:
        self._digest = bytes.fromhex(pin.removeprefix("sha256:"))
        self.minimum_version = ssl.TLSVersion.TLSv1_2
        self.check_hostname = False
        self.verify_mode = ssl.CERT_NONE
        self.sslobject_class = _Handshake

    def holds(self, certificate: bytes | None) -> bool:
        """Whether this DER certificate carries the pinned key."""
        if certificate is None:
            return False
        return hmac.compare_digest(key_digest(certificate), self._digest)


def key_digest(certificate: bytes) -> bytes:
    """SHA-256 of the SubjectPublicKeyInfo of a DER certificate; OtherKey where there is none to be read."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise OtherKey("the peer's certificate cannot be read") from error
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()


def pin_of(certificate: bytes) -> str:
    """The pin of a DER certificate, as branch.toml takes it."""
    return f"sha256:{key_digest(certificate).hex()}"


#: Not failures: the handshake waits for the other end, which may simply be silent.
WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


def refused(error: BaseException | None) -> DeviceFault | None:
    """NOT_PAIRED where a failed connection goes back to a wrong key or a failed handshake, else None."""
    while error is not None:
        if isinstance(error, ssl.SSLError) and not isinstance(error, WAITING):
            detail = str(error) if isinstance(error, OtherKey) else f"no TLS: {type(error).__name__}"
            return DeviceFault(FaultCode.NOT_PAIRED, detail)
        error = error.__cause__ or error.__context__
    return None
