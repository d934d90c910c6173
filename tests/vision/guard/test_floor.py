import tomllib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.branch import HOUSE
from vision.guard.floor import FloorError, load_floor, parse_floor
from vision.guard.viewpoint import LEAST_RESIDUAL_M, homography
from vision.guard.zones import parse_period

FILE = HOUSE / "config" / "floor.toml"
GOOD = FILE.read_text(encoding="utf-8")
FIRST = "pixel = [120.0, 690.0]\nmetre = [0.0, 2.0]"
TRUE = np.array([[0.011, 0.0004, -6.0], [0.0002, -0.021, 16.0], [0.00002, 0.0015, 0.2]])


def seen(metre: tuple[float, float]) -> tuple[float, float]:
    u, v, w = np.linalg.inv(TRUE) @ (*metre, 1.0)
    return float(u / w), float(v / w)


def test_the_example_floor_reads() -> None:
    floor = load_floor(FILE)
    assert floor.viewpoint.size_px == (1280, 720)
    assert [zone.name for zone in floor.plane.zones] == ["leveller", "fire door", "back room", "deposit shelf"]
    point, covariance = floor.viewpoint.locate((120.0, 690.0), np.eye(2) * 16)
    assert point == pytest.approx([0.0, 2.0], abs=1e-6)
    assert 0 < covariance[0, 0] < covariance[1, 1] < 0.25


def test_what_the_camera_cannot_see_of_a_zone_is_stated() -> None:
    unseen = load_floor(FILE).unseen()
    assert unseen["leveller"] > 0.5
    assert "back room" not in unseen


def test_least_squares_finds_the_homography_through_noise_and_says_its_residual() -> None:
    rng = np.random.default_rng(5)
    metres = [(float(x), float(y)) for x in (0, 3, 6) for y in (2, 5, 8, 11)]
    noisy = [(x + rng.normal(0, 0.05), y + rng.normal(0, 0.05)) for x, y in metres]
    matrix, residual = homography([seen(metre) for metre in metres], noisy)
    assert 0.03 < residual < 0.08
    u, v, w = matrix @ (*seen((4.0, 6.0)), 1.0)
    assert (u / w, v / w) == pytest.approx((4.0, 6.0), abs=0.08)
    exact, least = homography([seen(metre) for metre in metres], metres)
    assert least == LEAST_RESIDUAL_M
    assert exact / exact[2, 2] == pytest.approx(TRUE / TRUE[2, 2], rel=1e-5, abs=1e-6)


def test_the_covariance_of_a_floor_point_is_what_noisy_pixels_scatter() -> None:
    floor, rng = load_floor(FILE).viewpoint, np.random.default_rng(3)
    _, covariance = floor.locate((500.0, 400.0), np.diag([9.0, 16.0]))
    draws = [floor.locate((500 + rng.normal(0, 3), 400 + rng.normal(0, 4)), np.eye(2))[0] for _ in range(4000)]
    scatter = np.cov(np.array(draws).T)
    assert covariance - np.eye(2) * floor.residual_m ** 2 == pytest.approx(scatter, rel=0.15, abs=1e-4)


def test_pixel_and_metre_are_each_others_inverse_and_the_sky_is_no_floor() -> None:
    view = load_floor(FILE).viewpoint
    assert view.pixel((3.0, 5.0)) is not None
    there = view.pixel((3.0, 5.0))
    assert there is not None
    assert view.locate(there, np.eye(2))[0] == pytest.approx([3.0, 5.0])
    with pytest.raises(ValueError, match="horizon"):
        view.locate((640.0, -4000.0), np.eye(2))


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(FloorError, match=r"640 x 480 pixels but camera\.size_px says 1280 x 720"):
        load_floor(FILE).check_size((640, 480))


@pytest.mark.parametrize(("before", "after", "names"), [
    ("size_px = [1280, 720]", "size_px = [1280, 7.5]", "camera.size_px"),
    ("size_px = [1280, 720]", "size_px = [640, 480]", r"floor.points\[0\].pixel lies outside"),
    ('name = "dock"', 'name = ""', "camera.name is empty"),
    ('source = "rtsp://127.0.0.1:8554/dock"\n', "", "camera.source is missing"),
    (FIRST, "pixel = [120.0, 690.0]\nmetre = [nan, 2.0]", r"floor.points\[0\].metre needs two finite"),
    (FIRST, "pixel = [120.0, 690.0]\nmetre = [1" + "0" * 400 + ", 2.0]", r"floor.points\[0\].metre needs two finite"),
    (FIRST, "pixel = [120.0, 690.0]\nmetre = [0.0]", r"floor.points\[0\].metre needs two numbers"),
    ("[[floor.points]]\n" + FIRST, "", "3 points but needs four"),
    ("metre = [6.0, 10.0]", "metre = [6.0, 2.0]", "floor.points cannot be used"),
    ("metre = [6.0, 10.0]", "metre = [60.0, -70.0]", "floor.points cannot be used"),
    ('kind = "danger"', 'kind = "lava"', r"zones\[0\].kind"),
    ('name = "fire door"', 'name = "leveller"', "zones name leveller appears twice"),
    ("[[0, 0], [4, 0], [4, 3], [0, 3]]", "[[0, 0], [4, 3], [4, 0], [0, 3]]", "crosses itself"),
    ("[[0, 0], [4, 0], [4, 3], [0, 3]]", "[[0, 0], [4, 0]]", "2 corners"),
    ("[[0, 0], [4, 0], [4, 3], [0, 3]]", "[[0, 0], [4, 0], [4, 0], [0, 3]]", "one corner twice"),
    ("[[0, 0], [4, 0], [4, 3], [0, 3]]", "[[0, 0], [4, 0], [8, 0]]", "encloses no floor"),
    ("Mon-Fri 18:00-08:00", "Mon-Fry 18:00-08:00", "'Fry'"),
    ("Mon-Fri 18:00-08:00", "Mon-Fri 25:00-08:00", "25:00"),
    ("Mon-Fri 18:00-08:00", "evenings", "not a period"),
    ("Mon-Fri 18:00-08:00", "18:00-18:00", "is empty"),
    ('timezone = "Asia/Seoul"\n', "", "timezone is missing"),
    ('"Asia/Seoul"', '"Asia/Atlantis"', "timezone"),
    ("speed_limit_mps = 2.2", "speed_limit_mps = nan", "speed_limit_mps"),
    ("speed_limit_mps = 2.2", "speed_limit = 2.2", "speed_limit is not a known key"),
    ("[camera]", "[camera", "TOML"),
])
def test_a_bad_floor_is_refused_in_one_sentence_with_file_and_key(
        tmp_path: Path, before: str, after: str, names: str) -> None:
    assert before in GOOD
    path = tmp_path / "floor.toml"
    path.write_text(GOOD.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(FloorError, match=names) as caught:
        load_floor(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("metres", [
    [(0, 0), (1, 1), (2, 2), (3, 3)], [(0, 0), (1, 1), (2, 2), (5, 0)], [(0, 0), (0, 0), (4, 0), (4, 4)]])
def test_collinear_or_doubled_points_are_refused(metres: list[tuple[float, float]]) -> None:
    document = tomllib.loads(GOOD)
    pixels = [[100 + 80 * x, 100 + 90 * y] for x, y in metres]
    document["floor"]["points"] = [{"pixel": p, "metre": list(m)} for p, m in zip(pixels, metres, strict=True)]
    with pytest.raises(FloorError, match="one line"):
        parse_floor(document)


def test_nearly_collinear_points_of_a_real_tape_are_refused() -> None:
    rng = np.random.default_rng(1)
    metres = [(float(n), float(n) * 0.5 + rng.normal(0, 0.01)) for n in range(6)]
    with pytest.raises(ValueError, match="line"):
        homography([(100 + 150 * x, 600 - 60 * x + rng.normal(0, 0.5)) for x, _ in metres], metres)


@pytest.mark.parametrize(("period", "when", "holds"), [
    ("Mon-Fri 18:00-08:00", "2026-11-20 18:00", True),   # Friday
    ("Mon-Fri 18:00-08:00", "2026-11-21 07:59", True),   # the night that began on Friday
    ("Mon-Fri 18:00-08:00", "2026-11-21 08:00", False),
    ("Mon-Fri 18:00-08:00", "2026-11-23 07:00", False),  # Monday before dawn: Sunday's night is not named
    ("Sat-Mon 00:00-24:00", "2026-11-22 12:00", True),
    ("Sat-Mon 00:00-24:00", "2026-11-24 00:00", False),
    ("22:00-00:00", "2026-11-24 23:59", True),
    ("22:00-00:00", "2026-11-25 00:00", False),
])
def test_periods(period: str, when: str, holds: bool) -> None:
    assert parse_period(period).holds(datetime.fromisoformat(when)) is holds  # local wall clock


def test_hours_are_the_floors_own() -> None:
    plane = load_floor(FILE).plane
    assert plane.timezone == ZoneInfo("Asia/Seoul")
    room = plane.zones[2]
    evening = datetime(2026, 11, 19, 9, 30, tzinfo=UTC).timestamp()  # Thursday 18:30 in Seoul
    assert room.guarded(plane.local(evening))
    assert not room.guarded(plane.local(evening - 3600))
