"""Finding the codes of a parcel on the table, cheapest look first."""
from collections.abc import Callable, Mapping

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole
from vision.measure.codes import Code, plane, read, sides_of, top_of, unique
from vision.measure.glance import quick
from vision.measure.measure import Measurer, Outcome, straightened
from vision.measure.tags import place

Picture = npt.NDArray[np.uint8]
Look = Callable[[], list[Code]]


class Scanner:
    """Reads codes; remembers where the last measure saw the top of the parcel."""

    def __init__(self, measurer: Measurer) -> None:
        self.measurer = measurer
        self.box: Floats | None = None

    def remember(self, outcome: Outcome) -> None:
        """Keep the box of a measure, answered or not."""
        self.box = outcome.box if outcome.box is not None else self.box

    def scan(self, frames: Mapping[str, Picture], expect: str | None) -> list[Code]:
        """All codes found; ends early once `expect` is among them, looks harder while it is not."""
        grays = {name: self._gray(name, frame) for name, frame in frames.items()}
        views = {name: self._view(name, gray) for name, gray in grays.items()}
        sighted = {name: (grays[name], view) for name, view in views.items() if view is not None}
        found: list[Code] = []
        looks: list[Look] = [lambda: _quick(grays) if expect is not None else [], lambda: _tops(sighted, self.box),
                             lambda: _whole(grays), lambda: self._again(frames, sighted),
                             lambda: _planes(sighted, self.box)]
        for look in looks:
            found += look()
            if enough(found, expect):
                break
        return unique(found)

    def _gray(self, name: str, frame: Picture) -> Picture:
        straight = straightened(frame, self.measurer.rig.camera(name))
        return np.asarray(cv2.cvtColor(straight, cv2.COLOR_BGR2GRAY), dtype=np.uint8)

    def _view(self, name: str, gray: Picture) -> Pinhole | None:
        placed = place(gray, self.measurer.rig.camera(name), self.measurer.rig)
        return placed.view if placed else None

    def _again(self, frames: Mapping[str, Picture], sighted: Mapping[str, tuple[Picture, Pinhole]]) -> list[Code]:
        """Measure anew, for a parcel that was turned or moved, and read its top and sides."""
        self.remember(self.measurer.measure(frames))
        if self.box is None:
            return []
        sides = [code for name, (gray, view) in sighted.items() for side in sides_of(gray, view, self.box)
                 for code in read(side, name)]
        return _tops(sighted, self.box) + sides


def enough(found: list[Code], expect: str | None) -> bool:
    """Whether looking harder is not needed."""
    return any(code.text == expect for code in found) if expect is not None else bool(found)


def _quick(grays: Mapping[str, Picture]) -> list[Code]:
    """Enough for an expected code; without one it could find an old label and end the search for the new one."""
    return [code for name, gray in grays.items() for code in quick(gray, name)]


def _tops(sighted: Mapping[str, tuple[Picture, Pinhole]], box: Floats | None) -> list[Code]:
    if box is None:
        return []
    return [code for name, (gray, view) in sighted.items() for code in read(top_of(gray, view, box), name)]


def _whole(grays: Mapping[str, Picture]) -> list[Code]:
    return [code for name, gray in grays.items() for code in read(gray, name)]


def _planes(sighted: Mapping[str, tuple[Picture, Pinhole]], box: Floats | None) -> list[Code]:
    """The whole zone laid flat at the parcel's height, or at a few heights when none is known."""
    heights = [float(box[5])] if box is not None else [30.0, 150.0, 300.0]
    return [code for name, (gray, view) in sighted.items() for height in heights
            for code in read(plane(gray, view, np.zeros(2), (800.0, 800.0), 0.0, height), name)]
