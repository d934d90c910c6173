"""The pictures the detector learns from: drawn scenes kept in blocks, photographs with their labels, and both changed
a little each time they are shown.

    python -m vision.training.guard.pictures --count 3000 --near 600     draw and keep, docks and near walls
"""
import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vision.guard.detect import GREY, letterboxed
from vision.guard.records import Kind
from vision.scene.dock.photo import Shot, Truth
from vision.training.near import near
from vision.training.scenes import shoot

NET_PX = (416, 256)
"""Width and height of the net's picture."""
BLOCK = 100
NEAR = "near"
"""Folder, beside the blocks of scenes of docks, of those of near walls and empty docks."""
ROW = 10
"""Numbers of a row: class, box 4, foot 2, nose 2 (NaN where not known), 1 when ignored; net pixels."""
KINDS = tuple(Kind)
FALL_PERSONS, FALL_TEST_PERSONS = ("S2", "S3"), ("S1", "S4")
"""Of the fall frames: two persons in one room train, two others in another room are the test."""
BARE_PX = 90
"""Least width of a part of a picture that is shown as a picture of its own."""
NOWHERE = (float("nan"), float("nan"))
PHOTO_KINDS = (Kind.FORKLIFT, Kind.PERSON)
"""Classes 0 and 1 of the photographs' label files."""
Rows = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Sample:
    """A letterboxed picture (rows, columns, 3) and its rows (N, ROW)."""
    picture: Picture
    rows: Rows


@dataclass(frozen=True, eq=False)
class Photo:
    """A real picture as it is, and what is in it."""
    picture: Picture
    truths: tuple[Truth, ...]


def sample(picture: Picture, truths: Sequence[Truth]) -> Sample:
    """A picture of any size with its truth, letterboxed."""
    canvas, box = letterboxed(picture, NET_PX)
    rows = np.full((len(truths), ROW), np.nan, np.float32)
    for row, one in zip(rows, truths, strict=True):
        points = np.array([*one.box, *one.foot, *(one.nose or (np.nan, np.nan))]).reshape(4, 2)
        row[:] = [KINDS.index(one.kind), *(points * box.scale + (box.left, box.top)).ravel(), one.ignored]
    return Sample(canvas, rows)


def keep(out: Path, count: int, draw: Callable[[int], Shot] = shoot) -> None:
    """Draw scenes 0 to count - 1 into out, a block a file; blocks that are there stay."""
    out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    for block in range(count // BLOCK):
        path = out / f"{block:04d}.npz"
        if not path.exists():
            shots = [draw(block * BLOCK + n) for n in range(BLOCK)]
            drawn = [sample(shot.picture, shot.truths) for shot in shots]
            beside = path.with_suffix(".part.npz")
            np.savez(beside, pictures=np.stack([one.picture for one in drawn]), rows=np.concatenate(
                [one.rows for one in drawn]), counts=np.array([len(one.rows) for one in drawn]))
            beside.replace(path)


def kept(path: Path) -> list[Sample]:
    """The samples of one block."""
    with np.load(path) as file:
        rows = np.split(file["rows"], np.cumsum(file["counts"])[:-1])
        return [Sample(picture, row) for picture, row in zip(file["pictures"], rows, strict=True)]


def photographs(folder: Path, split: str) -> list[Photo]:
    """One split of forklift photographs with labels: folder/splits/<split>.txt names images/*.jpg, labels/*.txt."""
    found = []
    for name in (folder / "splits" / f"{split}.txt").read_text().split():
        picture = np.asarray(cv2.imread(str(folder / name)), np.uint8)
        words = (folder / "labels" / Path(name).name).with_suffix(".txt").read_text().split()
        found.append(Photo(picture, tuple(_label(words[n:n + 5], picture) for n in range(0, len(words), 5))))
    return found


def _label(words: Sequence[str], picture: Picture) -> Truth:
    x, y, wide, high = (float(word) * side for word, side in zip(words[1:], picture.shape[1::-1] * 2, strict=True))
    box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return Truth(PHOTO_KINDS[int(words[0])], box, NOWHERE, None, NOWHERE, 0.0, False)


def fall_frames(folder: Path, persons: Sequence[str]) -> list[Photo]:
    """Frames of staged falls with the boxes drawn in fall_boxes.csv; between falling and lying is left out."""
    found = []
    for line in (Path(__file__).parent / "fall_boxes.csv").read_text().split():
        name, word, *numbers = line.split(",")
        if name.split("_")[0] in persons:
            left, top, right, bottom = (float(number) for number in numbers)
            found.append(Photo(np.asarray(cv2.imread(str(folder / name)), np.uint8), tuple(
                Truth(kind, (left, top, right, bottom), NOWHERE, None, NOWHERE, 0.0, word == "between")
                for kind in (Kind.PERSON, Kind.PERSON_DOWN) if word in (kind, "between"))))
    return found


def changed(one: Sample, rng: np.random.Generator, real: bool) -> Sample:
    """Mirrored, moved, scaled and tinted anyhow; photographs more strongly, since there are few."""
    picture, rows = one.picture, one.rows.copy()
    scale = float(np.exp(rng.uniform(-0.7, 0.6) if real else rng.uniform(-0.25, 0.35)))
    wide = float(np.exp(rng.uniform(-0.2, 0.45))) if real else 1.0
    matrix = np.diag([scale * wide, scale]) @ np.diag([-1.0 if rng.random() < 0.5 else 1.0, 1.0])
    if real:
        turn = rng.normal(0, 0.06)
        matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ matrix
    middle = np.array(NET_PX) / 2
    shift = middle - matrix @ middle + rng.uniform(-1, 1, 2) * (0.22 if real else 0.12) * NET_PX
    moved = cv2.warpAffine(picture, np.column_stack([matrix, shift]), NET_PX, flags=cv2.INTER_LINEAR,
                           borderMode=cv2.BORDER_CONSTANT, borderValue=(GREY, GREY, GREY))
    return Sample(_tinted(np.asarray(moved, np.uint8), rng, real), _moved(rows, matrix, shift))


def bare(samples: Sequence[Sample], count: int) -> list[Sample]:
    """Parts of real pictures in which nothing is: walls, floors, ceilings, furniture, as pictures of their own."""
    rng, found = np.random.default_rng(count), []
    for n in range(count):
        one = samples[n % len(samples)]
        wide = int(rng.integers(BARE_PX, NET_PX[0] + 1))
        high = wide * NET_PX[1] // NET_PX[0]
        left, top = (int(rng.integers(0, side - part + 1)) for side, part in zip(NET_PX, (wide, high), strict=True))
        part = one.picture[top:top + high, left:left + wide]
        over = (np.maximum(one.rows[:, 1:3], (left, top)) < np.minimum(one.rows[:, 3:5], (left + wide, top + high)))
        if not over.all(axis=1).any() and (part == GREY).all(axis=2).mean() < 0.1:
            grown = np.asarray(cv2.resize(part, NET_PX, interpolation=cv2.INTER_LINEAR), np.uint8)
            found.append(Sample(grown, np.empty((0, ROW), np.float32)))
    return found


def plain(rng: np.random.Generator) -> Sample:
    """A picture of nothing: black, white, grey or tinted, even or shaded, with or without noise and bars beside it."""
    level = float(rng.choice([0.0, GREY, 255.0, rng.uniform(0, 60), rng.uniform(0, 255)]))
    tint = level + rng.normal(0, 12, 3) * (rng.random() < 0.5)
    rows, columns = (np.linspace(-1, 1, side) * rng.normal(0, 20) * (rng.random() < 0.4) for side in NET_PX[::-1])
    shade = rows[:, None] + columns + rng.normal(0, 1, NET_PX[::-1]) * rng.uniform(0, 8) * (rng.random() < 0.5)
    picture = np.clip(shade[..., None] + tint, 0, 255).astype(np.uint8)
    bar = int(rng.choice([0, 11, 37]))
    if bar == 11:
        picture[:bar], picture[-bar:] = GREY, GREY
    elif bar:
        picture[:, :bar], picture[:, -bar:] = GREY, GREY
    return Sample(picture, np.empty((0, ROW), np.float32))


def _moved(rows: Rows, matrix: npt.NDArray[np.float64], shift: npt.NDArray[np.float64]) -> Rows:
    """Rows under an affine change; those of which less than a fifth stays in the picture are dropped."""
    if not len(rows):
        return rows
    corners = rows[:, [1, 2, 3, 2, 3, 4, 1, 4]].reshape(-1, 4, 2) @ matrix.T + shift
    low, high = corners.min(axis=1), corners.max(axis=1)
    rows[:, 5:9] = (rows[:, 5:9].reshape(-1, 2, 2) @ matrix.T + shift).reshape(-1, 4)
    rows[:, 1:3], rows[:, 3:5] = np.clip(low, 0, NET_PX), np.clip(high, 0, NET_PX)
    sides, whole = rows[:, 3:5] - rows[:, 1:3], high - low
    share = sides.prod(axis=1) / np.maximum(whole.prod(axis=1), 1e-6)
    rows[:, 9] = np.maximum(rows[:, 9], (sides.min(axis=1) < 3) | (share < 0.35))
    return np.asarray(rows[(sides.min(axis=1) > 1) & (share > 0.05)], np.float32)


def _tinted(picture: Picture, rng: np.random.Generator, real: bool) -> Picture:
    gains = rng.uniform(0.6, 1.4) * (1 + rng.normal(0, 0.08 if real else 0.04, 3))
    tables = np.clip(np.arange(256)[:, None] * gains + rng.normal(0, 12), 0, 255).astype(np.uint8)
    final = np.asarray(cv2.LUT(picture, tables[None]), np.uint8)
    if rng.random() < 0.1:
        final = np.repeat(cv2.cvtColor(final, cv2.COLOR_BGR2GRAY)[..., None], 3, axis=2)
    if real and rng.random() < 0.3:
        final = np.asarray(cv2.GaussianBlur(final, (0, 0), float(rng.uniform(0.4, 1.3))), np.uint8)
    return final


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Draw the scenes that the detector learns from.")
    parser.add_argument("--out", type=Path, default=Path("out/guard/renders"))
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--near", type=int, default=600, help="scenes of near walls and empty docks")
    chosen = parser.parse_args()
    keep(chosen.out, chosen.count)
    keep(chosen.out / NEAR, chosen.near, near)


if __name__ == "__main__":
    main()
