"""The operator's verification back-end for resident cards and licences: JSON over HTTPS, four answers.

`POST /verifications {"kind", "name", "number", "issued", "branch"}` answers
`{"answer": "match" | "issue date differs" | "lost" | "no such number"}`; `kind` is resident_card or licence, `issued`
is YYYY-MM-DD. `GET /verifications` answers `{"ready": true | false}`. Whatever else comes is PROTOCOL and no answer.
Name and number travel in the body alone: no path, log or fault holds them, not even when the peer sends them back.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from devices.identity import IdAnswer
from devices.ports import DeviceFault, FaultCode, Observation
from devices.wire import WebDevice, dig

KINDS = ("resident_card", "licence")
PATH = "/verifications"
#: What a fault of the line may say; the wording of the library could quote the peer.
DETAILS = {
    FaultCode.DISCONNECTED: "the verification back-end cannot be reached",
    FaultCode.NO_RESPONSE: "the verification back-end does not answer",
    FaultCode.PROTOCOL: "the verification back-end answers something that is none of the four answers",
    FaultCode.NOT_PAIRED: "the verification back-end is not the one this branch was paired with",
}
#: Its HTTP 503, and its own word at a probe.
UNREACHED = "the verification back-end does not reach its register"


class VerificationDesk(WebDevice):
    """Asks and forgets. `tls_pin` pairs it with one back-end (devices/tls.py)."""

    async def probe(self) -> Observation:
        """Is the back-end there, and does it reach its register; DISCONNECTED when it does not."""
        ready = dig(await self._ask("GET", None, self._reply_s), "ready")
        if type(ready) is not bool:
            raise _fault(FaultCode.PROTOCOL)
        if not ready:
            raise DeviceFault(FaultCode.DISCONNECTED, UNREACHED)
        return Observation(simulated=self._simulated)

    async def verify(self, kind: str, name: str, number: str, issued: date, timeout_s: float) -> IdAnswer:
        """One of the four answers; UNSUPPORTED for another kind of card."""
        if kind not in KINDS:
            raise DeviceFault(FaultCode.UNSUPPORTED, f"only {' and '.join(KINDS)} can be verified")
        body = {"kind": kind, "name": name, "number": number, "issued": issued.isoformat(), "branch": self._branch}
        answer = dig(await self._ask("POST", body, timeout_s), "answer")
        if answer not in tuple(IdAnswer):
            raise _fault(FaultCode.PROTOCOL)
        return IdAnswer(answer)

    async def _ask(self, method: str, body: object, timeout_s: float) -> Any:
        try:
            status, answer = await self._http.ask(method, PATH, body, timeout_s)
        except DeviceFault as fault:
            raise _fault(fault.code) from None
        if status == 503:
            raise DeviceFault(FaultCode.DISCONNECTED, UNREACHED)
        if status != 200:
            raise DeviceFault(FaultCode.PROTOCOL, f"the verification back-end answers HTTP {status}")
        return answer


def _fault(code: FaultCode) -> DeviceFault:
    return DeviceFault(code, DETAILS.get(code, "the verification back-end cannot be used"))
