"""A code scanner on a serial or USB-CDC port: one code per line, CR and/or LF behind it, 9600 8N1.

Codes are values for whoever asks `scan`; they never become keystrokes. A code is forgotten `fresh_s` seconds after it
came, so that none answers a question that was asked later. A scanner that answers an enquiry (`enquiry` sent, a line
beginning with `answer` expected) proves that it lives; one that knows none proves no more than that its port is there.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque

import serial  # type: ignore[import-untyped]  # pyserial ships no type information

from devices.payload import LONGEST, decode
from devices.ports import Code, DeviceFault, FaultCode, Observation
from devices.record import listening
from devices.serial_line import connect
from devices.wire import OneThread

#: AIM symbology identifiers (ISO/IEC 15424), where the scanner is set to send them.
AIM = {"]C": "Code128", "]Q": "QRCode", "]d": "DataMatrix", "]E": "EAN13", "]A": "Code39"}
#: Silence within a line after which its beginning is forgotten, seconds.
GAP_S = 0.25
#: Most codes kept.
KEPT = 16


class SerialScanner:
    """Listens in the event loop; a line that is too long, not printable ASCII or cut short is refused and counted."""

    def __init__(
        self, name: str, port: str, baud: int = 9600, enquiry: str = "", answer: str = "", fresh_s: float = 2.0,
        simulated: bool = False,
    ) -> None:  # fmt: skip
        if bool(enquiry) != bool(answer):
            raise ValueError("enquiry and answer go together; write both or none")
        self.name, self.reply_s = name, 1.0
        self._where, self._enquiry, self._answer = (port, baud), enquiry.encode("latin-1", "replace"), answer
        self._fresh_s, self._simulated = fresh_s, simulated
        self._port: serial.Serial | None = None
        self._tap = listening()
        self._partial, self._heard_at, self._refused, self._spoilt = bytearray(), 0.0, 0, False
        self._codes: deque[tuple[float, Code]] = deque(maxlen=KEPT)
        self._came = asyncio.Event()
        self._asked: asyncio.Future[str] | None = None
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Open the port and begin to listen."""
        await self.close()
        thread = OneThread(self.name)
        try:
            port = await thread.run(lambda: connect(*self._where, self.reply_s), 2 * self.reply_s)
        finally:
            thread.stop()
        self._port = port
        asyncio.get_running_loop().add_reader(port.fileno(), self._hear)
        await self._prove()

    async def close(self) -> None:
        """Let go of the port; codes not yet asked for are forgotten."""
        self._let_go()
        self._codes.clear()
        self._partial.clear()
        self._spoilt = False

    async def probe(self) -> Observation:
        """The scanner's answer to the enquiry, or that its port is there."""
        await self._prove()
        values = (("proof", "answer" if self._enquiry else "port only"), ("refused", str(self._refused)))
        return Observation(values=values, simulated=self._simulated)

    async def scan(self, timeout_s: float) -> tuple[Code, ...]:
        """The codes of the last `fresh_s` seconds, each once; waits for the first as long as it may."""
        try:
            async with asyncio.timeout(timeout_s):
                while not (codes := self._taken()):
                    self._opened()
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            return ()
        return codes

    def _taken(self) -> tuple[Code, ...]:
        """Every fresh code, each once; none is left."""
        since = time.monotonic() - self._fresh_s
        fresh = dict.fromkeys(code for at, code in self._codes if at >= since)
        self._codes.clear()
        return tuple(fresh)

    async def _prove(self) -> None:
        """One enquiry at a time: a second one would take the answer of the first."""
        async with self._turn:
            await self._enquire()

    async def _enquire(self) -> None:
        port = self._opened()
        try:
            if not self._enquiry:
                port.in_waiting  # noqa: B018  # asks the kernel for the port, which raises when it is gone
                return
            self._asked = asyncio.get_running_loop().create_future()
            self._tap.sent(self._enquiry)
            os.write(port.fileno(), self._enquiry)
            async with asyncio.timeout(self.reply_s):
                await self._asked
        except TimeoutError:
            raise DeviceFault(FaultCode.NO_RESPONSE, f"no answer to the enquiry within {self.reply_s:.1f} s") from None
        except OSError as error:
            self._asked = None
            self._let_go()
            raise DeviceFault(FaultCode.DISCONNECTED, str(error)) from error
        finally:
            self._asked = None

    def _opened(self) -> serial.Serial:
        if self._port is None:
            raise DeviceFault(FaultCode.DISCONNECTED, "the port is not open")
        return self._port

    def _hear(self) -> None:
        """The port has something to read, or is gone."""
        try:
            data = os.read(self._opened().fileno(), 4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._let_go()
            return
        answers = self._asked is not None and data.startswith(self._answer.encode("latin-1", "replace"))
        self._tap.got(data, len(self._answer) if answers else 0)
        now = time.monotonic()
        if now - self._heard_at > GAP_S:
            self._refuse_partial()
        self._heard_at = now
        self._split(data)

    def _split(self, data: bytes) -> None:
        *lines, rest = (bytes(self._partial) + data).replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            self._take(line)
        self._partial[:] = rest
        if len(rest) > LONGEST:
            self._refuse_partial()
            self._spoilt = True

    def _refuse_partial(self) -> None:
        """What has begun and did not end is no code."""
        self._refused += bool(self._partial)
        self._partial.clear()
        self._spoilt = False

    def _take(self, line: bytes) -> None:
        """One whole line; the tail of one that was refused goes with it."""
        spoilt, self._spoilt = self._spoilt, False
        if not line or spoilt:
            return
        text = decode(line)
        if text is None:
            self._refused += 1
        elif self._asked is not None and text.startswith(self._answer) and not self._asked.done():
            self._asked.set_result(text)
        else:
            self._keep(text)

    def _keep(self, text: str) -> None:
        symbology = AIM.get(text[:2], "")
        code = Code(text[3:], symbology, self.name) if symbology else Code(text, "unknown", self.name)
        if code.text:
            self._codes.append((time.monotonic(), code))
            self._came.set()

    def _let_go(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            asyncio.get_running_loop().remove_reader(port.fileno())
            port.close()
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(DeviceFault(FaultCode.DISCONNECTED, "the port is gone"))
        self._came.set()
