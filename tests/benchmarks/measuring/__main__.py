"""`make bench-measure`: every figure of the measurer's protocol, with n, 95 % intervals and the machine it ran on.

    python -m tests.benchmarks.measuring --drawn 2000 --cycles out/cycles --photographs ../shared/data/parcels_real

Sets that are not there are said to be missing; a smaller --drawn prints its n. Every answer of a set is kept as it is
found (--kept), so a run that was stopped goes on where it was; --minutes ends the measuring and prints what there is.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from tests.benchmarks.figures import machine
from tests.benchmarks.measuring import classes, controls, cost, drawn
from tests.benchmarks.measuring.kept import Kept, maker
from tests.benchmarks.measuring.photographs import photographs
from vision.measure.command import Gallery, Progress
from vision.measure.measure import Answer, Measurer
from vision.measure.rig import load_rig
from vision.measure.scenes import NAME, Scene, read_scenes
from vision.measure.table import Figure, Result, aligned, table
from vision.model import load_model

KNOWN = {"s1": "drawn by the rasteriser, held-out papers and tables", "s2": "path-traced boxes and refusals",
         "s3": "path-traced bags and tubes"}  # fmt: skip
PARTS = (*KNOWN, "controls", "repeats", "cost", "s5")


def main() -> None:
    """Command line."""
    chosen = options()
    cv2.setNumThreads(1)
    measurer = Measurer(load_rig(chosen.rig), load_model(chosen.models, "parcel_corners"))
    say(f"measurer: {measurer.model.line.file} {measurer.model.line.sha256[:12]}; {machine()}")
    work = Work(Kept(chosen.kept), time.monotonic() + 60 * chosen.minutes)
    for name, offered in sets(chosen, measurer).items():
        if name in chosen.only:
            measured(name, offered, work)
    for name, told in others(chosen, measurer).items():
        if name in chosen.only:
            told()
    say(f"\nafter: {machine()}")


def options() -> argparse.Namespace:
    """What is measured, and with what."""
    parser = argparse.ArgumentParser(prog="make bench-measure", description="Measure the measurer.")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts of the protocol to run")
    parser.add_argument("--drawn", type=int, default=2000, help="scenes of S1; 0 leaves it out")
    parser.add_argument("--first", type=int, default=0, help="number of the first scene of S1")
    parser.add_argument("--controls", type=int, default=20, help="scenes of each scrambled calibration")
    parser.add_argument("--shots", type=int, default=60, help="measures that are timed at each number of threads")
    parser.add_argument("--cycles", type=Path, default=Path("out/cycles"), help="where s2 and s3 lie")
    parser.add_argument("--photographs", type=Path, default=None, help="folder of the labelled photographs, S5")
    parser.add_argument("--rig", type=Path, default=Path("config/rig.toml"), help="rig of the drawn scenes")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--kept", type=Path, default=Path("out/bench-measure.jsonl"), help="where answers are kept")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="measure no further scene after these")
    return parser.parse_args()


def say(text: str) -> None:
    """To standard output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Offered:
    """A set: its scenes, what measures one, and by which measurer."""

    scenes: Sequence[Scene]
    measure: Callable[[Scene], Answer]
    by: str


@dataclass(frozen=True)
class Work:
    """Where answers are kept, and until when (monotonic s) new ones are sought."""

    kept: Kept
    until: float

    def results(self, name: str, offered: Offered) -> Iterator[Result]:
        """The scenes that are kept or can still be measured, each with its answer."""
        progress = Progress(len(offered.scenes))
        for done, scene in enumerate(offered.scenes):
            progress.tell(done)
            result = self.kept.find(offered.by, name, scene)
            if result is None and time.monotonic() < self.until:
                result = Result(scene, offered.measure(scene))
                self.kept.keep(offered.by, name, result)
            progress.wipe()
            if result is not None:
                yield result


def sets(chosen: argparse.Namespace, measurer: Measurer) -> dict[str, Callable[[], Offered | None]]:
    """Name of each set and what offers it, None where it is not there."""
    return {
        "s1": lambda: drawn_set(measurer, range(chosen.first, chosen.first + chosen.drawn)),
        "s2": lambda: batch(chosen.cycles / "s2", chosen.models),
        "s3": lambda: batch(chosen.cycles / "s3", chosen.models),
    }


def drawn_set(measurer: Measurer, numbers: range) -> Offered | None:
    """Scenes that are drawn when they are measured."""
    made = {scene.id: scene for scene in (drawn.drawn(number, measurer.rig) for number in numbers)}

    def measure(scene: Scene) -> Answer:
        return measurer.measure(drawn.pictures(made[scene.id].scene, measurer.rig)).answer

    return Offered([scene.listed() for scene in made.values()], measure, maker(measurer)) if made else None


def batch(folder: Path, models: Path) -> Offered | None:
    """Every scene of a folder, with the rig that lies in it."""
    if not (folder / NAME).exists():
        return None
    measurer = Measurer(load_rig(folder / "rig.toml"), load_model(models, "parcel_corners"))
    gallery = Gallery(folder / "rig.toml", measurer)
    return Offered(read_scenes(folder, measurer.rig), gallery.scene, maker(measurer))


def measured(name: str, offer: Callable[[], Offered | None], work: Work) -> None:
    """Measure a set and print its tables, or say that it is not there."""
    offered = offer()
    if offered is None:
        say(f"\n== {name.upper()}: not there" + ("" if name == "s1" else "; make render-s2 makes it"))
        return
    results = list(work.results(name, offered))
    left = len(offered.scenes) - len(results)
    say(f"\n== {name.upper()}: {KNOWN[name]}" + (f"; {left} of {len(offered.scenes)} not measured yet" if left else ""))
    if results:
        report(name, results)


def report(name: str, results: Sequence[Result]) -> None:
    """The table of a set, then that of each kind of body in it, then what would be charged."""
    say("\n" + table(results))
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


def others(chosen: argparse.Namespace, measurer: Measurer) -> dict[str, Callable[[], None]]:
    """What needs no set: scrambled calibration, repeatability, latency and memory, photographs."""
    return {
        "controls": lambda: scrambled(measurer, chosen.controls),
        "repeats": lambda: repeated(measurer),
        "cost": lambda: costs(chosen, measurer),
        "s5": lambda: say("\n== S5: photographs of one real parcel, corners only\n\n"
                          + photo_lines(chosen.photographs, measurer)),
    }  # fmt: skip


def scrambled(measurer: Measurer, count: int) -> None:
    """Wrong calibrations."""
    say("\n== Scrambled calibration: every one must be refused\n")
    for name, n, words in controls.scrambled(measurer, count):
        told = ", ".join(f"{count} {reason}" for reason, count in words.most_common())
        say(f"{name}: refused {n - words['answered']} of {n} ({told})")


def repeated(measurer: Measurer) -> None:
    """One box again and again."""
    say("\n== Repeatability: standard deviation of length, width, height, mm\n")
    for what, (n, sd) in controls.repeated(measurer).items():
        say(f"{what}: {sd}, n {n} answered of 10")


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


if __name__ == "__main__":
    main()
