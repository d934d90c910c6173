"""From a straight canvas to a camera's picture: lens, haze, light, dust, blur, noise, compression."""
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.scene.dock.raster import Canvas
from vision.scene.dock.room import Picture, clouds

Paint = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sensor:
    """One camera's look, the same in every frame.

    gains: per colour; vignette: loss in the corners; haze: 1/m and its grey; dust: specks and their grey; shake: length
    px and direction; blur: sigma px; noise: deviation; quality: of JPEG, None without; seed: of its dirt and shading.
    """
    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    vignette: float = 0.1
    haze: tuple[float, float] = (0.0, 160.0)
    grey: bool = False
    gamma: float = 1.0
    dust: tuple[int, float] = (0, 210.0)
    shake: tuple[int, float] = (0, 0.0)
    blur: float = 0.5
    noise: float = 2.0
    quality: int | None = 85
    seed: int = 0


def any_sensor(rng: np.random.Generator) -> Sensor:
    """A camera good or bad, clean or dirty, by day or by night."""
    blue, green, red = (float(v) for v in rng.uniform(0.55, 1.4) * (1 + rng.normal(0, 0.06, 3)))
    hazy, dirty, shaken, packed = rng.random(4) < (0.3, 0.25, 0.15, 0.7)
    return Sensor((blue, green, red), float(rng.uniform(0, 0.3)),
                  (float(rng.uniform(0.01, 0.06)) if hazy else 0.0, float(rng.uniform(120, 200))),
                  bool(rng.random() < 0.15), float(rng.uniform(0.75, 1.3)),
                  (int(rng.integers(1, 14)) if dirty else 0, float(rng.choice([40, 210]))),
                  (int(rng.integers(3, 10)) if shaken else 0, float(rng.uniform(0, np.pi))),
                  float(rng.uniform(0.2, 1.6)), float(rng.uniform(0.5, 9)),
                  int(rng.integers(25, 92)) if packed else None, int(rng.integers(1 << 30)))


def bent(canvas: Canvas, to: Paint) -> tuple[Picture, Paint, npt.NDArray[np.int16]]:
    """Colours, nearness and body numbers through the lens."""
    x, y = to[..., 0], to[..., 1]
    colours = cv2.remap(canvas.colours, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    near = cv2.remap(canvas.near, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    bodies = cv2.remap(canvas.bodies, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=(-1,))
    return np.asarray(colours, np.uint8), np.asarray(near, np.float32), np.asarray(bodies, np.int16)


def exposed(colours: Picture, near: Paint, sensor: Sensor, frame: int = 0) -> Picture:
    """What sensor and encoder make of one frame; only the noise differs from frame to frame."""
    rows, columns = colours.shape[:2]
    shot: Paint = colours.astype(np.float32)
    if sensor.haze[0]:
        through = np.exp(-np.float32(sensor.haze[0]) / np.maximum(near, 0.02))[..., None]
        shot *= through
        shot += np.float32(sensor.haze[1]) * (1 - through)
    shot *= _level(rows, columns, sensor)[..., None] * np.array(sensor.gains, np.float32)
    if sensor.grey:
        shot[:] = (shot @ np.array([0.2, 0.5, 0.3], np.float32))[..., None]
    curve = 255 * (np.arange(256) / 255) ** sensor.gamma
    shot = np.asarray(cv2.LUT(np.clip(shot, 0, 255).astype(np.uint8), curve.astype(np.float32)), np.float32)
    if sensor.dust[0]:
        _dust(shot, sensor)
    shot = _blurred(shot, sensor)
    rng = np.random.default_rng([241, sensor.seed, frame])
    cell = rng.standard_normal((rows // 2, columns // 2, 3), dtype=np.float32) * np.float32(sensor.noise)
    shot += cv2.resize(cell, (columns, rows), interpolation=cv2.INTER_LINEAR)
    final: Picture = np.clip(shot, 0, 255).astype(np.uint8)
    if sensor.quality is None:
        return final
    _, packed = cv2.imencode(".jpg", final, [cv2.IMWRITE_JPEG_QUALITY, sensor.quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def _level(rows: int, columns: int, sensor: Sensor) -> Paint:
    """Uneven paint and light, and the lens's darker corners."""
    rng = np.random.default_rng([251, sensor.seed])
    y, x = np.linspace(-1, 1, rows, dtype=np.float32)[:, None], np.linspace(-1, 1, columns, dtype=np.float32)[None]
    level = 1 + 0.05 * clouds(rng, rows, columns, 9) + 0.05 * clouds(rng, rows, columns, 90)
    return np.asarray(level * (1 - np.float32(sensor.vignette) * (x * x + y * y) / 2), np.float32)


def _dust(shot: Paint, sensor: Sensor) -> None:
    """Specks and smears on the lens."""
    rng, mask = np.random.default_rng([257, sensor.seed]), np.zeros(shot.shape[:2], np.float32)
    for _ in range(sensor.dust[0]):
        spot, size = rng.integers(0, mask.shape[::-1], 2), int(rng.integers(2, 26))
        cv2.circle(mask, (int(spot[0]), int(spot[1])), size, (float(rng.uniform(0.1, 0.5)),), -1)
    mask = cv2.GaussianBlur(mask, (0, 0), float(rng.uniform(2, 9))).astype(np.float32)
    shot += mask[..., None] * (np.float32(sensor.dust[1]) - shot)


def _blurred(shot: Paint, sensor: Sensor) -> Paint:
    """Focus, and the camera's shake."""
    size, turn = sensor.shake
    if size:
        kernel = np.zeros((size, size), np.float32)
        x, y = np.cos(turn) * size / 2, np.sin(turn) * size / 2
        cv2.line(kernel, (int(size / 2 - x), int(size / 2 - y)), (int(size / 2 + x), int(size / 2 + y)), (1.0,), 1)
        shot = np.asarray(cv2.filter2D(shot, -1, kernel / max(float(kernel.sum()), 1e-6)), np.float32)
    return np.asarray(cv2.GaussianBlur(shot, (0, 0), sensor.blur), np.float32) if sensor.blur > 0 else shot
