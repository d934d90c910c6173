"""How high above the floor a box reaches and how wide it is, metres: the camera's pose read out of its floor points.

Square pixels, an axis through the middle of the picture and a straight lens are taken for granted. A homography that
no such camera has, or one straight above, tells no stature.
"""
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vision.guard.viewpoint import Floats, Viewpoint

EDGE_PX = 2.0
#: Share by which the two equations of the focal length may disagree (own: worn tapes and bent lenses).
ASTRAY = 0.35


@dataclass(frozen=True)
class Pose:
    """floor: metres (x, y, 1) → pixels; up: what a metre of height adds to it; per_px: m a pixel at depth 1."""
    floor: Floats
    up: Floats
    per_px: float

    def depth(self, x: float, y: float) -> float:
        """The projective weight of a floor point."""
        return float(self.floor[2] @ (x, y, 1.0))

    def height(self, x: float, y: float, row_px: float) -> float:
        """Metres above the floor point at which an upright line through it crosses that row of the picture."""
        _, v, w = self.floor @ (x, y, 1.0)
        return float((v - row_px * w) / (row_px * self.up[2] - self.up[1]))


@lru_cache(maxsize=16)
def pose(viewpoint: Viewpoint) -> Pose | None:
    """The pose of a camera; None where its floor points do not tell it."""
    floor = np.linalg.inv(np.array(viewpoint.homography))
    middle = np.array(viewpoint.size_px) / 2
    across, deep = floor[:2, :2] - np.outer(middle, floor[2, :2]), floor[2, :2]
    one, other = across.T
    flat = np.array([2 * one @ other, one @ one - other @ other])
    far = np.array([-2 * deep[0] * deep[1], deep[1] ** 2 - deep[0] ** 2])
    if np.linalg.norm(flat) < 1e-3 * (one @ one + other @ other):
        return None
    share = float(flat @ far / (flat @ flat))
    if share <= 0 or np.linalg.norm(flat * share - far) > ASTRAY * np.linalg.norm(far):
        return None
    focal = share ** -0.5
    x, y = np.append(one / focal, deep[0]), np.append(other / focal, deep[1])
    size = float(np.linalg.norm(x) + np.linalg.norm(y)) / 2
    z = np.cross(x, y) / size
    back = np.linalg.solve(np.column_stack([x, y, z]), -np.append(
        (floor[:2, 2] - middle * floor[2, 2]) / focal, floor[2, 2]))
    z = z if back[2] > 0 else -z
    return Pose(floor, np.append(z[:2] * focal + middle * z[2], z[2]), 1 / (size * focal))


def stature(at: Pose | None, box: tuple[float, float, float, float], foot_m: tuple[float, float],
            size_px: tuple[int, int]) -> tuple[float, float] | None:
    """Height above the floor and width of a box (m) that stands on foot_m; None when the picture cuts it."""
    left, top, right, bottom = box
    if at is None or top < EDGE_PX or bottom > size_px[1] - EDGE_PX:
        return None
    return at.height(*foot_m, top), (right - left) * at.depth(*foot_m) * at.per_px
