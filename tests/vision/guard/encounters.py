"""`python -m tests.vision.guard.encounters --count N`: lead time, misses and nuisance alarms over seeded encounters.

The real tracker and the real rules in the loop; only the detector is simulated: foot points with noise that grows with
distance, a truck's place with a lasting error, misses, bursts of occlusion, wrong classes, ghosts, headings in half of
the encounters, and latency. Scores as the truth says: danger = within 0.5 m of the moving truck's outline, safe = never
within 1.2 m of a moving one, the rest is not scored; foreseeable and unprovoked by exact extrapolation.
"""
import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from math import atan2, hypot
from multiprocessing import Pool
from random import Random
from statistics import median

import numpy as np

from tests.vision.guard.scenes import KINDS, LONG, STEP, STEPS, Actor, Encounter, Floats, encounter
from vision.guard.records import PEOPLE, TRUCKS, Frame, Kind, Level
from vision.guard.risk import Guard
from vision.guard.thresholds import PERSON_RADIUS, outline
from vision.guard.tracks import Sighting, Tracker, foot_covariance
from vision.guard.zones import Plane

FRAME_STEPS = 2
LATENCY = 0.2
DANGER, SAFE, LATE = 0.5, 1.2, 0.75
START = 1_767_225_600.0
CAMERA = (-7.0, -7.0, 4.0)
FOCAL_PX, NOISE_PX = 900.0, 4.0
MOVING = 0.1


@dataclass(frozen=True)
class Sensing:
    """What the simulated detector does wrong; shares of frames, metres, radians."""
    miss: float = 0.15
    burst: float = 0.008
    faint: float = 0.15
    wrong: float = 0.03
    ghost: float = 0.004
    truck_error_m: float = 0.2
    heading_error: float = 0.12


@dataclass(frozen=True)
class Score:
    """One encounter judged; danger_s is when the danger begins, warned_s when the first warning is out."""
    kind: str
    danger_s: float | None
    safe: bool
    foreseeable: bool
    unprovoked: bool
    warned_s: float | None
    alarms: int

    @property
    def lead(self) -> float | None:
        """Seconds from the warning to the danger; None when there was none before it."""
        if self.danger_s is None or self.warned_s is None or self.warned_s > self.danger_s:
            return None
        return self.danger_s - self.warned_s


@dataclass
class Sensor:
    """Sees one actor badly."""
    actor: Actor
    rng: Random
    sensing: Sensing
    headings: bool
    hidden: int = 0

    def __post_init__(self) -> None:
        error = self.sensing.truck_error_m if self.actor.kind in TRUCKS else 0.0
        self.error = self.rng.gauss(0, error), self.rng.gauss(0, error)

    def look(self, n: int) -> Sighting | None:
        """The actor at step n, or nothing."""
        if self.hidden > 0 or n * STEP < self.actor.hidden_until:
            self.hidden -= 1
            return None
        if self.rng.random() < self.sensing.burst:
            self.hidden = self.rng.randint(3, 8)
        if self.rng.random() < self.sensing.miss:
            return None
        return self._sighting(n)

    def _sighting(self, n: int) -> Sighting:
        x, y = float(self.actor.x[n]), float(self.actor.y[n])
        away, bearing = hypot(x - CAMERA[0], y - CAMERA[1]), atan2(y - CAMERA[1], x - CAMERA[0])
        xx, xy, yy = foot_covariance(away, bearing, CAMERA[2], FOCAL_PX, NOISE_PX)
        noise = np.linalg.cholesky(np.array([[xx, xy], [xy, yy]])) @ (self.rng.gauss(0, 1), self.rng.gauss(0, 1))
        score = self.rng.uniform(0.15, 0.5) if self.rng.random() < self.sensing.faint else self.rng.uniform(0.5, 1.0)
        truck = self.actor.kind in TRUCKS
        heading = float(self.actor.heading[n]) + self.rng.gauss(0, self.sensing.heading_error)
        return Sighting(self._class(), score, x + float(noise[0]) + self.error[0], y + float(noise[1]) + self.error[1],
                        (xx, xy, yy), heading if truck and self.headings else None)

    def _class(self) -> Kind:
        if self.rng.random() >= self.sensing.wrong:
            return self.actor.kind
        return self.rng.choice(sorted(TRUCKS if self.actor.kind in TRUCKS else PEOPLE))


def tracked(scene: Encounter, seed: int, sensing: Sensing) -> Iterable[Frame]:
    """The track log of an encounter, seen at 10 frames a second."""
    rng, tracker = Random(f"sensing {seed}"), Tracker()
    headings = rng.random() < 0.5
    sensors = [Sensor(actor, rng, sensing, headings) for actor in (scene.truck, *scene.people)]
    for n in range(0, STEPS, FRAME_STEPS):
        sightings = [one for one in (sensor.look(n) for sensor in sensors) if one is not None]
        if rng.random() < sensing.ghost:
            sightings.append(Sighting(Kind.PERSON, rng.uniform(0.3, 0.7), rng.uniform(-5, 5), rng.uniform(-5, 5),
                                      (0.02, 0.0, 0.02)))
        yield tracker.step(START + n * STEP, sightings)


def separations(truck: Actor, person: Actor) -> Floats:
    """True metres between the outlines at every step."""
    return gaps(truck.kind, person.x - truck.x, person.y - truck.y, truck.heading)


def gaps(kind: Kind, dx: Floats, dy: Floats, heading: Floats) -> Floats:
    """Metres from a person, relative to the truck's middle, to the outline; never below 0."""
    length, width = outline(kind)
    c, s = np.cos(heading), np.sin(heading)
    along = np.maximum(np.abs(c * dx + s * dy) - length / 2, 0)
    across = np.maximum(np.abs(c * dy - s * dx) - width / 2, 0)
    return np.asarray(np.maximum(np.hypot(along, across) - PERSON_RADIUS, 0))


def exact_times(truck: Actor, person: Actor) -> Floats:
    """Time to danger (s, inf = none in 3 s) by exact constant-velocity, constant-turn extrapolation from every step."""
    tau = np.arange(0, 3.0001, 0.1)[None, :]
    v, w, h = (column[:, None] for column in (truck.speed, truck.yaw, truck.heading))
    way = h + w * tau
    turning = np.abs(w) > 1e-4
    rate = np.where(turning, w, 1.0)
    x = truck.x[:, None] + np.where(turning, v / rate * (np.sin(way) - np.sin(h)), v * tau * np.cos(h))
    y = truck.y[:, None] + np.where(turning, v / rate * (np.cos(h) - np.cos(way)), v * tau * np.sin(h))
    px = person.x[:, None] + (person.speed * np.cos(person.heading))[:, None] * tau
    py = person.y[:, None] + (person.speed * np.sin(person.heading))[:, None] * tau
    near = (gaps(truck.kind, px - x, py - y, way) < DANGER) & (np.abs(v) > MOVING)
    first = np.argmax(near, axis=1)
    return np.where(near.any(axis=1), tau[0, first], np.inf)


def judge(scene: Encounter, seed: int, sensing: Sensing) -> Score:
    """Run one encounter through tracker and rules and score it."""
    others = [person for person in scene.people if not person.belongs]
    moving = np.abs(scene.truck.speed) > MOVING
    far, never = np.full(STEPS, 99.0), np.full(STEPS, np.inf)
    apart = np.min([far, *(np.where(moving, separations(scene.truck, one), 99.0) for one in others)], axis=0)
    times = np.min([never, *(exact_times(scene.truck, one) for one in others)], axis=0)
    near = np.flatnonzero(apart < DANGER)
    begins = int(near[0]) if len(near) else None
    foreseen = begins is not None and begins * STEP >= 2.0 and bool(
        np.isfinite(times[begins - round(2.0 / STEP):begins + 1]).all())
    warned, alarms = alarms_of(tracked(scene, seed, sensing), None if begins is None else begins * STEP)
    return Score(scene.kind, None if begins is None else begins * STEP, bool(apart.min() >= SAFE), foreseen,
                 bool(times.min() > 2.2), warned, alarms)


def alarms_of(frames: Iterable[Frame], danger_s: float | None) -> tuple[float | None, int]:
    """When the first warning of the danger is out (no more than 6 s before it), and how many warnings there were."""
    guard, told = Guard(Plane((), UTC)), []
    for frame in frames:
        told += [event.t - START + LATENCY for event in guard.step(frame)
                 if event.kind == "collision" and event.level >= Level.WARNING]
    early = [t for t in told if danger_s is None or danger_s - t <= 6.0]
    return (early[0] if early else None), len(told)


def judged(seed: int) -> Score:
    """The score of one seed under ordinary sensing."""
    return judge(encounter(seed), seed, Sensing())


@dataclass(frozen=True)
class Figures:
    """What a run of encounters shows; shares in per cent, of what each is of."""
    dangers: int
    foreseeable: int
    warned_foreseeable: float
    lost_foreseeable: float
    warned_all: float
    missed: float
    lost: float
    lead_median: float
    lead_tenth: float
    safe: int
    unprovoked: int
    nuisance: float
    nuisance_all: float
    per_hour: float


def share(scores: Sequence[Score], of: Sequence[Score]) -> float:
    """Per cent, 0 of nothing."""
    return 100 * len(scores) / len(of) if of else 0.0


def ahead(scores: Sequence[Score], seconds: float) -> list[Score]:
    """Those warned at least that long ahead."""
    return [score for score in scores if score.lead is not None and score.lead >= seconds]


def figures(scores: Sequence[Score]) -> Figures:
    """Sum up; lost = missed, or warned less than a driver's reaction of 0.75 s ahead (Green 2000)."""
    danger = [score for score in scores if score.danger_s is not None]
    foreseen = [score for score in danger if score.foreseeable]
    leads = sorted(score.lead or 0.0 for score in danger) or [0.0]
    safe = [score for score in scores if score.safe]
    calm = [score for score in safe if score.unprovoked]
    quiet = [score for score in scores if score.danger_s is None]
    return Figures(
        len(danger), len(foreseen), share(ahead(foreseen, 1.5), foreseen), 100 - share(ahead(foreseen, LATE), foreseen),
        share(ahead(danger, 1.5), danger), 100 - share(ahead(danger, 0.0), danger),
        100 - share(ahead(danger, LATE), danger), median(leads), leads[len(leads) // 10], len(safe), len(calm),
        share([score for score in calm if score.alarms], calm), share([score for score in safe if score.alarms], safe),
        sum(score.alarms for score in quiet) / max(1e-9, len(quiet) * LONG / 3600))


def table(scores: Sequence[Score]) -> list[str]:
    """Lines to print: the whole, then by kind."""
    lines = [f"{'kind':14}{'n':>6}{'danger':>8}{'foresee':>8}{'>=1.5s':>8}{'fore.':>7}{'missed':>8}{'<.75s':>7}"
             f"{'median':>8}{'p10':>6}{'safe':>7}{'calm':>7}{'nuis%':>7}{'all%':>7}{'/h':>8}"]
    for name in (*(kind.__name__ for kind in KINDS), "all"):
        some = [score for score in scores if name in (score.kind, "all")]
        f = figures(some)
        lines.append(f"{name:14}{len(some):6}{f.dangers:8}{f.foreseeable:8}{f.warned_all:8.1f}{f.warned_foreseeable:7.1f}"
                     f"{f.missed:8.1f}{f.lost:7.1f}{f.lead_median:8.2f}{f.lead_tenth:6.2f}{f.safe:7}{f.unprovoked:7}"
                     f"{f.nuisance:7.1f}{f.nuisance_all:7.1f}{f.per_hour:8.1f}")
    return lines


def main(words: Sequence[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description="Score the guard's rules on seeded encounters.")
    parser.add_argument("--count", type=int, default=360, help="encounters; the kinds take turns")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    chosen = parser.parse_args(words)
    with Pool(chosen.jobs) as pool:
        scores = pool.map(judged, range(chosen.count), chunksize=50)
    f, sight = figures(scores), figures([score for score in scores if score.kind != "blind_corner"])
    for line in [*table(scores), f"foreseeable, missed or late: {f.lost_foreseeable:.1f} % of {f.foreseeable}",
                 f"foreseeable without blind corners: {sight.warned_foreseeable:.1f} % warned 1.5 s ahead,"
                 f" {sight.lost_foreseeable:.1f} % missed or late, of {sight.foreseeable}"]:
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
