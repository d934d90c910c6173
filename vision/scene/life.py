"""What else is in the picture: hands, small things on the table, people behind it, a mirrored lamp."""
import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole
from vision.scene.paint import Paint

SKIN = np.array([120, 150, 205], np.float32)
FRONT_MM = -750.0


def px_per_mm(view: Pinhole) -> float:
    """Picture pixels per mm at the middle of the table."""
    return float(view.matrix[0, 0] / np.linalg.norm(view.translation))


def put_hand(picture: Paint, seed: int, at: Floats, view: Pinhole) -> npt.NDArray[np.bool_]:
    """Draw a sleeve and a hand, most often from the customer's side, that reaches to at (x, y, z) mm; its pixels."""
    rng = np.random.default_rng([31, seed])
    elbow = _elbow(rng, at)
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
    picture[mask == 2] = SKIN * rng.uniform(0.45, 1.1)
    _round_off(picture, mask, rng)
    return mask > 0


def _elbow(rng: np.random.Generator, at: Floats) -> Floats:
    """Where the arm comes from, three in four times the customer's side."""
    aside, rise = rng.uniform(-250, 250), rng.uniform(50, 250)
    side = int(rng.integers(0, 12))
    if side == 0:
        return np.array([FRONT_MM, at[1] + aside, at[2] + rise])
    if side == 1:
        return np.array([-FRONT_MM, at[1] + aside, at[2] + rise])
    return np.array([at[0] + aside, FRONT_MM, at[2] + rise])


def _round_off(picture: Paint, mask: npt.NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Darken limbs towards their outline and fold the sleeve."""
    inside = mask > 0
    if not inside.any():
        return
    deep = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 3)[inside]
    rows = np.nonzero(inside)[0]
    folds = 1 + 0.08 * np.sin(rows * rng.uniform(0.05, 0.4)) * (mask[inside] == 1)
    picture[inside] *= ((0.6 + 0.4 * np.sqrt(deep / max(float(deep.max()), 1.0))) * folds)[:, None].astype(np.float32)


def put_people(picture: Paint, seed: int, view: Pinhole) -> None:
    """Draw up to two blurred bodies that stand at the customer's side of the table."""
    rng = np.random.default_rng([61, seed])
    for _ in range(int(rng.integers(0, 3))):
        x, y, wide = rng.uniform(-800, 800), rng.uniform(-1500, -680), rng.uniform(320, 520)
        top = rng.uniform(100, 700)
        for low, high, half, colour in ((-900, top, wide / 2, rng.uniform(15, 220, 3)),
                                        (top, top + 260, 90, SKIN * rng.uniform(0.4, 1.1))):
            near = half * 0.8
            quad = np.array([[x - half, y, low], [x + half, y, low], [x + near, y, high], [x - near, y, high]])
            if view.in_camera(quad)[:, 2].min() > 100:
                _fill(picture, view.project(quad), np.asarray(colour, dtype=np.float64))


def put_clutter(picture: Paint, seed: int, view: Pinhole) -> None:
    """Draw pens, coins, slips of paper and cables that lie flat on and around the table."""
    rng = np.random.default_rng([67, seed])
    for _ in range(int(rng.integers(1, 6))):
        at, colour = rng.uniform(-520, 520, 2), rng.uniform(10, 245, 3)
        painter = (_pen, _coin, _slip, _cable)[int(rng.integers(0, 4))]
        outline, thick_mm = painter(rng)
        spots = view.project(np.column_stack([outline + at, np.zeros(len(outline))]))
        if thick_mm:
            line = np.round(spots * 16).astype(np.int32)
            cv2.polylines(picture, [line], False, colour.tolist(), max(1, round(thick_mm * px_per_mm(view))),
                          cv2.LINE_AA, 4)
        else:
            _fill(picture, spots, colour)


def _pen(rng: np.random.Generator) -> tuple[Floats, float]:
    turn, half = rng.uniform(0, np.pi), rng.uniform(50, 80)
    way = np.array([np.cos(turn), np.sin(turn)]) * half
    return np.array([-way, way]), float(rng.uniform(6, 12))


def _coin(rng: np.random.Generator) -> tuple[Floats, float]:
    angle = np.linspace(0, 2 * np.pi, 21)
    return np.column_stack([np.cos(angle), np.sin(angle)]) * rng.uniform(8, 16), 0.0


def _slip(rng: np.random.Generator) -> tuple[Floats, float]:
    turn, half = rng.uniform(0, np.pi), rng.uniform(20, 80, 2)
    c, s = np.cos(turn), np.sin(turn)
    return np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half @ np.array([[c, s], [-s, c]]), 0.0


def _cable(rng: np.random.Generator) -> tuple[Floats, float]:
    steps = rng.normal(0, 25, (12, 2)) + rng.normal(0, 25, 2)
    return np.cumsum(steps, axis=0), float(rng.uniform(3, 7))


def _fill(picture: Paint, spots: Floats, colour: Floats) -> None:
    cv2.fillConvexPoly(picture, np.round(spots * 16).astype(np.int32), colour.tolist(), cv2.LINE_AA, 4)


def put_glare(picture: Paint, seed: int, strength: float, view: Pinhole) -> None:
    """Add a lamp's mirror image of that strength in grey levels somewhere over the zone."""
    rng = np.random.default_rng([71, seed])
    at = view.project(np.array([[*rng.uniform(-350, 350, 2), rng.uniform(0, 200)]]))[0]
    y, x = np.mgrid[0:picture.shape[0], 0:picture.shape[1]].astype(np.float32)
    wide, turn = rng.uniform(40, 240, 2) * px_per_mm(view), rng.uniform(0, np.pi)
    u, v = x - np.float32(at[0]), y - np.float32(at[1])
    across = (u * np.cos(turn) + v * np.sin(turn)) / wide[0], (v * np.cos(turn) - u * np.sin(turn)) / wide[1]
    picture += (strength * np.exp(-0.5 * (across[0] ** 2 + across[1] ** 2)))[..., None].astype(np.float32)
