"""How good a detector is: on drawn scenes with unseen bodies, on photographs, on frames of falls, each for itself.

    python -m vision.training.guard.evaluate --photographs DIR --falls DIR --video FILE
"""
import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from vision.guard.detect import NAMES, Detection, Detector, Picture, checked, overlaps, run_ms
from vision.guard.records import Kind
from vision.guard.viewpoint import Viewpoint, homography
from vision.model import load_model
from vision.scene.dock.eye import Eye
from vision.scene.dock.photo import Shot, Truth
from vision.training.guard.pictures import FALL_TEST_PERSONS, Photo, fall_frames, photographs
from vision.training.guard.score import Seen, falls_told, recall, table
from vision.training.near import near
from vision.training.scenes import shoot

SURE = (0.4, 0.3, 0.2, 0.1)
"""Scores at which a person counts as told to be down."""
RAYLEIGH = 1.1774
"""Median of the length of a plane normal error over its standard deviation per axis."""
SURVEY, SURVEY_M, LEAST_POINTS = ((0.1, 0.5, 0.9), (0.5, 0.7, 0.92)), 14.0, 4
"""Where in the picture floor points are measured, shares of its width and height, how far away at most, and
how many at least."""
FIRST_WALL = 1_000_000
"""Number of the first scene of near walls that is scored; none from there on trains."""
BANDS_M = ((0, 5), (5, 8), (8, 12), (12, 18))


def renders(detector: Detector, shots: Iterable[Shot]) -> list[Seen]:
    """Drawn scenes through the detector."""
    return [Seen(shot.truths, detector.detect(shot.picture)) for shot in shots]


def photos(detector: Detector, pictures: Iterable[Photo]) -> list[Seen]:
    """Photographs through the detector."""
    return [Seen(one.truths, detector.detect(one.picture)) for one in pictures]


@dataclass(frozen=True)
class Off:
    """How far off one foot point is: pixels, metres on the floor, and share of the box's larger side."""
    kind: Kind
    away_m: float
    px: float
    m: float
    share: float


def surveyed(eye: Eye) -> Viewpoint | None:
    """What the guard knows of a camera from nine measured floor points: a plane without the lens's bend; None where
    it refuses them."""
    width, height = eye.size_px
    pixels = [(width * u, height * v) for u in SURVEY[0] for v in SURVEY[1]]
    told = [(pixel, at) for pixel in pixels if (at := eye.floor(pixel)) is not None
            and np.hypot(at[0] - eye.centre[0], at[1] - eye.centre[1]) < SURVEY_M]
    if len(told) < LEAST_POINTS:
        return None
    try:
        plane, residual = homography([pixel for pixel, _ in told], [at for _, at in told])
    except ValueError:
        return None
    return Viewpoint("survey", "", eye.size_px, tuple(tuple(map(float, row)) for row in plane), residual)


def foot_errors(shots: Sequence[Shot], seen: Sequence[Seen]) -> list[Off]:
    """Of each truth that was found (overlap 0.5, score 0.3), on the floor as the guard knows it."""
    rows = []
    for shot, picture in zip(shots, seen, strict=True):
        view = surveyed(shot.eye)
        for one in picture.truths:
            best = _found(one, picture.told)
            at = None if best is None or view is None else _on_floor(view, best)
            if best is not None and at is not None and not one.ignored:
                away = float(np.hypot(one.floor_m[0] - shot.eye.centre[0], one.floor_m[1] - shot.eye.centre[1]))
                px = float(np.hypot(best.foot[0] - one.foot[0], best.foot[1] - one.foot[1]))
                side = max(best.box[2] - best.box[0], best.box[3] - best.box[1])
                rows.append(Off(one.kind, away, px, float(np.hypot(at[0] - one.floor_m[0], at[1] - one.floor_m[1])),
                                px / max(side, 1.0)))
    return rows


def _on_floor(view: Viewpoint, detection: Detection) -> tuple[float, float] | None:
    try:
        x, y = view.locate(detection.foot, detection.covariance_px())[0]
    except ValueError:
        return None
    return float(x), float(y)


def _found(one: Truth, told: Sequence[Detection]) -> Detection | None:
    alike = [detection for detection in told if detection.kind is one.kind and detection.score >= 0.3]
    share = overlaps(np.array(one.box), np.array([detection.box for detection in alike]).reshape(-1, 4))
    return next((detection for detection, part in zip(alike, share, strict=True) if part >= 0.5), None)


def heading_errors(shots: Sequence[Shot], seen: Sequence[Seen]) -> list[float]:
    """Degrees between true and told heading of the forklifts found."""
    rows = []
    for shot, picture in zip(shots, seen, strict=True):
        for one in picture.truths:
            best = _found(one, picture.told)
            if one.kind is Kind.FORKLIFT and not one.ignored and best is not None and best.nose is not None:
                foot, nose = shot.eye.floor(best.foot), shot.eye.floor(best.nose)
                if foot is not None and nose is not None:
                    off = np.arctan2(nose[1] - foot[1], nose[0] - foot[0]) - one.heading_rad
                    rows.append(abs(float(np.degrees((off + np.pi) % (2 * np.pi) - np.pi))))
    return rows


def print_table(title: str, seen: Sequence[Seen], kinds: Sequence[Kind]) -> float:
    """One line per class; the mean at 0.5."""
    rows = table(seen, kinds)
    print(f"{title} (n = {len(seen)})\n  class           objects  AP50   AP50-95")
    for name, (count, half, mean) in rows.items():
        print(f"  {name:14s} {count:7d}   {half:.3f}   {mean:.3f}")
    return rows["all"][1]


def print_places(shots: Sequence[Shot], seen: Sequence[Seen]) -> None:
    """Foot-point errors by distance, and headings."""
    rows = foot_errors(shots, seen)
    print(f"floor points measured in {sum(surveyed(shot.eye) is not None for shot in shots)} of {len(shots)} scenes")
    print("foot point       found   px p50   p90     m p50   p90   sigma/side")
    parts = {f"{low}-{high} m": [row for row in rows if low <= row.away_m < high] for low, high in BANDS_M}
    parts |= {kind.value: [row for row in rows if row.kind is kind] for kind in Kind}
    for name, chosen in parts.items():
        part = np.array([(row.px, row.m, row.share) for row in chosen]).reshape(-1, 3)
        if len(part):
            (px50, m50, share), (px90, m90, _) = np.quantile(part, 0.5, axis=0), np.quantile(part, 0.9, axis=0)
            print(f"  {name:14s} {len(part):5d}   {px50:5.1f}  {px90:5.1f}    {m50:5.2f}  {m90:5.2f}"
                  f"   {share / RAYLEIGH:.3f}")
    turns = heading_errors(shots, seen)
    if turns:
        half, most = np.quantile(turns, (0.5, 0.9))
        print(f"heading of forklifts (n = {len(turns)}): p50 {half:.0f}, p90 {most:.0f} degrees")


def print_falls(seen: Sequence[Seen]) -> None:
    """Recall of those who lie, and frames in which somebody is told to lie though nobody does."""
    print(f"frames of falls (n = {len(seen)})")
    for least in SURE:
        for by_shape, name in ((False, "class alone"), (True, "class or broad box")):
            found, lie, wrong, calm = falls_told(seen, least, by_shape)
            print(f"  score {least} {name:18s} found {found} of {lie}, wrongly in {wrong} of {calm}")
    upright, people = recall(seen, Kind.PERSON, SURE[0])
    print(f"  upright found at {SURE[0]}: {upright} of {people}")


def frames(video: Path, every: int = 5) -> Iterator[Picture]:
    """Every so many frames of a video."""
    capture, n = cv2.VideoCapture(str(video)), 0
    while capture.grab():
        if n % every == 0:
            yield np.asarray(capture.retrieve()[1], np.uint8)
        n += 1


def print_video(detector: Detector, pictures: Iterable[Picture]) -> None:
    """On a video in which people stand and walk: how often what is not there is told."""
    told = [{d.kind for d in detector.detect(picture) if d.score >= SURE[0]} for picture in pictures]
    absent = ", ".join(f"{kind.value} {sum(kind in kinds for kinds in told)}" for kind in Kind
                       if kind not in (Kind.PERSON, Kind.PARCEL))
    print(f"video (n = {len(told)} frames): a person told in {sum(Kind.PERSON in kinds for kinds in told)}; "
          f"told though not there: {absent}")


def print_walls(detector: Detector, shots: Sequence[Shot]) -> None:
    """On scenes of near walls and empty docks, in which no forklift is: in how many one is told."""
    told = [max([d.score for d in detector.detect(shot.picture) if d.kind is Kind.FORKLIFT], default=0.0)
            for shot in shots]
    counts = ", ".join(f"{sum(score >= least for score in told)} at {least}" for least in SURE)
    print(f"near walls and empty docks (n = {len(told)}): a forklift told in {counts}")


def speed(detector: Detector, picture: Picture) -> str:
    """Milliseconds of one thread: the net alone, and the whole of detect on that picture."""
    spent = []
    for _ in range(20):
        start = time.thread_time()
        detector.detect(picture)
        spent.append((time.thread_time() - start) * 1000)
    return f"net {run_ms(detector.model, 20):.1f} ms, detect {np.median(spent):.1f} ms of processor a frame, one thread"


def report(detector: Detector, shots: Sequence[Shot], walls: Sequence[Shot], real: Sequence[Photo],
           falls: Sequence[Photo], video: Path | None) -> None:
    """All tables of one model."""
    large = np.asarray(cv2.resize(shots[0].picture, (1280, 720)), np.uint8)
    print(f"== {detector.model.line.name}: {speed(Detector(detector.model), large)}")
    seen = renders(detector, shots)
    print_table("held-out renders", seen, tuple(Kind))
    print_places(shots, seen)
    print_walls(detector, walls)
    if real:
        print_table("photographs, test split", photos(detector, real), (Kind.FORKLIFT, Kind.PERSON))
    if falls:
        print_falls(photos(detector, falls))
    if video:
        print_video(detector, frames(video))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Score the guard's detector.")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--names", nargs="+", default=list(NAMES))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--photographs", type=Path)
    parser.add_argument("--split", default="test")
    parser.add_argument("--falls", type=Path)
    parser.add_argument("--video", type=Path)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    shots = [shoot(number, held_out=True, ordinary=True) for number in range(chosen.count)]
    real = photographs(chosen.photographs, chosen.split) if chosen.photographs else []
    falls = fall_frames(chosen.falls, FALL_TEST_PERSONS) if chosen.falls else []
    walls = [near(FIRST_WALL + number) for number in range(chosen.count // 2)]
    for name in chosen.names:
        report(Detector(checked(load_model(chosen.models, name)), 0.01), shots, walls, real, falls, chosen.video)


if __name__ == "__main__":
    main()
