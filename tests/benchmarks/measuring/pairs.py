"""Near pairs: two boxes in a line or aside, a thing beside a box, a box on a box. All must be refused.

The bench shows numbers from 0 on; those from 1,000 on are free for settling rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from tests.benchmarks.measuring.drawn import Drawn, paper
from vision.measure.camera import Pinhole
from vision.measure.rig import Rig
from vision.scene.table import EYES_MM, ParcelModel, TableScene, drawn_at, mounted

SEED = 7302
#: mm between the two, of the three ways that have a gap.
GAPS_MM = (5, 10, 15, 20, 30, 45, 60)
WAYS = ("line", "aside", "beside", "stack")
#: Share of each of the two that at least one camera sees beside the other.
LEAST_SHOWN = 0.3
COARSE = 8


@dataclass(frozen=True)
class Pair:
    """Two bodies around the origin, unturned; the second stands from the first in x (0) or y (1), or on it (None)."""

    first: ParcelModel
    second: ParcelModel
    axis: int | None

    def put(self, x: float, y: float, yaw_deg: float) -> tuple[ParcelModel, ParcelModel]:
        """Both, turned and moved together."""
        c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
        first, second = (replace(b, x_mm=float(x + c * b.x_mm - s * b.y_mm), y_mm=float(y + s * b.x_mm + c * b.y_mm),
                                 yaw_deg=b.yaw_deg + yaw_deg) for b in (self.first, self.second))  # fmt: skip
        return first, second


def pair(number: int, rig: Rig) -> Drawn:
    """Scene of that number, always the same: the way it stands in turn, the gap in turn of those."""
    rng = np.random.default_rng([SEED, number])
    way, gap = WAYS[number % len(WAYS)], GAPS_MM[number // len(WAYS) % len(GAPS_MM)]
    while True:
        made = _made(way, float(gap), rng)
        yaw, (x, y) = float(rng.uniform(0, 180)), rng.uniform(-200, 200, 2)
        first, second = made.put(float(x), float(y), yaw)
        fits = _whole(first, rig) and _whole(second, rig) and drawable(first, second, made.axis, yaw)
        if fits and min(shown(first, second, rig), shown(second, first, rig)) > LEAST_SHOWN:
            break
    scene = TableScene(first, paper(rng), float(rng.uniform(0.5, 1.15)), second=second, busy=bool(rng.random() < 0.3))
    return Drawn(f"pairs-{number:04d}-{way}" + ("" if way == "stack" else f"-{gap:02d}mm"), scene, False)


def _made(way: str, gap: float, rng: np.random.Generator) -> Pair:
    if way == "line":
        width, height = (float(v) for v in rng.uniform((100, 60), (220, 220)))
        return _aligned(_box(rng, (rng.uniform(110, 240), width, height)),
                        _box(rng, (rng.uniform(110, 240), width, height)), gap, 0, 0.0)  # fmt: skip
    if way == "aside":
        one, other = (_box(rng, rng.uniform((120, 90, 50), (300, 200, 240))) for _ in range(2))
        return _aligned(one, other, gap, 1, float(rng.uniform(-0.4, 0.4)) * other.length_mm)
    large = _box(rng, rng.uniform((200, 150, 90), (320, 260, 260)))
    if way == "beside":
        axis = int(rng.integers(0, 2))
        room = (large.width_mm, large.length_mm)[axis]
        return _aligned(large, _thing(rng), gap, axis, float(rng.uniform(-0.3, 0.3)) * room)
    return Pair(large, replace(_upper(large, rng), z_mm=large.height_mm), None)


def _box(rng: np.random.Generator, size: npt.ArrayLike) -> ParcelModel:
    length, width, height = (float(v) for v in np.asarray(size, np.float64))
    return ParcelModel(length, width, height, seed=paper(rng))


def _thing(rng: np.random.Generator) -> ParcelModel:
    """What may lie beside a box: a small box, a tube or a bag."""
    kind = str(rng.choice(["box", "tube", "polybag"], p=[0.6, 0.2, 0.2]))
    length, width, height = (float(v) for v in rng.uniform((60, 50, 30), (150, 130, 110)))
    if kind == "tube":
        length, width, height = 2 * length, width / 2 + 30, width / 2 + 30
    return ParcelModel(length, width, height, kind=kind, seed=paper(rng))


def _upper(large: ParcelModel, rng: np.random.Generator) -> ParcelModel:
    """A box for the lid: every second one of the same section and flush, else a smaller one askew."""
    if rng.random() < 0.5:
        return replace(large, height_mm=float(rng.uniform(50, 180)), seed=paper(rng))
    length, width, height = (float(v) for v in rng.uniform((0.4, 0.4, 40), (0.8, 0.8, 180)))
    x, y, yaw = (float(v) for v in rng.uniform((-15, -15, -20), (15, 15, 20)))
    return ParcelModel(large.length_mm * length, large.width_mm * width, height, x, y, yaw, seed=paper(rng))


def _aligned(first: ParcelModel, second: ParcelModel, gap: float, axis: int, aside: float) -> Pair:
    """The second gap mm from the first along the axis, moved by aside across it; the middle between their ends at 0."""
    one, other = ((b.length_mm, b.width_mm)[axis] for b in (first, second))
    at = np.zeros((2, 2))
    at[:, axis] = (one - one / 2, one + gap + other / 2)
    at[:, axis] -= (one + gap + other) / 2
    at[1, 1 - axis] = aside
    put = [replace(b, x_mm=float(x), y_mm=float(y)) for b, (x, y) in zip((first, second), at, strict=True)]
    return Pair(put[0], put[1], axis)


def _whole(body: ParcelModel, rig: Rig) -> bool:
    """Whether it lies in the zone and is no taller than may be measured."""
    points = body.points()
    reach = np.abs(points[:, :2]).max(axis=0)
    return bool(np.all(reach < np.array(rig.zone_mm) / 2 - 4)) and float(points[:, 2].max()) < 480


def drawable(first: ParcelModel, second: ParcelModel, axis: int | None, yaw_deg: float) -> bool:
    """Whether the one that is drawn last is also the one in front, for either camera."""
    if axis is None:
        return True
    turn = np.radians(yaw_deg) + axis * np.pi / 2
    along = np.array([np.cos(turn), np.sin(turn)])
    one, other = ((b.points()[:, :2] @ along) for b in (first, second))
    middle = (one.max() + other.min()) / 2
    eyes = [np.array(eye) for eye in EYES_MM.values()]
    return all((eye[:2] @ along > middle) == (drawn_at(second, eye) > drawn_at(first, eye)) for eye in eyes)


def shown(body: ParcelModel, other: ParcelModel, rig: Rig) -> float:
    """The share of a body's outline that the other does not hide from the camera that sees it best."""
    found = []
    for camera in rig.cameras:
        view = mounted(camera)
        behind = drawn_at(body, view.centre()) < drawn_at(other, view.centre())
        own, others = (_outline(each, view) for each in (body, other))
        found.append(float((own & ~others).sum() / own.sum()) if behind else 1.0)
    return max(found)


def _outline(body: ParcelModel, view: Pinhole) -> npt.NDArray[np.bool_]:
    """Where the body's hull lies in a view, in pixels COARSE times as large."""
    mask = np.zeros((view.size_px[1] // COARSE, view.size_px[0] // COARSE), np.uint8)
    spots = (view.project(body.points()) / COARSE).round().astype(np.int32)
    return np.asarray(cv2.fillConvexPoly(mask, cv2.convexHull(spots), 1), np.uint8) > 0
