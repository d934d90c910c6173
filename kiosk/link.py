"""The road between the core process and its screens: JSON lines over a Unix socket. docs/link.md is its contract."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import struct
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from kiosk.flow import Asked, Intent, Item, Json, Post, Reply, Said

log = logging.getLogger(__name__)

LINE_BYTES = 65_536
BACKLOG_BYTES = 4 * 1024 * 1024
#: The largest integer that every JSON reader keeps whole.
LARGEST = 2**53 - 1


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class IntentMessage(_Message):
    """`intent`: what the customer asked for."""

    type: Literal["intent"]
    name: str = Field(max_length=40)
    seq: int = Field(default=0, ge=0, le=LARGEST)
    args: dict[str, Any] = Field(default_factory=dict)


class AskMessage(_Message):
    """`ask`: a look-up that records nothing."""

    type: Literal["ask"]
    ask: str = Field(max_length=40)
    n: int = Field(ge=0, le=LARGEST)
    text: str = Field(max_length=200)


_UP: TypeAdapter[IntentMessage | AskMessage] = TypeAdapter(
    Annotated[IntentMessage | AskMessage, Field(discriminator="type")]
)


class Link:
    """The server side: sends every view to every client, posts what clients say."""

    def __init__(self, path: Path, post: Post) -> None:
        self._path = path
        self._post = post
        self._clients: set[asyncio.StreamWriter] = set()
        self._view: Json | None = None
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen; only this user may connect."""
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        umask = os.umask(0o177)  # of the whole process: nothing is awaited before it is put back
        try:
            listener.bind(str(self._path))
        finally:
            os.umask(umask)
        self._server = await asyncio.start_unix_server(self._serve, sock=listener, limit=LINE_BYTES)

    async def close(self) -> None:
        """Hang up on every client."""
        if self._server:
            self._server.close()
        for client in list(self._clients):
            client.close()
        self._path.unlink(missing_ok=True)

    def show(self, view: Json) -> None:
        """The newest view, to all; a client that does not read is let go."""
        self._view = view
        for client in list(self._clients):
            self._send(client, view)

    def _send(self, client: asyncio.StreamWriter, message: Json) -> None:
        if client.is_closing():
            return
        if client.transport.get_write_buffer_size() > BACKLOG_BYTES:
            log.warning("a screen does not read; it is let go")
            client.transport.abort()
            return
        client.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if _peer_uid(writer) != os.getuid():
            log.warning("a stranger knocked at the link and was turned away")
            writer.close()
            return
        self._clients.add(writer)
        if self._view is not None:
            self._send(writer, self._view)
        try:
            await self._listen(reader, writer)
        except (ConnectionError, OSError, asyncio.CancelledError):
            log.info("a screen hung up")
        finally:
            self._clients.discard(writer)
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                line = await reader.readline()
            except ValueError:
                self._send(writer, _malformed("line"))
                return
            if not line:
                return
            item = parse(line, lambda message: self._send(writer, message))
            if item is None:
                self._send(writer, _malformed("line"))
            else:
                self._post(item)


def parse(line: bytes, reply: Reply) -> Item | None:
    """One line from a client, or None when it is not one of the contract's messages."""
    try:
        message = _UP.validate_json(line)
    except ValidationError:
        return None
    if isinstance(message, AskMessage):
        return Asked(message.ask, message.n, message.text, reply)
    return Said(Intent(message.name, message.args), message.seq, reply)


def _malformed(what: str) -> Json:
    return {"type": "refused", "intent": what, "reason": "malformed", "args": {}}


def _peer_uid(writer: asyncio.StreamWriter) -> int:
    """The user at the other end (SO_PEERCRED)."""
    sock = writer.get_extra_info("socket")
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    uid: int = struct.unpack("3i", credentials)[1]
    return uid
