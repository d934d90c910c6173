"""What stands or lies on the floor, whatever id the tracker gives it and however it is nudged about; pure."""
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, sin

from vision.guard.footprint import Polygon, overlaps
from vision.guard.motion import Motion
from vision.guard.records import PEOPLE, TRUCKS, Id, Kind
from vision.guard.thresholds import Presence, outline
from vision.guard.zones import Zone

#: Seconds between two places that are kept of where something was.
STEP_S = 0.5


@dataclass
class Standing:
    """A thing, or somebody who lies; `number` names it for as long as it is there, `id` is its last one.

    since: since when it has not moved on. share: of the last sights of a person, until told, those that looked lying.
    heading: where a truck's forks point, None while nothing tells it.
    """
    number: int
    id: Id
    kind: Kind
    x: float
    y: float
    since: float
    last: float
    heading: float | None = None
    owners: set[Id] = field(default_factory=set)
    tended: float = 0.0
    share: float = 1.0
    told: float = 0.0
    _way: deque[tuple[float, float, float]] = field(default_factory=deque)

    @property
    def lasted(self) -> float:
        """Seconds for which it was seen to stay, to the last sight of it."""
        return self.last - self.since

    def away(self, x: float, y: float) -> float:
        """Metres from where it was last."""
        return hypot(x - self.x, y - self.y)

    def follow(self, thing: Motion, t: float, limits: Presence) -> None:
        """Seen again at t; it begins anew while it moves on faster than what lies or stands does."""
        self.id, self.last, self.x, self.y = thing.id, t, thing.x, thing.y
        self.heading = thing.heading if thing.aimed else None
        if not self._way or t - self._way[-1][0] >= STEP_S - 1e-6:
            self._way.append((t, self.x, self.y))
        while t - self._way[0][0] > limits.down_s + 1e-6:
            self._way.popleft()
        if self._moved(limits):
            self.since = t

    def _moved(self, limits: Presence) -> bool:
        """Whether the later half of its way lies off the earlier one by more than errors, and too soon after it."""
        half = len(self._way) // 2
        if half < 2:
            return False
        way = list(self._way)
        (t, x, y), (then, before_x, before_y) = (
            [sum(each) / len(part) for each in zip(*part, strict=True)] for part in (way[half:], way[:half]))
        off = hypot(x - before_x, y - before_y)
        fast = limits.down_mps if self.lasted < limits.down_s else limits.gone_mps
        return off > limits.still_m and off > fast * (t - then)

    def within(self, zone: Zone) -> bool:
        """Whether any of its footprint is in the zone; of a truck whose heading nothing tells, its middle."""
        length, width = outline(self.kind)
        if self.kind not in TRUCKS or self.heading is None:
            return zone.reach((self.x, self.y)) <= width / 2
        return overlaps(zone.polygon_m, self._corners(length / 2, width / 2, self.heading))

    def _corners(self, along: float, across: float, heading: float) -> Polygon:
        c, s = cos(heading), sin(heading)
        return tuple((self.x + a * along * c - b * across * s, self.y + a * along * s + b * across * c)
                     for a, b in ((1, 1), (-1, 1), (-1, -1), (1, -1)))


@dataclass
class Places:
    """Everything that stands or lies: found again by its id, or by class and place."""
    limits: Presence
    standing: list[Standing] = field(default_factory=list)
    _count: int = 0

    def observe(self, seen: Sequence[Motion], riding: set[Id], t: float) -> None:
        """Take in what was seen at t; what has gone is forgotten, and who rides does not lie."""
        people = [motion for motion in seen if motion.kind in PEOPLE]
        for person in people:
            self._doubt(person, t)
        lying = {person.id for person in people if person.low} - riding
        things = [motion for motion in seen if motion.kind not in PEOPLE or motion.id in lying]
        named = {one.id for one in self.standing}
        for thing in sorted(things, key=lambda thing: thing.id not in named):
            self._place(thing, Kind.PERSON_DOWN if thing.low else thing.kind, t)
        self.standing = [one for one in self.standing if t - one.last <= self.limits.unseen_s]
        for one in self.standing:
            self._tend(one, people, t)

    def inherit(self, heir: Id, former: Id) -> None:
        """One id goes on as another."""
        for one in self.standing:
            one.id = heir if one.id == former else one.id
            one.owners = {heir if owner == former else owner for owner in one.owners}

    def _place(self, thing: Motion, kind: Kind, t: float) -> None:
        place = self._of(thing, kind, t)
        if place is None:
            self._count += 1
            place = Standing(self._count, thing.id, kind, thing.x, thing.y, t, t, tended=t, told=t)
            self.standing.append(place)
        elif place.last == t:
            return
        place.follow(thing, t, self.limits)

    def _of(self, thing: Motion, kind: Kind, t: float) -> Standing | None:
        """Which of those that were there it is, by its id or else the nearest that nobody has been in this frame.

        Two who lie nearly on one spot are one whom the tracker follows twice.
        """
        mine = [one for one in self.standing if one.kind is kind]
        away = {one.number: one.away(thing.x, thing.y) for one in mine}
        if own := [one for one in mine if one.id == thing.id and away[one.number] <= self.limits.stride_m]:
            return own[0]
        reach = self.limits.body_m if kind is Kind.PERSON_DOWN else self.limits.still_m
        near = [one for one in mine if away[one.number] <= (
            reach if one.last < t else self.limits.still_m if kind is Kind.PERSON_DOWN else 0.0)]
        return min(near, key=lambda one: away[one.number], default=None)

    def _doubt(self, person: Motion, t: float) -> None:
        """Who looks upright too often does not lie there: a detector that errs now and then is no fall."""
        place = self._of(person, Kind.PERSON_DOWN, t)
        if place is None or (place.id != person.id and not person.low):
            return
        part = min(1.0, (t - place.told) / self.limits.lying_s)
        place.share += part * (float(person.low) - place.share)
        place.told = t
        if place.share < self.limits.lying:
            self.standing.remove(place)

    def _tend(self, one: Standing, people: Iterable[Motion], t: float) -> None:
        """Whoever was close when it came owns it, and so does who appears beside it, out of nowhere, when none of
        them is seen: an owner whom the tracker lost."""
        lost = one.owners.isdisjoint(person.id for person in people)
        for person in people:
            away = one.away(person.x, person.y)
            fresh = t - one.since <= self.limits.known_s and away <= self.limits.owner_m
            if fresh or (one.owners and lost and person.first == t and away <= self.limits.tended_m):
                one.owners.add(person.id)
            if person.id in one.owners and away <= self.limits.tended_m:
                one.tended = t
