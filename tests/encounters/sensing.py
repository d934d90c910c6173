"""A simulated detector before the real tracker: what a camera 3 to 5 m high sees of an encounter, and wrongly.

Foot points with noise that grows with distance, a truck's place with a lasting error, misses, bursts of them, faint
scores, wrong classes, ghosts, headings in half of the encounters; trucks and racks hide whoever stands behind them.
"""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from random import Random

import numpy as np

from tests.encounters.paths import STEP, TIMES, Actor, Bools, Floats
from tests.encounters.scene import Encounter, Ghost, Rack
from vision.guard.records import PEOPLE, TRUCKS, Frame, Kind
from vision.guard.tracks import Sighting, Tracker, foot_covariance

START = 1_767_225_600.0
FOCAL_PX = 900.0
#: Metres: a rack's and a truck's height, and the height of a person that has to be seen.
RACK_HIGH, TRUCK_HIGH, SEEN_AT = 2.4, 2.0, 1.3


@dataclass(frozen=True)
class Sensing:
    """What the camera and the simulated detector do; shares of frames, pixels, metres, radians.

    haunts: how many times as long as written in an encounter its ghosts stay.
    """
    fps: int = 10
    noise_px: float = 4.0
    miss: float = 0.15
    burst: float = 0.008
    faint: float = 0.15
    wrong: float = 0.03
    ghost: float = 0.004
    truck_error_m: float = 0.2
    heading_error: float = 0.12
    heading_bias: float = 0.04
    headings: float = 0.5
    haunts: float = 1.0


@dataclass(frozen=True)
class Camera:
    """Where the camera stands, metres."""
    x: float
    y: float
    high: float

    def foot(self, x: float, y: float, noise_px: float) -> tuple[float, float, float]:
        """Covariance of a foot point (xx, xy, yy), m²."""
        return foot_covariance(hypot(x - self.x, y - self.y), float(np.arctan2(y - self.y, x - self.x)), self.high,
                               FOCAL_PX, noise_px)

    def hidden(self, actor: Actor, rack: Rack, high: float) -> Bools:
        """Whether the rack stands before the actor's middle, at every step (slab test along the line of sight)."""
        return self._behind(actor, rack.x, rack.y, np.full(len(actor.x), rack.heading), (rack.length, rack.width), high)

    def hidden_by(self, actor: Actor, truck: Actor) -> Bools:
        """Whether the truck stands before the actor, at every step; its forks hide nobody."""
        back = -0.2 * truck.size[0]
        x, y = truck.x + back * np.cos(truck.heading), truck.y + back * np.sin(truck.heading)
        return self._behind(actor, x, y, truck.heading, (0.6 * truck.size[0], truck.size[1]), TRUCK_HIGH)

    def _behind(self, actor: Actor, x: Floats | float, y: Floats | float, heading: Floats, size: tuple[float, float],
                high: float) -> Bools:
        c, s = np.cos(heading), np.sin(heading)
        enter, leave = np.zeros(len(actor.x)), np.ones(len(actor.x))
        for half, (ex, ey) in zip((size[0] / 2, size[1] / 2), ((c, s), (-s, c)), strict=True):
            begin = (self.x - x) * ex + (self.y - y) * ey
            way = (actor.x - self.x) * ex + (actor.y - self.y) * ey
            way = np.where(np.abs(way) < 1e-9, 1e-9, way)
            one, other = (-half - begin) / way, (half - begin) / way
            enter, leave = np.maximum(enter, np.minimum(one, other)), np.minimum(leave, np.maximum(one, other))
        return np.asarray((enter < leave) & (self.high + (SEEN_AT - self.high) * leave < high))


@dataclass
class Sensor:
    """Sees one actor badly."""
    actor: Actor
    rng: Random
    sensing: Sensing
    camera: Camera
    headings: bool
    blocked: Bools
    burst: int = 0

    def __post_init__(self) -> None:
        error = self.sensing.truck_error_m if self.actor.kind in TRUCKS else 0.0
        self.error = self.rng.gauss(0, error), self.rng.gauss(0, error)
        self.turned = self.rng.gauss(0, self.sensing.heading_bias)

    def look(self, n: int) -> Sighting | None:
        """The actor at step n, or nothing."""
        self.burst -= 1
        if self.blocked[n] or self.burst > 0:
            return None
        if self.rng.random() < self.sensing.burst:
            self.burst = self.rng.randint(3, 8)
        if self.rng.random() < self.sensing.miss:
            return None
        return self._sighting(n)

    def _sighting(self, n: int) -> Sighting:
        x, y = float(self.actor.x[n]), float(self.actor.y[n])
        xx, xy, yy = self.camera.foot(x, y, self.sensing.noise_px)
        one, other = self.rng.gauss(0, 1), self.rng.gauss(0, 1)
        root = xx ** 0.5
        dx, dy = root * one, xy / root * one + max(0.0, yy - xy * xy / xx) ** 0.5 * other
        score = self.rng.uniform(0.15, 0.5) if self.rng.random() < self.sensing.faint else self.rng.uniform(0.5, 1.0)
        heading = float(self.actor.heading[n]) + self.turned + self.rng.gauss(0, self.sensing.heading_error)
        return Sighting(self._class(), score, x + dx + self.error[0], y + dy + self.error[1], (xx, xy, yy),
                        heading if self.headings and self.actor.kind in TRUCKS else None)

    def _class(self) -> Kind:
        if self.rng.random() >= self.sensing.wrong:
            return self.actor.kind
        return self.rng.choice(sorted(TRUCKS if self.actor.kind in TRUCKS else PEOPLE))


def camera_of(rng: Random) -> Camera:
    """A camera in a corner of the floor, its middle 9 to 12 m off."""
    away, bearing = rng.uniform(9.0, 12.0), rng.uniform(-pi, pi)
    return Camera(away * cos(bearing), away * sin(bearing), rng.uniform(3.0, 5.0))


def blocked(actor: Actor, trucks: Sequence[Actor], racks: Sequence[Rack], camera: Camera) -> Bools:
    """Whether an actor is hidden at every step: by others, or because the encounter says so."""
    hidden = np.zeros(len(actor.x), bool)
    for since, until in actor.hidden:
        hidden |= (since <= TIMES) & (until > TIMES)
    if actor.kind in PEOPLE and not actor.belongs:
        for truck in trucks:
            hidden |= camera.hidden_by(actor, truck)
    for rack in racks:
        hidden |= camera.hidden(actor, rack, RACK_HIGH)
    return np.asarray(hidden)


def tracked(scene: Encounter, seed: int, sensing: Sensing) -> Iterator[Frame]:
    """The track log of an encounter, as the real tracker makes it of what was seen."""
    yield from logged([scene.truck], scene.people, scene, Random(f"sensing {seed}"), sensing)


def logged(trucks: Sequence[Actor], people: Sequence[Actor], scene: Encounter, rng: Random, sensing: Sensing
           ) -> Iterator[Frame]:
    """The track log of trucks and people among the racks and ghosts of a scene."""
    tracker, camera, headings = Tracker(), camera_of(rng), rng.random() < sensing.headings
    actors, racks = [*trucks, *people], scene.racks
    sensors = [Sensor(actor, rng, sensing, camera, headings, blocked(actor, trucks, racks, camera)) for actor in actors]
    every = round(1 / (STEP * sensing.fps))
    for n in range(0, len(actors[0].x), every):
        for actor in actors:
            if actor.switched is not None and 0 <= n * STEP - actor.switched < every * STEP - 1e-9:
                _lose(tracker, actor, n)
        sightings = [one for one in (sensor.look(n) for sensor in sensors) if one is not None]
        sightings += [_ghost(ghost, rng) for ghost in scene.ghosts
                      if 0 <= n * STEP - ghost.since < sensing.haunts * (ghost.until - ghost.since)
                      and rng.random() < 0.7]
        if rng.random() < sensing.ghost:
            sightings.append(_ghost(Ghost(rng.uniform(-5, 5), rng.uniform(-5, 5), 0, 0), rng))
        yield tracker.step(START + n * STEP, sightings)


def _ghost(ghost: Ghost, rng: Random) -> Sighting:
    return Sighting(Kind.PERSON, rng.uniform(0.3, 0.7), ghost.x + rng.gauss(0, 0.1), ghost.y + rng.gauss(0, 0.1),
                    (0.02, 0.0, 0.02))


def _lose(tracker: Tracker, actor: Actor, n: int) -> None:
    """Make the tracker forget the actor's track, so that a new id begins."""
    near = sorted(tracker.tracks, key=lambda track: hypot(float(track.state[0]) - float(actor.x[n]),
                                                         float(track.state[1]) - float(actor.y[n])))
    if near:
        tracker.tracks.remove(near[0])
