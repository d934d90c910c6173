"""Whole days before a drawn dock, every frame of them: sun and clouds, lamps, doors, people and a truck at work.

Frames are grey and of the size that the statistics are taken at, ten a second. Each hour is watched by itself, from a
start of the camera with the reference that was learned in the first minute of the day, as a branch keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt

from tests.benchmarks.guarding.clips import FPS, clip, grains
from vision.guard.health import Fault
from vision.guard.lens import Lens
from vision.guard.picture import SMALL, Reference, small_grey

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
HOUR_S, LEARN_S, COMMISSIONED = 3600, 20, 9


def lit(grey: Floats, light: float, door: float) -> Floats:
    """So much light, and a dock door that is open so far: its place shines, and light falls on the floor before it."""
    rows, columns = grey.shape
    shown = grey * light
    if door > 0:
        shown[rows // 8:rows // 3, columns // 6:columns // 6 + round(door * columns / 6)] = 250 * min(1.0, light + 0.2)
        shown[rows // 2:, columns // 8:columns // 2] *= 1 + 0.4 * door
    return shown


@dataclass
class Light:
    """Share of the light of noon: the sun, clouds that drift, lamps that are switched; and how far the door is open."""

    rng: np.random.Generator
    cloud: float = 0.0
    lamps: float = 0.12
    door: float = 0.0
    opens: bool = False

    def at(self, hour: float) -> tuple[float, float]:
        """A tenth of a second further."""
        sun = max(0.0, float(np.sin(np.pi * (hour - 6) / 13)))
        self.cloud += -self.cloud / 300 + 0.35 / np.sqrt(150) * float(self.rng.normal()) / np.sqrt(2)
        if self.rng.random() < 1 / 6000:
            self.lamps = float(self.rng.choice([0.12, 0.3, 0.45]))
        if self.rng.random() < 1 / 3000:
            self.opens = not self.opens
        self.door = float(np.clip(self.door + (0.03 if self.opens else -0.03), 0, 1))
        return self.lamps + 0.85 * sun * float(np.clip(1 - 0.3 * abs(self.cloud), 0.55, 1.0)), self.door


def work(rng: np.random.Generator, hour: int, quiet: list[Floats], busy: list[Floats]) -> Iterator[Floats]:
    """The floor without light: empty at times, else people and a truck who go to and fro or stop for up to a minute."""
    there = rng.random() < (0.8 if 7 <= hour < 20 else 0.15)
    while True:
        for _ in range(round(rng.uniform(5, 180)) if there else 1):
            if not there:
                yield from (quiet[n % len(quiet)] for n in range(round(float(rng.uniform(100, 1800)))))
                continue
            ends = rng.integers(0, len(busy), 2)
            step = 1 if ends[1] >= ends[0] else -1
            yield from (busy[n] for n in range(int(ends[0]), int(ends[1]) + step, step))
            stop = round(float(rng.uniform(0, 600))) if rng.random() < 0.15 else 0
            yield from (busy[int(ends[1])] for _ in range(stop))
        there = not there if rng.random() < 0.5 else there


def floor(seed: int) -> tuple[list[Floats], list[Floats]]:
    """The empty floor and the one at work, small and grey."""
    quiet, busy = ([small_grey(one).astype(np.float32) for one in some] for some in clip(seed))
    return quiet, busy


def shot(rng: np.random.Generator, grey: Floats) -> Grey:
    """As the sensor gives it: noise last."""
    noise = grains(SMALL[::-1])[int(rng.integers(0, 16))][..., 0]
    return np.asarray(np.clip(np.rint(grey) + noise - 6, 0, 255), np.uint8)


def reference(seed: int) -> Reference:
    """What the camera learned in the morning."""
    quiet, _ = floor(seed)
    rng, lens = np.random.default_rng([81, seed]), Lens(FPS, 0.0)
    light = Light(rng)
    for n in range(round(LEARN_S * FPS)):
        lens.see(shot(rng, lit(quiet[n % len(quiet)], *light.at(COMMISSIONED))), n / FPS, n / FPS)
    if lens.reference is None:
        raise ValueError(f"Drawn dock {seed} has too little to see for a camera to learn.")
    return lens.reference


def hour(seed: int, number: int, known: Reference, seconds: float = HOUR_S) -> list[tuple[float, Fault]]:
    """Seconds into that hour of the day and fault, of all that is told in it."""
    quiet, busy = floor(seed)
    rng, told = np.random.default_rng([83, seed, number]), list[tuple[float, Fault]]()
    light, scenes, lens = Light(rng), work(rng, number, quiet, busy), Lens(FPS, 0.0, known)
    for n in count():
        t = n / FPS
        if t >= seconds:
            break
        picture = shot(rng, lit(next(scenes), *light.at(number + t / HOUR_S)))
        told += [(t, fault) for fault in lens.see(picture, t, t)]
    return told
