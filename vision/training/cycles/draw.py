"""Where all randomness of the path-traced sets comes from: streams that no other part of the training code opens."""
import numpy as np

#: First word of every stream; the rasteriser and its recipe open streams below 1000.
STREAM = {"test": 9100, "tune": 9200}
PURPOSES = ("plan", "shape", "paper", "table", "light", "lens", "sensor", "hand")


def stream(split: str, number: int, purpose: str, part: int = 0) -> np.random.Generator:
    """The randomness of one purpose of one scene of the test or the tuning split."""
    return np.random.default_rng([STREAM[split] + PURPOSES.index(purpose), number, part])
