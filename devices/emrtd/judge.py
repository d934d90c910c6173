"""One reading in four words. Pure: what was read, whom to believe and what time it is go in, an IdDocument comes out.

How findings add up, in this order:

- *altered*: what the chip holds is not what its issuer signed (HASH_MISMATCH, SIGNATURE_BROKEN), another chip answers
  (CLONE_SUSPECTED), or the data page is not the chip's (MRZ_MISMATCH). The word speaks of content only.
- *not checkable* without reading a signature at all: NO_SECURITY_OBJECT, ALGORITHM_UNKNOWN; and where the issuer signed
  an MRZ of a build that is not known here, so that it can be held against no data page: MRZ_UNREADABLE.
- *unknown issuer*: the signature holds, but nobody whom the operator believes has certified its signer. What such a
  signer says of its own validity is worth nothing, so this stands before expiry. So it is where somebody believed has
  certified it, but for another state than the one in the MRZ (STATE_DIFFERS, 9303-12): for that state nobody has.
- *not checkable* although the issuer is known: ICAO 9303-12 takes the trust from a signer whose key may be in other
  hands (SIGNER_REVOKED) or that is outside its validity (SIGNER_EXPIRED, ISSUER_EXPIRED). Nothing shows that the
  content was changed, so it is not called altered; a forger with the stolen key cannot be told from the issuer, so it
  is not called genuine.
- *genuine* otherwise. CRL_MISSING and CLONE_CHECK_NOT_OFFERED may stand beside it: they tell what was not looked at.
  So may WEAK_ALGORITHM (SHA-1, RSA below 2048 bits) and SIGNED_LATER (one of two clocks is wrong).
  So may ACCESS_DIFFERS: somebody between chip and reader may have hidden or refused PACE, to listen to the weaker BAC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from devices.emrtd.asn1 import Asn1Error
from devices.emrtd.certificates import DEVIATION_LIST_SIGNER, MASTER_LIST_SIGNER, Certificate
from devices.emrtd.groups import GroupError, full_name, portrait
from devices.emrtd.infos import DG14_TAG, SET, known_pace, pace_infos
from devices.emrtd.mrz import MrzError, from_dg1
from devices.emrtd.signatures import WEAK_HASHES, AlgorithmUnknown, is_short
from devices.emrtd.sod import SecurityObject, changed_groups, read_sod
from devices.emrtd.states import same_state
from devices.emrtd.tlv import Node, TlvError, only
from devices.emrtd.trust import Anchors
from devices.identity import AccessKey, CloneCheck, Finding, IdDocument, Mrz, Verdict

ALTERED = {Finding.HASH_MISMATCH, Finding.SIGNATURE_BROKEN, Finding.CLONE_SUSPECTED, Finding.MRZ_MISMATCH}
UNREADABLE = {Finding.NO_SECURITY_OBJECT, Finding.ALGORITHM_UNKNOWN, Finding.MRZ_UNREADABLE}
STRANGERS = {Finding.ISSUER_UNKNOWN, Finding.STATE_DIFFERS}
UNTRUSTED = {
    Finding.SIGNER_REVOKED, Finding.SIGNER_EXPIRED, Finding.ISSUER_EXPIRED, Finding.CLONE_CHECK_NOT_CARRIED,
}  # fmt: skip
#: Groups without which no person is described, and those that hold the keys of the clone checks.
NEEDED, CLONE_KEYS = (1, 2), (14, 15)
#: A CSCA certifies these too, but not for documents.
LIST_SIGNERS = {MASTER_LIST_SIGNER, DEVIATION_LIST_SIGNER}
#: How far the clocks of an issuer and of a branch may lie apart.
CLOCKS = timedelta(days=1)
NO_MRZ = Mrz("", "", "", "", "")


def judge(
    sod: bytes | None, groups: Mapping[int, bytes], key: AccessKey, access: str, clone_check: CloneCheck,
    anchors: Anchors, now: datetime,
) -> IdDocument:  # fmt: skip
    """The document that was opened by `key` through `access` (bac or pace).

    `groups` are the whole files of the data groups that were read, by number; never raises, whatever they hold.
    """
    mrz = _mrz(groups.get(1, b""))
    security, findings = _security(sod)
    findings |= page_findings(mrz, key)
    if security is not None:
        findings |= content_findings(security, groups, clone_check) | signer_findings(security, anchors, now)
        findings |= weak_findings(security) | later_findings(security, now)
        findings |= state_findings(security.signed.signer, mrz)
    findings |= clone_findings(clone_check)
    return IdDocument(
        verdict(findings), tuple(each for each in Finding if each in findings), access, clone_check, mrz or NO_MRZ,
        _portrait(groups.get(2)), _full_name(groups.get(11)), security.signed.signer.issuer_title if security else "",
        security.signed.signed_at if security else None, tuple(sorted(groups)),
    )  # fmt: skip


def verdict(findings: set[Finding]) -> Verdict:
    """The word for a set of findings; the order is told above."""
    if findings & ALTERED:
        return Verdict.ALTERED
    if findings & UNREADABLE:
        return Verdict.NOT_CHECKABLE
    if findings & STRANGERS:
        return Verdict.UNKNOWN_ISSUER
    return Verdict.NOT_CHECKABLE if findings & UNTRUSTED else Verdict.GENUINE


def clone_findings(clone_check: CloneCheck) -> set[Finding]:
    """What active or chip authentication means for the verdict."""
    match clone_check:
        case CloneCheck.PASSED:
            return set()
        case CloneCheck.FAILED:
            return {Finding.CLONE_SUSPECTED}
        case CloneCheck.NOT_CARRIED:
            return {Finding.CLONE_CHECK_NOT_CARRIED}
        case CloneCheck.NOT_OFFERED:
            return {Finding.CLONE_CHECK_NOT_OFFERED}


def page_findings(mrz: Mrz | None, key: AccessKey) -> set[Finding]:
    """What the MRZ of the chip means beside the data page whose MRZ opened it."""
    if mrz is None:
        return {Finding.MRZ_UNREADABLE}
    return set() if _opens(mrz, key) else {Finding.MRZ_MISMATCH}


def beside_access(document: IdDocument, dg14: bytes | None, card_access: bytes) -> IdDocument:
    """The reading with ACCESS_DIFFERS where EF.CardAccess, which nobody signs, offers another PACE than DG14, which the
    issuer signs (9303-11 9.2), and where BAC opened the chip though either offers a PACE that is known here."""
    signed = _pace(lambda: only(dg14 or b"", DG14_TAG).child(SET))
    shown = _pace(lambda: only(card_access, SET)) or (frozenset(), False)
    differs = signed is not None and signed[0] != shown[0]
    fell_back = document.access == "bac" and (shown[1] or (signed is not None and signed[1]))
    findings = {*document.findings, *((Finding.ACCESS_DIFFERS,) if differs or fell_back else ())}
    return replace(document, findings=tuple(each for each in Finding if each in findings))


def content_findings(
    security: SecurityObject, groups: Mapping[int, bytes], clone_check: CloneCheck
) -> set[Finding]:  # fmt: skip
    """Passive authentication of the content: signature, every hash, and nothing signed that is kept back.

    A chip that offers no clone check although the issuer signed a key for one is what a copy looks like.
    """
    found = set() if security.signed.intact else {Finding.SIGNATURE_BROKEN}
    hidden = set(CLONE_KEYS) & set(security.hashes) - set(groups)
    if clone_check is not CloneCheck.PASSED and hidden:
        found.add(Finding.CLONE_SUSPECTED)
    try:
        changed = changed_groups(security, groups)
    except AlgorithmUnknown:
        return found | {Finding.ALGORITHM_UNKNOWN}
    missing = set(NEEDED) - set(groups)
    return found | {Finding.HASH_MISMATCH} if changed or missing else found


def signer_findings(security: SecurityObject, anchors: Anchors, now: datetime) -> set[Finding]:
    """The chain from the document signer to a believed CSCA (ICAO 9303-12): signature, use, validity, revocation."""
    signer, signed_at = security.signed.signer, security.signed.signed_at
    if signer.authority or signer.purposes & LIST_SIGNERS or not signer.may("digital_signature"):
        return {Finding.SIGNATURE_BROKEN}
    if signer.strange:
        return {Finding.ALGORITHM_UNKNOWN}
    try:
        issuer = anchors.issuer_of(signer, now)
    except (AlgorithmUnknown, Asn1Error):
        return {Finding.ALGORITHM_UNKNOWN}
    found = _issuer_findings(signer, issuer, anchors, now)
    if not signer.valid_at(now) or (signed_at is not None and not signer.valid_at(signed_at)):
        found.add(Finding.SIGNER_EXPIRED)
    return found


def weak_findings(security: SecurityObject) -> set[Finding]:
    """Hashes and keys of the issuer that a state could forge by now; ICAO 9303-12 lets old documents keep them."""
    signer = security.signed.signer
    hashes = {security.hash_name, security.signed.hash_name, signer.hash_name}
    return {Finding.WEAK_ALGORITHM} if hashes & WEAK_HASHES or is_short(signer.key) else set()


def later_findings(security: SecurityObject, now: datetime) -> set[Finding]:
    """A signing time that is still to come, by more than clocks differ."""
    signed_at = security.signed.signed_at
    return {Finding.SIGNED_LATER} if signed_at is not None and signed_at > now + CLOCKS else set()


def state_findings(signer: Certificate, mrz: Mrz | None) -> set[Finding]:
    """Whether the signer's country is the state that the MRZ names as issuer; an MRZ that is none says nothing."""
    return set() if mrz is None or same_state(signer.country, mrz.issuer) else {Finding.STATE_DIFFERS}


def _issuer_findings(
    signer: Certificate, issuer: Certificate | None, anchors: Anchors, now: datetime
) -> set[Finding]:  # fmt: skip
    if issuer is None:
        return {_without_issuer(signer, anchors, now)}
    tests = {
        Finding.ISSUER_EXPIRED: not issuer.valid_at(now),
        Finding.SIGNER_REVOKED: anchors.revoked(signer) or anchors.revoked(issuer),
        Finding.CRL_MISSING: not anchors.informed(signer, now),
        Finding.WEAK_ALGORITHM: is_short(issuer.key),
    }
    return {finding for finding, holds in tests.items() if holds}


def _without_issuer(signer: Certificate, anchors: Anchors, now: datetime) -> Finding:
    """A believed CSCA whose very key the certificate names has not signed it: then it is a forgery, not a stranger."""
    named = any(signer.names_key(each) for each in anchors.candidates(signer, now))
    return Finding.SIGNATURE_BROKEN if named else Finding.ISSUER_UNKNOWN


def _pace(infos: Callable[[], Node]) -> tuple[frozenset[bytes], bool] | None:
    """Every PACE of a SecurityInfos, and whether one of them is known here; None where it is missing or broken."""
    try:
        return pace_infos(infos()), bool(known_pace(infos()))
    except TlvError:
        return None


def _security(sod: bytes | None) -> tuple[SecurityObject | None, set[Finding]]:
    try:
        return (read_sod(sod), set()) if sod else (None, {Finding.NO_SECURITY_OBJECT})
    except Asn1Error:
        return None, {Finding.NO_SECURITY_OBJECT}
    except AlgorithmUnknown:
        return None, {Finding.ALGORITHM_UNKNOWN}


def _opens(mrz: Mrz, key: AccessKey) -> bool:
    """True when the MRZ of DG1 is the one that opened the chip, or the chip was opened by its CAN."""
    if not key.number:
        return True
    return (mrz.number, mrz.birth, mrz.expiry) == (key.number.rstrip("<"), key.birth, key.expiry)


def _mrz(dg1: bytes) -> Mrz | None:
    try:
        return from_dg1(dg1)
    except MrzError:
        return None


def _portrait(dg2: bytes | None) -> bytes:
    try:
        return portrait(dg2) if dg2 else b""
    except GroupError:
        return b""


def _full_name(dg11: bytes | None) -> str:
    try:
        return full_name(dg11) if dg11 else ""
    except GroupError:
        return ""
