"""The box that the pictures bear out best, and how far they do."""
from collections.abc import Sequence
from dataclasses import dataclass

from vision.measure.camera import Floats
from vision.measure.corners import Seen, corner_sights, edge_sights
from vision.measure.cuboid import Fit, fit_box
from vision.measure.edges import Gray
from vision.measure.outline import fit_outline
from vision.measure.shapes import BOX
from vision.measure.support import Support, support

LEAST_WEIGHT, LEAST_BORNE, LEAST_TOGETHER = 0.7, 0.62, 1.55
"""Mean weight that corners and edges keep, share of the worst edge that stands in the pictures, and the sum of the two,
that a box must reach: bags fail by the first, tubes and boxes in a wrong place by the others."""
CORNER_GATES = (5.0, 3.0, 2.0)
STEPS = ((10.0, 2.0), (5.0, 1.0), (3.0, 0.6))
STEPS_ALONE = ((14.0, 3.0), (8.0, 1.5), *STEPS[1:])
"""Reach and sigma in px of the search for steps: after the net's corners, and without them."""
Colours = Sequence[Sequence[Gray]]


@dataclass(frozen=True, eq=False)
class Attempt:
    """A fit, and how far the pictures bear it out."""
    fit: Fit
    borne: Support

    def worth(self) -> tuple[float, float]:
        """Weight that the evidence kept, and share of the worst edge that stands in the pictures."""
        return self.fit.kept(), self.borne.worst

    def sound(self) -> bool:
        """Whether enough of what such a box should show is there."""
        weight, worst = self.worth()
        return weight >= LEAST_WEIGHT and worst >= LEAST_BORNE and weight + worst >= LEAST_TOGETHER


def best_attempt(seen: Sequence[Seen], colours: Colours) -> Attempt | None:
    """From the outline by the net's corners and, where that is not sound and two views guard it, by edges alone, for
    corners err where print looks like them; None where no outline is seen."""
    outline = fit_outline(seen, BOX)
    if outline is None:
        return None
    first = attempt(seen, colours, outline.box(), True)
    if first.sound() or len(seen) < 2:
        return first
    second = attempt(seen, colours, outline.box(), False)
    return second if second.sound() or sum(second.worth()) > sum(first.worth()) else first


def attempt(seen: Sequence[Seen], colours: Colours, start: Floats, by_corners: bool) -> Attempt:
    """One fit, from that start."""
    rough = to_corners(seen, start) if by_corners else start
    fit = to_edges(seen, colours, rough, STEPS if by_corners else STEPS_ALONE)
    return Attempt(fit, support(seen, colours, fit.box))


def to_corners(seen: Sequence[Seen], start: Floats) -> Floats:
    """The box drawn to the net's corners."""
    box = start
    for gate in CORNER_GATES:
        box = fit_box([sight for s in seen for sight in corner_sights(s, box, gate)], box).box
    return box


def to_edges(seen: Sequence[Seen], colours: Colours, start: Floats,
             steps: Sequence[tuple[float, float]]) -> Fit:
    """The box drawn to edges at full resolution and to the corners near it."""
    box = start
    for reach, sigma in steps:
        fit = fit_box([sight for s, planes in zip(seen, colours, strict=True) for sight in
                       corner_sights(s, box, 2.0) + edge_sights(s, planes, box, reach, sigma)], box)
        box = fit.box
    return fit
