"""A first box from the masks alone: the height at which the top faces of both views fall together."""
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vision.measure.camera import Floats, Pinhole
from vision.measure.cuboid import overlap, silhouette, top_area

GRID_MM = 10.0
REACH_MM = 460.0
LOWEST_MM, HIGHEST_MM = 8.0, 600.0


@dataclass(frozen=True, eq=False)
class Masks:
    """What one view's net says, as probabilities on the pixels of its cell-sized view."""
    view: Pinhole
    top: Floats
    parcel: Floats


def first_box(masks: Sequence[Masks]) -> Floats | None:
    """A box vector within a few cells of the truth, or None when no top face is seen."""
    coarse = np.arange(LOWEST_MM, HIGHEST_MM, 12.0)
    tried = [(tops_agree(masks, float(h)), float(h)) for h in coarse]
    best = sorted(tried, reverse=True)[:6 if len(masks) > 1 else len(tried)]
    boxes = [_boxed(masks, h) for agree, h in best if agree > 0]
    scored = [(_score(box, masks), n) for n, box in enumerate(boxes) if box is not None]
    if not scored:
        return None
    chosen = boxes[max(scored)[1]]
    return None if chosen is None else _polish(chosen, masks)


def tops_agree(masks: Sequence[Masks], height_mm: float) -> float:
    """Overlap 0-1 of the views' top faces laid on the plane at that height; a lone view always agrees."""
    laid = _laid(masks, height_mm)
    most = float(laid.max(axis=0).sum())
    return float(laid.min(axis=0).sum()) / most if most > 4 else 0.0


def _grid() -> Floats:
    way = np.arange(-REACH_MM, REACH_MM + 1, GRID_MM)
    x, y = np.meshgrid(way, way)
    return np.column_stack([x.ravel(), y.ravel()])


def _laid(masks: Sequence[Masks], height_mm: float) -> Floats:
    grid = _grid()
    points = np.column_stack([grid, np.full(len(grid), height_mm)])
    return np.array([look_up(m.top, m.view.project(points)) for m in masks])


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


def _boxed(masks: Sequence[Masks], height_mm: float) -> Floats | None:
    """The rectangle of least area around the common top at that height."""
    top = _grid()[_laid(masks, height_mm).mean(axis=0) > 0.5]
    if len(top) < 4:
        return None
    turns = np.radians(np.arange(0, 90, 2.0))
    area, turn = min((float(np.prod(_extent(top, t)[1])), float(t)) for t in turns)
    middle, size = _extent(top, turn)
    return np.array([*middle, turn, *size, height_mm]) if area > 0 else None


def _extent(points: Floats, turn: float) -> tuple[Floats, Floats]:
    c, s = np.cos(turn), np.sin(turn)
    own = points @ np.array([[c, -s], [s, c]])
    low, high = np.quantile(own, 0.01, axis=0), np.quantile(own, 0.99, axis=0)
    middle = np.array([[c, -s], [s, c]]) @ ((low + high) / 2)
    return middle, high - low + GRID_MM * 0.7


def _score(box: Floats, masks: Sequence[Masks]) -> float:
    """Mean overlap of the box with the parcel and top masks of all views."""
    return float(np.mean([overlap(m.parcel, silhouette(box, m.view)) + overlap(m.top, top_area(box, m.view))
                          for m in masks])) / 2


def _polish(box: Floats, masks: Sequence[Masks]) -> Floats:
    """Coordinate descent on the overlap, halving its steps."""
    step, best = np.array([8.0, 8.0, 0.05, 12.0, 12.0, 12.0]), _score(box, masks)
    for _ in range(3):
        for axis in range(6):
            for sign in (1.0, -1.0):
                tried = box.copy()
                tried[axis] += sign * step[axis]
                score = _score(tried, masks) if tried[3:].min() > 6 else 0.0
                if score > best:
                    box, best = tried, score
        step /= 2
    return box
