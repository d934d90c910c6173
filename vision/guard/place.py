"""Detections in pixels → sightings on the floor, through a viewpoint."""
from collections.abc import Iterable
from math import atan2, hypot

from vision.guard.detect import Detection
from vision.guard.tracks import Sighting
from vision.guard.viewpoint import Viewpoint

LEAST_NOSE_M = 0.3
"""A nose nearer to the foot than this tells no heading."""


def sightings(detections: Iterable[Detection], viewpoint: Viewpoint) -> list[Sighting]:
    """Those whose foot lies on the floor, in the same order."""
    found = (sighting(one, viewpoint) for one in detections)
    return [one for one in found if one is not None]


def sighting(detection: Detection, viewpoint: Viewpoint) -> Sighting | None:
    """Footprint centre, covariance and, for a truck whose nose is told, heading; None on or above the horizon."""
    try:
        point, spread = viewpoint.locate(detection.foot, detection.covariance_px())
    except ValueError:
        return None
    return Sighting(detection.kind, detection.score, float(point[0]), float(point[1]),
                    (float(spread[0, 0]), float(spread[0, 1]), float(spread[1, 1])),
                    _heading(detection, viewpoint, (float(point[0]), float(point[1]))))


def _heading(detection: Detection, viewpoint: Viewpoint, foot_m: tuple[float, float]) -> float | None:
    if detection.nose is None:
        return None
    try:
        nose, _ = viewpoint.locate(detection.nose, detection.covariance_px())
    except ValueError:
        return None
    x, y = float(nose[0]) - foot_m[0], float(nose[1]) - foot_m[1]
    return atan2(y, x) if hypot(x, y) >= LEAST_NOSE_M else None
