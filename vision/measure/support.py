"""How much of what a body should show stands in the full pictures: that tells a right fit from a likely one."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vision.measure.camera import Floats
from vision.measure.corners import Seen, evenly
from vision.measure.cuboid import box_points, edges_seen, hull
from vision.measure.edges import STEP_PX, Gray, across, bands
from vision.measure.outline import along_outline

REACH_PX, NEAR_PX = 5.0, 1.0
LEAST_SLOPE = 3.0
PART_PX, SHORTEST_PX = 8.0, 12.0
SHADED = 0.25
"""How much less is asked of an edge below the lid, which may lie in the body's own shadow or between two sides alike:
where it is, those of the lid tell, too."""


@dataclass(frozen=True)
class Support:
    """Share of the length of a box's visible edges along which the pictures show a step, 0-1, and that of its worst
    edge, in all views that show it together; an edge below the lid counts as SHADED more."""
    whole: float
    worst: float

    @classmethod
    def of(cls, edges: Mapping[tuple[int, int], Sequence[Floats]]) -> "Support":
        """From the parts (N,) of each edge between two corners in each view, 1 where a step lies on them; none where
        there is no edge."""
        if not edges:
            return cls(0.0, 0.0)
        each = {edge: np.concatenate(parts) for edge, parts in edges.items()}
        worst = min(float(parts.mean()) + SHADED * (min(edge) < 4) for edge, parts in each.items())
        return cls(float(np.concatenate(list(each.values())).mean()), min(worst, 1.0))


def support(seen: Sequence[Seen], colours: Sequence[Sequence[Gray]], box: Floats,
            corners: Floats | None = None) -> Support:
    """How far the pictures bear the box out, its edges between its own corners or those given (8, 3)."""
    borne: dict[tuple[int, int], list[Floats]] = {}
    for view, gray in zip(seen, colours, strict=True):
        points = view.raw.project(box_points(box) if corners is None else corners)
        for a, b in edges_seen(box, view.raw.centre()):
            if float(np.linalg.norm(points[b] - points[a])) >= SHORTEST_PX:
                borne.setdefault((a, b), []).append(steps_on(gray, points[a], points[b]))
    return Support.of(borne)


def outline_support(seen: Sequence[Seen], colours: Sequence[Sequence[Gray]], points: Floats) -> float:
    """Share of the outline of a body's points along which the pictures show a step."""
    each = []
    for view, gray in zip(seen, colours, strict=True):
        spots, normals = along_outline(hull(view.raw.project(points)))
        each.append(steps_at(gray, spots, normals, PART_PX))
    return float(np.concatenate(each).mean())


def steps_on(gray: Sequence[Gray], start: Floats, end: Floats) -> Floats:
    """For parts of a segment whether (N,) a step lies on it, 0 or 1."""
    length = float(np.linalg.norm(end - start))
    share = evenly(max(2, round(length / PART_PX)))
    spots, normals = start + (end - start) * share[:, None], np.tile(across(start, end), (len(share), 1))
    return steps_at(gray, spots, normals, length / len(share))


def steps_at(gray: Sequence[Gray], spots: Floats, normals: Floats, wide_px: float) -> Floats:
    """For each spot whether (N,) a step lies on it across its normal, 0 or 1."""
    lines = [bands(g, spots, normals, wide_px, REACH_PX) for g in gray]
    slope = np.sqrt(np.sum([np.gradient(line, STEP_PX, axis=1) ** 2 for line in lines], axis=0))
    way = (np.arange(slope.shape[1]) - (slope.shape[1] - 1) / 2) * STEP_PX
    return np.asarray(slope[:, np.abs(way) <= NEAR_PX].max(axis=1) > LEAST_SLOPE, np.float64)
