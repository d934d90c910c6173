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
    """Width and depth m (x from -width/2, y from 0), lamp, pools of light (x, y, reach m, gain), seed of its paint.

    close: its walls stand near the camera and show what walls of houses show, and boards may lie on its floor.
    """
    wide: float
    deep: float
    tall: float
    light: Light
    pools: tuple[tuple[float, float, float, float], ...]
    seed: int
    close: bool = False

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


def close_room(rng: np.random.Generator, seed: int) -> Room:
    """A corner of a lobby, an office or a back room, its wall 2-6 m from the camera, mostly bright."""
    rise, turn = rng.uniform(0.9, 1.5), rng.uniform(0, 2 * np.pi)
    towards = np.array([np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), np.sin(rise)])
    wide, deep, tall = float(rng.uniform(4, 10)), float(rng.uniform(2, 6)), float(rng.uniform(2.5, 4.5))
    pools = tuple((float(rng.uniform(-wide / 2, wide / 2)), float(rng.uniform(0, deep)), float(rng.uniform(1, 4)),
                   float(rng.uniform(0.2, 0.8))) for _ in range(int(rng.integers(1, 4))))
    return Room(wide, deep, tall, Light(towards, float(rng.uniform(0.75, 1.0))), pools, seed, True)


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
    if room.close and rng.random() < 0.6:
        _boards(paint, rng)
    elif rng.random() < 0.35:
        _joints(paint, rng)
    if not room.close:
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


def _boards(paint: Paint, rng: np.random.Generator) -> None:
    """Long boards of one wood, each its own shade, along x or y."""
    wide = int(rng.integers(6, 26))
    tone = np.array([rng.uniform(30, 110), rng.uniform(60, 140), rng.uniform(90, 190)], np.float32)
    shades = rng.normal(1, rng.uniform(0.05, 0.25), (FLOOR_PX // wide + 1, int(rng.integers(1, 5))))
    boards = np.kron(shades, np.ones((wide, FLOOR_PX // shades.shape[1] + 1)))[:FLOOR_PX, :FLOOR_PX]
    grain = 1 + 0.08 * cv2.resize(rng.standard_normal((FLOOR_PX, 12)), (FLOOR_PX, FLOOR_PX))
    boards[::wide] *= rng.uniform(0.4, 1.0)
    boards = np.clip(boards * grain, 0.1, 2.0)
    paint[:] = (boards if rng.random() < 0.5 else boards.T)[..., None] * tone


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
    if room.close:
        return _close_walls(room)
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


def _close_walls(room: Room) -> Mesh:
    """Three plain walls with skirting boards; on and before them boards, windows, doors, pillars, shutters."""
    rng, half = np.random.default_rng([271, room.seed]), room.wide / 2
    base = np.array(rng.choice([rng.uniform(170, 250), rng.uniform(50, 250)])) + rng.normal(0, 10, 3)
    parts = [box([-half - 0.2, room.deep, 0], [half + 0.2, room.deep + 0.2, room.tall], _colour(base)),
             box([-half - 0.2, -1, 0], [-half, room.deep, room.tall], _colour(base * rng.uniform(0.8, 1.0))),
             box([half, -1, 0], [half + 0.2, room.deep, room.tall], _colour(base * rng.uniform(0.8, 1.0)))]
    if rng.random() < 0.7:
        skirt, high = _colour(rng.uniform(20, 240, 3)), float(rng.uniform(0.06, 0.25))
        parts += [box([-half, room.deep - 0.03, 0], [half, room.deep, high], skirt),
                  box([-half, -1, 0], [0.03 - half, room.deep, high], skirt),
                  box([half - 0.03, -1, 0], [half, room.deep, high], skirt)]
    for _ in range(int(rng.integers(0, 5))):
        parts += _on_wall(rng, base, float(rng.uniform(-half, half)), room)
    return joined(parts)


def _on_wall(rng: np.random.Generator, base: Floats, at: float, room: Room) -> list[Mesh]:
    """Something about x = at on the far wall: a pillar, a shutter, a door, or a board or window."""
    wide, back, any_ = float(rng.uniform(0.4, 2.2)), room.deep, _colour(rng.uniform(15, 245, 3))
    match int(rng.integers(5)):
        case 0:
            out = float(rng.uniform(0.1, 0.5))
            return [box([at, back - out, 0], [at + 0.2 + out, back, room.tall], _colour(base * rng.uniform(0.6, 1)))]
        case 1:
            edges = np.linspace(0, min(room.tall * 0.9, 2.8), int(rng.integers(6, 24)))
            shades = [_colour(np.array(any_) * share) for share in (0.85, 1.15)]
            return [box([at, back - 0.05, a], [at + wide + 1, back, b], shades[n % 2])
                    for n, (a, b) in enumerate(pairwise(edges))]
        case 2:
            return [box([at, back - 0.06, 0], [at + 0.95, back, 2.1], _colour(base * 0.7)),
                    box([at + 0.05, back - 0.07, 0], [at + 0.9, back, 2.05], any_)]
        case _:
            low, high = float(rng.uniform(0.4, 1.5)), float(rng.uniform(0.3, 1.4))
            frame = _colour(rng.choice([base * 0.4, np.full(3, 30.0), np.full(3, 235.0)]))
            return [box([at, back - 0.05, low], [at + wide, back, low + high], frame),
                    box([at + 0.05, back - 0.06, low + 0.05], [at + wide - 0.05, back, low + high - 0.05], any_)]


def _colour(values: Floats) -> Colour:
    b, g, r = (float(v) for v in np.clip(values, 3, 252))
    return b, g, r
