"""The rules of the guard, pure and deterministic: the same recorded tracks always give the same bytes.

A warning and evidence aid. Trucks are predicted with the turn they are in, so the rear end that swings out counts.
Blind spots: the rules know only what was tracked. Whoever is hidden behind a truck, a rack or a wall, or stands
outside the picture (`floor.Floor.unseen`), is unknown until seen and warned of only from then on; a driver's and a
walker's next decision, and loads wider than a truck, are unknown always.
"""
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import hypot

from vision.guard.alarms import Alarms
from vision.guard.collision import Foresight, Threat
from vision.guard.latch import Release
from vision.guard.motion import Motion, Motions
from vision.guard.presence import Finding, PresenceRules
from vision.guard.records import PEOPLE, TRUCKS, Event, Frame, Id, Level, frame_line, read_log
from vision.guard.riders import Riders
from vision.guard.thresholds import Thresholds
from vision.guard.zones import Plane


@dataclass(frozen=True)
class Menace:
    """One truck's threat to one person in one frame."""
    truck: Motion
    person: Motion
    threat: Threat
    level: Level

    @property
    def subject(self) -> Hashable:
        """Whom the alarm is about."""
        return "collision", self.truck.id, self.person.id


@dataclass
class Guard:
    """All rules over one floor; feed it frames in order of time. While staff are present, restricted zones are open."""
    plane: Plane
    limits: Thresholds = field(default_factory=Thresholds)
    motions: Motions = field(default_factory=Motions)
    riders: Riders = field(default_factory=Riders)
    staff_present: bool = False
    _presence: PresenceRules = field(init=False)
    _alarms: Alarms = field(init=False)
    _foresight: Foresight = field(init=False)
    _sirens: dict[Id, float] = field(default_factory=dict)
    _t: float | None = None

    def __post_init__(self) -> None:
        self._presence = PresenceRules(self.plane)
        self._alarms = Alarms(self.limits)
        self._foresight = Foresight(self.motions, self.limits)

    def step(self, frame: Frame) -> list[Event]:
        """Events newly to be told after this frame; ValueError when time does not advance."""
        if self._t is not None and frame.t <= self._t:
            raise ValueError("A frame of the guard is not later than the one before; feed frames in order of time.")
        self._t = frame.t
        seen = self._follow(frame)
        self._tie(seen, frame.t)
        menaces = self._menaces()
        known = list(self.motions.of.values())
        riding = {person.id for person in known if person.kind in PEOPLE and self.riders.rides(person.id)}
        findings = self._presence.findings(known, riding, frame.t, self.staff_present)
        told = [*self._collisions(menaces, frame.t), *self._found(findings, frame.t)]
        present = {menace.subject for menace in menaces} | {subject for subject, _ in findings}
        self._alarms.rest(present, frame.t)
        return told

    def standing(self) -> Level:
        """What a lamp shows now: the highest alarm standing, CRITICAL until acknowledged."""
        return self._alarms.standing()

    def acknowledge(self, release: Release) -> None:
        """Somebody has seen these critical alarms; those that still hold stay raised."""
        self._alarms.acknowledge(release)

    def _follow(self, frame: Frame) -> list[Motion]:
        """Everything advanced to this frame, the lost forgotten; those seen in it are returned."""
        gone = self.motions.follow(frame)
        for heir, former in self.motions.heirs.items():
            self.riders.inherit(heir, former)
            self._alarms.inherit(heir, former)
            self._presence.inherit(heir, former)
            if former in self._sirens:
                self._sirens[heir] = self._sirens.pop(former)
        if gone:
            self._sirens = {id: since for id, since in self._sirens.items() if id not in gone}
            self.riders.forget(self.motions.of)
            self._presence.forget(gone)
        return [self.motions.of[seen.id] for seen in frame.objects]

    def _tie(self, seen: list[Motion], t: float) -> None:
        for truck in (motion for motion in seen if motion.kind in TRUCKS):
            for person in (motion for motion in seen if motion.kind in PEOPLE):
                self.riders.observe(truck, person, t)

    def _menaces(self) -> list[Menace]:
        """Every pair of a truck and a person on foot it does not belong to, once both were seen twice."""
        known = [motion for motion in self.motions.of.values() if motion.frames >= 2]
        pairs = [(truck, person) for truck in known if truck.kind in TRUCKS
                 for person in known if person.kind in PEOPLE and not self.riders.spares(truck, person)]
        return [Menace(*pair, threat, threat.level(self.limits, self._calm(*pair)))
                for pair, threat in zip(pairs, self._foresight.threats(pairs), strict=True)]

    def _calm(self, truck: Motion, person: Motion) -> bool:
        """Whether a truck creeps up to somebody who stands."""
        return truck.speed < self.limits.calm_mps and person.still > self.limits.calm_still

    def _collisions(self, menaces: list[Menace], t: float) -> list[Event]:
        """News of each truck; people who stand together are told of in one event."""
        news = [menace for menace in menaces if self._alarms.of(menace.subject).frame(
            menace.level, t, self._known(menace), menace.threat.urgent(self.limits))]
        events: list[Event] = []
        while news:
            first = max(news, key=_urgency)
            group = [first, *(other for other in menaces if other is not first and self._together(first, other)
                              and (other in news or other.level >= Level.WARNING))]
            level = self._alarms.of(first.subject).level
            if self._sounds(first.truck.id, level, t):
                for menace in group:
                    if menace in news:
                        self._alarms.of(menace.subject).keep_back()
            elif not self._spoken(first, level, menaces, t):
                events.append(self._tell(group, level, t))
            news = [menace for menace in news if menace not in group]
        return events

    def _tell(self, group: list[Menace], level: Level, t: float) -> Event:
        if level >= Level.WARNING:
            self._sirens[group[0].truck.id] = t
        for menace in group:
            self._alarms.of(menace.subject).tell(level, t)
        return _collision(group, level, t, self.plane)

    def _sounds(self, truck: Id, level: Level, t: float) -> bool:
        """Whether the siren still sounds for that truck; what is critical waits for nothing."""
        return level is Level.WARNING and t - self._sirens.get(truck, -self.limits.siren_s) < self.limits.siren_s - 1e-6

    def _known(self, menace: Menace) -> bool:
        """Whether both have been seen long enough to be real."""
        limits = self.limits
        waits = limits.stray_s if menace.person.still > limits.stray_still else limits.young_s
        return all(one.frames >= limits.young_frames and one.last - one.first >= after - 1e-6
                   for one, after in ((menace.truck, limits.young_s), (menace.person, waits)))

    def _together(self, one: Menace, other: Menace) -> bool:
        return (one.truck is other.truck and hypot(
            one.person.x - other.person.x, one.person.y - other.person.y) <= self.limits.group_m)

    def _spoken(self, menace: Menace, level: Level, menaces: list[Menace], t: float) -> bool:
        """Whether a neighbour's event at this level has just told the same truck's driver."""
        return any(self._together(menace, other) and other.person is not menace.person
                   and self._alarms.of(other.subject).level >= level and self._alarms.of(other.subject).told(level, t)
                   for other in menaces)

    def _found(self, findings: list[Finding], t: float) -> list[Event]:
        events = []
        for subject, event in findings:
            alarm = self._alarms.of(subject)
            if alarm.frame(event.level, t):
                alarm.tell(alarm.level, t)
                events.append(replace(event, level=alarm.level))
        return events


def replay(lines: Iterable[str], plane: Plane) -> Iterator[str]:
    """Event lines of a recorded track log; RecordError when the log cannot be used."""
    guard = Guard(plane)
    for frame in read_log(lines):
        for event in guard.step(frame):
            yield event.line()


def record(frames: Iterable[Frame]) -> Iterator[str]:
    """Frames as the lines of a track log."""
    return map(frame_line, frames)


def _urgency(menace: Menace) -> tuple[int, float, float]:
    ttc = menace.threat.ttc_s
    return menace.level, -(1e3 if ttc is None else ttc), menace.threat.probability


def _collision(group: list[Menace], level: Level, t: float, plane: Plane) -> Event:
    worst = group[0]
    moving = (worst.truck, *(menace.person for menace in group))
    return Event(t, "collision", level, tuple(one.id for one in moving), tuple(one.kind.value for one in moving),
                 worst.threat.separation_m, worst.threat.ttc_s, worst.threat.probability,
                 _zone(plane, worst.person, worst.truck))


def _zone(plane: Plane, *moving: Motion) -> str | None:
    """The zone in which the first of these is that is in one, whether it is guarded now or not."""
    return next((zone.name for one in moving for zone in plane.zones if zone.holds((one.x, one.y))), None)
