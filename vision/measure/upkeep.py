"""What a calibrated rig remembers between starts: lenses from the guide, and where each camera stood when checked."""
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from vision.measure.camera import Floats, Pinhole
from vision.measure.guide import Lens, with_lens
from vision.measure.rig import Rig

KNOCK_DEG, KNOCK_MM = 0.3, 6.0


@dataclass(frozen=True)
class Stand:
    """Where a camera stands: rotation row by row and the place of its eye in table mm."""
    rotation: tuple[float, ...]
    eye_mm: tuple[float, float, float]


@dataclass(frozen=True)
class Knock:
    """A camera that no longer stands where it stood: degrees and mm."""
    camera: str
    degrees: float
    mm: float


@dataclass
class Upkeep:
    """The memory of one rig in a file of its own; a file that cannot be read counts as none."""
    path: Path
    lenses: dict[str, Lens] = field(default_factory=dict)
    stands: dict[str, Stand] = field(default_factory=dict)

    def load(self) -> "Upkeep":
        """Read the file where there is one."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            self.lenses = {name: _lens(each) for name, each in kept["lenses"].items()}
            self.stands = {name: _stand(each) for name, each in kept["stands"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.lenses, self.stands = {}, {}
        return self

    def save(self) -> None:
        """Write beside and rename."""
        beside = self.path.with_name(self.path.name + ".part")
        beside.write_text(json.dumps({"lenses": {name: asdict(each) for name, each in self.lenses.items()},
                                      "stands": {name: asdict(each) for name, each in self.stands.items()}}))
        os.replace(beside, self.path)

    def applied(self, rig: Rig) -> Rig:
        """The rig with the lenses that were calibrated here."""
        cameras = (with_lens(c, self.lenses[c.name]) if c.name in self.lenses else c for c in rig.cameras)
        return replace(rig, cameras=tuple(cameras))

    def calibrated(self, camera: str, lens: Lens) -> None:
        """A new lens; where that camera stands is learnt again with it."""
        self.lenses[camera] = lens
        self.stands.pop(camera, None)
        self.save()

    def settled(self, views: Mapping[str, Pinhole]) -> None:
        """The cameras stand rightly now: from here on a knock is told."""
        self.stands |= {name: stand(view) for name, view in views.items()}
        self.save()

    def knocked(self, views: Mapping[str, Pinhole]) -> list[Knock]:
        """Cameras that moved since; one that is met for the first time is learnt."""
        fresh = {name: view for name, view in views.items() if name not in self.stands}
        if fresh:
            self.settled(fresh)
        found = [moved(name, self.stands[name], stand(view)) for name, view in views.items()]
        return [knock for knock in found if knock.degrees > KNOCK_DEG or knock.mm > KNOCK_MM]


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


def _lens(kept: Any) -> Lens:
    fx, fy, cx, cy = (float(v) for v in kept["matrix"])
    k1, k2, p1, p2, k3 = (float(v) for v in kept["distortion"])
    return Lens((fx, fy, cx, cy), (k1, k2, p1, p2, k3), float(kept["residual_px"]), int(kept["views"]))


def _stand(kept: Any) -> Stand:
    x, y, z = (float(v) for v in kept["eye_mm"])
    turn = tuple(float(v) for v in kept["rotation"])
    if len(turn) != 9:
        raise ValueError("a rotation has nine numbers")
    return Stand(turn, (x, y, z))
