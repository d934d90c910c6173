"""The training data of the corner net: scene number in, canonical picture and its exact targets out."""
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole, camera_matrix, canonical_view, look_at
from vision.measure.net import CELL, CHANNELS, KINDS, NET_PX, TALL_MM
from vision.measure.rig import Tag
from vision.scene import draw, life
from vision.scene.mesh import Wear
from vision.scene.paint import Paint, Picture
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


def sample(number: int, families: tuple[int, ...] = TRAIN_FAMILIES, stream: int = 101) -> Sample:
    """Sample of that number in that stream of seeds, always the same."""
    rng = np.random.default_rng([stream, number])
    view = _view(rng)
    scene = _scene(rng, families)
    table = draw.empty_table(scene.seed, view, _tags(rng))
    return Sample(_shot(paint_scene(scene, view, table, exact=False), scene, rng), np.stack(_targets(scene, view)))


def _shot(picture: Paint, scene: TableScene, rng: np.random.Generator) -> Picture:
    """What a webcam makes of it: gain, tint, tone curve, blur, noise and now and then its compression."""
    picture *= (np.exp(rng.uniform(np.log(0.3), np.log(1.5))) * (1 + rng.normal(0, 0.06, 3))).astype(np.float32)
    shot = draw.expose(picture, scene.seed, 0, 1.0, float(rng.uniform(0, 0.9)), float(rng.uniform(0.5, 6)))
    if rng.random() < 0.4:
        curve = 255 * (np.arange(256) / 255) ** rng.uniform(0.7, 1.4)
        shot = np.asarray(cv2.LUT(shot, curve.astype(np.uint8)), dtype=np.uint8)
    if rng.random() < 0.3:
        packed = cv2.imencode(".jpg", shot, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(50, 95))])[1]
        shot = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)
    return shot


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


def parcel(rng: np.random.Generator, families: tuple[int, ...], kind: str = "box") -> ParcelModel:
    """A parcel of 60 x 60 x 12 to 650 x 650 x 540 mm mostly inside the zone."""
    length = float(np.exp(rng.uniform(np.log(100), np.log(650))))
    width = float(np.exp(rng.uniform(np.log(max(60, length / 4)), np.log(length))))
    if kind == "box":
        height = float(np.exp(rng.uniform(np.log(12), np.log(540))))
    elif kind == "irregular":
        height = float(rng.uniform(40, 400))
    else:
        height = min(width, 250.0) * float(rng.uniform(0.15, 0.8))
    yaw = float(rng.uniform(0, 180))
    if kind == "tube":
        width = height = min(float(rng.uniform(40, 160)), length / 2)
    reach = ParcelModel(length, width, height, 0, 0, yaw).corners()[:, :2].max(axis=0)
    free = np.maximum(np.array(ZONE_MM) / 2 - reach, 8.0)
    x, y = rng.uniform(-free, free)
    worn = kind != "box" or rng.random() < 0.65
    return ParcelModel(length, width, height, float(x), float(y), yaw, kind, paper_seed(rng, families),
                       wear=_wear(rng, min(width, height)) if worn else None)


def _wear(rng: np.random.Generator, least_mm: float) -> Wear:
    """Bulge, dent, rounding and gloss as shares of the parcel's least side."""
    bulge = min(20.0, 0.12 * least_mm) * float(rng.random()) if rng.random() < 0.5 else 0.0
    dent = min(15.0, 0.1 * least_mm) * float(rng.random()) if rng.random() < 0.3 else 0.0
    gloss = float(rng.uniform(0.2, 1)) if rng.random() < 0.35 else 0.0
    return Wear(bulge, dent, float(rng.uniform(0, 6)), gloss, int(rng.integers(0, 10 ** 8)))


def _scene(rng: np.random.Generator, families: tuple[int, ...]) -> TableScene:
    kind = str(rng.choice(["box", "tube", "polybag", "irregular", "none"], p=[0.60, 0.12, 0.13, 0.10, 0.05]))
    first = None if kind == "none" else parcel(rng, families, kind)
    other = str(rng.choice(["box", "tube", "polybag", "irregular"], p=[0.6, 0.15, 0.15, 0.1]))
    second = _beside(rng, first, parcel(rng, families, other)) if first and rng.random() < 0.13 else None
    glare = float(rng.uniform(20, 260)) if rng.random() < 0.15 else 0.0
    return TableScene(first, paper_seed(rng, families), hand=bool(rng.random() < 0.08), second=second,
                      busy=bool(rng.random() < 0.6), glare=glare)


def _beside(rng: np.random.Generator, first: ParcelModel, second: ParcelModel) -> ParcelModel:
    """The second parcel, smaller and moved so that it stands apart from or close to the first."""
    shrink = min(1.0, 380 / second.length_mm)
    way = rng.uniform(0, 2 * np.pi)
    away = np.hypot(first.length_mm, first.width_mm) / 2 + second.length_mm * shrink / 2 * rng.uniform(0.9, 1.3)
    x, y = first.x_mm + away * np.cos(way), first.y_mm + away * np.sin(way)
    return replace(second, length_mm=second.length_mm * shrink, width_mm=second.width_mm * shrink, x_mm=float(x),
                   y_mm=float(y), height_mm=second.height_mm * shrink)


@dataclass(frozen=True, eq=False)
class Sighted:
    """A body by its kind, points (N, 3) mm of its surface, and corners (8, 3) mm, base first, where it is a box."""
    kind: str
    points: Floats
    corners: Floats


def _targets(scene: TableScene, view: Pinhole) -> list[Picture]:
    bodies = [body for body in (scene.parcel, scene.second) if body is not None]
    return targets_of([Sighted(b.kind, b.points(), b.corners()) for b in bodies], view, _hand(scene, view))


def targets_of(bodies: list[Sighted], view: Pinhole, hand: Picture) -> list[Picture]:
    """The targets of a picture of these bodies, in the order of CHANNELS; hand is that channel in full pixels."""
    boxes = [body.corners for body in bodies if body.kind == "box"]
    tops = [view.project(corners[4:]) for corners in boxes]
    bases = [view.project(corners[:4][_seen(corners, view)]) for corners in boxes]
    outlines = [view.project(body.points) for body in bodies]
    whole = _filled(outlines)
    found = {"top_corner": _peaks(tops), "base_corner": _peaks(bases), "parcel": whole, "top_face": _filled(tops),
             "hand": _cells(hand), "crowd": whole if len(bodies) > 1 else np.zeros_like(whole)}
    for kind in KINDS:
        found[kind] = _filled([o for o, body in zip(outlines, bodies, strict=True) if body.kind == kind])
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
    """The hand's pixels, 255 where it is."""
    mask = np.zeros((NET_PX[1], NET_PX[0]), dtype=np.uint8)
    if scene.hand:
        blank = np.zeros((*mask.shape, 3), dtype=np.float32)
        mask[life.put_hand(blank, scene.seed, scene.reach(), view)] = 255
    return mask


def _cells(mask: Picture) -> Picture:
    return np.asarray(cv2.resize(mask, (NET_PX[0] // CELL, NET_PX[1] // CELL), interpolation=cv2.INTER_AREA))
