"""Cartons out of square: corners let go by edges that were made from the truth, and on a drawn carton."""
from dataclasses import replace

import numpy as np
import pytest

from tests.vision.table import BOX
from tests.vision.test_cuboid import VIEWS
from tests.vision.test_swelling import errors
from vision.measure.camera import Floats
from vision.measure.corners import evenly
from vision.measure.cuboid import Sight, box_points, corners_seen, edge_blend, edges_seen, fit_box
from vision.measure.edges import across
from vision.measure.skewed import LOOSE_MM, projection_slope, settled, stiffness
from vision.measure.swelling import box_around, widest
from vision.scene.mesh import Wear

PLAIN = np.array([10.0, -20.0, np.radians(25), 340.0, 250.0, 210.0])


def edges(corners: Floats, noise_px: float, rng: np.random.Generator) -> list[Sight]:
    """What the pictures show of the edges between those corners."""
    found = []
    for view in VIEWS:
        points = view.project(corners)
        for a, b in edges_seen(PLAIN, view.centre()):
            share = evenly(12)
            spots = points[a] + (points[b] - points[a]) * share[:, None]
            normals = np.tile(across(points[a], points[b]), (12, 1))
            seen = spots + normals * rng.normal(0, noise_px, (12, 1))
            found.append(Sight(view, edge_blend((a, b), share), seen, normals, np.full(12, 0.6 * np.sqrt(3))))
    return found


def out_of_square(rng: np.random.Generator, sd: float) -> Floats:
    moved = rng.normal(0, sd, (8, 3))
    moved[:4, 2] = 0
    return np.asarray(box_points(PLAIN) + moved)


def test_corners_are_found_where_they_are_and_how_loose_they_were_is_told() -> None:
    rng, off, loose = np.random.default_rng(5), [], []
    shown = corners_seen(PLAIN, VIEWS[0].centre()) & corners_seen(PLAIN, VIEWS[1].centre())
    for _ in range(12):
        true = out_of_square(rng, 2.0)
        found = settled(edges(true, 0.2, rng), PLAIN, box_points(PLAIN), stiffness(PLAIN))
        off.append(np.abs(found.corners - true)[shown])
        loose.append(found.loose_mm)
    assert np.quantile(off, 0.95) < 1.2
    assert 1.2 < np.median(loose) < 3.5


def test_a_square_carton_stays_square() -> None:
    rng = np.random.default_rng(6)
    found = settled(edges(box_points(PLAIN), 0.3, rng), PLAIN, box_points(PLAIN), stiffness(PLAIN))
    assert found.loose_mm <= LOOSE_MM[1]
    assert box_around(found.corners, PLAIN[2])[3:] == pytest.approx(PLAIN[3:], abs=0.6)


def test_the_largest_extent_is_nearer_to_the_truth_than_a_best_fit_and_its_spread_holds() -> None:
    rng, best, largest, within = np.random.default_rng(7), [], [], []
    for _ in range(16):
        true = out_of_square(rng, 2.0)
        sights, size = edges(true, 0.2, rng), box_around(true, PLAIN[2])[3:]
        fit = fit_box(sights, PLAIN).box
        found = settled(sights, fit, box_points(fit), stiffness(fit))
        best.append(fit[3:] - size)
        largest.append(box_around(found.corners, fit[2])[3:] - size)
        spread = [found.spread_along(way) for way in widest(found.corners, fit[2])]
        within.append(np.abs(largest[-1]) < np.maximum(2.5 * np.array(spread), 0.5))
    assert np.abs(largest).mean() < 0.6 * np.abs(best).mean()
    assert np.mean(within) > 0.9


def test_a_corner_that_nobody_sees_is_as_unsure_as_corners_are_loose() -> None:
    rng = np.random.default_rng(8)
    sights = [s for s in edges(out_of_square(rng, 2.0), 0.2, rng) if not s.blend[:, 0].any()]
    found = settled(sights, PLAIN, box_points(PLAIN), stiffness(PLAIN))
    spread = np.sqrt(np.diag(found.covariance)).reshape(8, 3)
    assert spread[0, 0] > 0.6 * found.loose_mm
    assert spread[0, 0] > 2 * spread[6, 0]


def test_slopes_of_projection_are_right() -> None:
    points = box_points(PLAIN)
    for view in VIEWS:
        slope = projection_slope(view, points)
        for axis in range(3):
            step = np.eye(3)[axis] * 1e-3
            near = (view.project(points + step) - view.project(points - step)) / 2e-3
            assert slope[:, :, axis] == pytest.approx(near, abs=1e-4)


def test_a_drawn_carton_out_of_square_is_within_what_is_stated() -> None:
    """The best cuboid is 4.8 mm too low here and 3.2 too narrow."""
    found = errors(replace(BOX, seed=16, wear=Wear(0.0, 0.0, 0.5, 0.0, 14, 2.0)))
    assert found is not None
    assert np.abs(found[0]).max() < 2.5
    assert np.all(np.abs(found[0]) <= found[1]), found
