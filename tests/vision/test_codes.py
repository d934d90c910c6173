from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import zxingcpp

from tests.vision.table import frames, measurer
from vision.measure.scan import Scanner
from vision.scene.table import LabelPicture, ParcelModel, TableScene

NUMBER = "6890123456785"


def label(yaw_deg: float = 0.0) -> LabelPicture:
    """A 111 x 171 mm label with a 46 mm DataMatrix of 14 x 14 modules."""
    code = zxingcpp.create_barcode(NUMBER, zxingcpp.BarcodeFormat.DataMatrix)
    small: npt.NDArray[np.uint8] = np.array(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))
    paper = np.full((171 * 4, 111 * 4), 255, np.uint8)
    paper[400:584, 130:314] = cv2.resize(small, (184, 184), interpolation=cv2.INTER_NEAREST)
    paper[60:140, 40:400:7] = 0
    return LabelPicture(paper, 111, 171, yaw_deg)


@pytest.mark.parametrize(("height", "yaw"), [(60.0, 20.0), (400.0, 200.0)])
def test_a_label_is_read_on_top_of_the_measured_parcel(height: float, yaw: float) -> None:
    scene = TableScene(ParcelModel(320, 260, height, 20, 30, 15, seed=10, label=label(yaw)), 0)
    seen, scanner = frames(scene), Scanner(measurer())
    scanner.remember(measurer().measure(seen))
    assert NUMBER in {code.text for code in scanner.scan(seen, NUMBER)}


def test_a_label_is_read_after_the_parcel_was_moved_and_turned() -> None:
    before = ParcelModel(320, 260, 200, 20, 30, 15, seed=10)
    scanner = Scanner(measurer())
    scanner.remember(measurer().measure(frames(TableScene(before, 0))))
    after = replace(before, x_mm=-90, y_mm=-60, yaw_deg=130, label=label(70))
    found = scanner.scan(frames(TableScene(after, 0)), NUMBER)
    assert [(code.text, code.format) for code in found if code.text == NUMBER] == [(NUMBER, "DataMatrix")]


def test_a_label_is_read_without_any_measure_before() -> None:
    scene = TableScene(ParcelModel(320, 260, 120, 0, 0, 60, seed=10, label=label()), 0)
    assert NUMBER in {code.text for code in Scanner(measurer()).scan(frames(scene), NUMBER)}


def test_no_label_no_code() -> None:
    assert Scanner(measurer()).scan(frames(TableScene(ParcelModel(320, 260, 120, seed=20), 0)), NUMBER) == []
