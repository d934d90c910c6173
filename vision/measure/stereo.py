"""How high the middle of a parcel's top lies, from its print as two views see it: a sweep of level planes."""
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vision.measure.camera import Floats, Pinhole
from vision.measure.edges import Gray

PX_PER_MM = 0.8
LID_SHARE = 0.88
LEAST_PRINT = 1.3
LEAST_LIKENESS, LEAST_LEAD = 0.6, 0.12
APART_MM = 12.0


@dataclass(frozen=True)
class Level:
    """Height in mm at which two views of a patch are most alike, and how alike (-1 to 1)."""
    height_mm: float
    likeness: float


def patch(gray: Gray, view: Pinhole, middle: Floats, side_mm: float, height_mm: float) -> Gray:
    """A square of the plane z = height_mm around the middle as the view sees it."""
    side = max(12, round(side_mm * PX_PER_MM))
    step = side_mm / side
    first = middle - side_mm / 2 + step / 2
    own = np.array([[step, 0, first[0]], [0, step, first[1]], [0, 0, 1]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    whole = view.plane_homography(height_mm) @ own
    return np.asarray(cv2.warpPerspective(gray, whole, (side, side), flags=flags), dtype=np.float32)


def alike(one: Gray, other: Gray) -> float:
    """Normalised correlation of two patches without their slow shading; 0 where either is blank."""
    fine = [p - cv2.GaussianBlur(p, (0, 0), 6.0) for p in (one, other)]
    spread = [float(p.std()) for p in fine]
    if min(spread) < LEAST_PRINT:
        return 0.0
    return float((fine[0] * fine[1]).mean()) / (spread[0] * spread[1])


def domed(gray: Gray, view: Pinhole, box: Floats, swell_mm: float) -> Gray:
    """The top of a box that swells by swell_mm in its middle, as the view sees it, laid flat."""
    columns, rows = (int(np.clip(side * LID_SHARE * PX_PER_MM, 16, 320)) for side in box[3:5])
    v, u = np.meshgrid(np.linspace(-1, 1, rows) * LID_SHARE, np.linspace(-1, 1, columns) * LID_SHARE, indexing="ij")
    c, s = np.cos(box[2]), np.sin(box[2])
    x, y = u * box[3] / 2, v * box[4] / 2
    z = box[5] + swell_mm * (1 - u ** 2) * (1 - v ** 2)
    points = np.stack([box[0] + x * c - y * s, box[1] + x * s + y * c, z], axis=-1)
    spots = view.project(points.reshape(-1, 3)).reshape(rows, columns, 2).astype(np.float32)
    return np.asarray(cv2.remap(gray, spots[..., 0], spots[..., 1], cv2.INTER_LINEAR), dtype=np.float32)


def lid_swell(views: Sequence[tuple[Gray, Pinhole]], box: Floats) -> Level | None:
    """By how many mm the middle of a box's lid swells over its edges, None where its print does not tell."""
    if len(views) != 2:
        return None
    swells = np.arange(-8.0, 26.1, 2.0)
    return _peak(swells, np.array([alike(*(domed(g, v, box, float(b)) for g, v in views)) for b in swells]))


def top_level(views: Sequence[tuple[Gray, Pinhole]], middle: Floats, side_mm: float,
              span_mm: tuple[float, float]) -> Level | None:
    """The one height within the span at which both views show the same print, None where none stands out."""
    if len(views) != 2:
        return None
    heights = np.arange(span_mm[0], span_mm[1] + 0.1, 2.0)
    likeness = np.array([alike(*(patch(g, v, middle, side_mm, float(h)) for g, v in views)) for h in heights])
    return _peak(heights, likeness)


def _peak(heights: Floats, likeness: Floats) -> Level | None:
    """The height where the likeness stands out, to a fraction of a step."""
    best = int(likeness.argmax())
    far = np.abs(heights - heights[best]) > APART_MM
    rival = float(likeness[far].max()) if far.any() else -1.0
    if not 0 < best < len(heights) - 1 or likeness[best] < LEAST_LIKENESS or likeness[best] - rival < LEAST_LEAD:
        return None
    before, here, after = likeness[best - 1:best + 2]
    bend = min(before - 2 * here + after, -1e-6)
    step = float(heights[1] - heights[0])
    return Level(float(heights[best] + np.clip(0.5 * (before - after) / bend, -1, 1) * step), float(here))
