"""ZPL II label printer on TCP 9100. The label is one ^GF graphic; nothing depends on the printer's fonts.

~HQES and ~HS say what is wrong now (a printer without media may leave ~HS unanswered, so ~HQES is asked first); that a
label really came out is shown by odometer.total_label_count, read before and after (Zebra ZPL and SGD references).
"""

from __future__ import annotations

import asyncio
import re

from devices.ports import DeviceFault, FaultCode, Observation, PaperState, Picture, Printed
from devices.printing import REPLY_S, Press, check_width, observation, paper_of
from devices.tcp import Deadline
from devices.zpl_status import errors_of, held, host_status

POLL_S = 0.25
COUNT = b'! U1 getvar "odometer.total_label_count"\r\n'
#: ~JA cancels every format in the buffer, so that nothing of a broken job comes out later.
CANCEL = b"~JA"


class LabelPrinter:
    """Driver for one ZPL printer; `dpi` and `width_dots` are those of its head (104 mm: 203, 832)."""

    def __init__(
        self, name: str, host: str, port: int, dpi: int = 203, width_dots: int = 832, simulated: bool = False,
        tls_pin: str = "",
    ) -> None:  # fmt: skip
        self.name, self.dpi, self.width_dots = name, dpi, width_dots
        self.simulated = simulated
        self._press = Press(host, port, self._look, CANCEL, tls_pin)

    async def open(self) -> None:
        """Connect; prints nothing. DeviceFault DISCONNECTED when nobody listens."""
        await self._press.wire.open()

    async def close(self) -> None:
        """Let go of the connection; never raises."""
        await self._press.wire.close()

    async def probe(self) -> Observation:
        """~HQES, ~HS and the label counter asked and answered now; DeviceFault NO_RESPONSE / PROTOCOL / …"""
        return await self._press.probe()

    async def print(self, job: str, picture: Picture, timeout_s: float, again: bool = False) -> Printed:
        """Print one label; it came out when the counter has moved."""
        data = encode(picture, self.width_dots)

        async def run(before: Observation, until: Deadline) -> Printed:
            await self._press.wire.send(data, until.left)
            return Printed(job, await self._came_out(job, labels(before), until))

        return await self._press.print(job, again, Deadline(timeout_s), run)

    async def _came_out(self, job: str, before: int, until: Deadline) -> PaperState:
        """Wait until the counter has moved; a fault that is seen first ends the job."""
        while until.left:
            seen = await self._look()
            if labels(seen) > before:
                return paper_of(seen.faults)
            if await self._press.stop_on(seen, job, lambda: self._forgotten(before)):
                return paper_of(seen.faults)
            await asyncio.sleep(min(POLL_S, until.left))
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"job {job}: the label counter did not move in time")

    async def _forgotten(self, before: int) -> bool:
        """Cancel all formats and see none left; whether the counter has moved by then."""
        await self._press.wire.send(CANCEL + b"~HS", REPLY_S)
        left = held([await self._frame() for _ in range(3)])
        if left:
            raise DeviceFault(FaultCode.PROTOCOL, f"{left} formats wait after it")
        return labels(await self._look()) > before

    async def _look(self, first: bytes = b"") -> Observation:
        await self._press.wire.send(first + b"~HQES", REPLY_S)
        faults = errors_of(await self._frame())
        if not faults - {FaultCode.CONSUMABLE_LOW}:
            await self._press.wire.send(b"~HS", REPLY_S)
            faults |= host_status([await self._frame() for _ in range(3)])
        return observation(faults, self.simulated, ("labels", str(await self._count())))

    async def _frame(self) -> str:
        """The text between STX and ETX of the next answer."""
        raw = await self._press.wire.receive_until(b"\x03", REPLY_S)
        found = re.fullmatch(rb"\s*\x02([\x20-\x7e\r\n]*)\x03", raw)
        if not found:
            raise DeviceFault(FaultCode.PROTOCOL, f"{len(raw)} bytes are no ZPL answer")
        return found[1].decode("ascii")

    async def _count(self) -> int:
        """Labels printed in the printer's life; DeviceFault UNSUPPORTED when it does not count them."""
        await self._press.wire.send(COUNT, REPLY_S)
        await self._press.wire.receive_until(b'"', REPLY_S)
        text = (await self._press.wire.receive_until(b'"', REPLY_S))[:-1]
        if text == b"?":
            raise DeviceFault(FaultCode.UNSUPPORTED, "the printer keeps no odometer.total_label_count")
        if not re.fullmatch(rb"\d{1,12}", text):
            raise DeviceFault(FaultCode.PROTOCOL, "the label counter is no number")
        return int(text)


def labels(seen: Observation) -> int:
    """The life-long label counter of an observation of this driver."""
    return int(dict(seen.values)["labels"])


def encode(picture: Picture, width_dots: int) -> bytes:
    """The whole label; ^JZN: never again by itself after an error."""
    check_width(picture, width_dots)
    row, total = (picture.width + 7) // 8, len(picture.rows)
    head = f"^XA^JZN^PW{picture.width}^LL{picture.height}^FO0,0^GFA,{total},{total},{row},"
    return (head + picture.rows.hex().upper() + "^FS^PQ1^XZ").encode("ascii")
