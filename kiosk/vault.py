"""Keys: the store's key, a key per visit, sealing of personal fields, erasure, and the signature of the journal's head.

Everything is derived from one 32-byte master key: a systemd credential in production, `var/keys/db.key` otherwise.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyRefused(Exception):
    """The key file cannot be used; the text says which and what to do."""


class Erased(Exception):
    """The personal data asked for was destroyed with its key."""


def load_master(path: Path, production: bool = False) -> bytes:
    """The 32-byte master key of `path`, or the systemd credential `db.key`; made at first start outside production."""
    credential = _credential()
    if credential is None and production:
        raise KeyRefused(
            "no systemd credential db.key: production needs LoadCredentialEncrypted=db.key in the unit file."
        )
    where = credential or path
    try:
        if not where.exists():
            _make(where)
        return _read(where)
    except OSError as fault:
        raise KeyRefused(f"{where}: {fault.strerror}; it must be a file of this user with 32 bytes.") from fault


def _credential() -> Path | None:
    """The credential's file, where systemd has put one."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return Path(folder) / "db.key" if folder and (Path(folder) / "db.key").is_file() else None


def _make(path: Path) -> None:
    """A new key, whole and on disk before its name appears, because a store without its key is lost."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".key-") as file:
        file.write(os.urandom(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise KeyRefused(f"{path}: the key has {len(key)} bytes instead of 32; restore the right file.")
    if path.stat().st_mode & 0o077:
        raise KeyRefused(f"{path}: others may read it; run chmod 600 on it.")
    return key


@dataclass(frozen=True)
class Vault:
    """Seals and opens under keys derived from the master key. Holds no state and no file."""

    master: bytes

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(self.master)

    def new_key(self) -> bytes:
        """A fresh visit key, wrapped for storage (RFC 3394)."""
        return aes_key_wrap(self.derive("wrap"), os.urandom(KEY_BYTES))

    def seal(self, wrapped: bytes, place: str, plain: bytes) -> bytes:
        """Ciphertext bound to its place (visit and event), nonce first."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._unwrap(wrapped)).encrypt(nonce, plain, place.encode())

    def open(self, wrapped: bytes | None, place: str, sealed: bytes) -> bytes:
        """The plain bytes; Erased when the key is gone, InvalidTag when the ciphertext was moved or altered."""
        if wrapped is None:
            raise Erased(place)
        return AESGCM(self._unwrap(wrapped)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())

    def _unwrap(self, wrapped: bytes) -> bytes:
        return aes_key_unwrap(self.derive("wrap"), wrapped)

    def evidence_key(self) -> bytes:
        """The 32 raw bytes for which evidence is sealed; `derive("evidence")` opens it (X25519)."""
        return X25519PrivateKey.from_private_bytes(self.derive("evidence")).public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Ed25519 signature of the journal's head."""
        return self._signer().sign(message)

    def public_key(self) -> bytes:
        """The 32 raw bytes that verify `sign`."""
        return self._signer().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.derive("head"))


__all__ = ["Erased", "InvalidTag", "KeyRefused", "Vault", "load_master"]
