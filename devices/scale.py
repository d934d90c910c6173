"""The parcel scale: MT-SICS level 0 and 1 over a serial line (9600 8N1 unless told otherwise).

Commands used: `SI` (value now, with the instrument's own stability flag), `Z` (zero), `I4` (serial number).
A stable weight is an `SI` reply flagged `S S`; `S` is not used, because it would hold the line until the pan is still.
"""

from __future__ import annotations

import re

from devices import weighing
from devices.ports import DeviceFault, FaultCode, Load, Observation, Weight
from devices.serial_line import SerialLine, text_line
from devices.weighing import Reading

READING = re.compile(r"S (?P<flag>[SD]) +(?P<value>-?[0-9]{1,6}(?:\.[0-9]{1,6})?) (?P<unit>k?g)")
SERIAL_NUMBER = re.compile(r'I4 A "([ -~]{1,40})"')
REPLIES = {"SI": re.compile(rf"S [-+I]|{READING.pattern}"), "Z": re.compile(r"Z [-+AI]"), "I4": SERIAL_NUMBER}
OFF_RANGE = {"S +": FaultCode.OVERLOAD, "S -": FaultCode.UNDERLOAD}
#: Longest reply line, bytes.
LONGEST = 80


class MtSicsScale:
    """A scale on a serial port. A reply that came late or broken drops the line: it could be taken for another's."""

    def __init__(self, name: str, port: str, baud: int = 9600, reply_s: float = 1.0, simulated: bool = False) -> None:
        self.name = name
        self._line, self._simulated = SerialLine(name, port, baud, reply_s), simulated
        self._serial_number = ""

    async def open(self) -> None:
        """Open the port and ask for the serial number."""
        await self._line.open()
        self._serial_number = (await self._ask("I4")).split('"')[1]

    async def close(self) -> None:
        """Let go of the port and its thread."""
        await self._line.close()

    async def probe(self) -> Observation:
        """One immediate reading."""
        reading = await self._read()
        values = (("serial", self._serial_number), *reading.values)
        return Observation(reading.faults, values, simulated=self._simulated)

    async def stable_weight(self, timeout_s: float) -> Weight:
        """The first reading that the instrument flags as stable; UNSTABLE, OVERLOAD or UNDERLOAD at the deadline."""
        return await weighing.stable_weight(self._read, self._serial_number, timeout_s)

    async def load(self) -> Load:
        """The momentary load; grams is None when out of range, busy or silent."""
        return await weighing.load(self._read)

    async def zero(self) -> None:
        """Set zero; UNSTABLE when the pan moves, OVERLOAD or UNDERLOAD when it is out of the zero range."""
        reply = await self._ask("Z")
        if reply != "Z A":
            codes = {"Z I": FaultCode.UNSTABLE, "Z +": FaultCode.OVERLOAD, "Z -": FaultCode.UNDERLOAD}
            raise DeviceFault(codes.get(reply, FaultCode.PROTOCOL), f"reply to Z: {reply!r}")

    async def _read(self) -> Reading:
        return parse(await self._ask("SI"))

    async def _ask(self, command: str) -> str:
        """The reply line to one command; a reply to anything else, `ES` and broken frames are PROTOCOL."""
        reply = (await self._line.ask(f"{command}\r\n".encode("ascii"), text_line(LONGEST))).decode("ascii")
        if REPLIES[command].fullmatch(reply) is None:
            raise self._line.broken(f"reply to {command}: {reply!r}")
        return reply


def parse(reply: str) -> Reading:
    """A reply to `SI`; one that holds no weight (`S I`, off range) is a reading without decimal text."""
    if found := READING.fullmatch(reply):
        return Reading(reply, found["value"], found["unit"], found["flag"] == "S")
    return Reading(reply, fault=OFF_RANGE.get(reply))
