"""The guard as a process that keeps one process per camera: real sockets, real streams, real deaths."""
import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from devices.worker import Worker
from tests.vision.guard.painted import ROOT, SIZE, Picture, backdrop, floor, own_floor, paint
from tests.vision.mjpeg import MjpegServer, serving
from vision.guard.clip import opened
from vision.guard.records import Kind
from vision.guard.seal import public_of
from vision.guard.worker import Guarding
from vision.serve import serve

pytestmark = pytest.mark.branch
GROUND = backdrop()
QUIET = [paint(floor(), [], GROUND, n) for n in range(5)]
PRIVATE = X25519PrivateKey.generate().private_bytes_raw()


def coloured(colour: tuple[int, int, int]) -> list[Picture]:
    return [np.full((SIZE[1], SIZE[0], 3), colour, np.uint8)]


def meeting() -> list[Picture]:
    """A truck and a walker on their way to each other, then a person who stands."""
    way = [[(Kind.FORKLIFT, (3.0, 8.5 - 0.15 * n)), (Kind.PERSON, (-1.2 + 0.14 * n, 3.6))] for n in range(26)]
    return [paint(floor(), things, GROUND, n) for n, things in enumerate(way)]


class Bench:
    """Two cameras, their guard, and a client of it."""

    def __init__(self, cameras: MjpegServer, client: Worker, folder: Path, guard: Guarding) -> None:
        self.cameras, self.client, self.folder, self.guard = cameras, client, folder, guard
        self.boot, self.n, self.news = "", 0, list[dict[str, Any]]()
        self.standing: dict[str, str] = {}

    async def until(self, true: Callable[[], object], within_s: float = 40.0) -> None:
        """Take in news until it is true."""
        async with asyncio.timeout(within_s):
            while not true():
                told = await self.client.ask("events", 30.0, after=self.n, boot=self.boot, wait_s=0.5)
                self.boot, self.n, self.standing = told["boot"], told["n"], told["standing"]
                self.news += told["events"]

    def kinds(self, camera: str) -> list[str]:
        return [one["kind"] for one in self.news if one["camera"] == camera]

    async def state(self, camera: str) -> dict[str, Any]:
        cameras: dict[str, Any] = (await self.client.ask("status", 5.0))["cameras"]
        return dict(cameras[camera])

    async def well(self, camera: str) -> None:
        async with asyncio.timeout(60):
            while (seen := await self.state(camera))["state"] != "ok" or not seen["commissioned"]:  # noqa: ASYNC110 - a process is polled
                await asyncio.sleep(0.2)


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    with serving({"dock": QUIET, "yard": QUIET}) as cameras:
        argvs = {}
        for name in ("dock", "yard"):
            (folder / name).mkdir()
            file = own_floor(folder / name, cameras.url(name))
            file.write_text(file.read_text().replace('name = "dock"', f'name = "{name}"'))
            argvs[name] = (sys.executable, "-m", "tests.vision.guard.painted", str(file), str(folder / name))
        guard, ready = Guarding(argvs), asyncio.Event()
        task = asyncio.create_task(serve(guard, folder / "guard.sock", ready))
        client = Worker(str(folder / "guard.sock"))
        try:
            await ready.wait()
            await client.open()
            yield Bench(cameras, client, folder, guard)
        finally:
            await client.close()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(ROOT)
    return tmp_path


async def warns_and_keeps(folder: Path) -> None:
    async with bench(folder) as one:
        await one.client.ask("key", 2.0, public=public_of(PRIVATE).hex())
        await one.well("dock")
        one.cameras.show("dock", meeting())
        await one.until(lambda: "collision" in one.kinds("dock"))
        warned = next(event for event in one.news if event["kind"] == "collision" and event["evidence"])
        assert warned["separation_m"] > 0
        assert sorted(set(warned["classes"])) == ["forklift", "person"]
        assert one.standing["yard"] == "NONE"
        one.cameras.show("dock", QUIET)
        await one.until(lambda: "evidence_kept" in one.kinds("dock"))
        kept = next(event for event in one.news if event["kind"] == "evidence_kept")
        box = (folder / "dock" / f"{kept['evidence']}.sealed").read_bytes()
        assert hashlib.sha256(box).hexdigest() == kept["sha256"]
        camera, frames = opened(box, kept["evidence"], PRIVATE)
        assert camera == "dock"
        assert frames[-1][0] - frames[0][0] > 10
        assert oct((folder / "dock" / f"{kept['evidence']}.sealed").stat().st_mode & 0o777) == "0o600"
        await one.client.ask("acknowledge", 2.0, camera="dock", kind="collision")
        await one.until(lambda: one.standing["dock"] == "NONE")


async def dies_alone(folder: Path) -> None:
    async with bench(folder) as one:
        await one.well("dock")
        await one.well("yard")
        for colour in ((0, 0, 255), (255, 0, 0)):
            before = one.kinds("dock").count("vision_stalled")
            one.cameras.show("dock", coloured(colour))
            await one.until(lambda: one.kinds("dock").count("vision_stalled") > before)  # noqa: B023 - used at once
            one.cameras.show("dock", QUIET)
            await one.well("dock")
        assert one.kinds("yard") == []


async def loses_a_camera(folder: Path) -> None:
    async with bench(folder) as one:
        await one.client.ask("key", 2.0, public=public_of(PRIVATE).hex())
        await one.well("dock")
        await one.well("yard")
        one.cameras.lost.add("dock")
        await one.until(lambda: "camera_lost" in one.kinds("dock"))
        assert (await one.state("dock"))["state"] == "lost"
        assert one.standing == {"dock": "WARNING", "yard": "NONE"}
        process = one.guard.posts["dock"].process
        assert process is not None
        process.terminate()  # as the machine does when it goes down: what there is of the clip is sealed first
        await one.until(lambda: "evidence_kept" in one.kinds("dock"))
        kept = next(event for event in one.news if event["kind"] == "evidence_kept")
        assert opened((folder / "dock" / f"{kept['evidence']}.sealed").read_bytes(), kept["evidence"], PRIVATE)[1]
        one.cameras.lost.clear()
        await one.well("dock")
        assert one.kinds("yard") == []


def test_a_meeting_is_told_and_its_evidence_kept_for_the_holder_of_the_key(where: Path) -> None:
    asyncio.run(warns_and_keeps(where))


def test_a_crashing_decoder_and_a_wedged_detector_are_told_and_restarted_alone(where: Path) -> None:
    asyncio.run(dies_alone(where))


def test_a_dead_camera_is_told_and_comes_back(where: Path) -> None:
    asyncio.run(loses_a_camera(where))


def test_what_is_no_request_is_refused_in_one_sentence() -> None:
    async def ask() -> None:
        guard = Guarding({})
        wrong_ones: list[dict[str, object]] = [
            {"do": "key", "public": "zz"}, {"do": "staff", "on": 1}, {"do": "commission", "camera": "x"},
            {"do": "acknowledge", "camera": "x"}, {}]
        for wrong in wrong_ones:
            with pytest.raises(ValueError, match="do must be"):
                await guard.answer(wrong, object())
    asyncio.run(ask())
