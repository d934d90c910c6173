"""ESC/POS receipt printer on TCP 9100. Everything is raster (GS v 0); python-escpos supplies the command bytes.

DLE EOT 1..4 (real-time) says what is wrong now; GS r 1 stands behind the rows and again behind the cut and is answered
only once all before it has been worked off: the first answer says that all rows are on the paper, the second is the
evidence that the job came out (Epson ESC/POS reference, "GS r", "DLE EOT").
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from escpos.constants import DLE, ESC, GS, HW_INIT, RT_STATUS  # type: ignore[import-untyped]  # it ships no types

from devices.escpos_status import is_marker, observe
from devices.ports import DeviceFault, FaultCode, Observation, PaperState, Picture, Printed
from devices.presenter import Presenter
from devices.printing import REPLY_S, Press, check_width, paper_of
from devices.tcp import Deadline

POLL_S = 0.3
STRIP_ROWS = 128
#: Feed to the knife and cut partially, so that the slip hangs on until it is torn off.
CUT: bytes = GS + b"V\x42\x00"
MARKER: bytes = GS + b"r\x01"
MARKERS = 2
#: DLE DC4 8: forget receive and print buffers, so that nothing of a broken job comes out later. A printer that does not
#: answer it may not know it.
CLEAR: bytes = DLE + b"\x14\x08\x01\x03\x14\x01\x06\x02\x08"
CLEARED = b"\x37\x25\x00"
ASK = b"".join(RT_STATUS + bytes([n]) for n in (1, 2, 3, 4))


class ReceiptPrinter:
    """Driver for one ESC/POS printer; `dpi` and `width_dots` are those of its head (80 mm paper: 203, 576)."""

    def __init__(  # noqa: PLR0913  # an option of branch.toml is a parameter
        self, name: str, host: str, port: int, dpi: int = 203, width_dots: int = 576, simulated: bool = False,
        presenter: bool = False, *, tls_pin: str = "",
    ) -> None:  # fmt: skip
        self.name, self.dpi, self.width_dots = name, dpi, width_dots
        self.simulated = simulated
        self._press = Press(host, port, self._look, CLEAR, tls_pin)
        self._presenter = Presenter(self._press.wire) if presenter else None
        self._waste = True

    async def open(self) -> None:
        """Connect; prints nothing. DeviceFault DISCONNECTED when nobody listens."""
        await self._press.wire.open()

    async def close(self) -> None:
        """Let go of the connection; never raises."""
        await self._press.wire.close()

    async def probe(self) -> Observation:
        """DLE EOT asked and answered now; DeviceFault NO_RESPONSE / PROTOCOL / DISCONNECTED / BUSY."""
        return await self._press.probe()

    async def print(self, job: str, picture: Picture, timeout_s: float, again: bool = False) -> Printed:
        """Print and cut once; with a presenter, wait until the slip is taken and say whether it was."""
        until, data = Deadline(timeout_s), encode(picture, self.width_dots)

        async def run(_: Observation, until: Deadline) -> Printed:
            await self._run(job, data, until)
            return Printed(job, await self._paper_after())

        if self._presenter is None:
            return await self._press.print(job, again, until, run)
        try:
            printed = await self._press.print(job, again, until, run)
            return replace(printed, taken=await self._presenter.taken(self.probe, until))
        finally:
            self._presenter.leave()

    async def _look(self, first: bytes = b"") -> Observation:
        await self._press.wire.send(first + ASK, REPLY_S)
        answers = await self._press.wire.receive(4, REPLY_S)
        if answers.startswith(CLEARED):
            answers = answers[len(CLEARED) :] + await self._press.wire.receive(len(CLEARED), REPLY_S)
        seen = observe(answers, self.simulated)
        return await self._presenter.look(seen) if self._presenter else seen

    async def _run(self, job: str, data: bytes, until: Deadline) -> None:
        """Send the job and wait for its markers, asking for faults. The waste of a broken job is cut off first."""
        wire, answers, owed, rows = self._press.wire, bytearray(), 0, 0
        data, self._waste = CUT * self._waste + data, True
        if self._presenter:
            self._presenter.hand_out()
        await wire.send(data, until.left)
        while rows < MARKERS:
            try:
                byte = await wire.receive(1, min(POLL_S, until.left))
            except DeviceFault as fault:
                if fault.code is not FaultCode.NO_RESPONSE or not until.left:
                    raise
                if not owed:
                    await wire.send(ASK, until.left)
                    owed = 4
                continue
            if is_marker(byte[0]):
                rows += 1
                continue
            answers, owed = answers + byte, owed - 1
            if not owed:
                if await self._press.stop_on(observe(bytes(answers[-4:])), job, partial(self._forgotten, rows)):
                    break
                answers.clear()
        self._waste = False
        if owed > 0:
            await wire.receive(owed, REPLY_S)

    async def _forgotten(self, markers: int) -> bool:
        """Cancel, and have it confirmed; whether all markers have come by then. PROTOCOL: all rows are out, uncut."""
        await self._press.wire.send(CLEAR, REPLY_S)
        said = await self._press.wire.receive_until(CLEARED, REPLY_S)
        markers += sum(is_marker(byte) for byte in said[: -len(CLEARED)])
        if 0 < markers < MARKERS:
            raise DeviceFault(FaultCode.PROTOCOL, "all rows are on the paper, the cut is not")
        return markers >= MARKERS

    async def _paper_after(self) -> PaperState:
        """The paper after a finished job; UNKNOWN when the printer does not say."""
        try:
            return paper_of((await self._look()).faults)
        except DeviceFault:
            await self._press.wire.close()
            return PaperState.UNKNOWN


def encode(picture: Picture, width_dots: int) -> bytes:
    """The whole job: reset, raster strips, marker, cut, marker."""
    check_width(picture, width_dots)
    return b"".join((HW_INIT, *strips(picture), MARKER, ESC, b"d\x01", CUT, MARKER))


def strips(picture: Picture) -> Iterator[bytes]:
    """GS v 0 commands. Data that reads like a real-time command (DLE EOT/ENQ/DC4) gets one dot more, so it does not."""
    row = (picture.width + 7) // 8
    rows = re.sub(rb"\x10(?=[\x04\x05\x14])", b"\x18", picture.rows)
    for top in range(0, picture.height, STRIP_ROWS):
        height = min(STRIP_ROWS, picture.height - top)
        yield GS + b"v0\x00" + struct.pack("<HH", row, height) + rows[top * row : (top + height) * row]
