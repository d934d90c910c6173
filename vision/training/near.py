"""Drawn scenes of what the detector must not be sure about: near bright walls, boards and shutters, empty docks.

    python -m vision.training.near --count 24 --out out/near      a sheet of pictures with their truth drawn in

No forklift stands in any of them, so a large plain block that reaches down to the floor is a wall. People, who also
lie, pallet trucks, cages and parcels do stand there, near the camera.
"""
import argparse
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from vision.guard.records import Kind
from vision.scene.dock import clutter
from vision.scene.dock.body import Body, Placed
from vision.scene.dock.eye import Eye, looking
from vision.scene.dock.photo import Shot, Stage
from vision.scene.dock.room import Room, any_room, close_room
from vision.scene.dock.sensor import Sensor, any_sensor
from vision.scene.dock.solids import box, joined, spindle
from vision.training.scenes import SIZE_PX, any_eye, bodies_of, drawn_in, free

CROWD = {"person": (0.25, 0.4, 0.25, 0.1), "down": (0.6, 0.4), "pallet_truck": (0.75, 0.25), "cage": (0.8, 0.2),
         "parcel": (0.6, 0.25, 0.15)}
"""How likely none, one, two … of each are in a scene; in an empty one there is clutter alone."""
EMPTY, HALL = 0.35, 0.35
"""Share of scenes in which nothing but clutter is; share of scenes in a dock rather than near a wall."""


def near(number: int) -> Shot:
    """The scene of that number; no test draws from these numbers."""
    rng = np.random.default_rng([277, number])
    hall = rng.random() < HALL
    room = any_room(rng, number + 30_000_000) if hall else close_room(rng, number + 30_000_000)
    eye = any_eye(rng, room, False) if hall else near_eye(rng, room)
    return Stage(room, eye).photograph(arranged(rng, room, eye), any_sensor(rng) if hall else lit(rng))


def lit(rng: np.random.Generator) -> Sensor:
    """Any sensor, two of three times in a well lit room and nearly without noise."""
    sensor = any_sensor(rng)
    if rng.random() < 1 / 3:
        return sensor
    gain = rng.uniform(0.95, 1.4) * (1 + rng.normal(0, 0.03, 3))
    return replace(sensor, gains=(float(gain[0]), float(gain[1]), float(gain[2])), haze=(0.0, 160.0),
                   noise=float(rng.uniform(0.5, 3)), vignette=float(rng.uniform(0, 0.15)))


def near_eye(rng: np.random.Generator, room: Room) -> Eye:
    """A camera 1-4 m up that looks 0-50° down at the far wall, seldom straight on."""
    height, pitch = float(rng.uniform(1.0, min(4.0, room.tall - 0.2))), float(np.radians(rng.uniform(0, 50)))
    x, focal = float(rng.uniform(-1, 1) * room.wide / 3), SIZE_PX[0] / 2 / np.tan(np.radians(rng.uniform(50, 95)) / 2)
    k1 = 0.0 if rng.random() < 0.5 else float(rng.uniform(-0.08, 0.03))
    yaw = np.pi / 2 + float(rng.normal(0, 0.3))
    return looking(np.array([x, 0.1, height]), yaw, pitch, float(rng.normal(0, 0.03)), float(focal), k1, SIZE_PX)


def arranged(rng: np.random.Generator, room: Room, eye: Eye) -> list[Placed]:
    """Things on free floor that the eye sees."""
    placed: list[Placed] = []
    taken = [(float(eye.centre[0]), float(eye.centre[1]), 0.4)]
    counts = {name: int(rng.choice(len(odds), p=odds)) for name, odds in CROWD.items()}
    if rng.random() < EMPTY:
        counts = dict.fromkeys(counts, 0)
    for name, count in (counts | {"thing": int(rng.integers(0, 5))}).items():
        for _ in range(count):
            bodies = _thing(rng) if name == "thing" else bodies_of(name, rng, False)
            radius = max(float(np.hypot(*body.footprint)) / 2 for body in bodies)
            spot = free(rng, room, eye, radius * 0.75, taken, 9.0 if bodies[0].kind is Kind.PARCEL else 18.0)
            if spot is not None:
                yaw = float(rng.uniform(0, 2 * np.pi))
                placed += [body.at(*spot, yaw) for body in bodies]
    return placed


def _thing(rng: np.random.Generator) -> list[Body]:
    """Clutter, a fourth of it tables."""
    if rng.random() < 0.25:
        return [table(rng)]
    return clutter.MAKERS[int(rng.integers(len(clutter.MAKERS)))](rng)


def table(rng: np.random.Generator) -> Body:
    """A table with one foot, or a counter."""
    tall, half = float(rng.uniform(0.6, 1.15)), float(rng.uniform(0.25, 0.6))
    b, g, r = (float(v) for v in rng.uniform(30, 250, 3))
    top = spindle([[0, 0, tall], [0, 0, tall + 0.04]], [half, half], (b, g, r), 14)
    foot = spindle([[0, 0, 0.04], [0, 0, tall]], [0.04, 0.04], (120, 122, 125), 6)
    arms = [box([-half * 0.7, -0.03, 0], [half * 0.7, 0.03, 0.05], (120, 122, 125)),
            box([-0.03, -half * 0.7, 0], [0.03, half * 0.7, 0.05], (120, 122, 125))]
    return Body(None, joined([top, foot, *arms]), (2 * half, 2 * half))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Draw scenes of near walls and empty docks with their truth.")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--out", type=Path, default=Path("out/near"))
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    for number in range(chosen.count):
        cv2.imwrite(str(chosen.out / f"{number:06d}.jpg"), drawn_in(near(number)))


if __name__ == "__main__":
    main()
