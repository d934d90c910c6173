"""What the guard sees, drawn for people: boxes over the picture, the floor from above beside it. For the eye alone."""
from collections.abc import Sequence
from math import cos, sin

import cv2
import numpy as np
import numpy.typing as npt

from vision.guard.detect import Detection
from vision.guard.eye import Eye, Sight
from vision.guard.floor import Floor
from vision.guard.records import PEOPLE, TRUCKS, Event, Kind, Level, Seen
from vision.guard.thresholds import outline
from vision.guard.zones import ZoneKind

Picture = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

COLOURS: dict[Kind, Colour] = {
    Kind.PERSON: (90, 200, 60), Kind.PERSON_DOWN: (60, 60, 230), Kind.FORKLIFT: (0, 170, 250),
    Kind.PALLET_TRUCK: (220, 150, 40), Kind.ROLL_CAGE: (190, 90, 190), Kind.PARCEL: (120, 150, 170),
}  # fmt: skip
LEVELS: dict[Level, Colour] = {Level.NONE: (90, 120, 60), Level.ADVISORY: (0, 170, 220), Level.WARNING: (0, 110, 240),
                               Level.CRITICAL: (40, 40, 210)}
ZONES: dict[ZoneKind, Colour] = {ZoneKind.DANGER: (70, 70, 200), ZoneKind.EXIT: (70, 160, 70),
                                 ZoneKind.RESTRICTED: (160, 110, 60), ZoneKind.DEPOSIT: (150, 150, 150)}
PAPER: Colour = (246, 246, 244)
INK: Colour = (50, 45, 40)


def drawn(picture: Picture, eye: Eye, sight: Sight, events: Sequence[Event]) -> Picture:
    """The picture with what was found in it, and the map, side by side."""
    shown = picture.copy()
    for one in sight.detections:
        _box(shown, one)
    for n, fault in enumerate(eye.lens.faults()):
        _text(shown, fault.value, (12, 64 + 26 * n), (40, 40, 210), 0.8)
    _banner(shown, eye.standing(), events)
    objects = sight.tracks.objects if sight.tracks is not None else ()
    return np.hstack([shown, floor_map(eye.floor, objects, picture.shape[0])])


def floor_map(floor: Floor, objects: Sequence[Seen], side: int) -> Picture:
    """The floor from above, side x side pixels: zones, what is seen of it, everything tracked."""
    scale = _Scale(floor, side)
    chart = np.full((side, side, 3), PAPER, np.uint8)
    seen = [spot for u in (0, 1) for spot in scale.edge(floor, u)]
    if len(seen) > 2:
        hull = cv2.convexHull(np.array(seen, np.int32))
        cv2.polylines(chart, [hull], True, (205, 205, 200), 1, cv2.LINE_AA)
    for zone in floor.plane.zones:
        corners = np.array([scale.at(corner) for corner in zone.polygon_m], np.int32)
        cv2.polylines(chart, [corners], True, ZONES[zone.kind], 2, cv2.LINE_AA)
        _text(chart, zone.name, (int(corners[:, 0].min()) + 4, int(corners[:, 1].min()) + 16), ZONES[zone.kind], 0.4)
    for one in objects:
        _thing(chart, scale, one)
    return chart


class _Scale:
    """Metres to pixels of the map; x to the right, y upwards, everything that has a place in it."""

    def __init__(self, floor: Floor, side: int) -> None:
        wide, high = floor.viewpoint.size_px
        corners = [floor.viewpoint.locate((u, v), np.eye(2))[0] for u in (0, wide) for v in (high * 0.75, high)
                   if _on_floor(floor, (u, v))]
        spots = np.array([*(spot for zone in floor.plane.zones for spot in zone.polygon_m),
                          *((float(x), float(y)) for x, y in corners)] or [(0.0, 0.0), (10.0, 10.0)])
        low, top = spots.min(axis=0) - 1.0, spots.max(axis=0) + 1.0
        self.low, self.side, self.factor = low, side, side / max(1.0, float((top - low).max()))

    def at(self, metre: tuple[float, float]) -> tuple[int, int]:
        """Where a floor point lies on the map."""
        x, y = (np.array(metre) - self.low) * self.factor
        return int(np.clip(x, -1e4, 1e4)), int(np.clip(self.side - y, -1e4, 1e4))

    def edge(self, floor: Floor, side: int) -> list[tuple[int, int]]:
        """Points of the floor along the left or right edge of the picture."""
        wide, high = floor.viewpoint.size_px
        spots = [(side * wide, high * share) for share in np.linspace(0.35, 1.0, 8)]
        return [self.at(tuple(floor.viewpoint.locate(spot, np.eye(2))[0])) for spot in spots if _on_floor(floor, spot)]


def _on_floor(floor: Floor, pixel: tuple[float, float]) -> bool:
    try:
        point, _ = floor.viewpoint.locate(pixel, np.eye(2))
    except ValueError:
        return False
    return float(np.abs(point).max()) < 60


def _thing(chart: Picture, scale: _Scale, one: Seen) -> None:
    colour, at = COLOURS[one.kind], scale.at((one.x, one.y))
    if one.kind in TRUCKS and one.heading_rad is not None:
        long, wide = outline(one.kind)
        c, s = cos(one.heading_rad), sin(one.heading_rad)
        spots = [(one.x + c * a * long / 2 - s * b * wide / 2, one.y + s * a * long / 2 + c * b * wide / 2)
                 for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))]
        cv2.fillPoly(chart, [np.array([scale.at(spot) for spot in spots], np.int32)], colour, cv2.LINE_AA)
    else:
        metres = 0.3 if one.kind in PEOPLE else outline(one.kind)[0] / 2
        cv2.circle(chart, at, max(4, round(metres * scale.factor)), colour, -1, cv2.LINE_AA)
    _text(chart, f"{one.id} {one.kind.value}", (at[0] + 8, at[1] - 6), INK, 0.42)


def _box(picture: Picture, one: Detection) -> None:
    left, top, right, bottom = (round(value) for value in one.box)
    sure = one.score >= 0.5
    cv2.rectangle(picture, (left, top), (right, bottom), COLOURS[one.kind], 2 if sure else 1)
    if sure:
        _text(picture, f"{one.kind.value} {one.score:.2f}", (left, max(14, top - 5)), COLOURS[one.kind], 0.5)
        cv2.circle(picture, (round(one.foot[0]), round(one.foot[1])), 3, COLOURS[one.kind], -1)


def _banner(picture: Picture, standing: Level, events: Sequence[Event]) -> None:
    cv2.rectangle(picture, (0, 0), (picture.shape[1], 34), LEVELS[standing], -1)
    last = events[-1] if events else None
    metres = f"  {last.separation_m:.1f} m" if last is not None and last.separation_m is not None else ""
    ttc = f"  {last.ttc_s:.1f} s" if last is not None and last.ttc_s is not None else ""
    said = "" if last is None else f"   {last.level.name} {last.kind}{metres}{ttc}"
    _text(picture, f"{standing.name}{said}", (12, 24), (255, 255, 255), 0.7)
    _text(picture, "warning aid, no safety component", (picture.shape[1] - 300, 24), (255, 255, 255), 0.5)


def _text(picture: Picture, text: str, at: tuple[int, int], colour: Colour, size: float) -> None:
    plain = text.encode("ascii", "replace").decode()
    cv2.putText(picture, plain, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 2 if size >= 0.7 else 1, cv2.LINE_AA)
