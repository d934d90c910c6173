"""floor.toml as frozen values: how a camera looks at the floor (viewpoint) and what is guarded on it (plane)."""
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from vision.guard.footprint import Point, Polygon, area, crosses_itself
from vision.guard.viewpoint import Viewpoint, homography
from vision.guard.zones import Period, Plane, Zone, ZoneKind, parse_period

Value = TypeVar("Value")

#: Metres; the grid on which unseen floor is counted.
GRID_M = 0.25


class FloorError(ValueError):
    """floor.toml cannot be used; the text is one sentence with file and key."""


@dataclass(frozen=True)
class Floor:
    """One guarded floor and the fixed camera that looks at it."""
    viewpoint: Viewpoint
    plane: Plane

    def check_size(self, size_px: tuple[int, int]) -> None:
        """FloorError when the camera's picture is not the one in which the floor points were measured."""
        if size_px != self.viewpoint.size_px:
            here, said = (f"{width} x {height}" for width, height in (size_px, self.viewpoint.size_px))
            raise FloorError(f"The picture of camera {self.viewpoint.name!r} is {here} pixels but camera.size_px says"
                             f" {said}; set the camera to that size or measure the floor points again.")

    def unseen(self) -> dict[str, float]:
        """Blind spots: the share (0..1] of each zone that lies outside the picture, by the zone's name."""
        shares = {zone.name: _unseen_share(self.viewpoint, zone) for zone in self.plane.zones}
        return {name: share for name, share in shares.items() if share > 0}


def load_floor(path: Path) -> Floor:
    """Read floor.toml; FloorError says in one sentence which file and key is wrong and what to do."""
    try:
        with path.open("rb") as file:
            return parse_floor(tomllib.load(file))
    except FileNotFoundError:
        raise FloorError(f"{path} does not exist; copy config/floor.toml and measure your floor.") from None
    except OSError as error:
        raise FloorError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FloorError(f"{path} is not valid TOML: {error}; mend it there.") from None
    except FloorError as error:
        raise FloorError(f"{path}: {error}") from None


def parse_floor(document: Mapping[str, object]) -> Floor:
    """A parsed floor.toml as a Floor; FloorError names the key."""
    top = _Table("", document)
    top.only("camera", "floor", "zones", "timezone", "speed_limit_mps")
    viewpoint = _viewpoint(top.table("camera"), top.table("floor"))
    zones = tuple(_zone(table) for table in top.tables("zones")) if "zones" in document else ()
    names = [zone.name for zone in zones]
    for name in names:
        if names.count(name) > 1:
            raise FloorError(f"zones name {name} appears twice; every zone needs its own.")
    if "timezone" not in document and any(zone.active for zone in zones):
        raise FloorError('timezone is missing but a zone has active hours; add timezone = "Asia/Seoul" or your own.')
    return Floor(viewpoint, Plane(zones, _timezone(document.get("timezone", "UTC")), _limit(top)))


@dataclass(frozen=True)
class _Table:
    """One table of the file, read key by key so that every complaint names its key."""
    where: str
    values: Mapping[str, object]

    def name(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def only(self, *keys: str) -> None:
        for key in self.values:
            if key not in keys:
                raise FloorError(f"{self.name(key)} is not a known key; use only {', '.join(keys)}.")

    def one(self, key: str, kind: type[Value]) -> Value:
        if key not in self.values:
            raise FloorError(f"{self.name(key)} is missing; add it.")
        value = self.values[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise FloorError(f"{self.name(key)} must be of type {kind.__name__}.")
        return value

    def text(self, key: str) -> str:
        value = self.one(key, str)
        if not value.strip():
            raise FloorError(f"{self.name(key)} is empty; give it a value.")
        return value

    def pair(self, key: str) -> Point:
        return _pair(self.name(key), self.one(key, list))

    def table(self, key: str) -> "_Table":
        return _Table(self.name(key), self.one(key, dict))

    def tables(self, key: str) -> list["_Table"]:
        rows = self.one(key, list)
        if not all(isinstance(row, dict) for row in rows):
            raise FloorError(f"{self.name(key)} needs [[{self.name(key)}]] tables.")
        return [_Table(f"{self.name(key)}[{n}]", row) for n, row in enumerate(rows)]


def _viewpoint(camera: _Table, floor: _Table) -> Viewpoint:
    camera.only("name", "source", "size_px")
    floor.only("points")
    size = camera.pair("size_px")
    if any(side != int(side) or not 16 <= side <= 16384 for side in size):
        raise FloorError("camera.size_px must be two whole numbers of pixels, each from 16 to 16384.")
    points = [_point(table, size) for table in floor.tables("points")]
    if len(points) < 4:
        raise FloorError(f"floor.points has {len(points)} points but needs four or more; measure more of them.")
    try:
        matrix, residual = homography([pixel for pixel, _ in points], [metre for _, metre in points])
    except ValueError as error:
        raise FloorError(f"floor.points cannot be used: {error}; choose points that span the floor.") from None
    rows = tuple(tuple(float(value) for value in row) for row in matrix)
    return Viewpoint(camera.text("name"), camera.text("source"), (int(size[0]), int(size[1])), rows, residual)


def _point(table: _Table, size: Point) -> tuple[Point, Point]:
    table.only("pixel", "metre")
    pixel, metre = table.pair("pixel"), table.pair("metre")
    if not (0 <= pixel[0] <= size[0] and 0 <= pixel[1] <= size[1]):
        raise FloorError(f"{table.where}.pixel lies outside the picture of {size[0]:g} x {size[1]:g};"
                         " measure it in a picture of camera.size_px.")
    return pixel, metre


def _zone(table: _Table) -> Zone:
    table.only("name", "kind", "polygon_m", "active")
    kind = table.text("kind")
    if kind not in [one.value for one in ZoneKind]:
        raise FloorError(f"{table.where}.kind = {kind!r} is not known; use one of {', '.join(ZoneKind)}.")
    return Zone(table.text("name"), ZoneKind(kind), _polygon(table), _periods(table))


def _polygon(table: _Table) -> Polygon:
    where = f"{table.where}.polygon_m"
    corners = tuple(_pair(f"{where}[{n}]", pair) for n, pair in enumerate(table.one("polygon_m", list)))
    if len(corners) < 3:
        raise FloorError(f"{where} has {len(corners)} corners but needs three or more.")
    if len(corners) > 200:
        raise FloorError(f"{where} has {len(corners)} corners; 200 are enough.")
    if len(set(corners)) < len(corners):
        raise FloorError(f"{where} names one corner twice; leave the second out, the polygon closes by itself.")
    if crosses_itself(corners):
        raise FloorError(f"{where} crosses itself; name the corners in their order around the zone.")
    if abs(area(corners)) < 0.01:
        raise FloorError(f"{where} encloses no floor; its corners lie on one line.")
    return corners


def _periods(table: _Table) -> tuple[Period, ...]:
    if "active" not in table.values:
        return ()
    rows = table.one("active", list)
    if not rows or not all(isinstance(row, str) for row in rows):
        raise FloorError(f'{table.where}.active needs periods like ["Mon-Fri 18:00-08:00"]; leave it out for always.')
    try:
        return tuple(parse_period(row) for row in rows)
    except ValueError as error:
        raise FloorError(f"{table.where}.active: {error}") from None


def _pair(where: str, value: object) -> Point:
    if not isinstance(value, list) or len(value) != 2:
        raise FloorError(f"{where} needs two numbers.")
    first, second = value
    for number in (first, second):
        if not isinstance(number, (int, float)) or isinstance(number, bool) or not abs(number) <= 1e5:
            raise FloorError(f"{where} needs two finite numbers below 100000.")
    return float(first), float(second)


def _timezone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(name if isinstance(name, str) else "")
    except (ValueError, OSError, KeyError):
        raise FloorError(f'timezone = {name!r} is not known here; use a name like "Asia/Seoul".') from None


def _limit(top: _Table) -> float | None:
    if "speed_limit_mps" not in top.values:
        return None
    value = top.values["speed_limit_mps"]
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0.1 <= value <= 20:
        raise FloorError("speed_limit_mps must be a number from 0.1 to 20 metres per second.")
    return float(value)


def _unseen_share(viewpoint: Viewpoint, zone: Zone) -> float:
    """Share of the zone's grid points outside the picture."""
    xs, ys = [x for x, _ in zone.polygon_m], [y for _, y in zone.polygon_m]
    step = max(GRID_M, (max(xs) - min(xs)) / 200, (max(ys) - min(ys)) / 200)
    grid = [(min(xs) + (i + 0.5) * step, min(ys) + (j + 0.5) * step)
            for i in range(int((max(xs) - min(xs)) / step) + 1) for j in range(int((max(ys) - min(ys)) / step) + 1)]
    floor = [point for point in grid if zone.holds(point)] or list(zone.polygon_m)
    return sum(not viewpoint.sees(point) for point in floor) / len(floor)
