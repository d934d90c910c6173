"""A box from its corners and edges, checked against its outline, each view alone, and the print on its top."""
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vision.measure.answer import Finding, Tuning, in_quadrature
from vision.measure.attempts import Attempt, Colours, best_attempt
from vision.measure.camera import Floats
from vision.measure.corners import Seen
from vision.measure.cuboid import Fit, box_points, fit_box, overlap, silhouette
from vision.measure.edges import Gray
from vision.measure.refuse import TALLEST_MM, outside
from vision.measure.stereo import Lid, lid_swell

LEAST_COVER = 0.55
ZONE_SLACK_MM = 15.0
SMALLEST_MM = 8.0
VIEWS_APART_MM, VIEWS_APART_SIGMAS = 6.0, 5.0
BY_DOME, BY_RIM = np.array([1.92, 1.92, 0.95]), np.array([2.2, 2.2, 1.2])
"""By how much a box is longer, wider and higher than its edges per mm that its lid swells and lies above them; sides
swell and are rounded like the lid."""


@dataclass(frozen=True, eq=False)
class BoxFit:
    """All that is known of a box: the best fit, each view's own, and by how much its lid swells."""
    best: Attempt
    lone: Sequence[Fit]
    lid: Lid | None

    @property
    def fit(self) -> Fit:
        """The fit to corners and edges."""
        return self.best.fit

    def extent(self) -> Floats:
        """The box vector grown by what lies beyond the edges: once in height, on both sides in length and width."""
        if self.lid is None or self.lid.flat():
            return self.fit.box
        beyond = BY_DOME * self.lid.dome_mm + BY_RIM * self.lid.rim_mm
        return np.concatenate([self.fit.box[:3], self.fit.box[3:] + beyond])

    def apart_mm(self) -> Floats:
        """Largest difference (3,) between what two views say alone; 0 with one view."""
        if len(self.lone) < 2:
            return np.zeros(3)
        return np.asarray(np.abs(self.lone[0].box[3:] - self.lone[1].box[3:]))


def colours_of(seen: Sequence[Seen]) -> list[list[Gray]]:
    """Every view's picture as three float planes."""
    return [[np.asarray(c, np.float32) for c in cv2.split(s.picture)] for s in seen]


def measure_box(seen: Sequence[Seen], colours: Colours, zone_mm: tuple[float, float], tuning: Tuning) -> Finding | None:
    """The box that the pictures bear out best, and whether it is an answer; None where nothing looks like one."""
    best = best_attempt(seen, colours)
    if best is None:
        return None
    lone = [fit_box(part, best.fit.box) for part in best.parts] if len(best.parts) > 1 else []
    known = BoxFit(best, lone, lid_of(seen, colours, best.fit.box))
    half = half_widths(known, len(seen), tuning)
    return Finding(known.extent(), half, "box", what_is_wrong(known, seen, zone_mm, half, tuning))


def lid_of(seen: Sequence[Seen], colours: Colours, box: Floats) -> Lid | None:
    """By how much the lid swells, as its print tells."""
    return lid_swell([(planes, s.raw) for s, planes in zip(seen, colours, strict=True)], box)


def half_widths(known: BoxFit, views: int, tuning: Tuning) -> Floats:
    """95 % half-widths (3,) mm of length, width, height in the box's own order."""
    spread = np.sqrt(np.diag(known.fit.covariance)[3:]) * tuning.spread
    apart = known.apart_mm() * tuning.disagreement
    swell = unsure_swell(known, tuning) * np.array([2, 2, 1])
    floor = (tuning.floor_mm + tuning.lost_mm * (1 - known.fit.kept())) * np.array([1, 1, tuning.height_share])
    half = in_quadrature(spread, apart, swell, floor) * lid_share(known, tuning)
    return np.asarray(half * (tuning.lone_view if views == 1 else 1.0))


def lid_share(known: BoxFit, tuning: Tuning) -> Floats:
    """What the sight of the lid leaves of the half-widths (3,)."""
    if known.lid is None:
        return np.ones(3)
    return np.array(tuning.flat if known.lid.flat() else tuning.swollen)


def unsure_swell(known: BoxFit, tuning: Tuning) -> float:
    """By how many mm the swelling may be other than taken: more where the print of two views is less alike, most where
    two views cannot tell it; what one view cannot tell grows with all else that it says."""
    if known.lid is None:
        return tuning.blank_swell_mm if known.lone else tuning.unseen_swell_mm
    if known.lid.flat():
        return 0.0
    return known.lid.dome_mm * tuning.swell + tuning.unlike_mm * (1 - known.lid.likeness)


def what_is_wrong(known: BoxFit, seen: Sequence[Seen], zone_mm: tuple[float, float], half: Floats,
                  tuning: Tuning) -> str | None:
    """A reason why the fitted box is no answer."""
    box = known.fit.box
    if float(box[5]) > TALLEST_MM:
        return "too_tall"
    if outside(box_points(box)[:4, :2], zone_mm, ZONE_SLACK_MM):
        return "out_of_zone"
    if float(box[3:].min()) < SMALLEST_MM or not any(covers(box, s) for s in seen):
        return "unknown_shape"
    if not all(covers(box, s) for s in seen) or float(half.max()) > tuning.widest_mm:
        return "disagreement"
    if not known.best.sound() or too_loose(known.fit, len(seen), tuning) or contradicted(known):
        return "disagreement"
    return None


def too_loose(fit: Fit, views: int, tuning: Tuning) -> bool:
    """Whether a lone view holds the box so loosely that another box would do as well."""
    return views == 1 and float(np.sqrt(np.diag(fit.covariance)[3:]).max()) > tuning.lone_spread_mm


def contradicted(known: BoxFit) -> bool:
    """Whether one view alone tells another box."""
    if len(known.lone) < 2:
        return False
    spread = in_quadrature(*(np.sqrt(np.diag(f.covariance)[3:]) for f in known.lone))
    return bool(np.any(known.apart_mm() > VIEWS_APART_MM + VIEWS_APART_SIGMAS * spread))


def covers(box: Floats, seen: Seen) -> bool:
    """Whether the box lies where the net saw the parcel."""
    return overlap(seen.maps["parcel"], silhouette(box, seen.cells)) >= LEAST_COVER
