"""One bench peer and its driver alone: what is asked of it, and what is true at the other end, whatever it says."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from devices import catalog
from devices.bench.call_desk import CallDeskPeer
from devices.bench.cameras import CamerasPeer
from devices.bench.escpos import EscPosPeer
from devices.bench.hatch import HatchPeer
from devices.bench.locker import CuLockerPeer, Wall
from devices.bench.locker_board import LockerBoardPeer
from devices.bench.peer import Peer
from devices.bench.printer import PrinterPeer
from devices.bench.scale import Pan, ScalePeer
from devices.bench.scale_stream import StreamScalePeer
from devices.bench.scanner import ANSWER, ENQUIRY, NUMBER, ScannerPeer
from devices.bench.signal_tower import SignalTowerPeer
from devices.bench.terminal import TerminalPeer
from devices.bench.verification import VerificationPeer
from devices.bench.world import Parcel, World
from devices.bench.zpl import ZplPeer
from devices.identity import IdAnswer, IdCheck
from devices.ports import (
    CallState,
    CodeScanner,
    Device,
    DeviceFault,
    Hatch,
    Lamp,
    Locker,
    Measurer,
    PaymentState,
    PaymentTerminal,
    Picture,
    Printer,
    Scale,
    SignalTower,
    StaffCall,
)
from tests.branch import HOUSE
from vision.measure.rig import load_rig

HOST = "127.0.0.1"
PAPER = Picture(400, 120, 203, b"\xf0" * 50 * 120)
PARCEL = Parcel(340, 250, 180, 2400, seed=7)
CODE = "RR473124829KR"
SHORT_S = 2.5
RIG = HOUSE / "config" / "rig.toml"


@dataclass(frozen=True)
class Told:
    """What a command came to: in words, whether it claims anything done, whether that is so at the other end, and
    whether it sounds as if nothing were wrong."""

    words: str
    done: bool = False
    true: bool = True
    smooth: bool = True

    @property
    def false_done(self) -> bool:
        """Success was claimed and did not happen."""
        return self.done and not self.true


class Station:
    """A peer, its driver and the one command that this kind of device is there for."""

    name, driver = "", ""
    faults: tuple[str, ...] = ()
    drivers: Mapping[str, Callable[..., Device]]
    peer: Peer | PrinterPeer

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.device: Device

    async def start(self) -> None:
        """Start the peer and make its driver; opens nothing."""
        options = {"driver": self.driver, **await self.options()}
        self.device = catalog.build(self.drivers, self.name, {self.name: options})

    async def options(self) -> Mapping[str, object]:
        """Start the peer; the options that lead the driver to it."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Let go of both."""
        await self.device.close()
        await self.peer.stop()

    async def ask(self) -> Told:
        """The command, with its truth."""
        raise NotImplementedError

    async def then(self) -> Told | None:
        """What is asked once the fault is over, where something is left open."""
        return None

    def mend(self) -> None:
        """What a person does with the hands once the fault is over."""


class ScaleStation(Station):
    name, driver, drivers = "scale", "mt_sics", catalog.SCALES
    faults = ScalePeer.FAULTS
    kind: type[Pan] = ScalePeer

    async def options(self) -> Mapping[str, object]:
        self.world = World(1)
        self.peer = self.kind(self.world, self.folder / "scale.tty")
        return {"port": await self.peer.start()}

    async def ask(self) -> Told:
        self.world.put(PARCEL)
        weight = await cast(Scale, self.device).stable_weight(SHORT_S)
        return Told(f"{weight.grams} g", True, weight.grams == PARCEL.grams)


class StreamStation(ScaleStation):
    driver, kind, faults = "ad_stream", StreamScalePeer, StreamScalePeer.FAULTS

    async def options(self) -> Mapping[str, object]:
        return {**await super().options(), "serial_number": "S-1"}


class PrinterStation(Station):
    drivers = catalog.PRINTERS
    peer: PrinterPeer

    async def options(self) -> Mapping[str, object]:
        receipt = self.driver == "escpos"
        self.peer = EscPosPeer(presenter_s=0.3, page_s=0.3) if receipt else ZplPeer(page_s=0.3)
        return {"host": HOST, "port": await self.peer.start(), **({"presenter": True} if receipt else {})}

    async def ask(self) -> Told:
        printed = await cast(Printer, self.device).print("job-1", PAPER, SHORT_S + 1)
        taken = {None: "", True: ", taken", False: ", not taken"}[printed.taken]
        once = len(self.peer.pages) == 1
        return Told(f"printed, paper {printed.paper}{taken}", True, once, printed.taken is not False)

    async def then(self) -> Told:
        """The same job once more: it comes out at most once, or asks first."""
        await asyncio.sleep(0.6)
        printed = await cast(Printer, self.device).print("job-1", PAPER, SHORT_S + 1)
        return Told(f"printed once, paper {printed.paper}", True, len(self.peer.pages) == 1)


class ReceiptStation(PrinterStation):
    name, driver = "receipt_printer", "escpos"
    faults = (*EscPosPeer.FAULTS, "not_taken")


class LabelStation(PrinterStation):
    name, driver = "label_printer", "zpl"
    faults = PrinterPeer.FAULTS


class PaymentStation(Station):
    name, driver, drivers = "payment", "nexo", catalog.TERMINALS
    faults = TerminalPeer.FAULTS
    peer: TerminalPeer
    KEPT = (PaymentState.APPROVED,)

    async def options(self) -> Mapping[str, object]:
        book = self.folder / "book.jsonl"
        self.peer = TerminalPeer(book, auto_s=0.05, customer_s=1.0, slow_s=0.3, late_s=4.0)
        return {"url": f"http://{HOST}:{await self.peer.start()}"}

    async def ask(self) -> Told:
        return self._said(await cast(PaymentTerminal, self.device).pay("v-1", 4500, SHORT_S), 4500)

    async def then(self) -> Told:
        """Once every message has arrived, an enquiry after the same key settles it."""
        await asyncio.sleep(4.5)
        said = self._said(await cast(PaymentTerminal, self.device).enquire("v-1", SHORT_S))
        return Told(f"enquiry: {said.words}", said.done, said.true)

    def _said(self, said: Any, asked: int = 0) -> Told:
        """Approved or not, the terminal's book has to say the same, to the won."""
        taken = self.peer.book.taken()
        right = taken == said.won and asked in (0, said.won) if said.state in self.KEPT else taken == 0
        words = f"{said.state} {said.won} won" if said.won else said.state.value
        return Told(words, True, right, said.state in self.KEPT)


class HatchStation(Station):
    name, driver, drivers = "hatch", "modbus_hatch", catalog.HATCHES
    faults = HatchPeer.FAULTS
    peer: HatchPeer

    async def options(self) -> Mapping[str, object]:
        self.world = World(1)
        self.peer = HatchPeer(self.world)
        return {"host": HOST, "port": await self.peer.start()}

    async def ask(self) -> Told:
        """Open, take a parcel in, lock: in is what lies behind a locked door."""
        self.world.put(PARCEL)
        hatch = cast(Hatch, self.device)
        opened = await hatch.unlock(SHORT_S)
        if opened.present:
            return Told("opened, with a parcel still inside: stuck")
        self.world.drop(self.peer.leave_open())
        after = await hatch.lock(SHORT_S)
        inside = self.world.locked and self.world.closed and self.world.inside is not None
        return Told("parcel in, locked" if after.present else "locked, no parcel seen", after.present, inside)

    def mend(self) -> None:
        self.world.close_door()
        self.world.throw_bolt()


class DeskStation(Station):
    name, driver, drivers = "staff_call", "call_desk", catalog.CALLS
    faults = CallDeskPeer.FAULTS
    peer: CallDeskPeer

    async def options(self) -> Mapping[str, object]:
        self.peer = CallDeskPeer(ring_s=0.4)
        return {"url": f"http://{HOST}:{await self.peer.start()}"}

    async def ask(self) -> Told:
        desk = cast(StaffCall, self.device)
        await desk.call("t-1", "test", SHORT_S)
        await asyncio.sleep(0.8)
        said = await desk.state("t-1", SHORT_S)
        recorded = self.peer.calls["t-1"].state
        return Told(said.value, True, said is recorded is not CallState.ANSWERED, said is not CallState.NO_ANSWER)


class TableStation(Station):
    """Both devices of the table stand behind one vision process, which is started beside."""

    name, driver = "measurer", "measurer"
    drivers: Mapping[str, Callable[..., Device]] = catalog.MEASURERS
    faults = CamerasPeer.FAULTS
    peer: CamerasPeer
    process: asyncio.subprocess.Process | None = None
    RUN = "import json,sys; from pathlib import Path as P; from vision.measure import worker; a=sys.argv; " \
          "worker.run(P(a[1]), json.loads(a[2]), P(a[3]), P(a[4]), P(a[5]))"

    async def options(self) -> Mapping[str, object]:
        self.world = World(1)
        rig = load_rig(RIG)
        self.peer = CamerasPeer(self.world, rig)
        port, socket = await self.peer.start(), self.folder / "m.sock"
        sources = json.dumps({each.name: f"http://{HOST}:{port}/{each.name}.mjpg" for each in rig.cameras})
        places = [str(RIG), sources, str(socket), str(self.folder / "preview"), str(HOUSE / "models")]
        self.process = await asyncio.create_subprocess_exec(sys.executable, "-c", self.RUN, *places, cwd=HOUSE)
        return {"socket": str(socket)}

    async def stop(self) -> None:
        await super().stop()
        if self.process is not None:
            self.process.terminate()
            await self.process.wait()

    async def ask(self) -> Told:
        self.world.put(PARCEL)
        await asyncio.sleep(1.5)
        size = await cast(Measurer, self.device).measure(8.0)
        if not size.answered:
            return Told(f"no size: {size.reason}")
        sides = [side or 0.0 for side in (size.length_mm, size.width_mm, size.height_mm)]
        right = all(abs(a - b) <= 20 for a, b in zip(sides, (340, 250, 180), strict=True))
        return Told(f"{'×'.join(f'{side:.0f}' for side in sides)} mm with {size.cameras} cameras", True, right)


class GlanceStation(TableStation):
    name, driver, drivers = "scanner", "table_scanner", catalog.SCANNERS
    faults = CamerasPeer.FAULTS

    async def ask(self) -> Told:
        self.world.put(PARCEL)
        await asyncio.sleep(1.0)
        found = await cast(CodeScanner, self.device).scan(3.0)
        return Told(f"{len(found)} codes on a bare parcel", bool(found), not found)


class LockerStation(Station):
    name, driver, drivers = "locker", "kr_cu", catalog.LOCKERS
    faults: tuple[str, ...] = CuLockerPeer.FAULTS
    peer: CuLockerPeer | LockerBoardPeer

    async def options(self) -> Mapping[str, object]:
        self.wall = Wall()
        self.peer = CuLockerPeer(self.wall, self.folder / "locker.tty")
        return {"port": await self.peer.start(), "door_sensors": True}

    async def ask(self) -> Told:
        door = await cast(Locker, self.device).open_door(3, SHORT_S)
        return Told(f"door {door.door} open", True, self.wall.open in ([3], [1, 3]))

    def mend(self) -> None:
        for door in range(1, 17):
            self.wall.close(door)


class BoardStation(LockerStation):
    driver, faults = "modbus_locker", LockerBoardPeer.FAULTS

    async def options(self) -> Mapping[str, object]:
        self.wall = Wall()
        board = LockerBoardPeer(self.wall)
        self.peer = board
        return {"at": await board.start(), "doors": 16, "door_sensors": True}


class TowerStation(Station):
    name, driver, drivers = "signal_tower", "modbus_tower", catalog.TOWERS
    faults = SignalTowerPeer.FAULTS
    peer: SignalTowerPeer

    async def options(self) -> Mapping[str, object]:
        self.peer = SignalTowerPeer()
        return {"at": await self.peer.start(), "watchdog": True, "supply_sensor": True}

    async def ask(self) -> Told:
        await cast(SignalTower, self.device).show(frozenset({Lamp.GREEN}), False, SHORT_S)
        return Told("green, no alarm", True, self.peer.lit == (True, False, False, False) and not self.peer.alarm)


class ReaderStation(Station):
    name, driver, drivers = "code_reader", "serial_scanner", catalog.CODE_READERS
    faults = ScannerPeer.FAULTS
    peer: ScannerPeer

    async def options(self) -> Mapping[str, object]:
        self.peer = ScannerPeer(self.folder / "scanner.tty")
        return {"port": await self.peer.start(), "enquiry": ENQUIRY, "answer": ANSWER}

    async def ask(self) -> Told:
        self.peer.show(CODE)
        found = await cast(CodeScanner, self.device).scan(SHORT_S)
        held = [code.text for code in found if code.text != CODE and not code.text.startswith(NUMBER.decode()[:7])]
        return Told(f"{len(found)} codes" if found else "no code", bool(found), not held)


class CheckStation(Station):
    name, driver, drivers = "id_check", "verification_desk", catalog.ID_CHECKS
    faults = VerificationPeer.FAULTS
    peer: VerificationPeer

    async def options(self) -> Mapping[str, object]:
        self.peer = VerificationPeer()
        return {"url": f"http://{HOST}:{await self.peer.start()}"}

    async def ask(self) -> Told:
        asked = cast(IdCheck, self.device).verify
        said = await asked("resident_card", "홍새벽", "9000002000001", date(2021, 3, 4), SHORT_S)
        return Told(said.value, True, said is IdAnswer.MATCH)


async def told(ask: Callable[[], Any]) -> Told:
    """What a command came to, its fault included."""
    try:
        found: Told = await ask()
        return found
    except DeviceFault as fault:
        return Told(fault.code)

