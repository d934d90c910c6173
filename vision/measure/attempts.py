"""The box that the pictures bear out best, among fits from several starts."""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vision.measure.camera import Floats
from vision.measure.corners import Seen, corner_sights, edge_sights
from vision.measure.cuboid import Fit, Sight, fit_box
from vision.measure.edges import Gray
from vision.measure.outline import fit_outline
from vision.measure.search import first_box
from vision.measure.shapes import BOX
from vision.measure.support import Support, support

WELL_BORNE = 0.85
"""A fit whose worst edge is borne out along this share of its length is not tried again from elsewhere."""
CORNER_GATES = (5.0, 3.0, 2.0)
STEPS = ((10.0, 2.0), (5.0, 1.0), (3.0, 0.6))
STEPS_ALONE = ((14.0, 3.0), (8.0, 1.5), *STEPS[1:])
"""Reach and sigma in px of the search for steps: after the net's corners, and without them."""
Colours = Sequence[Sequence[Gray]]


@dataclass(frozen=True, eq=False)
class Attempt:
    """A fit: before and after full-resolution edges, each view's evidence, and how far the pictures bear it out."""
    rough: Floats
    fit: Fit
    parts: Sequence[list[Sight]]
    borne: Support


def best_attempt(seen: Sequence[Seen], colours: Colours) -> Attempt | None:
    """The first fit that is well borne out, else the best one; None where nothing gives a start."""
    best: Attempt | None = None
    for start, by_corners in starts(seen):
        tried = attempt(seen, colours, start, by_corners)
        if best is None or tried.borne.worst > best.borne.worst:
            best = tried
        if best.borne.worst >= WELL_BORNE:
            break
    return best


def starts(seen: Sequence[Seen]) -> Iterator[tuple[Floats, bool]]:
    """Boxes to start from, and whether the net's corners are to be asked: they err where print looks like corners."""
    outline = fit_outline(seen, BOX)
    if outline is not None:
        yield from ((outline.box(), True), (outline.box(), False))
    first = first_box([s.masks() for s in seen])
    if first is not None:
        yield from ((first, True), (first, False))


def attempt(seen: Sequence[Seen], colours: Colours, start: Floats, by_corners: bool) -> Attempt:
    """One fit, from that start."""
    rough = to_corners(seen, start) if by_corners else start
    fit, parts = to_edges(seen, colours, rough, STEPS if by_corners else STEPS_ALONE)
    return Attempt(rough, fit, parts, support(seen, colours, fit.box))


def to_corners(seen: Sequence[Seen], start: Floats) -> Floats:
    """The box drawn to the net's corners."""
    box = start
    for gate in CORNER_GATES:
        box = fit_box([sight for s in seen for sight in corner_sights(s, box, gate)], box).box
    return box


def to_edges(seen: Sequence[Seen], colours: Colours, start: Floats,
             steps: Sequence[tuple[float, float]]) -> tuple[Fit, list[list[Sight]]]:
    """The box drawn to edges at full resolution and to the corners near it, with each view's evidence."""
    box = start
    for reach, sigma in steps:
        parts = [corner_sights(s, box, 2.0) + edge_sights(s, planes, box, reach, sigma)
                 for s, planes in zip(seen, colours, strict=True)]
        fit = fit_box([sight for part in parts for sight in part], box)
        box = fit.box
    return fit, parts
