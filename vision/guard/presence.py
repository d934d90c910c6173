"""Rules that watch places: who is in a zone, what lies or stands where it must not, who drives too fast; pure."""
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from vision.guard.motion import Motion
from vision.guard.places import Places, Standing
from vision.guard.records import PEOPLE, TRUCKS, Event, Id, Kind, Level
from vision.guard.thresholds import Presence
from vision.guard.zones import Plane, Zone, ZoneKind

#: A subject and the event that would tell of it, at its level in this frame.
Finding = tuple[Hashable, Event]


@dataclass
class Watch:
    """Since when each condition holds; what was not seen keeps its clock until it is forgotten."""
    _since: dict[Hashable, float] = field(default_factory=dict)

    def note(self, subject: Hashable, condition: bool, t: float) -> None:
        """What a sight of it at t tells."""
        if condition:
            self._since.setdefault(subject, t)
        else:
            self._since.pop(subject, None)

    def held(self, subject: Hashable, last: float, after: float) -> bool:
        """Whether it held for so many seconds, to the last sight of it."""
        since = self._since.get(subject)
        return since is not None and last - since >= after - 1e-6

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
    _blocked: set[str] = field(default_factory=set)
    _places: Places = field(init=False)

    def __post_init__(self) -> None:
        self._places = Places(self.limits)

    def findings(self, known: Sequence[Motion], riding: set[Id], t: float, staff: bool = False) -> list[Finding]:
        """Everything found in one frame, each with its subject; staff who are present may enter restricted zones.

        Who is known but was missed in this frame is taken to go on as before: a clock counts from sight to sight.
        """
        self._places.observe([motion for motion in known if motion.last == t], riding, t)
        moment = self.plane.local(t)
        zones = [zone for zone in self.plane.zones
                 if zone.guarded(moment) and not (staff and zone.kind is ZoneKind.RESTRICTED)]
        return [*self._intrusions(known, riding, zones, t), *self._speeding(known, t), *self._exits(zones, t),
                *self._standing(zones, t)]

    def inherit(self, heir: Id, former: Id) -> None:
        """One id goes on as another."""
        self._watch.inherit(heir, former)
        self._places.inherit(heir, former)

    def forget(self, gone: set[Id]) -> None:
        """Drop what is kept of ids that are no longer known."""
        self._watch.forget(gone)

    def _intrusions(self, known: Sequence[Motion], riding: set[Id], zones: list[Zone], t: float) -> list[Finding]:
        found: list[Finding] = []
        for zone in self.plane.of(ZoneKind.DANGER) + self.plane.of(ZoneKind.RESTRICTED):
            after = self.limits.danger_s if zone.kind is ZoneKind.DANGER else self.limits.intrusion_s
            for person in (motion for motion in known if motion.kind in PEOPLE):
                subject = "zone", person.id, zone.name
                there = zone in zones and person.id not in riding and zone.holds((person.x, person.y))
                if person.last == t:
                    self._watch.note(subject, there, t)
                if there and self._watch.held(subject, person.last, after):
                    found.append((subject, Event(
                        t, "zone_intrusion", Level.WARNING, (person.id,), (person.kind.value,), zone=zone.name)))
        return found

    def _speeding(self, known: Sequence[Motion], t: float) -> list[Finding]:
        limit, found = self.plane.speed_limit_mps, list[Finding]()
        for truck in (motion for motion in known if motion.kind in TRUCKS and limit is not None):
            subject = "speed", truck.id
            if truck.last == t:
                self._watch.note(subject, limit is not None and truck.speed > limit, t)
            if self._watch.held(subject, truck.last, self.limits.speeding_s):
                found.append((subject, Event(t, "speeding", Level.ADVISORY, (truck.id,), (truck.kind.value,))))
        return found

    def _exits(self, zones: list[Zone], t: float) -> list[Finding]:
        """Exits that have not been free for long, in which something stands now, or did since; a subject is no id."""
        found: list[Finding] = []
        for zone in self.plane.of(ZoneKind.EXIT):
            subject = "exit", None, zone.name
            there = [one for one in self._places.standing
                     if zone in zones and one.kind is not Kind.PERSON_DOWN and one.within(zone)]
            self._watch.note(subject, bool(there), t)
            last = max((one.last for one in there), default=t)
            stand = [one for one in there
                     if zone.name in self._blocked or one.lasted >= self.limits.still_s - 1e-6]
            if not there:
                self._blocked.discard(zone.name)
            elif stand and self._watch.held(subject, last, self.limits.exit_s):
                self._blocked.add(zone.name)
                thing = min(stand, key=lambda one: one.since)
                found.append((subject, Event(
                    t, "exit_blocked", Level.WARNING, (thing.id,), (thing.kind.value,), zone=zone.name)))
        return found

    def _standing(self, zones: list[Zone], t: float) -> list[Finding]:
        found: list[Finding] = []
        for one in self._places.standing:
            found += self._down(one, zones, t)
            found += self._abandoned(one, zones, t)
        return found

    def _down(self, one: Standing, zones: list[Zone], t: float) -> list[Finding]:
        if one.kind is not Kind.PERSON_DOWN or one.lasted < self.limits.down_s - 1e-6:
            return []
        level = Level.CRITICAL if one.lasted >= self.limits.down_critical_s - 1e-6 else Level.WARNING
        zone = next((zone.name for zone in zones if zone.holds((one.x, one.y))), None)
        return [(("down", (one.number,)), Event(t, "person_down", level, (one.id,), (one.kind.value,), zone=zone))]

    def _abandoned(self, one: Standing, zones: list[Zone], t: float) -> list[Finding]:
        if one.kind is not Kind.PARCEL or one.last - max(one.since, one.tended) < self.limits.abandoned_s - 1e-6:
            return []
        here = [zone for zone in zones if zone.holds((one.x, one.y))]
        if any(zone.kind is ZoneKind.DEPOSIT for zone in here):
            return []
        return [(("abandoned", (one.number,)), Event(
            t, "object_abandoned", Level.ADVISORY, (one.id,), (one.kind.value,),
            zone=here[0].name if here else None))]

