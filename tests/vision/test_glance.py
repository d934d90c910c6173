"""Codes held before a camera: every look is quick, each fifth also thorough on the marked region."""
import pytest
import zxingcpp

from tests.vision.codes import held
from vision.measure.glance import THOROUGH_EVERY, Glance

CODE128, QR = zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode
DATA_MATRIX = zxingcpp.BarcodeFormat.DataMatrix
NUMBER = "6899900000001"


@pytest.mark.parametrize("symbology", [CODE128, QR])
@pytest.mark.parametrize("middle", [(960, 540), (400, 900), (1500, 200)])
def test_an_upright_code_anywhere_is_seen_at_the_first_look(
    symbology: zxingcpp.BarcodeFormat, middle: tuple[int, int]
) -> None:
    found = Glance().look({"left": held(NUMBER, symbology, middle=middle)})
    assert [(code.text, code.camera) for code in found] == [(NUMBER, "left")]


@pytest.mark.parametrize(("symbology", "turn"), [(CODE128, 90), (DATA_MATRIX, 0), (DATA_MATRIX, 30)])
def test_a_turned_or_rarer_code_in_the_marked_region_is_seen_within_five_looks(
    symbology: zxingcpp.BarcodeFormat, turn: float
) -> None:
    glance, frame = Glance(), {"left": held(NUMBER, symbology, turn)}
    looks = [[code.text for code in glance.look(frame)] for _ in range(THOROUGH_EVERY)]
    assert looks == [[]] * (THOROUGH_EVERY - 1) + [[NUMBER]]


def test_a_thorough_look_minds_the_marked_region_alone() -> None:
    glance, frame = Glance(), {"left": held(NUMBER, DATA_MATRIX, middle=(300, 200))}
    assert [glance.look(frame) for _ in range(2 * THOROUGH_EVERY)] == [[]] * 2 * THOROUGH_EVERY


def test_two_cameras_that_see_one_code_are_one_code_and_nothing_is_nothing() -> None:
    frame = held(NUMBER, CODE128)
    assert len(Glance().look({"left": frame, "right": frame})) == 1
    assert Glance().look({"left": held("", None)}) == []
    assert Glance().look({}) == []
