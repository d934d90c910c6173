"""A box from its corners and edges, checked against its outline, each view alone, and the print on its top."""
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from vision.measure.alone import turned
from vision.measure.answer import Finding, Tuning, in_quadrature
from vision.measure.attempts import Attempt, Colours, best_attempt
from vision.measure.camera import Floats, Pinhole
from vision.measure.corners import Seen
from vision.measure.crushed import loosened
from vision.measure.cuboid import Fit, box_points, overlap, silhouette
from vision.measure.edges import Gray
from vision.measure.gap import crowded, parted
from vision.measure.refuse import TALLEST_MM, kinds, outside
from vision.measure.skewed import Skewed, let_go
from vision.measure.stereo import Swell, swell_of
from vision.measure.swelling import Swelling, around, believed, box_around, faces_of, judged, seen_doubt, swells, widest

LEAST_COVER, LEAST_LESS = 0.55, 0.35
"""How far a box and the net's mask must overlap in one view, and in the other, whose mask may be torn."""
LEAST_LET_GO = 0.8
"""What a cuboid's edges must keep of their weight with its corners let go."""
ZONE_SLACK_MM = 15.0
SMALLEST_MM = 8.0
FACES = 5
DOUBLE = np.array([2.0, 2.0, 1.0])
"""What swells does so on both sides of length and width, and above."""
WELL_KEPT, LOWEST_MM, SURE = 0.8, 25.0, 0.75
"""A box that keeps this much of its evidence is no crushed one and lay still; what is this high and this likely a box
may be."""
MOST_DOME_MM, BENT_MM, CLEARLY_MORE = 4.0, 1.5, 0.1
"""A carton whose lid swells more is full, not crushed; where a whole one fits, too, a crushed one must keep so much
more of its evidence, or as much where the whole one's corners lie so loose that it is no answer."""


@dataclass(frozen=True, eq=False)
class BoxFit:
    """All that is known of a box: the best fit, in how many views, its corners let go, and what swells."""
    best: Attempt
    views: int
    skew: Skewed
    swelling: Swelling
    lid: Swell | None = None
    carton: bool = False
    """Whether the net is sure of a box in two views, so that corners out of square are one's."""

    def sound(self) -> bool:
        """Whether a cuboid explains the pictures and with its corners let go does not explain them worse than a carton
        would, or a carton whose corners were let go explains them by itself."""
        cuboid = self.best.sound() and (self.views < 2 or self.skew.kept >= LEAST_LET_GO)
        return cuboid or (self.carton and self.skew.sound())

    @property
    def fit(self) -> Fit:
        """The fit to corners and edges."""
        return self.best.fit

    def extent(self) -> Floats:
        """The smallest upright box vector around the corners and all that swells between them."""
        return around(self.skew.corners, self.swelling, float(self.fit.box[2]))

    def spread_mm(self) -> Floats:
        """Standard deviation (3,) of length, width and height by the corners that make them."""
        ways = widest(self.skew.corners, float(self.fit.box[2]))
        return np.array([self.skew.spread_along(way) for way in ways])


def colours_of(seen: Sequence[Seen]) -> list[list[Gray]]:
    """Every view's picture as three float planes."""
    return [[np.asarray(c, np.float32) for c in cv2.split(s.picture)] for s in seen]


def measure_box(seen: Sequence[Seen], colours: Colours, zone_mm: tuple[float, float], tuning: Tuning) -> Finding | None:
    """The box that the pictures bear out best, and whether it is an answer; None where nothing looks like one."""
    best = best_attempt(seen, colours)
    if best is None:
        return None
    found = whole_or_crushed(seen, colours, best, zone_mm, tuning)
    doubted = found.reason is None and best.fit.kept() < WELL_KEPT
    return replace(found, reason="disagreement") if doubted and turned(seen, colours) else found


def whole_or_crushed(seen: Sequence[Seen], colours: Colours, best: Attempt, zone_mm: tuple[float, float],
                     tuning: Tuning) -> Finding:
    """That box as a whole one or as a crushed carton, whichever is borne out better."""
    known = fitted(seen, colours, best, tuning)
    whole = judge_whole(seen, colours, known, zone_mm, tuning)
    if whole.reason not in (None, "disagreement") or not may_be_crushed(seen, best):
        return whole
    return measure_crushed(seen, colours, best, zone_mm, tuning, least_kept(known, whole)) or whole


def least_kept(known: BoxFit, whole: Finding) -> float:
    """What share of its evidence a crushed carton must keep to be believed rather than a whole one."""
    if not known.sound():
        return 0.0
    refused_as_bent = whole.reason is not None and known.skew.loose_mm > BENT_MM
    return known.skew.kept + (0.0 if refused_as_bent else CLEARLY_MORE)


def fitted(seen: Sequence[Seen], colours: Colours, best: Attempt, tuning: Tuning) -> BoxFit:
    """That box with all that is asked of it besides."""
    skew = let_go(seen, colours, best.fit.box)
    carton = len(seen) == 2 and kinds(list(seen))["box"] >= SURE
    sound = best.sound() or (carton and skew.sound())
    found = swells(views_of(seen, colours), skew.corners) if sound else [None] * FACES
    return BoxFit(best, len(seen), skew, judged(found, len(seen) > 1, tuning), found[0], carton)


def judge_whole(seen: Sequence[Seen], colours: Colours, known: BoxFit, zone_mm: tuple[float, float],
                tuning: Tuning) -> Finding:
    """A box that is whole, and whether it is an answer."""
    half = half_widths(known, seen, tuning)
    wrong = what_is_wrong(known, seen, zone_mm, half, tuning)
    alone = not crowded(seen, zone_mm, known.extent()) and not parted(seen, colours, known.skew.corners, known.lid)
    return Finding(known.extent(), half, "box", wrong or (None if alone else "two_objects"))


def views_of(seen: Sequence[Seen], colours: Colours) -> list[tuple[Sequence[Gray], Pinhole]]:
    """Each view's planes with its camera."""
    return [(planes, s.raw) for s, planes in zip(seen, colours, strict=True)]


def may_be_crushed(seen: Sequence[Seen], best: Attempt) -> bool:
    """Whether two views show a carton that no cuboid explains well."""
    doubted = not best.sound() or best.fit.kept() < WELL_KEPT
    return len(seen) == 2 and doubted and float(best.fit.box[5]) >= LOWEST_MM and kinds(list(seen))["box"] >= SURE


def measure_crushed(seen: Sequence[Seen], colours: Colours, best: Attempt, zone_mm: tuple[float, float],
                    tuning: Tuning, least_kept: float) -> Finding | None:
    """The smallest upright box around the same carton taken for a crushed one, None where that is no answer or keeps
    less of the evidence. Its faces are seldom flat, so that print tells of its lid alone; one whose lid swells is no
    crushed one."""
    crushed, yaw = loosened(seen, colours, best.fit.box), float(best.fit.box[2])
    if not crushed.sound() or crushed.kept < least_kept:
        return None
    likely = np.array([box_around(points, yaw) for points in crushed.likely()])[:, 3:]
    spread = likely.std(axis=0) * 2
    lid = believed(swell_of(views_of(seen, colours), faces_of(crushed.corners())[0]))
    if float(spread.max()) > tuning.widest_crushed_mm or (lid is not None and lid.dome_mm > MOST_DOME_MM):
        return None
    over = 0.0 if lid is None or lid.flat() else lid.over_mm()
    box = np.concatenate([box_around(crushed.skeleton(), yaw)[:3], likely.mean(axis=0) + np.array([0, 0, over])])
    half = crushed_half(spread, lid, seen, tuning)
    lies_there = not outside(box_points(box)[:4, :2], zone_mm, ZONE_SLACK_MM) and all(covers(box, s) for s in seen)
    if float(half.max()) > tuning.widest_mm or not lies_there:
        return None
    two = crowded(seen, zone_mm, box) or parted(seen, colours, crushed.corners(), lid)
    return Finding(box, half, "box", "two_objects" if two else None)


def crushed_half(spread: Floats, lid: Swell | None, seen: Sequence[Seen], tuning: Tuning) -> Floats:
    """95 % half-widths (3,) mm of a crushed carton; its sides' swelling is in the floor, unless its lid is blank."""
    floor = tuning.crushed_floor_mm * np.array([1, 1, tuning.height_share])
    swell = (tuning.blank_swell_mm if lid is None else seen_doubt(lid, tuning)) * DOUBLE
    return in_quadrature(spread, swell, floor, tuning.rig * max(s.unsure_mm() for s in seen))


def half_widths(known: BoxFit, seen: Sequence[Seen], tuning: Tuning) -> Floats:
    """95 % half-widths (3,) mm of length, width, height in the box's own order."""
    spread = known.spread_mm() * tuning.spread
    floor = (tuning.floor_mm + tuning.lost_mm * (1 - known.skew.kept)) * np.array([1, 1, tuning.height_share])
    rig = tuning.rig * max((s.unsure_mm() for s in seen), default=0.0)
    half = in_quadrature(spread, known.swelling.doubt_mm(), floor, rig)
    return np.asarray(half * (tuning.lone_view if len(seen) == 1 else 1.0))


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
    widest = tuning.widest_mm if len(seen) > 1 else tuning.widest_lone_mm
    if not all(covers(box, s, LEAST_LESS) for s in seen) or float(half.max()) > widest:
        return "disagreement"
    if not known.sound() or too_loose(known.fit, len(seen), tuning):
        return "disagreement"
    return None


def too_loose(fit: Fit, views: int, tuning: Tuning) -> bool:
    """Whether a lone view holds the box so loosely that another box would do as well."""
    return views == 1 and float(np.sqrt(np.diag(fit.covariance)[3:]).max()) > tuning.lone_spread_mm


def covers(box: Floats, seen: Seen, least: float = LEAST_COVER) -> bool:
    """Whether the box lies where the net saw the parcel."""
    return overlap(seen.maps["parcel"], silhouette(box, seen.cells)) >= least
