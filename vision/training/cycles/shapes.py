"""The surfaces of parcels as grids of points in table millimetres: rounded, bulged, crushed; and their true size."""
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from vision.measure.camera import Floats
from vision.training.cycles.draw import stream

FACES = ("top", "bottom", "front", "back", "left", "right")


@dataclass(frozen=True)
class Body:
    """A parcel: nominal size and place in mm, and what was done to it."""
    shape: str
    size_mm: tuple[float, float, float]
    at_mm: tuple[float, float]
    yaw_deg: float
    seed: int
    split: str
    paper: str
    finish: str
    rounding_mm: float = 1.5
    bulge_mm: float = 0.0
    crush_mm: float = 0.0
    skew_mm: float = 0.0
    apart: bool = False
    """Whether each side and the lid swells by a share of its own of bulge_mm, not all alike."""
    taped: bool = False


@dataclass(frozen=True, eq=False)
class Sheet:
    """Part of a surface: points (rows, columns, 3) mm; its outer side has columns to the right and rows downward."""
    name: str
    points: Floats


@lru_cache(maxsize=64)
def sheets(body: Body) -> tuple[Sheet, ...]:
    """The whole surface in table mm, standing on the table."""
    local = {"box": _box, "tube": _tube, "polybag": _bag}[body.shape](body)
    lowest = min(float(s.points[..., 2].min()) for s in local)
    c, s = np.cos(np.radians(body.yaw_deg)), np.sin(np.radians(body.yaw_deg))
    turn, shift = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]), np.array([*body.at_mm, -lowest])
    return tuple(Sheet(each.name, each.points @ turn + shift) for each in local)


def surface(body: Body) -> Floats:
    """All points (N, 3) mm of the surface."""
    return np.vstack([each.points.reshape(-1, 3) for each in sheets(body)])


def smallest_box(points: Floats) -> tuple[float, float, float]:
    """Length >= width of the smallest upright box around points (N, 3), and its height, to 0.1 mm."""
    middle = points[:, :2].mean(axis=0)
    _, sides, _ = cv2.minAreaRect((points[:, :2] - middle).astype(np.float32))
    return round(float(max(sides)), 1), round(float(min(sides)), 1), round(float(np.ptp(points[:, 2])), 1)


def box_at(body: Body) -> Floats:
    """Corners (8, 3) mm of the upright box around the body in its own yaw."""
    c, s = np.cos(np.radians(body.yaw_deg)), np.sin(np.radians(body.yaw_deg))
    points = surface(body)
    own = points[:, :2] @ np.array([[c, -s], [s, c]])
    (a, b), (d, e) = own.min(axis=0), own.max(axis=0)
    flat = np.array([[a, b], [d, b], [d, e], [a, e]]) @ np.array([[c, s], [-s, c]])
    return np.vstack([np.column_stack([flat, np.full(4, z)]) for z in (0.0, float(points[:, 2].max()))])


def _lines(half: float, rounding: float) -> Floats:
    """Grid lines from -half to half, close together where the edge is rounded."""
    edge = rounding * (1 - np.cos(np.linspace(0, np.pi / 2, 5)))
    inner = np.linspace(-half + rounding, half - rounding, 15)
    return np.concatenate([-half + edge[:-1], inner, half - edge[:-1][::-1]])


def _box(body: Body) -> list[Sheet]:
    half = np.array(body.size_mm) / 2
    rounding = min(body.rounding_mm, float(half.min()) * 0.8)
    faces = [Sheet(name, _face(name, half, rounding)) for name in FACES]
    rng = stream(body.split, body.seed, "shape")
    corners, dents = rng.normal(0, body.crush_mm, (2, 2, 2, 3)) + _askew(body), _dents(body, rng)
    bulges = body.bulge_mm * _shares(body)
    return [Sheet(f.name, _pressed(_swollen(f.points, half, bulges), half, corners, dents)) for f in faces]


def _shares(body: Body) -> Floats:
    """What share of the bulge each face (3 axes, low and high side) has: all of it, or each its own."""
    return stream(body.split, body.seed, "shape", 1).uniform(0, 1, (3, 2)) if body.apart else np.ones((3, 2))


def _askew(body: Body) -> Floats:
    """By how many mm each corner (2, 2, 2, 3) of a carton out of square is displaced; it stands on its base."""
    moved = stream(body.split, body.seed, "shape", 2).normal(0, 1, (2, 2, 2, 3)) * body.skew_mm
    moved[:, :, 0, 2] = 0
    return np.asarray(moved)


def _face(name: str, half: Floats, rounding: float) -> Floats:
    """One face of a box with rounded edges about its middle."""
    a, b, c = (_lines(float(h), rounding) for h in half)
    grids = {"top": (c[-1:], b[::-1], a), "bottom": (c[:1], b, a), "front": (b[:1], c[::-1], a),
             "back": (b[-1:], c[::-1], a[::-1]), "left": (a[:1], c[::-1], b[::-1]), "right": (a[-1:], c[::-1], b)}
    flat, rows, columns = grids[name]
    down, right = np.meshgrid(rows, columns, indexing="ij")
    level = np.full_like(down, flat[0])
    order = {"top": (right, down, level), "bottom": (right, down, level), "front": (right, level, down),
             "back": (right, level, down), "left": (level, right, down), "right": (level, right, down)}[name]
    points = np.stack(order, axis=-1)
    inner = np.clip(points, -(half - rounding), half - rounding)
    out = points - inner
    return np.asarray(inner + out * (rounding / np.maximum(np.linalg.norm(out, axis=-1, keepdims=True), 1e-9)))


def _swollen(points: Floats, half: Floats, bulges: Floats) -> Floats:
    """Sides and lid swell outward in their middle by bulges (3 axes, low and high side), the bottom stays flat."""
    share = np.clip(points / half, -1, 1)
    hump = 1 - share ** 2
    grown = points.copy()
    for axis, (one, other) in enumerate(((1, 2), (0, 2), (0, 1))):
        bulge = np.where(share[..., axis] < 0, *bulges[axis])
        push = bulge * share[..., axis] * hump[..., one] * hump[..., other]
        grown[..., axis] += np.maximum(push, 0) if axis == 2 else push
    return grown


def _dents(body: Body, rng: np.random.Generator) -> list[tuple[Floats, float, float]]:
    count = int(rng.integers(1, 4)) if body.crush_mm > 1 else 0
    return [(rng.uniform(-1, 1, 3), float(rng.uniform(20, 60)), float(rng.uniform(3, 10))) for _ in range(count)]


def _pressed(points: Floats, half: Floats, corners: Floats, dents: list[tuple[Floats, float, float]]) -> Floats:
    """Corners displaced (2, 2, 2, 3) mm and what lies between them with them; dents inward at places in halves."""
    weight = (np.clip(points / half, -1, 1) + 1) / 2
    moved = points.copy()
    for i in range(2):
        for j in range(2):
            for k in range(2):
                share = [weight[..., n] if bit else 1 - weight[..., n] for n, bit in enumerate((i, j, k))]
                moved += (share[0] * share[1] * share[2])[..., None] * corners[i, j, k]
    for place, width, depth in dents:
        near = np.exp(-np.sum((points - place / np.abs(place).max() * half) ** 2, axis=-1) / (2 * width ** 2))
        moved -= moved / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1) * (near * depth)[..., None]
    return moved


def _tube(body: Body) -> list[Sheet]:
    """A lying tube with its two caps; width and height are its diameters."""
    length, width, height = body.size_mm
    angle = np.linspace(0, 2 * np.pi, 65)
    ring = np.column_stack([-np.cos(angle) * width / 2, np.sin(angle) * height / 2])
    along = np.concatenate([[-0.5, -0.4985, -0.495], np.linspace(-0.48, 0.48, 9), [0.495, 0.4985, 0.5]]) * length
    thick = np.clip(1 - np.maximum(np.abs(along) / length - 0.494, 0) * 4, 0, 1)
    skin = np.stack([np.column_stack([np.full(65, x), ring * t]) for x, t in zip(along, thick, strict=True)], axis=1)
    return [Sheet("skin", skin), _cap(skin[:, 0], True), _cap(skin[:, -1], False)]


def _cap(rim: Floats, first: bool) -> Sheet:
    middle = rim[:-1].mean(axis=0)
    fan = np.stack([middle + (rim - middle) * share for share in (0.0, 0.5, 1.0)], axis=1)
    return Sheet("cap", fan if first else fan[:, ::-1])


def _bag(body: Body) -> list[Sheet]:
    """A filled bag lying flat: a thin sealed rim, lumps of what is inside, folds that run in from the rim."""
    length, width, height = body.size_mm
    rng = stream(body.split, body.seed, "shape")
    v, u = np.meshgrid(np.linspace(1, -1, 61), np.linspace(-1, 1, 81), indexing="ij")
    power = rng.uniform(2.2, 3.6)
    swell = np.clip((1 - np.abs(u) ** power) * (1 - np.abs(v) ** power), 0, 1) ** rng.uniform(0.45, 0.65)
    lumps = 1 + _waves(rng, u, v, 1.2, 5) * 0.16
    folds = _waves(rng, u, v, 9.0, 6) * rng.uniform(0.4, 1.6) * (0.35 + swell)
    rim = 1.0 + 1.5 * (1 + _waves(rng, u, v, 4.0, 3))
    top = rim + swell * lumps * (height - 2) + folds
    pull = 1 - 0.02 * (1 + _waves(rng, u, v, 3.0, 4)) * np.maximum(np.abs(u), np.abs(v)) ** 4
    flat = np.stack([u * length / 2 * pull, v * width / 2 * pull], axis=-1)
    points = np.concatenate([flat, np.maximum(top, 0.8)[..., None]], axis=-1)
    return [Sheet("skin", points), Sheet("bottom", np.concatenate([flat, np.zeros((*u.shape, 1))], axis=-1)[:, ::-1])]


def _waves(rng: np.random.Generator, u: Floats, v: Floats, pitch: float, count: int) -> Floats:
    """A sum of that many waves of about unit size in all."""
    total = np.zeros_like(u)
    for _ in range(count):
        a, b = rng.normal(0, pitch, 2)
        total += np.sin(a * u + b * v + rng.uniform(0, 2 * np.pi))
    return np.asarray(total / np.sqrt(count))
