"""The operator's verification back-end over HTTP, with a register of made-up people."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from devices.bench.peer import Peer
from devices.bench.web import Request, Web, answer, silence
from devices.identity import IdAnswer
from devices.wire import dig


@dataclass(frozen=True)
class Entry:
    """One card in the register: to whom and when (YYYY-MM-DD) it was issued, and whether it was reported lost."""

    name: str = field(repr=False)
    issued: str = field(repr=False)
    lost: bool = False


def made_up_register() -> dict[tuple[str, str], Entry]:
    """Cards that nobody holds: no resident number begins with month 00."""
    return {
        ("resident_card", "9000002000001"): Entry("홍새벽", "2021-03-04"),
        ("resident_card", "9000001000002"): Entry("나가상", "2019-11-20", lost=True),
        ("licence", "990000000001"): Entry("홍새벽", "2018-07-15"),
    }


class VerificationPeer(Peer):
    """Answers from its register; `echo` sends the question back, as a badly broken back-end might."""

    FAULTS = ("mute", "slow", "garbage", "half_frame", "unplug", "http_500", "echo", "no_register")

    def __init__(
        self, register: Mapping[tuple[str, str], Entry] | None = None, seed: int = 0, slow_s: float = 1.0
    ) -> None:
        super().__init__()
        self.register = dict(made_up_register() if register is None else register)
        self.asked = 0
        self._random = random.Random(seed)
        self._slow_s = slow_s
        self._web = Web(self._serve)

    async def start(self) -> int:
        """Listen on 127.0.0.1; returns the port."""
        return await self._web.start()

    async def stop(self) -> None:
        """Close everything."""
        await self._web.stop()

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Pull the plug or put it back."""
        if fault == "unplug":
            self._web.plug(on)

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if "mute" in self.ordered:
            return await silence()
        if "slow" in self.ordered:
            await asyncio.sleep(self._slow_s)
        if "echo" in self.ordered:
            writer.write(request.body + b"\r\n\r\n")
            return await writer.drain()
        if "garbage" in self.ordered:
            return await answer(writer, self._random.randbytes(64))
        reply = json.dumps(self.reply(request)).encode()
        if "half_frame" in self.ordered:
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(reply)}\r\n\r\n".encode() + reply[: len(reply) // 2])
            return await writer.drain()
        found = 200 if request.path == "/verifications" else 404
        if "no_register" in self.ordered and request.method == "POST":
            found = 503
        await answer(writer, reply, 500 if "http_500" in self.ordered else found)

    def reply(self, request: Request) -> dict[str, Any]:
        """What the register says."""
        if request.method == "GET":
            return {"ready": "no_register" not in self.ordered}
        self.asked += 1
        if "no_register" in self.ordered:
            return {}
        kind, name, number, issued = (dig(request.json(), key) for key in ("kind", "name", "number", "issued"))
        return {"answer": self._find(str(kind), str(number), str(name), str(issued))}

    def _find(self, kind: str, number: str, name: str, issued: str) -> IdAnswer:
        entry = self.register.get((kind, number))
        if entry is None or entry.name != name:
            return IdAnswer.NO_SUCH_NUMBER
        if entry.lost:
            return IdAnswer.LOST
        return IdAnswer.MATCH if entry.issued == issued else IdAnswer.ISSUE_DATE_DIFFERS
