"""Finding the codes of a parcel on the table, cheapest look first, and telling those that lie on it from all others."""
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole
from vision.measure.codes import Code, Spot, plane, read, sides_of, top_of, unique
from vision.measure.corners import Seen, look
from vision.measure.glance import quick
from vision.measure.lying import Table
from vision.measure.measure import Measurer, Outcome, straightened
from vision.measure.tags import place

Picture = npt.NDArray[np.uint8]
Look = Callable[[], list[Spot]]


@dataclass(frozen=True, eq=False)
class Sights:
    """The newest frames straightened, and where their cameras stand; the net looks only once it is asked."""
    measurer: Measurer
    frames: Mapping[str, Picture]

    @cached_property
    def straight(self) -> dict[str, Picture]:
        """Colour pictures as pinholes see them."""
        return {name: straightened(frame, self.measurer.rig.camera(name)) for name, frame in self.frames.items()}

    @cached_property
    def grays(self) -> dict[str, Picture]:
        """The same in grey."""
        return {name: np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
                for name, picture in self.straight.items()}

    @cached_property
    def views(self) -> dict[str, Pinhole]:
        """The cameras that see their tags."""
        rig = self.measurer.rig
        placed = {name: place(gray, rig.camera(name), rig) for name, gray in self.grays.items()}
        return {name: each.view for name, each in placed.items() if each is not None}

    @cached_property
    def seen(self) -> dict[str, Seen]:
        """What the net sees in them."""
        rig, model = self.measurer.rig, self.measurer.model
        return {name: look(self.straight[name], view, rig.zone_mm, model) for name, view in self.views.items()}

    def tops(self, box: Floats | None) -> list[Spot]:
        """Codes on the top of a box."""
        if box is None:
            return []
        return [spot for name, view in self.views.items() for spot in top_of(self.grays[name], view, box).read(name)]

    def sides(self, box: Floats) -> list[Spot]:
        """Codes on the sides of a box."""
        return [spot for name, view in self.views.items() for side in sides_of(self.grays[name], view, box)
                for spot in side.read(name)]

    def whole(self) -> list[Spot]:
        """Codes anywhere in the pictures."""
        return [spot for name, gray in self.grays.items() for spot in read(gray, name)]

    def quick(self) -> list[Spot]:
        """Upright codes anywhere in the pictures."""
        return [spot for name, gray in self.grays.items() for spot in quick(gray, name)]

    def planes(self, box: Floats | None) -> list[Spot]:
        """The whole zone laid flat at the parcel's height, or at a few heights when none is known."""
        heights = [float(box[5])] if box is not None else [30.0, 150.0, 300.0]
        return [spot for name, view in self.views.items() for height in heights
                for spot in plane(self.grays[name], view, np.zeros(2), (800.0, 800.0), 0.0, height).read(name)]


class Scanner:
    """Reads codes; remembers where the last measure saw the top of the parcel."""

    def __init__(self, measurer: Measurer) -> None:
        self.measurer = measurer
        self.box: Floats | None = None

    def remember(self, outcome: Outcome) -> None:
        """Keep the box of a measure, answered or not."""
        self.box = outcome.box if outcome.box is not None else self.box

    def scan(self, frames: Mapping[str, Picture], expect: str | None) -> list[Code]:
        """All codes found, those on the parcel marked; ends early once `expect`, or any code where nothing is
        expected, is proven to lie on it, and looks harder while it is not."""
        sights = Sights(self.measurer, frames)
        spots: list[Spot] = []
        codes: list[Code] = []
        looks: list[Look] = [lambda: sights.quick() if expect is not None else [], lambda: sights.tops(self.box),
                             sights.whole, lambda: self._again(sights), lambda: sights.planes(self.box)]
        for each in looks:
            spots += each()
            codes = self._judged(sights, spots)
            if enough(codes, expect):
                break
        return unique(codes)

    def _judged(self, sights: Sights, spots: Sequence[Spot]) -> list[Code]:
        return Table(sights.seen, self.box).judged(spots) if spots else []

    def _again(self, sights: Sights) -> list[Spot]:
        """Measure anew, for a parcel that was turned or moved, and read its top and sides."""
        self.remember(self.measurer.measure(sights.frames))
        return sights.tops(self.box) + sights.sides(self.box) if self.box is not None else []


def enough(found: list[Code], expect: str | None) -> bool:
    """Whether looking harder is not needed."""
    return any(code.on_parcel and expect in (None, code.text) for code in found)
