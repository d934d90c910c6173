"""What a bank decided on an application, asked by its reference number.

Believed is what the bank has signed about this reference (devices/agency.py), unless it lies in the future or is older
than what was read of it before: an *approved* of yesterday is none after today's *refused*. A kiosk asks so often an
hour and no more, so that nobody walks through reference numbers and reads other people's answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from devices.agency import AgencyDesk, Decision, NotSigned, SignedMessage, read_decision
from devices.ports import DeviceFault
from kiosk.banking import facts as b
from kiosk.facts import Fact, Faulted
from kiosk.flow import Post, Posted

#: Questions of one kiosk in one hour.
AN_HOUR, HOUR = 20, timedelta(hours=1)
#: How far a bank's clock may be ahead of this one.
AHEAD = timedelta(minutes=5)


class Memory(Protocol):
    """What the journal remembers of visits with a bank (kiosk/clerk.py)."""

    async def begun(self, visit: str) -> datetime | None:
        """When this visit began (UTC)."""

    async def decided(self, bank: str, reference: str) -> datetime | None:
        """The time of the newest decision that was read on this reference."""

    async def references(self, newest: int) -> Sequence[datetime]:
        """When decisions were asked for, oldest first; the newest so many."""


class Blank:
    """The memory of a branch that has none."""

    async def begun(self, visit: str) -> datetime | None:
        """Nobody knows."""

    async def decided(self, bank: str, reference: str) -> datetime | None:
        """None was read."""

    async def references(self, newest: int) -> Sequence[datetime]:
        """Never."""
        return ()


class Decisions:
    """`keys`: the raw Ed25519 key with which each bank signs."""

    def __init__(self, post: Post, keys: Mapping[str, bytes], memory: Memory) -> None:
        self._post, self._keys, self._memory = post, keys, memory

    async def ask(self, desk: AgencyDesk, asked: b.AskDecision, timeout_s: float) -> Fact:
        """The bank's word, none yet, or why it is not believed or not asked for."""
        if await self._too_often(datetime.now(UTC)):
            return b.DecisionRefused(asked.bank, asked.reference)
        try:
            message = await desk.decision(asked.bank, asked.reference, timeout_s)
        except DeviceFault as fault:
            return Faulted("bank_desk", fault.code, b.AskDecision.__name__)
        if message is None:
            return b.DecisionMissing(asked.bank, asked.reference)
        return await self._read(asked, message)

    async def _too_often(self, now: datetime) -> bool:
        """A clock that was set back opens nothing: what seems to lie in the future counts as now."""
        return len([at for at in await self._memory.references(AN_HOUR) if at > now - HOUR]) >= AN_HOUR

    async def _read(self, asked: b.AskDecision, message: SignedMessage) -> Fact:
        try:
            decision = read_decision(message, self._keys, asked.bank, asked.reference)
        except NotSigned as why:
            return self._doubted(asked, "wrongly_signed", str(why))
        if doubt := await self._out_of_time(decision):
            return self._doubted(asked, *doubt)
        return b.DecisionRead(
            asked.bank, asked.reference, decision.word.value, message.body.hex(), message.signature.hex(),
            decision.at.isoformat(),
        )  # fmt: skip

    async def _out_of_time(self, decision: Decision) -> tuple[str, str] | None:
        if decision.at > datetime.now(UTC) + AHEAD:
            return "not_yet", "signed for a time that has not come"
        known = await self._memory.decided(decision.bank, decision.reference)
        return ("replayed", "older than what the bank said last") if known is not None and decision.at < known else None

    def _doubted(self, asked: b.AskDecision, word: str, why: str) -> Fact:
        """Nothing comes of it, and the branch is told once."""
        self._post(Posted("", b.HostDoubted("bank_desk", word)))
        return b.DecisionDoubted(asked.bank, asked.reference, why)
