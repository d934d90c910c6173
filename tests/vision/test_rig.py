import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.vision.table import RIG_FILE, rig
from vision.measure.rig import RigError, Tag, load_rig, parse_rig

GOOD = RIG_FILE.read_text()


def test_the_bench_rig_reads() -> None:
    assert rig().zone_mm == (700.0, 700.0)
    assert len(rig().tags) >= 8
    assert {tag.side_mm for tag in rig().tags} == {50.0}
    assert [camera.name for camera in rig().cameras] == ["left", "right"]
    assert rig().camera("right").size_px == (1920, 1080)
    assert rig().approval is None


def test_an_approval_is_read() -> None:
    document = tomllib.loads(GOOD) | {"approval": {"number": "KTC-1", "until": date(2030, 1, 31)}}
    approval = parse_rig(document).approval
    assert approval is not None
    assert approval.until == date(2030, 1, 31)


def test_tag_corners_start_at_the_far_left_and_turn_counter_clockwise() -> None:
    assert Tag(0, (100.0, 200.0), 50.0, 0.0).corners()[0] == pytest.approx([75, 225, 0])
    assert Tag(0, (100.0, 200.0), 50.0, 0.0).corners()[1] == pytest.approx([125, 225, 0])
    assert Tag(0, (0.0, 0.0), 50.0, 90.0).corners()[0] == pytest.approx([-25, -25, 0], abs=1e-9)
    assert np.linalg.norm(Tag(0, (0.0, 0.0), 50.0, 33.0).corners()[0]) == pytest.approx(25 * 2 ** 0.5)


@pytest.mark.parametrize(("before", "after", "names"), [
    ("zone_mm = [700, 700]", "zone_mm = [700]", "table.zone_mm"),
    ("zone_mm = [700, 700]", "zone_mm = [700, -1]", "table.zone_mm"),
    ("zone_mm = [700, 700]", "zone = [700, 700]", "table.zone"),
    ("id = 3\n", "id = 2\n", "table.tags id 2"),
    ("id = 3\n", "id = 900\n", "table.tags[3].id"),
    ("id = 3\n", "", "table.tags[3].id"),
    ("id = 3\n", "id = true\n", "table.tags[3].id"),
    ("side_mm = 50.0\nangle_deg = 0.0\n\n[[table.tags]]\nid = 1",
     "side_mm = nan\nangle_deg = 0.0\n\n[[table.tags]]\nid = 1", "table.tags[0].side_mm"),
    ('name = "right"', 'name = "left"', "cameras name left"),
    ('name = "right"', "name = 4", "cameras[1].name"),
    ('name = "right"', 'name = "right"\ncolour = "red"', "cameras[1].colour"),
    ("distortion = [0.0, 0.0, 0.0, 0.0, 0.0]", "distortion = [0.0, 0.0, 0.0, 0.0]", "cameras[0].distortion"),
    ("matrix = [1150.0, 1150.0, 960.0, 540.0]", 'matrix = ["a", 1150.0, 960.0, 540.0]', "cameras[0].matrix"),
    ("matrix = [1150.0, 1150.0, 960.0, 540.0]", "matrix = [1150.0, 1150.0, 2960.0, 540.0]", "cameras[0].matrix"),
    ("matrix = [1150.0, 1150.0, 960.0, 540.0]", "matrix = [11.5, 11.5, 960.0, 540.0]", "cameras[0].matrix"),
    ("matrix = [1150.0, 1150.0, 960.0, 540.0]", "matrix = [1150.0, 115.0, 960.0, 540.0]", "cameras[0].matrix"),
    ("centre_mm = [-133.0, 400.0]", "centre_mm = [-395.0, 400.0]", "table.tags 0 and 1"),
    ("zone_mm = [700, 700]", "zone_mm = [700, 1e300]", "table.zone_mm"),
    ("centre_mm = [-133.0, 400.0]", "centre_mm = [-133.0, 4e11]", "table.tags[1].centre_mm"),
    ("[table]", "[desk]", "desk"),
    ("zone_mm = [700, 700]", "zone_mm = [700, 700", "TOML"),
])
def test_a_bad_rig_is_refused_in_one_sentence_with_file_and_key(
        tmp_path: Path, before: str, after: str, names: str) -> None:
    assert before in GOOD
    path = tmp_path / "rig.toml"
    path.write_text(GOOD.replace(before, after, 1))
    with pytest.raises(RigError) as caught:
        load_rig(path)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert names in sentence
    assert "\n" not in sentence


def test_a_missing_rig_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RigError, match="does not exist; copy"):
        load_rig(tmp_path / "rig.toml")
