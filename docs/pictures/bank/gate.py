"""Makes the small fixed sets under tests/vision/measure/gate, on which every check of the house measures.

    python -m tests.benchmarks.measuring.gate --cycles out/cycles
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import cv2

from tests.benchmarks.measuring import drawn
from vision.measure.rig import Rig, load_rig
from vision.measure.scenes import NAME, Scene

FOLDER = Path("tests/vision/measure/gate")
#: Numbers of drawn scenes: the six standard boxes, two worn boxes, a tube, a bag, four that must be refused.
DRAWN = (3, 11, 19, 27, 35, 43, 0, 16, 5, 13, 15, 23, 31, 39)
#: As many path-traced scenes of each set, from the first on.
TRACED = 6
QUALITY = 88


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Make the small fixed sets.")
    parser.add_argument("--cycles", type=Path, default=Path("out/cycles"))
    chosen = parser.parse_args()
    draw(FOLDER / "s1")
    for name in ("s2", "s3"):
        if (chosen.cycles / name / NAME).exists():
            copy(chosen.cycles / name, FOLDER / name)


def draw(folder: Path) -> None:
    """The drawn scenes, as the cameras would send them."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy("config/rig.toml", folder / "rig.toml")
    rig = load_rig(folder / "rig.toml")
    (folder / NAME).write_text("".join(_drawn(number, rig, folder) for number in DRAWN), encoding="utf-8")


def _drawn(number: int, rig: Rig, folder: Path) -> str:
    one = drawn.drawn(number, rig)
    images = {name: f"{one.id}-{name}.jpg" for name in (camera.name for camera in rig.cameras)}
    for name, frame in drawn.pictures(one.scene, rig).items():
        cv2.imwrite(str(folder / images[name]), frame, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return line(one.listed(), images)


def line(scene: Scene, images: dict[str, str]) -> str:
    """A line of scenes.jsonl."""
    truth = [round(side, 1) for side in scene.truth_mm] if scene.truth_mm else None
    expect = "answer" if scene.answerable else "refuse"
    return json.dumps({"id": scene.id, "images": images, "truth_mm": truth, "expect": expect}) + "\n"


def copy(source: Path, folder: Path) -> None:
    """The first path-traced scenes of a set, packed a little tighter."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "rig.toml", folder / "rig.toml")
    lines = (source / NAME).read_text(encoding="utf-8").splitlines()[:TRACED]
    for each in lines:
        for name in json.loads(each)["images"].values():
            frame = cv2.imread(str(source / name))
            if frame is not None:
                cv2.imwrite(str(folder / name), frame, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    (folder / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
