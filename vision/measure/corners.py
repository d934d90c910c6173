"""What the corner net sees in one view, and the box edges found at full resolution."""
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole, canonical_view
from vision.measure.cuboid import Flags, Sight, box_points, corners_seen, edge_blend, edges_seen, points_sight
from vision.measure.edges import STEP_PX, Gray, across, bands
from vision.measure.net import CELL, CHANNELS, NET_PX, TALL_MM
from vision.measure.search import Mask
from vision.model import Model, ModelError

FINER = 3
PEAK = 0.2
STRAY, STRAY_MM = 0.3, 30.0
CORNER_SIGMA_PX = 0.35
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Seen:
    """One view through the net: the raw pinhole and its picture, the cell view and the channels' probabilities; and by
    how many px lens and pose may be wrong over the zone."""
    raw: Pinhole
    picture: Picture
    cells: Pinhole
    maps: dict[str, Floats]
    unsure_px: float = 0.0

    def unsure_mm(self) -> float:
        """The same on the middle of the table, mm."""
        return self.unsure_px * float(np.linalg.norm(self.raw.centre())) / float(self.raw.matrix[0, 0])

    def mask(self) -> Mask:
        """Where the parcel lies."""
        return Mask(self.cells, self.maps["parcel"])

    def raw_spots(self, cells: Floats) -> Floats:
        """Cells (N, 2) as pixels (N, 2) of the raw picture."""
        away = np.column_stack([cells, np.ones(len(cells))]) @ np.linalg.inv(self.cells.matrix).T
        there = away @ self.cells.rotation @ self.raw.rotation.T @ self.raw.matrix.T
        return np.asarray(there[:, :2] / there[:, 2:])

    def peaks(self, channel: str) -> Floats:
        """Corner peaks (N, 2) in cells."""
        return find_peaks(self.maps[channel])


def check_channels(model: Model) -> None:
    """Refuse a net whose channels are not ours in our order; ModelError."""
    known = model.line.classes
    if len(known) < 5 or known != CHANNELS[:len(known)] or model.line.input_shape[1:] != (3, NET_PX[1], NET_PX[0]):
        raise ModelError(f"{model.line.file} gives {', '.join(model.line.classes)} for {model.line.input_shape}; "
                         f"this version needs {', '.join(CHANNELS)} for (1, 3, {NET_PX[1]}, {NET_PX[0]}).")


def cell_view(view: Pinhole) -> Pinhole:
    """The same view in units of CELL pixels, cell centres at whole numbers."""
    matrix = view.matrix.copy()
    matrix[:2, 2] += 0.5
    matrix[:2] /= CELL
    matrix[:2, 2] -= 0.5
    return Pinhole(matrix, view.rotation, view.translation, (view.size_px[0] // CELL, view.size_px[1] // CELL))


def turned(picture: Picture, raw: Pinhole, view: Pinhole) -> Picture:
    """The raw picture as the same eye's view sees it, area-averaged."""
    fine = view.matrix.copy()
    fine[:2, 2] += 0.5
    fine[:2] *= FINER
    fine[:2, 2] -= 0.5
    to = fine @ view.rotation @ raw.rotation.T @ np.linalg.inv(raw.matrix)
    size = (view.size_px[0] * FINER, view.size_px[1] * FINER)
    large = cv2.warpPerspective(picture, to, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(large, view.size_px, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def look(picture: Picture, raw: Pinhole, zone_mm: tuple[float, float], model: Model) -> Seen:
    """Run the net on one straightened BGR picture."""
    view = canonical_view(raw, zone_mm, TALL_MM, NET_PX)
    batch = turned(picture, raw, view).transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
    logits = model.run(batch)[0].astype(np.float64)
    chances = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    cells = cell_view(view)
    maps = dict(zip(model.line.classes, chances, strict=True))
    return Seen(raw, picture, cells, near_zone(maps, cells, zone_mm))


def near_zone(maps: dict[str, Floats], cells: Pinhole, zone_mm: tuple[float, float]) -> dict[str, Floats]:
    """The maps without what stands wholly off the zone, a parcel or a person no cell of which lies before its plane."""
    on = before_zone(cells, zone_mm, STRAY_MM)
    stray = {name: strays(maps[name], on) for name in ("parcel", "hand")}
    return {name: np.where(stray["hand" if name == "hand" else "parcel"], 0.0, heat) for name, heat in maps.items()}


def before_zone(cells: Pinhole, zone_mm: tuple[float, float], slack_mm: float) -> Flags:
    """Which cells (rows, columns) lie before the plane of the zone, so much of the table around it taken in."""
    columns, rows = cells.size_px
    y, x = np.mgrid[0:rows, 0:columns]
    flat = cells.back_project(np.column_stack([x.ravel(), y.ravel()]).astype(np.float64), 0.0)
    return np.asarray(np.all(np.abs(flat) < np.array(zone_mm) / 2 + slack_mm, axis=1).reshape(rows, columns))


def strays(heat: Floats, on: Flags) -> Flags:
    """The connected areas of a mask that hold no cell of those, a cell wider all around."""
    count, labels = cv2.connectedComponents((heat > STRAY).astype(np.uint8))
    alone = [n for n in range(1, count) if not np.any(on[labels == n])]
    return np.asarray(cv2.dilate(np.isin(labels, alone).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def find_peaks(heat: Floats) -> Floats:
    """Local maxima (N, 2) as (x, y) cells, to a fraction of a cell by a parabola through the logarithm."""
    tall = cv2.dilate(heat, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero((heat >= tall) & (heat > PEAK))
    level = np.log(np.maximum(np.pad(heat, 1, mode="edge"), 1e-6))
    x = columns + _vertex(level[rows + 1, columns], level[rows + 1, columns + 1], level[rows + 1, columns + 2])
    y = rows + _vertex(level[rows, columns + 1], level[rows + 1, columns + 1], level[rows + 2, columns + 1])
    return np.column_stack([x, y]).astype(np.float64)


def _vertex(before: Floats, here: Floats, after: Floats) -> Floats:
    bend = np.minimum(before - 2 * here + after, -1e-6)
    return np.asarray(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))


def corner_sights(seen: Seen, box: Floats, gate_cells: float) -> list[Sight]:
    """Evidence from the peaks near the corners that the box should show."""
    return [points_sight(seen.cells, [n], peak[None], CORNER_SIGMA_PX)
            for n, peak, _ in nearest_peaks(seen, box, box_points(box), gate_cells)]


def nearest_peaks(seen: Seen, box: Floats, corners: Floats, gate_cells: float) -> list[tuple[int, Floats, float]]:
    """Number of each corner (8, 3) mm that the box should show, the nearest peak (2,) and how many cells away it is;
    only those within gate_cells, or two fifths of a short edge, unless the gate is infinite."""
    spots, shown = seen.cells.project(corners), corners_seen(box, seen.cells.centre())
    gate = min(gate_cells, max(1.0, 0.4 * float(np.linalg.norm(spots[[5, 6]] - spots[[4, 5]], axis=1).min())))
    found = []
    for channel, numbers in (("base_corner", range(4)), ("top_corner", range(4, 8))):
        peaks = seen.peaks(channel)
        for n in numbers:
            if shown[n] and len(peaks):
                away = np.linalg.norm(peaks - spots[n], axis=1)
                if away.min() < gate or np.isinf(gate_cells):
                    found.append((n, peaks[int(away.argmin())], float(away.min())))
    return found


def edge_sights(seen: Seen, gray: Sequence[Gray], box: Floats, reach_px: float, sigma_px: float,
                corners: Floats | None = None) -> list[Sight]:
    """Evidence from full-resolution steps within reach_px of the edges the box should show, which run between its own
    corners or those given (8, 3)."""
    points, found = seen.raw.project(box_points(box) if corners is None else corners), []
    for a, b in edges_seen(box, seen.raw.centre()):
        length = float(np.linalg.norm(points[b] - points[a]))
        if length < 8:
            continue
        share = evenly(int(np.clip(length / 8, 6, 24)))
        spots = points[a] + (points[b] - points[a]) * share[:, None]
        normals = np.tile(across(points[a], points[b]), (len(share), 1))
        lines = [bands(g, spots, normals, length / len(share), reach_px) for g in gray]
        offset, strength = strongest_steps(lines, reach_px)
        good = strength > 2.5
        if good.sum() >= 3:
            spread = np.full(int(good.sum()), sigma_px * np.sqrt(max(1.0, good.sum() / 4)))
            found.append(Sight(seen.raw, edge_blend((a, b), share[good]), (spots + normals * offset[:, None])[good],
                               normals[good], spread))
    return found


def evenly(count: int) -> Floats:
    """Middles (N,) of so many parts of an edge, its ends left out."""
    return np.asarray(0.04 + 0.92 * (np.arange(count) + 0.5) / count)


def strongest_steps(lines: Sequence[Floats], reach_px: float) -> tuple[Floats, Floats]:
    """Offsets (N,) px of the strongest step of either sign in profiles (N, M) per colour, and its slope per px."""
    slope = np.sqrt(np.sum([np.gradient(line, STEP_PX, axis=1) ** 2 for line in lines], axis=0))
    way = (np.arange(slope.shape[1]) - (slope.shape[1] - 1) / 2) * STEP_PX
    likely = slope * np.exp(-0.5 * (way / (0.6 * reach_px)) ** 2)
    best = np.clip(likely[:, 1:-1].argmax(axis=1) + 1, 1, slope.shape[1] - 2)
    row = np.arange(len(slope))
    before, here, after = slope[row, best - 1], slope[row, best], slope[row, best + 1]
    bend = np.minimum(before - 2 * here + after, -1e-6)
    return way[best] + np.clip(0.5 * (before - after) / bend, -1, 1) * STEP_PX, here
