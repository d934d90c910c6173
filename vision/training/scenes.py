"""Drawn scenes of a dock or lobby with their truth: what is where in the picture and on the floor.

    python -m vision.training.scenes --count 24 --out out/scenes      a sheet of pictures with their truth drawn in
"""
import argparse
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vision.guard.records import Kind
from vision.scene.dock import clutter, people, vehicles
from vision.scene.dock.body import Body, Placed
from vision.scene.dock.eye import Eye, looking
from vision.scene.dock.photo import Shot, Stage
from vision.scene.dock.room import Room, any_room
from vision.scene.dock.sensor import any_sensor

SIZE_PX = (832, 468)
REACH_M = {Kind.PARCEL: 9.0}
FURTHEST_M = 18.0
CROWD = {"forklift": (0.32, 0.42, 0.2, 0.06), "pallet_truck": (0.5, 0.35, 0.15), "cage": (0.45, 0.3, 0.15, 0.1),
         "person": (0.1, 0.25, 0.25, 0.2, 0.12, 0.08), "down": (0.6, 0.33, 0.07), "parcel": (0.4, 0.25, 0.2, 0.15)}
"""How likely none, one, two … of each are in a scene."""


def shoot(number: int, held_out: bool = False, ordinary: bool = False) -> Shot:
    """The scene of that number; held_out uses bodies that never train, ordinary only ceiling cameras."""
    rng = np.random.default_rng([239, number, held_out])
    room = any_room(rng, number + 10_000_000 * held_out)
    eye = any_eye(rng, room, ordinary)
    return Stage(room, eye).photograph(arranged(rng, room, eye, held_out), any_sensor(rng))


def any_eye(rng: np.random.Generator, room: Room, ordinary: bool) -> Eye:
    """A camera 2.5-5 m up, 20-60° down; three in ten, unless ordinary, at 0.9-2.5 m and -3 to 25°."""
    low = not ordinary and rng.random() < 0.3
    height = rng.uniform(0.9, 2.5) if low else rng.uniform(2.5, min(5.0, room.tall - 0.2))
    pitch = np.radians(rng.uniform(-3, 25) if low else rng.uniform(20, 60))
    x = rng.uniform(-room.wide / 2 + 0.3, room.wide / 2 - 0.3)
    yaw = np.pi / 2 + np.arctan2(x, room.deep * rng.uniform(0.4, 1.0)) + rng.normal(0, 0.15)
    size = SIZE_PX if rng.random() < 0.8 else (640, 480)
    focal = size[0] / 2 / np.tan(np.radians(rng.uniform(55, 100)) / 2)
    corner = float(np.hypot(*size)) / 2 / focal
    most = min(0.22, 0.75 * 4 / 27 / corner ** 2)
    k1 = 0.0 if rng.random() < 0.3 else float(rng.uniform(-most, 0.03))
    return looking(np.array([x, 0.15, height]), yaw, pitch, float(rng.normal(0, 0.02)), float(focal), k1, size)


def arranged(rng: np.random.Generator, room: Room, eye: Eye, held_out: bool) -> list[Placed]:
    """Things on free floor that the eye sees."""
    placed: list[Placed] = []
    taken: list[tuple[float, float, float]] = [(float(eye.centre[0]), float(eye.centre[1]), 0.6)]
    counts = {name: int(rng.choice(len(odds), p=odds)) for name, odds in CROWD.items()}
    if rng.random() < 0.03:
        counts = dict.fromkeys(counts, 0)
    for name, count in (counts | {"clutter": int(rng.integers(1, 8))}).items():
        for _ in range(count):
            bodies = bodies_of(name, rng, held_out)
            radius = max(float(np.hypot(*body.footprint)) / 2 for body in bodies)
            spot = free(rng, room, eye, radius * 0.75, taken, REACH_M.get(bodies[0].kind or Kind.PERSON, FURTHEST_M))
            if spot is not None:
                yaw = float(rng.uniform(0, 2 * np.pi))
                placed += [body.at(*spot, yaw) for body in bodies]
                placed += _company(name, rng, spot, yaw, held_out, bodies)
    return placed


def free(rng: np.random.Generator, room: Room, eye: Eye, radius: float, taken: list[tuple[float, float, float]],
          reach: float) -> tuple[float, float] | None:
    """A floor spot in the picture, in the room and clear of the others; it is taken from then on."""
    for _ in range(25):
        at = eye.floor((float(rng.uniform(0, eye.size_px[0])), float(rng.uniform(0, eye.size_px[1] * 1.15))))
        if at is None or abs(at[0]) > room.wide / 2 - radius or not 0.3 + radius < at[1] < room.deep - radius:
            continue
        away = float(np.hypot(at[0] - eye.centre[0], at[1] - eye.centre[1]))
        if radius + 0.6 < away < reach and all(np.hypot(at[0] - x, at[1] - y) > radius + r for x, y, r in taken):
            taken.append((*at, radius))
            return at
    return None


def bodies_of(name: str, rng: np.random.Generator, held_out: bool) -> list[Body]:
    """One thing of that name of CROWD, or clutter."""
    match name:
        case "forklift":
            return [vehicles.forklift(_pick(rng, vehicles.FORKLIFTS, vehicles.HELD_OUT_FORKLIFTS, held_out), rng)]
        case "pallet_truck":
            return [vehicles.pallet_truck(
                _pick(rng, vehicles.PALLET_TRUCKS, vehicles.HELD_OUT_PALLET_TRUCKS, held_out), rng)]
        case "cage":
            return vehicles.roll_cage(_pick(rng, vehicles.CAGES, vehicles.HELD_OUT_CAGES, held_out), rng)
        case "parcel":
            return [vehicles.parcel(rng)]
        case "clutter":
            return clutter.MAKERS[int(rng.integers(len(clutter.MAKERS)))](rng)
        case _:
            return [_person(name, rng, held_out)]


def _pick(rng: np.random.Generator, usual: range, kept: range, held_out: bool) -> int:
    return int(rng.choice(kept if held_out else usual))


def _person(name: str, rng: np.random.Generator, held_out: bool) -> Body:
    who = people.build(_pick(rng, people.BUILDS, people.HELD_OUT_BUILDS, held_out), rng)
    if name == "down":
        return Body(Kind.PERSON_DOWN, people.lying(who, str(rng.choice(people.LYING)), rng), (1.7, 0.6))
    if rng.random() < 0.06:
        return Body(Kind.PERSON, people.upright(who, people.pose("floor", rng)), (0.9, 0.6))
    return Body(Kind.PERSON, people.upright(who, people.pose(str(rng.choice(people.STANDING)), rng)), (0.5, 0.5))


def _company(name: str, rng: np.random.Generator, spot: tuple[float, float], yaw: float, held_out: bool,
             bodies: list[Body]) -> list[Placed]:
    """Who rides or pushes it, and what somebody carries."""
    if name not in ("forklift", "pallet_truck", "cage") or rng.random() < 0.35:
        return []
    who = people.build(_pick(rng, people.BUILDS, people.HELD_OUT_BUILDS, held_out), rng)
    if name == "forklift":
        number = _which(bodies[0])
        back, height = vehicles.seat_of(number)
        stands = vehicles.FRAMES[number].stand
        mesh = people.sitting(who, people.pose("stand" if stands else "sit", rng), height)
        behind = back
    else:
        mesh = people.upright(who, people.pose("push", rng))
        behind = -bodies[0].footprint[0] / 2 - (0.75 if name == "pallet_truck" else 0.4)
    x, y = spot[0] + behind * np.cos(yaw), spot[1] + behind * np.sin(yaw)
    return [Body(Kind.PERSON, mesh, (0.5, 0.5)).at(float(x), float(y), yaw)]


def _which(body: Body) -> int:
    """The number of the forklift with that footprint."""
    return next(n for n, frame in enumerate(vehicles.FRAMES) if abs(frame.long + frame.fork - body.footprint[0]) < 1e-9
                and abs(frame.wide - body.footprint[1]) < 1e-9)


COLOURS = {Kind.PERSON: (60, 220, 60), Kind.PERSON_DOWN: (60, 60, 255), Kind.FORKLIFT: (0, 200, 255),
           Kind.PALLET_TRUCK: (255, 160, 0), Kind.ROLL_CAGE: (255, 80, 255), Kind.PARCEL: (255, 255, 80)}


def drawn_in(shot: Shot) -> npt.NDArray[np.uint8]:
    """The picture with boxes, feet and noses; what is ignored is thin and grey."""
    picture = shot.picture.copy()
    for one in shot.truths:
        colour = (150, 150, 150) if one.ignored else COLOURS[one.kind]
        left, top, right, bottom = (round(v) for v in one.box)
        cv2.rectangle(picture, (left, top), (right, bottom), colour, 1)
        if not one.ignored:
            cv2.circle(picture, (round(one.foot[0]), round(one.foot[1])), 3, colour, -1)
            if one.nose is not None:
                cv2.line(picture, (round(one.foot[0]), round(one.foot[1])), (round(one.nose[0]), round(one.nose[1])),
                         colour, 1)
    return picture


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Draw scenes with their truth.")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("out/scenes"))
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    for number in range(chosen.first, chosen.first + chosen.count):
        cv2.imwrite(str(chosen.out / f"{number:06d}.jpg"), drawn_in(shoot(number, chosen.held_out)))


if __name__ == "__main__":
    main()
