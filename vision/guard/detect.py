"""One picture → detections in its pixels: letterbox, an ONNX net, boxes with their foot points.

The manifest declares how a net answers; every answer is for one letterboxed picture of net width x net height pixels:
  own    (N, 8 + classes, cells) raw, cells of stride 8, 16 and 32 in rows: left, top, right, bottom of the box and
         foot x, y and nose x, y as offsets from the cell's centre in strides, then one logit per class
  yolo   (N, 4 + classes, rows): box centre x, y, width, height in net pixels, then one probability per class
  yolo-end2end (N, rows, 6): left, top, right, bottom in net pixels, score, class number
`own` is shown blue, green, red; the others, as ultralytics trains them, red, green, blue.
"""
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vision.guard.records import TRUCKS, Kind
from vision.guard.tracks import family
from vision.model import Model, ModelError, load_model

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]

NAMES = ("guard_fp32", "guard_int8")
"""Manifest names of one net in both precisions."""
STRIDES = (8, 16, 32)
POINTS = 8
"""Numbers of an `own` row before its class logits: box 4, foot 2, nose 2."""
GREY = 114
LEAST_SCORE = 0.1
"""Below the tracker's lowest score nothing is told."""
OVERLAP = 0.5
"""Intersection over union above which two boxes of one family are one object."""
MOST = 60
"""Detections told of one picture, best first."""
FOOT_RISE = {Kind.PERSON: 0.03, Kind.PERSON_DOWN: 0.17, Kind.FORKLIFT: 0.17, Kind.PALLET_TRUCK: 0.2,
             Kind.ROLL_CAGE: 0.11, Kind.PARCEL: 0.29}
"""Share of the box's height from its bottom to the foot point, for nets that tell none (medians of drawn scenes)."""
FOOT_SPREAD = {Kind.PERSON: 0.11, Kind.PERSON_DOWN: 0.10, Kind.FORKLIFT: 0.08, Kind.PALLET_TRUCK: 0.08,
               Kind.ROLL_CAGE: 0.07, Kind.PARCEL: 0.08}
"""Standard deviation of a foot point per axis, share of the box's larger side (measured, models/guard.md)."""


@dataclass(frozen=True)
class Detection:
    """One object in picture pixels: box left, top, right, bottom; foot the middle of its footprint on the floor;
    nose the floor under a truck's fork tips, None where the net does not tell it; score 0..1."""
    kind: Kind
    score: float
    box: tuple[float, float, float, float]
    foot: tuple[float, float]
    nose: tuple[float, float] | None = None

    def covariance_px(self) -> Floats:
        """Covariance (2, 2) of the foot point, square pixels; at least one pixel each way."""
        left, top, right, bottom = self.box
        sigma = max(1.0, FOOT_SPREAD[self.kind] * max(right - left, bottom - top))
        return np.eye(2) * sigma ** 2


@dataclass(frozen=True)
class Letterbox:
    """How a picture lies in the net's: scale, and the shift in net pixels."""
    scale: float
    left: int
    top: int

    def back(self, xy: Floats) -> Floats:
        """Net pixels (..., 2) as picture pixels."""
        return np.asarray((xy - (self.left, self.top)) / self.scale)


@dataclass(frozen=True, eq=False)
class Raw:
    """What a net answered in net pixels: boxes (M, 4), scores (M, classes), feet and noses (M, 2), NaN if not told."""
    boxes: Floats
    scores: Floats
    feet: Floats
    noses: Floats


def letterboxed(picture: Picture, size_px: tuple[int, int]) -> tuple[Picture, Letterbox]:
    """A BGR picture shrunk or grown whole into width x height, centred on grey."""
    rows, columns = picture.shape[:2]
    scale = min(size_px[0] / columns, size_px[1] / rows)
    width, height = max(1, round(columns * scale)), max(1, round(rows * scale))
    left, top = (size_px[0] - width) // 2, (size_px[1] - height) // 2
    canvas = np.full((size_px[1], size_px[0], 3), GREY, np.uint8)
    while picture.shape[1] >= 2 * width and picture.shape[0] >= 2 * height:  # halving is exact and fast
        half = (picture.shape[1] // 2, picture.shape[0] // 2)
        picture = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
    canvas[top:top + height, left:left + width] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
    return canvas, Letterbox(scale, left, top)


def batch_of(pictures: Sequence[Picture]) -> Floats32:
    """Letterboxed BGR pictures as the nets take them: (N, 3, rows, columns) in 0..1."""
    return np.stack(pictures).transpose(0, 3, 1, 2).astype(np.float32) / np.float32(255)


def cells(size_px: tuple[int, int]) -> tuple[Floats, Floats]:
    """Centres (A, 2) in net pixels and strides (A, 1) of all cells, stride by stride, row by row."""
    centres, strides = [], []
    for stride in STRIDES:
        y, x = np.mgrid[0:size_px[1] // stride, 0:size_px[0] // stride]
        centres.append((np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) * stride)
        strides.append(np.full((len(centres[-1]), 1), float(stride)))
    return np.vstack(centres), np.vstack(strides)


def read_own(answer: Floats32, size_px: tuple[int, int], least: float) -> Raw:
    """Rows of format `own` (8 + classes, A) whose best class reaches the least score."""
    sure = answer[POINTS:].max(axis=0) >= np.log(least / (1 - least))
    kept = answer[:, sure].astype(np.float64).T
    centre, stride = (part[sure] for part in cells(size_px))
    points = kept[:, :POINTS] * stride
    boxes = np.hstack([centre - points[:, :2], centre + points[:, 2:4]])
    scores = 1 / (1 + np.exp(-np.clip(kept[:, POINTS:], -30, 30)))
    return Raw(boxes, scores, centre + points[:, 4:6], centre + points[:, 6:8])


def read_yolo(answer: Floats32, _: tuple[int, int], least: float) -> Raw:
    """Rows of format `yolo` (4 + classes, rows)."""
    kept = answer[:, answer[4:].max(axis=0) >= least].astype(np.float64).T
    half = kept[:, 2:4] / 2
    return _without_points(np.hstack([kept[:, :2] - half, kept[:, :2] + half]), kept[:, 4:])


def read_end2end(answer: Floats32, _: tuple[int, int], least: float) -> Raw:
    """Rows of format `yolo-end2end` (rows, 6)."""
    kept = answer[answer[:, 4] >= least].astype(np.float64)
    scores = np.zeros((len(kept), len(Kind)))
    scores[np.arange(len(kept)), np.clip(kept[:, 5].astype(int), 0, len(Kind) - 1)] = kept[:, 4]
    return _without_points(kept[:, :4], scores)


def _without_points(boxes: Floats, scores: Floats) -> Raw:
    nowhere = np.full((len(boxes), 2), np.nan)
    return Raw(boxes, scores, nowhere, nowhere)


FORMATS: dict[str, Callable[[Floats32, tuple[int, int], float], Raw]] = {
    "own": read_own, "yolo": read_yolo, "yolo-end2end": read_end2end}


def best_of(raw: Raw, kinds: Sequence[Kind], least: float) -> list[tuple[int, Kind, float]]:
    """Row, kind and score of what stays when the best box of each family silences those over it, best first."""
    groups = np.array([family(kind) for kind in kinds])
    told: list[tuple[int, Kind, float]] = []
    for number in sorted(set(groups)):
        members = np.flatnonzero(groups == number)
        best = raw.scores[:, members].max(axis=1)
        which = members[raw.scores[:, members].argmax(axis=1)]
        rows = np.flatnonzero(best >= least)
        told += [(n, kinds[which[n]], float(best[n])) for n in rows[apart(raw.boxes[rows], best[rows])]]
    return sorted(told, key=lambda one: -one[2])[:MOST]


def apart(boxes: Floats, scores: Floats) -> npt.NDArray[np.int_]:
    """Indices, best first, of boxes (M, 4) that no better one overlaps by more than OVERLAP."""
    order, kept = np.argsort(-scores, kind="stable")[:300], []
    while len(order):
        kept.append(int(order[0]))
        order = order[1:][overlaps(boxes[order[0]], boxes[order[1:]]) <= OVERLAP]
    return np.array(kept, dtype=int)


def overlaps(box: Floats, boxes: Floats) -> Floats:
    """Intersection over union (M,) of a box with boxes (M, 4)."""
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=1)
    area = np.prod(box[2:] - box[:2]) + np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) - common
    return np.asarray(common / np.maximum(area, 1e-9))


class Detector:
    """One net on pictures of any size; not for several threads at once."""

    def __init__(self, model: Model, least_score: float = LEAST_SCORE) -> None:
        self.model, self.least = model, least_score
        self.size_px = (model.line.input_shape[3], model.line.input_shape[2])
        self.kinds = tuple(Kind(word) for word in model.line.classes)
        self._read = FORMATS[model.line.format]

    def detect(self, picture: Picture) -> list[Detection]:
        """All objects of a BGR picture, best first."""
        canvas, box = letterboxed(picture, self.size_px)
        shown = canvas if self.model.line.format == "own" else canvas[..., ::-1]
        raw = self._read(self.model.run(batch_of([shown]))[0], self.size_px, self.least)
        size = (picture.shape[1], picture.shape[0])
        return [_detection(raw, row, kind, score, box, size) for row, kind, score in
                best_of(raw, self.kinds, self.least)]


def _detection(raw: Raw, row: int, kind: Kind, score: float, box: Letterbox, size_px: tuple[int, int]) -> Detection:
    edges = np.clip(box.back(raw.boxes[row].reshape(2, 2)), 0, size_px)
    (left, top), (right, bottom) = ((float(x), float(y)) for x, y in edges)
    foot, nose = box.back(raw.feet[row]), box.back(raw.noses[row])
    if np.isnan(foot).any():
        foot = np.array([(left + right) / 2, bottom - FOOT_RISE[kind] * (bottom - top)])
    there = kind in TRUCKS and not np.isnan(nose).any()
    return Detection(kind, score, (left, top, right, bottom), (float(foot[0]), float(foot[1])),
                     (float(nose[0]), float(nose[1])) if there else None)


def checked(model: Model) -> Model:
    """The model when the guard can read it; ModelError names what does not fit."""
    line = model.line
    if line.format not in FORMATS:
        raise ModelError(f"{line.file} answers in format {line.format!r}; this version reads {', '.join(FORMATS)}.")
    if not line.classes or set(line.classes) - {kind.value for kind in Kind}:
        raise ModelError(f"{line.file} tells of {', '.join(line.classes)}; this version knows {', '.join(Kind)}.")
    if len(line.input_shape) != 4 or line.input_shape[1] != 3 or any(side % 32 for side in line.input_shape[2:]):
        raise ModelError(f"{line.file} takes {line.input_shape}; the guard needs (1, 3, rows, columns) in 32s.")
    return model


def run_ms(model: Model, times: int = 5) -> float:
    """Processor milliseconds of this thread for one picture, the least of several."""
    blank, spent = np.zeros((1, *model.line.input_shape[1:]), np.float32), []
    model.run(blank)
    for _ in range(times):
        start = time.thread_time()
        model.run(blank)
        spent.append((time.thread_time() - start) * 1000)
    return min(spent)


def load_detector(models: Path, least_score: float = LEAST_SCORE) -> Detector:
    """The guard's net in the precision that this processor runs faster; ModelError says what is wrong."""
    return Detector(min((checked(load_model(models, name)) for name in NAMES), key=run_ms), least_score)
