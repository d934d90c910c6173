"""Rules for the officers' queue: it says what it has recorded, and what decides is the officer's own signed answer."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from devices.certify.bed import Bed, Rule, hold, refused
from devices.certify.terms import Act, Question, Trouble, Violation
from devices.counter import NotBelieved, OfficerDesk, OfficerKey, OfficerRequest, QueueState, read_answer

ASKS_S, SHORT_S = 5.0, 1.0


def call() -> OfficerRequest:
    """A call that was never placed; its sign shows that a path is quoted."""
    return OfficerRequest(f"certify/{uuid.uuid4().hex[:10]}-o1", "certify", "help")


async def waiting(desk: OfficerDesk) -> int:
    """How many wait, by the desk's own count."""
    return int(dict((await desk.probe()).values)["waiting"])


async def recorded(bed: Bed[OfficerDesk]) -> None:
    """Placed, and looked for."""
    async with bed.opened() as desk:
        mine, before = call(), await waiting(desk)
        placed, found = await desk.request(mine, ASKS_S), await desk.look(mine.id, ASKS_S)
        more = await waiting(desk) - before
        await desk.withdraw(mine.id, ASKS_S)
    states = {placed.state, found.state}
    hold(states <= {QueueState.WAITING, QueueState.TAKEN}, f"a call that nobody has answered is {', '.join(states)}")
    hold(placed.state is not QueueState.WAITING or placed.place > 0, "a call waits at no place")
    hold(more == 1 or placed.state is QueueState.TAKEN, f"a call was placed, {more} more wait")


async def one_call(bed: Bed[OfficerDesk]) -> None:
    """Placed twice."""
    async with bed.opened() as desk:
        mine = call()
        await desk.request(mine, ASKS_S)
        before = await waiting(desk)
        await desk.request(mine, ASKS_S)
        more = await waiting(desk) - before
        await desk.withdraw(mine.id, ASKS_S)
    hold(more == 0, f"one call, placed again, is {more + 1} calls")


async def unanswered(bed: Bed[OfficerDesk]) -> None:
    """Nobody has looked at it yet."""
    async with bed.opened() as desk:
        mine = call()
        said = await desk.request(mine, ASKS_S)
        await desk.withdraw(mine.id, ASKS_S)
    hold(said.answer is None, "nobody has answered, and an answer came")


async def answered(bed: Bed[OfficerDesk]) -> None:
    """An officer answers; the signature covers what arrives."""
    officer, public, branch = (await bed.tell(Question.OFFICER_SIGNS)).split(";")
    keys = {officer: OfficerKey(officer, bytes.fromhex(public))}
    async with bed.opened() as desk:
        mine = call()
        await desk.request(mine, ASKS_S)
        await bed.do(Act.OFFICER_ANSWERS, mine.id)
        said = await desk.look(mine.id, ASKS_S)
    if said.state is not QueueState.ANSWERED or said.answer is None:
        raise Violation(f"an officer has answered, the desk says {said.state}")
    try:
        read_answer(said.answer, keys, branch, mine.id, datetime.now(UTC))
    except NotBelieved as why:
        raise Violation(f"the officer's answer is not believed: {why}") from None


async def unknown_call(bed: Bed[OfficerDesk]) -> None:
    """Never placed."""
    async with bed.opened() as desk:
        said = await desk.look(call().id, ASKS_S)
    hold(said.state is QueueState.UNKNOWN, f"a call that was never placed is {said.state}")


async def withdrawn(bed: Bed[OfficerDesk]) -> None:
    """The customer went away."""
    async with bed.opened() as desk:
        mine, before = call(), await waiting(desk)
        await desk.request(mine, ASKS_S)
        await desk.withdraw(mine.id, ASKS_S)
        said, after = await desk.look(mine.id, ASKS_S), await waiting(desk)
    hold(said.state in (QueueState.WITHDRAWN, QueueState.UNKNOWN), f"a call that was withdrawn is {said.state}")
    hold(after == before, "a call that was withdrawn still waits")


async def plain_text(bed: Bed[OfficerDesk]) -> None:
    """The line for the customer moves no cursor."""
    async with bed.opened() as desk, bed.trouble(Trouble.CONTROL_CHARS):
        mine = call()
        said = await desk.request(mine, ASKS_S)
        await desk.withdraw(mine.id, ASKS_S)
    hold(said.text.isprintable() and len(said.text) <= 200, f"the customer would be shown {said.text!r:.60}")


async def unreachable(bed: Bed[OfficerDesk]) -> None:
    """A desk that cannot be reached has recorded nothing."""
    for trouble in (Trouble.UNPLUG, Trouble.MUTE):
        async with bed.opened() as desk, bed.trouble(trouble):
            await refused(desk.request(call(), SHORT_S), (), f"a call was placed with {trouble}")


RULES: tuple[Rule[OfficerDesk], ...] = (
    Rule("officer.recorded", "A call that was placed waits, at its place.", recorded),
    Rule("officer.one-call", "The same call again is the same call.", one_call),
    Rule("officer.unanswered", "A call that nobody has answered carries no answer.", unanswered),
    Rule("officer.answered", "An officer's answer arrives byte for byte as it was signed.", answered),
    Rule("officer.unknown-call", "A call that was never placed is unknown.", unknown_call),
    Rule("officer.withdrawn", "A call that was withdrawn waits no more.", withdrawn),
    Rule("officer.plain-text", "The line for the customer is plain and short.", plain_text),
    Rule("officer.unreachable", "A desk that cannot be reached has recorded nothing.", unreachable),
)
