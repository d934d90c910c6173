"""Asks the bank for its offer of a contract and hands the signature over; believes what it has signed, decides nothing.

Silence after the hand-off is ContractUnknown; a receipt of another key, offer or signature is none, and is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol, TypeAlias

from devices.agency import AgencyDesk, NotSigned, SignedContract, SignedMessage
from devices.banking import Declined
from devices.contract import Offer, read_offer, read_receipt
from devices.ports import DeviceFault, FaultCode
from kiosk.banking import contracts as c
from kiosk.banking import facts as b
from kiosk.banking.names import form, forms
from kiosk.facts import Command, Fact, Faulted
from kiosk.flow import Post, Posted

log = logging.getLogger(__name__)
Hand: TypeAlias = Callable[[str, Any], Awaitable[Fact | None]]
#: After these a signature was never sent.
UNSENT = frozenset({FaultCode.DISCONNECTED, FaultCode.NOT_PAIRED, FaultCode.MISCONFIGURED})


class Crew(Protocol):
    """The desk of the banks; None where the branch has none."""

    bank_desk: AgencyDesk | None

    def check(self, name: str) -> None:
        """DeviceFault at once where a device is known not to answer, or is not paired."""


class Waits(Protocol):
    """Seconds that the teller waits."""

    @property
    def ask(self) -> float:
        """A question."""

    @property
    def order(self) -> float:
        """A hand-off."""

    @property
    def back_off(self) -> float:
        """The first pause."""

    @property
    def back_off_most(self) -> float:
        """The longest pause."""


class Notary:
    """`keys`: the raw Ed25519 key with which each bank signs."""

    def __init__(self, crew: Crew, post: Post, keys: Mapping[str, bytes], wait: Waits) -> None:
        self._crew, self._post, self._keys, self._wait = crew, post, keys, wait

    @property
    def hands(self) -> Mapping[type[Command], Hand]:
        """Which call carries out which command."""
        return {c.AskOffer: self._offer, c.HandContract: self._hand, c.EnquireContract: self._enquire,
                c.CompareSigner: self._compare}  # fmt: skip

    def _desk(self) -> AgencyDesk:
        self._crew.check("bank_desk")
        if self._crew.bank_desk is None:
            raise DeviceFault(FaultCode.MISCONFIGURED, "this branch has no such device")
        return self._crew.bank_desk

    async def _offer(self, _: str, asked: c.AskOffer) -> Fact:
        try:
            message = await self._desk().offer(asked.bank, asked.reference, self._wait.ask)
        except DeviceFault as fault:
            return Faulted("bank_desk", fault.code, c.AskOffer.__name__)
        if message is None:
            return c.OfferMissing(asked.bank, asked.reference)
        try:
            offer = read_offer(message, self._keys, asked.bank, asked.reference, datetime.now(UTC))
        except NotSigned as why:
            self._doubted()
            return c.OfferDoubted(asked.bank, asked.reference, str(why))
        return told(offer, message)

    async def _hand(self, _: str, asked: c.HandContract) -> Fact:
        if datetime.fromisoformat(asked.until) <= datetime.now(UTC):
            return c.ContractDeclined(asked.key, "stale")
        try:
            message = await self._desk().sign(asked.key, asked.signed, self._wait.order)
        except Declined as no:
            return c.ContractDeclined(asked.key, no.why.value)
        except DeviceFault as fault:
            sent = fault.code not in UNSENT
            return c.ContractUnknown(asked.key) if sent else c.ContractDeclined(asked.key, "unavailable")
        except Exception as error:
            log.error("the bank desk's driver failed: %s", type(error).__name__)
            return c.ContractUnknown(asked.key)
        return self._read(asked.key, asked.signed, message, 1)

    async def _enquire(self, _: str, asked: c.EnquireContract) -> Fact:
        if asked.tries:
            await asyncio.sleep(min(self._wait.back_off * 2.0 ** min(asked.tries - 1, 16), self._wait.back_off_most))
        try:
            message = await self._desk().receipt(asked.key, self._wait.ask)
        except DeviceFault:
            return c.ContractUnknown(asked.key, asked.tries + 1)
        if message is None:
            return c.ContractDeclined(asked.key, "not_found")
        return self._read(asked.key, asked.signed, message, asked.tries + 1)

    async def _compare(self, _: str, asked: c.CompareSigner) -> Fact:
        return c.SignerCompared(asked.key, signs(asked))

    def _read(self, key: str, signed: SignedContract, message: SignedMessage, tries: int) -> Fact:
        """What the bank has not signed of just this signature leaves it unknown."""
        try:
            read_receipt(message, self._keys, c.about(key, signed))
        except NotSigned:
            self._doubted()
            return c.ContractUnknown(key, tries)
        return c.ReceiptRead(key, message.body.hex(), message.signature.hex())

    def _doubted(self) -> None:
        self._post(Posted("", b.HostDoubted("bank_desk", "wrongly_signed")))


def signs(asked: c.CompareSigner) -> str:
    """Name and day of birth must be those that the offer names; what cannot be compared is neither a yes nor a no.

    A Korean name is another where it is written otherwise; letters of one name differ from spelling to spelling.
    """
    wanted, found = form(asked.signer), forms(asked.names)
    if asked.birth and asked.birth != asked.signer_birth:
        return "differs"
    if wanted and wanted in found:
        return "same" if asked.birth else "unclear"
    comparable = wanted != "" and not wanted.isascii() and any(not each.isascii() for each in found)
    return "differs" if comparable else "unclear"


def told(offer: Offer, message: SignedMessage) -> c.OfferRead:
    """An offer that was believed, as a fact."""
    return c.OfferRead(
        offer.bank, offer.reference, offer.sha256, offer.product, tuple(each.id for each in offer.clauses),
        offer.until.isoformat(), offer.won, offer.signer, offer.birth.isoformat(), message.body.hex(),
        message.signature.hex(),
    )  # fmt: skip
