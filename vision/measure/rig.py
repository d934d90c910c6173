"""rig.toml as frozen values: the measuring table, its tags and cameras; millimetres and pixels."""
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import TypeVar

import numpy as np

from vision.measure.camera import Floats, Pinhole, camera_matrix, turned

Value = TypeVar("Value")
FARTHEST_MM = 10_000.0


class RigError(ValueError):
    """rig.toml cannot be used; the text is one sentence with file and key."""


@dataclass(frozen=True)
class Tag:
    """AprilTag 36h11 flat on the table; side_mm is the black square, angle counter-clockwise from above."""
    id: int
    centre_mm: tuple[float, float]
    side_mm: float
    angle_deg: float

    def corners(self) -> Floats:
        """Corners (4, 3) in table mm in OpenCV's order, the first at (-x, +y) when the angle is 0."""
        half = self.side_mm / 2
        flat = np.array([[-half, half], [half, half], [half, -half], [-half, -half]])
        c, s = np.cos(np.radians(self.angle_deg)), np.sin(np.radians(self.angle_deg))
        turned = flat @ np.array([[c, s], [-s, c]]) + np.array(self.centre_mm)
        return np.column_stack([turned, np.zeros(4)])


@dataclass(frozen=True)
class Camera:
    """One table camera with its intrinsic calibration: fx fy cx cy and k1 k2 p1 p2 k3."""
    name: str
    source: str
    size_px: tuple[int, int]
    matrix: tuple[float, float, float, float]
    distortion: tuple[float, float, float, float, float]

    def matrix3(self) -> Floats:
        """Intrinsic matrix (3, 3), pixels."""
        return camera_matrix(*self.matrix)


@dataclass(frozen=True)
class DepthCamera:
    """An overhead time-of-flight camera: fx fy cx cy, and where it hangs: x_cam = turn(turn_rad) @ X + shift_mm."""
    name: str
    source: str
    size_px: tuple[int, int]
    matrix: tuple[float, float, float, float]
    turn_rad: tuple[float, float, float]
    shift_mm: tuple[float, float, float]

    def view(self) -> Pinhole:
        """As a pinhole."""
        return Pinhole(camera_matrix(*self.matrix), turned(self.turn_rad), np.array(self.shift_mm), self.size_px)


@dataclass(frozen=True)
class Approval:
    """Type approval of the measurer and the last day it holds."""
    number: str
    until: date


@dataclass(frozen=True)
class Rig:
    """The whole table; without approval the camera's size is only a proposal."""
    zone_mm: tuple[float, float]
    tags: tuple[Tag, ...]
    cameras: tuple[Camera, ...]
    approval: Approval | None = None
    depth: DepthCamera | None = None

    def names(self) -> list[str]:
        """Every camera's name in the rig's order, the depth camera's last."""
        return [camera.name for camera in self.cameras] + ([self.depth.name] if self.depth is not None else [])

    def approved(self, day: date | None = None) -> bool:
        """Whether a type approval holds on that day, today (UTC) unless told."""
        return self.approval is not None and (day or datetime.now(UTC).date()) <= self.approval.until

    @property
    def eyes(self) -> tuple[str, ...]:
        """The names of the cameras that see colours."""
        return tuple(camera.name for camera in self.cameras)

    def camera(self, name: str) -> Camera:
        """The camera of that name; RigError when the rig has none."""
        for camera in self.cameras:
            if camera.name == name:
                return camera
        raise RigError(f"The rig has no camera named {name!r}; it has {', '.join(c.name for c in self.cameras)}.")


@dataclass(frozen=True)
class _Table:
    """One table of the file, read key by key so that every complaint names its key."""
    where: str
    values: Mapping[str, object]

    def only(self, *keys: str) -> None:
        for key in self.values:
            if key not in keys:
                raise RigError(f"{self.where}.{key} is not a known key; use only {', '.join(keys)}.")

    def one(self, key: str, kind: type[Value]) -> Value:
        if key not in self.values:
            raise RigError(f"{self.where}.{key} is missing; add it.")
        value = self.values[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise RigError(f"{self.where}.{key} = {value!r} must be of type {kind.__name__}.")
        return value

    def number(self, key: str) -> float:
        return _number(f"{self.where}.{key}", self.values.get(key))

    def numbers(self, key: str, count: int) -> list[float]:
        values = self.one(key, list)
        if len(values) != count:
            raise RigError(f"{self.where}.{key} has {len(values)} numbers but needs {count}.")
        return [_number(f"{self.where}.{key}", value) for value in values]

    def table(self, key: str) -> "_Table":
        return _Table(_join(self.where, key), self.one(key, dict))

    def tables(self, key: str) -> list["_Table"]:
        rows = self.one(key, list)
        if not rows or not all(isinstance(row, dict) for row in rows):
            raise RigError(f"{_join(self.where, key)} needs at least one [[{key}]] table.")
        return [_Table(f"{_join(self.where, key)}[{n}]", row) for n, row in enumerate(rows)]


def load_rig(path: Path) -> Rig:
    """Read rig.toml; RigError says in one sentence which file and key is wrong and what to do."""
    try:
        with path.open("rb") as file:
            return parse_rig(tomllib.load(file))
    except FileNotFoundError:
        raise RigError(f"{path} does not exist; copy config/rig.toml and measure your table.") from None
    except OSError as error:
        raise RigError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RigError(f"{path} is not valid TOML: {error}; mend it there.") from None
    except RigError as error:
        raise RigError(f"{path}: {error}") from None


def known_rig(path: Path) -> Rig | None:
    """The rig, None where its file cannot be used: its measurer tells why."""
    try:
        return load_rig(path)
    except RigError:
        return None


def parse_rig(document: Mapping[str, object]) -> Rig:
    """A parsed rig.toml as a Rig; RigError names the key."""
    top = _Table("", document)
    for key in document:
        if key not in ("table", "cameras", "approval"):
            raise RigError(f"{key} is not a known key; use only table, cameras, approval.")
    table = top.table("table")
    table.only("zone_mm", "tags")
    cameras = top.tables("cameras")
    rig = Rig(_zone(table), tuple(_tag(t) for t in table.tables("tags")),
              tuple(_camera(t) for t in cameras if _kind(t) == "color"),
              _approval(top.table("approval")) if "approval" in document else None, _depth(cameras))
    _unique("table.tags id", [str(tag.id) for tag in rig.tags])
    _unique("cameras name", [camera.one("name", str) for camera in cameras])
    if not rig.cameras:
        raise RigError('cameras has no camera of kind "color"; the table needs one or two.')
    if len(rig.tags) < 4:
        raise RigError(f"table.tags has {len(rig.tags)} tags but needs 4 or more.")
    _apart(rig.tags)
    return rig


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _number(where: str, value: object) -> float:
    if value is None:
        raise RigError(f"{where} is missing; add it.")
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise RigError(f"{where} = {value!r} must be a finite number.")
    return float(value)


def _positive(table: _Table, key: str, value: float) -> float:
    if value <= 0:
        raise RigError(f"{table.where}.{key} = {value:g} must be greater than 0.")
    return value


def _near(table: _Table, key: str, value: float) -> float:
    if abs(value) > FARTHEST_MM:
        raise RigError(f"{table.where}.{key} = {value:g} is beyond {FARTHEST_MM:g}; give millimetres on the table.")
    return value


def _unique(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise RigError(f"{what} {name} stands twice; each must be unique.")


def _apart(tags: tuple[Tag, ...]) -> None:
    for one, other in combinations(tags, 2):
        if np.hypot(*np.subtract(one.centre_mm, other.centre_mm)) < (one.side_mm + other.side_mm) / 2:
            raise RigError(f"table.tags {one.id} and {other.id} lie on each other; measure their centre_mm again.")


def _zone(table: _Table) -> tuple[float, float]:
    width, depth = (_positive(table, "zone_mm", _near(table, "zone_mm", v)) for v in table.numbers("zone_mm", 2))
    return width, depth


def _tag(table: _Table) -> Tag:
    table.only("id", "centre_mm", "side_mm", "angle_deg")
    number = table.one("id", int)
    if not 0 <= number < 587:
        raise RigError(f"{table.where}.id = {number} must be from 0 to 586, the tags of family 36h11.")
    x, y = (_near(table, "centre_mm", value) for value in table.numbers("centre_mm", 2))
    return Tag(number, (x, y), _positive(table, "side_mm", table.number("side_mm")), table.number("angle_deg"))


def _camera(table: _Table) -> Camera:
    table.only("name", "source", "kind", "size_px", "matrix", "distortion")
    width, height = (int(_positive(table, "size_px", v)) for v in table.numbers("size_px", 2))
    fx, fy, cx, cy = _matrix(table, (width, height))
    k1, k2, p1, p2, k3 = table.numbers("distortion", 5)
    return Camera(table.one("name", str), table.one("source", str), (width, height),
                  (fx, fy, cx, cy), (k1, k2, p1, p2, k3))


def _matrix(table: _Table, size_px: tuple[int, int]) -> tuple[float, float, float, float]:
    fx, fy, cx, cy = table.numbers("matrix", 4)
    _positive(table, "matrix", min(fx, fy))
    _possible(f"{table.where}.matrix", (fx, fy, cx, cy), size_px)
    return fx, fy, cx, cy


def _kind(table: _Table) -> str:
    """What a camera sees: color unless it says depth."""
    kind = table.values.get("kind", "color")
    if kind not in ("color", "depth"):
        raise RigError(f'{table.where}.kind = {kind!r} must be "color" or "depth".')
    return str(kind)


def _depth(cameras: list[_Table]) -> DepthCamera | None:
    """The one camera of kind depth, None without."""
    found = [table for table in cameras if _kind(table) == "depth"]
    if not found:
        return None
    if len(found) > 1:
        raise RigError(f"{found[1].where} is a second camera of kind depth; the table takes one.")
    table = found[0]
    table.only("name", "source", "kind", "size_px", "matrix", "turn_rad", "shift_mm")
    width, height = (int(_positive(table, "size_px", v)) for v in table.numbers("size_px", 2))
    x, y, z = (_near(table, "shift_mm", v) for v in table.numbers("shift_mm", 3))
    a, b, c = table.numbers("turn_rad", 3)
    return DepthCamera(table.one("name", str), table.one("source", str), (width, height),
                       _matrix(table, (width, height)), (a, b, c), (x, y, z))


def _possible(where: str, matrix: tuple[float, float, float, float], size_px: tuple[int, int]) -> None:
    """No lens sees 136 degrees or more without distortion, nor less than 6, and pixels are square or nearly so."""
    (fx, fy, cx, cy), (width, height) = matrix, size_px
    if not (0 < cx < width and 0 < cy < height):
        raise RigError(f"{where} puts the lens's axis at {cx:g}, {cy:g}, outside the picture of {width} x {height}; "
                       "give fx, fy, cx, cy in pixels of this size.")
    if not (0.2 * width <= fx <= 10 * width and 0.5 <= fx / fy <= 2):
        raise RigError(f"{where} has focal lengths {fx:g}, {fy:g} that no lens has at {width} x {height}; "
                       "give fx, fy, cx, cy in pixels of this size.")


def _approval(table: _Table) -> Approval:
    table.only("number", "until")
    return Approval(table.one("number", str), table.one("until", date))
