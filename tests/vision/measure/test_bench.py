"""The bench of the measurer: its scenes are fixed and what they are said to be, its figures are counted right."""

from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.measuring.__main__ import Offered, Work, body, kinds, measured, photo_lines
from tests.benchmarks.measuring.classes import class_figures, classed, tariff
from tests.benchmarks.measuring.controls import CONTROLS
from tests.benchmarks.measuring.drawn import FAMILIES, KINDS, REFUSALS, drawn
from tests.benchmarks.measuring.kept import Kept, maker
from tests.vision.table import MODELS
from vision.measure.measure import Answer, Measurer
from vision.measure.rig import load_rig
from vision.measure.scenes import Scene
from vision.measure.table import Result
from vision.model import load_model

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


class Asked:
    """A set of five boxes and of whom it was asked what."""

    def __init__(self, by: str = "one") -> None:
        self.ids: list[str] = []
        scenes = [Scene(f"s1-{n}-box", {}, (300.0, 200.0, 100.0), True, "") for n in range(5)]
        self.offered = Offered(scenes, self.answer, by)

    def answer(self, scene: Scene) -> Answer:
        self.ids.append(scene.id)
        return Answer(True, 301.0, 200.0, 99.5, (2.0, 2.0, 1.0), "box", None, 0.1, 300.0)


def run(path: Path, asked: Asked, until: float = np.inf) -> list[Result]:
    return list(Work(Kept(path), until).results("s1", asked.offered))


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    path, first, second = tmp_path / "out" / "kept.jsonl", Asked(), Asked()
    begun = Work(Kept(path), np.inf).results("s1", first.offered)
    before = [next(begun), next(begun)]
    path.write_bytes(path.read_bytes() + b'{"by": "one", "set": "s1", "id": "s1-2')  # a stop tore it
    found = run(path, second)
    assert first.ids + second.ids == [f"s1-{n}-box" for n in range(5)]
    assert found[:2] == before
    assert run(path, third := Asked()) == found
    assert third.ids == []


def test_another_measurers_answers_and_other_pictures_do_not_count(tmp_path: Path) -> None:
    path, picture = tmp_path / "kept.jsonl", tmp_path / "left.jpg"
    run(path, Asked("one"))
    run(path, asked := Asked("another"))
    assert len(asked.ids) == 5
    scene = Scene("a", {"left": picture}, None, True, "")
    picture.write_bytes(b"as it was")
    Kept(path).keep("one", "s2", Result(scene, Answer(False, reason="dark")))
    assert Kept(path).find("one", "s2", scene) is not None
    picture.write_bytes(b"rendered anew")
    assert Kept(path).find("one", "s2", scene) is None


def test_what_time_did_not_allow_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path / "kept.jsonl", asked := Asked(), until=-np.inf)
    assert asked.ids == []
    next(Work(Kept(tmp_path / "kept.jsonl"), np.inf).results("s1", asked.offered))
    measured("s1", lambda: asked.offered, Work(Kept(tmp_path / "kept.jsonl"), -np.inf))
    printed = capsys.readouterr().out
    assert "4 of 5 not measured yet" in printed
    assert "1 scenes: 1 to be answered" in printed


def test_a_set_that_is_not_there_is_said_to_be_missing(capsys: pytest.CaptureFixture[str]) -> None:
    measured("s2", lambda: None, Work(Kept(None), np.inf))
    assert "S2: not there; make render-s2 makes it" in capsys.readouterr().out


def test_a_measurer_with_another_rig_is_another() -> None:
    measurer = Measurer(RIG, load_model(MODELS, "parcel_corners"))
    assert maker(measurer) == maker(Measurer(RIG, measurer.model))
    assert maker(measurer) != maker(Measurer(CONTROLS[1].rig(RIG), measurer.model))


def test_missing_photographs_are_said_to_be_missing() -> None:
    assert "not run" in photo_lines(None, None)  # type: ignore[arg-type]  # never looked at
    assert "not run" in photo_lines(Path("nowhere"), None)  # type: ignore[arg-type]  # never looked at
