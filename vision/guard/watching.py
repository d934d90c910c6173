"""The process of one camera: reads the newest frame, watches, keeps evidence, and tells its parent in JSON lines.

Standard input takes orders, one a line: {"key": hex} (whom evidence is sealed for) · {"staff": true} ·
{"acknowledge": {"kind": …, "since": …, "until": …}} · {"commission": true}; its end or SIGTERM ends the process, with
what there is of a clip sealed. Standard output tells {"beat": {…}} at least
four times a second while all is well, {"event": {…}} and {"kept": {…}}, or {"unfit": why} once, where its floor or its
net cannot be used. Whatever goes wrong in here (a decoder that
crashes, a net that hangs) ends with this process, and the guard starts it again.
"""
import hashlib
import json
import os
import resource
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, TextIO

import cv2

from vision.frames import Camera, Frame
from vision.guard.detect import load_detector
from vision.guard.evidence import Clip, Recorder, sealed
from vision.guard.eye import BLIND, Clock, Eye, Sees, Sight, event_of
from vision.guard.floor import Floor, FloorError, load_floor
from vision.guard.gate import FPS
from vision.guard.health import Fault
from vision.guard.latch import Release, release_of
from vision.guard.lens import load_reference, save_reference
from vision.guard.records import Event, Level

BEAT_S, WAIT_S = 0.2, 0.15
Json = dict[str, Any]


@dataclass(frozen=True)
class Post:
    """Where this camera's floor, stream, net and files are; `source` in place of that of floor.toml."""
    floor: Path
    models: Path
    folder: Path
    source: str = ""


@dataclass
class Orders:
    """What the parent wants, read from a stream by a thread of its own; `ended` once it hangs up."""
    key: bytes = b""
    staff: bool = False
    acknowledged: deque[Release] = field(default_factory=deque)
    commission: bool = False
    ended: bool = False

    def listen(self, stream: TextIO) -> None:
        """Take in lines until the stream ends."""
        for line in stream:
            try:
                self.take(json.loads(line))
            except (ValueError, AttributeError):
                continue  # the parent speaks this protocol; a stray line is nobody's order
        self.ended = True

    def take(self, order: Json) -> None:
        """One order."""
        self.key = bytes.fromhex(order.get("key", self.key.hex()))
        self.staff = bool(order.get("staff", self.staff))
        if "acknowledge" in order:
            self.acknowledged.append(release_of(order["acknowledge"]))
        self.commission = self.commission or bool(order.get("commission"))


@dataclass
class Watching:
    """The loop of one camera."""
    eye: Eye
    camera: Camera
    folder: Path
    orders: Orders
    tell: Callable[[Json], None]
    clock: Clock
    recorder: Recorder = field(init=False)
    number: int = 0
    misfit: str = ""
    _seen_at: float = 0.0
    _beat_at: float = 0.0
    _took_ms: float = 0.0
    _looked: int = 0
    _sealing: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "seal"))

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.camera.name)

    def run(self) -> None:
        """Until the parent hangs up, or the machine's clock was set."""
        try:
            while not self.orders.ended and not self.clock.jumped(time.monotonic(), time.time()):
                self.turn()
        finally:
            self._close_clips(inf)
            self._sealing.shutdown()

    def turn(self) -> None:
        """One frame, or the wait for one."""
        self._obey()
        frame = self.camera.after(self.number, WAIT_S)
        if frame is None:
            now = time.monotonic()
            self._told(self.eye.miss(now, self.clock.utc(now)), now)
        else:
            self.number = frame.number
            self._see(frame)
        self._beat(time.monotonic())
        self._close_clips(self.clock.utc(time.monotonic()))
        self._pace()

    def _see(self, frame: Frame) -> None:
        begun = time.monotonic()
        t = self.clock.utc(frame.at_s)
        try:
            sight = self.eye.see(frame.picture, frame.at_s, t, frame.taken_s)
        except FloorError as error:
            self._refuse(str(error), frame.at_s)
            return
        self.misfit, self._seen_at = "", begun
        self.recorder.see(t, frame.picture, sight.people, not BLIND.isdisjoint(self.eye.lens.faults()))
        self._told(sight, frame.at_s)
        self._took_ms, self._looked = (time.monotonic() - begun) * 1000, self._looked + sight.looked
        if self.eye.lens.learned and self.eye.lens.reference is not None:
            self.eye.lens.learned = False
            save_reference(self.folder / f"{self.camera.name}.npz", self.eye.lens.reference)

    def _refuse(self, why: str, at: float) -> None:
        """A picture in which no pixel has its metre guards nothing: an alarm, until one fits again."""
        begins, self.misfit, self._seen_at = not self.misfit, why, time.monotonic()
        if begins:
            self._told(Sight((event_of(Fault.MISFIT, self.clock.utc(at)),)), at)

    def _told(self, sight: Sight, at: float) -> None:
        """Tell news at once; what is worth evidence gets a clip."""
        for event in sight.events:
            evidence = self.recorder.want(event.t) if event.level >= Level.WARNING and self.orders.key else None
            self.tell({"event": {**document(event), "camera": self.camera.name, "evidence": evidence, "at": at}})

    def _beat(self, now: float) -> None:
        if now - self._beat_at < BEAT_S:
            return
        self._beat_at = now
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self.tell({"beat": {
            "standing": max(self.eye.standing(), Level.WARNING if self.misfit else Level.NONE).name,
            "faults": [*map(str, self.eye.lens.faults()), *([str(Fault.MISFIT)] if self.misfit else ())],
            "fps": round(self.camera.fps(), 1), "frames": self.number, "looked": self._looked,
            "idle": self.eye.gate.idle(now), "commissioned": self.eye.lens.reference is not None,
            "misfit": self.misfit, "took_ms": round(self._took_ms, 1), "rss_mb": round(usage.ru_maxrss / 1024),
            "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
        }})  # fmt: skip

    def _obey(self) -> None:
        orders = self.orders
        self.eye.guard.staff_present = orders.staff
        while orders.acknowledged:
            self.eye.guard.acknowledge(orders.acknowledged.popleft())
        if orders.commission:
            orders.commission = False
            self.eye.lens.commission()

    def _close_clips(self, t: float) -> None:
        while (clip := self.recorder.finished(t)) is not None:
            done = self._sealing.submit(keep, clip, self.orders.key, self.folder)
            done.add_done_callback(partial(self._kept, clip.id))

    def _kept(self, name: str, future: Future[Json]) -> None:
        error = future.exception()
        self.tell({"kept": {"evidence": name, "trouble": str(error)[:200]} if error else future.result()})

    def _pace(self) -> None:
        """Ten turns a second at most: whatever came meanwhile is skipped, the newest frame is taken."""
        time.sleep(max(0.0, min(1 / FPS, self._seen_at + 1 / FPS - 0.012 - time.monotonic())))


def document(event: Event) -> Json:
    """An event as JSON values, as `main.py guard --jsonl` prints it."""
    found: Json = json.loads(event.line())
    return found


def keep(clip: Clip, key: bytes, folder: Path) -> Json:
    """Seal a clip and put it on disk, whole; what the journal is told of it."""
    box = sealed(clip, key)
    part = folder / f"{clip.id}.part"
    with part.open("wb") as file:
        file.write(box)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(0o600)
    part.replace(folder / f"{clip.id}.sealed")
    return {
        "evidence": clip.id, "camera": clip.camera, "frames": len(clip.shots), "bytes": len(box),
        "sha256": hashlib.sha256(box).hexdigest(),
    }  # fmt: skip


def placed(floor: Floor, source: str) -> Floor:
    """The floor with the branch's own camera source, where it names one."""
    return replace(floor, viewpoint=replace(floor.viewpoint, source=source or floor.viewpoint.source))


def run(post: Post, detector: Sees | None = None) -> None:
    """Be the process of one camera; FloorError or ModelError before anything is opened."""
    cv2.setNumThreads(1)
    floor = placed(load_floor(post.floor), post.source)
    sees = detector or load_detector(post.models)
    out, orders, lock = sys.stdout, Orders(), threading.Lock()

    def tell(said: Json) -> None:
        with lock, suppress(BrokenPipeError):  # a parent that is gone has hung up, too
            out.write(json.dumps(said) + "\n")
            out.flush()

    def end(*_: object) -> None:
        orders.ended = True

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    threading.Thread(target=orders.listen, args=(sys.stdin,), daemon=True).start()
    post.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    now, view = time.monotonic(), floor.viewpoint
    eye = Eye(floor, sees, now, reference=load_reference(post.folder / f"{view.name}.npz"))
    camera = Camera(view.name, view.source)
    camera.start()
    try:
        Watching(eye, camera, post.folder, orders, tell, Clock(time.time() - now)).run()
    finally:
        camera.stop()


def main() -> int:
    """Command line of one camera's process: floor file, folder of models, folder for its files; its stream stands in
    $GUARD_SOURCE where the floor does not name it."""
    floor, models, folder = sys.argv[1:4]
    try:
        run(Post(Path(floor), Path(models), Path(folder), os.environ.pop("GUARD_SOURCE", "")))
    except ValueError as error:
        sys.stdout.write(json.dumps({"unfit": str(error)}) + "\n")
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
