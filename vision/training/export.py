"""Write the trained corner net as ONNX with its manifest line.

    python -m vision.training.export --checkpoint out/training/checkpoint.pt --models models
"""
import argparse
import hashlib
from pathlib import Path

import torch

from vision.measure.net import CHANNELS, NET_PX
from vision.training.guard.export import enter
from vision.training.net import CornerNet

FILE = "parcel_corners.onnx"


def load_mean(checkpoint: Path) -> CornerNet:
    """The running mean of the weights, ready to infer."""
    net = CornerNet()
    net.load_state_dict(torch.load(checkpoint, weights_only=True, map_location="cpu")["mean"])
    net.eval()
    return net


def export(net: CornerNet, path: Path) -> None:
    """Write the net as ONNX for any number of pictures."""
    torch.onnx.export(net, (torch.zeros(1, 3, NET_PX[1], NET_PX[0]),), str(path), input_names=["picture"],
                      output_names=["logits"], dynamic_axes={"picture": {0: "n"}, "logits": {0: "n"}},
                      opset_version=17, dynamo=False)


def manifest(path: Path, accuracy: str) -> str:
    """The manifest line of that model file."""
    return "\n".join([
        "[[models]]", 'name = "parcel_corners"', f'file = "{path.name}"',
        f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"',
        f"input = [1, 3, {NET_PX[1]}, {NET_PX[0]}]", 'outputs = ["logits"]',
        "classes = [" + ", ".join(f'"{c}"' for c in CHANNELS) + "]",
        'licence = "AGPL-3.0-or-later"', f'accuracy = "{accuracy}"', ""])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Export the corner net.")
    parser.add_argument("--checkpoint", type=Path, default=Path("out/training/checkpoint.pt"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--accuracy", default="not measured yet")
    chosen = parser.parse_args()
    chosen.models.mkdir(parents=True, exist_ok=True)
    export(load_mean(chosen.checkpoint), chosen.models / FILE)
    enter(chosen.models / "manifest.toml", "parcel_corners", manifest(chosen.models / FILE, chosen.accuracy))


if __name__ == "__main__":
    main()
