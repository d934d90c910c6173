"""Clients of the bench's control socket, one that waits and one for asyncio."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any


class BenchError(RuntimeError):
    """The bench would not do it; the text is its one sentence."""


class BenchClient:
    """`with BenchClient(run_dir / "bench.sock") as bench: bench.do("put", length_mm=340, …)`."""

    def __init__(self, path: Path, timeout_s: float = 10.0) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._lines = self._socket.makefile("rb")

    def do(self, act: str, **fields: object) -> dict[str, Any]:
        """Do one act; BenchError with the bench's sentence when it would not, ConnectionError when it is gone."""
        self._socket.sendall(request(act, fields))
        return parse(self._lines.readline())

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()

    def __enter__(self) -> BenchClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncBenchClient:
    """The same for asyncio, one act at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def do(self, act: str, **fields: object) -> dict[str, Any]:
        """Do one act, connecting where needed."""
        async with self._turn:
            if self._streams is None:
                self._streams = await asyncio.open_unix_connection(str(self._path))
            reader, writer = self._streams
            writer.write(request(act, fields))
            return parse(await reader.readline())

    async def close(self) -> None:
        """Hang up."""
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].close()


def request(act: str, fields: dict[str, object]) -> bytes:
    """One request line."""
    return json.dumps({"do": act, **fields}, ensure_ascii=False).encode() + b"\n"


def parse(line: bytes) -> dict[str, Any]:
    """One answer line without its `ok`."""
    if not line.endswith(b"\n"):
        raise ConnectionError("the bench hung up")
    answer: dict[str, Any] = json.loads(line)
    if not answer.pop("ok"):
        raise BenchError(answer["error"])
    return answer
