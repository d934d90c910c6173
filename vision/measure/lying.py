"""Whether a code lies on the parcel: its place in the pictures held against the body that the cameras see now."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole
from vision.measure.codes import PX_PER_MM, Code, Spot
from vision.measure.corners import Seen
from vision.measure.cuboid import box_points, hull, overlap, sides_seen, silhouette
from vision.measure.refuse import reached_over
from vision.measure.search import look_up

#: How far off the measured body two cameras may see a code that lies on it, mm: paper curls, boxes swell.
OFF_MM = 25.0
#: A code this near the table lies on the table.
FLAT_MM = 6.0
#: How alike two cameras must see the place of a code that only one of them can read, -1 to 1; shifts up to SHIFT_MM.
ALIKE, SHIFT_MM = 0.5, 12.0
#: The box that was measured lies there still where it and the parcel's mask share so much in every view.
SHARED = 0.85
#: From here on the net takes a cell for the parcel.
PARCEL = 0.5


@dataclass(frozen=True, eq=False)
class Face:
    """A flat side of a box: a corner, and the unit vectors (3,) along it and out of it."""
    corner: Floats
    along: Floats
    down: Floats
    out: Floats

    def meets(self, eye: Floats, ray: Floats) -> Floats:
        """Where a ray from the eye meets its plane."""
        return np.asarray(eye + ray * float((self.corner - eye) @ self.out) / float(ray @ self.out))


@dataclass(frozen=True, eq=False)
class Table:
    """What the cameras see now (their views through the net), and the box that was measured there, if one was."""
    seen: Mapping[str, Seen]
    box: Floats | None

    def holds(self) -> bool:
        """Whether the measured box is what lies there now."""
        if self.box is None or not self.seen:
            return False
        shared = [overlap(each.maps["parcel"], silhouette(self.box, each.cells)) for each in self.seen.values()]
        return min(shared) > SHARED

    def judged(self, found: Sequence[Spot]) -> list[Code]:
        """The codes of these spots, each told whether it is proven to lie on the parcel."""
        box = self.box if self.holds() else None
        groups: dict[tuple[str, str], list[Spot]] = {}
        for spot in found:
            groups.setdefault((spot.code.text, spot.code.format), []).append(spot)
        proven = {key for key, group in groups.items() if self._proven(group, box)}
        return [replace(spot.code, on_parcel=(spot.code.text, spot.code.format) in proven) for spot in found]

    def _proven(self, group: Sequence[Spot], box: Floats | None) -> bool:
        """Both cameras must see it in one place on the body; one alone, before the body's outline and nothing else."""
        inside = [spot for spot in group if spot.code.camera in self.seen and self._before_body(spot, box)]
        pairs = [pair for pair in combinations(inside, 2) if pair[0].code.camera != pair[1].code.camera]
        if pairs:
            return any(self._on_body(*pair, box) for pair in pairs)
        return any(self._alone(spot, box) for spot in inside)

    def _before_body(self, spot: Spot, box: Floats | None) -> bool:
        """Whether that camera has the whole code before the box, or before what its net takes for a parcel."""
        seen = self.seen[spot.code.camera]
        middle = spot.quad.mean(axis=0)
        points = np.vstack([middle, middle + 0.8 * (spot.quad - middle)])
        if box is None:
            return bool(look_up(seen.maps["parcel"], cells_of(seen, points)).min() > PARCEL)
        outline = hull(seen.raw.project(box_points(box))).astype(np.float32)
        return all(cv2.pointPolygonTest(outline, (float(x), float(y)), False) >= 0 for x, y in points)

    def _on_body(self, one: Spot, other: Spot, box: Floats | None) -> bool:
        """Whether two cameras see one and the same place, off the table and on the box where one was measured."""
        views = [self.seen[spot.code.camera].raw for spot in (one, other)]
        point, apart = crossing(views, [one.quad.mean(axis=0), other.quad.mean(axis=0)])
        if apart > OFF_MM or float(point[2]) < FLAT_MM:
            return False
        return box is None or off(point, box) < OFF_MM

    def _alone(self, spot: Spot, box: Floats | None) -> bool:
        """One camera reads it: no limb is in any view, and a camera that sees that face shows the same there."""
        if any(reached_over(each) for each in self.seen.values()):
            return False
        others = [each for name, each in self.seen.items() if name != spot.code.camera]
        own = self.seen[spot.code.camera]
        if box is None:
            table = Face(np.zeros(3), np.array([1.0, 0, 0]), np.array([0, -1.0, 0]), np.array([0, 0, 1.0]))
            return all(alike(spot.quad, own, each, table) < ALIKE for each in others)
        face = met(own.raw, spot.quad.mean(axis=0), box)
        watching = [each for each in others if face is not None and (each.raw.centre() - face.corner) @ face.out > 0]
        return face is not None and all(alike(spot.quad, own, each, face) > ALIKE for each in watching)


def cells_of(seen: Seen, pixels: Floats) -> Floats:
    """Pixels (N, 2) of the straightened picture as cells (N, 2) of the net's masks."""
    return np.asarray(seen.cells.project(seen.raw.centre() + rays(seen.raw, pixels)))


def rays(view: Pinhole, pixels: Floats) -> Floats:
    """Directions (N, 3) in table coordinates, a metre long in depth."""
    flat = np.column_stack([pixels, np.ones(len(pixels))]) @ np.linalg.inv(view.matrix).T
    return np.asarray(1000.0 * flat @ view.rotation)


def crossing(views: Sequence[Pinhole], pixels: Sequence[Floats]) -> tuple[Floats, float]:
    """The point (3,) mm nearest to the rays of two cameras, and how far the rays pass each other."""
    eyes = [view.centre() for view in views]
    ways = [rays(view, pixel[None])[0] for view, pixel in zip(views, pixels, strict=True)]
    shares = np.linalg.lstsq(np.column_stack([ways[0], -ways[1]]), eyes[1] - eyes[0], rcond=None)[0]
    one, other = (eye + way * share for eye, way, share in zip(eyes, ways, shares, strict=True))
    return np.asarray((one + other) / 2), float(np.linalg.norm(one - other))


def off(point: Floats, box: Floats) -> float:
    """How far a point (3,) mm lies from the surface of a box, the table's side of it left out."""
    c, s = np.cos(box[2]), np.sin(box[2])
    own = np.array([[c, s], [-s, c]]) @ (point[:2] - box[:2])
    over = np.array([*(np.abs(own) - box[3:5] / 2), point[2] - box[5]])
    outside = float(np.linalg.norm(np.maximum(over, 0)))
    return outside if outside > 0 else float(-over.max())


def faces(box: Floats, eye: Floats) -> list[Face]:
    """The sides of a box that an eye above the table sees, its top first."""
    points, found = box_points(box), []
    if eye[2] > box[5]:
        found.append(_face(points[7], points[6], points[4]))
    for n, shown in enumerate(sides_seen(box, eye)):
        if shown:
            after = (n + 1) % 4
            found.append(_face(points[n + 4], points[after + 4], points[n]))
    return found


def _face(corner: Floats, along: Floats, down: Floats) -> Face:
    one, other = (each / np.linalg.norm(each) for each in (along - corner, down - corner))
    return Face(corner, one, other, np.cross(other, one))


def met(view: Pinhole, pixel: Floats, box: Floats) -> Face | None:
    """The face on which a pixel shows the box."""
    eye, ray = view.centre(), rays(view, pixel[None])[0]
    return min(faces(box, eye), key=lambda face: off(face.meets(eye, ray), box), default=None)


def alike(quad: Floats, own: Seen, other: Seen, face: Face) -> float:
    """How alike two cameras show the plane of a face where one of them reads a code, -1 to 1."""
    eye = own.raw.centre()
    points = np.array([face.meets(eye, ray) for ray in rays(own.raw, quad)]) - face.corner
    flat = np.column_stack([points @ face.along, points @ face.down])
    low, high = flat.min(axis=0), flat.max(axis=0)
    if float((high - low).max()) > 400:
        return -1.0
    mine = _laid(own, face, low, high)
    theirs = _laid(other, face, low - SHIFT_MM, high + SHIFT_MM)
    return float(cv2.matchTemplate(theirs, mine, cv2.TM_CCOEFF_NORMED).max())


def _laid(seen: Seen, face: Face, low: Floats, high: Floats) -> npt.NDArray[np.uint8]:
    """The rectangle low to high (2,) mm of a face as that camera shows it, half PX_PER_MM pixels per mm."""
    scale = PX_PER_MM / 2
    corners = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    there = face.corner + corners[:, :1] * face.along + corners[:, 1:] * face.down
    columns, rows = (max(8, round(float(side) * scale)) for side in high - low)
    to = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=np.float32)
    warp = cv2.getPerspectiveTransform(seen.raw.project(there).astype(np.float32), to)
    gray = cv2.cvtColor(seen.picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.warpPerspective(gray, warp, (columns, rows), flags=cv2.INTER_AREA), np.uint8)
