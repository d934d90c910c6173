"""Painting a scene through a pinhole: table and tags, soft shadow, lit faces, hand, sensor."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole
from vision.measure.rig import Tag
from vision.scene.paint import Look, Paint, Picture, clouds, face_paint, table_paint
from vision.scene.solid import Face

TABLE_MM = 1080.0
FINE = 2
SHADOW_MM = 1600.0
SHADOW_PX = 320
SHIFT = 4
GRAIN_PX = (2048, 1160)


@dataclass(frozen=True, eq=False)
class Lamp:
    """A soft lamp: unit vector towards it, share of ambient light, shadow depth 0-1, angular spread."""
    towards: Floats
    ambient: float
    depth: float
    spread: float


@dataclass(frozen=True, eq=False)
class Sticker:
    """A grey picture lying on the middle of a top face, outer size in mm, turned counter-clockwise on it."""
    gray: Picture
    size_mm: tuple[float, float]
    yaw_deg: float


def lamp(seed: int) -> Lamp:
    """The lamp of that scene seed."""
    rng = np.random.default_rng([17, seed])
    azimuth, rise = rng.uniform(0, 2 * np.pi), rng.uniform(np.radians(45), np.radians(85))
    towards = np.array([np.cos(azimuth) * np.cos(rise), np.sin(azimuth) * np.cos(rise), np.sin(rise)])
    return Lamp(towards, float(rng.uniform(0.45, 0.75)), float(rng.uniform(0.15, 0.55)), float(rng.uniform(0.03, 0.25)))


def fine(view: Pinhole) -> Pinhole:
    """The same view with FINE times the pixels each way, pixel edges kept."""
    matrix = view.matrix.copy()
    matrix[:2] *= FINE
    matrix[:2, 2] += (FINE - 1) / 2
    return Pinhole(matrix, view.rotation, view.translation, (view.size_px[0] * FINE, view.size_px[1] * FINE))


def px_per_mm(view: Pinhole) -> float:
    """Picture pixels per mm at the middle of the table."""
    return float(view.matrix[0, 0] / np.linalg.norm(view.translation))


def empty_table(seed: int, view: Pinhole, tags: Sequence[Tag]) -> Paint:
    """Floor, table top and tags without light or parcel, float32 BGR."""
    rng = np.random.default_rng([19, seed])
    colour = rng.uniform(25, 170) + rng.normal(0, 45 if seed % 4 == 3 else 5, 3)
    waves = 1 + 0.12 * clouds(rng, view.size_px[1], view.size_px[0], 5)
    floor = np.asarray(np.clip(waves[..., None] * colour, 2, 250), dtype=np.float32)
    top = table_paint(seed, int(TABLE_MM * min(2.0, px_per_mm(view))))
    half = TABLE_MM / 2
    lay(floor, top, np.array([[-half, half, 0], [half, half, 0], [half, -half, 0], [-half, -half, 0]]), view)
    for tag in tags:
        corners, paint = _with_margin(tag), _tag_paint(tag.id)
        close_up(floor, view.project(corners), view, partial(_lay_on, paint, corners))
    return floor


def _lay_on(paint: Paint, corners: Floats, canvas: Paint, view: Pinhole) -> None:
    lay(canvas, paint, corners, view)


def close_up(picture: Paint, spots: Floats, view: Pinhole, painter: Callable[[Paint, Pinhole], None]) -> None:
    """Let the painter work on the part of the picture around the spots at FINE times its pixels."""
    low = np.clip(np.floor(spots.min(axis=0)).astype(int) - 2, 0, None)
    high = np.minimum(np.ceil(spots.max(axis=0)).astype(int) + 3, view.size_px)
    if np.any(high - low < 2):
        return
    close = fine(_cut(view, low, high))
    part = picture[low[1]:high[1], low[0]:high[0]]
    canvas = np.asarray(cv2.resize(part, close.size_px, interpolation=cv2.INTER_NEAREST), dtype=np.float32)
    painter(canvas, close)
    part[:] = cv2.resize(canvas, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_AREA)


@lru_cache(maxsize=64)
def _tag_paint(number: int) -> Paint:
    family = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11)
    black = cv2.aruco.generateImageMarker(family, number, 64)
    quiet = cv2.copyMakeBorder(black, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=(255,))
    return cv2.cvtColor(quiet, cv2.COLOR_GRAY2BGR).astype(np.float32) * 0.82 + 18


def _with_margin(tag: Tag) -> Floats:
    corners = tag.corners()
    middle = corners.mean(axis=0)
    return np.asarray(middle + (corners - middle) * 1.25)


def lay(canvas: Paint, picture: Paint, corners: Floats, view: Pinhole) -> None:
    """Draw a flat picture whose outer corners lie at corners (4, 3) mm onto the canvas of that view."""
    spots = view.project(corners)
    low = np.clip(np.floor(spots.min(axis=0)).astype(int) - 1, 0, None)
    high = np.minimum(np.ceil(spots.max(axis=0)).astype(int) + 2, view.size_px)
    if np.any(high - low < 2):
        return
    rows, columns = picture.shape[:2]
    edge = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=np.float32) - 0.5
    to = cv2.getPerspectiveTransform(edge, (spots - low).astype(np.float32))
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    warped = cv2.warpPerspective(picture, to, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    whole = np.ones((rows, columns), dtype=np.uint8)
    inside = cv2.warpPerspective(whole, to, size, flags=cv2.INTER_NEAREST) > 0
    part = canvas[low[1]:high[1], low[0]:high[0]]
    part[inside] = warped[inside]


def polygon(shape: tuple[int, int], spots: Floats) -> npt.NDArray[np.bool_]:
    """Pixels of a rows x columns canvas inside a convex polygon of (x, y) pixel spots."""
    mask = np.zeros(shape, dtype=np.uint8)
    hull = cv2.convexHull(np.round(spots * 2 ** SHIFT).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, (1,), shift=SHIFT)
    return mask.astype(bool)


def shadow(points: Floats, light: Lamp, view: Pinhole) -> npt.NDArray[np.float32]:
    """Share of the lamp's light that a convex body of points (N, 3) mm takes from each pixel of the table plane."""
    rng = np.random.default_rng(23)
    cover = np.zeros((SHADOW_PX, SHADOW_PX), dtype=np.float32)
    scale = SHADOW_PX / SHADOW_MM
    for _ in range(10):
        ray = light.towards + rng.normal(0, light.spread, 3)
        fall = points[:, :2] - ray[:2] * (points[:, 2:] / max(float(ray[2]), 0.3))
        flat = np.vstack([points[:, :2], fall])
        cover[polygon(cover.shape, (flat + SHADOW_MM / 2) * scale - 0.5)] += 0.1
    cover = cv2.GaussianBlur(cover, (0, 0), 1.2).astype(np.float32)
    first = 0.5 / scale - SHADOW_MM / 2
    to_mm = np.array([[1 / scale, 0, first], [0, 1 / scale, first], [0, 0, 1]])
    return np.asarray(cv2.warpPerspective(cover, view.plane_homography() @ to_mm, view.size_px), dtype=np.float32)


def shade(face: Face, light: Lamp) -> float:
    """Brightness of a face under that lamp, about 1 for the table."""
    lit = max(0.0, float(face.normal() @ light.towards)) / max(0.3, float(light.towards[2]))
    return float(light.ambient + (1 - light.ambient) * min(lit, 1.3))


def put_body(picture: Paint, faces: list[Face], look: Look, light: Lamp, view: Pinhole, label: Sticker | None) -> None:
    """Draw the visible faces of one body over the picture, smooth at their outline."""
    seen = [face for face in faces if face.faces(view.centre())]
    seen.sort(key=lambda face: -float(np.linalg.norm(face.corners.mean(axis=0) - view.centre())))

    def paint(canvas: Paint, close: Pinhole) -> None:
        for face in seen:
            _put_face(canvas, face, look, light, close, label)

    if seen:
        close_up(picture, view.project(np.vstack([face.corners for face in seen])), view, paint)


def _cut(view: Pinhole, low: npt.NDArray[np.int_], high: npt.NDArray[np.int_]) -> Pinhole:
    matrix = view.matrix.copy()
    matrix[:2, 2] -= low
    return Pinhole(matrix, view.rotation, view.translation, (int(high[0] - low[0]), int(high[1] - low[1])))


def _put_face(canvas: Paint, face: Face, look: Look, light: Lamp, view: Pinhole, label: Sticker | None) -> None:
    bright = shade(face, light)
    if face.name in ("skin", "cap"):
        inside = polygon((view.size_px[1], view.size_px[0]), view.project(face.corners))
        canvas[inside] = np.array(look.base, np.float32) * bright
        return
    density = min(2.0, px_per_mm(view) * 0.9)
    width, height = face.size_mm()
    rows, columns = max(2, int(height * density)), max(2, int(width * density))
    paper = face_paint(look, face.name, rows, columns, density)
    _fold_edges(paper, look.seed, density)
    if label is not None and face.name == "top":
        _stick(paper, label, density)
    _wash(paper, bright, look.seed, face.name)
    lay(canvas, paper, face.corners, view)


def _fold_edges(paper: Paint, seed: int, density: float) -> None:
    width = max(1, int(density * (1 + seed % 3)))
    gain = 1.0 + ((seed // 10) % 7 - 3) * 0.06
    bands = np.ones(paper.shape[:2], dtype=np.float32)
    bands[width:-width, width:-width] = 0
    paper *= (1 + (gain - 1) * bands)[..., None]


def _stick(paper: Paint, label: Sticker, density: float) -> None:
    """Paste the label's picture, area-averaged to the paper's pixels."""
    size = (max(2, round(label.size_mm[0] * density)), max(2, round(label.size_mm[1] * density)))
    small = cv2.resize(label.gray, size, interpolation=cv2.INTER_AREA)
    turn = cv2.getRotationMatrix2D(((size[0] - 1) / 2, (size[1] - 1) / 2), label.yaw_deg, 1.0)
    turn[:, 2] = turn[:, 2] + (np.array(paper.shape[1::-1]) - size) / 2
    to = paper.shape[1::-1]
    ink = cv2.warpAffine(small, turn, to, flags=cv2.INTER_LINEAR)
    there = cv2.warpAffine(np.full_like(small, 255), turn, to, flags=cv2.INTER_NEAREST) > 127
    paper[there] = (ink[there].astype(np.float32) * 0.9 + 8)[:, None]


def _wash(paper: Paint, bright: float, seed: int, name: str) -> None:
    rng = np.random.default_rng([29, seed, sum(name.encode())])
    rows, columns = paper.shape[:2]
    down = np.linspace(0, float(rng.normal(0, 0.08)), rows, dtype=np.float32)[:, None]
    across = np.linspace(0, float(rng.normal(0, 0.06)), columns, dtype=np.float32)[None, :]
    paper *= (bright * (1 + down + across))[..., None]


def put_hand(picture: Paint, seed: int, at: Floats, view: Pinhole) -> npt.NDArray[np.bool_]:
    """Draw a sleeve and a hand from the customer's side that reaches to at (x, y, z) mm; returns its pixels."""
    rng = np.random.default_rng([31, seed])
    elbow = np.array([at[0] + rng.uniform(-250, 250), -750.0, at[2] + rng.uniform(50, 250)])
    spots, scale = view.project(np.array([elbow, at + (elbow - at) * 0.28, at])), px_per_mm(view)
    mask = np.zeros(picture.shape[:2], dtype=np.uint8)
    elbow_px, wrist, palm = (tuple(int(v) for v in spot) for spot in spots)
    cv2.line(mask, elbow_px, wrist, (1,), max(2, int(85 * scale)))
    cv2.line(mask, wrist, palm, (2,), max(2, int(62 * scale)))
    reach = spots[2] - spots[1]
    for n in range(4):
        turn = np.arctan2(reach[1], reach[0]) + (n - 1.5) * 0.28
        tip = spots[2] + np.array([np.cos(turn), np.sin(turn)]) * 85 * scale
        cv2.line(mask, palm, (int(tip[0]), int(tip[1])), (2,), max(1, int(18 * scale)))
    picture[mask == 1] = rng.uniform(20, 200, 3)
    picture[mask == 2] = np.array([120, 150, 205], np.float32) * rng.uniform(0.45, 1.1)
    return mask > 0


@lru_cache(maxsize=1)
def _grain() -> npt.NDArray[np.float32]:
    return np.random.default_rng(37).standard_normal((GRAIN_PX[1], GRAIN_PX[0] * 3), dtype=np.float32)


def grain(rng: np.random.Generator, rows: int, columns: int) -> npt.NDArray[np.float32]:
    """Unit noise rows x columns x 3 from a fixed sheet, cut at a random place."""
    sheet = _grain()
    if rows > GRAIN_PX[1] or columns > GRAIN_PX[0]:
        return rng.standard_normal((rows, columns, 3), dtype=np.float32)
    y, x = int(rng.integers(0, GRAIN_PX[1] - rows + 1)), int(rng.integers(0, GRAIN_PX[0] - columns + 1))
    return sheet[y:y + rows, x * 3:(x + columns) * 3].reshape(rows, columns, 3)


def expose(picture: Paint, seed: int, frame: int, light: float, blur_px: float, noise: float) -> Picture:
    """The sensor: lens blur, gain for the light, noise of that frame, uint8."""
    rng = np.random.default_rng([41, seed, frame])
    shot = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur_px) if blur_px > 0.2 else picture, dtype=np.float32)
    shot = shot * np.float32(light)
    shot += grain(rng, *picture.shape[:2]) * np.float32(noise)
    return cv2.convertScaleAbs(np.maximum(shot, 0)).astype(np.uint8, copy=False)
