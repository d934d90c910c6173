"""Public keys and signatures of X.509 and CMS as ICAO 9303-12 allows them: RSA (PKCS #1 v1.5, PSS) and ECDSA.

SHA-1, -224, -256, -384 and -512. Keys with explicit curve parameters are taken where the field prime is that of a
known curve; the arithmetic is always that of the known curve, so parameters made up by a forger are worth nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asn1crypto import keys  # type: ignore[import-untyped]  # asn1crypto ships no type information
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from devices.emrtd.asn1 import PUBLIC_KEY, Asn1Error, guarded, screen

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
CURVES: tuple[type[ec.EllipticCurve], ...] = (
    ec.SECP192R1, ec.SECP224R1, ec.SECP256R1, ec.SECP384R1, ec.SECP521R1,
    ec.BrainpoolP256R1, ec.BrainpoolP384R1, ec.BrainpoolP512R1,
)  # fmt: skip
#: Field primes of CURVES (SEC 2, RFC 5639).
PRIMES: Mapping[int, ec.EllipticCurve] = {
    2**192 - 2**64 - 1: ec.SECP192R1(),
    2**224 - 2**96 + 1: ec.SECP224R1(),
    2**256 - 2**224 + 2**192 + 2**96 - 1: ec.SECP256R1(),
    2**384 - 2**128 - 2**96 + 2**32 - 1: ec.SECP384R1(),
    2**521 - 1: ec.SECP521R1(),
    0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377: ec.BrainpoolP256R1(),
    0x8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53: (
        ec.BrainpoolP384R1()
    ),
    int(
        "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330871"
        "7D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3",
        16,
    ): ec.BrainpoolP512R1(),
}
RSA_BITS = range(1024, 8193)
#: Taken, and said to be weak: their collisions, or their factors, are within reach of a state.
WEAK_HASHES, WEAK_RSA_BITS, WEAK_CURVE_BITS = frozenset({"sha1"}), 2048, 224


class AlgorithmUnknown(Exception):
    """A key, hash or signature scheme that this reader does not know; the message names it."""


def digest(name: str, data: bytes) -> bytes:
    """The hash of the data by the algorithm's short name."""
    function = hashes.Hash(hash_named(name))
    function.update(data)
    return function.finalize()


def hash_named(name: str) -> hashes.HashAlgorithm:
    """The hash with this short name (sha256); AlgorithmUnknown for another."""
    if name not in HASHES:
        raise AlgorithmUnknown(f"hash {name[:40]}")
    return HASHES[name]()


def public_key(info: bytes) -> PublicKey:
    """The key of a SubjectPublicKeyInfo (DER); AlgorithmUnknown for one that is neither RSA nor EC."""
    try:
        screen(info, PUBLIC_KEY)
        key = load_der_public_key(info)
    except Asn1Error:
        raise AlgorithmUnknown("a public key of absurd build") from None
    except (ValueError, UnsupportedAlgorithm):
        key = _explicit(info)
    if isinstance(key, rsa.RSAPublicKey) and key.key_size in RSA_BITS:
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, CURVES):
        return key
    raise AlgorithmUnknown("a public key that is neither RSA nor on a known curve")


def is_short(info: bytes) -> bool:
    """True for a key (SubjectPublicKeyInfo) of less than 2048 bits RSA, or of a curve of less than 224."""
    try:
        key = public_key(info)
    except AlgorithmUnknown:
        return False
    return key.key_size < (WEAK_RSA_BITS if isinstance(key, rsa.RSAPublicKey) else WEAK_CURVE_BITS)


def hash_of(algorithm: Any, hash_name: str = "") -> str:
    """The short name of the hash that a signature is made over, as for `is_signed`; '' where that is not known."""
    try:
        with guarded("the signature's algorithm"):
            return _scheme(algorithm, hash_name)[1]
    except (AlgorithmUnknown, Asn1Error):
        return ""


def is_signed(info: bytes, algorithm: Any, signature: bytes, data: bytes, hash_name: str = "") -> bool:
    """True when this key (SubjectPublicKeyInfo) made the signature.

    `algorithm` is asn1crypto's SignedDigestAlgorithm; `hash_name` is used where that does not name a hash (CMS).
    """
    key = public_key(info)
    with guarded("the signature's algorithm"):
        scheme, name = _scheme(algorithm, hash_name)
    try:
        if isinstance(key, rsa.RSAPublicKey) and scheme == "rsassa_pkcs1v15":
            key.verify(signature, data, padding.PKCS1v15(), hash_named(name))
        elif isinstance(key, rsa.RSAPublicKey) and scheme == "rsassa_pss":
            key.verify(signature, data, *_pss(algorithm["parameters"]))
        elif isinstance(key, ec.EllipticCurvePublicKey) and scheme == "ecdsa":
            key.verify(signature, data, ec.ECDSA(hash_named(name)))
        elif scheme in ("rsassa_pkcs1v15", "rsassa_pss", "ecdsa"):
            return False
        else:
            raise AlgorithmUnknown(f"signature scheme {scheme[:40]}")
    except (InvalidSignature, ValueError):
        return False
    except UnsupportedAlgorithm:
        raise AlgorithmUnknown(f"{scheme[:40]} with {name[:40]}") from None
    return True


def _scheme(algorithm: Any, hash_name: str) -> tuple[str, str]:
    try:
        scheme = str(algorithm.signature_algo)
    except ValueError:
        raise AlgorithmUnknown(f"signature scheme {str(algorithm['algorithm'].native)[:40]}") from None
    if scheme == "rsassa_pss":
        return scheme, str(algorithm["parameters"]["hash_algorithm"]["algorithm"].native)
    try:
        return scheme, str(algorithm.hash_algo)
    except ValueError:
        return scheme, hash_name


def _pss(parameters: Any) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    """RFC 4055: hash, mask generation function and salt length are written beside the signature."""
    with guarded("the PSS parameters"):
        name = str(parameters["hash_algorithm"]["algorithm"].native)
        mask = parameters["mask_gen_algorithm"]
        generator, mask_name = str(mask["algorithm"].native), str(mask["parameters"]["algorithm"].native)
        salt = int(parameters["salt_length"].native)
    if generator != "mgf1" or not 0 <= salt <= 512:
        raise AlgorithmUnknown("a PSS signature with another mask than MGF1, or an absurd salt")
    return padding.PSS(padding.MGF1(hash_named(mask_name)), salt), hash_named(name)


def _explicit(info: bytes) -> PublicKey:
    """An EC key whose curve is written out: the known curve over the same field, if the point lies on it."""
    try:
        with guarded("a public key"):
            parsed = keys.PublicKeyInfo.load(info, strict=True)
            chosen = parsed["algorithm"]["parameters"].chosen
            prime = int(chosen["field_id"]["parameters"].native)
            point = bytes(parsed["public_key"].native)
            return ec.EllipticCurvePublicKey.from_encoded_point(PRIMES[prime], point)
    except Asn1Error:
        raise AlgorithmUnknown("a public key that is neither RSA nor on a known curve") from None
