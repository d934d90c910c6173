"""What is taken out of an X.509 certificate (RFC 5280, profile of ICAO 9303-12), read once, then plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509  # type: ignore[import-untyped]  # asn1crypto ships no type information

from devices.emrtd.asn1 import Asn1Error, Bounds, guarded, screen
from devices.emrtd.signatures import hash_of, is_signed

MASTER_LIST_SIGNER, DEVIATION_LIST_SIGNER = "2.23.136.1.1.3", "2.23.136.1.1.8"
EXTENDED_KEY_USAGE = "extended_key_usage"
#: Extensions that may be critical: they are obeyed here, or bind nobody who only checks signatures.
KNOWN_EXTENSIONS = frozenset({
    "key_identifier", "authority_key_identifier", "key_usage", "basic_constraints", "private_key_usage_period",
    "certificate_policies", "subject_alt_name", "issuer_alt_name", "crl_distribution_points",
    "2.23.136.1.1.6.1", "2.23.136.1.1.6.2",
})  # fmt: skip
CERTIFICATE = Bounds(16 * 1024, 1024)
MOST_NAME = 2048


@dataclass(frozen=True)
class Certificate:
    """Names are in the form in which they may be compared (RFC 5280 7.1); times are UTC-aware.

    `hash_name` is the hash ('' = unknown) under its issuer's signature; `strange` are the critical extensions that
    bind a reader and are not obeyed by all who use this certificate.
    """

    subject: str
    issuer: str
    issuer_title: str
    country: str
    serial: int
    key_id: bytes
    issuer_key_id: bytes
    not_before: datetime
    not_after: datetime
    authority: bool
    uses: frozenset[str]
    purposes: frozenset[str]
    strange: frozenset[str]
    hash_name: str
    key: bytes = field(repr=False)
    der: bytes = field(repr=False)

    @property
    def self_signed(self) -> bool:
        """True when it names itself as its issuer."""
        return self.subject == self.issuer and self.issuer_key_id in (b"", self.key_id)

    def valid_at(self, moment: datetime) -> bool:
        """True within its validity, both ends included."""
        return self.not_before <= moment <= self.not_after

    def may(self, use: str) -> bool:
        """True when its key usage allows this, or says nothing."""
        return not self.uses or use in self.uses

    def names(self, issuer: Certificate) -> bool:
        """True when it names that certificate as its issuer, by name or by key; only the signature proves it."""
        return self.issuer == issuer.subject or self.names_key(issuer)

    def names_key(self, issuer: Certificate) -> bool:
        """True when it names that very key of the same country."""
        return bool(self.issuer_key_id) and self.issuer_key_id == issuer.key_id and self.country == issuer.country

    def signed_by(self, issuer: Certificate) -> bool:
        """True when the issuer's key made its signature; AlgorithmUnknown where that cannot be computed."""
        with guarded("a certificate"):
            parsed = x509.Certificate.load(self.der, strict=True)
            algorithm, signature = parsed["signature_algorithm"], bytes(parsed["signature_value"].native)
            signed = bytes(parsed["tbs_certificate"].dump())
            same = algorithm.dump() == parsed["tbs_certificate"]["signature"].dump()
        return bool(same) and is_signed(issuer.key, algorithm, signature, signed)


def read_certificate(der: bytes) -> Certificate:
    """One certificate in DER; Asn1Error for anything else."""
    screen(der, CERTIFICATE)
    with guarded("a certificate"):
        parsed = x509.Certificate.load(der, strict=True)
        for extension in parsed["tbs_certificate"]["extensions"]:
            screen(bytes(extension["extn_value"].contents), CERTIFICATE)
        return _read(parsed, der)


def comparable(name: Any) -> str:
    """A distinguished name in the form of RFC 5280 7.1; Asn1Error for one of more than 2 kB."""
    if len(name.dump()) > MOST_NAME:
        raise Asn1Error("an absurdly long name")
    return str(name.hashable)


def moment(value: Any) -> datetime:
    """A UTCTime or GeneralizedTime in UTC; Asn1Error for one outside Python's calendar."""
    found = value.native
    if not isinstance(found, datetime) or found.tzinfo is None:
        raise Asn1Error("a time that is none")
    return found.astimezone(UTC)


def _read(parsed: Any, der: bytes) -> Certificate:
    body = parsed["tbs_certificate"]
    validity = body["validity"]
    constraints, purposes = parsed.basic_constraints_value, parsed.extended_key_usage_value
    key_id, issuer_key = parsed.key_identifier_value, parsed.authority_key_identifier_value
    return Certificate(
        subject=comparable(body["subject"]),
        issuer=comparable(body["issuer"]),
        issuer_title=title(body["issuer"]),
        country=str(body["issuer"].native.get("country_name", "")).upper(),
        serial=int(body["serial_number"].native),
        key_id=bytes(key_id.native) if key_id else b"",
        issuer_key_id=bytes(issuer_key["key_identifier"].native or b"") if issuer_key else b"",
        not_before=moment(validity["not_before"]),
        not_after=moment(validity["not_after"]),
        authority=bool(constraints and constraints["ca"].native),
        uses=frozenset(parsed.key_usage_value.native) if parsed.key_usage_value else frozenset(),
        purposes=frozenset(purposes.native) if purposes else frozenset(),
        strange=frozenset(parsed.critical_extensions) - KNOWN_EXTENSIONS,
        hash_name=hash_of(parsed["signature_algorithm"]),
        key=bytes(body["subject_public_key_info"].dump()),
        der=der,
    )


def title(name: Any) -> str:
    """A name for people: country, organisation and common name, cut to 120 characters."""
    parts = name.native
    wanted = ("country_name", "organization_name", "common_name")
    words = [str(parts[key]) for key in wanted if isinstance(parts.get(key), str)]
    return ", ".join(word for word in words if word.isprintable())[:120]
