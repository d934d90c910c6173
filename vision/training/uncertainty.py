"""Settle what a stated uncertainty must hold: errors on calibration scenes beside what the fits knew.

    python -m vision.training.uncertainty --scenes out/calibration --count 120

Scenes are drawn once and kept; papers, tables and seeds are those of no other set.
"""
import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.answer import Answer
from vision.measure.camera import Floats
from vision.measure.measure import Measurer
from vision.measure.rig import Rig, load_rig
from vision.model import load_model
from vision.scene.mesh import Wear
from vision.scene.table import ParcelModel, TableScene, render

STREAM, FAMILIES = 205, (6, 7)
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Case:
    """A scene, its answer and its true length, width, height in mm."""
    number: int
    kind: str
    truth_mm: tuple[float, float, float]
    answer: Answer

    def errors_mm(self) -> Floats:
        """Measured minus true; NaN when refused."""
        found = (self.answer.length_mm, self.answer.width_mm, self.answer.height_mm)
        return np.asarray([np.nan if value is None else value for value in found] - np.array(self.truth_mm))


def scene(number: int, rig: Rig) -> TableScene:
    """Calibration scene of that number: a whole parcel within the zone, seven in ten of them boxes, half of those
    worn."""
    rng = np.random.default_rng([STREAM, number])
    kind = str(rng.choice(["box", "tube", "polybag"], p=[0.7, 0.15, 0.15]))
    while True:
        parcel = _parcel(rng, kind)
        reach = np.abs(ParcelModel(parcel.length_mm, parcel.width_mm, 10, 0, 0, parcel.yaw_deg).corners()[:, :2])
        free = np.array(rig.zone_mm) / 2 - reach.max(axis=0) - 6
        if free.min() > 0:
            break
    x, y = rng.uniform(-free, free)
    at = ParcelModel(parcel.length_mm, parcel.width_mm, parcel.height_mm, float(x), float(y), parcel.yaw_deg, kind,
                     parcel.seed, wear=parcel.wear)
    table = int(rng.integers(0, 10 ** 8)) * 10 + int(rng.choice(FAMILIES))
    return TableScene(at, table, float(rng.uniform(0.45, 1.15)), busy=bool(rng.random() < 0.5))


def _parcel(rng: np.random.Generator, kind: str) -> ParcelModel:
    length = float(rng.uniform(110, 560))
    width = float(rng.uniform(max(80, length / 4), length))
    height = float(np.exp(rng.uniform(np.log(20), np.log(500))))
    if kind == "tube":
        length, width = float(rng.uniform(180, 560)), float(rng.uniform(55, 140))
        height = width
    if kind == "polybag":
        height = float(rng.uniform(0.15, 0.45)) * width
    worn = kind != "box" or rng.random() < 0.5
    bulge = float(rng.uniform(4, 16)) if rng.random() < 0.2 else float(abs(rng.normal(0, 0.7)))
    gloss = float(rng.uniform(0.2, 1)) if rng.random() < 0.3 else 0.0
    wear = Wear(bulge, 0.0, float(rng.uniform(0.5, 6)), gloss, int(rng.integers(0, 10 ** 8)))
    paper = int(rng.integers(0, 10 ** 8)) * 10 + int(rng.choice(FAMILIES))
    yaw = float(rng.uniform(0, 180))
    return ParcelModel(length, width, height, 0, 0, yaw, kind, paper, wear=wear if worn else None)


def frames(folder: Path, number: int, rig: Rig) -> dict[str, Picture]:
    """The pictures of a scene, drawn if they are not kept yet."""
    found = {}
    for camera in rig.cameras:
        path = folder / f"{number:05d}-{camera.name}.png"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".part.png")
            cv2.imwrite(str(beside), render(scene(number, rig), rig, camera.name), [cv2.IMWRITE_PNG_COMPRESSION, 1])
            beside.replace(path)
        found[camera.name] = np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), dtype=np.uint8)
    return found


def cases(measurer: Measurer, folder: Path, numbers: Sequence[int]) -> Iterator[Case]:
    """Measure calibration scenes."""
    for number in numbers:
        parcel = scene(number, measurer.rig).parcel
        assert parcel is not None  # noqa: S101  # narrows for the type checker; every calibration scene has one
        answer = measurer.measure(frames(folder, number, measurer.rig)).answer
        yield Case(number, parcel.kind, parcel.truth_mm(), answer)


def figures(done: Sequence[Case]) -> dict[str, object]:
    """Answered, errors and coverage of each kind."""
    found: dict[str, object] = {}
    for kind in sorted({case.kind for case in done}):
        mine = [case for case in done if case.kind == kind]
        answered = [case for case in mine if case.answer.answered]
        errors = np.abs(np.array([case.errors_mm() for case in answered]).reshape(-1, 3))
        half = np.array([case.answer.uncertainty_mm for case in answered]).reshape(-1, 3)
        found[kind] = {"n": len(mine), "answered": len(answered),
                       "as_kind": sum(case.answer.kind == kind for case in answered),
                       "error_mm": {f"p{q}": _quantile(errors, q) for q in (50, 95, 99, 100)},
                       "half_mm": _quantile(half, 50), "within_percent": round(100 * float((errors <= half).mean()), 1)
                       if errors.size else None,
                       "refused": [f"{c.number}:{c.answer.reason}" for c in mine if not c.answer.answered]}
    return found


def _quantile(values: Floats, percent: float) -> float | None:
    return round(float(np.quantile(values, percent / 100)), 2) if values.size else None


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Errors and stated uncertainties on the calibration scenes.")
    parser.add_argument("--scenes", type=Path, default=Path("out/calibration"))
    parser.add_argument("--rig", type=Path, default=Path("config/rig.toml"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--count", type=int, default=120)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    measurer = Measurer(load_rig(chosen.rig), load_model(chosen.models, "parcel_corners"))
    done = list(cases(measurer, chosen.scenes, range(chosen.count)))
    print(json.dumps(figures(done), indent=1))


if __name__ == "__main__":
    main()
