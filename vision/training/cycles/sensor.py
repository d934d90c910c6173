"""From a clean path-traced picture to what the camera sends: lens distortion, vignette, exposure, noise, JPEG."""
import cv2
import numpy as np

from vision.measure.rig import Camera
from vision.training.cycles.draw import stream
from vision.training.cycles.papers import Paint, Picture

MARGIN_PX = 48
QUALITY = 93


def lens_rig(text: str) -> str:
    """The bench's rig.toml with the lens of the path-traced sets: other focal length, centre and distortion."""
    first = text.replace("matrix = [1150.0, 1150.0, 960.0, 540.0]", "matrix = [1128.0, 1128.0, 951.3, 548.9]", 1)
    both = first.replace("matrix = [1150.0, 1150.0, 960.0, 540.0]", "matrix = [1141.0, 1141.0, 967.6, 533.2]", 1)
    bent = "distortion = [0.0, 0.0, 0.0, 0.0, 0.0]"
    one = both.replace(bent, "distortion = [-0.061, 0.018, 0.0004, -0.0003, 0.0]", 1)
    return one.replace(bent, "distortion = [-0.048, 0.011, -0.0005, 0.0002, 0.0]", 1)


def expose(clean: Picture, camera: Camera, split: str, number: int, gain: float) -> Picture:
    """The clean picture with MARGIN_PX around it as that camera's frame."""
    return noisy(_bent(clean, camera).astype(np.float32), split, number, camera.name, gain)


def noisy(light: Paint, split: str, number: int, name: str, gain: float) -> Picture:
    """What the sensor of that name makes of light, in place: vignette, white balance, noise, a soft lens."""
    rng = stream(split, number, "sensor", sum(name.encode()))
    height, width = light.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = ((x - width / 2) ** 2 + (y - height / 2) ** 2) / (width ** 2 / 4)
    light *= (gain * (1 - rng.uniform(0.02, 0.16) * away))[..., None] * rng.normal(1, 0.03, 3).astype(np.float32)
    read, shot = rng.uniform(0.6, 2.0), rng.uniform(0.05, 0.16)
    light += rng.standard_normal(light.shape, dtype=np.float32) * np.sqrt(read ** 2 + shot * np.clip(light, 0, 255))
    soft = cv2.GaussianBlur(light, (0, 0), float(rng.uniform(0.35, 0.6)))
    return np.asarray(np.clip(soft, 0, 255), np.uint8)


def _bent(clean: Picture, camera: Camera) -> Picture:
    width, height = camera.size_px
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    k = camera.matrix3()
    bent = np.column_stack([x.ravel(), y.ravel()])[:, None]
    straight = cv2.undistortPoints(bent, k, np.array(camera.distortion), P=k)
    grid = np.asarray(straight, np.float32).reshape(height, width, 2) + MARGIN_PX
    return np.asarray(cv2.remap(clean, grid[..., 0], grid[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE),
                      np.uint8)


def packed(frame: Picture) -> bytes:
    """The frame as a JPEG."""
    return cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
