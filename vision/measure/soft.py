"""Tubes, bags and odd things: the smallest upright box around what outlines, print and depth tell of them."""
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vision.measure.answer import Finding, Tuning, in_quadrature
from vision.measure.attempts import Colours
from vision.measure.camera import Floats
from vision.measure.corners import Seen
from vision.measure.cuboid import hull, inside, overlap
from vision.measure.depth import Relief
from vision.measure.outline import OutlineFit, fit_outline, sharpen
from vision.measure.refuse import TALLEST_MM, outside
from vision.measure.shapes import TUBE, bag
from vision.measure.stereo import Level, top_level
from vision.measure.support import outline_support

LEAST_COVER, COVER_SLACK = 0.9, 2.4
ZONE_SLACK_MM = 15.0
PATCH_SHARE, PATCH_MM = 0.22, (24.0, 70.0)
PRINT_APART_MM, PRINT_BELOW_MM = 15.0, 2.0
"""Places of a bag's print agree within this much; the middle of a patch lies this far below the bag's highest point."""
SEAM_MM = 8.0
"""What the pointed corners of a bag's seam lose in a mask, both ends together."""
UNSEEN_TOP_MM = 25.0
LEAST_BORNE, LEAST_WEIGHT = 0.97, 0.75
"""Share of a tube's outline that stands in the pictures, and the weight its steps keep, below which it is no answer."""
HOPELESS = 0.85
SMALLER_MM = ((0.0, 0.0, 0.0), (10.0, 0.0, 0.0), (0.0, 10.0, 10.0), (10.0, 10.0, 10.0))
FULLEST = 0.6
"""A bag is no higher than this share of its shorter side."""


def measure_tube(seen: Sequence[Seen], colours: Colours, zone_mm: tuple[float, float],
                 tuning: Tuning) -> Finding | None:
    """A lying tube from its outlines; None when no outline is seen."""
    rough = fit_outline(seen, TUBE)
    if rough is None:
        return None
    fit, borne = best_tube(seen, colours, rough)
    apart = np.abs(fit.size_mm() - rough.size_mm())
    half = in_quadrature(fit.spread_mm() * tuning.spread, apart * tuning.disagreement, tuning.tube_floor_mm)
    half = np.asarray(half * (tuning.lone_view if len(seen) == 1 else 1.0))
    reason = what_is_wrong(fit, seen, zone_mm, half, tuning)
    if reason is None and (borne < LEAST_BORNE or float(fit.found.weights.mean()) < LEAST_WEIGHT):
        reason = "disagreement"
    return Finding(fit.box(), half, "tube", reason)


def best_tube(seen: Sequence[Seen], colours: Colours, rough: OutlineFit) -> tuple[OutlineFit, float]:
    """The tube drawn to the steps that the pictures show, from the masks' own and from smaller ones, for masks take in
    shadow; the first that is borne out along nearly all of its outline, else the best, and that share."""
    best, most = rough, -1.0
    for less in SMALLER_MM:
        start = replace(rough.found, best=rough.found.best - np.array([0, 0, 0, *less]))
        fit = sharpen(seen, colours, replace(rough, found=start))
        borne = outline_support(seen, colours, fit.points())
        if borne > most:
            best, most = fit, borne
        if most >= LEAST_BORNE or most < HOPELESS:
            break
    return best, most


def measure_bag(seen: Sequence[Seen], colours: Colours, relief: Relief | None, zone_mm: tuple[float, float],
                tuning: Tuning) -> Finding | None:
    """A bag: its sides from the outlines, its height from depth or from the print on its top, else hardly."""
    first = fit_outline(seen, bag(None))
    if first is None:
        return None
    height = known_height(seen, colours, first, relief)
    start = first.found.best if height is None else np.where(np.arange(7) == 5, height, first.found.best)
    fit = fit_outline(seen, bag(height), start) or first
    box = fit.box() + np.array([0, 0, 0, SEAM_MM, SEAM_MM, 0])
    unsure = UNSEEN_TOP_MM if height is None else 0.0
    half = in_quadrature(fit.spread_mm() * tuning.spread, np.array([0, 0, unsure]), tuning.bag_floor_mm)
    half = np.asarray(half * (tuning.lone_view if len(seen) == 1 else 1.0))
    return Finding(box, half, "polybag", what_is_wrong(fit, seen, zone_mm, half, tuning))


def known_height(seen: Sequence[Seen], colours: Colours, fit: OutlineFit, relief: Relief | None) -> float | None:
    """Height of a bag's top in mm: by depth, else by the highest print that agrees with the rest of it, else None."""
    if relief is not None:
        return relief.height_mm
    levels = np.array([level.height_mm for level in top_levels(seen, colours, fit)])
    agreed = levels[np.abs(levels - np.median(levels)) < PRINT_APART_MM] if len(levels) else levels
    return float(agreed.max()) + PRINT_BELOW_MM if len(agreed) >= 2 else None


def top_levels(seen: Sequence[Seen], colours: Colours, fit: OutlineFit) -> list[Level]:
    """Where the print lies on the middle of a bag and on four places around it."""
    views = [(planes[1], s.raw) for s, planes in zip(seen, colours, strict=True)]
    short = float(fit.size_mm()[:2].min())
    side = float(np.clip(PATCH_SHARE * short, *PATCH_MM))
    c, s = np.cos(fit.found.best[2]), np.sin(fit.found.best[2])
    places = np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]]) * fit.size_mm()[:2] * 0.12
    middles = places @ np.array([[c, s], [-s, c]]) + fit.found.best[:2]
    found = [top_level(views, middle, side, (4.0, max(30.0, FULLEST * short))) for middle in middles]
    return [level for level in found if level is not None]


def measure_relief(relief: Relief, kind: str, zone_mm: tuple[float, float], tuning: Tuning) -> Finding:
    """The smallest upright box around what stands out in the depth picture."""
    half = np.full(3, tuning.depth_floor_mm)
    reason = "out_of_zone" if outside(relief.rim, zone_mm, ZONE_SLACK_MM) else None
    if relief.height_mm > TALLEST_MM:
        reason = "too_tall"
    return Finding(relief.box, half, kind, reason)


def what_is_wrong(fit: OutlineFit, seen: Sequence[Seen], zone_mm: tuple[float, float], half: Floats,
                  tuning: Tuning) -> str | None:
    """A reason why the fitted body is no answer."""
    points = fit.points()
    if float(points[:, 2].max()) > TALLEST_MM:
        return "too_tall"
    if outside(points[:, :2], zone_mm, ZONE_SLACK_MM):
        return "out_of_zone"
    fits = [covers(points, s) for s in seen]
    if not any(fits):
        return "unknown_shape"
    if not all(fits):
        return "disagreement"
    return "unknown_shape" if float(half.max()) > tuning.widest_soft_mm else None


def covers(points: Floats, seen: Seen) -> bool:
    """Whether the body covers what the net took for the parcel."""
    area = inside(hull(seen.cells.project(points)), seen.cells.size_px)
    least = LEAST_COVER - COVER_SLACK / float(np.sqrt(max(int(area.sum()), 1)))
    return overlap(seen.maps["parcel"], area) >= least
