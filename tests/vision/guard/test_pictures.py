"""What the detector is shown keeps its truth: through the letterbox, through every change, from label files."""
from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.guard.records import Kind
from vision.scene.dock.photo import Truth
from vision.training.guard.pictures import KINDS, NET_PX, Sample, changed, fall_frames, keep, kept, photographs, sample

SPOT = (40, 220, 90)


def painted(box: tuple[int, int, int, int], size: tuple[int, int] = (832, 468)) -> Sample:
    """A black picture with one coloured box whose foot is its lower left and whose nose its upper right corner."""
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    left, top, right, bottom = box
    picture[top:bottom, left:right] = SPOT
    return sample(picture, [Truth(Kind.FORKLIFT, box, (left, bottom), (right, top), (0, 0), 0.0, False)])


def edges(one: Sample) -> np.ndarray:
    """The coloured pixels' box: they are the brightest in green but not grey."""
    grey = one.picture.astype(int)
    rows, columns = np.nonzero(grey.max(axis=2) - grey.min(axis=2) > 25)
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])


def test_a_sample_is_letterboxed_with_its_rows() -> None:
    one = painted((100, 60, 300, 200))
    assert one.picture.shape == (NET_PX[1], NET_PX[0], 3)
    assert one.rows[0, 1:5] == pytest.approx([50, 41, 150, 111])
    assert edges(one) == pytest.approx(one.rows[0, 1:5], abs=1)
    assert one.rows[0, 0] == KINDS.index(Kind.FORKLIFT)


@pytest.mark.parametrize("seed", range(12))
def test_a_drawn_picture_changes_with_its_boxes_and_spots(seed: int) -> None:
    one = changed(painted((330, 150, 480, 300)), np.random.default_rng(seed), real=False)
    if len(one.rows) and np.ptp(one.picture.astype(int), axis=2).max() > 25:
        assert edges(one) == pytest.approx(one.rows[0, 1:5], abs=2.5)
        corners = one.rows[0, [1, 3]], one.rows[0, [2, 4]]
        for x, y in (one.rows[0, 5:7], one.rows[0, 7:9]):
            assert min(abs(x - corners[0])) < 2 or not 0 < x < NET_PX[0]
            assert min(abs(y - corners[1])) < 2 or not 0 < y < NET_PX[1]


def test_what_leaves_the_picture_is_dropped_and_what_stays_in_part_is_ignored() -> None:
    edge = painted((0, 200, 60, 260))
    seen = [changed(edge, np.random.default_rng(seed), real=False).rows for seed in range(60)]
    assert any(len(rows) == 0 for rows in seen)
    assert any(len(rows) and rows[0, 9] == 1 for rows in seen)
    assert any(len(rows) and rows[0, 9] == 0 for rows in seen)


def test_photographs_are_read_with_their_labels(tmp_path: Path) -> None:
    for folder in ("splits", "images", "labels"):
        (tmp_path / folder).mkdir()
    cv2.imwrite(str(tmp_path / "images" / "A.jpg"), np.full((100, 200, 3), 90, np.uint8))
    (tmp_path / "labels" / "A.txt").write_text("0 0.5 0.5 0.5 0.4\n1 0.1 0.5 0.1 0.2\n")
    (tmp_path / "splits" / "train.txt").write_text("images/A.jpg\n")
    (photo,) = photographs(tmp_path, "train")
    assert [one.kind for one in photo.truths] == [Kind.FORKLIFT, Kind.PERSON]
    assert photo.truths[0].box == pytest.approx((50, 30, 150, 70))
    assert photo.truths[1].box == pytest.approx((10, 40, 30, 60))


def test_frames_of_falls_take_the_persons_asked_for(tmp_path: Path) -> None:
    names = [line.split(",")[0] for line in
             Path("vision/training/guard/fall_boxes.csv").read_text().split() if line.startswith("S4")]
    for name in names:
        cv2.imwrite(str(tmp_path / name), np.zeros((480, 640, 3), np.uint8))
    photos = fall_frames(tmp_path, ("S4",))
    kinds = [one.kind for photo in photos for one in photo.truths if not one.ignored]
    assert len(photos) == 12
    assert kinds.count(Kind.PERSON_DOWN) == 6
    assert kinds.count(Kind.PERSON) == 5
    between = [photo for photo in photos if all(one.ignored for one in photo.truths)]
    assert [len(photo.truths) for photo in between] == [2]


def test_blocks_come_back_as_they_were_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vision.training.guard.pictures.BLOCK", 2)
    keep(tmp_path, 2)
    samples = kept(tmp_path / "0000.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["0000.npz"]
    assert len(samples) == 2
    assert all(one.picture.shape == (NET_PX[1], NET_PX[0], 3) for one in samples)
    assert sum(len(one.rows) for one in samples) > 0
