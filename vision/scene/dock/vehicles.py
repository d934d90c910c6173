"""Forklifts (eleven bodies, three of them held out), pallet trucks, roll cages and parcels."""
from dataclasses import dataclass

import numpy as np

from vision.guard.records import Kind
from vision.scene.dock.body import Body
from vision.scene.dock.solids import Colour, Mesh, bar, box, joined, wheel

FORKLIFTS, HELD_OUT_FORKLIFTS = range(8), range(8, 11)
PALLET_TRUCKS, HELD_OUT_PALLET_TRUCKS = range(4), range(4, 6)
CAGES, HELD_OUT_CAGES = range(5), range(5, 7)
PAINT: tuple[Colour, ...] = ((30, 180, 235), (20, 110, 235), (40, 40, 200), (150, 80, 30), (60, 130, 40),
                             (205, 205, 205), (60, 190, 190), (110, 110, 115))
DARK: Colour = (45, 45, 48)
STEEL: Colour = (70, 72, 75)
WOOD: Colour = (95, 140, 175)


@dataclass(frozen=True)
class Frame:
    """A forklift's body, metres: length without forks, width, height of body and roof, mast, forks, wheel radius."""
    long: float
    wide: float
    hood: float
    roof: float
    mast: float
    fork: float
    wheel: float
    cab: bool
    stand: bool
    split: bool


FRAMES = (
    Frame(1.9, 1.10, 1.00, 2.10, 2.15, 1.05, 0.28, False, False, False),
    Frame(2.3, 1.25, 1.15, 2.20, 2.40, 1.15, 0.36, False, False, False),
    Frame(2.2, 1.20, 1.10, 2.25, 2.30, 1.10, 0.33, True, False, False),
    Frame(1.7, 1.20, 1.20, 2.15, 2.90, 1.10, 0.18, False, True, True),
    Frame(1.5, 0.90, 1.10, 1.95, 2.10, 1.10, 0.15, False, True, False),
    Frame(1.6, 1.00, 0.85, 2.30, 2.60, 1.15, 0.16, False, True, True),
    Frame(2.8, 1.50, 1.35, 2.45, 2.70, 1.25, 0.42, True, False, False),
    Frame(1.75, 0.98, 0.95, 2.05, 2.00, 0.95, 0.24, False, False, False),
    Frame(2.0, 1.15, 1.05, 2.12, 2.55, 1.20, 0.30, False, False, True),
    Frame(2.45, 1.35, 1.20, 2.35, 2.25, 1.05, 0.38, True, False, False),
    Frame(1.55, 1.05, 1.15, 2.00, 2.50, 1.00, 0.17, False, True, False),
)


def seat_of(number: int) -> tuple[float, float]:
    """Where the driver's pelvis is: metres ahead of the footprint's middle, and its height."""
    frame = FRAMES[number]
    return -frame.fork / 2 - 0.12 * frame.long, 0.98 if frame.stand else frame.hood - 0.02


def forklift(number: int, rng: np.random.Generator) -> Body:
    """The forklift of that number, painted anew, its forks at any height, often loaded."""
    frame, paint = FRAMES[number], PAINT[int(rng.integers(len(PAINT)))]
    back, front, half = -(frame.long + frame.fork) / 2, (frame.long - frame.fork) / 2, frame.wide / 2
    lift = float(rng.choice([0.04, 0.15, 0.3, 1.2], p=[0.35, 0.35, 0.2, 0.1]))
    parts = [*_hull(frame, paint, back, front, half), *_guard(frame, back, front, half, paint),
             *_mast(frame, front, lift, paint)]
    for x in (back + frame.wheel + 0.05, front - frame.wheel - 0.02):
        parts += [wheel(x, y, frame.wheel, 0.2) for y in (half - 0.1, -half + 0.1)]
    if rng.random() < 0.45:
        parts.append(load(rng, front + 0.1, lift + 0.06, frame.fork))
    if rng.random() < 0.5:
        parts.append(bar([back + 0.3, 0, frame.roof], [back + 0.3, 0, frame.roof + 0.15], 0.05, (20, 140, 250), 6))
    return Body(Kind.FORKLIFT, joined(parts), (frame.long + frame.fork, frame.wide), (frame.long + frame.fork) / 2)


def _hull(frame: Frame, paint: Colour, back: float, front: float, half: float) -> list[Mesh]:
    low, waist = frame.wheel * 0.5, frame.hood * 0.55
    weight = back + 0.3 * frame.long
    dark = (paint[0] * 0.4, paint[1] * 0.4, paint[2] * 0.4)
    parts = [box([back, -half, low], [front, half, waist], paint),
             box([back, -half * 0.9, waist], [weight, half * 0.9, frame.hood], dark if frame.split else paint),
             box([back, -half, low], [back + 0.15, half, waist * 0.8], DARK)]
    if frame.stand:
        return [*parts, box([weight, -half * 0.9, waist], [weight + 0.12, half * 0.9, frame.hood + 0.15], DARK)]
    return [*parts, box([weight, -0.28, waist], [weight + 0.5, 0.28, frame.hood - 0.05], DARK),
            box([weight - 0.02, -0.25, frame.hood - 0.05], [weight + 0.1, 0.25, frame.hood + 0.45], DARK),
            box([front - 0.25, -half * 0.7, waist], [front - 0.1, half * 0.7, frame.hood + 0.2], dark),
            bar([front - 0.3, 0.1, frame.hood + 0.1], [front - 0.2, -0.1, frame.hood + 0.25], 0.12, DARK, 6)]


def _guard(frame: Frame, back: float, front: float, half: float, paint: Colour) -> list[Mesh]:
    rear = back + 0.2 * frame.long
    parts = []
    for y in (half * 0.85, -half * 0.85):
        parts += [bar([rear, y, frame.hood * 0.9], [rear + 0.1, y, frame.roof], 0.035, DARK),
                  bar([front - 0.08, y, frame.hood * 0.5], [front - 0.3, y, frame.roof], 0.035, DARK),
                  box([rear, y - 0.04, frame.roof], [front - 0.2, y + 0.04, frame.roof + 0.06], DARK)]
    slats = np.linspace(rear, front - 0.25, 6)
    parts += [box([x, -half * 0.85, frame.roof], [x + 0.07, half * 0.85, frame.roof + 0.05], DARK) for x in slats]
    if frame.cab:
        parts += [box([rear - 0.02, -half * 0.88, frame.hood], [rear + 0.06, half * 0.88, frame.roof], (120, 105, 90)),
                  box([rear, -half * 0.9, frame.roof], [front - 0.2, half * 0.9, frame.roof + 0.08], paint)]
    return parts


def _mast(frame: Frame, front: float, lift: float, paint: Colour) -> list[Mesh]:
    parts = []
    for y in (0.26, -0.26):
        parts += [box([front, y - 0.05, 0.06], [front + 0.1, y + 0.05, frame.mast], STEEL),
                  box([front + 0.14, y * 0.8 - 0.06, lift], [front + frame.fork, y * 0.8 + 0.06, lift + 0.05], DARK),
                  box([front + 0.1, y * 0.8 - 0.06, lift], [front + 0.15, y * 0.8 + 0.06, lift + 0.5], DARK)]
    parts += [box([front, -0.3, z], [front + 0.08, 0.3, z + 0.08], STEEL) for z in (frame.mast * 0.5, frame.mast - 0.1)]
    wide = frame.wide * 0.42
    parts += [box([front + 0.08, -wide, lift + z], [front + 0.13, wide, lift + z + 0.09], DARK) for z in (0.1, 0.45)]
    parts += [bar([front + 0.1, y, lift + 0.5], [front + 0.1, y, lift + 1.1], 0.02, DARK) for y in
              np.linspace(-wide, wide, 5)]
    return [*parts, bar([front + 0.03, 0, 0.3], [front + 0.03, 0, frame.mast - 0.2], 0.05, STEEL, 6)]


def pallet(colour: Colour = WOOD) -> Mesh:
    """An empty pallet, 1.2 x 0.8 m."""
    boards = [box([-0.6, y - 0.05, 0.12], [0.6, y + 0.05, 0.145], colour) for y in np.linspace(-0.35, 0.35, 6)]
    blocks = [box([x - 0.07, y - 0.05, 0], [x + 0.07, y + 0.05, 0.12], colour) for x in (-0.5, 0, 0.5)
              for y in (-0.33, 0.33)]
    return joined([*boards, *blocks])


def load(rng: np.random.Generator, x: float, z: float, deep: float) -> Mesh:
    """A pallet with goods on forks that begin at x, z."""
    blue, green, red = (float(v) for v in rng.uniform(60, 230, 3))
    tall, middle = float(rng.uniform(0.2, 1.3)), x + deep / 2
    goods = box([middle - 0.5, -0.42, z + 0.15], [middle + 0.5, 0.42, z + 0.15 + tall], (blue, green, red))
    return joined([pallet().placed(middle, 0, 0, z), goods])


def pallet_truck(number: int, rng: np.random.Generator) -> Body:
    """A hand jack (0, 1, 4), or a powered one (2, 3, 5), often with a load; the handle is at the back."""
    paint, long = PAINT[int(rng.integers(len(PAINT)))], (1.15, 1.0, 1.25, 1.4, 1.1, 1.3)[number]
    powered, low = number in (2, 3, 5), float(rng.uniform(0.05, 0.12))
    motor = 0.4 if powered else 0.22
    back, front = -(long + motor) / 2, (long + motor) / 2
    parts = [box([back + motor, y - 0.08, low], [front, y + 0.08, low + 0.07], paint) for y in (0.19, -0.19)]
    parts.append(box([back + motor - 0.1, -0.27, low], [back + motor, 0.27, low + 0.35], paint))
    if powered:
        parts += [box([back, -0.35, 0.08], [back + motor - 0.08, 0.35, float(rng.uniform(0.6, 0.9))], paint),
                  box([back, -0.35, 0.04], [back + motor, 0.35, 0.2], DARK)]
    tilt = float(rng.uniform(0.1, 0.7))
    top = [back - 0.9 * np.sin(tilt), 0, 0.25 + 0.9 * np.cos(tilt)]
    parts += [bar([back + 0.05, 0, 0.25], top, 0.025, DARK), wheel(back + 0.12, 0.06, 0.1, 0.06),
              bar([top[0], -0.16, top[2]], [top[0], 0.16, top[2]], 0.03, DARK)]
    if rng.random() < 0.5:
        parts.append(load(rng, back + motor + 0.05, low + 0.06, long - 0.05))
    return Body(Kind.PALLET_TRUCK, joined(parts), (long + motor, 0.6), front)


def roll_cage(number: int, rng: np.random.Generator) -> list[Body]:
    """A cage on four castors, and what lies in it as bodies that are ignored."""
    own = np.random.default_rng([223, number])
    long, wide, tall = own.uniform(0.7, 0.9), own.uniform(0.65, 0.85), own.uniform(1.45, 1.85)
    wire: Colour = ((165, 168, 170), (120, 122, 125), (150, 110, 60))[number % 3]
    x, y, sides = long / 2, wide / 2, 3 + number % 2
    parts = [box([-x, -y, 0.15], [x, y, 0.19], wire)]
    parts += [wheel(cx, cy, 0.07, 0.04) for cx in (-x + 0.08, x - 0.08) for cy in (-y + 0.08, y - 0.08)]
    runs = [([-x, -y], [x, -y]), ([-x, y], [x, y]), ([-x, -y], [-x, y]), ([x, -y], [x, y])][:sides]
    for start, end in runs:
        count = 4 + number % 3
        for share in np.linspace(0, 1, count):
            spot = np.array(start) * (1 - share) + np.array(end) * share
            thick = 0.016 if share in (0.0, 1.0) else 0.006
            parts.append(bar([*spot, 0.17], [*spot, tall], thick, wire))
        parts += [bar([*start, z], [*end, z], 0.01, wire) for z in np.linspace(0.5, tall, 3 + number % 2)]
    cage = Body(Kind.ROLL_CAGE, joined(parts), (float(long), float(wide)))
    return [cage, *_filling(rng, x, y, tall)] if rng.random() < 0.75 else [cage]


def _filling(rng: np.random.Generator, x: float, y: float, tall: float) -> list[Body]:
    level, found = 0.2, []
    while level < rng.uniform(0.5, tall - 0.2):
        high = float(rng.uniform(0.15, 0.4))
        for way in (-1, 1):
            colour = carton(rng)
            part = box([way * x * 0.5 - x * 0.45, -y * rng.uniform(0.6, 0.92), level],
                       [way * x * 0.5 + x * 0.45, y * rng.uniform(0.6, 0.92), level + high], colour)
            found.append(Body(Kind.PARCEL, part, (0.4, 0.4), ignored=True))
        level += high
    return found


def carton(rng: np.random.Generator) -> Colour:
    """A parcel's colour: kraft mostly, else white, grey or anything."""
    base = np.array([(100, 145, 185), (215, 220, 225), (110, 115, 120), rng.uniform(30, 230, 3)]
                    [int(rng.choice(4, p=[0.62, 0.15, 0.08, 0.15]))], float)
    b, g, r = (float(v) for v in np.clip(base + rng.normal(0, 14, 3), 5, 250))
    return b, g, r


def parcel(rng: np.random.Generator) -> Body:
    """One carton with a strip of tape and mostly a label."""
    long, wide, tall = rng.uniform(0.25, 0.75), rng.uniform(0.2, 0.55), rng.uniform(0.12, 0.55)
    colour, x, y = carton(rng), long / 2, wide / 2
    tape: Colour = (colour[0] * 0.8, colour[1] * 0.85, colour[2] * 0.9)
    parts = [box([-x, -y, 0], [x, y, tall], colour),
             box([-x - 0.002, -0.03, 0.01], [x + 0.002, 0.03, tall + 0.002], tape)]
    if rng.random() < 0.7:
        parts.append(box([x * 0.1, y * 0.2, tall], [x * 0.8, y * 0.85, tall + 0.003], (235, 235, 235)))
    return Body(Kind.PARCEL, joined(parts), (float(long), float(wide)))
