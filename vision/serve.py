"""A vision process behind a Unix socket: one JSON object per line, answered by one line with the same id.

An error is `{"id": …, "error": "one sentence"}`. A line that is no request is answered with id null and kills nothing.
"""
import asyncio
import json
import os
import signal
import socket
import struct
from collections.abc import Coroutine
from pathlib import Path
from typing import Protocol

LONGEST_LINE = 64 * 1024
LONGEST_PATH = 100
Reply = dict[str, object]


class RequestError(ValueError):
    """A request that cannot be carried out; the text is one sentence."""


class Worker(Protocol):
    """Whoever answers requests, each client told apart by an object of its own."""

    async def answer(self, request: Reply, client: object) -> Reply:
        """The fields of the reply to one request; RequestError for what it cannot do."""

    def leave(self, client: object) -> None:
        """A client hung up."""

    async def keep_going(self) -> None:
        """Whatever else it does while it listens."""


def parse(line: bytes) -> Reply:
    """One request; RequestError when the line is none."""
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise RequestError("The line is no JSON.") from None
    if not isinstance(request, dict) or type(request.get("id")) is not int:
        raise RequestError("A request is one JSON object with a whole number as id.")
    return request


async def converse(worker: Worker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one client until it hangs up; requests run side by side, replies carry their id."""
    client, running = object(), set[asyncio.Task[None]]()
    try:
        while line := await reader.readline():
            task = asyncio.create_task(reply(worker, line, client, writer))
            running.add(task)
            task.add_done_callback(running.discard)
    except (OSError, ValueError, asyncio.CancelledError):  # hung up, a line too long, or the process ends
        return
    finally:
        worker.leave(client)
        for task in running:
            task.cancel()
        writer.close()


async def reply(worker: Worker, line: bytes, client: object, writer: asyncio.StreamWriter) -> None:
    """Answer one line."""
    number: object = None
    try:
        request = parse(line)
        number = request["id"]
        fields = await worker.answer(request, client)
    except RequestError as error:
        fields = {"error": str(error)}
    except Exception as error:  # a defect in one request must not end the process
        fields = {"error": f"The {type(worker).__name__.lower()} failed with {type(error).__name__}."}
    writer.write(json.dumps({"id": number, **fields}).encode() + b"\n")
    try:
        await writer.drain()
    except OSError:
        return


def same_user(writer: asyncio.StreamWriter) -> bool:
    """Whether the peer runs as this user or as root."""
    peer: socket.socket = writer.get_extra_info("socket")
    _, user, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return user in (0, os.getuid())


async def serve(worker: Worker, socket_path: Path, ready: asyncio.Event | None = None) -> None:
    """Listen (0600) until cancelled."""
    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if same_user(writer):
            await converse(worker, reader, writer)
        else:
            writer.close()

    server = await asyncio.start_unix_server(welcome, sock=listening(socket_path), limit=LONGEST_LINE)
    async with server:
        if ready is not None:
            ready.set()
        await worker.keep_going()


def check_path(path: Path) -> None:
    """ValueError when a Unix socket cannot have this path."""
    if len(str(path).encode()) > LONGEST_PATH:
        raise ValueError(f"{path} is too long for a Unix socket; choose a shorter run directory.")


def listening(path: Path) -> socket.socket:
    """A Unix socket (0600) that appears at path only once it takes connections."""
    beside = path.with_name(path.name + ".part")
    beside.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(beside))
    beside.chmod(0o600)
    made.listen()
    beside.replace(path)
    return made


async def until_told(work: Coroutine[object, object, None]) -> None:
    """Do the work until SIGTERM or SIGINT; a failure of it comes out."""
    task = asyncio.ensure_future(work)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
