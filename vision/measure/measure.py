"""One measure: frames in, length, width, height with their uncertainty out, or a refusal with its reason."""
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.answer import Answer, Finding, Outcome, Tuning, refusal
from vision.measure.attempts import Colours
from vision.measure.boxes import colours_of, measure_box
from vision.measure.corners import Seen, check_channels, look
from vision.measure.depth import DepthError, Depths, Relief, seen_from_above
from vision.measure.light import is_burnt, is_drowned
from vision.measure.refuse import is_dark, kinds, what_hinders
from vision.measure.rig import Camera, Rig
from vision.measure.soft import measure_bag, measure_relief, measure_tube
from vision.measure.tags import Placed, place
from vision.model import Model

__all__ = ["Answer", "Measurer", "Outcome", "Picture", "Tuning", "is_dark", "straightened"]
Picture = npt.NDArray[np.uint8]
MOST_RESIDUAL_PX = 0.5
SURE, RIVAL = 0.75, 0.15
"""What is this likely a box is no soft thing; a soft kind less likely than the second figure is not asked for."""
CLEARLY = 2.0
"""A tube that could be a soft thing, too, is one where the net holds it so many times likelier."""


@dataclass(frozen=True, eq=False)
class Measurer:
    """Rig and net, ready to measure; holds no state between measures."""
    rig: Rig
    model: Model
    tuning: Tuning = field(default_factory=Tuning)

    def __post_init__(self) -> None:
        check_channels(self.model)

    def measure(self, frames: Mapping[str, Picture], depths: Depths | None = None) -> Outcome:
        """Measure from the newest BGR frame of each camera that has one, and a depth picture if the rig has one."""
        started = time.perf_counter()
        above, contradicts = self._above(depths)
        outcome = self._measure(frames, above)
        spent = round((time.perf_counter() - started) * 1000, 1)
        return replace(outcome, answer=replace(outcome.answer, elapsed_ms=spent), depth=contradicts)

    def _measure(self, frames: Mapping[str, Picture], above: Relief | None) -> Outcome:
        lit = {name: frame for name, frame in frames.items() if not is_dark(frame)}
        if not lit:
            return Outcome(refusal("dark"))
        straight = {name: straightened(frame, self.rig.camera(name)) for name, frame in lit.items()}
        placed = {name: self._place(name, frame) for name, frame in straight.items()}
        known = {name: p for name, p in placed.items() if p is not None}
        if not known:
            return Outcome(refusal("glare" if any(is_drowned(frame) for frame in lit.values()) else "tag_lost"))
        residual = round(max(p.residual_px for p in known.values()), 3)
        if residual > MOST_RESIDUAL_PX:
            off = {name: p.view for name, p in known.items() if p.residual_px > MOST_RESIDUAL_PX}
            burnt = all(is_burnt(straight[name], view, self.rig) for name, view in off.items())
            return Outcome(refusal("glare" if burnt else "moved", residual))
        seen = {name: self._look(straight[name], p) for name, p in known.items()}
        reason = what_hinders(seen) or ("two_objects" if above is not None and above.things > 1 else None)
        if reason:
            return Outcome(refusal(reason, residual), None, seen)
        found = self._find(list(seen.values()), above)
        if found is None:
            return Outcome(refusal("unknown_shape", residual), None, seen)
        return Outcome(found.answer(residual), found.box, seen)

    def _place(self, name: str, frame: Picture) -> Placed | None:
        return place(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8), self.rig.camera(name), self.rig)

    def _look(self, picture: Picture, placed: Placed) -> Seen:
        """The picture through the net; lens and pose may be as wrong as the tags' residual, and as few tags, tell."""
        doubt = float(np.hypot(placed.residual_px, placed.unsure_px))
        return replace(look(picture, placed.view, self.rig.zone_mm, self.model), unsure_px=doubt)

    def _above(self, depths: Depths | None) -> tuple[Relief | None, DepthError | None]:
        """What the depth picture shows; one that contradicts the rig is left out, and what needs it is refused."""
        if depths is None or self.rig.depth is None:
            return None, None
        try:
            return seen_from_above(depths, self.rig.depth, self.rig.zone_mm), None
        except DepthError as error:
            return None, error

    def _find(self, seen: list[Seen], above: Relief | None) -> Finding | None:
        """A box or a tube where the pictures bear one out, for they do so for nothing else; what is neither is the soft
        kind that the net holds likeliest. One view tells boxes alone, and only where the net is sure."""
        chance, colours = kinds(seen), colours_of(seen)
        box = self._as("box", seen, colours, above)
        if len(seen) == 1 and box is not None and box.reason is None and chance["box"] < SURE:
            box = replace(box, reason="unknown_shape")
        if (len(seen) == 1 and above is None) or (box is not None and box.reason in (None, "two_objects")):
            return box
        tube = self._as("tube", seen, colours, above)
        soft = max(("polybag", "irregular"), key=lambda kind: chance[kind])
        asked = chance["box"] < SURE and chance[soft] > RIVAL
        other = self._as(soft, seen, colours, above) if asked else None
        if tube is not None and tube.reason is None:
            rivals = other is not None and other.reason is None and chance["tube"] < CLEARLY * chance[soft]
            return replace(tube, reason="unknown_shape") if rivals else tube
        if asked:
            return other
        return box if chance["box"] >= chance["tube"] else tube

    def _as(self, kind: str, seen: list[Seen], colours: Colours, above: Relief | None) -> Finding | None:
        """The parcel taken for one of that kind."""
        zone = self.rig.zone_mm
        if kind == "tube":
            return measure_tube(seen, colours, zone, self.tuning)
        if kind == "polybag":
            return measure_bag(seen, colours, above, zone, self.tuning)
        if kind == "irregular":
            return measure_relief(above, kind, zone, self.tuning) if above is not None else None
        return measure_box(seen, colours, zone, self.tuning)


def straightened(frame: Picture, camera: Camera) -> Picture:
    """The frame as a pinhole with the same matrix sees it."""
    if not any(camera.distortion):
        return frame
    return np.asarray(cv2.undistort(frame, camera.matrix3(), np.array(camera.distortion)), dtype=np.uint8)
