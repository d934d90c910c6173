"""A small HTTP/1.1 server for the bench's peers: one request per connection, with a plug that can be pulled."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from devices.serving import listen_no_more

MAX_BODY = 256 * 1024


@dataclass(frozen=True)
class Request:
    """Method, path, body and Authorization header of one request."""

    method: str
    path: str
    body: bytes
    authorization: str = ""

    def json(self) -> Any:
        """The parsed body; None where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


class Web:
    """Serves one handler on 127.0.0.1; the port stays the same when the plug is pulled and put back."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Stop listening and cut every connection."""
        self.plug(True)
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def plug(self, pulled: bool) -> None:
        """Pull the plug at once, or put it back in a moment."""
        server, self._server = self._server, None
        if server is not None:
            listen_no_more(server)
        for writer in tuple(self._writers):
            writer.transport.abort()
        if not pulled:
            restart = asyncio.create_task(self._restart())
            self._tasks.add(restart)
            restart.add_done_callback(self._tasks.discard)

    async def _restart(self) -> None:
        await self.start()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._writers.add(writer)
        try:
            request = await read_request(reader)
            if request is not None:
                await self._handler(request, writer)
        except (OSError, asyncio.IncompleteReadError, ValueError, asyncio.CancelledError):
            pass  # the client hung up, sent no HTTP, or the bench is closing
        finally:
            with contextlib.suppress(asyncio.CancelledError):  # the bench is closing
                await hang_up(writer)
            self._writers.discard(writer)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection and wait for the end of it."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """One request; None when the connection ended or the request is no HTTP or too long."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    words = head[0].split(" ")
    headers = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in head[1:])}
    length = int(headers.get("content-length", "0"))
    if len(words) != 3 or not 0 <= length <= MAX_BODY:
        return None
    return Request(words[0], words[1], await reader.readexactly(length), headers.get("authorization", ""))


async def answer(writer: asyncio.StreamWriter, body: bytes, status: int = 200, kind: str = "application/json") -> None:
    """Send one whole answer."""
    head = f"HTTP/1.1 {status} {'OK' if status == 200 else 'No'}\r\nContent-Type: {kind}\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    await writer.drain()


async def answer_json(writer: asyncio.StreamWriter, value: object, status: int = 200) -> None:
    """Send one JSON answer."""
    await answer(writer, json.dumps(value, ensure_ascii=False).encode(), status)


async def broken_off(writer: asyncio.StreamWriter, body: bytes) -> None:
    """Send the first half of an answer, and no more."""
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2])
    await writer.drain()


async def silence() -> None:
    """Never answer: hold the connection until the client gives up or the plug is pulled."""
    await asyncio.sleep(3600)
