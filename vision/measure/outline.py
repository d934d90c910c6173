"""Fitting a body's outline to what the views show: first the net's masks, then steps at full resolution."""
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from vision.measure.camera import Floats, Pinhole
from vision.measure.corners import Seen, strongest_steps
from vision.measure.cuboid import Flags, hull
from vision.measure.edges import Gray, bands
from vision.measure.search import footprint
from vision.measure.shapes import Shape
from vision.measure.solver import Settled, settle

DIRECTIONS = 48
GROWN = 4
MASK_SIGMA_CELLS = 0.12
SPACING_PX = 12.0


@dataclass(frozen=True, eq=False)
class Tangents:
    """Lines of one view that touch the body: it reaches as far as offset (N,) px along unit normal (N, 2)."""
    view: Pinhole
    normal: Floats
    offset: Floats
    sigma: Floats


@dataclass(frozen=True, eq=False)
class OutlineFit:
    """A body fitted to outlines: length, width, height in its own order, their covariance, rms in sigmas."""
    shape: Shape
    found: Settled
    views: int

    def size_mm(self) -> Floats:
        """Length, width, height (3,) mm."""
        return np.asarray(self.shape.sides @ self.found.best)

    def spread_mm(self) -> Floats:
        """Standard deviation (3,) mm of length, width, height."""
        covariance = self.shape.sides @ self.found.covariance @ self.shape.sides.T
        return np.asarray(np.sqrt(np.diag(covariance)))

    def rms(self) -> float:
        """Root of the mean weighted squared residual, in sigmas."""
        kept, left = self.found.weights, self.found.residuals
        return float(np.sqrt((kept * left ** 2).sum() / max(float(kept.sum()), 1e-9)))

    def points(self) -> Floats:
        """Points (N, 3) mm of the body."""
        return np.asarray(self.shape.points(self.found.best[None])[0])

    def box(self) -> Floats:
        """The body's own upright box as a box vector."""
        return np.concatenate([self.found.best[:3], self.size_mm()])


def distances(vectors: Floats, shape: Shape, tangents: Sequence[Tangents]) -> Floats:
    """How far (K, N) bodies reach over each tangent, in its sigmas, and how far they stray from what is expected."""
    points = shape.points(vectors)
    parts = [_reach(points, each) for each in tangents]
    parts.append(shape.habits(vectors))
    return np.concatenate(parts, axis=1)


def _reach(points: Floats, tangents: Tangents) -> Floats:
    spots = tangents.view.project(points.reshape(-1, 3)).reshape(*points.shape[:2], 2)
    return np.asarray(((spots @ tangents.normal.T).max(axis=1) - tangents.offset) / tangents.sigma)


def mask_tangents(seen: Seen) -> Tangents | None:
    """Tangents of the parcel mask in cells, None when there is none."""
    mask = seen.maps["parcel"].astype(np.float32)
    grown = cv2.resize(mask, None, fx=GROWN, fy=GROWN, interpolation=cv2.INTER_LINEAR)
    ends = row_ends(grown > 0.5)
    if not len(ends):
        return None
    cells = (hull(ends) + 0.5) / GROWN - 0.5
    angle = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    normal = np.column_stack([np.cos(angle), np.sin(angle)])
    offset = (cells @ normal.T).max(axis=0) + 0.5 / GROWN
    return Tangents(seen.cells, normal, offset, np.full(DIRECTIONS, MASK_SIGMA_CELLS))


def row_ends(area: Flags) -> Floats:
    """First and last pixel (N, 2) of each row of an area: its hull is theirs."""
    rows = np.flatnonzero(area.any(axis=1))
    first, last = area[rows].argmax(axis=1), area.shape[1] - 1 - area[rows, ::-1].argmax(axis=1)
    return np.column_stack([np.concatenate([first, last]), np.tile(rows, 2)]).astype(np.float64)


def step_tangents(seen: Seen, gray: Sequence[Gray], points: Floats, reach_px: float, sigma_px: float) -> Tangents:
    """Tangents through full-resolution steps within reach_px of the outline the points should have."""
    spots, normals = along_outline(hull(seen.raw.project(points)))
    offset, strength = strongest_steps([bands(g, spots, normals, SPACING_PX / 2, reach_px) for g in gray], reach_px)
    good = strength > 2.5
    reached = (spots[good] * normals[good]).sum(axis=1) + offset[good]
    spread = sigma_px * np.sqrt(max(1.0, float(good.sum()) / 40))
    return Tangents(seen.raw, normals[good], reached, np.full(int(good.sum()), spread))


def along_outline(outline: Floats) -> tuple[Floats, Floats]:
    """Points (N, 2) about SPACING_PX apart on a counter-clockwise outline and their outward normals."""
    spots, normals = [], []
    for start, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        along = end - start
        length = float(np.linalg.norm(along))
        if length > 0.5:
            share = (np.arange(max(1, round(length / SPACING_PX))) + 0.5) / max(1, round(length / SPACING_PX))
            spots.append(start + along * share[:, None])
            normals.append(np.tile(np.array([along[1], -along[0]]) / length, (len(share), 1)))
    return np.vstack(spots), np.vstack(normals)


def fit_outline(seen: Sequence[Seen], shape: Shape, start: Floats | None = None) -> OutlineFit | None:
    """The best body of that shape, None when no view shows a parcel."""
    tangents = [t for t in map(mask_tangents, seen) if t is not None]
    if not tangents:
        return None
    starts = [start] if start is not None else first_bodies(seen, shape)
    tried = [settle(partial(distances, shape=shape, tangents=tangents), each, shape.unknowns) for each in starts]
    if not tried:
        return None
    return OutlineFit(shape, min(tried, key=lambda f: float(np.log1p(f.residuals ** 2).sum())), len(tangents))


def first_bodies(seen: Sequence[Seen], shape: Shape) -> list[Floats]:
    """Places to start from: the common footprint of the masks on planes of several heights, both ways round."""
    starts = []
    for height, middle, turn, size in footprint([s.mask() for s in seen]):
        for quarter in (0, 1):
            sides = size if quarter == 0 else size[::-1]
            tall = 2 * height if shape.kind != "polybag" else 0.4 * float(min(sides))
            starts.append(shape.first(middle, turn + quarter * np.pi / 2, np.array([*sides, tall])))
    return starts


def sharpen(seen: Sequence[Seen], colours: Sequence[Sequence[Gray]], rough: OutlineFit) -> OutlineFit:
    """The rough body drawn to the steps that the full pictures show along its outline."""
    fit = rough
    for reach, sigma in ((8.0, 1.5), (5.0, 1.0), (3.0, 0.7)):
        tangents = [step_tangents(s, gray, fit.points(), reach, sigma) for s, gray in zip(seen, colours, strict=True)]
        tangents += [t for t in map(mask_tangents, seen) if t is not None] if reach > 7 else []
        found = settle(partial(distances, shape=fit.shape, tangents=tangents), fit.found.best, fit.shape.unknowns)
        fit = OutlineFit(fit.shape, found, rough.views)
    return fit
