"""The loop of one camera's process, in this one, before a camera that streams over http."""
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tests.vision.guard.painted import Painted, Picture, backdrop, floor, paint
from tests.vision.mjpeg import MjpegServer, serving
from vision.frames import Camera
from vision.guard.eye import Clock, Eye
from vision.guard.records import Kind
from vision.guard.watching import Orders, Watching

Json = dict[str, Any]
GROUND = backdrop()
STANDS = [paint(floor(), [(Kind.PERSON, (3.0, 6.0))], GROUND, n) for n in range(5)]
SMALL = [np.asarray(cv2.resize(picture, (320, 180)), np.uint8) for picture in STANDS]


def turned(watching: Watching, until: Callable[[], object], within_s: float = 15.0) -> None:
    """Turn after turn until it is true."""
    ends = time.monotonic() + within_s
    while not until():
        assert time.monotonic() < ends
        watching.turn()


def restarted(server: MjpegServer, shows: list[Picture]) -> None:
    """The camera hangs up and is back within a moment, in another profile."""
    server.lost.add("dock")
    time.sleep(0.3)
    server.show("dock", shows)
    server.lost.discard("dock")


def watched(server: MjpegServer, folder: Path, told: list[Json]) -> Watching:
    camera = Camera("dock", server.url("dock"))
    camera.start()
    eye = Eye(floor(), Painted(), time.monotonic())
    return Watching(eye, camera, folder, Orders(), told.append, Clock(time.time() - time.monotonic()))


def beats(told: list[Json]) -> Json:
    """The last sign of life."""
    return next((one["beat"] for one in reversed(told) if "beat" in one), {})


def test_a_camera_that_comes_back_with_another_size_is_an_alarm_until_it_fits_again(tmp_path: Path) -> None:
    told = list[Json]()
    with serving({"dock": STANDS}) as server:
        one = watched(server, tmp_path, told)
        try:
            turned(one, lambda: one._looked > 2)
            restarted(server, SMALL)
            turned(one, lambda: beats(told).get("faults") == ["camera_misfit"])
            looked, number = one._looked, one.number
            turned(one, lambda: one.number > number + 5)
            assert (one._looked, beats(told)["standing"]) == (looked, "WARNING")
            assert "is 320 x 180 pixels but" in beats(told)["misfit"]
            events = [event["event"] for event in told if "event" in event]
            assert [(event["kind"], event["level"]) for event in events] == [("camera_misfit", "WARNING")]
            restarted(server, STANDS)
            turned(one, lambda: beats(told)["faults"] == [] and one._looked > looked)
        finally:
            one.camera.stop()
