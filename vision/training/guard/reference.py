"""The reference: an ultralytics net from its yaml on the same pictures, exported to ONNX. Training environment only.

    python -m vision.training.guard.reference --epochs 2 --pictures 800 --out out/guard/yolo

torchvision's wheels do not load beside the processor build of torch, and ultralytics asks it for its version and for
one function, so a stand-in answers with ultralytics' own. Nothing is fetched: the weights start at random.
"""
import argparse
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2

from vision.guard.records import Kind
from vision.training.guard.pictures import NET_PX, Sample, kept

VERSION = "0.28.0"
"""The torchvision that belongs to the locked torch."""


def stand_in() -> None:
    """Answer for torchvision; to be called before ultralytics is imported."""
    os.environ |= {"YOLO_OFFLINE": "1", "YOLO_AUTOINSTALL": "0", "YOLO_VERBOSE": "0"}
    asked = importlib.metadata.version

    def version(distribution_name: str) -> str:
        return VERSION if distribution_name == "torchvision" else asked(distribution_name)

    def nms(boxes: Any, scores: Any, threshold: float) -> Any:
        from ultralytics.utils.nms import TorchNMS  # noqa: PLC0415  # ultralytics may only be imported after this

        return TorchNMS.nms(boxes, scores, threshold)

    importlib.metadata.version = version
    whole, part = _module("torchvision", __version__=VERSION), _module("torchvision.ops", nms=nms)
    whole.__dict__["ops"] = part
    sys.modules |= {"torchvision": whole, "torchvision.ops": part}


def _module(name: str, **contents: Any) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(contents)
    return module


def lay_out(samples: Sequence[Sample], folder: Path) -> None:
    """Pictures and labels as ultralytics reads them; the last twentieth is for its own validation."""
    for n, one in enumerate(samples):
        part = folder / ("val" if n % 20 == 19 else "train")
        for name in ("images", "labels"):
            (part / name).mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(part / "images" / f"{n:05d}.jpg"), one.picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
        (part / "labels" / f"{n:05d}.txt").write_text("".join(_label(row) for row in one.rows if not row[9]))
    names = "\n".join(f"  {n}: {kind.value}" for n, kind in enumerate(Kind))
    (folder / "data.yaml").write_text(
        f"path: {folder.resolve()}\ntrain: train/images\nval: val/images\nnames:\n{names}\n")


def _label(row: Any) -> str:
    left, top, right, bottom = (float(v) for v in row[1:5])
    return (f"{int(row[0])} {(left + right) / 2 / NET_PX[0]:.5f} {(top + bottom) / 2 / NET_PX[1]:.5f}"
            f" {(right - left) / NET_PX[0]:.5f} {(bottom - top) / NET_PX[1]:.5f}\n")


def train(folder: Path, out: Path, net: str, epochs: int, side_px: int) -> Path:
    """Train from the yaml and export; the path of the ONNX file, format `yolo`."""
    stand_in()
    from ultralytics import YOLO  # noqa: PLC0415  # only after the stand-in

    model = YOLO(net)
    model.train(data=str(folder / "data.yaml"), epochs=epochs, imgsz=side_px, batch=16, workers=0, device="cpu",
                project=str(out.resolve()), name="run", exist_ok=True, pretrained=False, plots=False, val=False,
                seed=50, deterministic=True, amp=False, optimizer="AdamW", lr0=2e-3, warmup_epochs=0.5)
    best = YOLO(str(out / "run" / "weights" / "last.pt"))
    return Path(str(best.export(format="onnx", imgsz=(NET_PX[1], NET_PX[0]), opset=17, simplify=False, device="cpu")))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train the reference net.")
    parser.add_argument("--renders", type=Path, default=Path("out/guard/renders"))
    parser.add_argument("--out", type=Path, default=Path("out/guard/yolo"))
    parser.add_argument("--net", default="yolo11n.yaml")
    parser.add_argument("--pictures", type=int, default=800)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--side", type=int, default=320)
    chosen = parser.parse_args()
    samples = [one for path in sorted(chosen.renders.glob("????.npz")) for one in kept(path)][:chosen.pictures]
    lay_out(samples, chosen.out / "data")
    print(train(chosen.out / "data", chosen.out, chosen.net, chosen.epochs, chosen.side))


if __name__ == "__main__":
    main()
