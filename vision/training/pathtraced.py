"""Path-traced tuning pictures (vision.training.cycles.tune) as blocks of training samples.

    python -m vision.training.pathtraced --pictures out/tune --out out/tuning
"""
import argparse
from pathlib import Path
from typing import Any

import numpy as np

from vision.measure.camera import Floats, Pinhole
from vision.measure.net import NET_PX
from vision.scene.paint import Picture
from vision.training.recipe import Sample, Sighted, targets_of
from vision.training.store import BLOCK, keep

NEAR_MM = 4.0


def corners_of(around: Floats, points: Floats) -> Floats:
    """Corners (8, 3) mm of a box from the upright box around its surface: where that bulges, the nearest points."""
    away = np.linalg.norm(points[None] - around[:, None], axis=2)
    nearest = points[away.argmin(axis=1)]
    return np.asarray(np.where((away.min(axis=1) < NEAR_MM)[:, None], around, nearest))


def sample_of(held: dict[str, Any]) -> Sample | None:
    """One picture with its targets; None with a hand, whose pixels are not known."""
    if bool(held["hand"]):
        return None
    view = Pinhole(held["matrix"], held["rotation"], held["translation"], NET_PX)
    bodies = [Sighted(str(kind), held[f"points_{n}"], corners_of(held[f"corners_{n}"], held[f"points_{n}"]))
              for n, kind in enumerate(held["kinds"])]
    blank: Picture = np.zeros((NET_PX[1], NET_PX[0]), dtype=np.uint8)
    return Sample(np.asarray(held["picture"], dtype=np.uint8), np.stack(targets_of(bodies, view, blank)))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Make training samples of path-traced pictures.")
    parser.add_argument("--pictures", type=Path, default=Path("out/tune"))
    parser.add_argument("--out", type=Path, default=Path("out/tuning"))
    chosen = parser.parse_args()
    found = (sample_of(dict(np.load(path))) for path in sorted(chosen.pictures.glob("*.npz")))
    samples = [each for each in found if each is not None]
    chosen.out.mkdir(parents=True, exist_ok=True)
    for number, first in enumerate(range(0, len(samples), BLOCK)):
        keep(chosen.out, number, samples[first:first + BLOCK])


if __name__ == "__main__":
    main()
