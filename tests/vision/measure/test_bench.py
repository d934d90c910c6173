"""The bench of the measurer: its scenes are fixed and what they are said to be, its figures are counted right."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.benchmarks.measuring import groups
from tests.benchmarks.measuring.__main__ import measured, options, photo_lines, samples, sets, span
from tests.benchmarks.measuring.classes import class_figures, classed, tariff
from tests.benchmarks.measuring.controls import CONTROLS, told
from tests.benchmarks.measuring.cost import latency
from tests.benchmarks.measuring.drawn import FAMILIES, KINDS, REFUSALS, drawn
from tests.benchmarks.measuring.gate import DRAWN
from tests.benchmarks.measuring.groups import body
from tests.benchmarks.measuring.kept import Kept, maker
from tests.benchmarks.measuring.pairs import GAPS_MM, WAYS, pair, shown
from tests.benchmarks.measuring.photographs import one_to_one
from tests.benchmarks.measuring.report import kinds, refusals
from tests.benchmarks.measuring.sets import Offered, Work, alone_drawn
from tests.vision.table import BOX, MODELS, box_frames, measurer
from vision.measure.depth import Depths
from vision.measure.measure import Answer, Measurer, Outcome, Picture
from vision.measure.rig import load_rig
from vision.measure.scenes import Scene
from vision.measure.table import Result
from vision.scene.table import ParcelModel, TableScene, mounted, render

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


def test_scrambled_rigs_are_refused_and_what_the_tags_mend_is_right() -> None:
    wrong = [control for control in CONTROLS if control.rig(RIG) != RIG and not control.mended]
    assert len(wrong) == 2
    for control in wrong:
        assert not replace(measurer(), rig=control.rig(RIG)).measure(box_frames()).answer.answered, control.name
    one, three = (control for control in CONTROLS if control.rig(RIG) != RIG and control.mended)
    answer = replace(measurer(), rig=one.rig(RIG)).measure(box_frames()).answer
    assert (answer.length_mm, answer.width_mm, answer.height_mm) == pytest.approx((340, 250, 210), abs=2)
    assert replace(measurer(), rig=three.rig(RIG)).measure(box_frames()).answer.reason == "moved"


def test_a_knocked_camera_that_sees_its_tags_is_measured_from() -> None:
    (tagged,) = (control for control in CONTROLS if control.rig(RIG) == RIG and control.mended)
    frames = tagged.frames(TableScene(BOX, 0), RIG)
    assert not any(np.array_equal(frames[name], box_frames()[name]) for name in frames)
    answer = measurer().measure(frames).answer
    assert (answer.length_mm, answer.width_mm, answer.height_mm) == pytest.approx((340, 250, 210), abs=2)


def test_a_control_tells_what_it_must_and_how_often() -> None:
    hard, mended = CONTROLS[0], next(each for each in CONTROLS if each.mended)
    found = [result((300, 200, 100), None), result((300, 200, 100), (300, 200, 109))]
    assert "refused 50.00 [" in told(hard, found)
    assert "off by > 5 mm 50.00 [" in told(mended, found)
    assert "(1 disagreement, 1 answered)" in told(hard, found)


def test_near_pairs_are_fixed_and_stand_as_their_names_say() -> None:
    scenes = [pair(number, RIG) for number in range(len(WAYS) * len(GAPS_MM))]
    assert scenes == [pair(number, RIG) for number in range(len(scenes))]
    assert not any(one.answerable for one in scenes)
    for one in scenes:
        first, second = one.scene.parcel, one.scene.second
        assert first is not None
        assert second is not None
        assert first.seed != second.seed
        if one.id.endswith("stack"):
            assert second.z_mm == first.height_mm
            assert second.points()[:, 2].min() == pytest.approx(first.height_mm)
        else:
            assert apart_mm(first, second) == pytest.approx(int(one.id[-4:-2]), abs=1.5)
    assert {one.id.split("-", 2)[2] for one in scenes} == {"stack"} | {
        f"{way}-{gap:02d}mm" for way in WAYS[:-1] for gap in GAPS_MM}  # fmt: skip


def apart_mm(first: ParcelModel, second: ParcelModel) -> float:
    """The gap between two that stand square to each other, along the first's own axes."""
    turn = np.radians(first.yaw_deg) + np.array([0, np.pi / 2])
    gaps = []
    for along in np.column_stack([np.cos(turn), np.sin(turn)]):
        one, other = ((body.points()[:, :2] @ along) for body in (first, second))
        gaps.append(max(other.min() - one.max(), one.min() - other.max()))
    return float(max(gaps))


def test_of_every_pair_each_is_seen_beside_the_other() -> None:
    for number in range(28):
        one = pair(number, RIG).scene
        assert one.parcel is not None
        assert one.second is not None
        assert min(shown(one.parcel, one.second, RIG), shown(one.second, one.parcel, RIG)) > 0.3
    front, behind = ParcelModel(300, 300, 400, 0, 100), ParcelModel(40, 40, 30, 0, -100)
    assert shown(front, behind, RIG) == 1
    assert shown(behind, front, RIG) < 0.3


def test_a_box_on_a_box_is_drawn_over_it_and_casts_no_foot_on_the_table() -> None:
    lower = ParcelModel(300, 220, 150, seed=18)
    low, high = (render(TableScene(lower, 8, second=ParcelModel(300, 220, 100, seed=29, z_mm=z)), RIG, "left")
                 for z in (0.0, 150.0))  # fmt: skip
    alone = render(TableScene(lower, 8), RIG, "left")
    lid = mounted(RIG.camera("left")).project(np.array([[0.0, 0.0, 250.0]]))[0].astype(int)
    patch = slice(lid[1] - 20, lid[1] + 20), slice(lid[0] - 20, lid[0] + 20)
    assert np.abs(high[patch].astype(int) - alone[patch]).mean() > 10
    assert np.abs(low[patch].astype(int) - alone[patch]).mean() < 10


def test_alone_is_every_scene_by_each_camera_and_nothing_of_the_other() -> None:
    offered = alone_drawn(measurer(), range(272, 274))
    assert offered is not None
    names = ["s1-0272-box@left", "s1-0272-box@right", "s1-0273-box@left", "s1-0273-box@right"]
    assert [scene.id for scene in offered.scenes] == names
    assert offered.labels[names[0]] in ("box, new", "box, worn")
    seen: list[list[str]] = []

    class Watched(Measurer):
        def measure(self, frames: Mapping[str, Picture], depths: Depths | None = None) -> Outcome:
            seen.append([*frames])
            return Outcome(Answer(False, reason="dark"))

    watched = alone_drawn(Watched(RIG, measurer().model), range(272, 273))
    assert watched is not None
    for scene in watched.scenes:
        watched.measure(scene)
    assert seen == [["left"], ["right"]]


def test_the_first_scene_is_one_that_settled_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "--drawn", "2"])
    offered = sets(options(), measurer())["s1"]()
    assert offered is not None
    assert [scene.id[:7] for scene in offered.scenes] == ["s1-0272", "s1-0273"]
    assert span(offered) == ", seed 7301, numbers 272 to 273"
    assert max(DRAWN) < 272


def said(name: str, reason: str | None, kind: str = "box") -> Result:
    """What was said of a scene of that name; None is an answer of that kind."""
    due = name.split("-", 2)[2] not in REFUSALS and not name.startswith("pairs")
    answer = Answer(True, 300, 200, 100, (1, 1, 1), kind) if reason is None else Answer(False, reason=reason)
    return Result(Scene(name, {}, (300, 200, 100) if due else None, due, ""), answer)


SAID = [said("s1-0-box", None), said("s1-1-box", None, "polybag"), said("s1-2-tube", "disagreement"),
        said("s1-3-glare", "tag_lost"), said("s1-4-glare", "glare"), said("s1-5-hand_in_view", None)]  # fmt: skip


def cells(text: str) -> dict[str, list[str]]:
    """The rows of a table by their first cell."""
    rows = [re.split(r"  +", line.strip()) for line in text.splitlines()]
    return {row[0]: row[1:] for row in rows}


def test_what_was_taken_for_what_is_counted() -> None:
    found = cells(groups.taken_for(SAID))
    assert found["box"][:6] == ["2", "1", "0", "1", "0", "0"]
    assert found["box"][6].startswith("50.00 [")
    assert found["tube"] == ["1", "0", "0", "0", "0", "1", "-"]
    assert "glare" not in found


def test_recall_is_told_for_each_cause_and_which_reason_was_given() -> None:
    printed = "\n".join(refusals("s1", SAID, {}))
    must = [each for each in SAID if not each.scene.answerable]
    found = cells(groups.recall(groups.grouped(must, lambda each: groups.what(each, {})), groups.cause))
    assert found["glare"][1].startswith("100.00 [")
    assert found["glare"][2].startswith("50.00 [")
    assert found["hand_in_view"][1].startswith("0.00 [")
    given = cells(printed.split("reasons that were given\n\n")[1].split("\n\n")[0])
    assert given["is"] == ["answered", "glare", "tag_lost", "disagreement"]
    assert given["glare"] == [".", "1", "1", "."]


def test_pairs_are_told_by_way_and_by_gap() -> None:
    pairs = [said("pairs-0000-line-05mm", None), said("pairs-0001-aside-05mm", "two_objects"),
             said("pairs-0002-line-60mm", "disagreement"), said("pairs-0003-stack", "two_objects")]  # fmt: skip
    printed = "\n".join(refusals("pairs", pairs, {}))
    by_way = cells(printed.split("recall by way\n\n")[1].split("\n\n")[0])
    by_gap = cells(printed.split("recall by gap\n\n")[1].split("\n\n")[0])
    assert [name for name in by_way if name != "must be refused"] == ["aside", "line", "stack"]
    assert by_way["line"][:2] == ["2", "50.00 [0.00, 100.00]"]
    assert by_way["line"][2].startswith("0.00 [")
    assert {name: row[0] for name, row in by_gap.items() if row[0] != "n"} == {"05mm": "2", "60mm": "1"}


def test_labels_that_share_a_peak_get_one_each() -> None:
    assert one_to_one(np.array([[1.0, 9.0], [2.0, 5.0], [3.0, 7.0]])) == (1.0, 5.0, np.inf)
    assert one_to_one(np.zeros((2, 0))) == (np.inf, np.inf)


def test_time_is_taken_of_every_kind_of_scene() -> None:
    ones = samples(RIG, 272, 2)
    assert {kind: [one.id.split("-")[2] for one in some] for kind, some in ones.items()} == {
        "box": ["box", "box"], "tube": ["tube", "tube"], "polybag": ["polybag", "polybag"],
        "refuse": ["glare", "no_parcel"]}  # fmt: skip
    shot = {name: cv2.imencode(".jpg", frame)[1].tobytes() for name, frame in box_frames().items()}
    dark = dict.fromkeys(shot, cv2.imencode(".jpg", np.zeros((1080, 1920, 3), np.uint8))[1].tobytes())
    found = latency(measurer(), MODELS, {"refuse": [dark, dark], "box": [shot]}, 1)
    assert {kind: times["wall p50"].n for kind, times in found.items()} == {"box": 1, "refuse": 2, "all": 3}
    assert all(figure.value > 0 for times in found.values() for figure in times.values() if figure.value is not None)


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
    assert maker(measurer()) == maker(Measurer(RIG, measurer().model))
    assert maker(measurer()) != maker(Measurer(CONTROLS[1].rig(RIG), measurer().model))


def test_missing_photographs_are_said_to_be_missing() -> None:
    assert "not run" in photo_lines(None, None)  # type: ignore[arg-type]  # never looked at
    assert "not run" in photo_lines(Path("nowhere"), None)  # type: ignore[arg-type]  # never looked at
