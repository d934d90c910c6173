"""The measurer on small fixed sets of pictures: numbers that a change may better, never worsen."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.benchmarks.measuring.__main__ import body
from tests.vision.table import MODELS
from vision.measure.command import Gallery, Progress
from vision.measure.measure import Measurer
from vision.measure.rig import load_rig
from vision.measure.scenes import NAME, read_scenes
from vision.measure.table import Result
from vision.model import load_model

FOLDER = Path("tests/vision/measure/gate")
SETS = tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{NAME}")))
#: Standard boxes answered (of six) and their greatest error, worn boxes answered (of two) and theirs, the worst error
#: of a bag and of a tube, mm; boxes of all sets off by more than 5 mm; parcels answered that must be refused.
LIMITS: Mapping[str, float] = {
    "standard answered": 5, "standard mm": 1.5, "worn answered": 2, "worn mm": 2.0, "polybag mm": 15.0, "tube mm": 8.0,
    "wrong boxes": 0, "not refused": 0,
}  # fmt: skip


@cache
def results(name: str) -> tuple[Result, ...]:
    """Every scene of a set, measured."""
    cv2.setNumThreads(1)
    rig = load_rig(FOLDER / name / "rig.toml")
    scenes = read_scenes(FOLDER / name, rig)
    gallery = Gallery(FOLDER / name / "rig.toml", Measurer(rig, load_model(MODELS, "parcel_corners")))
    return tuple(gallery.results(scenes, Progress(len(scenes))))


def worst_mm(found: list[Result]) -> float:
    """The greatest error of any side."""
    return max(float(np.abs(errors).max()) for each in found if (errors := each.errors()) is not None)


def answered(found: list[Result]) -> int:
    """How many were answered."""
    return sum(each.answer.answered for each in found)


def test_the_sets_are_small_and_known() -> None:
    assert "s1" in SETS
    assert "s2" in SETS
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.jpg")) <= 10_000_000


def test_the_six_standard_boxes() -> None:
    standard = [each for each in results("s1") if "standard" in each.scene.id]
    assert len(standard) == 6
    assert answered(standard) >= LIMITS["standard answered"]
    assert worst_mm(standard) <= LIMITS["standard mm"]


def test_worn_boxes() -> None:
    worn = [each for each in results("s1") if body(each) == "box" and "standard" not in each.scene.id]
    assert answered(worn) >= LIMITS["worn answered"]
    assert worst_mm(worn) <= LIMITS["worn mm"]


def test_no_box_is_measured_wrong() -> None:
    boxes = [each for name in SETS for each in results(name) if body(each) == "box"]
    assert sum(each.wrong() for each in boxes) <= LIMITS["wrong boxes"]


@pytest.mark.parametrize("kind", ["polybag", "tube"])
def test_what_has_no_edges_is_within_its_own_limit_or_refused(kind: str) -> None:
    soft = [each for name in SETS for each in results(name) if body(each) == kind and each.answer.answered]
    assert soft == [] or worst_mm(soft) <= LIMITS[f"{kind} mm"]


@pytest.mark.parametrize("name", SETS)
def test_what_must_be_refused_is_refused(name: str) -> None:
    must = [each for each in results(name) if not each.scene.answerable]
    assert answered(must) <= LIMITS["not refused"]


@pytest.mark.parametrize("name", SETS)
def test_every_camera_is_placed_by_its_tags(name: str) -> None:
    placed = [each.answer.rig_residual_px for each in results(name) if each.answer.reason not in ("dark", "tag_lost")]
    assert None not in placed
    assert max(residual or 0.0 for residual in placed) <= 0.5
