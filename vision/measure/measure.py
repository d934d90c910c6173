"""One measure: frames in, length, width, height with their uncertainty out, or a refusal with its reason."""
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats
from vision.measure.corners import Seen, check_channels, corner_sights, edge_sights, look
from vision.measure.cuboid import Fit, Sight, box_points, fit_box, overlap, silhouette
from vision.measure.net import TALL_MM
from vision.measure.rig import Camera, Rig
from vision.measure.search import first_box
from vision.measure.tags import Placed, place
from vision.model import Model

Picture = npt.NDArray[np.uint8]
DARK_GREY = 14.0
GLARE_SHARE = 0.35
MOST_RESIDUAL_PX = 0.5
LEAST_PARCEL_CELLS = 6.0
HAND_CELLS = 25.0
OUTLINE_SLACK = 2.4
LEAST_WEIGHT = 0.68
LEAST_SURE_WEIGHT, MOST_APART_MM = 0.84, 6.0
ZONE_SLACK_MM = 15.0
TALLEST_MM = TALL_MM - 20.0
SMALLEST_MM = 8.0


@dataclass(frozen=True)
class Tuning:
    """What calibration on the validation renders settled: 95 % half-width from spread, disagreement and floor."""
    spread: float = 4.0
    disagreement: float = 0.1
    floor_mm: float = 3.0
    lone_view: float = 2.0
    lone_spread_mm: float = 0.28
    widest_mm: float = 40.0


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
    """An answer and, where one was fitted, the box vector and the views it stands on."""
    answer: Answer
    box: Floats | None = None
    seen: Mapping[str, Seen] | None = None


def refusal(reason: str, residual: float | None = None) -> Answer:
    """A refusal with that reason."""
    return Answer(False, reason=reason, rig_residual_px=residual)


@dataclass(frozen=True, eq=False)
class Measurer:
    """Rig and net, ready to measure; holds no state between measures."""
    rig: Rig
    model: Model
    tuning: Tuning = Tuning()

    def __post_init__(self) -> None:
        check_channels(self.model)

    def measure(self, frames: Mapping[str, Picture]) -> Outcome:
        """Measure from the newest BGR frame of each camera that has one."""
        started = time.perf_counter()
        outcome = self._measure(frames)
        spent = round((time.perf_counter() - started) * 1000, 1)
        return replace(outcome, answer=replace(outcome.answer, elapsed_ms=spent))

    def _measure(self, frames: Mapping[str, Picture]) -> Outcome:
        lit = {name: frame for name, frame in frames.items() if not is_dark(frame)}
        if not lit:
            return Outcome(refusal("dark"))
        straight = {name: straightened(frame, self.rig.camera(name)) for name, frame in lit.items()}
        placed = {name: self._place(name, frame) for name, frame in straight.items()}
        known = {name: p for name, p in placed.items() if p is not None}
        if not known:
            return Outcome(refusal("tag_lost"))
        residual = round(max(p.residual_px for p in known.values()), 3)
        if residual > MOST_RESIDUAL_PX:
            return Outcome(refusal("moved", residual))
        seen = {name: look(straight[name], p.view, self.rig.zone_mm, self.model) for name, p in known.items()}
        return self._judge(seen, residual)

    def _place(self, name: str, frame: Picture) -> Placed | None:
        return place(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8), self.rig.camera(name), self.rig)

    def _judge(self, seen: Mapping[str, Seen], residual: float) -> Outcome:
        reason = what_hinders(seen)
        if reason:
            return Outcome(refusal(reason, residual), None, seen)
        start = first_box([s.masks() for s in seen.values()])
        if start is None:
            return Outcome(refusal("unknown_shape", residual), None, seen)
        rough, fit = fit_views(list(seen.values()), start)
        half = half_widths(rough, fit, len(seen), self.tuning)
        reason = what_is_wrong(fit, seen, self.rig, half, self.tuning)
        if reason is None and (doubtful(rough, fit) or too_loose(fit, len(seen), self.tuning)):
            reason = "disagreement"
        if reason:
            return Outcome(refusal(reason, residual), fit.box, seen)
        return Outcome(_answer(fit.box, half, residual), fit.box, seen)


def _answer(box: Floats, half: Floats, residual: float) -> Answer:
    order = [0, 1, 2] if box[3] >= box[4] else [1, 0, 2]
    length, width, height = (round(float(v), 1) for v in box[3:][order])
    first, second, third = (round(float(v), 1) for v in half[order])
    return Answer(True, length, width, height, (first, second, third), "box", None, residual)


def is_dark(frame: Picture) -> bool:
    """Whether hardly any light reaches the camera."""
    return float(np.quantile(frame[::16, ::16], 0.98)) < DARK_GREY * 2 or float(frame[::16, ::16].mean()) < DARK_GREY


def straightened(frame: Picture, camera: Camera) -> Picture:
    """The frame as a pinhole with the same matrix sees it."""
    if not any(camera.distortion):
        return frame
    return np.asarray(cv2.undistort(frame, camera.matrix3(), np.array(camera.distortion)), dtype=np.uint8)


def what_hinders(seen: Mapping[str, Seen]) -> str | None:
    """A reason that the masks alone give, before any fit."""
    views = list(seen.values())
    if all(float(s.maps["parcel"].sum()) < LEAST_PARCEL_CELLS for s in views):
        return "no_parcel"
    if any(float((s.maps["hand"] > 0.5).sum()) > HAND_CELLS for s in views):
        return "hand_in_view"
    if all(bodies(s.maps["parcel"]) > 1 for s in views):
        return "two_objects"
    if any(float((s.picture[::8, ::8].min(axis=2) > 250).mean()) > GLARE_SHARE for s in views):
        return "glare"
    return None


def bodies(mask: Floats) -> int:
    """Separate areas of some size in a parcel mask."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8))
    return int((stats[1:, cv2.CC_STAT_AREA] > 10).sum())


def fit_views(seen: list[Seen], start: Floats) -> tuple[Fit, Fit]:
    """The fit to the net's corners alone and the fit to corners and full-resolution edges."""
    box = start
    for gate in (5.0, 3.0, 2.0):
        rough = fit_box([sight for s in seen for sight in corner_sights(s, box, gate)], box)
        box = rough.box
    colours = [[np.asarray(c, np.float32) for c in cv2.split(s.picture)] for s in seen]
    fit = rough
    for reach, sigma in ((10.0, 2.0), (5.0, 1.0), (3.0, 0.6)):
        sights: list[Sight] = []
        for s, gray in zip(seen, colours, strict=True):
            sights += corner_sights(s, fit.box, 2.0) + edge_sights(s, gray, fit.box, reach, sigma)
        fit = fit_box(sights, fit.box)
    return rough, fit


def half_widths(rough: Fit, fit: Fit, views: int, tuning: Tuning) -> Floats:
    """95 % half-widths (3,) mm of length, width, height in the box's own order."""
    spread = np.sqrt(np.diag(fit.covariance)[3:]) * tuning.spread
    apart = np.abs(rough.box[3:] - fit.box[3:]) * tuning.disagreement
    half = np.sqrt(spread ** 2 + apart ** 2 + tuning.floor_mm ** 2)
    return np.asarray(half * (tuning.lone_view if views == 1 else 1.0))


def what_is_wrong(fit: Fit, seen: Mapping[str, Seen], rig: Rig, half: Floats, tuning: Tuning) -> str | None:
    """A reason why the fitted box is no answer."""
    if float(fit.box[5]) > TALLEST_MM:
        return "too_tall"
    if np.any(np.abs(box_points(fit.box)[:4, :2]).max(axis=0) > np.array(rig.zone_mm) / 2 + ZONE_SLACK_MM):
        return "out_of_zone"
    fits = [covers(fit.box, s) for s in seen.values()]
    if not any(fits) or float(fit.box[3:].min()) < SMALLEST_MM:
        return "unknown_shape"
    if not all(fits) or float(fit.weights.mean()) < LEAST_WEIGHT or float(half.max()) > tuning.widest_mm:
        return "disagreement"
    return None


def doubtful(rough: Fit, fit: Fit) -> bool:
    """Whether corners and edges tell different boxes while part of the evidence is outvoted."""
    apart = float(np.abs(rough.box[3:] - fit.box[3:]).max())
    return float(fit.weights.mean()) < LEAST_SURE_WEIGHT and apart > MOST_APART_MM


def too_loose(fit: Fit, views: int, tuning: Tuning) -> bool:
    """Whether a lone view holds the box so loosely that another box would do as well."""
    return views == 1 and float(np.sqrt(np.diag(fit.covariance)[3:]).max()) > tuning.lone_spread_mm


def covers(box: Floats, seen: Seen) -> bool:
    """Whether the box covers what the net took for the parcel; a small one may differ by half a cell of outline."""
    area = silhouette(box, seen.cells)
    least = 0.9 - OUTLINE_SLACK / float(np.sqrt(max(int(area.sum()), 1)))
    return overlap(seen.maps["parcel"], area) >= least
