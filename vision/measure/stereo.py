"""How far a face of a parcel swells, or how high its top lies, from its print as two views see it."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vision.measure.camera import Floats, Pinhole
from vision.measure.edges import Gray

PX_PER_MM = 0.8
MOST_PX = 120
SWELLS_MM = np.arange(-8.0, 26.1, 2.0)
LEAST_SWELL_MM, RIMS_MM = 0.5, (1.0, 2.0, 3.0, 4.0)
ROUND_RIMS_MM, RIMS_APART_MM = np.arange(0.0, 6.1, 0.5), 1.5
LID_SHARE = 0.88
LEAST_PRINT = 1.3
LEAST_LIKENESS, LEAST_LEAD = 0.6, 0.12
APART_MM = 12.0
LEAST_FACING = 0.06


@dataclass(frozen=True)
class Level:
    """Height in mm at which two views of a patch are most alike, and how alike (-1 to 1)."""
    height_mm: float
    likeness: float


@dataclass(frozen=True, eq=False)
class Face:
    """A side or the lid of a box between its corners (4, 3) mm, one way around, and the unit vector (3,) out of it."""
    corners: Floats
    out: Floats

    def grid(self, u: Floats, v: Floats, rim_mm: float, dome_mm: float) -> Floats:
        """Points (…, 3) mm at u and v (-1 to 1) of the face moved out by rim_mm, and by dome_mm more in its middle."""
        low, high = (1 - v)[..., None] / 2, (1 + v)[..., None] / 2
        near, far = (1 - u)[..., None] / 2, (1 + u)[..., None] / 2
        a, b, c, d = self.corners
        swell = rim_mm + dome_mm * (1 - u ** 2) * (1 - v ** 2)
        return np.asarray(low * (near * a + far * b) + high * (near * d + far * c) + swell[..., None] * self.out)

    def sides_mm(self) -> tuple[float, float]:
        """Its lengths along u and v."""
        a, b, c, d = self.corners
        return float(np.linalg.norm(b + c - a - d)) / 2, float(np.linalg.norm(d + c - a - b)) / 2

    def facing(self, eye: Floats) -> float:
        """Cosine of the angle at which an eye at table mm sees its middle, negative from behind."""
        way = eye - self.corners.mean(axis=0)
        return float(self.out @ way) / max(float(np.linalg.norm(way)), 1e-9)


@dataclass(frozen=True)
class Swell:
    """How a face lies over its fitted edges: all of it by rim_mm, for rounded edges are found farther in, its middle by
    dome_mm more; and how alike two views of it are then (-1 to 1)."""
    rim_mm: float
    dome_mm: float
    likeness: float

    def over_mm(self) -> float:
        """How far its middle lies beyond the edges."""
        return self.rim_mm + self.dome_mm

    def flat(self) -> bool:
        """Whether it hardly lies beyond the edges."""
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


def raised(colours: Sequence[Gray], view: Pinhole, face: Face, rim_mm: float, dome_mm: float) -> Gray:
    """A face moved out by rim_mm, and by dome_mm more in its middle, as the view sees it, laid flat."""
    columns, rows = (int(np.clip(side * LID_SHARE * PX_PER_MM, 16, MOST_PX)) for side in face.sides_mm())
    v, u = np.meshgrid(np.linspace(-1, 1, rows) * LID_SHARE, np.linspace(-1, 1, columns) * LID_SHARE, indexing="ij")
    points = face.grid(u, v, rim_mm, dome_mm)
    spots = view.project(points.reshape(-1, 3)).reshape(rows, columns, 2).astype(np.float32)
    planes = [cv2.remap(plane, spots[..., 0], spots[..., 1], cv2.INTER_LINEAR) for plane in colours]
    return np.asarray(np.dstack(planes), dtype=np.float32)


def swell_of(views: Sequence[tuple[Sequence[Gray], Pinhole]], face: Face) -> Swell | None:
    """How a face that two views see lies over its edges, None where its print does not tell."""
    if len(views) != 2 or any(face.facing(view.centre()) < LEAST_FACING for _, view in views):
        return None

    def likeness(rim: float, domes: Floats) -> Floats:
        return np.array([alike(*(raised(g, v, face, rim, float(dome)) for g, v in views)) for dome in domes])

    first = _peak(SWELLS_MM, likeness(0.0, SWELLS_MM))
    if first is None:
        return _all_over(likeness)
    best = Swell(0.0, first.height_mm, first.likeness)
    if best.flat():
        return best
    for rim in RIMS_MM:
        near = np.round(first.height_mm - 1.9 * rim) + np.array([-2.0, 0.0, 2.0])
        found = Swell(rim, *_vertex(near, likeness(rim, near)))
        if found.dome_mm > -LEAST_SWELL_MM and found.likeness > best.likeness:
            best = Swell(rim, max(found.dome_mm, 0.0), found.likeness)
    return best


def _all_over(likeness: Callable[[float, Floats], Floats]) -> Swell | None:
    """A face whose edges are so round that all of it lies over those that were fitted, its print too fine for the
    coarse search."""
    rims = np.array([float(likeness(float(rim), np.zeros(1))[0]) for rim in ROUND_RIMS_MM])
    best = int(rims.argmax())
    rival = float(rims[np.abs(ROUND_RIMS_MM - ROUND_RIMS_MM[best]) > RIMS_APART_MM].max())
    if not 0 < best < len(rims) - 1 or rims[best] < LEAST_LIKENESS or rims[best] - rival < LEAST_LEAD:
        return None
    domes = np.array([-1.0, 0.0, 1.0])
    dome, alike_there = _vertex(domes, likeness(float(ROUND_RIMS_MM[best]), domes))
    return Swell(float(ROUND_RIMS_MM[best]), max(dome, 0.0), alike_there)


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
