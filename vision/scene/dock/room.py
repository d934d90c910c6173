"""The room: floor with its paint, stains and shadows, walls with doors, lamps, and what lens and sensor make of it."""
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from vision.scene.dock.eye import Eye
from vision.scene.dock.raster import Canvas, Light
from vision.scene.dock.solids import Colour, Floats, Mesh, box, joined

FLOOR_PX = 640
Paint = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Room:
    """Width and depth m (x from -width/2, y from 0), lamp, pools of light (x, y, reach m, gain), seed of its paint."""
    wide: float
    deep: float
    tall: float
    light: Light
    pools: tuple[tuple[float, float, float, float], ...]
    seed: int

    def gain(self, x: Floats, y: Floats) -> Floats:
        """Brightness of the light at floor points."""
        spots = [g * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * r * r)) for px, py, r, g in self.pools]
        return np.asarray(0.55 + sum(spots), float)

    def scale(self) -> float:
        """Floor texture pixels per metre."""
        return FLOOR_PX / max(self.wide, self.deep)


def any_room(rng: np.random.Generator, seed: int) -> Room:
    """A dock, a back room or a lobby."""
    small = rng.random() < 0.3
    wide, deep = (rng.uniform(5, 9), rng.uniform(6, 11)) if small else (rng.uniform(9, 22), rng.uniform(11, 26))
    tall = float(rng.uniform(2.8, 4) if small else rng.uniform(4.5, 8))
    rise, turn = rng.uniform(0.7, 1.5), rng.uniform(0, 2 * np.pi)
    towards = np.array([np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), np.sin(rise)])
    pools = tuple((float(rng.uniform(-wide / 2, wide / 2)), float(rng.uniform(0, deep)), float(rng.uniform(2, 7)),
                   float(rng.uniform(0.1, 0.7))) for _ in range(int(rng.integers(1, 5))))
    return Room(float(wide), float(deep), tall, Light(towards, float(rng.uniform(0.35, 0.75))), pools, seed)


def clouds(rng: np.random.Generator, rows: int, columns: int, cells: int) -> Paint:
    """Smooth noise of unit spread."""
    coarse = rng.standard_normal((cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC), np.float32)


def floor_paint(room: Room) -> Paint:
    """The floor from above, float BGR, FLOOR_PX square; row is y, column is x."""
    rng = np.random.default_rng([227, room.seed])
    base = rng.uniform(60, 200) + rng.normal(0, 14, 3)
    side = FLOOR_PX
    waves = np.ones((side, side), np.float32)
    for share, count in ((0.10, 6), (0.06, 40), (0.04, 250)):
        waves += share * clouds(rng, side, side, count)
    paint = np.asarray(waves[..., None] * base, np.float32)
    if rng.random() < 0.35:
        _joints(paint, rng)
    _marks(paint, rng)
    shades = np.full((side, side), 255, np.uint8)
    for _ in range(int(rng.integers(0, 10))):
        spot, axes = rng.integers(0, side, 2), rng.integers(4, 45, 2)
        cv2.ellipse(shades, (int(spot[0]), int(spot[1])), (int(axes[0]), int(axes[1])), float(rng.uniform(0, 180)), 0,
                    360, (int(rng.integers(140, 245)),), -1)
    paint *= (cv2.GaussianBlur(shades, (0, 0), 3) * np.float32(1 / 255))[..., None]
    return paint


def _joints(paint: Paint, rng: np.random.Generator) -> None:
    step, dark = int(rng.integers(14, 120)), float(rng.uniform(0.7, 1.15))
    paint[::step] *= dark
    paint[:, ::step] *= dark


def _marks(paint: Paint, rng: np.random.Generator) -> None:
    """Painted lines and hatched fields, worn in places."""
    colours = ((40, 200, 235), (225, 225, 225), (40, 60, 200), (200, 120, 40), (60, 150, 60))
    worn = np.clip(0.85 + 0.4 * clouds(rng, FLOOR_PX, FLOOR_PX, 50), 0, 1)
    for _ in range(int(rng.integers(0, 9))):
        colour = np.array(colours[int(rng.choice(5, p=[0.45, 0.3, 0.1, 0.08, 0.07]))], np.float32) * rng.uniform(0.7, 1)
        mask = _mark(rng)
        there = mask > 0
        paint[there] += worn[there][:, None] * (colour - paint[there]).astype(np.float32)


def _mark(rng: np.random.Generator) -> Picture:
    start, end = rng.integers(0, FLOOR_PX, 2), rng.integers(0, FLOOR_PX, 2)
    mask = np.zeros((FLOOR_PX, FLOOR_PX), np.uint8)
    if rng.random() < 0.2:
        x, y = int(start[0]), int(start[1])
        for shift in range(0, 200, 18):
            cv2.line(mask, (x + shift, y), (x + shift - 60, y + 60), (1,), 6)
        return mask
    if rng.random() < 0.7:
        same = int(rng.integers(2))
        end[same] = start[same]
    cv2.line(mask, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), (1,), int(rng.integers(3, 8)))
    return mask


def shadows(room: Room, meshes: Iterable[Mesh]) -> Paint:
    """Share of light that reaches the floor (FLOOR_PX square) beside what stands on it."""
    cover = np.zeros((FLOOR_PX, FLOOR_PX), np.uint8)
    scale, towards = room.scale(), room.light.towards
    for mesh in meshes:
        fall = mesh.corners[..., :2] - towards[:2] * (mesh.corners[..., 2:] / max(float(towards[2]), 0.4))
        spots = ((fall + np.array([room.wide / 2, 0.0])) * scale * 16).astype(np.int32)
        for quad in spots:
            cv2.fillConvexPoly(cover, quad, (255,), shift=4)
    soft = cv2.GaussianBlur(cover, (0, 0), 2.5).astype(np.float32) / 255
    return np.asarray(1 - (1 - room.light.ambient) * 0.85 * soft, np.float32)


def lay_floor(canvas: Canvas, room: Room, eye: Eye, paint: Paint) -> None:
    """Warp the lit floor into the canvas and set its nearness."""
    rows, columns = canvas.near.shape
    ahead = -eye.rotation @ eye.centre
    plane = np.column_stack([eye.rotation[:, 0], eye.rotation[:, 1], ahead])
    k = np.array([[canvas.focal, 0, columns / 2 - 0.5], [0, canvas.focal, rows / 2 - 0.5], [0, 0, 1]])
    texel = np.array([[1 / room.scale(), 0, -room.wide / 2], [0, 1 / room.scale(), 0], [0, 0, 1]])
    seen = cv2.warpPerspective(np.clip(paint, 0, 255).astype(np.uint8), k @ plane @ texel, (columns, rows),
                               flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    down = eye.rotation[:, 2] / -eye.centre[2]
    x = ((np.arange(columns) + 0.5 - columns / 2) * (down[0] / canvas.focal)).astype(np.float32)
    y = ((np.arange(rows) + 0.5 - rows / 2) * (down[1] / canvas.focal) + down[2]).astype(np.float32)
    near = x[None] + y[:, None]
    there = (near > 0.012).view(np.uint8)
    cv2.copyTo(seen, there, canvas.colours)
    cv2.copyTo(near, there, canvas.near)


def lit_floor(room: Room, paint: Paint, light: Paint) -> Paint:
    """Floor paint under lamps and shadows."""
    side = np.arange(FLOOR_PX) / room.scale()
    gain = room.gain(side[None] - room.wide / 2, side[:, None])
    return np.asarray(paint * (gain * light)[..., None], np.float32)


def walls(room: Room) -> Mesh:
    """Walls in panels, some of them doors, bright openings or windows, and the ceiling."""
    rng = np.random.default_rng([229, room.seed])
    base, parts = rng.uniform(60, 210) + rng.normal(0, 15, 3), []
    half, thick = room.wide / 2 + 0.3, 0.2
    deep = room.deep
    for x0, y0, x1, y1 in ((-half, deep, half, deep), (-half, -1, -half, deep), (half, -1, half, deep)):
        length = float(np.hypot(x1 - x0, y1 - y0))
        count = max(2, int(length / rng.uniform(1.2, 3.0)))
        for n in range(count):
            a, b = n / count, (n + 1) / count
            low = [min(x0 + (x1 - x0) * a, x0 + (x1 - x0) * b), min(y0 + (y1 - y0) * a, y0 + (y1 - y0) * b)]
            high = [max(x0 + (x1 - x0) * a, x0 + (x1 - x0) * b), max(y0 + (y1 - y0) * a, y0 + (y1 - y0) * b)]
            parts += _panel(rng, base, [v - thick for v in low], [v + thick for v in high], room.tall)
    return joined(parts)


def _panel(rng: np.random.Generator, base: Floats, low: list[float], high: list[float], tall: float) -> list[Mesh]:
    plain = _colour(base * rng.uniform(0.93, 1.07))
    kind = rng.random()
    if kind < 0.6:
        band = _colour(base * rng.uniform(0.5, 0.9))
        return [box([*low, 0], [*high, 1.1], band), box([*low, 1.1], [*high, tall], plain)]
    if kind < 0.8:
        door = _colour(rng.uniform(60, 220, 3))
        steps = np.linspace(0, min(3.0, tall * 0.8), 6)
        slats = [box([*low, a], [*high, b], _colour(np.array(door) * (0.9 + 0.2 * (n % 2))))
                 for n, (a, b) in enumerate(pairwise(steps))]
        return [*slats, box([*low, steps[-1]], [*high, tall], plain)]
    bright = _colour(np.full(3, rng.choice([250, 20])) if kind < 0.9 else rng.uniform(20, 250, 3))
    return [box([*low, 0], [*high, 0.9], plain), box([*low, 0.9], [*high, 2.2], bright),
            box([*low, 2.2], [*high, tall], plain)]


def _colour(values: Floats) -> Colour:
    b, g, r = (float(v) for v in np.clip(values, 3, 252))
    return b, g, r
