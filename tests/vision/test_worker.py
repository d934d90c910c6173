import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from tests.vision.mjpeg import MjpegServer, serving
from tests.vision.table import BOX, MODELS, RIG_FILE, ROOT, measurer, rig
from tests.vision.test_codes import NUMBER
from vision.frames import Camera, Frame, Picture
from vision.measure.rig import RigError
from vision.measure.upkeep import Upkeep
from vision.measure.worker import Worker, run, with_sources
from vision.preview import PreviewReader
from vision.scene.label import drawn_label
from vision.scene.table import TableScene, render
from vision.serve import RequestError

BE = ("import json, sys; from pathlib import Path; from vision.measure.worker import run; "
      "a = sys.argv; run(Path(a[1]), json.loads(a[2]), Path(a[3]), Path(a[4]), Path(a[5]))")


class Client:
    """A line-wise client of the worker's socket."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("rb")

    def tell(self, line: bytes) -> dict[str, Any]:
        self.socket.sendall(line + b"\n")
        return dict(json.loads(self.lines.readline()))

    def ask(self, number: int, do: str, **fields: object) -> dict[str, Any]:
        return self.tell(json.dumps({"id": number, "do": do, **fields}).encode())

    def close(self) -> None:
        self.lines.close()
        self.socket.close()


@contextmanager
def running(folder: Path, server: MjpegServer) -> Iterator[Path]:
    sources = json.dumps({name: server.url(name) for name in ("left", "right")})
    words = [str(RIG_FILE), sources, str(folder / "m.sock"), str(folder / "preview"), str(MODELS)]
    process = subprocess.Popen([sys.executable, "-c", BE, *words], cwd=ROOT)
    try:
        while not (folder / "m.sock").exists():
            assert process.poll() is None
            time.sleep(0.05)
        yield folder / "m.sock"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert not (folder / "m.sock").exists()


def pictures() -> dict[str, list[Any]]:
    scene = TableScene(replace(BOX, label=drawn_label(NUMBER)), 0)
    return {c.name: [render(replace(scene, frame=n), rig(), c.name) for n in range(2)] for c in rig().cameras}


def test_the_worker_serves_measures_codes_status_and_preview(tmp_path: Path) -> None:
    with serving(pictures(), 0.15) as server, running(tmp_path, server) as path:
        client, other = Client(path), Client(path)
        try:
            assert os.stat(path).st_mode & 0o777 == 0o600
            check_measure(client)
            check_scan(other)
            check_bad_lines(client)
            check_preview(client, tmp_path / "preview")
            check_lost_camera(server, client, other)
        finally:
            client.close()
            other.close()


def check_measure(client: Client) -> None:
    reply = client.ask(7, "measure")
    assert reply["id"] == 7
    answer = reply["answer"]
    assert answer["answered"], answer
    assert answer["length_mm"] == pytest.approx(BOX.length_mm, abs=8)
    assert answer["width_mm"] == pytest.approx(BOX.width_mm, abs=8)
    assert answer["height_mm"] == pytest.approx(BOX.height_mm, abs=8)
    assert answer["cameras"] == ["left", "right"]
    assert all(0 <= age < 3000 for age in answer["camera_ages_ms"].values())
    status = client.ask(8, "status")
    assert {c["state"] for c in status["cameras"].values()} == {"ok"}
    assert status["rig_residual_px"] == answer["rig_residual_px"]
    assert status["model"].startswith("parcel_corners ")
    assert status["approval"] is None


def check_scan(client: Client) -> None:
    codes = client.ask(1, "scan", expect=NUMBER)["codes"]
    assert {code["text"]: code["on_parcel"] for code in codes} == {NUMBER: True}
    assert set(codes[0]) == {"text", "format", "camera", "on_parcel"}
    assert {code["text"] for code in client.ask(2, "glance")["codes"]} <= {NUMBER}


def check_bad_lines(client: Client) -> None:
    for line, says in ((b"{", "no JSON"), (b"[1]", "one JSON object"), (b'{"do": "measure"}', "id"),
                       (b'{"id": 3, "do": "dance"}', "do must be"), (b'{"id": 4, "do": "scan", "expect": 5}', "expect"),
                       (b'{"id": 5, "do": "preview", "on": "yes"}', "on must be")):
        reply = client.tell(line)
        assert says in reply["error"]
        assert reply["id"] == (json.loads(line).get("id") if line.startswith(b'{"id') else None)
    assert client.ask(9, "status")["id"] == 9


def check_preview(client: Client, path: Path) -> None:
    reader = PreviewReader(path)
    assert reader.newest() is None
    client.ask(10, "preview", on=True)
    seen, end = None, time.monotonic() + 10
    while seen is None and time.monotonic() < end:
        seen = reader.newest()
        time.sleep(0.02)
    assert seen is not None
    assert (seen.width, seen.height) == (640, 360)
    assert seen.pixels[3::4] == b"\xff" * (640 * 360)
    client.ask(11, "preview", on=False)
    end = time.monotonic() + 5
    while reader.newest() is not None and time.monotonic() < end:
        time.sleep(0.02)
    assert reader.newest() is None
    reader.close()


def check_lost_camera(server: MjpegServer, client: Client, other: Client) -> None:
    server.lost.add("right")
    end = time.monotonic() + 10
    while other.ask(20, "status")["cameras"]["right"]["state"] != "lost" and time.monotonic() < end:
        time.sleep(0.1)
    answer = client.ask(21, "measure")["answer"]
    assert answer["cameras"] == ["left"]
    assert answer["reason"] in (None, "disagreement")
    server.lost.add("left")
    while other.ask(22, "status")["cameras"]["left"]["state"] != "lost" and time.monotonic() < end + 10:
        time.sleep(0.1)
    assert client.ask(23, "measure")["error"] == "No table camera gives a frame; check its cable and power."
    assert client.ask(24, "scan")["codes"] == []
    assert client.ask(25, "glance")["codes"] == []


class Still:
    """A camera that gives one picture."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.frozen = False

    def newest(self) -> Frame:
        """It, as if it had just been read."""
        return Frame(self.picture, time.monotonic(), 1)

    def fresh(self, no_older_s: float, within_s: float) -> Frame:
        """The same."""
        return self.newest()

    def state(self) -> str:
        """It always gives one, or gives this one for ever."""
        return "frozen" if self.frozen else "ok"

    def fps(self) -> float:
        """As fast as it is asked."""
        return 10.0

    def stop(self) -> None:
        """Nothing runs."""


@contextmanager
def shown(folder: Path, **pictures: Picture) -> Iterator[Worker]:
    """A worker whose cameras give these pictures."""
    cameras = cast("dict[str, Camera]", {name: Still(picture) for name, picture in pictures.items()})
    worker = Worker(rig(), measurer(), cameras, folder / "preview", Upkeep(folder / "kept.json"))
    try:
        yield worker
    finally:
        worker.close()


def states(worker: Worker) -> dict[str, str]:
    """Each camera's state word."""
    return {name: each["state"] for name, each in cast("dict[str, Any]", worker.status()["cameras"]).items()}


def half(picture: Picture) -> Picture:
    """As a camera sends it that fell back to a smaller size."""
    return picture[::2, ::2].copy()


def grey(picture: Picture) -> Picture:
    """As a camera sends it that fell back to grey."""
    return np.repeat(picture[..., :1], 3, axis=2)


#: What a camera may send that rig.toml does not describe, and what is said of it.
UNFIT = ((half, "960 x 540 pixels but rig.toml says 1920 x 1080"), (grey, "grey pictures; set it to colour"))


@pytest.mark.parametrize(("change", "says"), UNFIT)
def test_a_camera_that_sends_other_pictures_than_the_rig_says_is_never_measured_from(
    tmp_path: Path, change: Callable[[Picture], Picture], says: str
) -> None:
    good = {name: shots[0] for name, shots in pictures().items()}
    bad = {name: change(picture) for name, picture in good.items()}
    with shown(tmp_path, left=good["left"], right=bad["right"]) as worker:
        assert states(worker) == {"left": "ok", "right": "misfit"}
        assert worker.measure()["cameras"] == ["left"]
    with shown(tmp_path, **bad) as worker, pytest.raises(RequestError, match=says):
        worker.measure()


def test_a_camera_that_no_longer_sees_its_tags_is_told_at_the_next_measure(tmp_path: Path) -> None:
    good = {name: shots[0] for name, shots in pictures().items()}
    turned = np.ascontiguousarray(good["right"][::-1])  # mirrored tags are none
    with shown(tmp_path, left=good["left"], right=turned) as worker:
        assert worker.measure()["knocked"] == [{"camera": "right", "degrees": None, "mm": None}]
    with shown(tmp_path, left=good["left"], right=np.zeros_like(turned)) as worker:
        assert worker.measure()["knocked"] == []  # darkness is told as darkness
    with shown(tmp_path, left=good["left"], right=np.full_like(turned, 255)) as worker:
        said = worker.measure()
        assert (said["knocked"], said["blind"]) == ([], ["right"])  # and light as light


@pytest.mark.parametrize("change", [np.zeros_like, lambda picture: np.ascontiguousarray(picture[::-1])])
def test_a_camera_that_gives_a_picture_and_sees_nothing_took_no_part(
    tmp_path: Path, change: Callable[[Picture], Picture]
) -> None:
    good = {name: shots[0] for name, shots in pictures().items()}
    with shown(tmp_path, left=good["left"], right=change(good["right"])) as worker:
        said = worker.measure()
        assert (said["answered"], said["cameras"], said["blind"]) == (True, ["left"], ["right"])
        assert set(cast("dict[str, int]", said["camera_ages_ms"])) == {"left", "right"}
    with shown(tmp_path, **good) as worker:
        said = worker.measure()
        assert (said["cameras"], said["blind"]) == (["left", "right"], [])


def test_what_a_frozen_camera_shows_is_an_earlier_table_and_no_measure(tmp_path: Path) -> None:
    good = {name: shots[0] for name, shots in pictures().items()}
    with shown(tmp_path, **good) as worker:
        left, right = (cast("Any", worker.cameras[name]) for name in ("left", "right"))
        right.frozen = True
        assert worker.measure()["blind"] == ["right"]
        left.frozen = True
        with pytest.raises(RequestError, match="No table camera gives a frame"):
            worker.measure()
        assert worker.scan(None) == worker.glance() == []


def test_sources_replace_those_of_the_rig_and_unknown_names_are_refused() -> None:
    changed = with_sources(rig(), {"left": "/dev/video3"})
    assert [camera.source for camera in changed.cameras] == ["/dev/video3", rig().camera("right").source]
    with pytest.raises(RigError, match="no camera named 'top'"):
        with_sources(rig(), {"top": "x"})
    with pytest.raises(RigError, match="left and right both read /dev/video0"):
        with_sources(rig(), {"left": "/dev/video0", "right": "/dev/video0"})


def test_a_table_that_is_not_the_one_of_the_rig_is_no_measure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = {name: shots[0] for name, shots in pictures().items()}
    with shown(tmp_path, **good) as worker:
        own = replace(rig(), tags=rig().tags[1:])
        worker.rig, worker.measurer = own, replace(worker.measurer, rig=own)
        for _ in range(2):
            assert (worker.measure()["reason"], worker.all_listed) == ("moved", False)
        assert f"Tag {rig().tags[0].id} lies on the table" in caplog.text
        worker.rig, worker.measurer = rig(), replace(worker.measurer, rig=rig())
        assert worker.measure()["answered"] is True
        assert worker.all_listed
    with shown(tmp_path, left=good["left"], right=good["left"]) as worker:
        assert worker.measure()["reason"] == "moved"
        assert "left and right show the table from one place" in caplog.text


def test_a_long_socket_path_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too long for a Unix socket"):
        run(RIG_FILE, {}, tmp_path / ("x" * 120), tmp_path / "preview", MODELS)
