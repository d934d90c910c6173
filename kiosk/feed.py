"""The status feed: a page, /status.json, /events (SSE with replay), /metrics. The sum of everyone's status.

kiosk/report.py says what a message can hold; docs/feed is the contract for those who read.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import logging
import re
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import uvicorn
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST
from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from devices.ports import CallState, Status
from kiosk import facts as f
from kiosk.flow import Availability
from kiosk.journal import Entry
from kiosk.report import EVENTS, CloudEvent, Device, Gap, Reading, Report, Service, Task, Value, metrics
from kiosk.words import catalogue

log = logging.getLogger(__name__)

PAGE = Path(__file__).parent / "page"
FILES = {"/page.js": "text/javascript", "/page.css": "text/css", "/icon.svg": "image/svg+xml"}
#: The families of words that the page shows.
FAMILIES = (
    "device.", "state.", "fault.", "remedy.", "bring.", "task.", "status.", "service.", "reading.",
    "demo.banner", "simulated.banner",
)  # fmt: skip
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", CSP.encode()), (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)  # fmt: skip
#: What the status says of the branch itself, passed on as it is.
PASSED_ON = (
    "branch", "name_ko", "name_en", "environment", "version", "demo", "counts", "visits_open", "numbers_left", "head",
)  # fmt: skip
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class FeedRefused(ValueError):
    """The feed cannot listen; the text names the keys and what to do, `key` the one to mend."""

    key = "feed.port"


@dataclass(frozen=True)
class Limits:
    """Readers of /events at once, entries replayed to one, entries waiting for one, seconds of silence, of sending."""

    readers: int = 32
    replayed: int = 1000
    waiting: int = 1000
    beat_s: float = 15.0
    send_s: float = 20.0


Replay: TypeAlias = Callable[[int, Sequence[type[f.Fact]], int], Awaitable[Sequence[Entry]]]
Queue: TypeAlias = asyncio.Queue[tuple[int, str] | None]
#: Stands for the number of what is no journal entry and is always sent.
FOREVER = sys.maxsize


class Feed:
    """Serves what `status` says and tells of facts; `replay(after, kinds, newest)` reads the journal."""

    def __init__(
        self, branch: str, status: Callable[[], Mapping[str, Any]], replay: Replay, announce: Path,
        limits: Limits | None = None,
    ) -> None:  # fmt: skip
        self._branch, self._status, self._replay, self._announce = branch, status, replay, announce
        self._limits = limits or Limits()
        self._readers: set[Queue] = set()
        self._raised: dict[str, datetime] = {}
        self._started = datetime.now(UTC)
        self._socket: socket.socket | None = None

    def bind(self, host: str, port: int) -> None:
        """Take the address and announce it; FeedRefused when it cannot be had."""
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            self._socket = socket.create_server((host, port), family=family)
        except OSError as fault:
            where, why = f"[feed] host = {host!r}, port = {port}", (fault.strerror or str(fault)).split(" (")[0]
            raise FeedRefused(f"{where}: {why}; choose another, or end what holds it.") from fault
        self._announce.write_text(
            f"http://{url_host(self._socket)}:{self._socket.getsockname()[1]}/\n", encoding="utf-8"
        )

    async def serve(self) -> None:
        """Listen on the bound address until cancelled; then let every reader go at once."""
        if self._socket is None:
            raise RuntimeError("bind comes before serve")
        for entry in await self._replay(0, (f.StaffTaskRaised,), self._limits.replayed):
            self._remember(entry)
        known = names(url_host(self._socket))
        server = _Server(uvicorn.Config(
            Guard(self._app(), known, self._limits.send_s), log_config=None, access_log=False, lifespan="off",
            http="h11", ws="none", server_header=False, h11_max_incomplete_event_size=8192, limit_concurrency=128,
            timeout_graceful_shutdown=1,
        ))  # fmt: skip
        serving = asyncio.create_task(server.serve(sockets=[self._socket]))
        try:
            await asyncio.shield(serving)
        finally:
            server.should_exit = True
            for reader in list(self._readers):
                _let_go(reader)
            await serving

    def _app(self) -> Starlette:
        routes = [
            Route("/", self._page), Route("/status.json", self._json), Route("/events", self._events),
            Route("/metrics", self._metrics), *(Route(path, self._file) for path in FILES),
        ]  # fmt: skip
        return Starlette(routes=routes)

    def entered(self, entry: Entry) -> None:
        """A fact was written down: tell of it, if it may be told. Never raises: the desk does not wait for readers."""
        self._remember(entry)
        if not (text := self._told(entry)):
            return
        for reader in list(self._readers):
            if reader.full():
                self._readers.discard(reader)
                _let_go(reader)
            else:
                reader.put_nowait((entry.seq, text))

    def _remember(self, entry: Entry) -> None:
        match entry.fact:
            case f.StaffTaskRaised(task):
                self._raised[task] = entry.at
            case f.StaffTaskClosed(task):
                self._raised.pop(task, None)

    def _told(self, entry: Entry) -> str:
        """The entry as a server-sent event; empty when it stays in the branch."""
        try:
            event = told(self._branch, entry)
        except ValidationError as fault:
            log.error("entry %d is not told: %s does not fit", entry.seq, [part["loc"] for part in fault.errors()])
            return ""
        return f"id: {entry.seq}\ndata: {event.model_dump_json()}\n\n" if event else ""

    def report(self) -> Report:
        """/status.json as a value."""
        status = self._status()
        devices = {name: device(one) for name, one in status["devices"].items()}
        return Report(
            **{key: status[key] for key in PASSED_ON},
            at=datetime.now(UTC), started_at=self._started, devices=devices,
            simulated=any(one.simulated for one in devices.values()),
            services={name: service(one) for name, one in status["services"].items()},
            tasks=tuple(self._task(task, status["calls"]) for task in status["tasks"].values()),
        )  # fmt: skip

    def _task(self, task: f.StaffTaskRaised, calls: Mapping[str, str]) -> Task:
        state = CallState(calls[task.task]) if task.task in calls else None
        return Task(task=task.task, reason=task.reason, state=state, raised_at=self._raised.get(task.task))

    async def _page(self, request: Request) -> Response:
        return HTMLResponse((PAGE / "status.html").read_text(encoding="utf-8").replace("{{words}}", words()))

    async def _file(self, request: Request) -> Response:
        return Response((PAGE / request.url.path[1:]).read_bytes(), media_type=FILES[request.url.path])

    async def _json(self, request: Request) -> Response:
        return Response(self.report().model_dump_json(), media_type="application/json")

    async def _metrics(self, request: Request) -> Response:
        return Response(metrics(self.report()), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _events(self, request: Request) -> Response:
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        if len(self._readers) >= self._limits.readers:
            return PlainTextResponse("too many readers of /events; try again later\n", 503, {"Retry-After": "10"})
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        return Events(self._stream(int(after) if re.fullmatch("[0-9]{1,18}", after) else 0))

    async def _stream(self, after: int) -> AsyncGenerator[str, None]:
        """What the journal holds after this number, then everything new, until the reader is let go."""
        reader: Queue = asyncio.Queue(self._limits.waiting)
        self._readers.add(reader)
        try:
            yield "retry: 2000\n\n"
            last = 0
            for seq, text in await self._missed(after):
                last = seq
                yield text
            while (found := await self._next(reader)) is not None:
                if found[0] > last:
                    yield found[1]
        finally:
            self._readers.discard(reader)

    async def _missed(self, after: int) -> list[tuple[int, str]]:
        """The newest entries after this number, and before them a `gap` where there are too many."""
        most = self._limits.replayed
        found = await self._replay(after, tuple(EVENTS), most + 1)
        events = [(entry.seq, self._told(entry)) for entry in found[-most:]]
        if len(found) > most:
            gap = Gap(after=after, first=events[0][0])
            events.insert(0, (0, f"event: gap\ndata: {gap.model_dump_json()}\n\n"))
        return events

    async def _next(self, reader: Queue) -> tuple[int, str] | None:
        """What waits for this reader; a comment after some silence; None when it is let go."""
        try:
            async with asyncio.timeout(self._limits.beat_s):  # wait_for loses a cancellation when something comes
                return await reader.get()
        except TimeoutError:
            return FOREVER, ": still here\n\n"


class Events(StreamingResponse):
    """A stream that is closed however it ends: at its end, by the reader, or in the middle of sending."""

    def __init__(self, stream: AsyncGenerator[str, None]) -> None:
        super().__init__(stream, media_type="text/event-stream")
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the end."""
        async with contextlib.aclosing(self._stream):
            await super().__call__(scope, receive, send)


class Guard:
    """Strict headers on every answer; on the loopback only its own names as Host; nobody is sent to for ever."""

    def __init__(self, app: ASGIApp, names: frozenset[str] | None, send_s: float) -> None:
        self._app, self._names, self._send_s = app, names, send_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            async with asyncio.timeout(self._send_s):
                await send(message)

        app = self._app if self._known(dict(scope["headers"])) else PlainTextResponse("unknown Host\n", 421)
        try:
            await app(scope, receive, dressed)
        except TimeoutError:
            log.warning("a reader of the feed does not read; it is let go")

    def _known(self, headers: Mapping[bytes, bytes]) -> bool:
        """Whether the Host header names this machine: a page of another name must not read what listens here."""
        name = re.sub(r":[0-9]{1,5}$", "", headers.get(b"host", b"").decode("latin-1").lower())
        return self._names is None or name in self._names


class _Server(uvicorn.Server):
    """Leaves the process's signals to the core."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _let_go(reader: Queue) -> None:
    """End a reader's stream now; what still waits for it is replayed when it comes back."""
    while not reader.empty():
        reader.get_nowait()
    reader.put_nowait(None)


def url_host(listener: socket.socket) -> str:
    """The address that a socket is bound to, as a URL writes it."""
    host = str(listener.getsockname()[0])
    return f"[{host}]" if ":" in host else host


def names(host: str) -> frozenset[str] | None:
    """The Host names to answer to, for an address as a URL writes it; None (any) beyond the loopback."""
    return LOOPBACK | {host} if ipaddress.ip_address(host.strip("[]")).is_loopback else None


def told(branch: str, entry: Entry) -> CloudEvent[Any, Any] | None:
    """The message of one journal entry, or None when it stays in the branch; ValidationError when it does not fit."""
    model = EVENTS.get(type(entry.fact)) if entry.fact else None
    if model is None:
        return None
    return model(
        specversion="1.0", id=entry.id, source=f"/branch/{branch}", type=f"unmanned-branch.{entry.kind}", time=entry.at,
        datacontenttype="application/json", sequence=str(entry.seq), data=entry.fact,
    )  # fmt: skip


def device(status: Status) -> Device:
    """One device for the feed. Its free text (`detail`) stays inside; so does a reading that is not plain ASCII."""
    readings = TypeAdapter(dict[Reading, Value])
    values: dict[str, str] = {}
    for name, text in status.values:
        with contextlib.suppress(ValidationError):
            values |= readings.validate_python({name: text})
    return Device(
        state=status.state, usable=status.usable, simulated=status.simulated, since=status.since,
        observed_at=status.observed_at, faults=tuple(sorted(status.faults)), values=values,
    )  # fmt: skip


def service(one: Availability) -> Service:
    """One service for the feed."""
    return Service.model_validate(one)


def words() -> str:
    """The page's words in Korean and English as JSON that may stand inside HTML."""
    chosen = {tag: {id: text for id, text in catalogue(tag).items() if id.startswith(FAMILIES)} for tag in ("ko", "en")}
    return json.dumps(chosen, ensure_ascii=False).replace("<", "\\u003c")
