"""The ID reader: passports and residence documents by their chip (ICAO 9303), through PC/SC.

Nothing that is read is kept, logged or written; a document leaves here once, as the answer to `read`.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, cast

from devices import piv
from devices.emrtd.judge import beside_access, judge
from devices.emrtd.report import sentence
from devices.emrtd.session import Chip, ShortOnly
from devices.emrtd.trust import Anchors, TrustError, load_anchors, state_of
from devices.identity import AccessKey, CardState, IdDocument
from devices.pcsc import Connection, Monitor, Sight
from devices.ports import DeviceFault, FaultCode, Observation
from devices.record import listening, overheard

T = TypeVar("T")
#: The monitor asks four times a second; a service that is silent for longer has hung.
STALE_S = 0.75
FIRST_SIGHT_S = 2.0
#: What a badge is given to prove its key.
BADGE_S = 5.0
#: A card that hangs in the middle of an exchange is given up this long after the deadline.
GRACE_S = 0.2

#: Why what lies there cannot be read.
UNREADABLE = {
    CardState.ABSENT: (FaultCode.NO_MEDIA, "nothing lies on the reader"),
    CardState.COLLISION: (FaultCode.MEDIA_COLLISION, "two cards at once"),
    CardState.MUTE: (FaultCode.MEDIA_UNKNOWN, "what lies there does not answer"),
}


class PcscIdReader:
    """Every slot whose reader name begins with `reader`; `trust` is a folder of CSCA certificates or master lists."""

    def __init__(self, name: str, reader: str, trust: str, simulated: bool = False) -> None:
        self.name = name
        self._reader, self._folder, self._simulated = reader, Path(trust), simulated
        self._anchors = Anchors()
        self._read_state: object = None
        self._monitor: Monitor | None = None
        self.sight = Sight(trouble=FaultCode.DISCONNECTED, detail="the reader is not open")
        self._changed = asyncio.Event()
        self._reading = False
        self._tap = listening()

    async def open(self) -> None:
        """Read the trust anchors and begin to watch the reader; MISCONFIGURED where the anchors are unusable."""
        await self.close()
        self._read_state = None
        await asyncio.to_thread(self._believed)
        loop = asyncio.get_running_loop()
        self._monitor = monitor = Monitor(
            self._reader, lambda sight: loop.call_soon_threadsafe(self._see, monitor, sight)
        )
        monitor.start()
        await self._change(FIRST_SIGHT_S)

    async def close(self) -> None:
        """Stop watching; a reading in progress is left to end by itself."""
        if self._monitor is not None:
            self._monitor.stop()
        self._monitor = None
        self.sight = Sight(trouble=FaultCode.DISCONNECTED, detail="the reader is not open")

    async def probe(self) -> Observation:
        """What the monitor saw, not older than STALE_S; a second card is a fault until it is taken away."""
        sight = self._fresh()
        faults = {UNREADABLE[sight.card][0]} if sight.card in (CardState.COLLISION, CardState.MUTE) else set()
        values = (("card", sight.card.value), ("slots", ", ".join(slot.reader for slot in sight.slots)))
        return Observation(frozenset(faults), values, simulated=self._simulated)

    def card(self) -> CardState:
        """What the monitor last saw; nothing while the service is lost or silent."""
        try:
            return self._fresh().card
        except DeviceFault:
            return CardState.ABSENT

    async def read(self, key: AccessKey, timeout_s: float) -> IdDocument:
        """Open the chip that lies there, read it, judge it; TIME_OUT when that is not done in time."""
        return await self._alone(lambda slot, deadline: self._read(slot, key, deadline), timeout_s)

    async def badge(self, timeout_s: float) -> str:
        """The key that a badge of staff proves, SHA-256 in hex; MEDIA_UNKNOWN where what lies there is no badge."""
        return await self._alone(self._badge, timeout_s)

    async def _alone(self, ask: Callable[[str, float], T], timeout_s: float) -> T:
        """One blocking talk with the only card (slot, monotonic deadline), never two at once."""
        slot, deadline = self._one_card(), time.monotonic() + timeout_s
        if self._reading:
            raise DeviceFault(FaultCode.BUSY, "another reading is in progress")
        self._reading = True
        try:
            async with asyncio.timeout(timeout_s + GRACE_S):
                return await in_own_thread(self.name, lambda: ask(slot, deadline))
        except TimeoutError:
            raise DeviceFault(FaultCode.TIME_OUT, f"the card took longer than {timeout_s:.1f} s") from None
        finally:
            self._reading = False

    async def card_comes(self, within_s: float) -> None:
        """Wait until something lies on the reader, or the time is over; DeviceFault where the reader is lost."""
        end = time.monotonic() + within_s
        while self._fresh().card is CardState.ABSENT and time.monotonic() < end:
            await self._change(min(STALE_S, end - time.monotonic()))

    def _see(self, monitor: Monitor, sight: Sight) -> None:
        """What a monitor told; one that was stopped meanwhile is not heard any more."""
        if monitor is not self._monitor:
            return
        self.sight = sight
        self._changed.set()

    async def _change(self, within_s: float) -> None:
        """Wait for the monitor's next word."""
        self._changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._changed.wait()

    def _fresh(self) -> Sight:
        """The last sight; DeviceFault where it is old or shows trouble."""
        if self._monitor is not None and self._monitor.age_s > STALE_S:
            raise DeviceFault(FaultCode.NO_SERVICE, "the PC/SC service is silent")
        if self.sight.trouble is not None:
            raise DeviceFault(self.sight.trouble, self.sight.detail)
        return self.sight

    def _one_card(self) -> str:
        """The name of the slot that holds the only card."""
        sight = self._fresh()
        if sight.card in UNREADABLE:
            raise DeviceFault(*UNREADABLE[sight.card])
        return next(slot.reader for slot in sight.slots if slot.card is CardState.PRESENT)

    def _believed(self) -> Anchors:
        """Blocking: whom the folder names now, read again where one of its files has changed; faults as of `open`."""
        state = state_of(self._folder)
        if state != self._read_state:
            self._anchors, self._read_state = self._load_anchors(), state
        return self._anchors

    def _load_anchors(self) -> Anchors:
        try:
            anchors = load_anchors(self._folder)
        except TrustError as error:
            raise DeviceFault(FaultCode.MISCONFIGURED, str(error)) from error
        if not anchors:
            why = "holds no CSCA certificate; put those of the issuers to believe there"
            raise DeviceFault(FaultCode.MISCONFIGURED, f"the trust folder {self._folder} {why}")
        return anchors

    def _read(self, slot: str, key: AccessKey, deadline: float) -> IdDocument:
        """Blocking: one reading; where long commands do not pass, once more by short ones, which binds no later one."""
        try:
            return self._read_once(slot, key, deadline)
        except ShortOnly:
            return self._read_once(slot, key, deadline, extended=False)

    def _read_once(self, slot: str, key: AccessKey, deadline: float, extended: bool = True) -> IdDocument:
        """One connection, one reading; the card is without power before its document is judged."""
        anchors = self._believed()
        with Connection(slot, deadline).open() as card:
            chip = Chip(overheard(card.transmit, self._tap), extended)
            access = chip.open_access(key)
            files = chip.files()
            clone_check = chip.authenticate(files)
        document = judge(files.sod, files.groups, key, access, clone_check, anchors, datetime.now(UTC))
        return beside_access(document, files.groups.get(14), files.card_access)

    def _badge(self, slot: str, deadline: float) -> str:
        with Connection(slot, deadline).open() as card:
            return piv.badge(card.transmit)


async def in_own_thread(name: str, call: Callable[[], T]) -> T:
    """The call's result from a thread of its own; one that never ends is left behind and keeps no process alive."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: Exception | None) -> None:
        if outcome.done():
            return
        if error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(cast(T, result))

    def work() -> None:
        result, error = None, None
        try:
            result = call()
        except Exception as raised:  # whatever it is, it belongs to whoever waits
            error = raised
        with suppress(RuntimeError):  # nobody waits any more where the event loop has closed
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, name=name, daemon=True).start()
    return await outcome


async def read_once(reader: PcscIdReader, key: AccessKey, wait_s: float, timeout_s: float) -> IdDocument:
    """Open the reader, wait for a card, read it, close the reader."""
    await reader.open()
    try:
        await reader.card_comes(wait_s)
        return await reader.read(key, timeout_s)
    finally:
        await reader.close()


class BadgeReader(PcscIdReader):
    """A reader that is asked for badges alone: it believes no issuer of documents."""

    def __init__(self, reader: str) -> None:
        super().__init__("badge_reader", reader, "")

    def _load_anchors(self) -> Anchors:
        return Anchors()


async def badge_on(name: str, wait_s: float) -> str:
    """The key (SHA-256, hex) of the badge that is laid on this reader within `wait_s`; ValueError in one sentence."""
    reader = BadgeReader(name)
    try:
        await reader.open()
        await reader.card_comes(wait_s)
        return await reader.badge(BADGE_S)
    except DeviceFault as fault:
        raise ValueError(sentence(fault)) from None
    finally:
        await reader.close()
