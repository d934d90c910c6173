"""Where rendered scenes lie: a folder per set with rig.toml, scenes.jsonl and pictures, each whole or absent."""
import json
import os
from hashlib import sha256
from pathlib import Path

from vision.measure.rig import Rig, load_rig
from vision.training.cycles.papers import paper
from vision.training.cycles.plan import Plan
from vision.training.cycles.sensor import lens_rig
from vision.training.cycles.shapes import surface

SETS = ("s2", "s3")
DRAWN = "drawn.json"


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


def look_of(scene: Plan) -> str:
    """A fingerprint of what is to be seen: surfaces, papers, table, light, hand and covered tags."""
    made = sha256(repr((scene.split, scene.number, scene.table, scene.light, scene.gain, scene.hand_to_mm,
                        scene.covered)).encode())
    for body in scene.bodies:
        made.update(repr((body.seed, body.paper, body.finish, body.taped)).encode())
        made.update((surface(body) * 50).round().astype("<i4").tobytes())
        made.update(paper(body.paper, body.split, body.seed, body.finish, (64, 48)).round().astype("u1").tobytes())
    return made.hexdigest()[:16]


def stale(scene: Plan, folder: Path) -> bool:
    """Whether the pictures that lie there show what the plan no longer says."""
    path = folder / DRAWN
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return bool(known.get(scene.id) != look_of(scene))


def noted(scene: Plan, folder: Path) -> None:
    """Keep what the scene's pictures show."""
    path = folder / DRAWN
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    put(path, (json.dumps({**known, scene.id: look_of(scene)}, indent=0) + "\n").encode())


def listed(scene: Plan, files: dict[str, Path], folder: Path) -> bool:
    """Put the scene's line into scenes.jsonl, in the place of an older one of its name; False when it stands there."""
    path = folder / "scenes.jsonl"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    truth = scene.truth_mm()
    line = json.dumps({"id": scene.id, "images": {name: each.name for name, each in files.items()},
                       "truth_mm": list(truth) if truth else None, "expect": scene.expect})
    lines = text.splitlines()
    if line in lines:
        return False
    places = [n for n, each in enumerate(lines) if json.loads(each)["id"] == scene.id] or [len(lines)]
    lines[places[0]:places[0] + 1] = [line]
    put(path, "".join(each + "\n" for each in lines).encode())
    return True
