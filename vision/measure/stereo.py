"""How high the middle of a parcel's top lies, from its print as two views see it: a sweep of level planes."""
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vision.measure.camera import Floats, Pinhole
from vision.measure.edges import Gray

PX_PER_MM = 0.8
MOST_PX = 240
SWELLS_MM = np.arange(-8.0, 26.1, 2.0)
LEAST_SWELL_MM, RIMS_MM = 0.5, (1.0, 2.0, 3.0)
LID_SHARE = 0.88
LEAST_PRINT = 1.3
LEAST_LIKENESS, LEAST_LEAD = 0.6, 0.12
APART_MM = 12.0


@dataclass(frozen=True)
class Level:
    """Height in mm at which two views of a patch are most alike, and how alike (-1 to 1)."""
    height_mm: float
    likeness: float


@dataclass(frozen=True)
class Lid:
    """How a box's lid lies over its fitted edges: all of it by rim_mm, for rounded edges are found lower, its middle by
    dome_mm more; and how alike two views of it are then (-1 to 1)."""
    rim_mm: float
    dome_mm: float
    likeness: float

    def flat(self) -> bool:
        """Whether it hardly lies above the edges."""
        return self.rim_mm == 0 and self.dome_mm <= LEAST_SWELL_MM


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
    """Normalised correlation of two patches, in all their colours together, without their slow shading; 0 where either
    is blank."""
    fine = [p - cv2.GaussianBlur(p, (0, 0), 6.0) for p in (one, other)]
    spread = [float(p.std()) for p in fine]
    if min(spread) < LEAST_PRINT:
        return 0.0
    return float((fine[0] * fine[1]).mean()) / (spread[0] * spread[1])


def raised(colours: Sequence[Gray], view: Pinhole, box: Floats, rim_mm: float, dome_mm: float) -> Gray:
    """The top of a box raised by rim_mm, and by dome_mm more in its middle, as the view sees it, laid flat."""
    columns, rows = (int(np.clip(side * LID_SHARE * PX_PER_MM, 16, MOST_PX)) for side in box[3:5])
    v, u = np.meshgrid(np.linspace(-1, 1, rows) * LID_SHARE, np.linspace(-1, 1, columns) * LID_SHARE, indexing="ij")
    c, s = np.cos(box[2]), np.sin(box[2])
    x, y = u * box[3] / 2, v * box[4] / 2
    z = box[5] + rim_mm + dome_mm * (1 - u ** 2) * (1 - v ** 2)
    points = np.stack([box[0] + x * c - y * s, box[1] + x * s + y * c, z], axis=-1)
    spots = view.project(points.reshape(-1, 3)).reshape(rows, columns, 2).astype(np.float32)
    planes = [cv2.remap(plane, spots[..., 0], spots[..., 1], cv2.INTER_LINEAR) for plane in colours]
    return np.asarray(np.dstack(planes), dtype=np.float32)


def lid_swell(views: Sequence[tuple[Sequence[Gray], Pinhole]], box: Floats) -> Lid | None:
    """How a box's lid lies over its edges, None where its print does not tell."""
    if len(views) != 2:
        return None

    def likeness(rim: float, domes: Floats) -> Floats:
        return np.array([alike(*(raised(g, v, box, rim, float(dome)) for g, v in views)) for dome in domes])

    first = _peak(SWELLS_MM, likeness(0.0, SWELLS_MM))
    if first is None:
        return None
    best = Lid(0.0, first.height_mm, first.likeness)
    if best.flat():
        return best
    for rim in RIMS_MM:
        near = np.round(first.height_mm - 1.9 * rim) + np.array([-2.0, 0.0, 2.0])
        found = Lid(rim, *_vertex(near, likeness(rim, near)))
        if found.dome_mm > -LEAST_SWELL_MM and found.likeness > best.likeness:
            best = Lid(rim, max(found.dome_mm, 0.0), found.likeness)
    return best


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
    return Level(*_vertex(heights[best - 1:best + 2], likeness[best - 1:best + 2]))


def _vertex(heights: Floats, likeness: Floats) -> tuple[float, float]:
    """Where the parabola through three is highest, no farther than one step, and the middle one's likeness."""
    before, here, after = (float(value) for value in likeness)
    bend = min(before - 2 * here + after, -1e-6)
    step = float(heights[1] - heights[0])
    return float(heights[1] + np.clip(0.5 * (before - after) / bend, -1, 1) * step), here
