from dataclasses import replace

import pytest

from tests.vision.table import frames, measurer
from vision.measure.scan import Scanner
from vision.scene.label import drawn_label
from vision.scene.table import ParcelModel, TableScene

NUMBER = "6890123456785"


@pytest.mark.parametrize(("height", "yaw"), [(60.0, 20.0), (400.0, 200.0)])
def test_a_label_is_read_on_top_of_the_measured_parcel(height: float, yaw: float) -> None:
    scene = TableScene(ParcelModel(320, 260, height, 20, 30, 15, seed=10, label=drawn_label(NUMBER, yaw_deg=yaw)), 0)
    seen, scanner = frames(scene), Scanner(measurer())
    scanner.remember(measurer().measure(seen))
    assert NUMBER in {code.text for code in scanner.scan(seen, NUMBER)}


def test_a_label_is_read_after_the_parcel_was_moved_and_turned() -> None:
    before = ParcelModel(320, 260, 200, 20, 30, 15, seed=10)
    scanner = Scanner(measurer())
    scanner.remember(measurer().measure(frames(TableScene(before, 0))))
    after = replace(before, x_mm=-90, y_mm=-60, yaw_deg=130, label=drawn_label(NUMBER, yaw_deg=70))
    found = scanner.scan(frames(TableScene(after, 0)), NUMBER)
    assert [(code.text, code.format) for code in found if code.text == NUMBER] == [(NUMBER, "DataMatrix")]


def test_a_label_is_read_without_any_measure_before() -> None:
    scene = TableScene(ParcelModel(320, 260, 120, 0, 0, 60, seed=10, label=drawn_label(NUMBER)), 0)
    assert NUMBER in {code.text for code in Scanner(measurer()).scan(frames(scene), NUMBER)}


def test_no_label_no_code() -> None:
    assert Scanner(measurer()).scan(frames(TableScene(ParcelModel(320, 260, 120, seed=20), 0)), NUMBER) == []
