"""One camera's health from its frames: learns what it sees when all is well, then compares; says when something stirs.

The reference is numbers and edges, no picture. It is learned from the first good seconds and kept, so that a camera
turned away while the branch stood still is told at the next start; `commission` learns it anew.
"""
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vision.guard.gate import STIR_GREY, STIR_SHARE
from vision.guard.health import Fault, Health, HealthLimits, Look
from vision.guard.picture import (
    SMALL,
    Grey,
    Mean,
    Reference,
    Still,
    digest_of,
    look_at,
    reference_of,
    small_grey,
    textured,
)

#: Seconds and frames from which a reference is learned, and the share of its tiles that must hold something to see.
LEARN_S, LEARN_FRAMES, LEAST_TEXTURE = 3.0, 9, 0.1
#: Statistics are taken of every second frame; light, age and sameness of each.
EVERY = 2
#: Seconds without a frame after which nothing is averaged with what was before.
GAP_S = 1.0


@dataclass
class Lens:
    """Feed it every frame in order, and tick it when none comes. Times are monotonic seconds."""
    fps: float
    started: float
    reference: Reference | None = None
    health: Health = field(init=False)
    stirred: bool = False
    learned: bool = False
    _still: Still = field(default_factory=Still)
    _greys: list[Mean] = field(default_factory=list)
    _since: float | None = None
    _before: Grey | None = None
    _last: Look | None = None
    _count: int = 0

    def __post_init__(self) -> None:
        self.health = Health(self.fps, self.started)

    def see(self, picture: npt.NDArray[np.uint8], t: float, taken_s: float) -> list[Fault]:
        """Take in a frame; faults newly raised."""
        grey = small_grey(picture)
        self.stirred = self._stirs(grey)
        if self._last is not None and t - self._last.t > GAP_S:
            self._still = Still()
        self._still.take(grey)
        if self.reference is None:
            self._learn(float(grey.mean()), t)
        self._last = self._look(float(grey.mean()), digest_of(picture), t, taken_s)
        self._count += 1
        return self.health.see(self._last)

    def tick(self, t: float) -> list[Fault]:
        """No frame came; faults newly raised."""
        return self.health.tick(t)

    def faults(self) -> tuple[Fault, ...]:
        """What stands now."""
        return self.health.faults()

    def commission(self) -> None:
        """Somebody says that the camera stands right and sees well: learn the reference anew."""
        self.reference, self._since, self.learned = None, None, False
        self._greys.clear()

    def _look(self, level: float, digest: bytes, t: float, taken_s: float) -> Look:
        if self.reference is None:
            return unlearned(level, digest, t, taken_s, self._blind(t))
        if self._last is not None and self._count % EVERY:
            return replace(self._last, t=t, taken_s=taken_s, digest=digest)
        seen = look_at(self._still.mean, digest, t, taken_s, self.reference, self._still.grain())
        return replace(seen, level=level)

    def _stirs(self, grey: Grey) -> bool:
        """Whether enough of the picture has changed since the last frame."""
        now = np.asarray(cv2.blur(grey, (3, 3)), np.uint8)
        before, self._before = self._before, now
        return before is None or float((cv2.absdiff(before, now) > STIR_GREY).mean()) > STIR_SHARE

    def _learn(self, level: float, t: float) -> None:
        """The median of some seconds, so that whoever walks through leaves no mark."""
        if level < HealthLimits.dark_level:
            return
        self._since = t if self._since is None else self._since
        if len(self._greys) < 2 * LEARN_FRAMES and (not self._greys or self._count % EVERY == 0):
            self._greys.append(self._still.mean)
            self._still.grain()
        if t - self._since >= LEARN_S and len(self._greys) >= LEARN_FRAMES:
            found = reference_of(np.median(np.stack(self._greys), axis=0).astype(np.float32), self._still.grain())
            self._greys.clear()
            if textured(found) >= LEAST_TEXTURE:
                self.reference, self.learned, self._last = found, True, None

    def _blind(self, t: float) -> bool:
        """Whether a picture that shows nothing has been tried already."""
        return self._since is not None and t - self._since > LEARN_S


def unlearned(level: float, digest: bytes, t: float, taken_s: float, blind: bool) -> Look:
    """A look without a reference: good, or covered where there is light and yet nothing to learn from."""
    return Look(t, taken_s, digest, level, 1.0, 1.0, 0.0, 1.0, 0.0 if blind else 1.0)


def save_reference(path: Path, found: Reference) -> None:
    """Write it whole, readable by its owner."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, edges=found.edges, tiles=found.tiles, coarse=found.coarse,
                 single=np.array([found.contrast]))
    part.chmod(0o600)
    part.replace(path)


def load_reference(path: Path) -> Reference | None:
    """The kept reference; None where there is none that can be read."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            edges, tiles, coarse = kept["edges"], kept["tiles"], kept["coarse"]
            contrast = float(kept["single"][-1])
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile):
        return None
    if edges.shape != SMALL[::-1]:
        return None
    return Reference(edges, tiles, coarse, contrast)
