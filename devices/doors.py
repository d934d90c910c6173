"""What every locker driver shares: a command is not an outcome, only the change of a door's own sensors is.

A door that stands open without having been asked for was forced; one that was asked for may stand open for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from devices.ports import DeviceFault, DoorState, FaultCode

POLL_S = 0.12
#: Seconds that a door may stand open after it was asked for, and that it may take to open.
ATTENDED_S, OPENS_S = 180.0, 15.0

Look = Callable[[], Awaitable[tuple[DoorState, ...]]]
Unlock = Callable[[], Awaitable[None]]


def states(locked: tuple[bool, ...], closed: tuple[bool, ...]) -> tuple[DoorState, ...]:
    """Doors from 1; `closed` is empty where no leaf has a sensor."""
    now = datetime.now(UTC)
    return tuple(
        DoorState(at + 1, lock, closed[at] if closed else None, observed_at=now) for at, lock in enumerate(locked)
    )


def check(door: int, doors: int) -> None:
    """MISCONFIGURED for a door that the wall does not have."""
    if not 1 <= door <= doors:
        raise DeviceFault(FaultCode.MISCONFIGURED, f"door {door}: this wall has doors 1 to {doors}")


def shown(found: tuple[DoorState, ...]) -> tuple[tuple[str, str], ...]:
    """Values worth showing: how many doors there are, and which stand open."""
    open_now = ", ".join(str(each.door) for each in found if is_open(each))
    return ("doors", str(len(found))), ("open", open_now or "none")


def is_open(door: DoorState) -> bool:
    """Whether a door is unlocked, or its leaf away from the frame."""
    return not door.locked or door.closed is False


class Leave:
    """Which doors stand open by whose leave. Who opened what stands open at the first look is not known."""

    def __init__(self) -> None:
        self._asked: dict[int, float] | None = None

    def asked(self, door: int) -> None:
        """This door is about to be opened by command."""
        self._asked = {**(self._asked or {}), door: time.monotonic()}

    def judge(self, found: tuple[DoorState, ...]) -> tuple[frozenset[FaultCode], str]:
        """DOOR_FORCED and DOOR_OPEN (left open), and which doors, from what the sensors say now."""
        now, stand_open = time.monotonic(), {each.door for each in found if is_open(each)}
        if self._asked is None:
            self._asked = dict.fromkeys(stand_open, -ATTENDED_S)
        self._asked = {door: at for door, at in self._asked.items() if door in stand_open or now - at < OPENS_S}
        forced = sorted(stand_open - self._asked.keys())
        left = sorted(door for door in stand_open & self._asked.keys() if now - self._asked[door] > ATTENDED_S)
        told = {FaultCode.DOOR_FORCED: forced, FaultCode.DOOR_OPEN: left}
        faults = frozenset(code for code, which in told.items() if which)
        return faults, "; ".join(f"{code}: {', '.join(map(str, told[code]))}" for code in told if code in faults)


async def open_one(door: int, look: Look, unlock: Unlock, timeout_s: float) -> DoorState:
    """Unlock one door and return once its sensors have changed.

    DOOR_OPEN: it stood open before, or another opened in its place. DOOR_STUCK: not seen to open by the deadline.
    OUTCOME_UNKNOWN: the board fell silent after the command. Nothing is unlocked twice.
    """
    before = await look()
    if is_open(before[door - 1]):
        raise DeviceFault(FaultCode.DOOR_OPEN, f"door {door} is already open")
    end = time.monotonic() + timeout_s
    try:
        await unlock()
        await asyncio.sleep(POLL_S)  # a board that answers the command has answered by now, and the line is free
        after = await look()
        while not _settled(before, after, door) and time.monotonic() + POLL_S < end:
            await asyncio.sleep(POLL_S)
            after = await look()
    except DeviceFault as fault:
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"door {door}, after the command: {fault}") from fault
    return _judged(before, after, door)


def _settled(before: tuple[DoorState, ...], after: tuple[DoorState, ...], door: int) -> bool:
    """Whether the door stands as open as its sensors can tell, or another one does."""
    own = after[door - 1]
    return (not own.locked and not own.closed) or bool(_others(before, after, door))


def _judged(before: tuple[DoorState, ...], after: tuple[DoorState, ...], door: int) -> DoorState:
    own = after[door - 1]
    if others := _others(before, after, door):
        raise DeviceFault(FaultCode.DOOR_OPEN, f"asked for door {door}, but door {others[0]} opened")
    if own.locked:
        raise DeviceFault(FaultCode.DOOR_STUCK, f"door {door}: the lock did not move")
    if own.closed:
        raise DeviceFault(FaultCode.DOOR_STUCK, f"door {door}: the lock let go, the door did not open")
    return own


def _others(before: tuple[DoorState, ...], after: tuple[DoorState, ...], door: int) -> list[int]:
    """Other doors that were shut before and are open now."""
    pairs = zip(before, after, strict=True)
    return [then.door for then, now in pairs if then.door != door and not is_open(then) and is_open(now)]
