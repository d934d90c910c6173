"""Robust least squares for a handful of unknowns; numpy only."""
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from vision.measure.camera import Floats

MOST_STEPS = 30
Distances = Callable[[Floats], Floats]
"""Residuals (K, N) in sigmas of K vectors of unknowns (K, P)."""
Linear = Callable[[Floats], tuple[Floats, Floats]]
"""Residuals (N,) of one vector (P,) and their slopes (N, P)."""


@dataclass(frozen=True, eq=False)
class Unknowns:
    """Of each unknown the step that matters, in its own unit, and the least it may be."""
    scale: Floats
    least: Floats

    def prior(self) -> Floats:
        """Weak pull (P, P) that keeps finite what nothing constrains."""
        return np.diag((1e-3 / self.scale) ** 2)


@dataclass(frozen=True, eq=False)
class Settled:
    """The best vector, its covariance (P, P), the residuals left in sigmas and the weight each kept."""
    best: Floats
    covariance: Floats
    residuals: Floats
    weights: Floats


def settle(distances: Distances, start: Floats, unknowns: Unknowns, linear: Linear | None = None) -> Settled:
    """Damped Gauss-Newton with Cauchy weights that tighten as it settles; slopes as given, or from one batched call."""
    straight = linear or partial(_linear, distances=distances, scale=unknowns.scale)
    best, damping = np.maximum(start, unknowns.least), 1e-4
    left, slope = straight(best)
    for _ in range(MOST_STEPS):
        scale = max(1.0, 1.5 * float(np.median(np.abs(left)))) if left.size else 1.0
        weights = 1 / (1 + (left / scale) ** 2)
        normal = slope.T @ (slope * weights[:, None]) + unknowns.prior()
        step = -np.linalg.solve(normal + damping * np.diag(np.diag(normal)), slope.T @ (weights * left))
        tried = np.maximum(best + np.clip(step, -5 * unknowns.scale, 5 * unknowns.scale), unknowns.least)
        tried_left, tried_slope = straight(tried)
        if _cost(tried_left, scale) > _cost(left, scale):
            damping = min(damping * 20, 1e3)
            continue
        done = bool(np.all(np.abs(tried - best) < 1e-4 * unknowns.scale))
        best, left, slope, damping = tried, tried_left, tried_slope, max(damping / 5, 1e-6)
        if done:
            break
    weights = 1 / (1 + left ** 2)
    return Settled(best, _covariance(slope, left, weights, unknowns), left, weights)


def _cost(left: Floats, scale: float) -> float:
    return float(np.log1p((left / scale) ** 2).sum())


def _linear(best: Floats, distances: Distances, scale: Floats) -> tuple[Floats, Floats]:
    """Residuals (N,) and their slope (N, P)."""
    step = scale * 1e-4
    found = distances(best + np.vstack([np.zeros(len(best)), np.diag(step)]))
    return found[0], (found[1:] - found[0]).T / step


def _covariance(slope: Floats, left: Floats, weights: Floats, unknowns: Unknowns) -> Floats:
    """Covariance scaled by the residuals found."""
    normal = slope.T @ (slope * weights[:, None]) + unknowns.prior()
    freedom = max(float(weights.sum()) - len(unknowns.scale), 1.0)
    return np.asarray(np.linalg.inv(normal) * max(float(np.sum(weights * left ** 2)) / freedom, 0.05))
