"""What stands on the floor: a mesh with its class, footprint and the spots whose place is asked of the net."""
from dataclasses import dataclass, replace

from vision.guard.records import Kind
from vision.scene.dock.solids import Mesh


@dataclass(frozen=True, eq=False)
class Body:
    """A mesh about the middle of its footprint, facing +x; kind None is clutter.

    footprint: length with forks and width, m. nose: how far ahead of the middle the fork tips lie, m.
    ignored: told as neither right nor wrong, such as a parcel among others in a cage.
    """
    kind: Kind | None
    mesh: Mesh
    footprint: tuple[float, float]
    nose: float | None = None
    ignored: bool = False

    def at(self, x: float, y: float, yaw: float, z: float = 0.0) -> "Placed":
        """Standing there."""
        return Placed(replace(self, mesh=self.mesh.placed(x, y, yaw, z)), x, y, yaw)


@dataclass(frozen=True, eq=False)
class Placed:
    """A body whose mesh lies in the room; x, y the middle of its footprint, m."""
    body: Body
    x: float
    y: float
    yaw: float
