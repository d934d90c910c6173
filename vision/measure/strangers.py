"""What the pictures show and rig.toml does not say: tags that it does not list, and one camera under two names."""
from collections.abc import Mapping
from itertools import combinations

import cv2
import numpy as np

from vision.measure.camera import Floats
from vision.measure.corners import Seen
from vision.measure.rig import Rig
from vision.measure.tags import find_tags

SAME_SIDE = 0.03
NEAREST_EYES_MM = 50.0
"""Nearer to each other no two cameras hang: what looks so is one of them twice."""


def contradicted(seen: Mapping[str, Seen], rig: Rig) -> str:
    """How the table is another than rig.toml describes, one sentence; empty where it is that one."""
    if strangers := unlisted(seen, rig):
        return f"Tag {strangers[0]} lies on the table but is missing from table.tags of rig.toml; add it, or cover it."
    for one, other in combinations(seen, 2):
        if float(np.linalg.norm(seen[one].raw.centre() - seen[other].raw.centre())) < NEAREST_EYES_MM:
            return f"The cameras {one} and {other} show the table from one place; give each its own source."
    return ""


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
