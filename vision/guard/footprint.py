"""Plane geometry of footprints and polygons, metres; plain floats, so that every machine answers alike."""
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, sin

Point = tuple[float, float]
Polygon = tuple[Point, ...]


@dataclass(frozen=True)
class Pose:
    """Where a footprint lies: centre in metres, heading in radians."""
    x: float
    y: float
    heading: float


def outline_distance(pose: Pose, length: float, width: float, point: Point) -> float:
    """Distance from a point to an oriented rectangle, metres; negative inside: the way to the nearest edge."""
    c, s = cos(pose.heading), sin(pose.heading)
    dx, dy = point[0] - pose.x, point[1] - pose.y
    along = abs(c * dx + s * dy) - length / 2
    across = abs(c * dy - s * dx) - width / 2
    if along <= 0 and across <= 0:
        return max(along, across)
    return hypot(max(along, 0.0), max(across, 0.0))


def inside(polygon: Sequence[Point], point: Point) -> bool:
    """Whether the point lies in the polygon (even-odd rule)."""
    x, y = point
    odd = False
    for (ax, ay), (bx, by) in edges(polygon):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            odd = not odd
    return odd


def polygon_distance(polygon: Sequence[Point], point: Point) -> float:
    """Distance from the point to the polygon, metres; 0 inside."""
    return 0.0 if inside(polygon, point) else min(_edge_distance(a, b, point) for a, b in edges(polygon))


def overlaps(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether two polygons touch, or one lies in the other."""
    return inside(one, other[0]) or inside(other, one[0]) or any(
        _touch(*mine, *theirs) for mine in edges(one) for theirs in edges(other))


def edges(polygon: Sequence[Point]) -> list[tuple[Point, Point]]:
    """The polygon's edges, closed."""
    return list(zip(polygon, [*polygon[1:], polygon[0]], strict=True))


def area(polygon: Sequence[Point]) -> float:
    """Signed area, square metres; positive when counter-clockwise."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in edges(polygon)) / 2


def crosses_itself(polygon: Sequence[Point]) -> bool:
    """Whether two edges that are not neighbours touch."""
    sides = edges(polygon)
    count = len(sides)
    return any(_touch(*sides[i], *sides[j]) for i in range(count) for j in range(i + 2, count)
               if (i, j) != (0, count - 1))


def _edge_distance(a: Point, b: Point, point: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    size = dx * dx + dy * dy
    along = 0.0 if size == 0 else min(1.0, max(0.0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / size))
    return hypot(point[0] - a[0] - along * dx, point[1] - a[1] - along * dy)


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _touch(a: Point, b: Point, c: Point, d: Point) -> bool:
    one, two, three, four = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if one * two < 0 and three * four < 0:
        return True
    return ((one == 0 and _between(a, b, c)) or (two == 0 and _between(a, b, d))
            or (three == 0 and _between(c, d, a)) or (four == 0 and _between(c, d, b)))
