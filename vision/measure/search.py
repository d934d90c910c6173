"""Where a parcel stands, from the masks alone: the height at which those of all views fall together."""
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vision.measure.camera import Floats, Pinhole

GRID_MM = 10.0
REACH_MM = 460.0


@dataclass(frozen=True, eq=False)
class Mask:
    """Where one view's net sees the parcel, as probabilities on the pixels of its cell-sized view."""
    view: Pinhole
    parcel: Floats


def _grid(middle: Floats, reach_mm: float, step_mm: float) -> Floats:
    way = np.arange(-reach_mm, reach_mm + step_mm / 2, step_mm)
    x, y = np.meshgrid(way + middle[0], way + middle[1])
    return np.column_stack([x.ravel(), y.ravel()])


def look_up(mask: Floats, spots: Floats) -> Floats:
    """Values (N,) of a mask at pixels (N, 2), bilinear, zero outside."""
    rows, columns = mask.shape
    padded = np.pad(mask, 1)
    x = np.clip(spots[:, 0] + 1, 0, columns + 0.999)
    y = np.clip(spots[:, 1] + 1, 0, rows + 0.999)
    i, j = y.astype(int), x.astype(int)
    v, u = y - i, x - j
    above = padded[i, j] * (1 - u) + padded[i, j + 1] * u
    return np.asarray(above * (1 - v) + (padded[i + 1, j] * (1 - u) + padded[i + 1, j + 1] * u) * v)


def _extent(points: Floats, turn: float) -> tuple[Floats, Floats]:
    c, s = np.cos(turn), np.sin(turn)
    own = points @ np.array([[c, -s], [s, c]])
    low, high = np.quantile(own, 0.01, axis=0), np.quantile(own, 0.99, axis=0)
    middle = np.array([[c, -s], [s, c]]) @ ((low + high) / 2)
    return middle, np.maximum(high - low, 8.0)


def _tightest(points: Floats) -> float:
    """The turn (rad) in which the rectangle around points (N, 2) is smallest, to five degrees."""
    turns = np.radians(np.arange(0, 90, 5.0))
    c, s = np.cos(turns), np.sin(turns)
    own = points @ np.stack([np.stack([c, -s], axis=-1), np.stack([s, c], axis=-1)], axis=1)
    low, high = np.quantile(own, (0.01, 0.99), axis=1)
    return float(turns[np.maximum(high - low, 8.0).prod(axis=1).argmin()])


def footprint(masks: Sequence[Mask]) -> list[tuple[float, Floats, float, Floats]]:
    """Where the parcel masks fall together: plane height, middle, turn and sides of the rectangle around them there,
    the three best heights first."""
    grid = _grid(np.zeros(2), REACH_MM, GRID_MM)
    found = []
    for height in np.geomspace(6, 220, 12):
        laid = np.array([look_up(m.parcel, m.view.project(np.column_stack([grid, np.full(len(grid), height)])))
                         for m in masks])
        inside = grid[laid.min(axis=0) > 0.5]
        if len(inside) >= 4:
            turn = _tightest(inside)
            agree = float(laid.min(axis=0).sum()) / max(float(laid.max(axis=0).sum()), 1e-9)
            found.append((agree, (float(height), *_extent(inside, turn)[:1], turn, _extent(inside, turn)[1])))
    found.sort(key=lambda each: -each[0])
    return [place for _, place in found[:3]]
