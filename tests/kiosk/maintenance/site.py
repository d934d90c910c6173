"""A branch whose ID reader holds a badge: every peer of tests/kiosk/crew.py, a locker wall and a signal tower."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, Protocol

from argon2 import PasswordHasher

from devices import piv
from devices.bench.badge import Badge
from devices.bench.locker import CuLockerPeer, Wall
from devices.bench.signal_tower import SignalTowerPeer
from devices.identity import AccessKey, CardState, IdDocument, IdReader
from devices.locker_cu import CuLocker
from devices.ports import Device, DeviceFault, FaultCode, Observation
from devices.signal_tower import ModbusTower
from devices.supervisor import Pace, Supervisor
from kiosk.config import Branch, StaffTable
from kiosk.core import Crew
from kiosk.menu import maintenance
from tests.kiosk.crew import House, Peers, bench, configured, house

PIN, WRONG = "135790", "246801"
STAFF = "T-07"
P = ParamSpec("P")


def played(story: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """A test that plays a story to its end."""

    @wraps(story)
    def play(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(story(*args, **kwargs))

    return play


class Laid(IdReader, Protocol):
    """An ID reader on which a test can lay a badge."""

    def lay(self, badge: Badge | None) -> None:
        """Put it there, or take it away."""


@dataclass
class BadgeReader:
    """An ID reader whose other end is the badge itself: its own APDUs, its own key, no PC/SC in between."""

    badge_: Badge | None = None
    name: str = "id_reader"
    sent: list[bytes] = field(default_factory=list)

    def lay(self, badge: Badge | None) -> None:
        """Put it there, or take it away."""
        self.badge_ = badge

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def probe(self) -> Observation:
        """Always there."""
        return Observation(values=(("card", self.card().value),), simulated=True)

    def card(self) -> CardState:
        """What lies there."""
        return CardState.PRESENT if self.badge_ else CardState.ABSENT

    async def read(self, key: AccessKey, timeout_s: float) -> IdDocument:
        """A badge is no passport."""
        raise DeviceFault(FaultCode.MEDIA_UNKNOWN, "a badge")

    async def badge(self, timeout_s: float) -> str:
        """The key that the badge proves."""
        return piv.badge(self._transmit)

    def _transmit(self, apdu: bytes) -> bytes:
        if self.badge_ is None:
            raise DeviceFault(FaultCode.NO_MEDIA, "nothing lies there")
        self.sent.append(apdu)
        return self.badge_.respond(apdu)


@dataclass
class Site:
    """The branch, and what stands around it for staff."""

    house: House
    reader: Laid
    wall: Wall
    locker: CuLockerPeer
    tower: SignalTowerPeer

    def shows_badge(self, badge: Badge | None) -> None:
        """Lay a badge on the reader, or take it away."""
        self.reader.lay(badge)


@dataclass
class Cabinet:
    """Peers and drivers of one branch, over which a core may be started again and again."""

    peers: Peers
    crew: Crew
    reader: Laid
    wall: Wall
    locker: CuLockerPeer
    tower: SignalTowerPeer

    @asynccontextmanager
    async def open(self, folder: Path, staff: Sequence[StaffTable]) -> AsyncIterator[Site]:
        """A core over these devices, with this register of staff."""
        printers, box = {"label_printer": (832, 203), "receipt_printer": (576, 203)}, (340.0, 250.0, 210.0)
        care = maintenance(printers, 16, ("left", "right"), box)
        async with house(folder, self.crew, self.peers, registered(staff), care) as running:
            yield Site(running, self.reader, self.wall, self.locker, self.tower)


@asynccontextmanager
async def cabinet(folder: Path, laid: Laid | None = None) -> AsyncIterator[Cabinet]:
    """Every peer listening; the core starts the drivers."""
    reader, wall, tower = laid or BadgeReader(), Wall(16), SignalTowerPeer()
    board = CuLockerPeer(wall, folder / "locker.tty", seed=1)
    locker = CuLocker("locker", await board.start(), door_sensors=True, simulated=True)
    lamps = ModbusTower("signal_tower", await tower.start(), supply_sensor=True, simulated=True)
    try:
        async with bench(folder, start=False) as (peers, crew):
            first: list[Device] = [
                crew.scale, crew.payment, crew.hatch, crew.staff_call, crew.label_printer, crew.receipt_printer,
                crew.measurer, crew.scanner, reader, locker, lamps,
            ]  # fmt: skip
            keeper = Supervisor(first, Pace(period_s=0.3, first_pause_s=0.1, longest_pause_s=0.3), 1)
            full = replace(crew, supervisor=keeper, id_reader=reader, locker=locker, signal_tower=lamps)
            yield Cabinet(peers, full, reader, wall, board, tower)
    finally:
        await board.stop()
        await tower.stop()


@cache
def hashed(pin: str) -> str:
    """argon2id with the library's own parameters; one hash stands for all tests."""
    return PasswordHasher().hash(pin)


def member(badge: Badge, pin: str = PIN, id: str = STAFF) -> StaffTable:
    """A line of the register."""
    return StaffTable(id=id, role="technician", card=badge.card, pin=hashed(pin))


def registered(staff: Sequence[StaffTable]) -> Branch:
    """The shipped configuration with these people."""
    return configured().model_copy(update={"staff": tuple(staff)})
