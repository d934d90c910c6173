"""The signal tower and the alarm relay on a Modbus board. Register map:

coils 0-3 = green, amber, red, siren · coil 4 = all is well: energised, so that a cut wire and a board without power are
an alarm · coil 5 = heartbeat: the board, or a time relay behind this coil, drops coil 4 when it has not changed for
fifteen seconds at most, so that a dead branch is an alarm too · discrete input 0 = the lamps' supply is there
(`supply_sensor`). `watchdog = false` leaves the heartbeat out: nobody hears a dead branch then, and production refuses.
"""

from __future__ import annotations

import asyncio

from devices.modbus import ModbusBoard
from devices.ports import DeviceFault, FaultCode, Lamp, Observation

LAMPS = (Lamp.GREEN, Lamp.AMBER, Lamp.RED, Lamp.SIREN)
WELL, HEARTBEAT = 4, 5
Outputs = tuple[bool, ...]


class ModbusTower:
    """Each probe beats the heart once; opening and closing write nothing, so a branch that goes away is an alarm."""

    def __init__(
        self, name: str, at: str, unit: int = 1, watchdog: bool = True, supply_sensor: bool = False,
        simulated: bool = False,
    ) -> None:  # fmt: skip
        self.name = name
        self._board = ModbusBoard(name, at, unit, 0.5)
        self._watchdog, self._supply_sensor, self._simulated = watchdog, supply_sensor, simulated
        self._beat = False
        self._wanted: Outputs | None = None
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Connect; changes no lamp."""
        await self._board.open()

    async def close(self) -> None:
        """Let go of the connection; changes no lamp."""
        await self._board.close()

    async def probe(self) -> Observation:
        """What the board shows now. NO_POWER without supply, PROTOCOL while it is not what was last asked for."""
        async with self._turn:
            return await self._look()

    async def _look(self) -> Observation:
        await self._keep_alive()
        outputs = await self._board.coils(0, WELL + 1)
        faults = set[FaultCode]()
        if self._supply_sensor and not (await self._board.inputs(0, 1))[0]:
            faults.add(FaultCode.NO_POWER)
        if self._wanted not in (None, outputs):
            faults.add(FaultCode.PROTOCOL)
        detail = f"shows {named(outputs)}, not what was asked" if FaultCode.PROTOCOL in faults else ""
        alarm = "no" if outputs[WELL] else "yes"
        values = (("shows", named(outputs)), ("alarm", alarm))
        return Observation(frozenset(faults), values, detail, self._simulated)

    async def show(self, lamps: frozenset[Lamp], alarm: bool, timeout_s: float) -> None:
        """Set every lamp and the relay; PROTOCOL when the board reads back something else, NO_POWER without supply."""
        try:
            async with asyncio.timeout(timeout_s), self._turn:
                await self._show((*(lamp in lamps for lamp in LAMPS), not alarm))
        except TimeoutError:
            raise DeviceFault(FaultCode.NO_RESPONSE, f"not shown within {timeout_s:.1f} s") from None

    async def _show(self, wanted: Outputs) -> None:
        self._wanted = wanted
        await self._keep_alive()
        await self._board.write(0, wanted)
        outputs = await self._board.coils(0, WELL + 1)
        if outputs != wanted:
            raise DeviceFault(FaultCode.PROTOCOL, f"asked for {named(wanted)}, reads back {named(outputs)}")
        if self._supply_sensor and not (await self._board.inputs(0, 1))[0]:
            raise DeviceFault(FaultCode.NO_POWER, "the lamps have no supply")

    async def _keep_alive(self) -> None:
        if self._watchdog:
            self._beat = not self._beat
            await self._board.write(HEARTBEAT, [self._beat])


def named(outputs: Outputs) -> str:
    """Outputs in words."""
    lit = [lamp for lamp, on in zip(LAMPS, outputs[:WELL], strict=True) if on]
    return ", ".join([*lit, *([] if outputs[WELL] else ["alarm"])]) or "nothing"
