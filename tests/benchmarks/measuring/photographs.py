"""S5: real photographs with labelled corners and neither size nor calibration: only how near the net's corners come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from vision.measure.camera import Floats
from vision.measure.corners import find_peaks
from vision.measure.net import CELL, NET_PX
from vision.model import Model

LABELS = "tampar_sample_validation.json"
#: Width of the picture that the parcel fills for the net, as on the table.
FILLS = 0.5


@dataclass(frozen=True)
class Photograph:
    """One labelled parcel: distance from each labelled corner to the nearest found one, pixels of the photograph."""

    name: str
    away_px: tuple[float, ...]
    px_per_net_px: float
    peaks: int
    """How many corners were found, false ones among them."""
    strongest_px: tuple[float, ...]
    """The distances to the strongest peaks alone, as many as there are labels, each for one label."""


def photographs(folder: Path, model: Model) -> list[Photograph]:
    """Those labelled photographs that lie there."""
    labels = json.loads((folder / LABELS).read_text(encoding="utf-8"))
    names = {image["id"]: Path(image["file_name"]).name for image in labels["images"]}
    found = []
    for each in labels["annotations"]:
        path = folder / names[each["image_id"]]
        if path.exists():
            found.append(_measured(path, each["bbox"], np.array(each["keypoints"], float).reshape(-1, 3)[:, :2], model))
    return found


def _measured(path: Path, around: list[float], corners: Floats, model: Model) -> Photograph:
    photo = np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), np.uint8)
    scale = FILLS * NET_PX[0] / max(around[2], around[3])
    middle = np.array([around[0] + around[2] / 2, around[1] + around[3] / 2])
    to = np.array([[scale, 0, NET_PX[0] / 2 - scale * middle[0]], [0, scale, NET_PX[1] / 2 - scale * middle[1]]])
    soft = cv2.blur(photo, (round(1 / scale), round(1 / scale)))
    small = cv2.warpAffine(soft, to, NET_PX, borderMode=cv2.BORDER_REPLICATE)
    logits = model.run(small.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255))[0]
    chances = 1 / (1 + np.exp(-logits.astype(np.float64)))
    peaks, chance = (np.concatenate(part) for part in zip(*(_peaks(chances[n]) for n in (0, 1)), strict=True))
    spots = ((peaks + 0.5) * CELL - 0.5 - to[:, 2]) / scale
    apart = np.linalg.norm(spots[None] - corners[:, None], axis=2)
    away = apart.min(axis=1, initial=np.inf)
    strongest = apart[:, np.argsort(-chance)[: len(corners)]]
    return Photograph(path.name, tuple(map(float, away)), 1 / scale, len(peaks), one_to_one(strongest))


def _peaks(heat: Floats) -> tuple[Floats, Floats]:
    """Peaks (N, 2) in cells and how likely each is."""
    found = find_peaks(heat)
    nearest = np.clip(found.round().astype(int), 0, np.array(heat.shape[::-1]) - 1)
    return found, np.asarray(heat[nearest[:, 1], nearest[:, 0]])


def one_to_one(apart: Floats) -> tuple[float, ...]:
    """From distances (labels, peaks) that of each label to the peak that is its own, the nearest pairs first; infinite
    where the peaks ran out."""
    left, found = np.array(apart, np.float64), np.full(len(apart), np.inf)
    for _ in range(min(left.shape)):
        row, column = np.unravel_index(left.argmin(), left.shape)
        found[row] = left[row, column]
        left[row], left[:, column] = np.inf, np.inf
    return tuple(map(float, found))
