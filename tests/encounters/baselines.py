"""What others do, on the same track logs and with the same debouncing; and what could be done if all were known.

`distance`: a person within 3 m of a moving truck's outline. `padded`: within the truck's upright box grown by half its
size on every side, the way boxes are padded in pictures. `constant_velocity`: positions through a plain Kalman filter,
both go straight on, within danger in 2.5 s. `exact`: the true motion and size of everything at each frame, hidden or
not; within danger in so many seconds, by the extrapolation that the truth is judged with.
"""
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, sin, sqrt

from tests.encounters.paths import STEP
from tests.encounters.sensing import START
from tests.encounters.truth import Truth
from vision.guard.alarms import Alarm
from vision.guard.footprint import Pose, outline_distance
from vision.guard.records import PEOPLE, TRUCKS, Frame, Id, Kind, Level, Seen
from vision.guard.thresholds import PERSON_RADIUS, Thresholds, outline

Rule = Callable[["Plain", "Plain"], bool]


@dataclass
class Plain:
    """Constant-velocity Kalman filter of one id, the same along both axes; heading as told, else from the way."""
    kind: Kind
    x: float
    y: float
    t: float
    vx: float = 0.0
    vy: float = 0.0
    pp: float = 0.01
    pv: float = 0.0
    vv: float = 2.25
    heading: float = 0.0
    frames: int = 1

    def take(self, seen: Seen, t: float) -> None:
        """Advance to t and take in a measured place."""
        dt, q = t - self.t, 1.0 if self.kind in TRUCKS else 1.44
        self.x, self.y, self.t, self.frames = self.x + self.vx * dt, self.y + self.vy * dt, t, self.frames + 1
        self.pp += 2 * dt * self.pv + dt * dt * self.vv + q * dt ** 4 / 4
        self.pv += dt * self.vv + q * dt ** 3 / 2
        self.vv += q * dt * dt
        gain = self.pp + max(seen.sigma_m, 0.02) ** 2
        kp, kv, dx, dy = self.pp / gain, self.pv / gain, seen.x - self.x, seen.y - self.y
        self.x, self.y, self.vx, self.vy = self.x + kp * dx, self.y + kp * dy, self.vx + kv * dx, self.vy + kv * dy
        self.vv -= kv * self.pv
        self.pp, self.pv = self.pp * (1 - kp), self.pv * (1 - kp)
        if seen.heading_rad is not None:
            self.heading = seen.heading_rad
        elif self.speed > 0.4:
            self.heading = atan2(self.vy, self.vx)

    @property
    def speed(self) -> float:
        """m/s."""
        return hypot(self.vx, self.vy)

    @property
    def moves(self) -> bool:
        """Whether its speed is more than noise."""
        return self.speed > max(0.3, 2 * sqrt(self.vv))


def apart(truck: Plain, person: Plain, tau: float = 0.0) -> float:
    """Metres between the outlines when both go straight on for tau seconds."""
    pose = Pose(truck.x + truck.vx * tau, truck.y + truck.vy * tau, truck.heading)
    return outline_distance(pose, *outline(truck.kind), (person.x + person.vx * tau, person.y + person.vy * tau)
                            ) - PERSON_RADIUS


def distance(truck: Plain, person: Plain) -> bool:
    """Nearer than 3 m."""
    return apart(truck, person) < 3.0


def padded(truck: Plain, person: Plain) -> bool:
    """Within the box that is twice as long and wide."""
    length, width = outline(truck.kind)
    c, s = abs(cos(truck.heading)), abs(sin(truck.heading))
    return (abs(person.x - truck.x) < length * c + width * s + PERSON_RADIUS
            and abs(person.y - truck.y) < length * s + width * c + PERSON_RADIUS)


def constant_velocity(truck: Plain, person: Plain) -> bool:
    """Within danger in 2.5 s."""
    return any(apart(truck, person, 0.1 * n) < 0.5 for n in range(26))


RULES: dict[str, Rule] = {"distance < 3 m": distance, "padded boxes": padded, "CV TTC <= 2.5 s": constant_velocity}


def alarms(frames: Sequence[Frame]) -> dict[str, list[float]]:
    """When each baseline raises an alarm, seconds from the start; drivers are left out by a speed shared inside."""
    told: dict[str, list[float]] = {name: [] for name in RULES}
    states: dict[tuple[str, Id, Id], Alarm] = {}
    for t, truck_id, truck, person_id, person in pairs(frames):
        rides = apart(truck, person) <= 0 and hypot(truck.vx - person.vx, truck.vy - person.vy) < 0.9
        for name, rule in RULES.items():
            level = Level.WARNING if truck.moves and not rides and rule(truck, person) else Level.NONE
            alarm = states.setdefault((name, truck_id, person_id), Alarm(Thresholds()))
            if alarm.frame(level, t):
                alarm.tell(alarm.level, t)
                told[name].append(t - START)
    return told


def pairs(frames: Sequence[Frame]) -> Iterator[tuple[float, Id, Plain, Id, Plain]]:
    """Every truck with every person seen in the same frame, both known for three frames or more."""
    known: dict[Id, Plain] = {}
    for frame in frames:
        for seen in frame.objects:
            if seen.id in known:
                known[seen.id].take(seen, frame.t)
            else:
                known[seen.id] = Plain(seen.kind, seen.x, seen.y, frame.t)
        there = [(one.id, known[one.id]) for one in frame.objects if known[one.id].frames >= 3]
        for number, truck in there:
            if truck.kind in TRUCKS:
                yield from ((frame.t, number, truck, other, person) for other, person in there if person.kind in PEOPLE)


def exact(found: Truth, fps: int, within_s: float) -> list[float]:
    """When whoever knows everything raises alarms, seconds from the start; debounced like the rest."""
    every, alarm, told = round(1 / (STEP * fps)), Alarm(Thresholds()), []
    for n in range(0, len(found.times), every):
        near = found.times[n] <= within_s + 1e-9 or found.apart[n] < 0.5
        if alarm.frame(Level.WARNING if near else Level.NONE, n * STEP):
            alarm.tell(alarm.level, n * STEP)
            told.append(n * STEP)
    return told

