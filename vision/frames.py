"""The newest frame of each camera with its age; a thread per camera that reopens for ever."""
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
OPEN_MS, READ_MS = 3000, 2000
STALE_S, ENDED_S = 1.0, 0.5
"""A camera is lost that gave no frame for so long, or so long after its stream ended and did not come back."""
FROZEN_S = 3.0
DARK_GREY = 14.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0


@dataclass(frozen=True, eq=False)
class Frame:
    """A BGR picture, the monotonic second it was read, its number since the start, the camera's own time (s)."""
    picture: Picture
    at_s: float
    number: int
    taken_s: float = 0.0

    def age_ms(self) -> float:
        """Milliseconds since it was read."""
        return (time.monotonic() - self.at_s) * 1000


class Camera:
    """Reads one source (http, rtsp, /dev/video0 or a file) and keeps only the newest frame."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source
        self._newest: Frame | None = None
        self._changed_s = 0.0
        self._print = b""
        self._times: deque[float] = deque(maxlen=20)
        self._failed = False
        self._fresh = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_reading, name=f"camera {name}", daemon=True)

    def start(self) -> None:
        """Begin reading; never raises, a source that cannot be opened is lost."""
        self._thread.start()

    def stop(self) -> None:
        """Stop and wait for the thread, at most a read's timeout."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join((OPEN_MS + READ_MS) / 1000)

    def newest(self, within_s: float | None = None) -> Frame | None:
        """The newest frame, or None when it is older than within_s, or the camera lost where that is not told."""
        frame, patience_s = self._newest, within_s or (ENDED_S if self._failed else STALE_S)
        return frame if frame is not None and time.monotonic() - frame.at_s <= patience_s else None

    def fresh(self, within_s: float, wait_s: float) -> Frame | None:
        """The newest frame no older than within_s, waiting up to wait_s for one."""
        with self._fresh:
            self._fresh.wait_for(lambda: self.newest(within_s) is not None, wait_s)
        return self.newest(within_s)

    def after(self, number: int, wait_s: float) -> Frame | None:
        """The newest frame if it is newer than that number, waiting up to wait_s for one."""
        with self._fresh:
            self._fresh.wait_for(lambda: self._newest is not None and self._newest.number > number, wait_s)
            return self._newest if self._newest is not None and self._newest.number > number else None

    def state(self) -> str:
        """One of starting, ok, dark, frozen or lost."""
        frame = self.newest()
        if frame is None:
            return "lost" if self._failed or self._newest is not None else "starting"
        if time.monotonic() - self._changed_s > FROZEN_S:
            return "frozen"
        return "dark" if is_dark(frame.picture) else "ok"

    def fps(self) -> float:
        """Frames per second over the last frames, 0 when lost."""
        times = list(self._times)
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 and self.newest() else 0.0

    def _keep_reading(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._stop.is_set():
            capture = open_source(self.source)
            pause = FIRST_PAUSE_S if self._drain(capture) else min(pause * 2, LONGEST_PAUSE_S)
            capture.release()
            self._failed = True
            self._stop.wait(pause)

    def _drain(self, capture: cv2.VideoCapture) -> bool:
        """Read until the source ends; whether it gave any frame."""
        any_frame = False
        while not self._stop.is_set():
            got, picture = capture.read()
            if not got:
                break
            any_frame = True
            self._keep(np.asarray(picture, dtype=np.uint8), capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
        return any_frame

    def _keep(self, picture: Picture, taken_s: float) -> None:
        now, mark = time.monotonic(), picture[7::60, 7::60].tobytes()
        if mark != self._print:
            self._print, self._changed_s = mark, now
        with self._fresh:
            number = self._newest.number + 1 if self._newest else 1
            self._newest = Frame(picture, now, number, taken_s)
            self._times.append(now)
            self._failed = False
            self._fresh.notify_all()


def open_source(source: str) -> cv2.VideoCapture:
    """A capture of that source with bounded open and read; it may be closed."""
    if source.startswith("/dev/video") and source[10:].isdigit():
        return cv2.VideoCapture(int(source[10:]))
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_MS]
    return cv2.VideoCapture(source, cv2.CAP_FFMPEG, limits)


def is_dark(picture: Picture) -> bool:
    """Whether hardly any light reaches the camera."""
    few = picture[::16, ::16]
    return float(few.mean()) < DARK_GREY or float(np.quantile(few, 0.98)) < 2 * DARK_GREY


def start_cameras(sources: dict[str, str], made: Callable[[str, str], Camera] = Camera) -> dict[str, Camera]:
    """A running camera for each name and source."""
    cameras = {name: made(name, source) for name, source in sources.items()}
    for camera in cameras.values():
        camera.start()
    return cameras
