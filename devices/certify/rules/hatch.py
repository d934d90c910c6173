"""Rules for the intake hatch: a command is not an outcome, success is the sensor's change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from devices.certify.bed import Bed, Rule, ended, expect, hold, refused
from devices.certify.terms import Act, Trouble
from devices.ports import FaultCode, Hatch, HatchState

MOVES_S = 4.0
SHORT_S = 0.8


def seen(state: HatchState) -> tuple[bool, ...]:
    """What of a state can move."""
    return state.closed, state.locked, state.present


@asynccontextmanager
async def shut_after(bed: Bed[Hatch]) -> AsyncIterator[Hatch]:
    """An open driver; at the end somebody shuts the door and the bolt is thrown."""
    async with bed.opened() as hatch:
        try:
            yield hatch
        finally:
            await hatch.close()
            await hatch.open()
            if not (await hatch.look()).closed:
                await bed.do(Act.CLOSE_DOOR)
            if not (await hatch.look()).locked:
                await hatch.lock(MOVES_S)


async def look_moves_nothing(bed: Bed[Hatch]) -> None:
    """Looked at three times."""
    async with bed.opened() as hatch:
        states = [seen(await hatch.look()) for _ in range(3)]
    hold(len(set(states)) == 1 and states[0][:2] == (True, True), f"looked at a shut door and saw {states}")


async def opens_by_sensor(bed: Bed[Hatch]) -> None:
    """Unlocked, shut by hand, locked."""
    async with shut_after(bed) as hatch:
        state = await hatch.unlock(MOVES_S)
        hold(not state.closed and not (await hatch.look()).closed, "unlocked, but the door's sensor says closed")
        await bed.do(Act.CLOSE_DOOR)
        state = await hatch.lock(MOVES_S)
        hold(seen(state)[:2] == (True, True), f"locked, but the sensors say {state}")
        hold((await hatch.look()).locked, "locked, but a look says otherwise")


async def stuck(bed: Bed[Hatch]) -> None:
    """The door does not open."""
    async with shut_after(bed) as hatch, bed.trouble(Trouble.JAMMED):
        await refused(hatch.unlock(SHORT_S), (FaultCode.DOOR_STUCK,), "the door is jammed")


async def stuck_is_remembered(bed: Bed[Hatch]) -> None:
    """The door did not open, the trouble is gone, and nobody has moved it since; then it opens."""
    async with shut_after(bed) as hatch:
        async with bed.trouble(Trouble.JAMMED):
            await ended(hatch.unlock(SHORT_S))
        hold(FaultCode.DOOR_STUCK in (await hatch.probe()).faults, "a door that did not open is well at the next probe")
        await hatch.unlock(MOVES_S)
        hold(FaultCode.DOOR_STUCK not in (await hatch.probe()).faults, "the door has opened, and still counts as stuck")


async def leaf_stuck(bed: Bed[Hatch]) -> None:
    """The bolt lets go, the door does not move."""
    async with shut_after(bed) as hatch, bed.trouble(Trouble.LEAF_STUCK):
        await refused(hatch.unlock(SHORT_S), (FaultCode.DOOR_STUCK,), "the bolt lets go of a stuck door")


async def open_is_not_locked(bed: Bed[Hatch]) -> None:
    """The bolt thrown on an open door."""
    async with shut_after(bed) as hatch:
        await hatch.unlock(MOVES_S)
        await refused(hatch.lock(SHORT_S), (FaultCode.DOOR_OPEN,), "locking an open door")


async def full_bin(bed: Bed[Hatch]) -> None:
    """No room behind the door."""
    async with shut_after(bed) as hatch, bed.trouble(Trouble.BIN_FULL):
        await refused(hatch.unlock(SHORT_S), (FaultCode.BIN_FULL,), "the bin is full")
        hold((await hatch.look()).closed, "the door was opened over a full bin")
        hold(FaultCode.BIN_FULL in (await hatch.probe()).faults, "a probe does not tell of the full bin")


async def silence_is_unknown(bed: Bed[Hatch]) -> None:
    """The board falls silent after the command."""
    async with shut_after(bed) as hatch, bed.trouble(Trouble.JAMMED):
        opening = asyncio.create_task(ended(hatch.unlock(MOVES_S)))
        await asyncio.sleep(0.3)
        async with bed.trouble(Trouble.MUTE):
            end = await opening
        expect(end, (FaultCode.OUTCOME_UNKNOWN,), "the board fell silent after the command")


RULES: tuple[Rule[Hatch], ...] = (
    Rule("hatch.look-moves-nothing", "Looking moves nothing.", look_moves_nothing),
    Rule("hatch.opens-by-sensor", "Open and locked are what the sensors say.", opens_by_sensor),
    Rule("hatch.stuck", "A door that does not open is stuck, never open.", stuck),
    Rule("hatch.stuck-is-remembered", "A door that did not open is stuck until it has opened.", stuck_is_remembered),
    Rule("hatch.leaf-stuck", "A bolt that lets go of a stuck door is no open door.", leaf_stuck),
    Rule("hatch.open-is-not-locked", "An open door is never locked.", open_is_not_locked),
    Rule("hatch.full-bin", "Over a full bin the door stays shut.", full_bin),
    Rule("hatch.silence-is-unknown", "Silence after a command is an unknown outcome.", silence_is_unknown),
)  # fmt: skip
