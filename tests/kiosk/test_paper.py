"""Paper: nothing is lost, overlaps or leaves the sheet, codes scan also when blurred, and every fact is on it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from devices.ports import Picture
from kiosk.paper import Column, Sheet, to_image, to_picture, to_png, undrawable
from kiosk.services.send_parcel import slips
from kiosk.services.send_parcel.slips import ClaimText, LabelText, Office, Party, ReceiptText, ReversalText, Size
from kiosk.words import Words, catalogue

KO, EN = Words("ko", strict=True).say, Words("en", strict=True).say
NUMBER = "6899900000001"
AT = datetime(2026, 11, 22, 10, 32)  # noqa: DTZ001  # paper shows local time as it was handed in
OFFICE = Office(("무인우체국", "Unmanned post office"), "02-0000-0000", ("평일 09:00–18:00", "weekdays 09:00–18:00"))
SENDER = Party("김보냄", "010-1234-5678", "03187", "서울특별시 종로구", "세종대로 209 정부서울청사", "3층 민원실")
RECEIVER = Party("이받음", "01098765432", "30103", "세종특별자치시", "한누리대로 402 정부세종청사", "12동 507호")
LABEL = LabelText(
    OFFICE, NUMBER, AT, 6000, SENDER, RECEIVER, "clothes", 3250, Size(700, (350, 250, 100)), "next_day", 500000, True
)
RECEIPT = ReceiptText(
    OFFICE, NUMBER, AT, (("price.base", 5000), ("price.insurance", 1000)), 6000, "5409 12** **** 1234", "30412345",
    "a1b2c3-1", 3250, Size(700, chosen=True), 500000, "2026-01-01", False, "00ff" * 14 + "1a2b3c4d", "30103",
    "2026-11-24", True,
)  # fmt: skip
CLAIM = ClaimText(OFFICE, AT, "a1b2c3-1", 6000, "label_owed", NUMBER, "ff1a2b3c4d", True)
REVERSAL = ReversalText(OFFICE, AT, 6000, "30412345", "a1b2c3-1", "5409 12** **** 1234", "ff1a2b3c4d", True)
LONG = "뷁" * 60 + " 가나다라마바사 아자차카타파하 " * 5


@dataclass(frozen=True)
class Written:
    """One line of text that was drawn: its words and its ink, mm from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sheet_width: float

    def meets(self, other: Written) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Written]:
    """Listens to every line that is drawn, and lets it be drawn."""
    lines: list[Written] = []
    put = Sheet.put

    def listen(self: Sheet, x: float, base: float, text: str, em: float, *style: Any) -> None:
        bold, align = (*style, *[False, "left"][len(style) :])[:2]
        width = self.width(text, em, bold)
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        lines.append(Written(text, left, base - em * 0.75, left + width, base + em * 0.1, self.width_mm))
        put(self, x, base, text, em, *style)

    monkeypatch.setattr(Sheet, "put", listen)
    return lines


def papers() -> dict[str, Callable[[], Picture]]:
    far = replace(RECEIVER, detail=LONG, name="받는이름이아주길어서줄여야하는 " * 2)
    return {
        "label": lambda: slips.label(LABEL, KO, EN),
        "label 300 dpi": lambda: slips.label(LABEL, KO, EN, 1228, 300),
        "label long": lambda: slips.label(replace(LABEL, receiver=far, sender=far), KO, EN),
        "label English": lambda: slips.label(LABEL, EN, EN),
        "receipt": lambda: slips.receipt(RECEIPT, KO, EN),
        "receipt 300 dpi": lambda: slips.receipt(RECEIPT, KO, EN, 832, 300),
        "receipt 58 mm": lambda: slips.receipt(RECEIPT, KO, EN, 384, 203),
        "receipt English": lambda: slips.receipt(RECEIPT, EN, EN),
        "claim": lambda: slips.claim(CLAIM, KO, EN),
        "claim unsure": lambda: slips.claim(replace(CLAIM, why="payment_unsure", number=""), KO, EN),
        "claim reversing": lambda: slips.claim(replace(CLAIM, why="reversing", head=""), KO, EN),
        "reversal": lambda: slips.reversal(REVERSAL, KO, EN),
    }


@pytest.mark.parametrize("paper", papers())
def test_no_line_leaves_the_sheet_or_lies_on_another(paper: str, written: list[Written]) -> None:
    picture = papers()[paper]()
    height = picture.height * 25.4 / picture.dpi
    for index, line in enumerate(written):
        assert line.left >= 0.9, line
        assert line.right <= line.sheet_width - 0.9, line
        assert 0 <= line.top < line.bottom <= height, line
        assert [other for other in written[:index] if line.meets(other)] == [], line


@pytest.mark.parametrize(
    ("paper", "facts"),
    [
        ("label", ["68999 0000 0001", "30103", "이받음", "010-9876-5432", "김보냄", "6,000원", "3.250 kg"]),
        ("label", ["500,000원", "350 × 250 × 100 mm", "무인우체국", "2026-11-22 10:32", "익일배달", "시험", "TEST"]),
        ("receipt", ["무인우체국", "02-0000-0000", "2026-11-22 10:32", "68999 0000 0001"]),
        ("receipt", ["5,000원", "1,000원", "6,000원", "11월 24일 화요일"]),
        ("receipt", ["5409 12** **** 1234", "30412345", "a1b2c3-1", "3.250 kg", "세 변의 합 70 cm", "500,000원"]),
        ("receipt", ["부가가치세 면세", "2026-01-01", "요금 미확인 DEMO", "1a2b3c4d", "시험 TEST · 실제 접수가 아님"]),
        ("claim", ["68999 0000 0001", "6,000원", "02-0000-0000", "평일 09:00–18:00", "a1b2c3-1", "1a2b3c4d"]),
        ("claim unsure", ["a1b2c3-1", "6,000원", "02-0000-0000"]),
        ("reversal", ["6,000원", "30412345", "a1b2c3-1", "5409 12** **** 1234", "02-0000-0000"]),
    ],
)
def test_the_facts_stand_on_the_paper(paper: str, facts: list[str], written: list[Written]) -> None:
    papers()[paper]()
    said = [line.text for line in written]
    assert [fact for fact in facts if fact not in said] == []


def test_a_label_says_when_it_was_printed_and_nothing_of_acceptance(written: list[Written]) -> None:
    """It comes out before the parcel lies in the hatch; the receipt comes after it and may say so."""
    slips.label(LABEL, KO, EN)
    told = " ".join(line.text for line in written)
    assert ("인쇄 일시" in told, "Printed" in told) == (True, True)
    assert ("접수 일시" in told, "Accepted" in told) == (False, False)
    slips.receipt(RECEIPT, KO, EN)
    assert "접수 일시" in [line.text for line in written]


def test_no_character_of_a_long_address_is_lost(written: list[Written]) -> None:
    papers()["label long"]()
    said = "".join(line.text for line in written).replace(" ", "")
    assert said.count("뷁") == 120
    assert said.count("가나다라마바사") == 10


def test_a_real_and_verified_receipt_has_no_marks(written: list[Written]) -> None:
    slips.receipt(replace(RECEIPT, simulated=False, tariff_verified=True), KO, EN)
    slips.label(replace(LABEL, simulated=False), KO, EN)
    assert not [line for line in written if "TEST" in line.text or "DEMO" in line.text]


def spoil(picture: Picture, blur: float, sigma: float) -> Image.Image:
    """The printed picture as a mediocre camera or worn head shows it."""
    soft = np.asarray(to_image(picture).convert("L").filter(ImageFilter.GaussianBlur(blur)), dtype=np.float64)
    noisy = soft + np.random.default_rng(3).normal(0.0, sigma, soft.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


@pytest.mark.parametrize(("width", "dpi"), [(832, 203), (1228, 300)])
@pytest.mark.parametrize(("blur", "sigma"), [(0.0, 0.0), (1.0, 0.0), (1.0, 12.0)])
def test_both_codes_of_the_label_scan(width: int, dpi: int, blur: float, sigma: float) -> None:
    codes = zxingcpp.read_barcodes(spoil(slips.label(LABEL, KO, EN, width, dpi), blur, sigma))
    assert {(code.format, code.text) for code in codes} == {
        (zxingcpp.BarcodeFormat.Code128, NUMBER),
        (zxingcpp.BarcodeFormat.DataMatrix, NUMBER),
    }


def test_the_receipts_code_scans_when_blurred() -> None:
    codes = zxingcpp.read_barcodes(spoil(slips.receipt(RECEIPT, KO, EN), 1.0, 12.0))
    assert [code.text for code in codes] == [NUMBER]


@pytest.mark.parametrize("dpi", [180, 203, 300])
def test_no_bar_is_narrower_than_a_third_of_a_millimetre(dpi: int) -> None:
    sheet = Sheet(1200, 40, dpi)
    sheet.code128(5.0, 0.0, NUMBER, 3.0)
    row = np.asarray(to_image(sheet.picture()).convert("L"))[2]
    edges = np.flatnonzero(np.diff(row.astype(int)))
    assert np.diff(edges).min() * 25.4 / dpi >= 0.33


def test_the_table_code_has_its_size_and_its_quiet_zone() -> None:
    pixels = np.asarray(to_image(slips.label(replace(LABEL, simulated=False), KO, EN)).convert("L"))
    code = next(
        each for each in zxingcpp.read_barcodes(pixels) if each.format == zxingcpp.BarcodeFormat.DataMatrix
    ).position
    mm = 25.4 / 203
    assert (code.top_right.x - code.top_left.x) * mm > 45
    around = pixels[:, : code.bottom_left.x - 1][code.top_left.y : code.bottom_left.y]
    assert around.min() == 255
    assert around.shape[1] * mm >= 7 - 0.2
    right = pixels[code.top_left.y : code.bottom_left.y, code.top_right.x + 2 : code.top_right.x + 2 + round(7 / mm)]
    assert right.min() == 255


def test_every_word_of_the_branch_can_be_drawn() -> None:
    for language in ("ko", "en"):
        paper = {id: text for id, text in catalogue(language).items() if id.startswith(("paper.", "contents."))}
        assert undrawable("".join(paper.values())) == "", language


def test_characters_without_a_glyph_are_named() -> None:
    assert undrawable("김뷁Ω₩ Nguyễn") == ""
    assert undrawable("金가ไ金") == "金ไ"


def test_hangul_is_drawn_and_not_replaced() -> None:
    def drawn(text: str) -> bytes:
        sheet = Sheet(200, 80, 203)
        sheet.put(1.0, 8.0, text, 6.0)
        return sheet.picture().rows

    assert len({drawn(text) for text in ("우체국", "???", "무인국", "□□□", "")}) == 5


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("가나다뷁 abcW.-"), max_size=60), st.floats(8.0, 60.0))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: float) -> None:
    sheet = Sheet(576, 8, 203)
    for lines in (sheet.wrap(text, 4.0, width), sheet.even(text, 4.0, width)):
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(sheet.width(line, 4.0) <= width for line in lines)
    assert len(sheet.wrap(text, 4.0, width)) == len(sheet.even(text, 4.0, width))


def test_a_picture_survives_png() -> None:
    picture = slips.reversal(REVERSAL, KO, EN)
    png = Image.open(io.BytesIO(to_png(picture)))
    assert to_picture(png, picture.dpi) == picture
    assert round(png.info["dpi"][0]) == 203


def test_a_value_too_long_for_its_line_goes_below(written: list[Written]) -> None:
    column = Column(576, 203)
    column.pair("카드", "Card", "1234 " * 20)
    assert len({line.top for line in written}) > 2
    assert column.y > 10


def test_a_code_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        Sheet(100, 100, 203).matrix(0, 0, NUMBER, 1.0)
