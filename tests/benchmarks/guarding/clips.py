"""Clips of drawn docks, seeded: people who walk about before a fixed camera, and what can be done to that camera."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from vision.guard.health import Fault
from vision.guard.records import Kind
from vision.scene.dock.cast import actor
from vision.scene.dock.eye import looking
from vision.scene.dock.photo import Stage
from vision.scene.dock.room import any_room
from vision.scene.dock.sensor import Sensor

Picture = npt.NDArray[np.uint8]
SIZE, FRAMES = (640, 360), 12
FPS = 10.0


@lru_cache(maxsize=4)
def clip(seed: int) -> tuple[list[Picture], list[Picture]]:
    """The empty floor, and the same with one to six people and a truck at work; frames to be shown in turn."""
    rng = np.random.default_rng([61, seed])
    room = any_room(rng, 9_000 + seed)
    height = float(min(rng.uniform(2.6, 4.6), room.tall - 0.2))
    eye = looking(np.array([0.0, 0.15, height]), np.pi / 2 + rng.normal(0, 0.15), float(rng.uniform(0.4, 0.8)), 0.0,
                  float(rng.uniform(380, 520)), 0.0, SIZE)
    stage, sensor = Stage(room, eye), Sensor(quality=85, noise=float(rng.uniform(1.5, 4)), seed=seed)
    quiet = [stage.photograph([], sensor, n).picture for n in range(4)]
    people = [(float(rng.uniform(-2, 2)), float(rng.uniform(3, 7)), float(rng.uniform(0, 6.28))) for _ in
              range(int(rng.integers(1, 7)))]
    busy = [stage.photograph([thing for k, (x, y, h) in enumerate(people) for thing in actor(
        Kind.PERSON, k, (x + 0.12 * n * np.cos(h), y + 0.12 * n * np.sin(h), h), 0.12 * n)]
        + actor(Kind.FORKLIFT, seed, (1.0 - 0.15 * n, room.deep * 0.6, 3.14)), sensor, 100 + n).picture
        for n in range(FRAMES)]
    return quiet, busy


def noisy(picture: Picture, rng: np.random.Generator) -> Picture:
    """As a sensor's noise would have it in the next frame."""
    grain = grains(picture.shape[:2])[int(rng.integers(0, 16))]
    return np.asarray(cv2.subtract(cv2.add(picture, grain), np.full_like(picture, 6)), np.uint8)


@lru_cache(maxsize=4)
def grains(size: tuple[int, int]) -> list[Picture]:
    """Sixteen frames' noise about 6, deviation 2."""
    rng = np.random.default_rng(73)
    return [np.asarray(np.clip(rng.normal(6, 2, (*size, 3)), 0, 12).round(), np.uint8) for _ in range(16)]


def gained(picture: Picture, gain: float) -> Picture:
    """More or less light."""
    return np.asarray(np.clip(picture * gain, 0, 255), np.uint8)


def bag(picture: Picture) -> Picture:
    """A paper bag: brown, creased, a little light through it."""
    rng = np.random.default_rng(5)
    folds = cv2.resize(rng.normal(0, 1, (4, 6)), picture.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip((70, 110, 140) + 6 * folds[..., None], 0, 255), np.uint8)


def spray(picture: Picture) -> Picture:
    """Paint over the middle of the lens, soft at its edge."""
    mask = np.zeros(picture.shape[:2], np.float32)
    cv2.ellipse(mask, (picture.shape[1] // 2, picture.shape[0] // 2), (210, 140), 0, 0, 360, 1.0, -1)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), 8), np.float32)[..., None]
    return np.asarray(picture * (1 - mask) + 55 * mask, np.uint8)


def smear(picture: Picture) -> Picture:
    """Grease over the whole lens."""
    return np.asarray(0.75 * cv2.GaussianBlur(picture, (0, 0), 12) + 40, np.uint8)


def shifted(columns: int, rows: int) -> Callable[[Picture], Picture]:
    """The camera was turned by so many pixels; what comes in at the edge is what lies there."""
    def move(picture: Picture) -> Picture:
        matrix = np.array([[1, 0, columns], [0, 1, rows]], np.float32)
        return np.asarray(cv2.warpAffine(picture, matrix, picture.shape[1::-1], borderMode=cv2.BORDER_REFLECT),
                          np.uint8)
    return move


def hand(picture: Picture) -> Picture:
    """A hand close before the lens: skin, quite out of focus."""
    return np.asarray(np.clip(0.12 * cv2.GaussianBlur(picture, (0, 0), 60) + (80, 95, 120), 0, 255), np.uint8)


Tampering = tuple[Callable[[Picture], Picture], tuple[Fault, ...]]
#: What is done to the picture, and as what it may be told; `frozen`, `lost` and `slow` are done to its time instead.
TAMPERINGS: Mapping[str, Tampering] = {
    "lights out": (lambda picture: gained(picture, 0.02), (Fault.DARK,)),
    "cap": (lambda picture: np.full_like(picture, 25), (Fault.COVERED, Fault.DARK)),
    "white cloth": (lambda picture: np.full_like(picture, 205), (Fault.COVERED,)),
    "paper bag": (bag, (Fault.COVERED,)),
    "hand": (hand, (Fault.COVERED, Fault.DEFOCUSED)),
    "spray": (spray, (Fault.SPRAYED, Fault.COVERED)),
    "smear": (smear, (Fault.DEFOCUSED, Fault.COVERED)),
    "defocus": (lambda picture: np.asarray(cv2.GaussianBlur(picture, (0, 0), 7), np.uint8), (Fault.DEFOCUSED,)),
    "defocus, slight": (lambda picture: np.asarray(cv2.GaussianBlur(picture, (0, 0), 3), np.uint8), (Fault.DEFOCUSED,)),
    "pushed 3°": (shifted(24, 8), (Fault.MOVED,)),
    "turned 15°": (shifted(120, 10), (Fault.MOVED,)),
    "frozen": (lambda picture: picture, (Fault.FROZEN,)),
    "lost": (lambda picture: picture, (Fault.LOST,)),
}
#: Not in the battery of this issue; told apart, because it is wanted later.
LATER: Mapping[str, Tampering] = {
    "pushed 1°": (shifted(8, 2), (Fault.MOVED,)),
    "4 frames a second": (lambda picture: picture, (Fault.SLOW,)),
}
