"""The machine-readable zone: the specimens of ICAO 9303, every check digit, and sentences that quote nothing."""

from datetime import date

import pytest

from devices.bench.passport import Person, mrz_td1, mrz_td3
from devices.emrtd.mrz import MrzError, access_key, birth_date, check_digit, expiry_date, from_dg1, parse
from devices.emrtd.tlv import build
from devices.identity import AccessKey, Mrz

# ICAO 9303-4 appendix B, 9303-5 appendix B, 9303-6 appendix B, 9303-11 appendix D.2; all of Utopia.
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD3_OLD = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C<3UTO6908061F9406236ZE184226B<<<<<14"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD1_LONG = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
TD2_LONG = "I<UTOSTEVENSON<<PETER<<<<<<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8"


@pytest.mark.parametrize(
    ("zone", "number", "birth", "expiry", "names"),
    [
        (TD3, "L898902C3", "740812", "120415", ("ERIKSSON", "ANNA MARIA")),
        (TD3_OLD, "L898902C", "690806", "940623", ("ERIKSSON", "ANNA MARIA")),
        (TD2, "D23145890", "740812", "120415", ("ERIKSSON", "ANNA MARIA")),
        (TD1, "D23145890", "740812", "120415", ("ERIKSSON", "ANNA MARIA")),
        (TD1_LONG, "D23145890734", "340712", "950712", ("STEVENSON", "PETER JOHN")),
        (TD2_LONG, "D23145890734", "340712", "950712", ("STEVENSON", "PETER")),
    ],
)
def test_the_specimens_of_the_standard(
    zone: str, number: str, birth: str, expiry: str, names: tuple[str, str]
) -> None:  # fmt: skip
    read = parse(zone)
    assert (read.number, read.birth, read.expiry) == (number, birth, expiry)
    assert (read.surname, read.given_names) == names
    assert (read.issuer, read.nationality) == ("UTO", "UTO")
    assert access_key(read) == AccessKey(number, birth, expiry)
    assert parse(zone.replace("\n", "")) == parse(f"  {zone.lower()} \r\n") == read


def test_a_whole_specimen() -> None:
    assert parse(TD3) == Mrz("P", "UTO", "L898902C3", "740812", "120415", "F", "UTO", "ERIKSSON", "ANNA MARIA")


@pytest.mark.parametrize(
    ("zone", "at", "says"),
    [
        (TD3, 45, "document number is wrong; compare line 2, characters 1 to 10"),
        (TD3, 54, "document number is wrong"),
        (TD3, 59, "date of birth is wrong; compare line 2, characters 14 to 20"),
        (TD3, 67, "date of expiry is wrong; compare line 2, characters 22 to 28"),
        (TD3, 75, "personal number is wrong; compare line 2, characters 29 to 43"),
        (TD3, 88, "overall check digit of the MRZ is wrong (line 2, character 44)"),
        (TD1, 7, "document number is wrong; compare line 1, characters 6 to 15"),
        (TD1, 33, "date of birth is wrong; compare line 2, characters 1 to 7"),
        (TD1, 20, "overall check digit of the MRZ is wrong (line 2, character 30)"),
        (TD1_LONG, 17, "document number is wrong"),
        (TD2, 40, "document number is wrong; compare line 2, characters 1 to 10"),
        (TD2, 72, "overall check digit"),
    ],
)
def test_the_sentence_names_the_check_digit_that_is_wrong(zone: str, at: int, says: str) -> None:
    wrong = zone[:at] + ("5" if zone[at] != "5" else "6") + zone[at + 1 :]
    with pytest.raises(MrzError) as caught:
        parse(wrong)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("zone", "says"),
    [
        ("", "has 0 characters"),
        (TD3[:-1], "has 87 characters"),
        (TD3 + "<" * 2000, "characters; type"),
        (TD3.replace("ANNA", "AN?A"), "a character that no MRZ has"),
        (TD3.replace("ANNA", "ANÑA"), "a character that no MRZ has"),
        (TD3.replace("ANNA", "AN٣A"), "a character that no MRZ has"),
        ("V" + TD3[1:], "visa, which has no chip"),
        (mrz_td3(Person(birth="901332")), "date of birth in the MRZ is no date"),
        (mrz_td3(Person(expiry="340431")), "date of expiry in the MRZ is no date"),
        (mrz_td3(Person(expiry="<<<<<<")), "date of expiry in the MRZ is no date"),
        (mrz_td3(Person(number="")), "document number is wrong"),
        (mrz_td3(Person(sex="X")), "the sex in the MRZ"),
    ],
)
def test_what_is_no_mrz_is_refused_in_one_sentence_that_quotes_nothing(zone: str, says: str) -> None:
    with pytest.raises(MrzError) as caught:
        parse(zone)
    assert says in str(caught.value)
    for secret in ("ERIKSSON", "L898902", "740812", "120415", "AN?A"):
        assert secret not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_empty_personal_number_may_have_a_filler_as_check_digit() -> None:
    zone = mrz_td3(Person())
    assert zone[86] == "0"
    assert parse(zone[:86] + "<" + zone[87:]) == parse(zone)


def test_a_long_number_has_no_place_in_a_passport_book() -> None:
    zone = mrz_td3(Person(number="D23145890"))
    line = zone[44:53] + "<" + zone[54:72] + "7349" + "<" * 10
    line += check_digit(line[28:42])
    line += check_digit(line[:10] + line[13:20] + line[21:43])
    with pytest.raises(MrzError, match="document number is wrong"):
        parse(zone[:44] + line)


def test_an_unknown_birth_is_taken_and_has_no_date() -> None:
    for birth in ("90<<<<", "9008<<", "<<<<<<"):
        read = parse(mrz_td3(Person(birth=birth)))
        assert read.birth == birth
        assert birth_date(read, date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("birth", "today", "born"),
    [
        ("900815", date(2026, 11, 22), date(1990, 8, 15)),
        ("261122", date(2026, 11, 22), date(2026, 11, 22)),
        ("261123", date(2026, 11, 22), date(1926, 11, 23)),
        ("000229", date(2026, 11, 22), date(2000, 2, 29)),
        ("040229", date(2026, 11, 22), date(2004, 2, 29)),
    ],
)
def test_nobody_is_born_in_the_future(birth: str, today: date, born: date) -> None:
    assert birth_date(parse(mrz_td3(Person(birth=birth))), today) == born


@pytest.mark.parametrize(
    ("expiry", "ends"), [("340415", date(2034, 4, 15)), ("991231", date(1999, 12, 31)), ("760101", date(2076, 1, 1))]
)
def test_a_document_ends_near_today(expiry: str, ends: date) -> None:
    assert expiry_date(parse(mrz_td3(Person(expiry=expiry))), date(2026, 11, 22)) == ends


def test_what_the_bench_writes_is_what_is_read() -> None:
    for person in (Person(), Person(number="AB12345"), Person(number="D23145890734")):
        read = parse(mrz_td1(person))
        assert (read.number, read.birth, read.expiry) == (person.number, person.birth, person.expiry)
        assert (read.surname, read.given_names) == ("HONG", "SAEBYEOK")


def test_dg1_of_the_standard() -> None:
    zone = TD3.replace("\n", "").encode()
    dg1 = bytes.fromhex("615B5F1F58") + zone
    assert dg1 == build(0x61, build(0x5F1F, zone))
    assert from_dg1(dg1) == parse(TD3)


@pytest.mark.parametrize(
    "dg1", [b"", b"\x61", b"\x61\x00", b"\x61\x03\x5f\x1f\x00", b"\x75\x02\x5f\x1f", b"\x61\x84\xff\xff\xff\xff"]
)
def test_what_is_no_dg1_is_refused(dg1: bytes) -> None:
    with pytest.raises(MrzError, match="DG1"):
        from_dg1(dg1)
