"""A z-buffered rasteriser of flat faces that keeps which body each pixel shows."""
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.scene.dock.eye import Eye
from vision.scene.dock.solids import Floats, Mesh

NEAR_M = 0.3
SHIFT = 4


@dataclass(frozen=True, eq=False)
class Light:
    """Unit vector towards the main lamp, and the share of light that comes from everywhere."""
    towards: Floats
    ambient: float


@dataclass(eq=False)
class Canvas:
    """Straight picture: colours BGR, nearness 1/m, body numbers (-1 for the room), its focal length in pixels."""
    colours: npt.NDArray[np.uint8]
    near: npt.NDArray[np.float32]
    bodies: npt.NDArray[np.int16]
    focal: float

    def faces(self, mesh: Mesh, eye: Eye, light: Light, gain: float) -> "Faces":
        """The mesh's faces that turn towards the eye, shaded, as polygons in this canvas."""
        seen = eye.into(mesh.corners)
        normals = np.cross(seen[:, 2] - seen[:, 0], seen[:, 3] - seen[:, 1])
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        depth = (normals * seen.mean(axis=1)).sum(axis=1)
        kept = np.flatnonzero((depth < -1e-4) & (seen[..., 2] > NEAR_M).all(axis=1))
        seen, normals, depth = seen[kept], normals[kept], depth[kept]
        rows, columns = self.near.shape
        middle = np.array([columns, rows]) / 2
        spots = seen[..., :2] / seen[..., 2:] * self.focal + middle
        lit = np.clip(normals @ (eye.rotation @ light.towards), 0, 1)
        shade = gain * (light.ambient + (1 - light.ambient) * lit)
        slope = normals[:, :2] / (self.focal * depth[:, None])
        offset = normals[:, 2] / depth - slope @ (middle - 0.5)
        return Faces(spots, np.clip(mesh.colours[kept] * shade[:, None], 0, 255).astype(np.uint8), slope, offset)

    def draw(self, faces: "Faces", body: int, whole: npt.NDArray[np.uint8] | None = None) -> None:
        """Paint faces where nothing nearer is; whole (rows, columns) is set to 1 wherever they would be alone."""
        rows, columns = self.near.shape
        low = np.clip(np.floor(faces.spots.min(axis=1)), 0, None).astype(int)
        high = np.minimum(np.ceil(faces.spots.max(axis=1)) + 1, (columns, rows)).astype(int)
        for n in np.flatnonzero((high > low).all(axis=1)):
            self._face(faces, int(n), low[n], high[n], body, whole)

    def _face(self, faces: "Faces", n: int, low: npt.NDArray[np.int_], high: npt.NDArray[np.int_], body: int,
              whole: npt.NDArray[np.uint8] | None) -> None:
        (x0, y0), (x1, y1) = low, high
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillConvexPoly(mask, ((faces.spots[n] - low - 0.5) * 2 ** SHIFT).astype(np.int32), (1,), shift=SHIFT)
        slope = faces.slope[n]
        near = (np.arange(x0, x1) * slope[0] + faces.offset[n] + (np.arange(y0, y1) * slope[1])[:, None])
        there = mask.view(bool)
        if whole is not None:
            whole[y0:y1, x0:x1][there] = 1
        there = there & (near > self.near[y0:y1, x0:x1])
        self.near[y0:y1, x0:x1][there] = near[there]
        self.colours[y0:y1, x0:x1][there] = faces.colours[n]
        self.bodies[y0:y1, x0:x1][there] = body


@dataclass(frozen=True, eq=False)
class Faces:
    """Polygons (F, 4, 2) in canvas pixels, colours, and nearness as slope (F, 2) times pixel plus offset (F,)."""
    spots: Floats
    colours: npt.NDArray[np.uint8]
    slope: Floats
    offset: Floats


def blank(size: tuple[int, int], focal: float) -> Canvas:
    """An empty canvas of that size."""
    return Canvas(np.zeros((size[1], size[0], 3), np.uint8), np.zeros((size[1], size[0]), np.float32),
                  np.full((size[1], size[0]), -1, np.int16), focal)
