"""What happens inside a certified PIN pad and inside a bank's own security module: never inside the product.

Keys follow from a base key and the key serial number. The card number is sealed with AES-GCM; the PIN block is that of
ISO 9564-1 format 4 (AES, bound to the card number). Cards here are made up: no issuer begins with 999999.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: The base key of the bench: both ends of it are here.
BASE_KEY = bytes(range(32))


def key_of(ksn: str, base: bytes = BASE_KEY) -> bytes:
    """The 16-byte key of one serial number."""
    return HKDF(SHA256(), 16, salt=None, info=ksn.encode()).derive(base)


def seal_card(pan: str, ksn: str) -> bytes:
    """The card number for the bank alone."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key_of(ksn)).encrypt(nonce, pan.encode(), ksn.encode())


def open_card(sealed: bytes, ksn: str) -> str:
    """The card number, or '' where the seal is not right."""
    try:
        return AESGCM(key_of(ksn)).decrypt(sealed[:12], sealed[12:], ksn.encode()).decode()
    except (InvalidTag, ValueError):
        return ""


def pin_block(pin: str, pan: str, ksn: str) -> bytes:
    """ISO 9564-1 format 4."""
    plain = bytes.fromhex(f"4{len(pin):X}{pin}".ljust(16, "A")) + os.urandom(8)
    return _aes(_xor(_aes(plain, ksn), _pan_field(pan)), ksn)


def pin_in(block: bytes, pan: str, ksn: str) -> str:
    """The PIN in a block, or '' where it is none of this card."""
    if len(block) != 16:
        return ""
    text = _aes(_xor(_aes(block, ksn, False), _pan_field(pan)), ksn, False).hex().upper()
    length = int(text[1], 16)
    pin = text[2 : 2 + length]
    whole = text[0] == "4" and 4 <= length <= 12 and pin.isdigit() and text[2 + length : 16] == "A" * (14 - length)
    return pin if whole else ""


def _pan_field(pan: str) -> bytes:
    return bytes.fromhex(f"{max(0, len(pan) - 12)}{pan}".ljust(32, "0"))


def _aes(block: bytes, ksn: str, encrypt: bool = True) -> bytes:
    cipher = Cipher(algorithms.AES(key_of(ksn)), modes.ECB())  # noqa: S305  # one block at a time, as format 4 has it
    step = cipher.encryptor() if encrypt else cipher.decryptor()
    return step.update(block) + step.finalize()


def _xor(one: bytes, two: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, two, strict=True))
