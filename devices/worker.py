"""The road to the vision worker: one JSON object per line over its Unix socket, requests and answers paired by id.

`{"id": 7, "do": "measure"}` is answered by `{"id": 7, …}` or `{"id": 7, "error": "one sentence"}`.
`status` answers `cameras` (name -> `state` ok, dark, lost, frozen or misfit, `age_ms`, and why a misfit is one),
`rig_residual_px` and `model`; one whose rig or model cannot be used answers `misconfigured`, one sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import socket
import struct
from collections.abc import Mapping
from typing import Any

from devices.ports import DeviceFault, FaultCode, Observation
from devices.record import listening
from devices.wire import printable

#: Longest line taken from the worker, bytes.
MAX_LINE = 1024 * 1024


class Worker:
    """A client of the vision worker with a connection of its own."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._writer: asyncio.StreamWriter | None = None
        self._listener: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._ids = itertools.count(1)
        self._tap = listening()

    async def open(self) -> None:
        """Connect; DISCONNECTED when the worker is not there, NOT_PAIRED when another user's process is."""
        await self.close()
        try:
            reader, writer = await asyncio.open_unix_connection(self._path, limit=MAX_LINE)
        except OSError as error:
            raise DeviceFault(FaultCode.DISCONNECTED, f"vision worker: {error}") from error
        if not same_user(writer):
            await hung_up(writer)
            raise DeviceFault(FaultCode.NOT_PAIRED, "another user's process listens where the vision worker should")
        self._writer = writer
        self._listener = asyncio.create_task(self._listen(reader))

    async def close(self) -> None:
        """Hang up; calls in flight end as DISCONNECTED."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.cancel()
            await asyncio.wait([listener])
        writer = self._writer
        self._hang_up("closed")
        if writer is not None:
            await hung_up(writer)

    async def ask(self, do: str, timeout_s: float, **fields: object) -> dict[str, Any]:
        """The answer to one request."""
        if self._writer is None:
            raise DeviceFault(FaultCode.DISCONNECTED, "no connection to the vision worker")
        number = next(self._ids)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        line = json.dumps({"id": number, "do": do, **fields}).encode() + b"\n"
        self._tap.sent(line)
        self._writer.write(line)
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._waiting[number]
        except TimeoutError:
            raise DeviceFault(FaultCode.NO_RESPONSE, f"{do}: no answer within {timeout_s:.1f} s") from None
        finally:
            self._waiting.pop(number, None)
        if "error" in answer:
            raise DeviceFault(FaultCode.INTERNAL, printable(answer["error"], 200) or f"{do} failed")
        return answer

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        reason = "the vision worker hung up"
        try:
            while line := await reader.readline():
                self._tap.got(line)
                self._take(json.loads(line))
        except (OSError, ValueError, RecursionError) as error:
            reason = f"vision worker: {type(error).__name__}"
        self._hang_up(reason)

    def _take(self, answer: Any) -> None:
        number = answer.get("id") if isinstance(answer, dict) else None
        waiting = self._waiting.get(number) if isinstance(number, int) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _hang_up(self, reason: str) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(DeviceFault(FaultCode.DISCONNECTED, reason))


async def hung_up(writer: asyncio.StreamWriter) -> None:
    """Close the connection and see it closed."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def same_user(writer: asyncio.StreamWriter) -> bool:
    """Whether the kernel names this user, or root, as the peer's (SO_PEERCRED)."""
    peer: socket.socket = writer.get_extra_info("socket")
    _, user, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return user in (0, os.getuid())


def observe(answer: Mapping[str, Any], simulated: bool) -> Observation:
    """What a `status` answer says: no camera left is DISCONNECTED, one missing CAMERA_LOST, a dark one CAMERA_DARK.

    A camera that sends other pictures than it is described with serves no more than a lost one: MISCONFIGURED if no
    other is left.
    """
    if why := printable(answer.get("misconfigured"), 200):
        return Observation(frozenset({FaultCode.MISCONFIGURED}), (), why, simulated)
    cameras = answer.get("cameras")
    if not isinstance(cameras, dict) or not cameras:
        raise DeviceFault(FaultCode.PROTOCOL, "the status names no camera")
    states = {printable(name, 20): camera_state(camera) for name, camera in cameras.items()}
    gone = sum(state in ("lost", "frozen", "starting", "misfit") for state in states.values())
    misfits = "; ".join(printable(camera.get("misfit"), 200) for camera in cameras.values() if camera.get("misfit"))
    faults = set[FaultCode]()
    if gone and gone < len(states):
        faults.add(FaultCode.CAMERA_LOST)
    elif gone:
        faults.add(FaultCode.MISCONFIGURED if "misfit" in states.values() else FaultCode.DISCONNECTED)
    if "dark" in states.values():
        faults.add(FaultCode.CAMERA_DARK)
    values = [(f"camera {name}", state) for name, state in states.items()]
    values += [(key, str(answer[key])[:80]) for key in ("rig_residual_px", "model") if answer.get(key) is not None]
    return Observation(frozenset(faults), tuple(values), misfits[:200], simulated)


async def sighted(worker: Worker, reply_s: float) -> None:
    """After an answer that found nothing: the fault where no camera sees the table, for then nobody has looked."""
    try:
        faults = observe(await worker.ask("status", reply_s), False).faults
    except DeviceFault:
        return  # nothing more is known than was answered
    for code in (FaultCode.DISCONNECTED, FaultCode.MISCONFIGURED):
        if code in faults:
            raise DeviceFault(code, "no camera sees the table")


def camera_state(camera: Any) -> str:
    """The state word of one camera; PROTOCOL when it is none that this driver knows."""
    state = camera.get("state") if isinstance(camera, dict) else None
    if state not in ("ok", "dark", "lost", "frozen", "starting", "misfit"):
        raise DeviceFault(FaultCode.PROTOCOL, "unknown camera state")
    return str(state)
