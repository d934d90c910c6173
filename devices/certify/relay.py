"""A relay in the wire between a driver and any device, real or not: it can fall silent, turn to noise, or be cut."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import tty
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import serial  # type: ignore[import-untyped]  # pyserial ships no type information

from devices.certify.terms import Trouble
from devices.serving import listen_no_more

Options = dict[str, object]
#: Where a URL names no port; boards speak Modbus.
DEFAULT_PORTS = {"http": 80, "https": 443}
#: A connection that is just coming in is let in before the line is cut: asyncio would leave it open for ever.
ACCEPTED_S = 0.03
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Line(Protocol):
    """What lies in the wire."""

    async def start(self) -> str:
        """Lay it; returns the port or path on the driver's side."""

    async def stop(self) -> None:
        """Take it out."""

    async def order(self, fault: Trouble, on: bool) -> None:
        """Mute, garbage or unplug."""


class Noise:
    """What becomes of bytes on their way to the driver; seeded, so that a run can be repeated."""

    def __init__(self) -> None:
        self.on: set[Trouble] = set()
        self._random = random.Random(7)

    def order(self, fault: Trouble, on: bool) -> None:
        """Begin or end a trouble."""
        (self.on.add if on else self.on.discard)(fault)

    def passed(self, data: bytes) -> bytes:
        """The bytes, nothing, or noise that ends alike."""
        if Trouble.MUTE in self.on:
            return b""
        if Trouble.GARBAGE not in self.on:
            return data
        ending = data[len(data.rstrip(b"\r\n")) :]
        return self._random.randbytes(max(4, len(data) - len(ending))) + ending


class StreamRelay:
    """A TCP port of 127.0.0.1, or a Unix socket, that leads on to the device; one connection there for each here."""

    def __init__(self, connect: Callable[[], Coroutine[Any, Any, Streams]], path: Path | None = None) -> None:
        self._connect, self._path = connect, path
        self._noise = Noise()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._port = 0

    async def start(self) -> str:
        """Listen."""
        if self._path is not None:
            self._server = await asyncio.start_unix_server(self._accepted, str(self._path))
            return str(self._path)
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])
        return str(self._port)

    async def stop(self) -> None:
        """Hang up on both sides."""
        self._cut()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._path is not None:
            self._path.parent.rmdir()

    async def order(self, fault: Trouble, on: bool) -> None:
        """Cut and mend by hanging up and listening again; the rest changes what is passed on."""
        self._noise.order(fault, on)
        if fault is Trouble.UNPLUG and on:
            await asyncio.sleep(ACCEPTED_S)
            self._cut()
        elif fault is Trouble.UNPLUG and self._server is None:
            await self.start()

    def _cut(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            listen_no_more(server)
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        for writer in tuple(self._writers):
            writer.transport.abort()

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:  # it was cut while the connection came in
            writer.transport.abort()
            return
        self._writers.add(writer)
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError):
                beyond = await self._connect()
                self._writers.add(beyond[1])
                ways = (self._pump(reader, beyond[1], bytes), self._pump(beyond[0], writer, self._noise.passed))
                try:
                    await asyncio.gather(*ways)
                finally:
                    beyond[1].transport.abort()
                    self._writers.discard(beyond[1])
        finally:
            writer.transport.abort()
            self._writers.discard(writer)

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, passed: Callable[[bytes], bytes]
    ) -> None:
        while data := await source.read(65536):
            target.write(passed(data))
            await target.drain()
        if not target.is_closing():
            target.close()


class SerialRelay:
    """A pseudo-terminal in front of a serial port."""

    def __init__(self, port: str, baud: int) -> None:
        self._port, self._baud = port, baud
        self._link = Path()
        self._noise = Noise()
        self._beyond: serial.Serial | None = None
        self._ends: tuple[int, int] | None = None

    async def start(self) -> str:
        """Open the port and make the pty."""
        try:
            self._beyond = serial.Serial(self._port, self._baud, timeout=0)
        except (OSError, ValueError) as error:
            raise ValueError(f"{self._port} cannot be opened ({error}); plug the device in or correct --at") from None
        self._link = Path(tempfile.mkdtemp(prefix="line-")) / "line.tty"
        asyncio.get_running_loop().add_reader(self._beyond.fileno(), self._heard)
        self._plug_in()
        return str(self._link)

    async def stop(self) -> None:
        """Let go of both."""
        self._pull_out()
        if self._beyond is not None:
            asyncio.get_running_loop().remove_reader(self._beyond.fileno())
            self._beyond.close()
        self._link.parent.rmdir()

    async def order(self, fault: Trouble, on: bool) -> None:
        """Cut and mend by taking the pty away; the rest changes what is passed on."""
        self._noise.order(fault, on)
        if fault is Trouble.UNPLUG:
            (self._pull_out if on else self._plug_in)()

    def _plug_in(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._ends = (master, slave)
        self._link.symlink_to(os.ttyname(slave))
        asyncio.get_running_loop().add_reader(master, self._spoken, master)

    def _pull_out(self) -> None:
        ends, self._ends = self._ends, None
        self._link.unlink(missing_ok=True)
        if ends is not None:
            asyncio.get_running_loop().remove_reader(ends[0])
            for end in ends:
                os.close(end)

    def _heard(self) -> None:
        """The device speaks."""
        with suppress(OSError):
            data = os.read(self._beyond.fileno(), 4096) if self._beyond else b""
            if data and self._ends is not None:
                os.write(self._ends[0], self._noise.passed(data))

    def _spoken(self, master: int) -> None:
        """The driver speaks."""
        with suppress(OSError):
            data = os.read(master, 4096)
            if self._beyond is not None:
                os.write(self._beyond.fileno(), data)


async def lay(options: Options, baud: int = 9600) -> tuple[Line | None, Options]:
    """Put a relay into the wire that these options lead to: the relay and the options that lead to it."""
    url, at = urlsplit(str(options.get("url") or options.get("at") or "")), options.get("at")
    if "socket" in options:
        path = str(options["socket"])
        folder = Path(tempfile.mkdtemp(prefix="line-"))
        relay: Line = StreamRelay(lambda: asyncio.open_unix_connection(path), folder / "line.sock")
        return relay, {**options, "socket": await relay.start()}
    if isinstance(at, str) and at.startswith("/"):
        relay = SerialRelay(at, baud)
        return relay, {**options, "at": await relay.start()}
    if isinstance(options.get("port"), str):
        relay = SerialRelay(str(options["port"]), int(str(options.get("baud", baud))))
        return relay, {**options, "port": await relay.start()}
    if "host" in options or url.scheme in ("http", "tcp") or (url.scheme == "https" and options.get("tls_pin")):
        host = str(options.get("host") or url.hostname)
        port = int(str(options.get("port") or url.port or DEFAULT_PORTS.get(url.scheme, 502)))
        relay = StreamRelay(lambda: asyncio.open_connection(host, port))
        here = await relay.start()
        if "host" in options:
            return relay, {**options, "host": "127.0.0.1", "port": int(here)}
        return relay, {**options, "url" if "url" in options else "at": f"{url.scheme}://127.0.0.1:{here}{url.path}"}
    return None, options
