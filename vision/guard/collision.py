"""What trucks are about to do to people: predicted separation, time to danger, probability; pure and deterministic.

Every truck and person is drawn a fixed number of times from what its filter holds possible (the same points of a
low-discrepancy sequence every time), each draw moves on unchanged, a truck in the turn it is in with its rear end
swinging out, and the share of the draws that come within danger is the probability.

Not known to it: what no camera sees (behind a truck, a rack, a wall, outside the picture), where a driver or a walker
means to go next, loads wider than the truck, and trucks longer or shorter than their class is taken to be.
"""
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, sin
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri  # type: ignore[import-untyped]  # scipy ships no type information

from vision.guard.filters import Floats, Rows
from vision.guard.footprint import Pose, outline_distance
from vision.guard.motion import Motion, Motions
from vision.guard.records import Id, Level
from vision.guard.thresholds import Thresholds, outline, radius

Pair = tuple[Motion, Motion]


@dataclass(frozen=True)
class Threat:
    """One pair in one frame: separation now (m), time to danger (s, None = none likely within the horizon), and the
    probability of danger within the horizon, within the time to warn, within the time to stop, and at any moment."""
    separation_m: float
    ttc_s: float | None
    probability: float
    warning_p: float
    critical_p: float
    urgent_p: float

    def level(self, limits: Thresholds, calm: bool = False) -> Level:
        """The level of this frame alone, before debouncing; calm: a slow truck and somebody who stands."""
        if self.critical_p > limits.critical_p:
            return Level.CRITICAL
        if self.warning_p > (limits.calm_p if calm else limits.warning_p):
            return Level.WARNING
        return Level.ADVISORY if self.probability > limits.advisory_p else Level.NONE

    def urgent(self, limits: Thresholds) -> bool:
        """Whether there is no time left to be sure."""
        return self.urgent_p > limits.urgent_p


#: Seconds ahead at which it is first looked whether two come near each other at all.
LOOKS = (0.0, 0.6, 1.2, 1.8, 2.4, 3.0)


@cache
def draws(count: int) -> tuple[Floats, Floats]:
    """Uniform (count, 2) and normal (count, 11) numbers: an additive recurrence by the generalised golden ratio."""
    dimensions, ratio = 13, 1.5
    for _ in range(60):
        ratio = (1 + ratio) ** (1 / (dimensions + 1))
    steps = ratio ** -np.arange(1.0, dimensions + 1)
    even = (0.5 + np.arange(1, count + 1)[:, None] * steps) % 1
    return np.asarray(even[:, :2]), np.asarray(ndtri(np.clip(even[:, 2:], 1e-3, 1 - 1e-3)))


class Fan(NamedTuple):
    """Drawn ways of some objects over the time steps, each (objects, draws, steps); of people only x and y matter."""
    x: Floats
    y: Floats
    c: Floats
    s: Floats
    moves: Floats


class Foresight:
    """Threats of pairs, from the filters of everything that is followed."""

    def __init__(self, motions: Motions, limits: Thresholds) -> None:
        self.motions, self.limits = motions, limits
        self.steps: Floats = np.arange(0.0, limits.horizon_s + 1e-9, limits.step_s)
        self.even, self.normal = draws(limits.draws)

    def threats(self, pairs: Sequence[Pair]) -> list[Threat]:
        """The threat of each truck to each person, in the order of the pairs."""
        near = [n for n, pair in enumerate(pairs) if self._reach(*pair)]
        found = dict(zip(near, self._near([pairs[n] for n in near]), strict=True)) if near else {}
        return [found.get(n) or Threat(apart(*pair), None, 0.0, 0.0, 0.0, 0.0) for n, pair in enumerate(pairs)]

    def _reach(self, truck: Motion, person: Motion) -> bool:
        """Whether they could meet within the horizon at all: going on as they do, they come near enough for doubt."""
        half = sum(outline(truck.kind)) / 2 + self.limits.danger_m + self.limits.doubt_m
        return any(
            hypot(person.x + person.vx * tau - x, person.y + person.vy * tau - y) < half + self.limits.doubt_mps * tau
            for tau in LOOKS for x, y in _middles(truck, tau))

    def _near(self, pairs: Sequence[Pair]) -> list[Threat]:
        trucks, people = ({pair[side].id: pair[side] for pair in pairs} for side in (0, 1))
        first, second = ([list(known).index(pair[side].id) for pair in pairs]
                         for side, known in ((0, trucks), (1, people)))
        ways, walks = self._trucks(list(trucks)), self._walks(self.motions.rows(people)[0], self.normal[:, 5:9], 1)
        gaps = self._gaps(Fan(*(part[first] for part in ways)), walks.x[second], walks.y[second],
                          [(*outline(truck.kind), radius(person.kind)) for truck, person in pairs])
        shares = (np.minimum.accumulate(gaps, axis=2) < self.limits.danger_m + self.limits.glance_m).mean(axis=1)
        return [self._threat(pair, row) for pair, row in zip(pairs, shares, strict=True)]

    def _threat(self, pair: Pair, share: Floats) -> Threat:
        """From the share of the draws in danger by each step."""
        limits = self.limits
        likely = float(share[-1])
        stop = limits.critical_ttc_s + pair[0].speed * limits.critical_per_mps
        ttc = float(np.interp(likely / 2, share, self.steps)) if likely > limits.least_p else None
        within = [float(np.interp(when, self.steps, share)) for when in (limits.warning_ttc_s, stop, limits.urgent_s)]
        return Threat(apart(*pair), ttc, likely, *within)

    def _gaps(self, trucks: Fan, x: Floats, y: Floats, sizes: list[tuple[float, float, float]]) -> Floats:
        """Metres between outlines (pairs, draws, steps), as wrong as places and sizes are; far while a truck stands."""
        half = np.array(sizes)[:, :, None, None] * np.array([0.5, 0.5, 1.0])[:, None, None]
        dx, dy = x - trucks.x, y - trucks.y
        along = np.maximum(np.abs(trucks.c * dx + trucks.s * dy) - half[:, 0], 0.0)
        across = np.maximum(np.abs(trucks.c * dy - trucks.s * dx) - half[:, 1], 0.0)
        wrong = self.limits.model_sigma_m * self.normal[:, 9]
        return np.asarray(np.sqrt(along * along + across * across) - half[:, 2] + wrong[:, None] + trucks.moves)

    def _trucks(self, ids: Sequence[Id]) -> Fan:
        """Trucks in the order of their ids, whichever filter holds them."""
        free, wheeled = self.motions.rows(ids)
        drives, walks = np.flatnonzero(wheeled >= 0), np.flatnonzero(wheeled < 0)
        parts = [self._drives(wheeled[drives])] * (len(drives) > 0)
        parts += [self._walks(free[walks], self.normal[:, :4], 0)] * (len(walks) > 0)
        order = np.argsort(np.concatenate([drives, walks]))
        return Fan(*(np.concatenate(column)[order] for column in zip(*parts, strict=True)))

    def _chosen(self, weights: Floats, which: int) -> Rows:
        """Which way of moving each draw takes (objects, draws)."""
        chosen = (self.even[None, :, which, None] > np.cumsum(weights, axis=1)[:, None, :]).sum(axis=-1)
        return np.asarray(np.minimum(chosen, weights.shape[1] - 1))

    def _drives(self, rows: Rows) -> Fan:
        bank, limits, tau = self.motions.wheeled, self.limits, self.steps
        way = self._chosen(bank.weights[rows], 0)
        root = np.linalg.cholesky(bank.spread[rows])
        each = np.arange(len(rows))[:, None]
        drawn = bank.state[rows][each, way] + np.einsum("nskl,sl->nsk", root[each, way], self.normal[:, :5])
        x, y, h, v, w = (drawn[..., k] for k in range(5))
        w = w + limits.truck_radps * self.normal[:, 10] * (way > 0)
        moves = np.where((way > 0) & ((np.abs(v) > limits.moving) | (np.abs(w) > limits.moving)), 0.0, 99.0)
        half = w[..., None] * (tau / 2)
        middle = h[..., None] + half
        chord = v[..., None] * tau * np.sin(half + 1e-9) / (half + 1e-9)
        c, s = np.cos(middle + half), np.sin(middle + half)
        ahead = bank.ahead[rows][:, None, None]
        return Fan(x[..., None] + chord * np.cos(middle) + ahead * c, y[..., None] + chord * np.sin(middle) + ahead * s,
                   c, s, np.broadcast_to(moves[..., None], c.shape))

    def _walks(self, rows: Rows, normal: Floats, which: int) -> Fan:
        """People, and trucks whose heading is their way, or any while they stand."""
        bank, tau = self.motions.free, self.steps
        way, each = self._chosen(bank.weights[rows], which), np.arange(len(rows))[:, None]
        spread = bank.spread[rows] + 1e-9 * np.eye(4)
        spread[:, 1:, 2, 2] += self.limits.person_mps ** 2
        spread[:, 1:, 3, 3] += self.limits.person_mps ** 2
        root = np.linalg.cholesky(spread)
        drawn = bank.state[rows][each, way] + np.einsum("nskl,sl->nsk", root[each, way], normal)
        place, speed = drawn[..., :2], drawn[..., 2:]
        fast = np.hypot(speed[..., 0], speed[..., 1])
        heading = np.where(fast > 0.3, np.arctan2(speed[..., 1], speed[..., 0]), 2 * np.pi * self.even[:, 1 - which])
        x, y = (place[..., axis, None] + speed[..., axis, None] * tau for axis in (0, 1))
        c, s = (np.broadcast_to(one[..., None], x.shape) for one in (np.cos(heading), np.sin(heading)))
        moves = np.where((way > 0) & (fast > self.limits.moving), 0.0, 99.0)
        return Fan(x, y, c, s, np.broadcast_to(moves[..., None], x.shape))


def _middles(truck: Motion, tau: float) -> list[tuple[float, float]]:
    """Where a truck's middle will be if it goes straight on, and if it keeps turning."""
    straight = truck.x + truck.vx * tau, truck.y + truck.vy * tau
    angle = truck.yaw * tau
    if abs(angle) < 0.1:
        return [straight]
    along, across = tau * sin(angle) / angle, tau * (1 - cos(angle)) / angle
    return [straight, (truck.x + truck.vx * along - truck.vy * across, truck.y + truck.vx * across + truck.vy * along)]


def apart(truck: Motion, person: Motion) -> float:
    """Metres between the outlines of a truck and a person now; 0 when they touch. Of a truck whose heading nothing has
    told yet, to the circle that holds its outline however it stands."""
    length, width = outline(truck.kind)
    if not truck.aimed:
        away = hypot(person.x - truck.x, person.y - truck.y)
        return max(0.0, away - hypot(length, width) / 2 - radius(person.kind))
    pose = Pose(truck.x, truck.y, truck.heading)
    return max(0.0, outline_distance(pose, length, width, (person.x, person.y)) - radius(person.kind))
