"""Clips of one camera's loop, fed by hand: a fault that blinds the detector, an end amid a clip, a killed process."""
import asyncio
import json
from math import inf
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.vision.guard.painted import Painted, Picture, backdrop, floor, paint
from vision.frames import Camera, Frame
from vision.guard.clip import opened
from vision.guard.eye import Clock, Eye
from vision.guard.records import Kind
from vision.guard.seal import public_of
from vision.guard.watching import Orders, Watching
from vision.guard.worker import Post

GROUND, UTC = backdrop(), 1_780_000_000.0
PRIVATE = X25519PrivateKey.generate().private_bytes_raw()


class Loop(Watching):
    """A loop whose frames come from the test."""

    def __init__(self, folder: Path) -> None:
        self.said: list[dict[str, Any]] = []
        super().__init__(Eye(floor(), Painted(), 0.0), Camera("dock", "none"), folder,
                         Orders(key=public_of(PRIVATE)), self.said.append, Clock(UTC))

    def show(self, t: float, picture: Picture) -> None:
        """The frame of that second."""
        self.number += 1
        self._see(Frame(picture, t, self.number, t))

    @property
    def events(self) -> list[dict[str, Any]]:
        return [said["event"] for said in self.said if "event" in said]


def there(t: float) -> Picture:
    """A person stands in the middle."""
    return paint(floor(), [(Kind.PERSON, (3.0, 6.0))], GROUND, round(t * 10))


def test_whoever_turns_the_focus_ring_is_not_to_be_told_in_the_evidence_of_it(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    for n in range(140):
        t = n / 10
        loop.show(t, there(t) if t < 6 else np.asarray(cv2.GaussianBlur(there(t), (0, 0), 6), np.uint8))
    told = next(event for event in loop.events if event["kind"] == "camera_defocused")
    clip = loop.recorder.finished(inf)
    assert clip is not None
    after = [shot for shot in clip.shots if shot.t > told["t"] + 0.5]
    assert len(after) > 20
    assert all(shot.blind and cells(shot.jpeg) for shot in after)
    assert not any(shot.blind for shot in clip.shots if shot.t < UTC + 6)


def cells(jpeg: bytes) -> bool:
    """Whether a picture is nothing but 32 x 18 cells of one colour each."""
    grey = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE), float)
    return float(np.abs(np.diff(grey[10::20, 2:20], axis=1)).max()) < 6


def test_a_clip_that_is_open_at_the_end_is_sealed(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    for n in range(20):
        loop.show(n / 10, there(n / 10))
    name = loop.recorder.want(UTC + 2)
    loop.orders.ended = True
    loop.run()
    assert [said["kept"]["evidence"] for said in loop.said if "kept" in said] == [name]
    camera, frames = opened((tmp_path / f"{name}.sealed").read_bytes(), name, PRIVATE)
    assert (camera, len(frames)) == ("dock", 10)


def test_evidence_that_a_killed_process_took_along_is_told_as_lost() -> None:
    event = {"kind": "camera_covered", "level": "WARNING", "t": UTC, "evidence": "ab" * 8}
    lines = [json.dumps({"event": event}), json.dumps({"event": {**event, "kind": "collision", "evidence": "cd" * 8}}),
             json.dumps({"kept": {"evidence": "cd" * 8, "frames": 3}})]
    told: list[dict[str, Any]] = []
    post = Post("dock", ["/bin/sh", "-c", "printf '%s\\n' \"$@\"; kill -9 $$", "sh", *lines], told.append)

    async def once() -> None:
        keeping = asyncio.create_task(post.keep())
        async with asyncio.timeout(20):
            while not any("trouble" in one for one in told):  # noqa: ASYNC110 - a process is polled
                await asyncio.sleep(0.02)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)

    asyncio.run(once())
    kept = [(one["evidence"], "trouble" in one) for one in told if one.get("kind") == "evidence_kept"]
    assert kept[:2] == [("cd" * 8, False), ("ab" * 8, True)]
