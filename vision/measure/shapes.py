"""Tubes, bags and boxes as clouds of points whose outlines are theirs; pure geometry in millimetres.

A body is a vector that begins (x, y, yaw, length, …); all stand or lie on the table plane z = 0.
"""
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from vision.measure.camera import Floats
from vision.measure.solver import Unknowns

FLAT_SHARE = 0.04
"""By how much of its thickness a tube is usually pressed flat."""
USUAL_POWER, KNOWN_SIGMA_MM = 2.6, 0.3
"""How square a filled bag usually is, as the exponent of its pillow."""


@dataclass(frozen=True, eq=False)
class Shape:
    """A kind of body: its points (K, N, 3) for vectors (K, P), its unknowns, rows that pick length, width, height
    out of a vector, and how far (K, M) vectors stray from what such bodies usually are, in sigmas."""
    kind: str
    points: Callable[[Floats], Floats]
    unknowns: Unknowns
    sides: Floats
    habits: Callable[[Floats], Floats]

    def first(self, middle: Floats, yaw: float, size: Floats) -> Floats:
        """A vector for a body of that length, width, height on that spot."""
        start = np.full(len(self.unknowns.scale), USUAL_POWER)
        start[:3] = [*middle, yaw]
        for side, value in zip(self.sides, size, strict=True):
            start[int(side.argmax())] = value
        return start


def _no_habits(vectors: Floats) -> Floats:
    return np.zeros((len(vectors), 0))


def _tube_habits(vectors: Floats) -> Floats:
    """A tube is about as high as it is wide."""
    wide, high = vectors[:, 4], vectors[:, 5]
    return np.asarray(((wide - high) / (FLAT_SHARE * (wide + high) / 2))[:, None])


def _bag_habits(vectors: Floats, height: float | None) -> Floats:
    """A bag's fullness, and its height: as it is known, or beside its shorter side."""
    short = np.minimum(vectors[:, 3], vectors[:, 4])
    usual, strays = (0.4 * short, 0.2 * short) if height is None else (height, KNOWN_SIGMA_MM)
    tall = (vectors[:, 5] - usual) / strays
    return np.column_stack([(vectors[:, 6] - USUAL_POWER) / 0.6, tall])


def _turned(local: Floats, vectors: Floats) -> Floats:
    """Points (K, N, 3) of a body turned by its yaw and moved to its spot."""
    c, s = np.cos(vectors[:, 2])[:, None], np.sin(vectors[:, 2])[:, None]
    x = local[..., 0] * c - local[..., 1] * s + vectors[:, :1]
    y = local[..., 0] * s + local[..., 1] * c + vectors[:, 1:2]
    return np.stack([x, y, local[..., 2]], axis=-1)


def _box_points(vectors: Floats) -> Floats:
    unit = np.array([[x, y, z] for z in (0.0, 1.0) for x in (-0.5, 0.5) for y in (-0.5, 0.5)])
    return _turned(unit[None] * vectors[:, None, 3:6], vectors)


def _tube_points(vectors: Floats) -> Floats:
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    ring = np.column_stack([np.cos(angle) / 2, (1 + np.sin(angle)) / 2])
    unit = np.vstack([np.column_stack([np.full(40, x), ring]) for x in (-0.5, 0.5)])
    return _turned(unit[None] * vectors[:, None, 3:6], vectors)


_V, _U = (part.ravel() for part in np.meshgrid(np.linspace(-1, 1, 13), np.linspace(-1, 1, 15), indexing="ij"))


def _bag_points(vectors: Floats) -> Floats:
    """A pillow of length, width and height whose fullness is the exponent that the seventh unknown gives."""
    power = vectors[:, 6:7]
    swell = ((1 - np.abs(_U) ** power) * (1 - np.abs(_V) ** power)) ** 0.65
    z = 1.0 + swell * (vectors[:, 5:6] - 1.0)
    local = np.stack([_U * vectors[:, 3:4] / 2, _V * vectors[:, 4:5] / 2, z], axis=-1)
    return _turned(local, vectors)


def _sides(count: int, *places: int) -> Floats:
    return np.eye(count)[list(places)]


_LEAST = [-2000, -2000, -100, 5, 5]
BOX = Shape("box", _box_points, Unknowns(np.array([10, 10, 0.03, 10, 10, 10.0]), np.array([*_LEAST, 5.0])),
            _sides(6, 3, 4, 5), _no_habits)
TUBE = Shape("tube", _tube_points, Unknowns(np.array([10, 10, 0.03, 10, 10, 10.0]), np.array([*_LEAST, 5.0])),
             _sides(6, 3, 4, 5), _tube_habits)


def bag(height: float | None) -> Shape:
    """A bag whose height in mm is known, or is not."""
    unknowns = Unknowns(np.array([10, 10, 0.03, 10, 10, 10, 0.5]), np.array([*_LEAST, 3, 1.3]))
    return Shape("polybag", _bag_points, unknowns, _sides(7, 3, 4, 5), partial(_bag_habits, height=height))
