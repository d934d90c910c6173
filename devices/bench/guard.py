"""A guard process of few words: speaks the protocol of vision/guard/worker.py about alarms that are declared, not seen.

The real one is vision/guard/worker.py; this one stands in where cameras, net and floor are beside the point.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from pathlib import Path
from typing import Any

from devices.bench.peer import Peer
from devices.bench.web import hang_up
from devices.serving import listen_no_more

CAMERAS = ("dock", "lobby")


class GuardPeer(Peer):
    """`standing` is each camera's level; `acknowledged`, `staff`, `key` and `commissioned` what it was told."""

    FAULTS = ("mute", "dark", "covered", "dock_lost", "all_lost", "nonsense", "control_chars", "error", "restarted")

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.boot, self.news = secrets.token_hex(4), list[dict[str, Any]]()
        self.standing = dict.fromkeys(CAMERAS, "NONE")
        self.faults_of: dict[str, list[str]] = {camera: [] for camera in CAMERAS}
        self.signs: dict[str, list[str]] = {}
        self.acknowledged, self.commissioned = list[dict[str, Any]](), list[str]()
        self.staff, self.key = False, ""
        self._path, self._changed = path, asyncio.Event()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._running: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen; returns the path of the socket."""
        self._server = await asyncio.start_unix_server(self._serve, str(self._path))
        return str(self._path)

    async def stop(self) -> None:
        """Hang up on everyone."""
        if self._server is not None:
            listen_no_more(self._server)
        for task in tuple(self._running):
            task.cancel()
        for writer in tuple(self._writers):
            writer.transport.abort()
        await asyncio.gather(*self._running, return_exceptions=True)

    def ordered_changed(self, fault: str, on: bool) -> None:
        """A process that was started again has forgotten its numbers."""
        if fault == "restarted" and on:
            self.boot, self.news = secrets.token_hex(4), []
        self._wake()

    def alarm(self, kind: str, level: str, camera: str = "dock", stands: bool = True, **fields: Any) -> str:
        """Something happens; returns the id of its evidence."""
        evidence = secrets.token_hex(8) if level in ("WARNING", "CRITICAL") and self.key else None
        if stands:
            self.standing[camera] = level
        classes = ["forklift", "person"] if kind == "collision" else ["person_down"] if kind == "person_down" else []
        self.tell({
            "t": time.time(), "kind": kind, "level": level, "ids": list(range(1, len(classes) + 1)),
            "classes": classes, "separation_m": None, "ttc_s": None, "probability": None, "zone": None,
            "camera": camera, "evidence": evidence, "at": time.monotonic(), **fields,
        })  # fmt: skip
        return evidence or ""

    def tell(self, news: dict[str, Any]) -> None:
        """Something to be told to whoever asks."""
        self.news.append({"n": len(self.news) + 1, **news})
        self._wake()

    def see(self, camera: str, *signs: str) -> None:
        """What is seen just now of whoever stands before this camera."""
        self.signs = {camera: list(signs)} if signs else {}
        self._wake()

    def calm(self) -> None:
        """Nothing stands any more."""
        self.standing = dict.fromkeys(CAMERAS, "NONE")
        self.tell({"kind": "evidence_kept", "camera": "dock", "evidence": "0" * 16, "frames": 0, "bytes": 0,
                   "sha256": "0" * 64})

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(OSError, ValueError, asyncio.CancelledError):
            while line := await reader.readline():
                if "mute" not in self.ordered:
                    task = asyncio.create_task(self._reply(json.loads(line), writer))
                    self._running.add(task)
                    task.add_done_callback(self._running.discard)
        self._writers.discard(writer)
        await hang_up(writer)

    async def _reply(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        answer = {"error": "the guard has failed"} if "error" in self.ordered else await self._answer(request)
        with contextlib.suppress(OSError):
            writer.write(json.dumps({"id": request["id"], **answer}).encode() + b"\n")
            await writer.drain()

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        match request:
            case {"do": "status"}:
                return {"cameras": self._cameras()}
            case {"do": "events", "after": int(after), "wait_s": wait_s}:
                return await self._events(after if request.get("boot") == self.boot else 0, float(wait_s))
            case {"do": "acknowledge", "camera": str(camera), "kind": str(), "until": float()}:
                self.acknowledged.append({key: request.get(key) for key in ("camera", "kind", "since", "until")})
                self.standing[camera] = "NONE" if self.standing[camera] == "CRITICAL" else self.standing[camera]
                self._wake()
            case {"do": "staff", "on": bool(on)}:
                self.staff = on
            case {"do": "key", "public": str(public)}:
                self.key = public
            case {"do": "commission", "camera": str(camera)}:
                self.commissioned.append(camera)
        return {}

    async def _events(self, after: int, wait_s: float) -> dict[str, Any]:
        if len(self.news) <= after:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._changed.wait()
        told = [self._spoilt(one) for one in self.news[after:]]
        return {"boot": self.boot, "n": len(self.news), "events": told, "standing": self.standing,
                "faults": self.faults_of, "signs": self.signs}

    def _spoilt(self, one: dict[str, Any]) -> dict[str, Any]:
        if "nonsense" in self.ordered:
            return {**one, "separation_m": "near"}
        return {**one, "zone": "lev\x1b[2Jeller"} if "control_chars" in self.ordered else one

    def _cameras(self) -> dict[str, dict[str, Any]]:
        lost = {"dock": {"dock_lost", "all_lost"}, "lobby": {"all_lost"}}
        other = next((word for word in ("dark", "covered") if word in self.ordered), "ok")
        return {name: {"state": "lost" if why & self.ordered else other, "fps": 10.0, "misfit": ""}
                for name, why in lost.items()}
