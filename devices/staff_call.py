"""The operator's call desk: JSON over HTTP.

`POST /calls {"task", "reason", "branch"}` places a call (the same task again is the same call; with `"contact"`, that
contact is rung for it),
`GET /calls/{task}` tells what became of it, `POST /calls/{task}/close {"how"}` that it was settled at the branch,
`GET /calls` that the desk is there. All but the last answer
`{"state": "calling" | "answered" | "on_the_way" | "no_answer" | "closed"}`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from devices.ports import CallState, DeviceFault, FaultCode, Observation
from devices.wire import WebDevice, dig


class CallDesk(WebDevice):
    """Says only what the desk has recorded; a desk that cannot be reached has recorded nothing."""

    async def probe(self) -> Observation:
        """Is the desk there, and how many calls are open."""
        open_calls = dig(await self._ask("GET", "/calls", None, self._reply_s), "open")
        if type(open_calls) is not int:
            raise DeviceFault(FaultCode.PROTOCOL, "the desk does not say how many calls are open")
        return Observation(values=(("open_calls", str(open_calls)),), simulated=self._simulated)

    async def call(self, task: str, reason: str, timeout_s: float, contact: str = "") -> CallState:
        """Place, or repeat, the call of this task; a contact is rung though somebody else rings already."""
        body = {"task": task, "reason": reason, "branch": self._branch, **({"contact": contact} if contact else {})}
        return self._state(await self._ask("POST", "/calls", body, timeout_s))

    async def state(self, task: str, timeout_s: float) -> CallState:
        """What the desk has recorded; PROTOCOL when it knows of no such task."""
        return self._state(await self._ask("GET", f"/calls/{quote(task, safe='')}", None, timeout_s))

    async def close_call(self, task: str, how: str, timeout_s: float) -> CallState:
        """Close the call of this task; a desk that never heard of it has nothing to close."""
        status, answer = await self._http.ask("POST", f"/calls/{quote(task, safe='')}/close", {"how": how}, timeout_s)
        if status == HTTPStatus.NOT_FOUND:
            return CallState.CLOSED
        if status != HTTPStatus.OK:
            raise DeviceFault(FaultCode.PROTOCOL, f"POST close: HTTP {status}")
        return self._state(answer)

    async def _ask(self, method: str, path: str, body: object, timeout_s: float) -> Any:
        status, answer = await self._http.ask(method, path, body, timeout_s)
        if status != 200:
            raise DeviceFault(FaultCode.PROTOCOL, f"{method} {path.split('/')[1]}: HTTP {status}")
        return answer

    def _state(self, answer: Any) -> CallState:
        state = dig(answer, "state")
        if state not in tuple(CallState):
            raise DeviceFault(FaultCode.PROTOCOL, "the desk answers with an unknown state")
        return CallState(state)
