"""How cameras' processes are started: names and addresses that cannot serve, and a password that nobody else reads."""
import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.vision.guard.painted import own_floor
from vision.guard import worker
from vision.guard.floor import FloorError
from vision.guard.roster import Roster, roster
from vision.guard.source import is_taken, shown
from vision.guard.worker import STALLED, Guarding

CAMERA = "rtsp://admin:s3cret@127.0.0.1:9/live?token=abc"


@dataclass
class Table:
    floors: tuple[str, ...]
    sources: dict[str, str]
    lobby: tuple[str, ...] = ()


def started(folder: Path, name: str = "dock", source: str = "none", sources: dict[str, str] | None = None,
            lobby: tuple[str, ...] = ()) -> Roster:
    file = own_floor(folder, source)
    file.write_text(file.read_text().replace('name = "dock"', f'name = "{name}"'))
    return listed(folder, (file.name,), sources, lobby)


def listed(folder: Path, floors: tuple[str, ...], sources: dict[str, str] | None = None,
           lobby: tuple[str, ...] = ()) -> Roster:
    return roster(Table(floors, sources or {}, lobby), folder, folder / "models", folder / "guard")


@pytest.mark.parametrize("name", ["dock", "하역장-2", "gate:1.a_b", "d" * 40])
def test_a_plain_name_serves(tmp_path: Path, name: str) -> None:
    found = started(tmp_path, name, sources={name: CAMERA}, lobby=(name,))
    assert list(found.argvs) == [name]
    assert found.unfit == {}


@pytest.mark.parametrize("name", ["dock 1", "a/b", "..", "d" * 41])
def test_a_name_that_the_core_or_the_disk_refuses_is_refused_here(tmp_path: Path, name: str) -> None:
    found = started(tmp_path, name)
    assert found.argvs == {}
    assert "cannot name its files; use at most 40" in found.unfit["floor"]


def test_a_floor_that_cannot_be_used_leaves_the_others_and_is_told_by_the_name_of_its_file(tmp_path: Path) -> None:
    own_floor(tmp_path, "none")
    (tmp_path / "yard gate.toml").write_text("[camera")
    found = listed(tmp_path, ("floor.toml", "yard gate.toml", "floor.toml", "gone.toml"), lobby=("yard",))
    assert list(found.argvs) == ["dock"]
    assert list(found.unfit) == ["yard_gate", "floor", "gone"]
    assert "is not valid TOML" in found.unfit["yard_gate"]
    assert "another floor has a camera 'dock' already" in found.unfit["floor"]
    assert "gone.toml does not exist" in found.unfit["gone"]


def test_a_bad_file_never_takes_the_name_of_a_camera_that_can_be_watched(tmp_path: Path) -> None:
    own_floor(tmp_path, "none")
    (tmp_path / "dock.toml").write_text("[camera")
    found = listed(tmp_path, ("dock.toml", "floor.toml"))
    assert list(found.argvs) == ["dock"]
    assert list(found.unfit) == ["dock-2"]


def test_a_bad_floor_ends_no_guard_it_is_told_and_taken_up_once_it_is_mended(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends with 1, upon which whoever keeps it starts it again, and not with the operator's 2."""
    monkeypatch.setattr(worker, "AGAIN_S", 0.2)
    found, told = Roster(unfit={"floor": "three points on a line"}), list[Any]()

    class Watched(Guarding):
        async def keep_going(self) -> None:
            asyncio.get_running_loop().call_later(0.3, found.unfit.clear)
            try:
                await super().keep_going()
            finally:
                told.append((await self._events(0, "", 0))["events"])
                told.append((await self.answer({"do": "status"}, self))["cameras"])

    monkeypatch.setattr(worker, "Guarding", Watched)
    assert worker.run(lambda: Roster(dict(found.argvs), dict(found.unfit)), tmp_path / "guard.sock", {}) == 1
    (event,), cameras = told
    assert (event["kind"], event["camera"]) == (STALLED, "floor")
    assert (cameras["floor"]["state"], cameras["floor"]["misfit"]) == ("misfit", "three points on a line")


def test_a_net_that_cannot_be_used_is_told_at_once_with_its_reason(tmp_path: Path) -> None:
    told: list[str] = []

    async def ask() -> dict[str, object]:
        post = Guarding(started(tmp_path).argvs).posts["dock"]
        post.tell = lambda news: told.append(news["kind"])
        keeping = asyncio.create_task(post.keep())
        async with asyncio.timeout(30):
            while not post.unfit:  # noqa: ASYNC110 - a process is polled
                await asyncio.sleep(0.02)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await post.end()
        return post.status()
    status = asyncio.run(ask())
    assert told == [STALLED]
    assert status["state"] == "misfit"
    assert "manifest.toml is missing; restore it from the repository." in str(status["misfit"])


def test_a_camera_that_no_floor_has_is_named_and_so_is_what_no_camera_speaks(tmp_path: Path) -> None:
    for more, says in (({"lobby": ("lobyb",)}, r"\[guard\] lobby: no floor has a camera 'lobyb'; known are dock"),
                       ({"sources": {"yard": CAMERA}}, r"\[guard\] sources: no floor has a camera 'yard'"),
                       ({"sources": {"dock": "ftp://me:pw@h/x"}}, r"\[guard.sources\] dock = 'ftp://…@h/x' is no")):
        with pytest.raises(FloorError, match=says):
            started(tmp_path, **more)
    assert "camera.source = 'file:///clip.avi' is no address" in started(
        tmp_path, source="file:///clip.avi").unfit["floor"]


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
        guard = Guarding({"dock": [sys.executable, "-c", telling, *started(tmp_path).argvs["dock"]]}, {"dock": CAMERA})
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
