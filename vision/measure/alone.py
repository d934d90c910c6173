"""Whether each of two views, fitted by itself, turns a box alike; where they do not, it moved between the frames."""
from collections.abc import Sequence

import numpy as np

from vision.measure.attempts import Colours, best_attempt
from vision.measure.camera import Floats
from vision.measure.corners import Seen

MOST_TURN_MM = 3.3
"""How far apart two views may turn the corners of a box that lay still: 3.0 mm was the worst of 58, 1.1 mm the 95th of
a hundred. Sizes and places differ by centimetres on swollen boxes that lay still, so that they tell nothing."""


def turned(seen: Sequence[Seen], colours: Colours) -> bool:
    """Whether both of two views bear out a box of their own, and turn it differently."""
    if len(seen) != 2:
        return False
    own = [best_attempt([one], [planes]) for one, planes in zip(seen, colours, strict=True)]
    boxes = [each.fit.box for each in own if each is not None and each.sound()]
    return len(boxes) == 2 and turn_mm(*boxes) > MOST_TURN_MM


def turn_mm(one: Floats, other: Floats) -> float:
    """How far the corners of a box move by the turn between two box vectors; a quarter turn is none."""
    turn = (one[2] - other[2] + np.pi / 4) % (np.pi / 2) - np.pi / 4
    return float(abs(turn) * np.hypot(*one[3:5]) / 2)
