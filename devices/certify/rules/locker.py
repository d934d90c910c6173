"""Rules for locker walls: the right door, seen to open by its own sensor, or a fault that says why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from devices.certify.bed import Bed, Rule, ended, expect, hold, refused
from devices.certify.terms import Act, NotApplicable, Trouble
from devices.ports import DoorState, FaultCode, Locker

DOOR = 2
MOVES_S = 4.0
SHORT_S = 0.8


def standing_open(doors: tuple[DoorState, ...]) -> list[int]:
    """Doors that are unlocked or whose leaf is away."""
    return [each.door for each in doors if not each.locked or each.closed is False]


@asynccontextmanager
async def shut_after(bed: Bed[Locker]) -> AsyncIterator[Locker]:
    """An open driver of a wall with feedback; at the end somebody shuts what stands open."""
    async with bed.opened() as wall:
        if FaultCode.NO_SENSOR in (await wall.probe()).faults:
            raise NotApplicable("this wall gives no feedback; its driver says so", limits=True)
        try:
            yield wall
        finally:
            await wall.close()
            await wall.open()
            for door in standing_open(await wall.look()):
                await bed.do(Act.CLOSE_DOOR, str(door))


async def look_moves_nothing(bed: Bed[Locker]) -> None:
    """Looked at three times."""
    async with shut_after(bed) as wall:
        looks = [standing_open(await wall.look()) for _ in range(3)]
        hold(looks == [[]] * 3, f"looked at a shut wall and saw open doors {looks}")
        hold(len(await wall.look()) == wall.doors, "the wall has another number of doors than it says")


async def opens_by_sensor(bed: Bed[Locker]) -> None:
    """One door, and it alone."""
    async with shut_after(bed) as wall:
        state = await wall.open_door(DOOR, MOVES_S)
        hold(state.door == DOOR and standing_open((state,)) == [DOOR], f"opened, but the sensors say {state}")
        hold(standing_open(await wall.look()) == [DOOR], "opened, but a look says otherwise")


async def jammed(bed: Bed[Locker]) -> None:
    """The lock does not move."""
    async with shut_after(bed) as wall, bed.trouble(Trouble.JAMMED):
        await refused(wall.open_door(DOOR, SHORT_S), (FaultCode.DOOR_STUCK,), "the lock is jammed")


async def leaf_stuck(bed: Bed[Locker]) -> None:
    """The lock lets go, the leaf does not."""
    async with shut_after(bed) as wall:
        if (await wall.look())[DOOR - 1].closed is None:
            raise NotApplicable("the leaves of this wall have no sensor", limits=True)
        async with bed.trouble(Trouble.LEAF_STUCK):
            await refused(wall.open_door(DOOR, SHORT_S), (FaultCode.DOOR_STUCK,), "the leaf is stuck")


async def wrong_door(bed: Bed[Locker]) -> None:
    """Another one opens."""
    async with shut_after(bed) as wall, bed.trouble(Trouble.WRONG_DOOR):
        await refused(wall.open_door(DOOR, SHORT_S), (FaultCode.DOOR_OPEN,), "another door opened")


async def already_open(bed: Bed[Locker]) -> None:
    """Opened again while it stands open."""
    async with shut_after(bed) as wall:
        await wall.open_door(DOOR, MOVES_S)
        await refused(wall.open_door(DOOR, SHORT_S), (FaultCode.DOOR_OPEN,), "the door stood open before")


async def forced_is_told(bed: Bed[Locker]) -> None:
    """A door that opens without having been asked for, and one that was asked for."""
    async with shut_after(bed) as wall:
        await wall.probe()
        async with bed.trouble(Trouble.FORCED):
            hold(FaultCode.DOOR_FORCED in (await wall.probe()).faults, "a door was opened from outside: not told")
        hold(FaultCode.DOOR_FORCED not in (await wall.probe()).faults, "told of a forced door on a shut wall")
        await wall.open_door(DOOR, MOVES_S)
        hold(FaultCode.DOOR_FORCED not in (await wall.probe()).faults, "a door that was asked for is called forced")


async def no_such_door(bed: Bed[Locker]) -> None:
    """Doors count from one."""
    async with shut_after(bed) as wall:
        for door in (0, wall.doors + 1):
            await refused(wall.open_door(door, SHORT_S), (FaultCode.MISCONFIGURED,), f"door {door} of {wall.doors}")
        hold(standing_open(await wall.look()) == [], "a door that does not exist opened another")


async def silence_is_unknown(bed: Bed[Locker]) -> None:
    """The board falls silent after the command."""
    async with shut_after(bed) as wall, bed.trouble(Trouble.JAMMED):
        opening = asyncio.create_task(ended(wall.open_door(DOOR, MOVES_S)))
        await asyncio.sleep(0.7)
        async with bed.trouble(Trouble.MUTE):
            end = await opening
        expect(end, (FaultCode.OUTCOME_UNKNOWN,), "the board fell silent after the command")


RULES: tuple[Rule[Locker], ...] = (
    Rule("locker.look-moves-nothing", "Looking opens nothing and shows every door.", look_moves_nothing),
    Rule("locker.opens-by-sensor", "A door is open when its own sensors say so, and no other opens.", opens_by_sensor),
    Rule("locker.jammed", "A lock that does not move is stuck, never open.", jammed),
    Rule("locker.leaf-stuck", "A lock that lets go of a stuck leaf is no open door.", leaf_stuck),
    Rule("locker.wrong-door", "Another door that opens is told.", wrong_door),
    Rule("locker.already-open", "A door that stood open before is refused.", already_open),
    Rule("locker.forced-is-told", "A door that opens unasked is told, one that was asked for is not.", forced_is_told),
    Rule("locker.no-such-door", "A door that the wall does not have is refused and opens nothing.", no_such_door),
    Rule("locker.silence-is-unknown", "Silence after a command is an unknown outcome.", silence_is_unknown),
)  # fmt: skip
