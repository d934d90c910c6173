"""Video files and streams through the whole chain, and what cannot be watched in one sentence."""
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.vision.guard.painted import ROOT, SIZE, Painted, Picture, backdrop, floor, own_floor, paint
from tests.vision.mjpeg import serving
from vision.guard import video
from vision.guard.command import verb
from vision.guard.detect import Detection
from vision.guard.film import FilmError
from vision.guard.floor import FloorError
from vision.guard.records import Event, Kind
from vision.guard.video import VideoError, check_file, interruptible, watch

GROUND = backdrop()


def written(path: Path, pictures: Iterable[Picture], fps: float = 10.0) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, SIZE)
    for picture in pictures:
        writer.write(picture)
    writer.release()
    return path


def meeting(fps: float) -> Iterable[Picture]:
    """Four quiet seconds, then a truck and a walker who meet after three more."""
    for n in range(round(7 * fps)):
        s = max(0.0, n / fps - 4)
        things = [(Kind.FORKLIFT, (3.0, 8.5 - 1.5 * s)), (Kind.PERSON, (3.0 - 1.4 * (3 - s), 3.6))]
        yield paint(floor(), things if n / fps >= 4 else [], GROUND, n)


def told_of(path: Path, picture: Path | None = None) -> list[Event]:
    told: list[Event] = []
    watch(str(path), floor(), ROOT / "models", told.append, picture, Painted())
    return told


@pytest.mark.parametrize("fps", [10.0, 25.0])
def test_a_meeting_is_told_with_seconds_from_the_first_frame_and_filmed(fps: float, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    told = told_of(written(tmp_path / "meeting.avi", meeting(fps), fps), film)
    collisions = [event for event in told if event.kind == "collision"]
    assert collisions
    assert 4.0 < collisions[0].t < 6.5
    shown = cv2.VideoCapture(str(film))
    assert (shown.get(cv2.CAP_PROP_FRAME_WIDTH), shown.get(cv2.CAP_PROP_FRAME_HEIGHT)) == (1000, 360)
    assert shown.get(cv2.CAP_PROP_FRAME_COUNT) == pytest.approx(70, abs=3)
    assert list(tmp_path.glob(".*")) == []


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = written(tmp_path / "meeting.avi", meeting(10))
    assert [event.line() for event in told_of(path)] == [event.line() for event in told_of(path)]


def test_a_camera_that_is_covered_and_one_that_freezes_are_told(tmp_path: Path) -> None:
    quiet = [paint(floor(), [], GROUND, n) for n in range(5)]
    cap = [np.full_like(GROUND, 60 + n % 3) for n in range(3)]
    covered = [quiet[n % 5] for n in range(45)] + [cap[n % 3] for n in range(50)]
    frozen = [quiet[n % 5] for n in range(45)] + [quiet[0]] * 60
    assert [event.kind for event in told_of(written(tmp_path / "covered.avi", covered))] == ["camera_covered"]
    assert [event.kind for event in told_of(written(tmp_path / "frozen.avi", frozen))] == ["camera_frozen"]


def test_a_stream_is_watched_and_one_that_never_begins_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"dock": [paint(floor(), [], GROUND, n) for n in range(5)]}) as server:
        shots = video.stream(server.url("dock"))
        picture, first = next(shots)
        assert picture is not None
        assert first == 0.0
        server.lost.add("dock")
        assert any(next(shots)[0] is None for _ in range(200))
        shots.close()  # type: ignore[attr-defined]  # a generator is closed before its end
    monkeypatch.setattr(video, "BEGINS_S", 0.5)
    with pytest.raises(VideoError, match="gives no picture"):
        watch("http://127.0.0.1:9/none.mjpg", floor(), ROOT / "models", lambda _: None, None, Painted())


class Told(Painted):
    """Sees what is painted, until somebody ends the process from outside at the tenth picture."""

    def __init__(self) -> None:
        self.left = 10

    def detect(self, picture: Picture) -> list[Detection]:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGTERM)
        return super().detect(picture)


def test_the_film_of_a_stream_is_kept_when_it_is_ended_and_half_a_file_is_not(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    with serving({"dock": [paint(floor(), [], GROUND, n) for n in range(5)]}, 0.02) as server, interruptible():
        watch(server.url("dock"), floor(), ROOT / "models", lambda _: None, film, Told())
    assert cv2.VideoCapture(str(film)).get(cv2.CAP_PROP_FRAME_COUNT) >= 9
    file = written(tmp_path / "long.avi", [GROUND] * 40)
    with pytest.raises(KeyboardInterrupt), interruptible():
        watch(str(file), floor(), ROOT / "models", lambda _: None, tmp_path / "half.mp4", Told())
    assert {path.name for path in tmp_path.iterdir()} == {"film.mp4", "long.avi"}


def test_a_film_does_not_replace_what_it_is_drawn_from(tmp_path: Path) -> None:
    file = written(tmp_path / "one.avi", [GROUND])
    (tmp_path / "link.avi").symlink_to(file)
    before = file.read_bytes()
    with pytest.raises(VideoError, match="would replace"):
        told_of(file, tmp_path / "link.avi")
    assert file.read_bytes() == before


def test_addresses_are_refused_in_one_line_each_without_their_passwords() -> None:
    """In a process of its own: a decoder learns once how much it may say."""
    refused = subprocess.run([sys.executable, "-c", (
        "import sys; from pathlib import Path; from tests.vision.guard.painted import Painted, floor\n"
        "from vision.guard import video; video.BEGINS_S = 1.0\n"
        "for address in sys.argv[1:]:\n"
        "    try: video.watch(address, floor(), Path(), print, None, Painted())\n"
        "    except video.VideoError as error: print(error)"),
        "http://admin:s3cret@127.0.0.1:9/x?pwd=s3cret", "udp://admin:s3cret@127.0.0.1:9", "file:///clip.avi"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert refused.stderr == ""
    dead, other, file = refused.stdout.splitlines()
    assert dead.startswith("http://…@127.0.0.1:9/x?… gives no picture")
    assert other.startswith("udp://…@127.0.0.1:9 is no address")
    assert file.startswith("file:///clip.avi is no address")


def test_what_cannot_be_watched_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    os.mkfifo(tmp_path / "pipe.mp4")
    other = tmp_path / "small.avi"
    writer = cv2.VideoWriter(str(other), cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 180))
    writer.write(np.zeros((180, 320, 3), np.uint8))
    writer.release()
    for path, says in ((text, "holds no picture"), (tmp_path / "none.mp4", "does not exist"),
                       (tmp_path / "pipe.mp4", "no file with an end"), (tmp_path, "no file with an end")):
        with pytest.raises(VideoError, match=says):
            told_of(path)
    with pytest.raises(FloorError, match="is 320 x 180 pixels but"):
        told_of(other)
    long = written(tmp_path / "long.avi", [GROUND] * 40)
    monkeypatch.setattr(video, "LONGEST_S", 2.0)
    with pytest.raises(VideoError, match="does not end within a day"):
        told_of(long)
    with pytest.raises(FilmError, match="cannot be written"):
        told_of(written(tmp_path / "one.avi", [GROUND]), tmp_path / "no" / "film.mp4")
    check_file(long)


def test_the_command_asks_for_one_thing_to_watch(tmp_path: Path) -> None:
    here = own_floor(tmp_path, "none")
    for words, says in (((), "either a video or"), (("x.mp4", "--tracks", "y"), "either a video or"),
                        (("--tracks", "y", "--picture", "z.mp4"), "holds no pictures")):
        with pytest.raises(ValueError, match=says):
            verb(ROOT / "models")([*words, "--floor", str(here)], standalone_mode=False)
