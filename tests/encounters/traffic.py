"""Busy hours: three trucks and four people at work on one dock of 16 x 12 m, who look out for each other, mostly.

Drivers go from station to station, back out, slow down near people and stop for whoever is in their way; people walk
between places of work, wait for trucks and step aside. One decision in sixty is made without looking. A driver sits in
each forklift, an operator leads the pallet truck. Metres, 20 steps a second, five minutes at a time.
"""
from dataclasses import dataclass, field
from math import atan2, cos, hypot, pi, sin, tan
from random import Random

import numpy as np

from tests.encounters.paths import AXLE, SHARPEST, STEERING, STEP, WHEELBASE, Actor, body
from vision.guard.footprint import Pose, outline_distance
from vision.guard.records import Kind
from vision.guard.thresholds import PERSON_RADIUS, outline

HALF_LONG, HALF_WIDE = 8.0, 6.0
MINUTES = 5.0
CARELESS = 1 / 60
#: Metres behind the middle of a pallet truck at which its operator walks.
LEADS = 1.3
#: Seconds for which a driver waits for somebody to move.
PATIENCE = 6.0


@dataclass
class Truck:
    """A truck under way: front axle, heading, speed along it, steering angle; what its driver is about to do."""
    rng: Random
    kind: Kind
    x: float
    y: float
    h: float
    v: float = 0.0
    wheel: float = 0.0
    goal: tuple[float, float] = (0.0, 0.0)
    wait: float = 0.0
    back: float = 0.0
    stuck: float = 0.0
    looks: bool = True
    rows: list[tuple[float, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.size = body(self.rng, self.kind)
        self.fast = self.rng.uniform(1.0, 1.4) if self.kind is Kind.PALLET_TRUCK else self.rng.uniform(1.3, 2.2)
        self.headway, self.goal = self.rng.uniform(2.2, 4.0), self._somewhere()

    def middle(self) -> Pose:
        """The middle of the footprint."""
        ahead = AXLE * self.size[0]
        return Pose(self.x + ahead * cos(self.h), self.y + ahead * sin(self.h), self.h)

    def _somewhere(self) -> tuple[float, float]:
        return self.rng.uniform(-HALF_LONG, HALF_LONG) * 0.85, self.rng.uniform(-HALF_WIDE, HALF_WIDE) * 0.8

    def decide(self) -> None:
        """At a station: stand, then back out, then go on to another."""
        self.looks = self.rng.random() > CARELESS
        if self.back > 0:
            self.goal, self.back = self._somewhere(), 0.0
        elif self.wait > 0:
            self.wait, self.back = 0.0, self.rng.uniform(2.0, 4.0) / 0.8
        else:
            self.wait = self.rng.uniform(8.0, 40.0)

    def step(self, others: list["Truck"], people: list["Walker"]) -> None:
        """Move on by one step."""
        wanted, wheel = self._wish()
        if wanted and self.looks:
            wanted = self._unstuck(min(wanted, self._clear(others, people), key=abs))
        slower = abs(wanted) < abs(self.v)
        self.v += max(-(2.0 if slower else 1.0) * STEP, min((2.0 if slower else 1.0) * STEP, wanted - self.v))
        self.wheel += max(-STEERING * STEP, min(STEERING * STEP, wheel - self.wheel))
        w, ahead = self.v * tan(self.wheel) / (WHEELBASE * self.size[0]), AXLE * self.size[0]
        at = self.middle()
        self.rows.append((at.x, at.y, self.h, self.v * cos(self.h) - ahead * w * sin(self.h),
                          self.v * sin(self.h) + ahead * w * cos(self.h), w))
        self.x, self.y = self.x + self.v * cos(self.h) * STEP, self.y + self.v * sin(self.h) * STEP
        self.h += w * STEP

    def _unstuck(self, wanted: float) -> float:
        """The same speed; who has stood in front of others for a while backs out, or goes on, to somewhere else."""
        self.stuck = self.stuck + STEP if wanted == 0 else 0.0
        if self.stuck > PATIENCE:
            self.stuck, self.goal = 0.0, self._somewhere()
            self.back = 0.0 if self.back > 0 else 3.0
        return wanted

    def _wish(self) -> tuple[float, float]:
        """Wanted speed and steering angle, whoever stands in the way."""
        if self.wait > 0:
            self.wait -= STEP
            if self.wait <= 0:
                self.wait = STEP
                self.decide()
            return 0.0, self.wheel
        if self.back > 0:
            self.back -= STEP
            if self.back <= 0:
                self.back = STEP
                self.decide()
            return -0.8, 0.3
        dx, dy = self.goal[0] - self.x, self.goal[1] - self.y
        away, off = hypot(dx, dy), (atan2(dy, dx) - self.h + pi) % (2 * pi) - pi
        if away < 0.8:
            self.decide()
        wheel = max(-SHARPEST * 0.7, min(SHARPEST * 0.7, 1.2 * off))
        return min(self.fast, 0.4 + 0.5 * away) * max(0.3, cos(off)), wheel

    def _clear(self, others: list["Truck"], people: list["Walker"]) -> float:
        """The speed at which the way is clear: none when somebody is in it, slow when somebody is near."""
        sign = -1.0 if self.back > 0 else 1.0
        reach = self.size[0] / 2 + 1.0 + abs(self.v) * self.headway
        limit = self.fast
        at = self.middle()
        leaders = [one.leader() for one in others if one.kind is Kind.PALLET_TRUCK and one is not self]
        ahead: list[tuple[Truck | Walker, float]] = [(one, 0.9) for one in [*people, *leaders]]
        ahead += [(one, 1.4) for one in others if one is not self]
        for other, wide in ahead:
            dx, dy = other.x + 0.8 * other.vx - at.x, other.y + 0.8 * other.vy - at.y
            along, across = sign * (dx * cos(self.h) + dy * sin(self.h)), abs(dy * cos(self.h) - dx * sin(self.h))
            near = outline_distance(at, *self.size, (other.x, other.y)) if isinstance(other, Walker) else 9.0
            if near < 1.3 and (along > -0.9 or abs(self.v) < 0.1):
                return 0.0
            first = isinstance(other, Walker) or others.index(other) < others.index(self)
            if first and 0 < along < reach and across < self.size[1] / 2 + wide:
                return 0.0
            if -2 < along < reach and across < self.size[1] / 2 + 2.0:
                limit = 0.6 * self.fast
        return sign * limit

    def leader(self) -> "Walker":
        """Who leads a pallet truck, for others to look out for."""
        at = self.middle()
        return Walker(Random(0), at.x - LEADS * cos(self.h), at.y - LEADS * sin(self.h), self.vx, self.vy)

    @property
    def vx(self) -> float:
        """m/s."""
        return self.v * cos(self.h)

    @property
    def vy(self) -> float:
        """m/s."""
        return self.v * sin(self.h)

    def actor(self) -> Actor:
        """Its path."""
        return Actor(self.kind, self.size, *np.array(self.rows).T)


@dataclass
class Walker:
    """A person at work: where they are and go."""
    rng: Random
    x: float
    y: float
    vx: float = 0.0
    vy: float = 0.0
    goal: tuple[float, float] = (0.0, 0.0)
    wait: float = 0.0
    looks: bool = True
    rows: list[tuple[float, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fast, self.beat = self.rng.uniform(0.9, 1.5), self.rng.uniform(1.6, 2.2)
        self._next()

    def _next(self) -> None:
        self.looks = self.rng.random() > CARELESS
        self.goal = self.rng.uniform(-HALF_LONG, HALF_LONG), self.rng.uniform(-HALF_WIDE, HALF_WIDE)
        self.wait = self.rng.choice([0.0, self.rng.uniform(5.0, 60.0)])

    def step(self, trucks: list[Truck], t: float) -> None:
        """Move on by one step, no faster than legs can."""
        wx, wy = self._wish()
        for truck in trucks if self.looks else []:
            wx, wy = self._aside(truck, wx, wy)
        if any(self._bumps(truck, wx, wy) for truck in trucks):
            wx, wy = 0.0, 0.0
            self._next()
        ax, ay = wx - self.vx, wy - self.vy
        part = min(1.0, 3.0 * STEP / max(1e-9, hypot(ax, ay)))
        self.vx, self.vy = self.vx + part * ax, self.vy + part * ay
        stride = 1 + 0.08 * sin(2 * pi * self.beat * t)
        self.x, self.y = self.x + self.vx * stride * STEP, self.y + self.vy * stride * STEP
        self.rows.append((self.x, self.y, atan2(self.vy, self.vx), self.vx, self.vy, 0.0))

    def _wish(self) -> tuple[float, float]:
        if self.wait > 0:
            self.wait -= STEP
            return 0.0, 0.0
        dx, dy = self.goal[0] - self.x, self.goal[1] - self.y
        away = hypot(dx, dy)
        if away < 0.3:
            self._next()
            return 0.0, 0.0
        return self.fast * dx / away, self.fast * dy / away

    def _bumps(self, truck: Truck, wx: float, wy: float) -> bool:
        """Whether the way wanted leads into a truck."""
        at = truck.middle()
        then = outline_distance(at, *truck.size, (self.x + 0.6 * wx, self.y + 0.6 * wy))
        return then < 0.5 and then < outline_distance(at, *truck.size, (self.x, self.y))

    def _aside(self, truck: Truck, wx: float, wy: float) -> tuple[float, float]:
        """What is wanted, unless a truck comes: then wait, or step out of its way."""
        if abs(truck.v) < 0.05 or hypot(truck.x - self.x, truck.y - self.y) > 9.0:
            return wx, wy
        if not _meets(truck, self.x, self.y, wx, wy):
            return wx, wy
        if not _meets(truck, self.x, self.y, 0.0, 0.0):
            return 0.0, 0.0
        left = cos(truck.h) * (self.y - truck.y) - sin(truck.h) * (self.x - truck.x)
        turn = truck.h + (pi / 2 if left > 0 else -pi / 2)
        return 1.3 * cos(turn), 1.3 * sin(turn)

    def actor(self) -> Actor:
        """Their path."""
        return Actor(Kind.PERSON, outline(Kind.PERSON), *np.array(self.rows).T)


def _meets(truck: Truck, x: float, y: float, vx: float, vy: float) -> bool:
    """Whether the two come within 1.4 m in the next 3 s, going straight on."""
    at = truck.middle()
    return any(
        outline_distance(Pose(at.x + truck.vx * tau, at.y + truck.vy * tau, truck.h), *truck.size,
                         (x + vx * tau, y + vy * tau)) - PERSON_RADIUS < 1.4 for tau in (0.3, 0.8, 1.5, 2.2, 3.0))


def busy(seed: int, minutes: float = MINUTES) -> tuple[list[Actor], list[Actor]]:
    """Trucks, and people with the driver or operator of each truck last, in the order of the trucks."""
    rng = Random(f"busy {seed}")
    kinds = (Kind.FORKLIFT, Kind.FORKLIFT, Kind.PALLET_TRUCK)
    trucks = [Truck(rng, kind, 5.0 * n - 5.0, rng.uniform(-4, 4), rng.uniform(-pi, pi)) for n, kind in enumerate(kinds)]
    people = [Walker(rng, rng.uniform(-7, 7), rng.choice([-5.5, 5.5])) for _ in range(4)]
    for n in range(round(minutes * 60 / STEP)):
        for truck in trucks:
            truck.step(trucks, people)
        for person in people:
            person.step(trucks, n * STEP)
    return [truck.actor() for truck in trucks], [person.actor() for person in people]
