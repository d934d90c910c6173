"""The bench's rig, net and drawn frames, made once per test run."""
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vision.measure.measure import Measurer
from vision.measure.rig import Rig, load_rig
from vision.model import load_model
from vision.scene.table import ParcelModel, TableScene, render

ROOT = Path(__file__).resolve().parents[2]
RIG_FILE, MODELS = ROOT / "config" / "rig.toml", ROOT / "models"
Picture = npt.NDArray[np.uint8]
BOX = ParcelModel(340, 250, 210, 10, -20, 25, seed=10)


@lru_cache(maxsize=1)
def rig() -> Rig:
    return load_rig(RIG_FILE)


@lru_cache(maxsize=1)
def measurer() -> Measurer:
    return Measurer(rig(), load_model(MODELS, "parcel_corners"))


def frames(scene: TableScene) -> dict[str, Picture]:
    return {camera.name: render(scene, rig(), camera.name) for camera in rig().cameras}


@lru_cache(maxsize=1)
def box_frames() -> dict[str, Picture]:
    return frames(TableScene(BOX, 0))
