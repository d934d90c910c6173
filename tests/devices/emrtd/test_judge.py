"""Four words: what is genuine, altered, of unknown issuer and not checkable is told apart, by verdict and findings."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms  # type: ignore[import-untyped]  # asn1crypto ships no type information
from cryptography.hazmat.primitives.asymmetric import ec

from devices.bench.authority import (
    CSCA_MASTER_LIST,
    LDS_SECURITY_OBJECT,
    MASTER_LIST_SIGNER,
    SCHEMES,
    Authority,
    Holder,
    PrivateKey,
)
from devices.bench.passport import Passport, Variant
from devices.emrtd.lds import EF_SOD
from devices.emrtd.tlv import build, only
from devices.emrtd.trust import Anchors, load_anchors
from devices.identity import AccessKey, CloneCheck, Finding, Verdict
from tests.devices.emrtd.documents import rsa_key
from tests.devices.emrtd.utopia import TODAY, believed, content_of, judged, passport, resigned, utopia, with_files

SHA256 = bytes.fromhex("0609608648016503040201")


@pytest.mark.parametrize(
    ("variant", "verdict", "findings"),
    [
        (Variant.GENUINE, Verdict.GENUINE, ()),
        (Variant.ALTERED_DG1, Verdict.ALTERED, (Finding.HASH_MISMATCH,)),
        (Variant.ALTERED_DG2, Verdict.ALTERED, (Finding.HASH_MISMATCH,)),
        (Variant.BROKEN_SIGNATURE, Verdict.ALTERED, (Finding.SIGNATURE_BROKEN,)),
        (Variant.FORGED_DS, Verdict.ALTERED, (Finding.SIGNATURE_BROKEN,)),
        (Variant.UNKNOWN_CSCA, Verdict.UNKNOWN_ISSUER, (Finding.ISSUER_UNKNOWN,)),
        (Variant.EXPIRED_DS, Verdict.NOT_CHECKABLE, (Finding.SIGNER_EXPIRED,)),
        (Variant.REVOKED_DS, Verdict.NOT_CHECKABLE, (Finding.SIGNER_REVOKED,)),
        (Variant.OTHER_STATE, Verdict.UNKNOWN_ISSUER, (Finding.STATE_DIFFERS,)),
        (Variant.NO_SOD, Verdict.NOT_CHECKABLE, (Finding.NO_SECURITY_OBJECT,)),
    ],
)
def test_each_document_gets_its_own_word_and_reason(
    variant: Variant, verdict: Verdict, findings: tuple[Finding, ...]
) -> None:
    document = judged(passport(variant))
    assert (document.verdict, document.findings) == (verdict, findings)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_signature_scheme_of_the_standard(scheme: str) -> None:
    assert judged(passport(Variant.GENUINE, scheme), believed(scheme)).verdict is Verdict.GENUINE
    broken = judged(passport(Variant.BROKEN_SIGNATURE, scheme), believed(scheme))
    assert broken.verdict is Verdict.ALTERED
    assert {*broken.findings} - {Finding.WEAK_ALGORITHM} == {Finding.SIGNATURE_BROKEN}


@pytest.mark.parametrize("scheme", ["ecdsa_sha1", "rsa_sha1"])
def test_sha1_is_said_beside_the_verdict(scheme: str) -> None:
    document = judged(passport(Variant.GENUINE, scheme), believed(scheme))
    assert (document.verdict, document.findings) == (Verdict.GENUINE, (Finding.WEAK_ALGORITHM,))


@pytest.mark.parametrize("scheme", sorted({*SCHEMES} - {"ecdsa_sha1", "rsa_sha1"}))
def test_what_is_not_weak_is_not_called_so(scheme: str) -> None:
    assert judged(passport(Variant.GENUINE, scheme), believed(scheme)).findings == ()


@pytest.mark.parametrize("weak", ["signer", "issuer"])
@pytest.mark.parametrize("kind", ["rsa", "curve"])
def test_a_short_key_is_said_beside_the_verdict(weak: str, kind: str, tmp_path: Path) -> None:
    authority = Authority(90, "rsa_sha256" if kind == "rsa" else "ecdsa_sha256", TODAY)
    short: PrivateKey = rsa_key(1024) if kind == "rsa" else ec.derive_private_key(4711, ec.SECP192R1())
    if weak == "issuer":
        ca = {"key_usage": {"key_cert_sign", "crl_sign"}, "basic_constraints": {"ca": True}}
        authority.csca = Holder(short, authority.certificate(short, "CSCA", 1, (-9, 900), ca, short))
    authority.write_trust(tmp_path)
    signer = authority.signer(8)
    if weak == "signer":
        use = {"key_usage": {"digital_signature"}}
        signer = Holder(short, authority.certificate(short, "Signer", 8, (-9, 900), use))
    data = authority.signed_data(signer, LDS_SECURITY_OBJECT, content_of(passport()))
    document = judged(with_files(passport(), {EF_SOD: build(0x77, data)}), load_anchors(tmp_path, TODAY))
    assert (document.verdict, document.findings) == (Verdict.GENUINE, (Finding.WEAK_ALGORITHM,))


def test_a_signature_of_tomorrow_is_said_beside_the_verdict() -> None:
    """Signed a day before TODAY: for a clock that stands two days earlier that is to come."""
    early = judged(passport(), now=TODAY - timedelta(days=3))
    assert (early.verdict, early.findings) == (Verdict.GENUINE, (Finding.SIGNED_LATER,))
    assert judged(passport(), now=TODAY - timedelta(days=2)).findings == (), "a day is left to clocks"


def test_what_a_genuine_document_says() -> None:
    document = judged(passport())
    assert (document.mrz.number, document.mrz.surname, document.full_name) == ("L898902C3", "HONG", "홍 새벽")
    assert document.portrait.startswith(b"\xff\xd8\xff")
    assert document.groups == (1, 2, 11, 14, 15)
    assert document.issuer == "UT, Utopia, Utopia CSCA"
    assert document.signed_at is not None
    assert document.signed_at < TODAY
    assert document.access == "BAC"


@pytest.mark.parametrize("part", ["number", "birth", "expiry"])
def test_a_data_page_that_is_not_the_chips_is_altered(part: str) -> None:
    key = replace(passport().key, **{part: "000101"})
    document = judged(replace(passport(), key=key))
    assert (document.verdict, document.findings) == (Verdict.ALTERED, (Finding.MRZ_MISMATCH,))


def test_a_chip_that_was_opened_by_its_can_has_no_data_page_to_agree_with() -> None:
    assert judged(replace(passport(), key=AccessKey(can="123456"))).verdict is Verdict.GENUINE


def test_a_failed_clone_check_is_a_copy_and_a_missing_one_is_said() -> None:
    failed = judged(passport(), clone=CloneCheck.FAILED)
    assert (failed.verdict, failed.findings) == (Verdict.ALTERED, (Finding.CLONE_SUSPECTED,))
    missing = judged(passport(), clone=CloneCheck.NOT_OFFERED)
    assert (missing.verdict, missing.findings) == (Verdict.GENUINE, (Finding.CLONE_CHECK_NOT_OFFERED,))


def test_a_chip_whose_signed_key_was_not_asked_is_not_checkable() -> None:
    skipped = judged(passport(), clone=CloneCheck.NOT_CARRIED)
    assert (skipped.verdict, skipped.findings) == (Verdict.NOT_CHECKABLE, (Finding.CLONE_CHECK_NOT_CARRIED,))
    stranger = judged(passport(Variant.UNKNOWN_CSCA), clone=CloneCheck.NOT_CARRIED)
    assert stranger.verdict is Verdict.UNKNOWN_ISSUER


def test_a_copy_that_hides_the_signed_keys_of_the_clone_check_is_suspected() -> None:
    hidden = judged(passport(Variant.HIDDEN_KEYS), clone=CloneCheck.NOT_OFFERED)
    assert hidden.verdict is Verdict.ALTERED
    assert Finding.CLONE_SUSPECTED in hidden.findings


@pytest.mark.parametrize("missing", [0x0101, 0x0102])
def test_without_mrz_or_face_nothing_is_genuine(missing: int) -> None:
    files = {name: content for name, content in passport().files.items() if name != missing}
    assert judged(replace(passport(), files=files)).verdict is Verdict.ALTERED


def test_an_mrz_that_its_issuer_built_otherwise_is_not_called_altered() -> None:
    strange = passport().files[0x0101].replace(b"340415", b"<<<<<<")
    was, now = (hashlib.sha256(content).digest() for content in (passport().files[0x0101], strange))
    content = content_of(passport()).replace(was, now)
    document = judged(resigned(with_files(passport(), {0x0101: strange}), content))
    assert (document.verdict, document.findings) == (Verdict.NOT_CHECKABLE, (Finding.MRZ_UNREADABLE,))
    assert judged(with_files(passport(), {0x0101: strange})).verdict is Verdict.ALTERED


def test_a_group_that_nobody_signed_is_altered() -> None:
    added = judged(with_files(passport(), {0x010C: b"\x6c\x02\x5f\x19"}))
    assert (added.verdict, added.findings) == (Verdict.ALTERED, (Finding.HASH_MISMATCH,))


def test_a_signer_of_something_else_signs_no_document() -> None:
    for changed in (
        {"extended_key_usage": {MASTER_LIST_SIGNER}},
        {"key_usage": {"key_encipherment"}},
        {"basic_constraints": {"ca": True}},
    ):
        signer = utopia().signer(600, **changed)
        document = judged(resigned(passport(), content_of(passport()), signer))
        assert (document.verdict, document.findings) == (Verdict.ALTERED, (Finding.SIGNATURE_BROKEN,)), changed


def test_a_signer_is_found_by_name_where_its_key_identifiers_are_careless() -> None:
    for identifier in ({"key_identifier": bytes(20)}, {"authority_cert_serial_number": None}):
        signer = utopia().signer(603, authority_key_identifier=identifier)
        assert judged(resigned(passport(), content_of(passport()), signer)).verdict is Verdict.GENUINE


def test_a_purpose_beside_the_key_usage_is_not_held_against_a_document_signer() -> None:
    signer = utopia().signer(604, extended_key_usage={"2.23.136.1.1.9"})
    assert judged(resigned(passport(), content_of(passport()), signer)).verdict is Verdict.GENUINE


def test_a_critical_extension_that_is_not_understood_is_not_checkable() -> None:
    strange: dict[str, Any] = {"name_constraints": {"permitted_subtrees": None}}
    signer = utopia().signer(601, **strange)
    body = signer.certificate["tbs_certificate"]
    assert judged(resigned(passport(), content_of(passport()), signer)).verdict is Verdict.GENUINE
    body["extensions"][-1]["critical"] = True
    certificate = type(signer.certificate)({
        "tbs_certificate": body.copy(), "signature_algorithm": signer.certificate["signature_algorithm"],
        "signature_value": utopia().sign(utopia().csca.key, body.dump(force=True)),
    })  # fmt: skip
    document = judged(resigned(passport(), content_of(passport()), Holder(signer.key, certificate)))
    assert (document.verdict, document.findings) == (Verdict.NOT_CHECKABLE, (Finding.ALGORITHM_UNKNOWN,))


def test_an_unknown_hash_is_not_checkable_and_not_genuine() -> None:
    unknown = content_of(passport()).replace(SHA256, SHA256[:-1] + b"\x7f")
    document = judged(resigned(passport(), unknown))
    assert (document.verdict, document.findings) == (Verdict.NOT_CHECKABLE, (Finding.ALGORITHM_UNKNOWN,))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: content.replace(b"\x02\x01\x00", b"\x02\x01\x02", 1),
        lambda content: content.replace(b"\x02\x01\x01", b"\x02\x01\x02", 1),
        lambda content: content.replace(b"\x02\x01\x0b", b"\x02\x01\x11", 1),
        lambda content: build(0x30, build(0x02, b"\0"), build(0x30, SHA256), build(0x30)),
    ],
)
def test_a_security_object_of_another_build_is_not_checkable(change: object) -> None:
    content = change(content_of(passport()))  # type: ignore[operator]  # the table holds functions
    document = judged(resigned(passport(), content))
    assert (document.verdict, document.findings) == (Verdict.NOT_CHECKABLE, (Finding.NO_SECURITY_OBJECT,))


def edited(document: Passport, change: object) -> Passport:
    """The document after a change to its CMS structure that leaves signature and certificates as they were."""
    info = cms.ContentInfo.load(only(document.files[EF_SOD], 0x77).value)
    change(info["content"])  # type: ignore[operator]  # the tests hand in functions
    return with_files(document, {EF_SOD: build(0x77, info.dump(force=True))})


def drop_attributes(body: cms.SignedData) -> None:
    body["signer_infos"][0]["signed_attrs"] = None


def put_other_content(body: cms.SignedData) -> None:
    other = content_of(passport()).replace(b"\x02\x01\x0b", b"\x02\x01\x0c", 1)
    body["encap_content_info"]["content"] = cms.ParsableOctetString(other)


def put_other_digest(body: cms.SignedData) -> None:
    attributes = body["signer_infos"][0]["signed_attrs"]
    found = next(each for each in attributes if each["type"].native == "message_digest")
    found["values"] = [bytes(32)]


def drop_digest(body: cms.SignedData) -> None:
    kept = [each for each in body["signer_infos"][0]["signed_attrs"] if each["type"].native != "message_digest"]
    body["signer_infos"][0]["signed_attrs"] = cms.CMSAttributes(kept)


@pytest.mark.parametrize("change", [drop_attributes, put_other_content, put_other_digest, drop_digest])
def test_attributes_that_do_not_cover_the_content_are_a_broken_signature(change: object) -> None:
    document = judged(edited(passport(), change))
    assert document.verdict is Verdict.ALTERED
    assert Finding.SIGNATURE_BROKEN in document.findings


def signed_again(change: Callable[[cms.CMSAttributes], None]) -> Passport:
    """The document with other signed attributes under a real signature of a believed signer."""
    signer = utopia().signer(605)
    info = cms.ContentInfo.load(utopia().signed_data(signer, LDS_SECURITY_OBJECT, content_of(passport())))
    signer_info = info["content"]["signer_infos"][0]
    attributes = cms.CMSAttributes([each.copy() for each in signer_info["signed_attrs"]])
    change(attributes)
    signer_info["signed_attrs"] = attributes
    signer_info["signature"] = utopia().sign(signer.key, attributes.dump(force=True))
    return with_files(passport(), {EF_SOD: build(0x77, info.dump(force=True))})


def name_other_content(attributes: cms.CMSAttributes) -> None:
    at = next(at for at, each in enumerate(attributes) if each["type"].native == "content_type")
    attributes[at] = cms.CMSAttribute({"type": "content_type", "values": [CSCA_MASTER_LIST]})


def digest_twice(attributes: cms.CMSAttributes) -> None:
    attributes.append(cms.CMSAttribute({"type": "message_digest", "values": [bytes(32)]}))
    attributes.append(next(each.copy() for each in attributes if each["type"].native == "message_digest"))


def test_attributes_signed_again_are_as_good_as_the_first() -> None:
    assert judged(signed_again(lambda attributes: None)).verdict is Verdict.GENUINE


def test_attributes_of_another_content_are_a_broken_signature() -> None:
    assert judged(signed_again(name_other_content)).findings == (Finding.SIGNATURE_BROKEN,)


def test_an_attribute_that_stands_twice_is_not_checkable() -> None:
    assert judged(signed_again(digest_twice)).findings == (Finding.NO_SECURITY_OBJECT,)


def test_signed_content_of_another_type_is_no_security_object() -> None:
    data = utopia().signed_data(utopia().signer(606), CSCA_MASTER_LIST, content_of(passport()))
    document = judged(with_files(passport(), {EF_SOD: build(0x77, data)}))
    assert (document.verdict, document.findings) == (Verdict.NOT_CHECKABLE, (Finding.NO_SECURITY_OBJECT,))


def drop_certificate(body: cms.SignedData) -> None:
    body["certificates"] = cms.CertificateSet([])


def double_signer(body: cms.SignedData) -> None:
    body["signer_infos"] = [body["signer_infos"][0], body["signer_infos"][0]]


def drop_signer(body: cms.SignedData) -> None:
    body["signer_infos"] = cms.SignerInfos([])


@pytest.mark.parametrize("change", [drop_certificate, double_signer, drop_signer])
def test_a_security_object_without_its_one_signer_is_not_checkable(change: object) -> None:
    document = judged(edited(passport(), change))
    assert (document.verdict, document.findings) == (Verdict.NOT_CHECKABLE, (Finding.NO_SECURITY_OBJECT,))


def test_an_unknown_signature_scheme_is_not_checkable() -> None:
    def change(body: cms.SignedData) -> None:
        body["signer_infos"][0]["signature_algorithm"] = {"algorithm": "ed25519"}

    document = judged(edited(passport(), change))
    assert (document.verdict, document.findings) == (Verdict.NOT_CHECKABLE, (Finding.ALGORITHM_UNKNOWN,))


def test_a_strangers_expiry_is_worth_nothing() -> None:
    signer = utopia().stranger().signer(700, -900, -20)
    document = judged(resigned(passport(), content_of(passport()), signer))
    assert document.verdict is Verdict.UNKNOWN_ISSUER
    assert document.findings == (Finding.SIGNER_EXPIRED, Finding.ISSUER_UNKNOWN)


def test_nobody_is_believed_where_no_anchor_is() -> None:
    assert judged(passport(), Anchors()).verdict is Verdict.UNKNOWN_ISSUER


def test_an_expired_csca_and_a_signer_outside_its_time() -> None:
    late = judged(passport(), now=TODAY + timedelta(days=6000))
    assert late.verdict is Verdict.NOT_CHECKABLE
    assert {Finding.ISSUER_EXPIRED, Finding.SIGNER_EXPIRED, Finding.CRL_MISSING} == set(late.findings)
    unborn = judged(resigned(passport(), content_of(passport()), utopia().signer(602, begin=0)))
    assert unborn.findings == (Finding.SIGNER_EXPIRED,), "signed yesterday by a signer valid from today"


def test_without_a_fresh_revocation_list_the_document_is_genuine_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "utopia.cer").write_bytes(utopia().csca.der)
    document = judged(passport(), load_anchors(tmp_path, TODAY))
    assert (document.verdict, document.findings) == (Verdict.GENUINE, (Finding.CRL_MISSING,))
    (tmp_path / "old.crl").write_bytes(utopia().crl(-200, -100))
    anchors = load_anchors(tmp_path, TODAY)
    assert judged(passport(), anchors).findings == (Finding.CRL_MISSING,)
    (tmp_path / "dateless.crl").write_bytes(utopia().crl(end=None))
    assert judged(passport(), load_anchors(tmp_path, TODAY)).findings == (Finding.CRL_MISSING,)
    revoked = judged(passport(Variant.REVOKED_DS), anchors)
    assert revoked.findings == (Finding.SIGNER_REVOKED, Finding.CRL_MISSING), "what is revoked stays so"


def test_a_partial_revocation_list_revokes_and_reassures_nobody(tmp_path: Path) -> None:
    (tmp_path / "utopia.cer").write_bytes(utopia().csca.der)
    (tmp_path / "part.crl").write_bytes(utopia().crl(partial=True))
    anchors = load_anchors(tmp_path, TODAY)
    assert judged(passport(), anchors).findings == (Finding.CRL_MISSING,)
    assert Finding.SIGNER_REVOKED in judged(passport(Variant.REVOKED_DS), anchors).findings


def test_a_security_object_that_is_none_is_not_checkable() -> None:
    for content in (b"", b"\x77", b"\x77\x00", b"\x30\x80\x00\x00", bytes(70_000)):
        document = judged(with_files(passport(), {EF_SOD: content}))
        assert document.verdict is Verdict.NOT_CHECKABLE
        assert document.findings == (Finding.NO_SECURITY_OBJECT,)
