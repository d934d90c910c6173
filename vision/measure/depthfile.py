"""Depth pictures as files: 16-bit PNG in whole mm or .npy in mm; what a depth camera's driver keeps writing anew."""
import time
from pathlib import Path

import cv2
import numpy as np

from vision.measure.depth import Depths
from vision.measure.pictures import PictureError
from vision.measure.rig import DepthCamera

LARGEST_BYTES = 64 * 1024 * 1024
FARTHEST_MM = 20_000.0
FRESH_S = 1.0


def read_depths(path: Path, camera: DepthCamera) -> Depths:
    """The depth picture in float mm, 0 where there is none; PictureError in one sentence when it cannot serve."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise PictureError(f"{path} is larger than {LARGEST_BYTES >> 20} MiB; give the depth camera's own picture.")
        found = _npy(path) if path.suffix == ".npy" else _png(path)
    except FileNotFoundError:
        raise PictureError(f"{path} does not exist; check the path.") from None
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror}; check its path and permissions.") from None
    if found.shape != (camera.size_px[1], camera.size_px[0]):
        told = " x ".join(str(n) for n in found.shape[::-1])
        raise PictureError(f"{path} has {told} pixels, the depth camera in the rig {camera.size_px[0]} x "
                           f"{camera.size_px[1]}; give the camera's own picture.")
    return np.clip(np.nan_to_num(found.astype(np.float32)), 0, FARTHEST_MM)


def _npy(path: Path) -> Depths:
    try:
        found = np.load(path, allow_pickle=False)
    except (ValueError, EOFError):
        raise PictureError(f"{path} is no array of depths; give rows x columns of mm.") from None
    if not isinstance(found, np.ndarray) or found.ndim != 2 or found.dtype.kind not in "fu":
        raise PictureError(f"{path} is no array of depths; give rows x columns of mm.")
    return found.astype(np.float32)


def _png(path: Path) -> Depths:
    body = np.frombuffer(path.read_bytes(), np.uint8)
    found = cv2.imdecode(body, cv2.IMREAD_UNCHANGED) if len(body) else None
    if found is None or found.dtype != np.uint16 or found.ndim != 2:
        raise PictureError(f"{path} is no 16-bit grey PNG of depths in mm; save the depth camera's picture again.")
    return found.astype(np.float32)


def newest_depths(camera: DepthCamera) -> Depths | None:
    """What the depth camera's file holds now, None when it is older than FRESH_S or cannot be read."""
    path = Path(camera.source.removeprefix("file:"))
    try:
        if time.time() - path.stat().st_mtime > FRESH_S:
            return None
        return read_depths(path, camera)
    except (OSError, PictureError):
        return None
