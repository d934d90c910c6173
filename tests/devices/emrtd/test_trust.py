"""The trust folder: what an operator puts there is verified, and one bad file is named in one sentence."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import keys  # type: ignore[import-untyped]  # asn1crypto ships no type information
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.bench.authority import Authority, Holder
from devices.bench.chip_access import sign_challenge
from devices.bench.passport import Variant, issue
from devices.emrtd.clone import DG15_TAG, active_key, verified
from devices.emrtd.signatures import AlgorithmUnknown, public_key
from devices.emrtd.tlv import build
from devices.emrtd.trust import TrustError, load_anchors
from devices.identity import Finding, Verdict
from tests.devices.emrtd.utopia import TODAY, judged, passport, utopia

OTHER = Authority(77, "rsa_sha256", TODAY)


def pem(der: bytes, kind: str = "CERTIFICATE") -> bytes:
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (kind.encode(), base64.encodebytes(der), kind.encode())


def test_an_empty_folder_believes_nobody(tmp_path: Path) -> None:
    assert len(load_anchors(tmp_path, TODAY)) == 0


def test_certificates_in_der_and_pem_and_their_revocation_lists(tmp_path: Path) -> None:
    (tmp_path / "both.pem").write_bytes(pem(utopia().csca.der) + pem(OTHER.csca.der))
    (tmp_path / "again.CRT").write_bytes(utopia().csca.der)
    (tmp_path / "utopia.crl").write_bytes(pem(utopia().crl(), "X509 CRL"))
    (tmp_path / ".keep").write_bytes(b"")
    anchors = load_anchors(tmp_path, TODAY)
    assert len({each.der for each in anchors.certificates}) == 2
    assert judged(passport(), anchors).verdict is Verdict.GENUINE


def test_a_link_certificate_carries_belief_to_the_next_key(tmp_path: Path) -> None:
    successor, link = utopia().successor()
    document = issue(successor)
    (tmp_path / "utopia.cer").write_bytes(utopia().csca.der)
    assert judged(document, load_anchors(tmp_path, TODAY)).verdict is Verdict.UNKNOWN_ISSUER
    (tmp_path / "a-link.cer").write_bytes(link)
    assert judged(document, load_anchors(tmp_path, TODAY)).verdict is Verdict.GENUINE


@pytest.mark.parametrize("files", ["new name alone", "old and new", "link to a new key"])
def test_a_csca_of_another_name_revokes_what_it_signed_under_its_first(tmp_path: Path, files: str) -> None:
    same_key = None if files == "link to a new key" else utopia().csca.key
    renamed, link = utopia().successor("Passport CSCA", same_key)
    (tmp_path / "new.cer").write_bytes(link if same_key is None else renamed.csca.der)
    if files != "new name alone":
        (tmp_path / "old.cer").write_bytes(utopia().csca.der)
    unlisted = judged(passport(), load_anchors(tmp_path, TODAY))
    assert (unlisted.verdict, unlisted.findings) == (Verdict.GENUINE, (Finding.CRL_MISSING,))
    (tmp_path / "new.crl").write_bytes(renamed.crl())
    anchors = load_anchors(tmp_path, TODAY)
    assert judged(passport(), anchors).findings == (), "the list of the new name tells of the old one's signers"
    revoked = judged(passport(Variant.REVOKED_DS), anchors)
    assert (revoked.verdict, revoked.findings) == (Verdict.NOT_CHECKABLE, (Finding.SIGNER_REVOKED,))


def test_a_list_of_another_csca_says_nothing_of_a_signer(tmp_path: Path) -> None:
    other = Authority(1, "ecdsa_sha256", TODAY).stranger()
    other.title, other.revoked_serial = "Another CSCA", utopia().revoked_serial
    own = {"key_usage": {"key_cert_sign", "crl_sign"}, "basic_constraints": {"ca": True}}
    root = other.certificate(other.csca.key, other.title, 1, (-10, 100), own, other.csca.key)
    other.csca = Holder(other.csca.key, root)
    (tmp_path / "utopia.cer").write_bytes(utopia().csca.der)
    (tmp_path / "another.cer").write_bytes(other.csca.der)
    (tmp_path / "another.crl").write_bytes(other.crl())
    document = judged(passport(Variant.REVOKED_DS), load_anchors(tmp_path, TODAY))
    assert document.findings == (Finding.CRL_MISSING,)


def test_a_master_list_under_a_believed_csca_brings_its_certificates(tmp_path: Path) -> None:
    (tmp_path / "utopia.cer").write_bytes(OTHER.csca.der)
    (tmp_path / "list.ml").write_bytes(OTHER.master_list([utopia().csca.der, OTHER.csca.der, utopia().signer(9).der]))
    anchors = load_anchors(tmp_path, TODAY)
    assert len(anchors) == 2
    assert judged(passport(), anchors).verdict is Verdict.GENUINE


def test_a_master_list_may_vouch_for_the_signer_of_another(tmp_path: Path) -> None:
    third = Authority(78, "ecdsa_sha384", TODAY)
    (tmp_path / "other.cer").write_bytes(OTHER.csca.der)
    (tmp_path / "z.ml").write_bytes(OTHER.master_list([third.csca.der]))
    (tmp_path / "a.ml").write_bytes(third.master_list([utopia().csca.der]))
    assert judged(passport(), load_anchors(tmp_path, TODAY)).verdict is Verdict.GENUINE


def test_every_revocation_list_of_a_file_is_heard(tmp_path: Path) -> None:
    both, kind = (OTHER, utopia()), "X509 CRL"
    (tmp_path / "both.pem").write_bytes(b"".join(pem(each.csca.der) for each in both))
    (tmp_path / "both.crl").write_bytes(b"".join(pem(each.crl(), kind) for each in both))
    anchors = load_anchors(tmp_path, TODAY)
    assert Finding.SIGNER_REVOKED in judged(passport(Variant.REVOKED_DS), anchors).findings
    (tmp_path / "both.crl").write_bytes(pem(OTHER.crl(), kind) + pem(utopia().crl(issuer=OTHER.csca), kind))
    with pytest.raises(TrustError, match=r"both\.crl in the trust folder: no CSCA certificate"):
        load_anchors(tmp_path, TODAY)


def broken_list() -> bytes:
    whole = OTHER.master_list([utopia().csca.der])
    return whole[:-1] + bytes([whole[-1] ^ 1])


REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("notes.txt", lambda: b"hello", "none of .cer .crt .der .pem .crl .ml"),
    ("bad.cer", lambda: b"hello", "no X.509 certificate"),
    ("empty.cer", lambda: b"", "no X.509 certificate"),
    ("bad.pem", lambda: b"-----BEGIN CERTIFICATE-----\nx\n", "no X.509 certificate"),
    ("key.pem", lambda: pem(b"\x30\x00", "PRIVATE KEY"), "PEM of something else"),
    ("ds.cer", lambda: utopia().signer(5).der, "no CSCA certificate"),
    ("link.cer", lambda: utopia().successor()[1], "no CSCA certificate in the folder has signed this link"),
    ("torn.cer", lambda: utopia().csca.der[:-1] + b"\0", "its own signature is broken"),
    ("bad.ml", lambda: b"\x30\x03\x02\x01\x00", "no master list"),
    ("cut.ml", lambda: OTHER.master_list([])[:-9], "no master list"),
    ("torn.ml", broken_list, "signature of this master list is broken"),
    ("foreign.ml", lambda: utopia().master_list([utopia().csca.der]), "certified by no CSCA of the folder"),
    ("other.ml", lambda: OTHER.master_list([], extended_key_usage={"time_stamping"}), "not certified to sign master"),
    ("late.ml", lambda: OTHER.master_list([], begin=-900, end=-20), "was not valid when it signed"),
    ("bad.crl", lambda: b"\x30\x00", "no revocation list"),
    ("foreign.crl", lambda: utopia().crl(), "has signed this revocation list; add that certificate"),
    ("forged.crl", lambda: OTHER.crl(issuer=OTHER.stranger().csca), "has signed this revocation list"),
]


@pytest.mark.parametrize(("name", "content", "says"), REFUSED, ids=[row[0] for row in REFUSED])
def test_one_bad_file_is_named_in_one_sentence(
    tmp_path: Path, name: str, content: Callable[[], bytes], says: str
) -> None:  # fmt: skip
    (tmp_path / "csca.der").write_bytes(OTHER.csca.der)
    (tmp_path / name).write_bytes(content())
    with pytest.raises(TrustError) as caught:
        load_anchors(tmp_path, TODAY)
    assert str(caught.value).startswith(f"{name} in the trust folder: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert ";" in str(caught.value), "the remedy is said"


def test_a_csca_that_may_not_revoke_has_no_revocation_list(tmp_path: Path) -> None:
    mute = Authority(81, "ecdsa_sha256", TODAY)
    use = {"key_usage": {"key_cert_sign"}, "basic_constraints": {"ca": True}}
    mute.csca = Holder(mute.csca.key, mute.certificate(mute.csca.key, "CSCA", 1, (-10, 100), use, mute.csca.key))
    mute.write_trust(tmp_path)
    with pytest.raises(TrustError, match=r"utopia\.crl in the trust folder: no CSCA certificate"):
        load_anchors(tmp_path, TODAY)


def test_a_revoked_signer_takes_its_master_list_along(tmp_path: Path) -> None:
    other = Authority(79, "ecdsa_sha256", TODAY)
    other.revoked_serial = 21
    (tmp_path / "csca.der").write_bytes(other.csca.der)
    (tmp_path / "world.ml").write_bytes(other.master_list([utopia().csca.der]))
    assert len(load_anchors(tmp_path, TODAY)) == 2
    (tmp_path / "other.crl").write_bytes(other.crl())
    with pytest.raises(TrustError, match=r"world\.ml in the trust folder: its signer has been revoked"):
        load_anchors(tmp_path, TODAY)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(TrustError, match="cannot be read: No such file or directory; name another"):
        load_anchors(tmp_path / "nowhere", TODAY)
    (tmp_path / "dir.cer").mkdir()
    with pytest.raises(TrustError, match=r"dir\.cer in the trust folder: it cannot be read"):
        load_anchors(tmp_path, TODAY)


def test_a_revoked_csca_is_believed_no_longer(tmp_path: Path) -> None:
    fallen = Authority(80, "ecdsa_sha256", TODAY)
    fallen.revoked_serial = 1
    fallen.write_trust(tmp_path)
    assert judged(issue(fallen), load_anchors(tmp_path, TODAY)).findings == (Finding.SIGNER_REVOKED,)


@pytest.mark.parametrize("bits", [512, 1023, 8193])
def test_an_rsa_key_that_is_too_small_or_absurd_is_no_key(bits: int) -> None:
    numbers = keys.RSAPublicKey({"modulus": (1 << bits - 1) + 1, "public_exponent": 65537})
    with pytest.raises(AlgorithmUnknown):
        public_key(keys.PublicKeyInfo.wrap(numbers, "rsa").dump())


# One key on brainpoolP256r1 with every parameter of the curve written out (RFC 5639), made for this test.
EXPLICIT = {
    "prime": 0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
    "a": 0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
    "b": 0x26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6,
}


def explicit(prime: int, point: bytes) -> bytes:
    parameters = keys.SpecifiedECDomain({
        "version": "ecdpVer1", "field_id": {"field_type": "prime_field", "parameters": prime},
        "curve": {"a": EXPLICIT["a"].to_bytes(32, "big"), "b": EXPLICIT["b"].to_bytes(32, "big")},
        "base": point, "order": prime - 2, "cofactor": 1,
    })  # fmt: skip
    algorithm = keys.PublicKeyAlgorithm({"algorithm": "ec", "parameters": keys.ECDomainParameters(
        name="specified", value=parameters,
    )})  # fmt: skip
    return bytes(keys.PublicKeyInfo({"algorithm": algorithm, "public_key": keys.ECPointBitString(point)}).dump())


def test_a_written_out_curve_is_the_known_one_whatever_generator_it_claims() -> None:
    numbers = ec.derive_private_key(4711, ec.BrainpoolP256R1()).public_key().public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    key = public_key(explicit(EXPLICIT["prime"], point))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "brainpoolP256r1"
    assert key.public_numbers() == numbers


def test_a_written_out_curve_serves_active_authentication_too() -> None:
    own = ec.derive_private_key(4711, ec.BrainpoolP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = active_key(build(DG15_TAG, explicit(EXPLICIT["prime"], point)))
    assert verified(key, b"freshly!", sign_challenge(own, b"freshly!", bytes))
    assert not verified(key, b"another!", sign_challenge(own, b"freshly!", bytes))


@pytest.mark.parametrize("prime", [EXPLICIT["prime"] - 2, 2**256 - 2**224 + 2**192 + 2**96 - 1])
def test_another_field_or_a_point_beside_the_curve_is_no_key(prime: int) -> None:
    numbers = ec.derive_private_key(4711, ec.BrainpoolP256R1()).public_key().public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    with pytest.raises(AlgorithmUnknown):
        public_key(explicit(prime, point))
