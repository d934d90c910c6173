"""Codes on the table: read on the rectified top of the parcel and in the whole frame."""
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from vision.measure.camera import Floats, Pinhole
from vision.measure.cuboid import box_points

Picture = npt.NDArray[np.uint8]
PX_PER_MM = 2.5
MARGIN_MM = 40.0


@dataclass(frozen=True)
class Code:
    """A decoded code, its symbology in zxing's words and the camera that saw it."""
    text: str
    format: str
    camera: str


def read(picture: Picture, camera: str) -> list[Code]:
    """All valid codes in a grey picture."""
    return [Code(found.text, found.format.name, camera) for found in zxingcpp.read_barcodes(picture) if found.valid]


def plane(gray: Picture, view: Pinhole, middle: Floats, size_mm: tuple[float, float], turn: float,
          height_mm: float) -> Picture:
    """A rectangle of the plane z = height_mm seen from above, PX_PER_MM pixels per mm."""
    c, s = np.cos(turn), np.sin(turn)
    columns, rows = (max(8, int(side * PX_PER_MM)) for side in size_mm)
    to_mm = np.array([[c, s, middle[0]], [s, -c, middle[1]], [0, 0, 1]])
    own = np.array([[1 / PX_PER_MM, 0, -size_mm[0] / 2], [0, 1 / PX_PER_MM, -size_mm[1] / 2], [0, 0, 1]])
    whole = view.plane_homography(height_mm) @ to_mm @ own
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(gray, whole, (columns, rows), flags=flags), dtype=np.uint8)


def top_of(gray: Picture, view: Pinhole, box: Floats) -> Picture:
    """The top of a measured box with a margin, its own axes level."""
    size = (float(box[3]) + MARGIN_MM, float(box[4]) + MARGIN_MM)
    return plane(gray, view, box[:2], size, float(box[2]), float(box[5]))


def sides_of(gray: Picture, view: Pinhole, box: Floats) -> Iterator[Picture]:
    """The sides of a measured box that the view sees, upright."""
    points = box_points(box)
    for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)):
        corners = view.project(np.array([points[a + 4], points[b + 4], points[b], points[a]]))
        if _clockwise(corners) and min(box[3:]) > 20:
            width = float(np.linalg.norm(points[b] - points[a])) * PX_PER_MM
            height = float(box[5]) * PX_PER_MM
            flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
            to = cv2.getPerspectiveTransform(corners.astype(np.float32), flat)
            yield np.asarray(cv2.warpPerspective(gray, to, (int(width), int(height)), flags=cv2.INTER_CUBIC), np.uint8)


def _clockwise(corners: Floats) -> bool:
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    return float(first[0] * second[1] - first[1] * second[0]) > 0


def unique(found: list[Code]) -> list[Code]:
    """Each text and symbology once, in the order found."""
    kept: dict[tuple[str, str], Code] = {}
    for code in found:
        kept.setdefault((code.text, code.format), code)
    return list(kept.values())
