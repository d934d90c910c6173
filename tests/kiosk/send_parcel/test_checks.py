"""What may be entered, and what of it is shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow import Refusal
from kiosk.paper import undrawable
from kiosk.services.send_parcel import checks


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("01012345678", "01012345678"),
        ("010-1234-5678", "01012345678"),
        ("02 123 4567", "021234567"),
        ("0311234567", "0311234567"),
        ("07012345678", "07012345678"),
        ("050412345678", "050412345678"),
    ],
)
def test_korean_numbers_pass(typed: str, digits: str) -> None:
    assert checks.check_phone(typed) == digits


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "010123456",
        "010123456789",
        "1234567890",
        "+821012345678",
        "０１０１２３４５６７８",
        "010\n12345678",
        "9" * 5000,
    ],
)
def test_other_numbers_are_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        checks.check_phone(typed)
    assert refused.value.line.id == "error.phone"


@pytest.mark.parametrize("name", ["홍길동", "  홍  길동 ", "Nguyễn Văn An", "O'Neill", "(주)우체상회", "김A1", "Ольга"])
def test_names_of_many_kinds_pass(name: str) -> None:
    if name.startswith("("):
        with pytest.raises(Refusal):
            checks.check_name(name)
        assert checks.check_name("우체상회(주)") == "우체상회(주)"
    else:
        assert checks.check_name(name) == " ".join(unicodedata.normalize("NFC", name).split())


BAD = [
    "a\u2066b",
    "홍\u202e길동",
    "홍\u200b길동",
    "홍\n길동",
    "홍\x00",
    "홍\ud800",
    "홍\u3164",
    "\u3164",
    "홍\u00a0길동",
    "홍\ufeff",
    "=cmd()",
    "<b>",
]


@pytest.mark.parametrize(
    "text", ["a\u2066b", "홍\u200b", "a\nb", "\x00", "\ud800", "\u3164", "a\u00a0b", "\ufeff", "\ue000"]
)
def test_text_that_does_not_show_is_refused_wherever_it_stands(text: str) -> None:
    with pytest.raises(Refusal):
        checks.clean(text, 20, "error.name")


@pytest.mark.parametrize("text", [*BAD, "", " ", "가" * 21, "1" * 5, "^XA", "홍~DG"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        checks.check_name(text)
    assert refused.value.line.id == "error.name"


@pytest.mark.parametrize("text", [*BAD, "가" * 61, "1층^FS"])
def test_what_is_no_detail_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        checks.check_detail(text)
    assert refused.value.line.id == "error.detail"


@pytest.mark.parametrize(
    ("text", "missing"),
    [("金영희", "金"), ("สมชาย", "สมชา"), ("山田太郎一二", "山田太郎"), ("محمد", "محد"), ("กก가", "ก")],
)
def test_what_paper_cannot_draw_is_refused_by_its_characters(text: str, missing: str) -> None:
    for check in (checks.check_name, checks.check_detail):
        with pytest.raises(Refusal) as refused:
            check(text)
        assert (refused.value.line.id, refused.value.line.args) == ("error.glyphs", {"characters": missing})


@given(st.text(st.characters(codec="utf-8", categories=["L", "Nd"]), max_size=20))
def test_no_name_that_passes_prints_as_a_box(name: str) -> None:
    try:
        passed = checks.check_name(name)
    except Refusal:
        return
    assert undrawable(passed) == ""


@pytest.mark.parametrize("text", ["", "101동 1203호", "3층, 우체상회", "B1-2 (정문)", "A/B #7"])
def test_details_pass(text: str) -> None:
    assert checks.check_detail(text) == text


def test_decomposed_hangul_is_composed() -> None:
    assert checks.check_name(unicodedata.normalize("NFD", "홍길동")) == "홍길동"
    assert checks.check_name(unicodedata.normalize("NFD", "가" * 20)) == "가" * 20


@given(st.text(max_size=200))
def test_whatever_passes_is_bounded_visible_and_stable(text: str) -> None:
    try:
        plain = checks.check_detail(text)
    except Refusal:
        return
    assert len(plain) <= checks.DETAIL_MAX
    assert checks.check_detail(plain) == plain
    assert not any(unicodedata.category(char)[0] == "C" for char in plain)


@pytest.mark.parametrize(
    "text",
    [
        "409200773516",
        "40920077351600",
        "4092007735160\n",
        "４０９２００７７３５１６０",
        "409200773516A",
        "",
    ],
)
def test_what_is_no_registered_number_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        checks.check_number(text)


def test_a_registered_number_has_thirteen_digits() -> None:
    assert checks.check_number("4092007735160") == "4092007735160"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("홍길동", "홍*동"), ("홍길", "홍*"), ("홍", "*"), ("남궁길동", "남**동"), ("John Smith", "J********h")],
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert checks.mask_name(name) == shown


@pytest.mark.parametrize(
    ("digits", "shown"),
    [("01012345678", "010-****-5678"), ("021234567", "02-***-4567"), ("050412345678", "0504-****-5678")],
)
def test_phones_are_masked(digits: str, shown: str) -> None:
    assert checks.mask_phone(digits) == shown


def test_roads_are_masked_after_their_name() -> None:
    assert checks.mask_road("세종대로 209") == "세종대로 ***"
