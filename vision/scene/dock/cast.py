"""Actors for a moving scene: the same number is the same person or machine in every frame."""
import numpy as np

from vision.guard.records import Kind
from vision.scene.dock import people, vehicles
from vision.scene.dock.body import Body, Placed
from vision.scene.dock.solids import Mesh

STRIDE_M = 1.4
"""Way of one full gait cycle."""


def actor(kind: Kind, number: int, at: tuple[float, float, float], walked_m: float = 0.0, driven: bool = True
          ) -> list[Placed]:
    """That person or machine at (x, y, heading), a driver in the seat of a driven forklift; legs follow walked_m."""
    rng, (x, y, heading) = np.random.default_rng([263, number, list(Kind).index(kind)]), at
    match kind:
        case Kind.PERSON:
            return [Body(kind, walking(number, walked_m), (0.5, 0.5)).at(x, y, heading)]
        case Kind.PERSON_DOWN:
            who = people.build(number % 20, rng)
            mesh = people.lying(who, people.LYING[number % len(people.LYING)], rng)
            return [Body(kind, mesh, (1.7, 0.6)).at(x, y, heading)]
        case Kind.FORKLIFT:
            return _forklift(number % len(vehicles.FRAMES), rng, at, driven)
        case Kind.PALLET_TRUCK:
            return [vehicles.pallet_truck(number % 6, rng).at(x, y, heading)]
        case Kind.ROLL_CAGE:
            return [body.at(x, y, heading) for body in vehicles.roll_cage(number % 7, rng)]
        case Kind.PARCEL:
            return [vehicles.parcel(rng).at(x, y, heading)]


def walking(number: int, walked_m: float) -> Mesh:
    """Person number at that point of the gait."""
    who = people.build(number % 20, np.random.default_rng([269, number]))
    swing = 0.5 * float(np.sin(2 * np.pi * walked_m / STRIDE_M))
    how = people.Pose(0.06, (swing, -swing), (max(0.1, -swing), max(0.1, swing)), (-swing, swing), (0.4, 0.4))
    return people.upright(who, how)


def _forklift(frame: int, rng: np.random.Generator, at: tuple[float, float, float], driven: bool) -> list[Placed]:
    x, y, heading = at
    truck = [vehicles.forklift(frame, rng).at(x, y, heading)]
    if not driven:
        return truck
    behind, height = vehicles.seat_of(frame)
    how = people.pose("stand" if vehicles.FRAMES[frame].stand else "sit", rng)
    driver = Body(Kind.PERSON, people.sitting(people.build(frame, rng), how, height), (0.5, 0.5))
    return [*truck, driver.at(x + behind * np.cos(heading), y + behind * np.sin(heading), heading)]
