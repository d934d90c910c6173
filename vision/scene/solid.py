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
