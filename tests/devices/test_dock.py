"""The bench's dock camera: its floor file is true, its clock is true, its faults are in the pixels."""

from __future__ import annotations

import asyncio
import time
import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest

from devices.bench.dock import BITS, FPS, SCENES, DockPeer, Playhouse, clock_of, spoilt, stamped
from vision.frames import Camera
from vision.guard.evidence import coarsen, encoded
from vision.guard.floor import load_floor, parse_floor
from vision.guard.health import Fault
from vision.guard.lens import Lens

HOUSE = Playhouse()


def test_the_floor_file_is_that_of_the_camera() -> None:
    view = parse_floor(tomllib.loads(HOUSE.floor("http://x"))).viewpoint
    for spot in ((0.0, 5.0), (-2.0, 9.0), (3.0, 11.0)):
        at = HOUSE.stage.eye.pixel(np.array([*spot, 0.0]))
        assert at is not None
        found, _ = view.locate((float(at[0]), float(at[1])), np.eye(2))
        assert found == pytest.approx(spot, abs=0.02)


def test_the_clock_survives_the_picture() -> None:
    quiet = HOUSE.quiet[0]
    before = int(time.monotonic() * 1000)
    jpeg = stamped(quiet)
    picture = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    assert 0 <= (clock_of(picture) or -1) - before % (1 << BITS) <= 2000


def test_the_clock_is_read_in_what_is_kept_and_not_guessed_where_somebody_is_pixelated() -> None:
    before = int(time.monotonic() * 1000)
    picture = np.asarray(cv2.imdecode(np.frombuffer(stamped(HOUSE.quiet[0]), np.uint8), cv2.IMREAD_COLOR), np.uint8)
    small = np.asarray(cv2.resize(picture, (640, 360), interpolation=cv2.INTER_AREA), np.uint8)
    kept = np.asarray(cv2.imdecode(np.frombuffer(encoded(small), np.uint8), cv2.IMREAD_COLOR), np.uint8)
    assert 0 <= (clock_of(kept) or -1) - before % (1 << BITS) <= 2000
    coarsen(small, (0.0, 320.0, 240.0, 360.0))
    assert clock_of(small) is None


@pytest.mark.parametrize(
    ("fault", "found"),
    [("dark", Fault.DARK), ("covered", Fault.COVERED), ("defocused", Fault.DEFOCUSED), ("moved", Fault.MOVED)],
)
def test_what_is_done_to_the_camera_is_found_in_its_pixels(fault: str, found: Fault) -> None:
    lens, raised = Lens(FPS, 0.0), []
    for n in range(95):
        picture = HOUSE.quiet[n % 5] if n < 45 else spoilt(HOUSE.quiet[n % 5], {fault})
        raised += lens.see(picture, n / FPS, n / FPS)
    assert raised == [found]


def test_a_scene_is_played_once_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    async def story() -> None:
        dock = DockPeer()
        dock.house = HOUSE
        port = await dock.start()
        dock.write_floor(tmp_path / "floor.toml")
        assert load_floor(tmp_path / "floor.toml").viewpoint.source == f"http://127.0.0.1:{port}/dock.mjpg"
        with pytest.raises(ValueError, match="use one of forklift_meets_person"):
            dock.play("ballet")
        HOUSE._drawn["forklift_meets_person"] = HOUSE.quiet * 2
        camera = Camera("dock", load_floor(tmp_path / "floor.toml").viewpoint.source)
        camera.start()
        try:
            frame = await asyncio.to_thread(camera.after, 0, 10.0)
            assert frame is not None
            assert frame.picture.shape == (468, 832, 3)
            dock.play("forklift_meets_person")
            async with asyncio.timeout(20):
                while dock.playing != "forklift_meets_person":  # noqa: ASYNC110 - the play has no event
                    await asyncio.sleep(0.02)
                while dock.playing:  # noqa: ASYNC110 - the play has no event
                    await asyncio.sleep(0.05)
            dock.order("lost")
            await asyncio.to_thread(camera.after, 10**9, 2.5)
            assert camera.state() == "lost"
        finally:
            await asyncio.to_thread(camera.stop)
            await dock.stop()
            del HOUSE._drawn["forklift_meets_person"]

    asyncio.run(story())


def test_every_scene_begins_and_ends_where_it_says() -> None:
    for at, seconds, _ in SCENES.values():
        assert at(0.0)
        assert at(seconds)
