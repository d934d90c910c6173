"""Painting curved sheets: an index of triangles by painter's order, then texture and light for every pixel."""
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole
from vision.scene.mesh import Sheet
from vision.scene.paint import Paint

SHIFT = 4
WRAP = 512


@dataclass(frozen=True, eq=False)
class Net:
    """All sheets as triangles: corners (T, 3) into vertices, each with point, normal, place in its sheet 0-1."""
    corners: npt.NDArray[np.int_]
    sheet: npt.NDArray[np.int_]
    points: Floats
    normals: Floats
    place: Floats


def net_of(sheets: list[Sheet]) -> Net:
    """The triangles of these sheets."""
    corners, owner, points, normals, place, first = [], [], [], [], [], 0
    for n, sheet in enumerate(sheets):
        rows, columns = sheet.points.shape[:2]
        index = np.arange(rows * columns).reshape(rows, columns) + first
        a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]))
        corners += [np.column_stack([a, b, c]), np.column_stack([a, c, d])]
        owner.append(np.full(2 * len(a), n))
        points.append(sheet.points.reshape(-1, 3))
        normals.append(sheet.normals().reshape(-1, 3))
        v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
        place.append(np.column_stack([u.ravel(), v.ravel()]))
        first += rows * columns
    return Net(np.vstack(corners), np.concatenate(owner), np.vstack(points), np.vstack(normals), np.vstack(place))


@dataclass(frozen=True, eq=False)
class Lit:
    """What the visible pixels see: rows and columns, sheet number, place 0-1 in it, point mm and unit normal."""
    row: npt.NDArray[np.int_]
    column: npt.NDArray[np.int_]
    sheet: npt.NDArray[np.int_]
    place: Floats
    point: Floats
    normal: Floats


def look_at_net(net: Net, view: Pinhole, exact: bool = True) -> Lit:
    """Every pixel of the view whose centre the body covers; if not exact, the pixels that its outline touches too."""
    spots = view.project(net.points)
    tri = spots[net.corners]
    area = _turn(tri[:, 0], tri[:, 1], tri[:, 2])
    depth = view.in_camera(net.points)[:, 2]
    order = np.argsort(-depth[net.corners].mean(axis=1))
    order = order[area[order] > 1e-6]
    ids = np.zeros((view.size_px[1], view.size_px[0]), dtype=np.int32)
    fixed = np.round(tri * 2 ** SHIFT).astype(np.int32)
    for t in order:
        cv2.fillConvexPoly(ids, fixed[t], (int(t) + 1,), shift=SHIFT)
    if exact:
        _trim(ids, tri[order])
    row, column = np.nonzero(ids)
    t = ids[row, column] - 1
    weight = _weights(tri[t], np.column_stack([column, row]).astype(np.float64), area[t])
    weight = np.clip(weight, 0, None) / depth[net.corners[t]]
    weight /= weight.sum(axis=1, keepdims=True)
    place, point, normal = (np.einsum("nk,nkd->nd", weight, each[net.corners[t]])
                            for each in (net.place, net.points, net.normals))
    return Lit(row, column, net.sheet[t], place, point, normal)


def _turn(a: Floats, b: Floats, c: Floats) -> Floats:
    """Twice the signed area of triangles, positive clockwise on the picture."""
    return np.asarray((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0]))


def _weights(tri: Floats, spots: Floats, area: Floats) -> Floats:
    a, b, c = tri[:, 0], tri[:, 1], tri[:, 2]
    return np.column_stack([_turn(spots, b, c), _turn(a, spots, c), _turn(a, b, spots)]) / area[:, None]


def _trim(ids: npt.NDArray[np.int32], tri: Floats) -> None:
    """Empty the outline's pixels whose centres no triangle covers; filling takes in every pixel that it touches."""
    bare = cv2.dilate((ids == 0).astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=(1.0,)) > 0
    row, column = np.nonzero(bare & (ids > 0))
    inside = np.zeros(len(row), dtype=np.bool_)
    low, high = tri.min(axis=1), tri.max(axis=1)
    for n, (x, y) in enumerate(zip(column, row, strict=True)):
        near = tri[(low[:, 0] <= x) & (high[:, 0] >= x) & (low[:, 1] <= y) & (high[:, 1] >= y)]
        spot = np.tile(np.array([[x, y]], dtype=np.float64), (len(near), 1))
        if len(near):
            a, b, c = near[:, 0], near[:, 1], near[:, 2]
            least = np.minimum(np.minimum(_turn(spot, b, c), _turn(a, spot, c)), _turn(a, b, spot))
            inside[n] = bool((least >= -1e-9).any())
    ids[row[~inside], column[~inside]] = 0


def textured(lit: Lit, papers: Callable[[int], Paint]) -> Paint:
    """The paper's colour (N, 3) at every pixel, before light."""
    colour = np.zeros((len(lit.row), 3), dtype=np.float32)
    for n in np.unique(lit.sheet):
        mine = lit.sheet == n
        paper = papers(int(n))
        spots = lit.place[mine] * (np.array(paper.shape[1::-1]) - 1)
        colour[mine] = sampled(paper, spots)
    return colour


def sampled(paper: Paint, spots: Floats) -> Paint:
    """Colours (N, 3) of a paper at pixels (N, 2), bilinear."""
    count = len(spots)
    padded = np.zeros((-(-count // WRAP) * WRAP, 2), dtype=np.float32)
    padded[:count] = spots
    grid = padded.reshape(-1, WRAP, 2)
    found = cv2.remap(paper, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found.reshape(-1, 3)[:count], dtype=np.float32)


def light_on(lit: Lit, towards: Floats, ambient: float, eye: Floats, gloss: float) -> tuple[Paint, Paint]:
    """Share of light on every pixel, about 1 for the table, and grey that a glossy skin mirrors."""
    normal = lit.normal / np.maximum(np.linalg.norm(lit.normal, axis=1, keepdims=True), 1e-9)
    fall = np.clip(normal @ towards, 0, None) / max(0.3, float(towards[2]))
    to_eye = eye - lit.point
    half = to_eye / np.linalg.norm(to_eye, axis=1, keepdims=True) + towards
    half /= np.linalg.norm(half, axis=1, keepdims=True)
    shine = gloss * 190 * np.clip((normal * half).sum(axis=1), 0, 1) ** (12 + 60 * gloss)
    return ((ambient + (1 - ambient) * np.minimum(fall, 1.3)).astype(np.float32), shine.astype(np.float32))
