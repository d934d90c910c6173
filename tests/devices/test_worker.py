"""Measurer and scanner against a worker that speaks lines over a Unix socket."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.bench.web import hang_up
from devices.measurer import WorkerMeasurer
from devices.ports import TOLERABLE, Code, DeviceFault, FaultCode
from devices.scanner import GlanceScanner, TableScanner

Answer = Callable[[dict[str, Any]], dict[str, Any] | bytes | None]
SIZE = {
    "answered": True, "length_mm": 341.2, "width_mm": 250.4, "height_mm": 181.0, "uncertainty_mm": [9.0, 8.5, 7.0],
    "kind": "box", "reason": None, "rig_residual_px": 0.4, "elapsed_ms": 312,
    "cameras": ["left", "right"], "blind": [],
}  # fmt: skip


@asynccontextmanager
async def worker(path: Path, answer: Answer) -> AsyncIterator[str]:
    """A worker whose answers the test decides: an object, raw bytes, or None for silence."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            request = json.loads(line)
            reply = answer(request)
            if isinstance(reply, dict):
                reply = json.dumps({"id": request["id"], **reply}).encode() + b"\n"
            writer.write(reply or b"")
        await hang_up(writer)

    server = await asyncio.start_unix_server(serve, str(path))
    try:
        yield str(path)
    finally:
        server.close()
        await asyncio.sleep(0.01)  # the connections see the end of their clients


def ask(tmp_path: Path, answer: Answer, timeout_s: float = 1.0) -> Any:
    async def story() -> Any:
        async with worker(tmp_path / "w.sock", answer) as path:
            measurer = WorkerMeasurer("measurer", path, reply_s=0.5)
            await measurer.open()
            try:
                return await measurer.measure(timeout_s)
            finally:
                await measurer.close()

    return asyncio.run(story())


def test_knocked_cameras_are_named(tmp_path: Path) -> None:
    knock = {"camera": "left", "degrees": 0.6, "mm": 3.0}
    assert ask(tmp_path, lambda _: {"answer": {**SIZE, "knocked": [knock]}}).knocked == ("left",)
    assert ask(tmp_path, lambda _: {"answer": SIZE}).knocked == ()
    with pytest.raises(DeviceFault):
        ask(tmp_path, lambda _: {"answer": {**SIZE, "knocked": "left"}})


def observed(tmp_path: Path, **states: str) -> frozenset[FaultCode]:
    cameras = {name: {"state": state, "age_ms": 40} for name, state in states.items()}

    async def story() -> frozenset[FaultCode]:
        async with worker(tmp_path / "w.sock", lambda _: {"cameras": cameras, "model": "m"}) as path:
            scanner = TableScanner("scanner", path, reply_s=0.5)
            await scanner.open()
            try:
                return (await scanner.probe()).faults
            finally:
                await scanner.close()

    return asyncio.run(story())


def scanned(tmp_path: Path, codes: object) -> tuple[Code, ...]:
    async def story() -> tuple[Code, ...]:
        async with worker(tmp_path / "w.sock", lambda _: {"codes": codes}) as path:
            scanner = TableScanner("scanner", path)
            await scanner.open()
            try:
                return await scanner.scan(1)
            finally:
                await scanner.close()

    return asyncio.run(story())


def glanced(tmp_path: Path, answers: list[object], timeout_s: float) -> tuple[tuple[Code, ...], int]:
    """What a scan by glances gives, and how many glances it took."""
    asked: list[str] = []

    def answer(request: dict[str, Any]) -> dict[str, object]:
        if request["do"] == "status":
            return {"cameras": {"left": {"state": "ok"}}}
        asked.append(request["do"])
        return {"codes": answers[min(len(asked), len(answers)) - 1]}

    async def story() -> tuple[Code, ...]:
        async with worker(tmp_path / "w.sock", answer) as path:
            scanner = GlanceScanner("code_reader", path)
            await scanner.open()
            try:
                return await scanner.scan(timeout_s)
            finally:
                await scanner.close()

    codes = asyncio.run(story())
    assert set(asked) == {"glance"}
    return codes, len(asked)


def test_a_code_held_up_is_glanced_for_until_it_is_seen_or_the_time_is_over(tmp_path: Path) -> None:
    seen = [{"text": "6899900000001", "format": "Code128", "camera": "left"}]
    assert glanced(tmp_path, [[], [], seen], 2) == ((Code("6899900000001", "Code128", "left"),), 3)
    none, looks = glanced(tmp_path, [[]], 0.5)
    assert none == ()
    assert looks >= 3


def test_a_size_and_a_refusal_come_through(tmp_path: Path) -> None:
    size = ask(tmp_path, lambda _: {"answer": SIZE})
    assert (size.length_mm, size.uncertainty_mm, size.kind, size.cameras) == (341.2, (9.0, 8.5, 7.0), "box", 2)
    lone = ask(tmp_path, lambda _: {"answer": {**SIZE, "cameras": ["left"], "blind": ["right"]}})
    assert (lone.cameras, lone.blind) == (1, ("right",))
    refusal = ask(tmp_path, lambda _: {"answer": {"answered": False, "reason": "hand_in_view", "cameras": ["left"]}})
    assert (refusal.answered, refusal.reason, refusal.length_mm, refusal.cameras) == (False, "hand_in_view", None, 1)
    dark = ask(tmp_path, lambda _: {"answer": {"answered": False, "reason": "dark", "blind": ["left", "right"]}})
    assert (dark.cameras, dark.blind) == (0, ("left", "right"))


@pytest.mark.parametrize("wrong", [{"reason": "a hand"}, {"reason": None}, {"reason": ["dark"]}, {"blind": "left"}])
def test_a_refusal_that_makes_no_sense_is_a_fault(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(DeviceFault, match="protocol"):
        ask(tmp_path, lambda _: {"answer": {"answered": False, "reason": "dark", "cameras": [], **wrong}})


@pytest.mark.parametrize(
    "wrong",
    [
        {"length_mm": -3}, {"width_mm": None}, {"height_mm": "181"}, {"height_mm": 1e9}, {"uncertainty_mm": [1, 2]},
        {"kind": "cube"}, {"answered": "yes"}, {"length_mm": True}, {"uncertainty_mm": [1, 2, float("nan")]},
        {"cameras": []}, {"cameras": None}, {"cameras": 2},
        {"cameras": ["left", 2]}, {"blind": 1},
    ],
)  # fmt: skip
def test_a_size_that_makes_no_sense_is_no_size(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(DeviceFault, match="protocol"):
        ask(tmp_path, lambda _: {"answer": {**SIZE, **wrong}})


def test_silence_garbage_and_errors_are_faults(tmp_path: Path) -> None:
    with pytest.raises(DeviceFault, match="no_response"):
        ask(tmp_path, lambda _: None, timeout_s=0.2)
    with pytest.raises(DeviceFault, match="disconnected"):
        ask(tmp_path, lambda _: b"\xff garbage\n")
    with pytest.raises(DeviceFault, match="internal: no model"):
        ask(tmp_path, lambda _: {"error": "no model"})


def test_another_users_process_is_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom the kernel names as the listener decides before the first word."""
    asked: list[Any] = []
    said = socket.socket.getsockopt

    def named(peer: socket.socket, level: int, option: int, *more: int) -> Any:
        return struct.pack("3i", 1, 4242, 4242) if option == socket.SO_PEERCRED else said(peer, level, option, *more)

    async def story() -> FaultCode:
        async with worker(tmp_path / "w.sock", asked.append) as path:
            with pytest.raises(DeviceFault) as fault:
                await WorkerMeasurer("measurer", path).open()
            await asyncio.sleep(0.1)  # the listener sees its client go
        return fault.value.code

    monkeypatch.setattr(socket.socket, "getsockopt", named)
    assert (asyncio.run(story()), asked) == (FaultCode.NOT_PAIRED, [])


def test_no_worker_is_told_on_opening(tmp_path: Path) -> None:
    with pytest.raises(DeviceFault, match="disconnected"):
        asyncio.run(WorkerMeasurer("measurer", str(tmp_path / "none.sock")).open())


@pytest.mark.parametrize(
    ("left", "right", "faults"),
    [
        ("ok", "ok", set()),
        ("ok", "lost", {FaultCode.CAMERA_LOST}),
        ("frozen", "ok", {FaultCode.CAMERA_LOST}),
        ("lost", "lost", {FaultCode.DISCONNECTED}),
        ("dark", "dark", {FaultCode.CAMERA_DARK}),
        ("dark", "lost", {FaultCode.CAMERA_DARK, FaultCode.CAMERA_LOST}),
        ("misfit", "ok", {FaultCode.CAMERA_LOST}),
        ("misfit", "lost", {FaultCode.MISCONFIGURED}),
    ],
)
def test_camera_states_become_faults(tmp_path: Path, left: str, right: str, faults: set[FaultCode]) -> None:
    assert observed(tmp_path, left=left, right=right) == faults
    assert (faults <= TOLERABLE) == ("ok" in (left, right))


def test_a_status_without_cameras_is_no_status(tmp_path: Path) -> None:
    with pytest.raises(DeviceFault, match="protocol"):
        observed(tmp_path)


def test_codes_are_checked_where_they_come_in(tmp_path: Path) -> None:
    texts = ["6890123456785", "bad\n", "rtl\u202e", "x" * 129, "x" * 128, "", "우편", None, "\u0000", "우" * 43]
    codes: list[object] = [{"text": text, "format": "Code128", "camera": "left"} for text in texts]
    assert [code.text for code in scanned(tmp_path, [*codes, 7])] == ["6890123456785", "x" * 128, "우편"]
    with pytest.raises(DeviceFault, match="protocol"):
        scanned(tmp_path, None)


@pytest.mark.parametrize("said", [True, False, None, 1, "true"])
def test_a_code_lies_on_the_parcel_only_where_the_worker_says_so(tmp_path: Path, said: object) -> None:
    code = {"text": "6890123456785", "format": "DataMatrix", "camera": "left", "on_parcel": said}
    assert scanned(tmp_path, [code]) == (Code("6890123456785", "DataMatrix", "left", said is True),)
    assert not scanned(tmp_path, [{key: code[key] for key in ("text", "format", "camera")}])[0].on_parcel


def test_answers_find_their_own_questions(tmp_path: Path) -> None:
    held: list[int] = []

    def later(request: dict[str, Any]) -> bytes | None:
        if request["do"] == "measure":
            held.append(request["id"])
            return None
        status = {"id": request["id"], "cameras": {"left": {"state": "ok"}}}
        late = {"id": held[0], "answer": SIZE}
        return b"".join(json.dumps(each).encode() + b"\n" for each in (status, late))

    async def story() -> None:
        async with worker(tmp_path / "w.sock", later) as path:
            measurer = WorkerMeasurer("measurer", path)
            await measurer.open()
            measuring = asyncio.create_task(measurer.measure(2))
            await asyncio.sleep(0.05)
            assert not (await measurer.probe()).faults
            assert (await measuring).answered
            await measurer.close()

    asyncio.run(story())


def blind(cameras: dict[str, str], found: dict[str, Any]) -> Answer:
    """A worker whose cameras are in these states, and which finds that all the same."""

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        states = {name: {"state": state} for name, state in cameras.items()}
        return {"cameras": states} if request["do"] == "status" else found

    return answer


@pytest.mark.parametrize(
    "found", [{"error": "no picture"}, {"answer": {"answered": False, "reason": "no_parcel"}}], ids=["error", "refusal"]
)
def test_a_measurer_without_a_camera_says_so_and_nothing_of_the_table(tmp_path: Path, found: dict[str, Any]) -> None:
    with pytest.raises(DeviceFault, match="disconnected: no camera sees the table"):
        ask(tmp_path, blind({"left": "lost", "right": "frozen"}, found))
    with pytest.raises(DeviceFault, match="misconfigured"):
        ask(tmp_path, blind({"left": "lost", "right": "misfit"}, found))
    if "error" in found:
        with pytest.raises(DeviceFault, match="internal: no picture"):
            ask(tmp_path, blind({"left": "ok", "right": "lost"}, found))
    else:
        assert ask(tmp_path, blind({"left": "ok", "right": "lost"}, found)).reason == "no_parcel"


@pytest.mark.parametrize("scanner", [TableScanner, GlanceScanner])
def test_a_scanner_without_a_camera_has_not_looked(tmp_path: Path, scanner: type[TableScanner]) -> None:
    async def story(states: dict[str, str]) -> tuple[Code, ...]:
        async with worker(tmp_path / "w.sock", blind(states, {"codes": []})) as path:
            device = scanner("scanner", path)
            await device.open()
            try:
                return await device.scan(0.1)
            finally:
                await device.close()

    with pytest.raises(DeviceFault, match="disconnected"):
        asyncio.run(story({"left": "lost", "right": "lost"}))
    assert asyncio.run(story({"left": "ok", "right": "lost"})) == ()
