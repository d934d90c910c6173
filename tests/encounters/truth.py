"""What truly happens in an encounter, to the step: who comes within danger, was it foreseeable, was it provoked."""
from dataclasses import dataclass
from functools import reduce

import numpy as np

from tests.encounters.paths import STEP, STEPS, Actor, Bools, Floats
from tests.encounters.scene import Encounter
from vision.guard.thresholds import PERSON_RADIUS

DANGER, SAFE, HORIZON = 0.5, 1.2, 3.0
#: A danger is foreseeable when it shows this long ahead without a break; an alarm is provoked below the other time.
FORESEEN, PROVOKED = 2.0, 2.2
#: m/s or, of a truck that turns on the spot, rad/s; below both it stands.
MOVING = 0.1


@dataclass(frozen=True)
class Truth:
    """One encounter: when the danger begins (s, None = never), and the time to danger at every step (s, inf = none)."""
    danger_s: float | None
    safe: bool
    foreseeable: bool
    unprovoked: bool
    times: Floats
    apart: Floats


def gaps(size: tuple[float, float], dx: Floats, dy: Floats, heading: Floats) -> Floats:
    """Metres from a person, relative to the truck's middle, to the outline; never below 0."""
    c, s = np.cos(heading), np.sin(heading)
    along = np.maximum(np.abs(c * dx + s * dy) - size[0] / 2, 0)
    across = np.maximum(np.abs(c * dy - s * dx) - size[1] / 2, 0)
    return np.asarray(np.maximum(np.hypot(along, across) - PERSON_RADIUS, 0))


def moves(truck: Actor) -> Bools:
    """Whether the truck moves, at every step."""
    return np.asarray((np.hypot(truck.vx, truck.vy) > MOVING) | (np.abs(truck.yaw) > MOVING))


def exact_times(truck: Actor, person: Actor, size: tuple[float, float] | None = None) -> Floats:
    """Time to danger (s, inf = none in 3 s) by exact constant-velocity, constant-turn extrapolation from every step."""
    tau = np.arange(0, HORIZON + 1e-9, 0.1)[None, :]
    w, h, vx, vy = (column[:, None] for column in (truck.yaw, truck.heading, truck.vx, truck.vy))
    turning = np.abs(w) > 1e-4
    rate = np.where(turning, w, 1.0)
    along = np.where(turning, np.sin(w * tau) / rate, tau)
    across = np.where(turning, (1 - np.cos(w * tau)) / rate, 0.0)
    x, y = truck.x[:, None] + vx * along - vy * across, truck.y[:, None] + vx * across + vy * along
    px, py = person.x[:, None] + person.vx[:, None] * tau, person.y[:, None] + person.vy[:, None] * tau
    near = (gaps(size or truck.size, px - x, py - y, h + w * tau) < DANGER) & moves(truck)[:, None]
    return np.where(near.any(axis=1), tau[0, np.argmax(near, axis=1)], np.inf)


def separations(truck: Actor, person: Actor) -> Floats:
    """True metres between the outlines at every step, 99 while the truck stands."""
    apart = gaps(truck.size, person.x - truck.x, person.y - truck.y, truck.heading)
    return np.where(moves(truck), apart, 99.0)


def truth(scene: Encounter) -> Truth:
    """Judge an encounter; who belongs to the truck is in no danger of it."""
    others = [person for person in scene.people if not person.belongs]
    apart = reduce(np.minimum, (separations(scene.truck, one) for one in others), np.full(STEPS, 99.0))
    times = reduce(np.minimum, (exact_times(scene.truck, one) for one in others), np.full(STEPS, np.inf))
    near = np.flatnonzero(apart < DANGER)
    begins = int(near[0]) if len(near) else None
    before = round(FORESEEN / STEP)
    foreseen = begins is not None and begins >= before and bool(np.isfinite(times[begins - before:begins + 1]).all())
    return Truth(None if begins is None else begins * STEP, bool(apart.min() >= SAFE), foreseen,
                 bool(times.min() > PROVOKED), times, apart)
