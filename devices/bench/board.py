"""The calibration board in somebody's hands: poses that fill a camera's picture, drawn over what it sees."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.board import picture, size_mm
from vision.measure.camera import Floats, Pinhole
from vision.measure.rig import Camera

#: Pixels per mm of the printed sheet.
PRINT_PX = 4.0
ACROSS, DOWN = 4, 3
#: Poses of one round over the picture; the next round holds the board otherwise turned.
ROUND = ACROSS * DOWN
Pixels = npt.NDArray[np.uint8]


def with_board(seen: Pixels, camera: Camera, pose: int) -> Pixels:
    """The picture with the board held before that camera; each camera's own friend holds one."""
    sheet = _sheet()
    spots = held(camera, pose)
    rows, columns = sheet.shape[:2]
    edge = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=np.float32) - 0.5
    to = cv2.getPerspectiveTransform(edge, spots.astype(np.float32))
    flat = Pinhole(camera.matrix3(), np.eye(3), np.zeros(3), camera.size_px)
    drawn = cv2.warpPerspective(sheet, to, flat.size_px, flags=cv2.INTER_AREA)
    there = cv2.warpPerspective(np.full_like(sheet, 255), to, flat.size_px, flags=cv2.INTER_AREA)
    share = cv2.GaussianBlur(there, (0, 0), 0.7)[..., None].astype(np.float32) / 255
    ink = cv2.GaussianBlur(drawn, (0, 0), 0.7)[..., None].astype(np.float32) * 0.85 + 14
    return np.asarray(seen * (1 - share) + ink * share, np.uint8)


def held(camera: Camera, pose: int) -> Floats:
    """The sheet's corners (4, 2) in pixels of the undistorted picture: over the whole of it, turned and tilted."""
    rng = np.random.default_rng([7501, pose])
    width, height = size_mm()
    half = np.array([[-width, -height, 0], [width, -height, 0], [width, height, 0], [-width, height, 0]]) / 2
    lean = rng.uniform(0.25, 0.6, 2) * np.where(rng.random(2) < 0.5, -1, 1)
    turn = cv2.Rodrigues(np.array([lean[0], lean[1], rng.uniform(-0.3, 0.3)]))[0]
    fx, fy, cx, cy = camera.matrix
    away = float(rng.uniform(1.9, 2.4)) * width * fx / camera.size_px[0]
    place = pose % ROUND
    share = np.array([(place % ACROSS + 0.5) / ACROSS, (place // ACROSS + 0.5) / DOWN])
    aim = (share * 0.84 + 0.08) * np.array(camera.size_px)
    middle = np.array([(aim[0] - cx) / fx, (aim[1] - cy) / fy, 1.0]) * away
    points = half @ np.asarray(turn).T + middle
    return np.column_stack([points[:, 0] / points[:, 2] * fx + cx, points[:, 1] / points[:, 2] * fy + cy])


@lru_cache(maxsize=1)
def _sheet() -> Pixels:
    return picture(PRINT_PX)
