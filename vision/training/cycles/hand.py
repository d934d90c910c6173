"""An arm that reaches over the table from the customer's side, as capsules of points in table millimetres."""
from collections.abc import Iterator

import numpy as np

from vision.measure.camera import Floats


def limbs(rng: np.random.Generator, tip: Floats) -> Iterator[tuple[Floats, bool]]:
    """Surfaces (rows, columns, 3) mm of an arm whose palm lies at tip; true where the skin is bare."""
    elbow = np.array([tip[0] + rng.uniform(-220, 220), -780.0, tip[2] + rng.uniform(120, 260)])
    wrist = tip + (elbow - tip) * (95 / float(np.linalg.norm(elbow - tip)))
    sleeve = wrist + (elbow - wrist) * rng.uniform(0.05, 0.5)
    yield capsule(sleeve, elbow, 44, 55), False
    yield capsule(wrist, elbow, 29, 38), True
    yield capsule(tip, wrist, 36, 28), True
    ahead = (tip - wrist) / np.linalg.norm(tip - wrist)
    aside = np.cross(ahead, [0.0, 0.0, 1.0])
    for n in range(5):
        spread = (n - 1.7) * 0.23 + rng.normal(0, 0.05) - (0.5 if n == 0 else 0)
        way = ahead * np.cos(spread) + aside * np.sin(spread)
        root = tip + aside * (n - 2) * 17 + ahead * (8 if n else -20)
        knuckle = root + way * rng.uniform(38, 48)
        yield capsule(root, knuckle, 11, 9.5), True
        yield capsule(knuckle, knuckle + way * 34 - np.array([0, 0, rng.uniform(4, 22)]), 9.5, 8), True


def capsule(start: Floats, end: Floats, first: float, last: float) -> Floats:
    """A round bar from start to end with those radii and round ends."""
    axis = end - start
    length = float(np.linalg.norm(axis))
    axis = axis / length
    side = np.cross(axis, [0.31, 0.17, 0.93])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    bow = np.linspace(0, np.pi / 2, 7)
    along = np.concatenate([-first * np.cos(bow), length + last * np.sin(bow)])
    radius = np.concatenate([first * np.sin(bow), last * np.cos(bow)])
    turn = np.linspace(0, 2 * np.pi, 25)
    ring = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other
    return np.asarray(start + along[None, :, None] * axis + ring[:, None] * radius[None, :, None])
