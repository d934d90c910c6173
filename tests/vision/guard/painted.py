"""A dock painted in plain colours, and what finds those colours: it really sees the pixels, and nothing else.

People are magenta, lying ones cyan, trucks green, and a blue picture hangs what finds them, a red one crashes it.
"""
import os
import re
import sys
import time
import tomllib
from collections.abc import Sequence
from functools import cache
from math import hypot
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vision.guard.detect import Detection
from vision.guard.floor import Floor, parse_floor
from vision.guard.records import Kind

Picture = npt.NDArray[np.uint8]
Spot = tuple[float, float]
ROOT = Path(__file__).parents[3]
FLOOR_FILE = ROOT / "config" / "floor.toml"
SIZE = (640, 360)
COLOURS = {Kind.PERSON: (255, 0, 255), Kind.PERSON_DOWN: (255, 255, 0), Kind.FORKLIFT: (0, 220, 0)}
TALL = {Kind.PERSON: (0.5, 1.75), Kind.PERSON_DOWN: (1.7, 0.4), Kind.FORKLIFT: (1.15, 2.1)}


def backdrop(seed: int = 0) -> Picture:
    """Racks and marks in greys, so that a lens has something to hold on to."""
    rng = np.random.default_rng(seed)
    picture = np.full((SIZE[1], SIZE[0], 3), 110, np.uint8)
    for _ in range(160):
        x, y, w, h = (int(rng.integers(0, n)) for n in (620, 340, 70, 60))
        grey = int(rng.integers(40, 200))
        cv2.rectangle(picture, (x, y), (x + w + 4, y + h + 4), (grey, grey, grey), -1 if rng.random() < 0.6 else 2)
    return picture


def paint(floor: Floor, things: Sequence[tuple[Kind, Spot]], ground: Picture, noise: int = 0) -> Picture:
    """The ground with things standing at their places (metres), the furthest first."""
    picture = ground.copy()
    for kind, spot in sorted(things, key=lambda one: -one[1][1]):
        left, top, right, bottom = (round(value) for value in box_of(floor, kind, spot))
        cv2.rectangle(picture, (left, top), (right, bottom), COLOURS[kind], -1)
    return np.asarray(cv2.subtract(picture, grain(noise % 5)), np.uint8)


@cache
def grain(number: int) -> Picture:
    """One frame's noise."""
    return np.random.default_rng(number).integers(0, 6, (SIZE[1], SIZE[0], 3), np.uint8)


def box_of(floor: Floor, kind: Kind, spot: Spot) -> tuple[float, float, float, float]:
    """Where a thing stands in the picture: an upright plate of its size."""
    at = floor.viewpoint.pixel(spot)
    beside = floor.viewpoint.pixel((spot[0] + 1.0, spot[1]))
    assert at is not None
    assert beside is not None
    metre = hypot(beside[0] - at[0], beside[1] - at[1])
    wide, tall = TALL[kind]
    return at[0] - wide * metre / 2, at[1] - tall * metre, at[0] + wide * metre / 2, at[1]


class Painted:
    """Finds what `paint` paints."""

    def detect(self, picture: Picture) -> list[Detection]:
        blue, _, red = (float(value) for value in picture[150:210:5, 250:390:5].reshape(-1, 3).mean(axis=0))
        if blue > 240 and red < 20:
            time.sleep(3600)
        if red > 240 and blue < 20:
            os.abort()
        return [one for kind, colour in COLOURS.items() for one in self._of(picture, kind, colour)]

    def _of(self, picture: Picture, kind: Kind, colour: tuple[int, int, int]) -> list[Detection]:
        low, high = (np.clip(np.array(colour) + by, 0, 255) for by in (-40, 40))
        mask = cv2.inRange(picture, low, high)
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        found = []
        for x, y, wide, tall, area in stats[1:count].tolist():
            if area > 30:
                found.append(Detection(kind, 0.9, (x, y, x + wide, y + tall), (x + wide / 2, y + tall - 0.5)))
        return found


def floor_text(source: str = "none") -> str:
    """config/floor.toml for a camera of half its size, guarded at all hours."""
    def half(found: re.Match[str]) -> str:
        return f"{found[1]} = [{float(found[2]) / 2:g}, {float(found[3]) / 2:g}]"

    text = re.sub(r"(pixel|size_px) = \[([0-9.]+), ([0-9.]+)\]", half, FLOOR_FILE.read_text())
    return re.sub(r"active = .*", "", re.sub('source = ".*"', f'source = "{source}"', text))


def own_floor(folder: Path, source: str) -> Path:
    """The file of it."""
    path = folder / "floor.toml"
    path.write_text(floor_text(source))
    return path


@cache
def floor() -> Floor:
    return parse_floor(tomllib.loads(floor_text()))


if __name__ == "__main__":
    from vision.guard.watching import Post, run

    run(Post(Path(sys.argv[1]), ROOT / "models", Path(sys.argv[2])), Painted())
