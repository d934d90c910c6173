"""The bench of the measurer: its scenes are fixed and what they are said to be, its figures are counted right."""

from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.measuring.__main__ import body, kinds, photo_lines
from tests.benchmarks.measuring.classes import class_figures, classed, tariff
from tests.benchmarks.measuring.controls import CONTROLS
from tests.benchmarks.measuring.drawn import FAMILIES, KINDS, REFUSALS, drawn
from vision.measure.measure import Answer
from vision.measure.rig import load_rig
from vision.measure.scenes import Scene
from vision.measure.table import Result

RIG = load_rig(Path("config/rig.toml"))
BOOK = tariff()
Size = tuple[float, float, float]


def result(truth: Size | None, size: Size | None, name: str = "b") -> Result:
    scene = Scene(name, {}, truth, truth is not None, name)
    half = (3.0, 3.0, 3.0)
    return Result(scene, Answer(True, *size, half, "box") if size else Answer(False, reason="disagreement"))


def test_drawn_scenes_are_fixed_and_held_out() -> None:
    scenes = [drawn(number, RIG) for number in range(2 * len(KINDS))]
    assert scenes == [drawn(number, RIG) for number in range(2 * len(KINDS))]
    seeds = [s.scene.seed for s in scenes] + [s.scene.parcel.seed for s in scenes if s.scene.parcel]
    assert {seed % 10 for seed in seeds} <= set(FAMILIES)


def test_of_eight_drawn_scenes_one_must_be_refused_and_has_no_truth() -> None:
    scenes = [drawn(number, RIG) for number in range(8 * len(REFUSALS))]
    refused = [s for s in scenes if not s.answerable]
    assert [s.id.split("-")[2] for s in refused] == list(REFUSALS)
    assert all((s.listed().truth_mm is None) is not s.answerable for s in scenes)


def test_a_drawn_standard_box_has_its_size() -> None:
    truths = [drawn(3 + 8 * n, RIG).listed().truth_mm for n in range(6)]
    assert truths[0] == pytest.approx((220, 190, 90))
    assert truths[5] == pytest.approx((480, 380, 340))


def test_kinds_are_told_from_the_scenes_names() -> None:
    names = ("s1-0-box", "s1-1-tube")
    results = [*(result((9, 9, 9), None, name) for name in names), result(None, None, "s1-2-dark")]
    assert [body(each) for each in results] == ["box", "tube", "refuse"]
    assert [(name, len(part)) for name, part in kinds(results)] == [("box only", 1), ("tube only", 1)]


def test_a_standard_box_measured_a_little_large_is_charged_as_itself() -> None:
    found = classed(result((340, 250, 210), (342, 252, 212)), BOOK)
    assert found is not None
    assert found.true == found.charged
    assert found.raw > found.true


def test_over_charge_is_counted_per_answer() -> None:
    much = result((300, 200, 100), (600, 500, 400))
    figures = class_figures([much, result((300, 200, 100), (300, 200, 100)), result((300, 200, 100), None)], BOOK)
    assert figures["as charged: over-charged"].value == 50
    assert figures["as charged: over-charged"].n == 2


def test_scrambled_rigs_differ_from_the_true_one() -> None:
    changed = [control.rig(RIG) for control in CONTROLS]
    assert [rig == RIG for rig in changed] == [True, False, False]
    frames = CONTROLS[0].frames(drawn(0, RIG).scene, RIG)
    assert set(frames) == {"left", "right"}
    assert all(np.asarray(frame).shape == (1080, 1920, 3) for frame in frames.values())


def test_missing_photographs_are_said_to_be_missing() -> None:
    assert "not run" in photo_lines(None, None)  # type: ignore[arg-type]  # never looked at
    assert "not run" in photo_lines(Path("nowhere"), None)  # type: ignore[arg-type]  # never looked at
