"""Carries out what a visit asks of its bank; every outcome or fault comes back as a fact. Decides nothing.

Card and PIN, sealed for the bank by the PIN pad, are kept here by visit, in memory, until ForgetCard, the visit's end
or CARD_S seconds. Money is asked for once; what nobody can tell is OrderUnknown, and enquiry goes on. An order that the
bank has not heard of may still be on its way: it is called off before anyone says that nothing was moved.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeAlias, TypeVar

from devices.agency import AgencyDesk, Received
from devices.banking import NEVER, NEVER_WORD, BankHost, Booked, Credential, Declined, HostOutcome, HostState
from devices.counter import PinPad
from devices.ports import DeviceFault, FaultCode
from kiosk.banking import facts as b
from kiosk.banking import names
from kiosk.banking.decisions import Blank, Decisions, Memory
from kiosk.banking.notary import Notary
from kiosk.facts import Command, Fact, Faulted
from kiosk.flow import Post, Posted
from kiosk.mishap import where

log = logging.getLogger(__name__)
T = TypeVar("T")
Hand: TypeAlias = Callable[[str, Any], Awaitable[Fact | None]]
#: Pages of entries that are asked for, at most.
MOST_PAGES = 20
#: After these an order was never sent.
UNSENT = frozenset({
    FaultCode.DISCONNECTED, FaultCode.NOT_PAIRED, FaultCode.BUSY, FaultCode.INTERNAL, FaultCode.NOT_LOGGED_IN,
    FaultCode.MISCONFIGURED,
})  # fmt: skip


@dataclass(frozen=True)
class Times:
    """Seconds."""

    ask: float = 5.0
    order: float = 15.0
    card: float = 60.0
    keep_card: float = 900.0
    doubts: float = 2.0
    back_off: float = 1.0
    back_off_most: float = 30.0


def for_visits(idle_s: float) -> Times:
    """A card is kept for longer than anybody waits on one screen; an officer is waited for for ten idle times."""
    return Times(keep_card=15 * idle_s)


class Crew(Protocol):
    """The devices of account services and intake; None where the branch has none."""

    bank_host: BankHost | None
    bank_desk: AgencyDesk | None
    pin_pad: PinPad | None

    def check(self, name: str) -> None:
        """DeviceFault at once where a device is known not to answer, or is not paired."""


class Teller:
    """`keys`: the raw Ed25519 key with which each bank signs its decisions."""

    def __init__(
        self, crew: Crew, post: Post, keys: Mapping[str, bytes], times: Times | None = None,
        memory: Memory | None = None,
    ) -> None:  # fmt: skip
        self._crew, self._post, self._wait, self._memory = crew, post, times or Times(), memory or Blank()
        self._decisions = Decisions(post, keys, self._memory)
        self._cards: dict[str, Credential] = {}
        self._ends: dict[str, asyncio.TimerHandle] = {}
        self._notary = Notary(crew, post, keys, self._wait)

    @property
    def hands(self) -> Mapping[type[Command], Hand]:
        """Which call carries out which command."""
        return {
            b.AskCard: self._card, b.ForgetCard: self._forget, b.AskBalance: self._balance, b.AskEntries: self._entries,
            b.AskProfile: self._profile, b.AskPayee: self._payee, b.CompareName: self._compare, b.SetBlock: self._block,
            b.TellTrusted: self._trusted, b.SendOrder: self._send, b.EnquireOrder: self._enquire,
            b.ReverseOrder: self._reverse, b.HandIn: self._hand_in, b.Appoint: self._appoint,
            b.EnquireHandIn: self._enquire_hand_in, b.AskDecision: self._decision, **self._notary.hands,
        }  # fmt: skip

    def forget(self, visit: str) -> None:
        """Nothing of this visit's card is kept."""
        self._cards.pop(visit, None)
        if end := self._ends.pop(visit, None):
            end.cancel()

    # Card and questions

    async def _card(self, visit: str, asked: b.AskCard) -> Fact:
        try:
            self._crew.check("pin_pad")
            card = await _there(self._crew.pin_pad).credential(asked.key, self._wait.card)
        except DeviceFault as fault:
            return b.CardTrouble(fault.code)
        self._keep(visit, card)
        return b.CardGiven(card.bank, card.masked)

    def _keep(self, visit: str, card: Credential) -> None:
        """Until the visit ends, or nobody has used it for a time."""
        self.forget(visit)
        self._cards[visit] = card
        self._ends[visit] = asyncio.get_running_loop().call_later(self._wait.keep_card, self.forget, visit)

    def _kept(self, visit: str) -> Credential | None:
        """This visit's card; whoever uses it goes on using it."""
        if card := self._cards.get(visit):
            self._keep(visit, card)
        return card

    async def _forget(self, visit: str, _: b.ForgetCard) -> None:
        self.forget(visit)

    async def _balance(self, visit: str, asked: b.AskBalance) -> Fact:
        async def ask(host: BankHost, card: Credential) -> Fact:
            said = await host.balance(asked.key, card, self._wait.ask)
            return b.BalanceTold(said.won, said.available_won)

        return await self._asked(visit, asked, ask)

    async def _entries(self, visit: str, asked: b.AskEntries) -> Fact:
        async def ask(host: BankHost, card: Credential) -> Fact:
            said, whole = await self._back_to(host, card, asked)
            rows = tuple((e.at.isoformat(), e.kind.value, e.won, e.balance_won, e.note) for e in said)
            return b.EntriesTold(rows, whole)

        return await self._asked(visit, asked, ask)

    async def _back_to(
        self, host: BankHost, card: Credential, asked: b.AskEntries
    ) -> tuple[tuple[Booked, ...], bool]:
        """The last entries, page by page back to the time asked for; and whether none since then is missing."""
        until = datetime.fromisoformat(asked.since) if asked.since else datetime.max.replace(tzinfo=UTC)
        rows: dict[Booked, None] = {}
        for _ in range(MOST_PAGES):
            page = await host.entries(asked.key, card, asked.count, self._wait.ask, len(rows))
            fresh = [row for row in page if row not in rows]  # one that came meanwhile moves the rest on a page
            rows |= dict.fromkeys(page)
            if not page or min(row.at for row in page) < until:
                return tuple(rows), True
            if not fresh:
                break
        return tuple(rows), False

    async def _profile(self, visit: str, asked: b.AskProfile) -> Fact:
        async def ask(host: BankHost, card: Credential) -> Fact:
            said = await host.profile(asked.key, card, self._wait.ask)
            day = said.last_machine_transfer
            last = NEVER_WORD if day == NEVER else day.isoformat() if day else ""
            blocks = None if said.blocks is None else tuple(sorted(each.value for each in said.blocks))
            return b.ProfileTold(
                said.age, said.transfer_limit_won, said.day_left_won, said.delayed_transfers, said.designated_payees,
                said.trusted_person, blocks, last, said.scheduled_won,
            )  # fmt: skip

        return await self._asked(visit, asked, ask)

    async def _payee(self, visit: str, asked: b.AskPayee) -> Fact:
        async def ask(host: BankHost, card: Credential) -> Fact:
            said = await host.payee(asked.key, card, asked.account, self._wait.ask)
            to = said.account
            word = said.reported, said.registered, said.paid_before, said.suspected, said.biller
            return b.PayeeTold(to.bank, to.number, said.name, *word)

        return await self._asked(visit, asked, ask)

    async def _compare(self, visit: str, asked: b.CompareName) -> Fact:
        async def ask(host: BankHost, card: Credential) -> Fact:
            for name in names.forms(asked.names):
                said = await host.real_name(asked.key, card, name, asked.birth, self._wait.ask)
                if (same := names.judged(name, said)) is not None:
                    return b.NameCompared(same)
            return b.NameCompared(False, unclear=True)

        return await self._asked(visit, asked, ask)

    async def _block(self, visit: str, asked: b.SetBlock) -> Fact:
        async def ask(host: BankHost, card: Credential) -> Fact:
            await host.set_block(asked.key, card, asked.block, self._wait.ask)
            return b.BlockSet(asked.block.value)

        return await self._asked(visit, asked, ask)

    async def _trusted(self, visit: str, asked: b.TellTrusted) -> Fact:
        async def ask(host: BankHost, card: Credential) -> Fact:
            await host.tell_trusted(asked.key, card, asked.what, self._wait.ask)
            return b.TrustedTold(asked.what)

        return await self._asked(visit, asked, ask)

    async def _asked(
        self, visit: str, asked: Command, ask: Callable[[BankHost, Credential], Awaitable[Fact]]
    ) -> Fact:
        """A question under this visit's card."""
        name = type(asked).__name__
        card = self._kept(visit)
        if card is None:
            return b.BankDeclined(name, "no_card")
        try:
            self._crew.check("bank_host")
            return await ask(_there(self._crew.bank_host), card)
        except Declined as no:
            return b.BankDeclined(name, no.why.value, no.limit_won)
        except DeviceFault as fault:
            return Faulted("bank_host", fault.code, name)
        finally:
            self._tell_doubts()

    # Money

    async def _send(self, visit: str, asked: b.SendOrder) -> Fact:
        card = self._kept(visit)
        if card is None:
            return b.OrderDeclined(asked.key, "no_card")
        try:
            self._crew.check("bank_host")
            host = _there(self._crew.bank_host)
        except DeviceFault:
            return b.OrderDeclined(asked.key, "unavailable")
        return await self._told(asked.key, lambda: host.transfer(asked.key, card, asked.order, self._wait.order), 0)

    async def _enquire(self, visit: str, asked: b.EnquireOrder) -> Fact:
        host = await self._later("bank_host", self._crew.bank_host, asked.tries)
        if host is None:
            return b.OrderUnknown(asked.key, asked.tries + 1)

        async def ask() -> HostOutcome:
            since = await self._memory.begun(visit)
            found = await host.enquire(asked.key, self._wait.ask, since)
            if found.state is HostState.NOT_FOUND:  # it may still be on its way: call it off
                found = await host.reverse(asked.key, asked.won, self._wait.order, since)
            return found

        return await self._told(asked.key, ask, asked.tries + 1)

    async def _reverse(self, visit: str, asked: b.ReverseOrder) -> Fact:
        host = await self._later("bank_host", self._crew.bank_host, asked.tries)
        if host is None:
            return b.OrderUnknown(asked.key, asked.tries + 1)

        async def ask() -> HostOutcome:
            return await host.reverse(asked.key, asked.won, self._wait.order, await self._memory.begun(visit))

        return await self._told(asked.key, ask, asked.tries + 1)

    async def _told(self, key: str, ask: Callable[[], Awaitable[HostOutcome]], tries: int) -> Fact:
        """The bank's word; nothing but a clear one is an outcome. `tries` is 0 for an order that is sent now."""
        try:
            return said(await ask(), max(tries, 1))
        except DeviceFault as fault:
            log.warning("bank: %s", fault.code)
            if not tries and fault.code in UNSENT:
                return b.OrderDeclined(key, "unavailable")
        except Exception as error:
            log.error("a bank's driver failed: %s", where(error))
        finally:
            self._tell_doubts()
        return b.OrderUnknown(key, max(tries, 1))

    async def _later(self, name: str, device: T | None, tries: int) -> T | None:
        """The device after a pause that grows; None where it is known not to answer."""
        pause = min(self._wait.back_off * 2.0 ** min(tries - 1, 16), self._wait.back_off_most) if tries else 0.0
        await asyncio.sleep(pause)
        try:
            self._crew.check(name)
        except DeviceFault:
            return None
        return device

    async def run(self) -> None:
        """Tell what was put aside while nobody asked for anything: a probe may find what lay on the line."""
        while True:
            self._tell_doubts()
            await asyncio.sleep(self._wait.doubts)

    def _tell_doubts(self) -> None:
        """Each reply that was put aside is one event of the branch."""
        for why in self._crew.bank_host.doubts() if self._crew.bank_host else ():
            self._post(Posted("", b.HostDoubted("bank_host", why)))

    # Intake

    async def _hand_in(self, _: str, asked: b.HandIn) -> Fact:
        return await self._handed(asked.key, lambda desk: desk.hand_in(asked.key, asked.application, self._wait.order))

    async def _appoint(self, _: str, asked: b.Appoint) -> Fact:
        return await self._handed(asked.key, lambda desk: desk.appoint(asked.key, asked.appointment, self._wait.order))

    async def _handed(self, key: str, ask: Callable[[AgencyDesk], Awaitable[Received]]) -> Fact:
        try:
            self._crew.check("bank_desk")
            received = await ask(_there(self._crew.bank_desk))
        except Declined as no:
            return b.HandInDeclined(key, no.why.value)
        except DeviceFault as fault:
            return b.HandInDeclined(key, "unavailable") if fault.code in UNSENT else b.HandInUnknown(key)
        except Exception as error:
            log.error("the bank desk's driver failed: %s", where(error))
            return b.HandInUnknown(key)
        return b.HandedIn(key, received.reference)

    async def _enquire_hand_in(self, _: str, asked: b.EnquireHandIn) -> Fact:
        desk = await self._later("bank_desk", self._crew.bank_desk, asked.tries)
        if desk is None:
            return b.HandInUnknown(asked.key, asked.tries + 1)
        try:
            received = await desk.enquire(asked.key, self._wait.ask)
        except DeviceFault:
            return b.HandInUnknown(asked.key, asked.tries + 1)
        return b.HandedIn(asked.key, received.reference) if received else b.HandInDeclined(asked.key, "not_found")

    async def _decision(self, _: str, asked: b.AskDecision) -> Fact:
        try:
            self._crew.check("bank_desk")
            return await self._decisions.ask(_there(self._crew.bank_desk), asked, self._wait.ask)
        except DeviceFault as fault:
            return Faulted("bank_desk", fault.code, b.AskDecision.__name__)


def said(outcome: HostOutcome, tries: int) -> Fact:
    """The bank's word as a fact."""
    match outcome.state:
        case HostState.APPROVED:
            return b.OrderDone(outcome.key, outcome.won, outcome.reference)
        case HostState.SCHEDULED:
            due = outcome.due.isoformat() if outcome.due else ""
            return b.OrderScheduled(outcome.key, outcome.won, outcome.reference, due)
        case HostState.REVERSED:
            return b.OrderReversed(outcome.key, outcome.won, outcome.reference)
        case HostState.DECLINED:
            return b.OrderDeclined(outcome.key, outcome.why.value if outcome.why else "other", outcome.limit_won)
        case HostState.IN_PROGRESS:
            return b.OrderUnknown(outcome.key, tries)
        case HostState.NOT_FOUND:
            return b.OrderDeclined(outcome.key, outcome.state.value)


def _there(device: T | None) -> T:
    if device is None:
        raise DeviceFault(FaultCode.MISCONFIGURED, "this branch has no such device")
    return device
