"""Train the corner net on its own renders; checkpoints, resumes, seeded.

    python -m vision.training.train --out out/training --steps 9000
"""
import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from vision.training.net import CornerNet
from vision.training.recipe import sample

Batch = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]
BATCH = 16
FRESH = 5
KEEP = 6000
TOP_RATE = 2e-3
SEED = 20


class Scenes(Dataset[Batch]):
    """Blocks of FRESH new samples; block n is always the same."""

    def __init__(self, first: int, blocks: int) -> None:
        self.first, self.blocks = first, blocks

    def __len__(self) -> int:
        """Blocks to draw."""
        return self.blocks

    def __getitem__(self, index: int) -> Batch:
        """Pictures (FRESH, rows, columns, 3) and targets (FRESH, channels, rows, columns)."""
        cv2.setNumThreads(1)
        drawn = [sample((self.first + index) * FRESH + n) for n in range(FRESH)]
        return np.stack([s.picture for s in drawn]), np.stack([s.targets for s in drawn])


class Replay:
    """The last KEEP samples, drawn from at random together with the fresh ones."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(SEED)
        self.kept: list[tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]] = []
        self.next = 0

    def add(self, block: Batch) -> None:
        """Keep a block, dropping the oldest."""
        for pair in zip(*block, strict=True):
            if len(self.kept) < KEEP:
                self.kept.append(pair)
            else:
                self.kept[self.next % KEEP] = pair
            self.next += 1

    def batch(self, block: Batch) -> Batch:
        """The fresh block first, then earlier samples, every one mirrored half of the time."""
        chosen = list(zip(*block, strict=True))
        chosen += [self.kept[n] for n in self.rng.integers(0, len(self.kept), BATCH - len(chosen))]
        pairs = [(p[:, ::-1], t[:, :, ::-1]) if self.rng.random() < 0.5 else (p, t) for p, t in chosen]
        return np.stack([p for p, _ in pairs]), np.stack([t for _, t in pairs])


def tensors(batch: Batch) -> tuple[Tensor, Tensor]:
    """Pictures as (N, 3, rows, columns) in 0-1 and targets in 0-1."""
    pictures = torch.from_numpy(batch[0].transpose(0, 3, 1, 2).astype(np.float32) / 255)
    return (pictures.contiguous(memory_format=torch.channels_last),
            torch.from_numpy(batch[1].astype(np.float32) / 255))


def loss_of(logits: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of each channel, corner peaks weighted up."""
    raw = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    peaks = (raw[:, :2] * (1 + 30 * targets[:, :2])).mean() * 3
    return peaks + raw[:, 2:].mean()


@dataclass
class State:
    """All that a checkpoint holds."""
    net: CornerNet
    mean: CornerNet
    optimiser: torch.optim.Optimizer
    step: int = 0

    def save(self, path: Path) -> None:
        """Write beside and rename, so that a kill leaves the old checkpoint."""
        beside = path.with_suffix(".part")
        torch.save({"net": self.net.state_dict(), "mean": self.mean.state_dict(),
                    "optimiser": self.optimiser.state_dict(), "step": self.step}, beside)
        beside.replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        kept = torch.load(path, weights_only=True)
        self.net.load_state_dict(kept["net"])
        self.mean.load_state_dict(kept["mean"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.step = int(kept["step"])


def fresh_state() -> State:
    """Seeded weights, the same in the running mean."""
    torch.manual_seed(SEED)
    net = CornerNet().to(memory_format=torch.channels_last)
    nn.init.constant_(net.head[1].bias, -3.0)
    mean = CornerNet()
    mean.load_state_dict(net.state_dict())
    return State(net, mean, torch.optim.AdamW(net.parameters(), lr=TOP_RATE, weight_decay=1e-4))


def rate(step: int, steps: int) -> float:
    """Learning rate: warm up over 200 steps, then half a cosine."""
    return TOP_RATE * min((step + 1) / 200, 0.5 + 0.5 * float(np.cos(np.pi * min(step / steps, 1.0))) + 0.01)


def follow(state: State) -> None:
    """Move the running mean of the weights towards the net."""
    share = min(0.998, (state.step + 1) / (state.step + 10))
    with torch.no_grad():
        for slow, fast in zip(state.mean.state_dict().values(), state.net.state_dict().values(), strict=True):
            slow.copy_(slow * share + fast * (1 - share) if slow.is_floating_point() else fast)


def advance(state: State, batch: Batch, steps: int) -> float:
    """One step; returns its loss."""
    for group in state.optimiser.param_groups:
        group["lr"] = rate(state.step, steps)
    pictures, targets = tensors(batch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = state.net(pictures)
    loss = loss_of(logits.float(), targets)
    state.optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    nn.utils.clip_grad_norm_(state.net.parameters(), 5.0)
    state.optimiser.step()
    follow(state)
    state.step += 1
    return float(loss)


def blocks(first: int, count: int, workers: int) -> Iterator[Batch]:
    """Fresh blocks in order, drawn by worker processes ahead of need."""
    yield from DataLoader(Scenes(first, count), batch_size=None, num_workers=workers, prefetch_factor=8,
                          collate_fn=lambda block: block)


def train(out: Path, steps: int, workers: int) -> None:
    """Train to that many steps, going on from out/checkpoint.pt if it is there."""
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    state, replay, started, losses = fresh_state(), Replay(), time.monotonic(), []
    if (out / "checkpoint.pt").exists():
        state.load(out / "checkpoint.pt")
    for block in blocks(state.step, steps - state.step, workers):
        replay.add(block)
        losses.append(advance(state, replay.batch(block), steps))
        if state.step % 100 == 0:
            note(out, state.step, losses, time.monotonic() - started)
            losses.clear()
        if state.step % 300 == 0 or state.step == steps:
            state.save(out / "checkpoint.pt")


def note(out: Path, step: int, losses: list[float], seconds: float) -> None:
    """One line of progress in out/log.jsonl."""
    with (out / "log.jsonl").open("a") as file:
        file.write(json.dumps({"step": step, "loss": round(float(np.mean(losses)), 5), "s": round(seconds)}) + "\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train the corner net.")
    parser.add_argument("--out", type=Path, default=Path("out/training"))
    parser.add_argument("--steps", type=int, default=9000)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args()
    train(chosen.out, chosen.steps, chosen.workers)


if __name__ == "__main__":
    main()
