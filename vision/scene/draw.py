"""Painting a scene through a pinhole: table and tags, soft shadow, lit faces, hand, sensor."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole
from vision.measure.rig import Tag
from vision.scene.life import px_per_mm
from vision.scene.mesh import Sheet
from vision.scene.paint import Look, Paint, Picture, clouds, face_paint, table_paint
from vision.scene.skin import light_on, look_at_net, net_of, textured
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


@dataclass(frozen=True, eq=False)
class Coat:
    """What covers a body of sheets: look, gloss 0-1, a label on its top; whether its outline is drawn exactly."""
    look: Look
    gloss: float = 0.0
    label: Sticker | None = None
    exact: bool = True


def lamp(seed: int) -> Lamp:
    """The lamp of that scene seed."""
    rng = np.random.default_rng([17, seed])
    azimuth, rise = rng.uniform(0, 2 * np.pi), rng.uniform(np.radians(45), np.radians(85))
    towards = np.array([np.cos(azimuth) * np.cos(rise), np.sin(azimuth) * np.cos(rise), np.sin(rise)])
    return Lamp(towards, float(rng.uniform(0.45, 0.75)), float(rng.uniform(0.15, 0.55)), float(rng.uniform(0.03, 0.25)))


def lamps(seed: int) -> list[Lamp]:
    """All lamps of that scene seed that throw a shadow: the first and at times a weaker second."""
    first, rng = lamp(seed), np.random.default_rng([73, seed])
    if rng.random() < 0.5:
        return [first]
    other = lamp(seed + 1)
    return [first, Lamp(other.towards, other.ambient, other.depth * 0.6, other.spread)]


def fine(view: Pinhole) -> Pinhole:
    """The same view with FINE times the pixels each way, pixel edges kept."""
    matrix = view.matrix.copy()
    matrix[:2] *= FINE
    matrix[:2, 2] += (FINE - 1) / 2
    return Pinhole(matrix, view.rotation, view.translation, (view.size_px[0] * FINE, view.size_px[1] * FINE))


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
    for _ in range(10):
        ray = light.towards + rng.normal(0, light.spread, 3)
        fall = points[:, :2] - ray[:2] * (points[:, 2:] / max(float(ray[2]), 0.3))
        cover[_on_plane(np.vstack([points[:, :2], fall]))] += 0.1
    return _seen_on_plane(cv2.GaussianBlur(cover, (0, 0), 1.2), view)


def contact(points: Floats, view: Pinhole) -> npt.NDArray[np.float32]:
    """Share of ambient light that a convex body of points (N, 3) mm keeps from the table around its foot."""
    foot = points[points[:, 2] < points[:, 2].max() * 0.5 + 1]
    cover = _on_plane(foot[:, :2]).astype(np.float32)
    return _seen_on_plane(cv2.GaussianBlur(cover, (0, 0), 5.0), view)


def _on_plane(flat: Floats) -> npt.NDArray[np.bool_]:
    return polygon((SHADOW_PX, SHADOW_PX), (flat + SHADOW_MM / 2) * (SHADOW_PX / SHADOW_MM) - 0.5)


def _seen_on_plane(cover: npt.NDArray[np.generic], view: Pinhole) -> npt.NDArray[np.float32]:
    mm = SHADOW_MM / SHADOW_PX
    first = 0.5 * mm - SHADOW_MM / 2
    to_mm = np.array([[mm, 0, first], [0, mm, first], [0, 0, 1]])
    flat = np.asarray(cover, dtype=np.float32)
    return np.asarray(cv2.warpPerspective(flat, view.plane_homography() @ to_mm, view.size_px), dtype=np.float32)


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


def put_sheets(picture: Paint, sheets: list[Sheet], coat: Coat, light: Lamp, view: Pinhole) -> None:
    """Draw a body of curved sheets over the picture, smooth at its outline."""
    net = net_of(sheets)

    def paint(canvas: Paint, close: Pinhole) -> None:
        lit = look_at_net(net, close, coat.exact)
        bright, shine = light_on(lit, light.towards, light.ambient, close.centre(), coat.gloss)
        colour = textured(lit, lambda n: _paper(sheets[n], coat, view))
        canvas[lit.row, lit.column] = colour * bright[:, None] + shine[:, None]

    close_up(picture, view.project(net.points), view, paint)


def _paper(sheet: Sheet, coat: Coat, view: Pinhole) -> Paint:
    density = min(2.0, px_per_mm(view) * 0.9)
    width, height = sheet.size_mm()
    paper = face_paint(coat.look, sheet.name, max(8, int(height * density)), max(8, int(width * density)), density)
    if coat.label is not None and sheet.name == "top":
        _stick(paper, coat.label, density)
    return paper


def _cut(view: Pinhole, low: npt.NDArray[np.int_], high: npt.NDArray[np.int_]) -> Pinhole:
    matrix = view.matrix.copy()
    matrix[:2, 2] -= low
    return Pinhole(matrix, view.rotation, view.translation, (int(high[0] - low[0]), int(high[1] - low[1])))


def _put_face(canvas: Paint, face: Face, look: Look, light: Lamp, view: Pinhole, label: Sticker | None) -> None:
    bright = shade(face, light)
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
