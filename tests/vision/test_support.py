"""What the full pictures bear out: right bodies and wrong ones on drawn frames, geometry alone."""
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from tests.vision.table import BOX
from tests.vision.test_outline import seen_of
from vision.measure.answer import Tuning
from vision.measure.attempts import Attempt, attempt, best_attempt
from vision.measure.boxes import BoxFit, colours_of, half_widths
from vision.measure.camera import Floats
from vision.measure.corners import Seen
from vision.measure.cuboid import Fit, box_points
from vision.measure.edges import bands
from vision.measure.skewed import Skewed
from vision.measure.stereo import Swell
from vision.measure.support import Support, outline_support, support
from vision.measure.swelling import judged
from vision.scene.table import ParcelModel

TRUE = np.array([BOX.x_mm, BOX.y_mm, np.radians(BOX.yaw_deg), BOX.length_mm, BOX.width_mm, BOX.height_mm])
TUBE = ParcelModel(400, 100, 100, 20, -30, 35, "tube", seed=16)


@lru_cache(maxsize=2)
def views_of(body: ParcelModel) -> list[Seen]:
    return seen_of(body)


def test_a_right_box_is_borne_out_along_every_edge() -> None:
    found = support(views_of(BOX), colours_of(views_of(BOX)), TRUE)
    assert found.whole > 0.97
    assert found.worst > 0.8


@pytest.mark.parametrize("off", [(0, 0, 0, 12, 0, 0), (0, 0, 0, 0, 12, 0), (0, 0, 0, 0, 0, 12), (0, 0, 0.05, 0, 0, 0)])
def test_a_box_that_is_wrong_in_one_thing_is_not(off: tuple[float, ...]) -> None:
    right = support(views_of(BOX), colours_of(views_of(BOX)), TRUE)
    wrong = support(views_of(BOX), colours_of(views_of(BOX)), TRUE + np.array(off))
    assert wrong.worst < 0.62 < right.worst
    assert wrong.whole < right.whole


def test_without_a_view_nothing_is_borne_out() -> None:
    assert support([], [], TRUE) == Support(0.0, 0.0)


def test_below_the_lid_an_edge_may_lie_in_the_shade() -> None:
    faint, full = np.array([1.0, 1, 0, 0, 0]), np.ones(5)
    for weak, worst in (((4, 5), 0.4), ((0, 1), 0.65), ((1, 5), 0.65)):
        edges = {edge: [faint if edge == weak else full] for edge in ((4, 5), (0, 1), (1, 5))}
        assert Support.of(edges).worst == pytest.approx(worst)
        assert Support.of(edges).whole == pytest.approx(0.8)
    assert Support.of({(0, 1): [full]}).worst == 1.0


@pytest.mark.parametrize(("kept", "worst", "sure", "sound"), [
    (0.9, 0.8, True, True), (0.9, 0.8, False, False), (0.84, 1.0, True, False), (0.95, 0.6, True, False)])
def test_corners_out_of_square_are_a_cartons_where_the_net_is_sure_and_they_explain_more(
        kept: float, worst: float, sure: bool, sound: bool) -> None:
    fit = Fit(TRUE, np.eye(6), np.zeros(4), np.full(4, 0.6))
    skew = Skewed(box_points(TRUE), np.eye(24), 2.0, kept, Support(1.0, worst))
    known = BoxFit(Attempt(fit, Support(1.0, 1.0)), 2, skew, judged([None] * 5, True, Tuning()), None, sure)
    assert known.sound() is sound


def test_a_cuboid_that_keeps_little_with_its_corners_let_go_is_none() -> None:
    fit = Fit(TRUE, np.eye(6), np.zeros(4), np.full(4, 0.72))
    for kept, sound in ((0.78, False), (0.82, True)):
        skew = Skewed(box_points(TRUE), np.eye(24), 0.1, kept, Support(1.0, 1.0))
        known = BoxFit(Attempt(fit, Support(1.0, 1.0)), 2, skew, judged([None] * 5, True, Tuning()))
        assert known.sound() is sound


def test_the_best_attempt_from_outlines_alone_is_the_true_box() -> None:
    best = best_attempt(views_of(BOX), colours_of(views_of(BOX)))
    assert best is not None
    assert best.sound()
    size = best.fit.box[3:]
    assert [max(size[:2]), min(size[:2]), size[2]] == pytest.approx([340, 250, 210], abs=1.5)


def test_a_tube_taken_for_a_box_is_not_sound() -> None:
    best = best_attempt(views_of(TUBE), colours_of(views_of(TUBE)))
    assert best is None or not best.sound()


def test_no_evidence_is_no_sound_attempt() -> None:
    dark = [Seen(s.raw, np.zeros_like(s.picture), s.cells, s.maps) for s in views_of(BOX)]
    blank = attempt(dark, colours_of(dark), TRUE, True)
    assert blank.worth() == (0.0, 0.0)
    assert not blank.sound()


@pytest.mark.parametrize(("kept", "worst", "sound"), [(0.9, 0.7, True), (0.75, 0.9, True), (0.69, 1.0, False),
                                                      (0.95, 0.6, False), (0.75, 0.75, False)])
def test_weight_and_support_must_both_be_there(kept: float, worst: float, sound: bool) -> None:
    fit = Fit(TRUE, np.eye(6), np.zeros(4), np.full(4, kept))
    assert Attempt(fit, Support(1.0, worst)).sound() is sound


def test_a_tubes_outline_is_borne_out_only_where_it_is() -> None:
    seen, colours = views_of(TUBE), colours_of(views_of(TUBE))
    points: Floats = TUBE.points()
    assert outline_support(seen, colours, points) > 0.97
    assert outline_support(seen, colours, points * np.array([1.06, 1.06, 1.0])) < 0.97


def test_bands_keep_an_edge_along_them_and_blur_print_across() -> None:
    along, across = np.zeros((60, 60), np.float32), np.zeros((60, 60), np.float32)
    along[:, 30:] = 200
    across[::4] = across[1::4] = 200
    spots, normals = np.array([[29.5, 30.0]]), np.array([[1.0, 0.0]])
    step = bands(along, spots, normals, 8.0, 4.0)[0]
    assert step[-1] - step[0] == pytest.approx(200, abs=1)
    assert np.ptp(bands(across, spots, normals, 8.0, 4.0)) < 40


def stated(lid: Swell | None, side: Swell | None = None, views: int = 2, kept: float = 0.9,
           unsure_px: float = 0.0) -> Floats:
    """Half-widths of a box of which both views alone say the same, with a lid and a side that are seen to swell so."""
    fit = Fit(TRUE, np.eye(6) * 0.01, np.zeros(8), np.full(8, kept))
    skew = Skewed(box_points(TRUE), np.eye(24) * 0.01, 0.1, kept)
    known = BoxFit(Attempt(fit, Support(1.0, 1.0)), views, skew,
                   judged([lid, side, None, None, None], views > 1, Tuning()))
    return half_widths(known, [replace(seen, unsure_px=unsure_px) for seen in views_of(BOX)[:views]], Tuning())


def test_the_stated_uncertainty_grows_with_what_faces_leave_open() -> None:
    flat, low, high = (Swell(0, dome, 0.95) for dome in (0.0, 2.0, 6.0))
    unlike = Swell(1, 6, 0.7)
    for less, more in ((stated(flat, flat), stated(low, low)), (stated(low, low), stated(high, high)),
                       (stated(high, high), stated(unlike, unlike)), (stated(flat, flat), stated(None))):
        assert np.all(less < more)
    assert stated(flat, flat)[0] < 2.0
    assert stated(flat)[0] > stated(flat, flat)[0] + 0.8
    assert stated(Swell(1, 0, 0.95))[0] > 5.0
    assert stated(None)[0] >= 7.0
    assert stated(high, high)[2] < stated(high, high)[0] / 2


def test_a_lone_view_lost_evidence_and_a_rig_that_is_off_are_less_sure() -> None:
    flat = Swell(0, 0, 0.95)
    assert np.all(stated(None, views=1) > stated(flat, flat))
    assert np.all(stated(flat, flat, kept=0.7) > stated(flat, flat))
    assert np.all(stated(flat, flat, unsure_px=0.4) > stated(flat, flat, unsure_px=0.06) + 0.2)
    assert stated(None)[0] < Tuning().widest_mm < stated(None, views=1)[0] < Tuning().widest_lone_mm
