"""Filters of everything on the floor at once, one row each: several ways to move, weighed by how well they fit.

Interacting multiple models (Blom and Bar-Shalom 1988). `Free` is for people and for trucks whose heading nothing tells
yet: standing, walking steadily, changing velocity. `Wheeled` is for trucks: an extended Kalman filter of the front
axle's middle, heading, speed along it and yaw rate; standing, straight on, turning or changing speed. Metres, radians,
seconds; states are (rows, ways, ...), covariances likewise.
"""
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class FreeFigures:
    """Figures of `Free` (own, on the simulator): per way, acceleration (m/s², 1 sigma) and the share that keeps it 1 s.

    still_mps: what is called standing moves no faster; first_mps: 1 sigma of the velocity of something just seen.
    heavy: a truck's accelerations, as a share of a person's.
    """
    acceleration: tuple[float, ...] = (0.05, 0.2, 2.0)
    keeps: tuple[float, ...] = (0.9, 0.9, 0.3)
    heavy: float = 0.4
    still_mps: float = 0.05
    first_mps: float = 1.2
    first: tuple[float, ...] = (0.3, 0.4, 0.3)


@dataclass(frozen=True)
class WheeledFigures:
    """Figures of `Wheeled` (own, on the simulator): per way, acceleration, yaw acceleration and the share kept 1 s.

    still_mps, still_radps: a truck that stands, one that goes straight; first_*: 1 sigma of what is just seen.
    """
    acceleration: tuple[float, ...] = (0.02, 0.3, 1.2)
    yaw_acceleration: tuple[float, ...] = (0.02, 0.05, 1.0)
    keeps: tuple[float, ...] = (0.97, 0.8, 0.6)
    still_mps: float = 0.03
    still_radps: float = 0.02
    first_mps: float = 1.5
    first_radps: float = 0.4
    first: tuple[float, ...] = (0.4, 0.4, 0.2)


@cache
def kept(keeps: tuple[float, ...], dt: float) -> Floats:
    """Chances (from, to) of going over from one way to another within dt.

    Whatever stands or goes steadily has to change its velocity, the last way, before it does the other.
    """
    stay = np.array(keeps) ** dt
    chances = np.diag(stay)
    chances[:-1, -1] = 1 - stay[:-1]
    chances[-1, :-1] = (1 - stay[-1]) / (len(keeps) - 1)
    return np.asarray(chances)


def mixing(weights: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """Weights of the ways after the step (rows, ways), and of each former way within each (rows, to, from)."""
    after = weights @ chances
    return after, np.asarray((weights[:, :, None] * chances / after[:, None, :]).swapaxes(1, 2))


def weighed(fit: Floats) -> Floats:
    """Weights of the ways from the logarithms of how well each fits (rows, ways)."""
    fit = np.exp(fit - fit.max(axis=1)[:, None])
    return np.asarray(np.maximum(fit / fit.sum(axis=1)[:, None], 1e-9))


class Free:
    """Constant velocity. state: x, y, vx, vy; spread: its covariance, since a camera tells across better than along."""

    def __init__(self, figures: FreeFigures | None = None) -> None:
        self.figures = figures or FreeFigures()
        ways = len(self.figures.acceleration)
        self.state, self.spread = np.zeros((0, ways, 4)), np.zeros((0, ways, 4, 4))
        self.weights, self.agile = np.zeros((0, ways)), np.zeros((0, 1, 1, 1))

    def add(self, x: float, y: float, place: Floats, heavy: bool = False) -> None:
        """A new last row from a place and its covariance (2, 2), of a person or of something heavy."""
        f, ways = self.figures, len(self.figures.acceleration)
        spread = np.zeros((1, ways, 4, 4))
        spread[..., :2, :2] = place
        spread[..., 2, 2] = spread[..., 3, 3] = np.array([f.still_mps, *[f.first_mps] * (ways - 1)]) ** 2
        self.state = np.concatenate([self.state, np.tile([x, y, 0.0, 0.0], (1, ways, 1))])
        self.spread = np.concatenate([self.spread, spread])
        self.weights = np.concatenate([self.weights, np.array([f.first])])
        self.agile = np.concatenate([self.agile, np.full((1, 1, 1, 1), f.heavy ** 2 if heavy else 1.0)])

    def keep(self, rows: Rows) -> None:
        """Keep these rows, in this order."""
        self.state, self.spread, self.weights = self.state[rows], self.spread[rows], self.weights[rows]
        self.agile = self.agile[rows]

    def predict(self, dt: float) -> None:
        """Advance every row; the ways are mixed by their first and second moments."""
        f = self.figures
        self.weights, part = mixing(self.weights, kept(f.keeps, round(dt, 4)))
        mean, spread = mixed(part, self.state, self.spread)
        for axis in (2, 3):
            _hold(mean, spread, 1, axis, f.still_mps)
        mean[..., :2] += mean[..., 2:] * dt
        step = np.eye(4)
        step[0, 2] = step[1, 3] = dt
        self.state, self.spread = mean, step @ spread @ step.T + self.agile * shaken(f, round(dt, 4))

    def correct(self, rows: Rows, places: Floats, spreads: Floats) -> None:
        """Take in measured places (rows, 2) with their covariances (rows, 2, 2)."""
        state, spread = self.state[rows], self.spread[rows]
        total = spread[..., :2, :2] + spreads[:, None]
        inverse, size = inverted(total)
        gain = spread[..., :2] @ inverse
        off = places[:, None] - state[..., :2]
        self.state[rows] = state + (gain @ off[..., None])[..., 0]
        spread = spread - gain @ spread[..., :2, :]
        self.spread[rows] = (spread + spread.swapaxes(-1, -2)) / 2
        far = (off[..., None, :] @ inverse @ off[..., None])[..., 0, 0]
        self.weights[rows] = weighed(np.log(self.weights[rows]) - far / 2 - np.log(size) / 2)

    def mean(self) -> Floats:
        """x, y, vx, vy of every row (rows, 4), over all ways."""
        return np.asarray(np.einsum("nj,njk->nk", self.weights, self.state))

    def doubt(self) -> Floats:
        """Variance of the velocity along one axis (rows,), over all ways."""
        off = self.state[..., 2:] - self.mean()[:, None, 2:]
        each = self.spread[..., 2, 2] + self.spread[..., 3, 3] + (off ** 2).sum(-1)
        return np.asarray((self.weights * each / 2).sum(axis=1))


class Wheeled:
    """Trucks. state: x, y of the front axle, heading, speed along it, yaw rate; ahead: axle to middle, m (rows,)."""

    def __init__(self, figures: WheeledFigures | None = None) -> None:
        self.figures = figures or WheeledFigures()
        ways = len(self.figures.acceleration)
        self.state, self.spread = np.zeros((0, ways, 5)), np.zeros((0, ways, 5, 5))
        self.weights, self.ahead = np.zeros((0, ways)), np.zeros(0)

    def add(self, state: Floats, spread: Floats, ahead: float, weights: tuple[float, ...] | None = None) -> None:
        """A new last row from one state (5,) and its covariance (5, 5)."""
        ways = len(self.figures.acceleration)
        self.state = np.concatenate([self.state, np.tile(state, (1, ways, 1))])
        self.spread = np.concatenate([self.spread, np.tile(spread, (1, ways, 1, 1))])
        self.weights = np.concatenate([self.weights, np.array([weights or self.figures.first])])
        self.ahead = np.append(self.ahead, ahead)

    def keep(self, rows: Rows) -> None:
        """Keep these rows, in this order."""
        self.state, self.spread, self.weights = self.state[rows], self.spread[rows], self.weights[rows]
        self.ahead = self.ahead[rows]

    def predict(self, dt: float) -> None:
        """Advance every row; the ways are mixed by their first and second moments."""
        f = self.figures
        self.weights, part = mixing(self.weights, kept(f.keeps, round(dt, 4)))
        mean, spread = mixed(part, self.state, self.spread)
        _hold(mean, spread, 1, 3, f.still_mps)
        _hold(mean, spread, 2, 4, f.still_radps)
        h, v, w = mean[..., 2], mean[..., 3], mean[..., 4]
        c, s = dt * np.cos(h + w * dt / 2), dt * np.sin(h + w * dt / 2)
        step = np.zeros(spread.shape) + np.eye(5)
        step[..., 0, 2], step[..., 1, 2], step[..., 0, 3], step[..., 1, 3], step[..., 2, 4] = -v * s, v * c, c, s, dt
        mean[..., 0] += v * c
        mean[..., 1] += v * s
        mean[..., 2] += w * dt
        self.state, self.spread = mean, step @ spread @ step.swapaxes(-1, -2) + pushed(f, round(dt, 4))

    def correct(self, rows: Rows, measured: Floats, spreads: Floats) -> None:
        """Take in middles and headings (rows, 3) and their covariances (rows, 3, 3), huge for what was not told."""
        state, spread, ahead = self.state[rows], self.spread[rows], self.ahead[rows][:, None]
        c, s = np.cos(state[..., 2]), np.sin(state[..., 2])
        slope = np.zeros((*state.shape[:2], 3, 5)) + np.eye(3, 5)
        slope[..., 0, 2], slope[..., 1, 2] = -ahead * s, ahead * c
        off = measured[:, None] - state[..., :3]
        off[..., 0] -= ahead * c
        off[..., 1] -= ahead * s
        off[..., 2] = (off[..., 2] + np.pi) % (2 * np.pi) - np.pi
        lean = spread @ slope.swapaxes(-1, -2)
        total = slope @ lean + spreads[:, None]
        inverse = np.linalg.inv(total)
        gain = lean @ inverse
        self.state[rows] = state + (gain @ off[..., None])[..., 0]
        spread = spread - gain @ lean.swapaxes(-1, -2)
        self.spread[rows] = (spread + spread.swapaxes(-1, -2)) / 2
        size = (off[..., None, :] @ inverse @ off[..., None])[..., 0, 0]
        self.weights[rows] = weighed(np.log(self.weights[rows]) - size / 2 - np.log(np.linalg.det(total)) / 2)

    def mean(self) -> Floats:
        """x, y of the middle, vx, vy of the middle, heading, yaw rate of every row (rows, 6), over all ways."""
        x, y, h, v, w = np.moveaxis(np.einsum("nj,njk->nk", self.weights, self.state), 1, 0)
        c, s = np.cos(h), np.sin(h)
        return np.stack([x + self.ahead * c, y + self.ahead * s, v * c - self.ahead * w * s, v * s + self.ahead * w * c,
                         (h + np.pi) % (2 * np.pi) - np.pi, w], axis=1)


def mixed(part: Floats, state: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Means and covariances of the ways after mixing (rows, ways, ...)."""
    mean = part @ state
    second = (spread + state[..., :, None] * state[..., None, :]).reshape(*state.shape[:2], state.shape[2] ** 2)
    return mean, np.asarray((part @ second).reshape(spread.shape) - mean[..., :, None] * mean[..., None, :])


def inverted(total: Floats) -> tuple[Floats, Floats]:
    """Inverse and determinant of symmetric matrices (..., 2, 2)."""
    xx, xy, yy = total[..., 0, 0], total[..., 0, 1], total[..., 1, 1]
    size = xx * yy - xy * xy
    inverse = np.stack([np.stack([yy, -xy], -1), np.stack([-xy, xx], -1)], -2)
    return inverse / size[..., None, None], size


def _hold(mean: Floats, spread: Floats, ways: int, which: int, sigma: float) -> None:
    """Make one part of the state of the first ways be nothing but noise."""
    mean[:, :ways, which] = 0.0
    spread[:, :ways, which, :] = 0.0
    spread[:, :ways, :, which] = 0.0
    spread[:, :ways, which, which] = sigma * sigma


@cache
def shaken(figures: FreeFigures, dt: float) -> Floats:
    """What a step adds to the covariance of each way (ways, 4, 4)."""
    push = np.array([[dt * dt / 2, 0], [0, dt * dt / 2], [dt, 0], [0, dt]])
    return np.asarray(np.array(figures.acceleration)[:, None, None] ** 2 * (push @ push.T))


@cache
def pushed(figures: WheeledFigures, dt: float) -> Floats:
    """What a step adds to the covariance of each way (ways, 5, 5)."""
    noise = np.zeros((len(figures.acceleration), 5, 5))
    fast, turn = np.array(figures.acceleration) ** 2, np.array(figures.yaw_acceleration) ** 2
    noise[:, 3, 3], noise[:, 4, 4] = fast * dt * dt, turn * dt * dt
    noise[:, 2, 2], noise[:, 2, 4] = turn * dt ** 4 / 4, turn * dt ** 3 / 2
    noise[:, 4, 2] = noise[:, 2, 4]
    return np.asarray(noise + np.diag([1e-5, 1e-5, 1e-6, 1e-6, 1e-6]))
