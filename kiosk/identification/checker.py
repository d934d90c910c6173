"""Carries out the check of a document: camera, counted tries, chip or operator, sealing. Every end is a fact.

Nothing that was read or typed is kept here or logged. A number leaves only as a keyed hash (for the journal's count),
inside the question to the operator, or sealed.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeAlias

from devices.counter import DocumentCamera, DocumentKind
from devices.identity import AccessKey, CardState, IdAnswer, IdCheck, IdDocument, IdReader, Mrz, Verdict
from devices.ports import DeviceFault, FaultCode
from kiosk.banking.names import written
from kiosk.facts import Command, Fact, Faulted
from kiosk.flow import Refusal
from kiosk.identification import facts as i
from kiosk.identification import limits
from kiosk.identification.fields import ASKED, CHIPS, checked, six
from kiosk.mishap import where
from kiosk.proof import Document
from kiosk.sealing import seal_to

log = logging.getLogger(__name__)
Hand: TypeAlias = Callable[[str, Any], Awaitable[Fact | None]]
#: What the operator's four answers come to.
ANSWERS = {
    IdAnswer.MATCH: Document.VERIFIED, IdAnswer.ISSUE_DATE_DIFFERS: Document.MISMATCH, IdAnswer.LOST: Document.LOST,
    IdAnswer.NO_SUCH_NUMBER: Document.UNKNOWN,
}  # fmt: skip
#: What a chip's verdict comes to.
VERDICTS = {
    Verdict.GENUINE: Document.VERIFIED, Verdict.ALTERED: Document.MISMATCH, Verdict.UNKNOWN_ISSUER: Document.UNKNOWN,
    Verdict.NOT_CHECKABLE: Document.NOT_CHECKED,
}  # fmt: skip
#: A field that the camera is less sure of is typed.
SURE = 0.8
PURPOSE = "identity-1"


@dataclass(frozen=True)
class Times:
    """Seconds."""

    read: float = 6.0
    chip: float = 20.0
    ask: float = 5.0
    look: float = 0.3


class Crew(Protocol):
    """The devices of a check; None where the branch has none."""

    id_reader: IdReader | None
    id_check: IdCheck | None
    document_camera: DocumentCamera | None

    def check(self, name: str) -> None:
        """DeviceFault at once where a device is known not to answer, or is not paired."""


class Memory(Protocol):
    """What the journal remembers of tries."""

    async def attempts(self) -> Sequence[limits.Tried]:
        """The newest tries of this kiosk, oldest first: those of a day at least."""

    async def denials(self) -> Sequence[limits.Tried]:
        """The numbers whose bearer an officer found to be another person, and when."""


class Checker:
    """`mark_key` hashes numbers; `centre` is the raw X25519 key to seal to, empty where there is none."""

    def __init__(
        self, crew: Crew, memory: Memory, mark_key: bytes, centre: bytes, allowed: limits.Limits,
        times: Times | None = None, today: Callable[[], date] = date.today,
    ) -> None:  # fmt: skip
        self._crew, self._memory, self._mark_key, self._centre = crew, memory, mark_key, centre
        self._allowed, self._wait, self._today = allowed, times or Times(), today

    @property
    def hands(self) -> Mapping[type[Command], Hand]:
        """Which call carries out which command."""
        return {
            i.ProposeFields: self._propose, i.CountAttempt: self._count, i.WatchDocument: self._watch,
            i.CheckDocument: self._check, i.SealIdentity: self._seal,
        }  # fmt: skip

    async def _propose(self, _: str, asked: i.ProposeFields) -> Fact:
        """What the camera reads; what is unsure, or breaks the grammar, is left to be typed."""
        try:
            self._crew.check("document_camera")
            if self._crew.document_camera is None:
                raise DeviceFault(FaultCode.MISCONFIGURED)
            said = await self._crew.document_camera.propose(DocumentKind(asked.kind), self._wait.read)
        except DeviceFault as fault:
            return i.NothingRead(fault.code)
        found = {name: self._plain(asked.kind, name, field.text) for name, field in said.fields.items()
                 if name in ASKED[asked.kind] and field.sure >= SURE}  # fmt: skip
        good = {name: text for name, text in found.items() if text}
        return i.FieldsProposed(tuple(good), **good) if good else i.NothingRead("no_fields")

    def _plain(self, kind: str, field: str, text: str) -> str:
        try:
            return checked(kind, field, text, self._today())
        except Refusal:
            return ""

    async def _count(self, _: str, asked: i.CountAttempt) -> Fact:
        mark = self.mark(asked.kind, asked.number)
        now = datetime.now(UTC)
        refused = limits.refused(await self._memory.attempts(), mark, now, self._allowed)
        if refused is not None:
            return i.AttemptRefused(refused[0], refused[1].isoformat(timespec="seconds"))
        return i.AttemptCounted(mark, limits.denied(await self._memory.denials(), mark, now))

    def mark(self, kind: str, number: str) -> str:
        """The keyed hash under which tries of a number are counted."""
        return hmac.digest(self._mark_key, f"{kind}|{number}".encode(), hashlib.sha256).hex()[:32]

    async def _watch(self, _: str, asked: i.WatchDocument) -> Fact:
        """Until something else lies on the reader than was seen."""
        while (state := self._card()) == asked.seen:  # noqa: ASYNC110  # a sensor is polled
            await asyncio.sleep(self._wait.look)
        return i.DocumentSeen(state)

    def _card(self) -> str:
        reader = self._crew.id_reader
        return reader.card().value if reader is not None else CardState.MUTE.value

    async def _check(self, _: str, asked: i.CheckDocument) -> Fact:
        try:
            return await (self._chip(asked) if asked.kind in CHIPS else self._operator(asked))
        except DeviceFault as fault:
            log.info("document: %s", fault.code)
            return i.DocumentChecked(asked.kind, Document.NOT_CHECKED, str(fault.code))
        except Exception as error:  # its text could name a person
            log.error("a document could not be checked: %s", where(error))
            return i.DocumentChecked(asked.kind, Document.NOT_CHECKED, FaultCode.INTERNAL)

    async def _operator(self, asked: i.CheckDocument) -> Fact:
        self._crew.check("id_check")
        if self._crew.id_check is None:
            raise DeviceFault(FaultCode.MISCONFIGURED)
        issued = date.fromisoformat(asked.issued)
        said = await self._crew.id_check.verify(asked.kind, asked.name, asked.number, issued, self._wait.ask)
        return i.DocumentChecked(asked.kind, ANSWERS[said], said.value, asked.name)

    async def _chip(self, asked: i.CheckDocument) -> Fact:
        """The chip's verdict; one that opens to other data only, or has run out, is a mismatch."""
        self._crew.check("id_reader")
        if self._crew.id_reader is None:
            raise DeviceFault(FaultCode.MISCONFIGURED)
        key = AccessKey(asked.number, six(asked.birth), six(asked.expiry))
        try:
            read = await self._crew.id_reader.read(key, self._wait.chip)
        except DeviceFault as fault:
            if fault.code is FaultCode.ACCESS_DENIED:
                return i.DocumentChecked(asked.kind, Document.MISMATCH, "access_denied")
            raise
        return self._judged(asked, read)

    def _judged(self, asked: i.CheckDocument, read: IdDocument) -> Fact:
        rests_on = ",".join((read.verdict.value, *(each.value for each in read.findings)))
        document = VERDICTS[read.verdict]
        if document is Document.VERIFIED and date.fromisoformat(asked.expiry) < self._today():
            document, rests_on = Document.MISMATCH, f"expired,{rests_on}"
        latin = mrz_name(read.mrz)
        return i.DocumentChecked(asked.kind, document, rests_on, written(read.full_name) or latin, latin)

    async def _seal(self, _: str, asked: i.SealIdentity) -> Fact:
        if not self._centre:
            return Faulted("centre", FaultCode.MISCONFIGURED, i.SealIdentity.__name__)
        said = {
            "recipient": asked.recipient, "kind": asked.kind, "name": asked.name, "number": asked.number,
            "issued": asked.issued, "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }  # fmt: skip
        return i.IdentitySealed(
            asked.recipient, seal_to(self._centre, PURPOSE, json.dumps(said, ensure_ascii=False).encode()).hex()
        )


def mrz_name(mrz: Mrz) -> str:
    """Surname and given names of the machine-readable zone, as one line."""
    return " ".join(part for part in (mrz.surname, mrz.given_names) if part)
