"""What a measure answers, and what calibration settled about how sure it may be."""
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from vision.measure.camera import Floats
from vision.measure.corners import Seen
from vision.measure.depth import DepthError

REASONS = ("no_parcel", "two_objects", "out_of_zone", "too_tall", "hand_in_view", "dark", "glare", "tag_lost", "moved",
           "disagreement", "unknown_shape")


@dataclass(frozen=True)
class Tuning:
    """What the calibration sets settled: how spreads, disagreements, evidence that lost its weight, floors, and what
    lens and pose leave open become 95 % half-widths in mm; and what leaves the swelling of a box's faces open
    (swelling.py): that of a face that is seen, by what it swells and by how unlike two views of it are; of one that is
    not, by the root of what the others swell; where no side is seen, of a box that is new and of one whose edges are
    worn, or not the lid, or nothing; of a crushed carton, and beyond what spread of its corners it is none; and for
    one view alone."""
    spread: float = 3.0
    disagreement: float = 0.1
    floor_mm: float = 0.25
    lost_mm: float = 8.0
    height_share: float = 0.6
    rig: float = 1.5
    seen_mm: float = 0.2
    swell: float = 0.05
    unlike_mm: float = 3.0
    by_root: float = 2.1
    by_lid: float = 0.3
    new_sides_mm: float = 1.4
    worn_sides_mm: float = 4.0
    blank_lid_mm: float = 2.5
    blank_swell_mm: float = 3.5
    unseen_swell_mm: float = 2.7
    crushed_floor_mm: float = 4.5
    widest_crushed_mm: float = 5.5
    lone_view: float = 2.0
    lone_spread_mm: float = 0.28
    widest_mm: float = 7.5
    widest_lone_mm: float = 15.0
    tube_floor_mm: float = 2.0
    bag_floor_mm: float = 9.0
    depth_floor_mm: float = 15.0
    widest_soft_mm: float = 15.0


@dataclass(frozen=True)
class Answer:
    """JSON of a measure: mm, 95 % half-widths, or a reason; what does not apply is None."""
    answered: bool
    length_mm: float | None = None
    width_mm: float | None = None
    height_mm: float | None = None
    uncertainty_mm: tuple[float, float, float] | None = None
    kind: str | None = None
    reason: str | None = None
    rig_residual_px: float | None = None
    elapsed_ms: float | None = None

    def document(self) -> dict[str, object]:
        """As JSON values."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Outcome:
    """An answer and, where one was fitted, the box vector and the views it stands on; how a depth picture contradicts
    the rig and was left out."""
    answer: Answer
    box: Floats | None = None
    seen: Mapping[str, Seen] | None = None
    depth: DepthError | None = None


@dataclass(frozen=True, eq=False)
class Finding:
    """A fitted body: its upright box vector, 95 % half-widths (3,) mm in the box's own order, kind, and why it is no
    answer if it is none."""
    box: Floats
    half_mm: Floats
    kind: str
    reason: str | None = None

    def answer(self, residual_px: float) -> Answer:
        """Length >= width and height, or the refusal."""
        if self.reason is not None:
            return refusal(self.reason, residual_px)
        order = [0, 1, 2] if self.box[3] >= self.box[4] else [1, 0, 2]
        length, width, height = (round(float(v), 1) for v in self.box[3:][order])
        first, second, third = (round(float(v), 1) for v in self.half_mm[order])
        return Answer(True, length, width, height, (first, second, third), self.kind, None, residual_px)


def refusal(reason: str, residual: float | None = None) -> Answer:
    """A refusal with that reason."""
    return Answer(False, reason=reason, rig_residual_px=residual)


def in_quadrature(*parts: Floats | float) -> Floats:
    """Root of the sum of squares, element by element."""
    return np.asarray(np.sqrt(sum(np.square(part) for part in parts)))
