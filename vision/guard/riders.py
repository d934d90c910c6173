"""Who belongs to a truck: its driver (foot point inside, moving with it) or the operator beside a pallet truck.

A person whose whole known life lies inside the outline of a truck is taken for its driver at once: nobody appears
under a truck, but drivers drive into the picture. A person who enters the outline with a speed of their own is not.
"""
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot

from vision.guard.footprint import Pose, outline_distance
from vision.guard.motion import Motion
from vision.guard.records import Id, Kind
from vision.guard.thresholds import Riding, outline

Pair = tuple[Id, Id]


@dataclass
class _Tie:
    """What ties a person to a truck: since when it holds, since when it does not, whether it counts, whether they are
    just getting on or off a truck that stands, and whether one sits in it."""
    since: float | None = None
    broken: float | None = None
    rides: bool = False
    mounting: bool = False
    seated: bool = False
    always: bool = True


@dataclass
class Riders:
    """Ties of every (truck, person) seen together; answers who is not endangered by which truck."""
    limits: Riding = field(default_factory=Riding)
    _ties: dict[Pair, _Tie] = field(default_factory=dict)

    def observe(self, truck: Motion, person: Motion, t: float) -> None:
        """Take in one frame in which both were seen."""
        tie = self._ties.setdefault((truck.id, person.id), _Tie())
        gap = foot_distance(truck, person)
        near, far, after = self._reach(truck.kind)
        together = self._together(truck, person, tie, t)
        tie.mounting = gap <= near and truck.speed < self.limits.still_mps and truck.kind is not Kind.PALLET_TRUCK
        if gap <= near and together:
            tie.since, tie.broken = t if tie.since is None else tie.since, None
            tie.rides = tie.rides or t - tie.since >= after - 1e-9
            tie.seated = truck.kind is Kind.FORKLIFT
            return
        tie.since = None
        tie.always = tie.always and gap <= near
        if gap > far or (gap > max(near, 0.0) and not together):
            tie.broken = t if tie.broken is None else tie.broken
            tie.rides = tie.rides and t - tie.broken < self.limits.leave_s

    def _reach(self, kind: Kind) -> tuple[float, float, float]:
        if kind is Kind.PALLET_TRUCK:
            return self.limits.beside_m, self.limits.beside_m + self.limits.leave_m, self.limits.beside_after_s
        return self.limits.inside_m, self.limits.leave_m, self.limits.after_s

    def _together(self, truck: Motion, person: Motion, tie: _Tie, t: float) -> bool:
        """A filter just begun knows no velocity, so the first moments are not held against anybody."""
        young = t - max(person.first, truck.first) <= self.limits.young_s and tie.always
        return young or hypot(truck.vx - person.vx, truck.vy - person.vy) <= self.limits.apart_mps

    def belongs(self, truck: Id, person: Id) -> bool:
        """Whether the person drives or leads that truck, gets on or off it, or has only ever been seen inside it."""
        tie = self._ties.get((truck, person))
        return tie is not None and (tie.rides or tie.mounting or (tie.always and tie.since is not None))

    def spares(self, truck: Motion, person: Motion) -> bool:
        """Whether that truck is no danger to the person, who is its own, is carried by it, or sits in another truck.

        Whoever is inside the outline has been warned of on the way there, or is a driver whom the tracker lost.
        """
        return self.belongs(truck.id, person.id) or self._carried(truck, person) or any(
            tie.rides and tie.seated for (_, other), tie in self._ties.items() if other == person.id)

    def _carried(self, truck: Motion, person: Motion) -> bool:
        gap, apart = foot_distance(truck, person), hypot(truck.vx - person.vx, truck.vy - person.vy)
        return gap <= self.limits.within_m or (gap <= self.limits.inside_m and apart <= self.limits.carried_mps)

    def rides(self, person: Id) -> bool:
        """Whether the person drives or leads any truck."""
        return any(self.belongs(truck, other) for truck, other in self._ties if other == person)

    def inherit(self, heir: Id, former: Id) -> None:
        """One id goes on as another."""
        self._ties = {(heir if truck == former else truck, heir if person == former else person): tie
                      for (truck, person), tie in self._ties.items()}

    def forget(self, known: Iterable[Id]) -> None:
        """Drop the ties of everything but the ids still known."""
        kept = set(known)
        self._ties = {pair: tie for pair, tie in self._ties.items() if kept.issuperset(pair)}


def foot_distance(truck: Motion, person: Motion) -> float:
    """Metres from the person's foot point to the truck's outline, negative inside."""
    length, width = outline(truck.kind)
    return outline_distance(Pose(truck.x, truck.y, truck.heading), length, width, (person.x, person.y))
