"""Where a camera stands, from the AprilTags printed on the table; millimetres and pixels."""
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole
from vision.measure.edges import sharpen_quad
from vision.measure.rig import Camera, Rig, Tag

FEWEST_TAGS = 3
USUAL_PX = 0.05
OVER_MM = (0.0, 300.0)
"""Heights over the zone's corners at which a pose must hold."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A camera's pose from its tags: pinhole of undistorted pixels, root mean square residual in px, tags used, and how
    unsure the pose leaves where a point over the zone is seen, px (standard deviation, the worst point's)."""
    view: Pinhole
    residual_px: float
    tags: int
    unsure_px: float = 0.0


def find_tags(gray: npt.NDArray[np.uint8]) -> dict[int, Floats]:
    """Tag number to its corners (4, 2) in pixels, OpenCV's order."""
    settings = cv2.aruco.DetectorParameters()
    settings.adaptiveThreshWinSizeMin, settings.adaptiveThreshWinSizeMax = 9, 31
    settings.adaptiveThreshWinSizeStep = 11
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    settings.cornerRefinementWinSize = 4
    settings.relativeCornerRefinmentWinSize = 0.15
    family = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11)
    corners, numbers, _ = cv2.aruco.ArucoDetector(family, settings).detectMarkers(gray)
    soft = gray.astype(np.float32)
    return {int(n): sharpen_quad(soft, np.asarray(c, dtype=np.float64).reshape(4, 2))
            for n, c in zip([] if not corners else np.ravel(numbers), corners, strict=True)}


def place(gray: npt.NDArray[np.uint8], camera: Camera, rig: Rig) -> Placed | None:
    """The pose of a camera from all tags jointly in its straightened picture, None with fewer than FEWEST_TAGS."""
    pixels = find_tags(gray)
    known = [tag for tag in rig.tags if tag.id in pixels]
    if len(known) < FEWEST_TAGS:
        return None
    view = _solve(known, pixels, camera, None)
    error = {tag.id: _rms(view.project(tag.corners()) - pixels[tag.id]) for tag in known}
    limit = max(0.5, 3 * float(np.median(list(error.values()))))
    kept = [tag for tag in known if error[tag.id] <= limit]
    if len(kept) < max(FEWEST_TAGS, len(known) * 2 // 3):
        kept = known
    view = _solve(kept, pixels, camera, view)
    left = np.vstack([view.project(tag.corners()) - pixels[tag.id] for tag in kept])
    points = np.vstack([tag.corners() for tag in kept])
    return Placed(view, _rms(left), len(kept), unsure(view, points, _rms(left), rig))


def unsure(view: Pinhole, seen: Floats, residual_px: float, rig: Rig) -> float:
    """How far in px a point over the zone may be seen from where the pose of points (N, 3) mm tells, by their residual,
    their number and how they lie (standard deviation, the worst corner's)."""
    half = np.array(rig.zone_mm) / 2
    far = np.array([[x * half[0], y * half[1], z] for x in (-1, 1) for y in (-1, 1) for z in OVER_MM])
    known, wanted = (_pose_slope(view, points) for points in (seen, far))
    covariance = np.linalg.pinv(known.T @ known) * max(residual_px, USUAL_PX) ** 2 / 2
    each = np.einsum("ni,ij,nj->n", wanted, covariance, wanted)
    return float(np.sqrt(each.reshape(-1, 2).sum(axis=1).max()))


def _pose_slope(view: Pinhole, points: Floats) -> Floats:
    """By how much the pixels (2N,) of points (N, 3) mm move with the six numbers of the pose."""
    turn = cv2.Rodrigues(view.rotation)[0]
    return np.asarray(cv2.projectPoints(points, turn, view.translation, view.matrix, None)[1][:, :6], dtype=np.float64)


def _solve(tags: list[Tag], pixels: dict[int, Floats], camera: Camera, start: Pinhole | None) -> Pinhole:
    points = np.vstack([tag.corners() for tag in tags])
    seen = np.vstack([pixels[tag.id] for tag in tags])
    k = camera.matrix3()
    if start is None:
        _, turn, shift = cv2.solvePnP(points, seen, k, None, flags=cv2.SOLVEPNP_IPPE)
    else:
        turn, shift = cv2.Rodrigues(start.rotation)[0], start.translation.reshape(3, 1)
    turn, shift = cv2.solvePnPRefineLM(points, seen, k, None, turn, shift)
    return Pinhole(k, np.asarray(cv2.Rodrigues(turn)[0], dtype=np.float64),
                   np.asarray(shift, dtype=np.float64).ravel(), camera.size_px)


def _rms(errors: Floats) -> float:
    return float(np.sqrt(np.mean(np.sum(errors ** 2, axis=1))))
