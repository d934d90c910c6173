"""The filters find out what really happens from noisy places alone, or with headings."""
from math import cos, hypot, sin
from random import Random

import numpy as np
import pytest

from vision.guard.collision import draws
from vision.guard.filters import Free, Wheeled, kept
from vision.guard.motion import Motions
from vision.guard.records import Frame, Kind, Seen

NOISE = 0.08


class Place:
    """Straight on along x, or round a circle to the left, from the origin."""

    def __init__(self, speed: float, radius: float | None = None) -> None:
        self.speed, self.radius = speed, radius

    def __call__(self, t: float) -> tuple[float, float, float]:
        if self.radius is None:
            return self.speed * t, 0.0, 0.0
        angle = self.speed * t / self.radius
        return self.radius * sin(angle), self.radius * (1 - cos(angle)), angle


def followed(seconds: float, kind: Kind, place: Place, fps: float = 10.0, heading: bool = False) -> Motions:
    rng, motions = Random(1), Motions()
    for n in range(round(seconds * fps)):
        x, y, h = place(n / fps)
        seen = Seen(1, kind, x + rng.gauss(0, NOISE), y + rng.gauss(0, NOISE), NOISE,
                    h + rng.gauss(0, 0.1) if heading else None)
        motions.follow(Frame(1000.0 + n / fps, (seen,)))
    return motions


def test_a_walker_is_followed_steadily_and_one_who_stands_is_known_to_stand() -> None:
    walking = followed(4, Kind.PERSON, Place(1.4)).of[1]
    assert (walking.vx, walking.vy) == pytest.approx((1.4, 0.0), abs=0.2)
    assert followed(4, Kind.PERSON, Place(0.0)).of[1].speed < 0.1


def test_a_turn_is_found_from_places_alone_and_sooner_with_headings() -> None:
    assert followed(3, Kind.FORKLIFT, Place(1.8, 3.0)).of[1].yaw == pytest.approx(0.6, abs=0.2)
    assert followed(1.5, Kind.FORKLIFT, Place(1.8, 3.0), heading=True).of[1].yaw == pytest.approx(0.6, abs=0.2)
    assert abs(followed(3, Kind.FORKLIFT, Place(1.8), heading=True).of[1].yaw) < 0.1


def test_a_truck_in_reverse_keeps_the_heading_it_is_told() -> None:
    truck = followed(3, Kind.FORKLIFT, Place(-1.2), heading=True).of[1]
    assert truck.heading == pytest.approx(0.0, abs=0.1)
    assert truck.vx == pytest.approx(-1.2, abs=0.2)


def test_a_parked_truck_stands_however_noisy_its_place() -> None:
    motions = followed(5, Kind.FORKLIFT, Place(0.0), heading=True)
    assert motions.wheeled.weights[0, 0] > 0.7


def test_a_new_id_where_a_lost_one_must_be_goes_on_as_that_one() -> None:
    motions = followed(3, Kind.PERSON, Place(1.4))
    t = 1003.3
    motions.follow(Frame(t, ()))
    motions.follow(Frame(t + 0.1, (Seen(9, Kind.PERSON, 1.4 * (t + 0.1 - 1000), 0.0, NOISE),)))
    assert motions.heirs == {9: 1}
    assert motions.of[9].frames == 31
    assert motions.of[9].vx == pytest.approx(1.4, abs=0.3)
    motions.follow(Frame(t + 0.2, (Seen(10, Kind.PERSON, 30.0, 30.0, NOISE),)))
    assert motions.heirs == {}


def test_two_present_ids_never_inherit_from_each_other() -> None:
    motions = Motions()
    pair = Seen(1, Kind.PERSON, 0, 0, NOISE), Seen(2, Kind.PERSON, 0.3, 0, NOISE)
    motions.follow(Frame(1.0, pair[:1]))
    motions.follow(Frame(1.1, pair))
    assert motions.heirs == {}
    assert set(motions.of) == {1, 2}


def test_chances_and_weights_are_whole() -> None:
    assert kept((0.9, 0.5, 0.3), 0.1).sum(axis=1) == pytest.approx([1, 1, 1])
    free, wheeled = Free(), Wheeled()
    free.add(0, 0, np.eye(2) * 0.01)
    wheeled.add(np.zeros(5), np.eye(5) * 0.1, 0.15)
    for n in range(50):
        free.predict(0.1)
        free.correct(np.array([0]), np.array([[0.1 * n, 0.0]]), np.eye(2)[None] * 0.01)
        wheeled.predict(0.1)
        wheeled.correct(np.array([0]), np.array([[0.1 * n, 0.0, 0.0]]), np.eye(3)[None] * 0.01)
        assert free.weights.sum() == pytest.approx(1)
        assert wheeled.weights.sum() == pytest.approx(1)
        assert np.linalg.eigvalsh(wheeled.spread[0]).min() > 0
    assert hypot(*free.mean()[0, 2:]) == pytest.approx(1.0, abs=0.05)
    assert wheeled.mean()[0, 2] == pytest.approx(1.0, abs=0.1)


def test_the_draws_are_the_same_every_time_and_spread_as_a_normal_does() -> None:
    even, normal = draws(64)
    assert even is draws(64)[0]
    assert even.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.05)
    assert normal.mean(axis=0) == pytest.approx(np.zeros(11), abs=0.2)
    assert normal.std(axis=0) == pytest.approx(np.ones(11), abs=0.2)
    assert np.abs(np.corrcoef(normal.T) - np.eye(11)).max() < 0.5


@pytest.mark.parametrize("kind", [Kind.PERSON, Kind.FORKLIFT])
def test_what_is_told_of_the_noise_each_way_makes_the_sharper_way_sharper(kind: Kind) -> None:
    """Somebody walks along y, seen from far along x: across the line of sight the camera tells four times better."""
    rng, along, across = Random(5), 0.2, 0.05
    places = [(rng.gauss(0, along), 0.1 * n + rng.gauss(0, across)) for n in range(15)]
    alike, told = ([Seen(1, kind, x, y, (along * across) ** 0.5, 1.57, spread_m2=spread) for x, y in places]
                   for spread in (None, (along ** 2, 0.0, across ** 2)))
    wrong = []
    for each in (alike, told):
        motions = Motions()
        for n, seen in enumerate(each):
            motions.follow(Frame(1.0 + 0.1 * n, (seen,)))
        motion = motions.of[1]
        wrong.append((hypot(motion.vx, motion.vy - 1.0), hypot(motion.x, motion.y - 1.4)))
    assert wrong[1][0] < wrong[0][0]
    assert wrong[1][1] < wrong[0][1]
