"""The kinds of encounters in which people and trucks keep clear of each other, mostly; and the list of all kinds."""
from collections.abc import Callable
from math import pi
from random import Random

from tests.encounters.kinds import (
    backed,
    blind_corner,
    crossing,
    driver_stops,
    group,
    head_on,
    id_switch,
    occlusion,
    overtaking,
    pallet_truck,
    person_rushes,
    person_turns,
    rear_swing,
    reversing,
    side,
    starting_up,
    straight,
    turning_into,
)
from tests.encounters.paths import Change, Drive, aboard, beside, joined, truck_path, walk
from tests.encounters.scene import Encounter, Ghost

#: Metres from a truck's middle line to a person's middle when the outlines touch.
TOUCH = 0.575 + 0.3


def late_crossing(rng: Random) -> Encounter:
    """Walks across behind the truck, when it is well past."""
    truck, at = straight(rng), rng.uniform(5.0, 7.0)
    way = float(truck.heading[0]) + side(rng) * rng.uniform(0.4 * pi, 0.6 * pi)
    goal = beside(truck, at, rng.uniform(-9.0, -4.0), 0.0)
    return Encounter("late_crossing", truck, [walk(rng, goal, at, rng.uniform(0.6, 1.8), way)])


def near_miss(rng: Random) -> Encounter:
    """Walks across before or behind the truck and misses it by a step or two; nobody changes anything."""
    speed, h, at = rng.uniform(0.8, 2.6), rng.uniform(-pi, pi), rng.uniform(5.0, 7.0)
    truck = truck_path(rng, [Drive(0, speed)], backed(speed, rng.uniform(4.0, 6.0), h))
    along = side(rng) * (1.3 + 0.3 + rng.uniform(1.2, 3.2) * max(1.0, speed / 1.4))
    way = h + side(rng) * rng.uniform(0.35 * pi, 0.65 * pi)
    return Encounter("near_miss", truck, [walk(rng, beside(truck, at, along, 0.0), at, rng.uniform(0.9, 1.8), way)])


def wide_pass(rng: Random) -> Encounter:
    """Passes the truck 1.2 to 3 m from its side, in either direction."""
    truck, at = straight(rng), rng.uniform(5.0, 7.0)
    across = side(rng) * (TOUCH + rng.uniform(1.2, 3.0))
    way = float(truck.heading[0]) + rng.choice([0.0, pi]) + rng.gauss(0, 0.03)
    return Encounter("wide_pass", truck, [walk(rng, beside(truck, at, 0.0, across), at, rng.uniform(0.6, 1.6), way)])


def person_stops(rng: Random) -> Encounter:
    """Walks towards the truck's way, sees it and stops, 0.6 to 3 m beside it."""
    truck, at = straight(rng, 0.8, 2.4), rng.uniform(5.0, 7.0)
    h, left = float(truck.heading[0]), side(rng)
    goal = beside(truck, at, rng.uniform(0.0, 2.0), left * (TOUCH + rng.uniform(0.6, 3.0)))
    stop = at - rng.uniform(0.3, 2.0)
    way = h - left * rng.uniform(0.35, 0.65) * pi
    person = walk(rng, goal, at, rng.uniform(0.8, 1.6), way, [Change(stop, way, 0.0)])
    return Encounter("person_stops", truck, [person])


def following(rng: Random) -> Encounter:
    """Walks behind the truck at its speed."""
    truck = straight(rng, 0.8, 1.6)
    goal = beside(truck, 5.0, -rng.uniform(2.9, 4.5), rng.uniform(-0.5, 0.5))
    speed = float(truck.speed[0]) * rng.uniform(0.85, 1.02)
    return Encounter("following", truck, [walk(rng, goal, 5.0, speed, float(truck.heading[0]))])


def parallel(rng: Random) -> Encounter:
    """Walks beside the truck at about its speed, out of its reach."""
    truck = straight(rng, 0.8, 1.6)
    across = side(rng) * (TOUCH + rng.uniform(1.3, 2.4))
    speed = float(truck.speed[0]) * rng.uniform(0.9, 1.1)
    goal = beside(truck, 5.0, rng.uniform(-1.0, 1.0), across)
    return Encounter("parallel", truck, [walk(rng, goal, 5.0, speed, float(truck.heading[0]))])


def working_beside(rng: Random) -> Encounter:
    """The truck shuttles to and fro; one or two people work beside it, standing or strolling."""
    h, speed, bend = rng.uniform(-pi, pi), rng.uniform(0.5, 1.2), rng.choice([0.0, rng.uniform(-0.3, 0.3)])
    drives = [Drive(0, 0.0), Drive(2.5, speed, bend), Drive(5.5, 0.0, bend), Drive(6.5, -speed, bend), Drive(9.5, 0.0)]
    truck = truck_path(rng, drives, (0.0, 0.0, h))
    people = []
    for n in range(rng.choice([1, 2])):
        goal = beside(truck, 5.0, rng.uniform(-2.5, 2.5), (1 - 2 * n) * (TOUCH + rng.uniform(1.0, 2.8)))
        way = h + rng.choice([0.0, pi]) + rng.gauss(0, 0.2)
        changes = [Change(rng.uniform(2, 4), way, 0.3), Change(rng.uniform(5, 7), way + pi, rng.choice([0.0, 0.4]))]
        people.append(walk(rng, goal, 5.0, rng.choice([0.0, 0.0, 0.4]), way, changes))
    return Encounter("working_beside", truck, people)


def driver_mounts(rng: Random) -> Encounter:
    """A driver walks up to the parked truck, mounts, and drives off."""
    h, mounted = rng.uniform(-pi, pi), rng.uniform(4.5, 5.5)
    speed, bend = rng.choice([-1, 1, 1]) * rng.uniform(0.7, 1.8), rng.choice([0.0, rng.uniform(-0.4, 0.4)])
    truck = truck_path(rng, [Drive(0, 0.0), Drive(mounted + rng.uniform(1.5, 3.0), speed, bend)], (0.0, 0.0, h))
    seat = rng.uniform(-0.6, -0.2), rng.uniform(-0.15, 0.15)
    left = side(rng)
    way = h - left * rng.uniform(0.35, 0.65) * pi
    coming = walk(rng, beside(truck, 0.0, *seat), mounted, rng.uniform(0.8, 1.4), way)
    return Encounter("driver_mounts", truck, [joined(coming, aboard(truck, *seat), mounted)])


def driver(rng: Random) -> Encounter:
    """Only the driver, aboard, in and out of turns."""
    speed, h = rng.uniform(0.8, 2.5), rng.uniform(-pi, pi)
    drives = [Drive(0, speed), Drive(3, speed, rng.uniform(-0.5, 0.5)), Drive(6, rng.choice([-0.8, 0.0, speed]))]
    truck = truck_path(rng, drives, backed(speed, 4, h))
    return Encounter("driver", truck, [aboard(truck, rng.uniform(-0.8, -0.3), rng.uniform(-0.15, 0.15))])


def parked(rng: Random) -> Encounter:
    """People walk close by a truck that stands."""
    truck = truck_path(rng, [Drive(0, 0.0)], (0.0, 0.0, rng.uniform(-pi, pi)))
    goal = beside(truck, 0.0, rng.uniform(-2.0, 2.0), side(rng) * rng.uniform(0.95, 2.5))
    return Encounter("parked", truck, [walk(rng, goal, 5.0, rng.uniform(0.6, 1.6), rng.uniform(-pi, pi))])


def ghosts(rng: Random) -> Encounter:
    """Nobody but the driver; the detector sees people on and beside the truck's way for a moment."""
    truck = straight(rng)
    driving = aboard(truck, rng.uniform(-0.8, -0.3), rng.uniform(-0.15, 0.15))
    seen = []
    for _ in range(rng.randint(2, 4)):
        since = rng.uniform(1.0, 9.0)
        place = beside(truck, since + rng.uniform(0.5, 3.0), rng.uniform(0.0, 4.0), rng.uniform(-2.5, 2.5))
        seen.append(Ghost(*place, since, since + rng.uniform(0.1, 0.8)))
    return Encounter("ghosts", truck, [driving], ghosts=seen)


KINDS: tuple[Callable[[Random], Encounter], ...] = (
    crossing, head_on, overtaking, turning_into, rear_swing, reversing, blind_corner, starting_up, person_turns,
    person_rushes, group, pallet_truck, driver_stops, occlusion, id_switch, late_crossing, near_miss, wide_pass,
    person_stops, following, parallel, working_beside, driver_mounts, driver, parked, ghosts)


def encounter(seed: int) -> Encounter:
    """The encounter of that seed; kinds take turns."""
    return KINDS[seed % len(KINDS)](Random(f"encounter {seed}"))
