"""A video file, or a stream, through the guard's whole chain; its events as they come, and a film for people.

For a file `t` is seconds from its first frame, and zones are guarded at every hour: a file tells no date. A stream is
watched until it is interrupted.
"""
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vision.frames import Camera, open_source
from vision.guard.detect import load_detector
from vision.guard.drawn import drawn
from vision.guard.eye import Eye, Sees, Sight
from vision.guard.film import Film
from vision.guard.floor import Floor
from vision.guard.gate import FPS
from vision.guard.health import Fault
from vision.guard.records import Event
from vision.guard.source import SCHEMES, is_stream, is_taken, shown

Picture = npt.NDArray[np.uint8]
Shot = tuple[Picture | None, float]

#: Seconds of a file that is longer than any recording, for a stream to begin, and between two looks at a gap.
LONGEST_S, BEGINS_S, GAP_S = 24 * 3600.0, 15.0, 0.2
#: What the command tells in the words of its own list.
TOLD_AS = {Fault.SPRAYED.value: Fault.COVERED.value}


class VideoError(ValueError):
    """A video cannot be watched; the text is one sentence."""


@dataclass
class Watcher:
    """One video before one floor."""
    floor: Floor
    detector: Sees
    fps: float
    tell: Callable[[Event], None]
    film: Film | None = None
    eye: Eye = field(init=False)
    _last: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        plane = self.floor.plane
        always = replace(plane, zones=tuple(replace(zone, active=()) for zone in plane.zones))
        self.eye = Eye(replace(self.floor, plane=always), self.detector, 0.0, self.fps)

    def take(self, shot: Shot) -> None:
        """One frame, or None where none came in time, at its second."""
        picture, t = shot
        sight = self.eye.miss(t, t) if picture is None else self.eye.see(picture, t, t, t)
        for event in sight.events:
            if event.kind != Fault.SLOW.value:
                self.tell(replace(event, kind=TOLD_AS.get(event.kind, event.kind)))
        self._paint(picture, sight, t)

    def _paint(self, picture: Picture | None, sight: Sight, t: float) -> None:
        self._last = [event for event in (*self._last, *sight.events) if t - event.t < 3.0]
        if self.film is not None and picture is not None:
            self.film.add(drawn(picture, self.eye, sight, self._last))


def watch(
    source: str, floor: Floor, models: Path, tell: Callable[[Event], None], picture: Path | None = None,
    detector: Sees | None = None,
) -> None:  # fmt: skip
    """Tell every event of a file or stream; VideoError, FloorError or ModelError in one sentence."""
    cv2.setNumThreads(1)
    hush()
    live = is_stream(source)
    check(source, picture)
    sees = detector or load_detector(models)
    fps, shots = (FPS, stream(source)) if live else recording(Path(source))
    film = None
    try:
        first = next(shots, None)
        if first is None or first[0] is None:
            raise VideoError(f"{shown(source)} holds no picture that can be read; name a video file, or a stream's"
                             " address.")
        floor.check_size((first[0].shape[1], first[0].shape[0]))
        film = Film(picture, size_of(first[0]), fps) if picture is not None else None
        watcher = Watcher(floor, sees, fps, tell, film)
        watcher.take(first)
        for shot in shots:
            watcher.take(shot)
    except BaseException as ended:
        told_to_end = live and isinstance(ended, KeyboardInterrupt)
        if film is not None:
            film.close(keep=told_to_end)
        if told_to_end:
            return
        raise
    if film is not None:
        film.close()


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM ends a stream as the keyboard does: what was filmed is kept."""
    def end(number: int, frame: object) -> None:
        raise KeyboardInterrupt
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def hush() -> None:
    """What a decoder says of an address or a file is told here, in one sentence."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def check(source: str, picture: Path | None) -> None:
    """VideoError unless the source can be opened at all, and is not what the film would replace."""
    if not is_taken(source):
        raise VideoError(f"{shown(source)} is no address of a stream; begin it with {', '.join(SCHEMES)},"
                         " or name a file.")
    if is_stream(source):
        return
    check_file(Path(source))
    if picture is not None and picture.resolve() == Path(source).resolve():
        raise VideoError(f"--picture would replace {source} itself; name another file.")


def size_of(picture: Picture) -> tuple[int, int]:
    """Width and height in pixels of the film of such pictures: the map stands beside them."""
    return picture.shape[1] + picture.shape[0], picture.shape[0]


def check_file(path: Path) -> None:
    """VideoError unless it is a file that can be read to an end."""
    if not path.exists():
        raise VideoError(f"{path} does not exist; name a video file, or a stream's address.")
    if not path.is_file():
        raise VideoError(f"{path} is no file with an end; name a video file, or a stream's address.")
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise VideoError(f"{path} cannot be read: {error.strerror}.") from None


def recording(path: Path) -> tuple[float, Iterator[Shot]]:
    """Frames a second that are looked at, at most ten, and the frames of a file with their seconds."""
    capture = open_source(str(path.absolute()))
    rate = float(capture.get(cv2.CAP_PROP_FPS))
    rate = rate if capture.isOpened() and 0.1 <= rate <= 1000 else FPS
    return min(rate, FPS), _frames(path, capture, rate)


def _frames(path: Path, capture: cv2.VideoCapture, rate: float) -> Iterator[Shot]:
    """Every frame that is due; ticks in a gap. A file that goes on and on is refused."""
    step, due, last, number = 1 / min(rate, FPS), 0.0, -1.0, 0
    try:
        while capture.grab():
            told = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            t, number = max(number / rate, told), number + 1
            if t > LONGEST_S:
                raise VideoError(f"{path} does not end within a day; name a recording, or watch it as a stream.")
            if t < due - 0.25 * step or t <= last:
                continue
            yield from ((None, gap) for gap in np.arange(last + GAP_S, t - step, GAP_S) if last >= 0 and t - last > 1)
            got, picture = capture.retrieve()
            if got:
                due, last = step * (t // step + (2 if t % step > 0.75 * step else 1)), t
                yield np.asarray(picture, np.uint8), t
    finally:
        capture.release()


def stream(source: str) -> Iterator[Shot]:
    """The newest frames of a stream with the seconds since the first, for ever; VideoError when it never begins."""
    camera = Camera("stream", source)
    camera.start()
    try:
        frame = camera.after(0, BEGINS_S)
        if frame is None:
            raise VideoError(f"{shown(source)} gives no picture; check the address, and that the camera is on.")
        begun, number = frame.at_s, frame.number
        while True:
            if frame is None:
                yield None, time.monotonic() - begun
            else:
                yield frame.picture, frame.at_s - begun
                number = frame.number
            frame = camera.after(number, GAP_S)
    finally:
        camera.stop()
