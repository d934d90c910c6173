"""What looking costs: one frame of 1080p on the scanner's quick path, and the thorough look at the marked region."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import zxingcpp

from tests.benchmarks.figures import Figure, spread
from tests.vision.codes import held
from vision.measure.glance import MARKED_PX, Glance, middle

NUMBER = "6899900000001"


def codes(rounds: int = 100) -> list[Figure]:
    """Milliseconds of this thread's own processor time, frames with noise of sigma 4: nothing, Code 128, QR."""
    kinds = {"nothing there": None, "Code 128": zxingcpp.BarcodeFormat.Code128, "QR": zxingcpp.BarcodeFormat.QRCode}
    figures = []
    for name, symbology in kinds.items():
        frames = [held(NUMBER, symbology, seed=seed) for seed in range(5)]
        times = [timed(partial(Glance().look, {"left": frames[at % 5]})) for at in range(rounds)]
        figures.append(spread(f"code scan, quick, 1080p, {name}", times, "ms", "10 ms"))
    gray = np.ascontiguousarray(held(NUMBER, None)[:, :, 0])
    times = [timed(lambda: middle(gray, MARKED_PX).read("left")) for _ in range(rounds)]
    return [*figures, spread("code scan, thorough, marked region", times, "ms")]


def timed(do: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    begun = time.thread_time_ns()
    do()
    return (time.thread_time_ns() - begun) / 1e6
