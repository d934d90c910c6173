"""Rendered training samples kept in files, so that epochs cost no drawing; blocks of numbered samples.

    python -m vision.training.store --out out/renders --blocks 151
"""
import argparse
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vision.training.recipe import Sample, sample

BLOCK = 64
CHECK_STREAM, CHECK_FAMILIES = 103, (6, 7)
"""Seed stream and paper families of the samples that only ever check a training."""
Bytes = npt.NDArray[np.uint8]


def write_block(folder: Path, number: int, draw: Callable[[int], Sample]) -> None:
    """Draw and keep one block."""
    keep(folder, number, [draw(number * BLOCK + n) for n in range(BLOCK)])


def keep(folder: Path, number: int, drawn: list[Sample]) -> None:
    """Write one block; its targets appear last and only whole."""
    for kind, parts in (("pictures", [s.picture for s in drawn]), ("targets", [s.targets for s in drawn])):
        path = folder / f"{number:05d}.{kind}.npy"
        beside = path.with_suffix(".part")
        with beside.open("wb") as file:
            np.save(file, np.stack(parts))
        beside.replace(path)


def fill(folder: Path, first: int, blocks: int, draw: Callable[[int], Sample]) -> None:
    """Draw the blocks that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + blocks):
        if not (folder / f"{number:05d}.targets.npy").exists():
            write_block(folder, number, draw)


def check_sample(number: int) -> Sample:
    """Sample of that number of the stream that only checks."""
    return sample(number, CHECK_FAMILIES, CHECK_STREAM)


class Shelf:
    """The blocks of a folder, found again whenever asked; samples are read from disk as they are drawn."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.blocks: list[tuple[Bytes, Bytes]] = []
        self.known: set[Path] = set()

    def look_again(self) -> int:
        """Take in blocks that have appeared; how many samples there are."""
        for path in sorted(self.folder.glob("*.targets.npy")):
            if path not in self.known:
                self.known.add(path)
                pictures = path.with_name(path.name.replace("targets", "pictures"))
                self.blocks.append((np.load(pictures, mmap_mode="r"), np.load(path, mmap_mode="r")))
        return sum(len(targets) for _, targets in self.blocks)

    def take(self, rng: np.random.Generator, count: int) -> list[tuple[Bytes, Bytes]]:
        """That many samples at random."""
        chosen = []
        for block in rng.integers(0, len(self.blocks), count):
            pictures, targets = self.blocks[block]
            n = int(rng.integers(0, len(targets)))
            chosen.append((pictures[n], targets[n]))
        return chosen


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Draw training samples and keep them.")
    parser.add_argument("--out", type=Path, default=Path("out/renders"))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--blocks", type=int, default=151)
    parser.add_argument("--check", action="store_true", help="samples of the checking stream instead")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    fill(chosen.out, chosen.first, chosen.blocks, check_sample if chosen.check else sample)


if __name__ == "__main__":
    main()
