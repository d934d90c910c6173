"""Depth pictures as files: 16-bit PNG in whole mm or .npy in mm.

A depth camera's driver keeps writing its newest picture anew: beside the file and then renamed over it, at least once
in FRESH_S, so that no half of one is read.
"""
import struct
import time
from pathlib import Path

import cv2
import numpy as np

from vision.measure.depth import DepthError, Depths
from vision.measure.pictures import PictureError
from vision.measure.rig import DepthCamera

LARGEST_BYTES = 64 * 1024 * 1024
FARTHEST_MM = 20_000.0
FRESH_S = 1.0
TRIES, AGAIN_S = 3, 0.02
PNG_HEAD = struct.Struct(">8s8xIIBB")
"""Signature, width, height, bits a sample, colour type (ISO/IEC 15948)."""


def read_depths(path: Path, camera: DepthCamera) -> Depths:
    """The depth picture in float mm, 0 where there is none; PictureError in one sentence when it cannot serve."""
    check_depths(path, camera)
    try:
        found = _npy(path) if path.suffix == ".npy" else _png(path)
    except OSError as error:
        raise _unread(path, error) from None
    return np.clip(np.nan_to_num(found.astype(np.float32)), 0, FARTHEST_MM)


def check_depths(path: Path, camera: DepthCamera) -> None:
    """PictureError for what the header alone tells: nothing is decoded that is no picture of this camera."""
    try:
        if path.exists() and not path.is_file():
            raise PictureError(f"{path} is no file; give a 16-bit PNG or an .npy of depths.")
        if path.stat().st_size > LARGEST_BYTES:
            raise PictureError(f"{path} is larger than {LARGEST_BYTES >> 20} MiB; give the depth camera's own picture.")
        shape = _npy_shape(path) if path.suffix == ".npy" else _png_shape(path)
    except OSError as error:
        raise _unread(path, error) from None
    if shape != camera.size_px[::-1]:
        told = " x ".join(str(n) for n in shape[::-1])
        raise PictureError(f"{path} has {told} pixels, the depth camera in the rig {camera.size_px[0]} x "
                           f"{camera.size_px[1]}; give the camera's own picture.")


def _unread(path: Path, error: OSError) -> PictureError:
    if isinstance(error, FileNotFoundError):
        return PictureError(f"{path} does not exist; check the path.")
    return PictureError(f"{path} cannot be read: {error.strerror or 'it ends early'}; check its path and permissions.")


def _no_array(path: Path) -> PictureError:
    return PictureError(f"{path} is no array of depths; give rows x columns of mm.")


def _no_png(path: Path) -> PictureError:
    return PictureError(f"{path} is no 16-bit grey PNG of depths in mm; save the depth camera's picture again.")


def _npy_shape(path: Path) -> tuple[int, ...]:
    """Rows and columns that the header of an .npy tells."""
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    try:
        with path.open("rb") as file:
            shape, _, kind = readers[np.lib.format.read_magic(file)](file)
    except (ValueError, EOFError, KeyError):
        raise _no_array(path) from None
    if len(shape) != 2 or kind.kind not in "fu":
        raise _no_array(path)
    return tuple(shape)


def _npy(path: Path) -> Depths:
    try:
        return np.asarray(np.load(path, allow_pickle=False), np.float32)
    except (ValueError, EOFError):
        raise _no_array(path) from None


def _png_shape(path: Path) -> tuple[int, ...]:
    """Rows and columns that the header of a PNG tells."""
    with path.open("rb") as file:
        head = file.read(PNG_HEAD.size)
    if len(head) < PNG_HEAD.size:
        raise _no_png(path)
    mark, width, height, bits, colour = PNG_HEAD.unpack(head)
    if (mark, bits, colour) != (b"\x89PNG\r\n\x1a\n", 16, 0):
        raise _no_png(path)
    return height, width


def _png(path: Path) -> Depths:
    body = np.frombuffer(path.read_bytes(), np.uint8)
    found = cv2.imdecode(body, cv2.IMREAD_UNCHANGED) if len(body) else None
    if found is None or found.dtype != np.uint16 or found.ndim != 2:
        raise _no_png(path)
    return found.astype(np.float32)


class Overhead:
    """The depth camera of a running measurer, or none: its newest picture, and why it has none that serves."""

    def __init__(self, camera: DepthCamera | None) -> None:
        self._camera = camera
        self._contradicts: DepthError | None = None

    def newest(self) -> Depths | None:
        """What its file holds now, None when it is older than FRESH_S or cannot be read."""
        for _ in range(TRIES if self._camera is not None else 0):
            try:
                return self._read()
            except PictureError:
                time.sleep(AGAIN_S)
        return None

    def measured(self, contradicts: DepthError | None) -> None:
        """What a measure found of its picture: how it contradicts the rig, or nothing."""
        self._contradicts = contradicts

    def state(self) -> dict[str, str] | None:
        """Its name, `state` (ok, lost, misfit: no picture of that camera, moved, covered) and why; None without one."""
        if self._camera is None:
            return None
        name = self._camera.name
        state, why = "ok", ""
        try:
            if self._read() is None:
                state, why = "lost", f"The depth camera {name} gives no new picture; check its cable and its driver."
            elif self._contradicts is not None:
                state, why = self._contradicts.state, str(self._contradicts)
        except PictureError:
            width, height = self._camera.size_px
            state, why = "misfit", f"The depth camera {name} writes no picture of {width} x {height} depths in mm."
        return {"name": name, "state": state, "why": why}

    def _read(self) -> Depths | None:
        """The picture, None when it is too old or there is none; PictureError for what is no depth picture."""
        if self._camera is None:
            return None
        path = Path(self._camera.source.removeprefix("file:"))
        try:
            old = time.time() - path.stat().st_mtime > FRESH_S
        except OSError:
            old = True
        return None if old else read_depths(path, self._camera)
