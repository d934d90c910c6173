"""Places calls for an officer, watches the queue, and believes an answer only when it is signed, fresh and to the call.

A request that was answered is done with: an answer that comes again, or for another call, is doubted and told once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeAlias

from devices.counter import NotBelieved, OfficerDesk, OfficerKey, OfficerRequest, OfficerWord, QueueState, read_answer
from devices.ports import DeviceFault, FaultCode
from kiosk.facts import Command, Fact, Faulted
from kiosk.flow import Post, Posted
from kiosk.officer import facts as o

log = logging.getLogger(__name__)
Hand: TypeAlias = Callable[[str, Any], Awaitable[Fact | None]]


@dataclass(frozen=True)
class Times:
    """Seconds: a message's deadline, how often the queue is looked at, how far an officer's clock may be ahead."""

    ask: float = 3.0
    look: float = 1.0
    ahead: float = 30.0


class Crew(Protocol):
    """The officers' queue; None where the branch has none."""

    officer: OfficerDesk | None

    def check(self, name: str) -> None:
        """DeviceFault at once where a device is known not to answer, or is not paired."""


class Bell:
    """`officers`: whom this branch believes, by id."""

    def __init__(
        self, crew: Crew, post: Post, branch: str, officers: Mapping[str, OfficerKey], times: Times | None = None
    ) -> None:
        self._crew, self._post, self._branch, self._officers = crew, post, branch, officers
        self._wait = times or Times()
        self._done = set[str]()

    @property
    def hands(self) -> Mapping[type[Command], Hand]:
        """Which call carries out which command."""
        return {o.CallOfficer: self._call, o.WatchOfficer: self._watch, o.WithdrawCall: self._withdraw}

    async def _call(self, visit: str, asked: o.CallOfficer) -> Fact:
        request = OfficerRequest(asked.request, asked.service, asked.asked, asked.won, asked.notes)
        try:
            self._crew.check("officer")
            word = await self._desk().request(request, self._wait.ask)
        except DeviceFault as fault:
            return Faulted("officer", fault.code, o.CallOfficer.__name__)
        called = o.OfficerCalled(asked.request, asked.service, asked.asked, asked.won, o.told_outside(asked.notes))
        self._post(Posted("", called))
        return o.OfficerSaid(asked.request, word.state.value, word.place, word.text)

    async def _watch(self, _: str, asked: o.WatchOfficer) -> Fact:
        """Until something else than `seen` can be told; a desk that falls silent is `no_answer`.

        An answer whose time is still to come, as two clocks have it, is looked at again until it has.
        """
        early = asyncio.get_running_loop().time() + self._wait.ahead
        while True:
            await asyncio.sleep(self._wait.look)
            try:
                self._crew.check("officer")
                told = self._told(asked.request, await self._desk().look(asked.request, self._wait.ask))
            except DeviceFault as fault:
                log.info("officer: %s", fault.code)
                told = o.OfficerSaid(asked.request, "no_answer")
            not_yet = isinstance(told, o.AnswerDoubted) and told.why == "not_yet"
            early = early if not_yet else asyncio.get_running_loop().time() + self._wait.ahead
            if not_yet and asyncio.get_running_loop().time() < early:
                continue
            if not isinstance(told, o.OfficerSaid) or told.seen != asked.seen:
                return told

    def _told(self, request: str, word: OfficerWord) -> Fact:
        if word.state is not QueueState.ANSWERED or word.answer is None:
            return o.OfficerSaid(request, word.state.value, word.place, word.text)
        try:
            found = read_answer(word.answer, self._officers, self._branch, request, datetime.now(UTC))
        except NotBelieved as doubt:
            return o.AnswerDoubted(request, doubt.why)
        if request in self._done:
            return o.AnswerDoubted(request, "again")
        self._done.add(request)
        return o.OfficerAnswered(request, found.answer.value, found.officer, found.expires.isoformat())

    async def _withdraw(self, _: str, asked: o.WithdrawCall) -> None:
        with suppress(DeviceFault):
            await self._desk().withdraw(asked.request, self._wait.ask)

    def _desk(self) -> OfficerDesk:
        if self._crew.officer is None:
            raise DeviceFault(FaultCode.MISCONFIGURED, "this branch has no officer on call")
        return self._crew.officer
