"""The training data of the corner net: scene number in, canonical picture and its exact targets out."""
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole, camera_matrix, canonical_view, look_at
from vision.measure.net import CELL, CHANNELS, NET_PX, TALL_MM
from vision.measure.rig import Tag
from vision.scene import draw
from vision.scene.paint import Picture
from vision.scene.table import ParcelModel, TableScene, paint_scene

ZONE_MM = (700.0, 700.0)
TRAIN_FAMILIES = (0, 1, 2, 3, 4, 5)
SIGMA_CELLS = 1.3
RING = [(-1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (1.0, -1.0), (0.0, -1.0), (-1.0, -1.0), (-1.0, 0.0),
        (-0.33, 1.0), (0.33, 1.0), (1.0, 0.33), (1.0, -0.33), (0.33, -1.0), (-0.33, -1.0), (-1.0, -0.33), (-1.0, 0.33)]
"""Places of tags around the zone, in halves of its side."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One picture (rows, columns, BGR) uint8 and its targets (channels, rows/4, columns/4) uint8, 255 = sure."""
    picture: Picture
    targets: Picture


def sample(number: int) -> Sample:
    """Training sample of that number, always the same."""
    rng = np.random.default_rng([101, number])
    view = _view(rng)
    scene = _scene(rng)
    picture = paint_scene(scene, view, draw.empty_table(scene.seed, view, _tags(rng)))
    picture *= (rng.uniform(0.55, 1.35) * (1 + rng.normal(0, 0.04, 3))).astype(np.float32)
    shot = draw.expose(picture, scene.seed, 0, 1.0, float(rng.uniform(0, 0.9)), float(rng.uniform(0.5, 6)))
    return Sample(shot, np.stack(_targets(scene, view)))


def _view(rng: np.random.Generator) -> Pinhole:
    """A rig camera's canonical view, its mount anywhere near the corners of a square table."""
    azimuth = np.radians(45 + 90 * rng.integers(0, 4) + rng.uniform(-14, 14))
    rise, away = np.radians(rng.uniform(39, 52)), rng.uniform(1280, 1560)
    flat = np.array([np.cos(azimuth), np.sin(azimuth)]) * np.cos(rise)
    eye = np.array([*flat, np.sin(rise)]) * away
    rotation, translation = look_at(eye, np.zeros(3))
    return canonical_view(Pinhole(camera_matrix(1, 1, 0, 0), rotation, translation, NET_PX), ZONE_MM, TALL_MM, NET_PX)


def _tags(rng: np.random.Generator) -> list[Tag]:
    ring, half = [], float(rng.uniform(385, 440))
    for n, (x, y) in enumerate(RING):
        if rng.random() < 0.7:
            at = (x * half + rng.normal(0, 4), y * half + rng.normal(0, 4))
            number = n + 16 * int(rng.integers(0, 30))
            ring.append(Tag(number, at, float(rng.uniform(38, 60)), float(rng.normal(0, 20))))
    return ring


def paper_seed(rng: np.random.Generator, families: tuple[int, ...]) -> int:
    """A paper or table seed of one of those families."""
    return int(rng.integers(0, 10 ** 8)) * 10 + int(rng.choice(families))


def box(rng: np.random.Generator, families: tuple[int, ...], kind: str = "box") -> ParcelModel:
    """A parcel of 60 x 60 x 12 to 650 x 650 x 540 mm mostly inside the zone."""
    length = float(np.exp(rng.uniform(np.log(100), np.log(650))))
    width = float(np.exp(rng.uniform(np.log(max(60, length / 4)), np.log(length))))
    if kind == "box":
        height = float(np.exp(rng.uniform(np.log(12), np.log(540))))
    else:
        height = min(width, 250.0) * float(rng.uniform(0.2, 1))
    yaw = float(rng.uniform(0, 180))
    if kind == "tube":
        width = height = min(width, 200.0)
    reach = ParcelModel(length, width, height, 0, 0, yaw).corners()[:, :2].max(axis=0)
    free = np.maximum(np.array(ZONE_MM) / 2 - reach, 8.0)
    x, y = rng.uniform(-free, free)
    return ParcelModel(length, width, height, float(x), float(y), yaw, kind, paper_seed(rng, families))


def _scene(rng: np.random.Generator) -> TableScene:
    kind = str(rng.choice(["box", "tube", "polybag", "none"], p=[0.87, 0.04, 0.05, 0.04]))
    parcel = None if kind == "none" else box(rng, TRAIN_FAMILIES, kind)
    second = box(rng, TRAIN_FAMILIES) if rng.random() < 0.04 else None
    return TableScene(parcel, paper_seed(rng, TRAIN_FAMILIES), hand=bool(rng.random() < 0.06), second=second)


def _targets(scene: TableScene, view: Pinhole) -> list[Picture]:
    bodies = [body for body in (scene.parcel, scene.second) if body is not None]
    boxes = [body.corners() for body in bodies if body.kind == "box"]
    tops = [view.project(corners[4:]) for corners in boxes]
    bases = [view.project(corners[:4][_seen(corners, view)]) for corners in boxes]
    outlines = [view.project(np.vstack([face.corners for face in body.faces()])) for body in bodies]
    found = {"top_corner": _peaks(tops), "base_corner": _peaks(bases), "parcel": _filled(outlines),
             "top_face": _filled(tops), "hand": _hand(scene, view)}
    return [found[channel] for channel in CHANNELS]


def _seen(corners: Floats, view: Pinhole) -> npt.NDArray[np.bool_]:
    """Which base corners belong to a side that the view sees."""
    eye, base = view.centre()[:2], corners[:4, :2]
    after = np.roll(base, -1, axis=0)
    along = after - base
    side = along[:, 0] * (eye - base)[:, 1] - along[:, 1] * (eye - base)[:, 0] < 0
    return np.asarray(side | np.roll(side, 1))


def _peaks(spots: list[Floats]) -> Picture:
    columns, rows = NET_PX[0] // CELL, NET_PX[1] // CELL
    y, x = np.mgrid[0:rows, 0:columns]
    heat = np.zeros((rows, columns))
    for u, v in (np.vstack(spots) + 0.5) / CELL - 0.5 if spots else []:
        heat = np.maximum(heat, np.exp(-((x - u) ** 2 + (y - v) ** 2) / (2 * SIGMA_CELLS ** 2)))
    return np.asarray(heat * 255 + 0.5, dtype=np.uint8)


def _filled(outlines: list[Floats]) -> Picture:
    mask = np.zeros((NET_PX[1], NET_PX[0]), dtype=np.uint8)
    for spots in outlines:
        mask[draw.polygon(mask.shape, spots)] = 255
    return _cells(mask)


def _hand(scene: TableScene, view: Pinhole) -> Picture:
    mask = np.zeros((NET_PX[1], NET_PX[0]), dtype=np.uint8)
    if scene.hand:
        blank = np.zeros((*mask.shape, 3), dtype=np.float32)
        mask[draw.put_hand(blank, scene.seed, scene.reach(), view)] = 255
    return _cells(mask)


def _cells(mask: Picture) -> Picture:
    return np.asarray(cv2.resize(mask, (NET_PX[0] // CELL, NET_PX[1] // CELL), interpolation=cv2.INTER_AREA))
