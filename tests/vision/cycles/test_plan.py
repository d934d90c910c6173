"""What must be answered is settled by the plan; the surfaces are as large as they say."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vision.measure.rig import load_rig
from vision.measure.scenes import read_scenes
from vision.training.cycles.album import listed, noted, pictures, prepared, put, stale
from vision.training.cycles.plan import PAIRS, REFUSALS, SKEWED, Plan, in_zone, mounted, plan
from vision.training.cycles.shapes import Body, smallest_box, surface

RIG = load_rig(Path("config/rig.toml"))
BOX = Body("box", (300.0, 200.0, 100.0), (20.0, -30.0), 25.0, 7, "test", "fibre", "card")


def test_any_prefix_is_a_fair_sample() -> None:
    scenes = [plan(number, RIG) for number in range(48)]
    kinds = Counter("refuse" if s.expect == "refuse" else s.bodies[0].shape for s in scenes)
    assert kinds == {"box": 24, "refuse": 8, "polybag": 8, "tube": 8}
    assert {s.kind for s in scenes if s.expect == "refuse"} == set(REFUSALS)
    assert [s.folder() for s in scenes[:6]] == ["s2", "s2", "s2", "s3", "s2", "s3"]


def test_a_scene_is_always_the_same() -> None:
    assert plan(14, RIG) == plan(14, RIG)
    assert plan(14, RIG) != plan(14, RIG, "tune")


@pytest.mark.parametrize("number", [2, 3, 4, 5, 8, 12])
def test_what_must_be_answered_is_whole_in_the_zone_and_in_both_pictures(number: int) -> None:
    scene = plan(number, RIG)
    points = surface(scene.bodies[0])
    assert scene.expect == "answer"
    assert in_zone(scene.bodies[0], RIG)
    for camera in RIG.cameras:
        spots = mounted(camera, number, "test").project(points)
        assert np.all((spots > 0) & (spots < camera.size_px))


def refused(reason: str) -> Plan:
    return plan(6 * REFUSALS.index(reason) + 1, RIG)


def test_what_must_be_refused_is_so_by_construction() -> None:
    assert refused("no_parcel").bodies == ()
    assert len(refused("two_objects").bodies) == 2
    assert not in_zone(refused("out_of_zone").bodies[0], RIG)
    assert surface(refused("too_tall").bodies[0])[:, 2].max() > 540
    assert refused("dark").gain < 0.05
    assert len(refused("tag_lost").covered) > len(RIG.tags) - 3
    assert all(refused(reason).truth_mm() is None for reason in REFUSALS)


def test_a_plain_box_measures_what_it_was_ordered_to() -> None:
    assert smallest_box(surface(BOX)) == pytest.approx((300, 200, 100), abs=0.11)


def test_a_bulge_grows_the_sides_and_the_lid_but_not_through_the_table() -> None:
    swollen = surface(replace(BOX, bulge_mm=10.0))
    length, width, height = smallest_box(swollen)
    assert (length, width, height) == pytest.approx((320, 220, 110), abs=0.3)
    assert swollen[:, 2].min() == pytest.approx(0)


def test_faces_that_swell_apart_grow_the_box_each_by_its_own() -> None:
    around = [smallest_box(surface(replace(BOX, bulge_mm=10.0, apart=True, seed=seed))) for seed in range(6)]
    grown = np.array(around) - BOX.size_mm
    assert np.all((grown > -0.2) & (grown < np.array([20.2, 20.2, 10.2])))
    assert np.ptp(grown[:, :2] / 2 - grown[:, 2:], axis=0).min() > 3
    bulged = [plan(number, RIG).bodies[0] for number in range(60) if "box-bulged" in plan(number, RIG).id]
    assert all(body.apart for body in bulged)
    assert bulged


def test_a_carton_out_of_square_stands_on_its_base_and_has_no_other_wear() -> None:
    askew = replace(BOX, skew_mm=2.0)
    length, width, height = smallest_box(surface(askew))
    assert (length, width, height) != pytest.approx((300, 200, 100), abs=0.5)
    assert (length, width, height) == pytest.approx((300, 200, 100), abs=10)
    assert np.sum(surface(askew)[:, 2] < 0.01) > 100
    boxes = [plan(number, RIG) for number in range(0, 60, 2)]
    assert all((scene.bodies[0].skew_mm >= 1) == (scene.kind in SKEWED) for scene in boxes)


@pytest.mark.parametrize("turn", range(len(PAIRS)))
def test_pairs_stand_apart_in_a_line_and_side_by_side(turn: int) -> None:
    scene = plan(6 * (turn * len(REFUSALS) + REFUSALS.index("two_objects")) + 1, RIG)
    first, second = (surface(body) for body in scene.bodies)
    gap = min(float(np.linalg.norm(first[:, None, :2] - point, axis=-1).min()) for point in second[::7, :2])
    assert scene.expect == "refuse"
    assert all(in_zone(body, RIG) for body in scene.bodies)
    assert gap > 40 if turn == 0 else gap < 110 if turn == 1 else gap < 20


def test_pictures_of_an_older_plan_are_told_and_others_kept(tmp_path: Path) -> None:
    scene = plan(4, RIG)
    assert stale(scene, tmp_path)
    noted(scene, tmp_path)
    assert not stale(scene, tmp_path)
    assert stale(replace(scene, bodies=(replace(scene.bodies[0], bulge_mm=3.0),)), tmp_path)


@pytest.mark.parametrize(("shape", "size"), [("tube", (400.0, 90.0, 88.0)), ("polybag", (350.0, 250.0, 60.0))])
def test_soft_and_round_bodies_are_about_as_large_as_ordered(shape: str, size: tuple[float, float, float]) -> None:
    found = smallest_box(surface(replace(BOX, shape=shape, size_mm=size)))
    assert found == pytest.approx(size, rel=0.25 if shape == "polybag" else 0.01)


def test_a_scene_is_listed_once_and_the_list_can_be_measured_from(tmp_path: Path) -> None:
    rig = prepared(tmp_path, Path("config/rig.toml"))
    for number in (0, 1):
        scene = plan(number, rig)
        files = pictures(scene, rig, tmp_path)
        assert listed(scene, files, tmp_path / "s2")
        assert not listed(scene, files, tmp_path / "s2")
    found = read_scenes(tmp_path / "s2", rig)
    assert [(s.answerable, s.truth_mm is None) for s in found] == [(True, False), (False, True)]
    changed = replace(plan(0, rig), bodies=(replace(plan(0, rig).bodies[0], size_mm=(200.0, 150.0, 80.0)),))
    assert listed(changed, pictures(changed, rig, tmp_path), tmp_path / "s2")
    assert sorted(s.truth_mm is None for s in read_scenes(tmp_path / "s2", rig)) == [False, True]
    assert json.loads((tmp_path / "s2/scenes.jsonl").read_text().splitlines()[0])["truth_mm"]


def test_a_file_is_whole_or_absent(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.jpg", b"new")]
