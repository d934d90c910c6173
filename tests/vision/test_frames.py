import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from tests.vision.mjpeg import Picture, serving
from vision import frames
from vision.frames import Camera


def noisy(seed: int, grey: float = 90.0) -> Picture:
    rng = np.random.default_rng(seed)
    return np.clip(rng.normal(grey, grey / 8, (120, 160, 3)), 0, 255).astype(np.uint8)


PICTURES = [noisy(n) for n in range(4)]


def until(true: Callable[[], bool], seconds: float = 8.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def reading(source: str) -> Iterator[Camera]:
    camera = Camera("left", source)
    camera.start()
    try:
        yield camera
    finally:
        camera.stop()


def test_the_newest_frame_comes_with_its_age() -> None:
    with serving({"left": PICTURES}, 0.05) as server, reading(server.url("left")) as camera:
        assert camera.state() in ("starting", "ok")
        frame = camera.fresh(1.0, 8.0)
        assert frame is not None
        assert frame.picture.shape == (120, 160, 3)
        assert 0 <= frame.age_ms() < 1000
        assert until(lambda: camera.state() == "ok" and camera.fps() > 2)
        later = camera.fresh(1.0, 8.0)
        assert until(lambda: (camera.newest() or frame).number > frame.number)
        assert later is not None


def test_a_lost_camera_is_lost_and_comes_back() -> None:
    with serving({"left": PICTURES}, 0.05) as server, reading(server.url("left")) as camera:
        assert camera.fresh(1.0, 8.0) is not None
        server.lost.add("left")
        assert until(lambda: camera.state() == "lost")
        assert camera.newest() is None
        assert camera.fps() == 0
        server.lost.clear()
        assert until(lambda: camera.state() == "ok")


def test_a_stream_that_ended_is_lost_sooner_than_one_that_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("vision.frames.time.monotonic", lambda: now[0])
    camera = Camera("left", "nowhere")
    camera._keep(PICTURES[0], 0.0)
    now[0] += frames.ENDED_S + 0.1
    assert camera.state() == "ok"
    camera._failed = True
    assert camera.state() == "lost"
    camera._failed = False
    now[0] += frames.STALE_S
    assert camera.state() == "lost"


def test_a_camera_that_never_was_there_is_lost_and_stops_quickly() -> None:
    with reading("http://127.0.0.1:9/left.mjpg") as camera:
        assert until(lambda: camera.state() == "lost")
        assert camera.fresh(1.0, 0.05) is None


def test_dark_is_seen() -> None:
    with serving({"left": [noisy(n, 4.0) for n in range(3)]}, 0.05) as server, reading(server.url("left")) as camera:
        assert camera.fresh(1.0, 8.0) is not None
        assert camera.state() == "dark"


def test_a_picture_that_never_changes_is_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "FROZEN_S", 0.3)
    with serving({"left": PICTURES[:1]}, 0.05) as server, reading(server.url("left")) as camera:
        assert until(lambda: camera.state() == "frozen")
        server.show("left", PICTURES)
        assert until(lambda: camera.state() == "ok")
