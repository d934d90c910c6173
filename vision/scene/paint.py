"""Papers, prints and table tops as seeded pictures; families 0-5 train, 6-7 calibrate, 8-9 are held out."""
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Paint = npt.NDArray[np.float32]
KRAFT = (96.0, 138.0, 178.0)


@dataclass(frozen=True)
class Look:
    """What all faces of one parcel share: family of print, BGR colours, gloss 0-1."""
    family: int
    base: tuple[float, float, float]
    accent: tuple[float, float, float]
    tape: tuple[float, float, float]
    seed: int


def parcel_look(seed: int) -> Look:
    """The look of that parcel seed; its family is seed modulo ten."""
    rng = np.random.default_rng([7, seed])
    family = seed % 10
    base = {0: _near(rng, KRAFT, 25), 1: _near(rng, (222, 226, 228), 22), 2: _near(rng, (48, 46, 46), 28),
            4: _near(rng, (110, 150, 185), 30)}.get(family, _any(rng))
    return Look(family, base, _any(rng), _near(rng, (120, 170, 200), 60), seed)


def _near(rng: np.random.Generator, colour: tuple[float, ...], spread: float) -> tuple[float, float, float]:
    common, own = rng.normal(0, spread * 0.6), rng.normal(0, spread * 0.4, 3)
    b, g, r = (float(np.clip(c + common + o, 4, 250)) for c, o in zip(colour, own, strict=True))
    return b, g, r


def _any(rng: np.random.Generator) -> tuple[float, float, float]:
    b, g, r = (float(v) for v in rng.uniform(20, 235, 3))
    return b, g, r


def clouds(rng: np.random.Generator, rows: int, columns: int, cells: int) -> Paint:
    """Smooth noise of unit scale with about cells bumps across."""
    coarse = rng.standard_normal((cells + 1, cells + 1), dtype=np.float32)
    return np.asarray(cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def face_paint(look: Look, name: str, rows: int, columns: int, px_per_mm: float) -> Paint:
    """The paper of one face as float32 BGR rows x columns before light falls on it."""
    rng = np.random.default_rng([11, look.seed, sum(name.encode())])
    paper = np.empty((rows, columns, 3), dtype=np.float32)
    paper[:] = look.base
    _print(paper, look, rng, px_per_mm)
    paper *= (1 + 0.035 * clouds(rng, rows, columns, 6) + 0.012 * clouds(rng, rows, columns, 40))[..., None]
    if name == "top":
        _seam_and_tape(paper, look, rng, px_per_mm)
    elif rng.random() < 0.5:
        _tape_ends(paper, look, px_per_mm)
    return np.clip(paper, 2, 253)


def _print(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    painters = (_kraft, _text, _plain, _logo, _flutes, _patches, _stripes, _speckle, _dots, _checks)
    painters[look.family](paper, look, rng, px_per_mm)
    if rng.random() < 0.35:
        _sticker(paper, rng, px_per_mm)


def _kraft(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    for _ in range(int(rng.integers(0, 4))):
        _words(paper, look.accent if rng.random() < 0.3 else (40, 50, 60), rng, px_per_mm)


def _plain(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    if rng.random() < 0.5:
        _words(paper, look.accent, rng, px_per_mm)


def _text(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    for _ in range(int(rng.integers(1, 6))):
        _words(paper, look.accent, rng, px_per_mm)


def _words(paper: Paint, colour: tuple[float, float, float], rng: np.random.Generator, px_per_mm: float) -> None:
    rows, columns = paper.shape[:2]
    size = float(rng.uniform(6, 40)) * px_per_mm
    text = "".join(chr(int(c)) for c in rng.integers(65, 90, int(rng.integers(3, 10))))
    spot = (int(rng.integers(0, columns)) - int(size), int(rng.integers(0, rows)))
    ink = np.zeros((rows, columns), dtype=np.uint8)
    cv2.putText(ink, text, spot, cv2.FONT_HERSHEY_SIMPLEX, max(size / 22, 0.1), (255,), max(1, int(size / 9)))
    paper[ink > 127] = colour


def _logo(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    rows, columns = paper.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        spot = (int(rng.integers(0, columns)), int(rng.integers(0, rows)))
        radius = max(1, int(rng.uniform(15, 90) * px_per_mm))
        cv2.circle(paper, spot, radius, look.accent, -1 if rng.random() < 0.6 else max(1, radius // 5), cv2.LINE_AA)
    _words(paper, look.tape, rng, px_per_mm)


def _flutes(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    pitch = rng.uniform(5, 14) * px_per_mm
    wave = np.sin(np.arange(paper.shape[1], dtype=np.float32) * (2 * np.pi / max(pitch, 2.5)))
    paper *= (1 + rng.uniform(0.02, 0.10) * wave)[None, :, None].astype(np.float32)
    for _ in range(int(rng.integers(0, 5))):
        _stain(paper, rng, px_per_mm)


def _stain(paper: Paint, rng: np.random.Generator, px_per_mm: float) -> None:
    rows, columns = paper.shape[:2]
    mark = np.zeros((rows, columns), dtype=np.float32)
    spot = (int(rng.integers(0, columns)), int(rng.integers(0, rows)))
    axes = (max(1, int(rng.uniform(5, 60) * px_per_mm)), max(1, int(rng.uniform(5, 40) * px_per_mm)))
    cv2.ellipse(mark, spot, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(-0.3, 0.2)), -1)
    paper *= 1 + mark[..., None]


def _patches(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    rows, columns = paper.shape[:2]
    for _ in range(int(rng.integers(2, 10))):
        x, y = int(rng.integers(0, columns)), int(rng.integers(0, rows))
        w, h = (int(v * px_per_mm) + 1 for v in rng.uniform(15, 160, 2))
        cv2.rectangle(paper, (x - w // 2, y - h // 2), (x + w // 2, y + h // 2), _any(rng), -1)


def _stripes(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    rows, columns = paper.shape[:2]
    angle, pitch = rng.uniform(0, np.pi), rng.uniform(25, 90) * px_per_mm
    along = np.arange(columns)[None, :] * np.cos(angle) + np.arange(rows)[:, None] * np.sin(angle)
    paper[(along % pitch) < pitch * rng.uniform(0.2, 0.6)] = look.accent


def _speckle(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    field = clouds(rng, paper.shape[0], paper.shape[1], int(rng.integers(10, 40)))
    paper[field > rng.uniform(0.3, 1.2)] = look.accent


def _dots(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    rows, columns = paper.shape[:2]
    pitch = float(rng.uniform(30, 80))
    for y in np.arange(pitch / 3, rows / px_per_mm, pitch):
        for x in np.arange(pitch / 3, columns / px_per_mm, pitch):
            cv2.circle(paper, (int(x * px_per_mm), int(y * px_per_mm)), max(1, int(pitch * 0.27 * px_per_mm)),
                       look.accent, -1, cv2.LINE_AA)


def _checks(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    rows, columns = paper.shape[:2]
    pitch = rng.uniform(30, 90) * px_per_mm
    y, x = np.arange(rows)[:, None], np.arange(columns)[None, :]
    diamond = ((x + y) // pitch + (x - y) // pitch) % 2
    paper[diamond > 0.5] = np.array(look.base, np.float32) * 0.55 + np.array(look.accent, np.float32) * 0.45
    width = int(rng.uniform(20, 40) * px_per_mm) + 1
    paper[:, columns // 2 - width // 2:columns // 2 + width // 2] = look.tape


def _sticker(paper: Paint, rng: np.random.Generator, px_per_mm: float) -> None:
    rows, columns = paper.shape[:2]
    w, h = (max(3, int(v * px_per_mm)) for v in (rng.uniform(40, 120), rng.uniform(30, 90)))
    x, y = int(rng.integers(0, max(1, columns - w // 2))), int(rng.integers(0, max(1, rows - h // 2)))
    cv2.rectangle(paper, (x, y), (x + w, y + h), (238, 240, 240), -1)
    for bar in range(x + w // 8, x + w - w // 8, max(2, w // 22)):
        cv2.line(paper, (bar, y + h // 5), (bar, y + h // 2), (25, 25, 25), max(1, int(rng.integers(1, 3) * w / 60)))


def _seam_and_tape(paper: Paint, look: Look, rng: np.random.Generator, px_per_mm: float) -> None:
    rows, columns = paper.shape[:2]
    middle, width = rows // 2, int(rng.uniform(38, 60) * px_per_mm)
    if rng.random() < 0.7:
        cv2.line(paper, (0, middle), (columns, middle), tuple(0.55 * c for c in look.base), max(1, int(2 * px_per_mm)))
    if rng.random() < 0.7:
        _lay_tape(paper[max(0, middle - width // 2):middle + width // 2 + 1], look)


def _tape_ends(paper: Paint, look: Look, px_per_mm: float) -> None:
    columns, width = paper.shape[1], int(48 * px_per_mm)
    left = max(0, columns // 2 - width // 2)
    _lay_tape(paper[:int(60 * px_per_mm) + 1, left:left + width + 1], look)


def _lay_tape(part: Paint, look: Look) -> None:
    share = 0.35 + 0.5 * (look.seed % 7) / 7
    part *= 1 - share
    part += np.array(look.tape, np.float32) * share


def table_paint(seed: int, side_px: int) -> Paint:
    """The table top as a float32 BGR square; seed 0 is the matt mid-grey the rig recommends."""
    rng = np.random.default_rng([13, seed])
    family = seed % 10
    top = np.empty((side_px, side_px, 3), dtype=np.float32)
    grey = float(rng.uniform(105, 150))
    top[:] = _near(rng, (grey, grey, grey), 6) if family in (0, 1, 2, 6, 8) else _near(rng, (120, 130, 140), 60)
    _table_print(top, family, rng)
    top *= (1 + 0.03 * clouds(rng, side_px, side_px, 5) + 0.02 * clouds(rng, side_px, side_px, 60))[..., None]
    return np.clip(top, 2, 253)


def _table_print(top: Paint, family: int, rng: np.random.Generator) -> None:
    side = top.shape[0]
    if family in (3, 7):
        grain = cv2.resize(rng.standard_normal((side // 4 + 1, 6), dtype=np.float32), (side, side))
        top *= (1 + 0.07 * grain)[..., None]
    elif family in (4, 9):
        pitch = max(8, int(side * rng.uniform(0.06, 0.2)))
        top[::pitch] *= 0.75
        top[:, ::pitch] *= 0.75
    elif family == 5:
        top *= (1 + 0.10 * clouds(rng, side, side, 90))[..., None]
