"""Whom to believe: CSCA certificates, link certificates, master lists and CRLs that the operator put into a folder.

None are shipped. Certificates: .cer .crt .der .pem; revocation lists: .crl; master lists (ICAO 9303-12): .ml. A file
that lies in the folder as a self-signed CSCA certificate is believed because the operator put it there; a link
certificate because a believed CSCA signed it; a master list because its signer was certified by a believed CSCA. One
bad file refuses the whole folder, in one sentence that names it.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import crl  # type: ignore[import-untyped]  # asn1crypto ships no type information

from devices.emrtd.asn1 import (
    BIT_STRING,
    EXPLICIT,
    INTEGER,
    OID,
    SEQUENCE,
    SET,
    TRUST_FILE,
    Asn1Error,
    element,
    elements,
    guarded,
    screen,
    shaped,
)
from devices.emrtd.certificates import (
    EXTENDED_KEY_USAGE,
    MASTER_LIST_SIGNER,
    Certificate,
    comparable,
    moment,
    read_certificate,
)
from devices.emrtd.cms import read_signed
from devices.emrtd.signatures import AlgorithmUnknown, is_signed

CSCA_MASTER_LIST = "2.23.136.1.1.2"
CERTIFICATES, LISTS, REVOCATIONS = (".cer", ".crt", ".der", ".pem"), (".ml",), (".crl",)
#: One structure in PEM (RFC 7468), whatever text stands around it.
BEGIN = b"-----BEGIN "
PEM = re.compile(BEGIN + rb"([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]*)-----END \1-----")
MOST_FILES = 5000
MOST_LISTED = 20_000


class TrustError(ValueError):
    """The folder cannot be used; one sentence with the file and the remedy."""


@dataclass(frozen=True)
class RevocationList:
    """What one CSCA (by its comparable name) has revoked, and until when the list is fresh (None: not said, never).

    `whole` is False for a list that covers only a part (a critical extension says which).
    """

    issuer: str
    serials: frozenset[int]
    next_update: datetime | None
    whole: bool

    def fresh_at(self, now: datetime) -> bool:
        """True when a newer list is not due yet."""
        return self.whole and self.next_update is not None and now <= self.next_update


@dataclass(frozen=True)
class Anchors:
    """Believed CSCA certificates and what they have revoked."""

    certificates: tuple[Certificate, ...] = ()
    revocations: tuple[RevocationList, ...] = ()

    def __len__(self) -> int:
        return len(self.certificates)

    def candidates(self, certificate: Certificate, now: datetime) -> list[Certificate]:
        """Those that may have issued the certificate, those valid now first."""
        found = [each for each in self.certificates if certificate.names(each)]
        return sorted(found, key=lambda each: not each.valid_at(now))

    def issuer_of(self, certificate: Certificate, now: datetime) -> Certificate | None:
        """The one whose key signed the certificate; AlgorithmUnknown where that cannot be computed."""
        unknown: AlgorithmUnknown | None = None
        for each in self.candidates(certificate, now):
            try:
                if certificate.signed_by(each):
                    return each
            except AlgorithmUnknown as error:
                unknown = error
        if unknown is not None:
            raise unknown
        return None

    def revoked(self, certificate: Certificate) -> bool:
        """True when its issuer has put it on any list, however old."""
        issuers = self.issuer_names(certificate)
        return any(each.issuer in issuers and certificate.serial in each.serials for each in self.revocations)

    def informed(self, certificate: Certificate, now: datetime) -> bool:
        """True when a fresh revocation list of its issuer is at hand."""
        issuers = self.issuer_names(certificate)
        return any(each.issuer in issuers and each.fresh_at(now) for each in self.revocations)

    def issuer_names(self, certificate: Certificate) -> frozenset[str]:
        """Every name under which its issuer may list it: a CSCA that took another name answers for what it had signed.

        That is the same key under another name, and whomever a link certificate calls the successor.
        """
        country = [each for each in self.certificates if each.country == certificate.country]
        names = {certificate.issuer} | {each.subject for each in country if certificate.names_key(each)}
        while True:
            own = {each.key for each in country if each.subject in names}
            more = {each.subject for each in country if each.key in own or each.issuer in names} - names
            if not more:
                return frozenset(names)
            names |= more


def load_anchors(folder: Path, now: datetime | None = None) -> Anchors:
    """Everything in the folder (an empty one believes nobody), verified; TrustError for the first bad file."""
    now = now or datetime.now(UTC)
    files = _files(folder)
    listed = {path: _certificates(path) for path in files if path.suffix.lower() in CERTIFICATES}
    anchors = _linked(Anchors(tuple(_pinned(listed))), listed, now)
    anchors, signers = _with_lists(anchors, [path for path in files if path.suffix.lower() in LISTS], now)
    revocations = [path for path in files if path.suffix.lower() in REVOCATIONS]
    lists = tuple(each for path in revocations for each in _revocations(path, anchors))
    complete = Anchors(anchors.certificates, lists)
    for path, signer in signers.items():
        if complete.revoked(signer):
            raise _bad(path, "its signer has been revoked; get the newest master list")
    return complete


def state_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of each file: another one means that the folder is to be read again; never raises."""
    try:
        seen = [(path.name, path.stat()) for path in folder.iterdir()]
    except OSError:
        return ()
    return tuple(sorted((name, found.st_size, found.st_mtime_ns) for name, found in seen))


def _files(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise TrustError(f"the trust folder {folder} cannot be read: {error.strerror}; name another") from None
    if len(found) > MOST_FILES:
        raise TrustError(f"the trust folder {folder} holds more than {MOST_FILES} files; use a master list")
    for path in found:
        if path.suffix.lower() not in CERTIFICATES + LISTS + REVOCATIONS:
            raise _bad(path, "it is none of .cer .crt .der .pem .crl .ml; take it out of the folder")
    return found


def _bad(path: Path, why: str) -> TrustError:
    return TrustError(f"{path.name} in the trust folder: {why}")


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > TRUST_FILE.size:
            raise _bad(path, f"it is larger than {TRUST_FILE.size // 2**20} MiB; take it out of the folder")
        return path.read_bytes()
    except OSError as error:
        raise _bad(path, f"it cannot be read: {error.strerror}") from None


def _ders(path: Path, kind: str) -> list[bytes]:
    """The DER structures of a file: one as such, or any number in PEM."""
    raw = _read(path)
    if not raw.lstrip().startswith(BEGIN):
        return [raw]
    parts = [(found[1], found[2]) for found in PEM.finditer(raw)]
    if len(parts) != raw.count(BEGIN) or {name for name, _ in parts} != {kind.encode()}:
        raise Asn1Error(f"PEM of something else than a {kind}")
    with guarded("the PEM text"):
        return [binascii.a2b_base64(text) for _, text in parts]


def _certificates(path: Path) -> list[Certificate]:
    try:
        found = [read_certificate(der) for der in _ders(path, "CERTIFICATE")]
    except Asn1Error as error:
        raise _bad(path, f"it is no X.509 certificate ({error}); replace it or take it out") from None
    if not all(each.authority and each.may("key_cert_sign") for each in found):
        raise _bad(path, "it is no CSCA certificate (it may not certify others); only CSCA certificates belong here")
    if any(each.strange for each in found):
        raise _bad(path, "it has a critical extension that this reader does not know; take it out")
    return found


def _pinned(listed: Mapping[Path, list[Certificate]]) -> Iterator[Certificate]:
    """The self-signed ones, their signatures checked."""
    for path, certificates in listed.items():
        for each in certificates:
            if each.self_signed and not _holds(path, each, each):
                raise _bad(path, "its own signature is broken; get it again from its issuer")
            if each.self_signed:
                yield each


def _holds(path: Path, certificate: Certificate, issuer: Certificate) -> bool:
    try:
        return certificate.signed_by(issuer)
    except (AlgorithmUnknown, Asn1Error) as error:
        raise _bad(path, f"its signature cannot be checked ({error}); take it out") from None


def _linked(anchors: Anchors, listed: Mapping[Path, list[Certificate]], now: datetime) -> Anchors:
    """With the link certificates, each signed by a CSCA key that is believed already, in whatever order they lie."""
    waiting = [(path, each) for path, found in listed.items() for each in found if not each.self_signed]
    while waiting:
        joined = [(path, each) for path, each in waiting if _issued(anchors, path, each, now)]
        if not joined:
            raise _bad(waiting[0][0], "no CSCA certificate in the folder has signed this link certificate; add it")
        anchors = Anchors(anchors.certificates + tuple(each for _, each in joined))
        waiting = [pair for pair in waiting if pair not in joined]
    return anchors


def _issued(anchors: Anchors, path: Path, certificate: Certificate, now: datetime) -> bool:
    return any(_holds(path, certificate, each) for each in anchors.candidates(certificate, now))


def _with_lists(anchors: Anchors, paths: list[Path], now: datetime) -> tuple[Anchors, dict[Path, Certificate]]:
    """With the master lists, each signed under a CSCA that is believed already; and who signed which."""
    waiting, signers = {path: _master_list(path, now) for path in paths}, dict[Path, Certificate]()
    while waiting:
        joined = [path for path, (signer, _) in waiting.items() if _issued(anchors, path, signer, now)]
        if not joined:
            raise _bad(next(iter(waiting)), "its signer was certified by no CSCA of the folder; add that certificate")
        for path in joined:
            signers[path], certificates = waiting.pop(path)
            anchors = Anchors(_without_doubles(anchors.certificates + certificates))
    return anchors, signers


def _without_doubles(certificates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    return tuple({each.der: each for each in certificates}.values())


def _master_list(path: Path, now: datetime) -> tuple[Certificate, tuple[Certificate, ...]]:
    """Signer and CSCA certificates of a list whose own signature holds; entries that are no CSCA are left out."""
    try:
        raw = _read(path)
        shaped(raw, OID, EXPLICIT)
        signed = read_signed(raw, CSCA_MASTER_LIST, TRUST_FILE)
        certificates = tuple(_listed(signed.content))
    except (Asn1Error, AlgorithmUnknown) as error:
        raise _bad(path, f"it is no master list ({error}); replace it or take it out") from None
    signer = signed.signer
    if not signed.intact:
        raise _bad(path, "the signature of this master list is broken; get it again from its issuer")
    if MASTER_LIST_SIGNER not in signer.purposes or signer.strange - {EXTENDED_KEY_USAGE}:
        raise _bad(path, "its signer is not certified to sign master lists; take it out")
    if not signer.valid_at(signed.signed_at or now):
        raise _bad(path, "its signer was not valid when it signed; get the newest master list")
    return signer, certificates


def _listed(content: bytes) -> Iterator[Certificate]:
    """CscaMasterList ::= SEQUENCE {version, SET OF Certificate}."""
    shaped(content, INTEGER, SET)
    screen(content, TRUST_FILE)
    whole = element(content, 0, len(content))
    listed = elements(content, whole.start, whole.stop)[1]
    for each in elements(content, listed.start, listed.stop, MOST_LISTED):
        try:
            certificate = read_certificate(content[each.begin : each.stop])
        except Asn1Error:
            continue
        if certificate.authority and certificate.may("key_cert_sign") and not certificate.strange:
            yield certificate


def _revocations(path: Path, anchors: Anchors) -> list[RevocationList]:
    """The CRLs of a file, each with a signature made by a believed CSCA of its issuer's name."""
    try:
        found = [_revocation(der, anchors) for der in _ders(path, "X509 CRL")]
    except (Asn1Error, AlgorithmUnknown) as error:
        raise _bad(path, f"it is no revocation list ({error}); replace it or take it out") from None
    if not all(signed for _, signed in found):
        raise _bad(path, "no CSCA certificate of the folder has signed this revocation list; add that certificate")
    return [each for each, _ in found]


def _revocation(der: bytes, anchors: Anchors) -> tuple[RevocationList, bool]:
    """One CRL, and whether a CSCA of its issuer's name has signed it."""
    shaped(der, SEQUENCE, SEQUENCE, BIT_STRING)
    screen(der, TRUST_FILE)
    with guarded("a revocation list"):
        parsed = crl.CertificateList.load(der, strict=True)
        found = _revocation_list(parsed)
        issuers = [each for each in anchors.certificates if each.subject == found.issuer]
        return found, _signed_revocation(parsed, issuers)


def _revocation_list(parsed: Any) -> RevocationList:
    body = parsed["tbs_cert_list"]
    serials = frozenset(int(each["user_certificate"].native) for each in body["revoked_certificates"])
    due = moment(body["next_update"]) if body["next_update"].native is not None else None
    return RevocationList(comparable(body["issuer"]), serials, due, not parsed.critical_extensions)


def _signed_revocation(parsed: Any, issuers: list[Certificate]) -> bool:
    data, signature = bytes(parsed["tbs_cert_list"].dump()), bytes(parsed["signature"].native)
    may = [each for each in issuers if each.may("crl_sign")]
    return any(is_signed(each.key, parsed["signature_algorithm"], signature, data) for each in may)
