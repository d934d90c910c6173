"""Train the guard's own net on drawn scenes and photographs; checkpoints, resumes, seeded.

    python -m vision.training.guard.pictures --count 3000
    python -m vision.training.guard.train --photographs DIR --falls DIR --steps 10259
"""
import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from vision.guard.detect import cells
from vision.guard.records import Kind
from vision.training.guard.cutouts import Cutout, cutouts, laid_in
from vision.training.guard.loss import loss_of
from vision.training.guard.muon import Both
from vision.training.guard.net import GuardNet
from vision.training.guard.pictures import (
    FALL_PERSONS,
    KINDS,
    NEAR,
    NET_PX,
    ROW,
    Sample,
    bare,
    changed,
    fall_frames,
    kept,
    photographs,
    plain,
    sample,
)
from vision.training.scenes import shoot

BATCH, PHOTOS, BARE, CLOSE = 16, (2, 2, 1), 6000, 4
"""Pictures of a step; how many are photographs with forklifts, frames of falls, and parts of both in which nothing is;
how many such parts are looked for; how many are drawn near walls and empty docks."""
SMALL_PX, SMALL_SHARE = (256, 160), 0.4
"""The first steps, this share of all, see the pictures smaller."""
RARE, OFTEN = (Kind.PERSON_DOWN, Kind.PALLET_TRUCK), 2
"""Drawn scenes with one of these are shown this many times as often as others."""
PLAIN = 0.3
"""How often one picture of a step shows nothing at all."""
LAID_IN = 0.2
"""How often a drawn scene gets a real person."""
TOP_RATE, SEED = 2.5e-3, 50


@dataclass
class Store:
    """All that can be shown: blocks of drawn scenes, read as they appear, photographs, and people cut from these."""
    renders: Path
    photos: Sequence[list[Sample]]
    people: list[Cutout] = field(default_factory=list)
    drawn: list[Sample] = field(default_factory=list)
    near: list[Sample] = field(default_factory=list)
    read: set[Path] = field(default_factory=set)

    def refresh(self) -> None:
        """Read the blocks that have come since."""
        for path in (*sorted(self.renders.glob("????.npz")), *sorted((self.renders / NEAR).glob("????.npz"))):
            if path not in self.read:
                self.read.add(path)
                if path.parent == self.renders:
                    self.drawn += [one for one in kept(path) for _ in range(OFTEN if rare(one) else 1)]
                else:
                    self.near += kept(path)

    def batch(self, step: int) -> list[Sample]:
        """The changed samples of that step; the same step draws the same numbers."""
        rng = np.random.default_rng([SEED, step])
        chosen = [changed(some[int(rng.integers(len(some)))], rng, True)
                  for some, count in zip(self.photos, PHOTOS, strict=True) for _ in range(count if some else 0)]
        chosen += [changed(self.near[int(rng.integers(len(self.near)))], rng, False)
                   for _ in range(CLOSE if self.near else 0)]
        chosen += [plain(rng)] if rng.random() < PLAIN else []
        return chosen + [self._scene(rng) for _ in range(BATCH - len(chosen))]

    def _scene(self, rng: np.random.Generator) -> Sample:
        one = changed(self.drawn[int(rng.integers(len(self.drawn)))], rng, False)
        if self.people and rng.random() < LAID_IN:
            one = laid_in(one, self.people[int(rng.integers(len(self.people)))], rng)
        return one


def rare(one: Sample) -> bool:
    """Whether something is in it that few scenes have."""
    return bool(np.isin(one.rows[one.rows[:, 9] == 0, 0], [KINDS.index(kind) for kind in RARE]).any())


def tensors(samples: list[Sample], size_px: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Pictures (B, 3, rows, columns) in 0-1 and rows (B, G, ROW), padded with class -1, at that size."""
    pictures = np.stack([one.picture for one in samples]).transpose(0, 3, 1, 2)
    most = max(1, *(len(one.rows) for one in samples))
    rows = np.full((len(samples), most, ROW), -1, np.float32)
    for into, one in zip(rows, samples, strict=True):
        into[:len(one.rows)] = one.rows
    shrink = np.array([size_px[0] / NET_PX[0], size_px[1] / NET_PX[1]], np.float32)
    rows[..., 1:9] *= np.tile(shrink, 4)
    shown = torch.from_numpy(pictures).float() / 255
    if size_px != NET_PX:
        shown = functional.interpolate(shown, size=(size_px[1], size_px[0]), mode="area")
    return shown.contiguous(memory_format=torch.channels_last), torch.from_numpy(rows)


@dataclass
class State:
    """All that a checkpoint holds."""
    net: GuardNet
    mean: GuardNet
    optimiser: Both
    step: int = 0

    def save(self, path: Path) -> None:
        """Write beside and rename, so that a kill leaves the old checkpoint."""
        beside = path.with_suffix(".part")
        torch.save({"net": self.net.state_dict(), "mean": self.mean.state_dict(),
                    "optimiser": self.optimiser.state_dict(), "step": self.step}, beside)
        beside.replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        held = torch.load(path, weights_only=True)
        self.net.load_state_dict(held["net"])
        self.mean.load_state_dict(held["mean"])
        self.optimiser.load_state_dict(held["optimiser"])
        self.step = int(held["step"])


def fresh_state() -> State:
    """Seeded weights, the same in the running mean."""
    torch.manual_seed(SEED)
    net = GuardNet().to(memory_format=torch.channels_last)
    mean = GuardNet()
    mean.load_state_dict(net.state_dict())
    return State(net, mean, Both(net, TOP_RATE))


def rate(step: int, steps: int) -> float:
    """Learning rate: warm up over 150 steps, then a straight line to next to nothing."""
    return TOP_RATE * min((step + 1) / 150, 1.01 - min(step / steps, 1.0))


def follow(state: State) -> None:
    """Move the running mean of the weights towards the net."""
    share = min(0.998, (state.step + 1) / (state.step + 10))
    with torch.no_grad():
        for slow, fast in zip(state.mean.state_dict().values(), state.net.state_dict().values(), strict=True):
            slow.copy_(slow * share + fast * (1 - share) if slow.is_floating_point() else fast)


def places(size_px: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Centres and strides of all cells as tensors."""
    centres, strides = (torch.from_numpy(part.astype(np.float32)) for part in cells(size_px))
    return centres, strides


def advance(state: State, samples: list[Sample], size_px: tuple[int, int], steps: int) -> float:
    """One step; returns its loss."""
    state.optimiser.set_rate(rate(state.step, steps))
    pictures, rows = tensors(samples, size_px)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        answer = state.net(pictures)
    loss = loss_of(answer.float(), rows, *places(size_px))
    state.optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    nn.utils.clip_grad_norm_(state.net.parameters(), 10.0)
    state.optimiser.step()
    follow(state)
    state.step += 1
    return float(loss.detach())


def train(out: Path, store: Store, steps: int) -> None:
    """Train to that many steps, going on from out/checkpoint.pt if it is there."""
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    state, started, losses = fresh_state(), time.monotonic(), []
    if (out / "checkpoint.pt").exists():
        state.load(out / "checkpoint.pt")
    while state.step < steps:
        if state.step % 100 == 0 or not store.drawn:
            store.refresh()
        size = SMALL_PX if state.step < SMALL_SHARE * steps else NET_PX
        losses.append(advance(state, store.batch(state.step), size, steps))
        if state.step % 50 == 0:
            note(out, state.step, losses, started, len(store.drawn))
            losses.clear()
        if state.step % 250 == 0 or state.step == steps:
            state.save(out / "checkpoint.pt")


def note(out: Path, step: int, losses: list[float], started: float, drawn: int) -> None:
    """One line of progress, printed and in out/log.jsonl."""
    said: dict[str, float] = {"step": step, "loss": round(float(np.mean(losses)), 4), "drawn": drawn,
                              "s": round(time.monotonic() - started), "cpu_s": round(time.process_time())}
    print(said, flush=True)
    with (out / "log.jsonl").open("a") as file:
        file.write(json.dumps(said) + "\n")


def check(steps: int = 40) -> None:
    """A few steps on sixteen scenes: the loss must fall by a quarter, twice the same; SystemExit otherwise."""
    torch.set_num_threads(1)
    shots = [shoot(number) for number in range(BATCH)]
    samples, ends = [sample(shot.picture, shot.truths) for shot in shots], []
    for _ in range(2):
        state = fresh_state()
        losses = [advance(state, samples, SMALL_PX, 100 * steps) for _ in range(steps)]
        ends.append(losses[-1])
        if losses[-1] > 0.75 * losses[0]:
            raise SystemExit(f"The net does not learn: the loss went from {losses[0]:.3f} to {losses[-1]:.3f}.")
    if ends[0] != ends[1]:
        raise SystemExit(f"The same seed ended at {ends[0]} and at {ends[1]}.")
    print(f"loss {losses[0]:.3f} to {losses[-1]:.3f} in {steps} steps, twice the same")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train the guard's net.")
    parser.add_argument("--out", type=Path, default=Path("out/guard/own"))
    parser.add_argument("--renders", type=Path, default=Path("out/guard/renders"))
    parser.add_argument("--photographs", type=Path, help="folder with splits/train.txt, images and labels")
    parser.add_argument("--falls", type=Path, help="folder with the frames that fall_boxes.csv names")
    parser.add_argument("--steps", type=int, default=10259)
    parser.add_argument("--check", action="store_true", help="only see whether the net learns")
    chosen = parser.parse_args()
    if chosen.check:
        return check()
    real = photographs(chosen.photographs, "train") if chosen.photographs else []
    falls = fall_frames(chosen.falls, FALL_PERSONS) if chosen.falls else []
    photos = [[sample(one.picture, one.truths) for one in some] for some in (real, falls)]
    seen = photos[0] + photos[1]
    photos.append(bare(seen, BARE) if seen else [])
    train(chosen.out, Store(chosen.renders, photos, cutouts(seen)), chosen.steps)


if __name__ == "__main__":
    main()
