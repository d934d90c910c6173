"""How cameras' processes are started: names and addresses that cannot serve, and a password that nobody else reads."""
import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.vision.guard.painted import own_floor
from vision.guard.floor import FloorError
from vision.guard.source import is_taken, shown
from vision.guard.worker import Guarding, posts

CAMERA = "rtsp://admin:s3cret@127.0.0.1:9/live?token=abc"


@dataclass
class Table:
    floors: tuple[str, ...]
    sources: dict[str, str]
    lobby: tuple[str, ...] = ()


def started(folder: Path, name: str = "dock", source: str = "none", sources: dict[str, str] | None = None,
            lobby: tuple[str, ...] = ()) -> dict[str, list[str]]:
    file = own_floor(folder, source)
    file.write_text(file.read_text().replace('name = "dock"', f'name = "{name}"'))
    return posts(Table((file.name,), sources or {}, lobby), folder, folder / "models", folder / "guard")


@pytest.mark.parametrize("name", ["dock", "하역장-2", "gate:1.a_b", "d" * 40])
def test_a_plain_name_serves(tmp_path: Path, name: str) -> None:
    assert list(started(tmp_path, name, sources={name: CAMERA}, lobby=(name,))) == [name]


@pytest.mark.parametrize("name", ["dock 1", "a/b", "..", "d" * 41])
def test_a_name_that_the_core_or_the_disk_refuses_is_refused_here(tmp_path: Path, name: str) -> None:
    with pytest.raises(FloorError, match=r"camera.name = '.*' cannot name its files; use at most 40"):
        started(tmp_path, name)


def test_a_camera_that_no_floor_has_is_named_and_so_is_what_no_camera_speaks(tmp_path: Path) -> None:
    for more, says in (({"lobby": ("lobyb",)}, r"\[guard\] lobby: no floor has a camera 'lobyb'; known are dock"),
                       ({"sources": {"yard": CAMERA}}, r"\[guard\] sources: no floor has a camera 'yard'"),
                       ({"sources": {"dock": "ftp://me:pw@h/x"}}, r"\[guard.sources\] dock = 'ftp://…@h/x' is no"),
                       ({"source": "file:///clip.avi"}, r"camera.source = 'file:///clip.avi' is no address")):
        with pytest.raises(FloorError, match=says):
            started(tmp_path, **more)


def test_an_address_is_shown_without_its_secrets() -> None:
    assert shown(CAMERA) == "rtsp://…@127.0.0.1:9/live?…"
    assert shown("http://u:p@ss@h/a") == "http://…@h/a"
    assert shown("rtsp://h:554/a@b") == "rtsp://h:554/a@b"
    assert shown("/dev/video0") == "/dev/video0"
    assert [is_taken(one) for one in ("HTTPS://h", "rtsps://h", "udp://h", "clip.avi")] == [True, True, False, True]


def test_a_password_reaches_the_cameras_process_and_no_list_of_processes(tmp_path: Path) -> None:
    """A process in the camera's place tells its command line and where it found its stream, as a sign of life."""
    telling = ("import json, os, sys; said = ' '.join([open('/proc/self/cmdline').read(), os.environ['GUARD_SOURCE']]);"
               " print(json.dumps({'beat': dict(faults=[], frames=1, misfit=said)}), flush=True); sys.stdin.read()")

    async def ask() -> str:
        guard = Guarding({"dock": [sys.executable, "-c", telling, *started(tmp_path)["dock"]]}, {"dock": CAMERA})
        post = guard.posts["dock"]
        keeping = asyncio.create_task(post.keep())
        async with asyncio.timeout(20):
            while not post.beat:  # noqa: ASYNC110 - a process is polled
                await asyncio.sleep(0.02)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await post.end()
        return str(post.beat["misfit"])
    assert json.dumps(asyncio.run(ask())).count("s3cret") == 1
