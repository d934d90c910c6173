"""The pictures of docs/measuring.md: answers drawn over what the left camera saw; good ones, refusals, the worst.

    python -m tests.benchmarks.measuring.pictures --out docs/pictures/measuring --cycles out/cycles --scenes 0 8 277
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from tests.benchmarks.measuring import drawn
from vision.measure.cuboid import box_points
from vision.measure.measure import Measurer, Outcome, Picture, straightened
from vision.measure.rig import load_rig
from vision.measure.scenes import NAME, Scene, read_scenes
from vision.measure.table import Result
from vision.model import Model, load_model

WIDE_PX = 640
QUALITY = 82
INK, PALE = (40, 220, 40), (60, 60, 235)


@dataclass(frozen=True)
class Shot:
    """A measured scene with its picture."""

    result: Result
    outcome: Outcome
    left: Picture

    def off_mm(self) -> float:
        """Greatest error of a side; 0 for a refusal."""
        errors = self.result.errors()
        return float(np.abs(errors).max()) if errors is not None else 0.0


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Draw the pictures of docs/measuring.md.")
    parser.add_argument("--out", type=Path, default=Path("docs/pictures/measuring"))
    parser.add_argument("--scenes", type=int, nargs="*", default=list(range(40)), help="numbers of drawn scenes")
    parser.add_argument("--cycles", type=Path, default=Path("out/cycles"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--each", type=int, default=3)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    chosen.out.mkdir(parents=True, exist_ok=True)
    model = load_model(chosen.models, "parcel_corners")
    shots = [*of_drawn(chosen.scenes, model), *of_cycles(chosen.cycles, model)]
    for what, found in sorted_out(shots, chosen.each).items():
        for n, shot in enumerate(found, 1):
            path = chosen.out / f"{what}-{n}.jpg"
            cv2.imwrite(str(path), marked(shot), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
            sys.stdout.write(f"{path.name}: {told(shot)}\n")


def of_drawn(numbers: Iterable[int], model: Model) -> Iterator[Shot]:
    """Of S1, these."""
    measurer = Measurer(load_rig(Path("config/rig.toml")), model)
    for number in numbers:
        one = drawn.drawn(number, measurer.rig)
        frames = drawn.pictures(one.scene, measurer.rig)
        yield shot(measurer, one.listed(), frames)


def of_cycles(folder: Path, model: Model) -> Iterator[Shot]:
    """S2 and S3, as far as they are there."""
    for part in (folder / "s2", folder / "s3"):
        if (part / NAME).exists():
            measurer = Measurer(load_rig(part / "rig.toml"), model)
            for scene in read_scenes(part, measurer.rig):
                read = {name: np.asarray(cv2.imread(str(path)), np.uint8) for name, path in scene.images.items()}
                yield shot(measurer, scene, read)


def shot(measurer: Measurer, scene: Scene, frames: dict[str, Picture]) -> Shot:
    """Measure, and keep the left picture as a pinhole sees it."""
    outcome = measurer.measure(frames)
    left = straightened(frames["left"], measurer.rig.camera("left"))
    return Shot(Result(scene, outcome.answer), outcome, left)


def sorted_out(shots: list[Shot], each: int) -> dict[str, list[Shot]]:
    """The best answers, one refusal of each reason, the worst answers, and good scenes that were refused."""
    answered = sorted((s for s in shots if s.result.errors() is not None), key=Shot.off_mm)
    refused = {s.result.answer.reason: s for s in reversed(shots) if not (s.result.answer.answered or _due(s))}
    shy = [s for s in shots if not s.result.answer.answered and _due(s)]
    cycles = [s for s in answered if s.result.scene.id.startswith("test-")]
    return {"good": [*cycles[:each], *answered[:each]][:each], "refused": list(refused.values())[:2 * each],
            "worst": answered[::-1][:each], "shy": shy[:each]}  # fmt: skip


def _due(one: Shot) -> bool:
    return one.result.scene.answerable


def marked(one: Shot) -> Picture:
    """The picture with the answer's edges over it, small."""
    picture = one.left.copy()
    if one.outcome.box is not None and one.outcome.seen and "left" in one.outcome.seen:
        ink = INK if one.result.answer.answered else PALE
        spots = one.outcome.seen["left"].raw.project(box_points(one.outcome.box))
        for a, b in combinations(range(8), 2):
            if bin(_corner(a) ^ _corner(b)).count("1") == 1:
                start, end = ((int(x), int(y)) for x, y in (spots[a], spots[b]))
                cv2.line(picture, start, end, ink, 3, cv2.LINE_AA)
    size = (WIDE_PX, round(WIDE_PX * picture.shape[0] / picture.shape[1]))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _corner(number: int) -> int:
    """Corners 0-3 around the base and 4-7 above them as bits, so that neighbours differ in one."""
    return (0, 1, 3, 2)[number % 4] + 4 * (number // 4)


def told(one: Shot) -> str:
    """What was measured, what is true."""
    answer, truth = one.result.answer, one.result.scene.truth_mm
    size = f"{answer.length_mm} x {answer.width_mm} x {answer.height_mm} ({answer.kind})"
    got = size if answer.answered else f"refused, {answer.reason}"
    true = " x ".join(f"{v:.1f}" for v in truth) if truth else "none"
    return f"{one.result.scene.id}: {got}; true {true}; off {one.off_mm():.1f} mm"


if __name__ == "__main__":
    main()
