"""From the made-up passport on the chip to the word of its judge: access, files, clone check, verdict."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.bench.authority import Authority
from devices.bench.card import Card, Contents
from devices.bench.passport import Passport, Variant, issue
from devices.emrtd.apdu import Transmit
from devices.emrtd.infos import PACE_ECDH_GM, pace_info
from devices.emrtd.judge import beside_access, judge
from devices.emrtd.lds import EF_CARD_ACCESS
from devices.emrtd.session import Chip
from devices.emrtd.tlv import build
from devices.emrtd.trust import load_anchors
from devices.identity import AccessKey, CloneCheck, Finding, IdDocument, Verdict


def card_of(passport: Passport, access: str) -> Card:
    contents = Contents(passport.files, passport.key, passport.can, passport.aa_key, passport.ca_key)
    return Card(contents, access)


def read(card: Card, key: AccessKey, authority: Authority, folder: Path) -> IdDocument:
    return read_through(card.respond, key, authority, folder)


def read_through(transmit: Transmit, key: AccessKey, authority: Authority, folder: Path) -> IdDocument:
    authority.write_trust(folder)
    chip = Chip(transmit)
    access = chip.open_access(key)
    files = chip.files()
    now = datetime.now(UTC)
    anchors, clone_check = load_anchors(folder, now), chip.authenticate(files)
    document = judge(files.sod, files.groups, key, access, clone_check, anchors, now)
    return beside_access(document, files.groups.get(14), files.card_access)


@pytest.mark.parametrize("access", ["bac", "pace"])
@pytest.mark.parametrize("active", ["ec", "rsa", ""])
@pytest.mark.parametrize("td1", [False, True])
def test_a_genuine_document(access: str, active: str, td1: bool, tmp_path: Path) -> None:
    authority = Authority()
    passport = issue(authority, td1=td1, aa=active, pace=access == "pace")
    document = read(card_of(passport, access), passport.key, authority, tmp_path)
    assert (document.verdict, document.access, document.clone_check) == (Verdict.GENUINE, access, CloneCheck.PASSED)
    assert (document.portrait[:2], document.findings) == (b"\xff\xd8", ())
    assert set(document.groups) == set(passport.groups())


def test_the_card_number_alone_is_enough(tmp_path: Path) -> None:
    authority = Authority()
    passport = issue(authority)
    document = read(card_of(passport, "both"), AccessKey(can=passport.can), authority, tmp_path)
    assert (document.verdict, document.access) == (Verdict.GENUINE, "pace")


@pytest.mark.parametrize(
    ("fault", "finding"), [("altered_dg", Finding.HASH_MISMATCH), ("cloned", Finding.CLONE_SUSPECTED)]
)
@pytest.mark.parametrize("access", ["bac", "pace"])
def test_what_the_chip_does_wrong_makes_it_altered(fault: str, finding: Finding, access: str, tmp_path: Path) -> None:
    authority = Authority()
    passport = issue(authority)
    card = card_of(passport, access)
    card.order(fault)
    document = read(card, passport.key, authority, tmp_path)
    assert document.verdict is Verdict.ALTERED
    assert finding in document.findings


@pytest.mark.parametrize("shown", ["", "another kind", "no template"])
def test_pace_that_the_issuer_signed_and_the_chip_does_not_show_is_said(shown: str, tmp_path: Path) -> None:
    authority = Authority()
    whole = issue(authority)
    other = {"another kind": build(0x31, pace_info(PACE_ECDH_GM + b"\x04", 12)), "no template": b"\x31\x20short"}
    passport = replace(whole, files={**whole.files, EF_CARD_ACCESS: other.get(shown, b"")})
    document = read(card_of(passport, "both" if shown else "bac"), passport.key, authority, tmp_path)
    assert (document.verdict, document.findings) == (Verdict.GENUINE, (Finding.ACCESS_DIFFERS,))
    assert document.access == ("pace" if shown == "another kind" else "bac")


def without_pace(card: Card, refusal: bytes) -> Transmit:
    """Somebody between chip and reader answers this to the choice of PACE in the chip's place."""
    return lambda apdu: refusal if apdu[1:4] == b"\x22\xc1\xa4" else card.respond(apdu)


@pytest.mark.parametrize("refusal", [b"\x6a\x80", b"\x6a\x88", b"\x69\x85", b"\x6d\x00"])
def test_a_fall_from_pace_to_the_weaker_bac_is_said(refusal: bytes, tmp_path: Path) -> None:
    authority = Authority()
    passport = issue(authority)
    between = without_pace(card_of(passport, "both"), refusal)
    document = read_through(between, passport.key, authority, tmp_path)
    assert (document.access, document.verdict, document.findings) == (
        "bac", Verdict.GENUINE, (Finding.ACCESS_DIFFERS,)
    )  # fmt: skip


def test_a_pace_that_nobody_signed_and_the_chip_does_not_keep_to_is_said_too(tmp_path: Path) -> None:
    authority = Authority()
    unsigned = issue(authority, pace=False)
    shown = build(0x31, pace_info(PACE_ECDH_GM + b"\x02", 13))
    read_by_bac = read(card_of(unsigned, "bac"), unsigned.key, authority, tmp_path)
    assert (read_by_bac.access, read_by_bac.findings) == ("bac", ())
    assert beside_access(read_by_bac, None, shown).findings == (Finding.ACCESS_DIFFERS,)
    other = build(0x31, pace_info(bytes.fromhex("04007F00070202040402"), 13))
    assert beside_access(read_by_bac, None, other).findings == (), "a kind that this reader does not know"


@pytest.mark.parametrize(
    ("variant", "verdict"),
    [
        (Variant.ALTERED_DG1, Verdict.ALTERED),
        (Variant.ALTERED_DG2, Verdict.ALTERED),
        (Variant.UNKNOWN_CSCA, Verdict.UNKNOWN_ISSUER),
        (Variant.FORGED_DS, Verdict.ALTERED),
        (Variant.EXPIRED_DS, Verdict.NOT_CHECKABLE),
        (Variant.REVOKED_DS, Verdict.NOT_CHECKABLE),
        (Variant.BROKEN_SIGNATURE, Verdict.ALTERED),
        (Variant.NO_SOD, Verdict.NOT_CHECKABLE),
        (Variant.HIDDEN_KEYS, Verdict.ALTERED),
    ],
)
def test_what_is_wrong_with_the_document_comes_through_the_chip(
    variant: Variant, verdict: Verdict, tmp_path: Path
) -> None:
    authority = Authority()
    passport = issue(authority, variant)
    assert read(card_of(passport, "both"), passport.key, authority, tmp_path).verdict is verdict
