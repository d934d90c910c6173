"""Puts an application together: photographs papers, seals it to the bank, keeps decisions and holds. Decides nothing.

Photographs are kept by visit in memory until they are sealed, dropped or the visit is over; nobody here can open what
was sealed. A hold is found again as kiosk/intake/holds.py has it.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeAlias

from devices import ports
from devices.counter import DocumentCamera, Photo
from devices.ports import DeviceFault, FaultCode
from kiosk.facts import Command, Fact, Faulted
from kiosk.intake import bills, holds
from kiosk.intake import facts as i
from kiosk.sealing import seal_to
from kiosk.tables import BankTable

Hand: TypeAlias = Callable[[str, Any], Awaitable[Fact | None]]
#: What an application, and a signature under a contract, is sealed for; it opens for nothing else.
PURPOSE, CONTRACT = "bank-application-1", "bank-contract-1"


@dataclass(frozen=True)
class Times:
    """Seconds: a photograph, one look for a code, and how long a passed hold is still known."""

    photo: float = 8.0
    look: float = 1.0
    again: float = 0.4
    remembered: float = 86_400.0


class Crew(Protocol):
    """The devices of intake; None where the branch has none."""

    document_camera: DocumentCamera | None
    code_reader: ports.CodeScanner | None

    def check(self, name: str) -> None:
        """DeviceFault at once where a device is known not to answer, or is not paired."""


class Memory(Protocol):
    """What the journal remembers of holds."""

    async def holds(self) -> Sequence[i.HoldKept]:
        """The newest holds, oldest first."""


class Scribe:
    """`banks`: whose key an application is sealed to, by code; `mark_key`: 32 bytes under which holds are kept."""

    def __init__(
        self, crew: Crew, memory: Memory, banks: Mapping[str, BankTable], mark_key: bytes, times: Times | None = None
    ) -> None:
        self._crew, self._memory, self._mark_key = crew, memory, mark_key
        self._seal_keys = {code: bytes.fromhex(bank.seal_key) for code, bank in banks.items()}
        self._wait = times or Times()
        self._photos: dict[str, dict[str, Photo]] = {}

    @property
    def hands(self) -> Mapping[type[Command], Hand]:
        """Which call carries out which command."""
        return {
            i.Photograph: self._photograph, i.DropPapers: self._drop, i.SealApplication: self._seal,
            i.NoteJudgement: self._note, i.LookHold: self._look_hold, i.KeepHold: self._keep_hold,
            i.WatchBill: self._watch_bill, i.SealContract: self._seal_contract,
        }  # fmt: skip

    def forget(self, visit: str) -> None:
        """Nothing of this visit's papers is kept."""
        self._photos.pop(visit, None)

    async def _photograph(self, visit: str, asked: i.Photograph) -> Fact:
        try:
            self._crew.check("document_camera")
            if self._crew.document_camera is None:
                raise DeviceFault(FaultCode.MISCONFIGURED, "this branch has no document camera")
            photo = await self._crew.document_camera.photograph(self._wait.photo)
        except DeviceFault as fault:
            return Faulted("document_camera", fault.code, i.Photograph.__name__)
        self._photos.setdefault(visit, {})[asked.paper] = photo
        return i.PaperTaken(asked.paper, len(photo.jpeg))

    async def _drop(self, visit: str, _: i.DropPapers) -> None:
        self.forget(visit)

    async def _seal(self, visit: str, asked: i.SealApplication) -> Fact:
        """A bank without a key in branch.toml gets nothing: nothing personal leaves unsealed."""
        if asked.bank not in self._seal_keys:
            return Faulted("bank_desk", FaultCode.MISCONFIGURED, i.SealApplication.__name__)
        plain = json.dumps(self._application(visit, asked), ensure_ascii=False).encode()
        return i.ApplicationSealed(asked.key, seal_to(self._seal_keys[asked.bank], PURPOSE, plain).hex())

    def _application(self, visit: str, asked: i.SealApplication) -> dict[str, Any]:
        photos = self._photos.get(visit, {})
        return {
            "product": asked.product, "won": asked.won, "months": asked.months, "phone": asked.phone,
            "signature": asked.signature, "identity": asked.identity, "missing": list(asked.missing),
            "papers": {name: base64.b64encode(photo.jpeg).decode() for name, photo in photos.items()},
        }  # fmt: skip

    async def _seal_contract(self, _: str, asked: i.SealContract) -> Fact:
        """The bank that opens it finds which bytes were signed, and that each clause was confirmed."""
        if asked.bank not in self._seal_keys:
            return Faulted("bank_desk", FaultCode.MISCONFIGURED, i.SealContract.__name__)
        plain = json.dumps({
            "reference": asked.reference, "offer_sha256": asked.offer_sha256, "clauses": dict(asked.clauses),
            "signature": asked.signature, "identity": asked.identity,
        }, ensure_ascii=False).encode()  # fmt: skip
        return i.ContractSealed(asked.key, seal_to(self._seal_keys[asked.bank], CONTRACT, plain).hex())

    async def _note(self, _: str, asked: i.NoteJudgement) -> Fact:
        return i.Judged(asked.record)

    # Holds

    async def _look_hold(self, _: str, asked: i.LookHold) -> Fact:
        return holds.known(
            asked, await self._memory.holds(), self._mark_key, datetime.now(UTC), self._wait.remembered
        )

    async def _keep_hold(self, _: str, asked: i.KeepHold) -> Fact:
        return holds.kept(asked, self._mark_key, datetime.now(UTC))

    # Bills

    async def _watch_bill(self, _: str, asked: i.WatchBill) -> Fact:
        """Until a code is seen; what is no bill is said to be none."""
        reader = self._crew.code_reader
        try:
            self._crew.check("code_reader")
            if reader is None:
                raise DeviceFault(FaultCode.MISCONFIGURED, "this branch has no code reader")
            codes = await reader.scan(self._wait.look)
            while not codes:
                await asyncio.sleep(self._wait.again)
                codes = await reader.scan(self._wait.look)
        except DeviceFault as fault:
            return Faulted("code_reader", fault.code, i.WatchBill.__name__)
        bill = bills.read(codes[0].text)
        if isinstance(bill, str):
            return i.BillRefused(bill)
        return i.BillRead(bill.bank, bill.won, bill.account, bill.number)
