"""What must not be believed, and how alike repeated measures are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tests.benchmarks.measuring.drawn import drawn, pictures
from vision.measure.camera import Pinhole, look_at
from vision.measure.measure import Answer, Measurer, Picture
from vision.measure.rig import Camera, Rig, Tag
from vision.measure.table import DIMENSIONS, Figure, Result, several, share
from vision.scene.table import AIM_MM, EYES_MM, ParcelModel, TableScene, render

KNOCK_DEG = 0.5
#: The box that is measured again and again, and where it is put down.
BOX = ParcelModel(312.0, 224.0, 131.0, 0.0, 0.0, 20.0, seed=88)
ROOM = 78
Frames = Mapping[str, Picture]


@dataclass(frozen=True)
class Control:
    """A calibration that is wrong: what it is called, the rig that the measurer believes, what the cameras send, and
    whether the tags make up for it, so that a right answer is as well as a refusal."""

    name: str
    rig: Callable[[Rig], Rig]
    frames: Callable[[TableScene, Rig], Frames]
    mended: bool = False


def _knocked_without_tags(scene: TableScene, rig: Rig) -> Frames:
    """Both brackets half a degree off and every tag gone from the table."""
    bare = replace(rig, tags=())
    return {camera.name: render(scene, bare, camera.name, _knocked(camera)) for camera in rig.cameras}


def _knocked_with_tags(scene: TableScene, rig: Rig) -> Frames:
    """Both brackets half a degree off, the tags in sight."""
    return {camera.name: render(scene, rig, camera.name, _knocked(camera)) for camera in rig.cameras}


def _knocked(camera: Camera) -> Pinhole:
    eye = np.array(EYES_MM[camera.name])
    turn = np.radians(KNOCK_DEG) * float(np.linalg.norm(eye))
    rotation, translation = look_at(eye, np.array(AIM_MM) + np.array([turn, turn, 0.0]) / np.sqrt(2))
    return Pinhole(camera.matrix3(), rotation, translation, camera.size_px)


def _exchanged(rig: Rig) -> Rig:
    """Every tag listed where another one lies."""
    places = [tag.centre_mm for tag in rig.tags]
    return replace(rig, tags=tuple(Tag(t.id, places[n - 5], t.side_mm, t.angle_deg) for n, t in enumerate(rig.tags)))


def _loose(rig: Rig, count: int) -> Rig:
    """So many of the tags listed 8 mm from where they lie, as where a corner of the table's print has come loose."""
    away = [(tag.centre_mm[0] + 8.0 * (n < count), tag.centre_mm[1]) for n, tag in enumerate(rig.tags)]
    return replace(rig, tags=tuple(replace(tag, centre_mm=at) for tag, at in zip(rig.tags, away, strict=True)))


def _stretched(rig: Rig) -> Rig:
    """Lenses listed five per cent too long across and as much too short upward."""
    wrong = [(fx * 1.05, fy * 0.95, cx, cy) for fx, fy, cx, cy in (camera.matrix for camera in rig.cameras)]
    return replace(rig, cameras=tuple(replace(c, matrix=m) for c, m in zip(rig.cameras, wrong, strict=True)))


CONTROLS = (
    Control(f"brackets knocked {KNOCK_DEG} degrees, no tags", lambda rig: rig, _knocked_without_tags),
    Control("tags listed in each other's place", _exchanged, pictures),
    Control("lenses listed 5 % wrong", _stretched, pictures),
    Control(f"brackets knocked {KNOCK_DEG} degrees, tags in sight", lambda rig: rig, _knocked_with_tags, mended=True),
    Control("one tag listed 8 mm wrong", lambda rig: _loose(rig, 1), pictures, mended=True),
    Control("three tags listed 8 mm wrong", lambda rig: _loose(rig, 3), pictures, mended=True),
)


def scrambled(measurer: Measurer, numbers: range) -> Iterator[tuple[Control, list[Result]]]:
    """Each control with what it makes of those of the drawn scenes that are to be answered."""
    scenes = [one for one in (drawn(number, measurer.rig) for number in numbers) if one.answerable]
    for control in CONTROLS:
        believed = replace(measurer, rig=control.rig(measurer.rig))
        yield control, [Result(one.listed(), believed.measure(control.frames(one.scene, measurer.rig)).answer)
                        for one in scenes]  # fmt: skip


def told(control: Control, results: Sequence[Result]) -> str:
    """How many of them were refused; of those that the tags mend, how many are off by more than 5 mm."""
    words = Counter(word(each.answer) for each in results)
    refused = share([not each.answer.answered for each in results])
    wrong = share([each.wrong() for each in results])
    held = f"off by > 5 mm {wrong.text()} %" if control.mended else f"refused {refused.text()} %"
    said = ", ".join(f"{count} {reason}" for reason, count in words.most_common())
    return f"{control.name}: {held}, n {len(results)} ({said})"


def word(answer: Answer) -> str:
    """Its reason, or `answered`."""
    return "answered" if answer.answered else str(answer.reason)


def repeated(measurer: Measurer, times: int = 10) -> Mapping[str, Mapping[str, Figure]]:
    """One box that lies still, and one put down again elsewhere: standard deviation of each side, mm."""
    rng = np.random.default_rng(7411)
    still = [TableScene(BOX, ROOM, frame=number) for number in range(times)]
    placed = [TableScene(replace(BOX, x_mm=float(x), y_mm=float(y), yaw_deg=float(rng.uniform(0, 180))), ROOM)
              for x, y in rng.uniform(-120, 120, (times, 2))]  # fmt: skip
    return {"the same box lying still": _spread(measurer, still), "put down again": _spread(measurer, placed)}


def _spread(measurer: Measurer, scenes: list[TableScene]) -> Mapping[str, Figure]:
    answers = [measurer.measure(pictures(scene, measurer.rig)).answer for scene in scenes]
    sizes = np.array([(a.length_mm, a.width_mm, a.height_mm) for a in answers if a.answered], dtype=np.float64)
    return several(DIMENSIONS, sizes.reshape(-1, 3), lambda part: part.std(axis=0, ddof=1))
