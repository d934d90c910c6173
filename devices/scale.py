"""The parcel scale: MT-SICS level 0 and 1 over a serial line (9600 8N1 unless told otherwise).

Commands used: `SI` (value now, with the instrument's own stability flag), `Z` (zero), `T`, `TA`, `TAC` (tare; the tare
in force; clear it), `I4` (serial number). A stable weight is an `SI` reply flagged `S S`; `S` is not used, because it
would hold the line until the pan is still. `SI` does not say whether it is net, so a weight counts as gross only while
`TA` is zero before and after it.
"""

from __future__ import annotations

import re
from decimal import Decimal

from devices import weighing
from devices.ports import DeviceFault, FaultCode, Load, Observation, Weight
from devices.serial_line import SerialLine, text_line
from devices.weighing import Reading

VALUE = r" +(?P<value>-?[0-9]{1,6}(?:\.[0-9]{1,6})?) (?P<unit>k?g)"
READING = re.compile(rf"S (?P<flag>[SD]){VALUE}")
TAKEN, IN_FORCE = re.compile(rf"T S{VALUE}"), re.compile(rf"TA A{VALUE}")
SERIAL_NUMBER = re.compile(r'I4 A "([ -~]{1,40})"')
REPLIES = {
    "SI": re.compile(rf"S [-+I]|{READING.pattern}"), "Z": re.compile(r"Z [-+AI]"), "I4": SERIAL_NUMBER,
    "T": re.compile(rf"ES|T [-+I]|{TAKEN.pattern}"), "TA": re.compile(rf"ES|TA I|{IN_FORCE.pattern}"),
    "TAC": re.compile(r"ES|TAC [AI]"),
}  # fmt: skip
#: Why an instrument does not zero, tare or clear.
REFUSED = {
    "I": FaultCode.UNSTABLE, "+": FaultCode.OVERLOAD, "-": FaultCode.UNDERLOAD, "ES": FaultCode.UNSUPPORTED,
}  # fmt: skip
OFF_RANGE = {"S +": FaultCode.OVERLOAD, "S -": FaultCode.UNDERLOAD}
#: Longest reply line, bytes.
LONGEST = 80


class MtSicsScale:
    """A scale on a serial port. A reply that came late or broken drops the line: it could be taken for another's."""

    def __init__(self, name: str, port: str, baud: int = 9600, reply_s: float = 1.0, simulated: bool = False) -> None:
        self.name = name
        self._line, self._simulated = SerialLine(name, port, baud, reply_s), simulated
        self._serial_number, self._tare = "", ""

    async def open(self) -> None:
        """Open the port, ask for the serial number and for a tare that was left behind."""
        await self._line.open()
        self._serial_number = (await self._ask("I4")).split('"')[1]
        await self._look_for_tare()

    async def close(self) -> None:
        """Let go of the port and its thread."""
        await self._line.close()

    async def probe(self) -> Observation:
        """One immediate reading; a tare that somebody set meanwhile is TARED."""
        await self._look_for_tare()
        reading = await self._read()
        values = (("serial", self._serial_number), *reading.values)
        return Observation(reading.faults, values, reading.detail, self._simulated)

    async def stable_weight(self, timeout_s: float) -> Weight:
        """The first gross reading that the instrument flags as stable; UNSTABLE, OVERLOAD, UNDERLOAD or TARED else."""
        return await weighing.stable_weight(self._proven, self._serial_number, timeout_s)

    async def load(self) -> Load:
        """The momentary load; grams is None when out of range, tared, busy or silent."""
        return await weighing.load(self._read)

    async def zero(self) -> None:
        """Set zero; UNSTABLE when the pan moves, OVERLOAD or UNDERLOAD when it is out of the zero range."""
        accepted(await self._ask("Z"))

    async def tare(self) -> str:
        """Take what lies there as tare; UNSTABLE when the pan moves, for `T` would hold the line until it is still."""
        weighing.may_tare(await self._read())
        accepted(await self._ask("T"))
        await self._look_for_tare()
        return self._tare

    async def clear_tare(self) -> None:
        """Clear the tare; TARED where the instrument keeps it."""
        accepted(await self._ask("TAC"))
        await self._look_for_tare()
        if self._tare:
            raise DeviceFault(FaultCode.TARED, f"the instrument keeps its tare of {self._tare}")

    async def _look_for_tare(self) -> None:
        """Ask what tare is in force; UNSUPPORTED where the instrument cannot say, for then nothing proves a gross."""
        found = IN_FORCE.fullmatch(accepted(await self._ask("TA")))
        self._tare = f"{found['value']} {found['unit']}" if found and Decimal(found["value"]) else ""

    async def _proven(self) -> Reading:
        """A reading between two looks for a tare."""
        await self._look_for_tare()
        reading = await self._read()
        if reading.stable and reading.fault is None:
            await self._look_for_tare()
        return weighing.tared(reading, self._tare)

    async def _read(self) -> Reading:
        return weighing.tared(parse(await self._ask("SI")), self._tare)

    async def _ask(self, command: str) -> str:
        """The reply line to one command; a reply to anything else, `ES` and broken frames are PROTOCOL."""
        reply = (await self._line.ask(f"{command}\r\n".encode("ascii"), text_line(LONGEST))).decode("ascii")
        if REPLIES[command].fullmatch(reply) is None:
            raise self._line.broken(f"reply to {command}: {reply!r}")
        return reply


def accepted(reply: str) -> str:
    """A reply that is no refusal; else the fault of its last word."""
    code = REFUSED.get(reply.rpartition(" ")[2])
    if code is not None:
        raise DeviceFault(code, f"the instrument answered {reply!r}")
    return reply


def parse(reply: str) -> Reading:
    """A reply to `SI`; one that holds no weight (`S I`, off range) is a reading without decimal text."""
    if found := READING.fullmatch(reply):
        return Reading(reply, found["value"], found["unit"], found["flag"] == "S")
    return Reading(reply, fault=OFF_RANGE.get(reply))
