"""Train the corner net on stored renders; checkpoints, resumes, seeded, can begin from a model.

    python -m vision.training.store --out out/renders
    python -m vision.training.store --out out/check --blocks 2 --check
    python -m vision.training.train --out out/training --begin out/first.onnx --pathtraced out/tuning

What is not named is as the model's card tells; vision.training.check sees that it does what it says.
"""
import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from vision.measure.net import CHANNELS
from vision.training.begin import begin_from
from vision.training.net import CornerNet
from vision.training.store import Shelf

Batch = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]
BATCH = 16
FEW = 2
FEWEST = 512
PARCEL, MASKS = CHANNELS.index("parcel"), CHANNELS.index("hand") + 1
TOP_RATE = 1.2e-3
SEED = 20
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
"""What computes: an accelerator where torch finds one."""


def batch(shelf: Shelf, step: int, other: Shelf | None = None) -> Batch:
    """The batch of that step: samples at random, a few of them from the other shelf, each mirrored half of the time,
    at times in other light."""
    rng = np.random.default_rng([SEED, step])
    chosen = other.take(rng, FEW) if other is not None else []
    chosen += shelf.take(rng, BATCH - len(chosen))
    pairs = [(p[:, ::-1], t[:, :, ::-1]) if rng.random() < 0.5 else (p, t) for p, t in chosen]
    pictures = np.stack([relit(p, rng) if rng.random() < 0.5 else p for p, _ in pairs])
    return pictures, np.stack([t for _, t in pairs])


def relit(picture: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """The picture with other gain, tint and contrast, so that a stored sample is never seen twice alike."""
    gain = rng.uniform(0.7, 1.35) * (1 + rng.normal(0, 0.05, 3))
    return np.asarray(cv2.convertScaleAbs(picture * gain + rng.uniform(-12, 12)), dtype=np.uint8)


def tensors(batch: Batch) -> tuple[Tensor, Tensor]:
    """Pictures as (N, 3, rows, columns) in 0-1 and targets in 0-1, on the device."""
    pictures, targets = (torch.from_numpy(part).to(DEVICE).float() / 255 for part in batch)
    return pictures.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last), targets


def loss_of(logits: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of each channel: corner peaks weighted up, masks plain, kinds and crowd where a parcel lies."""
    raw = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    peaks = (raw[:, :2] * (1 + 30 * targets[:, :2])).mean() * 3
    there = (targets[:, PARCEL:PARCEL + 1] > 0.5).float()
    kinds = (raw[:, MASKS:] * there).sum() / (there.sum() * (raw.shape[1] - MASKS) + 1)
    return peaks + 3 * raw[:, 2:MASKS].mean() + 0.3 * kinds + raw[:, MASKS:].mean()


@dataclass
class State:
    """All that a checkpoint holds."""
    net: CornerNet
    mean: CornerNet
    optimiser: torch.optim.Optimizer
    step: int = 0
    top_rate: float = TOP_RATE

    def save(self, path: Path) -> None:
        """Write beside and rename, so that a kill leaves the old checkpoint."""
        beside = path.with_suffix(".part")
        torch.save({"net": self.net.state_dict(), "mean": self.mean.state_dict(),
                    "optimiser": self.optimiser.state_dict(), "step": self.step}, beside)
        beside.replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint, whichever device wrote it."""
        kept = torch.load(path, weights_only=True, map_location=DEVICE)
        self.net.load_state_dict(kept["net"])
        self.mean.load_state_dict(kept["mean"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.step = int(kept["step"])


def fresh_state() -> State:
    """Seeded weights, the same in the running mean."""
    torch.manual_seed(SEED)
    net = CornerNet()
    nn.init.constant_(net.head[1].bias, -3.0)
    net = net.to(DEVICE, memory_format=torch.channels_last)
    mean = CornerNet().to(DEVICE)
    mean.load_state_dict(net.state_dict())
    return State(net, mean, torch.optim.AdamW(net.parameters(), lr=TOP_RATE, weight_decay=1e-4))


def rate(step: int, steps: int, top: float) -> float:
    """Learning rate: warm up over 200 steps, then half a cosine."""
    return top * min((step + 1) / 200, 0.5 + 0.5 * float(np.cos(np.pi * min(step / steps, 1.0))) + 0.01)


def follow(state: State) -> None:
    """Move the running mean of the weights towards the net."""
    share = min(0.998, (state.step + 1) / (state.step + 10))
    with torch.no_grad():
        for slow, fast in zip(state.mean.state_dict().values(), state.net.state_dict().values(), strict=True):
            slow.copy_(slow * share + fast * (1 - share) if slow.is_floating_point() else fast)


def advance(state: State, batch: Batch, steps: int) -> float:
    """One step; returns its loss."""
    for group in state.optimiser.param_groups:
        group["lr"] = rate(state.step, steps, state.top_rate)
    pictures, targets = tensors(batch)
    with torch.autocast(DEVICE.type, dtype=torch.bfloat16):
        logits = state.net(pictures)
    loss = loss_of(logits.float(), targets)
    state.optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    nn.utils.clip_grad_norm_(state.net.parameters(), 5.0)
    state.optimiser.step()
    follow(state)
    state.step += 1
    return float(loss.detach())


def begun(begin: Path | None, shelf: Shelf) -> State:
    """A fresh state, its weights those of a model file where one is named."""
    state = fresh_state()
    if begin is not None:
        some = tensors(batch(shelf, 0))[0]
        begin_from(begin, state.net.cpu(), some.cpu())
        state.net.to(DEVICE)
        state.mean.load_state_dict(state.net.state_dict())
    return state


@dataclass(frozen=True)
class Plan:
    """What to train on, to how many steps, from which model and how boldly; a checkpoint every so many steps, and none
    begun before so many samples are there."""
    renders: Path
    pathtraced: Path | None
    check: Path
    steps: int
    begin: Path | None
    top_rate: float = TOP_RATE
    keep_every: int = 500
    fewest: int = FEWEST


def train(out: Path, plan: Plan) -> None:
    """Train to the plan's steps, going on from out/checkpoint.pt if it is there."""
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    shelf, started, losses = Shelf(plan.renders), time.monotonic(), []
    other = Shelf(plan.pathtraced) if plan.pathtraced is not None and plan.pathtraced.exists() else None
    if other is not None:
        other.look_again()
    while shelf.look_again() < plan.fewest:
        time.sleep(2)
    state = begun(None if (out / "checkpoint.pt").exists() else plan.begin, shelf)
    state.top_rate = plan.top_rate
    if (out / "checkpoint.pt").exists():
        state.load(out / "checkpoint.pt")
    while state.step < plan.steps:
        losses.append(advance(state, batch(shelf, state.step, other), plan.steps))
        if state.step % 100 == 0:
            note(out, {"step": state.step, "loss": float(np.mean(losses)), "s": time.monotonic() - started,
                       "samples": shelf.look_again()})
            losses.clear()
        if state.step % plan.keep_every == 0 or state.step == plan.steps:
            state.save(out / "checkpoint.pt")
            note(out, {"step": state.step, "check": checked(state.mean, Shelf(plan.check))})


def checked(net: CornerNet, shelf: Shelf) -> float:
    """Loss of the running mean on samples of papers and seeds that training never draws."""
    shelf.look_again()
    net.eval()
    with torch.no_grad():
        found = [float(loss_of(net(tensors((p[n:n + 16], t[n:n + 16]))[0]), tensors((p[n:n + 16], t[n:n + 16]))[1]))
                 for p, t in shelf.blocks for n in range(0, len(p), 16)]
    return float(np.mean(found)) if found else float("nan")


def note(out: Path, values: dict[str, float]) -> None:
    """One line of progress in out/log.jsonl."""
    with (out / "log.jsonl").open("a") as file:
        file.write(json.dumps({key: round(value, 5) for key, value in values.items()}) + "\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train the corner net.")
    parser.add_argument("--out", type=Path, default=Path("out/training"))
    parser.add_argument("--renders", type=Path, default=Path("out/renders"))
    parser.add_argument("--pathtraced", type=Path, help="blocks that give a few samples of every batch")
    parser.add_argument("--check", type=Path, default=Path("out/check"))
    parser.add_argument("--steps", type=int, default=3600)
    parser.add_argument("--begin", type=Path, help="model file to begin from instead of random weights")
    parser.add_argument("--rate", type=float, default=TOP_RATE, help="top learning rate")
    chosen = parser.parse_args()
    train(chosen.out, Plan(chosen.renders, chosen.pathtraced, chosen.check, chosen.steps, chosen.begin, chosen.rate))


if __name__ == "__main__":
    main()
