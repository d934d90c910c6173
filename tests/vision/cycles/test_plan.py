"""What must be answered is settled by the plan; the surfaces are as large as they say."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vision.measure.rig import load_rig
from vision.measure.scenes import read_scenes
from vision.training.cycles.album import listed, pictures, prepared, put
from vision.training.cycles.plan import REFUSALS, Plan, in_zone, mounted, plan
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
    assert json.loads((tmp_path / "s2/scenes.jsonl").read_text().splitlines()[0])["truth_mm"]


def test_a_file_is_whole_or_absent(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.jpg", b"new")]
