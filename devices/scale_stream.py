"""The parcel scale that never stops talking: the continuous format of A&D and CAS class indicators, 9600 8N1.

A frame is `ST,GS,+0002.345kg` and CR LF: ST still, US moving, OL (or UL) out of range; GS gross, NT net; sign, padding
and the unit's spacing differ between models, hence `frame_chars`. A tared scale (NT) is never charged by. Every reading
forgets what had come before the question and takes the first whole frame after it, so that no old frame is an answer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import serial  # type: ignore[import-untyped]  # pyserial ships no type information

from devices import weighing
from devices.ports import DeviceFault, FaultCode, Load, Observation, Weight
from devices.serial_line import SerialLine, nothing, text_line
from devices.weighing import Reading

FRAME = re.compile(
    r"(?P<state>ST|US),(?P<kind>GS|NT),(?P<sign>[-+ ]) *0*(?P<value>\d{1,7}(?:\.\d{1,4})?) ?(?P<unit>k?g) *",
    re.ASCII,
)
OFF = re.compile(r"(?P<state>OL|UL),(?:GS|NT),(?P<sign>[-+ ])?[-+ .\d]*(?:k?g)? *")
#: Longest frame of the class, bytes, CR LF included.
LONGEST = 26
#: Zero, tare, clear tare: none of them is answered but by the frames that follow.
ZERO, TARE, CLEAR = b"Z\r\n", b"T\r\n", b"CT\r\n"
DONE_S = 2.0


class StreamScale:
    """A scale that sends frames by itself; `serial_number` is that of its type plate, for the stream holds none."""

    def __init__(
        self, name: str, port: str, serial_number: str, baud: int = 9600, frame_chars: int = 17,
        reply_s: float = 1.0, simulated: bool = False,
    ) -> None:  # fmt: skip
        if not (serial_number.isascii() and serial_number.isprintable() and 0 < len(serial_number) <= 40):
            raise ValueError(f"serial_number = {serial_number!r}: write the instrument's own, 1 to 40 characters")
        self.name = name
        self._line, self._simulated = SerialLine(name, port, baud, reply_s), simulated
        self._serial_number, self._chars = serial_number, frame_chars

    async def open(self) -> None:
        """Open the port and hear one frame."""
        await self._line.open()
        await self._read()

    async def close(self) -> None:
        """Let go of the port and its thread."""
        await self._line.close()

    async def probe(self) -> Observation:
        """One frame sent after the question; a tared scale is TARED."""
        reading = await self._read()
        values = (("serial", self._serial_number), *reading.values)
        return Observation(reading.faults, values, reading.detail, self._simulated)

    async def stable_weight(self, timeout_s: float) -> Weight:
        """The first gross frame flagged ST; UNSTABLE, OVERLOAD, UNDERLOAD or TARED at the deadline."""
        return await weighing.stable_weight(self._read, self._serial_number, timeout_s)

    async def load(self) -> Load:
        """The momentary gross load; grams is None when out of range, tared or silent."""
        return await weighing.load(self._read)

    async def zero(self) -> None:
        """Set zero; returns once a still frame reads zero, for the command itself has no answer to trust."""
        seen = await self._read()
        if seen.fault is not None:
            raise DeviceFault(seen.fault, seen.detail or seen.raw)
        if not seen.stable:
            raise DeviceFault(FaultCode.UNSTABLE, f"not still: {seen.raw!r}")
        after = await self._until(ZERO, lambda shown: shown.stable and shown.grams == 0)
        if after is not None:
            raise DeviceFault(FaultCode.OVERLOAD if (after.grams or 0) > 0 else FaultCode.UNDERLOAD, after.raw)

    async def tare(self) -> str:
        """Take what lies there as tare; believed once the frames are net (NT)."""
        before = await self._read()
        weighing.may_tare(before)
        after = await self._until(TARE, lambda shown: shown.fault is FaultCode.TARED)
        if after is not None:
            raise DeviceFault(FaultCode.UNSUPPORTED, f"the frames stay gross: {after.raw!r}")
        return f"{before.decimal} {before.unit}"

    async def clear_tare(self) -> None:
        """Back to gross; believed once the frames are gross (GS) again."""
        after = await self._until(CLEAR, lambda shown: shown.fault is not FaultCode.TARED)
        if after is not None:
            raise DeviceFault(FaultCode.TARED, f"the frames stay net: {after.raw!r}")

    async def _until(self, command: bytes, done: Callable[[Reading], bool]) -> Reading | None:
        """Send a command that has no answer of its own; None once a frame shows it, else the last one in time."""
        await self._line.ask(command, nothing)
        end = time.monotonic() + DONE_S
        while not done(shown := await self._read()):
            if time.monotonic() > end:
                return shown
        return None

    async def _read(self) -> Reading:
        frame = (await self._line.ask(b"", next_frame)).decode("ascii")
        reading = parse(frame, self._chars)
        if reading is None:
            raise self._line.broken(f"no frame of {self._chars} characters: {frame!r}")
        return reading


def next_frame(line: serial.Serial) -> bytes:
    """The first whole frame after now: what is under way is let go by."""
    if not line.read_until(b"\n", LONGEST):
        raise DeviceFault(FaultCode.NO_RESPONSE, f"silent for {line.timeout:.1f} s")
    return text_line(LONGEST)(line)


def parse(frame: str, chars: int) -> Reading | None:
    """One frame without its CR LF, `chars` characters long; None when it is no frame of this class."""
    if len(frame) != chars:
        return None
    off = OFF.fullmatch(frame)
    if off is not None:
        below = off["state"] == "UL" or off["sign"] == "-"
        return Reading(frame, fault=FaultCode.UNDERLOAD if below else FaultCode.OVERLOAD)
    found = FRAME.fullmatch(frame)
    if found is None:
        return None
    value = f"-{found['value']}" if found["sign"] == "-" else found["value"]
    reading = Reading(frame, value, found["unit"], found["state"] == "ST")
    return weighing.tared(reading, "in force") if found["kind"] == "NT" else reading
