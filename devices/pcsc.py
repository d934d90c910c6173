"""PC/SC through pyscard's C functions: a monitor in a thread of its own, and one connection for one reading.

pyscard's CardMonitor is not used: its thread ends without a word when the daemon dies. Without pyscard (it is built
from source) everything here answers NO_SERVICE.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from devices.identity import CardState
from devices.ports import DeviceFault, FaultCode

try:
    from smartcard import scard
except ImportError:
    scard = None

#: The reader name that stands for "a reader came or went".
PNP = "\\\\?PnP?\\Notification"
POLL_MS = 250
PAUSES_S = (0.1, 0.2, 0.4, 0.8, 1.0)
#: How long a card that broke off is given to be seen as pulled; the daemon polls a slot every 400 ms.
PULL_S = 1.2

#: Results of PC/SC (low 32 bits) that mean something to the reader; all others are PROTOCOL.
RESULTS = {
    0x8010000C: (FaultCode.NO_MEDIA, "no card"),
    0x80100069: (FaultCode.MEDIA_REMOVED, "the card was removed"),
    0x80100068: (FaultCode.MEDIA_REMOVED, "the card was reset"),
    0x80100067: (FaultCode.MEDIA_REMOVED, "the card lost power"),
    0x80100066: (FaultCode.MEDIA_UNKNOWN, "the card does not answer to reset"),
    0x80100065: (FaultCode.MEDIA_UNKNOWN, "the card speaks no protocol of the reader"),
    0x8010000F: (FaultCode.MEDIA_UNKNOWN, "the card speaks no protocol of the reader"),
    0x8010000B: (FaultCode.BUSY, "another program holds the card"),
    0x80100009: (FaultCode.DISCONNECTED, "no reader of that name"),
    0x80100017: (FaultCode.DISCONNECTED, "the reader was unplugged"),
    0x8010002E: (FaultCode.DISCONNECTED, "there is no reader at all"),
    0x80100003: (FaultCode.NO_SERVICE, "the PC/SC service was lost"),
    0x80100013: (FaultCode.NO_SERVICE, "the PC/SC service was lost"),
    0x8010001D: (FaultCode.NO_SERVICE, "the PC/SC service does not run"),
    0x8010006A: (FaultCode.NO_SERVICE, "the PC/SC service does not admit this user (polkit)"),
    0x8010001E: (FaultCode.NO_SERVICE, "the PC/SC service has stopped"),
}
TIMED_OUT, NO_READERS, UNKNOWN_READER = 0x8010000A, 0x8010002E, 0x80100009


@dataclass(frozen=True)
class Slot:
    """One slot as PC/SC describes it: the reader's name, its state word (a count of changes from bit 16), the ATR."""

    reader: str
    state: int
    atr: bytes = b""

    @property
    def card(self) -> CardState:
        """What lies there; an answer to reset that breaks its own form is that of two cards at once."""
        if not self.state & scard.SCARD_STATE_PRESENT:
            return CardState.ABSENT
        if self.state & scard.SCARD_STATE_MUTE or not self.atr:
            return CardState.MUTE
        return CardState.PRESENT if is_whole(self.atr) else CardState.COLLISION


@dataclass(frozen=True)
class Sight:
    """What the monitor last saw; `trouble` is None while the service answers and has the reader."""

    slots: tuple[Slot, ...] = ()
    trouble: FaultCode | None = None
    detail: str = ""

    @property
    def card(self) -> CardState:
        """What lies on all slots together; a card on each of two is a collision."""
        found = [slot.card for slot in self.slots if slot.card is not CardState.ABSENT]
        if len(found) > 1:
            return CardState.COLLISION
        return found[0] if found else CardState.ABSENT


class Monitor:
    """Watches the readers whose names begin with a prefix and tells every change, from a thread of its own.

    Start it once. The service may come and go; while it is gone, or has no such reader, no card is seen.
    """

    def __init__(self, prefix: str, tell: Callable[[Sight], object]) -> None:
        self._prefix, self._tell = prefix, tell
        self._done = threading.Event()
        self._sight: Sight | None = None
        self._beat = time.monotonic()

    def start(self) -> None:
        """Begin to watch; returns at once."""
        threading.Thread(target=self._run, name="pcsc-monitor", daemon=True).start()

    def stop(self) -> None:
        """Tell no more; the thread ends at its next poll. Never blocks, whatever the daemon does."""
        self._done.set()

    @property
    def age_s(self) -> float:
        """Seconds since the service last answered, or was last seen missing."""
        return time.monotonic() - self._beat

    def _run(self) -> None:
        failures = 0
        while not self._done.is_set():
            try:
                with context() as hcontext:
                    failures = 0
                    self._watch(hcontext)
            except DeviceFault as fault:
                self._publish(Sight(trouble=fault.code, detail=fault.detail))
            self._done.wait(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
            failures += 1

    def _watch(self, hcontext: int) -> None:
        """Look until told to stop; DeviceFault when the service is lost."""
        known: dict[str, Slot] = {}
        while not self._done.is_set():
            every = readers(hcontext)
            names = [name for name in every if name.startswith(self._prefix)]
            wanted = [(PNP, 0), *((name, known[name].state if name in known else 0) for name in names)]
            result, seen = scard.SCardGetStatusChange(hcontext, POLL_MS, wanted)
            if _word(result) == UNKNOWN_READER:  # it went between the two calls
                self._done.wait(PAUSES_S[0])
                continue
            if _word(result) != TIMED_OUT:
                check(result)
                known |= {name: Slot(name, state & ~scard.SCARD_STATE_CHANGED, bytes(atr)) for name, state, atr in seen}
            slots = tuple(known[name] for name in names if name in known)
            self._publish(Sight(slots) if slots else self._no_reader(every))

    def _no_reader(self, every: list[str]) -> Sight:
        there = f"there are {', '.join(every)}" if every else "there is none at all"
        return Sight((), FaultCode.DISCONNECTED, f"no reader's name begins with '{self._prefix}', {there}")

    def _publish(self, sight: Sight) -> None:
        self._beat = time.monotonic()
        if sight != self._sight and not self._done.is_set():
            self._sight = sight
            with suppress(RuntimeError):  # the event loop that was told may have closed meanwhile
                self._tell(sight)


class Connection:
    """The card on one reader, held alone and powered off afterwards; blocking, every exchange under one deadline."""

    def __init__(self, reader: str, deadline: float) -> None:
        self._reader, self._deadline = reader, deadline
        self._card = self._protocol = 0

    @contextmanager
    def open(self) -> Iterator[Connection]:
        """Connect, and let go again whatever happens."""
        with context() as hcontext:
            either = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
            result, card, protocol = scard.SCardConnect(hcontext, self._reader, scard.SCARD_SHARE_EXCLUSIVE, either)
            check(result)
            self._card, self._protocol = card, protocol
            try:
                yield self
            finally:
                scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)

    def transmit(self, apdu: bytes) -> bytes:
        """The card's answer, its status word last. TIME_OUT before a command that would begin after the deadline."""
        if time.monotonic() > self._deadline:
            raise DeviceFault(FaultCode.TIME_OUT, "the card is too slow")
        result, answer = scard.SCardTransmit(self._card, self._protocol, list(apdu))
        if _word(result) in RESULTS:
            check(result)
        if result != scard.SCARD_S_SUCCESS or len(answer) < 2:
            self._until_pulled()
            raise DeviceFault(FaultCode.PROTOCOL, f"broken answer of the card (PC/SC {_word(result):#010x})")
        return bytes(answer)

    def _until_pulled(self) -> None:
        """A card that breaks off was pulled, if the daemon says so soon: MEDIA_REMOVED or NO_SERVICE."""
        end = min(self._deadline, time.monotonic() + PULL_S)
        while time.monotonic() < end:
            check(scard.SCardStatus(self._card)[0])
            time.sleep(0.05)


@contextmanager
def context() -> Iterator[int]:
    """A context of the service; NO_SERVICE without pyscard or daemon."""
    if scard is None:
        raise DeviceFault(FaultCode.NO_SERVICE, "no PC/SC: pyscard is not installed")
    result, made = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    check(result)
    try:
        yield made
    finally:
        scard.SCardReleaseContext(made)


def readers(hcontext: int) -> list[str]:
    """The names of all readers."""
    result, names = scard.SCardListReaders(hcontext, [])
    if _word(result) == NO_READERS:
        return []
    check(result)
    return list(names)


def check(result: int) -> None:
    """DeviceFault unless the result is success."""
    if result:
        other = (FaultCode.PROTOCOL, f"PC/SC result {_word(result):#010x}")
        raise DeviceFault(*RESULTS.get(_word(result), other))


def _word(result: int) -> int:
    return result & 0xFFFFFFFF


def is_whole(atr: bytes) -> bool:
    """Whether an answer to reset keeps ISO 7816-3: first byte, lengths, check byte. Two cards at once break it."""
    if len(atr) < 2 or atr[0] not in (0x3B, 0x3F):
        return False
    at, follows, check_byte = 1, atr[1] >> 4, False
    while follows:
        at += follows.bit_count()
        if not follows & 8:
            break
        if at >= len(atr):
            return False
        check_byte |= bool(atr[at] & 15)
        follows = atr[at] >> 4
    total = at + 1 + (atr[1] & 15) + check_byte
    return len(atr) == total and not (check_byte and _parity(atr[1:]))


def _parity(data: bytes) -> int:
    parity = 0
    for byte in data:
        parity ^= byte
    return parity
