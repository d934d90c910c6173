from __future__ import annotations

import re

import numpy as np
import pytest

from vision.measure.measure import Answer
from vision.measure.scenes import Scene
from vision.measure.table import Result, error_figures, latency, percent, share, shares, table

TRUTH = (300.0, 200.0, 100.0)


def answered(number: int, *errors: float, half: float = 3.0, answerable: bool = True, truth: bool = True) -> Result:
    """An answer that is off by these mm in length, width, height."""
    length, width, height = (true + error for true, error in zip(TRUTH, errors, strict=True))
    answer = Answer(True, length, width, height, (half, half, half), "box", None, 0.1, 100.0 + number)
    return Result(Scene(f"s{number}", {}, TRUTH if truth else None, answerable, "line"), answer)


def refused(number: int, reason: str, answerable: bool) -> Result:
    return Result(Scene(f"r{number}", {}, TRUTH if answerable else None, answerable, "line"),
                  Answer(False, reason=reason, elapsed_ms=50.0))  # fmt: skip


#: Ten to be answered (one refused, one off by 12 mm), four to be refused (one answered).
SET = [*(answered(n, 1.0, -2.0, 0.5) for n in range(8)), answered(8, 0.0, 0.0, -12.0), refused(0, "disagreement", True),
       refused(1, "no_parcel", False), refused(2, "no_parcel", False), refused(3, "dark", False),
       answered(9, 0.0, 0.0, 0.0, answerable=False, truth=False)]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "n"), [
    ("answered, of those to be answered", 90.0, 10),
    ("answered, of all", 1000 / 14, 14),
    ("wrong (> 5 mm, not refused), of those with truth", 10.0, 10),
    ("answers that should not be, of all answers", 10.0, 10),
    ("all three within 2 mm, of answers", 800 / 9, 9),
    ("all three within 5 mm, of answers", 800 / 9, 9),
    ("all three within 10 mm, of answers", 800 / 9, 9),
    ("error within stated uncertainty", 2600 / 27, 9),
    ("  length", 100.0, 9),
    ("  height", 800 / 9, 9),
    ("refusal precision (refused rightly, of refused)", 75.0, 4),
    ("refusal recall (refused, of those to be refused)", 75.0, 4),
])  # fmt: skip
def test_a_share_is_counted_over_what_its_name_says(name: str, value: float, n: int) -> None:
    figure = shares(SET)[name]
    assert figure.value == pytest.approx(value)
    assert figure.n == n
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= value <= figure.high


def test_errors_are_absolute_and_bias_keeps_its_sign() -> None:
    found = error_figures(SET)
    assert found["width p50"].value == pytest.approx(2.0)
    assert found["width bias"].value == pytest.approx(-16 / 9)
    assert found["height max"].value == pytest.approx(12.0)
    assert found["height p99"].value == pytest.approx(np.quantile([0.5] * 8 + [12.0], 0.99))
    assert found["all max"].value == pytest.approx(12.0)
    assert found["sum bias"].value == pytest.approx(-16 / 9)
    assert found["sum max"].value == pytest.approx(12.0)
    assert found["all p50"].value == pytest.approx(1.0)
    assert {figure.n for figure in found.values()} == {9}


def test_latency_counts_refusals_too() -> None:
    found = latency(SET)
    assert found["latency p50"].value == pytest.approx(np.median([50.0] * 4 + [100.0 + n for n in range(10)]))
    assert found["latency p95"].n == 14


def test_an_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    held = [percent(rng.binomial(1, 0.9, (200, 1)).astype(np.float64) * 100) for _ in range(60)]
    inside = sum(figure.low <= 90 <= figure.high for figure in held if figure.low is not None and figure.high)
    assert inside >= 50


def test_none_of_many_is_not_never() -> None:
    assert share([False] * 300).high == pytest.approx(1.222, abs=0.01)
    assert share([True] * 300).low == pytest.approx(98.778, abs=0.01)
    assert share([]).text() == "-"


def test_the_same_results_print_the_same_table() -> None:
    printed = table(SET)
    assert printed == table(SET)
    assert printed.splitlines()[0] == "14 scenes: 10 to be answered, 4 to be refused, 10 with truth"
    assert re.search(r"^answered, of those to be answered, % +90\.00 \[\d+\.\d\d, 100\.00\] +n 10$", printed, re.M)
    assert re.search(r"^height +0\.50 \[.+\] +\d.+ 12\.00 ", printed, re.M)
    assert "refused: 2 no_parcel, 1 disagreement, 1 dark" in printed
    assert "worst: s8 (12.0 mm)" in printed
    assert "seed 2026" in printed


def test_of_a_set_without_truth_or_answers_only_what_there_is_is_told() -> None:
    printed = table([refused(0, "two_objects", False)])
    assert re.search(r"^refusal recall.+100\.00 .+n 1$", printed, re.M)
    assert "error, mm" not in printed
    assert "answered, of those to be answered" not in printed
