"""Who belongs to a truck: its driver (foot point inside, moving with it) or the operator beside a pallet truck.

A person whose whole known life lies inside the outline of a truck is taken for its driver at once: nobody appears
under a truck, but drivers drive into the picture. A person who enters the outline with a speed of their own is not.
Whoever is only near a truck that stands is spared by that truck alone, and by nothing else: the places that they stand
in and all other trucks spare only those who have moved along with theirs. Who looks lying is nobody's driver.
"""
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot

from vision.guard.footprint import Pose, outline_distance
from vision.guard.motion import Motion
from vision.guard.records import Id, Kind
from vision.guard.thresholds import Riding, outline

Pair = tuple[Id, Id]
#: How far from the middle of a forklift's outline, forks included, its driver sits or stands at most, metres.
SEAT_M = 0.75


@dataclass
class _Tie:
    """What ties a person to a truck: since when and where it holds, since when it does not, since when they look lying,
    whether it counts, whether they are just getting on or off a truck that stands, and whether they have moved along
    with it."""
    since: float | None = None
    place: tuple[float, float] = (0.0, 0.0)
    broken: float | None = None
    low: float | None = None
    rides: bool = False
    mounting: bool = False
    moved: bool = False
    always: bool = True


@dataclass
class Riders:
    """Ties of every (truck, person) seen together; answers who is not endangered by which truck."""
    limits: Riding = field(default_factory=Riding)
    kinds: dict[Id, Kind] = field(default_factory=dict)
    _ties: dict[Pair, _Tie] = field(default_factory=dict)

    def observe(self, truck: Motion, person: Motion, t: float) -> None:
        """Take in one frame in which both were seen."""
        tie = self._ties.setdefault((truck.id, person.id), _Tie())
        self.kinds[truck.id] = truck.kind
        if person.low:
            self._lies(tie, truck, t)
            return
        tie.low = None
        gap = foot_distance(truck, person)
        near, far, after = self._reach(truck)
        together = self._together(truck, person, tie, t)
        tie.mounting = gap <= near and truck.speed < self.limits.still_mps and truck.kind is not Kind.PALLET_TRUCK
        if gap <= near and together:
            self._tied(tie, person, t, after)
            return
        tie.since = None
        tie.always = tie.always and gap <= max(near, self.limits.inside_m)
        if gap > far or (gap > max(near, 0.0) and not together):
            tie.broken = t if tie.broken is None else tie.broken
            tie.rides = tie.rides and t - tie.broken < self.limits.leave_s
            tie.moved = tie.moved and tie.rides

    def _lies(self, tie: _Tie, truck: Motion, t: float) -> None:
        """Who lies by a truck is not its driver, unless it drives: then they crouch in it, or look so."""
        tie.low = t if tie.low is None else tie.low
        tie.since, tie.mounting, tie.always = None, False, tie.always and tie.moved
        if t - tie.low >= self.limits.lies_s and truck.speed < self.limits.still_mps:
            tie.rides = tie.moved = tie.always = False

    def _tied(self, tie: _Tie, person: Motion, t: float, after: float) -> None:
        if tie.since is None:
            tie.since, tie.place = t, (person.x, person.y)
        tie.broken = None
        tie.rides = tie.rides or t - tie.since >= after - 1e-9
        tie.moved = tie.moved or (tie.rides and hypot(
            person.x - tie.place[0], person.y - tie.place[1]) > self.limits.moved_m)

    def _reach(self, truck: Motion) -> tuple[float, float, float]:
        limits = self.limits
        if truck.kind is Kind.PALLET_TRUCK:
            return limits.beside_m, limits.beside_m + limits.leave_m, limits.beside_after_s
        near = limits.inside_m if truck.speed >= limits.still_mps else limits.aboard_m
        return near, limits.leave_m, limits.after_s

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
            tie.moved for (of, other), tie in self._ties.items() if other == person.id and of != truck.id
            and self._seats(of))

    def _seats(self, truck: Id) -> bool:
        return self.kinds.get(truck) is Kind.FORKLIFT

    def _carried(self, truck: Motion, person: Motion) -> bool:
        """Inside a truck that drives, or close to it at its speed; in one that only creeps, not who stands there."""
        if person.low:
            return False
        gap, apart = foot_distance(truck, person), hypot(truck.vx - person.vx, truck.vy - person.vy)
        if truck.kind is Kind.FORKLIFT and truck.speed < self.limits.drives_mps:
            goes = truck.speed >= self.limits.still_mps and person.speed >= truck.speed / 2
            return goes and gap <= self.limits.within_m and apart <= self.limits.carried_mps
        return gap <= self.limits.within_m or (gap <= self.limits.inside_m and apart <= self.limits.carried_mps)

    def rides(self, person: Id) -> bool:
        """Whether the person has moved along with a truck, or has only ever been seen inside one."""
        return any(tie.moved or (tie.always and tie.since is not None)
                   for (_, other), tie in self._ties.items() if other == person)

    def inherit(self, heir: Id, former: Id) -> None:
        """One id goes on as another."""
        if former in self.kinds:
            self.kinds[heir] = self.kinds.pop(former)
        self._ties = {(heir if truck == former else truck, heir if person == former else person): tie
                      for (truck, person), tie in self._ties.items()}

    def forget(self, known: Iterable[Id]) -> None:
        """Drop the ties of everything but the ids still known."""
        kept = set(known)
        self._ties = {pair: tie for pair, tie in self._ties.items() if kept.issuperset(pair)}
        self.kinds = {id: kind for id, kind in self.kinds.items() if id in kept}


def foot_distance(truck: Motion, person: Motion) -> float:
    """Metres from the person's foot point to the truck's outline, negative inside.

    Of a truck whose heading nothing has told yet a disc counts that holds its seat however it stands; of a pallet truck
    the one around it, since its operator walks at its end.
    """
    length, width = outline(truck.kind)
    if not truck.aimed:
        half = length / 2 if truck.kind is Kind.PALLET_TRUCK else SEAT_M
        return hypot(person.x - truck.x, person.y - truck.y) - half
    return outline_distance(Pose(truck.x, truck.y, truck.heading), length, width, (person.x, person.y))
