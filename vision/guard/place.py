"""Detections in pixels → sightings on the floor, through a viewpoint.

A truck's nose is not made a heading: on drawn scenes it is off by tens of degrees (models/guard.md), worse than
the direction of travel that the rules take in its stead.
"""
from collections.abc import Iterable

from vision.guard.detect import Detection
from vision.guard.records import PEOPLE
from vision.guard.stature import pose, stature
from vision.guard.tracks import Sighting
from vision.guard.viewpoint import Viewpoint


def sightings(detections: Iterable[Detection], viewpoint: Viewpoint) -> list[Sighting]:
    """Those whose foot lies on the floor, in the same order."""
    found = (sighting(one, viewpoint) for one in detections)
    return [one for one in found if one is not None]


def sighting(detection: Detection, viewpoint: Viewpoint) -> Sighting | None:
    """Footprint centre and its covariance; None on or above the horizon."""
    try:
        point, spread = viewpoint.locate(detection.foot, detection.covariance_px())
    except ValueError:
        return None
    at = float(point[0]), float(point[1])
    size = stature(pose(viewpoint), detection.box, at, viewpoint.size_px) if detection.kind in PEOPLE else None
    return Sighting(detection.kind, detection.score, *at,
                    (float(spread[0, 0]), float(spread[0, 1]), float(spread[1, 1])), None, *(size or (None, None)))
