"""Ciphers, MACs and key derivation of ICAO 9303-11 §9.7-9.8: two-key 3DES with retail MAC, AES with CMAC."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

FOR_ENC, FOR_MAC, FOR_PACE = 1, 2, 3
MAC_BYTES = 8


class Suite(Protocol):
    """One cipher with its MAC; keys have the length that `derive` gives."""

    @property
    def block(self) -> int:
        """Bytes of one block."""

    def derive(self, secret: bytes, counter: int) -> bytes:
        """KDF(K, c) of 9303-11 §9.7.1."""

    def encrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC without padding; an IV of zeros unless given."""

    def decrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC without padding; an IV of zeros unless given."""

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Eight bytes over `data` of any length."""

    def message_mac(self, key: bytes, data: bytes) -> bytes:
        """Eight bytes over `data` with padding method 2, as secure messaging wants it of every cipher."""

    def iv(self, key: bytes, counter: int) -> bytes:
        """The IV that secure messaging uses under this send sequence counter."""


@dataclass(frozen=True)
class TripleDes:
    """Two-key 3DES, ISO 9797-1 MAC algorithm 3 with padding method 2 (the retail MAC)."""

    block: int = 8

    def derive(self, secret: bytes, counter: int) -> bytes:
        """SHA-1, 16 bytes, odd parity."""
        return odd_parity(_digest("sha1", secret, counter)[:16])

    def encrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC without padding."""
        return _crypt(TripleDES(key + key[:8]), data, iv or bytes(8), True)

    def decrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC without padding."""
        return _crypt(TripleDES(key + key[:8]), data, iv or bytes(8), False)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Single DES in CBC, the last block through the second key."""
        single, other = TripleDES(key[:8] * 3), TripleDES(key[8:] * 3)
        last = _crypt(single, pad(data, 8), bytes(8), True)[-8:]
        return _crypt(single, _crypt(other, last, bytes(8), False), bytes(8), True)

    def message_mac(self, key: bytes, data: bytes) -> bytes:
        """The retail MAC, which always pads."""
        return self.mac(key, data)

    def iv(self, key: bytes, counter: int) -> bytes:
        """Always zeros."""
        return bytes(8)


@dataclass(frozen=True)
class Aes:
    """AES with CMAC cut to eight bytes; `key_bytes` is 16, 24 or 32."""

    key_bytes: int
    block: int = 16

    def derive(self, secret: bytes, counter: int) -> bytes:
        """SHA-1 for AES-128, SHA-256 for longer keys."""
        return _digest("sha1" if self.key_bytes == 16 else "sha256", secret, counter)[: self.key_bytes]

    def encrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC without padding."""
        return _crypt(AES(key), data, iv or bytes(16), True)

    def decrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC without padding."""
        return _crypt(AES(key), data, iv or bytes(16), False)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """The first eight bytes of the CMAC."""
        code = CMAC(AES(key))
        code.update(data)
        return code.finalize()[:MAC_BYTES]

    def message_mac(self, key: bytes, data: bytes) -> bytes:
        """The CMAC of the padded data."""
        return self.mac(key, pad(data, 16))

    def iv(self, key: bytes, counter: int) -> bytes:
        """The send sequence counter, encrypted."""
        return self.encrypt(key, counter.to_bytes(16, "big"))


TRIPLE_DES = TripleDes()
AES_128, AES_192, AES_256 = Aes(16), Aes(24), Aes(32)
#: Last arc of the object identifiers of PACE and of chip authentication.
SUITES: dict[int, Suite] = {1: TRIPLE_DES, 2: AES_128, 3: AES_192, 4: AES_256}


def pad(data: bytes, block: int) -> bytes:
    """ISO 9797-1 padding method 2: one byte 80, then zeros."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def unpad(data: bytes) -> bytes:
    """Without its padding; ValueError where there is none."""
    bare = data.rstrip(b"\0")
    if not bare.endswith(b"\x80"):
        raise ValueError("the padding is broken")
    return bare[:-1]


def odd_parity(key: bytes) -> bytes:
    """DES keys carry odd parity in the lowest bit of each byte."""
    return bytes(octet & 0xFE | ~(octet >> 1).bit_count() & 1 for octet in key)


def _digest(name: str, secret: bytes, counter: int) -> bytes:
    return hashlib.new(name, secret + counter.to_bytes(4, "big")).digest()


def _crypt(algorithm: TripleDES | AES, data: bytes, iv: bytes, encrypting: bool) -> bytes:
    cipher = Cipher(algorithm, modes.CBC(iv))
    context = cipher.encryptor() if encrypting else cipher.decryptor()
    return context.update(data) + context.finalize()
