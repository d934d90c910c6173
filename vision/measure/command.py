"""What `main.py measure` does: one parcel from its pictures, or a folder of them as answers or as a table."""
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Annotated, TextIO

import cv2
import numpy as np
import typer

from vision.measure.depthfile import check_depths, read_depths
from vision.measure.light import is_drowned
from vision.measure.measure import Answer, Measurer, Picture, is_dark
from vision.measure.pictures import PictureError, check_picture, read_picture
from vision.measure.rig import Rig, RigError, load_rig
from vision.measure.scenes import Scene, SceneError, read_scenes
from vision.measure.strangers import unlisted
from vision.measure.table import Result, table
from vision.model import load_model


class MeasureError(ValueError):
    """The command line asks for nothing that can be measured; the text is one sentence."""


@dataclass
class Progress:
    """One line on standard error that tells how far a batch is; silent unless a person watches."""
    total: int
    to: TextIO = field(default_factory=lambda: sys.stderr)

    def tell(self, done: int) -> None:
        """So many are done."""
        self._write(f"\r{done} of {self.total} scenes")

    def wipe(self) -> None:
        """Make room for what else is said."""
        self._write("\r\033[K")

    def _write(self, text: str) -> None:
        if self.to.isatty():
            self.to.write(text)
            self.to.flush()


def verb(models: Path) -> typer.Typer:
    """The verb `main.py measure`; models is where the net lies unless another folder is named."""
    verbs = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @verbs.command()
    def measure(
        pictures: Annotated[list[Path] | None, typer.Argument(help="one per camera, in the rig's order")] = None,
        rig: Annotated[Path | None, typer.Option(help="rig.toml of the table in the pictures; needed")] = None,
        batch: Annotated[Path | None, typer.Option(help="a folder with scenes.jsonl instead of pictures")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="one JSON object per answer")] = False,
        models: Annotated[Path, typer.Option(help="folder of the net and its manifest")] = models,
    ) -> None:
        """Length, width, height in mm from a parcel's pictures, or why not; a refusal is an answer."""
        cv2.setNumThreads(1)
        if rig is None:
            raise MeasureError("Name the rig file of the table in the pictures with --rig.")
        if bool(pictures) == (batch is not None):
            raise MeasureError("Give either the pictures of one parcel or --batch with a folder, and not both.")
        gallery = Gallery(rig, Measurer(load_rig(rig), load_model(models, "parcel_corners")))
        for line in gallery.batch(batch, as_json) if batch else gallery.single(pictures or [], as_json):
            typer.echo(line)

    return verbs


@dataclass(frozen=True, eq=False)
class Gallery:
    """A measurer that is shown pictures from files."""
    rig_file: Path
    measurer: Measurer

    def single(self, pictures: Sequence[Path], as_json: bool) -> Iterator[str]:
        """The lines to print for one parcel."""
        answer = self.answer(by_camera(pictures, self.measurer.rig))
        yield json.dumps(answer.document()) if as_json else sentence(answer)

    def batch(self, folder: Path, as_json: bool) -> Iterator[str]:
        """The lines to print for a folder: an answer per scene as it is found, or the table at the end."""
        scenes = read_scenes(folder, self.measurer.rig)
        for scene in scenes:
            self.check(scene)
        results: list[Result] = []
        for result in self.results(scenes, Progress(len(scenes))):
            results.append(result)
            if as_json:
                yield json.dumps({"id": result.scene.id, **result.answer.document()})
        if not as_json:
            yield table(results)

    def results(self, scenes: Sequence[Scene], progress: Progress) -> Iterator[Result]:
        """Each scene with its answer."""
        for done, scene in enumerate(scenes):
            progress.tell(done)
            try:
                answer = self.scene(scene)
            finally:
                progress.wipe()
            yield Result(scene, answer)

    def check(self, scene: Scene) -> None:
        """Refuse a scene by what its pictures' headers tell, before any is measured."""
        try:
            for name, path in scene.images.items():
                if (depth := self.measurer.rig.depth) is not None and depth.name == name:
                    check_depths(path, depth)
                else:
                    check_picture(path, self.measurer.rig.camera(name).size_px)
        except PictureError as error:
            raise SceneError(f"{scene.where}: {error}") from None

    def is_depth(self, name: str) -> bool:
        """Whether that camera of the rig sees depth."""
        depth = self.measurer.rig.depth
        return depth is not None and depth.name == name

    def scene(self, scene: Scene) -> Answer:
        """The answer to one scene; SceneError names its line, too."""
        try:
            return self.answer(scene.images)
        except PictureError as error:
            raise SceneError(f"{scene.where}: {error}") from None

    def answer(self, images: Mapping[str, Path]) -> Answer:
        """Measure from one picture per camera; PictureError or RigError for what is no refusal but a mistake."""
        rig = self.measurer.rig
        frames = {name: read_picture(path, rig.camera(name).size_px) for name, path in images.items()
                  if not self.is_depth(name)}
        if not frames:
            raise PictureError("A depth picture alone cannot be measured; give a colour camera's picture, too.")
        above = next((path for name, path in images.items() if self.is_depth(name)), None)
        depths = read_depths(above, rig.depth) if above is not None and rig.depth is not None else None
        for one, other in combinations(frames, 2):
            if same(frames[one], frames[other]):
                raise PictureError(f"{images[one]} and {images[other]} are the same picture; give each camera's own.")
        outcome = self.measurer.measure(frames, depths)
        if outcome.depth is not None:
            raise PictureError(f"{above}: {outcome.depth} Correct the depth camera in {self.rig_file}, or leave its "
                               "picture out.")
        for number in unlisted(outcome.seen or {}, rig):
            raise RigError(f"{self.rig_file}: tag {number} lies on the table in the pictures but is missing from "
                           "table.tags; add it, or cover it.")
        return outcome.answer


def by_camera(pictures: Sequence[Path], rig: Rig) -> dict[str, Path]:
    """Camera name to its picture: by the file's name where that is a camera's, else in the rig's order."""
    names = rig.names()
    if len(pictures) > len(names):
        raise MeasureError(f"{len(pictures)} pictures for {len(names)} cameras; give one each of {', '.join(names)}.")
    named = {path.stem: path for path in pictures if path.stem in names}
    if len(named) == len(pictures):
        return {name: named[name] for name in names if name in named}
    return dict(zip(names, pictures, strict=False))


def same(one: Picture, other: Picture) -> bool:
    """Whether two cameras cannot have seen this; in the dark all pictures are alike, and in light that drowns them."""
    return np.array_equal(one, other) and not (is_dark(one) or is_drowned(one))


def sentence(answer: Answer) -> str:
    """An answer for people."""
    told = f"rig residual {answer.rig_residual_px} px; " if answer.rig_residual_px is not None else ""
    if not answer.answered or answer.uncertainty_mm is None:
        return f"refused: {answer.reason}; {told}{answer.elapsed_ms} ms"
    size = f"{answer.length_mm} x {answer.width_mm} x {answer.height_mm} mm"
    return f"{answer.kind} {size}, +- {', '.join(map(str, answer.uncertainty_mm))} mm; {told}{answer.elapsed_ms} ms"
