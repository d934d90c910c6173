"""The signal tower's board: lamps, the alarm relay, and a watchdog that drops every output without a heartbeat."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from devices.bench.modbus import ModbusPeer

OUTPUTS, WELL, HEARTBEAT = 5, 4, 5


class SignalTowerPeer(ModbusPeer):
    """`lit` is what can be seen from the street; `alarm` is what the guard company's line hears."""

    FAULTS = (*ModbusPeer.FAULTS, "relay_stuck", "no_power")

    def __init__(self, watchdog_s: float = 15.0, slow_s: float = 0.3) -> None:
        super().__init__(6, 1, slow_s)
        self._watchdog_s = watchdog_s
        self._beaten_at = time.monotonic()

    async def start(self) -> str:
        """Listen, and begin to watch for the heartbeat."""
        self._beaten_at = time.monotonic()
        self.spawn(self._watch())
        return await super().start()

    @property
    def lit(self) -> tuple[bool, ...]:
        """Green, amber, red, siren."""
        return tuple(on and "no_power" not in self.ordered for on in self.coils[:WELL])

    @property
    def alarm(self) -> bool:
        """True unless the relay is energised."""
        return "no_power" in self.ordered or not self.coils[WELL]

    def wrote(self, start: int, values: Sequence[bool]) -> None:
        """Lamps and relay, or the heartbeat; a stuck relay keeps what it has."""
        relay = self.coils[WELL]
        super().wrote(start, values)
        if "relay_stuck" in self.ordered:
            self.coils[WELL] = relay
        if start + len(values) > HEARTBEAT:
            self._beaten_at = time.monotonic()

    def sensed(self) -> Sequence[bool]:
        """Whether the lamps have their supply."""
        return ["no_power" not in self.ordered]

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._watchdog_s / 10)
            if time.monotonic() - self._beaten_at > self._watchdog_s:
                self.coils[:OUTPUTS] = [False] * OUTPUTS
