"""Write the guard's net as ONNX in both precisions with their manifest lines; int8 must not cost more than a point.

    python -m vision.training.guard.export --renders out/guard/renders --photographs DIR

int8: static, symmetric weights per channel, QDQ around convolutions, ranges from pictures that trained. When the mean
average precision at 0.5 on 100 drawn scenes of numbers that never train falls by more than 0.01, the last convolutions
stay in float; when it still does, nothing is written.
"""
import argparse
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import (  # type: ignore[import-untyped]  # it ships no type information
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process  # type: ignore[import-untyped]  # as above

from vision.guard.detect import POINTS, Detector, batch_of
from vision.guard.records import Kind
from vision.model import load_model
from vision.scene.dock.photo import Shot
from vision.training.guard.evaluate import renders
from vision.training.guard.net import GuardNet
from vision.training.guard.pictures import NET_PX, Sample, kept, photographs, sample
from vision.training.guard.score import table
from vision.training.scenes import shoot

GATE = 0.01
SHY = {Kind.FORKLIFT: 0.4}
"""Taken off a class's logits. A truck that is not there raises alarms for as long as it is seen: at a score of 0.4 this
costs 2 of 55 trucks of drawn scenes that never train, and leaves none (fp32: one) of the false ones on the 100 near
walls by which it was chosen."""
CALIBRATION = (1_000_000, 100)
"""First scene number and count of the scenes on which the loss of int8 is measured; training never draws them."""


class Shown(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime is untyped
    """Pictures one by one, as the net takes them."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.left = iter(samples)

    def get_next(self) -> dict[str, np.ndarray] | None:  # type: ignore[type-arg]  # the interface is onnxruntime's
        """The next feed, or None."""
        one = next(self.left, None)
        return None if one is None else {"picture": batch_of([one.picture])}


def load_mean(checkpoint: Path) -> GuardNet:
    """The running mean of the weights, ready to infer, as shy as SHY says."""
    net = GuardNet()
    net.load_state_dict(torch.load(checkpoint, weights_only=True)["mean"])
    with torch.no_grad():
        for kind, less in SHY.items():
            net.rows[1].bias[list(Kind).index(kind)] -= less
    net.eval()
    return net


def write(net: GuardNet, path: Path) -> None:
    """ONNX of operator set 17 for any number of pictures."""
    torch.onnx.export(net, (torch.zeros(1, 3, NET_PX[1], NET_PX[0]),), str(path), input_names=["picture"],
                      output_names=["rows"], dynamic_axes={"picture": {0: "n"}, "rows": {0: "n"}}, opset_version=17,
                      dynamo=False)


def prepared(path: Path) -> Path:
    """The float model with constants folded, beside it."""
    into = path.with_suffix(".prepared.onnx")
    quant_pre_process(str(path), str(into), skip_symbolic_shape=True)
    return into


def last_convolutions(path: Path) -> list[str]:
    """Names of the 1x1 convolutions whose channels are the answer's."""
    graph = onnx.load(str(path)).graph
    wide = {one.name: one.dims[0] for one in graph.initializer if one.dims}
    return [node.name for node in graph.node if node.op_type == "Conv" and wide[node.input[1]] in (POINTS, len(Kind))]


def quantise(path: Path, into: Path, samples: Sequence[Sample], spared: Sequence[str]) -> None:
    """The int8 twin of a prepared model; spared convolutions stay in float."""
    quantize_static(str(path), str(into), Shown(samples), quant_format=QuantFormat.QDQ, per_channel=True,
                    activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, op_types_to_quantize=["Conv"],
                    nodes_to_exclude=list(spared), calibrate_method=CalibrationMethod.MinMax)


def line(name: str, path: Path, accuracy: str) -> str:
    """The manifest line of that file."""
    classes = ", ".join(f'"{kind.value}"' for kind in Kind)
    return "\n".join([
        "[[models]]", f'name = "{name}"', f'file = "{path.name}"',
        f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"', f"input = [1, 3, {NET_PX[1]}, {NET_PX[0]}]",
        'outputs = ["rows"]', 'format = "own"', f"classes = [{classes}]", 'licence = "AGPL-3.0-or-later"',
        f'accuracy = "{accuracy}"', ""])


def enter(manifest: Path, name: str, entry: str) -> None:
    """Put an entry in the place of the one of that name, or at the end."""
    blocks = re.split(r"(?m)^(?=\[\[models\]\])", manifest.read_text() if manifest.exists() else "")
    others = [block.rstrip() + "\n" for block in blocks if block.strip() and f'name = "{name}"' not in block]
    manifest.write_text("\n".join([*others, entry]))


def mean_precision(models: Path, name: str, shots: Sequence[Shot]) -> float:
    """Mean average precision at 0.5 on those scenes."""
    return table(renders(Detector(load_model(models, name), 0.01), shots), tuple(Kind))["all"][1]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Export the guard's net.")
    parser.add_argument("--checkpoint", type=Path, default=Path("out/guard/own/checkpoint.pt"))
    parser.add_argument("--renders", type=Path, default=Path("out/guard/renders"))
    parser.add_argument("--photographs", type=Path)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--accuracy", default="not measured yet")
    chosen = parser.parse_args()
    float_path, small = chosen.models / "guard_fp32.onnx", chosen.models / "guard_int8.onnx"
    write(load_mean(chosen.checkpoint), float_path)
    enter(chosen.models / "manifest.toml", "guard_fp32", line("guard_fp32", float_path, chosen.accuracy))
    shown = kept(chosen.renders / "0000.npz")[:64]
    if chosen.photographs:
        shown += [sample(one.picture, one.truths) for one in photographs(chosen.photographs, "train")[:32]]
    first, count = CALIBRATION
    shots = [shoot(first + n, ordinary=True) for n in range(count)]
    whole, folded = mean_precision(chosen.models, "guard_fp32", shots), prepared(float_path)
    for spared in ([], last_convolutions(folded)):
        quantise(folded, small, shown, spared)
        enter(chosen.models / "manifest.toml", "guard_int8", line("guard_int8", small, chosen.accuracy))
        lost = whole - mean_precision(chosen.models, "guard_int8", shots)
        print(f"float {whole:.4f}, int8 loses {lost:.4f} with {len(spared)} convolutions spared")
        if lost <= GATE:
            folded.unlink()
            return
    small.unlink()
    raise SystemExit("int8 costs more than a point; no int8 model was written.")


if __name__ == "__main__":
    main()
