"""Reasons to refuse that need no fitted body: what the frames and the net's masks alone tell."""
from collections.abc import Mapping

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats
from vision.measure.corners import Seen
from vision.measure.net import KINDS, TALL_MM

Picture = npt.NDArray[np.uint8]
DARK_GREY = 14.0
GLARE_SHARE, GLARE_ON_PARCEL = 0.35, 0.6
LEAST_PARCEL_CELLS = 6.0
HAND_CELLS, HAND_CELLS_BESIDE = 25.0, 8.0
CROWD_SHARE = 0.5
BORDER_CELLS = 3.0
TALLEST_MM = TALL_MM - 20.0


def is_dark(frame: Picture) -> bool:
    """Whether hardly any light reaches the camera."""
    return float(np.quantile(frame[::16, ::16], 0.98)) < DARK_GREY * 2 or float(frame[::16, ::16].mean()) < DARK_GREY


def what_hinders(seen: Mapping[str, Seen]) -> str | None:
    """A reason that the masks alone give, before any fit."""
    views = list(seen.values())
    if any(blinded(s) for s in views):
        return "glare"
    if all(float(s.maps["parcel"].sum()) < LEAST_PARCEL_CELLS for s in views):
        return "no_parcel"
    if any(reached_over(s) for s in views):
        return "hand_in_view"
    if all(bodies(s.maps["parcel"]) > 1 for s in views) or share(views, "crowd") > CROWD_SHARE:
        return "two_objects"
    return leaves(views)


def blinded(seen: Seen) -> bool:
    """Whether light drowns much of the picture or most of the parcel."""
    white = (seen.picture[::8, ::8].min(axis=2) > 250).astype(np.float32)
    if float(white.mean()) > GLARE_SHARE:
        return True
    spots = np.argwhere(seen.maps["parcel"] > 0.5)[:, ::-1].astype(np.float64)
    if len(spots) < LEAST_PARCEL_CELLS:
        return False
    own = seen.raw_spots(spots) / 8
    inside = own[(own >= 0).all(axis=1) & (own < np.array(white.shape[::-1])).all(axis=1)].astype(int)
    return bool(len(inside)) and float(white[inside[:, 1], inside[:, 0]].mean()) > GLARE_ON_PARCEL


def reached_over(seen: Seen) -> bool:
    """Whether a limb comes in from beside the parcel; what lies wholly on the parcel is print."""
    limb = seen.maps["hand"] > 0.5
    beside = limb & (seen.maps["parcel"] < 0.5)
    return float(limb.sum()) > HAND_CELLS and float(beside.sum()) > HAND_CELLS_BESIDE


def bodies(mask: Floats) -> int:
    """Separate areas of some size in a parcel mask."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8))
    return int((stats[1:, cv2.CC_STAT_AREA] > 10).sum())


def share(views: list[Seen], channel: str) -> float:
    """How much of the parcel's area a mask takes, mean over the views; 0 where the net has no such channel."""
    found = [float((s.maps[channel] * s.maps["parcel"]).sum()) / max(float(s.maps["parcel"].sum()), 1e-9)
             for s in views if channel in s.maps and float(s.maps["parcel"].sum()) >= LEAST_PARCEL_CELLS]
    return float(np.mean(found)) if found else 0.0


def kinds(views: list[Seen]) -> dict[str, float]:
    """Likelihood of each kind of parcel; they add up to 1."""
    found = {kind: share(views, kind) for kind in KINDS}
    found["box"] = max(0.0, 1.0 - sum(found.values()))
    total = sum(found.values())
    return {kind: value / total for kind, value in found.items()}


def leaves(views: list[Seen]) -> str | None:
    """Whether the parcel reaches over the edge of what the views cover: above the zone's height, or beside it."""
    masks = [s.maps["parcel"] for s in views]
    if any(float(mask[0].sum()) > BORDER_CELLS for mask in masks):
        return "too_tall"
    if any(max(float(mask[-1].sum()), float(mask[:, 0].sum()), float(mask[:, -1].sum())) > BORDER_CELLS
           for mask in masks):
        return "out_of_zone"
    return None


def outside(points: Floats, zone_mm: tuple[float, float], slack_mm: float) -> bool:
    """Whether any of the points (N, 2) mm lies farther than slack_mm outside the zone."""
    return bool(np.any(np.abs(points).max(axis=0) > np.array(zone_mm) / 2 + slack_mm))
