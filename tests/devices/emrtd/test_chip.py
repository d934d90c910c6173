"""A whole visit to the chip, in memory: the reader's side against the card peer."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from devices.bench.card import Card, Contents
from devices.bench.chip_access import ActiveKey
from devices.emrtd import clone
from devices.emrtd.apdu import WRONG_LENGTH, Transmit, is_extended, whole
from devices.emrtd.ec import CURVES
from devices.emrtd.infos import PACE_ECDH_GM, pace_info
from devices.emrtd.lds import EF_COM
from devices.emrtd.session import Chip, Files, ShortOnly
from devices.emrtd.tlv import build
from devices.identity import AccessKey, CloneCheck
from devices.ports import DeviceFault, FaultCode
from tests.devices.emrtd.documents import CAN, PAGE, WRONG_PAGE, com, document, rsa_key

BRAINPOOL = ec.derive_private_key(987654321, ec.BrainpoolP256R1())
NIST = ec.derive_private_key(123456789, ec.SECP256R1())


def visit(card: Card, key: AccessKey = PAGE, extended: bool = True) -> tuple[str, Files, CloneCheck]:
    return visit_of(card.respond, key, extended)


def visit_of(transmit: Transmit, key: AccessKey = PAGE, extended: bool = True) -> tuple[str, Files, CloneCheck]:
    chip = Chip(transmit, extended)
    access = chip.open_access(key)
    files = chip.files()
    return access, files, chip.authenticate(files)


def refused(card: Card, key: AccessKey = PAGE) -> FaultCode:
    with pytest.raises(DeviceFault) as caught:
        visit(card, key)
    for secret in (PAGE.number, "X1234567", "900101", CAN.can):
        assert secret not in str(caught.value)
    return caught.value.code


def same(files: Files, contents: Contents) -> bool:
    read = {0x0100 + number: data for number, data in files.groups.items()} | {EF_COM: files.com, 0x011D: files.sod}
    return read == {fid: data for fid, data in contents.files.items() if fid != 0x011C}


@pytest.mark.parametrize(("offered", "expected"), [("bac", "bac"), ("pace", "pace"), ("both", "pace")])
@pytest.mark.parametrize("extended", [True, False])
def test_every_file_is_read_whole(offered: str, expected: str, extended: bool) -> None:
    contents = document(15_000)
    access, files, clone_check = visit(Card(contents, offered), extended=extended)
    assert (access, clone_check) == (expected, CloneCheck.NOT_OFFERED)
    assert same(files, contents)


@pytest.mark.parametrize("size", [1, 120, 127, 128, 222, 223, 224, 231, 232, 32_767, 32_768, 33_100, 70_000])
@pytest.mark.parametrize("access", ["bac", "pace"])
def test_a_portrait_of_any_size_comes_whole(size: int, access: str) -> None:
    for extended in (True, False):
        contents = document(size)
        assert same(visit(Card(contents, access, extended), extended=extended)[1], contents)


def test_short_answers_of_a_chip_that_takes_no_long_ones() -> None:
    contents = document(3_000)
    assert same(visit(Card(contents, "both", extended=False))[1], contents)


def test_the_card_number_opens_by_pace_alone() -> None:
    assert visit(Card(document(), "both"), CAN)[0] == "pace"
    assert refused(Card(document(), "bac"), CAN) is FaultCode.ACCESS_DENIED


@pytest.mark.parametrize("access", ["bac", "pace", "both"])
def test_another_page_opens_nothing(access: str) -> None:
    assert refused(Card(document(), access), WRONG_PAGE) is FaultCode.ACCESS_DENIED


def test_a_wrong_card_number_opens_nothing() -> None:
    assert refused(Card(document()), AccessKey(can="000000")) is FaultCode.ACCESS_DENIED


@pytest.mark.parametrize(
    "key",
    [
        AccessKey(),
        AccessKey(can="12"),
        AccessKey(can="١٢٣٤٥٦"),
        AccessKey("x1", "900101", "350101"),
        AccessKey("X1", "", "350101"),
    ],
)
def test_a_key_that_no_document_has_never_reaches_the_chip(key: AccessKey) -> None:
    sent: list[bytes] = []

    def transmit(apdu: bytes) -> bytes:
        sent.append(apdu)
        return b"\x90\x00"

    with pytest.raises(DeviceFault, match="access_denied"):
        Chip(transmit).open_access(key)
    assert not sent


@pytest.mark.parametrize("parameter", CURVES)
@pytest.mark.parametrize("suite", [1, 2, 3, 4])
def test_pace_with_every_suite_and_curve(parameter: int, suite: int) -> None:
    card_access = build(0x31, pace_info(PACE_ECDH_GM + bytes([suite]), parameter))
    contents = document(300, card_access=card_access)
    access, files, _ = visit(Card(contents, "pace"))
    assert access == "pace"
    assert same(files, contents)


def test_the_strongest_offer_is_taken_and_two_curves_are_told_apart() -> None:
    strong = PACE_ECDH_GM + b"\x04"
    offers = (pace_info(PACE_ECDH_GM + b"\x01", 12), pace_info(strong, 12), pace_info(strong, 17))
    card = Card(document(300, card_access=build(0x31, *offers)), "pace")
    sent: list[bytes] = []

    def transmit(apdu: bytes) -> bytes:
        sent.append(apdu)
        return card.respond(apdu)

    Chip(transmit).open_access(PAGE)
    chosen = next(apdu for apdu in sent if apdu[1] == 0x22)
    assert strong in chosen
    assert chosen.endswith(b"\x84\x01\x0c")


def test_pace_of_an_unknown_kind_leaves_basic_access_control() -> None:
    integrated = bytes.fromhex("04007F00070202040402")
    contents = document(300, card_access=build(0x31, pace_info(integrated, 13)))
    assert visit(Card(contents, "both"))[0] == "bac"
    assert refused(Card(contents, "pace")) is FaultCode.MEDIA_UNKNOWN


def test_a_long_card_access_and_a_padded_one_are_read_whole() -> None:
    infos = [pace_info(PACE_ECDH_GM + bytes([suite]), parameter) for suite in (1, 2, 3, 4) for parameter in CURVES]
    assert len(build(0x31, *infos)) > 512
    for offered in (build(0x31, *infos), build(0x31, infos[0]) + bytes(40)):
        assert visit(Card(document(300, card_access=offered), "pace"))[0] == "pace"


def test_a_broken_card_access_leaves_basic_access_control() -> None:
    for broken in (b"\x31\x84\xff\xff\xff\xff", b"\x31\x20short", bytes(300)):
        assert visit(Card(document(300, card_access=broken), "both"))[0] == "bac"


@pytest.mark.parametrize("chip", [BRAINPOOL, NIST])
@pytest.mark.parametrize("suite", [1, 2, 3, 4])
@pytest.mark.parametrize("access", ["bac", "pace"])
def test_chip_authentication(chip: ec.EllipticCurvePrivateKey, suite: int, access: str) -> None:
    assert visit(Card(document(chip=chip, suite=suite), access))[2] is CloneCheck.PASSED
    copy = Card(document(chip=chip, suite=suite), access)
    copy.order("cloned")
    assert visit(copy)[2] is CloneCheck.FAILED


def test_chip_authentication_names_its_key() -> None:
    assert visit(Card(document(chip=NIST, key_id=b"\x07")))[2] is CloneCheck.PASSED


def test_the_new_session_goes_on_reading() -> None:
    contents = document(chip=NIST)
    chip = Chip(Card(contents).respond)
    chip.open_access(PAGE)
    assert chip.authenticate(chip.files()) is CloneCheck.PASSED
    assert same(chip.files(), contents)


@pytest.mark.parametrize("bits", [1024, 2048, 3072])
@pytest.mark.parametrize("access", ["bac", "pace"])
def test_active_authentication_with_rsa(bits: int, access: str) -> None:
    assert visit(Card(document(active=rsa_key(bits)), access))[2] is CloneCheck.PASSED
    copy = Card(document(active=rsa_key(bits)), access)
    copy.order("cloned")
    assert visit(copy)[2] is CloneCheck.FAILED


@pytest.mark.parametrize("key", [NIST, BRAINPOOL, ec.derive_private_key(55, ec.SECP521R1())])
def test_active_authentication_with_a_curve(key: ActiveKey) -> None:
    assert visit(Card(document(active=key)))[2] is CloneCheck.PASSED
    copy = Card(document(active=key))
    copy.order("cloned")
    assert visit(copy)[2] is CloneCheck.FAILED


@pytest.mark.parametrize("bits", [2048, 3072])
@pytest.mark.parametrize("access", ["bac", "pace"])
def test_a_signature_that_no_short_answer_carries_is_fetched_in_pieces(bits: int, access: str) -> None:
    contents = document(active=rsa_key(bits))
    for long_chip in (True, False):
        assert visit(Card(contents, access, long_chip), extended=False)[2] is CloneCheck.PASSED
    copy = Card(contents, access, extended=False)
    copy.order("cloned")
    assert visit(copy, extended=False)[2] is CloneCheck.FAILED


def test_a_signature_that_cannot_be_had_is_not_carried_and_not_called_missing() -> None:
    contents = document(active=rsa_key())
    whole = Card(contents, extended=False, chains=False)
    assert visit(whole, extended=False)[2] is CloneCheck.NOT_CARRIED
    for refusal in (b"\x67\x00", b"\x6d\x00", b"\x90\x00", b"\x61\x00"):
        assert visit_of(refusing(Card(contents), refusal), extended=False)[2] is CloneCheck.NOT_CARRIED, refusal.hex()


def test_a_copy_that_takes_no_long_commands_is_never_without_a_check() -> None:
    """What a copy gains by answering 6700 to every command of extended length."""
    copy = Card(document(active=rsa_key()))
    copy.order("cloned")

    def short_only(apdu: bytes) -> bytes:
        return WRONG_LENGTH if is_extended(apdu) else copy.respond(apdu)

    with pytest.raises(ShortOnly):
        visit_of(short_only)
    copy.reset()
    assert visit_of(short_only, extended=False)[2] is CloneCheck.FAILED


def refusing(card: Card, refusal: bytes) -> Transmit:
    """The card, which answers this to INTERNAL AUTHENTICATE and to whatever comes after it."""
    refused = [False]

    def transmit(apdu: bytes) -> bytes:
        refused[0] |= apdu[1] == clone.INTERNAL_AUTHENTICATE
        return refusal if refused[0] else card.respond(apdu)

    return transmit


def test_an_answer_in_pieces_that_never_ends_is_a_fault() -> None:
    for piece in (b"\x61\x00", b"\0" * 256 + b"\x61\x00"):
        with pytest.raises(DeviceFault, match="protocol"):
            whole(lambda _, answer=piece: answer, b"\x00\x88\x00\x00\x00")  # type: ignore[misc]  # bound now


@pytest.mark.parametrize("hidden", [14, 15])
def test_keys_that_are_signed_but_not_given_out_mean_a_copy(hidden: int) -> None:
    contents = document(active=rsa_key(), chip=NIST)
    left = {1, 2, 14, 15} - {hidden}
    files = {fid: data for fid, data in contents.files.items() if fid != 0x0100 + hidden} | {EF_COM: com(*left)}
    assert visit(Card(Contents(files, PAGE, "", None, None)))[2] is CloneCheck.FAILED


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("wrong_card", FaultCode.MEDIA_UNKNOWN),
        ("denies", FaultCode.ACCESS_DENIED),
        ("wrong_mac", FaultCode.PROTOCOL),
        ("garbage", None),
        ("half_frame", FaultCode.PROTOCOL),
    ],
)
@pytest.mark.parametrize("access", ["bac", "pace", "both"])
def test_every_fault_of_the_chip_has_its_name(fault: str, expected: FaultCode | None, access: str) -> None:
    card = Card(document(), access)
    card.order(fault)
    code = refused(card)
    assert code is expected if expected else code in (FaultCode.MEDIA_UNKNOWN, FaultCode.PROTOCOL)


def test_an_altered_portrait_is_read_as_it_lies_there() -> None:
    contents = document()
    card = Card(contents)
    card.order("altered_dg")
    files = visit(card)[1]
    assert files.groups[1] == contents.files[0x0101]
    assert files.groups[2] != contents.files[0x0102]


def test_a_card_pulled_at_any_command_is_a_removal() -> None:
    contents = document(500, chip=NIST)

    def until(commands: int) -> None:
        card = Card(contents)
        left = iter(range(commands))

        def transmit(apdu: bytes) -> bytes:
            if next(left, None) is None:
                raise DeviceFault(FaultCode.MEDIA_REMOVED, "pulled")
            return card.respond(apdu)

        chip = Chip(transmit)
        chip.open_access(PAGE)
        chip.authenticate(chip.files())

    commands = 0
    while (code := _fault(until, commands)) is FaultCode.MEDIA_REMOVED:
        commands += 1
    assert code is None
    assert commands > 15


def _fault(until: Callable[[int], None], commands: int) -> FaultCode | None:
    try:
        until(commands)
    except DeviceFault as fault:
        return fault.code
    return None


def test_progress_counts_to_the_size_of_each_file() -> None:
    seen: dict[int, tuple[int, int]] = {}
    chip = Chip(Card(document(15_000)).respond)
    chip.open_access(PAGE)
    files = chip.files(lambda fid, done, size: seen.update({fid: (done, size)}))
    assert seen[0x0102] == (len(files.groups[2]), len(files.groups[2]))


def test_nothing_read_shows_in_a_representation() -> None:
    contents = document()
    _, files, _ = visit(Card(contents))
    assert repr(files) == "Files()"
    assert "X1234567" not in repr(contents)
    assert "X1234567" not in repr(PAGE)
