"""Solids of four-cornered flat faces; metres, x forward, y left, z up; colours BGR 0-255."""
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Colour = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Mesh:
    """Faces (F, 4, 3), counter-clockwise seen from outside, and their colours (F, 3)."""
    corners: Floats
    colours: Floats

    def placed(self, x: float, y: float, yaw: float, z: float = 0.0) -> "Mesh":
        """Turned counter-clockwise about the upright axis, then moved."""
        return Mesh(self.corners @ about_z(yaw).T + (x, y, z), self.colours)

    def turned(self, rotation: Floats) -> "Mesh":
        """Turned about the origin."""
        return Mesh(self.corners @ rotation.T, self.colours)

    def low(self) -> float:
        """Height of the lowest corner."""
        return float(self.corners[..., 2].min())


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """All faces of several meshes."""
    return Mesh(np.concatenate([mesh.corners for mesh in meshes]), np.concatenate([mesh.colours for mesh in meshes]))


def about_z(angle: float) -> Floats:
    """Rotation (3, 3) about the upright axis."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def about_y(angle: float) -> Floats:
    """Rotation (3, 3) about the left axis; positive leans forward."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def about_x(angle: float) -> Floats:
    """Rotation (3, 3) about the forward axis."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


CUBE = np.array([[-1, -1, -1], [1, -1, -1], [1, 1, -1], [-1, 1, -1], [-1, -1, 1], [1, -1, 1], [1, 1, 1], [-1, 1, 1]],
                float) / 2
SIDES = np.array([[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]])


def box(low: Sequence[float], high: Sequence[float], colour: Colour) -> Mesh:
    """An upright cuboid between two opposite corners."""
    start, end = np.array(low, float), np.array(high, float)
    corners = (CUBE * (end - start) + (start + end) / 2)[SIDES]
    return Mesh(corners, np.tile(np.array(colour), (6, 1)))


def bar(start: Sequence[float] | Floats, end: Sequence[float] | Floats, radius: float, colour: Colour, sides: int = 4
        ) -> Mesh:
    """A straight rod."""
    return spindle([start, end], [radius, radius], colour, sides)


def spindle(points: Sequence[Sequence[float] | Floats], radii: Sequence[float | tuple[float, float]], colour: Colour,
            sides: int = 6) -> Mesh:
    """Rings along a line of points, closed at both ends; a radius may be (towards forward or up, sideways)."""
    spine = np.array(points, float)
    along = spine[-1] - spine[0]
    along = along / max(float(np.linalg.norm(along)), 1e-9)
    helper = np.array([0.0, 1, 0]) if abs(along[1]) < 0.8 else np.array([0.0, 0, 1])
    front = np.cross(helper, along)
    front /= np.linalg.norm(front)
    side = np.cross(along, front)
    turn = (np.arange(sides) + 0.5) * 2 * np.pi / sides
    rings = np.array([p + np.outer(np.cos(turn), front) * _two(r)[0] + np.outer(np.sin(turn), side) * _two(r)[1]
                      for p, r in zip(spine, radii, strict=True)])
    after = np.roll(rings, -1, axis=1)
    walls = np.stack([rings[:-1], after[:-1], after[1:], rings[1:]], axis=2).reshape(-1, 4, 3)
    corners = np.concatenate([walls, _cap(rings[-1]), _cap(rings[0][::-1])])
    return Mesh(corners, np.tile(np.array(colour), (len(corners), 1)))


def _two(radius: float | tuple[float, float]) -> tuple[float, float]:
    return radius if isinstance(radius, tuple) else (radius, radius)


def _cap(ring: Floats) -> Floats:
    return np.array([[ring[0], ring[n], ring[n + 1], ring[min(n + 2, len(ring) - 1)]]
                     for n in range(1, len(ring) - 1, 2)])


def wheel(x: float, y: float, radius: float, width: float, colour: Colour = (32, 32, 34)) -> Mesh:
    """A wheel standing on the floor, its axle to the left."""
    return spindle([[x, y - width / 2, radius], [x, y + width / 2, radius]], [radius, radius], colour, 8)
