"""Every tampering on every clip: whether and how soon it is told; and whole days on which nothing may be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from tests.benchmarks.guarding.clips import FPS, LATER, TAMPERINGS, Picture, clip, noisy
from vision.guard.health import Fault
from vision.guard.lens import Lens

WELL_S, SPOILT_S, IN_TIME_S = 4.5, 6.5, 5.0
MODES = {**TAMPERINGS, **LATER}


@dataclass(frozen=True)
class Outcome:
    """One tampering of one clip: seconds until it was told, as what, and what was told before it."""

    mode: str
    clip: str
    after_s: float | None
    told: str
    before: tuple[str, ...]

    @property
    def found(self) -> bool:
        """In time, and under a name that fits."""
        return self.after_s is not None and self.after_s <= IN_TIME_S


def tampered(mode: str, name: str, quiet: Sequence[Picture], busy: Sequence[Picture], seed: int) -> Outcome:
    """Half of the well time nobody is there; then people walk, and then it is done."""
    spoil, faults = MODES[mode]
    rng, lens, before, stuck = np.random.default_rng([67, seed]), Lens(FPS, 0.0), list[str](), quiet[0]
    wrong = list[str]()
    for n in range(round((WELL_S + SPOILT_S) * FPS)):
        t, shown = n / FPS, quiet if n < 25 else busy
        picture = shown[n % len(shown)]
        if t < WELL_S:
            stuck = noisy(picture, rng)
            before += [fault.value for fault in lens.see(stuck, t, t)]
            continue
        gone = mode == "lost" or (mode == "4 frames a second" and n % 5 not in (0, 2))
        picture = stuck if mode == "frozen" else noisy(np.asarray(spoil(picture), np.uint8), rng)
        told = lens.tick(t) if gone else lens.see(picture, t, WELL_S if mode == "frozen" else t)
        if right := [fault.value for fault in told if fault in faults]:
            return Outcome(mode, name, t - WELL_S, right[0], tuple(before))
        wrong = wrong or [fault.value for fault in told]
    return Outcome(mode, name, None, wrong[0] if wrong else "nothing", tuple(before))


def battery(clips: Iterable[int], modes: Sequence[str] = tuple(MODES)) -> Iterator[Outcome]:
    """Every mode on every clip."""
    for seed in clips:
        quiet, busy = clip(seed)
        for mode in modes:
            yield tampered(mode, f"drawn {seed}", quiet, busy, seed)


def frames_of(path: Path) -> list[Picture]:
    """A real video, small."""
    video, found = cv2.VideoCapture(str(path)), list[Picture]()
    while True:
        got, picture = video.read()
        if not got:
            return found
        found.append(np.asarray(cv2.resize(picture, (640, 360), interpolation=cv2.INTER_AREA), np.uint8))


def real(path: Path, clips: int) -> tuple[list[Outcome], list[tuple[float, Fault]]]:
    """Every mode on pieces of a real video, and what is told while nothing is done to it."""
    frames = frames_of(path)
    starts = np.linspace(0, len(frames) - 60, clips).astype(int)
    outcomes = [tampered(mode, f"real {at}", frames[at:at + 25], frames[at:at + 60], int(at))
                for at in starts for mode in MODES]
    lens, told = Lens(FPS, 0.0), list[tuple[float, Fault]]()
    for n, picture in enumerate(frames):
        told += [(n / FPS, fault) for fault in lens.see(picture, n / FPS, n / FPS)]
    return outcomes, told


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """Found in time, median and worst seconds, and as what else it was told, by mode."""
    lines = ["| tampering | clips | found ≤ 5 s | median s | worst s | otherwise told as |", "|---|" + "---|" * 5]
    for mode in MODES:
        rows = [one for one in outcomes if one.mode == mode]
        if not rows:
            continue
        times = [one.after_s for one in rows if one.after_s is not None]
        wrong = sorted({one.told for one in rows if not one.found})
        shown = f"{np.median(times):.1f} | {max(times):.1f}" if times else "– | –"
        later = " (later)" if mode in LATER else ""
        lines.append(f"| {mode}{later} | {len(rows)} | {sum(one.found for one in rows)} | {shown} |"
                     f" {', '.join(wrong) or '–'} |")
    return lines
