"""Sealing to somebody else's key: what is sealed here can be opened there and nowhere else. Pure.

X25519 with a key pair for this message alone, HKDF-SHA-256, AES-256-GCM. Layout: 32 bytes of the message's public key,
12 of nonce, ciphertext. `purpose` is bound to it, so that what was sealed for one use opens for no other.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal_to(public: bytes, purpose: str, plain: bytes) -> bytes:
    """Sealed for the holder of this raw X25519 key; ValueError where it is none."""
    mine = X25519PrivateKey.generate()
    here, nonce = mine.public_key().public_bytes_raw(), os.urandom(12)
    key = _key(mine.exchange(X25519PublicKey.from_public_bytes(public)), here, public)
    return here + nonce + AESGCM(key).encrypt(nonce, plain, purpose.encode())


def open_with(private: X25519PrivateKey, purpose: str, sealed: bytes) -> bytes:
    """What was sealed to this key for this purpose; InvalidTag for anything else. The branch never holds such a key."""
    theirs, nonce, cipher = sealed[:32], sealed[32:44], sealed[44:]
    shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
    key = _key(shared, theirs, private.public_key().public_bytes_raw())
    return AESGCM(key).decrypt(nonce, cipher, purpose.encode())


def _key(shared: bytes, message: bytes, recipient: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"seal-1" + message + recipient).derive(shared)
