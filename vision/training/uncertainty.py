"""Settle what a stated uncertainty must hold: errors on calibration scenes beside what the fits knew.

    python -m vision.training.uncertainty --scenes out/calibration --count 480

Scenes are drawn once and kept; papers, tables and seeds are those of no other set. Boxes are told apart by their wear:
new and exact; all faces swollen alike, the lid alone, the sides alone; corners out of square; and each face by itself,
out of square as well.
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

STREAM, FAMILIES = 206, (6, 7)
KINDS = ("exact", "alike", "lid", "sides", "skewed", "apart", "tube", "polybag")
"""What the scenes are, in turn."""
MOST_MM, SQUARE_MM, WRONG_MM = 8.0, 2.0, 5.0
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
    """Calibration scene of that number: a whole parcel within the zone."""
    rng = np.random.default_rng([STREAM, number])
    while True:
        at = _parcel(rng, KINDS[number % len(KINDS)])
        if np.abs(at.points()[:, :2]).max() < min(rig.zone_mm) / 2 - 4:
            break
    table = int(rng.integers(0, 10 ** 8)) * 10 + int(rng.choice(FAMILIES))
    return TableScene(at, table, float(rng.uniform(0.45, 1.15)), busy=bool(rng.random() < 0.5))


def _parcel(rng: np.random.Generator, kind: str) -> ParcelModel:
    length = float(rng.uniform(110, 560))
    width = float(rng.uniform(max(80, length / 4), length))
    height = float(np.exp(rng.uniform(np.log(25), np.log(460))))
    if kind == "tube":
        length, width = float(rng.uniform(180, 560)), float(rng.uniform(55, 140))
        height = width
    if kind == "polybag":
        height = float(rng.uniform(0.15, 0.45)) * width
    wear = worn(rng, kind)
    paper = int(rng.integers(0, 10 ** 8)) * 10 + int(rng.choice(FAMILIES))
    x, y = (float(v) for v in rng.uniform(-260, 260, 2))
    shape = kind if kind in ("tube", "polybag") else "box"
    return ParcelModel(length, width, height, x, y, float(rng.uniform(0, 180)), shape, paper, wear=wear)


def worn(rng: np.random.Generator, kind: str) -> Wear | None:
    """The wear of a parcel of that kind; none for a new box."""
    bulge, seed = float(rng.uniform(0, MOST_MM)), int(rng.integers(0, 10 ** 8))
    round_, gloss, some = float(rng.uniform(0.5, 5)), float(rng.uniform(0, 0.5)), rng.uniform(0.75, 1.0, 5)
    own, square = rng.uniform(0, 1, 5), float(rng.uniform(0, SQUARE_MM))
    shares = {"alike": some, "lid": some * [1, 0, 0, 0, 0], "sides": some * [0, 1, 1, 1, 1], "apart": own}
    if kind == "exact":
        return None
    if kind == "skewed":
        return Wear(0.0, 0.0, 1.0, gloss, seed, SQUARE_MM)
    if kind in shares:
        square = square if kind == "apart" else 0.0
        return Wear(bulge, 0.0, round_, gloss, seed, square, tuple(float(v) for v in shares[kind]))
    return Wear(0.0, 0.0, round_, gloss, seed)


def frames(folder: Path, number: int, rig: Rig) -> dict[str, Picture]:
    """The pictures of a scene, drawn if they are not kept yet."""
    found = {}
    for camera in rig.cameras:
        path = folder / f"{STREAM}-{number:05d}-{camera.name}.png"
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
        yield Case(number, KINDS[number % len(KINDS)], parcel.truth_mm(), answer)


def figures(done: Sequence[Case]) -> dict[str, object]:
    """Answered, errors and coverage of each kind."""
    found: dict[str, object] = {}
    for kind in sorted({case.kind for case in done}):
        mine = [case for case in done if case.kind == kind]
        answered = [case for case in mine if case.answer.answered]
        errors = np.abs(np.array([case.errors_mm() for case in answered]).reshape(-1, 3))
        half = np.array([case.answer.uncertainty_mm for case in answered]).reshape(-1, 3)
        shape = kind if kind in ("tube", "polybag") else "box"
        found[kind] = {"n": len(mine), "answered": len(answered),
                       "as_kind": sum(case.answer.kind == shape for case in answered),
                       "wrong": int((errors.max(axis=1) > WRONG_MM).sum()) if errors.size else 0,
                       "error_mm": {f"p{q}": _quantile(errors, q) for q in (50, 95, 99, 100)},
                       "half_mm": {f"p{q}": _quantile(half, q) for q in (50, 90)},
                       "within_percent": round(100 * float((errors <= half).mean()), 1) if errors.size else None,
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
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=480)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    measurer = Measurer(load_rig(chosen.rig), load_model(chosen.models, "parcel_corners"))
    done = list(cases(measurer, chosen.scenes, range(chosen.first, chosen.first + chosen.count)))
    print(json.dumps(figures(done), indent=1))


if __name__ == "__main__":
    main()
