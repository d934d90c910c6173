"""A photograph of things that stand in a room, with its truth: what is where in the picture and on the floor.

    stage = Stage(any_room(rng, seed), looking(...))
    shot = stage.photograph([forklift(0, rng).at(x, y, heading), ...], Sensor())
"""
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from vision.guard.records import Kind
from vision.scene.dock.body import Placed
from vision.scene.dock.eye import Eye, straight_canvas
from vision.scene.dock.raster import blank
from vision.scene.dock.room import Room, floor_paint, lay_floor, lit_floor, shadows, walls
from vision.scene.dock.sensor import Paint, Sensor, bent, exposed
from vision.scene.dock.solids import Mesh

LEAST_PX, LEAST_SHARE = 40, 0.3
"""What shows fewer pixels, or a smaller share of itself (the rest hidden or beyond the picture's edge), is neither
right nor wrong."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Truth:
    """One object: box round its visible pixels, foot and nose in pixels, place and heading in the room (m, rad)."""
    kind: Kind
    box: Box
    foot: tuple[float, float]
    nose: tuple[float, float] | None
    floor_m: tuple[float, float]
    heading_rad: float
    ignored: bool


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture BGR, all that is in it, the eye that saw it, and which thing each pixel shows (-1 the room)."""
    picture: npt.NDArray[np.uint8]
    truths: tuple[Truth, ...]
    eye: Eye
    bodies: npt.NDArray[np.int16]


@dataclass(eq=False)
class Stage:
    """A room and a fixed eye; what does not change from frame to frame is kept."""
    room: Room
    eye: Eye

    @cached_property
    def _lens(self) -> tuple[tuple[int, int], float, Paint]:
        return straight_canvas(self.eye)

    @cached_property
    def _paint(self) -> Paint:
        return floor_paint(self.room)

    @cached_property
    def _walls(self) -> Mesh:
        return walls(self.room)

    def photograph(self, things: Sequence[Placed], sensor: Sensor, frame: int = 0) -> Shot:
        """Draw the things in the room and tell where each is seen."""
        size, focal, to = self._lens
        canvas = blank(size, focal)
        shade = shadows(self.room, [thing.body.mesh for thing in things])
        lay_floor(canvas, self.room, self.eye, lit_floor(self.room, self._paint, shade))
        canvas.draw(canvas.faces(self._walls, self.eye, self.room.light, 0.9), -1)
        wholes = [np.zeros(canvas.near.shape, np.uint8) if thing.body.kind else None for thing in things]
        for n, (thing, whole) in enumerate(zip(things, wholes, strict=True)):
            gain = float(self.room.gain(np.array(thing.x), np.array(thing.y)))
            canvas.draw(canvas.faces(thing.body.mesh, self.eye, self.room.light, gain), n, whole)
        shown = np.bincount(canvas.bodies.ravel() + 1, minlength=len(things) + 1)[1:]
        colours, near, bodies = bent(canvas, to)
        told = [truth(thing, bodies == n, float(shown[n]) / max(1, int(np.count_nonzero(whole))), self.eye)
                for n, (thing, whole) in enumerate(zip(things, wholes, strict=True)) if whole is not None]
        picture = exposed(colours, near, sensor, frame)
        return Shot(picture, tuple(one for one in told if one is not None), self.eye, bodies)


def truth(thing: Placed, shown: npt.NDArray[np.bool_], share: float, eye: Eye) -> Truth | None:
    """What the picture shows of one thing, share of it unhidden; None when nothing."""
    count = int(np.count_nonzero(shown))
    if not count or thing.body.kind is None:
        return None
    columns, rows = np.flatnonzero(shown.any(axis=0)), np.flatnonzero(shown.any(axis=1))
    box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
    ahead, centre = np.array([np.cos(thing.yaw), np.sin(thing.yaw), 0.0]), np.array([thing.x, thing.y, 0.0])
    foot = eye.pixel(centre)
    nose = None if thing.body.nose is None else eye.pixel(centre + ahead * thing.body.nose)
    share *= eye.inside(thing.body.mesh.corners)
    faint = count < LEAST_PX or share < LEAST_SHARE or foot is None
    return Truth(thing.body.kind, box, foot or (np.nan, np.nan), nose, (thing.x, thing.y), thing.yaw,
                 faint or thing.body.ignored)
