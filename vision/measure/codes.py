"""Codes on the table: read on the rectified top of the parcel and in the whole frame."""
from collections.abc import Iterable, Iterator
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
    """A decoded code, its symbology in zxing's words, the camera that saw it, and whether it is proven to lie on the
    parcel."""
    text: str
    format: str
    camera: str
    on_parcel: bool = False


@dataclass(frozen=True, eq=False)
class Spot:
    """Where a code was read: its corners (4, 2) in pixels of that camera's straightened picture."""
    code: Code
    quad: Floats


@dataclass(frozen=True, eq=False)
class Patch:
    """A part of a grey picture laid flat, and the 3x3 from its pixels to those of the picture."""
    picture: Picture
    whence: Floats

    def read(self, camera: str) -> list[Spot]:
        """All valid codes in it, where the whole picture has them."""
        return self.placed(read(self.picture, camera))

    def placed(self, found: Iterable[Spot]) -> list[Spot]:
        """Spots of this patch where the whole picture has them."""
        return [Spot(spot.code, _moved(spot.quad, self.whence)) for spot in found]


def read(picture: Picture, camera: str) -> list[Spot]:
    """All valid codes in a grey picture."""
    return spots(zxingcpp.read_barcodes(picture), camera)


def spots(found: Iterable[zxingcpp.Barcode], camera: str) -> list[Spot]:
    """The valid ones of what zxing found."""
    return [Spot(Code(each.text, each.format.name, camera), _corners(each.position)) for each in found if each.valid]


def _corners(at: zxingcpp.Position) -> Floats:
    corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    return np.array([[corner.x, corner.y] for corner in corners], dtype=np.float64)


def _moved(points: Floats, by: Floats) -> Floats:
    there = np.column_stack([points, np.ones(len(points))]) @ by.T
    return np.asarray(there[:, :2] / there[:, 2:])


def plane(gray: Picture, view: Pinhole, middle: Floats, size_mm: tuple[float, float], turn: float,
          height_mm: float) -> Patch:
    """A rectangle of the plane z = height_mm seen from above, PX_PER_MM pixels per mm."""
    c, s = np.cos(turn), np.sin(turn)
    columns, rows = (max(8, int(side * PX_PER_MM)) for side in size_mm)
    to_mm = np.array([[c, s, middle[0]], [s, -c, middle[1]], [0, 0, 1]])
    own = np.array([[1 / PX_PER_MM, 0, -size_mm[0] / 2], [0, 1 / PX_PER_MM, -size_mm[1] / 2], [0, 0, 1]])
    whole = view.plane_homography(height_mm) @ to_mm @ own
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return Patch(np.asarray(cv2.warpPerspective(gray, whole, (columns, rows), flags=flags), dtype=np.uint8), whole)


def top_of(gray: Picture, view: Pinhole, box: Floats) -> Patch:
    """The top of a measured box with a margin, its own axes level."""
    size = (float(box[3]) + MARGIN_MM, float(box[4]) + MARGIN_MM)
    return plane(gray, view, box[:2], size, float(box[2]), float(box[5]))


def sides_of(gray: Picture, view: Pinhole, box: Floats) -> Iterator[Patch]:
    """The sides of a measured box that the view sees, upright."""
    points = box_points(box)
    for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)):
        corners = view.project(np.array([points[a + 4], points[b + 4], points[b], points[a]]))
        if _clockwise(corners) and min(box[3:]) > 20:
            width = float(np.linalg.norm(points[b] - points[a])) * PX_PER_MM
            height = float(box[5]) * PX_PER_MM
            flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
            to = cv2.getPerspectiveTransform(corners.astype(np.float32), flat)
            side = cv2.warpPerspective(gray, to, (int(width), int(height)), flags=cv2.INTER_CUBIC)
            yield Patch(np.asarray(side, np.uint8), np.asarray(np.linalg.inv(to), np.float64))


def _clockwise(corners: Floats) -> bool:
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    return float(first[0] * second[1] - first[1] * second[0]) > 0


def unique(found: Iterable[Code]) -> list[Code]:
    """Each text and symbology once, in the order found; on the parcel where one of its sights is."""
    kept: dict[tuple[str, str], Code] = {}
    for code in found:
        known = kept.setdefault((code.text, code.format), code)
        if code.on_parcel and not known.on_parcel:
            kept[code.text, code.format] = code
    return list(kept.values())
