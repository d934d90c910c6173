"""The corner net: plain convolutions, a pyramid down to 1/32 and up to 1/4."""
from torch import Tensor, nn
from torch.nn import functional

from vision.measure.net import CHANNELS


def _block(before: int, after: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU())


class CornerNet(nn.Module):
    """Picture (N, 3, 288, 384) BGR in 0-1 to logits (N, channels, 72, 96) in the order of CHANNELS."""

    def __init__(self, wide: int = 48) -> None:
        super().__init__()
        self.stem = nn.Sequential(_block(3, 16, 2), _block(16, 32, 2), _block(32, 32))
        self.down = nn.ModuleList([nn.Sequential(_block(a, b, 2), _block(b, b))
                                   for a, b in ((32, 64), (64, 96), (96, 128))])
        self.side = nn.ModuleList([nn.Conv2d(c, wide, 1) for c in (32, 64, 96, 128)])
        self.up = nn.ModuleList([_block(wide, wide) for _ in range(3)])
        self.head = nn.Sequential(_block(wide, wide), nn.Conv2d(wide, len(CHANNELS), 1))

    def forward(self, picture: Tensor) -> Tensor:
        """Logits of every channel."""
        levels = [self.stem(picture - 0.45)]
        for down in self.down:
            levels.append(down(levels[-1]))
        seen = self.side[3](levels[3])
        for n in (2, 1, 0):
            grown = functional.interpolate(seen, scale_factor=2.0, mode="nearest")
            seen = self.up[n](grown + self.side[n](levels[n]))
        logits: Tensor = self.head(seen)
        return logits
