import numpy as np
import pytest

from tests.vision.table import rig
from vision.measure.camera import Floats
from vision.measure.cuboid import (
    Sight,
    box_points,
    corners_seen,
    edge_blend,
    edges_seen,
    fit_box,
    inside,
    overlap,
    points_sight,
    sides_seen,
    silhouette,
)
from vision.scene.solid import box_corners, box_faces
from vision.scene.table import mounted

VIEWS = [mounted(rig().camera(name)) for name in ("left", "right")]


def boxes(count: int) -> list[Floats]:
    rng = np.random.default_rng(1)
    low, high = np.array([-80, -80, 0, 100, 100, 20]), np.array([80, 80, 3.1, 500, 500, 480])
    return [rng.uniform(low, high) for _ in range(count)]


def corner_evidence(box: Floats, sigma: float, rng: np.random.Generator, views: int = 2) -> list[Sight]:
    sights = []
    for view in VIEWS[:views]:
        shown = np.nonzero(corners_seen(box, view.centre()))[0]
        pixels = view.project(box_points(box)[shown])
        sights.append(points_sight(view, [int(n) for n in shown], pixels + rng.normal(0, sigma, pixels.shape),
                                   max(sigma, 0.3)))
    return sights


def start_near(box: Floats, rng: np.random.Generator) -> Floats:
    return np.asarray(box + rng.normal(0, 1, 6) * [8, 8, 0.04, 12, 12, 12])


def test_exact_corners_give_the_exact_box() -> None:
    rng = np.random.default_rng(2)
    for box in boxes(30):
        fit = fit_box(corner_evidence(box, 0.0, rng), start_near(box, rng))
        assert fit.box[3:] == pytest.approx(box[3:], abs=0.01)
        assert fit.box[:2] == pytest.approx(box[:2], abs=0.01)


def test_one_pixel_of_noise_costs_about_a_millimetre_and_is_foretold() -> None:
    rng, errors, spread = np.random.default_rng(3), [], []
    for box in boxes(60):
        fit = fit_box(corner_evidence(box, 1.0, rng), start_near(box, rng))
        errors.append(fit.box[3:] - box[3:])
        spread.append(np.sqrt(np.diag(fit.covariance)[3:]))
    size, foretold = np.abs(np.array(errors)), np.array(spread)
    assert np.quantile(size, 0.95) < 3.0
    assert (size < 2.5 * foretold).mean() > 0.85
    assert np.median(foretold) < 2.0


def test_one_view_alone_still_gives_the_box_but_with_more_spread() -> None:
    rng, box = np.random.default_rng(4), boxes(1)[0]
    one = fit_box(corner_evidence(box, 0.0, rng, views=1), start_near(box, rng))
    assert one.box[3:] == pytest.approx(box[3:], abs=0.05)
    both = fit_box(corner_evidence(box, 0.0, rng), start_near(box, rng))
    assert np.all(np.diag(one.covariance)[3:] > np.diag(both.covariance)[3:])


def test_points_on_edges_alone_give_the_box_and_a_wrong_edge_is_outvoted() -> None:
    rng, box = np.random.default_rng(5), boxes(3)[2]
    sights = []
    for view in VIEWS:
        for n, edge in enumerate(edges_seen(box, view.centre())):
            blend = edge_blend(edge, np.linspace(0.1, 0.9, 8))
            spots = view.project(blend @ box_points(box))
            along = (spots[-1] - spots[0]) / np.linalg.norm(spots[-1] - spots[0])
            normal = np.tile([-along[1], along[0]], (8, 1))
            off = 7.0 if n == 0 and view is VIEWS[0] else 0.0
            sights.append(Sight(view, blend, spots + normal * off, normal, np.full(8, 0.5)))
    fit = fit_box(sights, start_near(box, rng))
    assert fit.box[3:] == pytest.approx(box[3:], abs=0.5)


def test_box_points_and_drawn_corners_are_the_same_box() -> None:
    box = np.array([12.0, -7.0, np.radians(33), 300.0, 200.0, 150.0])
    assert box_points(box) == pytest.approx(box_corners(300, 200, 150, 12, -7, 33))


def test_seen_sides_are_the_faces_that_turn_to_the_eye() -> None:
    for box in boxes(20):
        drawn = box_faces(box_points(box))[1:]
        for view in VIEWS:
            assert list(sides_seen(box, view.centre())) == [face.faces(view.centre()) for face in drawn]
            assert corners_seen(box, view.centre())[:4].sum() in (2, 3)


def test_silhouette_overlaps_itself_wholly_and_a_moved_box_less() -> None:
    box = boxes(1)[0]
    mask = silhouette(box, VIEWS[0]).astype(np.float64)
    assert overlap(mask, silhouette(box, VIEWS[0])) == pytest.approx(1.0)
    assert overlap(mask, silhouette(np.add(box, [60, 0, 0, 0, 0, 0]), VIEWS[0])) < 0.9


def test_inside_takes_either_turn() -> None:
    square = np.array([[1.0, 1.0], [4.0, 1.0], [4.0, 3.0], [1.0, 3.0]])
    assert inside(square, (6, 5)).sum() == 12
    assert (inside(square[::-1], (6, 5)) == inside(square, (6, 5))).all()
