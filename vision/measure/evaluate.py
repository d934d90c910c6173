"""How well the measurer measures drawn parcels: the held-out set, printed with n.

    python -m vision.measure.evaluate --rig config/rig.toml --models models --count 200
"""
import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vision.measure.camera import Floats
from vision.measure.measure import Answer, Measurer
from vision.measure.rig import Rig, load_rig
from vision.measure.scan import Scanner
from vision.model import load_model
from vision.scene.label import drawn_label
from vision.scene.table import ParcelModel, TableScene, render

SETS = {"calibration": (201, (6, 7)), "held-out": (301, (8, 9))}
"""Seed and families of paper and table of each set; training uses families 0-5 only."""


@dataclass(frozen=True)
class Trial:
    """One measured scene and its truth."""
    scene: TableScene
    answer: Answer

    def errors(self) -> Floats:
        """Measured minus true length, width, height in mm."""
        parcel, answer = self.scene.parcel, self.answer
        if parcel is None:
            return np.full(3, np.nan)
        measured = np.array([answer.length_mm, answer.width_mm, answer.height_mm], dtype=np.float64)
        return np.asarray(measured - np.array([parcel.length_mm, parcel.width_mm, parcel.height_mm]))


def measurable(which: str, number: int, rig: Rig) -> TableScene:
    """Scene of that number: one whole box of 20 to 600 mm inside the zone, in light enough to see by."""
    seed, families = SETS[which]
    rng = np.random.default_rng([seed, number])
    length = float(rng.uniform(100, 600))
    width = float(rng.uniform(max(70, length / 4), length))
    height, yaw = float(np.exp(rng.uniform(np.log(20), np.log(500)))), float(rng.uniform(0, 180))
    reach = ParcelModel(length, width, height, 0, 0, yaw).corners()[:, :2].max(axis=0)
    free = np.array(rig.zone_mm) / 2 - reach
    if free.min() < 0:
        yaw, free = 0.0, np.array([rig.zone_mm[0] - length, rig.zone_mm[1] - width]) / 2
    x, y = rng.uniform(-free, free)
    paper, table = (int(rng.integers(0, 10 ** 8)) * 10 + int(rng.choice(families)) for _ in range(2))
    parcel = ParcelModel(round(length, 1), round(width, 1), round(height, 1), float(x), float(y), yaw, seed=paper)
    return TableScene(parcel, table, float(rng.uniform(0.45, 1.15)))


def trials(measurer: Measurer, which: str, first: int, count: int) -> Iterator[Trial]:
    """Draw and measure that many scenes of a set."""
    for number in range(first, first + count):
        scene = measurable(which, number, measurer.rig)
        frames = {camera.name: render(scene, measurer.rig, camera.name) for camera in measurer.rig.cameras}
        yield Trial(scene, measurer.measure(frames).answer)


def summary(done: list[Trial]) -> dict[str, object]:
    """Answered share, errors, uncertainty, coverage and refusals of a run."""
    answered = [t for t in done if t.answer.answered]
    errors = np.array([t.errors() for t in answered]).reshape(-1, 3)
    half = np.array([t.answer.uncertainty_mm for t in answered]).reshape(-1, 3)
    size = np.abs(errors)
    return {"n": len(done), "answered_percent": _round(100 * len(answered) / max(len(done), 1)),
            "error_mm": {f"p{q}": _quantile(size, q) for q in (50, 95, 99, 100)},
            "bias_mm": [_round(float(b)) for b in errors.mean(axis=0)] if len(errors) else None,
            "uncertainty_median_mm": _quantile(half, 50),
            "within_uncertainty_percent": _round(100 * float((size <= half).mean())) if len(size) else None,
            "all_three_within_5_mm_percent": _round(100 * float((size.max(axis=1) <= 5).mean())) if len(size) else None,
            "refused": dict(Counter(str(t.answer.reason) for t in done if not t.answer.answered)),
            "elapsed_ms": {f"p{q}": _quantile(np.array([t.answer.elapsed_ms for t in done], float), q)
                           for q in (50, 95)}}


def labels_read(measurer: Measurer, first: int, count: int) -> dict[str, object]:
    """Share of labels of a new number read on parcels of 50 to 500 mm height, any yaw, within one and three looks."""
    looks = Counter(_looks_needed(measurer, number) for number in range(first, first + count))
    return {"n": count, "read_at_first_look": looks[1], "read_within_three_looks": looks[1] + looks[2] + looks[3]}


def _looks_needed(measurer: Measurer, number: int) -> int:
    text, scene = labelled(number)
    scanner = Scanner(measurer)
    for look in (1, 2, 3):
        frames = {c.name: render(replace(scene, frame=look), measurer.rig, c.name) for c in measurer.rig.cameras}
        if look == 1:
            scanner.remember(measurer.measure(frames))
        if any(code.text == text for code in scanner.scan(frames, text)):
            return look
    return 0


def labelled(number: int) -> tuple[str, TableScene]:
    """A thirteen-digit number and a parcel that carries it on a label stuck at any yaw."""
    rng = np.random.default_rng([401, number])
    text = f"{rng.integers(10 ** 12, 10 ** 13)}"
    label = drawn_label(text, yaw_deg=float(rng.choice([0.0, 90.0, rng.uniform(0, 360)])))
    length, width, height = (float(rng.uniform(*span)) for span in ((200, 450), (180, 350), (50, 500)))
    x, y, yaw = (float(rng.uniform(*span)) for span in ((-90, 90), (-90, 90), (0, 360)))
    parcel = ParcelModel(length, width, height, x, y, yaw, seed=int(rng.integers(0, 1000)), label=label)
    return text, TableScene(parcel, int(rng.integers(0, 6)))


def _round(value: float) -> float:
    return round(value, 2)


def _quantile(values: Floats, percent: float) -> float | None:
    return _round(float(np.quantile(values, percent / 100))) if values.size else None


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Measure drawn parcels and print how well it went.")
    parser.add_argument("--rig", type=Path, default=Path("config/rig.toml"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--set", choices=[*sorted(SETS), "labels"], default="held-out")
    parser.add_argument("--count", type=int, default=200)
    chosen = parser.parse_args()
    measurer = Measurer(load_rig(chosen.rig), load_model(chosen.models, "parcel_corners"))
    if chosen.set == "labels":
        found = labels_read(measurer, 0, chosen.count)
    else:
        found = summary(list(trials(measurer, chosen.set, 0, chosen.count)))
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
