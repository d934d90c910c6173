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
    tried = [(tops_agree(masks, float(h)), float(h)) for h in np.arange(LOWEST_MM, HIGHEST_MM, 12.0)]
    best = sorted(tried, reverse=True)[:6 if len(masks) > 1 else len(tried)]
    boxes = [box for agree, h in best if agree > 0 for box in _boxed(masks, h)]
    ranked = sorted(((_score(box, masks), n) for n, box in enumerate(boxes)), reverse=True)
    polished = [_polish(boxes[n], masks) for _, n in ranked[:2]]
    return max(polished, key=lambda box: _score(box, masks)) if polished else None


def tops_agree(masks: Sequence[Masks], height_mm: float) -> float:
    """Overlap 0-1 of the views' top faces laid on the plane at that height; a lone view always agrees."""
    laid = _laid(masks, _grid(np.zeros(2), REACH_MM, GRID_MM), height_mm)
    most = float(laid.max(axis=0).sum())
    return float(laid.min(axis=0).sum()) / most if most > 4 else 0.0


def _grid(middle: Floats, reach_mm: float, step_mm: float) -> Floats:
    way = np.arange(-reach_mm, reach_mm + step_mm / 2, step_mm)
    x, y = np.meshgrid(way + middle[0], way + middle[1])
    return np.column_stack([x.ravel(), y.ravel()])


def _laid(masks: Sequence[Masks], grid: Floats, height_mm: float) -> Floats:
    """Top probabilities (views, N) of points (N, 2) on the plane at that height."""
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


def _boxed(masks: Sequence[Masks], height_mm: float) -> list[Floats]:
    """Rectangles of least area around the common top at that height: the best and one turned well away from it."""
    coarse = _grid(np.zeros(2), REACH_MM, GRID_MM)
    found = coarse[_laid(masks, coarse, height_mm).mean(axis=0) > 0.5]
    if len(found) < 4:
        return []
    reach = float(np.ptp(found, axis=0).max()) / 2 + 2 * GRID_MM
    fine = _grid((found.min(axis=0) + found.max(axis=0)) / 2, reach, reach / 25)
    top = fine[_laid(masks, fine, height_mm).mean(axis=0) > 0.5]
    if len(top) < 8:
        return []
    turns = np.radians(np.arange(0, 90, 3.0))
    areas = np.array([np.prod(_extent(top, turn)[1]) for turn in turns])
    first = int(areas.argmin())
    apart = np.abs((turns - turns[first] + np.pi / 4) % (np.pi / 2) - np.pi / 4)
    second = int(np.where(apart > np.radians(18), areas, np.inf).argmin())
    return [np.array([*middle, turns[n], *size, height_mm])
            for n in (first, second) for middle, size in [_extent(top, float(turns[n]))]]


def _extent(points: Floats, turn: float) -> tuple[Floats, Floats]:
    c, s = np.cos(turn), np.sin(turn)
    own = points @ np.array([[c, -s], [s, c]])
    low, high = np.quantile(own, 0.01, axis=0), np.quantile(own, 0.99, axis=0)
    middle = np.array([[c, -s], [s, c]]) @ ((low + high) / 2)
    return middle, np.maximum(high - low, 8.0)


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


def footprint(masks: Sequence[Masks]) -> list[tuple[float, Floats, float, Floats]]:
    """Where the parcel masks fall together: plane height, middle, turn and sides of the rectangle around them there,
    the three best heights first."""
    grid = _grid(np.zeros(2), REACH_MM, GRID_MM)
    found = []
    for height in np.geomspace(6, 220, 12):
        laid = np.array([look_up(m.parcel, m.view.project(np.column_stack([grid, np.full(len(grid), height)])))
                         for m in masks])
        inside = grid[laid.min(axis=0) > 0.5]
        if len(inside) >= 4:
            turns = np.radians(np.arange(0, 90, 5.0))
            turn = float(min(turns, key=lambda t: np.prod(_extent(inside, float(t))[1])))
            agree = float(laid.min(axis=0).sum()) / max(float(laid.max(axis=0).sum()), 1e-9)
            found.append((agree, (float(height), *_extent(inside, turn)[:1], turn, _extent(inside, turn)[1])))
    found.sort(key=lambda each: -each[0])
    return [place for _, place in found[:3]]
