"""A ceiling camera: where it hangs, its lens, and where floor and faces fall in its picture; metres and pixels."""
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Eye:
    """Centre (3,), rotation (3, 3) room → camera (right, down, forward), focal px, radial distortion k1, size px."""
    centre: Floats
    rotation: Floats
    focal: float
    k1: float
    size_px: tuple[int, int]

    def into(self, points: Floats) -> Floats:
        """Room points (..., 3) in the camera's own frame."""
        return np.asarray((points - self.centre) @ self.rotation.T)

    def pixel(self, point: Floats) -> tuple[float, float] | None:
        """Where a room point falls, lens included; None behind the camera."""
        x, y, z = self.into(point)
        if z < 0.1:
            return None
        flat = np.array([x, y]) / z
        bent = flat * (1 + self.k1 * float(flat @ flat)) * self.focal + np.array(self.size_px) / 2
        return float(bent[0]), float(bent[1])

    def floor(self, pixel: tuple[float, float]) -> tuple[float, float] | None:
        """The floor point (x, y) m seen at a pixel; None at or above the horizon."""
        flat = self.straight(np.array([[pixel]], float))[0, 0]
        ray = self.rotation.T @ np.array([flat[0], flat[1], 1.0])
        if ray[2] > -1e-3:
            return None
        return (float(self.centre[0] - ray[0] * self.centre[2] / ray[2]),
                float(self.centre[1] - ray[1] * self.centre[2] / ray[2]))

    def inside(self, points: Floats) -> float:
        """Share of the outline of room points (..., 3) that lies in the picture (convex hulls); 0 behind the camera."""
        seen = self.into(points.reshape(-1, 3))
        flat = np.clip(seen[seen[:, 2] > 0.1, :2] / seen[seen[:, 2] > 0.1, 2:], -20, 20)
        if not len(flat):
            return 0.0
        x, y = (np.linspace(0, side, 9) for side in self.size_px)
        edge = np.concatenate([[(at, end) for at in x for end in (0, self.size_px[1])],
                               [(end, at) for at in y for end in (0, self.size_px[0])]])
        whole, frame = (cv2.convexHull(part.astype(np.float32)) for part in (flat, self.straight(edge)))
        return float(cv2.intersectConvexConvex(whole, frame)[0]) / max(float(cv2.contourArea(whole)), 1e-9)

    def straight(self, pixels: Floats) -> Floats:
        """Pixels (..., 2) as undistorted directions x/z, y/z."""
        bent = (pixels - np.array(self.size_px) / 2) / self.focal
        flat = bent.copy()
        for _ in range(12):
            flat = bent / np.maximum(1 + self.k1 * (flat ** 2).sum(axis=-1, keepdims=True), 0.2)
        return flat


def looking(centre: Floats, yaw: float, pitch: float, roll: float, focal: float, k1: float, size_px: tuple[int, int]
            ) -> Eye:
    """A camera that looks along yaw (0 is +x, counter-clockwise), pitch down, rolled about its own axis; radians."""
    ahead = np.array([np.cos(yaw) * np.cos(pitch), np.sin(yaw) * np.cos(pitch), -np.sin(pitch)])
    right = np.array([np.sin(yaw), -np.cos(yaw), 0.0])
    down = np.cross(ahead, right)
    c, s = np.cos(roll), np.sin(roll)
    return Eye(centre, np.array([c * right + s * down, c * down - s * right, ahead]), focal, k1, size_px)


def straight_canvas(eye: Eye) -> tuple[tuple[int, int], float, npt.NDArray[np.float32]]:
    """Size and focal of an undistorted canvas that covers the picture, and the map (rows, columns, 2) into it."""
    width, height = eye.size_px
    x, y = np.linspace(0.5, width - 0.5, 27), np.linspace(0.5, height - 0.5, 17)
    flat = eye.straight(np.stack(np.meshgrid(x, y), axis=-1))
    far = np.abs(flat).max(axis=(0, 1))
    focal = float(min(width / 2 / far[0], height / 2 / far[1]))
    focal = min(eye.focal, max(focal, eye.focal * 0.7))
    size = (int(np.ceil(2 * far[0] * focal)), int(np.ceil(2 * far[1] * focal)))
    coarse = (flat * focal + np.array(size) / 2 - 0.5).astype(np.float32)
    return size, focal, _spread(coarse, (width, height))


def _spread(coarse: npt.NDArray[np.float32], size: tuple[int, int]) -> npt.NDArray[np.float32]:
    """A grid whose outer points are the outer pixel centres, as a value for each pixel."""
    rows, columns = coarse.shape[:2]
    x = np.linspace(0, columns - 1, size[0], dtype=np.float32)
    y = np.linspace(0, rows - 1, size[1], dtype=np.float32)
    return np.asarray(cv2.remap(coarse, np.tile(x, (size[1], 1)), np.tile(y[:, None], (1, size[0])), cv2.INTER_LINEAR),
                      np.float32)
