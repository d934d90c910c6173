"""The signal tower of the branch: what its lamps say of services and open tasks, and the alarm, until they are seen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping

from devices.ports import DeviceFault, Lamp, SignalTower
from kiosk.flow import Availability

#: Seconds between two looks, until the same lamps are shown again, and for one showing.
LOOK_S, AGAIN_S, SHOW_S = 1.0, 5.0, 2.0


def lamps(services: Mapping[str, Availability], tasks: int) -> frozenset[Lamp]:
    """Green: something is offered. Amber: something is lacking, or a task waits for a person. Red: all is closed."""
    states = {service.state for service in services.values()}
    lit = {Lamp.GREEN} if states & {"available", "degraded"} else {Lamp.RED}
    if tasks or states - {"available"}:
        lit.add(Lamp.AMBER)
    return frozenset(lit)


class Beacon:
    """Keeps the tower showing what is true, at once when told to hurry: lamps, and the alarm. A branch that stops
    no longer beats the heart of the tower's board, which lets the relay drop."""

    def __init__(
        self, tower: SignalTower, wanted: Callable[[], tuple[frozenset[Lamp], bool]], hurry: asyncio.Event | None = None
    ) -> None:  # fmt: skip
        self._tower, self._wanted = tower, wanted
        self._hurry = hurry or asyncio.Event()

    async def run(self) -> None:
        """For ever; a tower that fails is tried again, its fault is the supervisor's matter."""
        shown, since = None, 0.0
        while True:
            self._hurry.clear()
            now, wanted = asyncio.get_running_loop().time(), self._wanted()
            if wanted != shown or now - since > AGAIN_S:
                shown = None
                with contextlib.suppress(DeviceFault):
                    await self._tower.show(*wanted, SHOW_S)
                    shown, since = wanted, now
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._hurry.wait()
