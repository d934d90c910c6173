"""True paths in metres at 20 steps a second; nobody in an encounter reacts to anybody.

A truck is a rear-steered bicycle: the middle of its front axle moves along its heading, a little behind the middle of
the footprint with forks, and its rear end swings out in a turn. A person keeps a velocity that changes no faster than
legs can, wanders a little, sways, and walks in steps; the steps are no part of the velocity that an extrapolation uses.
"""
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import atan, cos, pi, sin, tan
from random import Random

import numpy as np
from numpy.typing import NDArray

from vision.guard.records import Kind
from vision.guard.thresholds import outline

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
STEP, LONG = 0.05, 12.0
STEPS = round(LONG / STEP)
TIMES: Floats = np.arange(STEPS, dtype=np.float64) * STEP
#: m/s², rad/s of steering, m/s² of a person.
SPEEDING_UP, STEERING, LEGS = 1.2, 0.9, 3.0
#: Sharpest steering angle, rad, and share of the footprint's length from its middle back to the front axle, and on.
SHARPEST, AXLE, WHEELBASE = 1.3, 0.058, 0.38


@dataclass(frozen=True)
class Drive:
    """From that second on: wanted speed (m/s, negative in reverse) and curvature (1/m, left positive)."""
    since: float
    speed: float
    bend: float = 0.0


@dataclass(frozen=True)
class Change:
    """From that second on: a person's wanted direction (rad) and speed (m/s)."""
    since: float
    direction: float
    speed: float


@dataclass
class Actor:
    """One true path: middle of the footprint, heading, velocity of the middle and yaw rate at every step.

    belongs: drives or leads the truck; hidden: seconds from, to; switched: second at which its track is lost.
    """
    kind: Kind
    size: tuple[float, float]
    x: Floats
    y: Floats
    heading: Floats
    vx: Floats
    vy: Floats
    yaw: Floats
    belongs: bool = False
    hidden: list[tuple[float, float]] = field(default_factory=list)
    switched: float | None = None

    @property
    def speed(self) -> Floats:
        """m/s along the heading, negative in reverse."""
        return np.asarray(self.vx * np.cos(self.heading) + self.vy * np.sin(self.heading))

    def moved(self, dx: float, dy: float) -> "Actor":
        """Another one who does the same elsewhere."""
        return Actor(self.kind, self.size, self.x + dx, self.y + dy, self.heading, self.vx, self.vy, self.yaw)


def body(rng: Random, kind: Kind = Kind.FORKLIFT) -> tuple[float, float]:
    """Length and width of one truck, metres: the class's size with a spread of 5 % and 4 %, which no log tells."""
    length, width = outline(kind)
    return length * (1 + _within(rng.gauss(0, 0.05), 0.12)), width * (1 + _within(rng.gauss(0, 0.04), 0.1))


def truck_path(rng: Random, drives: Sequence[Drive], start: tuple[float, float, float], kind: Kind = Kind.FORKLIFT
               ) -> Actor:
    """Drive a truck from its front axle's place and heading at the start."""
    size = body(rng, kind)
    base, ahead = WHEELBASE * size[0], AXLE * size[0]
    x, y, h = start
    v, wheel = drives[0].speed, _wheel(drives[0].bend, base)
    rows = []
    for n in range(STEPS):
        now = [drive for drive in drives if drive.since <= n * STEP + 1e-9][-1]
        v += _within(now.speed - v, SPEEDING_UP * STEP)
        wheel += _within(_wheel(now.bend, base) - wheel, STEERING * STEP)
        w = v * tan(wheel) / base
        rows.append((x + ahead * cos(h), y + ahead * sin(h), h,
                     v * cos(h) - ahead * w * sin(h), v * sin(h) + ahead * w * cos(h), w))
        x, y, h = x + v * cos(h) * STEP, y + v * sin(h) * STEP, h + w * STEP
    return Actor(kind, size, *np.array(rows).T)


def _wheel(bend: float, base: float) -> float:
    return _within(atan(bend * base), SHARPEST)


def _within(value: float, most: float) -> float:
    return max(-most, min(most, value))


def beside(truck: Actor, second: float, along: float, across: float) -> tuple[float, float]:
    """A floor point in the truck's own axes at that second: metres ahead of its middle, metres to its left."""
    n = min(STEPS - 1, round(second / STEP))
    x, y, h = float(truck.x[n]), float(truck.y[n]), float(truck.heading[n])
    return x + along * cos(h) - across * sin(h), y + along * sin(h) + across * cos(h)


def walk(rng: Random, towards: tuple[float, float], at: float, speed: float, direction: float,
         changes: Sequence[Change] = ()) -> Actor:
    """A person who is at that point at that second, with whatever changes of direction and speed before or after."""
    vx, vy = _velocity(rng, speed, direction, changes or whim(rng, speed, direction))
    beat, phase, depth = rng.uniform(1.6, 2.2), rng.uniform(0, 2 * pi), rng.uniform(0.0, 0.12)
    steps, sway = 1 + depth * np.sin(2 * pi * beat * TIMES + phase), rng.uniform(0.0, 0.04)
    across = sway * np.sin(pi * beat * TIMES) * (np.hypot(vx, vy) > 0.2)
    way = np.arctan2(vy, vx)
    x = np.cumsum(vx * steps) * STEP - across * np.sin(way)
    y = np.cumsum(vy * steps) * STEP + across * np.cos(way)
    n = min(STEPS - 1, round(at / STEP))
    return Actor(Kind.PERSON, outline(Kind.PERSON), x - x[n] + towards[0], y - y[n] + towards[1], way, vx, vy,
                 np.zeros(STEPS))


def whim(rng: Random, speed: float, direction: float) -> list[Change]:
    """What somebody does for no reason: half of those who walk change pace and direction once, sometime."""
    if speed == 0 or rng.random() < 0.5:
        return []
    return [Change(rng.uniform(2.0, 7.0), direction + rng.gauss(0, 0.35), speed * rng.uniform(0.4, 1.5))]


def _velocity(rng: Random, speed: float, direction: float, changes: Sequence[Change]) -> tuple[Floats, Floats]:
    """Velocity at every step: the wanted one with a slow drift, followed no faster than legs can."""
    turn, pace = rng.uniform(-0.04, 0.04), rng.uniform(-0.03, 0.03)
    way, fast = np.full(STEPS, direction) + turn * TIMES, np.full(STEPS, speed)
    for change in changes:
        way = np.where(change.since <= TIMES, change.direction + turn * TIMES, way)
        fast = np.where(change.since <= TIMES, change.speed, fast)
    fast = fast * (1 + pace * np.sin(0.9 * TIMES))
    vx, vy = fast * np.cos(way), fast * np.sin(way)
    return _followed(vx, vy) if changes else (vx, vy)


def _followed(vx: Floats, vy: Floats) -> tuple[Floats, Floats]:
    now, most = complex(vx[0], vy[0]), LEGS * STEP
    followed = np.empty(STEPS, complex)
    for n, wanted in enumerate(vx + 1j * vy):
        gap = wanted - now
        now = complex(wanted) if abs(gap) <= most else now + gap / abs(gap) * most
        followed[n] = now
    return np.ascontiguousarray(followed.real), np.ascontiguousarray(followed.imag)


def aboard(truck: Actor, along: float, across: float) -> Actor:
    """A person carried by the truck at a place in its own axes."""
    c, s = np.cos(truck.heading), np.sin(truck.heading)
    dx, dy = along * c - across * s, along * s + across * c
    return Actor(Kind.PERSON, outline(Kind.PERSON), truck.x + dx, truck.y + dy, truck.heading,
                 truck.vx - truck.yaw * dy, truck.vy + truck.yaw * dx, truck.yaw, belongs=True)


def joined(first: Actor, then: Actor, second: float) -> Actor:
    """One actor's path until that second, another's from then on; they should meet there."""
    late = second <= TIMES
    x, y, heading, vx, vy, yaw = (
        np.where(late, after, before) for before, after in (
            (first.x, then.x), (first.y, then.y), (first.heading, then.heading), (first.vx, then.vx),
            (first.vy, then.vy), (first.yaw, then.yaw)))
    return Actor(first.kind, first.size, x, y, heading, vx, vy, yaw, belongs=then.belongs)
