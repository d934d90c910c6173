"""Isometric drawing (30 degrees) into SVG with colour tokens. x runs right-down, y left-down, z up; units are pixels.

Light comes from above and the left: a solid's top is light, its face towards +y mid, its face towards +x dark.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path

COS, SIN = cos(radians(30)), sin(radians(30))
OUTLINE, INSIDE = 6.0, 4.0
BEND = 0.5523
STROKE = re.compile(r'stroke-width="(\S+)"')
HEAD = '<g fill="none" stroke="@ink" stroke-linecap="round" stroke-linejoin="round">'

Flat = tuple[float, float]
Solid = tuple[float, float, float]


def project(x: float, y: float, z: float) -> Flat:
    """A point of space on the drawing, y down."""
    return (x - y) * COS, (x + y) * SIN - z


@dataclass(frozen=True)
class Plane:
    """A plane on the drawing: where its origin lies and what one unit along either axis becomes."""

    origin: Flat
    u: Flat
    v: Flat

    def at(self, a: float, b: float) -> Flat:
        """The point (a, b) of the plane on the drawing."""
        return (self.origin[0] + a * self.u[0] + b * self.v[0], self.origin[1] + a * self.u[1] + b * self.v[1])

    def all(self, points: Iterable[Flat]) -> list[Flat]:
        """Many points of the plane on the drawing."""
        return [self.at(a, b) for a, b in points]


def plane(origin: Solid, u: Solid, v: Solid) -> Plane:
    """The plane through a point of space with two directions of space as axes."""
    return Plane(project(*origin), project(*u), project(*v))


def lying(x: float, y: float, z: float) -> Plane:
    """Horizontal, seen from above: a along x, b along y."""
    return plane((x, y, z), (1, 0, 0), (0, 1, 0))


def facing_left(x: float, y: float, z: float) -> Plane:
    """Upright, seen at the left of a solid: a along x, b up."""
    return plane((x, y, z), (1, 0, 0), (0, 0, 1))


def facing_right(x: float, y: float, z: float) -> Plane:
    """Upright, seen at the right of a solid: a against y, b up."""
    return plane((x, y, z), (0, -1, 0), (0, 0, 1))


def rect(a: float, b: float, width: float, height: float) -> list[Flat]:
    """The corners of an upright rectangle."""
    return [(a, b), (a + width, b), (a + width, b + height), (a, b + height)]


def oval(middle: Flat, across: float, upper: float, lower: float) -> list[Flat]:
    """A shape round above and below its widest line, as on the drawing (not in a plane)."""
    turns = [radians(6 * step) for step in range(60)]
    return [(middle[0] + across * cos(t), middle[1] + (lower if sin(t) > 0 else upper) * sin(t)) for t in turns]


def arrow(a: float, b: float, length: float, width: float) -> list[Flat]:
    """An arrow along +a whose tail's middle is (a, b); `width` is its head's."""
    neck, half = a + length - width * 0.55, width * 0.22
    head = [(neck, b - width / 2), (a + length, b), (neck, b + width / 2)]
    return [(a, b - half), (neck, b - half), *head, (neck, b + half), (a, b + half)]


def cut(points: Sequence[Flat], window: Sequence[Flat]) -> list[Flat]:
    """The part of a convex shape that is seen through a convex window (clockwise on the drawing)."""
    left = list(points)
    for start, end in zip(window, [*window[1:], window[0]], strict=True):
        left = _cut_by(left, start, end)
    return left


def _cut_by(points: list[Flat], start: Flat, end: Flat) -> list[Flat]:
    kept: list[Flat] = []
    for one, two in zip(points, [*points[1:], *points[:1]], strict=True):
        here, there = _side(start, end, one), _side(start, end, two)
        if here >= 0:
            kept.append(one)
        if here * there < 0:
            part = here / (here - there)
            kept.append((one[0] + part * (two[0] - one[0]), one[1] + part * (two[1] - one[1])))
    return kept


def _side(start: Flat, end: Flat, point: Flat) -> float:
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def hull(points: Iterable[Flat]) -> list[Flat]:
    """The outline around points, clockwise on the drawing."""
    left = sorted({(round(x, 2), round(y, 2)) for x, y in points})
    return [*_chain(left)[:-1], *_chain(left[::-1])[:-1]]


def _chain(points: Sequence[Flat]) -> list[Flat]:
    chain: list[Flat] = []
    for point in points:
        while len(chain) > 1 and _side(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


class Sheet:
    """What has been drawn, last on top, and how far it reaches."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._arrow = ""
        self._x: list[float] = []
        self._y: list[float] = []

    def shape(self, points: Sequence[Flat], fill: str, width: float = INSIDE, stroke: str = "ink") -> None:
        """A filled shape; `fill` and `stroke` are colour tokens, width 0 draws no line."""
        self._parts.append(f'<path d="{self._path(points, width)}z" fill="@{fill}"{_line(width, stroke)}/>')

    def line(self, points: Sequence[Flat], width: float = INSIDE, stroke: str = "ink", dash: str = "") -> None:
        """An open line; `dash` as SVG writes it."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(f'<path d="{self._path(points, width)}"{_line(width, stroke)}{dashed}/>')

    def solid(self, faces: Sequence[tuple[Sequence[Flat], str]], outline: float = OUTLINE) -> None:
        """A convex solid from its visible faces and their colours."""
        for points, fill in faces:
            self.shape(points, fill)
        around = hull(point for points, _ in faces for point in points)
        self._parts.append(f'<path d="{self._path(around, outline)}z"{_line(outline, "ink")}/>')

    def box(self, corner: Solid, size: Solid, material: str, outline: float = OUTLINE) -> None:
        """A block: its lowest corner (x, y, z), its size along them, its material."""
        (x, y, z), (w, d, h) = corner, size
        top = lying(x, y, z + h).all(rect(0, 0, w, d))
        left = facing_left(x, y + d, z).all(rect(0, 0, w, h))
        right = facing_right(x + w, y + d, z).all(rect(0, 0, d, h))
        self.solid([(top, f"{material}Top"), (left, f"{material}Mid"), (right, f"{material}Dark")], outline)

    def disc(self, on: Plane, middle: Flat, radius: float, fill: str, width: float = INSIDE) -> None:
        """A circle lying in a plane."""
        a, b, r, k = *middle, radius, radius * BEND
        self._reach([on.at(a + i * r, b + j * r) for i in (-1, 1) for j in (-1, 1)], width)
        start, *rest = on.all([
            (a + r, b), (a + r, b + k), (a + k, b + r), (a, b + r), (a - k, b + r), (a - r, b + k), (a - r, b),
            (a - r, b - k), (a - k, b - r), (a, b - r), (a + k, b - r), (a + r, b - k), (a + r, b),
        ])
        path = f"M{_text(start)}C" + " ".join(_text(point) for point in rest)
        self._parts.append(f'<path d="{path}z" fill="@{fill}"{_line(width, "ink")}/>')

    def arrow(self, on: Plane, points: Sequence[Flat], push: float) -> None:
        """The blue arrow along the plane's +a, always on top; it moves by `push` and back."""
        path = self._path(on.all(points), OUTLINE)
        way = f"{on.u[0] * push:.1f} {on.u[1] * push:.1f}"
        colours = 'fill="@blue" stroke="@blue" stroke-width="6" stroke-linejoin="round"'
        self._arrow = f'<g id="arrow" data-push="{way}">\n<path d="{path}z" {colours}/>\n</g>\n'

    def icon(self, name: str, middle: Flat, size: float) -> None:
        """One of the icons, towards the viewer, as a sign in the scene."""
        drawn = (Path(__file__).parent / f"{name}.svg").read_text("utf-8").split("\n", 1)[1].rsplit("\n", 2)[0]
        x, y, scale = middle[0] - size / 2, middle[1] - size / 2, size / 96
        drawn = STROKE.sub(lambda width: f'stroke-width="{float(width[1]) * 1.4 / scale:.1f}"', drawn)
        self._reach([middle], size * 0.96)
        self._parts.append(f'<g transform="translate({x:.1f} {y:.1f}) scale({scale:.3f})">\n{drawn}\n</g>')

    def part(self, draw: Callable[["Sheet"], None], move: Flat, scale: float) -> None:
        """Another drawing within this one, without its arrow, `scale` times as large."""
        inner = Sheet()
        draw(inner)
        self._x += [x * scale + move[0] for x in inner._x]
        self._y += [y * scale + move[1] for y in inner._y]
        place = f"translate({move[0]:.1f} {move[1]:.1f}) scale({scale:g})"
        self._parts.append("\n".join([f'<g transform="{place}">', *inner._parts, "</g>"]))

    def svg(self) -> str:
        """The whole drawing, its box as tight as its lines."""
        left, top = min(self._x), min(self._y)
        width, height = max(self._x) - left, max(self._y) - top
        start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">'
        move = f'<g transform="translate({-left:.1f} {-top:.1f})">'
        body = "\n".join([HEAD, move, *self._parts, "</g>", "</g>"])
        arrow = self._arrow.replace("<path", f'<path transform="translate({-left:.1f} {-top:.1f})"')
        return f"{start}\n{body}\n{arrow}</svg>\n"

    def _path(self, points: Sequence[Flat], width: float) -> str:
        self._reach(points, width)
        return "M" + "L".join(_text(point) for point in points)

    def _reach(self, points: Sequence[Flat], width: float) -> None:
        for x, y in points:
            self._x += [x - width / 2, x + width / 2]
            self._y += [y - width / 2, y + width / 2]


def _line(width: float, stroke: str) -> str:
    return f' stroke="@{stroke}" stroke-width="{width:g}"' if width else ' stroke="none"'


def _text(point: Flat) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
