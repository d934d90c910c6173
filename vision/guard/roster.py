"""Which cameras the guard watches: how each one's process is started, and which floors cannot be used and why."""
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from vision.guard.floor import FloorError, load_floor
from vision.guard.source import SCHEMES, is_taken, shown
from vision.guard.viewpoint import Viewpoint

#: What a camera may be called, in its files and to the core.
NAME = re.compile(r"[\w-][\w.:-]{0,39}")


class Said(Protocol):
    """What [guard] of branch.toml says of its cameras."""
    floors: tuple[str, ...]
    sources: dict[str, str]
    lobby: tuple[str, ...]


@dataclass
class Roster:
    """Per camera how its process is started; per floor that cannot be used, by its file's name, one sentence why."""
    argvs: dict[str, list[str]] = field(default_factory=dict)
    unfit: dict[str, str] = field(default_factory=dict)


def roster(said: Said, beside: Path, models: Path, folder: Path) -> Roster:
    """Of every floor of [guard]; FloorError, one sentence, where branch.toml itself names what no floor has."""
    found, refused = Roster(), list[tuple[Path, str]]()
    for path in (beside / name for name in said.floors):
        try:
            view = _usable(path, found.argvs)
        except FloorError as error:
            refused.append((path, str(error)))
            continue
        found.argvs[view.name] = [sys.executable, "-m", "vision.guard.watching", str(path), str(models), str(folder)]
    for path, why in refused:  # named last: a camera that can be watched keeps its name
        found.unfit[_word(path, {*found.argvs, *found.unfit})] = why
    if not found.unfit:  # a camera whose floor cannot be read may be the one that is named
        _known(said, found.argvs)
    for name, source in said.sources.items():
        _taken(f"[guard.sources] {name}", source)
    return found


def _usable(path: Path, others: Mapping[str, object]) -> Viewpoint:
    view = load_floor(path).viewpoint
    if view.name in others:
        raise FloorError(f"{path}: another floor has a camera {view.name!r} already; give each its own camera.name.")
    if not NAME.fullmatch(view.name):
        raise FloorError(f"{path}: camera.name = {view.name!r} cannot name its files; use at most 40 letters,"
                         " digits, _, -, . and :.")
    _taken(f"{path}: camera.source", view.source)
    return view


def _word(path: Path, others: set[str]) -> str:
    """A name for what has none that can be used, unlike all others."""
    word = re.sub(r"[^\w-]", "_", path.stem)[:30] or "floor"
    return next(name for n in range(1, 1000) if (name := word if n == 1 else f"{word}-{n}") not in others)


def _known(said: Said, cameras: Mapping[str, object]) -> None:
    known = ", ".join(cameras) or "none"
    for key, name in (*(("sources", name) for name in said.sources), *(("lobby", name) for name in said.lobby)):
        if name not in cameras:
            raise FloorError(f"[guard] {key}: no floor has a camera {name!r}; known are {known}.")


def _taken(where: str, source: str) -> None:
    if not is_taken(source):
        raise FloorError(f"{where} = {shown(source)!r} is no address of a camera; begin it with {', '.join(SCHEMES)}.")
