"""A certified encrypting PIN pad with its card slot: JSON lines with the words of XFS4IoT, over TLS with a pinned key.

`Common.Status` and `Keyboard.PinEntry` are asked; `Keyboard.KeyEvent` says how many digits were pressed. What comes
back is a card and a PIN block sealed for the bank; this driver has no key, and nothing here could open them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import count
from typing import Any

from devices.banking import Credential
from devices.ports import DeviceFault, FaultCode, Observation
from devices.tcp import Deadline, Wire
from devices.wire import dig

HEX = re.compile(r"(?:[0-9a-fA-F]{2}){1,128}")
MASKED = re.compile(r"[0-9]{4,6}\*{4,9}[0-9]{4}")
#: What the pad's completion codes are here.
ENDS = {
    "canceled": FaultCode.CANCELED, "timeOut": FaultCode.TIME_OUT, "invalidMedia": FaultCode.MEDIA_UNKNOWN,
    "mediaRemoved": FaultCode.MEDIA_REMOVED, "fraudAttempt": FaultCode.ACCESS_DENIED,
}  # fmt: skip
MOST_DIGITS = 12


class XfsPinPad:
    """One pad at `host`:`port`."""

    def __init__(
        self, name: str, host: str, port: int, reply_s: float = 2.0, simulated: bool = False, tls_pin: str = ""
    ) -> None:
        self.name = name
        self._wire = Wire(host, port, tls_pin)
        self._reply_s, self._simulated = reply_s, simulated
        self._numbers = count(1)
        self._entering = False

    async def open(self) -> None:
        """Find the pad."""
        await self.probe()

    async def close(self) -> None:
        """Hang up; an entry under way ends, and the pad gives the card back."""
        await self._wire.close()

    async def probe(self) -> Observation:
        """`Common.Status`; a pad that was opened by force says so and serves nobody. During an entry it is busy."""
        if self._entering:
            return Observation(values=(("pad", "busy"),), simulated=self._simulated)
        number = next(self._numbers)
        async with self._wire.turn(self._reply_s):
            await self._send("Common.Status", number, {}, self._reply_s)
            state = dig(await self._line(number, Deadline(self._reply_s)), "payload", "device")
        if state not in ("online", "fraudAttempt", "hardwareError"):
            raise DeviceFault(FaultCode.PROTOCOL, "a state that no pad has")
        if state != "online":
            raise DeviceFault(FaultCode.ACCESS_DENIED, "the pad says that it was tampered with")
        return Observation(values=(("pad", "online"),), simulated=self._simulated)

    async def credential(self, key: str, timeout_s: float, typed: Callable[[int], None] | None = None) -> Credential:
        """Wait for card and PIN."""
        number, left = next(self._numbers), Deadline(timeout_s)
        async with self._wire.turn(self._reply_s):
            self._entering = True
            try:
                await self._send("Keyboard.PinEntry", number, {"transaction": key}, left.left)
                while dig(said := await self._line(number, left), "header", "type") == "event":
                    _tell(typed, dig(said, "payload", "digits"))
                return _credential(dig(said, "payload"))
            except DeviceFault as fault:
                if fault.code is FaultCode.NO_RESPONSE:  # nobody acted: hanging up ends the entry
                    await self._wire.close()
                    raise DeviceFault(FaultCode.TIME_OUT, "nobody gave a card and a PIN") from None
                raise
            finally:
                self._entering = False

    async def cancel(self) -> None:
        """Hang up on an entry under way."""
        if self._entering:
            await self._wire.close()

    async def _send(self, name: str, number: int, payload: object, timeout_s: float) -> None:
        line = {"header": {"name": name, "requestId": number, "type": "command"}, "payload": payload}
        await self._wire.send(json.dumps(line).encode() + b"\n", timeout_s)

    async def _line(self, number: int, left: Deadline) -> Any:
        """The next line about this request; PROTOCOL for anything else."""
        try:
            said = json.loads(await self._wire.receive_until(b"\n", left.left))
        except (ValueError, RecursionError):
            raise DeviceFault(FaultCode.PROTOCOL, "a line that is no JSON") from None
        if dig(said, "header", "requestId") != number or dig(said, "header", "type") not in ("event", "completion"):
            raise DeviceFault(FaultCode.PROTOCOL, "a line about something else")
        return said


def _tell(typed: Callable[[int], None] | None, digits: Any) -> None:
    if type(digits) is not int or not 0 <= digits <= MOST_DIGITS:
        raise DeviceFault(FaultCode.PROTOCOL, "a number of digits that nobody can press")
    if typed is not None:
        typed(digits)


def _credential(said: Any) -> Credential:
    """What the pad sealed; a fault in the pad's own words otherwise. A card that is not masked is refused."""
    end = dig(said, "completion")
    if end in ENDS:
        raise DeviceFault(ENDS[end], "the pad ended the entry")
    card, block, masked, ksn, issuer = (
        dig(said, each) for each in ("card", "pinBlock", "maskedCard", "keySerial", "issuer")
    )
    texts = all(isinstance(each, str) for each in (card, block, masked, ksn, issuer))
    if end != "success" or not texts or not all(HEX.fullmatch(each) for each in (card, block, ksn)):
        raise DeviceFault(FaultCode.PROTOCOL, "no sealed card and PIN")
    if MASKED.fullmatch(masked) is None or not re.fullmatch(r"\d{3}", issuer):
        raise DeviceFault(FaultCode.PROTOCOL, "a card that is not masked")
    return Credential(issuer, masked, bytes.fromhex(card), bytes.fromhex(block), ksn.upper())
