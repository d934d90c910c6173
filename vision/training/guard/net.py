"""The guard's own net: plain 3x3 convolutions and ReLU, three strides, one row per cell; format `own` of detect.py."""
import torch
from torch import Tensor, nn
from torch.nn import functional

from vision.guard.detect import POINTS
from vision.guard.records import Kind

WIDE = 64
ROUGH = 2.0
"""Strides from a cell to each edge of its box before anything is learnt."""


def block(before: int, after: int, stride: int = 1) -> nn.Sequential:
    """Convolution, normalisation, ReLU."""
    return nn.Sequential(nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU())


class Twice(nn.Module):
    """Two convolutions added to what came in."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = block(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, seen: Tensor) -> Tensor:
        """Same shape."""
        return functional.relu(seen + self.second(self.first(seen)))


class GuardNet(nn.Module):
    """Pictures (N, 3, rows, columns) BGR in 0-1 to (N, 8 + classes, cells), see detect.py."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(block(3, 16, 2), block(16, 32, 2), block(32, 32))
        self.down = nn.ModuleList([nn.Sequential(block(a, b, 2), Twice(b)) for a, b in ((32, 64), (64, 96), (96, 128))])
        self.deep = Twice(128)
        self.side = nn.ModuleList([nn.Conv2d(c, WIDE, 1) for c in (64, 96, 128)])
        self.up = nn.ModuleList([block(WIDE, WIDE) for _ in range(3)])
        self.told = nn.ModuleList([block(WIDE, WIDE) for _ in range(2)])
        self.rows = nn.ModuleList([nn.Conv2d(WIDE, POINTS, 1), nn.Conv2d(WIDE, len(Kind), 1)])
        nn.init.constant_(self.rows[0].bias[:4], ROUGH)
        nn.init.constant_(self.rows[0].bias[4:], 0.0)
        nn.init.constant_(self.rows[1].bias, -4.6)

    def forward(self, picture: Tensor) -> Tensor:
        """Rows of all cells, stride 8 first."""
        levels, seen = [], self.stem(picture - 0.45)
        for down in self.down:
            seen = down(seen)
            levels.append(seen)
        levels[2] = self.deep(levels[2])
        told, above = [], None
        for n in (2, 1, 0):
            here = self.side[n](levels[n])
            if above is not None:
                here = here + functional.interpolate(above, scale_factor=2.0, mode="nearest")
            above = self.up[n](here)
            told.append(torch.cat([self.rows[k](self.told[k](above)) for k in range(2)], dim=1).flatten(2))
        return torch.cat(told[::-1], dim=2)
