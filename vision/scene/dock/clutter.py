"""What must not be taken for anything: cones, coats, posters, shelves, pallets, bins, columns, furniture."""
from collections.abc import Callable

import numpy as np

from vision.guard.records import Kind
from vision.scene.dock import people
from vision.scene.dock.body import Body
from vision.scene.dock.solids import Colour, Mesh, box, joined, spindle, wheel
from vision.scene.dock.vehicles import WOOD, carton, pallet

Maker = Callable[[np.random.Generator], list[Body]]


def _any(rng: np.random.Generator, low: float = 30, high: float = 225) -> Colour:
    b, g, r = (float(v) for v in rng.uniform(low, high, 3))
    return b, g, r


def _thing(parts: list[Mesh], footprint: tuple[float, float]) -> list[Body]:
    return [Body(None, joined(parts), footprint)]


def cone(rng: np.random.Generator) -> list[Body]:
    """A traffic cone."""
    tall = float(rng.uniform(0.45, 0.95))
    return _thing([box([-0.2, -0.2, 0], [0.2, 0.2, 0.03], (40, 40, 45)),
                   spindle([[0, 0, 0.03], [0, 0, tall * 0.45]], [0.15, 0.09], (30, 90, 240)),
                   spindle([[0, 0, tall * 0.45], [0, 0, tall * 0.7]], [0.09, 0.055], (225, 225, 225)),
                   spindle([[0, 0, tall * 0.7], [0, 0, tall]], [0.055, 0.02], (30, 90, 240))], (0.4, 0.4))


def coats(rng: np.random.Generator) -> list[Body]:
    """Coats on a stand: shapes like people without legs or heads."""
    parts = [spindle([[0, 0, 0], [0, 0, 1.75]], [0.025, 0.025], (60, 60, 65))]
    for _ in range(int(rng.integers(1, 4))):
        turn, top = float(rng.uniform(0, 6.3)), float(rng.uniform(1.4, 1.65))
        x, y = 0.15 * np.cos(turn), 0.15 * np.sin(turn)
        parts.append(spindle([[x, y, top - rng.uniform(0.6, 1.0)], [x, y, top - 0.1], [x * 0.6, y * 0.6, top]],
                             [(0.1, 0.2), (0.08, 0.18), 0.03], _any(rng)))
    return _thing(parts, (0.5, 0.5))


def poster(rng: np.random.Generator) -> list[Body]:
    """An upright board with a small flat person printed on it."""
    who = people.upright(people.build(int(rng.integers(16)), rng), people.pose("stand", rng))
    flat = who.corners * (0.001, 0.42, 0.42) + (0.03, 0, 0.8)
    board = [box([-0.02, -0.4, 0.7], [0.02, 0.4, 1.75], _any(rng, 120, 240)),
             *(box([-0.02, y, 0], [0.02, y + 0.05, 0.7], (70, 70, 70)) for y in (-0.3, 0.25))]
    return _thing([*board, Mesh(flat, who.colours)], (0.3, 0.8))


def shelves(rng: np.random.Generator) -> list[Body]:
    """A rack with cartons on it that are neither right nor wrong."""
    long, tall, deep = float(rng.uniform(1.2, 2.8)), float(rng.uniform(1.6, 2.8)), 0.6
    posts: Colour = (160, 90, 30) if rng.random() < 0.4 else (110, 112, 115)
    parts = [box([x - 0.04, y - 0.04, 0], [x + 0.04, y + 0.04, tall], posts)
             for x in (-deep / 2, deep / 2) for y in (-long / 2, long / 2)]
    found = []
    for level in np.linspace(0.15, tall - 0.5, int(rng.integers(2, 5))):
        parts.append(box([-deep / 2, -long / 2, level], [deep / 2, long / 2, level + 0.05], (40, 110, 230)))
        at = -long / 2 + 0.05
        while at < long / 2 - 0.4:
            wide = float(rng.uniform(0.2, 0.6))
            if rng.random() < 0.65:
                top = [0.25, min(at + wide, long / 2), level + 0.05 + float(rng.uniform(0.12, 0.42))]
                found.append(Body(Kind.PARCEL, box([-0.25, at, level + 0.05], top, carton(rng)), (0.5, 0.5),
                                  ignored=True))
            at += wide + float(rng.uniform(0.02, 0.3))
    return [*_thing(parts, (deep, long)), *found]


def pallets(rng: np.random.Generator) -> list[Body]:
    """Empty pallets in a stack, or one with wrapped goods."""
    count = int(rng.integers(1, 9))
    shade = float(rng.uniform(0.6, 1.2))
    colour = (WOOD[0] * shade, WOOD[1] * shade, WOOD[2] * shade)
    parts = [pallet(colour).placed(0, 0, float(rng.normal(0, 0.03)), n * 0.145) for n in range(count)]
    if count < 3 and rng.random() < 0.6:
        tall = count * 0.145 + float(rng.uniform(0.4, 1.5))
        parts.append(box([-0.55, -0.4, count * 0.145], [0.55, 0.4, tall], _any(rng, 90, 220)))
    return _thing(parts, (1.2, 0.8))


def bin_(rng: np.random.Generator) -> list[Body]:
    """A wheeled bin or a drum."""
    tall, colour = float(rng.uniform(0.6, 1.1)), _any(rng, 20, 170)
    if rng.random() < 0.5:
        return _thing([spindle([[0, 0, 0], [0, 0, tall]], [0.28, 0.28], colour, 10)], (0.6, 0.6))
    return _thing([box([-0.25, -0.25, 0.1], [0.25, 0.25, tall], colour), wheel(-0.2, 0.2, 0.1, 0.05),
                   box([-0.28, -0.28, tall], [0.28, 0.28, tall + 0.06], colour)], (0.6, 0.6))


def column(rng: np.random.Generator) -> list[Body]:
    """A column to the roof with a striped foot."""
    half, colour = float(rng.uniform(0.12, 0.3)), _any(rng, 110, 210)
    stripes = [box([-half - 0.01, -half - 0.01, z], [half + 0.01, half + 0.01, z + 0.2],
                   (30, 210, 240) if n % 2 else (35, 35, 35)) for n, z in enumerate(np.arange(0, 1.2, 0.2))]
    return _thing([box([-half, -half, 0], [half, half, 6.0], colour), *stripes], (2 * half, 2 * half))


def bollard(rng: np.random.Generator) -> list[Body]:
    """A yellow post."""
    return _thing([spindle([[0, 0, 0], [0, 0, rng.uniform(0.7, 1.2)]], [0.09, 0.09], (30, 205, 240), 8)], (0.2, 0.2))


def cabinet(rng: np.random.Generator) -> list[Body]:
    """A cabinet, counter or machine with a darker front."""
    deep, wide, tall = float(rng.uniform(0.4, 0.9)), float(rng.uniform(0.5, 1.6)), float(rng.uniform(0.7, 2.0))
    front = box([deep / 2, -wide * 0.4, tall * 0.3], [deep / 2 + 0.02, wide * 0.4, tall * 0.9], _any(rng, 20, 90))
    return _thing([box([-deep / 2, -wide / 2, 0], [deep / 2, wide / 2, tall], _any(rng)), front], (deep, wide))


def bed(rng: np.random.Generator) -> list[Body]:
    """A bench, sofa or bed, mostly with a cushion or a crumpled blanket: it lies, but nobody does."""
    tall, colour = float(rng.uniform(0.35, 0.55)), _any(rng)
    parts = [box([-1.0, -0.45, 0.1], [1.0, 0.45, tall], colour),
             box([-1.0, 0.35, tall], [1.0, 0.45, tall + rng.uniform(0.05, 0.5)], colour)]
    if rng.random() < 0.7:
        spots = [[x, rng.uniform(-0.2, 0.1), tall + 0.06] for x in np.linspace(-0.7, rng.uniform(0, 0.8), 4)]
        parts.append(spindle(spots, [(0.08, 0.16), (0.12, 0.3), (0.1, 0.25), (0.06, 0.2)], _any(rng)))
    return _thing(parts, (2.0, 0.9))


def heap(rng: np.random.Generator) -> list[Body]:
    """A tarpaulin or clothes on the floor."""
    spots = [[x, rng.uniform(-0.15, 0.15), 0.06] for x in np.linspace(-0.5, 0.5, 4)]
    return _thing([spindle(spots, [(0.05, 0.1), (0.12, 0.35), (0.1, 0.3), (0.04, 0.1)], _any(rng))], (1.0, 0.6))


def chair(rng: np.random.Generator) -> list[Body]:
    """An empty chair."""
    return _thing([people.seat(0.46, _any(rng))], (0.5, 0.5))


MAKERS: tuple[Maker, ...] = (cone, coats, poster, shelves, pallets, bin_, column, bollard, cabinet, bed, heap, chair)
