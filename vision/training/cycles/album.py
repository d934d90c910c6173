"""Where rendered scenes lie: a folder per set with rig.toml, scenes.jsonl and pictures, each whole or absent."""
import json
import os
from pathlib import Path

from vision.measure.rig import Rig, load_rig
from vision.training.cycles.plan import Plan
from vision.training.cycles.sensor import lens_rig

SETS = ("s2", "s3")


def prepared(out: Path, rig_file: Path) -> Rig:
    """The sets' folders with the rig of their lens; the rig."""
    text = lens_rig(rig_file.read_text(encoding="utf-8"))
    for name in SETS:
        (out / name).mkdir(parents=True, exist_ok=True)
        put(out / name / "rig.toml", text.encode())
    return load_rig(out / SETS[0] / "rig.toml")


def put(path: Path, content: bytes) -> None:
    """Write beside and rename, so that a file is whole or absent."""
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    os.replace(beside, path)


def pictures(scene: Plan, rig: Rig, out: Path) -> dict[str, Path]:
    """Camera name to its picture's place."""
    return {camera.name: out / scene.folder() / f"{scene.id}-{camera.name}.jpg" for camera in rig.cameras}


def listed(scene: Plan, files: dict[str, Path], folder: Path) -> bool:
    """Add the scene's line to scenes.jsonl unless it stands there."""
    path = folder / "scenes.jsonl"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    truth = scene.truth_mm()
    line = json.dumps({"id": scene.id, "images": {name: each.name for name, each in files.items()},
                       "truth_mm": list(truth) if truth else None, "expect": scene.expect})
    if line in text.splitlines():
        return False
    put(path, (text + line + "\n").encode())
    return True
