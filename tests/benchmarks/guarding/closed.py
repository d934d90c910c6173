"""The closed loop: encounters with known truth are drawn as a ceiling camera sees them, and go through the whole chain.

Detector, tracks, floor plane and rules are those that are shipped; the picture alone is drawn. The same seeds run
through the simulated detector too, so that what the pixels cost can be told from what the encounters are. Bodies are
about as large as the truth has them, and racks, ghosts and lost ids are not drawn: those kinds are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tests.encounters import tables
from tests.encounters.calm import KINDS, encounter
from tests.encounters.paths import LONG, STEP, Actor
from tests.encounters.scene import Encounter
from tests.encounters.score import GUARD, NEAR_M, Score, figures, judged, scored, victim
from tests.encounters.sensing import Sensing
from tests.encounters.shelf import everyone, shelf
from tests.encounters.truth import truth
from vision.guard.detect import load_detector
from vision.guard.eye import Eye
from vision.guard.floor import Floor, parse_floor
from vision.guard.records import PEOPLE, Event, Kind, Level
from vision.scene.dock.body import Placed
from vision.scene.dock.cast import actor
from vision.scene.dock.eye import Eye as Looks
from vision.scene.dock.eye import looking
from vision.scene.dock.photo import Stage
from vision.scene.dock.room import any_room
from vision.scene.dock.sensor import Sensor

UNDRAWN = ("blind_corner", "ghosts", "id_switch", "occlusion")
DRAWN = tuple(n for n, kind in enumerate(KINDS) if kind.__name__ not in UNDRAWN)
SIZE, FPS = (832, 468), 10
#: The middle of an encounter in the room, metres; seconds of an empty floor before it.
MIDDLE, QUIET_S = (0.0, 8.0), 3.6


def seeds(first: int, count: int) -> list[int]:
    """Seeds from there on, of kinds that can be drawn."""
    return [seed for seed in range(first, first + 2 * count + len(KINDS)) if seed % len(KINDS) in DRAWN][:count]


def stage(seed: int) -> Stage:
    """A room and a camera 4.2 m high in it, as the bench's dock has them."""
    room = replace(any_room(np.random.default_rng([83, seed]), 30_000 + seed), wide=16.0, deep=18.0, tall=6.0)
    return Stage(room, looking(np.array([0.0, 0.15, 4.2]), np.pi / 2, 0.52, 0.0, 560.0, 0.0, SIZE))


def surveyed(eye: Looks) -> Floor:
    """The floor file of such a camera, its points as a surveyor finds them."""
    points = [{"pixel": list(map(float, eye.pixel(np.array([x, y, 0.0])) or ())), "metre": [x, y]}
              for x, y in ((-2.5, 4.5), (2.5, 4.5), (4.0, 12.0), (-4.0, 12.0), (0.0, 7.0), (2.0, 9.0))]
    camera = {"name": "drawn", "source": "none", "size_px": list(SIZE)}
    return parse_floor({"camera": camera, "floor": {"points": points}})


def things(scene: Encounter, seed: int, n: int) -> list[Placed]:
    """Everybody and everything at step n, where the room holds it; who is aboard a forklift sits in it."""
    found = list[Placed]()
    for k, one in enumerate((scene.truck, *scene.people)):
        x, y = float(one.x[n]) + MIDDLE[0], float(one.y[n]) + MIDDLE[1]
        if one.kind in PEOPLE and one.belongs and scene.truck.kind is Kind.FORKLIFT:
            continue
        if abs(x) < 7.5 and 0.6 < y < 17.4:
            driven = scene.truck.kind is not Kind.FORKLIFT or bool(np.hypot(scene.truck.vx, scene.truck.vy).max() > 0.1)
            found += actor(one.kind, seed % 97 + k, (x, y, float(one.heading[n])), _walked(one, n), driven)
    return found


def _walked(one: Actor, n: int) -> float:
    return float(np.hypot(np.diff(one.x[:n + 1]), np.diff(one.y[:n + 1])).sum())


def looked(seed: int, models: Path) -> Score:
    """One encounter through pictures, until its danger or its end."""
    scene = encounter(seed)
    found, drawn, sensor = truth(scene), stage(seed), Sensor(noise=2.5, seed=seed % 50)
    eye = Eye(surveyed(drawn.eye), load_detector(models), 0.0, FPS)
    empty = [drawn.photograph([], sensor, n).picture for n in range(4)]
    for n in range(round(QUIET_S * FPS)):
        eye.see(empty[n % 4], n / FPS, 1000.0 + n / FPS, n / FPS)
    told, last = list[float](), found.danger_s if found.danger_s is not None else LONG - STEP
    who = victim(scene, found)
    for frame in range(int(last * FPS) + 1):
        s, n = frame / FPS, round(frame / FPS / STEP)
        picture = drawn.photograph(things(scene, seed, n), sensor, 100 + frame).picture
        at = QUIET_S + s
        for event in eye.see(picture, at, 1000.0 + at, at).events:
            if event.kind == "collision" and event.level >= Level.WARNING and _names(eye, event, who, n):
                told.append(s)
    return scored(seed, scene.kind, FPS, found, {GUARD: told})


def _names(eye: Eye, event: Event, about: Actor | None, n: int) -> bool:
    if about is None:
        return True
    followed = eye.guard.motions.of
    return any(np.hypot(followed[one].x - MIDDLE[0] - about.x[n], followed[one].y - MIDDLE[1] - about.y[n]) <= NEAR_M
               for one in event.ids[1:] if one in followed)


@dataclass(frozen=True)
class Simulated:
    """The same seeds through a simulated detector, at ten frames a second."""

    sensing: Sensing

    def __call__(self, seed: int) -> Score:
        """One encounter."""
        return judged(seed, self.sensing, compare=False)


@dataclass(frozen=True)
class Through:
    """One encounter through pictures and these nets."""

    models: Path

    def __call__(self, seed: int) -> Score:
        """One encounter."""
        return looked(seed, self.models)


def lines(models: Path, first: int, count: int, out: Path) -> Iterator[str]:
    """The table; what was computed already is kept under `out`, by sources and nets."""
    chosen, folder = seeds(first, count), out / f"net {(models / 'guard_int8.onnx').stat().st_mtime:.0f}"
    yield f"closed loop: {count} drawn encounters of {len(DRAWN)} kinds, seeds from {first}, {FPS} frames a second"
    yield tables.HEAD
    through: Sequence[Score] = everyone(Through(models), Score, chosen, shelf(folder, "closed"), 1)
    yield tables.row("pictures, whole chain", figures(through))
    for name, sensing in (("simulated, ordinary", Sensing()),
                          ("simulated, weak", Sensing(noise_px=8.0, miss=0.35, headings=0.0))):
        rows = everyone(Simulated(sensing), Score, chosen, shelf(folder, name), 1)
        yield tables.row(name, figures(rows))
