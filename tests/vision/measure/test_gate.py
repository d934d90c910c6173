"""The measurer on small fixed sets of pictures: numbers that a change may better, never worsen."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.benchmarks.measuring.groups import body, what
from tests.vision.table import MODELS
from vision.measure.command import Gallery, Progress
from vision.measure.measure import Measurer
from vision.measure.rig import load_rig
from vision.measure.scenes import NAME, read_scenes
from vision.measure.table import Result
from vision.model import load_model

FOLDER = Path("tests/vision/measure/gate")
SETS = tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{NAME}")))
#: Of the drawn set: fewest standard boxes answered (of six), their greatest error, fewest other boxes answered (of
#: seven, five of them hard) and theirs, mm. Of all sets: most answers off by more than 5 mm (a bag), and of those most
#: boxes and tubes; the greatest error of a bag, mm; most parcels answered that must be refused; fewest sides (percent)
#: within the stated uncertainty. Of the six standard boxes by either camera alone: fewest answered (of twelve),
#: greatest error, mm. Two of the hard ones are refused: a small box of which the net is not sure (0009), and one that
#: was measured 5 mm too narrow before (0014).
LIMITS: Mapping[str, float] = {
    "standard answered": 6, "standard mm": 1.0, "other answered": 5, "other mm": 2.5, "wrong": 1, "wrong firm": 0,
    "polybag mm": 12.0, "not refused": 0, "within": 93, "alone answered": 6, "alone mm": 3.0,
}  # fmt: skip


def gallery(name: str) -> Gallery:
    """The measurer of a set's rig."""
    cv2.setNumThreads(1)
    rig = load_rig(FOLDER / name / "rig.toml")
    return Gallery(FOLDER / name / "rig.toml", Measurer(rig, load_model(MODELS, "parcel_corners")))


@cache
def results(name: str) -> tuple[Result, ...]:
    """Every scene of a set, measured."""
    shown = gallery(name)
    scenes = read_scenes(FOLDER / name, shown.measurer.rig)
    return tuple(shown.results(scenes, Progress(len(scenes))))


def worst_mm(found: list[Result]) -> float:
    """The greatest error of any side."""
    return max(float(np.abs(errors).max()) for each in found if (errors := each.errors()) is not None)


def held_percent(found: list[Result]) -> float:
    """How many of the answers' sides are within what is stated, percent."""
    held = [abs(off) <= half for each in found if (errors := each.errors()) is not None
            for off, half in zip(errors, each.answer.uncertainty_mm or (), strict=True)]  # fmt: skip
    return float(100 * np.mean(held))


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


def test_worn_and_hard_boxes() -> None:
    others = [each for each in results("s1") if body(each) == "box" and "standard" not in each.scene.id]
    assert answered(others) >= LIMITS["other answered"]
    assert worst_mm(others) <= LIMITS["other mm"]


def test_the_six_standard_boxes_by_either_camera_alone() -> None:
    shown = gallery("s1")
    alone = [replace(scene, images={name: path}) for scene in read_scenes(FOLDER / "s1", shown.measurer.rig)
             if "standard" in scene.id for name, path in scene.images.items()]  # fmt: skip
    found = list(shown.results(alone, Progress(len(alone))))
    assert answered(found) >= LIMITS["alone answered"]
    assert worst_mm(found) <= LIMITS["alone mm"]
    assert held_percent(found) >= LIMITS["within"]


def everything() -> list[Result]:
    """All sets together."""
    return [each for name in SETS for each in results(name)]


def test_few_answers_are_wrong_and_none_of_a_box_or_a_tube() -> None:
    wrong = [each for each in everything() if each.wrong()]
    assert len(wrong) <= LIMITS["wrong"]
    assert sum(body(each) != "polybag" for each in wrong) <= LIMITS["wrong firm"]


def test_a_bag_is_within_its_own_limit_or_refused() -> None:
    bags = [each for each in everything() if body(each) == "polybag" and each.answer.answered]
    assert bags == [] or worst_mm(bags) <= LIMITS["polybag mm"]


def test_what_is_answered_is_of_its_kind_and_within_its_uncertainty() -> None:
    told = [each for each in everything() if each.answer.answered and each.scene.answerable]
    assert [each.scene.id for each in told if each.answer.kind != body(each)] == []
    assert held_percent(told) >= LIMITS["within"]


@pytest.mark.parametrize("name", SETS)
def test_what_must_be_refused_is_refused(name: str) -> None:
    must = [each for each in results(name) if not each.scene.answerable]
    assert answered(must) <= LIMITS["not refused"]
    assert [each.answer.reason for each in must if not each.answer.answered] == [
        what(each, {}) for each in must if not each.answer.answered]  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_every_camera_is_placed_by_its_tags(name: str) -> None:
    placed = [each.answer.rig_residual_px for each in results(name) if each.answer.reason not in ("dark", "tag_lost")]
    assert None not in placed
    assert max(residual or 0.0 for residual in placed) <= 0.5
