"""The operator's queue for officers: JSON over HTTPS, text and status. What decides is the signed answer alone.

`POST /requests {"id", "service", "asked", "won", "notes", "branch"}`, `GET /requests/ID` and
`POST /requests/ID/withdraw` answer `{"id", "state", "place", "text", "answer": {"body", "signature"} | null}`;
`GET /requests` answers `{"open": n}`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from devices.agency import signed_message
from devices.counter import OfficerRequest, OfficerWord, QueueState
from devices.ports import DeviceFault, FaultCode, Observation
from devices.wire import WebDevice, dig, printable

#: Places in the queue that are believed; characters of the line for the customer.
LONGEST_QUEUE, LONGEST_TEXT = 999, 200


class OfficerQueue(WebDevice):
    """Says only what the desk has recorded."""

    async def probe(self) -> Observation:
        """Is the desk there, and how many wait."""
        status, said = await self._http.ask("GET", "/requests", None, self._reply_s)
        if status != HTTPStatus.OK or type(dig(said, "open")) is not int:
            raise DeviceFault(FaultCode.PROTOCOL, "the desk does not say how many wait")
        return Observation(values=(("waiting", str(said["open"])),), simulated=self._simulated)

    async def request(self, request: OfficerRequest, timeout_s: float) -> OfficerWord:
        """Place a call."""
        body = {
            "id": request.id, "service": request.service, "asked": request.asked, "won": request.won,
            "notes": list(request.notes), "branch": self._branch,
        }  # fmt: skip
        return self._word(request.id, *await self._http.ask("POST", "/requests", body, timeout_s))

    async def look(self, request: str, timeout_s: float) -> OfficerWord:
        """What has become of it."""
        path = f"/requests/{quote(request, safe='')}"
        return self._word(request, *await self._http.ask("GET", path, None, timeout_s))

    async def withdraw(self, request: str, timeout_s: float) -> None:
        """The customer no longer waits."""
        await self._http.ask("POST", f"/requests/{quote(request, safe='')}/withdraw", {}, timeout_s)

    def _word(self, request: str, status: int, said: Any) -> OfficerWord:
        if status == HTTPStatus.NOT_FOUND:
            return OfficerWord(QueueState.UNKNOWN)
        state, place = dig(said, "state"), dig(said, "place")
        if status != HTTPStatus.OK or dig(said, "id") != request or state not in tuple(QueueState):
            raise DeviceFault(FaultCode.PROTOCOL, "no word about this request")
        if type(place) is not int or not 0 <= place <= LONGEST_QUEUE:
            raise DeviceFault(FaultCode.PROTOCOL, "no place in a queue")
        answer = dig(said, "answer")
        message = signed_message(answer) if answer is not None else None
        return OfficerWord(QueueState(state), place, printable(dig(said, "text"), LONGEST_TEXT), message)
