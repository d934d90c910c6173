"""Sees that a training does what the model's card says: seeds, resuming, the rate, beginning from a model, the export.

    .venv-train/bin/python -m vision.training.check

Torch is in the training environment alone, so `make test` cannot run this; `make train-check` does, `make train` first.
"""
import tempfile
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from unittest import mock

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # it ships no stubs
import torch
from torch import Tensor

from vision.training import train
from vision.training.begin import begin_from
from vision.training.export import export, load_mean
from vision.training.net import CornerNet
from vision.training.recipe import sample
from vision.training.store import Shelf, keep

SAMPLES, STEPS, KEPT_AT = 24, 6, 3
MODEL = Path("models/parcel_corners.onnx")


class Stopped(Exception):
    """A training that is stopped where it stands."""


def main() -> None:
    """Every check, on a few samples of the recipe; SystemExit names the one that fails."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        renders = Path(folder) / "renders"
        renders.mkdir()
        keep(renders, 0, [sample(number) for number in range(SAMPLES)])
        shelf = Shelf(renders)
        shelf.look_again()
        for check in (seeds, rates, learns, begins, exports, resumes):
            check(shelf, Path(folder))
            print(f"{check.__name__}: {check.__doc__}", flush=True)


def demand(held: bool, otherwise: str) -> None:
    """SystemExit where it does not hold."""
    if not held:
        raise SystemExit(otherwise)


def seeds(shelf: Shelf, _: Path) -> None:
    """The same step draws the same batch, and the next one another."""
    one, again, other = (train.batch(shelf, step)[0] for step in (7, 7, 8))
    demand(np.array_equal(one, again), "The same step drew two batches.")
    demand(not np.array_equal(one, other), "Two steps drew one batch.")


def rates(_: Shelf, __: Path) -> None:
    """The rate warms up over 200 steps and falls to a hundredth of its top by the last."""
    found = [train.rate(step, 3600, train.TOP_RATE) / train.TOP_RATE for step in range(3601)]
    demand(abs(found[0] - 1 / 200) < 1e-9 and 198 <= int(np.argmax(found)) <= 202, "The rate does not warm up.")
    falls = all(before >= after for before, after in pairwise(found[202:]))
    demand(falls and abs(found[-1] - 0.01) < 1e-6, f"The rate ends at {found[-1]:.3f} of its top.")


def learns(shelf: Shelf, _: Path) -> None:
    """Over 15 steps on one batch the loss falls by a fifth, and the running mean of the weights follows."""
    state, batch = train.fresh_state(), train.batch(shelf, 0)
    before = [value.clone() for value in state.mean.state_dict().values()]
    losses = [train.advance(state, batch, 400) for _ in range(15)]
    demand(losses[-1] < 0.8 * losses[0], f"The loss went from {losses[0]:.3f} to {losses[-1]:.3f}.")
    moved = [not torch.equal(a, b) for a, b in zip(before, state.mean.state_dict().values(), strict=True)]
    demand(any(moved), "The running mean of the weights stayed where it was.")


def begins(shelf: Shelf, _: Path) -> None:
    """What begins from a model answers as the model does before its first step."""
    pictures, net = train.tensors(train.batch(shelf, 0))[0].cpu(), CornerNet()
    begin_from(MODEL, net, pictures)
    off = differs(net.eval(), MODEL, pictures)
    demand(off < 0.05, f"A net begun from {MODEL} answers up to {off:.3f} beside it.")


def exports(shelf: Shelf, folder: Path) -> None:
    """The exported file answers as the checkpoint's running mean."""
    train.fresh_state().save(folder / "checkpoint.pt")
    net, pictures = load_mean(folder / "checkpoint.pt"), train.tensors(train.batch(shelf, 1))[0].cpu()[:2]
    export(net, folder / "net.onnx")
    off = differs(net, folder / "net.onnx", pictures)
    demand(off < 1e-3, f"The exported file answers up to {off:.4f} beside the checkpoint.")


def resumes(shelf: Shelf, folder: Path) -> None:
    """Stopped between two checkpoints and begun again it ends at the very same weights, running mean and moments."""
    whole, stopped = folder / "whole", folder / "stopped"
    plan = train.Plan(shelf.folder, None, folder / "none", STEPS, None, keep_every=KEPT_AT, fewest=SAMPLES)
    train.train(whole, plan)
    with suppress(Stopped), mock.patch.object(train, "advance", stops_after(KEPT_AT + 1)):
        train.train(stopped, plan)
    left = int(torch.load(stopped / "checkpoint.pt", weights_only=True)["step"])
    demand(left == KEPT_AT, f"A checkpoint of step {left} was left, not of {KEPT_AT}.")
    train.train(stopped, plan)
    expected, found = kept(whole), kept(stopped)
    unlike = [name for name, value in expected.items() if name not in found or not torch.equal(value, found[name])]
    same = not unlike and len(expected) == len(found)
    demand(same, f"The resumed training differs in {len(unlike)} parts, {', '.join(unlike[:3])}.")


def kept(out: Path) -> dict[str, Tensor]:
    """All numbers of a checkpoint by name: weights, their running mean, the optimiser's moments."""
    held = torch.load(out / "checkpoint.pt", weights_only=True)
    moments = {f"{n} {name}": value for n, each in held["optimiser"]["state"].items() for name, value in each.items()}
    return {**held["net"], **{f"mean {name}": value for name, value in held["mean"].items()}, **moments}


def stops_after(steps: int) -> Callable[[train.State, train.Batch, int], float]:
    """One step of training that raises when so many are done."""
    real, done = train.advance, iter(range(steps))

    def advance(state: train.State, batch: train.Batch, planned: int) -> float:
        if next(done, None) is None:
            raise Stopped
        return real(state, batch, planned)

    return advance


def differs(net: CornerNet, model: Path, pictures: Tensor) -> float:
    """Greatest difference of a net's logits from those of a model file."""
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    given = {session.get_inputs()[0].name: pictures.contiguous().numpy()}
    told: npt.NDArray[np.float32] = np.asarray(session.run(None, given)[0])
    with torch.no_grad():
        return float(np.abs(net(pictures).numpy() - told).max())


if __name__ == "__main__":
    main()
