"""The operator's call desk over HTTP: it records calls, and what its people make of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import unquote

from devices.bench.peer import Peer
from devices.bench.web import Request, Web, answer_json
from devices.ports import CallState
from devices.wire import dig


@dataclass
class Call:
    """One call: why, from which branch, what became of it, and how staff at the branch settled it."""

    task: str
    reason: str
    branch: str
    state: CallState = CallState.CALLING
    how: str = ""
    contacts: tuple[str, ...] = ()


class CallDeskPeer(Peer):
    """With the fault `no_answer` nobody is there: calls end as no_answer after `ring_s` seconds."""

    FAULTS = ("no_answer", "unplug")

    def __init__(self, ring_s: float = 5.0) -> None:
        super().__init__()
        self.calls: dict[str, Call] = {}
        self._ring_s = ring_s
        self._web = Web(self._serve)

    async def start(self) -> int:
        """Listen on 127.0.0.1; returns the port."""
        return await self._web.start()

    async def stop(self) -> None:
        """Close everything."""
        await self._web.stop()

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Pull the plug or put it back; calls that ring while nobody is there end unanswered."""
        if fault == "unplug":
            self._web.plug(on)
        elif on:
            for call in self.calls.values():
                self._ring(call)

    def answer(self, task: str, state: CallState) -> bool:
        """A person at the desk acts on a call ('' = the newest); False when there is no such call."""
        call = self.calls.get(task) if task else next(reversed(self.calls.values()), None)
        if call is None:
            return False
        call.state = state
        return True

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if request.path == "/calls" and request.method == "GET":
            ringing = sum(call.state is not CallState.CLOSED for call in self.calls.values())
            return await answer_json(writer, {"open": ringing})
        call = self._placed(request) if request.method == "POST" else self.calls.get(unquote(request.path[7:]))
        if call is None:
            return await answer_json(writer, {"error": "no such call"}, 404)
        await answer_json(writer, {"state": call.state})

    def _placed(self, request: Request) -> Call | None:
        return self._close(request) if request.path.endswith("/close") else self._place(request)

    def _close(self, request: Request) -> Call | None:
        """Staff at the branch have settled it."""
        call = self.calls.get(unquote(request.path[7 : -len("/close")]))
        if call is not None:
            call.state, call.how = CallState.CLOSED, str(dig(request.json(), "how") or "")
        return call

    def _place(self, request: Request) -> Call | None:
        task = dig(request.json(), "task")
        if request.path != "/calls" or not isinstance(task, str) or not task:
            return None
        reason, branch = (str(dig(request.json(), key) or "") for key in ("reason", "branch"))
        call = self.calls.get(task)
        if call is None or call.state in (CallState.CLOSED, CallState.NO_ANSWER):
            rung = call.contacts if call is not None else ()
            call = self.calls[task] = Call(task, reason, branch, contacts=rung)
            self._ring(call)
        if contact := str(dig(request.json(), "contact") or ""):
            call.contacts = (*call.contacts, contact)
            self._ring(call)
        return call

    def _ring(self, call: Call) -> None:
        asyncio.get_running_loop().call_later(self._ring_s, self._give_up, call)

    def _give_up(self, call: Call) -> None:
        if "no_answer" in self.ordered and call.state is CallState.CALLING:
            call.state = CallState.NO_ANSWER
