"""CMS SignedData (RFC 5652) as EF.SOD and master lists use it: one signer, signed attributes, certificates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from typing import Any

from asn1crypto import cms  # type: ignore[import-untyped]  # asn1crypto ships no type information

from devices.emrtd.asn1 import SET, Asn1Error, Bounds, guarded, screen
from devices.emrtd.certificates import Certificate, comparable, moment, read_certificate
from devices.emrtd.signatures import digest, hash_of, is_signed

MOST_CERTIFICATES = 4


@dataclass(frozen=True)
class Signed:
    """What was signed, by whom, when, over which hash; `certificates` holds the signer's and those that came along."""

    content: bytes = field(repr=False)
    signer: Certificate
    certificates: tuple[Certificate, ...]
    signed_at: datetime | None
    hash_name: str
    intact: bool


def read_signed(raw: bytes, content_type: str, bounds: Bounds) -> Signed:
    """The SignedData over content of this type (OID). `intact` tells whether the signature holds.

    Asn1Error: it is no such structure. AlgorithmUnknown: the signature cannot be computed.
    """
    screen(raw, bounds)
    with guarded("the signed data"):
        info = cms.ContentInfo.load(raw, strict=True)
        if info["content_type"].native != "signed_data":
            raise Asn1Error("not CMS SignedData")
        return _read(info["content"], content_type)


def _read(body: Any, content_type: str) -> Signed:
    wrapped = body["encap_content_info"]
    if wrapped["content_type"].dotted != content_type:
        raise Asn1Error("signed content of another type")
    if len(body["signer_infos"]) != 1:
        raise Asn1Error("not exactly one signer")
    content, signer_info = bytes(wrapped["content"]), body["signer_infos"][0]
    certificates = tuple(_certificates(body["certificates"]))
    signer = _signer(signer_info["sid"], certificates)
    attributes = _attributes(signer_info["signed_attrs"])
    intact = _matches(attributes, content_type, content, signer_info) and _verified(signer_info, signer)
    name = hash_of(signer_info["signature_algorithm"], _digest_name(signer_info))
    return Signed(content, signer, certificates, _signed_at(attributes), name, intact)


def _certificates(found: Any) -> Iterator[Certificate]:
    if len(found) > MOST_CERTIFICATES:
        raise Asn1Error(f"more than {MOST_CERTIFICATES} certificates beside one signature")
    for each in found:
        if each.name == "certificate":
            yield read_certificate(bytes(each.chosen.dump()))


def _signer(identifier: Any, certificates: tuple[Certificate, ...]) -> Certificate:
    for each in certificates:
        if _is(identifier, each):
            return each
    raise Asn1Error("the signer's certificate is missing")


def _is(identifier: Any, certificate: Certificate) -> bool:
    if identifier.name == "subject_key_identifier":
        return bool(certificate.key_id) and bytes(identifier.chosen.native) == certificate.key_id
    wanted = identifier.chosen
    same = int(wanted["serial_number"].native) == certificate.serial
    return same and comparable(wanted["issuer"]) == certificate.issuer


def _attributes(found: Any) -> dict[str, Any]:
    """Signed attributes by name; each may occur once and has one value."""
    attributes: dict[str, Any] = {}
    for each in found:
        name = str(each["type"].native)
        if name in attributes or len(each["values"]) != 1:
            raise Asn1Error("a signed attribute that occurs more than once")
        attributes[name] = each["values"][0]
    return attributes


def _matches(attributes: dict[str, Any], content_type: str, content: bytes, signer_info: Any) -> bool:
    """Both attributes that RFC 5652 11 asks for are there and say what the content says."""
    kind, wanted = attributes.get("content_type"), attributes.get("message_digest")
    if kind is None or wanted is None or kind.dotted != content_type:
        return False
    return compare_digest(bytes(wanted.native), digest(_digest_name(signer_info), content))


def _digest_name(signer_info: Any) -> str:
    return str(signer_info["digest_algorithm"]["algorithm"].native)


def _verified(signer_info: Any, signer: Certificate) -> bool:
    """The signature over the attributes, which are signed as a SET (RFC 5652 5.4)."""
    attributes = bytes(signer_info["signed_attrs"].dump())
    name = _digest_name(signer_info)
    signature = bytes(signer_info["signature"].native)
    as_set = SET.to_bytes(1, "big") + attributes[1:]
    return is_signed(signer.key, signer_info["signature_algorithm"], signature, as_set, name)


def _signed_at(attributes: dict[str, Any]) -> datetime | None:
    found = attributes.get("signing_time")
    return moment(found) if found is not None else None
