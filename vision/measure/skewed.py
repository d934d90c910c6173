"""A carton out of square: the corners of a fitted box, each let go as far as the pictures ask."""
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vision.measure.attempts import Colours
from vision.measure.camera import Floats, Pinhole
from vision.measure.corners import Seen, edge_sights
from vision.measure.cuboid import Sight, box_points
from vision.measure.support import Support, support

LOOSE_MM = np.geomspace(0.1, 6.4, 10)
"""How far, as a standard deviation, corners may lie from those of a cuboid: the likeliest of these is taken."""
STEPS = ((5.0, 1.0), (3.0, 0.6), (3.0, 0.6))
"""Reach and sigma in px of each search for steps along edges between corners that were let go."""
FREE = np.array([n for n in range(24) if n not in (2, 5, 8, 11)])
"""Coordinates of the eight corners that may move: a carton stands on its base."""
TURNS = 4
UNTOLD = Support(0.0, 0.0)
LEAST_KEPT, LEAST_BORNE, LEAST_TOGETHER = 0.85, 0.62, 1.6
"""What attempts.py asks of a cuboid, of corners that were let go: they must explain more."""
BOX_MM = 100.0


@dataclass(frozen=True, eq=False)
class Skewed:
    """Corners (8, 3) mm, their covariance (24, 24), how loose they were let go, mm, the mean weight that the edges then
    kept, and how far the pictures bear those edges out."""
    corners: Floats
    covariance: Floats
    loose_mm: float
    kept: float
    borne: Support = UNTOLD

    def sound(self) -> bool:
        """Whether a carton with those corners explains the pictures."""
        worst = self.borne.worst
        return self.kept >= LEAST_KEPT and worst >= LEAST_BORNE and self.kept + worst >= LEAST_TOGETHER

    def spread_along(self, way: Floats) -> float:
        """Standard deviation in mm of a sum of coordinates that way (24,) weighs."""
        return float(np.sqrt(max(float(way @ self.covariance @ way), 0.0)))


def let_go(seen: Sequence[Seen], colours: Colours, box: Floats) -> Skewed:
    """The corners of a box drawn to the edges between them; where those tell nothing they stay a cuboid's."""
    found = Skewed(box_points(box), np.zeros((24, 24)), 0.0, 0.0)
    stiff = stiffness(box)
    for reach, sigma in STEPS:
        sights = [sight for s, planes in zip(seen, colours, strict=True)
                  for sight in edge_sights(s, planes, box, reach, sigma, found.corners)]
        found = settled(sights, box, found.corners, stiff)
    return replace(found, borne=support(seen, colours, box, found.corners))


def stiffness(box: Floats) -> Floats:
    """What of a move (20,) of the free corners no other box has: a projection (20, 20)."""
    step = np.array([1.0, 1.0, 1e-3, 1.0, 1.0, 1.0])
    tangent = np.array([(box_points(box + way) - box_points(box - way)).ravel()[FREE] for way in np.diag(step)]).T
    basis = np.linalg.qr(tangent)[0]
    return np.asarray(np.eye(len(FREE)) - basis @ basis.T)


def settled(sights: Sequence[Sight], box: Floats, start: Floats, stiff: Floats) -> Skewed:
    """Robust least squares for the corners, as loose as is likeliest."""
    square, moved = box_points(box).ravel()[FREE], start.ravel()[FREE] - box_points(box).ravel()[FREE]
    loose, base = LOOSE_MM[0], np.eye(len(FREE)) / BOX_MM ** 2
    for turn in range(TURNS):
        left, slope = linear(sights, _corners(box, square + moved))
        scale = max(1.0, 1.5 * float(np.median(np.abs(left)))) if len(left) else 1.0
        weights = 1 / (1 + (left / scale) ** 2)
        normal, pull = slope.T @ (slope * weights[:, None]), slope.T @ (weights * (left - slope @ moved))
        if turn < 2:
            loose = likeliest(normal, pull, stiff, base)
        whole = normal + stiff / loose ** 2 + base
        moved = -np.linalg.solve(whole, pull)
    covariance = np.zeros((24, 24))
    covariance[np.ix_(FREE, FREE)] = np.linalg.inv(whole)
    corners = _corners(box, square + moved)
    kept = 1 / (1 + linear(sights, corners)[0] ** 2)
    return Skewed(corners, covariance, float(loose), float(kept.mean()) if len(kept) else 0.0)


def likeliest(normal: Floats, pull: Floats, stiff: Floats, base: Floats) -> float:
    """How loose the corners are: the standard deviation in mm that explains the edges best, none being as likely as
    another beforehand."""
    def evidence(loose: float) -> float:
        whole = normal + stiff / loose ** 2 + base
        fit = 0.5 * float(pull @ np.linalg.solve(whole, pull))
        return fit - 0.5 * float(np.linalg.slogdet(whole)[1]) - float(np.trace(stiff)) * float(np.log(loose))
    return float(max(LOOSE_MM, key=lambda loose: evidence(float(loose))))


def _corners(box: Floats, free: Floats) -> Floats:
    corners = box_points(box).ravel()
    corners[FREE] = free
    return np.asarray(corners.reshape(8, 3))


def linear(sights: Sequence[Sight], corners: Floats) -> tuple[Floats, Floats]:
    """Residuals (N,) in sigmas and their slopes (N, 20) by the free coordinates."""
    parts = [_linear(sight, corners) for sight in sights]
    if not parts:
        return np.zeros(0), np.zeros((0, len(FREE)))
    return np.concatenate([p[0] for p in parts]), np.vstack([p[1] for p in parts])[:, FREE]


def _linear(sight: Sight, corners: Floats) -> tuple[Floats, Floats]:
    at = sight.blend @ corners
    left = ((sight.view.project(at) - sight.pixel) * sight.normal).sum(axis=1) / sight.sigma
    by_point = np.einsum("ni,nij->nj", sight.normal, projection_slope(sight.view, at)) / sight.sigma[:, None]
    return left, (sight.blend[:, :, None] * by_point[:, None]).reshape(len(at), -1)


def projection_slope(view: Pinhole, points: Floats) -> Floats:
    """By how many px (N, 2, 3) points (N, 3) mm move in the picture per mm."""
    x, y, z = view.in_camera(points).T
    zero = np.zeros_like(z)
    by_camera = np.array([[view.matrix[0, 0] / z, zero, -view.matrix[0, 0] * x / z ** 2],
                          [zero, view.matrix[1, 1] / z, -view.matrix[1, 1] * y / z ** 2]]).transpose(2, 0, 1)
    return np.asarray(by_camera @ view.rotation)
