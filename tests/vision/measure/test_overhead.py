"""An overhead depth camera that fails: boxes are measured without it, and it is named."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest

from tests.vision.measure.gallery import Shell, line, write
from tests.vision.table import BOX, RIG_FILE, box_frames, measurer, rig
from tests.vision.test_worker import Still
from vision.frames import Camera
from vision.measure.measure import Measurer
from vision.measure.rig import DepthCamera, load_rig
from vision.measure.worker import Worker
from vision.scene.depth import render_depth
from vision.scene.table import TableScene

ABOVE = """
[[cameras]]
name = "above"
kind = "depth"
source = "file:above.png"
size_px = [320, 240]
matrix = [280.0, 280.0, 159.5, 119.5]
turn_rad = [3.141592653589793, 0.0, 0.0]
shift_mm = [0.0, 0.0, 1400.0]
"""


@pytest.fixture(scope="module")
def three(folder: Path) -> Measurer:
    """The bench's measurer with a depth camera overhead."""
    return replace(measurer(), rig=load_rig(folder / "rig.toml"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rig with three cameras and what each of them sees of a box."""
    made = tmp_path_factory.mktemp("above")
    (made / "rig.toml").write_text(RIG_FILE.read_text() + ABOVE)
    write(made, box_frames())
    depths = np.round(render_depth(TableScene(BOX, 0), camera(made))).astype(np.uint16)
    assert cv2.imwrite(str(made / "above.png"), depths)
    assert cv2.imwrite(str(made / "dead.png"), np.zeros_like(depths))
    assert cv2.imwrite(str(made / "small.png"), depths[:100])
    return made


def camera(folder: Path, file: str = "above.png") -> DepthCamera:
    depth = load_rig(folder / "rig.toml").depth
    assert depth is not None
    return replace(depth, source=f"file:{folder / file}")


def test_a_depth_picture_that_contradicts_the_rig_is_left_out_and_told(folder: Path, three: Measurer) -> None:
    alone = measurer().measure(box_frames()).answer
    dead = three.measure(box_frames(), np.zeros((240, 320), np.float32))
    assert dead.depth is not None
    assert dead.depth.state == "covered"
    assert replace(dead.answer, elapsed_ms=None) == replace(alone, elapsed_ms=None)
    assert dead.answer.answered
    tilted = replace(three, rig=replace(three.rig, depth=replace(camera(folder), turn_rad=(np.pi - 0.05, 0.0, 0.0))))
    depths = render_depth(TableScene(BOX, 0), camera(folder))
    knocked = tilted.measure({}, depths).depth
    assert knocked is not None
    assert knocked.state == "moved"
    assert three.measure({}, depths).depth is None


def test_a_running_measurer_tells_what_is_wrong_with_its_depth_camera(folder: Path) -> None:
    own = replace(rig(), depth=camera(folder, "dead.png"))
    cameras = cast("dict[str, Camera]", {name: Still(picture) for name, picture in box_frames().items()})
    worker = Worker(own, replace(measurer(), rig=own), cameras, folder / "preview")
    try:
        (folder / "dead.png").touch()
        assert worker.measure()["answered"] is True
        (folder / "dead.png").touch()
        assert cast("dict[str, str]", worker.status()["depth"])["state"] == "covered"
    finally:
        worker.close()


def test_the_command_names_a_depth_picture_that_is_not_of_this_table(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], folder: Path
) -> None:
    shell, own = Shell(monkeypatch, capfd), folder / "rig.toml"
    left, right = folder / "left.png", folder / "right.png"
    (answer,) = shell.measure(left, right, folder / "above.png", "--json", rig=own).answers()
    assert answer["answered"] is True
    complaint = shell.measure(left, right, folder / "dead.png", "--json", rig=own).refused()
    assert complaint.startswith(f"{folder / 'dead.png'}: The depth picture shows too little of the table")
    images = {name: f"{name}.png" for name in ("left", "right", "above")}
    lines = [line(images=images), line(id="b", images={**images, "above": "small.png"})]
    (folder / "scenes.jsonl").write_text("\n".join(lines))
    said = shell.measure("--batch", folder, "--json", rig=own)
    assert said.refused().startswith(f"{folder / 'scenes.jsonl'} line 2: {folder / 'small.png'} has 320 x 100 pixels")
    assert said.out == ""
