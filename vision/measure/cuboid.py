"""The upright box that explains what the cameras saw; pure geometry in millimetres and pixels.

A box is the vector (x, y, yaw, length, width, height): mm and radians, on the table plane z = 0.
"""
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole
from vision.measure.solver import Unknowns, settle

Flags = npt.NDArray[np.bool_]
UNKNOWNS = Unknowns(np.array([10.0, 10.0, 0.03, 10.0, 10.0, 10.0]), np.array([-2000.0, -2000.0, -100.0, 5.0, 5.0, 5.0]))
UNIT = np.array([[x, y, z] for z in (0.0, 1.0) for x, y in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))])
SIDES = ((0, 1), (1, 2), (2, 3), (3, 0))


@dataclass(frozen=True, eq=False)
class Sight:
    """Evidence of one view: points of the box as blends (N, 8) of its corners lie on the line through
    pixel (N, 2) with unit normal (N, 2), give or take sigma (N,) px."""
    view: Pinhole
    blend: Floats
    pixel: Floats
    normal: Floats
    sigma: Floats


@dataclass(frozen=True, eq=False)
class Fit:
    """The best box, covariance (6, 6) of its vector, weighted residuals and the weight each evidence kept."""
    box: Floats
    covariance: Floats
    residuals: Floats
    weights: Floats

    def kept(self) -> float:
        """Mean weight that the evidence kept, 0-1; 0 where there is none."""
        return float(self.weights.mean()) if self.weights.size else 0.0


def box_points(box: Floats) -> Floats:
    """Eight corners (8, 3) mm: base counter-clockwise from above, then the top in the same order."""
    return np.asarray(boxes_points(box[None])[0])


def boxes_points(boxes: Floats) -> Floats:
    """The eight corners (K, 8, 3) mm of K box vectors (K, 6), each as box_points orders them."""
    x, y, turn, length, width, height = boxes.T[..., None]
    c, s = np.cos(turn), np.sin(turn)
    along, aside = UNIT[:, 0] * length, UNIT[:, 1] * width
    return np.stack([along * c - aside * s + x, along * s + aside * c + y, UNIT[:, 2] * height], axis=-1)


def sides_seen(box: Floats, eye: Floats) -> Flags:
    """Which of the four SIDES an eye at table mm sees."""
    base = box_points(box)[:4, :2]
    along = np.roll(base, -1, axis=0) - base
    return np.asarray(along[:, 0] * (eye[1] - base[:, 1]) - along[:, 1] * (eye[0] - base[:, 0]) < 0)


def corners_seen(box: Floats, eye: Floats) -> Flags:
    """Which of the eight corners an eye above the table sees: all of the top, the base ends of seen sides."""
    sides = sides_seen(box, eye)
    return np.concatenate([sides | np.roll(sides, 1), np.full(4, bool(eye[2] > box[5]))])


def edges_seen(box: Floats, eye: Floats) -> list[tuple[int, int]]:
    """Corner pairs of the edges that an eye above the table sees."""
    sides = sides_seen(box, eye)
    upright = sides | np.roll(sides, 1)
    edges = [(n, n + 4) for n in range(4) if upright[n]]
    for n, (a, b) in enumerate(SIDES):
        edges.append((a + 4, b + 4))
        if sides[n]:
            edges.append((a, b))
    return edges


def residuals(boxes: Floats, sights: Sequence[Sight]) -> Floats:
    """Signed distances (K, N) of K box vectors (K, 6) from all evidence, in sigmas."""
    points = boxes_points(boxes)
    parts = [distances(points, sight) for sight in sights]
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(boxes), 0))


def distances(points: Floats, sight: Sight) -> Floats:
    """Signed distances (K, N) in sigmas of K times eight corners (K, 8, 3) from one view's evidence."""
    at = sight.blend @ points
    seen = sight.view.project(at.reshape(-1, 3)).reshape(*at.shape[:2], 2)
    return np.asarray(((seen - sight.pixel) * sight.normal).sum(axis=2) / sight.sigma)


def fit_box(sights: Sequence[Sight], start: Floats) -> Fit:
    """Robust least squares over all views."""
    found = settle(partial(residuals, sights=together(sights)), start, UNKNOWNS)
    return Fit(found.best, found.covariance, found.residuals, found.weights)


def together(sights: Sequence[Sight]) -> list[Sight]:
    """The same evidence in as few pieces as there are views, in the order of their first ones; quicker to project."""
    views = list({id(sight.view): sight.view for sight in sights}.values())
    return [_joined(view, [sight for sight in sights if sight.view is view]) for view in views]


def _joined(view: Pinhole, parts: Sequence[Sight]) -> Sight:
    each = zip(*((part.blend, part.pixel, part.normal, part.sigma) for part in parts), strict=True)
    return Sight(view, *map(np.concatenate, each))


def points_sight(view: Pinhole, corners: Sequence[int], pixels: Floats, sigma_px: float) -> Sight:
    """Evidence that these corners of the box lie at pixels (N, 2)."""
    blend = np.repeat(np.eye(8)[list(corners)], 2, axis=0)
    normal = np.tile(np.eye(2), (len(corners), 1))
    return Sight(view, blend, np.repeat(pixels, 2, axis=0), normal, np.full(2 * len(corners), sigma_px))


def edge_blend(edge: tuple[int, int], share: Floats) -> Floats:
    """Blends (N, 8) of the points that lie at share (N,) of the way along an edge."""
    blend = np.zeros((len(share), 8))
    blend[:, edge[0]] = 1 - share
    blend[:, edge[1]] = share
    return blend


def silhouette(box: Floats, view: Pinhole) -> Flags:
    """Pixels of the view (rows, columns) that the box covers."""
    spots = view.project(box_points(box))
    return inside(hull(spots), view.size_px)


def inside(outline: Floats, size_px: tuple[int, int]) -> Flags:
    """Pixels (rows, columns) inside a convex outline (N, 2) in either turn."""
    low = np.clip(np.floor(outline.min(axis=0)), 0, size_px).astype(int)
    high = np.clip(np.ceil(outline.max(axis=0)) + 1, 0, size_px).astype(int)
    x, y = np.arange(low[0], high[0]), np.arange(low[1], high[1])[:, None]
    least, most = np.full((len(y), len(x)), np.inf), np.full((len(y), len(x)), -np.inf)
    for (ax, ay), (bx, by) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        np.minimum(least, turn, out=least)
        np.maximum(most, turn, out=most)
    area = np.zeros((size_px[1], size_px[0]), dtype=np.bool_)
    area[low[1]:high[1], low[0]:high[0]] = (least >= 0) | (most <= 0)
    return area


def hull(points: Floats) -> Floats:
    """Convex hull (M, 2), counter-clockwise (Andrew's monotone chain)."""
    ordered = points[np.lexsort((points[:, 1], points[:, 0]))]
    return np.array(_chain(ordered) + _chain(ordered[::-1]))


def _chain(points: Floats) -> list[Floats]:
    kept: list[Floats] = []
    for point in points:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
            kept.pop()
        kept.append(point)
    return kept[:-1]


def _turn(a: Floats, b: Floats, c: Floats) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def overlap(mask: Floats, area: Flags) -> float:
    """Intersection over union of a soft mask 0-1 and an area."""
    both = float(mask[area].sum())
    return both / max(float(mask.sum()) + float(area.sum()) - both, 1e-9)
