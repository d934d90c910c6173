"""The two table cameras as MJPEG over HTTP, `/left.mjpg` and `/right.mjpg`; what they see is the drawn world."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import cv2

from devices.bench.board import with_board
from devices.bench.peer import Peer
from devices.bench.printer import Page
from devices.bench.web import Request, Web, answer_json
from devices.bench.world import Parcel, World
from vision.measure.rig import Rig
from vision.scene.table import LabelPicture, ParcelModel, TableScene, render

FRAMES = 3
#: The drawn room: a grey table in a grey hall.
ROOM = 0
FRAME_S = 0.25
BOUNDARY = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


class CamerasPeer(Peer):
    """A picture is drawn once for each change of the world and then sent again with other noise."""

    FAULTS = ("left_lost", "right_lost", "both_lost", "dark", "frozen")

    def __init__(self, world: World, rig: Rig) -> None:
        super().__init__()
        self._world, self._rig = world, rig
        self._web = Web(self._serve)
        self._pictures: dict[str, list[bytes]] = {}
        self._changed = asyncio.Event()
        self._painter: asyncio.Task[None] | None = None
        world.watchers.append(self._changed.set)

    async def start(self) -> int:
        """Draw the empty table, listen on 127.0.0.1; returns the port."""
        await self._paint()
        self._painter = asyncio.create_task(self._keep_painting())
        return await self._web.start()

    async def stop(self) -> None:
        """Close everything."""
        if self._painter is not None:
            self._painter.cancel()
            await asyncio.wait([self._painter])
        await self._web.stop()

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Darkness is drawn; a lost camera hangs up by itself."""
        self._changed.set()

    def lost(self, camera: str) -> bool:
        """Whether this camera's cable is pulled."""
        return f"{camera}_lost" in self.ordered or "both_lost" in self.ordered

    async def _keep_painting(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._paint()
            except Exception:  # a parcel that cannot be drawn leaves the old picture, never a dead camera
                logging.getLogger(__name__).exception("the table could not be drawn")

    async def _paint(self) -> None:
        """Draw both cameras in a thread; the pictures change together, and are seen two frames later."""
        light, version = 0.01 if "dark" in self.ordered else 1.0, self._world.version
        scene, held = TableScene(model(self._world.parcel), ROOM, light, self._world.hand), self._world.board
        try:
            self._pictures = await asyncio.to_thread(self._draw, scene, range(1), held)
        finally:
            asyncio.get_running_loop().call_later(2 * FRAME_S, self._show, version)
        if not self._changed.is_set():
            self._pictures = await asyncio.to_thread(self._draw, scene, range(FRAMES), held)

    def _show(self, version: int) -> None:
        self._world.seen = version

    def _draw(self, scene: TableScene, numbers: range, held: int | None) -> dict[str, list[bytes]]:
        return {camera.name: frames(scene, self._rig, camera.name, numbers, held) for camera in self._rig.cameras}

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        camera = request.path.removeprefix("/").removesuffix(".mjpg")
        if camera not in self._pictures or self.lost(camera):
            return await answer_json(writer, {"error": "no such camera"}, 404)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n")
        turn, last = 0, self._pictures[camera][0]
        while not self.lost(camera):
            if "frozen" not in self.ordered:
                turn += 1
                last = self._pictures[camera][turn % len(self._pictures[camera])]
            writer.write(BOUNDARY % len(last) + last + b"\r\n")
            await writer.drain()
            await asyncio.sleep(FRAME_S)


def frames(scene: TableScene, rig: Rig, camera: str, numbers: range, held: int | None = None) -> list[bytes]:
    """The scene as JPEGs of quality 90, one for each frame number, that differ by the sensor's noise; `held`: the pose
    of a calibration board before it."""
    pictures = [render(replace(scene, frame=number), rig, camera) for number in numbers]
    if held is not None:
        pictures = [with_board(picture, rig.camera(camera), held) for picture in pictures]
    return [cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes() for picture in pictures]


def model(parcel: Parcel | None) -> ParcelModel | None:
    """The world's parcel as the rasteriser draws it."""
    if parcel is None:
        return None
    return ParcelModel(
        parcel.length_mm, parcel.width_mm, parcel.height_mm, parcel.x_mm, parcel.y_mm, parcel.yaw_deg, parcel.kind,
        parcel.seed, sticker(parcel.label, parcel) if parcel.label else None,
    )  # fmt: skip


def sticker(page: Page, parcel: Parcel) -> LabelPicture:
    """A printed page at its paper's size, turned where it fits only across."""
    mm = 25.4 / page.picture.dpi
    width, height = page.picture.width * mm, page.picture.height * mm
    fits = width <= parcel.length_mm and height <= parcel.width_mm
    across = not fits and height <= parcel.length_mm and width <= parcel.width_mm
    return LabelPicture(page.pixels, width, height, 90.0 if across else 0.0)
