"""The shipped detector on a handful of drawn scenes whose bodies never trained; the card tells the whole figure."""
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from vision.guard.detect import NAMES, Detector, checked, load_detector
from vision.guard.records import Kind
from vision.model import load_model
from vision.scene.dock.photo import Shot
from vision.training.guard.evaluate import FIRST_WALL, foot_errors, renders
from vision.training.guard.score import Seen, table
from vision.training.near import near
from vision.training.scenes import shoot

MODELS = Path("models")
LEAST = {"all": 0.62, "person": 0.74, "forklift": 0.87}
"""Average precision at 0.5 on these scenes, a few points below what the shipped files reach."""
FOOT_SHARE = 0.11
"""Median error of a foot point, share of the box's larger side."""


@cache
def shots() -> tuple[Shot, ...]:
    return tuple(shoot(number, held_out=True, ordinary=True) for number in range(24))


@cache
def walls() -> tuple[Shot, ...]:
    return tuple(near(FIRST_WALL + number) for number in range(16))


@cache
def seen(name: str) -> tuple[Seen, ...]:
    return tuple(renders(Detector(checked(load_model(MODELS, name)), 0.01), shots()))


@pytest.mark.parametrize("name", NAMES)
def test_a_handful_of_unseen_scenes_is_read_as_well_as_the_card_says(name: str) -> None:
    rows = table(seen(name), tuple(Kind))
    assert {key: rows[key][1] for key in LEAST if rows[key][1] < LEAST[key]} == {}


@pytest.mark.parametrize("name", NAMES)
def test_feet_are_found_on_the_floor(name: str) -> None:
    rows = foot_errors(shots(), seen(name))
    assert len(rows) > 40
    assert np.median([row.share for row in rows]) < FOOT_SHARE


def test_int8_costs_at_most_a_few_points_here() -> None:
    whole, small = (table(seen(name), tuple(Kind))["all"][1] for name in NAMES)
    assert whole - small < 0.04  # the export's gate is 0.01 on 100 scenes; on 24 one object more or less is as much


@pytest.mark.parametrize("faster", NAMES)
def test_the_start_keeps_the_faster_of_the_two(faster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vision.guard.detect.run_ms", lambda model: 3.0 if model.line.name == faster else 5.0)
    assert load_detector(MODELS).model.line.name == faster


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_picture_tells_of_nobody(name: str) -> None:
    detector = Detector(checked(load_model(MODELS, name)), 0.3)
    for grey in (0, 30, 114, 200, 255):
        assert detector.detect(np.full((720, 1280, 3), grey, np.uint8)) == []


@pytest.mark.parametrize("name", NAMES)
def test_near_walls_and_empty_docks_are_no_forklifts(name: str) -> None:
    detector = Detector(checked(load_model(MODELS, name)), 0.4)
    assert sum(found.kind is Kind.FORKLIFT for shot in walls() for found in detector.detect(shot.picture)) <= 1


def test_each_file_is_small_and_has_its_card() -> None:
    assert all((MODELS / f"{name}.onnx").stat().st_size < 15_000_000 for name in NAMES)
    assert (MODELS / "guard.md").exists()
