"""The drawn dock as a file goes through the command that watches files."""

from pathlib import Path

import pytest

from devices.bench import dock, dock_film
from vision.guard.floor import load_floor
from vision.guard.video import recording


def test_the_dock_as_a_file_has_its_floor_and_its_scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dock_film, "QUIET_S", 0.4)
    monkeypatch.setitem(dock.SCENES, "person_lies_down", (dock.lies, 0.2, 0.5))
    video, floor = dock_film.write(tmp_path / "demo", ["person_lies_down"])
    fps, frames = recording(video)
    shots = list(frames)
    assert fps == pytest.approx(10.0)
    assert len(shots) == 4 + 2 + 5 + 4
    picture = shots[0][0]
    assert picture is not None
    load_floor(floor).check_size((picture.shape[1], picture.shape[0]))
