"""Articulated people: sixteen builds that train, four that are held out; a pose is joint angles, lying is a turn."""
from dataclasses import dataclass, replace

import numpy as np

from vision.scene.dock.solids import Colour, Floats, Mesh, about_x, about_y, about_z, box, joined, spindle

BUILDS, HELD_OUT_BUILDS = range(16), range(16, 20)
STANDING = ("stand", "walk", "walk", "walk", "reach", "carry", "push", "bend", "crouch", "kneel", "wave")
LYING = ("back", "front", "side", "curled")
SKIN: tuple[Colour, ...] = ((150, 175, 220), (120, 150, 200), (95, 125, 180), (60, 85, 130), (45, 60, 95))
SHADES: tuple[Colour, ...] = ((40, 38, 36), (90, 60, 40), (60, 60, 62), (120, 110, 105), (60, 80, 110), (200, 200, 205),
                              (140, 90, 50), (50, 50, 150), (70, 110, 60), (110, 160, 190), (90, 60, 120))
SIGNAL: tuple[Colour, ...] = ((30, 120, 245), (40, 235, 215), (20, 90, 250))


@dataclass(frozen=True)
class Build:
    """One person's measures (m, share of the mean girth) and clothes; vest and hat None when not worn."""
    tall: float
    girth: float
    skin: Colour
    top: Colour
    legs: Colour
    shoes: Colour
    vest: Colour | None
    hat: Colour | None
    hair: Colour
    coat: bool


@dataclass(frozen=True)
class Pose:
    """Angles in radians in the plane ahead, positive forward: torso, (left, right) thighs, knees, arms, elbows."""
    torso: float
    thighs: tuple[float, float]
    knees: tuple[float, float]
    arms: tuple[float, float]
    elbows: tuple[float, float]
    spread: float = 0.1


def build(number: int, rng: np.random.Generator) -> Build:
    """The person of that number in clothes drawn anew."""
    own = np.random.default_rng([211, number])
    tall, girth = float(own.uniform(1.5, 1.92)), float(own.uniform(0.82, 1.3))
    skin, hair = SKIN[int(own.integers(len(SKIN)))], (25.0, 25.0, 30.0) if own.random() < 0.7 else (60.0, 80.0, 110.0)
    pick = rng.integers(len(SHADES), size=3)
    vest = SIGNAL[int(rng.integers(len(SIGNAL)))] if rng.random() < 0.45 else None
    hats: tuple[Colour, ...] = ((225, 225, 228), (40, 200, 235), (60, 60, 210), (160, 90, 30))
    hat = hats[int(rng.integers(len(hats)))] if rng.random() < 0.35 else None
    return Build(tall, girth, skin, _worn(SHADES[pick[0]], rng), _worn(SHADES[pick[1]], rng),
                 (35, 35, 38), vest, hat, hair, bool(rng.random() < 0.2))


def _worn(colour: Colour, rng: np.random.Generator) -> Colour:
    b, g, r = (float(np.clip(c + v, 8, 245)) for c, v in zip(colour, rng.normal(0, 18, 3), strict=True))
    return b, g, r


def pose(name: str, rng: np.random.Generator) -> Pose:
    """Angles of a named pose, a little different each time."""
    j = rng.normal(0, 0.1, 9)
    swing = float(rng.uniform(-0.6, 0.6))
    poses = {
        "stand": Pose(0.02, (0.0, 0.0), (0.0, 0.0), (0.05, 0.05), (0.2, 0.2)),
        "walk": Pose(0.08, (swing, -swing), (max(0.1, -swing), max(0.1, swing)), (-swing, swing), (0.4, 0.4)),
        "reach": Pose(0.15, (0.1, -0.1), (0.1, 0.0), (1.4, 1.2), (0.3, 0.2)),
        "carry": Pose(-0.02, (swing / 2, -swing / 2), (0.1, 0.1), (0.5, 0.5), (1.1, 1.1)),
        "push": Pose(0.35, (0.3, -0.35), (0.2, 0.1), (0.9, 0.9), (0.3, 0.3)),
        "bend": Pose(1.35, (0.1, 0.0), (0.1, 0.1), (1.4, 1.2), (0.1, 0.2)),
        "crouch": Pose(0.6, (1.9, 1.7), (2.3, 2.1), (1.2, 1.0), (0.4, 0.5)),
        "kneel": Pose(0.25, (0.2, 1.5), (1.7, 1.5), (0.8, 0.9), (0.6, 0.5)),
        "sit": Pose(-0.05, (1.5, 1.5), (1.5, 1.4), (0.8, 0.8), (0.7, 0.7)),
        "floor": Pose(-0.1, (1.5, 1.3), (0.4, 1.2), (0.4, 0.2), (0.3, 0.5)),
        "wave": Pose(0.0, (0.05, -0.05), (0, 0), (2.7, 0.1), (0.4, 0.2)),
        "curled": Pose(0.3, (1.4, 1.2), (1.6, 1.5), (0.9, 0.6), (1.4, 1.2)),
    }
    base = poses[name]
    return replace(base, torso=base.torso + j[0], thighs=(base.thighs[0] + j[1], base.thighs[1] + j[2]),
                   knees=(max(0.0, base.knees[0] + j[3]), max(0.0, base.knees[1] + j[4])),
                   arms=(base.arms[0] + 2 * j[5], base.arms[1] + 2 * j[6]),
                   elbows=(max(0.0, base.elbows[0] + 2 * j[7]), max(0.0, base.elbows[1] + 2 * j[8])),
                   spread=float(rng.uniform(0.05, 0.25)))


def upright(who: Build, how: Pose) -> Mesh:
    """The person with the lowest point on the floor and the pelvis near the origin."""
    mesh = joined([*_legs(who, how), *_trunk(who, how)])
    return mesh.placed(0, 0, 0, -mesh.low())


def sitting(who: Build, how: Pose, seat_m: float) -> Mesh:
    """The person with the pelvis at that height."""
    return joined([*_legs(who, how), *_trunk(who, how)]).placed(0, 0, 0, seat_m)


def lying(who: Build, name: str, rng: np.random.Generator) -> Mesh:
    """Somebody on the floor on back, front or side, or curled up, limbs anyhow, middle of the body near the origin."""
    how = pose("curled" if name == "curled" else "stand", rng)
    if name != "curled":
        thighs, knees, arms, elbows = (_pair(rng, *limits) for limits in ((-0.3, 0.9), (0, 1.2), (-0.3, 2.6), (0, 1.8)))
        how = Pose(float(rng.normal(0, 0.15)), thighs, knees, arms, elbows, float(rng.uniform(0.05, 0.5)))
    roll = {"back": 0.0, "front": np.pi, "side": np.pi / 2, "curled": np.pi / 2}[name] + float(rng.normal(0, 0.25))
    mesh = joined([*_legs(who, how), *_trunk(who, how)])
    mesh = mesh.turned(about_y(-np.pi / 2 + float(rng.normal(0, 0.05)))).turned(about_x(roll))
    middle = (mesh.corners.reshape(-1, 3).max(axis=0) + mesh.corners.reshape(-1, 3).min(axis=0)) / 2
    return mesh.placed(-middle[0], -middle[1], 0, -mesh.low())


def _pair(rng: np.random.Generator, low: float, high: float) -> tuple[float, float]:
    return float(rng.uniform(low, high)), float(rng.uniform(low, high))


def _down(angle: float, length: float) -> Floats:
    """A limb that hangs, swung forward by the angle."""
    return np.array([np.sin(angle), 0, -np.cos(angle)]) * length


def _legs(who: Build, how: Pose) -> list[Mesh]:
    parts, size, wide = [], who.tall, who.girth * who.tall
    for way, thigh, knee in ((1, how.thighs[0], how.knees[0]), (-1, how.thighs[1], how.knees[1])):
        hip = np.array([0, way * 0.055 * size, 0])
        out = np.array([0, way * np.tan(how.spread) * 0.12 * size, 0])
        joint = hip + _down(thigh, 0.245 * size) + out
        ankle = joint + _down(thigh - knee, 0.235 * size) + out / 2
        toe = ankle + about_y(-(thigh - knee)) @ np.array([0.13 * size, 0, 0]) * 0.9
        parts += [spindle([hip, joint], [0.052 * wide, 0.037 * wide], who.legs),
                  spindle([joint, ankle], [0.037 * wide, 0.026 * wide], who.legs),
                  spindle([ankle, toe], [0.027 * wide, 0.018 * wide], who.shoes, 4)]
    return parts


def _trunk(who: Build, how: Pose) -> list[Mesh]:
    size, wide = who.tall, who.girth * who.tall
    lean = about_y(how.torso)
    at = [lean @ np.array([0, 0, h * size]) for h in (-0.03, 0.06, 0.18, 0.28, 0.31, 0.335, 0.36, 0.42, 0.47)]
    parts = [spindle([at[0], at[1], at[2], at[3], at[4]],
                     [(0.06 * wide, 0.085 * wide), (0.058 * wide, 0.08 * wide), (0.066 * wide, 0.1 * wide),
                      (0.06 * wide, 0.105 * wide), (0.03 * wide, 0.05 * wide)], who.vest or who.top, 8)]
    if who.vest:
        parts.append(spindle([at[1], lean @ np.array([0, 0, 0.09 * size])],
                             [(0.061 * wide, 0.085 * wide)] * 2, (215, 220, 222), 8))
    if who.coat:
        low = at[0] + np.array([0, 0, -0.14 * size]) @ lean.T
        parts.append(spindle([low, at[1]], [(0.08 * wide, 0.1 * wide), (0.062 * wide, 0.085 * wide)], who.top, 8))
    parts += [spindle([at[4], at[5]], [0.03 * size] * 2, who.skin),
              spindle([at[5], at[6], at[7], at[8]], [0.03 * size, 0.052 * size, 0.055 * size, 0.025 * size], who.skin),
              spindle([(at[6] + at[7]) / 2, at[7] + (at[8] - at[7]) * 0.2, at[8] * 1.01],
                      [0.04 * size, 0.06 * size, 0.034 * size], who.hat or who.hair)]
    return parts + _arms(who, how, lean)


def _arms(who: Build, how: Pose, lean: Floats) -> list[Mesh]:
    parts, size, wide = [], who.tall, who.girth * who.tall
    for way, arm, elbow in ((1, how.arms[0], how.elbows[0]), (-1, how.arms[1], how.elbows[1])):
        shoulder = lean @ np.array([0, way * 0.11 * wide, 0.285 * size])
        joint = shoulder + _down(arm, 0.175 * size) + (0, way * how.spread * 0.1 * size, 0)
        wrist = joint + _down(arm + elbow, 0.15 * size)
        hand = wrist + (wrist - joint) * 0.4
        parts += [spindle([shoulder, joint], [0.032 * wide, 0.026 * wide], who.top),
                  spindle([joint, wrist], [0.026 * wide, 0.02 * wide], who.top),
                  spindle([wrist, hand], [0.02 * wide, 0.014 * wide], who.skin, 4)]
    return parts


def seat(height_m: float, colour: Colour) -> Mesh:
    """A plain chair, its seat at that height, facing forward."""
    legs = [box([x - 0.02, y - 0.02, 0], [x + 0.02, y + 0.02, height_m], (60, 60, 60))
            for x in (-0.2, 0.2) for y in (-0.2, 0.2)]
    back = box([-0.25, -0.22, height_m], [-0.2, 0.22, height_m + 0.45], colour)
    return joined([*legs, box([-0.24, -0.24, height_m - 0.05], [0.24, 0.24, height_m], colour), back])


def facing(mesh: Mesh, yaw: float) -> Mesh:
    """Turned about the upright axis."""
    return mesh.turned(about_z(yaw))
