"""Peers that play a recording of devices/record.py back to a driver, in its order; what they hear is held against it.

What a driver sends is masked as the recording was and compared; a difference is kept in `errors`, by number only.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devices.bench.pty import PtyPeer
from devices.bench.web import Request, Web, answer_json, silence
from devices.masks import MASKS, SAYS, hide, http_path, json_value
from devices.ports import DeviceFault, FaultCode
from devices.serving import listen_no_more


@dataclass
class Session:
    """A recording, and how far it has been played."""

    driver: str
    lines: list[dict[str, Any]]
    at: int = 0
    errors: list[str] = field(default_factory=list)

    def heard(self, masked: Any) -> None:
        """The driver has sent this: the recording's next line to the device has to say the same."""
        line = self.lines[self.at] if self.at < len(self.lines) else {}
        if line.get("to") != masked:
            self.errors.append(f"line {self.at + 2} of the recording is not what was sent")
        self.at += 1

    def expected(self) -> int:
        """How many bytes the driver has to send next."""
        line = self.lines[self.at] if self.at < len(self.lines) else {}
        return len(line.get("to", "")) // 2

    def replies(self) -> list[Any]:
        """What the device said until the driver sent again."""
        found = list[Any]()
        while self.at < len(self.lines) and "from" in self.lines[self.at]:
            found.append(self.lines[self.at]["from"])
            self.at += 1
        return found

    @property
    def over(self) -> bool:
        """Whether all of it was played."""
        return self.at == len(self.lines)


def load(path: Path) -> Session:
    """A recording from its file; ValueError where it is none."""
    head, *lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if head.get("record") != 1:
        raise ValueError(f"{path.name}: no recording of version 1")
    return Session(head["driver"], lines)


class Stream:
    """Plays a session of bytes: take what is expected, compare it, say what followed."""

    def __init__(self, session: Session, end: bytes = b"") -> None:
        self.session = session
        self.end = end
        self._mask = MASKS.get(session.driver, hide)
        self._held = bytearray()

    def take(self, data: bytes) -> bytes:
        """What is said after these bytes; `end` follows each reply whose reader takes the line end off."""
        self._held += data
        said = b""
        while 0 < (size := self.session.expected()) <= len(self._held):
            self.session.heard(self._mask(bytes(self._held[:size]), True).hex())
            del self._held[:size]
            said += b"".join(bytes.fromhex(each) + self.end for each in self.session.replies())
        return said


class TcpReplay:
    """A recording at the end of a TCP connection on 127.0.0.1; a new connection goes on where the last one ended."""

    def __init__(self, session: Session) -> None:
        self._stream = Stream(session)
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            listen_no_more(self._server)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            while data := await reader.read(65536):
                writer.write(self._stream.take(data))
                await writer.drain()
        writer.close()


class UnixReplay(TcpReplay):
    """The same at the end of a Unix socket."""

    def __init__(self, session: Session, path: Path) -> None:
        super().__init__(session)
        self._path = path

    async def start(self) -> str:  # type: ignore[override]  # its address is a path
        """Listen; returns the path."""
        self._server = await asyncio.start_unix_server(self._serve, str(self._path))
        return str(self._path)


class SerialReplay(PtyPeer):
    """A recording on a serial line; the driver's reader took the ends of lines off, `end` puts them back."""

    def __init__(self, session: Session, link: Path, end: bytes = b"\r\n") -> None:
        super().__init__(link)
        self._stream = Stream(session, end)

    def heard(self, data: bytes) -> None:
        """Say what followed."""
        self.send(self._stream.take(data))


class PushedReplay(SerialReplay):
    """A device that speaks unasked: one piece after another, at its pace; the last one again until the end."""

    PACE_S = 0.05

    async def start(self) -> str:
        """Make the pty, and begin to speak."""
        self.spawn(self._speak())
        return await super().start()

    async def _speak(self) -> None:
        said, session = b"", self._stream.session
        while True:
            if not session.over and not session.expected():
                said = bytes.fromhex(session.lines[session.at]["from"]) + self._stream.end
                session.at += 1
            self.send(said)
            await asyncio.sleep(self.PACE_S)


class HttpReplay:
    """A recording of HTTP exchanges on 127.0.0.1."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._says = SAYS.get(session.driver, frozenset())
        self._web = Web(self._serve)

    async def start(self) -> int:
        """Listen; returns the port."""
        return await self._web.start()

    async def stop(self) -> None:
        """Close everything."""
        await self._web.stop()

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        masked = {"method": request.method, "path": http_path(request.path)}
        self._session.heard(masked | {"body": json_value(request.json(), self._says)})
        for reply in self._session.replies():
            return await answer_json(writer, filled(reply["body"], request.json()), reply["status"])
        await silence()


def filled(value: Any, request: Any) -> Any:
    """The value with every `$same` taken from the request that is being answered."""
    if isinstance(value, list):
        return [filled(each, request) for each in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["$same"]:
        for key in value["$same"]:
            request = request[key]
        return request
    return {key: filled(each, request) for key, each in value.items()}


def chip(session: Session) -> Callable[[bytes], bytes]:
    """A recording as a chip card's side of the exchange; MEDIA_REMOVED at its end."""
    mask = MASKS.get(session.driver, hide)

    def transmit(apdu: bytes) -> bytes:
        session.heard(mask(apdu, True).hex())
        for reply in session.replies():
            return bytes.fromhex(reply)
        raise DeviceFault(FaultCode.MEDIA_REMOVED, "the recording is over")

    return transmit
