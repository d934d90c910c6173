"""A person cut from one picture and laid into another is told where the other picture changed, and as what."""
import numpy as np
import pytest

from vision.guard.records import Kind
from vision.training.guard.cutouts import Cutout, cutouts, laid_in
from vision.training.guard.pictures import KINDS, NET_PX, ROW, Sample, bare, plain

GREEN = (60, 160, 70)


def row(kind: Kind, box: tuple[float, float, float, float], ignored: float = 0.0) -> list[float]:
    return [KINDS.index(kind), *box, *[float("nan")] * 4, ignored]


def photograph() -> Sample:
    """A green figure before a noisy wall, in a box with the wall at its corners."""
    rng = np.random.default_rng(1)
    picture = rng.normal(190, 6, (NET_PX[1], NET_PX[0], 3)).clip(0, 255).astype(np.uint8)
    picture[60:90, 200:225] = GREEN
    picture[85:200, 190:235] = GREEN
    return Sample(picture, np.array([row(Kind.PERSON, (180, 54, 245, 206)),
                                     row(Kind.PERSON, (10, 10, 18, 60)),
                                     row(Kind.FORKLIFT, (250, 60, 400, 200)),
                                     row(Kind.PERSON, (180, 54, 245, 206), 1.0)], np.float32))


def dark(rows: list[list[float]]) -> Sample:
    return Sample(np.full((NET_PX[1], NET_PX[0], 3), 40, np.uint8), np.array(rows, np.float32).reshape(-1, ROW))


def test_only_people_who_are_large_enough_and_judged_are_cut_out() -> None:
    found = cutouts([photograph()])
    assert [one.kind for one in found] == [Kind.PERSON]
    there = found[0].picture[found[0].mask > 0.5].astype(int)
    assert (np.abs(there - GREEN).max(axis=1) < 30).mean() > 0.95
    assert found[0].mask.sum() == pytest.approx(25 * 25 + 115 * 45, rel=0.1)


@pytest.mark.parametrize("seed", range(8))
def test_the_row_of_who_is_laid_in_encloses_what_changed(seed: int) -> None:
    person = Cutout(Kind.PERSON, np.full((90, 30, 3), 220, np.uint8), np.ones((90, 30), np.float32))
    before = dark([])
    after = laid_in(before, person, np.random.default_rng(seed))
    changed = np.abs(after.picture.astype(int) - before.picture).max(axis=2) > 5
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    box = after.rows[-1, 1:5]
    assert box == pytest.approx([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], abs=2)
    inner = box[0] > 0 and box[1] > 0 and box[2] < NET_PX[0] and box[3] < NET_PX[1]
    assert not inner or (box[2] - box[0] > box[3] - box[1]) == (KINDS[int(after.rows[-1, 0])] is Kind.PERSON_DOWN)


def test_both_upright_and_lying_are_laid_in_and_who_lies_is_never_stood_up() -> None:
    upright = Cutout(Kind.PERSON, np.full((60, 20, 3), 220, np.uint8), np.ones((60, 20), np.float32))
    lying = Cutout(Kind.PERSON_DOWN, np.full((20, 60, 3), 220, np.uint8), np.ones((20, 60), np.float32))
    told = [[KINDS[int(laid_in(dark([]), one, np.random.default_rng(seed)).rows[-1, 0])] for seed in range(20)]
            for one in (upright, lying)]
    assert set(told[0]) == {Kind.PERSON, Kind.PERSON_DOWN}
    assert set(told[1]) == {Kind.PERSON_DOWN}


def test_what_is_covered_is_neither_right_nor_wrong_any_more() -> None:
    person = Cutout(Kind.PERSON, np.full((90, 60, 3), 220, np.uint8), np.ones((90, 60), np.float32))
    parcels = [row(Kind.PARCEL, (x, y, x + 6, y + 6)) for x in range(0, 410, 10) for y in range(0, 250, 10)]
    after = laid_in(dark(parcels), person, np.random.default_rng(3))
    box = after.rows[-1, 1:5]
    middle = (after.rows[:-1, 1:3] + after.rows[:-1, 3:5]) / 2
    inside = ((middle > box[:2] + 3) & (middle < box[2:] - 3)).all(axis=1)
    outside = ((middle < box[:2] - 3) | (middle > box[2:] + 3)).any(axis=1)
    assert inside.sum() > 3
    assert (after.rows[:-1][inside, 9] == 1).all()
    assert (after.rows[:-1][outside, 9] == 0).all()


def test_pictures_of_nothing_are_of_every_brightness_and_hold_nothing() -> None:
    drawn = [plain(np.random.default_rng(seed)) for seed in range(40)]
    assert all(one.picture.shape == (NET_PX[1], NET_PX[0], 3) and one.rows.shape == (0, ROW) for one in drawn)
    means = [one.picture.mean() for one in drawn]
    assert min(means) < 15
    assert max(means) > 220


def test_bare_parts_of_a_picture_hold_nothing_of_what_is_told_of_it() -> None:
    found = bare([photograph()], 200)
    assert found
    for one in found:
        assert one.picture.shape == (NET_PX[1], NET_PX[0], 3)
        assert one.rows.shape == (0, ROW)
        assert (np.abs(one.picture.astype(int) - GREEN).max(axis=2) > 60).all()
