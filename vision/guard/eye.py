"""One camera's whole chain for one frame: health → detector → tracks → floor → risk → events. No thread, no socket."""
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from vision.guard.detect import Detection
from vision.guard.evidence import Box
from vision.guard.floor import Floor
from vision.guard.gate import FPS, Gate
from vision.guard.health import Fault
from vision.guard.lens import Lens
from vision.guard.picture import Reference
from vision.guard.place import sightings
from vision.guard.records import PEOPLE, Event, Frame, Level
from vision.guard.risk import Guard
from vision.guard.tracks import Tracker

Picture = npt.NDArray[np.uint8]

#: A slow camera still warns; every other fault blinds it.
LEVELS = {Fault.SLOW: Level.ADVISORY}
#: Seconds by which the machine's clock may drift from the one of the start.
CLOCK_JUMP_S = 5.0
#: While one of these stands the picture is not believed.
BLIND = frozenset(Fault) - {Fault.SLOW, Fault.MOVED, Fault.SPRAYED}


class Sees(Protocol):
    """What finds objects in a picture."""

    def detect(self, picture: Picture) -> Sequence[Detection]:
        """All objects of a BGR picture, best first."""


@dataclass(frozen=True)
class Sight:
    """What came of one frame: news, what was detected and tracked, and whether the detector looked at all."""
    events: tuple[Event, ...] = ()
    detections: tuple[Detection, ...] = ()
    tracks: Frame | None = None
    looked: bool = False

    @property
    def people(self) -> tuple[Box, ...]:
        """The boxes of everybody detected, in picture pixels."""
        return tuple(one.box for one in self.detections if one.kind in PEOPLE)


@dataclass
class Eye:
    """Feed it the frames of one camera in order. `at` is monotonic, `t` UTC; both in seconds and rising."""
    floor: Floor
    detector: Sees
    started: float
    fps: float = FPS
    reference: Reference | None = None
    lens: Lens = field(init=False)
    gate: Gate = field(init=False)
    guard: Guard = field(init=False)
    _tracker: Tracker = field(default_factory=Tracker)

    def __post_init__(self) -> None:
        self.lens = Lens(self.fps, self.started, self.reference)
        self.gate = Gate(self.fps)
        self.guard = Guard(self.floor.plane)

    def see(self, picture: Picture, at: float, t: float, taken_s: float) -> Sight:
        """One frame; FloorError when the camera is not of the size in which the floor was measured."""
        self.floor.check_size((picture.shape[1], picture.shape[0]))
        faults = tuple(event_of(fault, t) for fault in self.lens.see(picture, at, taken_s))
        if BLIND & set(self.lens.faults()) or not self.gate.due(at, self.lens.stirred):
            return Sight(faults)
        detections = tuple(self.detector.detect(picture))
        frame = self._tracker.step(t, sightings(detections, self.floor.viewpoint))
        events = self.guard.step(frame)
        self.gate.looked(at, any(one.kind in PEOPLE for one in frame.objects) or self.guard.standing() > Level.NONE)
        return Sight((*faults, *events), detections, frame, True)

    def miss(self, at: float, t: float) -> Sight:
        """No frame came in time."""
        return Sight(tuple(event_of(fault, t) for fault in self.lens.tick(at)))

    def standing(self) -> Level:
        """What a lamp has to show for this camera: of the floor, or of the camera itself."""
        of_camera = max((level_of(fault) for fault in self.lens.faults()), default=Level.NONE)
        return max(self.guard.standing(), of_camera)


def level_of(fault: Fault) -> Level:
    """How urgent a camera's fault is."""
    return LEVELS.get(fault, Level.WARNING)


def event_of(fault: Fault, t: float) -> Event:
    """A camera's fault as the guard tells it."""
    return Event(t, fault.value, level_of(fault))


@dataclass(frozen=True)
class Clock:
    """Monotonic seconds as UTC seconds: `ahead` is the difference at the start, so time never goes back."""
    ahead: float

    def utc(self, at: float) -> float:
        """UTC seconds of a monotonic moment."""
        return at + self.ahead

    def jumped(self, at: float, utc: float) -> bool:
        """Whether the machine's clock has been set meanwhile: only a new start takes that in."""
        return abs(utc - at - self.ahead) > CLOCK_JUMP_S
