"""How far the lid and the sides of a box swell: measured where two views see the same print, judged by those where not.

Faces are the lid, then the four SIDES of cuboid.py.
"""
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vision.measure.answer import Tuning, in_quadrature
from vision.measure.camera import Floats, Pinhole
from vision.measure.cuboid import SIDES
from vision.measure.edges import Gray
from vision.measure.stereo import Face, Swell, swell_of

GRID = np.linspace(-1, 1, 7)
BY_SIDE, BY_LID = 0.75, 0.15
"""What part of a seen side's and of the lid's swelling a side has that is not seen, where one is."""
BY_LID_ALONE, WORN_MM, USUAL_MM = 0.5, 0.4, 0.3
"""The part of the lid's swelling that sides have where none is seen, what those of a worn box have besides, and what is
usual where nothing is seen; what rounded edges make of one face they make of all."""
LEAST_MM, RIM_MM = 0.3, 0.8
SUNK_MM, LID_COUNTS = -1.5, 0.75
ROUND_MM = 1.0
"""A lid that lies so far over its edges has rounded ones: such a carton was used, and may swell anywhere."""
EACH = np.array([1.0, *[np.sqrt(2.0)] * 4])
"""A side's part of a doubt that is meant of the height, twice of length and width."""


@dataclass(frozen=True, eq=False)
class Swelling:
    """By how many mm the middle of each face lies over the plane of its edges (5,), and the 95 % half-width of each."""
    over: Floats
    doubt: Floats

    def doubt_mm(self) -> Floats:
        """What the faces' doubts make of length, width and height (3,)."""
        lid, *sides = self.doubt
        return np.array([np.hypot(sides[1], sides[3]), np.hypot(sides[0], sides[2]), lid])


def faces_of(corners: Floats) -> list[Face]:
    """Lid and sides between corners (8, 3) mm, base first."""
    base, top = corners[:4], corners[4:]
    return [Face(top, np.array([0.0, 0.0, 1.0])), *(_side(base, top, a, b) for a, b in SIDES)]


def _side(base: Floats, top: Floats, a: int, b: int) -> Face:
    x, y, _ = base[b] + top[b] - base[a] - top[a]
    return Face(np.array([base[a], base[b], top[b], top[a]]), np.array([y, -x, 0.0]) / max(float(np.hypot(x, y)), 1e-9))


def swells(views: Sequence[tuple[Sequence[Gray], Pinhole]], corners: Floats) -> list[Swell | None]:
    """By how much each face swells, where two views can tell; what seems to sink in is no carton's face but other print
    that looks alike."""
    return [believed(swell_of(views, face)) for face in faces_of(corners)]


def believed(swell: Swell | None) -> Swell | None:
    """What was seen of a face, unless it sinks in."""
    return swell if swell is not None and swell.over_mm() > SUNK_MM else None


def judged(found: Sequence[Swell | None], two_views: bool, tuning: Tuning) -> Swelling:
    """What lies over each face: what was seen, and for the others what those that were seen let expect."""
    lid, sides = found[0], [side for side in found[1:] if side is not None]
    if not two_views:
        return Swelling(np.zeros(5), tuning.unseen_swell_mm * EACH)
    usual, doubt = _unseen(lid, sides, tuning)
    top = (lid.over_mm(), seen_doubt(lid, tuning)) if lid is not None else _unseen_lid(sides, tuning)
    each = [(usual, doubt) if side is None else (side.over_mm(), seen_doubt(side, tuning)) for side in found[1:]]
    return Swelling(*np.array([top, *each]).T)


def _unseen(lid: Swell | None, sides: Sequence[Swell], tuning: Tuning) -> tuple[float, float]:
    """What lies over a side that is not seen, and how sure that is: the more that swell, the less."""
    lids = [lid] if lid is not None else []
    rim, over, top = least_rim([*sides, *lids]), mean_dome(sides), mean_dome(lids)
    most = max(over, top if not sides else LID_COUNTS * top, LEAST_MM) - LEAST_MM
    if sides:
        seen = BY_SIDE * max(seen_doubt(side, tuning) for side in sides)
        doubt = in_two(seen, tuning.by_root * float(np.sqrt(most)))
        return rim + BY_SIDE * over + BY_LID * top, doubt if lid is not None else in_two(tuning.blank_lid_mm, doubt)
    if lid is not None:
        worn = float(np.clip(lid.over_mm() / ROUND_MM, 0.0, 1.0))
        doubt = tuning.new_sides_mm * (1 - worn) + tuning.worn_sides_mm * worn
        return rim + BY_LID_ALONE * top + WORN_MM * worn, doubt + tuning.by_lid * most
    return USUAL_MM, tuning.blank_swell_mm * float(EACH[1])


def mean_dome(faces: Sequence[Swell]) -> float:
    """By how many mm these faces swell in the mean, beside what rounded edges make of them, none of them inward; 0
    without any."""
    return float(np.mean([max(face.dome_mm, 0.0) for face in faces])) if faces else 0.0


def least_rim(faces: Sequence[Swell]) -> float:
    """How far all of them lie over the edges at least, mm: edges are rounded alike all over a carton, so that a face
    with a higher rim than another has it from something else; 0 without any."""
    return min((face.rim_mm for face in faces), default=0.0)


def _unseen_lid(sides: Sequence[Swell], tuning: Tuning) -> tuple[float, float]:
    """The same of a lid that shows no print."""
    over = mean_dome(sides)
    return least_rim(sides) + 0.5 * over, tuning.blank_lid_mm + tuning.by_lid * over if sides else tuning.blank_swell_mm


def in_two(one: float, other: float) -> float:
    """Root of the sum of two squares."""
    return float(in_quadrature(one, other))


def seen_doubt(swell: Swell, tuning: Tuning) -> float:
    """95 % half-width in mm of what two views tell of a face: more where they are less alike."""
    return tuning.seen_mm + tuning.swell * max(swell.over_mm(), 0.0) + tuning.unlike_mm * (1 - swell.likeness)


def around(corners: Floats, swelling: Swelling, yaw: float) -> Floats:
    """The smallest upright box vector around a carton with those corners (8, 3) and swollen faces, turned as box_around
    turns it."""
    u, v = np.meshgrid(GRID, GRID)
    rims = np.clip(swelling.over, 0.0, RIM_MM)
    points = [face.grid(u, v, rim, over - rim).reshape(-1, 3)
              for face, rim, over in zip(faces_of(corners), rims, swelling.over, strict=True)]
    return box_around(np.vstack([corners, *points]), yaw)


def box_around(points: Floats, yaw: float) -> Floats:
    """The smallest upright box vector around points (N, 3) mm that stands on the table, its length along its side
    nearest to yaw."""
    middle = points[:, :2].mean(axis=0)
    (x, y), (one, other), degrees = cv2.minAreaRect((points[:, :2] - middle).astype(np.float32))
    turn = np.radians(degrees)
    quarters = int(np.round((yaw - turn) / (np.pi / 2)))
    length, width = (one, other) if quarters % 2 == 0 else (other, one)
    top = float(points[:, 2].max())
    return np.array([x + middle[0], y + middle[1], turn + quarters * np.pi / 2, length, width, top])


def widest(corners: Floats, yaw: float) -> Floats:
    """Which corner coordinates (3, 24), and by how much, make length, width and height."""
    c, s = np.cos(yaw), np.sin(yaw)
    ways = np.zeros((3, 8, 3))
    for n, way in enumerate(((c, s), (-s, c))):
        reach = corners[:, :2] @ np.array(way)
        ways[n, int(reach.argmax()), :2] += way
        ways[n, int(reach.argmin()), :2] -= way
    ways[2, int(corners[:, 2].argmax()), 2] = 1.0
    return ways.reshape(3, 24)
