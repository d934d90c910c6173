import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.vision.table import MODELS, measurer, rig
from vision.measure.camera import canonical_view
from vision.measure.corners import Seen, cell_view, check_channels, corner_sights, find_peaks
from vision.measure.cuboid import box_points, corners_seen
from vision.measure.net import CELL, CHANNELS, NET_PX, TALL_MM
from vision.model import Model, ModelError, load_model
from vision.scene.table import mounted
from vision.training.recipe import sample


def copy_models(to: Path, edit: tuple[str, str] = ("", "")) -> Path:
    (to / "parcel_corners.onnx").write_bytes((MODELS / "parcel_corners.onnx").read_bytes())
    (to / "manifest.toml").write_text((MODELS / "manifest.toml").read_text().replace(*edit, 1))
    return to


def test_the_shipped_model_loads_and_gives_its_channels() -> None:
    model = load_model(MODELS, "parcel_corners")
    given = model.run(np.zeros((2, 3, NET_PX[1], NET_PX[0]), np.float32))
    assert model.line.classes == CHANNELS[:len(model.line.classes)]
    assert given.shape == (2, len(model.line.classes), NET_PX[1] // CELL, NET_PX[0] // CELL)
    assert (MODELS / "parcel_corners.onnx").stat().st_size < 15_000_000


def test_a_changed_model_is_refused(tmp_path: Path) -> None:
    path = copy_models(tmp_path) / "parcel_corners.onnx"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match=r"parcel_corners\.onnx does not have the sha256"):
        load_model(tmp_path, "parcel_corners")


@pytest.mark.parametrize(("edit", "says"), [
    (('name = "parcel_corners"', 'name = "other"'), "has no model named 'parcel_corners'"),
    (("[[models]]", "[[models]"), "; restore it from the repository."),
    (("input = ", "inputs = "), "lacks a good 'input'"),
    (('file = "parcel_corners.onnx"', 'file = "gone.onnx"'), "gone.onnx is missing"),
])
def test_a_bad_manifest_is_refused_in_one_sentence(tmp_path: Path, edit: tuple[str, str], says: str) -> None:
    with pytest.raises(ModelError) as caught:
        load_model(copy_models(tmp_path, edit), "parcel_corners")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    copy_models(tmp_path)
    (tmp_path / "parcel_corners.onnx").write_bytes(b"no model")
    line = load_model(MODELS, "parcel_corners").line
    manifest = (tmp_path / "manifest.toml").read_text()
    (tmp_path / "manifest.toml").write_text(manifest.replace(line.sha256, hashlib.sha256(b"no model").hexdigest()))
    with pytest.raises(ModelError, match="no model that onnxruntime can load"):
        load_model(tmp_path, "parcel_corners")


def test_a_net_with_swapped_channels_is_refused() -> None:
    model = measurer().model
    swapped = (CHANNELS[1], CHANNELS[0], *CHANNELS[2:])
    with pytest.raises(ModelError, match="this version needs top_corner, base_corner"):
        check_channels(Model(replace(model.line, classes=swapped), model.session))


def test_training_targets_lie_in_the_order_of_the_channels() -> None:
    """A tall box: its top lies above its base in the picture, and each target channel says so."""
    for number in range(40):
        targets = sample(number).targets.astype(float)
        top, base, parcel, face = (targets[CHANNELS.index(c)] for c in CHANNELS[:4])
        if face.sum() == 0 or face.sum() > 0.5 * parcel.sum() or targets[4:].any():
            continue
        rows = np.arange(targets.shape[1])
        heights = [float((channel.sum(axis=1) * rows).sum() / channel.sum()) for channel in (top, face, parcel, base)]
        assert heights[0] < heights[2] < heights[3]
        assert heights[1] < heights[2]
        return
    pytest.fail("no tall box among the first samples")


def test_each_peak_channel_feeds_its_own_corners() -> None:
    """Peaks only in top_corner may explain only the four top corners of the box, and so for the base."""
    seen, box = blank_seen(), np.array([0.0, 0.0, 0.3, 300.0, 200.0, 150.0])
    spots, shown = seen.cells.project(box_points(box)), corners_seen(box, seen.cells.centre())
    for channel, numbers in (("top_corner", range(4, 8)), ("base_corner", range(4))):
        maps = {c: np.full_like(seen.maps[c], 1e-4) for c in CHANNELS}
        for n in numbers:
            draw_peak(maps[channel], spots[n])
        sights = corner_sights(replace(seen, maps=maps), box, 2.0)
        used = {int(sight.blend[0].argmax()) for sight in sights}
        assert used == {n for n in numbers if shown[n]}
        assert all(np.abs(s.pixel[0] - spots[int(s.blend[0].argmax())]).max() < 0.1 for s in sights)


def test_peaks_are_found_to_a_tenth_of_a_cell() -> None:
    heat = np.full((20, 30), 1e-4)
    draw_peak(heat, np.array([12.3, 7.8]))
    assert find_peaks(heat) == pytest.approx(np.array([[12.3, 7.8]]), abs=0.1)


def draw_peak(heat: npt.NDArray[np.float64], spot: npt.NDArray[np.float64]) -> None:
    y, x = np.mgrid[0:heat.shape[0], 0:heat.shape[1]]
    np.maximum(heat, np.exp(-((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / (2 * 1.3 ** 2)), out=heat)


def blank_seen() -> Seen:
    raw = mounted(rig().camera("left"))
    cells = cell_view(canonical_view(raw, rig().zone_mm, TALL_MM, NET_PX))
    blank = np.zeros((cells.size_px[1], cells.size_px[0]))
    return Seen(raw, np.zeros((1080, 1920, 3), np.uint8), cells, {c: blank.copy() for c in CHANNELS})
