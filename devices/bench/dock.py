"""The dock's ceiling camera as MJPEG over HTTP, `/dock.mjpg`: a drawn floor on which scenes are played on order.

A scene is drawn whole before it begins, off the loop, and kept. Every frame carries a clock as some cameras burn it in:
a strip of 32 grey squares at the lower left, most significant first, light = 1: the milliseconds of the machine's
monotonic clock when the frame was sent (modulo 2²⁸), then the exclusive or of their seven nibbles. It is grey, because
a detector takes black and white squares for people.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, reduce
from operator import xor
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from devices.bench.peer import Peer
from devices.bench.web import Request, Web, answer_json
from vision.guard.records import Kind
from vision.scene.dock.body import Placed
from vision.scene.dock.cast import actor
from vision.scene.dock.eye import looking
from vision.scene.dock.photo import Stage
from vision.scene.dock.room import any_room
from vision.scene.dock.sensor import Sensor

Picture = npt.NDArray[np.uint8]
SIZE, FPS, QUIET = (832, 468), 10.0, 5
BOUNDARY = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
CELL, BITS, CHECK = 8, 28, 4
DARK, LIGHT, SURE = 105, 150, 18


def meets(s: float) -> list[Placed]:
    """A truck comes down the middle at 1.6 m/s; somebody walks across at 1.3 m/s; they meet after four seconds."""
    truck = actor(Kind.FORKLIFT, 1, (0.3, 12.4 - 1.6 * s, -np.pi / 2))
    return [*truck, *actor(Kind.PERSON, 4, (-5.2 + 1.3 * s, 4.9, 0.0), 1.3 * s)]


def lies(s: float) -> list[Placed]:
    """Somebody walks in, falls after three seconds, and stays on the floor."""
    if s < 3:
        return actor(Kind.PERSON, 6, (-3.6 + 1.1 * s, 6.0, 0.0), 1.1 * s)
    return actor(Kind.PERSON_DOWN, 6, (-0.3, 6.0, 0.4))


#: Scenes by name: what stands where at each second, how many seconds are drawn, and for how many the last stays.
SCENES: Mapping[str, tuple[Callable[[float], list[Placed]], float, float]] = {
    "forklift_meets_person": (meets, 4.4, 1.0), "person_lies_down": (lies, 3.0, 40.0),
}  # fmt: skip


class Playhouse:
    """The stage with its scenes, drawn once each; slow, for a thread."""

    def __init__(self, seed: int = 0) -> None:
        room = replace(any_room(np.random.default_rng([41, seed]), 40 + seed), wide=14.0, deep=18.0, tall=6.0)
        eye = looking(np.array([0.0, 0.15, 4.2]), np.pi / 2, 0.52, 0.0, 560.0, 0.0, SIZE)
        self.stage = Stage(room, eye)
        self._drawn: dict[str, list[Picture]] = {}

    @cached_property
    def quiet(self) -> list[Picture]:
        """The empty floor, some frames that differ by their noise."""
        return [self._photograph([], n) for n in range(QUIET)]

    def scene(self, name: str) -> list[Picture]:
        """Every frame of a scene."""
        if name not in self._drawn:
            at, seconds, stays = SCENES[name]
            moving = [self._photograph(at(n / FPS), n) for n in range(round(seconds * FPS))]
            last = [self._photograph(at(seconds), 500 + n) for n in range(QUIET)]
            self._drawn[name] = moving + [last[n % QUIET] for n in range(round(stays * FPS))]
        return self._drawn[name]

    def floor(self, source: str) -> str:
        """floor.toml of this camera: its points as a surveyor would have found them."""
        spots = [(-2.5, 4.5), (2.5, 4.5), (4.0, 12.0), (-4.0, 12.0), (0.0, 7.0), (2.0, 9.0)]
        points = "".join(f"\n[[floor.points]]\npixel = [{u:.2f}, {v:.2f}]\nmetre = [{x}, {y}]\n"
                         for x, y in spots for u, v in [self._pixel(x, y)])
        return (f'# The drawn dock of the bench.\ntimezone = "Asia/Seoul"\nspeed_limit_mps = 2.2\n\n[camera]\n'
                f'name = "dock"\nsource = "{source}"\nsize_px = [{SIZE[0]}, {SIZE[1]}]\n{points}\n'
                '[[zones]]\nname = "leveller"\nkind = "danger"\npolygon_m = [[2.5, 8], [5, 8], [5, 12], [2.5, 12]]\n')

    def _pixel(self, x: float, y: float) -> tuple[float, float]:
        at = self.stage.eye.pixel(np.array([x, y, 0.0]))
        if at is None:
            raise ValueError("This floor point lies behind the camera.")
        return float(at[0]), float(at[1])

    def _photograph(self, things: list[Placed], frame: int) -> Picture:
        return self.stage.photograph(things, Sensor(quality=None, noise=2.5, seed=3), frame).picture


class DockPeer(Peer):
    """Plays the scene that was ordered, then shows the empty floor again; `playing` names it."""

    FAULTS = ("dark", "covered", "defocused", "frozen", "moved", "slow", "lost")

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.house, self.playing, self.drawing = Playhouse(seed), "", ""
        self._web = Web(self._serve)
        self._frames: Iterator[Picture] = iter(())
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn, self._last = 0, b""

    async def start(self) -> int:
        """Draw the empty floor, listen on 127.0.0.1; returns the port."""
        await asyncio.to_thread(lambda: self.house.quiet)
        return await self._web.start()

    async def stop(self) -> None:
        """Close everything."""
        for task in tuple(self._tasks):
            task.cancel()
        await self._web.stop()

    def play(self, name: str) -> None:
        """Begin a scene as soon as it is drawn; ValueError for another word."""
        if name not in SCENES:
            raise ValueError(f"'{name}' is no scene of the dock; use one of {', '.join(SCENES)}")
        task = asyncio.create_task(self._play(name))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def write_floor(self, path: Path) -> None:
        """Leave the floor file of this camera."""
        path.write_text(self.house.floor(f"http://127.0.0.1:{self._web.port}/dock.mjpg"), encoding="utf-8")

    async def _play(self, name: str) -> None:
        self.drawing = name
        frames = await asyncio.to_thread(self.house.scene, name)
        self.drawing, self.playing, self._frames = "", name, iter(frames)

    def _next(self) -> Picture:
        """The frame that is due, with its faults."""
        self._turn += 1
        found = next(self._frames, None)
        if found is None:
            self.playing, found = "", self.house.quiet[self._turn % QUIET]
        return spoilt(found, self.ordered)

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if request.path != "/dock.mjpg" or "lost" in self.ordered:
            return await answer_json(writer, {"error": "no such camera"}, 404)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n")
        due = time.monotonic()
        while "lost" not in self.ordered:
            if "frozen" not in self.ordered or not self._last:
                self._last = await asyncio.to_thread(stamped, self._next())
            writer.write(BOUNDARY % len(self._last) + self._last + b"\r\n")
            await writer.drain()
            due = max(due + (0.5 if "slow" in self.ordered else 1 / FPS), time.monotonic() - 0.2)
            await asyncio.sleep(max(0.0, due - time.monotonic()))


def spoilt(picture: Picture, faults: set[str]) -> Picture:
    """What such a camera would show instead."""
    if "covered" in faults:
        return np.asarray(np.clip(28 + np.random.default_rng().normal(0, 2, picture.shape), 0, 255), np.uint8)
    if "moved" in faults:
        picture = np.roll(picture, (22, 60), (0, 1))
    if "defocused" in faults:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 9), np.uint8)
    return np.asarray(picture * 0.02, np.uint8) if "dark" in faults else picture


def stamped(picture: Picture) -> bytes:
    """The JPEG of a frame with the clock of this moment in it."""
    shown, strip = picture.copy(), drawn_clock(int(time.monotonic() * 1000))
    shown[-CELL:, :strip.shape[1]] = strip
    return cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()


def drawn_clock(now_ms: int) -> Picture:
    """The strip of that moment (CELL, 32 x CELL, 3)."""
    now = now_ms % (1 << BITS)
    word = now << CHECK | check_of(now)
    squares = np.repeat([LIGHT if word >> n & 1 else DARK for n in reversed(range(BITS + CHECK))], CELL)
    return np.asarray(np.broadcast_to(squares[None, :, None], (CELL, len(squares), 3)), np.uint8)


def check_of(now: int) -> int:
    """The exclusive or of its nibbles."""
    return reduce(xor, (now >> n & 15 for n in range(0, BITS, CHECK)))


def clock_of(picture: Picture) -> int | None:
    """The milliseconds in a frame of any size; None where they cannot be read."""
    grey = picture.mean(axis=-1) if picture.ndim == 3 else picture
    cell = CELL * grey.shape[1] / SIZE[0]
    strip = grey[-round(0.75 * cell):-round(0.25 * cell)].mean(axis=0)  # compression frays the edges of each square
    squares = np.array([strip[round((n + 0.25) * cell):round((n + 0.75) * cell)].mean() for n in range(BITS + CHECK)])
    word = int("".join("1" if square > (DARK + LIGHT) / 2 else "0" for square in squares), 2)
    off = np.minimum(np.abs(squares - DARK), np.abs(squares - LIGHT))
    if np.ptp(squares) < LIGHT - DARK - SURE or off.max() > SURE or word & 15 != check_of(word >> CHECK):
        return None
    return word >> CHECK
