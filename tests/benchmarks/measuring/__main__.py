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
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from tests.benchmarks.figures import machine
from tests.benchmarks.measuring import controls, cost, drawn, groups
from tests.benchmarks.measuring.kept import Kept
from tests.benchmarks.measuring.photographs import photographs
from tests.benchmarks.measuring.report import report
from tests.benchmarks.measuring.sets import Offered, Work, alone_batch, alone_drawn, batch, drawn_set, near_pairs
from vision.measure.measure import Measurer
from vision.measure.rig import Rig, load_rig
from vision.measure.table import aligned, share
from vision.model import load_model

KNOWN = {"s1": "drawn by the rasteriser, held-out papers and tables", "s2": "path-traced boxes and refusals",
         "s3": "path-traced bags and tubes", "pairs": "two parcels near each other, drawn, seed 7302",
         "alone": "scenes of S1, each measured by either camera alone",
         "alone-s2": "scenes of S2, each measured by either camera alone"}  # fmt: skip
PARTS = (*KNOWN, "controls", "repeats", "cost", "s5")
#: The number of the first scene of S1 that nobody looked at while rules and uncertainties were settled.
FIRST = 272
NEAR_PX = 3.0
NONE: list[bool] = []


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
    parser.add_argument("--first", type=int, default=FIRST, help="number of the first scene of S1")
    parser.add_argument("--alone", type=int, default=160, help="scenes of S1, and of S2, for each camera alone")
    parser.add_argument("--pairs", type=int, default=168, help="near pairs; 28 are every way and gap once")
    parser.add_argument("--controls", type=int, default=24, help="scenes of each scrambled calibration")
    parser.add_argument("--shots", type=int, default=15, help="measures of each kind that are timed")
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


def sets(chosen: argparse.Namespace, measurer: Measurer) -> dict[str, Callable[[], Offered | None]]:
    """Name of each set and what offers it, None where it is not there."""
    return {
        "s1": lambda: drawn_set(measurer, range(chosen.first, chosen.first + chosen.drawn)),
        "s2": lambda: batch(chosen.cycles / "s2", chosen.models),
        "s3": lambda: batch(chosen.cycles / "s3", chosen.models),
        "pairs": lambda: near_pairs(measurer, chosen.pairs),
        "alone": lambda: alone_drawn(measurer, range(chosen.first, chosen.first + chosen.alone)),
        "alone-s2": lambda: alone_batch(chosen.cycles / "s2", chosen.models, chosen.alone),
    }


def measured(name: str, offer: Callable[[], Offered | None], work: Work) -> None:
    """Measure a set and print its tables, or say that it is not there."""
    offered = offer()
    if offered is None:
        say(f"\n== {name.upper()}: not there" + ("; make render-s2 makes it" if name.endswith(("s2", "s3")) else ""))
        return
    results = list(work.results(name, offered))
    left = len(offered.scenes) - len(results)
    say(f"\n== {name.upper()}: {KNOWN[name]}{span(offered)}"
        + (f"; {left} of {len(offered.scenes)} not measured yet" if left else ""))  # fmt: skip
    for part in report(name, results, offered.labels) if results else ():
        say(("" if part.startswith("\n") else "\n") + part)


def span(offered: Offered) -> str:
    """Which scenes of a drawn set these are."""
    if not offered.scenes or not offered.scenes[0].id.startswith("s1-"):
        return ""
    first, last = (int(offered.scenes[n].id.split("-")[1]) for n in (0, -1))
    known = f"; the first {FIRST} settled the rules" if first < FIRST else ""
    return f", seed {drawn.SEED}, numbers {first} to {last}{known}"


def others(chosen: argparse.Namespace, measurer: Measurer) -> dict[str, Callable[[], None]]:
    """What needs no set: scrambled calibration, repeatability, latency and memory, photographs."""
    return {
        "controls": lambda: scrambled(measurer, range(chosen.first, chosen.first + chosen.controls)),
        "repeats": lambda: repeated(measurer),
        "cost": lambda: costs(chosen, measurer),
        "s5": lambda: say("\n== S5: photographs of one real parcel, corners only\n\n"
                          + photo_lines(chosen.photographs, measurer)),
    }  # fmt: skip


def scrambled(measurer: Measurer, numbers: range) -> None:
    """Wrong calibrations."""
    say("\n== Scrambled calibration: refused, or where tags in sight mend it, not wrong\n")
    for control, results in controls.scrambled(measurer, numbers):
        say(controls.told(control, results))


def repeated(measurer: Measurer) -> None:
    """One box again and again."""
    say("\n== Repeatability: standard deviation of a side over ten measures, mm\n")
    for what, found in controls.repeated(measurer).items():
        sides = ", ".join(f"{name} {each.text()}" for name, each in found.items())
        say(f"{what}: {sides}, n {found['length'].n} answered of 10")


def costs(chosen: argparse.Namespace, measurer: Measurer) -> None:
    """Time by kind of scene, and memory."""
    chosen_ones = samples(measurer.rig, chosen.first, chosen.shots)
    shots = {kind: [jpegs(measurer.rig, one) for one in some] for kind, some in chosen_ones.items()}
    for threads in (1, 2):
        found = cost.latency(measurer, chosen.models, shots, threads)
        say(f"\n== JPEG bytes to answer, ms, {threads} thread{'s' * (threads > 1)} ({machine()})\n")
        rows = [[kind, *(each.text() for each in times.values()), f"n {times['wall p50'].n}"]
                for kind, times in found.items()]  # fmt: skip
        say(aligned([["", *cost.TIMES], *rows]))
    with tempfile.TemporaryDirectory() as folder:
        pss, peak = cost.memory_mb(chosen.rig, chosen.models, shots["box"][0], Path(folder))
    say(f"\n== Memory of a process that has measured five pairs: PSS {pss} MB, peak {peak} MB")


def samples(rig: Rig, first: int, count: int) -> dict[str, list[drawn.Drawn]]:
    """So many scenes of every kind, the first from that number on."""
    found: dict[str, list[drawn.Drawn]] = {kind: [] for kind in ("box", "tube", "polybag", "refuse")}
    number = first
    while min(len(each) for each in found.values()) < count:
        one = drawn.drawn(number, rig)
        kind = groups.kind_of(one.listed())
        if len(found[kind]) < count:
            found[kind].append(one)
        number += 1
    return found


def jpegs(rig: Rig, one: drawn.Drawn) -> cost.Jpegs:
    """What the cameras send of a drawn scene."""
    frames = drawn.pictures(one.scene, rig)
    quality = [cv2.IMWRITE_JPEG_QUALITY, 90]
    return {name: cv2.imencode(".jpg", frame, quality)[1].tobytes() for name, frame in frames.items()}


def photo_lines(folder: Path | None, measurer: Measurer) -> str:
    """How near the found corners come to the labelled ones, or that there are no photographs."""
    if folder is None or not folder.is_dir():
        return "not run: name the folder of the labelled photographs with --photographs"
    lines, near, own = ["Pixels of the net's picture; of the 8 labelled corners of each one is hidden."], NONE, NONE
    for each in photographs(folder, measurer.model):
        away, strongest = (np.array(part) / each.px_per_net_px for part in (each.away_px, each.strongest_px))
        near, own = [*near, *(away <= NEAR_PX)], [*own, *(strongest <= NEAR_PX)]
        told = ", ".join(f"{v:.1f}" for v in np.sort(away))
        lines.append(f"{each.name}: {each.peaks} peaks; from a label to the nearest of them: {told} (each "
                     f"{each.px_per_net_px:.1f} px of the photograph)")  # fmt: skip
    lines.append(f"labels with any peak within {NEAR_PX:g} px, %: {share(near).text()}, n {len(near)}")
    lines.append(f"labels with one of the 8 strongest peaks to itself within {NEAR_PX:g} px, %: {share(own).text()}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
