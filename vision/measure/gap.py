"""Whether a box that was fitted is alone: no gap runs across what looks like its lid, and nothing stands beside it."""
from collections.abc import Sequence

import cv2
import numpy as np

from vision.measure.attempts import Colours
from vision.measure.camera import Floats
from vision.measure.corners import Seen, before_zone
from vision.measure.cuboid import silhouette
from vision.measure.edges import Gray
from vision.measure.stereo import Swell, raised
from vision.measure.swelling import faces_of

SMOOTH_PX = 1.0
LOW_SHARE, NARROWEST_SHARE = 0.2, 0.025
LEAST_GREY, MANIFOLD = 15.0, 14.0
"""A strip across the whole lid that two views see so unlike, in grey levels and beside its other strips, is no lid:
there they look into a gap."""

LIKELY, AROUND_CELLS, MOST_CELLS, OTHER_CELLS, ALONE_CELLS = 0.7, 2, 8, 2, 30
"""How likely a parcel a cell must be, how far from the box, and how many of them together are another thing: more than
the first in one view and the second in the other, or the last in one alone, where the other may not see it."""


def crowded(seen: Sequence[Seen], zone_mm: tuple[float, float], box: Floats) -> bool:
    """Whether another thing stands beside the box."""
    cells = [beside(view, zone_mm, box) for view in seen]
    in_both = len(cells) > 1 and max(cells) > MOST_CELLS and min(cells) > OTHER_CELLS
    return in_both or max(cells) > ALONE_CELLS


def beside(seen: Seen, zone_mm: tuple[float, float], box: Floats) -> int:
    """The cells of the largest thing before the zone that the net takes for parcel beside the box."""
    around = cv2.dilate(silhouette(box, seen.cells).astype(np.uint8), np.ones((2 * AROUND_CELLS + 1,) * 2, np.uint8))
    other = (seen.maps["parcel"] > LIKELY) & (around == 0) & before_zone(seen.cells, zone_mm, 0.0)
    stats = cv2.connectedComponentsWithStats(other.astype(np.uint8))[2]
    return int(stats[1:, cv2.CC_STAT_AREA].max(initial=0))


def parted(seen: Sequence[Seen], colours: Colours, corners: Floats, lid: Swell | None) -> bool:
    """Whether a gap runs across the lid of the box with those corners (8, 3) mm; two views are needed to tell."""
    if len(seen) != 2:
        return False
    rim, dome = (lid.rim_mm, lid.dome_mm) if lid is not None else (0.0, 0.0)
    face = faces_of(corners)[0]
    one, other = (raised(planes, view.raw, face, rim, dome) for view, planes in zip(seen, colours, strict=True))
    unlike = difference(one, other)
    return any(stands_out(np.quantile(unlike, LOW_SHARE, axis=axis)) for axis in (0, 1))


def difference(one: Gray, other: Gray) -> Floats:
    """By how many grey levels (rows, columns) two pictures of one lid differ in their worst colour, each colour of the
    second made as bright as that of the first."""
    first, second = (cv2.GaussianBlur(picture, (0, 0), SMOOTH_PX) for picture in (one, other))
    gain = np.median(first / np.maximum(second, 1.0), axis=(0, 1))
    return np.asarray(np.abs(first - second * gain).max(axis=2), np.float64)


def stands_out(strips: Floats) -> bool:
    """Whether some neighbouring strips (N,) are very unlike, and far more so than most."""
    wide = max(3, round(len(strips) * NARROWEST_SHARE))
    worst = float(np.convolve(strips, np.full(wide, 1 / wide), "valid").max())
    return worst > max(LEAST_GREY, MANIFOLD * float(np.median(strips)))
