"""The code scanners of the table: what the vision worker's cameras see on the parcel, and what is held up to them."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from devices.ports import Code, DeviceFault, FaultCode, Observation
from devices.wire import printable
from devices.worker import Worker, observe, sighted

#: Longest code text let in, bytes of UTF-8.
MAX_TEXT = 128
#: Most codes taken from one look.
MAX_CODES = 32
#: Between two glances, seconds.
GLANCE_S = 0.1


class TableScanner:
    """Codes on the table. A code with control or bidi characters, or too long, is dropped at this edge."""

    def __init__(self, name: str, socket: str, reply_s: float = 2.0, simulated: bool = False) -> None:
        self.name = name
        self._worker = Worker(socket)
        self._reply_s, self._simulated = reply_s, simulated

    async def open(self) -> None:
        """Connect to the worker."""
        await self._worker.open()

    async def close(self) -> None:
        """Hang up."""
        await self._worker.close()

    async def probe(self) -> Observation:
        """The cameras' states."""
        return observe(await self._worker.ask("status", self._reply_s), self._simulated)

    async def scan(self, timeout_s: float) -> tuple[Code, ...]:
        """The codes in the newest frames; those proven to lie on the parcel say so."""
        return await self._ask("scan", timeout_s) or await self._none()

    async def _none(self) -> tuple[Code, ...]:
        """No codes; a fault where no camera has looked."""
        await sighted(self._worker, self._reply_s)
        return ()

    async def _ask(self, do: str, timeout_s: float) -> tuple[Code, ...]:
        codes = (await self._worker.ask(do, timeout_s)).get("codes")
        if not isinstance(codes, list):
            raise DeviceFault(FaultCode.PROTOCOL, "the worker's answer holds no list of codes")
        checked = (clean(code) for code in codes[:MAX_CODES])
        return tuple(code for code in checked if code is not None)


class GlanceScanner(TableScanner):
    """Codes that a customer holds before the table's cameras: one quick look after another until there is one."""

    async def scan(self, timeout_s: float) -> tuple[Code, ...]:
        """The codes held up; empty when none was within `timeout_s`."""
        end = time.monotonic() + timeout_s
        while not (codes := await self._ask("glance", max(GLANCE_S, end - time.monotonic()))):
            if time.monotonic() + GLANCE_S > end:
                break
            await asyncio.sleep(GLANCE_S)
        return codes or await self._none()


def clean(code: Any) -> Code | None:
    """One code as a value, or None when its text may not come in."""
    if not isinstance(code, dict):
        return None
    text = printable(code.get("text"), MAX_TEXT)
    symbology = printable(code.get("format"), 32)
    if not (text and symbology) or len(text.encode()) > MAX_TEXT:
        return None
    return Code(text, symbology, printable(code.get("camera"), 20), code.get("on_parcel") is True)
