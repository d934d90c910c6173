"""A box from its corners and edges, checked against its outline, each view alone, and the print on its top."""
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from vision.measure.answer import Finding, Tuning, in_quadrature
from vision.measure.camera import Floats
from vision.measure.corners import Seen, corner_sights, edge_sights
from vision.measure.cuboid import Fit, Sight, box_points, fit_box, overlap, silhouette
from vision.measure.edges import Gray
from vision.measure.outline import OutlineFit, fit_outline
from vision.measure.refuse import TALLEST_MM, outside
from vision.measure.shapes import BOX
from vision.measure.stereo import Level, lid_swell

OUTLINE_SLACK = 2.0
LEAST_WEIGHT, LEAST_SWOLLEN_WEIGHT, SWOLLEN_MM = 0.75, 0.6, 3.0
LEAST_SURE_WEIGHT, MOST_APART_MM = 0.84, 6.0
ZONE_SLACK_MM = 15.0
SMALLEST_MM = 8.0
OUTLINE_APART_MM, OUTLINE_APART_SHARE = 30.0, 0.1
VIEWS_APART_MM, VIEWS_APART_SIGMAS = 6.0, 5.0
LEAST_BULGE_MM, SWELL_SHARE = 0.5, 0.9
Colours = Sequence[Sequence[Gray]]


@dataclass(frozen=True, eq=False)
class BoxFit:
    """All that is known of a box: the fit to the net's corners, to corners and edges, each view's own, its outline's,
    and by how much its lid swells."""
    rough: Fit
    fit: Fit
    lone: Sequence[Fit]
    outline: OutlineFit | None
    lid: Level | None

    def extent(self) -> Floats:
        """The box vector grown by the bulge: once in height, on both sides in length and width, which swell alike."""
        return np.asarray(self.fit.box + np.array([0, 0, 0, 2, 2, 1]) * self.bulge_mm())

    def bulge_mm(self) -> float:
        """How far the middle of the top lies above its corners; 0 where it is not known or hardly any."""
        return SWELL_SHARE * self.lid.height_mm if self.lid is not None and self.lid.height_mm > LEAST_BULGE_MM else 0.0

    def apart_mm(self) -> Floats:
        """Largest difference (3,) between what two views say alone; 0 with one view."""
        if len(self.lone) < 2:
            return np.zeros(3)
        return np.asarray(np.abs(self.lone[0].box[3:] - self.lone[1].box[3:]))


def colours_of(seen: Sequence[Seen]) -> list[list[Gray]]:
    """Every view's picture as three float planes."""
    return [[np.asarray(c, np.float32) for c in cv2.split(s.picture)] for s in seen]


def measure_box(seen: Sequence[Seen], colours: Colours, start: Floats, zone_mm: tuple[float, float],
                tuning: Tuning) -> Finding:
    """The box that grows from that start, and whether it is an answer."""
    known = all_of(seen, colours, start)
    half = half_widths(known, len(seen), tuning)
    reason = what_is_wrong(known, seen, zone_mm, half, tuning)
    return Finding(known.extent(), half, "box", reason, float(known.fit.weights.mean()))


def all_of(seen: Sequence[Seen], colours: Colours, start: Floats) -> BoxFit:
    """Every fit of one box."""
    rough, fit, parts = fit_views(seen, colours, start)
    lone = [fit_box(part, fit.box) for part in parts] if len(parts) > 1 else []
    return BoxFit(rough, fit, lone, fit_outline(seen, BOX, fit.box), lid_of(seen, colours, fit.box))


def lid_of(seen: Sequence[Seen], colours: Colours, box: Floats) -> Level | None:
    """By how much the lid swells, as its print tells."""
    return lid_swell([(planes[1], s.raw) for s, planes in zip(seen, colours, strict=True)], box)


def fit_views(seen: Sequence[Seen], colours: Colours, start: Floats) -> tuple[Fit, Fit, list[list[Sight]]]:
    """The fit to the net's corners alone, the fit to corners and full-resolution edges, each view's evidence."""
    box = start
    for gate in (5.0, 3.0, 2.0):
        rough = fit_box([sight for s in seen for sight in corner_sights(s, box, gate)], box)
        box = rough.box
    fit = rough
    for reach, sigma in ((10.0, 2.0), (5.0, 1.0), (3.0, 0.6)):
        parts = [corner_sights(s, fit.box, 2.0) + edge_sights(s, planes, fit.box, reach, sigma)
                 for s, planes in zip(seen, colours, strict=True)]
        fit = fit_box([sight for part in parts for sight in part], fit.box)
    return rough, fit, parts


def half_widths(known: BoxFit, views: int, tuning: Tuning) -> Floats:
    """95 % half-widths (3,) mm of length, width, height in the box's own order."""
    spread = np.sqrt(np.diag(known.fit.covariance)[3:]) * tuning.spread
    apart = np.abs(known.rough.box[3:] - known.fit.box[3:]) * tuning.disagreement
    swell = known.bulge_mm() * tuning.swell * np.array([2, 2, 1])
    half = in_quadrature(spread, apart, swell, tuning.floor_mm)
    return np.asarray(half * (tuning.lone_view if views == 1 else 1.0))


def what_is_wrong(known: BoxFit, seen: Sequence[Seen], zone_mm: tuple[float, float], half: Floats,
                  tuning: Tuning) -> str | None:
    """A reason why the fitted box is no answer."""
    box, weight = known.fit.box, float(known.fit.weights.mean())
    if float(box[5]) > TALLEST_MM:
        return "too_tall"
    if outside(box_points(box)[:4, :2], zone_mm, ZONE_SLACK_MM):
        return "out_of_zone"
    fits = list(map(partial(covers, box), seen))
    if not any(fits) or float(box[3:].min()) < SMALLEST_MM:
        return "unknown_shape"
    least = LEAST_SWOLLEN_WEIGHT if known.bulge_mm() > SWOLLEN_MM else LEAST_WEIGHT
    if not all(fits) or weight < least or float(half.max()) > tuning.widest_mm:
        return "disagreement"
    if doubtful(known) or too_loose(known.fit, len(seen), tuning) or contradicted(known):
        return "disagreement"
    return None


def doubtful(known: BoxFit) -> bool:
    """Whether corners and edges tell different boxes while part of the evidence is outvoted."""
    apart = float(np.abs(known.rough.box[3:] - known.fit.box[3:]).max())
    return float(known.fit.weights.mean()) < LEAST_SURE_WEIGHT and apart > MOST_APART_MM


def too_loose(fit: Fit, views: int, tuning: Tuning) -> bool:
    """Whether a lone view holds the box so loosely that another box would do as well."""
    return views == 1 and float(np.sqrt(np.diag(fit.covariance)[3:]).max()) > tuning.lone_spread_mm


def contradicted(known: BoxFit) -> bool:
    """Whether the outline or one view alone tells another box."""
    size = known.fit.box[3:]
    if known.outline is not None:
        most = OUTLINE_APART_MM + OUTLINE_APART_SHARE * size
        if bool(np.any(np.abs(known.outline.size_mm() - size) > most)):
            return True
    if len(known.lone) < 2:
        return False
    spread = in_quadrature(*(np.sqrt(np.diag(f.covariance)[3:]) for f in known.lone))
    return bool(np.any(known.apart_mm() > VIEWS_APART_MM + VIEWS_APART_SIGMAS * spread))


def covers(box: Floats, seen: Seen) -> bool:
    """Whether the box covers what the net took for the parcel; a small one may differ by half a cell of outline."""
    area = silhouette(box, seen.cells)
    least = 0.9 - OUTLINE_SLACK / float(np.sqrt(max(int(area.sum()), 1)))
    return overlap(seen.maps["parcel"], area) >= least
