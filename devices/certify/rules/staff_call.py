"""Rules for the call desk: it says what it has recorded, and only a person moves a call beyond ringing."""

from __future__ import annotations

import uuid

from devices.certify.bed import Bed, Rule, hold, refused
from devices.certify.terms import Act, Trouble
from devices.ports import CallState, FaultCode, StaffCall

ASKS_S = 5.0
SHORT_S = 1.0


def task() -> str:
    """A task that was never called for; its sign shows that a path is quoted."""
    return f"certify/{uuid.uuid4().hex[:10]}"


async def open_calls(desk: StaffCall) -> int:
    """Calls that are open, by the desk's own count."""
    return int(dict((await desk.probe()).values)["open_calls"])


async def recorded(bed: Bed[StaffCall]) -> None:
    """Placed, and asked for."""
    async with bed.opened() as desk:
        mine = task()
        placed = await desk.call(mine, "certify", ASKS_S)
        hold(placed is CallState.CALLING, f"a call that nobody has answered is {placed}")
        found = await desk.state(mine, ASKS_S)
        hold(found in (CallState.CALLING, CallState.NO_ANSWER), f"a call that nobody has answered is {found}")
        await desk.close_call(mine, "done", ASKS_S)


async def one_task(bed: Bed[StaffCall]) -> None:
    """Placed twice."""
    async with bed.opened() as desk:
        mine, before = task(), await open_calls(desk)
        for _ in range(2):
            await desk.call(mine, "certify", ASKS_S)
        more = await open_calls(desk) - before
        await desk.close_call(mine, "done", ASKS_S)
    hold(more == 1, f"one task, called for twice, is {more} calls")


async def answered(bed: Bed[StaffCall]) -> None:
    """Somebody picks up."""
    async with bed.opened() as desk:
        mine = task()
        await desk.call(mine, "certify", ASKS_S)
        await bed.do(Act.ANSWER_CALL, mine)
        found = await desk.state(mine, ASKS_S)
        await desk.close_call(mine, "done", ASKS_S)
    hold(found is CallState.ANSWERED, f"somebody answered, the desk says {found}")


async def unknown_task(bed: Bed[StaffCall]) -> None:
    """Never called for."""
    async with bed.opened() as desk:
        await refused(desk.state(task(), ASKS_S), (FaultCode.PROTOCOL,), "a task that was never called for")


async def unreachable(bed: Bed[StaffCall]) -> None:
    """A desk that cannot be reached has recorded nothing."""
    for trouble in (Trouble.UNPLUG, Trouble.MUTE):
        async with bed.opened() as desk, bed.trouble(trouble):
            await refused(desk.call(task(), "certify", SHORT_S), (), f"a call was placed with {trouble}")


async def closes(bed: Bed[StaffCall]) -> None:
    """Settled at the branch."""
    async with bed.opened() as desk:
        mine, before = task(), await open_calls(desk)
        await desk.call(mine, "certify", ASKS_S)
        hold(await desk.close_call(mine, "done", ASKS_S) is CallState.CLOSED, "a closed call is not closed")
        hold(await open_calls(desk) == before, "a closed call still rings")


RULES: tuple[Rule[StaffCall], ...] = (
    Rule("staff_call.recorded", "A call that was placed is found as placed.", recorded),
    Rule("staff_call.one-task", "The same task again is the same call.", one_task),
    Rule("staff_call.answered", "A call is answered when somebody has answered it.", answered),
    Rule("staff_call.unknown-task", "A task that was never called for has no state.", unknown_task),
    Rule("staff_call.unreachable", "A desk that cannot be reached has recorded nothing.", unreachable),
    Rule("staff_call.closes", "A call that is closed does not ring.", closes),
)
