"""Scenes of near walls: the same number is the same scene, none holds a forklift, some hold nothing at all."""
import numpy as np

from vision.guard.records import Kind
from vision.scene.dock.room import close_room, floor_paint
from vision.training.near import near

NUMBERS = range(14)


def test_no_forklift_stands_near_a_wall_and_other_things_do() -> None:
    shots = [near(number) for number in NUMBERS]
    kinds = {truth.kind for shot in shots for truth in shot.truths}
    assert Kind.FORKLIFT not in kinds
    assert {Kind.PERSON, Kind.PERSON_DOWN} <= kinds
    assert any(not shot.truths for shot in shots)
    assert (near(1).picture == shots[1].picture).all()


def test_the_wall_of_a_close_room_reaches_across_the_picture() -> None:
    rooms = [close_room(np.random.default_rng(number), number) for number in range(20)]
    assert all(room.deep <= 6 and room.close for room in rooms)
    assert len({floor_paint(room).tobytes() for room in rooms[:3]}) == 3
