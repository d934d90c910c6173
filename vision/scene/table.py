"""A parcel on the measuring table, drawn as the rig's cameras see it."""
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np

from vision.measure.camera import Floats, Pinhole, look_at
from vision.measure.rig import Camera, Rig
from vision.scene import draw, life
from vision.scene.mesh import Sheet, Wear, box_sheets, irregular_sheets, placed, polybag_sheets, tube_sheets
from vision.scene.paint import Paint, Picture, parcel_look
from vision.scene.solid import box_corners, box_faces

EYES_MM = {"left": (-707.0, 707.0, 1000.0), "right": (707.0, 707.0, 1000.0)}
AIM_MM = (0.0, 0.0, 80.0)


@dataclass(frozen=True, eq=False)
class LabelPicture:
    """A printed label on the middle of the top face: uint8 grey rows, outer size in mm, turned on the face."""
    gray: Picture
    width_mm: float
    height_mm: float
    yaw_deg: float = 0.0


@dataclass(frozen=True)
class ParcelModel:
    """A parcel at (x, y) mm on the table, yaw counter-clockwise; kind box, tube, polybag or irregular; seed is its
    paper; a box without wear is an exact cuboid, one with it is that cuboid bulged, dented and rounded; z_mm is how
    high over the table it stands on another."""
    length_mm: float
    width_mm: float
    height_mm: float
    x_mm: float = 0.0
    y_mm: float = 0.0
    yaw_deg: float = 0.0
    kind: str = "box"
    seed: int = 0
    label: LabelPicture | None = None
    wear: Wear | None = None
    z_mm: float = 0.0

    def corners(self) -> Floats:
        """Eight corners (8, 3) mm of its upright box, base first."""
        corners = box_corners(self.length_mm, self.width_mm, self.height_mm, self.x_mm, self.y_mm, self.yaw_deg)
        return np.asarray(corners + np.array([0.0, 0.0, self.z_mm]))

    def sheets(self) -> list[Sheet]:
        """The curved sheets of its body."""
        size = np.array([self.length_mm, self.width_mm, self.height_mm])
        wear = self.wear or Wear(seed=self.seed)
        made = {"box": lambda: box_sheets(size, wear), "tube": lambda: tube_sheets(size),
                "polybag": lambda: polybag_sheets(size, wear.seed),
                "irregular": lambda: irregular_sheets(size, wear.seed)}
        lifted = np.array([0.0, 0.0, self.z_mm])
        return [replace(sheet, points=sheet.points + lifted)
                for sheet in placed(made[self.kind](), self.x_mm, self.y_mm, self.yaw_deg)]

    def flat(self) -> bool:
        """Whether six flat faces are all of it."""
        return self.kind == "box" and self.wear is None

    def points(self) -> Floats:
        """Points (N, 3) mm of its surface, those of its outline among them."""
        return self.corners() if self.flat() else np.vstack([sheet.points.reshape(-1, 3) for sheet in self.sheets()])

    def truth_mm(self) -> tuple[float, float, float]:
        """Length >= width and height of the smallest upright box around it."""
        points = self.points()
        around = cv2.minAreaRect(points[:, :2].astype(np.float32))[1]
        one, other = (self.length_mm, self.width_mm) if self.flat() else (float(side) for side in around)
        return max(one, other), min(one, other), float(points[:, 2].max())


@dataclass(frozen=True)
class TableScene:
    """What stands on the table; seed is table, floor and lamp, frame changes only the sensor's noise; busy puts people
    behind the table and small things on it, glare is the strength of a mirrored lamp in grey levels."""
    parcel: ParcelModel | None
    seed: int
    light: float = 1.0
    hand: bool = False
    frame: int = 0
    second: ParcelModel | None = None
    busy: bool = False
    glare: float = 0.0

    def reach(self) -> Floats:
        """Where a hand in the scene reaches to, (x, y, z) mm."""
        parcel = self.parcel
        return np.array([parcel.x_mm, parcel.y_mm, parcel.height_mm]) if parcel else np.array([0.0, 0.0, 60.0])


def mounted(camera: Camera) -> Pinhole:
    """The rig's camera where the bench mounts it: left and right behind the table, 45 degrees to each side."""
    rotation, translation = look_at(np.array(EYES_MM[camera.name]), np.array(AIM_MM))
    return Pinhole(camera.matrix3(), rotation, translation, camera.size_px)


def render(scene: TableScene, rig: Rig, camera: str, pose: Pinhole | None = None) -> Picture:
    """The scene as uint8 rows x columns x BGR of the camera's own size; a pose replaces the bench's mount."""
    still = _still(replace(scene, frame=0, light=1.0), rig, camera, pose)
    return draw.expose(still, scene.seed, scene.frame, scene.light, 0.0, 1.8)


@lru_cache(maxsize=4)
def _still(scene: TableScene, rig: Rig, camera: str, pose: Pinhole | None) -> Paint:
    own = rig.camera(camera)
    view = pose or mounted(own)
    picture = paint_scene(scene, view, _table(scene.seed, rig, camera, pose).copy())
    soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.6), dtype=np.float32)
    return _bent(soft, own) if any(own.distortion) else soft


@lru_cache(maxsize=4)
def _table(seed: int, rig: Rig, camera: str, pose: Pinhole | None) -> Paint:
    return draw.empty_table(seed, pose or mounted(rig.camera(camera)), rig.tags)


def paint_scene(scene: TableScene, view: Pinhole, table: Paint, exact: bool = True) -> Paint:
    """Shadows, parcels and hand over the empty table, in place; float32 BGR."""
    bodies = [body for body in (scene.parcel, scene.second) if body is not None]
    if scene.busy:
        life.put_people(table, scene.seed, view)
        life.put_clutter(table, scene.seed, view)
    for light in draw.lamps(scene.seed):
        for body in bodies:
            table *= (1 - light.depth * draw.shadow(body.points(), light, view))[..., None]
    light = draw.lamp(scene.seed)
    for body in (body for body in bodies if not body.z_mm):
        table *= (1 - 0.35 * light.depth * draw.contact(body.points(), view))[..., None]
    for body in sorted(bodies, key=lambda b: drawn_at(b, view.centre())):
        _put(table, body, light, view, exact)
    if scene.hand:
        life.put_hand(table, scene.seed, scene.reach(), view)
    if scene.glare:
        life.put_glare(table, scene.seed, scene.glare, view)
    return table


def drawn_at(body: ParcelModel, eye: Floats) -> tuple[float, float]:
    """The body's turn for a camera at (x, y, z) mm, smallest first: what stands on others last, then by nearness."""
    return body.z_mm, -float(np.hypot(body.x_mm - eye[0], body.y_mm - eye[1]))


def _put(picture: Paint, body: ParcelModel, light: draw.Lamp, view: Pinhole, exact: bool) -> None:
    label, look = _sticker(body.label), parcel_look(body.seed)
    if body.flat():
        draw.put_body(picture, box_faces(body.corners()), look, light, view, label)
    else:
        gloss = body.wear.gloss if body.wear else 0.0
        draw.put_sheets(picture, body.sheets(), draw.Coat(look, gloss, label, exact), light, view)


def _sticker(label: LabelPicture | None) -> draw.Sticker | None:
    return draw.Sticker(label.gray, (label.width_mm, label.height_mm), label.yaw_deg) if label else None


def _bent(picture: Paint, camera: Camera) -> Paint:
    """The pinhole picture through the camera's own lens distortion."""
    width, height = camera.size_px
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    bent = np.column_stack([x.ravel(), y.ravel()])[:, None]
    k = camera.matrix3()
    straight = cv2.undistortPoints(bent, k, np.array(camera.distortion), P=k)
    grid = np.asarray(straight, dtype=np.float32).reshape(height, width, 2)
    return np.asarray(cv2.remap(picture, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR), dtype=np.float32)
