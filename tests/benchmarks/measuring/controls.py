"""What must not be believed, and how alike repeated measures are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tests.benchmarks.measuring.drawn import drawn, pictures
from vision.measure.camera import Pinhole, look_at
from vision.measure.measure import Answer, Measurer, Picture
from vision.measure.rig import Camera, Rig, Tag
from vision.scene.table import AIM_MM, EYES_MM, ParcelModel, TableScene, render

KNOCK_DEG = 0.5
#: The box that is measured again and again, and where it is put down.
BOX = ParcelModel(312.0, 224.0, 131.0, 0.0, 0.0, 20.0, seed=88)
ROOM = 78
Frames = Mapping[str, Picture]


@dataclass(frozen=True)
class Control:
    """A wrong calibration: what it is called, the rig that the measurer believes, and what the cameras send."""

    name: str
    rig: Callable[[Rig], Rig]
    frames: Callable[[TableScene, Rig], Frames]


def _knocked_without_tags(scene: TableScene, rig: Rig) -> Frames:
    """Both brackets half a degree off and every tag gone from the table."""
    bare = replace(rig, tags=())
    return {camera.name: render(scene, bare, camera.name, _knocked(camera)) for camera in rig.cameras}


def _knocked(camera: Camera) -> Pinhole:
    eye = np.array(EYES_MM[camera.name])
    turn = np.radians(KNOCK_DEG) * float(np.linalg.norm(eye))
    rotation, translation = look_at(eye, np.array(AIM_MM) + np.array([turn, turn, 0.0]) / np.sqrt(2))
    return Pinhole(camera.matrix3(), rotation, translation, camera.size_px)


def _exchanged(rig: Rig) -> Rig:
    """Every tag listed where another one lies."""
    places = [tag.centre_mm for tag in rig.tags]
    return replace(rig, tags=tuple(Tag(t.id, places[n - 5], t.side_mm, t.angle_deg) for n, t in enumerate(rig.tags)))


def _stretched(rig: Rig) -> Rig:
    """Lenses listed five per cent too long across and as much too short upward."""
    wrong = [(fx * 1.05, fy * 0.95, cx, cy) for fx, fy, cx, cy in (camera.matrix for camera in rig.cameras)]
    return replace(rig, cameras=tuple(replace(c, matrix=m) for c, m in zip(rig.cameras, wrong, strict=True)))


CONTROLS = (
    Control(f"brackets knocked {KNOCK_DEG} degrees, no tags", lambda rig: rig, _knocked_without_tags),
    Control("tags listed in each other's place", _exchanged, pictures),
    Control("lenses listed 5 % wrong", _stretched, pictures),
)


def scrambled(measurer: Measurer, count: int) -> list[tuple[str, int, Counter[str]]]:
    """Of each control: its name, n, and the answers by reason, `answered` where it believed them."""
    found = []
    for control in CONTROLS:
        believed = replace(measurer, rig=control.rig(measurer.rig))
        scenes = [drawn(8 * number, measurer.rig).scene for number in range(count)]
        answers = [believed.measure(control.frames(scene, measurer.rig)).answer for scene in scenes]
        found.append((control.name, len(answers), Counter(word(answer) for answer in answers)))
    return found


def word(answer: Answer) -> str:
    """Its reason, or `answered`."""
    return "answered" if answer.answered else str(answer.reason)


def repeated(measurer: Measurer, times: int = 10) -> Mapping[str, tuple[int, list[float]]]:
    """One box that lies still, and one put down again elsewhere: n answered and standard deviation per side, mm."""
    rng = np.random.default_rng(7411)
    still = [TableScene(BOX, ROOM, frame=number) for number in range(times)]
    placed = [TableScene(replace(BOX, x_mm=float(x), y_mm=float(y), yaw_deg=float(rng.uniform(0, 180))), ROOM)
              for x, y in rng.uniform(-120, 120, (times, 2))]  # fmt: skip
    return {"the same box lying still": _spread(measurer, still), "put down again": _spread(measurer, placed)}


def _spread(measurer: Measurer, scenes: list[TableScene]) -> tuple[int, list[float]]:
    answers = [measurer.measure(pictures(scene, measurer.rig)).answer for scene in scenes]
    sizes = np.array([(a.length_mm, a.width_mm, a.height_mm) for a in answers if a.answered], dtype=np.float64)
    return len(sizes), [round(float(v), 2) for v in sizes.std(axis=0, ddof=1)] if len(sizes) > 1 else []
