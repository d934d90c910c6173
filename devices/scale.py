"""The parcel scale: MT-SICS level 0 and 1 over a serial line (9600 8N1 unless told otherwise).

Commands used: `SI` (value now, with the instrument's own stability flag), `Z` (zero), `I4` (serial number).
A stable weight is an `SI` reply flagged `S S`; `S` is not used, because it would hold the line until the pan is still.
"""

from __future__ import annotations

import asyncio
import re
import termios
import time
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import serial  # type: ignore[import-untyped]  # pyserial ships no type information

from devices.ports import DeviceFault, FaultCode, Load, Observation, Weight
from devices.wire import OneThread

GRAMS_PER = {"g": Decimal(1), "kg": Decimal(1000)}
READING = re.compile(r"S (?P<flag>[SD]) +(?P<value>-?\d{1,6}(?:\.\d{1,6})?) (?P<unit>k?g)")
SERIAL_NUMBER = re.compile(r'I4 A "([ -~]{1,40})"')
REPLIES = {"SI": re.compile(rf"S [-+I]|{READING.pattern}"), "Z": re.compile(r"Z [-+AI]"), "I4": SERIAL_NUMBER}
OFF_RANGE = {"S +": FaultCode.OVERLOAD, "S -": FaultCode.UNDERLOAD}
POLL_S = 0.12


class MtSicsScale:
    """A scale on a serial port. A reply that came late or broken drops the line: it could be taken for another's."""

    def __init__(self, name: str, port: str, baud: int = 9600, reply_s: float = 1.0, simulated: bool = False) -> None:
        self.name = name
        self._port, self._baud, self._reply_s, self._simulated = port, baud, reply_s, simulated
        self._line: serial.Serial | None = None
        self._thread: OneThread | None = None
        self._serial_number = ""

    async def open(self) -> None:
        """Open the port and ask for the serial number."""
        await self.close()
        self._thread = OneThread(self.name)
        self._line = await self._thread.run(self._connect, 2 * self._reply_s)
        self._serial_number = (await self._ask("I4")).split('"')[1]

    async def close(self) -> None:
        """Let go of the port and its thread."""
        if self._thread is not None:
            self._thread.stop()
        self._thread = None
        self._drop()

    async def probe(self) -> Observation:
        """One immediate reading."""
        reply = await self._ask("SI")
        faults = frozenset({OFF_RANGE[reply]}) if reply in OFF_RANGE else frozenset[FaultCode]()
        values = [("serial", self._serial_number)]
        if found := READING.fullmatch(reply):
            still = "yes" if found["flag"] == "S" else "no"
            values += [("load", f"{found['value']} {found['unit']}"), ("still", still)]
        return Observation(faults, tuple(values), simulated=self._simulated)

    async def stable_weight(self, timeout_s: float) -> Weight:
        """The first reading that the instrument flags as stable; UNSTABLE, OVERLOAD or UNDERLOAD at the deadline."""
        end = time.monotonic() + timeout_s
        fault = DeviceFault(FaultCode.UNSTABLE, f"not still within {timeout_s:.1f} s")
        while True:
            reply = await self._ask("SI")
            found = READING.fullmatch(reply)
            if found and found["flag"] == "S":
                return Weight(self._grams(found), found["value"], reply, self._serial_number, datetime.now(UTC))
            fault = DeviceFault(OFF_RANGE[reply], reply) if reply in OFF_RANGE else fault
            if time.monotonic() + POLL_S > end:
                raise fault
            await asyncio.sleep(POLL_S)

    async def load(self) -> Load:
        """The momentary load; grams is None when out of range, busy or silent."""
        try:
            found = READING.fullmatch(await self._ask("SI"))
        except DeviceFault as fault:
            if fault.code is not FaultCode.NO_RESPONSE:
                raise
            found = None
        if found is None:
            return Load(None, False, datetime.now(UTC))
        return Load(self._grams(found), found["flag"] == "S", datetime.now(UTC))

    async def zero(self) -> None:
        """Set zero; UNSTABLE when the pan moves, OVERLOAD or UNDERLOAD when it is out of the zero range."""
        reply = await self._ask("Z")
        if reply != "Z A":
            codes = {"Z I": FaultCode.UNSTABLE, "Z +": FaultCode.OVERLOAD, "Z -": FaultCode.UNDERLOAD}
            raise DeviceFault(codes.get(reply, FaultCode.PROTOCOL), f"reply to Z: {reply!r}")

    def _grams(self, found: re.Match[str]) -> int:
        grams = Decimal(found["value"]) * GRAMS_PER[found["unit"]]
        return int(grams.quantize(Decimal(1), ROUND_HALF_UP))

    async def _ask(self, command: str) -> str:
        """The reply line to one command; a reply to anything else, `ES` and broken frames are PROTOCOL."""
        if self._thread is None:
            raise DeviceFault(FaultCode.DISCONNECTED, "the port is not open")
        reply = await self._thread.run(lambda: self._exchange(command), 3 * self._reply_s)
        if REPLIES[command].fullmatch(reply) is None:
            self._drop()
            raise DeviceFault(FaultCode.PROTOCOL, f"reply to {command}: {reply!r}")
        return reply

    def _exchange(self, command: str) -> str:
        try:
            return self._write_and_read(f"{command}\r\n".encode("ascii"))
        except (serial.SerialException, OSError, termios.error) as error:
            self._drop()
            raise DeviceFault(FaultCode.DISCONNECTED, str(error)) from error
        except DeviceFault:
            self._drop()
            raise

    def _write_and_read(self, command: bytes) -> str:
        line = self._line
        if line is None:
            raise DeviceFault(FaultCode.DISCONNECTED, "the line was dropped")
        line.reset_input_buffer()
        line.write(command)
        reply: bytes = line.read_until(b"\r\n", 80)
        if not reply:
            raise DeviceFault(FaultCode.NO_RESPONSE, f"silent for {self._reply_s:.1f} s")
        if not reply.endswith(b"\r\n") or not reply[:-2].isascii() or not reply[:-2].decode("ascii").isprintable():
            raise DeviceFault(FaultCode.PROTOCOL, f"broken frame {reply[:40]!r}")
        return reply[:-2].decode("ascii")

    def _connect(self) -> serial.Serial:
        try:
            return serial.Serial(self._port, self._baud, timeout=self._reply_s, write_timeout=self._reply_s)
        except (serial.SerialException, OSError, termios.error) as error:
            raise DeviceFault(FaultCode.DISCONNECTED, str(error)) from error
        except ValueError as error:
            raise DeviceFault(FaultCode.MISCONFIGURED, str(error)) from error

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()
