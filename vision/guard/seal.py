"""A sealed box: whoever knows the public key can close one, only the holder of the private key can open it.

X25519 with a key of its own for each box, HKDF-SHA256 over both public keys, AES-256-GCM bound to the box's name.
"""
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"UBSEAL1\n"
KEY_BYTES = 32
#: Each box has its own key, so the nonce never meets another message.
NONCE = bytes(12)


class SealError(ValueError):
    """A box cannot be closed or opened; the text is one sentence."""


def seal(public: bytes, name: str, plain: bytes) -> bytes:
    """The box; SealError when the key is no X25519 public key."""
    try:
        own, other = X25519PrivateKey.generate(), X25519PublicKey.from_public_bytes(public)
        here = own.public_key().public_bytes_raw()
        return MAGIC + here + AESGCM(_key(own.exchange(other), here, public)).encrypt(NONCE, plain, name.encode())
    except ValueError:
        raise SealError("The key is no X25519 public key of 32 bytes.") from None


def unseal(private: bytes, name: str, box: bytes) -> bytes:
    """What lies in the box; SealError when it was altered, renamed or closed for another key."""
    head = len(MAGIC) + KEY_BYTES
    if len(box) < head or not box.startswith(MAGIC):
        raise SealError(f"{name} is no sealed box.")
    own, here = X25519PrivateKey.from_private_bytes(private), box[len(MAGIC):head]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(here))
        return AESGCM(_key(shared, here, own.public_key().public_bytes_raw())).decrypt(NONCE, box[head:], name.encode())
    except (InvalidTag, ValueError):
        raise SealError(f"{name} was altered, renamed or closed for another branch's key.") from None


def public_of(private: bytes) -> bytes:
    """The public key (32 bytes) of a private one."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _key(shared: bytes, here: bytes, there: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"sealed box" + here + there).derive(shared)
