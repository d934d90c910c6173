"""A carton that was crushed: its corners loosened from the box that it was, its edges bent, until both views agree."""
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from vision.measure.attempts import Colours
from vision.measure.camera import Floats, Pinhole
from vision.measure.corners import CORNER_SIGMA_PX, Seen, evenly, nearest_peaks, strongest_steps
from vision.measure.cuboid import Sight, boxes_points, corners_seen, distances, edges_seen, together
from vision.measure.edges import Gray, bands
from vision.measure.solver import Settled, Unknowns, settle
from vision.measure.support import PART_PX, SHORTEST_PX, Support, steps_at

USUAL_MM, TRUSTED = 4.0, 4
"""By how much, along each axis, a corner of a crushed carton usually lies beside the box that it was, and how many
corners that weighs against those that are seen."""
BOW_MM = 2.0
"""By how much the middle of an edge usually lies beside the line between its corners."""
EDGES = ((0, 1), (1, 2), (2, 3), (0, 3), (4, 5), (5, 6), (6, 7), (4, 7), (0, 4), (1, 5), (2, 6), (3, 7))
POINTS, BOX = 8 + len(EDGES), 6
"""A crushed carton is the vector of a box, then by how many mm (x, y, z) each corner lies beside its own, and the
middle of each edge beside the line between its corners."""
FREE = 3 * POINTS
LEAST = [-2000.0, -2000.0, -100.0, 5.0, 5.0, 5.0] + [-100.0, -100.0, 0.0] * 4 + [-100.0] * (FREE - 12)
UNKNOWNS = Unknowns(np.array([10.0, 10.0, 0.03, 10.0, 10.0, 10.0] + [5.0] * FREE), np.array(LEAST))
CORNER_GATES = (3.0, 2.0)
STEPS = ((8.0, 1.5), (5.0, 1.0), (3.0, 0.6))
NEAR_CELLS = 1.0
LEAST_KEPT, LEAST_BORNE, MOST_BOW_MM, MOST_MISSED = 0.82, 0.7, 10.0, 2
DRAWS = 100


@dataclass(frozen=True, eq=False)
class Crushed:
    """The best vector, its covariance, by how much corners stray, the weight that the evidence kept, how far the
    pictures bear the bent edges out, and at how many of the corners that are seen the net sees none."""
    best: Floats
    covariance: Floats
    stray_mm: float
    kept: float
    borne: Support
    missed: int

    def corners(self) -> Floats:
        """The corners (8, 3) mm, base first."""
        return np.asarray(frames(self.best[None])[0][:8])

    def skeleton(self) -> Floats:
        """Corners and middles of edges (20, 3) mm."""
        return np.asarray(skeletons(frames(self.best[None]))[0])

    def sound(self) -> bool:
        """Whether the pictures bear the carton out and it is bent no more than a carton is."""
        return (self.kept >= LEAST_KEPT and self.borne.worst >= LEAST_BORNE and self.bow_mm() <= MOST_BOW_MM
                and self.missed <= MOST_MISSED)

    def bow_mm(self) -> float:
        """How far the most bent edge leaves its line, along one axis."""
        return float(np.abs(self.best[BOX + 24:]).max())

    def likely(self) -> Floats:
        """Corners and middles of edges (DRAWS, 20, 3) mm, drawn from what is known of them."""
        drawn = np.random.default_rng(83).multivariate_normal(self.best, self.covariance, DRAWS, method="cholesky")
        return skeletons(frames(drawn))


def loosened(seen: Sequence[Seen], colours: Colours, box: Floats) -> Crushed:
    """That box let go: first to the net's corners, then to the edges at full resolution."""
    stray = USUAL_MM
    found = let_go([s for v in seen for s in peak_sights(v, box, frames_of(box), CORNER_GATES[0])], begin(box), stray)
    sights: list[Sight] = []
    for reach, sigma in STEPS:
        now = frames(found.best[None])[0]
        sights = [sight for v, planes in zip(seen, colours, strict=True) for sight in
                  (*peak_sights(v, box, now, CORNER_GATES[1]), *edge_sights(v, planes, box, now, reach, sigma))]
        found = let_go(sights, found.best, stray)
        stray = usual_stray(found.best)
    now = frames(found.best[None])[0]
    return Crushed(found.best, spread(found, sights, stray), stray, float(found.weights[:-FREE].mean()),
                   borne_out(seen, colours, box, now), sum(missed(v, box, now) for v in seen))


def begin(box: Floats) -> Floats:
    """The vector of a box that nothing happened to."""
    return np.concatenate([box, np.zeros(FREE)])


def frames(vectors: Floats) -> Floats:
    """Corners, then how edges bow (K, 20, 3) mm, of K vectors."""
    free = vectors[:, BOX:].reshape(-1, POINTS, 3).copy()
    free[:, :8] += boxes_points(vectors[:, :BOX])
    return free


def frames_of(box: Floats) -> Floats:
    """The same (20, 3) of a whole box."""
    return np.asarray(frames(begin(box)[None])[0])


def skeletons(many: Floats) -> Floats:
    """Corners and the middles of edges (K, 20, 3) mm."""
    first, second = np.array(EDGES).T
    return np.concatenate([many[:, :8], (many[:, first] + many[:, second]) / 2 + many[:, 8:]], axis=1)


def usual_stray(vector: Floats) -> float:
    """By how much corners stray, from those of the lid, which both views see, and from what is usual."""
    lid = vector[BOX:].reshape(POINTS, 3)[4:8]
    return float(np.sqrt((np.square(lid).sum() + TRUSTED * USUAL_MM ** 2) / (lid.size + TRUSTED - 4)))


def blend_of(edge: tuple[int, int], share: Floats) -> Floats:
    """Blends (N, 20) of the points that lie at share (N,) of the way along a bent edge."""
    blend = np.zeros((len(share), POINTS))
    blend[:, edge[0]], blend[:, edge[1]] = 1 - share, share
    blend[:, 8 + EDGES.index((min(edge), max(edge)))] = 4 * share * (1 - share)
    return blend


def along(view: Pinhole, now: Floats, edge: tuple[int, int], count: int) -> tuple[Floats, Floats, Floats]:
    """So many points of a bent edge: their blends (N, 20), pixels (N, 2) and unit normals (N, 2)."""
    share = evenly(count)
    ends = [view.project(blend_of(edge, share + step) @ now) for step in (-0.02, 0.02)]
    ahead = (ends[1] - ends[0]) / np.maximum(np.linalg.norm(ends[1] - ends[0], axis=1, keepdims=True), 1e-9)
    blend = blend_of(edge, share)
    return blend, view.project(blend @ now), np.column_stack([-ahead[:, 1], ahead[:, 0]])


def shown(view: Pinhole, box: Floats, now: Floats, least_px: float) -> list[tuple[tuple[int, int], float]]:
    """The edges that a view shows, with their length in px, those shorter than least_px left out."""
    spots = view.project(now[:8])
    each = [((a, b), float(np.linalg.norm(spots[b] - spots[a]))) for a, b in edges_seen(box, view.centre())]
    return [(edge, length) for edge, length in each if length >= least_px]


def edge_sights(seen: Seen, gray: Sequence[Gray], box: Floats, now: Floats, reach_px: float,
                sigma_px: float) -> list[Sight]:
    """Evidence from full-resolution steps within reach_px of the bent edges."""
    found = []
    for edge, length in shown(seen.raw, box, now, 8.0):
        blend, spots, normals = along(seen.raw, now, edge, int(np.clip(length / 8, 6, 24)))
        lines = [bands(g, spots, normals, length / len(spots), reach_px) for g in gray]
        offset, strength = strongest_steps(lines, reach_px)
        good = strength > 2.5
        if good.sum() >= 3:
            sigma = np.full(int(good.sum()), sigma_px * np.sqrt(max(1.0, good.sum() / 4)))
            found.append(Sight(seen.raw, blend[good], (spots + normals * offset[:, None])[good], normals[good], sigma))
    return found


def peak_sights(seen: Seen, box: Floats, now: Floats, gate_cells: float) -> list[Sight]:
    """Evidence from the net's corners within gate_cells of where they should be."""
    unit, two = np.eye(POINTS), np.full(2, CORNER_SIGMA_PX)
    return [Sight(seen.cells, np.tile(unit[n], (2, 1)), np.tile(peak, (2, 1)), np.eye(2), two)
            for n, peak, _ in nearest_peaks(seen, box, now[:8], gate_cells)]


def missed(seen: Seen, box: Floats, now: Floats) -> int:
    """At how many corners that this view shows the net sees none."""
    near = sum(away <= NEAR_CELLS for _, _, away in nearest_peaks(seen, box, now[:8], np.inf))
    return int(corners_seen(box, seen.cells.centre()).sum()) - near


def borne_out(seen: Sequence[Seen], colours: Colours, box: Floats, now: Floats) -> Support:
    """How far the pictures bear the bent edges out."""
    borne: dict[tuple[int, int], list[Floats]] = {}
    for view, gray in zip(seen, colours, strict=True):
        for edge, length in shown(view.raw, box, now, SHORTEST_PX):
            _, spots, normals = along(view.raw, now, edge, max(2, round(length / PART_PX)))
            borne.setdefault(edge, []).append(steps_at(gray, spots, normals, length / len(spots)))
    return Support.of(borne)


def let_go(sights: Sequence[Sight], start: Floats, stray_mm: float) -> Settled:
    """The carton that explains the evidence and strays little from a box."""
    few = together(sights)
    mean, sigma = habits(stray_mm)
    return settle(partial(strays, sights=few, mean=mean, sigma=sigma), start, UNKNOWNS,
                  partial(slopes, sights=few, mean=mean, sigma=sigma))


def habits(stray_mm: float) -> tuple[Floats, Floats]:
    """Where corners and middles usually lie beside a box's, and how much that varies (60,) mm. A carton stands on its
    lowest corner; the others of its base are higher."""
    mean, sigma = np.zeros((POINTS, 3)), np.full((POINTS, 3), stray_mm)
    mean[:4, 2], sigma[:4, 2], sigma[8:] = stray_mm, 0.7 * stray_mm, BOW_MM
    return mean.ravel(), sigma.ravel()


def strays(vectors: Floats, sights: Sequence[Sight], mean: Floats, sigma: Floats) -> Floats:
    """Distances (K, N) in sigmas from all evidence and, last, from what is usual, of K vectors."""
    many = frames(vectors)
    return np.concatenate([*(distances(many, sight) for sight in sights), (vectors[:, BOX:] - mean) / sigma], axis=1)


def slopes(vector: Floats, sights: Sequence[Sight], mean: Floats, sigma: Floats) -> tuple[Floats, Floats]:
    """Those distances (N,) of one vector and their slopes (N, P)."""
    now = frames(vector[None])[0]
    own = np.vstack([*(_slope(now, sight) for sight in sights), np.diag(1 / sigma)])
    by_box = np.vstack([own[:-FREE, :24] @ _corner_slopes(vector[:BOX]), np.zeros((FREE, BOX))])
    return strays(vector[None], sights, mean, sigma)[0], np.hstack([by_box, own])


def _slope(now: Floats, sight: Sight) -> Floats:
    """Slope (N, 60) of a sight's distances by the points of a frame."""
    view = sight.view
    x, y, z = view.in_camera(sight.blend @ now).T
    fx, fy = view.matrix[0, 0], view.matrix[1, 1]
    u, v = sight.normal.T * np.array([[fx], [fy]]) / np.maximum(z, 1.0)
    there = np.column_stack([u, v, -(u * x + v * y) / np.maximum(z, 1.0)]) @ view.rotation / sight.sigma[:, None]
    return np.asarray((sight.blend[:, :, None] * there[:, None, :]).reshape(len(x), FREE))


def _corner_slopes(box: Floats) -> Floats:
    """Slope (24, 6) of a box's corners by its vector."""
    step = UNKNOWNS.scale[:BOX] * 1e-4
    moved = boxes_points(box + np.vstack([np.diag(step), -np.diag(step)])).reshape(2, BOX, 24)
    return np.asarray(((moved[0] - moved[1]) / (2 * step[:, None])).T)


def spread(found: Settled, sights: Sequence[Sight], stray_mm: float) -> Floats:
    """Covariance of the vector: of the evidence as its residuals tell, of what is usual as it is."""
    left, slope = slopes(found.best, together(sights), *habits(stray_mm))
    seen, usual, left = slope[:-FREE], slope[-FREE:], left[:-FREE]
    weights = 1 / (1 + left ** 2)
    noise = max(float((weights * left ** 2).sum() / max(float(weights.sum()), 1.0)), 0.05)
    return np.asarray(np.linalg.inv(seen.T @ (seen * weights[:, None]) / noise + usual.T @ usual + UNKNOWNS.prior()))
