"""Momentum whose step for a convolution is made orthogonal (Muon, Jordan 2024); AdamW for all else."""
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

MOMENTUM, DECAY = 0.95, 5e-4
TURNS, SIZE = 5, 0.2
"""Newton-Schulz iterations, and the size of a step's entries in rates (as AdamW's are)."""


def orthogonal(matrix: Tensor) -> Tensor:
    """All singular values about 1, by an odd polynomial of degree five applied again and again."""
    found = matrix / (matrix.norm() + 1e-7)
    tall = found.shape[0] > found.shape[1]
    found = found.T if tall else found
    for _ in range(TURNS):
        square = found @ found.T
        found = 3.4445 * found + (-4.775 * square + 2.0315 * square @ square) @ found
    return found.T if tall else found


class Muon(torch.optim.Optimizer):
    """For weights of two and more dimensions, the first one against all others."""

    def __init__(self, weights: Iterable[Tensor], lr: float) -> None:
        super().__init__(weights, {"lr": lr})

    @torch.no_grad()  # type: ignore[untyped-decorator]  # torch leaves it untyped
    def step(self, closure: Any = None) -> None:  # the base class names it
        """One step along the momentum."""
        for group in self.param_groups:
            for weight in group["params"]:
                mean = self.state[weight].setdefault("mean", torch.zeros_like(weight))
                mean.lerp_(weight.grad, 1 - MOMENTUM)
                way = orthogonal(weight.grad.lerp(mean, MOMENTUM).flatten(1))
                weight.mul_(1 - group["lr"] * DECAY)
                weight.add_(way.view_as(weight), alpha=-group["lr"] * SIZE * max(way.shape) ** 0.5)


class Both:
    """Muon for the convolutions of a net, AdamW for its other weights; used as one."""

    def __init__(self, net: nn.Module, lr: float) -> None:
        convolutions = [weight for weight in net.parameters() if weight.ndim == 4]
        others = [weight for weight in net.parameters() if weight.ndim != 4]
        self.parts = (torch.optim.AdamW(others, lr=lr, weight_decay=DECAY), Muon(convolutions, lr))

    def set_rate(self, lr: float) -> None:
        """The rate of the next steps."""
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = lr

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for part in self.parts:
            part.zero_grad()

    def step(self) -> None:
        """One step of both."""
        for part in self.parts:
            part.step()

    def state_dict(self) -> list[Any]:
        """What a checkpoint holds of it."""
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, held: list[Any]) -> None:
        """Go on from a checkpoint."""
        for part, one in zip(self.parts, held, strict=True):
            part.load_state_dict(one)
