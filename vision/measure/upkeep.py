"""What a calibrated rig remembers between starts: lenses from the guide, and where each camera stood when checked."""
import hashlib
import json
import logging
import math
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from vision.measure.camera import Floats, Pinhole
from vision.measure.guide import Lens, with_lens
from vision.measure.rig import Rig

log = logging.getLogger(__name__)
KNOCK_DEG, KNOCK_MM = 0.3, 6.0


@dataclass(frozen=True)
class Stand:
    """Where a camera stands: rotation row by row and the place of its eye in table mm."""
    rotation: tuple[float, ...]
    eye_mm: tuple[float, float, float]


@dataclass(frozen=True)
class Knock:
    """A camera that no longer stands where it stood: degrees and mm, None where that is not known."""
    camera: str
    degrees: float | None
    mm: float | None


@dataclass
class Upkeep:
    """The memory of one rig in a file of its own, with its checksum. One that is damaged is laid aside and doubted: its
    cameras count as knocked until somebody settles where they stand."""
    path: Path
    lenses: dict[str, Lens] = field(default_factory=dict)
    stands: dict[str, Stand] = field(default_factory=dict)
    doubted: bool = False

    def load(self) -> "Upkeep":
        """Read the file where there is one."""
        try:
            kept = _opened(self.path.read_text(encoding="utf-8"))
            self.lenses = {name: _lens(each) for name, each in kept["lenses"].items()}
            self.stands = {name: _stand(each) for name, each in kept["stands"].items()}
            self.doubted = kept.get("doubted") is True
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.lenses, self.stands, self.doubted = {}, {}, True
            log.warning("%s cannot be read: calibrate the cameras and measure the known box.", self.path)
            with suppress(OSError):
                os.replace(self.path, self.path.with_name(self.path.name + ".damaged"))
                self.save()
        return self

    def save(self) -> None:
        """Write beside, on to the disk, and rename."""
        held = {"lenses": {name: asdict(each) for name, each in self.lenses.items()},
                "stands": {name: asdict(each) for name, each in self.stands.items()}, "doubted": self.doubted}
        beside = self.path.with_name(self.path.name + ".part")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({**held, "sha256": _sum(held)}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self.path)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def applied(self, rig: Rig) -> Rig:
        """The rig with the lenses that were calibrated here; one of another picture size is none of this camera."""
        found = ((c, self.lenses.get(c.name)) for c in rig.cameras)
        return replace(rig, cameras=tuple(with_lens(c, lens) if lens is not None and lens.fits(c) else c
                                          for c, lens in found))

    def calibrated(self, camera: str, lens: Lens) -> None:
        """A new lens; where that camera stands is learnt again with it."""
        self.lenses[camera] = lens
        self.stands.pop(camera, None)
        self.save()

    def settled(self, views: Mapping[str, Pinhole]) -> None:
        """The cameras stand rightly now: from here on a knock is told."""
        self.stands |= {name: stand(view) for name, view in views.items()}
        self.doubted = False
        self.save()

    def knocked(self, views: Mapping[str, Pinhole]) -> list[Knock]:
        """Cameras that moved since; one that is met for the first time is learnt, unless its stand was forgotten."""
        if self.doubted:
            return [Knock(name, None, None) for name in views]
        fresh = {name: view for name, view in views.items() if name not in self.stands}
        if fresh:
            self.settled(fresh)
        found = [moved(name, self.stands[name], stand(view)) for name, view in views.items()]
        return [knock for knock in found if (knock.degrees or 0) > KNOCK_DEG or (knock.mm or 0) > KNOCK_MM]


def stand(view: Pinhole) -> Stand:
    """Where that pinhole stands."""
    x, y, z = (round(float(v), 3) for v in view.centre())
    return Stand(tuple(round(float(v), 7) for v in view.rotation.ravel()), (x, y, z))


def moved(camera: str, before: Stand, after: Stand) -> Knock:
    """How far a camera moved between two stands."""
    turn: Floats = np.array(before.rotation).reshape(3, 3) @ np.array(after.rotation).reshape(3, 3).T
    degrees = float(np.degrees(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1))))
    away = float(np.linalg.norm(np.array(before.eye_mm) - np.array(after.eye_mm)))
    return Knock(camera, round(degrees, 2), round(away, 1))


def _sum(held: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


def _opened(text: str) -> dict[str, Any]:
    """What the file holds; ValueError where its checksum differs. One without any was written by hand."""
    kept = json.loads(text)
    told = kept.pop("sha256", None)
    if told is not None and told != _sum(kept):
        raise ValueError("the checksum differs")
    return dict(kept)


def _numbers(values: Any, count: int) -> tuple[float, ...]:
    found = tuple(float(v) for v in values)
    if len(found) != count or not all(math.isfinite(v) for v in found):
        raise ValueError(f"not {count} finite numbers")
    return found


def _lens(kept: Any) -> Lens:
    fx, fy, cx, cy = _numbers(kept["matrix"], 4)
    k1, k2, p1, p2, k3 = _numbers(kept["distortion"], 5)
    (residual,) = _numbers([kept["residual_px"]], 1)
    size = kept.get("size_px")
    width, height = (int(v) for v in size) if size is not None else (0, 0)
    return Lens((fx, fy, cx, cy), (k1, k2, p1, p2, k3), residual, int(kept["views"]), (width, height) if size else None)


def _stand(kept: Any) -> Stand:
    x, y, z = _numbers(kept["eye_mm"], 3)
    return Stand(_numbers(kept["rotation"], 9), (x, y, z))
