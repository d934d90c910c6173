"""Calibrating a camera with the board that the bench holds; what the rig remembers; a knock that is told."""

import time
from dataclasses import replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest

from devices.bench.board import with_board
from devices.bench.cameras import frames
from tests.vision.table import BOX, measurer, rig
from vision.frames import Camera as FrameCamera
from vision.frames import Frame
from vision.measure import board
from vision.measure.camera import Pinhole, look_at
from vision.measure.guide import Guide, GuideError, Lens, Step, tilt
from vision.measure.rig import Camera
from vision.measure.upkeep import Knock, Upkeep
from vision.measure.worker import Worker
from vision.scene.table import TableScene, render
from vision.serve import RequestError

TRUE = replace(rig().camera("left"), matrix=(1128.0, 1128.0, 951.0, 549.0))
ROOM = np.full((1080, 1920, 3), 96, np.uint8)
LENS = Lens((1100.0, 1101.0, 950.0, 545.0), (-0.05, 0.01, 0.0, 0.0, 0.0), 0.2, 14)


def shown(guide: Guide, camera: Camera, poses: range) -> Step:
    for pose in poses:
        picture = with_board(ROOM, camera, pose)
        step = guide.look(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8))
    return step


@pytest.fixture(scope="module")
def guide() -> Guide:
    """A guide that was shown a round of poses."""
    made = Guide(TRUE.size_px)
    assert shown(made, TRUE, range(14)).ready
    return made


def test_the_guide_finds_the_lens_of_the_camera(guide: Guide) -> None:
    lens = guide.solve()
    assert lens.matrix == pytest.approx(TRUE.matrix, abs=6.0)
    assert max(abs(v) for v in lens.distortion[:2]) < 0.02
    assert lens.residual_px < 0.4
    assert lens.views == len(guide.views)


def test_the_map_shows_where_the_board_was(guide: Guide) -> None:
    step = guide.step()
    assert (step.hint, step.views) == ("ready", len(guide.views))
    assert sum(cell > 0 for cell in step.cells) >= 32
    assert sum(step.cells) == sum(len(view.pixels) for view in guide.views)


def sight(rng: np.random.Generator, scale: float, at: tuple[float, float], lean: float = 0.0) -> board.Sight:
    """The board where that places it, px; `lean` makes one of its edges that much longer than the other."""
    own = np.asarray(board.board().getChessboardCorners(), np.float64)
    flat = own[:, :2] * scale / (1 + lean * (own[:, :1] / 360 - 0.5))
    return board.Sight(np.arange(len(own)), own, flat + np.array(at) + rng.normal(0, 0.1, flat.shape))


@pytest.mark.parametrize("corner", [False, True], ids=["face on", "in one corner"])
def test_whoever_showed_the_wrong_views_at_first_can_still_end_it(
    monkeypatch: pytest.MonkeyPatch, corner: bool
) -> None:
    """However many views are kept, better ones take the place of those that add nothing."""
    rng, shown_now = np.random.default_rng(1), list[board.Sight]()
    monkeypatch.setattr("vision.measure.guide.find_board", lambda _: shown_now[-1])
    made = Guide((1920, 1080))

    def look(scale: float, x: float, y: float, lean: float) -> Step:
        shown_now.append(sight(rng, scale, (x, y), lean))
        return made.look(np.zeros((1, 1), np.uint8))

    for n in range(100):
        lean = 0.4 if corner else 0.0
        span = (300, 150) if corner else (1400, 700)
        step = look(rng.uniform(0.7, 1.2) + n % 2, rng.uniform(0, span[0]), rng.uniform(0, span[1]), lean)
    assert step.views == 40 or corner
    assert (step.ready, step.hint) == (False, "fill" if corner else "tilt")
    before = step.cells
    for _ in range(40):
        step = look(rng.uniform(1, 2), rng.uniform(0, 1400), rng.uniform(0, 700), rng.uniform(0.2, 0.6))
    assert (step.ready, step.hint) == (True, "ready")
    assert step.views <= 40
    assert step.cells != before


def test_the_same_view_is_kept_once_and_advice_follows() -> None:
    fresh = Guide(TRUE.size_px)
    blank = fresh.look(np.asarray(ROOM[..., 0]))
    assert (blank.views, blank.hint, blank.ready) == (0, "show", False)
    assert shown(fresh, TRUE, range(1)).views == 1
    assert shown(fresh, TRUE, range(1)).views == 1
    with pytest.raises(GuideError, match="empty") as caught:
        fresh.solve()
    assert caught.value.why == "few"


def test_a_board_face_on_has_no_tilt_and_one_that_leans_has(guide: Guide) -> None:
    flat = board.find_board(board.picture(2.0))
    assert flat is not None
    assert tilt(flat) == pytest.approx(0, abs=0.01)
    assert max(tilt(view) for view in guide.views) > 0.1


def test_the_bench_shows_the_board_to_its_cameras() -> None:
    bare, held = (frames(TableScene(None, 0), rig(), "left", range(1), pose)[0] for pose in (None, 5))
    seen = [board.find_board(np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8))
            for jpeg in (bare, held)]  # fmt: skip
    assert seen[0] is None
    assert seen[1] is not None
    assert len(seen[1].numbers) == 40


def test_views_that_contradict_each_other_make_no_lens(guide: Guide) -> None:
    rng = np.random.default_rng(5)
    shaken = Guide(guide.size_px, [replace(v, pixels=v.pixels + rng.normal(0, 3, v.pixels.shape)) for v in guide.views])
    with pytest.raises(GuideError, match="do not agree") as caught:
        shaken.solve()
    assert caught.value.why == "spread"
    assert (caught.value.residual_px or 0) > 0.6


@pytest.mark.parametrize(("lean", "why"), [(0.25, "loose"), (0.6, "")])
def test_views_that_hardly_tilt_leave_the_focal_length_open(lean: float, why: str) -> None:
    own = np.asarray(board.board().getChessboardCorners(), np.float64)
    rng, views = np.random.default_rng(1), list[board.Sight]()
    for _ in range(16):
        away = rng.uniform(350, 700)
        shift = np.array([rng.uniform(-0.75, 0.75) * away, rng.uniform(-0.4, 0.4) * away, away])
        seen, _ = cv2.projectPoints(own - [180, 120, 0], rng.uniform(-lean, lean, 3), shift, TRUE.matrix3(), None)
        spots = seen.reshape(-1, 2) + rng.normal(0, 0.3, (len(own), 2))
        inside = ((spots > 0) & (spots < TRUE.size_px)).all(axis=1)
        views += [board.Sight(np.nonzero(inside)[0], own[inside], spots[inside])] if inside.sum() >= 12 else []
    made = Guide(TRUE.size_px, views)
    assert made.step().ready
    if not why:
        assert made.solve().matrix[0] == pytest.approx(TRUE.matrix[0], rel=0.006)
        return
    with pytest.raises(GuideError, match="focal length open") as caught:
        made.solve()
    assert caught.value.why == why


@pytest.mark.parametrize("name", ["board.pdf", "board.png"])
def test_the_board_is_written_to_be_printed_at_its_size(tmp_path: Path, name: str) -> None:
    told = board.write_board(tmp_path / name)
    assert "390 x 270 mm" in told
    assert (tmp_path / name).stat().st_size > 5000


def test_a_board_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(board.BoardError, match=r"\.pdf or \.png"):
        board.write_board(tmp_path / "board.svg")
    with pytest.raises(board.BoardError, match="another folder"):
        board.write_board(tmp_path / "no" / "board.png")


class Still:
    """A camera that shows one picture at a time."""

    def __init__(self) -> None:
        self.picture = ROOM

    def state(self) -> str:
        """Well."""
        return "ok"

    def newest(self) -> Frame:
        """The picture, as of now."""
        return Frame(self.picture, time.monotonic(), 1)

    def fresh(self, no_older_s: float, within_s: float) -> Frame:
        """The same."""
        return self.newest()

    def stop(self) -> None:
        """Nothing runs."""


def test_the_worker_guides_solves_uses_and_remembers(tmp_path: Path) -> None:
    camera, upkeep = Still(), Upkeep(tmp_path / "kept.json")
    own = replace(rig(), cameras=(TRUE,))
    cameras = cast("dict[str, FrameCamera]", {"left": camera})
    worker = Worker(own, replace(measurer(), rig=own), cameras, tmp_path / "preview", upkeep)
    try:
        assert worker.guide("left", "begin")["hint"] == "show"
        assert worker.guide("left", "solve") == {"solved": False, "why": "few", "residual_px": None}
        for pose in range(14):
            camera.picture = with_board(ROOM, TRUE, pose)
            step = worker.guide("left", "look")
        assert step["ready"] is True
        assert worker.guide("left", "solve")["solved"] is True
        assert worker.measurer.rig.camera("left").matrix == upkeep.lenses["left"].matrix != TRUE.matrix
        with pytest.raises(RequestError, match="measure once"):
            worker.settle()
        with pytest.raises(RequestError, match="left"):
            worker.guide("middle", "look")
    finally:
        worker.close()


def test_the_worker_tells_a_knock_at_the_next_measure(tmp_path: Path) -> None:
    camera, upkeep = Still(), Upkeep(tmp_path / "kept.json")
    own = replace(rig(), cameras=(rig().camera("left"),))
    cameras = cast("dict[str, FrameCamera]", {"left": camera})
    worker = Worker(own, replace(measurer(), rig=own), cameras, tmp_path / "preview", upkeep)
    try:
        for x, told in ((-707.0, []), (-680.0, ["left"])):
            rotation, translation = look_at(np.array([x, 707.0, 1000.0]), np.array([0.0, 0.0, 80.0]))
            pose = Pinhole(own.cameras[0].matrix3(), rotation, translation, own.cameras[0].size_px)
            camera.picture = render(TableScene(BOX, 0), rig(), "left", pose)
            knocked = worker.measure()["knocked"]
            assert [each["camera"] for each in knocked] == told  # type: ignore[attr-defined]  # JSON values
        assert worker.settle() == {"settled": ["left"]}
        assert worker.measure()["knocked"] == []
    finally:
        worker.close()


def at(x: float, degrees: float = 0.0) -> Pinhole:
    rotation, translation = look_at(np.array([x, 707.0, 1000.0]), np.zeros(3), np.radians(degrees))
    return Pinhole(TRUE.matrix3(), rotation, translation, TRUE.size_px)


def test_a_lens_and_a_stand_are_remembered(tmp_path: Path) -> None:
    one = Upkeep(tmp_path / "kept.json")
    one.calibrated("left", LENS)
    one.settled({"left": at(-707)})
    again = Upkeep(tmp_path / "kept.json").load()
    assert again == one
    assert again.applied(rig()).camera("left").matrix == LENS.matrix
    assert again.applied(rig()).camera("right") == rig().camera("right")
    again.calibrated("left", LENS)
    assert again.stands == {}


def test_a_knocked_camera_is_told_until_it_is_settled(tmp_path: Path) -> None:
    kept = Upkeep(tmp_path / "kept.json")
    assert kept.knocked({"left": at(-707)}) == []
    assert kept.knocked({"left": at(-705)}) == []
    (turned,) = kept.knocked({"left": at(-707, 0.5)})
    assert turned.camera == "left"
    assert turned.degrees == pytest.approx(0.5, abs=0.02)
    (pushed,) = Upkeep(tmp_path / "kept.json").load().knocked({"left": at(-690)})
    assert pushed.mm == pytest.approx(17, abs=0.1)
    kept.settled({"left": at(-690)})
    assert kept.knocked({"left": at(-690)}) == []


NO_LENS, NO_TABLES = '{"lenses": {"left": {}}, "stands": {}}', '{"lenses": [], "stands": 1}'
NAN = """{"lenses": {"left": {"matrix": [NaN, 1, 1, 1], "distortion": [0, 0, 0, 0, 0], "residual_px": 0, "views": 1}},
"stands": {}}"""


@pytest.mark.parametrize("text", ["", "{", "[]", NO_LENS, NO_TABLES, NAN])
def test_a_damaged_file_is_laid_aside_and_told_as_a_knock_until_somebody_settles(tmp_path: Path, text: str) -> None:
    (tmp_path / "kept.json").write_text(text)
    kept = Upkeep(tmp_path / "kept.json").load()
    assert (kept.lenses, kept.stands, kept.doubted) == ({}, {}, True)
    assert (tmp_path / "kept.json.damaged").read_text() == text
    again = Upkeep(tmp_path / "kept.json").load()
    assert again.knocked({"left": at(-707)}) == [Knock("left", None, None)]
    again.settled({"left": at(-707)})
    assert Upkeep(tmp_path / "kept.json").load().knocked({"left": at(-707)}) == []


def test_a_changed_figure_does_not_fit_its_checksum_and_no_file_is_no_damage(tmp_path: Path) -> None:
    one = Upkeep(tmp_path / "kept.json").load()
    assert not one.doubted
    one.calibrated("left", LENS)
    assert (tmp_path / "kept.json").stat().st_mode & 0o777 == 0o600
    text = (tmp_path / "kept.json").read_text()
    (tmp_path / "kept.json").write_text(text.replace("1100.0", "1150.0"))
    assert Upkeep(tmp_path / "kept.json").load().doubted


def test_a_lens_of_another_picture_size_is_not_used(tmp_path: Path) -> None:
    kept = Upkeep(tmp_path / "kept.json")
    for size, used in (((1280, 720), False), (rig().camera("left").size_px, True), (None, True)):
        kept.calibrated("left", replace(LENS, size_px=size))
        again = Upkeep(tmp_path / "kept.json").load()
        assert again.lenses["left"].size_px == size
        assert (again.applied(rig()).camera("left").matrix == LENS.matrix) is used
