"""A folder of pictures with scenes.jsonl: what was photographed, its true size, and whether it should be answered."""
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vision.measure.rig import Rig

NAME = "scenes.jsonl"
KEYS = ("id", "images", "truth_mm", "expect")
LONGEST_MM, LONGEST_PATH = 10_000.0, 1024


class SceneError(ValueError):
    """scenes.jsonl cannot be used; the text is one sentence with file, line and remedy."""


@dataclass(frozen=True)
class Scene:
    """One line: pictures by camera name, true length >= width and height in mm if known, whether to be answered."""
    id: str
    images: Mapping[str, Path]
    truth_mm: tuple[float, float, float] | None
    answerable: bool
    where: str
    """File and line, for complaints."""


def read_scenes(folder: Path, rig: Rig) -> list[Scene]:
    """Every scene of the folder in the file's order; SceneError names file and line."""
    path = folder / NAME
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        raise SceneError(f"{path} does not exist; write one JSON object per scene into it.") from None
    except OSError as error:
        raise SceneError(f"{path} cannot be read: {error.strerror}; give the folder that holds it.") from None
    scenes = [_scene(f"{path} line {n}", line, folder, rig) for n, line in enumerate(lines, 1) if line.strip()]
    if not scenes:
        raise SceneError(f"{path} holds no scene; write one JSON object per scene into it.")
    _unique(scenes)
    return scenes


def _unique(scenes: Iterable[Scene]) -> None:
    known: dict[str, Scene] = {}
    for scene in scenes:
        if scene.id in known:
            raise SceneError(f"{scene.where}: id {scene.id!r} stands in an earlier line too; each must be unique.")
        known[scene.id] = scene


def _scene(where: str, line: bytes, folder: Path, rig: Rig) -> Scene:
    values = _object(where, line)
    for key in (*KEYS, *values):
        if key not in values:
            raise SceneError(f"{where}: {key} is missing; each line needs {', '.join(KEYS)}.")
        if key not in KEYS:
            raise SceneError(f"{where}: {key!r} is not a known key; use only {', '.join(KEYS)}.")
    name, expect = values["id"], values["expect"]
    if not isinstance(name, str) or not name:
        raise SceneError(f"{where}: id must be a text, not {_brief(name)}.")
    if expect not in ("answer", "refuse"):
        raise SceneError(f"{where}: expect must be \"answer\" or \"refuse\", not {_brief(expect)}.")
    return Scene(name, _images(where, values["images"], folder, rig), _truth(where, values["truth_mm"]),
                 expect == "answer", where)


def _object(where: str, line: bytes) -> dict[str, object]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise SceneError(f"{where} is no JSON; mend or remove it.") from None
    if not isinstance(values, dict):
        raise SceneError(f"{where} is no JSON object; mend or remove it.")
    return values


def _images(where: str, value: object, folder: Path, rig: Rig) -> dict[str, Path]:
    if not isinstance(value, dict) or not value:
        raise SceneError(f"{where}: images must name a picture per camera, such as {{\"left\": \"left.png\"}}.")
    names = rig.names()
    for name in value:
        if name not in names:
            raise SceneError(f"{where}: images.{name} is no camera of the rig; it has {', '.join(names)}.")
    return {name: _inside(f"{where}: images.{name}", value[name], folder) for name in names if name in value}


def _inside(where: str, value: object, folder: Path) -> Path:
    """The picture's path; links are followed first, so that none leads out of the folder."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_PATH or "\0" in value:
        raise SceneError(f"{where} must be the path of a picture, not {_brief(value)}.")
    try:
        inside = (folder / value).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a loop of links, or a name that the file system cannot hold
        raise SceneError(f"{where} = {_brief(value)} is no path; name a picture inside {folder}.") from None
    if not inside:
        raise SceneError(f"{where} = {_brief(value)} leaves {folder}; put the picture inside it.")
    return folder / value


def _truth(where: str, value: object) -> tuple[float, float, float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 3 or not all(_millimetres(each) for each in value):
        raise SceneError(f"{where}: truth_mm must be null or [length, width, height] in mm, not {_brief(value)}.")
    one, other, height = (float(each) for each in value)
    return max(one, other), min(one, other), height


def _millimetres(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= LONGEST_MM \
        and math.isfinite(value)


def _brief(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."
