"""Rules that watch places: who is in a zone, what lies or stands where it must not, who drives too fast; pure."""
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from math import hypot

from vision.guard.motion import Motion
from vision.guard.records import PEOPLE, TRUCKS, Event, Id, Kind, Level
from vision.guard.thresholds import Presence, outline
from vision.guard.zones import Plane, Zone, ZoneKind

#: A subject and the event that would tell of it, at its level in this frame.
Finding = tuple[Hashable, Event]


@dataclass
class Standing:
    """A thing, or a lying person, that stays in one place, whatever id the tracker gives it.

    share: of the last sights of a person, until told, those that looked lying.
    """
    id: Id
    kind: Kind
    x: float
    y: float
    since: float
    last: float
    owners: set[Id] = field(default_factory=set)
    tended: float = 0.0
    share: float = 1.0
    told: float = 0.0

    @property
    def lasted(self) -> float:
        """Seconds from the first sight of it to the last."""
        return self.last - self.since

    def away(self, x: float, y: float) -> float:
        """Metres from its place."""
        return hypot(x - self.x, y - self.y)


@dataclass
class Places:
    """Everything that stands, told apart by class and place."""
    limits: Presence
    standing: list[Standing] = field(default_factory=list)

    def observe(self, seen: Sequence[Motion], riding: set[Id], t: float) -> None:
        """Take in what was seen at t; what has gone is forgotten, and who rides does not lie."""
        people = [motion for motion in seen if motion.kind in PEOPLE]
        for person in people:
            self._doubt(person, t)
        lying = {person.id for person in people if person.low} - riding
        for thing in (motion for motion in seen if motion.kind not in PEOPLE or motion.id in lying):
            self._place(thing, Kind.PERSON_DOWN if thing.low else thing.kind, t)
        self.standing = [one for one in self.standing if t - one.last <= self.limits.unseen_s]
        for one in self.standing:
            self._tend(one, people, t)

    def _place(self, thing: Motion, kind: Kind, t: float) -> None:
        place = self._nearest(thing, kind)
        if place is None:
            self.standing.append(Standing(thing.id, kind, thing.x, thing.y, t, t, tended=t, told=t))
        else:
            place.last, place.id = t, thing.id

    def _nearest(self, thing: Motion, kind: Kind) -> Standing | None:
        """What of that kind stands there already."""
        near = [one for one in self.standing if one.kind is kind and one.away(thing.x, thing.y) <= self.limits.still_m]
        return min(near, key=lambda one: one.away(thing.x, thing.y), default=None)

    def _doubt(self, person: Motion, t: float) -> None:
        """Who looks upright too often does not lie there: a detector that errs now and then is no fall."""
        place = self._nearest(person, Kind.PERSON_DOWN)
        if place is None or (place.id != person.id and not person.low):
            return
        part = min(1.0, (t - place.told) / self.limits.lying_s)
        place.share += part * (float(person.low) - place.share)
        place.told = t
        if place.share < self.limits.lying:
            self.standing.remove(place)

    def _tend(self, one: Standing, people: Iterable[Motion], t: float) -> None:
        for person in people:
            away = one.away(person.x, person.y)
            if t - one.since <= self.limits.known_s and away <= self.limits.owner_m:
                one.owners.add(person.id)
            if person.id in one.owners and away <= self.limits.tended_m:
                one.tended = t


@dataclass
class Watch:
    """Since when each condition holds; what was not seen keeps its clock until it is forgotten."""
    _since: dict[Hashable, float] = field(default_factory=dict)

    def held(self, subject: Hashable, condition: bool, t: float) -> float | None:
        """Seconds the condition has held, None when it does not hold."""
        if not condition:
            self._since.pop(subject, None)
            return None
        return t - self._since.setdefault(subject, t)

    def inherit(self, heir: Id, former: Id) -> None:
        """One id goes on as another."""
        self._since = {(one[0], heir, *one[2:]) if isinstance(one, tuple) and one[1] == former else one: t
                       for one, t in self._since.items()}

    def forget(self, gone: set[Id]) -> None:
        """Drop the clocks of ids that are no longer known; a subject is (rule, id, ...)."""
        self._since = {one: t for one, t in self._since.items() if not (isinstance(one, tuple) and one[1] in gone)}


@dataclass
class PresenceRules:
    """The rules over one floor; riding says of a person's id whether it belongs to a truck."""
    plane: Plane
    limits: Presence = field(default_factory=Presence)
    _watch: Watch = field(default_factory=Watch)
    _places: Places = field(init=False)

    def __post_init__(self) -> None:
        self._places = Places(self.limits)

    def findings(self, seen: Sequence[Motion], riding: set[Id], t: float, staff: bool = False) -> list[Finding]:
        """Everything found in one frame, each with its subject; staff who are present may enter restricted zones."""
        self._places.observe(seen, riding, t)
        moment = self.plane.local(t)
        zones = [zone for zone in self.plane.zones
                 if zone.guarded(moment) and not (staff and zone.kind is ZoneKind.RESTRICTED)]
        return [*self._intrusions(seen, riding, zones, t), *self._speeding(seen, t), *self._standing(zones, t)]

    def inherit(self, heir: Id, former: Id) -> None:
        """One id goes on as another."""
        self._watch.inherit(heir, former)

    def forget(self, gone: set[Id]) -> None:
        """Drop what is kept of ids that are no longer known."""
        self._watch.forget(gone)

    def _intrusions(self, seen: Sequence[Motion], riding: set[Id], zones: list[Zone], t: float) -> list[Finding]:
        found: list[Finding] = []
        people = [motion for motion in seen if motion.kind in PEOPLE]
        for zone in self.plane.of(ZoneKind.DANGER) + self.plane.of(ZoneKind.RESTRICTED):
            after = self.limits.danger_s if zone.kind is ZoneKind.DANGER else self.limits.intrusion_s
            for person in people:
                there = zone in zones and person.id not in riding and zone.holds((person.x, person.y))
                held = self._watch.held(("zone", person.id, zone.name), there, t)
                if held is not None and held >= after - 1e-6:
                    found.append((("zone", person.id, zone.name), Event(
                        t, "zone_intrusion", Level.WARNING, (person.id,), (person.kind.value,), zone=zone.name)))
        return found

    def _speeding(self, seen: Sequence[Motion], t: float) -> list[Finding]:
        limit = self.plane.speed_limit_mps
        trucks = [motion for motion in seen if motion.kind in TRUCKS] if limit is not None else []
        found: list[Finding] = []
        for truck in trucks:
            held = self._watch.held(("speed", truck.id), limit is not None and truck.speed > limit, t)
            if held is not None and held >= self.limits.speeding_s - 1e-6:
                found.append((("speed", truck.id), Event(
                    t, "speeding", Level.ADVISORY, (truck.id,), (truck.kind.value,))))
        return found

    def _standing(self, zones: list[Zone], t: float) -> list[Finding]:
        found: list[Finding] = []
        for one in self._places.standing:
            found += self._down(one, zones, t)
            found += self._blocked(one, zones, t)
            found += self._abandoned(one, zones, t)
        return found

    def _down(self, one: Standing, zones: list[Zone], t: float) -> list[Finding]:
        if one.kind is not Kind.PERSON_DOWN or one.lasted < self.limits.down_s - 1e-6:
            return []
        level = Level.CRITICAL if one.lasted >= self.limits.down_critical_s - 1e-6 else Level.WARNING
        zone = next((zone.name for zone in zones if zone.holds((one.x, one.y))), None)
        return [(("down", one.x, one.y), Event(t, "person_down", level, (one.id,), (one.kind.value,), zone=zone))]

    def _blocked(self, one: Standing, zones: list[Zone], t: float) -> list[Finding]:
        if one.kind is Kind.PERSON_DOWN or one.lasted < self.limits.exit_s - 1e-6:
            return []
        half = outline(one.kind)[1] / 2
        return [(("exit", zone.name), Event(
            t, "exit_blocked", Level.WARNING, (one.id,), (one.kind.value,), zone=zone.name))
            for zone in zones if zone.kind is ZoneKind.EXIT and zone.reach((one.x, one.y)) <= half]

    def _abandoned(self, one: Standing, zones: list[Zone], t: float) -> list[Finding]:
        if one.kind is not Kind.PARCEL or one.last - max(one.since, one.tended) < self.limits.abandoned_s - 1e-6:
            return []
        here = [zone for zone in zones if zone.holds((one.x, one.y))]
        if any(zone.kind is ZoneKind.DEPOSIT for zone in here):
            return []
        return [(("abandoned", one.x, one.y), Event(
            t, "object_abandoned", Level.ADVISORY, (one.id,), (one.kind.value,),
            zone=here[0].name if here else None))]

