"""The sets of the protocol: what is in each, what measures it, and the answers that are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.benchmarks.measuring import drawn, pairs
from tests.benchmarks.measuring.drawn import Drawn
from tests.benchmarks.measuring.kept import Kept, maker
from vision.measure.command import Gallery, Progress
from vision.measure.measure import Answer, Measurer
from vision.measure.rig import load_rig
from vision.measure.scenes import NAME, Scene, read_scenes
from vision.measure.table import Result
from vision.model import load_model
from vision.scene.table import render


@dataclass(frozen=True)
class Offered:
    """A set: its scenes, what measures one, by which measurer, and what else than their names its scenes are called."""

    scenes: Sequence[Scene]
    measure: Callable[[Scene], Answer]
    by: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """Where answers are kept, and until when (monotonic s) new ones are sought."""

    kept: Kept
    until: float

    def results(self, name: str, offered: Offered) -> Iterator[Result]:
        """The scenes that are kept or can still be measured, each with its answer."""
        progress = Progress(len(offered.scenes))
        for done, scene in enumerate(offered.scenes):
            progress.tell(done)
            result = self.kept.find(offered.by, name, scene)
            if result is None and time.monotonic() < self.until:
                result = Result(scene, offered.measure(scene))
                self.kept.keep(offered.by, name, result)
            progress.wipe()
            if result is not None:
                yield result


def drawn_set(measurer: Measurer, numbers: range) -> Offered | None:
    """S1: scenes that are drawn when they are measured."""
    return _drawn_when_asked([drawn.drawn(number, measurer.rig) for number in numbers], measurer)


def near_pairs(measurer: Measurer, count: int) -> Offered | None:
    """Pairs that must be refused, drawn when they are measured."""
    return _drawn_when_asked([pairs.pair(number, measurer.rig) for number in range(count)], measurer)


def _drawn_when_asked(made: Sequence[Drawn], measurer: Measurer) -> Offered | None:
    scenes = {one.id: one.scene for one in made}

    def measure(scene: Scene) -> Answer:
        return measurer.measure(drawn.pictures(scenes[scene.id], measurer.rig)).answer

    labels = {one.id: one.label() for one in made}
    return Offered([one.listed() for one in made], measure, maker(measurer), labels) if made else None


def alone_drawn(measurer: Measurer, numbers: range) -> Offered | None:
    """Scenes of S1, each measured by every camera alone."""
    names = [camera.name for camera in measurer.rig.cameras]
    made = {f"{one.id}@{name}": one for one in (drawn.drawn(n, measurer.rig) for n in numbers) for name in names}

    def measure(scene: Scene) -> Answer:
        name = scene.id.partition("@")[2]
        return measurer.measure({name: render(made[scene.id].scene, measurer.rig, name)}).answer

    listed = [replace(one.listed(), id=each) for each, one in made.items()]
    labels = {each: one.label() for each, one in made.items()}
    return Offered(listed, measure, maker(measurer), labels) if made else None


def batch(folder: Path, models: Path) -> Offered | None:
    """Every scene of a folder, with the rig that lies in it."""
    if not (folder / NAME).exists():
        return None
    measurer = Measurer(load_rig(folder / "rig.toml"), load_model(models, "parcel_corners"))
    gallery = Gallery(folder / "rig.toml", measurer)
    return Offered(read_scenes(folder, measurer.rig), gallery.scene, maker(measurer))


def alone_batch(folder: Path, models: Path, count: int) -> Offered | None:
    """The first scenes of a folder, each measured by every camera alone."""
    whole = batch(folder, models)
    if whole is None or not count:
        return None
    lone = [replace(scene, id=f"{scene.id}@{name}", images={name: path})
            for scene in whole.scenes[:count] for name, path in scene.images.items()]  # fmt: skip
    return replace(whole, scenes=lone)
