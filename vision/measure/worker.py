"""The measurer process: cameras, net and codes behind a Unix socket, one JSON object per line.

Requests: {"id": 7, "do": "measure"} · {"id": 8, "do": "scan", "expect": null or text} · {"id": 9, "do": "status"} ·
{"id": 10, "do": "preview", "on": true} · {"id": 11, "do": "glance"} (codes held before a camera; those of scan say
`on_parcel`, true where they are proven to lie on the parcel) ·
{"id": 12, "do": "guide", "camera": "left", "step": "begin", "look" or "solve"} (calibration with the board) ·
{"id": 13, "do": "settle"} (the cameras stand rightly: a knock is told from here on).
Each is answered by one line with the same id, or by
{"id": …, "error": "one sentence"}. A line that is no request is answered with id null and kills nothing.
"""
import asyncio
import logging
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from vision.frames import Camera, Frame, is_dark, start_cameras
from vision.measure.answer import refusal
from vision.measure.depthfile import Overhead
from vision.measure.glance import Glance
from vision.measure.guide import Guide, GuideError
from vision.measure.idle import AGAIN, Idle
from vision.measure.light import is_drowned
from vision.measure.measure import Measurer, Outcome
from vision.measure.pictures import grey
from vision.measure.rig import Rig, RigError, load_rig
from vision.measure.scan import Scanner
from vision.measure.strangers import contradicted
from vision.measure.upkeep import Upkeep
from vision.model import ModelError, load_model
from vision.preview import PreviewWriter
from vision.serve import Reply, RequestError, check_path, serve, until_told

log = logging.getLogger(__name__)
PREVIEW_PX = (640, 360)
PREVIEW_EVERY_S = 0.12
FRESH_S, WAIT_S = 0.35, 1.5


class Worker:
    """Answers requests; heavy work runs one at a time in a thread of its own."""

    def __init__(
        self, rig: Rig, measurer: Measurer, cameras: Mapping[str, Camera], preview: Path, upkeep: Upkeep | None = None
    ) -> None:
        self.rig, self.measurer, self.cameras, self.upkeep = rig, measurer, cameras, upkeep
        self.guides: dict[str, Guide] = {}
        self.shown = next(iter(cameras))
        self.last: Outcome | None = None
        self.scanner, self.glancing = Scanner(measurer), Glance()
        self.heavy = ThreadPoolExecutor(1, "measure")
        self.light = ThreadPoolExecutor(1, "preview")
        self.preview = PreviewWriter(preview, *PREVIEW_PX)
        self.viewers: set[object] = set()
        self.residual_px: float | None = None
        self.above = Overhead(rig.depth)
        self.all_listed = False

    async def answer(self, request: Reply, client: object) -> Reply:
        """The fields of the reply to one request; RequestError for what it cannot do."""
        loop, do = asyncio.get_running_loop(), request.get("do")
        if do == "measure":
            return {"answer": await loop.run_in_executor(self.heavy, self.measure)}
        if do == "scan":
            return {"codes": await loop.run_in_executor(self.heavy, self.scan, expected(request))}
        if do == "glance":
            return {"codes": await loop.run_in_executor(self.heavy, self.glance)}
        if do == "guide":
            return await loop.run_in_executor(self.heavy, self.guide, request.get("camera"), request.get("step"))
        if do == "settle":
            return await loop.run_in_executor(self.heavy, self.settle)
        if do == "status":
            return self.status()
        if do == "preview":
            return self.show(request.get("on"), client)
        raise RequestError("do must be measure, scan, glance, guide, settle, status or preview.")

    def measure(self) -> Reply:
        """One measure from frames no older than FRESH_S, waiting WAIT_S for them."""
        frames = self._frames()
        if not frames:
            raise RequestError(self.unfit() or "No table camera gives a frame; check its cable and power.")
        ages = {name: round(frame.age_ms(), 1) for name, frame in frames.items()}
        outcome = self.listed(
            self.measurer.measure({name: frame.picture for name, frame in frames.items()}, self.above.newest()))
        self.above.measured(outcome.depth)
        self.residual_px = outcome.answer.rig_residual_px
        self.scanner.remember(outcome)
        self.last = outcome
        looked = sorted(outcome.seen or {})
        told = {"camera_ages_ms": ages, "cameras": looked, "blind": [n for n in self.rig.eyes if n not in looked],
                "knocked": self.knocked(outcome, frames)}
        return {**outcome.answer.document(), **told}

    def listed(self, outcome: Outcome) -> Outcome:
        """The outcome, refused while the table is another than rig.toml describes. That is looked for until it is not,
        and anew after every settled check."""
        if self.all_listed or not outcome.seen:
            return outcome
        if why := contradicted(outcome.seen, self.rig):
            log.warning("%s", why)
            return replace(outcome, answer=refusal("moved", outcome.answer.rig_residual_px))
        self.all_listed = True
        return outcome

    def knocked(self, outcome: Outcome, frames: Mapping[str, Frame]) -> list[Reply]:
        """The cameras that no longer stand where they stood when the rig was checked, or see too few tags to tell."""
        if self.upkeep is None or outcome.answer.reason in ("dark", "glare", "moved"):
            return []
        seen = outcome.seen or {}
        lit = [name for name, each in frames.items() if not (is_dark(each.picture) or is_drowned(each.picture))]
        blind = [name for name in lit if name not in seen]
        moved = self.upkeep.knocked({name: each.raw for name, each in seen.items()})
        return [{"camera": name, "degrees": None, "mm": None} for name in blind] + [asdict(each) for each in moved]

    def misfit(self, name: str, frame: Frame) -> str:
        """Why that camera's frame cannot be measured from, empty where it can: the rig describes another picture."""
        sends_grey = f"The camera {name} sends grey pictures; set it to colour."
        return self.wrong_size(name, frame) or (sends_grey if grey(frame.picture) else "")

    def wrong_size(self, name: str, frame: Frame) -> str:
        """How its size differs from the rig's, empty where it does not."""
        (rows, columns), (width, height) = frame.picture.shape[:2], self.rig.camera(name).size_px
        if (columns, rows) == (width, height):
            return ""
        return (f"The camera {name} sends {columns} x {rows} pixels but rig.toml says {width} x {height}; "
                "set the camera to that.")

    def unfit(self) -> str:
        """What is wrong with the first camera that sends other pictures, empty where none does."""
        newest = {name: camera.newest() for name, camera in self.cameras.items()}
        return next((why for name, frame in newest.items() if frame and (why := self.misfit(name, frame))), "")

    def guide(self, camera: object, step: object) -> Reply:
        """One step of calibrating a camera: begin anew, look at its newest frame, or solve and use what was found."""
        if not isinstance(camera, str) or camera not in self.cameras or step not in ("begin", "look", "solve"):
            raise RequestError(f"guide needs camera ({', '.join(self.cameras)}) and step (begin, look, solve).")
        self.shown = camera
        if step == "begin" or camera not in self.guides:
            self.guides[camera] = Guide(self.rig.camera(camera).size_px)
        if step == "solve":
            return self._solve(camera)
        frame = self._given().get(camera)
        if frame is None:
            raise RequestError(f"The camera {camera} gives no frame; check its cable and power.")
        if why := self.wrong_size(camera, frame):
            raise RequestError(why)
        gray = np.asarray(cv2.cvtColor(frame.picture, cv2.COLOR_BGR2GRAY), np.uint8)
        return asdict(self.guides[camera].look(gray))

    def _solve(self, camera: str) -> Reply:
        try:
            lens = self.guides[camera].solve()
        except GuideError as error:
            return {"solved": False, "why": error.why, "residual_px": error.residual_px}
        del self.guides[camera]
        if self.upkeep is not None:
            self.upkeep.calibrated(camera, lens)
            self.rig = self.upkeep.applied(self.rig)
            self.measurer = replace(self.measurer, rig=self.rig)
            self.scanner, self.last = Scanner(self.measurer), None
        return {"solved": True, **asdict(lens)}

    def settle(self) -> Reply:
        """Where the cameras stood at the last measure is where they belong."""
        if self.upkeep is None or self.last is None or not self.last.seen:
            raise RequestError("No camera has seen its tags yet; measure once before.")
        self.upkeep.settled({name: seen.raw for name, seen in self.last.seen.items()})
        self.all_listed = False
        return {"settled": sorted(self.last.seen)}

    def scan(self, expect: str | None) -> list[Reply]:
        """Codes in the newest frames."""
        frames = {name: frame.picture for name, frame in self._frames().items()}
        return [asdict(code) for code in self.scanner.scan(frames, expect)]

    def glance(self) -> list[Reply]:
        """Codes held before the cameras now; one quick look at one frame each."""
        frames = {name: frame.picture for name, frame in self._frames().items()}
        return [asdict(code) for code in self.glancing.look(frames)]

    def status(self) -> Reply:
        """Cameras, the overhead one, rig and model; never waits."""
        cameras = {name: self.state(name, camera) for name, camera in self.cameras.items()}
        line, approval = self.measurer.model.line, self.rig.approval
        return {"cameras": cameras, "depth": self.above.state(), "rig_residual_px": self.residual_px,
                "model": f"{line.name} {line.sha256[:12]}",
                "approval": approval.number if approval is not None and self.rig.approved() else None}

    def state(self, name: str, camera: Camera) -> Reply:
        """How a camera does; one that sends what the rig does not describe is a misfit."""
        newest = camera.newest()
        misfit = self.misfit(name, newest) if newest is not None else ""
        return {"state": "misfit" if misfit else camera.state(), "misfit": misfit, "age_ms": age(newest),
                "fps": round(camera.fps(), 1)}

    def show(self, on: object, client: object) -> Reply:
        """Start or stop the preview for this client."""
        if not isinstance(on, bool):
            raise RequestError("on must be true or false.")
        (self.viewers.add if on else self.viewers.discard)(client)
        self.shown = self.shown if on and self.guides else next(iter(self.cameras))
        return {"on": on, "path": str(self.preview.path)}

    def leave(self, client: object) -> None:
        """A client hung up; its wish for a preview goes with it."""
        self.viewers.discard(client)

    async def keep_going(self) -> None:
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
        frame = self.cameras[self.shown].newest()
        if frame is None:
            self.preview.blank()
            return False
        small = cv2.resize(frame.picture, PREVIEW_PX, interpolation=cv2.INTER_AREA)
        self.preview.write(np.ascontiguousarray(cv2.cvtColor(small, cv2.COLOR_BGR2BGRA)).tobytes())
        return True

    def _frames(self) -> dict[str, Frame]:
        """What can be measured from."""
        return {name: frame for name, frame in self._given().items() if not self.misfit(name, frame)}

    def _given(self) -> dict[str, Frame]:
        """Every camera's newest frame; what a frozen one sends shows an earlier table."""
        states = {name: camera.state() for name, camera in self.cameras.items()}
        found = {name: self.cameras[name].fresh(FRESH_S, WAIT_S if state != "lost" else 0.0)
                 for name, state in states.items() if state != "frozen"}
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


def with_sources(rig: Rig, sources: Mapping[str, str]) -> Rig:
    """The rig with the branch's camera sources; RigError for a camera it does not have, or two that are one."""
    for name in sources:
        rig.camera(name)
    found = [replace(c, source=sources.get(c.name, c.source)) for c in rig.cameras]
    for one, other in combinations(found, 2):
        if one.source == other.source:
            raise RigError(f"The cameras {one.name} and {other.name} both read {one.source}; give each its own source.")
    return replace(rig, cameras=tuple(found))


def prepared(rig_path: Path, sources: Mapping[str, str], models_dir: Path, upkeep: Upkeep | None) -> Measurer:
    """Rig and net, with the lenses that were calibrated here; RigError or ModelError for what cannot be used."""
    rig = with_sources(load_rig(rig_path), sources)
    return Measurer(upkeep.applied(rig) if upkeep is not None else rig, load_model(models_dir, "parcel_corners"))


def run(
    rig_path: Path, sources: Mapping[str, str], socket_path: Path, preview_path: Path, models_dir: Path,
    kept: Path | None = None,
) -> None:
    """Be the measurer process until SIGTERM or SIGINT; ValueError before anything is opened. `kept`: calibrations.

    A rig or a model that cannot be used ends no process: it is told, and measured from as soon as it is mended."""
    check_path(socket_path)
    cv2.setNumThreads(1)
    upkeep = Upkeep(kept).load() if kept is not None else None
    prepare = partial(prepared, rig_path, sources, models_dir, upkeep)
    try:
        measurer = prepare()
    except (RigError, ModelError) as error:
        idle(Idle(str(error), prepare), socket_path)
        return
    cameras = start_cameras({camera.name: camera.source for camera in measurer.rig.cameras})
    worker = Worker(measurer.rig, measurer, cameras, preview_path, upkeep)
    try:
        asyncio.run(until_told(serve(worker, socket_path)))
    finally:
        worker.close()
        socket_path.unlink(missing_ok=True)


def idle(worker: Idle, socket_path: Path) -> None:
    """Say what is wrong until SIGTERM or SIGINT; SystemExit with AGAIN once it is mended."""
    sys.stderr.write(f"{worker.why} Nothing is measured until then.\n")
    mended = False

    async def wait() -> None:
        nonlocal mended
        await serve(worker, socket_path)
        mended = True

    try:
        asyncio.run(until_told(wait()))
    finally:
        socket_path.unlink(missing_ok=True)
    if mended:
        sys.exit(AGAIN)
