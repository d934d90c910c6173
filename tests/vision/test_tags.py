from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.vision.table import BOX, Picture, box_frames, rig
from vision.measure.camera import Pinhole, look_at
from vision.measure.measure import straightened
from vision.measure.tags import find_tags, place
from vision.scene.table import TableScene, mounted, render


def gray(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


@pytest.mark.parametrize("name", ["left", "right"])
def test_pose_from_tags_is_right_to_a_tenth_of_a_pixel(name: str) -> None:
    placed, true = place(gray(box_frames()[name]), rig().camera(name), rig()), mounted(rig().camera(name))
    assert placed is not None
    assert placed.residual_px < 0.2
    assert placed.tags >= 7
    points = np.array([[x, y, z] for x in (-300, 300) for y in (-300, 300) for z in (0, 400)], dtype=float)
    assert np.abs(placed.view.project(points) - true.project(points)).max() < 0.15


def test_tag_corners_are_found_in_the_rigs_order() -> None:
    found, view = find_tags(gray(box_frames()["left"])), mounted(rig().camera("left"))
    wanted = {tag.id: view.project(tag.corners()) for tag in rig().tags}
    assert len(found) >= 7
    assert max(float(np.abs(found[n] - wanted[n]).max()) for n in found) < 0.4


def test_a_knocked_camera_is_found_where_it_is_now() -> None:
    own = rig().camera("left")
    rotation, translation = look_at(np.array([-703.0, 704.0, 1005.0]), np.array([20.0, 0.0, 85.0]), 0.02)
    knocked = Pinhole(own.matrix3(), rotation, translation, own.size_px)
    placed = place(gray(render(TableScene(None, 0), rig(), "left", knocked)), own, rig())
    assert placed is not None
    assert np.linalg.norm(placed.view.centre() - knocked.centre()) < 0.5


def test_a_tag_that_was_moved_shows_in_the_residual() -> None:
    first, *others = rig().tags
    moved = [replace(tag, centre_mm=(tag.centre_mm[0] + 6 * (n % 2), tag.centre_mm[1])) for n, tag in enumerate(others)]
    placed = place(gray(box_frames()["left"]), rig().camera("left"), replace(rig(), tags=(first, *moved)))
    assert placed is not None
    assert placed.residual_px > 0.5


def test_without_tags_there_is_no_pose() -> None:
    assert place(np.full((1080, 1920), 90, np.uint8), rig().camera("left"), rig()) is None


def test_lens_distortion_is_taken_out() -> None:
    bent = replace(rig().camera("left"), distortion=(-0.12, 0.02, 0.001, -0.001, 0.0))
    table = replace(rig(), cameras=(bent, rig().camera("right")))
    picture = render(TableScene(BOX, 0), table, "left")
    raw, straight = place(gray(picture), bent, table), place(gray(straightened(picture, bent)), bent, table)
    assert raw is not None
    assert straight is not None
    assert straight.residual_px < 0.25 < raw.residual_px


def test_few_tags_in_a_corner_leave_the_pose_less_sure_than_all() -> None:
    picture, own = gray(box_frames()["left"]), rig().camera("left")
    placed = place(picture, own, rig())
    assert placed is not None
    assert placed.unsure_px < 0.1
    seen = sorted(find_tags(picture))
    corner = tuple(tag for tag in rig().tags if tag.id in seen)[:3]
    few = place(picture, own, replace(rig(), tags=corner))
    assert few is not None
    assert few.unsure_px > 3 * placed.unsure_px
