"""The measurer process: cameras, net and codes behind a Unix socket, one JSON object per line.

Requests: {"id": 7, "do": "measure"} · {"id": 8, "do": "scan", "expect": null or text} · {"id": 9, "do": "status"} ·
{"id": 10, "do": "preview", "on": true} · {"id": 11, "do": "glance"} (codes held before a camera).
Each is answered by one line with the same id, or by
{"id": …, "error": "one sentence"}. A line that is no request is answered with id null and kills nothing.
"""
import asyncio
import json
import os
import signal
import socket
import struct
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from vision.frames import Camera, Frame, start_cameras
from vision.measure.glance import Glance
from vision.measure.measure import Measurer
from vision.measure.rig import Rig, RigError, load_rig
from vision.measure.scan import Scanner
from vision.model import load_model
from vision.preview import PreviewWriter

PREVIEW_PX = (640, 360)
PREVIEW_EVERY_S = 0.12
FRESH_S, WAIT_S = 0.35, 1.5
LONGEST_LINE = 64 * 1024
Reply = dict[str, object]


class RequestError(ValueError):
    """A request that cannot be carried out; the text is one sentence."""


class Worker:
    """Answers requests; heavy work runs one at a time in a thread of its own."""

    def __init__(self, rig: Rig, measurer: Measurer, cameras: Mapping[str, Camera], preview: Path) -> None:
        self.rig, self.measurer, self.cameras = rig, measurer, cameras
        self.scanner, self.glancing = Scanner(measurer), Glance()
        self.heavy = ThreadPoolExecutor(1, "measure")
        self.light = ThreadPoolExecutor(1, "preview")
        self.preview = PreviewWriter(preview, *PREVIEW_PX)
        self.viewers: set[object] = set()
        self.residual_px: float | None = None

    async def answer(self, request: Reply, client: object) -> Reply:
        """The fields of the reply to one request; RequestError for what it cannot do."""
        loop, do = asyncio.get_running_loop(), request.get("do")
        if do == "measure":
            return {"answer": await loop.run_in_executor(self.heavy, self.measure)}
        if do == "scan":
            return {"codes": await loop.run_in_executor(self.heavy, self.scan, expected(request))}
        if do == "glance":
            return {"codes": await loop.run_in_executor(self.heavy, self.glance)}
        if do == "status":
            return self.status()
        if do == "preview":
            return self.show(request.get("on"), client)
        raise RequestError("do must be measure, scan, glance, status or preview.")

    def measure(self) -> Reply:
        """One measure from frames no older than FRESH_S, waiting WAIT_S for them."""
        frames = self._frames()
        if not frames:
            raise RequestError("No table camera gives a frame; check its cable and power.")
        ages = {name: round(frame.age_ms(), 1) for name, frame in frames.items()}
        outcome = self.measurer.measure({name: frame.picture for name, frame in frames.items()})
        self.residual_px = outcome.answer.rig_residual_px
        self.scanner.remember(outcome)
        return {**outcome.answer.document(), "camera_ages_ms": ages, "cameras": sorted(frames)}

    def scan(self, expect: str | None) -> list[Reply]:
        """Codes in the newest frames."""
        frames = {name: frame.picture for name, frame in self._frames().items()}
        return [asdict(code) for code in self.scanner.scan(frames, expect)]

    def glance(self) -> list[Reply]:
        """Codes held before the cameras now; one quick look at one frame each."""
        frames = {name: frame.picture for name, frame in self._frames().items()}
        return [asdict(code) for code in self.glancing.look(frames)]

    def status(self) -> Reply:
        """Cameras, rig and model; never waits."""
        cameras = {name: {"state": camera.state(), "age_ms": age(camera.newest()), "fps": round(camera.fps(), 1)}
                   for name, camera in self.cameras.items()}
        line, approval = self.measurer.model.line, self.rig.approval
        valid = approval is not None and approval.until >= datetime.now(UTC).date()
        return {"cameras": cameras, "rig_residual_px": self.residual_px, "model": f"{line.name} {line.sha256[:12]}",
                "approval": approval.number if approval is not None and valid else None}

    def show(self, on: object, client: object) -> Reply:
        """Start or stop the preview for this client."""
        if not isinstance(on, bool):
            raise RequestError("on must be true or false.")
        (self.viewers.add if on else self.viewers.discard)(client)
        return {"on": on, "path": str(self.preview.path)}

    def leave(self, client: object) -> None:
        """A client hung up; its wish for a preview goes with it."""
        self.viewers.discard(client)

    async def keep_showing(self) -> None:
        """Write the preview while a client wants it; blank it when the last one does not."""
        loop, shown = asyncio.get_running_loop(), False
        while True:
            if self.viewers:
                shown = await loop.run_in_executor(self.light, self._paint) or shown
            elif shown:
                self.preview.blank()
                shown = False
            await asyncio.sleep(PREVIEW_EVERY_S)

    def close(self) -> None:
        """Stop threads and cameras, blank the preview."""
        self.heavy.shutdown(cancel_futures=True)
        self.light.shutdown(cancel_futures=True)
        for camera in self.cameras.values():
            camera.stop()
        self.preview.close()

    def _paint(self) -> bool:
        frame = next(iter(self.cameras.values())).newest()
        if frame is None:
            self.preview.blank()
            return False
        small = cv2.resize(frame.picture, PREVIEW_PX, interpolation=cv2.INTER_AREA)
        self.preview.write(np.ascontiguousarray(cv2.cvtColor(small, cv2.COLOR_BGR2BGRA)).tobytes())
        return True

    def _frames(self) -> dict[str, Frame]:
        found = {name: camera.fresh(FRESH_S, WAIT_S if camera.state() != "lost" else 0.0)
                 for name, camera in self.cameras.items()}
        return {name: frame for name, frame in found.items() if frame is not None}


def age(frame: Frame | None) -> float | None:
    """Age of a frame in ms, None without one."""
    return round(frame.age_ms(), 1) if frame else None


def expected(request: Reply) -> str | None:
    """The code a scan should end on; RequestError unless null or a text of at most 128 characters."""
    expect = request.get("expect")
    if expect is not None and (not isinstance(expect, str) or len(expect) > 128):
        raise RequestError("expect must be null or a text of at most 128 characters.")
    return expect


def parse(line: bytes) -> Reply:
    """One request; RequestError when the line is none."""
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise RequestError("The line is no JSON.") from None
    if not isinstance(request, dict) or type(request.get("id")) is not int:
        raise RequestError("A request is one JSON object with a whole number as id.")
    return request


async def converse(worker: Worker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one client until it hangs up; requests run side by side, replies carry their id."""
    client, running = object(), set[asyncio.Task[None]]()
    try:
        while line := await reader.readline():
            task = asyncio.create_task(reply(worker, line, client, writer))
            running.add(task)
            task.add_done_callback(running.discard)
    except (OSError, ValueError, asyncio.CancelledError):  # hung up, a line too long, or the process ends
        return
    finally:
        worker.leave(client)
        for task in running:
            task.cancel()
        writer.close()


async def reply(worker: Worker, line: bytes, client: object, writer: asyncio.StreamWriter) -> None:
    """Answer one line."""
    number: object = None
    try:
        request = parse(line)
        number = request["id"]
        fields = await worker.answer(request, client)
    except RequestError as error:
        fields = {"error": str(error)}
    except Exception as error:  # a defect in one measure must not end the process
        fields = {"error": f"The measurer failed with {type(error).__name__}."}
    writer.write(json.dumps({"id": number, **fields}).encode() + b"\n")
    try:
        await writer.drain()
    except OSError:
        return


def same_user(writer: asyncio.StreamWriter) -> bool:
    """Whether the peer runs as this user or as root."""
    peer: socket.socket = writer.get_extra_info("socket")
    _, user, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return user in (0, os.getuid())


async def serve(worker: Worker, socket_path: Path, ready: asyncio.Event | None = None) -> None:
    """Listen (0600) until cancelled."""
    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if same_user(writer):
            await converse(worker, reader, writer)
        else:
            writer.close()

    server = await asyncio.start_unix_server(welcome, sock=listening(socket_path), limit=LONGEST_LINE)
    async with server:
        if ready is not None:
            ready.set()
        await worker.keep_showing()


def listening(path: Path) -> socket.socket:
    """A Unix socket (0600) that appears at path only once it takes connections."""
    beside = path.with_name(path.name + ".part")
    beside.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(beside))
    beside.chmod(0o600)
    made.listen()
    beside.replace(path)
    return made


def with_sources(rig: Rig, sources: Mapping[str, str]) -> Rig:
    """The rig with the branch's camera sources; RigError for a camera it does not have."""
    for name in sources:
        rig.camera(name)
    return replace(rig, cameras=tuple(replace(c, source=sources.get(c.name, c.source)) for c in rig.cameras))


def run(rig_path: Path, sources: Mapping[str, str], socket_path: Path, preview_path: Path, models_dir: Path) -> None:
    """Be the measurer process until SIGTERM or SIGINT; RigError or ModelError before anything is opened."""
    if len(str(socket_path).encode()) > 100:
        raise RigError(f"{socket_path} is too long for a Unix socket; choose a shorter run directory.")
    cv2.setNumThreads(1)
    rig = with_sources(load_rig(rig_path), sources)
    measurer = Measurer(rig, load_model(models_dir, "parcel_corners"))
    cameras = start_cameras({camera.name: camera.source for camera in rig.cameras})
    worker = Worker(rig, measurer, cameras, preview_path)
    try:
        asyncio.run(_until_told(worker, socket_path))
    finally:
        worker.close()
        socket_path.unlink(missing_ok=True)


async def _until_told(worker: Worker, socket_path: Path) -> None:
    task = asyncio.ensure_future(serve(worker, socket_path))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
