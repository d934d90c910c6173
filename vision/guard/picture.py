"""Statistics of one camera frame for the health rules: light, sharpness, edges and structure against a reference."""
from dataclasses import dataclass, field
from hashlib import blake2b

import cv2
import numpy as np
import numpy.typing as npt

from vision.guard.health import Look

Grey = npt.NDArray[np.uint8]
Mean = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

SMALL, COARSE = (320, 180), (32, 18)
TILES = (6, 8)
#: Edge pixels within this many pixels of where the reference has them still count; 1 px at 320 is 4 px at 1280.
SLACK = 1
#: Share of the newest frame in the running mean, in which a seventh of the noise is left (of its variance).
NEWEST = 0.25
#: A tile has texture when the variance of its Laplacian over the square of the level is above this (own).
TEXTURE = 2e-4


@dataclass(frozen=True, eq=False)
class Reference:
    """What the camera saw when it was commissioned."""
    edges: npt.NDArray[np.bool_]
    tiles: Floats
    coarse: Floats
    contrast: float


@dataclass
class Still:
    """The last frames of a camera as their running mean, and how much of their noise is left in it.

    A lens spoils a picture before the sensor adds its noise: with it a blurred picture looks as sharp as its noise is.
    """
    mean: Mean = field(default_factory=lambda: np.zeros(SMALL[::-1], np.float32))
    _grain: float = 0.0
    _last: Mean | None = None
    _change: Mean | None = None

    def take(self, grey: Grey) -> None:
        """The next frame."""
        now, last = grey.astype(np.float32), self._last
        self._last = now
        if last is None:
            self.mean = now
            return
        self._change = now - last
        self.mean = self.mean + NEWEST * (now - self.mean)

    def grain(self) -> float:
        """How rough the noise that is left in the mean makes it, by what changed in the calmest tiles."""
        if self._change is not None:
            noise = float(np.quantile(_rough(self._change), 0.25)) / 2 * NEWEST / (2 - NEWEST)
            self._grain += NEWEST * (noise - self._grain)
        return self._grain


def small_grey(picture: npt.NDArray[np.uint8]) -> Grey:
    """A BGR or grey picture as 320 x 180 grey."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
    return np.asarray(cv2.resize(grey, SMALL, interpolation=cv2.INTER_AREA), np.uint8)


def reference(picture: npt.NDArray[np.uint8]) -> Reference:
    """The reference of a good picture of the empty place."""
    return reference_of(small_grey(picture))


def reference_of(grey: Grey | Mean, grain: float = 0.0) -> Reference:
    """The same of a small grey picture, whose noise adds so much to its roughness."""
    return Reference(_edges(grey), _sharpness(grey, grain), _coarse(grey), _contrast(grey))


def textured(against: Reference) -> float:
    """Share of the tiles that have something to see; in a picture without any no fault can be told."""
    return float((against.tiles > TEXTURE).mean())


def digest_of(picture: npt.NDArray[np.uint8]) -> bytes:
    """Tells one picture from another by every eighth row: no two of a living camera agree in all of them."""
    return blake2b(picture[::8].tobytes(), digest_size=16).digest()


def look(picture: npt.NDArray[np.uint8], t: float, taken_s: float, against: Reference) -> Look:
    """The statistics of one picture that arrived at t (monotonic s) and was taken at taken_s by the camera's clock."""
    return look_at(small_grey(picture), digest_of(picture), t, taken_s, against)


def look_at(grey: Grey | Mean, digest: bytes, t: float, taken_s: float, against: Reference, grain: float = 0.0) -> Look:
    """The same of a small grey picture and its digest."""
    textured = against.tiles > TEXTURE
    kept = _sharpness(grey, grain)[textured] / against.tiles[textured] if textured.any() else np.ones(1)
    return Look(t, taken_s, digest, level=float(grey.mean()), sharpness=float(np.quantile(kept, 0.75)),
                held=_held(grey, against), flat=float((kept < 0.3).mean()),
                likeness=float(np.clip((_coarse(grey) * against.coarse).mean(), -1, 1)),
                contrast=_contrast(grey) / max(against.contrast, 1e-9))


def _tiles(values: npt.NDArray[np.generic]) -> Floats:
    """Rows of tiles (48, pixels)."""
    height, width = SMALL[1] // TILES[0], SMALL[0] // TILES[1]
    blocks = np.asarray(values, float).reshape(TILES[0], height, TILES[1], width)
    return blocks.transpose(0, 2, 1, 3).reshape(TILES[0] * TILES[1], -1)


def _rough(grey: Grey | Mean) -> Floats:
    """Variance of the Laplacian of each tile."""
    return np.asarray(_tiles(np.asarray(cv2.Laplacian(cv2.GaussianBlur(grey, (5, 5), 1.2), cv2.CV_32F))).var(axis=1))


def _sharpness(grey: Grey | Mean, grain: float) -> Floats:
    """Roughness of each tile without its noise, over the square of its light, which dimming leaves as it is.

    No more than half is put down to noise: a camera that shakes changes like that too.
    """
    rough = _rough(grey)
    return np.asarray(np.maximum(rough - grain, rough / 2) / (_tiles(grey).mean(axis=1) ** 2 + 25))


def _edges(grey: Grey | Mean) -> npt.NDArray[np.bool_]:
    """Edges at thresholds that follow the light."""
    grey = np.asarray(np.rint(grey), np.uint8)
    light = max(6.0, float(np.median(grey)))
    return np.asarray(cv2.Canny(cv2.GaussianBlur(grey, (3, 3), 0), 0.35 * light, 0.9 * light) > 0)


def _held(grey: Grey | Mean, against: Reference) -> float:
    """Upper quartile over the tiles of the share of reference edges still there: a crowd hides some tiles, not all."""
    kernel = np.ones((2 * SLACK + 1, 2 * SLACK + 1), np.uint8)
    now = np.asarray(cv2.dilate(_edges(grey).astype(np.uint8), kernel) > 0)
    there, kept = _tiles(against.edges).sum(axis=1), _tiles(against.edges & now).sum(axis=1)
    counted = there >= 20
    return float(np.quantile(kept[counted] / there[counted], 0.75)) if counted.any() else 1.0


def _coarse(grey: Grey | Mean) -> Floats:
    """The coarse picture with mean 0 and deviation 1."""
    coarse = np.asarray(cv2.resize(grey, COARSE, interpolation=cv2.INTER_AREA), float)
    return np.asarray((coarse - coarse.mean()) / max(float(coarse.std()), 1.0))


def _contrast(grey: Grey | Mean) -> float:
    """Deviation of the coarse picture, where noise has averaged out, over its light."""
    coarse = np.asarray(cv2.resize(grey, COARSE, interpolation=cv2.INTER_AREA), float)
    return float(coarse.std() / (coarse.mean() + 5))
