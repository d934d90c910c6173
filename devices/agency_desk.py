"""The banks' intake: JSON over HTTPS. What is personal travels sealed to the bank's key; this driver cannot open it.

`POST /applications {"key", "bank", "product", "sealed", "branch"}` and `POST /appointments` (with `when`, `how`) answer
`{"reference", "at"}`, the same for the same key; `GET /hand-ins/KEY` answers that again, or 404 where it never came.
`GET /decisions/BANK/REFERENCE` answers `{"body", "signature"}` (base64) as the bank signed it, or 404; so does
`GET /offers/BANK/REFERENCE` with a contract. `POST /contracts {"key", "bank", "reference", "offer_sha256", "sealed",
"branch"}` answers the signed receipt, the same for the same key, and `GET /contracts/KEY` answers it again, or 404.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

from devices.agency import Application, Appointment, Received, SignedContract, SignedMessage, signed_message
from devices.banking import Decline, Declined
from devices.contract import OFFER_LIMIT
from devices.ports import DeviceFault, FaultCode, Observation
from devices.wire import WebDevice, dig

T = TypeVar("T")
REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9-]{4,22}[A-Z0-9]")
UNSENT = (FaultCode.DISCONNECTED, FaultCode.NOT_PAIRED)


class BankDesk(WebDevice):
    """One operator's link to the intake of every bank it works for."""

    async def probe(self) -> Observation:
        """Is the desk there, and does it take anything now."""
        status, said = await self._http.ask("GET", "/applications", None, self._reply_s)
        if status != HTTPStatus.OK or type(dig(said, "open")) is not bool:
            raise DeviceFault(FaultCode.PROTOCOL, "the desk does not say whether it is open")
        if not said["open"]:
            raise DeviceFault(FaultCode.NO_ACQUIRER, "the banks' intake is closed now")
        return Observation(simulated=self._simulated)

    async def hand_in(self, key: str, application: Application, timeout_s: float) -> Received:
        """Hand an application to its bank."""
        body = {
            "key": key, "bank": application.bank, "product": application.product, "branch": self._branch,
            "sealed": base64.b64encode(application.sealed).decode(),
        }  # fmt: skip
        return await self._hand("/applications", body, timeout_s, lambda *said: _received(key, *said))

    async def appoint(self, key: str, appointment: Appointment, timeout_s: float) -> Received:
        """Ask for an appointment."""
        body = {
            "key": key, "bank": appointment.bank, "product": appointment.product, "branch": self._branch,
            "when": appointment.when.isoformat(timespec="minutes"), "how": appointment.how,
            "sealed": base64.b64encode(appointment.sealed).decode(),
        }  # fmt: skip
        return await self._hand("/appointments", body, timeout_s, lambda *said: _received(key, *said))

    async def enquire(self, key: str, timeout_s: float) -> Received | None:
        """What became of a key."""
        status, said = await self._http.ask("GET", f"/hand-ins/{quote(key, safe='')}", None, timeout_s)
        return None if status == HTTPStatus.NOT_FOUND else _received(key, status, said)

    async def decision(self, bank: str, reference: str, timeout_s: float) -> SignedMessage | None:
        """The bank's signed word as it came."""
        return await self._message("decisions", (bank, reference), timeout_s)

    async def offer(self, bank: str, reference: str, timeout_s: float) -> SignedMessage | None:
        """The bank's offer as it came."""
        return await self._message("offers", (bank, reference), timeout_s)

    async def sign(self, key: str, signed: SignedContract, timeout_s: float) -> SignedMessage:
        """Hand a signature over."""
        body = {
            "key": key, "bank": signed.bank, "reference": signed.reference, "offer_sha256": signed.offer_sha256,
            "sealed": base64.b64encode(signed.sealed).decode(), "branch": self._branch,
        }  # fmt: skip
        return await self._hand("/contracts", body, timeout_s, _signed)

    async def receipt(self, key: str, timeout_s: float) -> SignedMessage | None:
        """The receipt of a key as it came."""
        return await self._message("contracts", (key,), timeout_s)

    async def _message(self, what: str, names: tuple[str, ...], timeout_s: float) -> SignedMessage | None:
        """A message as the bank signed it, or None."""
        path = "/".join(quote(each, safe="") for each in names)
        status, said = await self._http.ask("GET", f"/{what}/{path}", None, timeout_s)
        return None if status == HTTPStatus.NOT_FOUND else _signed(status, said)

    async def _hand(self, path: str, body: object, timeout_s: float, read: Callable[[int, Any], T]) -> T:
        """A no is Declined; after a silence, or a broken answer, nobody knows."""
        try:
            status, said = await self._http.ask("POST", path, body, timeout_s)
            if status == HTTPStatus.CONFLICT:
                why = dig(said, "why")
                raise Declined(Decline(why) if why in tuple(Decline) else Decline.OTHER)
            return read(status, said)
        except DeviceFault as fault:
            if fault.code in UNSENT:
                raise
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"{path[1:]}: {fault.code}") from None


def _signed(status: int, said: Any) -> SignedMessage:
    if status != HTTPStatus.OK:
        raise DeviceFault(FaultCode.PROTOCOL, f"status {status}")
    return signed_message(said, OFFER_LIMIT)


def _received(key: str, status: int, said: Any) -> Received:
    reference, at = dig(said, "reference"), dig(said, "at")
    try:
        when = datetime.fromisoformat(at)
    except (TypeError, ValueError):
        when = None
    right = isinstance(reference, str) and REFERENCE.fullmatch(reference) is not None and dig(said, "key") == key
    if status != HTTPStatus.OK or not right or when is None or when.tzinfo is None:
        raise DeviceFault(FaultCode.PROTOCOL, "no reference of this key")
    return Received(key, reference, when)

