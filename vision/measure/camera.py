"""Pinhole camera in table coordinates; millimetres and pixels, numpy only."""
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pinhole:
    """A camera without distortion: x_cam = rotation @ X + translation, pixel centres at whole numbers."""
    matrix: Floats
    rotation: Floats
    translation: Floats
    size_px: tuple[int, int]

    def in_camera(self, points: Floats) -> Floats:
        """Table points (N, 3) mm as camera points (N, 3) mm, z forward."""
        return np.asarray(points @ self.rotation.T + self.translation)

    def project(self, points: Floats) -> Floats:
        """Table points (N, 3) mm as pixels (N, 2)."""
        seen = self.in_camera(points)
        plane = seen[:, :2] / np.maximum(seen[:, 2:], 1.0)
        return np.column_stack([plane[:, 0] * self.matrix[0, 0] + self.matrix[0, 2],
                                plane[:, 1] * self.matrix[1, 1] + self.matrix[1, 2]])

    def centre(self) -> Floats:
        """Optical centre in table mm."""
        return np.asarray(-self.rotation.T @ self.translation)

    def plane_homography(self, height_mm: float = 0.0) -> Floats:
        """3x3 from (x, y, 1) mm on the plane z = height_mm to homogeneous pixels."""
        third = self.rotation[:, 2] * height_mm + self.translation
        return np.asarray(self.matrix @ np.column_stack([self.rotation[:, 0], self.rotation[:, 1], third]))

    def back_project(self, pixels: Floats, height_mm: float) -> Floats:
        """Pixels (N, 2) as points (N, 2) mm on the plane z = height_mm."""
        inverse = np.linalg.inv(self.plane_homography(height_mm))
        flat = np.column_stack([pixels, np.ones(len(pixels))]) @ inverse.T
        return np.asarray(flat[:, :2] / flat[:, 2:])


def camera_matrix(fx: float, fy: float, cx: float, cy: float) -> Floats:
    """3x3 intrinsic matrix, pixels."""
    return np.array([[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])


def turned(turn_rad: tuple[float, float, float]) -> Floats:
    """3x3 rotation about the vector turn_rad by its length in radians (Rodrigues)."""
    angle = float(np.linalg.norm(turn_rad))
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = np.array(turn_rad) / angle
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew)


def look_at(eye: Floats, target: Floats, roll_rad: float = 0.0) -> tuple[Floats, Floats]:
    """Rotation and translation of a camera at eye that looks at target with its x axis level, then rolled."""
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(forward, np.array([0.0, 0.0, 1.0]))
    right /= np.linalg.norm(right)
    level = np.vstack([right, np.cross(forward, right), forward])
    c, s = np.cos(roll_rad), np.sin(roll_rad)
    rotation = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]) @ level
    return rotation, -rotation @ eye


def canonical_view(camera: Pinhole, zone_mm: tuple[float, float], tall_mm: float, size_px: tuple[int, int]) -> Pinhole:
    """The same eye turned level at the zone, its focal length chosen so that zone x tall_mm fills the picture."""
    rotation, translation = look_at(camera.centre(), np.array([0.0, 0.0, tall_mm * 0.3]))
    half = np.array([zone_mm[0] / 2, zone_mm[1] / 2, 1.0])
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (0.0, tall_mm)]) * half
    seen = Pinhole(np.eye(3), rotation, translation, size_px).project(corners)
    low, high = seen.min(axis=0), seen.max(axis=0)
    focal = float(0.94 * min((np.array(size_px) - 1) / (high - low)))
    middle = (np.array(size_px) - 1) / 2 - focal * (low + high) / 2
    matrix = camera_matrix(focal, focal, float(middle[0]), float(middle[1]))
    return Pinhole(matrix, rotation, translation, size_px)
