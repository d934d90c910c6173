"""What stands in each path-traced scene, decided from its number alone and before anything is rendered or measured.

Of six numbers in a row three are boxes, one must be refused, one is a bag and one a tube, so that any prefix is a fair
sample: 600 numbers are 300 boxes, 100 refusals, 100 bags and 100 tubes.
"""
from dataclasses import dataclass, replace

import cv2
import numpy as np

from vision.measure.camera import Floats, Pinhole, camera_matrix, look_at
from vision.measure.rig import Camera, Rig
from vision.training.cycles.draw import stream
from vision.training.cycles.shapes import Body, box_at, smallest_box, surface

STANDARD_MM = ((220, 190, 90), (270, 180, 150), (350, 250, 100), (340, 250, 210), (410, 310, 280), (480, 380, 340))
"""Korea Post's six boxes, nominal outside size."""
BOXES = ("standard", "plain", "bulged", "black", "white_on_white", "rounded", "glossy", "crushed", "taped", "flat")
SKEWED = ("plain", "taped")
"""Boxes whose corners lie 1 to 2.5 mm (standard deviation) from where those of a cuboid would."""
REFUSALS = ("no_parcel", "two_objects", "hand_in_view", "out_of_zone", "too_tall", "dark", "glare", "tag_lost")
TABLES = {"test": ("laminate", "rubber", "steel", "terrazzo"), "tune": ("felt", "stone", "varnish")}
LIGHTS = {"test": ("panel", "bars", "window", "spots", "hall"), "tune": ("ring", "dome", "lantern")}
PAPERS = {"test": ("fibre", "post", "marbled", "maze", "halftone"), "tune": ("woven", "confetti", "newsprint")}
EYES_MM = {"left": (-707.0, 707.0, 1000.0), "right": (707.0, 707.0, 1000.0)}
LEAST_TAGS = 4
EDGE_PX = 12.0
TALLEST_MM = 480.0


@dataclass(frozen=True)
class Plan:
    """One scene: what is on the table, what it must be answered with, and how it is lit."""
    id: str
    split: str
    number: int
    kind: str
    bodies: tuple[Body, ...]
    expect: str
    table: str
    light: str
    gain: float = 1.0
    hand_to_mm: tuple[float, float, float] | None = None
    covered: tuple[int, ...] = ()
    """Tags under a sheet of paper."""

    def truth_mm(self) -> tuple[float, float, float] | None:
        """Smallest enclosing box of the first body's surface, length >= width, height; None where nothing is asked."""
        return smallest_box(surface(self.bodies[0])) if self.expect == "answer" else None

    def folder(self) -> str:
        """The set that it belongs to: boxes and refusals s2, bags and tubes s3."""
        return "s3" if self.kind in ("polybag", "tube") else "s2"


def plan(number: int, rig: Rig, split: str = "test") -> Plan:
    """The scene of that number, always the same."""
    turn, place = number // 6, number % 6
    rng = stream(split, number, "plan")
    if place == 1:
        return _to_refuse(REFUSALS[turn % len(REFUSALS)], number, rig, split, rng)
    if place in (3, 5):
        return _measurable("polybag" if place == 3 else "tube", number, rig, split, rng)
    count = 3 * turn + place // 2
    return _measurable(BOXES[count % len(BOXES)], number, rig, split, rng, count // len(BOXES))


def mounted(camera: Camera, number: int, split: str) -> Pinhole:
    """The camera in that scene without its distortion; its bracket has been knocked a little before each."""
    rng = stream(split, number, "lens", sum(camera.name.encode()))
    eye = np.array(EYES_MM[camera.name]) + rng.normal(0, 7, 3)
    rotation, translation = look_at(eye, np.array([0.0, 0.0, 80.0]) + rng.normal(0, 9, 3), rng.normal(0, 0.008))
    return Pinhole(camera_matrix(*camera.matrix), rotation, translation, camera.size_px)


def _of(split: str, number: int, kind: str, bodies: tuple[Body, ...], rng: np.random.Generator) -> Plan:
    word = kind if kind in (*REFUSALS, "polybag", "tube") else f"box-{kind}"
    return Plan(f"{split}-{number:04d}-{word}", split, number, kind, bodies, "answer", str(rng.choice(TABLES[split])),
                str(rng.choice(LIGHTS[split])), float(rng.uniform(0.7, 1.2)))


def _measurable(kind: str, number: int, rig: Rig, split: str, rng: np.random.Generator, standard: int = 0) -> Plan:
    """Put down again until the whole body lies in the zone, both cameras see it whole and enough tags beside it."""
    for attempt in range(200):
        body = _body(kind, rng, split, number * 100 + attempt % 100, standard)
        for _ in range(40):
            x, y = rng.uniform(-260, 260, 2)
            body = replace(body, at_mm=(float(x), float(y)), yaw_deg=float(rng.uniform(0, 180)))
            if in_zone(body, rig) and all(in_sight(body, mounted(c, number, split), rig) for c in rig.cameras):
                return _of(split, number, kind, (body,), rng)
    raise ValueError(f"no {kind} of scene {number} can be seen by this rig")


def _body(kind: str, rng: np.random.Generator, split: str, seed: int, standard: int) -> Body:
    size = _size(kind, rng, standard)
    shape = kind if kind in ("polybag", "tube") else "box"
    paper = str(rng.choice(PAPERS[split]))
    rounding = float(rng.uniform(5, 14) if kind == "rounded" else rng.uniform(0.8, 3))
    bulge = float(rng.uniform(4, 16)) if kind == "bulged" else float(abs(rng.normal(0, 1)))
    crush = float(rng.uniform(2, 6)) if kind == "crushed" else float(rng.uniform(0, 0.7))
    finish, taped = _finish(kind, rng), kind == "taped" or bool(rng.random() < 0.5)
    skew = float(rng.uniform(1.0, 2.5)) if kind in SKEWED else 0.0
    return Body(shape, size, (0.0, 0.0), 0.0, seed, split, paper, finish, rounding, bulge, crush, skew,
                kind == "bulged", taped)


def _size(kind: str, rng: np.random.Generator, standard: int) -> tuple[float, float, float]:
    if kind == "standard":
        one, other, height = STANDARD_MM[standard % len(STANDARD_MM)]
        return float(one), float(other), float(height)
    length = float(rng.uniform(180, 560) if kind == "tube" else rng.uniform(110, 560))
    if kind == "tube":
        wide = float(rng.uniform(55, min(140.0, length / 2)))
        return length, wide, wide * float(rng.uniform(0.93, 1.0))
    width = float(rng.uniform(max(80, length / 4), length))
    if kind == "polybag":
        return length, width, float(rng.uniform(0.15, 0.45) * width)
    low, high = (20, 60) if kind == "flat" else (50, TALLEST_MM - 20)
    return length, width, float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _finish(kind: str, rng: np.random.Generator) -> str:
    if kind == "polybag":
        return str(rng.choice(["grey_plastic", "white_plastic", "black_plastic", "pink_plastic"]))
    return {"black": "black", "white_on_white": "white", "glossy": "glossy"}.get(kind, "card")


def in_zone(body: Body, rig: Rig, slack_mm: float = 4.0) -> bool:
    """Whether the whole surface stands within the zone and is no taller than may be measured."""
    points = surface(body)
    return bool(np.all(np.abs(points[:, :2]).max(axis=0) <= np.array(rig.zone_mm) / 2 - slack_mm)
                and points[:, 2].max() <= TALLEST_MM)


def in_sight(body: Body, view: Pinhole, rig: Rig) -> bool:
    """Whether the picture holds the whole body and LEAST_TAGS tags that it does not hide."""
    spots = view.project(box_at(body))
    return inside(spots, view) and sum(free(tag.corners(), spots, view) for tag in rig.tags) >= LEAST_TAGS


def inside(spots: Floats, view: Pinhole) -> bool:
    """Whether all these pixels (N, 2) lie in the picture, with a margin for the lens."""
    return bool(np.all(spots > EDGE_PX) and np.all(spots < np.array(view.size_px) - 1 - EDGE_PX))


def free(corners: Floats, outline: Floats, view: Pinhole) -> bool:
    """Whether a tag's corners (4, 3) mm are in the picture and outside the outline's hull."""
    spots = view.project(corners)
    hull = cv2.convexHull(outline.astype(np.float32))
    return inside(spots, view) and all(cv2.pointPolygonTest(hull, (float(x), float(y)), False) < 0 for x, y in spots)


def _to_refuse(reason: str, number: int, rig: Rig, split: str, rng: np.random.Generator) -> Plan:
    good = _measurable(str(rng.choice(BOXES[1:])), number, rig, split, rng)
    base = replace(good, id=f"{split}-{number:04d}-{reason}", kind=reason, expect="refuse")
    body = base.bodies[0]
    if reason == "no_parcel":
        return replace(base, bodies=())
    if reason == "two_objects":
        return replace(base, bodies=PAIRS[number // 6 // len(REFUSALS) % len(PAIRS)](body, rng, number, rig))
    if reason == "hand_in_view":
        return replace(base, hand_to_mm=(*body.at_mm, body.size_mm[2] + 12.0))
    if reason == "out_of_zone":
        return replace(base, bodies=(_pushed_out(body, rig, rng),))
    if reason == "too_tall":
        return replace(base, bodies=(replace(body, size_mm=(*_slim(body), float(rng.uniform(565, 640)))),))
    if reason in ("dark", "glare"):
        return replace(base, gain=float(rng.uniform(0.005, 0.02) if reason == "dark" else rng.uniform(7, 10)))
    return replace(base, covered=tuple(int(t) for t in rng.permutation([tag.id for tag in rig.tags])[:10]))


def _slim(body: Body) -> tuple[float, float]:
    return min(body.size_mm[0], 330.0), min(body.size_mm[1], 280.0)


def _apart(body: Body, rng: np.random.Generator, number: int, rig: Rig) -> tuple[Body, ...]:
    """Two boxes in the zone, at least 40 mm between them."""
    side = float(rng.choice([-1.0, 1.0]))
    return tuple(replace(body, size_mm=_small(rng), seed=number * 100 + n,
                         at_mm=(side * (n * 2 - 1) * 190, float(rng.uniform(-120, 120)))) for n in range(2))


def _in_line(body: Body, rng: np.random.Generator, number: int, rig: Rig) -> tuple[Body, ...]:
    """Two boxes of one section in a line as if they were one, touching or up to 100 mm apart, each of its own paper."""
    gap = float(rng.choice([0.0, rng.uniform(2, 30), rng.uniform(30, 100)]))
    width, height = (float(v) for v in rng.uniform((100, 60), (200, 200)))
    lengths = [float(v) for v in rng.uniform(110, 210, 2)]
    return _beside(body, rng, number, rig, gap, [(lengths[n], width, height) for n in range(2)])


def _touching(body: Body, rng: np.random.Generator, number: int, rig: Rig) -> tuple[Body, ...]:
    """A box with a smaller one that stands against its side."""
    large = tuple(float(v) for v in rng.uniform((200, 150, 100), (300, 240, 260)))
    less = tuple(float(v) for v in rng.uniform((60, 60, 40), (130, 140, 90)))
    return _beside(body, rng, number, rig, 0.5, [large, less])


def _beside(body: Body, rng: np.random.Generator, number: int, rig: Rig, gap_mm: float,
            sizes: list[tuple[float, ...]]) -> tuple[Body, ...]:
    """Two flat-sided boxes of those sizes in a line, gap_mm between them, somewhere whole in the zone."""
    half = (sizes[0][0] + gap_mm + sizes[1][0]) / 2
    middles = (sizes[0][0] / 2 - half, half - sizes[1][0] / 2)
    plain = replace(body, shape="box", bulge_mm=0.0, crush_mm=0.3, skew_mm=0.0, rounding_mm=1.5)
    while True:
        yaw, (x, y) = float(rng.uniform(0, 180)), rng.uniform(-150, 150, 2)
        c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
        pair = tuple(replace(plain, size_mm=(sizes[n][0], sizes[n][1], sizes[n][2]), seed=number * 100 + n, yaw_deg=yaw,
                             at_mm=(float(x + middles[n] * c), float(y + middles[n] * s))) for n in range(2))
        if all(in_zone(one, rig) for one in pair):
            return pair


PAIRS = (_apart, _in_line, _touching)


def _small(rng: np.random.Generator) -> tuple[float, float, float]:
    length, width, height = rng.uniform(80, 200, 3)
    return float(length), float(width), float(height)


def _pushed_out(body: Body, rig: Rig, rng: np.random.Generator) -> Body:
    """The body so far to a side that 40 mm or more of it stick out of the zone."""
    angle = float(rng.choice([0.0, 0.5, 1.0, 1.5])) * np.pi
    away, step = np.array([np.cos(angle), np.sin(angle)]), 0.0
    moved = body
    while np.all(np.abs(surface(moved)[:, :2]).max(axis=0) < np.array(rig.zone_mm) / 2 + 40):
        step += 5.0
        moved = replace(body, at_mm=(body.at_mm[0] + away[0] * step, body.at_mm[1] + away[1] * step))
    return moved
