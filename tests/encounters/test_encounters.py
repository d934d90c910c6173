"""A fixed sample that gates every change in seconds; the figures come from `make bench-guard`, over thousands.

Two encounters of each kind run through the real tracker and rules. The seeds are fixed and everything is computed alike
every time, so each gate stands one encounter beside what these 52 come to; they were tuned on, and are no figure.
"""
from functools import cache

import numpy as np
import pytest

from tests.encounters.calm import KINDS, encounter
from tests.encounters.paths import STEP
from tests.encounters.score import GUARD, Score, figures, judged
from tests.encounters.sensing import Camera, Sensing, tracked
from tests.encounters.traffic import busy
from tests.encounters.truth import exact_times, separations, truth
from vision.guard.records import Kind, frame_line

ROUNDS = 2


@cache
def sample() -> tuple[Score, ...]:
    return tuple(judged(seed, Sensing(), compare=False) for seed in range(ROUNDS * len(KINDS)))


def test_foreseeable_dangers_are_warned_of() -> None:
    found = figures(sample())
    assert found.foreseeable >= 19
    assert found.ahead_foreseeable.hits >= 15
    assert found.lost_foreseeable.hits <= 2
    assert found.lost.hits <= 3
    assert found.lead_median >= 1.7


def test_calm_encounters_stay_quiet() -> None:
    found = figures(sample())
    assert found.nuisance.of >= 20
    assert found.nuisance.hits <= 2
    assert found.nuisance_all.hits <= 4


def test_drivers_raise_nothing() -> None:
    quiet = [score for score in sample() if score.kind in {"driver", "driver_mounts"}]
    assert quiet
    assert all(score.alarms[GUARD] == [] for score in quiet)


def test_every_kind_takes_its_turn_and_the_truth_tells_dangers_from_safety() -> None:
    assert len(KINDS) >= 12
    assert {score.kind for score in sample()} == {kind.__name__ for kind in KINDS}
    assert all(score.danger_s is None for score in sample() if score.safe)
    assert all(score.danger_s is not None for score in sample() if score.foreseeable)
    assert all(score.safe for score in sample() if score.kind in {"driver", "driver_mounts", "parked", "ghosts"})


def test_the_same_seed_is_the_same_encounter_to_the_byte() -> None:
    first, second = ([frame_line(frame) for frame in tracked(encounter(7), 7, Sensing())] for _ in "ab")
    assert first == second


def test_a_blind_detector_warns_of_nothing() -> None:
    assert judged(0, Sensing(miss=1.0), compare=False).alarms[GUARD] == []


def test_who_knows_everything_warns_of_all_that_is_foreseeable_and_of_nothing_else() -> None:
    scores = [judged(seed, Sensing()) for seed in range(6)]
    exact = figures(scores, "exact states, 2.5 s")
    assert exact.foreseeable >= 2
    assert exact.lost_foreseeable.hits == 0
    assert exact.nuisance.hits == 0


def test_the_exact_time_counts_down_to_the_danger() -> None:
    scene = next(encounter(seed) for seed in range(0, 40 * len(KINDS), len(KINDS))
                 if truth(encounter(seed)).foreseeable)
    times, apart = exact_times(scene.truck, scene.people[0]), separations(scene.truck, scene.people[0])
    begins = int(np.flatnonzero(apart < 0.5)[0])
    assert times[begins - round(1.5 / STEP)] == pytest.approx(1.5, abs=0.5)
    assert times[begins - round(0.5 / STEP)] == pytest.approx(0.5, abs=0.2)


def test_a_truck_turns_about_its_front_axle_so_that_its_rear_swings_out() -> None:
    turning = [scene.truck for scene in map(encounter, range(4, 4 + 6 * len(KINDS), len(KINDS)))]
    for truck in turning:
        n = int(np.abs(truck.yaw).argmax())
        slip = -truck.vx[n] * np.sin(truck.heading[n]) + truck.vy[n] * np.cos(truck.heading[n])
        tail = slip - truck.yaw[n] * truck.size[0] / 2
        assert abs(truck.yaw[n]) > 0.2
        assert np.sign(tail) == -np.sign(truck.yaw[n])
        assert abs(tail) > abs(slip)


def test_a_truck_hides_whoever_stands_behind_it_from_a_low_camera() -> None:
    truck, person = encounter(25).truck, encounter(25).truck
    shadow = type(person)(Kind.PERSON, (0.6, 0.6), truck.x + 1.5, truck.y, truck.heading, truck.vx, truck.vy, truck.yaw)
    clear = type(person)(Kind.PERSON, (0.6, 0.6), truck.x - 3.0, truck.y, truck.heading, truck.vx, truck.vy, truck.yaw)
    camera = Camera(float(truck.x[0]) - 10.0, float(truck.y[0]), 3.0)
    assert camera.hidden_by(shadow, truck)[0]
    assert not camera.hidden_by(clear, truck)[0]


def test_traffic_works_and_looks_out() -> None:
    trucks, people = busy(0, minutes=1.0)
    assert sum(float((np.abs(truck.speed) > 0.1).mean()) for truck in trucks) > 0.1
    assert min(float(separations(truck, person).min()) for truck in trucks for person in people) >= 0.3
