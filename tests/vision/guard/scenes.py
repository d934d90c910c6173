"""Seeded encounters of people with trucks: true paths in metres at 20 steps a second; nobody reacts to anybody.

A truck is a rear-steered bicycle: its front axle, 0.15 m behind the middle of the footprint with forks, moves along
its heading, so the rear end swings out in a turn. A person walks towards a meeting point with a changing gait.
"""
from collections.abc import Callable
from dataclasses import dataclass, field
from math import cos, pi, sin
from random import Random

import numpy as np
from numpy.typing import NDArray

from vision.guard.records import Kind

Floats = NDArray[np.float64]
STEP = 0.05
LONG = 11.0
STEPS = round(LONG / STEP)
AXLE = 0.15


@dataclass(frozen=True)
class Drive:
    """From that second on: wanted speed (m/s, negative in reverse) and curvature (1/m, left positive)."""
    since: float
    speed: float
    curvature: float = 0.0


@dataclass
class Actor:
    """One true path: centre, heading, speed along the heading and yaw rate at every step; hidden until that second."""
    kind: Kind
    x: Floats
    y: Floats
    heading: Floats
    speed: Floats
    yaw: Floats
    hidden_until: float = 0.0
    belongs: bool = False


@dataclass
class Encounter:
    """One truck and the people around it."""
    kind: str
    truck: Actor
    people: list[Actor] = field(default_factory=list)


def truck_path(drives: list[Drive], start: tuple[float, float, float], kind: Kind = Kind.FORKLIFT) -> Actor:
    """Drive a truck: at most 1.2 m/s² and 0.8 1/m of steering a second."""
    x, y, h = start
    v, k = drives[0].speed, drives[0].curvature
    rows = []
    for n in range(STEPS):
        now = [drive for drive in drives if drive.since <= n * STEP][-1]
        v += max(-1.2 * STEP, min(1.2 * STEP, now.speed - v))
        k += max(-0.8 * STEP, min(0.8 * STEP, now.curvature - k))
        x, y, h = x + v * cos(h) * STEP, y + v * sin(h) * STEP, h + v * k * STEP
        rows.append((x + AXLE * cos(h), y + AXLE * sin(h), h, v, v * k))
    table = np.array(rows)
    return Actor(kind, table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4])


def centred(truck: Actor, second: float) -> tuple[float, float, float]:
    """Where the truck is at that second."""
    n = round(second / STEP)
    return float(truck.x[n]), float(truck.y[n]), float(truck.heading[n])


def beside(truck: Actor, second: float, along: float, across: float) -> tuple[float, float]:
    """A floor point in the truck's own axes at that second: metres ahead of its middle, metres to its left."""
    x, y, h = centred(truck, second)
    return x + along * cos(h) - across * sin(h), y + along * sin(h) + across * cos(h)


def walk(rng: Random, towards: tuple[float, float], at: float, speed: float, direction: float,
         turns: tuple[float, float, float] | None = None) -> Actor:
    """A person who is at that point at that second; turns: from that second, another direction and speed."""
    amplitude, beat = rng.uniform(0.0, 0.12), rng.uniform(1.6, 2.2)
    phase, drift = rng.uniform(0, 2 * pi), rng.uniform(-0.04, 0.04)
    pace, way = np.full(STEPS, speed), direction + drift * (np.arange(STEPS) * STEP - at)
    if turns is not None:
        after = np.arange(STEPS) * STEP >= turns[0]
        pace, way = np.where(after, turns[2], pace), np.where(after, turns[1], way)
    pace = pace * (1 + amplitude * np.sin(2 * pi * beat * np.arange(STEPS) * STEP + phase))
    x, y = np.cumsum(pace * np.cos(way)) * STEP, np.cumsum(pace * np.sin(way)) * STEP
    n = min(STEPS - 1, round(at / STEP))
    away = np.zeros(STEPS)
    return Actor(Kind.PERSON, x - x[n] + towards[0], y - y[n] + towards[1], np.asarray(way, float), pace, away)


def aboard(truck: Actor, along: float, across: float) -> Actor:
    """A person carried by the truck at a place in its own axes."""
    c, s = np.cos(truck.heading), np.sin(truck.heading)
    x, y = truck.x + along * c - across * s, truck.y + along * s + across * c
    return Actor(Kind.PERSON, x, y, truck.heading, truck.speed, truck.yaw, belongs=True)


def straight(rng: Random, low: float = 0.8, high: float = 3.0) -> Actor:
    """A truck that drives straight on through the middle of the floor."""
    speed, h = rng.uniform(low, high), rng.uniform(-pi, pi)
    back = speed * rng.uniform(4.0, 6.0)
    return truck_path([Drive(0, speed)], (-back * cos(h), -back * sin(h), h))


def crossing(rng: Random) -> Encounter:
    """Walks across the truck's way and reaches it together with the truck, or nearly."""
    truck, at = straight(rng), rng.uniform(5.0, 7.0)
    way = float(truck.heading[0]) + rng.choice([-1, 1]) * rng.uniform(0.3 * pi, 0.7 * pi)
    goal = beside(truck, at, rng.uniform(-1.0, 3.5), rng.uniform(-0.4, 0.4))
    return Encounter("crossing", truck, [walk(rng, goal, at, rng.uniform(0.6, 1.8), way)])


def late_crossing(rng: Random) -> Encounter:
    """Walks across behind the truck, when it is well past."""
    truck, at = straight(rng), rng.uniform(5.0, 7.0)
    way = float(truck.heading[0]) + rng.choice([-1, 1]) * rng.uniform(0.4 * pi, 0.6 * pi)
    goal = beside(truck, at, rng.uniform(-6.0, -3.2), 0.0)
    return Encounter("late_crossing", truck, [walk(rng, goal, at, rng.uniform(0.6, 1.8), way)])


def head_on(rng: Random) -> Encounter:
    """Comes towards the truck."""
    truck, at = straight(rng), rng.uniform(5.0, 7.0)
    goal = beside(truck, at, 1.5, rng.uniform(-1.0, 1.0))
    way = float(truck.heading[0]) + pi + rng.gauss(0, 0.08)
    return Encounter("head_on", truck, [walk(rng, goal, at, rng.uniform(0.6, 1.6), way)])


def overtaking(rng: Random) -> Encounter:
    """The truck comes from behind somebody who walks the same way."""
    truck, at = straight(rng, 1.8, 3.0), rng.uniform(5.0, 7.0)
    goal = beside(truck, at, 1.5, rng.uniform(-2.2, 2.2))
    way = float(truck.heading[0]) + rng.gauss(0, 0.06)
    return Encounter("overtaking", truck, [walk(rng, goal, at, rng.uniform(0.5, 1.3), way)])


def turning_into(rng: Random) -> Encounter:
    """The truck turns, and somebody stands or walks where it turns to."""
    speed, h, since = rng.uniform(1.0, 2.2), rng.uniform(-pi, pi), rng.uniform(2.5, 3.5)
    bend = rng.choice([-1, 1]) * rng.uniform(0.25, 0.6)
    truck = truck_path([Drive(0, speed), Drive(since, speed, bend)], (-speed * 4 * cos(h), -speed * 4 * sin(h), h))
    at = since + rng.uniform(2.0, 3.0)
    goal = beside(truck, at, rng.uniform(1.0, 2.5), rng.uniform(-2.0, 2.0))
    return Encounter("turning_into", truck, [walk(rng, goal, at, rng.choice([0.0, 0.8, 1.2]), rng.uniform(-pi, pi))])


def rear_swing(rng: Random) -> Encounter:
    """The truck turns away and its rear end swings towards somebody beside it."""
    speed, h, since = rng.uniform(0.6, 1.4), rng.uniform(-pi, pi), rng.uniform(4.0, 5.0)
    bend = rng.choice([-1, 1]) * rng.uniform(0.5, 0.8)
    truck = truck_path([Drive(0, speed), Drive(since, speed, bend)], (-speed * 5 * cos(h), -speed * 5 * sin(h), h))
    goal = beside(truck, since + 0.8, rng.uniform(-1.0, 0.5), -np.sign(bend) * rng.uniform(1.2, 3.0))
    return Encounter("rear_swing", truck, [walk(rng, goal, since, rng.choice([0.0, 0.0, 0.5]), h)])


def reversing(rng: Random) -> Encounter:
    """The truck backs towards somebody who stands or walks across."""
    speed, h, at = rng.uniform(0.6, 1.6), rng.uniform(-pi, pi), rng.uniform(5.0, 7.0)
    truck = truck_path([Drive(0, -speed, rng.choice([0.0, 0.0, 0.2]))], (speed * 5 * cos(h), speed * 5 * sin(h), h))
    goal = beside(truck, at, rng.uniform(-3.0, -1.0), rng.uniform(-0.8, 0.8))
    return Encounter("reversing", truck, [walk(rng, goal, at, rng.choice([0.0, 0.7, 1.3]), rng.uniform(-pi, pi))])


def blind_corner(rng: Random) -> Encounter:
    """Steps out from behind a rack and is seen only shortly before."""
    meeting = crossing(rng)
    meeting.people[0].hidden_until = rng.uniform(3.0, 5.5)
    return Encounter("blind_corner", meeting.truck, meeting.people)


def starting_up(rng: Random) -> Encounter:
    """A standing truck starts towards somebody near it."""
    h, since, speed = rng.uniform(-pi, pi), rng.uniform(3.5, 5.0), rng.choice([-1, 1]) * rng.uniform(0.8, 2.0)
    truck = truck_path([Drive(0, 0.0), Drive(since, speed)], (0.0, 0.0, h))
    along = np.sign(speed) * rng.uniform(2.5, 5.0)
    goal = beside(truck, 0.0, float(along), rng.uniform(-1.5, 1.5))
    return Encounter("starting_up", truck, [walk(rng, goal, since + 1.5, rng.choice([0.0, 0.8]), rng.uniform(-pi, pi))])


def person_turns(rng: Random) -> Encounter:
    """Walks along beside the truck's way, then turns into it or away from it, sometimes in a rush."""
    truck, at = straight(rng, 0.8, 2.2), rng.uniform(5.0, 7.0)
    h, side, turn = float(truck.heading[0]), rng.choice([-1, 1]), at - rng.uniform(0.8, 2.0)
    goal = beside(truck, at, rng.uniform(1.0, 3.5), side * rng.uniform(0.0, 2.0))
    new = h - side * rng.uniform(0.3, 0.6) * pi * rng.choice([1, 1, -1])
    pace = rng.uniform(0.8, 2.2)
    return Encounter("person_turns", truck, [walk(rng, goal, at, 0.9, h + pi, (turn, new, pace))])


def group(rng: Random) -> Encounter:
    """Two or three walk across together."""
    meeting = crossing(rng)
    lead = meeting.people[0]
    for n in range(rng.choice([1, 2])):
        dx, dy = rng.gauss(0, 0.15), 0.7 * (n + 1)
        meeting.people.append(Actor(Kind.PERSON, lead.x + dx, lead.y + dy, lead.heading, lead.speed, lead.yaw))
    return Encounter("group", meeting.truck, meeting.people)


def pallet_truck(rng: Random) -> Encounter:
    """An operator leads a pallet truck, and somebody else crosses or stands by."""
    speed, h, at = rng.uniform(0.6, 1.4), rng.uniform(-pi, pi), rng.uniform(5.0, 7.0)
    truck = truck_path([Drive(0, speed)], (-speed * 5 * cos(h), -speed * 5 * sin(h), h), Kind.PALLET_TRUCK)
    operator = aboard(truck, -1.3, rng.uniform(-0.2, 0.2))
    goal = beside(truck, at, rng.uniform(0.0, 2.0), rng.uniform(-3.0, 3.0))
    other = walk(rng, goal, at, rng.choice([0.0, 1.0, 1.4]), rng.uniform(-pi, pi))
    return Encounter("pallet_truck", truck, [operator, other])


def wide_pass(rng: Random) -> Encounter:
    """Passes the truck 1.3 to 3 m from its side, in either direction."""
    truck, at = straight(rng), rng.uniform(5.0, 7.0)
    across = rng.choice([-1, 1]) * (0.575 + 0.3 + rng.uniform(1.3, 3.0))
    way = float(truck.heading[0]) + rng.choice([0.0, pi]) + rng.gauss(0, 0.03)
    return Encounter("wide_pass", truck, [walk(rng, beside(truck, at, 0.0, across), at, rng.uniform(0.6, 1.6), way)])


def stops(rng: Random) -> Encounter:
    """The driver brakes in good time for somebody ahead."""
    speed, h, since = rng.uniform(0.8, 2.5), rng.uniform(-pi, pi), rng.uniform(3.0, 4.5)
    truck = truck_path([Drive(0, speed), Drive(since, 0.0)], (-speed * 4 * cos(h), -speed * 4 * sin(h), h))
    goal = beside(truck, LONG - 0.5, 1.3 + rng.uniform(1.6, 3.0), rng.uniform(-0.5, 0.5))
    return Encounter("stops", truck, [walk(rng, goal, since + 1, rng.choice([0.0, 0.6]), h + pi / 2)])


def following(rng: Random) -> Encounter:
    """Walks behind the truck at its speed."""
    truck = straight(rng, 0.8, 1.6)
    goal = beside(truck, 5.0, -rng.uniform(2.9, 4.5), rng.uniform(-0.5, 0.5))
    speed = float(truck.speed[0]) * rng.uniform(0.85, 1.02)
    return Encounter("following", truck, [walk(rng, goal, 5.0, speed, float(truck.heading[0]))])


def parallel(rng: Random) -> Encounter:
    """Walks beside the truck at about its speed, out of its reach."""
    truck = straight(rng, 0.8, 1.6)
    across = rng.choice([-1, 1]) * (0.575 + 0.3 + rng.uniform(1.3, 2.2))
    speed = float(truck.speed[0]) * rng.uniform(0.9, 1.1)
    goal = beside(truck, 5.0, rng.uniform(-1.0, 1.0), across)
    return Encounter("parallel", truck, [walk(rng, goal, 5.0, speed, float(truck.heading[0]))])


def driver(rng: Random) -> Encounter:
    """Only the driver, aboard, in and out of turns."""
    speed, h = rng.uniform(0.8, 2.5), rng.uniform(-pi, pi)
    drives = [Drive(0, speed), Drive(3, speed, rng.uniform(-0.5, 0.5)), Drive(6, rng.choice([-0.8, 0.0, speed]))]
    truck = truck_path(drives, (-speed * 4 * cos(h), -speed * 4 * sin(h), h))
    return Encounter("driver", truck, [aboard(truck, rng.uniform(-0.8, -0.3), rng.uniform(-0.15, 0.15))])


def parked(rng: Random) -> Encounter:
    """People walk close by a truck that stands."""
    truck = truck_path([Drive(0, 0.0)], (0.0, 0.0, rng.uniform(-pi, pi)))
    goal = beside(truck, 0.0, rng.uniform(-2.0, 2.0), rng.choice([-1, 1]) * rng.uniform(0.95, 2.5))
    return Encounter("parked", truck, [walk(rng, goal, 5.0, rng.uniform(0.6, 1.6), rng.uniform(-pi, pi))])


KINDS: tuple[Callable[[Random], Encounter], ...] = (
    crossing, late_crossing, head_on, overtaking, turning_into, rear_swing, reversing, blind_corner, starting_up,
    person_turns, group, pallet_truck, wide_pass, stops, following, parallel, driver, parked)


def encounter(seed: int) -> Encounter:
    """The encounter of that seed; kinds take turns."""
    return KINDS[seed % len(KINDS)](Random(f"encounter {seed}"))


