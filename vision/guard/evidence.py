"""Evidence of an alarm: ten seconds before and after it, people pixelated, sealed for whoever holds the private key.

The ring lives in memory alone. There is no sound in it, and nothing by which anybody could be told again: every person
the detector saw within PERSON_S of a frame, however unsurely, is a few coarse cells in it. While a camera's fault keeps
the detector from looking, and DOUBT_S before that is found out, the whole frame is COARSE. Whom the detector looked for
and never saw is not pixelated.
"""
import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from vision.guard.clip import packed
from vision.guard.seal import seal

Picture = npt.NDArray[np.uint8]
Box = tuple[float, float, float, float]

BEFORE_S, AFTER_S, LONGEST_S = 10.0, 10.0, 60.0
#: Seconds between two kept frames, their width in pixels and the quality of their JPEGs.
EVERY_S, WIDTH, QUALITY = 0.2, 640, 75
#: Seconds for which a person's box covers the frames around it; how far it is widened on each side; cells across.
PERSON_S, DILATE, CELLS = 0.6, 0.15, 6
#: Seconds for which a fault has been there when it is found out, and the cells of a whole frame.
DOUBT_S, COARSE = 3.5, (32, 18)


@dataclass(frozen=True, eq=False)
class Shot:
    """One kept frame: UTC seconds, JPEG, the boxes of the people in it, in its pixels; blind: nobody was looked for."""
    t: float
    jpeg: bytes
    people: tuple[Box, ...]
    blind: bool = False


@dataclass(frozen=True, eq=False)
class Clip:
    """The frames of one alarm, or of several that follow each other closely."""
    id: str
    camera: str
    shots: tuple[Shot, ...]


@dataclass(eq=False)
class _Open:
    id: str
    until: float
    latest: float
    shots: list[Shot]


@dataclass
class Recorder:
    """Keeps the last seconds of one camera and cuts clips out of them; times are UTC seconds."""
    camera: str
    _ring: deque[Shot] = field(default_factory=deque)
    _open: list[_Open] = field(default_factory=list)

    def see(self, t: float, picture: Picture, people: Sequence[Box], blind: bool = False) -> None:
        """Keep this frame, unless the last one is too young; blind: the detector did not look, for a fault."""
        if self._ring and t - self._ring[-1].t < EVERY_S - 0.05:
            return
        scale = WIDTH / picture.shape[1]
        small = cv2.resize(picture, (WIDTH, round(picture.shape[0] * scale)), interpolation=cv2.INTER_AREA)
        boxes = tuple((l * scale, u * scale, r * scale, d * scale) for l, u, r, d in people)  # noqa: E741  # left
        shot = Shot(t, encoded(coarse(small) if blind else np.asarray(small, np.uint8)), boxes, blind)
        self._ring.append(shot)
        while self._ring[0].t < t - BEFORE_S:
            self._ring.popleft()
        for each in self._open:
            each.shots.append(shot)

    def want(self, t: float) -> str:
        """An alarm was raised: the id under which its clip will be kept; alarms share one that has time for them."""
        if not self._open or t + AFTER_S > self._open[-1].latest:
            self._open.append(_Open(secrets.token_hex(8), t, t + LONGEST_S, list(self._ring)))
        self._open[-1].until = t + AFTER_S
        return self._open[-1].id

    def finished(self, t: float) -> Clip | None:
        """A clip whose last second is over, once."""
        done = next((each for each in self._open if each.until <= t), None)
        if done is None:
            return None
        self._open.remove(done)
        return Clip(done.id, self.camera, tuple(done.shots))

    def forget(self) -> None:
        """Drop everything that is not sealed."""
        self._ring.clear()
        self._open.clear()


def sealed(clip: Clip, public: bytes) -> bytes:
    """The clip, pixelated, then closed for the holder of the private key."""
    return seal(public, clip.id, packed(clip.camera, [(shot.t, pixelated(clip.shots, n))
                                                      for n, shot in enumerate(clip.shots)]))


def pixelated(shots: Sequence[Shot], n: int) -> bytes:
    """The JPEG of one shot with everybody in it, or in its neighbours in time, pixelated; doubtful ones are coarse."""
    if shots[n].blind:
        return shots[n].jpeg
    if any(shot.blind and -PERSON_S <= shot.t - shots[n].t <= DOUBT_S for shot in shots):
        return encoded(coarse(_decoded(shots[n])))
    near = [shot for shot in shots if abs(shot.t - shots[n].t) <= PERSON_S]
    boxes = {box for shot in near for box in shot.people}
    if not boxes:
        return shots[n].jpeg
    picture = _decoded(shots[n])
    for box in boxes:
        coarsen(picture, box)
    return encoded(picture)


def coarsen(picture: Picture, box: Box) -> None:
    """Replace what lies in the box, widened, by a few cells of its mean colour, in place."""
    left, top, right, bottom = box
    wide, high = DILATE * (right - left), DILATE * (bottom - top)
    x0, x1 = (int(np.clip(x, 0, picture.shape[1])) for x in (left - wide, right + wide + 1))
    y0, y1 = (int(np.clip(y, 0, picture.shape[0])) for y in (top - high, bottom + high + 1))
    if x1 <= x0 or y1 <= y0:
        return
    cell = max(8, (x1 - x0) // CELLS)
    part = picture[y0:y1, x0:x1]
    few = cv2.resize(part, (max(1, (x1 - x0) // cell), max(1, (y1 - y0) // cell)), interpolation=cv2.INTER_AREA)
    picture[y0:y1, x0:x1] = cv2.resize(few, (x1 - x0, y1 - y0), interpolation=cv2.INTER_NEAREST)


def coarse(picture: npt.NDArray[np.generic]) -> Picture:
    """The whole picture in a few cells: light and colour, nobody's shape."""
    few = cv2.resize(np.asarray(picture, np.uint8), COARSE, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(few, picture.shape[1::-1], interpolation=cv2.INTER_NEAREST), np.uint8)


def _decoded(shot: Shot) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(shot.jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def encoded(picture: Picture) -> bytes:
    """A picture as JPEG."""
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
