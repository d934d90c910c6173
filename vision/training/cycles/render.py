"""Render the held-out sets; resumes where it stopped, one picture file at a time.

    .venv-render/bin/python -m vision.training.cycles.render --out out/cycles --count 600
"""
import argparse
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from vision.measure.camera import Floats, Pinhole
from vision.measure.rig import Rig
from vision.training.cycles import sensor, studio
from vision.training.cycles.album import listed, noted, pictures, prepared, put, stale
from vision.training.cycles.papers import Picture
from vision.training.cycles.plan import Plan, mounted, plan
from vision.training.cycles.shapes import surface

FAR_PERCENT = 12
AROUND_PX, FADE_PX = 22, 10


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Render the held-out sets with Cycles.")
    parser.add_argument("--out", type=Path, default=Path("out/cycles"))
    parser.add_argument("--rig", type=Path, default=Path("config/rig.toml"))
    parser.add_argument("--split", choices=["test", "tune"], default="test", help="tune: for training, never measured")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--samples", type=int, default=studio.Quality.samples)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    rig = prepared(chosen.out, chosen.rig)
    studio.open_studio(studio.Quality(samples=chosen.samples))
    for number in range(chosen.first, chosen.first + chosen.count):
        scene, started = plan(number, rig, chosen.split), time.process_time()
        if render(scene, rig, chosen.out):
            print(f"{scene.id}: {time.process_time() - started:.1f} CPU-s", flush=True)


def render(scene: Plan, rig: Rig, out: Path) -> bool:
    """Render what is missing of a scene, or shows what an older plan said, and list it; False when nothing was."""
    files, folder = pictures(scene, rig, out), out / scene.folder()
    if stale(scene, folder):
        for path in files.values():
            path.unlink(missing_ok=True)
    missing = [name for name, path in files.items() if not path.exists()]
    if missing:
        noted(scene, folder)
        with tempfile.TemporaryDirectory() as work:
            studio.build(scene, rig, Path(work))
            for name in missing:
                put(files[name], sensor.packed(picture(scene, rig, name, Path(work))))
    return listed(scene, files, folder) or bool(missing)


def picture(scene: Plan, rig: Rig, name: str, work: Path) -> Picture:
    """The frame of one camera: sharp around the table and what is on it, coarse beyond."""
    view = mounted(rig.camera(name), scene.number, scene.split)
    studio.camera(view, sensor.MARGIN_PX)
    part = sharp_part(scene, view)
    far = studio.shoot(None, FAR_PERCENT, work / "far.png")
    size = (view.size_px[0] + 2 * sensor.MARGIN_PX, view.size_px[1] + 2 * sensor.MARGIN_PX)
    clean = np.asarray(cv2.GaussianBlur(cv2.resize(far, size, interpolation=cv2.INTER_CUBIC), (0, 0), 6), np.uint8)
    blend(clean, studio.shoot(part, 100, work / "near.png"), part[0], part[1])
    return sensor.expose(clean, rig.camera(name), scene.split, scene.number, scene.gain)


def blend(picture: Picture, part: Picture, left: int, top: int) -> None:
    """Lay the part over the picture, in place, fading over its outermost pixels."""
    rows, columns = part.shape[:2]
    inner = np.zeros((rows, columns), np.float32)
    inner[FADE_PX:-FADE_PX, FADE_PX:-FADE_PX] = 1
    share = cv2.blur(inner, (FADE_PX, FADE_PX))[..., None]
    under = picture[top:top + rows, left:left + columns]
    under[:] = under * (1 - share) + part * share


def sharp_part(scene: Plan, view: Pinhole) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what must be sharp, in the picture with its margin."""
    half = studio.TABLE_MM / 2 - 112
    table = np.array([[x, y, 0.0] for x in (-half, half) for y in (-half, half)])
    points: list[Floats] = [table, *(surface(body) for body in scene.bodies)]
    spots = view.project(np.vstack(points)) + sensor.MARGIN_PX
    high = np.array(view.size_px) + 2 * sensor.MARGIN_PX
    left, top = np.clip(spots.min(axis=0) - AROUND_PX, 0, high)
    right, bottom = np.clip(spots.max(axis=0) + AROUND_PX, 0, high)
    return int(left), int(top), int(right), int(bottom)


if __name__ == "__main__":
    main()
