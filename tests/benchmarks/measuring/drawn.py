"""S1: scenes drawn by the rasteriser with papers and tables of the families that are held out, seeds of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from vision.measure.measure import Picture
from vision.measure.rig import Rig
from vision.measure.scenes import Scene
from vision.scene.mesh import Wear
from vision.scene.table import ParcelModel, TableScene, render

SEED, FAMILIES = 7301, (8, 9)
#: Korea Post's six boxes, nominal outside size in mm.
STANDARD_MM = ((220, 190, 90), (270, 180, 150), (350, 250, 100), (340, 250, 210), (410, 310, 280), (480, 380, 340))
REFUSALS = ("no_parcel", "two_objects", "hand_in_view", "out_of_zone", "too_tall", "dark", "glare")
#: Of eight scenes in a row: five boxes, a standard box, a bag or tube, and one that must be refused.
KINDS = ("box", "box", "box", "standard", "box", "soft", "box", "refuse")


@dataclass(frozen=True)
class Drawn:
    """A scene, what it is, and whether it is to be answered."""

    id: str
    scene: TableScene
    answerable: bool

    def listed(self) -> Scene:
        """As the table takes it."""
        truth = self.scene.parcel.truth_mm() if self.answerable and self.scene.parcel else None
        return Scene(self.id, {}, truth, self.answerable, self.id)

    def label(self) -> str:
        """What it is among its like: a box is new or worn."""
        kind, parcel = self.id.split("-", 2)[2], self.scene.parcel
        if kind != "box" or parcel is None:
            return kind
        return "box, worn" if parcel.wear is not None else "box, new"


def drawn(number: int, rig: Rig) -> Drawn:
    """Scene of that number, always the same."""
    rng, kind = np.random.default_rng([SEED, number]), KINDS[number % len(KINDS)]
    turn = number // len(KINDS)
    if kind == "refuse":
        reason = REFUSALS[turn % len(REFUSALS)]
        return Drawn(f"s1-{number:04d}-{reason}", _to_refuse(reason, _scene("box", rng, rig, turn), rng, rig), False)
    if kind == "soft":
        kind = ("tube", "polybag")[turn % 2]
    return Drawn(f"s1-{number:04d}-{kind}", _scene(kind, rng, rig, turn), True)


def _scene(kind: str, rng: np.random.Generator, rig: Rig, turn: int) -> TableScene:
    parcel = _parcel(kind, rng, turn)
    while True:
        yaw, (x, y) = float(rng.uniform(0, 180)), rng.uniform(-260, 260, 2)
        moved = replace(parcel, x_mm=float(x), y_mm=float(y), yaw_deg=yaw)
        if np.all(np.abs(moved.points()[:, :2]).max(axis=0) < np.array(rig.zone_mm) / 2 - 4):
            return TableScene(moved, paper(rng), float(rng.uniform(0.5, 1.15)), busy=bool(rng.random() < 0.3))


def paper(rng: np.random.Generator) -> int:
    """A paper or table seed of a held-out family."""
    return int(rng.integers(0, 10**8)) * 10 + int(rng.choice(FAMILIES))


def _parcel(kind: str, rng: np.random.Generator, turn: int) -> ParcelModel:
    if kind == "standard":
        length, width, height = (float(v) for v in STANDARD_MM[turn % len(STANDARD_MM)])
        return ParcelModel(length, width, height, seed=paper(rng))
    length = float(rng.uniform(180, 560) if kind == "tube" else rng.uniform(110, 560))
    if kind == "tube":
        wide = float(rng.uniform(55, min(140.0, length / 2)))
        return ParcelModel(length, wide, wide, kind="tube", seed=paper(rng))
    width = float(rng.uniform(max(80, length / 4), length))
    if kind == "polybag":
        return ParcelModel(length, width, width * float(rng.uniform(0.15, 0.45)), kind="polybag", seed=paper(rng))
    height = float(np.exp(rng.uniform(np.log(25), np.log(460))))
    bulge, dent, round_, gloss = (float(v) for v in rng.uniform((0, 0, 0.5, 0), (8, 5, 5, 0.5)))
    worn = own_wear(Wear(bulge, dent, round_, gloss, int(rng.integers(0, 10**6))))
    return ParcelModel(length, width, height, seed=paper(rng), wear=worn if rng.random() < 0.5 else None)


def own_wear(wear: Wear) -> Wear:
    """The same with lid and sides that swell each by a share of its own, and corners out of square by up to 2 mm
    (standard deviation)."""
    rng = np.random.default_rng([SEED, wear.seed, 1])
    return replace(wear, shares=tuple(float(v) for v in rng.uniform(0, 1, 5)), skew_mm=float(rng.uniform(0, 2)))


def _to_refuse(reason: str, good: TableScene, rng: np.random.Generator, rig: Rig) -> TableScene:
    parcel = good.parcel
    assert parcel is not None
    small = replace(parcel, length_mm=150.0, width_mm=120.0, wear=None)
    changed: Mapping[str, TableScene] = {
        "no_parcel": replace(good, parcel=None), "dark": replace(good, light=0.02),
        "hand_in_view": replace(good, hand=True), "glare": replace(good, light=9.0),
        "two_objects": replace(good, parcel=replace(small, x_mm=-180.0, y_mm=0.0),
                               second=replace(small, x_mm=180.0, y_mm=20.0, seed=paper(rng))),
        "out_of_zone": replace(good, parcel=replace(parcel, x_mm=rig.zone_mm[0] / 2 - 10, y_mm=0.0)),
        "too_tall": replace(good, parcel=replace(small, height_mm=float(rng.uniform(570, 640)), x_mm=0.0, y_mm=0.0)),
    }  # fmt: skip
    return changed[reason]


def pictures(scene: TableScene, rig: Rig) -> dict[str, Picture]:
    """Both cameras' frames."""
    return {camera.name: render(scene, rig, camera.name) for camera in rig.cameras}
