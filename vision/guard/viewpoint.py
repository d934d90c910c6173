"""A fixed camera's view of the floor: least-squares homography pixel → metres, with covariance; no zones here."""
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Metres; what tape and mouse add to each floor point when four points leave no residual to see (own assumption).
LEAST_RESIDUAL_M = 0.03
#: Metres; a point further off than this is a slip of the pen, not of the tape (own assumption).
WORST_RESIDUAL_M = 0.5
#: Eighth singular value of the normalised equations over the first; below it the points fix no homography.
RANK = 2e-3


@dataclass(frozen=True)
class Viewpoint:
    """Homography (3, 3) of one camera; residual_m is the root mean square error of the floor points per axis."""
    name: str
    source: str
    size_px: tuple[int, int]
    homography: tuple[tuple[float, ...], ...]
    residual_m: float

    def locate(self, pixel: tuple[float, float], covariance_px: Floats) -> tuple[Floats, Floats]:
        """Floor point (2,) metres and its covariance (2, 2); ValueError when the pixel lies above the horizon."""
        h = np.array(self.homography)
        u, v, w = h @ (pixel[0], pixel[1], 1.0)
        if w <= 1e-9:
            raise ValueError("The pixel lies on or above the horizon, where no floor is.")
        point = np.array([u / w, v / w])
        slope = (h[:2, :2] - np.outer(point, h[2, :2])) / w
        return point, slope @ covariance_px @ slope.T + np.eye(2) * self.residual_m ** 2

    def pixel(self, metre: tuple[float, float]) -> tuple[float, float] | None:
        """Where a floor point stands in the picture, pixels; None behind the camera."""
        inverse = np.linalg.inv(np.array(self.homography))
        u, v, w = inverse @ (metre[0], metre[1], 1.0)
        return None if w <= 1e-9 else (float(u / w), float(v / w))

    def sees(self, metre: tuple[float, float]) -> bool:
        """Whether a floor point lies in the picture; what stands in front of it is not known here."""
        at = self.pixel(metre)
        return at is not None and 0 <= at[0] < self.size_px[0] and 0 <= at[1] < self.size_px[1]


def homography(pixels: Sequence[tuple[float, float]], metres: Sequence[tuple[float, float]]) -> tuple[Floats, float]:
    """Least-squares homography (3, 3) and residual (m, per axis); ValueError when the points do not fix one.

    Normalised direct linear transform (Hartley 1997), then Gauss-Newton on the error in metres.
    """
    source, target = np.array(pixels, float), np.array(metres, float)
    before, after = _normaliser(source), _normaliser(target)
    flat = _direct(_apply(before, source), _apply(after, target))
    h = np.linalg.inv(after) @ flat @ before
    weights = np.column_stack([source, np.ones(len(source))]) @ h[2]
    if np.min(weights * np.sign(weights[0])) <= 1e-9 * np.max(np.abs(weights)):
        raise ValueError("they lie on both sides of the horizon, so pixels and metres do not belong together")
    h = _refine(h / (h[2] @ (*source.mean(axis=0), 1.0)), source, target)
    errors = np.linalg.norm(_apply(h, source) - target, axis=1)
    if errors.max() > WORST_RESIDUAL_M:
        raise ValueError(f"point {int(errors.argmax())} is off by {errors.max():.2f} m, so measure it again")
    freedom = 2 * len(source) - 8
    return h, max(LEAST_RESIDUAL_M, float(np.sqrt((errors ** 2).sum() / freedom)) if freedom else 0.0)


def _normaliser(points: Floats) -> Floats:
    centre = points.mean(axis=0)
    spread = np.linalg.svd(points - centre, compute_uv=False)
    if spread[1] < 0.01 * spread[0] or spread[0] == 0:
        raise ValueError("they lie on one line")
    scale = np.sqrt(2) / np.linalg.norm(points - centre, axis=1).mean()
    return np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]])


def _apply(h: Floats, points: Floats) -> Floats:
    lifted = np.column_stack([points, np.ones(len(points))]) @ h.T
    return np.asarray(lifted[:, :2] / lifted[:, 2:])


def _direct(source: Floats, target: Floats) -> Floats:
    rows = []
    for (u, v), (x, y) in zip(source, target, strict=True):
        rows.append([u, v, 1, 0, 0, 0, -x * u, -x * v, -x])
        rows.append([0, 0, 0, u, v, 1, -y * u, -y * v, -y])
    _, strength, vectors = np.linalg.svd(np.array(rows))
    flat = vectors[-1].reshape(3, 3)
    if strength[7] < RANK * strength[0] or abs(np.linalg.det(flat)) < 1e-5:
        raise ValueError("all but one of them lie on one line, or two of them are the same")
    return np.asarray(flat)


def _refine(h: Floats, source: Floats, target: Floats) -> Floats:
    lifted = np.column_stack([source, np.ones(len(source))])
    for _ in range(10):
        w = lifted @ h[2]
        at = lifted @ h[:2].T / w[:, None]
        zero = np.zeros_like(lifted)
        slope = lifted / w[:, None]
        rows = np.vstack([np.hstack([slope, zero, -at[:, :1] * slope]), np.hstack([zero, slope, -at[:, 1:] * slope])])
        step = np.linalg.lstsq(rows, (target - at).T.ravel(), rcond=1e-12)[0]
        h = h + step.reshape(3, 3)
    return np.asarray(h / (h[2] @ (*source.mean(axis=0), 1.0)))
