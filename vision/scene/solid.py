"""The bodies of parcels as flat faces in table millimetres."""
from dataclasses import dataclass

import numpy as np

from vision.measure.camera import Floats


@dataclass(frozen=True, eq=False)
class Face:
    """A flat four-sided face: corners (4, 3) mm from its upper left, clockwise seen from outside."""
    corners: Floats
    name: str

    def normal(self) -> Floats:
        """Unit vector that points out of the body."""
        across = np.cross(self.corners[3] - self.corners[0], self.corners[1] - self.corners[0])
        return np.asarray(across / max(float(np.linalg.norm(across)), 1e-9))

    def size_mm(self) -> tuple[float, float]:
        """Width and height of the face in mm."""
        return (float(np.linalg.norm(self.corners[1] - self.corners[0])),
                float(np.linalg.norm(self.corners[3] - self.corners[0])))

    def faces(self, eye: Floats) -> bool:
        """Whether an eye at table mm sees the outer side."""
        return float(self.normal() @ (eye - self.corners.mean(axis=0))) > 0


def box_corners(length: float, width: float, height: float, x: float, y: float, yaw_deg: float) -> Floats:
    """Eight corners (8, 3) mm: base counter-clockwise from above, then the top in the same order."""
    half = np.array([[-length, -width], [length, -width], [length, width], [-length, width]]) / 2
    c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    flat = half @ np.array([[c, s], [-s, c]]) + np.array([x, y])
    return np.vstack([np.column_stack([flat, np.full(4, z)]) for z in (0.0, height)])


def box_faces(corners: Floats) -> list[Face]:
    """The top and the four sides of the box with those eight corners."""
    base, top = corners[:4], corners[4:]
    faces = [Face(top[[3, 2, 1, 0]], "top")]
    for n in range(4):
        after = (n + 1) % 4
        faces.append(Face(np.array([top[n], top[after], base[after], base[n]]), f"side{n}"))
    return faces


def _placed(local: Floats, x: float, y: float, yaw_deg: float) -> Floats:
    c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(local @ turn + np.array([x, y, 0.0]))


def _sheet(grid: Floats) -> list[Face]:
    """Faces of a grid (rows, columns, 3) of points whose outer side has columns to the right, rows downward."""
    return [Face(np.array([grid[r, c], grid[r, c + 1], grid[r + 1, c + 1], grid[r + 1, c]]), "skin")
            for r in range(grid.shape[0] - 1) for c in range(grid.shape[1] - 1)]


def tube_faces(length: float, width: float, height: float, x: float, y: float, yaw_deg: float) -> list[Face]:
    """A lying tube: axis along its length, width and height its two diameters."""
    angle = np.linspace(0, 2 * np.pi, 29)
    ring = np.column_stack([np.zeros(29), -np.cos(angle) * width / 2, height / 2 + np.sin(angle) * height / 2])
    ends = [ring + np.array([end * length / 2, 0, 0]) for end in (-1, 1)]
    grid = _placed(np.stack(ends, axis=1)[::-1].reshape(-1, 3), x, y, yaw_deg).reshape(29, 2, 3)
    return _sheet(grid) + _caps(grid)


def _caps(grid: Floats) -> list[Face]:
    caps = []
    for column, turn in ((0, 1), (1, -1)):
        middle = grid[:-1, column].mean(axis=0)
        for r in range(0, 28, 2):
            fan = np.array([middle, grid[r, column], grid[r + 1, column], grid[r + 2, column]])
            caps.append(Face(fan if turn < 0 else fan[::-1], "cap"))
    return caps


def polybag_faces(length: float, width: float, height: float, x: float, y: float, yaw_deg: float) -> list[Face]:
    """A filled bag: flat sealed rim, bulging to height_mm in the middle."""
    v, u = np.meshgrid(np.linspace(1, -1, 13), np.linspace(-1, 1, 17), indexing="ij")
    swell = np.clip((1 - np.abs(u) ** 2.6) * (1 - np.abs(v) ** 2.6), 0, 1) ** 0.6
    local = np.stack([u * length / 2, v * width / 2, 1.0 + swell * (height - 1.0)], axis=-1)
    return _sheet(_placed(local.reshape(-1, 3), x, y, yaw_deg).reshape(13, 17, 3))
