"""The bench as a process: every peer, one world, and a control socket that takes acts and faults.

`run_dir/bench.toml` is the overlay of branch.toml that leads a branch to these peers; it appears, whole, when all of
them listen. `run_dir/bench.sock` takes one JSON object per line, `{"do": "put", …}`, and answers each with one:
`{"ok": true, …}` or `{"ok": false, "error": "one sentence"}`. Everything here is simulated.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from devices.bench.acts import obey
from devices.bench.badge import staff
from devices.bench.bench import Bench
from devices.bench.web import hang_up
from devices.bench.world import Cannot
from devices.serving import listen_no_more
from vision.measure.rig import load_rig

MAX_LINE = 64 * 1024


class Control:
    """The control socket."""

    def __init__(self, bench: Bench, path: Path) -> None:
        self._bench, self._path = bench, path
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen; only the owner may connect."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, str(self._path), limit=MAX_LINE)
        self._path.chmod(0o600)

    async def stop(self) -> None:
        """Hang up on everyone."""
        if self._server is not None:
            listen_no_more(self._server)
        clients = tuple(self._clients)
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._clients.add(task)
            task.add_done_callback(self._clients.discard)
        try:
            while line := await reader.readline():
                writer.write(json.dumps(self.answer(line), ensure_ascii=False).encode() + b"\n")
                await writer.drain()
        except (OSError, ValueError):
            pass  # the client hung up, or sent a line without end
        finally:
            await hang_up(writer)

    def answer(self, line: bytes) -> dict[str, object]:
        """The answer to one line."""
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise Cannot("a request is one JSON object per line")
            return {"ok": True, **obey(self._bench, request)}
        except (Cannot, ValueError, OSError) as error:
            return {"ok": False, "error": str(error)}


def overlay(tables: Mapping[str, Mapping[str, object]], staff: Sequence[Mapping[str, object]] = ()) -> str:
    """Tables and staff as TOML; values are text, whole numbers and booleans, which JSON writes alike."""
    blocks = []
    for name, table in [*tables.items(), *(("[staff]", each) for each in staff)]:
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
        blocks.append("\n".join([f"[{name}]", *lines]))
    return "\n\n".join(["# Written by the bench: every device in it is simulated.", *blocks]) + "\n"


def has_nets(rig_file: Path) -> bool:
    """Whether the guard's nets lie in the house of this rig file, so that a dock is worth showing."""
    return (rig_file.absolute().parent.parent / "models" / "guard_int8.onnx").exists()


async def run(
    run_dir: Path, seed: int = 0, rig_file: Path = Path("config/rig.toml"), book: Path | None = None,
    id_reader: bool = False,
) -> None:  # fmt: skip
    """Serve until cancelled or told by SIGTERM. `id_reader`: all that a person at a screen can try, the dock where its
    net is there. `book` is the terminal's book, in the run directory unless told."""
    bench = Bench(run_dir, load_rig(rig_file), seed, book, id_reader, id_reader and has_nets(rig_file))
    if id_reader and bench.without_reader:
        sys.stderr.write(f"bench: no ID reader ({bench.without_reader}); everything else works\n")
    control = Control(bench, run_dir / "bench.sock")
    target = run_dir / "bench.toml"
    target.unlink(missing_ok=True)
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    try:
        tables = await bench.start()
        await control.start()
        write_whole(target, overlay(tables, await asyncio.to_thread(staff)))
        await told.wait()
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
        target.unlink(missing_ok=True)
        await control.stop()
        await bench.stop()


def write_whole(path: Path, text: str) -> None:
    """Write a file that nobody ever sees half-written."""
    temporary = path.with_suffix(".new")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)
