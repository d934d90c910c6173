"""Busy hours scored: how many collision alarms an hour there are while nobody is in danger."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from random import Random

import numpy as np

from tests.encounters.paths import STEP, Actor, Bools, aboard
from tests.encounters.scene import Encounter
from tests.encounters.sensing import START, Sensing, logged
from tests.encounters.traffic import LEADS, MINUTES, busy
from tests.encounters.truth import DANGER, separations
from vision.guard.records import Frame, Id, Kind, Level
from vision.guard.risk import Guard
from vision.guard.zones import Plane

#: Seconds before and after a danger in which an alarm is about it, and in which two alarms of a pair are one.
BEFORE, AFTER, SAME = 6.0, 2.0, 10.0


@dataclass(frozen=True)
class Spell:
    """Five minutes of traffic: seconds, of them near a danger; dangers; alarms, of them away from any danger."""
    seconds: float
    endangered_s: float
    dangers: int
    alarms: int
    needless: int


def spell(seed: int) -> Spell:
    """Simulate, watch and score one spell at 10 frames a second."""
    trucks, people = busy(seed)
    seats = [aboard(truck, -LEADS if truck.kind is Kind.PALLET_TRUCK else -0.5, 0.0) for truck in trucks]
    scene = Encounter("busy", trucks[0])
    told = raised(logged(trucks, [*people, *seats], scene, Random(f"busy sensing {seed}"), Sensing()))
    near, dangers = endangered(trucks, [*people, *(seat for truck, seat in zip(trucks, seats, strict=True)
                                                   if truck.kind is Kind.PALLET_TRUCK)])
    needless = [t for t in told if not near[min(len(near) - 1, round(t / STEP))]]
    return Spell(MINUTES * 60, float(near.sum()) * STEP, dangers, len(told), len(needless))


def raised(frames: Iterable[Frame]) -> list[float]:
    """Seconds of the collision alarms; one that grows more urgent within 10 s is the same alarm."""
    guard, told, last = Guard(Plane((), UTC)), [], dict[tuple[Id, Id], float]()
    for frame in frames:
        for event in guard.step(frame):
            if event.kind == "collision" and event.level >= Level.WARNING:
                pairs = [(event.ids[0], other) for other in event.ids[1:]]
                new = [pair for pair in pairs if event.t - last.get(pair, 0.0) >= SAME]
                told += [event.t - START] * bool(new)
                last |= dict.fromkeys(new, event.t)
    return told


def endangered(trucks: Sequence[Actor], people: Sequence[Actor]) -> tuple[Bools, int]:
    """Whether each step lies near a danger, and how many dangers there are."""
    near, dangers = np.zeros(len(trucks[0].x), bool), 0
    for truck in trucks:
        for person in people:
            if person.belongs and np.hypot(person.x[0] - truck.x[0], person.y[0] - truck.y[0]) < 2.0:
                continue
            inside = separations(truck, person) < DANGER
            begins = np.flatnonzero(inside & ~np.roll(inside, 1))
            dangers += len(begins)
            for n in np.flatnonzero(inside):
                near[max(0, n - round(BEFORE / STEP)):n + round(AFTER / STEP)] = True
    return near, dangers


def summary(spells: Iterable[Spell]) -> str:
    """One line for people."""
    every = list(spells)
    hours, away = sum(one.seconds for one in every) / 3600, sum(one.endangered_s for one in every) / 3600
    needless = [one.needless for one in every]
    calm = max(1e-9, hours - away)
    rng = np.random.default_rng(1)
    means = [rng.choice(needless, len(needless)).sum() / calm for _ in range(2000)]
    low, high = np.percentile(means, [2.5, 97.5])
    return (f"busy hours: {hours:.1f}, of them {away:.2f} near one of {sum(one.dangers for one in every)} dangers;"
            f" collision alarms {sum(one.alarms for one in every)}, away from any danger {sum(needless)}:"
            f" {sum(needless) / calm:.1f} an hour [{low:.1f}, {high:.1f}]")
