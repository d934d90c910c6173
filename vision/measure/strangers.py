"""Tags that lie on the table in the pictures and that rig.toml does not list."""
from collections.abc import Mapping

import cv2
import numpy as np

from vision.measure.camera import Floats
from vision.measure.corners import Seen
from vision.measure.rig import Rig
from vision.measure.tags import find_tags

SAME_SIDE = 0.03


def unlisted(seen: Mapping[str, Seen], rig: Rig) -> list[int]:
    """Tags that lie on the table beside the zone, as large as those of the rig, which does not list them."""
    known, sides = {tag.id for tag in rig.tags}, {tag.side_mm for tag in rig.tags}
    found: set[int] = set()
    for each in seen.values():
        gray = np.asarray(cv2.cvtColor(each.picture, cv2.COLOR_BGR2GRAY), np.uint8)
        strangers = {n: each.raw.back_project(c, 0.0) for n, c in find_tags(gray).items() if n not in known}
        found |= {n for n, quad in strangers.items() if beside(quad, rig.zone_mm) and any(flat(quad, s) for s in sides)}
    return sorted(found)


def beside(quad: Floats, zone_mm: tuple[float, float]) -> bool:
    """Whether these points (N, 2) mm all lie outside the zone."""
    return bool(np.all(np.any(np.abs(quad) > np.array(zone_mm) / 2, axis=1)))


def flat(quad: Floats, side_mm: float) -> bool:
    """Whether a tag's corners (4, 2) mm on the table are a square of that side; what lies higher or lower is not."""
    sides = np.linalg.norm(quad - np.roll(quad, 1, axis=0), axis=1)
    return bool(np.all(np.abs(sides - side_mm) < SAME_SIDE * side_mm))
