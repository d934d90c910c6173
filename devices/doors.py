"""What every locker driver shares: a command is not an outcome, only the change of a door's own sensors is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from devices.ports import DeviceFault, DoorState, FaultCode

POLL_S = 0.12

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
