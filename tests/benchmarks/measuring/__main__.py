"""`make bench-measure`: every figure of the measurer's protocol, with n, 95 % intervals and the machine it ran on.

    python -m tests.benchmarks.measuring --drawn 2000 --cycles out/cycles --photographs ../shared/data/parcels_real

Sets that are not there are said to be missing; a smaller --drawn prints its n.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from tests.benchmarks.figures import machine
from tests.benchmarks.measuring import classes, controls, cost, drawn
from tests.benchmarks.measuring.photographs import photographs
from vision.measure.command import Gallery, Progress
from vision.measure.measure import Measurer
from vision.measure.rig import Rig, load_rig
from vision.measure.scenes import NAME, read_scenes
from vision.measure.table import Figure, Result, aligned, table
from vision.model import load_model

KNOWN = {"s1": "drawn by the rasteriser, held-out papers and tables", "s2": "path-traced boxes and refusals",
         "s3": "path-traced bags and tubes"}  # fmt: skip


def main() -> None:
    """Command line."""
    chosen = options()
    cv2.setNumThreads(1)
    measurer = Measurer(load_rig(chosen.rig), load_model(chosen.models, "parcel_corners"))
    say(f"measurer: {measurer.model.line.file} {measurer.model.line.sha256[:12]}; {machine()}")
    kept: dict[str, list[Result]] = {}
    for name, work in sets(chosen, measurer):
        try:
            kept[name] = work()
        except FileNotFoundError:
            say(f"\n== {name.upper()}: not there; make render-s2 makes it\n")
            continue
        report(name, kept[name])
    others(chosen, measurer)
    if chosen.out:
        write(chosen.out, kept)
    say(f"\nafter: {machine()}")


def options() -> argparse.Namespace:
    """What is measured, and with what."""
    parser = argparse.ArgumentParser(prog="make bench-measure", description="Measure the measurer.")
    parser.add_argument("--drawn", type=int, default=2000, help="scenes of S1; 0 leaves it out")
    parser.add_argument("--controls", type=int, default=20, help="scenes of each scrambled calibration")
    parser.add_argument("--shots", type=int, default=60, help="measures that are timed at each number of threads")
    parser.add_argument("--cycles", type=Path, default=Path("out/cycles"), help="where s2 and s3 lie")
    parser.add_argument("--photographs", type=Path, default=None, help="folder of the labelled photographs, S5")
    parser.add_argument("--rig", type=Path, default=Path("config/rig.toml"), help="rig of the drawn scenes")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--out", type=Path, default=None, help="write every answer of every set to this file")
    return parser.parse_args()


def say(text: str) -> None:
    """To standard output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def sets(chosen: argparse.Namespace, measurer: Measurer) -> Iterator[tuple[str, Callable[[], list[Result]]]]:
    """Name of each set and what measures it."""
    if chosen.drawn:
        yield "s1", lambda: list(drawn.results(measurer, chosen.drawn))
    for name in ("s2", "s3"):
        yield name, lambda name=name: batch(chosen.cycles / name, chosen.models)  # type: ignore[misc]  # bound at once


def batch(folder: Path, models: Path) -> list[Result]:
    """Every scene of a folder, with the rig that lies in it."""
    if not (folder / NAME).exists():
        raise FileNotFoundError(folder)
    rig: Rig = load_rig(folder / "rig.toml")
    gallery = Gallery(folder / "rig.toml", Measurer(rig, load_model(models, "parcel_corners")))
    scenes = read_scenes(folder, rig)
    return list(gallery.results(scenes, Progress(len(scenes))))


def report(name: str, results: Sequence[Result]) -> None:
    """The table of a set, then that of each kind of body in it, then what would be charged."""
    say(f"\n== {name.upper()}: {KNOWN[name]}\n")
    say(table(results))
    for what, part in kinds(results):
        say(f"\n-- {name.upper()}, {what}\n")
        say(table(part))
    book = classes.tariff()
    boxes = [each for each in results if body(each) == "box"]
    for what, part in (("boxes", boxes), ("the six standard boxes", [b for b in boxes if "standard" in b.scene.id])):
        if part:
            say(f"\n-- {name.upper()}, size class of {what}\n")
            say(figures(classes.class_figures(part, book)))


def body(result: Result) -> str:
    """What lies there, by the scene's name: box, tube, polybag, or refuse."""
    if not result.scene.answerable:
        return "refuse"
    return next((kind for kind in ("tube", "polybag") if result.scene.id.endswith(kind)), "box")


def kinds(results: Sequence[Result]) -> list[tuple[str, list[Result]]]:
    """The set by kind of body, where there is more than one."""
    names = sorted({body(each) for each in results} - {"refuse"})
    parts = [(f"{name} only", [each for each in results if body(each) == name]) for name in names]
    return parts if len(names) > 1 else []


def figures(found: dict[str, Figure]) -> str:
    """Named figures as lines."""
    return aligned([[f"{name}, %", each.text(), f"n {each.n}"] for name, each in found.items()])


def others(chosen: argparse.Namespace, measurer: Measurer) -> None:
    """Scrambled calibration, repeatability, latency, memory, photographs."""
    say("\n== Scrambled calibration: every one must be refused\n")
    for name, n, words in controls.scrambled(measurer, chosen.controls):
        told = ", ".join(f"{count} {reason}" for reason, count in words.most_common())
        say(f"{name}: refused {n - words['answered']} of {n} ({told})")
    say("\n== Repeatability: standard deviation of length, width, height, mm\n")
    for what, (n, sd) in controls.repeated(measurer).items():
        say(f"{what}: {sd}, n {n} answered of 10")
    costs(chosen, measurer)
    say("\n== S5: photographs of one real parcel, corners only\n")
    say(photo_lines(chosen.photographs, measurer))


def costs(chosen: argparse.Namespace, measurer: Measurer) -> None:
    """Time and memory."""
    shots = [jpegs(measurer, number) for number in range(0, 8 * chosen.shots, 8)]
    for threads in (1, 2):
        found = cost.latency(measurer, chosen.models, shots, threads)
        say(f"\n== JPEG bytes to answer, ms, {threads} thread{'s' * (threads > 1)} ({machine()})\n")
        say(aligned([[name, each.text(), f"n {each.n}"] for name, each in found.items()]))
    with tempfile.TemporaryDirectory() as folder:
        pss, peak = cost.memory_mb(chosen.rig, chosen.models, shots[0], Path(folder))
    say(f"\n== Memory of a process that has measured five pairs: PSS {pss} MB, peak {peak} MB")


def jpegs(measurer: Measurer, number: int) -> cost.Jpegs:
    """What the cameras send of a drawn scene."""
    frames = drawn.pictures(drawn.drawn(number, measurer.rig).scene, measurer.rig)
    quality = [cv2.IMWRITE_JPEG_QUALITY, 90]
    return {name: cv2.imencode(".jpg", frame, quality)[1].tobytes() for name, frame in frames.items()}


def photo_lines(folder: Path | None, measurer: Measurer) -> str:
    """The corner errors, or that there are no photographs."""
    if folder is None or not folder.is_dir():
        return "not run: name the folder of the labelled photographs with --photographs"
    lines = []
    for each in photographs(folder, measurer.model):
        away = np.sort(np.array(each.away_px)) / each.px_per_net_px
        told = ", ".join(f"{v:.1f}" for v in away)
        lines.append(f"{each.name}: from the 8 labelled corners (one is hidden) to the nearest found, in pixels of the "
                     f"net's picture (each {each.px_per_net_px:.1f} px of the photograph): {told}")  # fmt: skip
    return "\n".join(lines)


def write(path: Path, kept: dict[str, list[Result]]) -> None:
    """Every answer with its truth, one JSON object per line."""
    rows = [{"set": name, "id": r.scene.id, "truth_mm": r.scene.truth_mm, "answerable": r.scene.answerable,
             **r.answer.document()} for name, results in kept.items() for r in results]  # fmt: skip
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
