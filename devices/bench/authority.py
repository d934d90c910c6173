"""The made-up Utopia's certificates: CSCA, document signers, master list signer, CRL, master list (ICAO 9303-12).

EC keys come from the seed, signatures with them are deterministic (RFC 6979); RSA keys and PSS salts are fresh.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, core, crl, keys, x509  # type: ignore[import-untyped]  # ships no type information
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.emrtd.signatures import HASHES
from devices.emrtd.tlv import build

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

LDS_SECURITY_OBJECT, CSCA_MASTER_LIST, MASTER_LIST_SIGNER = "2.23.136.1.1.1", "2.23.136.1.1.2", "2.23.136.1.1.3"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scheme:
    """How an authority signs: the curve (None = RSA 2048), the hash, and whether RSA signs by PSS."""

    curve: type[ec.EllipticCurve] | None
    hash_name: str
    pss: bool = False


SCHEMES = {
    "ecdsa_sha256": Scheme(ec.SECP256R1, "sha256"),
    "ecdsa_sha1": Scheme(ec.SECP256R1, "sha1"),
    "ecdsa_sha224": Scheme(ec.SECP224R1, "sha224"),
    "ecdsa_sha384": Scheme(ec.BrainpoolP384R1, "sha384"),
    "ecdsa_sha512": Scheme(ec.SECP521R1, "sha512"),
    "rsa_sha1": Scheme(None, "sha1"),
    "rsa_sha256": Scheme(None, "sha256"),
    "rsa_sha512": Scheme(None, "sha512"),
    "pss_sha256": Scheme(None, "sha256", pss=True),
    "pss_sha384": Scheme(None, "sha384", pss=True),
}


@dataclass(frozen=True)
class Holder:
    """A key pair and its certificate."""

    key: PrivateKey
    certificate: Any

    @property
    def der(self) -> bytes:
        """The certificate."""
        return bytes(self.certificate.dump())


class Authority:
    """A country signing authority. `stranger` has the same name and another key; nothing it signs is to be believed.

    `today` is the day around which every validity is laid; the CRL always lists the serial of the revoked signer.
    """

    def __init__(self, seed: int = 0, scheme: str = "ecdsa_sha256", today: datetime | None = None) -> None:
        self.seed, self.scheme_name, self.scheme = seed, scheme, SCHEMES[scheme]
        self.today = (today or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
        self._random = random.Random(seed)
        self.title = "CSCA"
        self.revoked_serial = 7000 + seed
        self.csca = self._csca()

    @property
    def csca_key_id(self) -> bytes:
        """The key identifier of the CSCA."""
        return key_id(self.csca.key)

    def new_key(self, curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
        """The next EC key of this seed."""
        return ec.derive_private_key(self._random.getrandbits(200) + 1, curve())

    def stranger(self) -> Authority:
        """Another authority under this one's name."""
        return Authority(self.seed + 1_000_003, self.scheme_name, self.today)

    def signer(self, serial: int, begin: int = -30, end: int = 3650, **changed: Any) -> Holder:
        """A document signer, valid from `begin` to `end` days around today; `changed` replaces extensions."""
        key = self._key()
        extensions = {"key_usage": {"digital_signature"}, **changed}
        return Holder(key, self.certificate(key, "Document Signer", serial, (begin, end), extensions))

    def successor(self, title: str = "CSCA", key: PrivateKey | None = None) -> tuple[Authority, bytes]:
        """The next CSCA, of another key (or this one) and perhaps another name, and the link certificate by which this
        one vouches for it."""
        key = key or self._key()
        ca = {"key_usage": {"key_cert_sign", "crl_sign"}, "basic_constraints": {"ca": True, "path_len_constraint": 0}}
        link = self.certificate(key, title, 3, (-1, 5000), ca)
        later = Authority(self.seed, self.scheme_name, self.today)
        later.title = title
        later.csca = Holder(key, later.certificate(key, title, 4, (-1, 5000), ca, key))
        return later, bytes(link.dump())

    def crl(self, begin: int = -1, end: int | None = 90, issuer: Holder | None = None, partial: bool = False) -> bytes:
        """The revocation list, due again `end` days from today (None: not said); an extension says if it is partial."""
        scope = {
            "extn_id": "issuing_distribution_point",
            "critical": True,
            "extn_value": {"only_contains_user_certs": True},
        }
        body = crl.TbsCertList({
            "version": "v2", "signature": self._algorithm(), "issuer": name(self.title),
            "this_update": self._utc(begin), "next_update": None if end is None else self._utc(end),
            "revoked_certificates": [
                {"user_certificate": self.revoked_serial, "revocation_date": self._utc(-2)},
            ],
            "crl_extensions": [scope] if partial else None,
        })  # fmt: skip
        signature = self.sign((issuer or self.csca).key, body.dump())
        return bytes(crl.CertificateList({
            "tbs_cert_list": body, "signature_algorithm": self._algorithm(), "signature": signature,
        }).dump())  # fmt: skip

    def master_list(self, certificates: list[bytes], **changed: Any) -> bytes:
        """A CSCA master list, signed by a master list signer under this CSCA; `changed` as for `signer`."""
        wanted = {"extended_key_usage": {MASTER_LIST_SIGNER}, **changed}
        signer = self.signer(21, **wanted)
        content = build(0x30, build(0x02, b"\0"), build(0x31, *sorted(certificates)))
        return self.signed_data(signer, CSCA_MASTER_LIST, content)

    def write_trust(self, folder: Path) -> None:
        """The CSCA certificate and its CRL, as an operator would put them there."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "utopia.cer").write_bytes(self.csca.der)
        (folder / "utopia.crl").write_bytes(self.crl())

    def signed_data(self, signer: Holder, content_type: str, content: bytes) -> bytes:
        """CMS SignedData with signed attributes, the signer's certificate inside."""
        name_of_hash = {"algorithm": self.scheme.hash_name}
        attributes = cms.CMSAttributes([
            {"type": "content_type", "values": [content_type]},
            {"type": "signing_time", "values": [cms.Time({"utc_time": self.today - DAY})]},
            {"type": "message_digest", "values": [hashlib.new(self.scheme.hash_name, content).digest()]},
        ])  # fmt: skip
        body = signer.certificate["tbs_certificate"]
        info = {
            "version": "v1", "digest_algorithm": name_of_hash, "signed_attrs": attributes,
            "sid": {"issuer_and_serial_number": {"issuer": body["issuer"], "serial_number": body["serial_number"]}},
            "signature_algorithm": self._algorithm(), "signature": self.sign(signer.key, attributes.dump()),
        }  # fmt: skip
        data = cms.SignedData({
            "version": "v3", "digest_algorithms": [name_of_hash], "signer_infos": [cms.SignerInfo(info)],
            "encap_content_info": {"content_type": content_type, "content": core.ParsableOctetString(content)},
            "certificates": [cms.CertificateChoices({"certificate": signer.certificate})],
        })  # fmt: skip
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())

    def sign(self, key: PrivateKey, data: bytes) -> bytes:
        """The signature of this authority's scheme."""
        function = HASHES[self.scheme.hash_name]()
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(data, ec.ECDSA(function, deterministic_signing=True))
        return key.sign(data, self._padding(function), function)

    def _padding(self, function: hashes.HashAlgorithm) -> padding.PSS | padding.PKCS1v15:
        return padding.PSS(padding.MGF1(function), function.digest_size) if self.scheme.pss else padding.PKCS1v15()

    def _key(self) -> PrivateKey:
        if self.scheme.curve is None:
            return rsa.generate_private_key(65537, 2048)
        return self.new_key(self.scheme.curve)

    def _csca(self) -> Holder:
        key = self._key()
        ca = {"key_usage": {"key_cert_sign", "crl_sign"}, "basic_constraints": {"ca": True, "path_len_constraint": 0}}
        return Holder(key, self.certificate(key, "CSCA", 1, (-1000, 5000), ca, key))

    def certificate(
        self, key: PrivateKey, title: str, serial: int, days: tuple[int, int], extensions: dict[str, Any],
        issuer_key: PrivateKey | None = None,
    ) -> Any:  # fmt: skip
        """An X.509 certificate under the CSCA (or under `issuer_key`), valid between two days around today."""
        signing = issuer_key or self.csca.key
        identifiers = {
            "key_identifier": key_id(key), "authority_key_identifier": {"key_identifier": key_id(signing)},
        }  # fmt: skip
        body = x509.TbsCertificate({
            "version": "v3", "serial_number": serial, "signature": self._algorithm(),
            "issuer": name(self.title), "subject": name(title),
            "validity": {"not_before": self._utc(days[0]), "not_after": self._utc(days[1])},
            "subject_public_key_info": keys.PublicKeyInfo.load(public_bytes(key)),
            "extensions": [
                {"extn_id": each, "critical": each in ("key_usage", "basic_constraints"), "extn_value": value}
                for each, value in {**identifiers, **extensions}.items()
            ],
        })  # fmt: skip
        return x509.Certificate({
            "tbs_certificate": body, "signature_algorithm": self._algorithm(),
            "signature_value": self.sign(signing, body.dump()),
        })  # fmt: skip

    def _utc(self, days: int) -> Any:
        return x509.Time({"utc_time": self.today + days * DAY})

    def _algorithm(self) -> Any:
        if not self.scheme.pss:
            kind = "ecdsa" if self.scheme.curve else "rsa"
            return algos.SignedDigestAlgorithm({"algorithm": f"{self.scheme.hash_name}_{kind}"})
        hashing = {"algorithm": self.scheme.hash_name}
        return algos.SignedDigestAlgorithm({
            "algorithm": "rsassa_pss",
            "parameters": {
                "hash_algorithm": hashing,
                "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": hashing},
                "salt_length": HASHES[self.scheme.hash_name]().digest_size,
            },
        })  # fmt: skip


def name(title: str) -> Any:
    """A distinguished name of Utopia."""
    return x509.Name.build({"country_name": "UT", "organization_name": "Utopia", "common_name": f"Utopia {title}"})


def public_bytes(key: PrivateKey) -> bytes:
    """The SubjectPublicKeyInfo of a key pair."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_id(key: PrivateKey) -> bytes:
    """The key identifier of RFC 5280 4.2.1.2, first method (on the whole SubjectPublicKeyInfo)."""
    return hashlib.sha1(public_bytes(key), usedforsecurity=False).digest()
