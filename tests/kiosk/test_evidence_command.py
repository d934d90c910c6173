"""`main.py guard-evidence` against a socket that answers, and without one."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from devices.worker import Worker
from kiosk import evidence_command
from kiosk.evidence_command import ask, verbs
from vision.guard.evidence import encoded
from vision.guard.film import FilmError, write_film
from vision.serve import Reply, RequestError, serve

JPEG = encoded(np.full((90, 160, 3), 120, np.uint8))


class Desk:
    """Hands out one clip to whoever has the PIN."""

    async def answer(self, request: Reply, client: object) -> Reply:
        if request["do"] == "list":
            return {"clips": [{"evidence": "ab", "kept_at": "2026-07-02", "camera": "dock", "frames": 2}]}
        if request["pin"] != "135790":
            raise RequestError("The PIN is wrong, or the badge is locked for now.")
        return {"camera": "dock", "frames": [[t / 5, base64.b64encode(JPEG).decode()] for t in range(20)]}

    def leave(self, client: object) -> None:
        """Nothing is kept."""

    async def keep_going(self) -> None:
        await asyncio.sleep(3600)


@pytest.fixture
def run_dir(tmp_path: Path) -> Iterator[Path]:
    """A folder with an answering evidence socket."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def work() -> None:
        up = asyncio.Event()
        serving = asyncio.create_task(serve(Desk(), tmp_path / "evidence.sock", up))
        await up.wait()
        ready.set()
        await over.wait()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(work()), daemon=True)
    thread.start()
    ready.wait(10)
    yield tmp_path
    loop.call_soon_threadsafe(over.set)
    thread.join(10)
    loop.close()


def call(run_dir: Path, *words: str) -> None:
    verbs(lambda _: run_dir, Worker, write_film)(list(words), standalone_mode=False)


def test_a_clip_is_listed_and_comes_as_a_video(
    run_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(evidence_command, "getpass", lambda _: "135790")
    call(run_dir, "list")
    out = run_dir / "clip.mp4"
    call(run_dir, "open", "ab", "--staff", "T-07", "--why", "claim 12", "--out", str(out))
    assert "ab  2026-07-02  dock  2 frames" in capsys.readouterr().out
    video = cv2.VideoCapture(str(out))
    assert int(video.get(cv2.CAP_PROP_FRAME_COUNT)) == 20
    assert video.get(cv2.CAP_PROP_FPS) == pytest.approx(5.0, abs=0.1)
    with pytest.raises(ValueError, match="exists already"):
        call(run_dir, "open", "ab", "--staff", "T-07", "--why", "claim 12", "--out", str(out))


def test_a_refusal_is_one_sentence_and_leaves_no_file(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_command, "getpass", lambda _: "1")
    with pytest.raises(ValueError, match="PIN is wrong"):
        call(run_dir, "open", "ab", "--staff", "T-07", "--why", "claim 12", "--out", str(run_dir / "x.mp4"))
    assert not (run_dir / "x.mp4").exists()


def test_without_a_branch_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no branch answers; start it"):
        ask(Worker, tmp_path, "list")


def test_a_video_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FilmError, match="holds no frame"):
        write_film([], tmp_path / "x.mp4")
    with pytest.raises(FilmError, match="cannot be written"):
        write_film([(0.0, JPEG)], tmp_path / "no" / "x.mp4")
