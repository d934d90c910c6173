"""The Modbus relay and input boards of a locker wall."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from devices.bench.locker import MOVE_S, Wall
from devices.bench.modbus import ModbusPeer


class LockerBoardPeer(ModbusPeer):
    """Locks let go while energised; `relay_stuck` is a contact that has burnt together."""

    FAULTS = (*ModbusPeer.FAULTS, "jammed", "leaf_stuck", "sensor_stuck", "wrong_door", "relay_stuck", "door_left_open")

    def __init__(self, wall: Wall, slow_s: float = 0.3) -> None:
        super().__init__(len(wall.locked), 2 * len(wall.locked), slow_s)
        self._wall = wall
        self._frozen: Sequence[bool] = [*wall.locked, *wall.closed]

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Freeze what the sensors show; leave a door open, or have it shut again."""
        super().ordered_changed(fault, on)
        self._frozen = [*self._wall.locked, *self._wall.closed]
        if fault == "door_left_open":
            self._wall.release(1) if on else self._wall.close(1)

    def wrote(self, start: int, values: Sequence[bool]) -> None:
        """Energise locks, or let go of them."""
        if "relay_stuck" not in self.ordered or any(values):
            super().wrote(start, values)
        for at, on in enumerate(values):
            if on and "jammed" not in self.ordered:
                self.spawn(self._move(start + at + 1))

    def sensed(self) -> Sequence[bool]:
        """Tongues, then leaves."""
        return self._frozen if "sensor_stuck" in self.ordered else [*self._wall.locked, *self._wall.closed]

    async def _move(self, door: int) -> None:
        await asyncio.sleep(MOVE_S)
        moved = door % len(self._wall.locked) + 1 if "wrong_door" in self.ordered else door
        self._wall.release(moved, "leaf_stuck" not in self.ordered)
