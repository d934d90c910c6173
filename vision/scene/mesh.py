"""The bodies of worn boxes, tubes, bags and odd things as curved sheets of points in table millimetres."""
from dataclasses import dataclass

import numpy as np

from vision.measure.camera import Floats


@dataclass(frozen=True, eq=False)
class Sheet:
    """A curved surface: points (rows, columns, 3) mm whose outer side has columns to the right, rows downward."""
    points: Floats
    name: str

    def normals(self) -> Floats:
        """Unit vectors (rows, columns, 3) that point out of the body."""
        down, right = np.gradient(self.points, axis=0), np.gradient(self.points, axis=1)
        across = np.cross(down, right)
        return np.asarray(across / np.maximum(np.linalg.norm(across, axis=2, keepdims=True), 1e-9))

    def size_mm(self) -> tuple[float, float]:
        """Longest width and height along the surface, mm."""
        across = np.linalg.norm(np.diff(self.points, axis=1), axis=2).sum(axis=1)
        down = np.linalg.norm(np.diff(self.points, axis=0), axis=2).sum(axis=0)
        return float(across.max()), float(down.max())


@dataclass(frozen=True)
class Wear:
    """What use did to a parcel: its faces bulge by bulge_mm, a dent goes dent_mm deep, edges are rounded by round_mm;
    gloss 0-1 is how much of the lamp a face mirrors; corners lie skew_mm (standard deviation) out of square; shares say
    what part of the bulge the top and each side has, without them all have about as much."""
    bulge_mm: float = 0.0
    dent_mm: float = 0.0
    round_mm: float = 0.0
    gloss: float = 0.0
    seed: int = 0
    skew_mm: float = 0.0
    shares: tuple[float, ...] | None = None


def box_sheets(size_mm: Floats, wear: Wear) -> list[Sheet]:
    """Top and sides of a worn box of that length, width, height, centred on its base."""
    rng = np.random.default_rng([47, wear.seed])
    alike, hole = rng.uniform(0.75, 1.0, 5), rng.uniform(0.15, 0.85, 2)
    lift = wear.bulge_mm * (alike if wear.shares is None else np.array(wear.shares))
    hit = int(rng.integers(0, 5)) if wear.dent_mm > 0 else -1
    sheets = []
    for n, (right, down, out) in enumerate(FRAMES):
        sheets.append(_worn_face(size_mm, (right, down, out), wear, float(lift[n]), hole if n == hit else None))
    moved = [askew(points, size_mm, wear) for points in sheets] if wear.skew_mm else sheets
    return [Sheet(points, "top" if n == 0 else f"side{n - 1}") for n, points in enumerate(moved)]


def askew(points: Floats, size_mm: Floats, wear: Wear) -> Floats:
    """Points of a box on the table whose corners lie out of square, what lies between them with them; it stands on its
    base."""
    corners = np.random.default_rng([43, wear.seed]).normal(0, wear.skew_mm, (2, 2, 2, 3))
    corners[:, :, 0, 2] = 0
    share = np.clip(points / size_mm + np.array([0.5, 0.5, 0.0]), 0, 1)
    weight = np.stack([1 - share, share])
    return np.asarray(points + np.einsum("i...,j...,k...,ijkn->...n", weight[..., 0], weight[..., 1], weight[..., 2],
                                         corners))


FRAMES = (((1, 0, 0), (0, -1, 0), (0, 0, 1)), ((1, 0, 0), (0, 0, -1), (0, -1, 0)), ((0, 1, 0), (0, 0, -1), (1, 0, 0)),
          ((-1, 0, 0), (0, 0, -1), (0, 1, 0)), ((0, -1, 0), (0, 0, -1), (-1, 0, 0)))
"""Right, down and outward of the top and of the four sides, seen from outside."""
STEPS = np.array([-1, -0.97, -0.9, -0.72, -0.45, -0.15, 0.15, 0.45, 0.72, 0.9, 0.97, 1])


def _worn_face(size_mm: Floats, frame: tuple[tuple[int, ...], ...], wear: Wear, lift_mm: float,
               hole: Floats | None) -> Floats:
    """One face's points: flat, bulged, dented, then pulled in where edges are rounded."""
    right, down, out = (np.array(axis, dtype=np.float64) for axis in frame)
    v, u = np.meshgrid(STEPS, STEPS, indexing="ij")
    unit = u[..., None] * right + v[..., None] * down + out
    points = unit * size_mm / 2
    swell = lift_mm * (1 - u ** 2) * (1 - v ** 2)
    if hole is not None:
        spread = ((u - hole[0] * 2 + 1) ** 2 + (v - hole[1] * 2 + 1) ** 2) / 0.08
        swell = swell - wear.dent_mm * np.exp(-spread)
    worn = rounded(points + swell[..., None] * out, size_mm, wear.round_mm)
    return np.asarray(worn + np.array([0, 0, size_mm[2] / 2]))


def rounded(points: Floats, size_mm: Floats, radius_mm: float) -> Floats:
    """Points of a box about the origin pulled onto edges of that radius; the base stays sharp."""
    inner = size_mm / 2 - min(radius_mm, float(size_mm.min()) / 2.5)
    core = np.clip(points, -inner, inner)
    core[..., 2] = np.where(points[..., 2] < 0, points[..., 2], core[..., 2])
    away = points - core
    far = np.linalg.norm(away, axis=-1, keepdims=True)
    edge = np.abs(away).max(axis=-1, keepdims=True)
    return np.asarray(core + away * np.where(far > 1e-9, edge / np.maximum(far, 1e-9), 1.0))


def tube_sheets(size_mm: Floats) -> list[Sheet]:
    """A lying tube: axis along x, width and height its two diameters."""
    length, width, height = size_mm
    angle = np.linspace(0, 2 * np.pi, 37)
    ring = np.column_stack([np.zeros(37), -np.cos(angle) * width / 2, height / 2 + np.sin(angle) * height / 2])
    ends = [ring + np.array([end * length / 2, 0, 0]) for end in np.linspace(-1, 1, 5)]
    side = np.stack(ends, axis=1)[::-1]
    return [Sheet(side, "skin"), _disc(side[:, 0], False), _disc(side[:, -1], True)]


def _disc(ring: Floats, flipped: bool) -> Sheet:
    """A flat end within a ring (N, 3), as two rows: its middle and its rim."""
    middle = np.repeat(ring[:-1].mean(axis=0)[None], len(ring), axis=0)
    rows = np.stack([middle, ring]) if flipped else np.stack([ring, middle])
    return Sheet(rows, "cap")


def polybag_sheets(size_mm: Floats, seed: int) -> list[Sheet]:
    """A filled bag: flat sealed rim, bulging to its height; how full, square and creased it is varies."""
    rng = np.random.default_rng([53, seed])
    length, width, height = size_mm
    v, u = np.meshgrid(np.linspace(1, -1, 19), np.linspace(-1, 1, 25), indexing="ij")
    power, full = rng.uniform(1.6, 4.0, 2), rng.uniform(0.4, 0.9)
    swell = np.clip((1 - np.abs(u) ** power[0]) * (1 - np.abs(v) ** power[1]), 0, 1) ** full
    waves = sum(rng.normal(0, 0.05) * np.sin(rng.uniform(1, 6) * u + rng.uniform(1, 6) * v + rng.uniform(0, 6))
                for _ in range(4))
    swell = np.clip(swell * (1 + waves), 0, None)
    sag = 1 - rng.uniform(0, 0.06) * (1 - v ** 2), 1 - rng.uniform(0, 0.06) * (1 - u ** 2)
    z = 1.0 + swell / swell.max() * (height - 1.0)
    return [Sheet(np.stack([u * length / 2 * sag[0], v * width / 2 * sag[1], z], axis=-1), "skin")]


def irregular_sheets(size_mm: Floats, seed: int) -> list[Sheet]:
    """A bucket, a wedge or a lump that fills a box of that size."""
    rng = np.random.default_rng([59, seed])
    shape = (_bucket, _wedge, _lump)[int(rng.integers(0, 3))]
    sheets = shape(rng)
    every = np.concatenate([s.points.reshape(-1, 3) for s in sheets])
    low, high = every.min(axis=0), every.max(axis=0)
    scale = size_mm / (high - low)
    shift = np.array([-(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2, -low[2]])
    return [Sheet((s.points + shift) * scale, s.name) for s in sheets]


def _bucket(rng: np.random.Generator) -> list[Sheet]:
    angle = np.linspace(0, 2 * np.pi, 33)
    round_, taper = np.column_stack([np.cos(angle), np.sin(angle)]), rng.uniform(0.6, 1.25)
    rows = [np.column_stack([round_ * (1 + (taper - 1) * h), np.full(33, h)]) for h in np.linspace(1, 0, 5)]
    top = rows[0]
    return [Sheet(np.stack(rows), "skin"), _disc(top, True)]


def _wedge(rng: np.random.Generator) -> list[Sheet]:
    ridge = rng.uniform(-0.9, 0.9)
    section = np.array([[-1, 0], [ridge, 1], [1, 0]])
    ends = [np.column_stack([np.full(3, x), section]) for x in (-1.0, 0.0, 1.0)]
    left, right = (np.stack([e[[n, n + 1]] for e in ends], axis=1) for n in (0, 1))
    caps = [np.stack([e[[1, 1]], e[[0, 2]]]) for e in (ends[2], ends[0][::-1])]
    return [Sheet(left[::-1], "side0"), Sheet(right[:, ::-1], "side1"), *(Sheet(cap, "cap") for cap in caps)]


def _lump(rng: np.random.Generator) -> list[Sheet]:
    turn, rise = np.meshgrid(np.linspace(0, 2 * np.pi, 37), np.linspace(np.pi / 2, -np.pi / 2, 19))
    swell = 1 + sum(rng.normal(0, 0.1) * np.cos(int(rng.integers(1, 4)) * turn + rng.uniform(0, 6)) * np.cos(rise)
                    for _ in range(4))
    z = np.clip(np.sin(rise), rng.uniform(-0.9, -0.2), 1)
    return [Sheet(np.stack([np.cos(turn) * np.cos(rise) * swell, np.sin(turn) * np.cos(rise) * swell, z], -1), "skin")]


def placed(sheets: list[Sheet], x: float, y: float, yaw_deg: float) -> list[Sheet]:
    """The sheets turned counter-clockwise and moved on the table."""
    c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    return [Sheet(sheet.points @ turn + np.array([x, y, 0.0]), sheet.name) for sheet in sheets]
