"""A vision worker of few words: speaks the protocol of devices/worker.py about a parcel that is declared, not seen.

The real worker is vision/measure/worker.py; this one stands in where cameras, net and rig are beside the point.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from devices.bench.peer import Peer
from devices.bench.web import hang_up
from devices.serving import listen_no_more

SIZE = {
    "answered": True, "length_mm": 341.2, "width_mm": 250.4, "height_mm": 181.0, "uncertainty_mm": [9.0, 8.5, 7.0],
    "kind": "box", "reason": None, "rig_residual_px": 0.4, "elapsed_ms": 12.0,
    "cameras": ["left", "right"], "blind": [],
}  # fmt: skip


class WorkerPeer(Peer):
    """`parcel`: whether one lies there; `code`: what is written on it, lies beside it (`aside`) or is held up."""

    FAULTS = ("mute", "dark", "left_lost", "both_lost", "nonsense", "control_chars", "error")

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.parcel, self.code, self.aside = False, "", False
        self._path = path
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> str:
        """Listen; returns the path of the socket."""
        self._server = await asyncio.start_unix_server(self._serve, str(self._path))
        return str(self._path)

    async def stop(self) -> None:
        """Hang up on everyone."""
        if self._server is not None:
            listen_no_more(self._server)
        for writer in tuple(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)  # whoever served them sees the end

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while line := await reader.readline():
                request = json.loads(line)
                if "mute" not in self.ordered:
                    answer = {"id": request["id"], **self.answer(str(request["do"]))}
                    writer.write(json.dumps(answer).encode() + b"\n")
        except (OSError, ValueError, KeyError):
            pass  # the client hung up, or spoke nonsense
        finally:
            self._writers.discard(writer)
            await hang_up(writer)

    def answer(self, do: str) -> dict[str, Any]:
        """What is said to one request."""
        if "error" in self.ordered:
            return {"error": "the worker has failed"}
        match do:
            case "status":
                return {"cameras": self._cameras(), "rig_residual_px": 0.4, "model": "declared"}
            case "measure":
                return {"answer": self._size()}
            case "scan":
                return {"codes": [{**code, "on_parcel": self.parcel and not self.aside} for code in self._codes()]}
            case "glance":
                return {"codes": [{**code, "on_parcel": False} for code in self._codes()]}
            case _:
                return {}

    def _size(self) -> dict[str, Any]:
        """A negative length where nonsense is ordered, else a size or a refusal."""
        if "nonsense" in self.ordered:
            return {**SIZE, "length_mm": -3.0}
        return SIZE if self.parcel else {"answered": False, "reason": "no_parcel", "cameras": ["left", "right"]}

    def _cameras(self) -> dict[str, dict[str, Any]]:
        lost = {"left": {"left_lost", "both_lost"}, "right": {"both_lost"}}
        dark = "dark" if "dark" in self.ordered else "ok"
        return {name: {"state": "lost" if why & self.ordered else dark, "age_ms": 40} for name, why in lost.items()}

    def _codes(self) -> list[dict[str, Any]]:
        text = f"{self.code[:4]}\x1b[2J{self.code[4:]}" if "control_chars" in self.ordered else self.code
        return [{"text": text, "format": "Code128", "camera": "left"}] if self.code else []
