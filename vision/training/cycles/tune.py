"""Pictures for fine-tuning the net: the tuning split straight in the net's canonical view; never measured with.

    .venv-render/bin/python -m vision.training.cycles.tune --out out/tune --count 25

NNNNN.npz holds picture (rows, columns, BGR) uint8, matrix, rotation, translation of the view, hand (0 or 1), kinds and
truth_mm of the bodies, and for body n points_n (N, 3) mm of its surface and corners_n (8, 3) mm of its upright box.
"""
import argparse
import io
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vision.measure.camera import Pinhole, canonical_view
from vision.measure.net import NET_PX, TALL_MM
from vision.measure.rig import Rig
from vision.training.cycles import sensor, studio
from vision.training.cycles.album import prepared, put
from vision.training.cycles.papers import Picture
from vision.training.cycles.plan import Plan, mounted, plan
from vision.training.cycles.shapes import box_at, smallest_box, surface

SPLIT = "tune"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Path-trace pictures of the tuning split for fine-tuning.")
    parser.add_argument("--out", type=Path, default=Path("out/tune"))
    parser.add_argument("--rig", type=Path, default=Path("config/rig.toml"))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=25)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    rig = prepared(chosen.out, chosen.rig)
    studio.open_studio(studio.Quality(samples=6))
    for number in range(chosen.first, chosen.first + chosen.count):
        path, started = chosen.out / f"{number:05d}.npz", time.process_time()
        if not path.exists():
            put(path, sample(plan(number, rig, SPLIT), rig))
            print(f"{path.name}: {time.process_time() - started:.1f} CPU-s", flush=True)


def sample(scene: Plan, rig: Rig) -> bytes:
    """The scene as the net sees it through one of the cameras, in turn, with its truth."""
    camera = rig.cameras[scene.number // 2 % len(rig.cameras)]
    view = canonical_view(mounted(camera, scene.number, scene.split), rig.zone_mm, TALL_MM, NET_PX)
    bodies: dict[str, Any] = {f"points_{n}": surface(body) for n, body in enumerate(scene.bodies)}
    bodies |= {f"corners_{n}": box_at(body) for n, body in enumerate(scene.bodies)}
    packed = io.BytesIO()
    np.savez_compressed(
        packed, picture=_picture(scene, rig, view), matrix=view.matrix, rotation=view.rotation,
        translation=view.translation, hand=np.array(scene.hand_to_mm is not None),
        kinds=np.array([body.shape for body in scene.bodies]),
        truth_mm=np.array([smallest_box(surface(body)) for body in scene.bodies]), **bodies)
    return packed.getvalue()


def _picture(scene: Plan, rig: Rig, view: Pinhole) -> Picture:
    with tempfile.TemporaryDirectory() as work:
        studio.build(scene, rig, Path(work))
        studio.camera(view, 0)
        clean = studio.shoot((0, 0, *view.size_px), 100, Path(work) / "near.png")
    return sensor.noisy(clean.astype(np.float32), scene.split, scene.number, "canonical", scene.gain)


if __name__ == "__main__":
    main()
