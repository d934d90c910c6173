"""The drawn dock tells the truth about its own pictures."""
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from vision.guard.records import TRUCKS, Kind
from vision.scene.dock import people, vehicles
from vision.scene.dock.body import Body
from vision.scene.dock.cast import actor
from vision.scene.dock.eye import Eye, looking, straight_canvas
from vision.scene.dock.photo import Shot, Stage
from vision.scene.dock.room import any_room
from vision.scene.dock.sensor import Sensor, exposed
from vision.scene.dock.solids import box
from vision.training.scenes import shoot

NUMBERS = range(500, 503)
PLAIN = Sensor(blur=0.0, noise=0.0, quality=None)


def eye(k1: float = -0.1) -> Eye:
    return looking(np.array([0.5, 0.15, 3.5]), 1.5, 0.5, 0.02, 500.0, k1, (640, 360))


def stage() -> Stage:
    return Stage(replace(any_room(np.random.default_rng(3), 3), wide=12.0, deep=14.0, tall=5.0), eye())


def alone(kind: Kind, number: int = 1) -> Shot:
    return stage().photograph(actor(kind, number, (0.3, 6.0, 0.7), driven=False), PLAIN)


@pytest.mark.parametrize("number", NUMBERS)
def test_boxes_enclose_exactly_the_pixels_that_show_the_thing(number: int) -> None:
    shot = shoot(number)
    assert shot.picture.shape[:2] == shot.bodies.shape
    for one in shot.truths:
        left, top, right, bottom = (int(v) for v in one.box)
        assert 0 <= left < right <= shot.picture.shape[1]
        assert 0 <= top < bottom <= shot.picture.shape[0]
    boxes = {tuple(int(v) for v in one.box) for one in shot.truths}
    shown = set()
    for body in set(np.unique(shot.bodies)) - {-1}:
        rows, columns = np.nonzero(shot.bodies == body)
        shown.add((int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1))
    assert boxes <= shown


@pytest.mark.parametrize("kind", list(Kind))
def test_a_thing_alone_differs_from_the_empty_room_only_in_its_box_and_shadow(kind: Kind) -> None:
    shot, empty = alone(kind), stage().photograph([], PLAIN)
    thing = next(one for one in shot.truths if one.kind is kind)
    left, top, right, bottom = (int(v) for v in thing.box)
    shown = shot.bodies >= 0
    assert shown[top:bottom, left:right].sum() == shown.sum() > 100
    assert (shot.picture[shown] != empty.picture[shown]).any(axis=1).mean() > 0.9


@pytest.mark.parametrize("kind", list(Kind))
def test_the_foot_is_the_floor_under_the_thing_and_lies_within_its_width(kind: Kind) -> None:
    shot = alone(kind)
    thing = next(one for one in shot.truths if one.kind is kind)
    back = shot.eye.floor(thing.foot)
    assert back == pytest.approx((0.3, 6.0), abs=0.01)
    assert thing.box[0] - 4 <= thing.foot[0] <= thing.box[2] + 4
    assert thing.box[1] < thing.foot[1] < thing.box[3] + 0.1 * (thing.box[3] - thing.box[1])


def test_only_trucks_have_noses_and_they_point_along_the_heading() -> None:
    for kind in Kind:
        shot = alone(kind)
        thing = next(one for one in shot.truths if one.kind is kind)
        assert (thing.nose is not None) == (kind in TRUCKS)
        if thing.nose is not None:
            (x, y), (nx, ny) = shot.eye.floor(thing.foot) or (0, 0), shot.eye.floor(thing.nose) or (0, 0)
            assert np.arctan2(ny - y, nx - x) == pytest.approx(0.7, abs=0.02)


@pytest.mark.parametrize("k1", [-0.12, 0.0, 0.03])
def test_floor_and_pixel_undo_each_other_through_the_lens(k1: float) -> None:
    there = eye(k1)
    for pixel in ((30.0, 350.0), (320.0, 200.0), (600.0, 300.0)):
        at = there.floor(pixel)
        assert at is not None
        assert there.pixel(np.array([*at, 0.0])) == pytest.approx(pixel, abs=0.05)
    assert eye().floor((320.0, -400.0)) is None


def test_the_canvas_map_agrees_with_the_lens() -> None:
    there = eye()
    size, focal, to = straight_canvas(there)
    for point in ([1.0, 5.0, 0.0], [-2.0, 8.0, 1.0], [0.5, 4.0, 0.3]):
        x, y, z = there.into(np.array(point))
        pixel = there.pixel(np.array(point))
        assert pixel is not None
        straight = np.array([x, y]) / z * focal + np.array(size) / 2 - 0.5
        assert to[round(pixel[1] - 0.5), round(pixel[0] - 0.5)] == pytest.approx(straight, abs=1.5)


def test_the_same_number_is_the_same_scene_and_held_out_is_another() -> None:
    assert (shoot(11).picture == shoot(11).picture).all()
    assert shoot(11, held_out=True).picture.tobytes() != shoot(11).picture.tobytes()


def test_held_out_bodies_never_train() -> None:
    for usual, kept in ((people.BUILDS, people.HELD_OUT_BUILDS), (vehicles.CAGES, vehicles.HELD_OUT_CAGES),
                        (vehicles.FORKLIFTS, vehicles.HELD_OUT_FORKLIFTS),
                        (vehicles.PALLET_TRUCKS, vehicles.HELD_OUT_PALLET_TRUCKS)):
        assert kept
        assert not set(usual) & set(kept)
    assert len(vehicles.FORKLIFTS) >= 8
    assert len(people.BUILDS) >= 12


@pytest.mark.parametrize(("tall", "told"), [(0.4, False), (1.85, True), (3.2, None)])
def test_what_is_mostly_hidden_is_ignored_and_what_is_wholly_hidden_is_not_told(tall: float, told: bool | None) -> None:
    wall = Body(None, box([-0.1, -2.0, 0], [0.1, 2.0, tall], (90, 90, 90)), (0.2, 4.0))
    shot = stage().photograph([*actor(Kind.PERSON, 1, (0.3, 7.0, 0.0)), wall.at(0.3, 5.6, np.pi / 2)], PLAIN)
    assert [one.ignored for one in shot.truths] == ([] if told is None else [told])


@pytest.mark.parametrize(("ahead", "told"), [(6.0, False), (2.0, True), (-1.0, None)])
def test_what_is_mostly_beyond_the_edge_is_ignored(ahead: float, told: bool | None) -> None:
    shot = stage().photograph(actor(Kind.PERSON, 1, (0.5, ahead, 0.0)), PLAIN)
    assert [one.ignored for one in shot.truths] == ([] if told is None else [told])


def test_the_share_inside_is_of_the_outline_and_not_of_what_hides_it() -> None:
    there = eye(0.0)
    column = np.array([[0.4, 6.0, 0.0], [0.6, 6.0, 0.0], [0.6, 6.0, 1.7], [0.4, 6.0, 1.7]])
    assert there.inside(column) == pytest.approx(1.0, abs=1e-3)
    assert there.inside(column - (0, 20, 0)) == 0.0
    edge = there.floor((640.0, 300.0))
    assert edge is not None
    half = np.array([*edge, 0.0]) + np.array([[-0.1, 0, 0], [0.1, 0, 0], [0.1, 0, 0.02], [-0.1, 0, 0.02]])
    assert 0.4 < there.inside(half) < 0.6


def test_legs_move_with_the_way_walked_and_clothes_stay() -> None:
    first, second, third = (stage().photograph(actor(Kind.PERSON, 4, (0.3, 5.0, 0.0), walked_m=way), PLAIN)
                            for way in (0.0, 0.35, 1.4))
    assert (first.bodies != second.bodies).any()
    assert (first.picture == third.picture).all()


def test_each_kind_of_actor_is_of_that_kind_and_a_driver_sits_inside_the_truck() -> None:
    for kind in Kind:
        assert actor(kind, 2, (0, 0, 0))[0].body.kind is kind
    truck, driver = actor(Kind.FORKLIFT, 2, (1.0, 2.0, 0.5))
    away = np.array([driver.x - truck.x, driver.y - truck.y])
    assert driver.body.kind is Kind.PERSON
    assert abs(away @ (np.cos(0.5), np.sin(0.5))) < truck.body.footprint[0] / 2
    assert abs(away @ (-np.sin(0.5), np.cos(0.5))) < truck.body.footprint[1] / 2


def test_the_sensor_only_changes_noise_from_frame_to_frame() -> None:
    grey, near = np.full((60, 80, 3), 120, np.uint8), np.full((60, 80), 0.1, np.float32)
    dirty = Sensor(noise=3.0, quality=None, dust=(5, 40.0), haze=(0.05, 200.0))
    frames = [exposed(grey, near, dirty, n) for n in (1, 2)]
    assert (frames[0] != frames[1]).any()
    assert np.abs(frames[0].astype(float) - frames[1]).mean() < 6
    levels = [exposed(grey, near, replace(PLAIN, haze=(haze, 220.0))).mean() for haze in (0.0, 0.03, 0.06)]
    assert all(before < after for before, after in pairwise(levels))
