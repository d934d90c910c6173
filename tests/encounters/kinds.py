"""The kinds of encounters in which somebody may come to harm; calm.py holds those in which hardly anybody does."""
from math import cos, pi, sin
from random import Random

import numpy as np

from tests.encounters.paths import LONG, Actor, Change, Drive, aboard, beside, truck_path, walk
from tests.encounters.scene import Encounter, Rack
from vision.guard.records import Kind


def backed(speed: float, seconds: float, h: float) -> tuple[float, float, float]:
    """Where a truck of that speed and heading is that many seconds before it reaches the middle of the floor."""
    return -speed * seconds * cos(h), -speed * seconds * sin(h), h


def straight(rng: Random, low: float = 0.8, high: float = 3.0, kind: Kind = Kind.FORKLIFT) -> Actor:
    """A truck that drives through the middle of the floor; half of them change pace and bear off a little, sometime."""
    speed, h, drives = rng.uniform(low, high), rng.uniform(-pi, pi), []
    if rng.random() < 0.5:
        drives = [Drive(rng.uniform(2.0, 7.0), speed * rng.uniform(0.4, 1.3), rng.gauss(0, 0.08))]
    return truck_path(rng, [Drive(0, speed), *drives], backed(speed, rng.uniform(4.0, 6.0), h), kind)


def side(rng: Random) -> int:
    """Left or right."""
    return rng.choice([-1, 1])


def crossing(rng: Random) -> Encounter:
    """Walks across the truck's way and reaches it together with the truck, or nearly."""
    truck, at = straight(rng), rng.uniform(5.0, 7.0)
    way = float(truck.heading[0]) + side(rng) * rng.uniform(0.3 * pi, 0.7 * pi)
    goal = beside(truck, at, rng.uniform(-4.0, 6.5), rng.uniform(-0.4, 0.4))
    return Encounter("crossing", truck, [walk(rng, goal, at, rng.uniform(0.6, 1.8), way)])


def head_on(rng: Random) -> Encounter:
    """Comes towards the truck."""
    truck, at = straight(rng), rng.uniform(5.0, 7.0)
    goal = beside(truck, at, 1.5, rng.uniform(-2.8, 2.8))
    way = float(truck.heading[0]) + pi + rng.gauss(0, 0.08)
    return Encounter("head_on", truck, [walk(rng, goal, at, rng.uniform(0.6, 1.6), way)])


def overtaking(rng: Random) -> Encounter:
    """The truck comes from behind somebody who walks the same way."""
    truck, at = straight(rng, 1.8, 3.0), rng.uniform(5.0, 7.0)
    goal = beside(truck, at, 1.5, rng.uniform(-2.8, 2.8))
    way = float(truck.heading[0]) + rng.gauss(0, 0.06)
    return Encounter("overtaking", truck, [walk(rng, goal, at, rng.uniform(0.5, 1.3), way)])


def turning_into(rng: Random) -> Encounter:
    """The truck turns, and somebody stands or walks where it turns to."""
    speed, h, since = rng.uniform(1.0, 2.2), rng.uniform(-pi, pi), rng.uniform(2.5, 4.0)
    bend = side(rng) * rng.uniform(0.2, 0.6)
    truck = truck_path(rng, [Drive(0, speed), Drive(since, speed, bend)], backed(speed, 4, h))
    at = since + rng.uniform(2.0, 4.0)
    goal = beside(truck, at, rng.uniform(0.0, 4.0), rng.uniform(-3.5, 3.5))
    return Encounter("turning_into", truck, [walk(rng, goal, at, rng.choice([0.0, 0.8, 1.2]), rng.uniform(-pi, pi))])


def rear_swing(rng: Random) -> Encounter:
    """The truck turns away and its rear end swings towards somebody beside it."""
    speed, h, since = rng.uniform(0.5, 1.4), rng.uniform(-pi, pi), rng.uniform(4.0, 5.0)
    bend = side(rng) * rng.uniform(0.5, 1.6)
    truck = truck_path(rng, [Drive(0, speed), Drive(since, min(speed, 1.2 / abs(bend)), bend)], backed(speed, 5, h))
    goal = beside(truck, since + 0.8, rng.uniform(-1.3, 0.3), float(-np.sign(bend)) * rng.uniform(1.3, 3.0))
    return Encounter("rear_swing", truck, [walk(rng, goal, since, rng.choice([0.0, 0.0, 0.5]), h)])


def reversing(rng: Random) -> Encounter:
    """The truck backs towards somebody who stands or walks across."""
    speed, h, at = rng.uniform(0.6, 1.6), rng.uniform(-pi, pi), rng.uniform(5.0, 7.0)
    truck = truck_path(rng, [Drive(0, -speed, rng.choice([0.0, 0.0, 0.2]))], backed(-speed, 5, h))
    goal = beside(truck, at, rng.uniform(-4.0, -1.0), rng.uniform(-2.5, 2.5))
    return Encounter("reversing", truck, [walk(rng, goal, at, rng.choice([0.0, 0.7, 1.3]), rng.uniform(-pi, pi))])


def blind_corner(rng: Random) -> Encounter:
    """Steps out from behind a rack that ends 0.7 to 2 m beside the truck's way; the camera may see behind it or not."""
    truck, at, left = straight(rng, 0.8, 2.4), rng.uniform(5.0, 7.0), side(rng)
    h, along = float(truck.heading[0]), rng.uniform(-3.0, 6.0)
    goal = beside(truck, at, along, 0.0)
    person = walk(rng, goal, at, rng.uniform(0.8, 1.7), h - left * pi / 2 + rng.gauss(0, 0.08))
    near = truck.size[1] / 2 + rng.uniform(0.7, 2.0)
    middle = beside(truck, at, along - rng.uniform(0.5, 0.9) - 2.5, left * (near + 0.6))
    return Encounter("blind_corner", truck, [person], racks=[Rack(*middle, h, 5.0, 1.2)])


def starting_up(rng: Random) -> Encounter:
    """A standing truck starts towards somebody near it, straight or in a turn."""
    h, since, speed = rng.uniform(-pi, pi), rng.uniform(3.5, 5.0), side(rng) * rng.uniform(0.8, 2.0)
    bend = rng.choice([0.0, 0.0, rng.uniform(-0.5, 0.5)])
    truck = truck_path(rng, [Drive(0, 0.0), Drive(since, speed, bend)], (0.0, 0.0, h))
    along = float(np.sign(speed)) * rng.uniform(2.5, 5.5)
    goal = beside(truck, 0.0, along, rng.uniform(-1.8, 1.8))
    return Encounter("starting_up", truck, [walk(rng, goal, since + 1.5, rng.choice([0.0, 0.8]), rng.uniform(-pi, pi))])


def person_turns(rng: Random) -> Encounter:
    """Walks along beside the truck's way, then turns into it or away from it."""
    truck, at = straight(rng, 0.8, 2.2), rng.uniform(5.0, 7.0)
    h, left, turn = float(truck.heading[0]), side(rng), at - rng.uniform(0.8, 2.4)
    goal = beside(truck, at, rng.uniform(1.0, 3.5), left * rng.uniform(0.0, 2.0))
    new = h - left * rng.uniform(0.3, 0.6) * pi * rng.choice([1, 1, -1])
    changes = [Change(turn, new, rng.uniform(0.7, 1.4))]
    return Encounter("person_turns", truck, [walk(rng, goal, at, 0.9, h + rng.choice([0.0, pi]), changes)])


def person_rushes(rng: Random) -> Encounter:
    """Stands or strolls beside the truck's way, then runs across it."""
    truck, at, left = straight(rng, 0.8, 2.2), rng.uniform(5.0, 7.0), side(rng)
    h, rush = float(truck.heading[0]), at - rng.uniform(0.8, 2.2)
    goal = beside(truck, at, rng.uniform(0.0, 3.5), left * rng.uniform(0.0, 0.8))
    changes = [Change(rush, h - left * rng.uniform(0.4, 0.6) * pi, rng.uniform(1.6, 2.8))]
    first = rng.choice([0.0, 0.4])
    return Encounter("person_rushes", truck, [walk(rng, goal, at, first, rng.uniform(-pi, pi), changes)])


def group(rng: Random) -> Encounter:
    """Two or three walk across together."""
    meeting = crossing(rng)
    lead = meeting.people[0]
    more = [lead.moved(rng.gauss(0, 0.15), rng.choice([-0.7, 0.7]) * (n + 1)) for n in range(rng.choice([1, 2]))]
    return Encounter("group", meeting.truck, [lead, *more])


def pallet_truck(rng: Random) -> Encounter:
    """An operator leads a pallet truck, and somebody else crosses or stands by."""
    at = rng.uniform(5.0, 7.0)
    truck = straight(rng, 0.6, 1.4, Kind.PALLET_TRUCK)
    operator = aboard(truck, -1.3, rng.uniform(-0.2, 0.2))
    goal = beside(truck, at, rng.uniform(0.0, 2.0), rng.uniform(-2.5, 2.5))
    other = walk(rng, goal, at, rng.choice([0.0, 1.0, 1.4]), rng.uniform(-pi, pi))
    return Encounter("pallet_truck", truck, [operator, other])


def driver_stops(rng: Random) -> Encounter:
    """The driver brakes for somebody ahead, in time or not quite."""
    speed, h, since = rng.uniform(0.8, 2.5), rng.uniform(-pi, pi), rng.uniform(3.0, 4.5)
    truck = truck_path(rng, [Drive(0, speed), Drive(since, 0.0)], backed(speed, 4, h))
    goal = beside(truck, LONG - 0.5, 1.3 + rng.uniform(0.6, 3.0), rng.uniform(-0.5, 0.5))
    return Encounter("driver_stops", truck, [walk(rng, goal, since + 1, rng.choice([0.0, 0.6]), h + pi / 2)])


def occlusion(rng: Random) -> Encounter:
    """Crosses, comes head-on or stands in the way, and is hidden for a while on the way there."""
    meeting = rng.choice([crossing, head_on, reversing])(rng)
    since = rng.uniform(2.0, 5.0)
    meeting.people[0].hidden.append((since, since + rng.uniform(0.4, 1.5)))
    return Encounter("occlusion", meeting.truck, meeting.people)


def id_switch(rng: Random) -> Encounter:
    """Walks across or head-on, and the tracker loses hold of that person, or of the truck, on the way there."""
    meeting = rng.choice([crossing, head_on])(rng)
    rng.choice([meeting.people[0], meeting.people[0], meeting.truck]).switched = rng.uniform(2.0, 6.0)
    return Encounter("id_switch", meeting.truck, meeting.people)
