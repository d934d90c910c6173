"""The status feed: a page, /status.json, /events (SSE with replay), /metrics. The sum of everyone's status.

Holds no personal data by construction: only device states, service map, counters, task reasons and the journal's head.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from devices.ports import Status
from kiosk.facts import StaffTaskRaised
from kiosk.flow import Availability
from kiosk.journal import Entry

#: Facts that the feed tells of, and the fields of each that may leave the branch.
TOLD: Mapping[str, tuple[str, ...]] = {
    "BranchStarted": ("version",), "DeviceChanged": ("device", "state", "faults", "simulated"),
    "StaffTaskRaised": ("task", "reason"), "StaffAnswered": ("task", "state"), "StaffTaskClosed": ("task",),
    "ParcelLeftBehind": ("grams",), "VisitStarted": ("service",), "VisitClosed": ("outcome",),
}  # fmt: skip
KEPT = 1000
PAGE = Path(__file__).parent / "page"


class Feed:
    """Serves what `status` says, and tells its listeners of every fact that may leave the branch."""

    def __init__(self, branch: str, status: Callable[[], Mapping[str, Any]], announce: Path) -> None:
        self._announce = announce
        self._branch = branch
        self._status = status
        self._kept: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self._listeners: set[asyncio.Queue[tuple[int, str]]] = set()

    def entered(self, entry: Entry) -> None:
        """A fact was written down: tell of it, if it may be told."""
        if entry.kind not in TOLD or entry.fact is None:
            return
        data = {key: vars(entry.fact)[key] for key in TOLD[entry.kind]}
        event = cloud_event(self._branch, entry, data)
        self._kept.append((entry.seq, json.dumps(event, ensure_ascii=False)))
        for queue in list(self._listeners):
            if queue.full():
                self._listeners.discard(queue)
            else:
                queue.put_nowait(self._kept[-1])

    async def serve(self, host: str, port: int) -> None:
        """Listen until cancelled."""
        routes = [
            Route("/", self._page), Route("/status.json", self._json), Route("/events", self._events),
            Route("/metrics", self._metrics),
        ]  # fmt: skip
        listener = socket.create_server((host, port), reuse_port=False)
        self._announce.write_text(f"http://{host}:{listener.getsockname()[1]}/\n", encoding="utf-8")
        settings = uvicorn.Config(Starlette(routes=routes), log_level="warning", lifespan="off", access_log=False)
        await uvicorn.Server(settings).serve(sockets=[listener])

    def snapshot(self) -> dict[str, Any]:
        """/status.json as a value."""
        status = self._status()
        devices: Mapping[str, Status] = status["devices"]
        services: Mapping[str, Availability] = status["services"]
        tasks: Mapping[str, StaffTaskRaised] = status["tasks"]
        return {
            **{key: status[key] for key in ("branch", "environment", "version", "counts", "visits_open", "numbers_left", "head")},
            "at": datetime.now(UTC).isoformat(),
            "devices": {name: device(one) for name, one in devices.items()},
            "services": {
                name: {"state": one.state, "reasons": [{"device": r.device, "code": r.code} for r in one.reasons]}
                for name, one in services.items()
            },
            "tasks": [{"task": t.task, "reason": t.reason, "state": status["calls"].get(t.task, "calling")} for t in tasks.values()],
        }

    async def _page(self, request: Request) -> Response:
        return HTMLResponse((PAGE / "status.html").read_text(encoding="utf-8"))

    async def _json(self, request: Request) -> Response:
        return JSONResponse(self.snapshot(), headers={"Cache-Control": "no-store"})

    async def _events(self, request: Request) -> Response:
        after = request.headers.get("last-event-id", "")
        stream = self._stream(int(after) if after.isdigit() else 0)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _stream(self, after: int) -> AsyncIterator[str]:
        queue: asyncio.Queue[tuple[int, str]] = asyncio.Queue(KEPT)
        self._listeners.add(queue)
        try:
            for seq, text in [kept for kept in self._kept if kept[0] > after]:
                yield sse(seq, text)
            while True:
                try:
                    yield sse(*await asyncio.wait_for(queue.get(), 15))
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._listeners.discard(queue)

    async def _metrics(self, request: Request) -> Response:
        return Response(metrics(self.snapshot()), media_type="application/openmetrics-text; version=1.0.0; charset=utf-8")


def device(status: Status) -> dict[str, Any]:
    """One device for the feed."""
    return {
        "state": status.state, "faults": sorted(status.faults), "since": status.since.isoformat(),
        "observed_at": status.observed_at.isoformat() if status.observed_at else None, "simulated": status.simulated,
        "usable": status.usable, "detail": status.detail, "values": dict(status.values),
    }  # fmt: skip


def cloud_event(branch: str, entry: Entry, data: Mapping[str, Any]) -> dict[str, Any]:
    """A CloudEvents 1.0 envelope of one journal entry."""
    return {
        "specversion": "1.0", "id": entry.id, "source": f"/branch/{branch}", "type": f"branch.{entry.kind}",
        "time": entry.at.isoformat(), "datacontenttype": "application/json", "sequence": str(entry.seq), "data": dict(data),
    }  # fmt: skip


def sse(seq: int, text: str) -> str:
    """One server-sent event."""
    return f"id: {seq}\ndata: {text}\n\n"


def metrics(snapshot: Mapping[str, Any]) -> str:
    """The snapshot as OpenMetrics text."""
    lines = ["# TYPE branch_device_usable gauge", "# TYPE branch_service_available gauge", "# TYPE branch_visits counter"]
    lines += [f'branch_device_usable{{device="{n}"}} {int(d["usable"])}' for n, d in snapshot["devices"].items()]
    lines += [f'branch_service_available{{service="{n}"}} {int(s["state"] != "unavailable")}' for n, s in snapshot["services"].items()]
    lines += [f'branch_visits_total{{outcome="{n}"}} {count}' for n, count in snapshot["counts"].items()]
    return "\n".join([*lines, "# EOF", ""])
