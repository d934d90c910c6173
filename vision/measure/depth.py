"""An overhead time-of-flight camera: depth picture to heights over the table, and what stands out in them."""
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats
from vision.measure.rig import DepthCamera

Depths = npt.NDArray[np.float32]
CELL_MM = 5.0
LEAST_MM = 8.0
LEAST_CELLS = 40
MOST_LIFT_MM, MOST_TILT = 20.0, 0.02
FEWEST_TABLE = 200
TOP_SHARE = 0.998


@dataclass(frozen=True, eq=False)
class Relief:
    """What stands out over the table: its smallest upright box as a vector, its rim (N, 2) mm, its height in mm, and
    how many separate things there are."""
    box: Floats
    rim: Floats
    height_mm: float
    things: int


class DepthError(ValueError):
    """The depth picture contradicts the rig; the text is one sentence, `state` the camera's: moved or covered."""

    def __init__(self, text: str, state: str = "moved") -> None:
        super().__init__(text)
        self.state = state


def table_points(depths: Depths, camera: DepthCamera) -> Floats:
    """Points (N, 3) mm in table coordinates of every pixel with a depth; 0 and NaN mean none."""
    calm = cv2.medianBlur(np.nan_to_num(depths.astype(np.float32)), 3)
    row, column = np.nonzero(calm > 0)
    z = calm[row, column].astype(np.float64)
    fx, fy, cx, cy = camera.matrix
    own = np.column_stack([(column - cx) / fx * z, (row - cy) / fy * z, z])
    view = camera.view()
    return np.asarray((own - view.translation) @ view.rotation)


def levelled(points: Floats, zone_mm: tuple[float, float]) -> Floats:
    """The points with the table's own plane, seen around the zone, at height 0; DepthError when it lies elsewhere."""
    half = np.array(zone_mm) / 2
    beside = np.abs(points[:, :2]) / half
    ring = points[(beside.max(axis=1) > 1.05) & (beside.max(axis=1) < 1.5) & (np.abs(points[:, 2]) < 2 * MOST_LIFT_MM)]
    if len(ring) < FEWEST_TABLE:
        raise DepthError("The depth picture shows too little of the table around the zone.", "covered")
    flat = np.column_stack([ring[:, :2], np.ones(len(ring))])
    plane = np.linalg.lstsq(flat, ring[:, 2], rcond=None)[0]
    off = np.abs(ring[:, 2] - flat @ plane)
    near = off <= 3 * float(np.median(off)) + 0.5
    plane = np.linalg.lstsq(flat[near], ring[near, 2], rcond=None)[0]
    if abs(float(plane[2])) > MOST_LIFT_MM or float(np.hypot(*plane[:2])) > MOST_TILT:
        raise DepthError("The depth camera has been moved: the table does not lie where the rig puts it.")
    level = points.copy()
    level[:, 2] -= np.column_stack([points[:, :2], np.ones(len(points))]) @ plane
    return level


def relief(points: Floats, zone_mm: tuple[float, float]) -> Relief | None:
    """What stands out of the table in and around the zone, None when nothing does."""
    reach = max(zone_mm) / 2 * 1.3
    high = points[(points[:, 2] > LEAST_MM) & (np.abs(points[:, :2]).max(axis=1) < reach)]
    cells = int(2 * reach / CELL_MM)
    place = np.clip(((high[:, :2] + reach) / CELL_MM).astype(int), 0, cells - 1)
    grid = np.zeros((cells, cells), np.uint8)
    grid[place[:, 1], place[:, 0]] = 1
    grid = cv2.morphologyEx(grid, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(grid)
    large = [n for n in range(1, len(stats)) if stats[n, cv2.CC_STAT_AREA] >= LEAST_CELLS]
    if not large:
        return None
    most = max(large, key=lambda n: int(stats[n, cv2.CC_STAT_AREA]))
    return _boxed(high[labels[place[:, 1], place[:, 0]] == most], len(large))


def _boxed(points: Floats, things: int) -> Relief:
    """The smallest upright box around points that all belong to one thing."""
    (x, y), (one, other), angle = cv2.minAreaRect(points[:, :2].astype(np.float32))
    height = float(np.quantile(points[:, 2], TOP_SHARE))
    rim = cv2.convexHull(points[:, :2].astype(np.float32)).reshape(-1, 2).astype(np.float64)
    return Relief(np.array([x, y, np.radians(angle), one, other, height]), rim, height, things)


def seen_from_above(depths: Depths, camera: DepthCamera, zone_mm: tuple[float, float]) -> Relief | None:
    """What stands on the table in one depth picture; DepthError when the picture contradicts the rig."""
    return relief(levelled(table_points(depths, camera), zone_mm), zone_mm)
